"""Still water mirrors what stands around it, and nothing that lies under it."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from renderer_scenes import PLAIN, floor, light, looking_north, picture, pixel_of, scene_of, shining, together, wall

from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.reflections import cut_below, mirrored, mirrored_views
from vrclient.renderer.uniforms import Projection
from vrclient.scene.draw_data import Material, Surface

WATER = Surface(floor((-30, 0), (30, 30)), Material(surface="water", color=(0.0, 0.0, 0.0), roughness=0.0))
MIRRORING = replace(PLAIN, reflections=True, samples=4)
COORDINATE = st.floats(-40, 40)


@given(st.tuples(COORDINATE, COORDINATE, st.floats(0.5, 30)), st.floats(0, 6), st.floats(-0.5, 0.3), st.floats(-5, 0.4))
def test_mirrored_views_see_a_mirrored_world(eye: tuple, heading: float, pitch: float, level: float) -> None:
    view = looking_north(eye, heading=heading, pitch=pitch)
    turned = Projection(zero_to_one=True).matrices(mirrored_views(view, level)[1])[0][0]
    expected = mirrored(Projection(zero_to_one=True).matrices(view)[0], level)[0]
    assert np.allclose(turned, np.diag([1.0, -1.0, 1.0, 1.0]) @ expected, atol=1e-9), "the same picture, upside down"


@given(st.tuples(COORDINATE, COORDINATE, COORDINATE), st.floats(0.5, 20), st.floats(-0.8, 0.5), st.booleans())
def test_the_cut_keeps_what_is_above_the_water_and_its_order(
    point: tuple, height: float, pitch: float, zero_to_one: bool
) -> None:
    plain = mirrored(Projection(zero_to_one=zero_to_one).matrices(looking_north((0, 0, height), pitch=pitch))[0], 0.0)
    cut = cut_below(plain, np.linalg.inv(plain), 0.0, zero_to_one=zero_to_one)[0]
    before, after = plain[0] @ [*point, 1.0], cut @ [*point, 1.0]
    assert np.allclose(before[[0, 1, 3]], after[[0, 1, 3]])
    lowest = 0.0 if zero_to_one else -after[3]
    in_view = before[3] > 0.1 and (np.abs(before[:2]) < before[3]).all() and before[3] < 4000
    if in_view and point[2] > 1e-3:
        assert lowest - 1e-6 <= after[2] <= after[3] + 1e-9
    if before[3] > 0.1 and point[2] < -1e-3:
        assert after[2] > after[3]


def test_a_wall_behind_the_water_stands_on_its_head_in_it(context: GraphicsContext) -> None:
    upper, lower = (
        Surface(wall((-3, 4), (3, 8), y=32.0), shining((0.5, 0, 0))),
        Surface(wall((-3, 0), (3, 4), y=32.0), shining((0, 0.5, 0))),
    )
    sunk = Surface(wall((-3, -8), (3, -0.1), y=32.0), shining((0, 0, 0.5)))
    view = looking_north((0, -4, 3), size=(160, 120), pitch=-0.15)
    pixels = picture(context, scene_of(WATER, upper, lower, sunk), view, light(), quality=MIRRORING).astype(int)
    low, high = pixels[pixel_of(view, (0, 32, -2))], pixels[pixel_of(view, (0, 32, -6))]
    assert low[1] > 60 and low[1] > 4 * max(low[0], low[2])
    assert high[0] > 60 and high[0] > 4 * max(high[1], high[2])
    assert pixels[pixel_of(view, (12, 32, -4))].max() < 20


def test_two_views_mirror_as_each_alone(context: GraphicsContext) -> None:
    scene = scene_of(WATER, Surface(wall((-3, 0), (3, 8), y=32.0), shining((0.5, 0.2, 0))))
    views = [looking_north((x, -4, 3), size=(96, 80), pitch=-0.15) for x in (-0.5, 0.5)]
    both = picture(context, scene, together(*views), light(), quality=MIRRORING).astype(int)
    for number, view in enumerate(views):
        alone = picture(context, scene, view, light(), quality=MIRRORING).astype(int)
        difference = np.abs(alone - both[:, number * 96 : number * 96 + 96]).max(axis=2)[:, 6:-6]
        assert (difference > 6).mean() < 0.01


def test_from_under_the_water_and_without_quality_nothing_is_mirrored(context: GraphicsContext) -> None:
    scene = scene_of(WATER, Surface(wall((-3, 0), (3, 8), y=32.0), shining((0.5, 0.5, 0.5))))
    picture(context, scene, looking_north((0, -4, -1), pitch=0.2), light(), quality=MIRRORING)
    view = looking_north((0, -4, 3), size=(160, 120), pitch=-0.15)
    pixels = picture(context, scene, view, light(), quality=PLAIN)
    assert pixels[pixel_of(view, (0, 32, -3))].max() < 20

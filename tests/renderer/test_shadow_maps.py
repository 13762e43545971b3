"""Where the shadow map lies and what falls into it."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from renderer_scenes import column, light, looking_north, rows_of, scene_of

from vrclient.render_data.culling import SceneVisibility
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.shadows import casting_rows, shadow_frame
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import InstanceMesh, Material, Surface

ANGLES = st.tuples(st.floats(0.0, 6.3), st.floats(0.02, 1.5707))


def towards(heading: float, elevation: float) -> np.ndarray:
    return np.array([np.sin(heading) * np.cos(elevation), np.cos(heading) * np.cos(elevation), np.sin(elevation)])


@given(ANGLES, st.tuples(*[st.floats(-1, 1)] * 3), st.floats(0, 1))
def test_the_map_holds_its_box_and_everything_that_can_shade_it(angles: tuple, place: tuple, along: float) -> None:
    sun = towards(*angles)
    low, high = np.array([-50.0, -60.0, -2.0]), np.array([70.0, 60.0, 30.0])
    scene_low, scene_high = low - 100, high + np.array([100.0, 100.0, 40.0])
    matrix = shadow_frame(sun, low, high, scene_low, scene_high).map_from_world()
    inside = (low + high) / 2 + np.array(place) * (high - low) / 2
    mapped = matrix @ [*inside, 1.0]
    assert (mapped[:3] >= -1e-9).all() and (mapped[:3] <= 1 + 1e-9).all()
    # Nearer to the sun means less deep, at the same place of the map, as far as the scene goes.
    ways = np.where(sun > 0, scene_high - inside, inside - scene_low) / np.maximum(np.abs(sun), 1e-9)
    shading = matrix @ [*(inside + sun * along * ways.min()), 1.0]
    assert np.abs(shading[:2] - mapped[:2]).max() <= 1e-6
    assert -1e-9 <= shading[2] <= mapped[2] + 1e-9


def test_rows_that_cast_are_those_over_the_map_that_stand_on_the_day() -> None:
    surface = Surface(column(height=4.0), Material())
    thing = InstanceMesh("column", ((surface,),))
    scene = scene_of(instances=(rows_of(thing, [(0, 0, 0), (30, 0, 0), (500, 0, 0)]),))
    table = replace(scene.instances, built=np.int32([0, 100, 0]))
    box = np.array([-50.0, -50.0, 0.0]), np.array([50.0, 50.0, 10.0])
    frame = shadow_frame(np.array([0.0, 0.3, 1.0]), *box, *box)
    index = SceneVisibility(replace(scene, instances=table)).instances
    assert sorted(casting_rows(table, index, frame, size=512, date=150).rows) == [0, 1]
    assert sorted(casting_rows(table, index, frame, size=512, date=50).rows) == [0]
    silent = replace(table, casts_shadow=np.array([False, True, True]))
    assert sorted(casting_rows(silent, index, frame, size=512, date=None).rows) == [1]


def test_the_map_is_drawn_only_when_light_or_day_change(context: GraphicsContext) -> None:
    scene, view = scene_of(Surface(column(), Material())), looking_north((0, -5, 1))
    renderer, target = Renderer(context), RenderTarget(context, (96, 64))
    renderer.load(scene, SceneVisibility(scene))
    drawn = []
    for sun, day in (((1, 0, 1), 5), ((1, 0, 1), 5), ((1, 0.0005, 1), 5), ((1, 0, 1), 6), ((1, 0.1, 1), 6)):
        renderer.set_environment(light(sun=sun, sun_radiance=1.0), date=day)
        renderer.upload(view, SceneVisibility(scene).cull(view))
        renderer.draw(target)
        drawn.append(renderer.stats.shadow_drawn)
    renderer.close()
    target.close()
    assert drawn == [True, False, False, True, True]

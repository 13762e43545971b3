"""Aids in pictures: where they must be, in every view, in any light; and nothing where there is nothing."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from renderer_scenes import PLAIN, column, floor, light, looking_north, pixel_of, scene_of, shining, together, wall

from vrclient.frame.aids import NO_AIDS, Aids, Controller, Cursor, LandingMark, Part, Ray
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import world_from_body
from vrclient.render_data.culling import SceneVisibility
from vrclient.renderer.aids import AidsPass
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.controllers import ControllerModels
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Surface

SIZE = (160, 120)
GREY = 118
UP, SOUTH = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])
ONE = looking_north((0, 0, 1.6), size=SIZE)
TWO = together(looking_north((-0.032, 0, 1.6), size=SIZE), looking_north((0.032, 0, 1.6), size=SIZE))
GROUND = Surface(floor((-50, -50), (50, 50)), shining((0.18, 0.18, 0.18)))
BACK = Surface(wall((-50, -50), (50, 50), y=20.0), shining((0.18, 0.18, 0.18)))

Drawn = Callable[[Aids, ViewSet], NDArray[np.int64]]


@pytest.fixture(scope="module")
def drawn(context: GraphicsContext) -> Iterator[Drawn]:
    """Pictures of a grey world with aids; one renderer for all."""
    scene = scene_of(GROUND, BACK)
    visibility, models = SceneVisibility(scene), ControllerModels()
    passes: dict[int, AidsPass] = {}
    with closing(Renderer(context, quality=PLAIN)) as renderer, closing(RenderTarget(context, SIZE, samples=1)) as target:
        renderer.load(scene, visibility)
        renderer.set_environment(light())

        def picture(aids: Aids, view_set: ViewSet) -> NDArray[np.int64]:
            renderer.upload(view_set, visibility.cull(view_set))
            eyes = renderer._eyes
            assert eyes is not None
            if len(view_set) not in passes:
                passes[len(view_set)] = AidsPass(context, eyes.root, models, copies=eyes.copies)
            passes[len(view_set)].show(aids)
            renderer.draw(target)
            return target.read().astype(np.int64)

        yield picture


def changed(pixels: NDArray[np.int64], plain: NDArray[np.int64]) -> NDArray[np.bool_]:
    """[H, W]: where aids are."""
    return np.abs(pixels - plain).max(axis=2) > 6


POINT = np.array([0.4, 3.0, 1.4])
CURSOR = Aids(cursor=Cursor(POINT, SOUTH))


NARROW = [looking_north((x, 0, 1.6), size=SIZE, fov_deg=24) for x in (-0.032, 0.032)]
"""Five pixels to a degree."""


@pytest.mark.parametrize("views", [NARROW[0], together(*NARROW)], ids=["one view", "two views"])
def test_the_cursor_is_white_and_where_it_points_in_every_view(drawn: Drawn, views: ViewSet) -> None:
    pixels, plain = drawn(CURSOR, views), drawn(NO_AIDS, views)
    for view in range(len(views)):
        part = slice(view * SIZE[0], (view + 1) * SIZE[0])
        row, column_ = pixel_of(views, POINT, view=view)
        assert pixels[:, part][row, column_].min() > 200
        where = np.argwhere(changed(pixels[:, part], plain[:, part]))
        assert np.abs(where.mean(axis=0) - [row, column_]).max() < 1.5
        assert 4 <= np.ptp(where[:, 1]) + 1 <= 7, "about one degree"


def test_the_cursor_keeps_its_size_at_any_distance_and_shows_through(drawn: Drawn) -> None:
    view, sizes = looking_north((0, 0, 1.6), size=SIZE, fov_deg=12), []
    for distance in (0.7, 4.0, 30.0):
        point = np.array([0.0, distance, 1.6])
        sizes.append(int(changed(drawn(Aids(cursor=Cursor(point, SOUTH)), view), drawn(NO_AIDS, view)).sum()))
    assert max(sizes) < 1.4 * min(sizes)
    assert min(sizes) > 20


def test_a_cursor_over_something_is_larger_and_fuller_when_pressed(drawn: Drawn) -> None:
    view = looking_north((0, 0, 1.6), size=(480, 360))
    plain = drawn(NO_AIDS, view)
    still, over, pressed = (
        drawn(Aids(cursor=Cursor(POINT, SOUTH, hovering, down)), view)
        for hovering, down in ((False, False), (True, False), (True, True))
    )
    assert changed(over, plain).sum() > 1.5 * changed(still, plain).sum()
    assert (pressed.min(axis=2) > 230).sum() > 1.3 * (over.min(axis=2) > 230).sum()


def test_a_blink_is_black_and_half_a_blink_is_half(drawn: Drawn) -> None:
    for views in (ONE, TWO):
        assert drawn(Aids(blink=1.0), views).max() == 0
        assert np.abs(drawn(Aids(blink=0.5), views) - drawn(NO_AIDS, views) // 2).max() <= 2


def test_a_vignette_darkens_the_rim_and_keeps_the_middle_in_every_view(drawn: Drawn) -> None:
    wide = [looking_north((x, 0, 1.6), size=SIZE, fov_deg=100) for x in (-0.032, 0.032)]
    views = together(*wide)
    pixels, plain = drawn(Aids(vignette=1.0), views), drawn(NO_AIDS, views)
    for view in (0, 1):
        left = view * SIZE[0]
        assert pixels[3:6, left + 3 : left + 6].max() == 0
        middle = (slice(55, 65), slice(left + 75, left + 85))
        assert np.abs(pixels[middle] - plain[middle]).max() <= 1
    some = drawn(Aids(vignette=0.3), views).sum()
    assert pixels.sum() < some < plain.sum()


def test_nothing_asked_for_is_nothing_drawn_whatever_was_before(drawn: Drawn) -> None:
    plain = drawn(NO_AIDS, ONE)
    everything = replace(
        CURSOR,
        ray=Ray(np.array([0.2, 0.4, 1.4]), np.array([0.2, 1.4, 1.4])),
        arc=arc(),
        landing=LandingMark(arc()[-1], UP, 0.0, True),
        controllers=(held(1),),
        blink=0.3,
        vignette=0.3,
    )
    assert (drawn(everything, ONE) != plain).any()
    assert (drawn(NO_AIDS, ONE) == plain).all()


def arc(count: int = 33) -> NDArray[np.float64]:
    """From the right hand to the ground 4 m ahead."""
    share = np.linspace(0.0, 1.0, count)[:, None]
    return np.array([0.25, 0.5, 1.2]) + share * [0.0, 3.5, 0.6] - share**2 * [0.0, 0.0, 1.8]


@pytest.mark.parametrize("views", [ONE, TWO], ids=["one view", "two views"])
def test_an_arc_ends_in_a_ring_on_the_ground_bluish_or_orange(drawn: Drawn, views: ViewSet) -> None:
    plain = drawn(NO_AIDS, views)
    for valid in (True, False):
        aids = Aids(arc=arc(), arc_valid=valid, landing=LandingMark(arc()[-1], UP, 0.0, valid))
        pixels = drawn(aids, views)
        for view in range(len(views)):
            part = slice(view * SIZE[0], (view + 1) * SIZE[0])
            there = changed(pixels[:, part], plain[:, part])
            tones = pixels[:, part][there & (pixels[:, part].max(axis=2) > 200)]
            assert len(tones) > 20
            assert (tones[:, 2] > tones[:, 0]).mean() > 0.9 if valid else (tones[:, 0] > tones[:, 2] + 60).mean() > 0.9
            row, column_ = pixel_of(views, arc()[-1] + np.array([0.33, 0.0, 0.0]), view=view)
            assert there[row - 1 : row + 2, column_ - 2 : column_ + 3].any()


def test_arcs_of_any_number_of_points_are_drawn_alike(drawn: Drawn) -> None:
    fine, coarse = (drawn(Aids(arc=arc(count), arc_valid=True), ONE) for count in (33, 321))
    assert changed(fine, coarse).mean() < 0.01


def test_a_tick_shows_the_heading_of_the_landing(drawn: Drawn) -> None:
    view, spot = looking_north((0, 3, 3.0), size=SIZE, pitch=-np.pi / 2), np.array([0.0, 3.0, 0.0])
    plain = drawn(NO_AIDS, view)
    for heading, way in ((0.0, (-1, 0)), (np.pi / 2, (0, 1)), (np.pi, (1, 0))):
        there = np.argwhere(changed(drawn(Aids(landing=LandingMark(spot, UP, heading, True)), view), plain)) - [59.5, 79.5]
        farthest = there[np.abs(there).max(axis=1).argmax()]
        assert np.abs(farthest / np.abs(farthest).max() - way).max() < 0.2


def test_a_ray_is_thin_fades_and_is_hidden_by_what_is_before_it(drawn: Drawn) -> None:
    view = looking_north((0, 0, 1.6), size=(480, 360))
    start = np.array([0.25, 0.5, 1.4])
    ray = Ray(start, start + np.array([-0.2, 0.9, 0.1]))
    there = changed(drawn(Aids(ray=ray), view), drawn(NO_AIDS, view))
    places = [pixel_of(view, start + share * (ray.end - start)) for share in (0.1, 0.4)]
    for row, column_ in places:
        assert there[row - 2 : row + 3, column_ - 2 : column_ + 3].any()
    assert there.sum() < 1500
    below = Ray(start - [0, 0, 3.0], ray.end - [0, 0, 3.0])
    assert not changed(drawn(Aids(ray=below), view), drawn(NO_AIDS, view)).any()


def held(side: int, *pressed: Part) -> Controller:
    place = world_from_body(((-0.12, 0.12)[side], 0.4, 1.5), pitch=0.9)
    return Controller(place, "", side, frozenset(pressed))


@pytest.mark.parametrize("views", [ONE, TWO], ids=["one view", "two views"])
def test_controllers_are_where_the_hands_are_at_night_too_and_leave_with_them(drawn: Drawn, views: ViewSet) -> None:
    plain = drawn(NO_AIDS, views)
    pixels = drawn(Aids(controllers=(held(0), held(1))), views)
    for view in range(len(views)):
        part = slice(view * SIZE[0], (view + 1) * SIZE[0])
        for side in (0, 1):
            row, column_ = pixel_of(views, held(side).world_from_grip[:3, 3], view=view)
            color = pixels[:, part][row, column_]
            assert np.abs(color - plain[:, part][row, column_]).max() > 20
            assert color.max() > 12, "seen in the dark"
    right = changed(drawn(Aids(controllers=(held(1),)), ONE), drawn(NO_AIDS, ONE))
    assert right[:, 80:].any() and not right[:, :80].any()


def test_the_part_in_use_shines(drawn: Drawn) -> None:
    view = looking_north((0.12, 0.2, 1.65), size=SIZE, pitch=-0.6)
    still = drawn(Aids(controllers=(held(1),)), view)
    for part in ("stick", "menu"):
        shining_ = drawn(Aids(controllers=(held(1, part),)), view)
        there = changed(shining_, still)
        assert 3 < there.sum() < 1500
        assert (shining_[there][:, 2] > still[there][:, 2]).mean() > 0.9
        assert (
            drawn(Aids(controllers=(held(0, part), held(1))), view) == drawn(Aids(controllers=(held(0), held(1))), view)
        ).all()


def test_views_with_a_pass_each_show_the_same(context: GraphicsContext) -> None:
    """A driver that cannot choose the viewport in the vertex shader."""
    scene = scene_of(GROUND, BACK, Surface(column(), shining((0.3, 0.1, 0.1))))
    aids = replace(CURSOR, arc=arc(), arc_valid=True, landing=LandingMark(arc()[-1], UP, 0.4, True), controllers=(held(1),))
    pictures = []
    usual = context.info
    for one_pass in (True, False):
        context.info = replace(usual, viewports_from_vertices=one_pass)
        try:
            renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, SIZE, samples=1)
            visibility = SceneVisibility(scene)
            renderer.load(scene, visibility)
            renderer.set_environment(light())
            renderer.upload(TWO, visibility.cull(TWO))
            eyes = renderer._eyes
            assert eyes is not None
            AidsPass(context, eyes.root, ControllerModels(), copies=eyes.copies).show(aids)
            renderer.draw(target)
            pictures.append(target.read().astype(np.int64))
            renderer.close()
            target.close()
        finally:
            context.info = usual
    assert changed(pictures[0], pictures[1]).mean() < 0.004

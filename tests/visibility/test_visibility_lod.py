"""The laws of levels: right by size, steady under jitter, never further behind than the band allows."""

import numpy as np
import pytest
from brute_force import World, intersects, levels, views, world
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.frustum import pixels_per_slope
from vrclient.visibility.lod import HYSTERESIS, LAG

ENDS = np.array([[90.0, 30.0], [200.0, 0.0], [60.0, 60.0], [0.0, 0.0], [400.0, 5.0]])
BAND = HYSTERESIS + LAG + 1e-4


def build(made: World, **options: float) -> VisibilityIndex:
    return VisibilityIndex.build(made.center, made.half_extent, made.mesh, lod_pixels=ENDS, **options)


def sizes(made: World, view_set: ViewSet) -> NDArray[np.float64]:
    """[N] projected diameter in pixels in the sharpest view."""
    diameter = 2.0 * np.linalg.norm(made.half_extent.astype(np.float64), axis=1)
    eyes = inverse_rigid(view_set.view_from_world)[:, :3, 3]
    distance = np.linalg.norm(made.center[:, None].astype(np.float64) - eyes, axis=2)
    return np.asarray((diameter[:, None] * pixels_per_slope(view_set) / np.maximum(distance, 1e-9)).max(axis=1))


def check(found: NDArray[np.int64], size: NDArray[np.float64], ends: NDArray[np.float64], band: float) -> None:
    """Every visible row's level is right for a distance within `band` of its own."""
    shown = found >= 0
    size, ends, found = size[shown], ends[shown], found[shown]
    assert (found >= (size[:, None] * (1.0 + band) < ends).sum(axis=1)).all()
    assert (found <= (size[:, None] * (1.0 - band) < ends).sum(axis=1)).all()


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=40)
@given(seed=seeds, count=st.integers(1, 2), bias=st.floats(0.1, 5.0))
def test_the_first_level_is_that_of_the_size(seed: int, count: int, bias: float) -> None:
    made = world("city", 300, seed)
    view_set = views(heading=seed % 7, count=count, pixels=(1600, 900))
    found = levels(build(made, lod_bias=bias).cull(view_set), len(made))
    check(found, bias * sizes(made, view_set), ENDS[made.mesh], 1e-5)


@settings(max_examples=25)
@given(seed=seeds, step=st.floats(0.01, 20.0), count=st.integers(1, 2))
def test_on_any_walk_a_level_stays_within_the_band(seed: int, step: float, count: int) -> None:
    rng = np.random.default_rng(seed)
    made = world("city", 300, seed)
    scene, eye = build(made), np.array([0.0, 0.0, 1.7])
    for heading in rng.uniform(0.0, 6.0, 30):
        eye += rng.normal(0.0, step, 3)
        view_set = views(eye, heading, count=count)
        check(levels(scene.cull(view_set), len(made)), sizes(made, view_set), ENDS[made.mesh], BAND)


@settings(max_examples=30)
@given(seed=seeds, data=st.data())
def test_two_percent_jitter_never_changes_a_level(seed: int, data: st.DataObject) -> None:
    """The eye jitters so that no distance changes by more than 2 %, the head turns freely."""
    rng = np.random.default_rng(seed)
    made = world("city", 400, seed)
    eye = np.array([0.0, 0.0, 1.7])
    distance = np.linalg.norm(made.center - eye, axis=1)
    reach = 0.02 * distance.min()
    scene, seen = build(made, cutoff_pixels=10.0), np.full(len(made), -1)
    for _ in range(25):
        offset = rng.normal(0.0, 1.0, 3)
        offset *= reach * rng.random() / np.linalg.norm(offset)
        found = levels(scene.cull(views(eye + offset, rng.uniform(0.0, 6.0))), len(made))
        both = (seen >= 0) & (found >= 0)
        np.testing.assert_array_equal(found[both], seen[both])
        seen = np.where(found >= 0, found, seen)


@settings(max_examples=30)
@given(seed=seeds)
def test_two_percent_jitter_of_the_pixels_never_changes_a_level(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = world("city", 400, seed)
    scene = build(made, cutoff_pixels=10.0)
    first = levels(scene.cull(views(pixels=(1000, 1000))), len(made))
    for pixels in rng.integers(980, 1021, 20).tolist():
        np.testing.assert_array_equal(levels(scene.cull(views(pixels=(pixels, pixels))), len(made)), first)


def test_a_level_changes_when_the_band_is_left_and_back_only_past_its_other_side() -> None:
    box = np.zeros((1, 3), np.float32)
    scene = VisibilityIndex.build(box, box + 1.0, [0], lod_pixels=[50.0])
    switch = 2.0 * np.sqrt(3.0) * pixels_per_slope(views())[0] / 50.0
    history = []
    for share in (0.9, 0.99, 1.02, 1.1, 1.02, 0.98, 0.9, 1.0, 1.04):
        history.append(int(levels(scene.cull(views((0.0, -share * switch, 0.0))), 1)[0]))
    assert history == [0, 0, 0, 1, 1, 1, 0, 0, 0]


@settings(max_examples=30)
@given(seed=seeds, cutoff=st.floats(1.0, 300.0))
def test_what_is_smaller_than_the_cut_off_is_not_drawn_and_nothing_else(seed: int, cutoff: float) -> None:
    made = world("city", 300, seed)
    view_set = views(heading=seed % 7)
    found = levels(build(made, cutoff_pixels=cutoff).cull(view_set), len(made))
    size = sizes(made, view_set)
    wanted = intersects(view_set, made.center, made.half_extent)
    assert (found[wanted & (size > cutoff * 1.0001)] >= 0).all()
    assert (found[size < cutoff * 0.9999] == -1).all()
    check(found, size, ENDS[made.mesh], 1e-5)


def test_turning_the_head_changes_no_level() -> None:
    made = world("city", 2000, 5)
    scene, seen = build(made), np.full(len(made), -1)
    for heading in np.linspace(0.0, 12.0, 40):
        found = levels(scene.cull(views(heading=heading)), len(made))
        both = (seen >= 0) & (found >= 0)
        np.testing.assert_array_equal(found[both], seen[both])
        seen = np.where(found >= 0, found, seen)


def test_the_sharpest_view_decides() -> None:
    box = np.array([[0.0, 100.0, 0.0]], np.float32)
    coarse, fine = views(pixels=(100, 100)), views(pixels=(2000, 2000))
    both = ViewSet.from_arrays(
        np.repeat(coarse.view_from_world, 2, axis=0),
        np.repeat(coarse.fov, 2, axis=0),
        near=0.1,
        far=300.0,
        pixels=np.concatenate([coarse.pixels, fine.pixels]),
    )
    found = [
        int(levels(VisibilityIndex.build(box, box * 0.0 + 1.0, [0], lod_pixels=[20.0]).cull(view_set), 1)[0])
        for view_set in (coarse, fine, both)
    ]
    assert found == [1, 0, 0]


@pytest.mark.parametrize("moving", [False, True])
def test_a_row_that_moves_or_grows_gets_its_level(moving: bool) -> None:
    made = world("city", 600, 2)
    scene = VisibilityIndex.build(made.center, made.half_extent, made.mesh, lod_pixels=ENDS, moving=np.full(len(made), moving))
    rng = np.random.default_rng(1)
    for _ in range(10):
        rows = rng.choice(len(made), 50, replace=False)
        made.center[rows] += rng.normal(0.0, 40.0, (50, 3)).astype(np.float32)
        made.half_extent[rows] = rng.uniform(0.0, 20.0, (50, 3))
        scene.move(rows, made.center[rows], made.half_extent[rows])
        view_set = views(heading=rng.uniform(0.0, 6.0), count=2)
        check(levels(scene.cull(view_set), len(made)), sizes(made, view_set), ENDS[made.mesh], BAND)

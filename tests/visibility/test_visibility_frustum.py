"""The laws of the merged planes: every view's frustum is inside them, and parallel views lose nothing by merging."""

import numpy as np
from brute_force import view_sets, views
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.visibility.frustum import MergedFrustum, corner_points, merged_planes, pixels_per_slope


def world_corners(view_set: ViewSet) -> np.ndarray:
    """[V * 8, 3] of the frusta."""
    world_from_view = inverse_rigid(view_set.view_from_world)
    points = corner_points(view_set) @ np.swapaxes(world_from_view[:, :3, :3], 1, 2) + world_from_view[:, None, :3, 3]
    return points.reshape(-1, 3)


def distances(planes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """[P, N] metres inside each plane."""
    return (planes[:, :3] @ points.T + planes[:, 3:]) / np.maximum(np.linalg.norm(planes[:, :3], axis=1), 1e-12)[:, None]


@settings(max_examples=200)
@given(view_set=view_sets())
def test_every_corner_is_inside_every_plane(view_set: ViewSet) -> None:
    planes = merged_planes(corner_points(view_set), view_set.view_from_world)
    assert distances(planes, world_corners(view_set)).min() > -1e-9 * (view_set.far + 1000.0)


def test_the_planes_of_one_view_are_its_own() -> None:
    view_set = views((5.0, -3.0, 2.0), 1.1, pitch=-0.2, fov=(-0.3, 0.9, 0.8, -0.1))
    inside = distances(merged_planes(corner_points(view_set), view_set.view_from_world), world_corners(view_set))
    for side, corners in enumerate([(0, 3, 4, 7), (1, 2, 5, 6), (0, 1, 4, 5), (2, 3, 6, 7), (0, 1, 2, 3), (4, 5, 6, 7)]):
        np.testing.assert_allclose(inside[side, corners], 0.0, atol=1e-9)
        assert (np.delete(inside[side], corners) > 0.01).all()


def test_parallel_eyes_add_their_distance_and_no_more() -> None:
    both, eyes = views(count=2), [views((x, 0.0, 1.7)) for x in (-0.032, 0.032)]
    planes = merged_planes(corner_points(both), both.view_from_world)
    for eye in eyes:
        own = merged_planes(corner_points(eye), eye.view_from_world)
        inside = distances(planes, world_corners(eye)).min(axis=1)
        assert (inside < 0.065).all()
        np.testing.assert_allclose(planes[:, :3] / 2.0, own[:, :3], atol=1e-12)


def test_views_that_look_away_from_each_other_are_held_by_a_box() -> None:
    view_set = views((0.0, 0.0, 0.0), count=2, cant=np.pi / 2, distance=0.0)
    planes, corners = merged_planes(corner_points(view_set), view_set.view_from_world), world_corners(view_set)
    assert distances(planes, corners).min() > -1e-9
    for axis in np.concatenate([np.eye(3), -np.eye(3)]):
        assert distances(planes, axis[None] * 1.01 * np.abs(corners).max()).min() < 0.0


def test_pixels_per_slope_is_the_sharper_direction() -> None:
    quarter = np.pi / 4
    view_set = views(fov=(-quarter, quarter, quarter, -quarter), pixels=(400, 600))
    np.testing.assert_allclose(pixels_per_slope(view_set), [300.0])


@settings(max_examples=50)
@given(data=st.data(), noise=st.sampled_from([0.0, 1e-9, 1e-7, 1e-4, 1e-2]))
def test_carried_planes_hold_the_frusta_while_the_head_and_the_eyes_move(data: st.DataObject, noise: float) -> None:
    start = data.draw(view_sets())
    merged = MergedFrustum(corner_points(start))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    for _ in range(5):
        head = inverse_rigid(views(rng.normal(0.0, 100.0, 3), rng.uniform(0.0, 6.0), roll=rng.normal()).view_from_world[0])
        pose = start.view_from_world @ inverse_rigid(head)
        pose[:, :3, 3] += noise * rng.normal(size=(len(start), 3))
        view_set = ViewSet.from_arrays(pose, start.fov, near=start.near, far=start.far, pixels=start.pixels)
        inside = distances(merged.planes(view_set.view_from_world), world_corners(view_set))
        assert inside.min() > -1e-8 * (view_set.far + 1000.0)
        tight = distances(merged_planes(corner_points(view_set), view_set.view_from_world), world_corners(view_set))
        assert (inside - tight).max() < 1e-4 * (view_set.far * 6.0 + 2000.0)


def test_a_head_that_only_moves_is_merged_once() -> None:
    merged = MergedFrustum(corner_points(views(count=2)))
    merged.planes(views(count=2).view_from_world)
    kept = merged._first_planes
    for heading in np.linspace(0.0, 6.0, 20):
        merged.planes(views((heading * 9.0, 3.0, 1.7), heading, count=2, pitch=heading / 9.0).view_from_world)
        assert merged._first_planes is kept
    merged.planes(views(count=2, distance=0.065).view_from_world)
    assert merged._first_planes is not kept

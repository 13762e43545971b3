"""View sets: what `from_arrays` refuses, and that views from other poses are the ones it would make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid, world_from_body

FOV = [[-0.7, 0.8, 0.6, -0.5], [-0.8, 0.7, 0.6, -0.5]]


def two(poses: np.ndarray) -> ViewSet:
    return ViewSet.from_arrays(poses, FOV, near=0.1, far=100.0, pixels=[[64, 48], [64, 48]])


@given(st.floats(-4, 4), st.floats(-1, 1), st.tuples(*[st.floats(-1e4, 1e4)] * 3))
def test_seen_from_elsewhere_they_are_what_from_arrays_makes(heading: float, pitch: float, place: tuple) -> None:
    head = inverse_rigid(world_from_body(place, heading=heading, pitch=pitch))
    poses = np.array([head, head])
    moved, made = two(np.tile(np.eye(4), (2, 1, 1))).seen_from(poses), two(poses)
    for name in ("view_from_world", "fov", "near", "far", "pixels", "clip_from_view"):
        np.testing.assert_array_equal(getattr(moved, name), getattr(made, name))


def test_a_corner_of_the_view_is_a_corner_of_clip_space() -> None:
    view_set = two(np.tile(np.eye(4), (2, 1, 1)))
    for matrix, (left, right, up, down) in zip(view_set.clip_from_view, FOV, strict=True):
        for depth, z in ((0.1, -1.0), (100.0, 1.0)):
            clip = matrix @ [depth * np.tan(right), depth, depth * np.tan(up), 1.0]
            np.testing.assert_allclose(clip / clip[3], [1.0, 1.0, z, 1.0], atol=1e-9)
            clip = matrix @ [depth * np.tan(left), depth, depth * np.tan(down), 1.0]
            np.testing.assert_allclose(clip / clip[3], [-1.0, -1.0, z, 1.0], atol=1e-9)


@pytest.mark.parametrize(
    ("poses", "message"),
    [
        (np.eye(4), "view_from_world has shape (4, 4); expected (V, 4, 4) with V >= 1"),
        (np.eye(4)[None], "view_from_world has shape (1, 4, 4); expected (2, 4, 4)"),
        (np.full((2, 4, 4), np.nan), "view_from_world must hold finite numbers, but one is NaN or infinite"),
    ],
)
def test_poses_that_are_none(poses: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError) as error:
        two(np.tile(np.eye(4), (2, 1, 1))).seen_from(poses)
    assert str(error.value) == message

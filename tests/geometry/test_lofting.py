"""Lofts and swollen skins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vrclient.geometry.curves import smoothed
from vrclient.geometry.lofting import grid_cells, grid_normals, interpolated, lofted, swollen

PLAN = smoothed([[20.0, 0.0], [0.0, 12.0], [-20.0, 0.0], [0.0, -12.0]], spacing=1.0, closed=True)


@given(st.lists(st.floats(0.5, 2.0), min_size=2, max_size=6))
def test_interpolation_meets_every_value_and_never_overshoots(values: list[float]) -> None:
    knots = np.arange(len(values), dtype=float)
    assert np.allclose(interpolated(knots, values, knots), values)
    between = interpolated(knots, values, np.linspace(-1.0, len(values), 200))
    assert between.min() >= min(values) - 1e-9 and between.max() <= max(values) + 1e-9


def test_one_level_is_constant() -> None:
    assert interpolated([0.0], [3.0], [-1.0, 0.0, 5.0]).tolist() == [3.0, 3.0, 3.0]


@given(st.floats(0.5, 1.5), st.floats(-1.0, 1.0), st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
def test_a_loft_scales_twists_and_moves(scale: float, twist: float, offset: tuple[float, float]) -> None:
    height = np.array([[0.0], [5.0]])
    top = lofted(PLAN, height, scale=np.array([1, scale]), offset=np.array([[0, 0], offset]), twist=np.array([0, twist]))[1]
    middle = PLAN.mean(axis=0)
    assert np.allclose(top[:, :2].mean(axis=0), middle + offset)
    reach = np.linalg.norm(top[:, :2] - middle - offset, axis=1)
    assert np.allclose(reach, scale * np.linalg.norm(PLAN - middle, axis=1))


def test_normals_point_out_of_a_counterclockwise_plan() -> None:
    wall = lofted(
        PLAN, np.array([[0.0], [4.0], [8.0]]), scale=np.array([0.8, 0.9, 1.0]), offset=np.zeros((3, 2)), twist=np.zeros(3)
    )
    normal = grid_normals(wall)
    assert (np.einsum("rij,rij->ri", normal[..., :2], wall[..., :2]) > 0).all()
    assert (normal[..., 2] < 0).all(), "walls that lean outward look down"
    assert grid_cells(wall).shape == (2, len(PLAN), 4, 3)


def test_a_swollen_square_is_highest_in_its_middle_and_flat_at_its_edge() -> None:
    x, y = np.meshgrid(np.arange(11.0), np.arange(11.0), indexing="ij")
    points = np.stack([x, y], axis=-1).reshape(-1, 2)
    cell = (np.arange(10)[:, None] * 11 + np.arange(10)).reshape(-1, 1)
    triangle = np.concatenate([cell + np.array([0, 11, 12]), cell + np.array([0, 12, 1])]).astype(np.uint32)
    height = swollen(points, triangle).reshape(11, 11)
    assert height[5, 5] == 1.0
    assert np.abs(np.concatenate([height[0], height[-1], height[:, 0], height[:, -1]])).max() == 0.0
    assert np.allclose(height, height[::-1, ::-1], atol=1e-2)
    assert (np.diff(height[:6, 5]) > 0).all()

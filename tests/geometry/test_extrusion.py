"""Walls, boxes, sweeps and recesses: closed where they should be, facing outward, nothing lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.geometry.extrusion import box, quads, recessed, swept, walls
from vrclient.geometry.mesh import EMPTY, Mesh, concatenated, face_normals

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 6.0], [0.0, 6.0]])


def _volume(shape: Mesh) -> float:
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def _area(shape: Mesh) -> float:
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)


def _single_edges(shape: Mesh) -> int:
    _, vertex = np.unique(np.rint(shape.position.astype(np.float64) * 1e4), axis=0, return_inverse=True)
    triangle = np.sort(vertex[shape.triangle][:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    _, count = np.unique(triangle, axis=0, return_counts=True)
    return int((count != 2).sum())


def test_a_box_is_closed_and_outward() -> None:
    shape = box((0, 0, 0), (1, 2, 3))
    assert _single_edges(shape) == 0
    assert _volume(shape) == pytest.approx(6.0)


@given(st.floats(0.5, 20.0), st.floats(1.0, 30.0))
def test_walls_cover_the_outline_and_face_outward(spacing: float, height: float) -> None:
    shape = walls(SQUARE, 0.0, height, spacing=spacing)
    assert _area(shape) == pytest.approx(32.0 * height, rel=1e-4)
    outward = shape.position[shape.triangle].mean(axis=1)[:, :2] - [5.0, 3.0]
    assert (np.einsum("ij,ij->i", face_normals(shape.position, shape.triangle)[:, :2], outward) > 0).all()


def test_walls_without_height_are_left_out() -> None:
    assert len(walls(SQUARE, 1.0, 1.0).triangle) == 0
    gable = walls(SQUARE, 0.0, [0.0, 0.0, 2.0, 2.0])
    assert (gable.position[:, 2].max(), _area(gable)) == (2.0, pytest.approx(2 * 6.0 * 2.0 / 2 + 10.0 * 2.0))


@given(st.booleans(), st.integers(3, 9))
def test_a_swept_closed_profile_is_a_solid(closed: bool, count: int) -> None:
    around = np.linspace(0, 2 * np.pi, count, endpoint=False)
    path = np.column_stack([20 * np.cos(around), 20 * np.sin(around), np.linspace(0, 1, count)])
    shape = swept(path, [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], closed=closed)
    assert _single_edges(shape) == 0
    assert _volume(shape) > 0


def test_a_swept_profile_keeps_its_distance_in_corners() -> None:
    shape = swept(np.column_stack([SQUARE, np.zeros(4)]), [(1.0, 0.0), (1.0, 2.0)], closed=True)
    assert _area(shape) == pytest.approx(2.0 * 2 * (12 + 8), rel=1e-5)


openings = st.tuples(st.floats(0.05, 0.4), st.floats(0.6, 0.95), st.floats(0.05, 0.4), st.floats(0.6, 0.95))


@given(st.lists(openings, min_size=1, max_size=5), st.floats(0.01, 1.0))
def test_recessed_openings_leave_no_gap(rects: list[tuple[float, ...]], depth: float) -> None:
    corner = [[(3.0 * k, 0, 0), (3.0 * k + 3, 0, 0), (3.0 * k + 3, 0, 4), (3.0 * k, 0, 4)] for k in range(len(rects))]
    parts = recessed(corner, rects, np.full(len(rects), depth))
    assert _area(parts.wall) + _area(parts.back) == pytest.approx(12.0 * len(rects), rel=1e-4)
    assert np.allclose(parts.back.position[:, 1], depth, atol=1e-5)
    for part in (parts.wall, parts.reveal, parts.back):
        facing = np.einsum("ij,ij->i", face_normals(part.position, part.triangle), part.normal[part.triangle[:, 0]])
        assert (facing > 0.99).all()
    open_edges = _single_edges(concatenated([parts.wall, parts.reveal, parts.back]))
    assert open_edges == 2 * len(rects) + 2


def test_nothing_makes_nothing() -> None:
    assert quads(np.zeros((0, 4, 3))) is EMPTY
    assert len(recessed(np.zeros((0, 4, 3)), np.zeros((0, 4)), np.zeros(0)).wall.triangle) == 0
    assert swept(np.zeros((1, 3)), [(0, 0), (1, 0)]) is EMPTY

"""Shapes of any size and with any number of points take a bounded number of faces, and no square of time."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

from vrclient.elements.road import _ribbon
from vrclient.geometry.curves import MAX_POINTS, length, resampled, smoothed, subdivided
from vrclient.geometry.extrusion import MAX_FACES, walls
from vrclient.geometry.sampling import hashed
from vrclient.scene.polygons import MAX_CELLS, area_distance, edge_distance, flat_mesh, grid_triangles, gridded, outline_size

HUGE = np.array([[-50_000.0, -50_000.0], [50_000.0, -50_000.0], [50_000.0, 50_000.0], [-50_000.0, 50_000.0]])
places = st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=1, max_size=20)


def star(count: int, *, radius: float = 30.0, rough: float = 0.3) -> np.ndarray:
    angle = np.arange(count) * (2 * np.pi / count)
    reach = radius * (1 - rough * (np.arange(count) % 2))
    return np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])


@given(places=places, count=st.integers(3, 400))
def test_distances_are_those_of_shapely(places: list[tuple[float, float]], count: int) -> None:
    area = Polygon(star(count), [star(8, radius=6.0)])
    where = np.array(places)
    points = shapely.points(where)
    assert np.allclose(edge_distance(area.boundary, where), shapely.distance(points, area.boundary), atol=1e-9)
    assert np.allclose(area_distance(area, where), shapely.distance(points, area), atol=1e-9)
    two = shapely.MultiPolygon([area, shapely.box(40, 40, 55, 50)])
    assert np.allclose(area_distance(two, where), shapely.distance(points, two), atol=1e-9)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), bend=st.floats(0.0, 0.4), half=st.floats(0.5, 6.0))
def test_a_long_way_in_pieces_is_the_way_as_a_whole(seed: int, bend: float, half: float) -> None:
    course = np.cumsum(bend * (hashed(np.arange(600), seed=seed) - 0.5))
    line = np.cumsum(np.column_stack([np.cos(course), np.sin(course)]) * 2.0, axis=0)
    whole = LineString(line).buffer(half, cap_style="flat", join_style="round", quad_segs=4)
    pieces = _ribbon(line, half)
    assert shapely.symmetric_difference(whole, pieces).area < 0.02 * whole.area


def test_a_way_that_crosses_itself_thousands_of_times() -> None:
    number = np.arange(5000)
    line = subdivided(np.column_stack([100.0 * (number % 2), 0.02 * number]), spacing=4.0)
    assert _ribbon(line, 2.0).area == pytest.approx(104 * 100, rel=0.1)


@given(size=st.floats(1.0, 50_000.0), spacing=st.floats(0.1, 10.0), closed=st.booleans())
def test_points_on_curves(size: float, spacing: float, closed: bool) -> None:
    curve = star(12, radius=size)
    assert len(resampled(curve, spacing=spacing, closed=closed)) <= MAX_POINTS + 1
    assert len(smoothed(curve, spacing=spacing, closed=closed)) <= MAX_POINTS + 1
    fine = subdivided(curve, spacing=spacing, closed=closed)
    assert len(fine) <= MAX_POINTS + 2 * len(curve)
    assert length(fine, closed=closed) == pytest.approx(length(curve, closed=closed))


@given(size=st.floats(1.0, 50_000.0), height=st.floats(0.01, 20_000.0), spacing=st.floats(0.3, 8.0))
def test_faces_of_walls(size: float, height: float, spacing: float) -> None:
    ring = star(40, radius=size, rough=0.0)
    shape = walls(ring, 0.0, height, spacing=spacing)
    assert len(shape.triangle) <= 2 * (2 * MAX_FACES + len(ring))
    corner = shape.position[shape.triangle].astype(np.float64)
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1).sum() / 2
    assert area == pytest.approx(length(ring, closed=True) * height, rel=1e-2)


@given(size=st.floats(3.0, 500.0), spacing=st.floats(0.5, 10.0))
def test_cells_of_areas(size: float, spacing: float) -> None:
    area = Polygon(star(16, radius=size))
    points, triangle = gridded(area, spacing)
    a, b, c = (points[triangle[:, k]] for k in range(3))
    covered = ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])).sum() / 2
    assert covered == pytest.approx(area.area, rel=1e-4)
    _, bounds, count = outline_size(star(16, radius=size))
    assert len(triangle) <= grid_triangles(bounds, spacing) + 40 * (size / spacing + count)


def test_the_largest_area() -> None:
    assert len(flat_mesh(Polygon(HUGE), 0.0, spacing=4.0).triangle) <= 2.2 * MAX_CELLS

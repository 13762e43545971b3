"""Areas: what is wrong with an outline, in words, and triangles that cover it exactly."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import Polygon

from vrclient.scene.polygons import (
    area_of,
    closed_path,
    flat_mesh,
    gridded,
    grown,
    holes_problem,
    outline_problem,
    rings_of,
    triangulated,
    welded,
)

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([(0, 0), (4, 0)], "the outline needs at least 3 points; it has 2"),
        (
            [(0, 0), (10, 10), (10, 0), (0, 10)],
            "the outline crosses itself near [5, 5]; list its points in order around the shape",
        ),
        ([(0, 0), (5, 0), (10, 0)], "the outline encloses no area; its points lie on one line or are too close together"),
        ([(0, 0), (8, 0), (8, 0), (0, 8)], "points 2 and 3 of the outline are the same place, [8, 0]; remove one of them"),
        (
            [(0, 0), (8, 0), (8, 8), (0, 0)],
            "the last point of the outline repeats the first; leave it out, the shape closes by itself",
        ),
        (SQUARE, None),
    ],
)
def test_outlines_in_words(points: list[tuple[float, float]], sentence: str | None) -> None:
    assert outline_problem(points) == sentence


@pytest.mark.parametrize(
    ("holes", "sentence"),
    [
        ([[(2, 2), (4, 2), (4, 4)]], None),
        ([[(2, 2), (14, 2), (4, 4)]], "hole 1 is not inside the outline"),
        ([[(2, 2), (6, 2), (6, 6), (2, 6)], [(4, 4), (8, 4), (8, 8), (4, 8)]], "holes 1 and 2 overlap; make them one"),
        ([[(2, 2), (6, 6), (6, 2), (2, 6)]], "hole 1 crosses itself near [4, 4]; list its points in order around the shape"),
    ],
)
def test_holes_in_words(holes: list[list[tuple[float, float]]], sentence: str | None) -> None:
    assert holes_problem(SQUARE, holes) == sentence


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Star-shaped areas with up to one hole."""
    count = draw(st.integers(3, 14))
    reach = np.array(draw(st.lists(st.floats(6.0, 30.0), min_size=count, max_size=count)))
    around = np.linspace(0, 2 * np.pi, count, endpoint=False) + 0.1
    outline = np.column_stack([reach * np.cos(around), reach * np.sin(around)])
    holes = [[(-1.0, -1.0), (1.0, -1.0), (0.0, 1.2)]] if draw(st.booleans()) else []
    assume(all(Polygon(outline).contains(Polygon(hole)) for hole in holes))
    return area_of(outline, holes)


def _area(points: np.ndarray, triangle: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangle[:, k]] for k in range(3))
    return ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / 2.0


@given(stars())
def test_triangles_cover_the_area_once(shape: Polygon) -> None:
    area = _area(*triangulated(shape))
    assert (area >= 0).all()
    assert area.sum() == pytest.approx(shape.area, rel=1e-6)


@given(stars(), st.floats(2.0, 12.0))
def test_a_grid_covers_the_area_once_in_small_pieces(shape: Polygon, spacing: float) -> None:
    points, triangle = gridded(shape, spacing)
    area = _area(points, triangle)
    assert (area > 0).all()
    assert area.sum() == pytest.approx(shape.area, rel=1e-4)
    corner = points[triangle]
    assert np.ptp(corner, axis=1).max() <= spacing * (1 + 1e-6)


@given(stars())
def test_rings_have_the_area_on_their_left(shape: Polygon) -> None:
    signs = [np.sign(Polygon(ring).exterior.is_ccw - 0.5) for ring in rings_of(shape)]
    assert signs == [1.0] + [-1.0] * (len(signs) - 1)


def test_a_smooth_outline_runs_through_its_points_and_stays_valid() -> None:
    bent = area_of([(0, 0), (20, 0), (20, 3), (2, 3), (2, 12), (20, 12), (20, 15), (0, 15)], smooth=True)
    assert bent.is_valid and bent.geom_type == "Polygon"
    assert np.allclose(closed_path(SQUARE, smooth=True)[0], closed_path(SQUARE, smooth=True)[-1])


def test_growing_and_shrinking() -> None:
    shape = area_of(SQUARE)
    assert [part.area for part in grown(shape, 1.0)] == [pytest.approx(144.0)]
    assert grown(shape, -6.0) == []


def test_a_flat_mesh_looks_up_or_down() -> None:
    for upward, z in ((True, 1.0), (False, -1.0)):
        shape = flat_mesh(area_of(SQUARE), 2.0, upward=upward)
        a, b, c = (shape.position[shape.triangle[:, k]] for k in range(3))
        assert (np.cross(b - a, c - a)[:, 2] * z > 0).all()
        assert (shape.normal == [0, 0, z]).all() and (shape.position[:, 2] == 2.0).all()


def test_welding_joins_near_points_and_drops_what_has_no_area() -> None:
    corner = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1.00001, 1.00001], [0, 1]], [[0, 0], [0.5, 0.5], [1, 1]]])
    points, triangle = welded(corner)
    assert (len(points), len(triangle)) == (5, 2)

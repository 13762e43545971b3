"""Plane curves: what smoothing, spacing and offsets promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely import LineString

from vrclient.geometry.curves import (
    distances,
    eased,
    length,
    points_at,
    resampled,
    right_of,
    sides,
    signed_area,
    smoothed,
    subdivided,
    tangents,
)

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
walks = hnp.arrays(np.float64, st.tuples(st.integers(3, 12), st.just(2)), elements=st.floats(1.0, 20.0)).map(
    lambda steps: np.cumsum(steps * [1.0, 0.7], axis=0)
)


def test_area_is_positive_counterclockwise() -> None:
    assert signed_area(SQUARE) == 100.0
    assert signed_area(SQUARE[::-1]) == -100.0


def test_distances_of_open_and_closed_curves() -> None:
    assert distances(SQUARE).tolist() == [0.0, 10.0, 20.0, 30.0]
    assert distances(SQUARE, closed=True).tolist() == [0.0, 10.0, 20.0, 30.0, 40.0]


def test_a_closed_curve_goes_round_and_an_open_one_ends() -> None:
    assert points_at(SQUARE, 45.0, closed=True).tolist() == [5.0, 0.0]
    assert points_at(SQUARE, 45.0).tolist() == [0.0, 10.0]


@given(walks, st.floats(0.5, 10.0))
def test_resampling_keeps_the_ends_and_spaces_evenly(curve: np.ndarray, spacing: float) -> None:
    points = resampled(curve, spacing=spacing)
    assert np.allclose(points[0], curve[0]) and np.allclose(points[-1], curve[-1], atol=1e-6)
    on_curve = LineString(curve)
    assert all(on_curve.distance(place) < 1e-6 for place in (LineString([p, p + 1e-9]) for p in points))


@given(walks, st.floats(0.5, 10.0))
def test_subdividing_keeps_corners_length_and_limit(curve: np.ndarray, spacing: float) -> None:
    fine = subdivided(curve, spacing=spacing)
    assert np.diff(distances(fine)).max() <= spacing * (1 + 1e-6)
    assert length(fine) == pytest.approx(length(curve))
    assert all(np.isclose(fine, corner).all(axis=1).any() for corner in curve)


@given(walks)
def test_a_smoothed_curve_runs_through_its_points(curve: np.ndarray) -> None:
    smooth = LineString(smoothed(curve, spacing=0.2))
    assert max(smooth.distance(LineString([point, point + 1e-9])) for point in curve) < 0.2


def test_a_smoothed_square_has_no_corner() -> None:
    ring = smoothed(SQUARE, spacing=0.5, closed=True)
    direction = tangents(ring, closed=True)
    turn = np.arccos(np.clip((direction * np.roll(direction, -1, axis=0)).sum(axis=1), -1, 1))
    assert np.degrees(turn.max()) < 12.0
    assert signed_area(ring) > 100.0


def test_right_of_east_is_south() -> None:
    assert right_of([1.0, 0.0]).tolist() == [0.0, -1.0]


def test_sides_run_parallel_round_corners() -> None:
    assert np.allclose(SQUARE + sides(SQUARE, closed=True), [[-1, -1], [11, -1], [11, 11], [-1, 11]])


def test_sides_of_a_hairpin_are_not_spiked() -> None:
    hairpin = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 0.1]])
    assert np.linalg.norm(sides(hairpin), axis=1).max() <= 2.0 + 1e-9


@given(st.sampled_from(["linear", "smooth", "in", "out"]))
def test_easing_goes_from_nothing_to_all(ease: str) -> None:
    course = eased(np.linspace(-0.5, 1.5, 50), ease)  # type: ignore[arg-type]
    assert course[0] == 0.0 and course[-1] == 1.0
    assert (np.diff(course) >= 0).all()

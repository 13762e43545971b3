import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.geometry.sampling import hashed, scattered, spaced_along

seeds = st.integers(0, 2**31)


@given(seed=seeds, count=st.integers(0, 300), distance=st.just(0.0) | st.floats(0.01, 4.0))
@settings(max_examples=40, deadline=None)
def test_scattered_points_keep_their_distance_and_stay_inside(seed, count, distance):
    found = scattered([-10, 5], [20, 25], count=count, min_distance=distance, seed=seed, inside=lambda p: p[:, 0] < 12)
    assert len(found.point) <= count
    assert ((found.point >= [-10, 5]) & (found.point <= [12, 25])).all()
    if len(found.point) > 1:
        gaps = np.linalg.norm(found.point[:, None] - found.point[None], axis=2)[~np.eye(len(found.point), dtype=bool)]
        assert gaps.min() >= distance
    assert (np.diff(found.number) > 0).all()


@given(seed=seeds, small=st.integers(1, 200), large=st.integers(200, 400))
@settings(max_examples=25, deadline=None)
def test_a_larger_count_begins_with_the_same_points(seed, small, large):
    first, both = (scattered([0, 0], [60, 60], count=n, min_distance=2.0, seed=seed) for n in (small, large))
    assert np.array_equal(first.point, both.point[: len(first.point)])
    assert np.array_equal(first.number, both.number[: len(first.number)])


def test_greedy_by_number_is_what_a_plain_loop_gives():
    found = scattered([0, 0], [10, 10], count=100, min_distance=1.0, seed=3)
    number = np.arange(found.number[-1] + 1)
    kept: list[np.ndarray] = []
    for point in 10 * np.stack([hashed(number, seed=3, channel=axis) for axis in (0, 1)], axis=1):
        if all(np.linalg.norm(point - other) >= 1.0 for other in kept):
            kept.append(point)
    assert np.allclose(found.point, kept[: len(found.point)])


def test_closing_a_part_moves_only_points_near_it():
    whole = scattered([0, 0], [100, 100], count=10_000, min_distance=4.0, seed=1)
    closed = scattered([0, 0], [100, 100], count=10_000, min_distance=4.0, seed=1, inside=lambda p: ~(p < 20).all(axis=1))
    far = {tuple(point) for point in whole.point if (point > 40).any()}
    assert len(far & {tuple(point) for point in closed.point}) > 0.97 * len(far)


def test_an_area_that_is_full_gives_fewer():
    found = scattered([0, 0], [10, 10], count=1000, min_distance=2.0, seed=1)
    assert 16 <= len(found.point) <= 30


def test_nothing_inside_gives_nothing():
    assert len(scattered([0, 0], [1, 1], count=5, min_distance=0.1, seed=1, inside=lambda p: np.zeros(len(p), bool)).point) == 0


def test_hashed_values_are_even_and_independent():
    number = np.arange(20_000)
    one, other = hashed(number, seed=5, channel=0), hashed(number, seed=5, channel=1)
    assert abs(one.mean() - 0.5) < 0.01 and abs(np.corrcoef(one, other)[0, 1]) < 0.03
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.03
    assert np.array_equal(one[:10], hashed(number[:10], seed=5, channel=0))


def test_along_an_open_path_the_ends_are_taken():
    row = spaced_along([[0, 0], [0, 20]], spacing=5.0, offset=2.0)
    assert np.allclose(row.point, [[2, 0], [2, 5], [2, 10], [2, 15], [2, 20]])
    assert np.allclose(row.direction, [0, 1]) and (row.side == 1).all()


def test_both_sides_mirror():
    row = spaced_along([[0, 0], [0, 20]], count=3, offset=3.0, both_sides=True)
    assert np.allclose(row.point, [[3, 0], [3, 10], [3, 20], [-3, 0], [-3, 10], [-3, 20]])
    assert row.side.tolist() == [1, 1, 1, -1, -1, -1]


def test_a_closed_path_has_no_double_at_its_seam():
    row = spaced_along([[0, 0], [10, 0], [10, 10], [0, 10]], count=4, closed=True)
    assert np.allclose(row.point, [[0, 0], [10, 0], [10, 10], [0, 10]])
    assert (row.side == 0).all()


def test_one_stands_in_the_middle():
    assert np.allclose(spaced_along([[0, 0], [10, 0]], count=1).point, [[5, 0]])


@pytest.mark.measured
@pytest.mark.parametrize("count", [5000])
def test_a_forest_is_quick(count):
    start = time.perf_counter()
    found = scattered([0, 0], [500, 500], count=count, min_distance=4.0, seed=2)
    assert len(found.point) == count
    assert time.perf_counter() - start < 1.0

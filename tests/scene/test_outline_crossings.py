"""Crossings of outlines are counted before the land is cut up by them."""

import numpy as np
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.scene import outline_crossings as module
from vrclient.scene.outline_crossings import outline_crossings

coordinate = st.integers(-20, 20).map(float)
ring = st.lists(st.tuples(coordinate, coordinate), min_size=0, max_size=6).map(lambda points: np.array(points).reshape(-1, 2))


@given(st.lists(st.tuples(st.integers(0, 3), ring), max_size=8))
@example([(0, np.zeros((2, 2))), (1, np.array([[0.0, 0.0], [0.0, 1.0]]))])
def test_they_are_those_of_each_side_with_each(rings: list[tuple[int, np.ndarray]]) -> None:
    expected = [0] * 4
    sides = [
        (owner, shapely.LineString([a, b]))
        for owner, points in rings
        for a, b in zip(points, np.roll(points, -1, axis=0), strict=True)
        if len(points) > 1 and (a != b).any()
    ]
    for owner, side in sides:
        expected[owner] += sum(owner < other and side.intersects(one) for other, one in sides)
    assert outline_crossings(rings, 4).tolist() == expected


def test_slices_add_up_and_end(monkeypatch) -> None:
    random = np.random.default_rng(1)
    rings = [(number, random.uniform(-100.0, 100.0, (4, 2))) for number in range(60)]
    whole = outline_crossings(rings, 60)
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", 20)
    assert outline_crossings(rings, 60).tolist() == whole.tolist()
    monkeypatch.setattr(module, "MOST", whole.sum() // 2)
    assert whole.sum() // 2 < outline_crossings(rings, 60).sum() < whole.sum()

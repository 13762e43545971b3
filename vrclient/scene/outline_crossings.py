"""How often outlines cross each other: what the land is cut into pieces by, and what that costs, known before anything is built.

It counts; what the cuts are is worked out in land.py."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from vrclient.geometry.curves import Points

MOST = 2_000_000
"""Counted before it gives up: more than any showcase may have."""
_AT_ONCE, _MOST_AT_ONCE, _PAIRS_AT_ONCE = 16, 4096, 200_000


def outline_crossings(rings: Sequence[tuple[int, Points]], count: int, /) -> NDArray[np.int64]:
    """[count]: how often the outlines of each owner cross those of another one that comes later, a touch included. `rings`:
    (owner, points [N, 2] in metres). Beyond MOST in all, it counts no further.

    Some are counted twice: a crossing in a corner is one of each of its sides."""
    result = np.zeros(count, np.int64)
    rings = [(owner, points) for owner, points in rings if len(points) > 1]
    if len(rings) < 2:
        return result
    owner = np.repeat([one for one, _ in rings], [len(points) for _, points in rings])
    sides = np.concatenate([np.stack([points, np.roll(points, -1, axis=0)], axis=1) for _, points in rings])
    has_length = (sides[:, 0] != sides[:, 1]).any(axis=1)  # of one that has none, a tree says otherwise than two geometries do
    owner, segments = owner[has_length], shapely.linestrings(sides[has_length])
    tree = shapely.STRtree(segments)
    start, size = 0, _AT_ONCE
    while start < len(segments) and result.sum() <= MOST:
        own, other = tree.query(segments[start : start + size], predicate="intersects")
        np.add.at(result, owner[start + own[owner[start + own] < owner[other]]], 1)
        start += size
        size = min(2 * size, _MOST_AT_ONCE) if len(own) < _PAIRS_AT_ONCE else max(size // 2, 1)
    return result

"""Seeded scattering: points with a minimum distance over an area, and evenly spaced ones along a path.

Everything is counted, not drawn in turn: point number k is the same whatever comes after it, so a longer list begins with
the shorter one, and what hangs on a number (size, heading) stays with its point. Polygons are the caller's: `inside`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.curves import Points, distances, points_at, right_of

_PATIENCE = 16
"""Candidates tried per point that could fit, before an area counts as full."""


@dataclass(frozen=True, slots=True, eq=False)
class Scattered:
    """point [K, 2] metres in order of number; number [K] int64 rising: the candidate's number, to hash other choices from."""

    point: Points
    number: NDArray[np.int64]


def hashed(number: ArrayLike, /, *, seed: int, channel: int = 0) -> NDArray[np.float64]:
    """Evenly distributed values 0 <= v < 1 that depend on number, seed and channel alone; the shape is the number's.

    Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014), the finaliser of SplitMix64."""
    with np.errstate(over="ignore"):
        state = np.asarray(number, np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = _mixed(state + _mixed(np.uint64(seed & 0xFFFFFFFF) * np.uint64(0xD1B54A32D192ED03) + np.uint64(channel + 1)))
    return np.asarray((state >> np.uint64(11)).astype(np.float64) / 2.0**53)


def _mixed(state: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    state = np.asarray(state, np.uint64)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def value_noise(point: Points, width: float, /, *, seed: int, channel: int = 0) -> NDArray[np.float64]:
    """[N] 0..1 at points [N, 2]: values of a lattice of `width` metres, eased between its corners, and finer ones over them."""
    total = np.zeros(len(point))
    for octave, share in ((1.0, 0.65), (2.3, 0.35)):
        place = point * octave / width
        cell = np.floor(place).astype(np.int64)
        t = place - cell
        t = t * t * (3 - 2 * t)
        corner = [
            hashed((cell[:, 0] + dx) * 73_856_093 + (cell[:, 1] + dy) * 19_349_663, seed=seed, channel=channel)
            for dy in (0, 1)
            for dx in (0, 1)
        ]
        low, high = (corner[k] + (corner[k + 1] - corner[k]) * t[:, 0] for k in (0, 2))
        total += share * (low + (high - low) * t[:, 1])
    return total


def scattered(
    low: ArrayLike,
    high: ArrayLike,
    /,
    *,
    count: int,
    min_distance: float,
    seed: int,
    inside: Callable[[Points], NDArray[np.bool_]] | None = None,
) -> Scattered:
    """Up to `count` points in the rectangle low..high [2] where `inside(points [K, 2]) -> [K] bool`, no two nearer than
    `min_distance` (under a millimetre allows any). Fewer where no more fit.

    Greedy by number: a candidate stays when no earlier one that stayed is too near. So a smaller count gives the first of
    the same points, and closing a part of the area moves only points near it."""
    corner, size = np.asarray(low, np.float64), np.asarray(high, np.float64) - np.asarray(low, np.float64)
    kept, numbers = np.zeros((0, 2)), np.zeros(0, np.int64)
    fitting = np.prod(size) / (0.7 * min_distance**2) if min_distance > 1e-3 else np.inf
    tries = int(min(_PATIENCE * fitting, 64.0 * count)) + 256
    batch = max(256, 2 * count)
    for first in range(0, tries, batch):
        number = np.arange(first, min(first + batch, tries))
        point = corner + size * np.stack([hashed(number, seed=seed, channel=axis) for axis in (0, 1)], axis=1)
        if inside is not None:
            mask = inside(point)
            point, number = point[mask], number[mask]
        if min_distance > 1e-3:
            both = np.concatenate([kept, point])
            stays = _first_come(both, min_distance)
            kept, numbers = both[stays], np.concatenate([numbers, number])[stays]
        else:
            kept, numbers = np.concatenate([kept, point]), np.concatenate([numbers, number])
        if len(kept) >= count:
            break
    return Scattered(kept[:count], numbers[:count])


def _first_come(point: Points, distance: float, /) -> NDArray[np.bool_]:
    """[N] bool: the points that stay when each gives way to every earlier one nearer than `distance` that stays.

    In rounds over the near pairs: whoever has no earlier rival left stays, and puts its later neighbours out."""
    early, late = _near_pairs(point, distance)
    out = np.zeros(len(point), bool)
    while len(late):
        rivalled = np.zeros(len(point), bool)
        rivalled[late] = True
        out[late[~rivalled[early]]] = True
        still = ~(out[early] | out[late])
        early, late = early[still], late[still]
    return ~out


def _near_pairs(point: Points, distance: float, /) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair nearer than `distance`, as (smaller index, larger index)."""
    cell = np.floor((point - point.min(axis=0, initial=0.0)) / distance).astype(np.int64) + 1
    columns = int(cell[:, 1].max(initial=0)) + 2
    key = cell[:, 0] * columns + cell[:, 1]
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    pairs = []
    for offset in (0, 1, columns - 1, columns, columns + 1):
        begin = np.searchsorted(ordered, ordered + offset, side="left")
        end = np.searchsorted(ordered, ordered + offset, side="right")
        if offset == 0:
            begin = np.arange(len(ordered)) + 1
        count = np.maximum(end - begin, 0)
        a = np.repeat(np.arange(len(ordered)), count)
        b = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count) + begin[a]
        a, b = order[a], order[b]
        near = np.sum((point[a] - point[b]) ** 2, axis=1) < distance**2
        pairs.append(np.stack([np.minimum(a, b)[near], np.maximum(a, b)[near]]))
    early, late = np.concatenate(pairs, axis=1)
    return early, late


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """point [K, 2] metres; direction [K, 2] unit: the way the path runs there; side [K]: -1 left of it, 1 right, 0 on it."""

    point: Points
    direction: Points
    side: NDArray[np.float64]


def spaced_along(
    path: ArrayLike,
    /,
    *,
    spacing: float | None = None,
    count: int | None = None,
    offset: float = 0.0,
    both_sides: bool = False,
    closed: bool = False,
) -> Along:
    """Points at even distances along a path [N, 2], either `count` of them or one about every `spacing` metres.

    They stand `offset` metres right of the path (left where negative), or on both sides, right ones first. On an open path
    the first and the last stand at its ends; a single one stands in its middle."""
    curve = np.asarray(path, np.float64)
    total = float(distances(curve, closed=closed)[-1])
    if count is None:
        count = max(1, round(total / (spacing or total or 1.0)) + (0 if closed else 1))
    if closed:
        place = np.arange(count) * (total / count)
    else:
        place = np.linspace(0.0, total, count) if count > 1 else np.array([total / 2])
    reach = min(0.05, total / 4)
    ahead, behind = place + reach, place - reach
    if not closed:
        ahead, behind = np.minimum(ahead, total), np.maximum(behind, 0.0)
    step = points_at(curve, ahead, closed=closed) - points_at(curve, behind, closed=closed)
    direction = step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-12)
    right = right_of(direction)
    point = points_at(curve, place, closed=closed)
    sides = (1.0, -1.0) if both_sides else (1.0,)
    side = np.repeat(np.array(sides), count) * (np.sign(offset) if offset else float(both_sides))
    return Along(
        np.concatenate([point + right * (offset * one) for one in sides]), np.concatenate([direction] * len(sides)), side
    )

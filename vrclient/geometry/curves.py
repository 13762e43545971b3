"""Plane curves as [N, 2] points: smoothing, even spacing, lengths, directions and sides. Nothing here has a height."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
MAX_POINTS = 20_000
"""So many points at most are put on one curve, besides its own: on a longer one they are farther apart than was asked for."""
Ease = Literal["linear", "smooth", "in", "out"]


def signed_area(points: ArrayLike, /) -> float:
    """Area inside the closed curve; positive where it runs counterclockwise seen from above."""
    x, y = np.asarray(points, np.float64).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2.0)


def distances(points: ArrayLike, /, *, closed: bool = False) -> NDArray[np.float64]:
    """[N] metres from the first point along the curve; [N + 1] for a closed one, the last being its length."""
    curve = np.asarray(points, np.float64)
    if closed:
        curve = np.concatenate([curve, curve[:1]])
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])


def length(points: ArrayLike, /, *, closed: bool = False) -> float:
    """Metres along the whole curve."""
    return float(distances(points, closed=closed)[-1])


def points_at(points: ArrayLike, distance: ArrayLike, /, *, closed: bool = False) -> Points:
    """[..., 2] points at these metres along the curve; a closed curve goes round and round, an open one ends."""
    curve = np.asarray(points, np.float64)
    along = distances(curve, closed=closed)
    wanted = np.asarray(distance, np.float64)
    if closed:
        curve = np.concatenate([curve, curve[:1]])
        wanted = np.mod(wanted, along[-1])
    return np.stack([np.interp(wanted, along, curve[:, axis]) for axis in range(2)], axis=-1)


def resampled(points: ArrayLike, /, *, spacing: float, closed: bool = False) -> Points:
    """The curve as evenly spaced points, about `spacing` metres apart, MAX_POINTS at most. An open curve keeps both ends."""
    total = length(points, closed=closed)
    count = max(3 if closed else 1, round(min(total / spacing, MAX_POINTS)))
    return points_at(points, np.linspace(0.0, total, count + 1)[: count if closed else count + 1] * (1 - 1e-12), closed=closed)


def subdivided(points: ArrayLike, /, *, spacing: float, closed: bool = False) -> Points:
    """The same curve with more points, MAX_POINTS at most: corners stay, and no two neighbours are farther apart than `spacing`
    metres, or what is left for each on a longer curve."""
    curve = np.asarray(points, np.float64)
    spacing = max(spacing, length(curve, closed=closed) / MAX_POINTS)
    ends = np.roll(curve, -1, axis=0) if closed else curve[1:]
    starts = curve if closed else curve[:-1]
    count = np.maximum(1, np.ceil(np.linalg.norm(ends - starts, axis=1) / spacing - 1e-9)).astype(int)
    row = np.repeat(np.arange(len(starts)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    fine = starts[row] + (ends - starts)[row] * (step / count[row])[:, None]
    return fine if closed else np.concatenate([fine, curve[-1:]])


def smoothed(points: ArrayLike, /, *, spacing: float, closed: bool = False) -> Points:
    """A curve through all points without corners, evenly sampled: a centripetal Catmull-Rom spline (no loops or cusps).

    Source: Yuksel, Schaefer, Keyser: On the parameterization of Catmull-Rom curves (2009)."""
    knots = np.asarray(points, np.float64)
    if len(knots) < 3:
        return resampled(knots, spacing=spacing, closed=closed)
    if closed:
        p0, p1, p2, p3 = (np.roll(knots, shift, axis=0) for shift in (1, 0, -1, -2))
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
        p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    gaps = [np.sqrt(np.maximum(np.linalg.norm(b - a, axis=1), 1e-9)) for a, b in ((p0, p1), (p1, p2), (p2, p3))]
    t1 = gaps[0]
    t2 = t1 + gaps[1]
    t3 = t2 + gaps[2]
    steps = int(
        np.clip(np.ceil(2.0 * np.linalg.norm(p2 - p1, axis=1).max() / spacing), 8, max(8, min(64, 10 * MAX_POINTS // len(p1))))
    )
    t = t1[:, None] + (t2 - t1)[:, None] * np.linspace(0.0, 1.0, steps, endpoint=False)

    def blend(a: Points, b: Points, start: Points, end: Points) -> Points:
        weight = ((t - start[:, None]) / (end - start)[:, None])[..., None]
        return (1 - weight) * a + weight * b

    t0 = np.zeros(len(t1))
    a0, a1, a2, a3 = (p[:, None, :] for p in (p0, p1, p2, p3))
    low, middle, high = blend(a0, a1, t0, t1), blend(a1, a2, t1, t2), blend(a2, a3, t2, t3)
    curve = blend(blend(low, middle, t0, t2), blend(middle, high, t1, t3), t1, t2).reshape(-1, 2)
    if not closed:
        curve = np.concatenate([curve, knots[-1:]])
    return resampled(curve, spacing=spacing, closed=closed)


def tangents(points: ArrayLike, /, *, closed: bool = False) -> Points:
    """[N, 2] unit directions at the points: the mean of the two neighbouring pieces."""
    curve = np.asarray(points, np.float64)
    pieces = _unit((np.roll(curve, -1, axis=0) - curve) if closed else np.diff(curve, axis=0))
    if closed:
        return _unit(pieces + np.roll(pieces, 1, axis=0), pieces)
    return _unit(np.concatenate([pieces[:1], pieces[:-1] + pieces[1:], pieces[-1:]]), np.concatenate([pieces, pieces[-1:]]))


def right_of(direction: ArrayLike, /) -> Points:
    """[..., 2] directions turned a quarter clockwise: right of an open curve, outside of a counterclockwise one."""
    vector = np.asarray(direction, np.float64)
    return np.stack([vector[..., 1], -vector[..., 0]], axis=-1)


def sides(points: ArrayLike, /, *, closed: bool = False, limit: float = 2.0) -> Points:
    """[N, 2] rightward vectors such that `points + d * sides` runs parallel at `d` metres, also round corners.

    In sharp corners the vector is at most `limit` long, so a corner is cut rather than spiked."""
    curve = np.asarray(points, np.float64)
    normal = right_of(tangents(curve, closed=closed))
    pieces = right_of(_unit((np.roll(curve, -1, axis=0) - curve) if closed else np.diff(curve, axis=0)))
    leaving = pieces if closed else np.concatenate([pieces, pieces[-1:]])
    cosine = np.maximum(np.einsum("ij,ij->i", normal, leaving), 1.0 / limit)
    return normal / cosine[:, None]


def eased(t: ArrayLike, ease: Ease, /) -> NDArray[np.float64]:
    """0..1 to 0..1: even, slow at both ends, slow at the start, or slow at the end."""
    x = np.clip(np.asarray(t, np.float64), 0.0, 1.0)
    if ease == "smooth":
        return x * x * (3.0 - 2.0 * x)
    if ease == "in":
        return x * x
    if ease == "out":
        return 1.0 - (1.0 - x) ** 2
    return x


def _unit(vector: Points, fallback: Points | None = None) -> Points:
    size = np.linalg.norm(vector, axis=-1, keepdims=True)
    unit = vector / np.maximum(size, 1e-12)
    return unit if fallback is None else np.where(size > 1e-9, unit, _unit(fallback))

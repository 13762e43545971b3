"""Surfaces between curves: plans lofted through levels, and skins that swell over a flat area."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.curves import Points

Floats64 = NDArray[np.float64]


def interpolated(knots: ArrayLike, values: ArrayLike, at: ArrayLike, /) -> Floats64:
    """values [K] or [K, D] over rising knots [K], at places [...]: smooth, through every value, without overshooting between
    them, constant beyond the ends.

    Source: Fritsch, Butland: A method for constructing local monotone piecewise cubic interpolants (1984)."""
    x, y = np.asarray(knots, np.float64), np.asarray(values, np.float64)
    flat = y.reshape(len(x), -1)
    where = np.clip(np.asarray(at, np.float64), x[0], x[-1])
    if len(x) == 1:
        return np.broadcast_to(y[0], where.shape + y.shape[1:]).copy()
    step = np.diff(x)[:, None]
    slope = np.diff(flat, axis=0) / step
    tangent = np.concatenate([slope[:1], np.zeros((len(x) - 2, flat.shape[1])), slope[-1:]])
    if len(x) > 2:
        before, after = slope[:-1], slope[1:]
        weight = (1.0 + step[1:] / (step[:-1] + step[1:])) / 3.0
        same = before * after > 0
        total = np.where(same, weight * after + (1 - weight) * before, 1.0)
        tangent[1:-1] = np.where(same, before * after / total, 0.0)
    piece = np.clip(np.searchsorted(x, where, side="right") - 1, 0, len(x) - 2)
    width = step[piece]
    t = ((where - x[piece]) / width[..., 0])[..., None]
    value = (
        (1 + 2 * t) * (1 - t) ** 2 * flat[piece]
        + t * (1 - t) ** 2 * width * tangent[piece]
        + t**2 * (3 - 2 * t) * flat[piece + 1]
        + t**2 * (t - 1) * width * tangent[piece + 1]
    )
    return value.reshape(where.shape + y.shape[1:])


def lofted(plan: Points, height: Floats64, /, *, scale: Floats64, offset: Floats64, twist: Floats64) -> Floats64:
    """[R, N, 3] metres: a closed plan [N, 2] at R levels, each scaled and twisted (radians, clockwise) about the plan's middle,
    then moved. height [R, N]; scale, twist [R]; offset [R, 2]."""
    middle = plan.mean(axis=0)
    arm = plan - middle
    cosine, sine = np.cos(twist)[:, None], np.sin(twist)[:, None]
    x = (cosine * arm[:, 0] + sine * arm[:, 1]) * scale[:, None] + middle[0] + offset[:, :1]
    y = (-sine * arm[:, 0] + cosine * arm[:, 1]) * scale[:, None] + middle[1] + offset[:, 1:]
    return np.stack([x, y, np.broadcast_to(height, x.shape)], axis=-1)


def grid_normals(grid: Floats64, /) -> Floats64:
    """[R, N, 3] unit normals of a lofted surface that is closed around; outward where the plan runs counterclockwise."""
    around = np.roll(grid, -1, axis=1) - np.roll(grid, 1, axis=1)
    up = np.gradient(grid, axis=0) if len(grid) > 1 else np.broadcast_to([0.0, 0.0, 1.0], grid.shape)
    normal = np.cross(around, up)
    return normal / np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-12)


def grid_cells(grid: Floats64, /) -> Floats64:
    """[R - 1, N, 4, ...] corners of the quads between levels: lower left first, counterclockwise from outside."""
    following = np.roll(grid, -1, axis=1)
    return np.stack([grid[:-1], following[:-1], following[1:], grid[1:]], axis=2)


def swollen(points: Points, triangle: NDArray[np.uint32], /) -> Floats64:
    """[N] 0..1: how high a skin stretched over the area stands when blown up from below; 0 along the edge, 1 at the highest.

    Solves Poisson's equation on the triangles by conjugate gradients, to 1 part in 10,000."""
    count = len(points)
    stiffness = []
    for k in range(3):
        i, j, opposite = (triangle[:, (k + turn) % 3].astype(np.int64) for turn in range(3))
        a, b = points[i] - points[opposite], points[j] - points[opposite]
        area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        stiffness.append((i, j, np.clip((a * b).sum(axis=1) / np.maximum(area, 1e-9), 1e-3, 1e3) / 2.0))
    start, end, weight = (np.concatenate(parts) for parts in zip(*stiffness, strict=True))
    edge = _is_on_edge(triangle, count)
    inner = np.where(edge, 0.0, 1.0)
    diagonal = np.bincount(start, weight, count) + np.bincount(end, weight, count)
    diagonal = np.where(edge, 1.0, np.maximum(diagonal, 1e-9))
    corner = points[triangle]
    first, second = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    share = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 6.0
    load = inner * np.bincount(triangle.reshape(-1), np.repeat(share, 3), count)

    def applied(value: Floats64) -> Floats64:
        flow = weight * (value[start] - value[end])
        return inner * (np.bincount(start, flow, count) - np.bincount(end, flow, count)) + (1.0 - inner) * value

    height = np.zeros(count)
    residual: Floats64 = load.astype(np.float64)
    preconditioned = residual / diagonal
    direction = preconditioned.copy()
    energy = float(residual @ preconditioned)
    goal = 1e-8 * energy
    for _ in range(400):
        if energy <= goal:
            break
        ahead = applied(direction)
        length = energy / float(direction @ ahead)
        height += length * direction
        residual -= length * ahead
        preconditioned = residual / diagonal
        fresh = float(residual @ preconditioned)
        direction = preconditioned + (fresh / energy) * direction
        energy = fresh
    return np.clip(height / max(float(height.max(initial=0.0)), 1e-12), 0.0, 1.0)


def _is_on_edge(triangle: NDArray[np.uint32], count: int) -> NDArray[np.bool_]:
    start = triangle.astype(np.int64).reshape(-1)
    end = np.roll(triangle, -1, axis=1).astype(np.int64).reshape(-1)
    key = np.minimum(start, end) * count + np.maximum(start, end)
    value, times = np.unique(key, return_counts=True)
    single = value[times == 1]
    edge = np.zeros(count, bool)
    edge[single // count] = True
    edge[single % count] = True
    return edge

"""Meshes from quads: walls over a plan, boxes, profiles swept along a path, and quads with a recessed opening."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.curves import sides
from vrclient.geometry.mesh import EMPTY, Mesh, concatenated, mesh

MAX_FACES = 60_000
"""Of one piece of wall."""
_QUAD = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)


def quads(
    corner: ArrayLike, /, *, normal: ArrayLike | None = None, uv: ArrayLike | None = None, color: ArrayLike | None = None
) -> Mesh:
    """Four-cornered faces, counterclockwise from outside: corner [Q, 4, 3]. A missing normal is the face's own; a missing
    uv is metres along the first edge and up the last. Corners may coincide: what has no area
    is left out. normal [Q, 4, 3], uv [Q, 4, 2], color [Q, 3]."""
    corners = np.asarray(corner, np.float64).reshape(-1, 4, 3)
    if not len(corners):
        return EMPTY
    if normal is None:
        across = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        normal = np.repeat(across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12), 4, axis=0)
    if uv is None:
        width = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
        height = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
        zero = np.zeros(len(corners))
        uv = np.stack([np.stack(pair, axis=1) for pair in ((zero, zero), (width, zero), (width, height), (zero, height))], axis=1)
    triangle = (_QUAD[None] + 4 * np.arange(len(corners), dtype=np.uint32)[:, None, None]).reshape(-1, 3)
    flat = corners.reshape(-1, 3)
    a, b, c = (flat[triangle[:, k]] for k in range(3))
    has_area = np.abs(np.cross(b - a, c - a)).max(axis=1) > 1e-8
    return mesh(
        flat,
        triangle[has_area],
        normal=np.asarray(normal).reshape(-1, 3),
        uv=np.asarray(uv).reshape(-1, 2),
        color=None if color is None else np.repeat(np.asarray(color), 4, axis=0),
    )


def walls(ring: ArrayLike, bottom: ArrayLike, top: ArrayLike, /, *, spacing: float = 4.0, closed: bool = True) -> Mesh:
    """Upright faces over a plan, outside to the right of its direction (so counterclockwise plans face outward).

    ring [N, 2]; bottom and top: metres, one value or one for each of the N points. Faces are at most about `spacing` wide
    and high, so that light can vary across them; there are MAX_FACES at most, larger where needed, or one for each edge. Faces
    without height are left out."""
    plan = np.asarray(ring, np.float64)
    levels = np.stack([np.broadcast_to(np.asarray(value, np.float64), len(plan)) for value in (bottom, top)], axis=1)
    start, end = (plan, np.roll(plan, -1, axis=0)) if closed else (plan[:-1], plan[1:])
    level_start, level_end = (levels, np.roll(levels, -1, axis=0)) if closed else (levels[:-1], levels[1:])
    along = np.linalg.norm(end - start, axis=1)
    high = max(float(np.max(levels[:, 1] - levels[:, 0], initial=0.0)), 1e-9)
    rows = max(1, int(min(np.ceil(high / spacing), MAX_FACES // max(len(start), 1))))
    spacing = max(spacing, float(along.sum()) * rows / MAX_FACES)
    across = np.maximum(1, np.ceil(along / spacing)).astype(int)
    piece = np.repeat(np.arange(len(start)), across * rows)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(across * rows) - across * rows, across * rows)
    column, row = number // rows, number % rows
    corner = np.zeros((len(piece), 4, 3))
    uv = np.zeros((len(piece), 4, 2))
    passed = np.concatenate([[0.0], np.cumsum(along)])[:-1]
    for index, (right, above) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
        s = (column + right) / across[piece]
        t = (row + above) / rows
        corner[:, index, :2] = start[piece] + (end - start)[piece] * s[:, None]
        low, high = (level_start[piece] + (level_end - level_start)[piece] * s[:, None]).T
        corner[:, index, 2] = low + (high - low) * t
        uv[:, index] = np.stack([passed[piece] + along[piece] * s, corner[:, index, 2]], axis=1)
    solid = (corner[:, 3, 2] - corner[:, 0, 2] > 1e-6) | (corner[:, 2, 2] - corner[:, 1, 2] > 1e-6)
    return quads(corner[solid], uv=uv[solid])


def box(low: ArrayLike, high: ArrayLike, /) -> Mesh:
    """A closed box between two corners [3], outside faces only."""
    (x0, y0, z0), (x1, y1, z1) = np.asarray(low, np.float64), np.asarray(high, np.float64)
    corner = [
        [(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)],
        [(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)],
        [(x1, y1, z0), (x0, y1, z0), (x0, y1, z1), (x1, y1, z1)],
        [(x0, y1, z0), (x0, y0, z0), (x0, y0, z1), (x0, y1, z1)],
        [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)],
        [(x0, y1, z0), (x1, y1, z0), (x1, y0, z0), (x0, y0, z0)],
    ]
    return quads(corner)


def swept(path: ArrayLike, profile: ArrayLike, /, *, closed: bool = False) -> Mesh:
    """A profile drawn along a path: kerbs, rims, rails. path [N, 3]; profile [P, 2] of (metres right of the path, metres up),
    counterclockwise looking along the path where it is a closed shape.

    The profile's edges stay crisp, the path is shaded smoothly unless it turns by more than 40 degrees. A profile whose first
    and last point agree encloses a solid; on an open path its two ends are closed."""
    line, shape = np.asarray(path, np.float64), np.asarray(profile, np.float64)
    if len(line) < 2:
        return EMPTY
    side = sides(line[:, :2], closed=closed)
    point = line[:, None, :] + np.concatenate(
        [shape[None, :, :1] * side[:, None, :], np.broadcast_to(shape[:, 1:], (len(line), len(shape), 1))], axis=2
    )
    start = np.arange(len(line) if closed else len(line) - 1)
    end = (start + 1) % len(line)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(line[end] - line[start], axis=1))])
    around = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(shape, axis=0), axis=1))])
    corner = np.stack([point[start][:, 1:], point[start][:, :-1], point[end][:, :-1], point[end][:, 1:]], axis=2)
    face = np.cross(corner[:, :, 2] - corner[:, :, 0], corner[:, :, 3] - corner[:, :, 1])
    face /= np.maximum(np.linalg.norm(face, axis=2, keepdims=True), 1e-12)
    normal = np.repeat(face[:, :, None], 4, axis=2)
    for mine, other, corners in ((slice(1, None), slice(None, -1), (0, 1)), (slice(None, -1), slice(1, None), (2, 3))):
        _round_off(normal, face, mine, other, corners)
    if closed:
        _round_off(normal, face, slice(0, 1), slice(-1, None), (0, 1))
        _round_off(normal, face, slice(-1, None), slice(0, 1), (2, 3))
    uv = np.zeros((*corner.shape[:3], 2))
    uv[..., 0] = np.stack([along[:-1], along[:-1], along[1:], along[1:]], axis=1)[:, None, :]
    uv[..., 1] = np.stack([around[1:], around[:-1], around[:-1], around[1:]], axis=1)[None]
    flat = [quads(corner.reshape(-1, 4, 3), normal=normal.reshape(-1, 4, 3), uv=uv.reshape(-1, 4, 2))]
    if not closed and np.allclose(shape[0], shape[-1]) and len(shape) > 3:
        flat += [_cap(point[0, :-1][::-1]), _cap(point[-1, :-1])]
    return concatenated(flat)


def _round_off(
    normal: NDArray[np.float64], face: NDArray[np.float64], mine: slice, other: slice, corners: tuple[int, int]
) -> None:
    together = face[mine] + face[other]
    unit = together / np.maximum(np.linalg.norm(together, axis=2, keepdims=True), 1e-12)
    smooth = np.einsum("ijk,ijk->ij", face[mine], face[other])[..., None] > np.cos(np.radians(40.0))
    for corner in corners:
        normal[mine, :, corner] = np.where(smooth, unit, face[mine])


def _cap(point: NDArray[np.float64]) -> Mesh:
    fan = [(0, k, k + 1) for k in range(1, len(point) - 1)]
    return mesh(point, fan)


@dataclass(frozen=True, slots=True, eq=False)
class Recessed:
    """What `recessed` makes: the faces around the openings, the sides of the recesses, and the faces at their back."""

    wall: Mesh
    reveal: Mesh
    back: Mesh


def recessed(
    corner: ArrayLike,
    opening: ArrayLike,
    depth: ArrayLike,
    /,
    *,
    normal: ArrayLike | None = None,
    uv: ArrayLike | None = None,
    back_uv: ArrayLike | None = None,
) -> Recessed:
    """Quads, each with one recessed rectangular opening: windows and glass bays as real geometry.

    corner [Q, 4, 3] counterclockwise from outside (lower left first); opening [Q, 4] = left, right, bottom, top as ratios of
    the quad, strictly inside; depth [Q] metres inward; normal [Q, 4, 3] and uv [Q, 4, 2] at the corners, back_uv [Q, 4, 2]
    where the backs count differently. Neighbouring quads share whole edges, so a wall made of them has no cracks."""
    corners = np.asarray(corner, np.float64).reshape(-1, 4, 3)
    if not len(corners):
        return Recessed(EMPTY, EMPTY, EMPTY)
    shape = quads(corners, normal=normal, uv=uv)
    normals, uvs = (np.asarray(value, np.float64).reshape(len(corners), 4, -1) for value in (shape.normal, shape.uv))
    left, right, bottom, top = np.asarray(opening, np.float64).T
    s = np.stack([left, right, right, left], axis=1)[..., None]
    t = np.stack([bottom, bottom, top, top], axis=1)[..., None]
    weights = ((1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t)

    def inside(value: NDArray[np.float64]) -> NDArray[np.float64]:
        return sum((weight * value[:, None, k] for k, weight in enumerate(weights)), np.zeros(()))

    rim, rim_normal, rim_uv = inside(corners), inside(normals), inside(uvs)
    rim_normal /= np.maximum(np.linalg.norm(rim_normal, axis=2, keepdims=True), 1e-12)
    inward = rim_normal.mean(axis=1, keepdims=True)
    floor = rim - inward * np.broadcast_to(np.asarray(depth, np.float64), len(corners))[:, None, None]
    following = np.array([1, 2, 3, 0])

    def ring(outer: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([outer, outer[:, following], inner[:, following], inner], axis=2).reshape(-1, 4, outer.shape[-1])

    return Recessed(
        wall=quads(ring(corners, rim), normal=ring(normals, rim_normal), uv=ring(uvs, rim_uv)),
        reveal=quads(ring(rim, floor)),
        back=quads(floor, normal=rim_normal, uv=rim_uv if back_uv is None else inside(np.asarray(back_uv, np.float64))),
    )

"""Very many coloured quads as columns: shaped in local frames, put into the world together, dealt out into meshes by group.

For shapes that come in thousands and differ in numbers only; a single shape is easier made with extrusion.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.curves import Points
from vrclient.geometry.mesh import Floats, Mesh

_QUAD = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class UprightFrames:
    """K upright frames: origin [K, 2] metres, along [K, 2] unit. Their axes: x along, y left of it, z up."""

    origin: Points
    along: Points

    def of(self, rows: NDArray, /) -> "UprightFrames":
        """Some of them, in this order."""
        return UprightFrames(self.origin[rows], self.along[rows])

    def moved(self, x: ArrayLike, y: ArrayLike, /) -> "UprightFrames":
        """The same frames with their origins at x [K], y [K]."""
        east, north = self.along.T
        shift = np.stack([x * east - y * north, x * north + y * east], axis=1)
        return UprightFrames(self.origin + shift, self.along)

    def turned(self) -> "UprightFrames":
        """A quarter to the left, about their origins."""
        return UprightFrames(self.origin, np.stack([-self.along[:, 1], self.along[:, 0]], axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class QuadTable:
    """Q faces with four corners, counterclockwise from outside; both of a face's triangles have area.

    corner  [Q, 4, 3] float32 metres, in the world
    normal  [Q, 3] float32 unit
    uv      [Q, 4, 2] float32
    color   [Q, 3] float32 linear RGB
    owner   [Q] int64: whose face it is
    """

    corner: Floats
    normal: Floats
    uv: Floats
    color: Floats
    owner: NDArray[np.int64]


def facing_front(x: tuple[ArrayLike, ArrayLike], z: tuple[ArrayLike, ArrayLike], y: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: upright faces along x, seen from negative y. Each argument is [Q] or one value for all."""
    return _corners([(x[0], y, z[0]), (x[1], y, z[0]), (x[1], y, z[1]), (x[0], y, z[1])])


def facing_back(x: tuple[ArrayLike, ArrayLike], z: tuple[ArrayLike, ArrayLike], y: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: upright faces along x, seen from positive y."""
    return facing_front((x[1], x[0]), z, y)


def facing_left(y: tuple[ArrayLike, ArrayLike], z: tuple[ArrayLike, ArrayLike], x: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: upright faces along y, seen from negative x."""
    return _corners([(x, y[1], z[0]), (x, y[0], z[0]), (x, y[0], z[1]), (x, y[1], z[1])])


def facing_right(y: tuple[ArrayLike, ArrayLike], z: tuple[ArrayLike, ArrayLike], x: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: upright faces along y, seen from positive x."""
    return facing_left((y[1], y[0]), z, x)


def facing_up(x: tuple[ArrayLike, ArrayLike], y: tuple[ArrayLike, ArrayLike], z: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: level faces, seen from above."""
    return _corners([(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)])


def facing_down(x: tuple[ArrayLike, ArrayLike], y: tuple[ArrayLike, ArrayLike], z: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: level faces, seen from below."""
    return facing_up((x[1], x[0]), y, z)


def triangles(first: ArrayLike, second: ArrayLike, third: ArrayLike, /) -> Floats:
    """[Q, 4, 3]: triangles [Q, 3] each, counterclockwise, as quads: the fourth corner is the middle between third and first."""
    a, b, c = (np.asarray(corner, np.float64) for corner in (first, second, third))
    return np.stack([(a + c) / 2.0, a, b, c], axis=1).astype(np.float32)


def rectangle_uv(u: tuple[ArrayLike, ArrayLike], v: tuple[ArrayLike, ArrayLike], /) -> Floats:
    """[Q, 4, 2]: for faces whose first side runs along u."""
    corner = [np.stack(np.broadcast_arrays(*pair), axis=-1) for pair in ((u[0], v[0]), (u[1], v[0]), (u[1], v[1]), (u[0], v[1]))]
    return np.stack(corner, axis=-2).astype(np.float32)


def _corners(corner: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> Floats:
    flat = np.broadcast_arrays(*(value for place in corner for value in place))
    return np.stack(flat, axis=-1).astype(np.float32).reshape(-1, 4, 3)


def placed_quads(
    frames: UprightFrames, corner: Floats, /, *, color: ArrayLike, owner: NDArray[np.int64], uv: ArrayLike | None = None
) -> QuadTable:
    """Quads [Q, 4, 3] given in frames of their own, color [Q, 3] or one for all, owner [Q].

    A missing uv is (x + y, z) on upright faces and (x, y) on others: metres that run on round a corner."""
    east, north = frames.along[:, None, 0].astype(np.float32), frames.along[:, None, 1].astype(np.float32)
    x, y, z = (corner[..., axis] for axis in range(3))
    world = np.empty(corner.shape, np.float32)
    world[..., 0] = frames.origin[:, None, 0] + (x * east - y * north)
    world[..., 1] = frames.origin[:, None, 1] + (x * north + y * east)
    world[..., 2] = z
    across = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), np.float32(1e-12))
    east, north = east[:, 0], north[:, 0]
    turned = (across[:, 0] * east - across[:, 1] * north, across[:, 0] * north + across[:, 1] * east, across[:, 2])
    if uv is None:
        is_upright = (np.abs(across[:, 2]) < 0.5)[:, None]
        uv = np.stack([np.where(is_upright, x + y, x), np.where(is_upright, z, y)], axis=2)
    colors = np.broadcast_to(np.asarray(color, np.float32), (len(corner), 3))
    return QuadTable(world, np.stack(turned, axis=1), np.asarray(uv, np.float32), colors, owner)


def meshes_by_group(tables: Sequence[QuadTable], group: NDArray[np.int64], /) -> Iterator[tuple[int, Mesh]]:
    """(number of the group, all its faces as one mesh), groups rising; group [owners] says to which each owner belongs."""
    if not tables:
        return
    of_quad = group[np.concatenate([table.owner for table in tables])]
    order = np.argsort(of_quad, kind="stable")
    corner, normal, uv, color = (
        np.concatenate([getattr(table, name) for table in tables])[order] for name in ("corner", "normal", "uv", "color")
    )
    number, start = np.unique(of_quad[order], return_index=True)
    end = np.append(start[1:], len(order))
    longest = int((end - start).max(initial=0))
    triangle = (_QUAD[None] + 4 * np.arange(longest, dtype=np.uint32)[:, None, None]).reshape(-1, 3)
    for which, first, last in zip(number.tolist(), start.tolist(), end.tolist(), strict=True):
        count = last - first
        shape = Mesh(
            position=corner[first:last].reshape(-1, 3),
            normal=np.repeat(normal[first:last], 4, axis=0),
            uv=uv[first:last].reshape(-1, 2),
            color=np.repeat(color[first:last], 4, axis=0),
            openness=np.ones(4 * count, np.float32),
            triangle=triangle[: 2 * count],
        )
        yield which, shape

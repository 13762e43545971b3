"""How rows are laid out for culling: cells of 32 neighbouring rows of one mesh. It decides nothing about visibility.

A cell is never shared by two meshes, and the cells of a mesh follow one another, so rows that pass come out grouped by
mesh without sorting. 32 is what makes the rest cheap: a cell's row numbers are 128 bytes and its mask is 32, which numpy
moves as single items (`ROW_ITEM`, `MASK_ITEM`); 16 and 64 were slower.

Cells are made by sort-tile-recursive packing: sort along one axis, cut into slabs, sort each slab along the other, cut
into cells. Source: Leutenegger, Lopez, Edgington, STR: A Simple and Efficient Algorithm for R-Tree Packing (ICDE 1997).

Half extents are widened by two millionths of themselves and of the distance to the origin, so that rounding in the
float32 plane tests can only keep a box that is outside, never drop one that is inside.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

CELL_ROWS = 32
ROW_ITEM = np.dtype(f"V{4 * CELL_ROWS}")
MASK_ITEM = np.dtype(f"V{CELL_ROWS}")

WIDENING = 2.0**-19
"""Thirty-two float32 roundings. A plane test is a sum of 7 products, so its error is below 7 roundings of the sum S of
their sizes (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), and 4 more for rounding the columns, the normal
and the offset. Where the sign is in doubt the offset is at most the rest of S: 22 roundings of that rest are enough."""

LEAST_DIAMETER = 1e-6
"""Metres. What a point counts as when levels are chosen by size."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """N rows in C cells of M meshes; cells of one mesh are neighbours. Slots that no row fills repeat a row of the cell.

    origin    [3] float64 metres, world; columns are relative to it. The median, so that a stray row spoils only itself
    rows      [C, 32] uint32: the caller's row numbers
    filled    [C, 32] bool: False where a slot only repeats another
    columns   [6, C, 32] float32: center - origin, widened half extent
    diameter  [C, 32] float32 metres: of the sphere around the box
    bounds    [7, C] float32: as columns, of the whole cell, then 1
    mesh      [C] int32
    first     [M + 1] int64: mesh m has the cells first[m] .. first[m + 1]
    reach     [3] float64 metres: how far from the origin any box goes
    slot      [N] int64: where in rows.reshape(-1) a row is
    """

    origin: NDArray[np.float64]
    rows: NDArray[np.uint32]
    filled: NDArray[np.bool_]
    columns: NDArray[np.float32]
    diameter: NDArray[np.float32]
    bounds: NDArray[np.float32]
    mesh: NDArray[np.int32]
    first: NDArray[np.int64]
    reach: NDArray[np.float64]
    slot: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def is_inside(self, plane: NDArray[np.float64], /) -> bool:
        """Whether all boxes are on the inner side of a plane [4] (n, d), n.p + d >= 0, in the frame of the columns."""
        x, y, z, offset = plane.tolist()
        width, depth, height = self.reach.tolist()
        return bool(abs(x) * width + abs(y) * depth + abs(z) * height <= offset)

    def move(
        self, rows: NDArray[np.int64], center: NDArray[np.float64], half_extent: NDArray[np.float64], /
    ) -> NDArray[np.int64]:
        """Writes new boxes of `rows` [K] (checked by the caller; of a row given twice the last counts); returns the cells
        that changed, ascending. The bounds of those cells are made anew; no row changes its cell."""
        unique, last = np.unique(rows[::-1], return_index=True)
        column, diameter = _columns((center - self.origin)[::-1][last], half_extent[::-1][last])
        slot = self.slot[unique]
        cells = np.unique(slot // CELL_ROWS)
        columns, diameters = self.columns.reshape(6, -1), self.diameter.reshape(-1)
        columns[:, slot], diameters[slot] = column, diameter
        source = self.slot[self.rows[cells]]
        self.columns[:, cells], self.diameter[cells] = columns[:, source], diameters[source]
        self.bounds[:, cells] = _bounds(self.columns[:, cells])
        np.maximum(self.reach, _reach(self.bounds[:, cells]), out=self.reach)
        return cells


def build_cells(
    center: NDArray[np.float64],
    half_extent: NDArray[np.float64],
    mesh: NDArray[np.int64],
    moving: NDArray[np.bool_],
    /,
    *,
    mesh_count: int,
    margin: NDArray[np.float64] | float = 0.0,
) -> Cells:
    """Checked columns [N, 3], [N, 3] metres, [N], [N] as cells. Rows that are `moving` share cells only with each other; boxes
    are wider by `margin` [N] to the sides, diameters are not."""
    count = len(center)
    origin = np.median(center, axis=0) if count else np.zeros(3)
    across, along = np.argsort(-np.ptp(center, axis=0), kind="stable")[:2] if count else (0, 1)
    group = mesh * 2 + moving
    order, group_start = _tiled(group, center[:, across], center[:, along], group_count=2 * mesh_count)

    group_cells = -(-np.diff(group_start) // CELL_ROWS)
    first_cell = np.concatenate([[0], np.cumsum(group_cells)])
    cell_group = np.repeat(np.arange(2 * mesh_count), group_cells)
    start = group_start[cell_group] + CELL_ROWS * (np.arange(len(cell_group)) - first_cell[cell_group])
    position = start[:, None] + np.arange(CELL_ROWS)
    filled = position < group_start[cell_group + 1][:, None]
    rows = order[np.where(filled, position, start[:, None])]

    _, diameter = _columns(center - origin, half_extent)
    widened = half_extent.copy()
    widened[:, :2] += np.reshape(margin, (-1, 1))
    column, _ = _columns(center - origin, widened)
    columns, numbers = cache_aligned((6, *rows.shape), np.float32), cache_aligned(rows.shape, np.uint32)
    column.take(rows, axis=1, out=columns, mode="wrap")
    numbers[:] = rows
    slot = np.empty(count, np.int64)
    slot[rows[filled]] = np.flatnonzero(filled)
    bounds = _bounds(columns)
    return Cells(
        origin=origin,
        rows=numbers,
        filled=filled,
        columns=columns,
        diameter=diameter[rows],
        bounds=bounds,
        mesh=(cell_group // 2).astype(np.int32),
        first=first_cell[::2].astype(np.int64),
        reach=_reach(bounds),
        slot=slot,
    )


def cache_aligned(shape: tuple[int, ...], dtype: DTypeLike, /) -> NDArray[Any]:
    """An empty array that starts at a multiple of 64 bytes, so that items of 32 or 128 bytes touch the fewest cache lines."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def _tiled(
    group: NDArray[np.int64], across: NDArray[np.float64], along: NDArray[np.float64], /, *, group_count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order [N] in which neighbours follow each other within each group, and where in it each group starts [G + 1]."""
    size = np.bincount(group, minlength=group_count)
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    order = np.lexsort((across, group))
    tiles = -(-size // CELL_ROWS)
    slabs = np.rint(np.sqrt(tiles * _extent(across, order, start) / _extent(along, order, start)))
    slab_rows = CELL_ROWS * -(-tiles // np.clip(slabs, 1, np.maximum(tiles, 1)).astype(np.int64))
    ordered = group[order]
    slab = (np.arange(len(group)) - start[ordered]) // np.maximum(slab_rows[ordered], 1)
    return order[np.lexsort((along[order], slab, ordered))], start


def _extent(value: NDArray[np.float64], order: NDArray[np.int64], start: NDArray[np.int64], /) -> NDArray[np.float64]:
    """[G] float64: largest minus smallest value of each group, at least 1 mm; 1 where a group is empty."""
    extent = np.ones(len(start) - 1)
    used = start[:-1] < start[1:]
    if used.any():
        ordered = value[order]
        high = np.maximum.reduceat(ordered, start[:-1][used])
        extent[used] = np.maximum(high - np.minimum.reduceat(ordered, start[:-1][used]), 1e-3)
    return extent


def _columns(
    relative: NDArray[np.float64], half_extent: NDArray[np.float64], /
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """[6, K] float32 columns and [K] float32 diameters of boxes whose centers are relative to the origin."""
    columns = np.empty((6, len(relative)), np.float32)
    columns[:3] = relative.T
    columns[3:] = (half_extent * (1.0 + WIDENING) + np.abs(relative) * WIDENING).T
    return columns, np.maximum(2.0 * np.linalg.norm(half_extent, axis=1), LEAST_DIAMETER).astype(np.float32)


def _bounds(columns: NDArray[np.float32], /) -> NDArray[np.float32]:
    """[7, C] float32: the box around the boxes of each cell, of columns [6, C, 32]."""
    center, half_extent = columns[:3].astype(np.float64), columns[3:].astype(np.float64)
    low, high = (center - half_extent).min(axis=2), (center + half_extent).max(axis=2)
    middle = (low + high) / 2.0
    bounds = np.ones((7, columns.shape[1]), np.float32)
    bounds[:3] = middle
    bounds[3:6] = (high - low) / 2.0 * (1.0 + WIDENING) + np.abs(middle) * WIDENING
    return bounds


def _reach(bounds: NDArray[np.float32], /) -> NDArray[np.float64]:
    """[3] float64: how far from the origin bounds [7, C] go along each axis."""
    return np.asarray((np.abs(bounds[:3]).astype(np.float64) + bounds[3:6]).max(axis=1, initial=0.0))

"""Boxes against planes, over columns: which cells a frustum touches, and which rows of those it only touches partly.

It knows nothing of meshes, dates or levels. A box is outside when it lies wholly on the outer side of one plane.
Known false positives: boxes near the solid's edges and corners that are outside but not behind any single plane.

Each test is one matrix product, [P, 7] (n, |n|, d) times [7, N] (center, half extent, 1): the signed distance of the box's
innermost point; with -|n| of its outermost. Source: Assarsson, Moller, Optimized View Frustum Culling Algorithms for
Bounding Boxes (2000), the n/p-vertex test. Everything is cut into blocks that stay in the cache, and nothing is allocated
that grows with the number of boxes.
"""

import numpy as np
from numpy.typing import NDArray

from vrclient.visibility.cells import CELL_ROWS, MASK_ITEM, ROW_ITEM, WIDENING, Cells

CELL_BLOCK = 8192
"""Cells tested at a time: 12 distances of each are 384 KiB."""
ROW_BLOCK = 1024
"""Partial cells whose rows are tested at a time: 7 columns and 6 distances of each row are 832 KiB."""
INDEX_BLOCK = 32768
"""Flags searched at a time; bounds what `true_indices` allocates."""


def plane_tests(planes: NDArray[np.float64], origin: NDArray[np.float64], /, *, out: NDArray[np.float32]) -> None:
    """Fills `out` [2P, 7] float32 from planes [P, 4] (n, d): P rows that are >= 0 for what touches the inner side, then P
    that are >= 0 for what is wholly inside. Boxes are relative to `origin` [3]. d is widened by its own rounding."""
    count = len(planes)
    normal, offset = planes[:, :3], planes[:, 3] + planes[:, :3] @ origin
    out[:count, :3] = out[count:, :3] = normal
    np.abs(out[:count, :3], out=out[:count, 3:6])
    np.negative(out[:count, 3:6], out=out[count:, 3:6])
    out[:count, 6] = out[count:, 6] = offset + np.abs(offset) * WIDENING


def true_indices(flags: NDArray[np.bool_], /, *, out: NDArray[np.int64]) -> int:
    """Writes the positions of True to `out`, ascending, and returns how many there are."""
    count = 0
    for start in range(0, len(flags), INDEX_BLOCK):
        found = flags[start : start + INDEX_BLOCK].nonzero()[0]
        end = count + len(found)
        np.add(found, start, out=out[count:end])
        count = end
    return count


class FrustumTest:
    """The buffers of the two tests for one set of cells.

    touched  [C] bool: cells that are not outside
    partial  [C] bool: touched cells that are not wholly inside either
    kept     [C] items of 16 bytes: of each row of a cell, 1 where the row itself is not outside; all ones unless partial
    """

    __slots__ = ("_blocks", "_cells", "_distances", "_inside", "_items", "_nearest", "_partial_count", "_partial_ids", "_row_items",
                 "kept", "partial", "touched")

    def __init__(self, cells: Cells, /) -> None:
        count = len(cells)
        self._cells = cells
        self.touched, self.partial, self._inside = (np.zeros(count, np.bool_) for _ in range(3))
        self.kept = np.ones(count * CELL_ROWS, np.uint8).view(MASK_ITEM)
        self._nearest = np.empty((2, max(min(count, CELL_BLOCK), ROW_BLOCK * CELL_ROWS)), np.float32)
        self._distances = np.empty(12 * self._nearest.shape[1], np.float32)
        self._row_items = np.empty(7 * ROW_BLOCK, ROW_ITEM)
        self._items = cells.columns.view(ROW_ITEM).reshape(7, count)
        self._partial_ids = np.empty(count, np.int64)
        self._partial_count = 0
        self._blocks = []
        for start in range(0, count, CELL_BLOCK):
            block = slice(start, min(start + CELL_BLOCK, count))
            size = block.stop - start
            distances = self._distances[: 12 * size].reshape(12, size)
            self._blocks.append((cells.bounds[:, block], distances, distances[:6], distances[6:], self._nearest[0, :size],
                                 self._nearest[1, :size], self.touched[block], self._inside[block], self.partial[block]))

    def test_cells(self, tests: NDArray[np.float32], /) -> None:
        """Fills `touched` and `partial` from the [12, 7] of `plane_tests`."""
        for bounds, distances, inner, outer, nearest, farthest, touched, inside, partial in self._blocks:
            np.matmul(tests, bounds, out=distances)
            np.minimum.reduce(inner, axis=0, out=nearest)
            np.minimum.reduce(outer, axis=0, out=farthest)
            np.greater_equal(nearest, 0.0, out=touched)
            np.greater_equal(farthest, 0.0, out=inside)
            np.greater(touched, inside, out=partial)

    def test_rows(self, tests: NDArray[np.float32], /) -> None:
        """Fills `kept` for the cells that are `partial`; those of the call before are all ones again."""
        ids = self._partial_ids
        self.kept[ids[: self._partial_count]] = ALL_KEPT
        self._partial_count = count = true_indices(self.partial, out=ids)
        for start in range(0, count, ROW_BLOCK):
            block = ids[start : min(start + ROW_BLOCK, count)]
            size = len(block)
            items = self._row_items[: 7 * size].reshape(7, size)
            self._items.take(block, axis=1, out=items, mode="clip")
            rows = size * CELL_ROWS
            distances = self._distances[: 6 * rows].reshape(6, rows)
            np.matmul(tests[:6], items.view(np.float32), out=distances)
            nearest = self._nearest[0, :rows]
            np.minimum.reduce(distances, axis=0, out=nearest)
            self.kept[block] = np.greater_equal(nearest, 0.0).view(MASK_ITEM)


ALL_KEPT = np.ones(CELL_ROWS, np.uint8).view(MASK_ITEM)[0]

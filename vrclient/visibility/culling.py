"""Boxes against planes and days against dates, over columns. It knows nothing of meshes or levels, and groups nothing.

Horizon: cells that are hidden as a whole are taken out before their rows are looked at.

Frustum: which cells it touches, and which rows of those cells that it touches only partly. A box is outside when it lies
wholly on the outer side of one plane. Known false positives: boxes near the solid's edges and corners that are outside but
not behind any single plane.

Each test is one matrix product, [P, 7] (n, |n|, d) times [7, N] (center, half extent, 1): how far inside the plane the
box's innermost point is; with -|n|, its outermost. Source: Assarsson, Moller, Optimized View Frustum Culling Algorithms for
Bounding Boxes (2000), the n/p-vertex test. Everything is cut into blocks that stay in the cache, and nothing is allocated
that grows with the number of boxes.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.visibility.cells import CELL_ROWS, MASK_ITEM, ROW_ITEM, Cells, cache_aligned
from vrclient.visibility.horizon import Horizon

CELL_BLOCK = 8192
"""Cells tested at a time: 12 distances of each are 384 KiB."""
ROW_BLOCK = 512
"""Partial cells whose rows are tested at a time: 7 columns and 6 distances of each row are 832 KiB."""
INDEX_BLOCK = 32768
"""Flags searched at a time; bounds what `true_indices` allocates."""


class PlaneTests:
    """The matrices of the two tests against the first P planes of a merged frustum.

    touching  [P, 7] float32: rows that are >= 0 for what touches a plane's inner side
    both      [2 P, 7] float32: the same, then P rows that are >= 0 for what is wholly on the inner side
    """

    def __init__(self, planes: int, /) -> None:
        self.count = planes
        self.both = np.empty((2 * planes, 7), np.float32)
        self.touching, inside = self.both[:planes], self.both[planes:]
        halves = self.both.reshape(2, planes, 7)
        self._normal, self._offset = halves[:, :, :3], halves[:, :, 6]
        self._reach, self._reach_inside = self.touching[:, 3:6], inside[:, 3:6]

    def set(self, planes: NDArray[np.float64], /) -> None:
        """Planes (n, d), [P or more, 4], in the frame of the columns."""
        rounded = planes[: self.count].astype(np.float32)
        self._normal[:] = normal = rounded[:, :3]
        self._offset[:] = rounded[:, 3]
        np.abs(normal, out=self._reach)
        np.negative(self._reach, out=self._reach_inside)


def true_indices(flags: NDArray[np.bool_], /, *, out: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of True [K], ascending; either in `out` or, if the flags are few, new."""
    if len(flags) <= INDEX_BLOCK:
        return flags.nonzero()[0]
    count = 0
    for start in range(0, len(flags), INDEX_BLOCK):
        found = flags[start : start + INDEX_BLOCK].nonzero()[0]
        end = count + len(found)
        np.add(found, start, out=out[count:end])
        count = end
    return out[:count]


class FrustumTest:
    """The buffers of the two tests for one set of cells.

    touched  [C] bool: cells that are not outside
    partial  [C] bool: touched cells that are not wholly inside either
    kept     [C] items of 32 bool: which rows of a cell are not outside themselves; all of them unless it is partial
    """

    def __init__(self, cells: Cells, /) -> None:
        count = len(cells)
        rows, cells_at_once = ROW_BLOCK * CELL_ROWS, min(count, CELL_BLOCK)
        self._answers = np.zeros((2, count), np.bool_)
        self.touched, self.partial = self._answers[0], np.zeros(count, np.bool_)
        self.kept = cache_aligned((count * CELL_ROWS,), np.bool_).view(MASK_ITEM)
        self._all_kept = self.kept.view(np.bool_)
        self._all_kept.fill(True)
        self._origin, self._bounds = cells.origin, cells.bounds[:6]
        self._gathered = np.empty((6, cells_at_once), np.float32)
        self._hidden = np.empty(cells_at_once, np.bool_)
        self._ids = np.empty(count, np.int64)
        self._partial_ids = self._ids[:0]
        self._distances = cache_aligned((max(12 * cells_at_once, 6 * rows),), np.float32)
        self._nearest = cache_aligned((max(2 * cells_at_once, rows),), np.float32)
        self._row_kept = cache_aligned((rows,), np.bool_)
        self._items = cells.columns.view(ROW_ITEM).reshape(6, count)
        # the columns of rows end where the ones of the seventh begin, however many rows there are
        self._columns = cache_aligned((7 * rows,), np.float32)
        self._columns[6 * rows :] = 1.0
        self._columns_end = 6 * rows
        self._blocks = {planes: list(self._cell_blocks(cells, planes)) for planes in (5, 6)}

    def _cell_blocks(self, cells: Cells, planes: int, /) -> Iterator[tuple[NDArray[Any], ...]]:
        """Per block of K cells: bounds [7, K], distances [2P, K], the same as [2, P, K], nearest [2, K], answers [2, K]."""
        for start in range(0, len(cells), CELL_BLOCK):
            block = slice(start, start + CELL_BLOCK)
            bounds = cells.bounds[:, block]
            size = bounds.shape[1]
            distances = self._distances[: 2 * planes * size].reshape(2 * planes, size)
            nearest = self._nearest[: 2 * size].reshape(2, size)
            yield bounds, distances, distances.reshape(2, planes, size), nearest, self._answers[:, block]

    def test_cells(self, tests: PlaneTests, /) -> None:
        """Fills `touched` and `partial`; against 5 or 6 planes."""
        for bounds, distances, by_answer, nearest, answers in self._blocks[tests.count]:
            np.matmul(tests.both, bounds, out=distances)
            np.minimum.reduce(by_answer, axis=1, out=nearest)
            np.greater_equal(nearest, ZERO, out=answers)
        np.greater(self.touched, self._answers[1], out=self.partial)

    def remove_hidden(self, horizon: Horizon, /) -> None:
        """Touched cells that are hidden as a whole are not touched. After `test_cells`."""
        for start in range(0, len(self.touched), CELL_BLOCK):
            ids = np.flatnonzero(self.touched[start : start + CELL_BLOCK])
            ids += start
            bounds = self._gathered[:, : len(ids)]
            self._bounds.take(ids, axis=1, out=bounds, mode="clip")
            hidden = self._hidden[: len(ids)]
            if horizon.hidden(bounds, out=hidden, origin=self._origin):
                gone = ids[hidden]
                self.touched[gone] = False
                self.partial[gone] = False

    def test_rows(self, tests: PlaneTests, /) -> None:
        """Fills `kept` for the cells that are `partial`; those of the call before are all kept again."""
        kept, touching, planes = self.kept, tests.touching, tests.count
        if len(self._partial_ids) * REFILL > len(kept):
            self._all_kept.fill(True)
        else:
            kept[self._partial_ids] = ALL_KEPT
        self._partial_ids = ids = true_indices(self.partial, out=self._ids)
        for start in range(0, len(ids), ROW_BLOCK):
            block = ids[start : start + ROW_BLOCK]
            rows = len(block) * CELL_ROWS
            columns = self._columns[self._columns_end - 6 * rows : self._columns_end + rows].reshape(7, rows)
            self._items.take(block, axis=1, out=columns[:6].view(ROW_ITEM), mode="wrap")
            distances = self._distances[: planes * rows].reshape(planes, rows)
            np.matmul(touching, columns, out=distances)
            nearest = np.minimum.reduce(distances, axis=0, out=self._nearest[:rows])
            kept[block] = np.greater_equal(nearest, ZERO, out=self._row_kept[:rows]).view(MASK_ITEM)


class Dates:
    """Which rows exist at a day: built <= day < demolished, and they are shown. Days are whole numbers (`date.toordinal()`).

    A cell is looked at again only when the day leaves the span in which nothing of it is built or demolished."""

    def __init__(self, cells: Cells, built: NDArray[np.int32], demolished: NDArray[np.int32], /) -> None:
        """`built` and `demolished` are [N], in the caller's order."""
        self._rows, self._all_filled = cells.rows, cells.filled
        self._filled = cells.filled.copy()
        self._built, self._demolished = built[cells.rows], demolished[cells.rows]
        self._exist = cells.filled.copy()
        self._since = np.full(len(cells), FIRST_DAY, np.int32)
        self._until = np.full(len(cells), LAST_DAY, np.int32)
        self._changed, self._passed = np.zeros((2, len(cells)), np.bool_)
        self._day: int | None = None

    def show(self, shown: NDArray[np.bool_], /) -> None:
        """Rows [N] bool that exist at all from now on, in the caller's order; every cell is to be looked at again."""
        np.logical_and(self._all_filled, shown[self._rows], out=self._filled)
        self._since.fill(LAST_DAY)

    def advance(self, day: int | None, /) -> NDArray[np.bool_] | None:
        """The day of this frame, None = every row exists; returns which cells [C] may have changed, or None if none."""
        before, self._day = self._day, day
        if day == before:
            return None
        if day is None or before is None:
            self._since.fill(LAST_DAY)
            self._changed.fill(True)
        else:
            np.greater(self._since, day, out=self._changed)
            np.less_equal(self._until, day, out=self._passed)
            np.logical_or(self._changed, self._passed, out=self._changed)
        return self._changed

    def exist_on(self, day: int | None, cells: NDArray[np.int64], /) -> NDArray[np.bool_]:
        """[K, 32] bool: which rows of `cells` [K] exist on any day; asking changes nothing."""
        filled = self._filled[cells]
        return filled if day is None else filled & (self._built[cells] <= day) & (day < self._demolished[cells])

    def exist(self, cells: NDArray[np.int64], /) -> NDArray[np.bool_]:
        """[K, 32] bool: which rows of `cells` [K] exist; notes how long that holds."""
        day = self._day
        if day is None:
            return self._filled[cells]
        outdated = cells[(self._since[cells] > day) | (self._until[cells] <= day)]
        if len(outdated):
            exist = self._filled[outdated]
            since = np.full(len(outdated), FIRST_DAY, np.int32)
            until = np.full(len(outdated), LAST_DAY, np.int32)
            for days, holds_after in ((self._built[outdated], True), (self._demolished[outdated], False)):
                passed = days <= day
                exist &= passed == holds_after
                np.maximum(since, np.where(passed, days, FIRST_DAY).max(axis=1), out=since)
                np.minimum(until, np.where(passed, LAST_DAY, days).min(axis=1), out=until)
            self._exist[outdated], self._since[outdated], self._until[outdated] = exist, since, until
        return self._exist[cells]


FIRST_DAY, LAST_DAY = int(np.iinfo(np.int32).min), int(np.iinfo(np.int32).max)
ZERO = np.float32(0.0)
REFILL = 20
"""Where more than one cell in so many was partial, filling all of `kept` is quicker than picking those cells."""
ALL_KEPT = np.ones(CELL_ROWS, np.bool_).view(MASK_ITEM)[0]

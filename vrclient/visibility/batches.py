"""The visible rows, grouped by (mesh, level), ready to be drawn. It decides nothing: masks in, compact rows out.

A run is the rows of one cell that have one level and exist at the date: 32 bytes of mask. Runs are numbered by (mesh,
level, cell), so what is taken from them in order is grouped already and no sort is needed. Only runs that have a row are
listed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.visibility.cells import CELL_ROWS, MASK_ITEM, ROW_ITEM, Cells, cache_aligned
from vrclient.visibility.culling import FrustumTest, true_indices

RUN_BLOCK = 2048
"""Runs compacted at a time: 64 Ki rows, whose positions are the 512 KiB that a cull allocates at most."""


@dataclass(frozen=True, slots=True, eq=False)
class VisibleSet:
    """What is to be drawn. The arrays are buffers of the index: valid until its next `cull`, and not to be written.

    rows     [K] uint32: the caller's row numbers, each at most once; rows of one (mesh, level) are neighbours
    counts   [M, L] int32: how many rows of a mesh have a level
    offsets  [M, L] int32: where in `rows` they start: rows[offsets[m, l] : offsets[m, l] + counts[m, l]]
    """

    rows: NDArray[np.uint32]
    counts: NDArray[np.int32]
    offsets: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows)


class Remaining:
    """The buffers of a visible set that lacks some rows of another, for indices of `row_count` rows."""

    def __init__(self, row_count: int, /) -> None:
        self._rows = np.empty(row_count, np.uint32)
        self._kept = np.empty(row_count, np.bool_)
        self._found = np.empty(row_count, np.int64)

    def without(self, visible: VisibleSet, hidden: NDArray[np.bool_], /) -> VisibleSet:
        """`visible` without the rows that are `hidden` [K] bool. The rows are a buffer of this object."""
        kept = np.logical_not(hidden, out=self._kept[: len(hidden)])
        found = true_indices(kept, out=self._found)
        rows = visible.rows.take(found, out=self._rows[: len(found)], mode="clip")
        ends = found.searchsorted([*visible.offsets.reshape(-1).tolist(), len(hidden)]).astype(np.int32)
        shape = visible.counts.shape
        return VisibleSet(rows, np.diff(ends).reshape(shape), ends[:-1].reshape(shape))


class Batches:
    """The runs of all cells, R = C * L of them, and the buffers in which the visible rows are made.

    listed_cells      [C] bool: cells that have a run at all
    lists_every_cell  whether all have
    """

    def __init__(self, cells: Cells, /, *, level_count: int) -> None:
        count, per_mesh = len(cells), np.diff(cells.first)
        runs = count * level_count
        self._level_count = level_count
        self._row_numbers = cells.rows.view(ROW_ITEM)[:, 0]
        self._first = cells.first[cells.mesh] * (level_count - 1) + np.arange(count)
        self._stride = per_mesh[cells.mesh]
        self._run_cell = np.empty(runs, np.int64)
        for level in range(level_count):
            self._run_cell[self._first + level * self._stride] = np.arange(count)
        self._run_mask = np.zeros(runs * CELL_ROWS, np.bool_).view(MASK_ITEM)
        self._exists = np.zeros(runs, np.bool_)
        self._group_first = np.concatenate([[0], np.cumsum(np.repeat(per_mesh, level_count))])

        self._listed, self._cell_buffer, self._chosen, self._chosen_cell = (np.empty(runs, np.int64) for _ in range(4))
        self._mask_buffer = cache_aligned((runs * CELL_ROWS,), np.bool_).view(MASK_ITEM)
        self._cell, self._masks = self._cell_buffer[:0], self._mask_buffer[:0]
        self._group_start = np.zeros(len(per_mesh) * level_count + 1, np.int64)
        self.listed_cells = np.zeros(count, np.bool_)
        self.lists_every_cell = False

        self._flags = np.empty(runs, np.bool_)
        self._mask, self._kept = (cache_aligned((RUN_BLOCK * CELL_ROWS,), np.bool_).view(MASK_ITEM) for _ in range(2))
        self._row_items = cache_aligned((RUN_BLOCK * CELL_ROWS,), np.uint32).view(ROW_ITEM)
        self._rows = cache_aligned((cells.slot.size,), np.uint32)
        self._counts, self._offsets = (np.zeros((len(per_mesh), level_count), np.int32) for _ in range(2))
        self._flat_counts, self._flat_offsets = self._counts.reshape(-1), self._offsets.reshape(-1)

    def store(self, cells: NDArray[np.int64], level: NDArray[np.uint8], exists: NDArray[np.bool_], /) -> None:
        """New masks of `cells` [K]: level [K, 32] (L or more is in no run) and whether a row exists [K, 32].

        They count from the next `relist` on."""
        for k in range(self._level_count):
            mask = np.logical_and(level == k, exists)
            runs = self._first[cells] + k * self._stride[cells]
            self._run_mask[runs] = mask.view(MASK_ITEM)[:, 0]
            self._exists[runs] = np.bitwise_or.reduce(mask.view(np.uint64), axis=1) != 0

    def relist(self) -> None:
        """Lists the runs that have a row."""
        runs = true_indices(self._exists, out=self._listed)
        self._cell, self._masks = self._cell_buffer[: len(runs)], self._mask_buffer[: len(runs)]
        self._run_cell.take(runs, out=self._cell, mode="wrap")
        self._run_mask.take(runs, out=self._masks, mode="wrap")
        self._group_start[:] = runs.searchsorted(self._group_first)
        self.listed_cells.fill(False)
        self.listed_cells[self._cell] = True
        self.lists_every_cell = bool(self.listed_cells.all())

    def visible(self, frustum: FrustumTest, /) -> VisibleSet:
        """The rows that `frustum` keeps."""
        flags = self._flags[: len(self._cell)]
        frustum.touched.take(self._cell, out=flags, mode="wrap")
        chosen = true_indices(flags, out=self._chosen)
        cell = self._chosen_cell[: len(chosen)]
        self._cell.take(chosen, out=cell, mode="wrap")
        ends = chosen.searchsorted(self._group_start)
        ends *= CELL_ROWS
        begin = np.zeros(len(ends), np.int32)
        filled = 0
        for start in range(0, len(chosen), RUN_BLOCK):
            run, in_cell = chosen[start : start + RUN_BLOCK], cell[start : start + RUN_BLOCK]
            size = len(run)
            mask, kept, items = self._mask[:size], self._kept[:size], self._row_items[:size]
            self._masks.take(run, out=mask, mode="wrap")
            frustum.kept.take(in_cell, out=kept, mode="wrap")
            visible = mask.view(np.bool_)
            np.logical_and(visible, kept.view(np.bool_), out=visible)
            found = visible.nonzero()[0]
            self._row_numbers.take(in_cell, out=items, mode="wrap")
            end = filled + len(found)
            items.view(np.uint32).take(found, out=self._rows[filled:end], mode="wrap")
            np.add(begin, found.searchsorted(ends), out=begin, casting="same_kind")
            ends -= size * CELL_ROWS
            filled = end
        self._flat_offsets[:] = begin[:-1]
        np.subtract(begin[1:], begin[:-1], out=self._flat_counts)
        return VisibleSet(self._rows[:filled], self._counts, self._offsets)

"""The visible rows, grouped by (mesh, level), ready to be drawn. It decides nothing: masks in, compact rows out.

A run is the rows of one cell that have one level and exist at the date: 16 bytes of mask. Runs are numbered by (mesh, level,
cell), so what is taken from them in order is grouped already and no sort is needed. Only runs that have a row are listed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.visibility.cells import CELL_ROWS, MASK_ITEM, ROW_ITEM, Cells
from vrclient.visibility.culling import true_indices

RUN_BLOCK = 4096
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


class Batches:
    """The runs of all cells, and the buffers in which the visible rows are made.

    listed_cells  [C] bool: cells that have a run at all
    """

    __slots__ = ("_all_cell", "_cell", "_chosen", "_chosen_cell", "_chosen_run", "_counts", "_ends", "_exists", "_first", "_group_start", "_ids",
                 "_kept", "_level_count", "_listed", "_mask", "_masks", "_offsets", "_row_items", "_row_numbers", "_rows", "_stride", "_touched",
                 "listed_cells")

    def __init__(self, cells: Cells, /, *, level_count: int) -> None:
        count, meshes = len(cells), len(cells.first) - 1
        runs = count * level_count
        self._row_numbers = cells.rows.view(ROW_ITEM)[:, 0]
        self._level_count = level_count
        self._stride = np.diff(cells.first)[cells.mesh]
        self._first = cells.first[cells.mesh] * (level_count - 1) + np.arange(count)
        self._all_cell = np.empty(runs, np.int64)
        for level in range(level_count):
            self._all_cell[self._first + level * self._stride] = np.arange(count)
        self._masks = np.zeros(runs * CELL_ROWS, np.uint8).view(MASK_ITEM)
        self._exists = np.zeros(runs, np.bool_)
        per_mesh = np.diff(cells.first)
        self._ends = np.concatenate([[0], np.cumsum(np.repeat(per_mesh, level_count))])
        self._group_start = np.zeros(meshes * level_count + 1, np.int64)
        self._ids, self._cell, self._chosen, self._chosen_run, self._chosen_cell = (np.empty(runs, np.int64) for _ in range(5))
        self._touched = np.empty(runs, np.bool_)
        self._listed = 0
        self.listed_cells = np.zeros(count, np.bool_)
        self._mask, self._kept = (np.empty(RUN_BLOCK, MASK_ITEM) for _ in range(2))
        self._row_items = np.empty(RUN_BLOCK, ROW_ITEM)
        self._rows = np.empty(int(cells.filled.sum()), np.uint32)
        self._counts, self._offsets = (np.zeros((meshes, level_count), np.int32) for _ in range(2))

    def store(self, cells: NDArray[np.int64], level: NDArray[np.uint8], exists: NDArray[np.bool_], /) -> None:
        """New masks of `cells` [K]: level [K, 16] (L or more is in no run) and whether a row exists [K, 16]. Then `relist`."""
        for k in range(self._level_count):
            mask = np.logical_and(level == k, exists)
            runs = self._first[cells] + k * self._stride[cells]
            self._masks[runs] = mask.view(MASK_ITEM)[:, 0]
            self._exists[runs] = mask.any(axis=1)

    def relist(self) -> None:
        """Lists the runs that have a row."""
        self._listed = count = true_indices(self._exists, out=self._ids)
        cell = self._cell[:count]
        self._all_cell.take(self._ids[:count], out=cell, mode="clip")
        self._group_start[:] = self._ids[:count].searchsorted(self._ends)
        self.listed_cells.fill(False)
        self.listed_cells[cell] = True

    def visible(self, touched: NDArray[np.bool_], kept: NDArray[np.void], /) -> VisibleSet:
        """The rows of runs whose cell is `touched` [C] and whose place in `kept` [C] (16 bytes each) is 1."""
        flags = self._touched[: self._listed]
        touched.take(self._cell[: self._listed], out=flags, mode="clip")
        chosen = self._chosen[: true_indices(flags, out=self._chosen)]
        cell = self._chosen_cell[: len(chosen)]
        self._cell.take(chosen, out=cell, mode="clip")
        ends = chosen.searchsorted(self._group_start)
        runs = self._chosen_run[: len(chosen)]
        self._ids.take(chosen, out=runs, mode="clip")
        ends *= CELL_ROWS
        filled, prefix = 0, np.zeros(len(ends), np.int64)
        for start in range(0, len(chosen), RUN_BLOCK):
            run = runs[start : start + RUN_BLOCK]
            size = len(run)
            mask, also, items = self._mask[:size], self._kept[:size], self._row_items[:size]
            self._masks.take(run, out=mask, mode="clip")
            kept.take(cell[start : start + size], out=also, mode="clip")
            flat = mask.view(np.bool_)
            np.logical_and(flat, also.view(np.bool_), out=flat)
            found = flat.nonzero()[0]
            self._row_numbers.take(cell[start : start + size], out=items, mode="clip")
            end = filled + len(found)
            items.view(np.uint32).take(found, out=self._rows[filled:end], mode="clip")
            prefix += found.searchsorted(ends)
            ends -= size * CELL_ROWS
            filled = end
        shape = self._counts.shape
        self._offsets[:] = prefix[:-1].reshape(shape)
        np.subtract(prefix[1:].reshape(shape), self._offsets, out=self._counts, casting="same_kind")
        return VisibleSet(self._rows[:filled], self._counts, self._offsets)

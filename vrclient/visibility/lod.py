"""The level of detail of every row, by projected size, with hysteresis. It knows nothing of frusta or draws.

A row whose bounding sphere has the diameter s is `f * s / d` pixels wide at distance d, f being `pixels_per_slope`; of
several views the one that shows it largest (the sharpest) decides. Distance is to the box's center, not depth along the
view, so turning the head changes no level. Level k ends where the size falls under lod_pixels[k]; a row under
cutoff_pixels has level L: not drawn.

Hysteresis: a level changes only when the distance is past the switching distance by HYSTERESIS, and no later than past it
by HYSTERESIS + LAG. Within that band either level may be in use; jitter of 2 % never leaves it.

Work is saved by a motion bound: a row's level cannot change before the eye has travelled from where it is to the edge of
the row's band. Each cell keeps the travel at which its first row may change (`soft`) and must (`hard`); nothing is looked
at until the eye has travelled to the first `hard`, and then every cell past its `soft` is looked at together.
"""

import math

import numpy as np
from numpy.typing import NDArray

from vrclient.visibility.cells import CELL_ROWS, Cells

HYSTERESIS = 0.05
LAG = 0.03
NEVER = 1e20
"""Metres per metre of diameter at which a threshold of 0 pixels is crossed."""
UNSEEN = 255
"""The level of a row that was never looked at: its first level ignores hysteresis."""


class Levels:
    """The levels of all rows and when they are next to be looked at.

    level       [C, 32] uint8: 0 finest .. L - 1, L = under the cut-off
    soft, hard  [C] float64: eye travel in metres
    travel      metres: the sum over frames of how far the fastest eye moved
    """

    def __init__(self, cells: Cells, end_pixels: NDArray[np.float64], /, *, bias: float) -> None:
        """`end_pixels` [M, T]: where each of T thresholds is crossed, descending."""
        self._cells = cells
        with np.errstate(divide="ignore"):
            self._ratio = np.ascontiguousarray(np.minimum(bias / end_pixels, NEVER).T, np.float32)
        self.level = np.full((len(cells), CELL_ROWS), UNSEEN, np.uint8)
        self.soft, self.hard = np.full((2, len(cells)), -np.inf)
        self.travel = 0.0
        self._first_hard = -math.inf
        self._due = np.empty(len(cells), np.bool_)
        self._behind: list[list[float]] = []
        self._focal: list[float] = []

    def advance(self, view_from_cells: NDArray[np.float64], focal: list[float], /) -> None:
        """The views of this frame: poses [V, 4, 4] in the frame of the columns, focal [V] of `pixels_per_slope`."""
        translation, rotation = view_from_cells[:, None, :3, 3], view_from_cells[:, :3, :3]
        behind: list[list[float]] = np.matmul(translation, rotation)[:, 0].tolist()  # the eyes' positions, negated
        if focal == self._focal:
            self.travel += max(map(math.dist, behind, self._behind))
        else:
            self.expire(slice(None))
        self._behind, self._focal = behind, focal

    def expire(self, cells: NDArray[np.int64] | NDArray[np.bool_] | slice, /) -> None:
        """The given cells are to be looked at again, in the next frame."""
        self.soft[cells] = -np.inf
        self._first_hard = -math.inf

    def due(self) -> NDArray[np.bool_] | None:
        """[C] bool: the cells to be given to `choose` now, or None where none has to be. End with `settle`."""
        if self.travel < self._first_hard:
            return None
        np.less_equal(self.soft, self.travel, out=self._due)
        return self._due

    def settle(self) -> None:
        """All cells that were due have been looked at."""
        self._first_hard = float(self.hard.min(initial=np.inf))

    def choose(self, cells: NDArray[np.int64], /) -> NDArray[np.uint8]:
        """Looks at the rows of `cells` [K]; returns their levels [K, 32] and notes when they may change again."""
        distance = self._scaled_distance(cells)
        before = self.level[cells]
        nominal, finest, coarsest = (np.zeros(before.shape, np.uint8) for _ in range(3))
        switches = self._cells.diameter[cells] * self._ratio[:, self._cells.mesh[cells], None]
        for switch in switches:
            nominal += distance > switch
            finest += distance > switch * np.float32(1.0 + HYSTERESIS)
            coarsest += distance > switch * np.float32(1.0 - HYSTERESIS)
        level = np.where(before == UNSEEN, nominal, np.minimum(np.maximum(before, finest), coarsest))
        self.level[cells] = level

        soft, hard = np.full((2, *level.shape), np.inf, np.float32)
        for k, switch in enumerate(switches):
            room = np.where(level > k, distance - switch, switch - distance)
            np.minimum(soft, room + switch * np.float32(HYSTERESIS), out=soft)
            np.minimum(hard, room + switch * np.float32(HYSTERESIS + LAG), out=hard)
        metres = min(self._focal)
        self.soft[cells] = self.travel + metres * soft.min(axis=1)
        self.hard[cells] = self.travel + metres * hard.min(axis=1)
        return level

    def _scaled_distance(self, cells: NDArray[np.int64], /) -> NDArray[np.float32]:
        """[K, 32] float32: the least distance / f of any view. A row is its diameter over this many pixels wide."""
        x, y, z = self._cells.columns[:3, cells]
        least = np.full(x.shape, np.inf, np.float32)
        for behind, focal in zip(self._behind, self._focal, strict=True):
            squared = np.square(x + np.float32(behind[0]))
            squared += np.square(y + np.float32(behind[1]))
            squared += np.square(z + np.float32(behind[2]))
            squared *= np.float32(focal**-2)
            np.minimum(least, squared, out=least)
        return np.sqrt(least, out=least)

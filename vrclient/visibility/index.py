"""The facade of visibility: columns of boxes in, the rows that each frame has to draw out. It draws nothing.

    index = VisibilityIndex.build(center, half_extent, mesh, built=built, demolished=demolished, lod_pixels=[200, 60])
    visible = index.cull(view_set, date=day)
    rows = visible.rows[visible.offsets[m, l] : visible.offsets[m, l] + visible.counts[m, l]]

One index serves one viewer: levels remember what that viewer saw. Passes without levels ask it by `inside`.
"""

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.frame.views import ViewSet
from vrclient.visibility.batches import Batches, VisibleSet
from vrclient.visibility.cells import CELL_ROWS, Cells, build_cells
from vrclient.visibility.culling import FIRST_DAY, LAST_DAY, Dates, FrustumTest, PlaneTests, true_indices
from vrclient.visibility.frustum import MergedFrustum, corner_points, pixels_per_slope
from vrclient.visibility.horizon import Horizon
from vrclient.visibility.lod import Levels

FARTHEST = 1e12
"""Metres. Squares of distances of this size still fit in float32."""
MOST_LEVELS = 200
REFRESH_BLOCK = 512
"""Cells whose levels and dates are looked at together; bounds what that allocates."""


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """What an index is made of, laid out: days [N], pixels [M, T] at which levels end."""

    cells: Cells
    built: NDArray[np.int32]
    demolished: NDArray[np.int32]
    end_pixels: NDArray[np.float64]
    lod_bias: float


class VisibilityIndex:
    """The boxes of one scene, laid out for culling, and what the last frame saw of them. Make one with `build`.

    Not for use by two threads at a time.
    """

    def __init__(self, boxes: "Boxes", /, *, level_count: int) -> None:
        self._boxes, self._level_count = boxes, level_count
        self._cells = cells = boxes.cells
        self._dates = Dates(cells, boxes.built, boxes.demolished)
        self._levels = Levels(cells, boxes.end_pixels, bias=boxes.lod_bias)
        self._batches = Batches(cells, level_count=level_count)
        self._frustum = FrustumTest(cells)
        self._world_from_cells = np.eye(4)
        self._world_from_cells[:3, 3] = cells.origin
        self._tests = {planes: PlaneTests(planes) for planes in (5, 6)}
        self._due = np.empty(len(cells), np.int64)
        self._optics: tuple[object, ...] = ()
        self._clip: NDArray[np.float64] | None = None
        self._pixels: NDArray[np.int32] | None = None
        self._focal: list[float] = []
        self._merged = MergedFrustum(np.empty((0, 8, 3)))
        self._seen: tuple[object, ...] = ()
        self._visible: VisibleSet | None = None

    def __len__(self) -> int:
        return len(self._cells.slot)

    @classmethod
    def build(
        cls,
        center: ArrayLike,
        half_extent: ArrayLike,
        mesh: ArrayLike,
        *,
        built: ArrayLike | None = None,
        demolished: ArrayLike | None = None,
        lod_pixels: ArrayLike = (),
        cutoff_pixels: float = 0.0,
        lod_bias: float = 1.0,
        moving: ArrayLike | None = None,
        margin: ArrayLike | None = None,
    ) -> "VisibilityIndex":
        """Lays out N axis-aligned boxes; N = 0 is fine. Everything is copied. About 0.7 s for a million rows.

        center, half_extent  [N, 3] float32 metres, world (float64 is rounded); half extents >= 0
        mesh                 [N] int32 >= 0: which mesh draws the row
        built, demolished    [N] int32 days (`date.toordinal()`): a row exists while built <= day < demolished.
                             None = it always was, it always will be
        lod_pixels           [L - 1] for all meshes or [M, L - 1]: projected diameter in pixels under which level k gives
                             way to k + 1, not rising; 0 = level k never ends (for meshes with fewer levels). () = L is 1
        cutoff_pixels        rows smaller than this are not drawn; 0 = every row is
        lod_bias             projected sizes are multiplied by this before they are compared; > 1 = finer
        margin               [N] float32 metres >= 0: how far what a row draws may leave its box to the sides (wind); it is
                             looked for there too, but counts for no level. None = not at all
        moving               [N] bool: rows that `move` will be called for; only a hint: they share no cell with others

        M is the number of rows of a two-dimensional lod_pixels, otherwise the highest mesh + 1.
        Raises ValueError that names the argument, its shape, dtype or value, and the rule."""
        position = _boxes("center", center, None, smallest=-FARTHEST)
        count = len(position)
        extent = _boxes("half_extent", half_extent, count, smallest=0.0)
        number = _whole("mesh", mesh, count, "mesh numbers").astype(np.int64)
        pixels = _lod_pixels(lod_pixels, number)
        if not 0.0 <= cutoff_pixels < np.inf:
            raise ValueError(f"cutoff_pixels is {cutoff_pixels}; expected a finite number >= 0")
        if not 0.0 < lod_bias < np.inf:
            raise ValueError(f"lod_bias is {lod_bias}; expected a finite number > 0")
        hint = np.zeros(count, np.bool_) if moving is None else np.asarray(moving)
        if hint.shape != (count,) or hint.dtype != np.bool_:
            raise ValueError(f"moving has shape {hint.shape} and dtype {hint.dtype}; expected ({count},) bool")
        first_days = np.full(count, FIRST_DAY, np.int32) if built is None else _whole("built", built, count, "days")
        last_days = np.full(count, LAST_DAY, np.int32) if demolished is None else _whole("demolished", demolished, count, "days")

        room = np.zeros(count) if margin is None else np.asarray(margin, np.float64)
        if room.shape != (count,) or not ((room >= 0.0) & (room <= FARTHEST)).all():
            rule = f"({count},) of 0 to {FARTHEST:g} metres"
            raise ValueError(f"margin has shape {room.shape} and holds {_span(room)}; expected {rule}")

        cells = build_cells(position, extent, number, hint, mesh_count=len(pixels), margin=room)
        ends = np.maximum(pixels, cutoff_pixels)
        if cutoff_pixels > 0.0:
            ends = np.column_stack([ends, np.full(len(pixels), cutoff_pixels)])
        return cls(Boxes(cells, first_days, last_days, ends, lod_bias), level_count=pixels.shape[1] + 1)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets it as it was built: what frames saw of it, and `show`, are forgotten."""
        return _restored, (self._boxes, self._level_count)

    def cull(self, view_set: ViewSet, *, date: datetime.date | int | None = None, behind: Horizon | None = None) -> VisibleSet:
        """The rows that any view of `view_set` may see on `date` (or its ordinal; None = whatever exists at any time), less
        those of cells that are wholly behind the horizon of the same views, if there is one.

        No box that intersects a view's frustum is left out unless it does not exist on the date or is under the cut-off.
        Known false results: rows outside every frustum may be kept (see culling.py and frustum.py; rounding adds some
        millionths of the coordinates and of far); a level may lag its threshold by 8 % (see lod.py).

        The result's arrays are buffers, valid until the next call. The same views and date again return the same result
        at once; while only the head turns, levels and dates cost nothing. The first call, a jump, and a change of fov or
        pixels look at the level of every row again, which takes about forty usual calls.
        Raises ValueError if `date` is not a day that fits in int32."""
        day = _day(date)
        if not len(self) and self._visible is not None:
            return self._visible
        pose = view_set.view_from_world
        if view_set.clip_from_view is not self._clip or view_set.pixels is not self._pixels:
            self._change_optics(view_set)
        seen = (pose.tobytes(), day, self._optics, behind is None)
        if self._visible is not None and seen == self._seen:
            return self._visible
        view_from_cells = pose.dot(self._world_from_cells)

        self._levels.advance(view_from_cells, self._focal)
        changed = self._dates.advance(day)
        if changed is not None:
            self._levels.expire(changed)
        due = self._levels.due()
        if due is not None:
            self._refresh(due)

        planes = self._merged.planes(view_from_cells)
        tests = self._tests[5 if self._cells.is_inside(planes[5]) else 6]  # without far, where nothing is so far
        tests.set(planes)
        self._frustum.test_cells(tests)
        if behind is not None:
            self._frustum.remove_hidden(behind)
        if not self._batches.lists_every_cell:
            np.logical_and(self._frustum.partial, self._batches.listed_cells, out=self._frustum.partial)
        self._frustum.test_rows(tests)
        self._visible, self._seen = self._batches.visible(self._frustum), seen
        return self._visible

    def inside(self, planes: ArrayLike, /, *, date: datetime.date | int | None = None) -> NDArray[np.uint32]:
        """[K] uint32: the rows that touch a convex solid on a day, whatever their level or size; for passes that are not a
        viewer's, such as a light's. A new array; it does not disturb what `cull` remembers.

        planes  [6, 4] float64 (n, d), world: n.p + d >= 0 inside

        Known false results as of `cull`. Raises ValueError that names the argument, its shape or value, and the rule."""
        solid = np.asarray(planes, np.float64)
        if solid.shape != (6, 4):
            raise ValueError(f"planes has shape {solid.shape}; expected (6, 4)")
        if not np.isfinite(solid).all():
            raise ValueError("planes must hold finite numbers, but one is NaN or infinite")
        day = _day(date)
        tests = PlaneTests(6)
        tests.set(solid @ self._world_from_cells)
        self._frustum.test_cells(tests)
        self._frustum.test_rows(tests)
        cells = np.flatnonzero(self._frustum.touched)
        kept = self._frustum.kept[cells].view(np.bool_).reshape(-1, CELL_ROWS) & self._dates.exist_on(day, cells)
        return self._cells.rows[cells][kept]

    def move(self, rows: ArrayLike, center: ArrayLike, half_extent: ArrayLike) -> None:
        """Gives `rows` new boxes, from the next `cull` on. For thousands of rows per frame; N does not matter to it.

        rows                 [K] whole numbers, 0 <= row < N; of a row given twice the last counts
        center, half_extent  [K, 3] float32 metres, world

        A moved row stays in its cell, whose bounds stretch with it: correct anywhere, but a cell that is spread out is
        tested row by row. Rows that will move belong in `build(moving=)`, so that they stretch no other rows' cells.
        Raises ValueError that names the argument, its shape, dtype or value, and the rule."""
        number = _whole("rows", rows, None, "row numbers").astype(np.int64)
        count = len(number)
        position = _boxes("center", center, count, smallest=-FARTHEST)
        extent = _boxes("half_extent", half_extent, count, smallest=0.0)
        if count == 0:
            return
        if int(number.min()) < 0 or int(number.max()) >= len(self):
            raise ValueError(f"rows holds {int(number.min())} to {int(number.max())}; expected 0 <= row < {len(self)}")
        self._levels.expire(self._cells.move(number, position, extent))
        self._visible = None

    def show(self, shown: ArrayLike) -> None:
        """Leaves out the rows that are not `shown` [N] bool, from the next `cull` or `inside` on, whatever the date. That cull
        looks at every row again; the ones after it cost nothing more. Raises ValueError that names the argument and the rule."""
        flags = np.asarray(shown)
        if flags.shape != (len(self),) or flags.dtype != np.bool_:
            raise ValueError(f"shown has shape {flags.shape} and dtype {flags.dtype}; expected ({len(self)},) bool")
        self._dates.show(flags)
        self._levels.expire(slice(None))
        self._visible = None

    def _change_optics(self, view_set: ViewSet, /) -> None:
        """Takes over other arrays of angles and pixels, which may hold the same as those before."""
        self._clip, self._pixels = view_set.clip_from_view, view_set.pixels
        optics = (view_set.fov.tobytes(), view_set.pixels.tobytes(), view_set.near, view_set.far)
        if optics != self._optics:
            self._merged, self._optics = MergedFrustum(corner_points(view_set)), optics
            self._focal = pixels_per_slope(view_set).tolist()

    def _refresh(self, due: NDArray[np.bool_], /) -> None:
        """Looks at the levels and dates of the cells that are `due` [C], and lists the runs again."""
        ids = true_indices(due, out=self._due)
        for start in range(0, len(ids), REFRESH_BLOCK):
            cells = ids[start : start + REFRESH_BLOCK]
            self._batches.store(cells, self._levels.choose(cells), self._dates.exist(cells))
        self._levels.settle()
        self._batches.relist()


def _boxes(name: str, value: ArrayLike, count: int | None, /, *, smallest: float) -> NDArray[np.float64]:
    """[N, 3] float64 of a checked column of centers or half extents."""
    array = np.asarray(value)
    if array.ndim != 2 or array.shape[1] != 3 or count not in (None, len(array)):
        raise ValueError(f"{name} has shape {array.shape}; expected ({'N' if count is None else count}, 3)")
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name} has dtype {array.dtype}; expected float32 (float64 is rounded)")
    fine = (array >= smallest) & (array <= FARTHEST)
    if not fine.all():
        row, axis = np.argwhere(~fine)[0].tolist()
        rule = f"{smallest:g} to {FARTHEST:g} metres"
        raise ValueError(f"{name} has shape {array.shape} and is {array[row, axis]} at [{row}, {axis}]; expected {rule}")
    return array.astype(np.float64)


def _whole(name: str, value: ArrayLike, count: int | None, what: str, /) -> NDArray[np.int32]:
    """[N] int32 of a checked column of whole numbers."""
    array: NDArray[Any] = np.asarray(value)
    if array.ndim != 1 or count not in (None, len(array)):
        raise ValueError(f"{name} has shape {array.shape}; expected ({'K' if count is None else count},)")
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} has dtype {array.dtype}; expected int32 {what}")
    if len(array) and (int(array.min()) < FIRST_DAY or int(array.max()) > LAST_DAY):
        raise ValueError(f"{name} holds {int(array.min())} to {int(array.max())}; expected {what} that fit in int32")
    return array.astype(np.int32)


def _span(array: NDArray[np.float64], /) -> str:
    return f"{array.min():g} to {array.max():g}" if array.size else "nothing"


def _lod_pixels(value: ArrayLike, mesh: NDArray[np.int64], /) -> NDArray[np.float64]:
    """[M, L - 1] float64 of the checked thresholds, one row per mesh."""
    array = np.asarray(value, np.float64)
    highest = int(mesh.max(initial=-1))
    if array.ndim not in (1, 2) or array.shape[-1] >= MOST_LEVELS:
        raise ValueError(f"lod_pixels has shape {array.shape}; expected (L - 1,) or (M, L - 1) with L <= {MOST_LEVELS}")
    if not ((array >= 0.0) & (array < np.inf)).all() or (np.diff(array, axis=-1) > 0.0).any():
        raise ValueError(f"lod_pixels is {array.tolist()}; expected finite pixels >= 0 that do not rise")
    if mesh.size and int(mesh.min()) < 0:
        raise ValueError(f"mesh holds {int(mesh.min())}; expected 0 or more")
    if array.ndim == 2 and highest >= len(array):
        raise ValueError(f"mesh holds {highest}, but lod_pixels has shape {array.shape}; expected mesh < {len(array)}")
    return array if array.ndim == 2 else np.broadcast_to(array, (highest + 1, len(array)))


def _day(date: datetime.date | int | None, /) -> int | None:
    if date is None or (type(date) is int and FIRST_DAY <= date < LAST_DAY):
        return date
    if isinstance(date, datetime.date):
        return date.toordinal()
    if not isinstance(date, int | np.integer) or not FIRST_DAY <= date < LAST_DAY:
        raise ValueError(f"date is {date!r}; expected a date, a whole number of days below {LAST_DAY}, or None")
    return int(date)


def _restored(boxes: Boxes, level_count: int, /) -> VisibilityIndex:
    return VisibilityIndex(boxes, level_count=level_count)

"""Where one can stand and what stops one: grids over the scene's walkable triangles and walls. Pure numpy, no physics.

Known false results: a wall thinner than the visitor's radius at a free end may be brushed; floors closer than STEP_UP above
one another count as one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.mesh import Floats

STEP_UP = 0.55
"""Metres: a floor this much above the feet is walked onto; a wall lower than this above the feet is stepped over."""
BODY_RADIUS = 0.3
BODY_HEIGHT = 1.7


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Items by the squares that their bounds touch, as ranges: items of square k are item[start[k] : start[k + 1]].

    low [2] float64 metres; shape (columns, rows); start [squares + 1] int64; item int32"""

    low: NDArray[np.float64]
    size: float
    shape: tuple[int, int]
    start: NDArray[np.int64]
    item: NDArray[np.int32]

    @classmethod
    def build(cls, low: NDArray, high: NDArray, /, *, size: float) -> "Grid":
        """low, high [N, 2]: bounds of each item in metres. `size` grows where the grid would pass a million squares."""
        if not len(low):
            return cls(np.zeros(2), size, (1, 1), np.zeros(2, np.int64), np.zeros(0, np.int32))
        origin = low.min(axis=0).astype(np.float64)
        extent = high.max(axis=0) - origin
        size = max(size, float(np.sqrt(extent[0] * extent[1] / 1e6)), float(extent.max()) / 4000.0)
        columns, rows = (int(length // size) + 1 for length in extent)
        first = ((low - origin) // size).astype(np.int64)
        last = ((high - origin) // size).astype(np.int64)
        span = last - first + 1
        count = span[:, 0] * span[:, 1]
        item = np.repeat(np.arange(len(low)), count)
        within = np.arange(len(item)) - np.repeat(np.cumsum(count) - count, count)
        width = span[item, 0]
        square = (first[item, 1] + within // width) * columns + first[item, 0] + within % width
        order = np.argsort(square, kind="stable")
        start = np.searchsorted(square[order], np.arange(columns * rows + 1))
        return cls(origin, size, (columns, rows), start, item[order].astype(np.int32))

    def near(self, xy: ArrayLike, /, *, reach: float = 0.0) -> NDArray[np.int32]:
        """The items whose squares lie within `reach` metres of `xy`, each once."""
        point = np.asarray(xy, np.float64)
        limit = np.array(self.shape) - 1
        first = np.floor((point - reach - self.low) / self.size).astype(int)
        last = np.floor((point + reach - self.low) / self.size).astype(int)
        if (last < 0).any() or (first > limit).any():
            return self.item[:0]
        first, last = np.maximum(first, 0), np.minimum(last, limit)
        parts = [
            self.item[self.start[row * self.shape[0] + first[0]] : self.start[row * self.shape[0] + last[0] + 1]]
            for row in range(first[1], last[1] + 1)
        ]
        return np.unique(np.concatenate(parts))


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """The walkable triangles [T, 3, 3] and walls [W, 6] (x0, y0, x1, y1, bottom, top) of a scene, ready to be asked."""

    floor: Floats
    floor_grid: Grid
    wall: Floats
    wall_grid: Grid

    @classmethod
    def build(cls, walkable: Floats, walls: Floats, /) -> "Obstacles":
        """About 50 ms for 100,000 triangles."""
        ends = walls[:, :4].reshape(-1, 2, 2)
        return cls(
            walkable,
            Grid.build(walkable[:, :, :2].min(axis=1), walkable[:, :, :2].max(axis=1), size=4.0),
            walls,
            Grid.build(ends.min(axis=1), ends.max(axis=1), size=8.0),
        )

    def floor_height(self, xy: ArrayLike, /, *, feet: float) -> float | None:
        """The highest floor under `xy` that is no more than STEP_UP above `feet`; None where there is none."""
        point = np.asarray(xy, np.float64)
        triangle = self.floor[self.floor_grid.near(point)].astype(np.float64)
        a, b, c = triangle[:, 0], triangle[:, 1], triangle[:, 2]
        ab, ac, ap = b[:, :2] - a[:, :2], c[:, :2] - a[:, :2], point - a[:, :2]
        area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
        flat = np.abs(area) < 1e-9
        area = np.where(flat, 1.0, area)
        v = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
        w = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
        inside = ~flat & (v >= -1e-6) & (w >= -1e-6) & (v + w <= 1 + 1e-6)
        height = a[:, 2] + v * (b[:, 2] - a[:, 2]) + w * (c[:, 2] - a[:, 2])
        height = height[inside & (height <= feet + STEP_UP)]
        return float(height.max()) if len(height) else None

    def slide(self, start: ArrayLike, end: ArrayLike, /, *, feet: float) -> NDArray[np.float64]:
        """[2]: where a body that wants to go from `start` to `end` gets to: it keeps BODY_RADIUS from walls and slides along
        them. Steps longer than the radius must be cut up by the caller."""
        goal = np.array(end, np.float64)
        origin = np.asarray(start, np.float64)
        wall = self.wall[self.wall_grid.near(goal, reach=2.0 * BODY_RADIUS)].astype(np.float64)
        wall = wall[(wall[:, 5] > feet + STEP_UP) & (wall[:, 4] < feet + BODY_HEIGHT)]
        if not len(wall):
            return goal
        a, along = wall[:, :2], wall[:, 2:4] - wall[:, :2]
        length = np.maximum((along * along).sum(axis=1), 1e-12)
        for _ in range(4):
            share = np.clip(((goal - a) * along).sum(axis=1) / length, 0.0, 1.0)
            away = goal - (a + share[:, None] * along)
            distance = np.hypot(away[:, 0], away[:, 1])
            nearest = int(distance.argmin())
            if distance[nearest] >= BODY_RADIUS:
                return goal
            normal = np.array([-along[nearest, 1], along[nearest, 0]]) / np.sqrt(length[nearest])
            if 0.0 < share[nearest] < 1.0:
                side = np.sign(np.dot(origin - a[nearest], normal)) or 1.0
                goal += normal * side * (BODY_RADIUS + 1e-4 - side * np.dot(goal - a[nearest], normal))
            else:
                goal += away[nearest] / max(distance[nearest], 1e-9) * (BODY_RADIUS + 1e-4 - distance[nearest])
        return np.array(origin)

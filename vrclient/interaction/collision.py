"""Where one can stand and what stops one: grids over the scene's walkable triangles and walls. Pure numpy, no physics.

Known false results: a wall thinner than the visitor's radius at a free end may be brushed; floors closer than STEP_UP above
one another count as one."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

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

    def along(self, start: ArrayLike, end: ArrayLike, /) -> NDArray[np.int32]:
        """The items in the squares that a line from `start` to `end` [2] crosses; some repeat."""
        first, last = (((np.asarray(point, np.float64) - self.low) / self.size).tolist() for point in (start, end))
        shares = [0.0, 1.0]
        for low, high, most in zip(first, last, self.shape, strict=True):
            if low != high:
                edges = range(max(0, ceil(min(low, high))), min(most, floor(max(low, high))) + 1)
                shares += [(edge - low) / (high - low) for edge in edges]
        shares.sort()
        parts = [self.item[:0]]
        for before, after in pairwise(shares):
            share = (before + after) / 2.0
            column, row = (floor(low + share * (high - low)) for low, high in zip(first, last, strict=True))
            if 0 <= column < self.shape[0] and 0 <= row < self.shape[1]:
                square = row * self.shape[0] + column
                parts.append(self.item[self.start[square] : self.start[square + 1]])
        return np.concatenate(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """A place on the ground: height in metres, normal [3] unit, upwards."""

    height: float
    normal: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Strike:
    """What a throw met first: time in seconds since it began, point [3] metres, normal [3] unit towards where it came from;
    a floor, or a wall."""

    time: float
    point: NDArray[np.float64]
    normal: NDArray[np.float64]
    is_floor: bool


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
        floor = self.floor_at(xy, feet=feet)
        return floor.height if floor is not None else None

    def floor_at(self, xy: ArrayLike, /, *, feet: float) -> Floor | None:
        """The same floor with its slope."""
        point = np.asarray(xy, np.float64)
        triangle = self.floor[self.floor_grid.near(point)].astype(np.float64)
        a, ab, ac = triangle[:, 0], triangle[:, 1] - triangle[:, 0], triangle[:, 2] - triangle[:, 0]
        ap = point - a[:, :2]
        area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
        flat = np.abs(area) < 1e-9
        area = np.where(flat, 1.0, area)
        v = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
        w = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
        inside = ~flat & (v >= -1e-6) & (w >= -1e-6) & (v + w <= 1 + 1e-6)
        height = a[:, 2] + v * ab[:, 2] + w * ac[:, 2]
        usable = np.flatnonzero(inside & (height <= feet + STEP_UP))
        if not len(usable):
            return None
        highest = usable[height[usable].argmax()]
        normal = np.cross(ab[highest], ac[highest])
        return Floor(float(height[highest]), normal * np.sign(normal[2]) / np.linalg.norm(normal))

    def clearance(self, xy: ArrayLike, /, *, feet: float, reach: float = 2.0 * BODY_RADIUS) -> float:
        """Metres from a body that stands at `xy` to the nearest wall in its way; at most `reach`, beyond which none is looked
        for."""
        point = np.asarray(xy, np.float64)
        wall = self._in_the_way(point, feet=feet, reach=reach)
        a, along = wall[:, :2], wall[:, 2:4] - wall[:, :2]
        share = np.clip(((point - a) * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), 1e-12), 0.0, 1.0)
        away = point - (a + share[:, None] * along)
        return float(np.hypot(away[:, 0], away[:, 1]).min(initial=reach))

    def struck(self, start: ArrayLike, velocity: ArrayLike, /, *, until: float, gravity: float = 0.0) -> Strike | None:
        """What a point thrown from `start` [3] at `velocity` [3] metres a second meets first within `until` seconds: a floor,
        from either side, or a wall. Without gravity it is a ray, and with `velocity` of length 1 its times are metres.

        The throw stays in an upright plane, in which floors and walls are segments and it is a parabola: each pair is one
        quadratic equation, so nothing is stepped over however thin it is."""
        origin, speed = np.asarray(start, np.float64), np.asarray(velocity, np.float64)
        level = float(np.hypot(speed[0], speed[1]))
        ahead = speed[:2] / level if level > 1e-9 else np.array([0.0, 1.0])
        end = origin[:2] + speed[:2] * until
        triangle = self.floor[self.floor_grid.along(origin[:2], end)] - origin
        wall = self.wall[self.wall_grid.along(origin[:2], end)] - origin[[0, 1, 0, 1, 2, 2]]
        floors, floor_ends = _floor_cuts(triangle, ahead)
        walls, wall_ends = _wall_cuts(wall, ahead)
        time = _meeting_times(np.concatenate([floor_ends, wall_ends]), (level, float(speed[2])), gravity, until)
        if not len(time) or not np.isfinite(time[nearest := int(time.argmin())]):
            return None
        when = float(time[nearest])
        is_floor = nearest < len(floors)
        if is_floor:
            a, b, c = triangle[floors[nearest]]
            normal = _cross(b - a, c - a)
        else:
            x0, y0, x1, y1, _, _ = wall[walls[nearest - len(floors)]]
            normal = np.array([y0 - y1, x1 - x0, 0.0])
        normal /= max(float(np.sqrt(normal @ normal)), 1e-12)
        fall = np.array([0.0, 0.0, gravity * when])
        if normal @ (speed - fall) > 0.0:
            normal = -normal
        return Strike(when, origin + (speed - 0.5 * fall) * when, normal, is_floor)

    def wall_between(self, start: ArrayLike, end: ArrayLike, /) -> bool:
        """Whether the straight way from `start` to `end` [3] goes through a wall."""
        origin, goal = np.asarray(start, np.float64), np.asarray(end, np.float64)
        wall = self.wall[self.wall_grid.along(origin[:2], goal[:2])] - origin[[0, 1, 0, 1, 2, 2]]
        if not len(wall):
            return False
        way = goal - origin
        length = float(np.hypot(way[0], way[1]))
        _, ends = _wall_cuts(wall, way[:2] / length if length > 1e-9 else np.array([0.0, 1.0]))
        return bool(np.isfinite(_meeting_times(ends, (length, float(way[2])), 0.0, 1.0)).any())

    def slide(self, start: ArrayLike, end: ArrayLike, /, *, feet: float) -> NDArray[np.float64]:
        """[2]: where a body that wants to go from `start` to `end` gets to: it keeps BODY_RADIUS from walls and slides along
        them. Steps longer than the radius must be cut up by the caller."""
        goal = np.array(end, np.float64)
        origin = np.asarray(start, np.float64)
        wall = self._in_the_way(goal, feet=feet, reach=2.0 * BODY_RADIUS)
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

    def _in_the_way(self, xy: NDArray[np.float64], /, *, feet: float, reach: float) -> NDArray[np.float64]:
        """The walls near `xy` that a body at that height cannot step over or walk under."""
        wall = self.wall[self.wall_grid.near(xy, reach=reach)].astype(np.float64)
        return wall[(wall[:, 5] > feet + STEP_UP) & (wall[:, 4] < feet + BODY_HEIGHT)]


Array = NDArray[np.float64]


def _cross(a: Array, b: Array) -> Array:
    """numpy's own takes thirty times as long for one pair."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _floor_cuts(triangle: Array, ahead: Array) -> tuple[NDArray[np.intp], Array]:
    """Which of the triangles [T, 3, 3] cut the upright plane through the origin along `ahead` [2], as [K] rows, and where:
    [K, 2, 2] ends, each (metres ahead, metres up)."""
    side = triangle[..., 1] * ahead[0] - triangle[..., 0] * ahead[1]
    rows = np.flatnonzero((side.min(axis=1) <= 0.0) & (side.max(axis=1) > 0.0))
    triangle, side = triangle[rows], side[rows]
    after = side[:, _NEXT]
    flat = np.empty((len(rows), 3, 2))
    flat[..., 0] = triangle[..., 0] * ahead[0] + triangle[..., 1] * ahead[1]
    flat[..., 1] = triangle[..., 2]
    crossing = (side <= 0.0) != (after <= 0.0)
    share = side / np.where(crossing, side - after, 1.0)
    point = flat + share[..., None] * (flat[:, _NEXT] - flat)
    return rows, point[crossing].reshape(-1, 2, 2)


_NEXT = np.array([1, 2, 0])


def _wall_cuts(wall: Array, ahead: Array) -> tuple[NDArray[np.intp], Array]:
    """The same of walls [W, 6]."""
    side = wall[:, 1:4:2] * ahead[0] - wall[:, 0:3:2] * ahead[1]
    rows = np.flatnonzero((side[:, 0] <= 0.0) != (side[:, 1] <= 0.0))
    wall, side = wall[rows], side[rows]
    along = wall[:, 0:3:2] * ahead[0] + wall[:, 1:4:2] * ahead[1]
    ends = np.empty((len(rows), 2, 2))
    ends[..., 0] = (along[:, 0] + side[:, 0] / (side[:, 0] - side[:, 1]) * (along[:, 1] - along[:, 0]))[:, None]
    ends[..., 1] = wall[:, 4:]
    return rows, ends


def _meeting_times(ends: Array, speed: tuple[float, float], gravity: float, until: float) -> Array:
    """[K] seconds at which a throw from (0, 0) at `speed` (ahead, up) first lies on each segment [K, 2, 2]; infinite where it
    does not within `until`."""
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    # On the segment's line: across . throw(t) = across . start, with across = along turned by a right angle.
    a = -0.5 * gravity * along[:, 0]
    b = along[:, 0] * speed[1] - along[:, 1] * speed[0]
    c = along[:, 1] * start[:, 0] - along[:, 0] * start[:, 1]
    square = b * b - 4.0 * a * c
    root = np.sqrt(np.maximum(square, 0.0))
    # The stable form of both roots; with a = 0 the second is the only one. Source: Press et al., Numerical Recipes, 5.6.
    q = -0.5 * (b + np.where(b >= 0.0, root, -root))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        times = np.array([q / a, c / q])
        x, z = speed[0] * times - start[:, 0], (speed[1] - 0.5 * gravity * times) * times - start[:, 1]
        share = (x * along[:, 0] + z * along[:, 1]) / (along * along).sum(axis=1)
        met = (times >= 0.0) & (times <= until) & (share >= -1e-6) & (share <= 1.0 + 1e-6) & (square >= 0.0)
    best: Array = np.where(met, times, np.inf).min(axis=0)
    return best

"""The land: a grid of heights, and the claims on it (roads, plazas, waters, terraces) that cut it up without gaps.

All surfaces that lie on the ground come from one subdivision of it, so neighbours share their edges exactly, nothing lies on
top of anything else at the same height, and `height` is exactly what is drawn. Where claims overlap, the later one wins."""

from dataclasses import dataclass, replace
from functools import cached_property
from threading import RLock
from typing import Any, Literal, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

from vrclient.geometry.curves import Points, eased, right_of
from vrclient.geometry.mesh import EMPTY, Mesh, mesh
from vrclient.scene.element import Ground
from vrclient.scene.polygons import area_distance, point_keys, point_locator, polygons_in, rings_of, welded
from vrclient.showcase.models import ElementModel

_EMPTY_CELL_M = 8.0
_AROUND = 1e-6 * np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
"""Points on a grid line touch the cells on both of its sides."""


@dataclass(frozen=True, slots=True, eq=False)
class HeightGrid:
    """x [I], y [J] rising metres, not evenly spaced; z [I, J] metres. Each cell is two triangles, split from low x, low y to
    high x, high y. Outside, the height at the border goes on."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]

    def cell(
        self, xy: NDArray[np.float64], /
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """(i, j, s, t): the cell of each point [..., 2] and where in it, 0..1."""
        column = np.clip(np.searchsorted(self.x, xy[..., 0], side="right") - 1, 0, len(self.x) - 2)
        row = np.clip(np.searchsorted(self.y, xy[..., 1], side="right") - 1, 0, len(self.y) - 2)
        s = (xy[..., 0] - self.x[column]) / (self.x[column + 1] - self.x[column])
        t = (xy[..., 1] - self.y[row]) / (self.y[row + 1] - self.y[row])
        return column, row, np.clip(s, 0.0, 1.0), np.clip(t, 0.0, 1.0)

    def interpolated(self, value: NDArray[np.float64], xy: NDArray[np.float64], /) -> NDArray[np.float64]:
        """value [I, J] or [I, J, K] at points [..., 2], linear on each triangle."""
        i, j, s, t = self.cell(xy)
        if value.ndim == 3:
            s, t = s[..., None], t[..., None]
        along_x = value[i, j] * (1 - s) + value[i + 1, j] * (s - t) + value[i + 1, j + 1] * t
        along_y = value[i, j] * (1 - t) + value[i, j + 1] * (t - s) + value[i + 1, j + 1] * s
        return np.where(s >= t, along_x, along_y)

    def normals(self) -> NDArray[np.float64]:
        """[I, J, 3] unit normals of the smooth land."""
        slope_x = np.gradient(self.z, self.x, axis=0)
        slope_y = np.gradient(self.z, self.y, axis=1)
        normal = np.stack([-slope_x, -slope_y, np.ones_like(self.z)], axis=-1)
        return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


Level = float | Literal["low", "mean"] | None


PRECISION_M = 0.001

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A part of the land that an element covers itself.

    owner     the element
    area      where
    level     metres: the land is made level at this height there; "low" = at the lowest height along its edge, "mean" = at
              the mean height along its edge; None = the land keeps its shape
    raised    metres that the land ends up above `level`
    blend     metres beyond the edge over which the land returns to its own height
    """

    owner: ElementModel
    area: Polygon
    level: Level = None
    raised: float = 0.0
    blend: float = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Where an owner's part of the land ends: start, end [E, 2] metres with the owner on the left; beside [E] the number of the
    claim on the other side, -1 where that is open land."""

    start: Points
    end: Points
    beside: NDArray[np.int64]

    def outward(self, /, *, limit: float = 2.0) -> tuple[Points, Points]:
        """At start and end of each edge [E, 2]: out of the owner's land, so long that edges moved by it stay joined."""
        along = self.end - self.start
        right = right_of(along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12))
        _, vertex = np.unique(point_keys(np.concatenate([self.start, self.end])), return_inverse=True)
        both = np.concatenate([right, right])
        total = np.stack([np.bincount(vertex, weights=both[:, axis]) for axis in range(2)], axis=1)
        joined = (total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))[vertex]
        joined = joined / np.maximum(np.einsum("ij,ij->i", joined, both), 1.0 / limit)[:, None]
        return joined[: len(along)], joined[len(along) :]

    def along_open_land(self) -> "Edges":
        """Those edges whose other side nobody has claimed."""
        free = self.beside == -1
        return Edges(self.start[free], self.end[free], self.beside[free])


class _WorkedOutOnce(cached_property[T]):
    """A cached_property of a Land: one thread works it out, and others that ask for it wait. From Python 3.12 on, each of them
    would work out a plain one."""

    def __get__(self, land: Any, owner: type[Any] | None = None) -> T:  # type: ignore[override]
        with land._working:
            value: T = super().__get__(land, owner)
            return value


class Land:
    """A Ground made of at most one height grid and any number of claims; `with_...` give a new one. Threads may share it."""

    def __init__(
        self, terrain: HeightGrid | None = None, owner: ElementModel | None = None, claims: tuple[Claim, ...] = ()
    ) -> None:
        self.terrain, self.owner, self.claims = terrain, owner, claims
        self._working = RLock()

    def with_terrain(self, terrain: HeightGrid, owner: ElementModel, /) -> "Land":
        """The same claims on another terrain."""
        return Land(terrain, owner, self.claims)

    def with_claim(self, claim: Claim, /) -> "Land":
        """One claim more, on top of the others. Areas are taken to whole millimetres: neighbours share corners."""
        whole = shapely.set_precision(claim.area, PRECISION_M)
        claim = replace(claim, area=whole) if isinstance(whole, Polygon) and not whole.is_empty else claim
        return Land(self.terrain, self.owner, (*self.claims, claim))

    def height(self, xy: ArrayLike, /) -> NDArray[np.float64]:
        """[..., 2] metres -> [...] metres above the origin, exactly as drawn. Over water it is the height of the shore."""
        return self._grid.interpolated(self._grid.z, np.asarray(xy, np.float64))

    def level(self, owner: ElementModel, /) -> float | None:
        """The `level` that an owner's claim came to (without `raised`); None where it keeps the land's shape or has no claim."""
        number = self._numbers.get(id(owner))
        return None if number is None else self._shaped[1][number]

    def mesh_of(self, owner: ElementModel, /) -> Mesh:
        """The land that is an element's own: what its claim keeps, or for the terrain all that nobody claims. Smooth normals;
        uv is the place in metres."""
        label = self._label(owner)
        if label is None:
            return EMPTY
        grid, (cell_label, triangle, triangle_label) = self._grid, self._subdivision
        normals = self._normals
        parts = []
        used = np.zeros(grid.z.shape, bool)
        i, j = np.nonzero(cell_label == label)
        for right, above in ((0, 0), (1, 0), (0, 1), (1, 1)):
            used[i + right, j + above] = True
        number = np.cumsum(used).reshape(used.shape) - 1
        column, row = np.nonzero(used)
        corner = [number[i, j], number[i + 1, j], number[i + 1, j + 1], number[i, j + 1]]
        cells = np.concatenate(
            [np.stack([corner[0], corner[1], corner[2]], axis=1), np.stack([corner[0], corner[2], corner[3]], axis=1)]
        )
        place = np.stack([grid.x[column], grid.y[row]], axis=1)
        parts.append((place, grid.z[column, row], normals[column, row], cells))
        points, loose = welded(triangle[triangle_label == label])
        if len(loose):
            normal = grid.interpolated(normals, points)
            parts.append((points, self.height(points), normal, loose + len(place)))
        position = np.concatenate([np.column_stack([place, z]) for place, z, _, _ in parts])
        return mesh(
            position,
            np.concatenate([triangles for _, _, _, triangles in parts]),
            normal=np.concatenate([normal for _, _, normal, _ in parts]),
            uv=position[:, :2],
        )

    def areas_of(self, owner: ElementModel, /) -> list[Polygon]:
        """What an owner's claim keeps: its area without all later claims."""
        number = self._label(owner)
        if number is None or number < 0:
            return []
        area = self.claims[number].area
        later = [self.claims[other].area for other in np.sort(self._tree.query(area)) if other > number]
        return polygons_in(area.difference(shapely.union_all(later)))

    def edges_of(self, owner: ElementModel, /) -> Edges:
        """The outline of `mesh_of(owner)` inside the land, piece by piece."""
        label = self._label(owner)
        start, end, left, right = self._borders
        mine = left == (-2 if label is None else label)
        return Edges(start[mine], end[mine], right[mine])

    def _label(self, owner: ElementModel) -> int | None:
        if self.owner is not None and owner is self.owner:
            return -1
        return self._numbers.get(id(owner))

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """id of an owner -> its first claim. Every owner asks, and there may be thousands."""
        return {id(claim.owner): number for number, claim in reversed(list(enumerate(self.claims)))}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([claim.area for claim in self.claims])

    @_WorkedOutOnce
    def _base(self) -> HeightGrid:
        if self.terrain is not None:
            return self.terrain
        x0, y0, x1, y1 = shapely.total_bounds([claim.area for claim in self.claims]) if self.claims else (-1.0, -1.0, 1.0, 1.0)
        x, y = (np.linspace(a - 1.0, b + 1.0, min(int((b - a) // _EMPTY_CELL_M), 400) + 3) for a, b in ((x0, x1), (y0, y1)))
        return HeightGrid(x, y, np.zeros((len(x), len(y))))

    @_WorkedOutOnce
    def _shaped(self) -> tuple[HeightGrid, tuple[float | None, ...]]:
        grid = self._base
        levels: list[float | None] = []
        for claim in self.claims:
            if claim.level is None:
                levels.append(None)
                continue
            edge = rings_of(claim.area)[0]
            around = grid.interpolated(grid.z, edge)
            own = {"low": float(around.min()) - claim.raised, "mean": float(around.mean()) - claim.raised}
            level = own[claim.level] if isinstance(claim.level, str) else float(claim.level)
            levels.append(level)
            grid = replace(grid, z=_levelled(grid, claim, level + claim.raised))
        return grid, tuple(levels)

    @property
    def _grid(self) -> HeightGrid:
        return self._shaped[0]

    @_WorkedOutOnce
    def _normals(self) -> NDArray[np.float64]:
        return self._grid.normals()

    @_WorkedOutOnce
    def _subdivision(self) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """(cell_label [I - 1, J - 1]: owner of each whole cell, -2 where it is cut up; triangle [T, 3, 2]; their owners [T])."""
        grid = self._base
        cut = np.zeros((len(grid.x) - 1, len(grid.y) - 1), bool)
        rings = [ring for claim in self.claims for ring in rings_of(claim.area)]
        for ring in rings:
            _mark_cells(grid, ring, cut)
        label = np.full(cut.shape, -1, np.int64)
        middle_x, middle_y = (grid.x[1:] + grid.x[:-1]) / 2, (grid.y[1:] + grid.y[:-1]) / 2
        within = [point_locator(claim.area) for claim in self.claims]
        for number, claim in enumerate(self.claims):
            x0, y0, x1, y1 = claim.area.bounds
            columns = slice(*np.searchsorted(middle_x, (x0, x1)))
            rows = slice(*np.searchsorted(middle_y, (y0, y1)))
            label[columns, rows][within[number](middle_x[columns, None], middle_y[None, rows])] = number
        label[cut] = -2
        if not cut.any():
            return label, np.zeros((0, 3, 2)), np.zeros(0, np.int64)
        lines = shapely.union(
            shapely.multilinestrings(_cell_edges(grid, cut)), shapely.union_all([claim.area.boundary for claim in self.claims])
        )
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        inner = shapely.get_coordinates(shapely.point_on_surface(faces))
        in_cut = cut[grid.cell(inner)[:2]]
        faces, inner = faces[in_cut], inner[in_cut]
        owner = np.full(len(faces), -1, np.int64)
        order = np.argsort(inner[:, 0])
        x = inner[order, 0]
        for number, (claim, is_within) in enumerate(zip(self.claims, within, strict=True)):
            x0, y0, x1, y1 = claim.area.bounds
            near = order[slice(*np.searchsorted(x, (x0, x1)))]
            near = near[(inner[near, 1] > y0) & (inner[near, 1] < y1)]
            owner[near[is_within(inner[near, 0], inner[near, 1])]] = number
        pieces, face = shapely.get_parts(shapely.constrained_delaunay_triangles(faces), return_index=True)
        return label, shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3], owner[face]

    @_WorkedOutOnce
    def _borders(self) -> tuple[Points, Points, NDArray[np.int64], NDArray[np.int64]]:
        """All edges between two owners, once from each side: (start, end, owner on the left, owner on the right)."""
        _, triangle, label = self._subdivision
        if not len(triangle):
            return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64)
        a, b, c = (triangle[:, k] for k in range(3))
        turned = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]) < 0
        corner = np.where(turned[:, None, None], triangle[:, ::-1], triangle)
        start, end = corner.reshape(-1, 2), np.roll(corner, -1, axis=1).reshape(-1, 2)
        owner = np.repeat(label, 3)
        _, vertex = np.unique(point_keys(np.concatenate([start, end])), return_inverse=True)
        count = len(vertex)
        forward = vertex[: len(start)] * count + vertex[len(start) :]
        backward = vertex[len(start) :] * count + vertex[: len(start)]
        order = np.argsort(forward)
        at = np.clip(np.searchsorted(forward[order], backward), 0, len(order) - 1)
        twin = order[at]
        border = (forward[twin] == backward) & (owner[twin] != owner)
        return start[border], end[border], owner[border], owner[twin][border]


def land(ground: Ground, /) -> Land:
    """The ground as a Land: itself, or level land at height 0 where it is another kind of ground."""
    return ground if isinstance(ground, Land) else Land()


def draped(ground: Ground, owner: ElementModel, part: Polygon, /, *, lift: float) -> Mesh:
    """The part of the land, as it is with all claims, `lift` metres above itself: for what lies on it without being a part of it,
    such as what will be gone one day."""
    shape = Land(land(ground)._grid, None).with_claim(Claim(owner, part)).mesh_of(owner)
    return replace(shape, position=shape.position + np.array([0.0, 0.0, lift], np.float32))


def _levelled(grid: HeightGrid, claim: Claim, height: float) -> NDArray[np.float64]:
    """z [I, J] with the claim's area and the cells around it at `height`, and a slope from there to the land as it was."""
    reach = claim.blend + 3.0 * abs(height - float(np.median(grid.interpolated(grid.z, rings_of(claim.area)[0]))))
    x0, y0, x1, y1 = claim.area.bounds
    step = [np.gradient(axis) for axis in (grid.x, grid.y)]
    margin = [
        2.0 * float(size[(axis > a - reach) & (axis < b + reach)].max(initial=0.0))
        for size, axis, a, b in ((step[0], grid.x, x0, x1), (step[1], grid.y, y0, y1))
    ]
    far = reach + max(margin)
    columns = slice(*np.searchsorted(grid.x, (x0 - far, x1 + far)))
    rows = slice(*np.searchsorted(grid.y, (y0 - far, y1 + far)))
    x, y = np.meshgrid(grid.x[columns], grid.y[rows], indexing="ij")
    plateau = 1.5 * np.hypot(*np.meshgrid(step[0][columns], step[1][rows], indexing="ij"))
    distance = area_distance(claim.area, np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    keep = eased((distance - plateau) / reach, "smooth")
    z = grid.z.copy()
    z[columns, rows] = height + (z[columns, rows] - height) * keep
    return z


def _mark_cells(grid: HeightGrid, ring: Points, cut: NDArray[np.bool_]) -> None:
    """Marks every cell that a closed ring may pass (a few more are marked, none is missed)."""
    beside = [grid.cell(ring + shift)[:2] for shift in _AROUND]
    low, high = np.min(beside, axis=0), np.max(beside, axis=0)
    low, high = np.minimum(low, np.roll(low, -1, axis=1)), np.maximum(high, np.roll(high, -1, axis=1))
    short = (high - low <= 2).all(axis=0)
    for column in range(3):
        for row in range(3):
            cut[np.minimum(low[0] + column, high[0])[short], np.minimum(low[1] + row, high[1])[short]] = True
    for index in np.flatnonzero(~short):
        start, end = ring[index], ring[(index + 1) % len(ring)]
        crossing = [np.zeros(1), np.ones(1)]
        for axis, lines in ((0, grid.x), (1, grid.y)):
            if abs(end[axis] - start[axis]) > 1e-9:
                crossing.append((lines - start[axis]) / (end[axis] - start[axis]))
        share = np.concatenate(crossing)
        share = np.unique(share[(share >= 0) & (share <= 1)])
        point = start + (end - start) * share[:, None]
        for shift in _AROUND:
            columns, rows, _, _ = grid.cell(np.concatenate([point, (point[1:] + point[:-1]) / 2]) + shift)
            cut[columns, rows] = True


def _cell_edges(grid: HeightGrid, cut: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[E, 2, 2] the sides and diagonals of the marked cells, each once."""
    i, j = np.nonzero(cut)
    lines = [(i, j, i + 1, j), (i, j + 1, i + 1, j + 1), (i, j, i, j + 1), (i + 1, j, i + 1, j + 1), (i, j, i + 1, j + 1)]
    edge = np.concatenate([np.stack(line, axis=1) for line in lines])
    size = np.int64(max(grid.z.shape) + 1)
    key = ((edge[:, 0] * size + edge[:, 1]) * size + edge[:, 2]) * size + edge[:, 3]
    edge = edge[np.unique(key, return_index=True)[1]]
    return np.stack(
        [np.stack([grid.x[edge[:, 0]], grid.y[edge[:, 1]]], axis=1), np.stack([grid.x[edge[:, 2]], grid.y[edge[:, 3]]], axis=1)],
        axis=1,
    )

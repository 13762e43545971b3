"""The walls of an interior as edges with holes in them, and how much daylight reaches each place within. Values and meshes; what
a room looks like is up to elements/room.py.

Daylight is worked out from the openings alone: scene/occlusion.py, which looks down from above, knows no interiors. So upright
faces come in `bands`, lower than scene/build.py's LOW_M, and count for nothing there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

from vrclient.geometry.curves import Points
from vrclient.geometry.mesh import Mesh, mesh
from vrclient.scene.polygons import area_distance, edge_distance, flat_mesh, point_locator

BAND_M = 1.2
_DARKEST = 0.34
_SAMPLE_M, _MOST_SAMPLES = 1.5, 1000
"""Openings are sampled so far apart, or farther where there would be more samples than that."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A rectangle in a wall: from and to along it, and heights above the floor, in metres."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True, eq=False)
class WallEdge:
    """One wall of a plan that runs counterclockwise: start [2], along [2] unit (the room on its left), length in metres."""

    start: Points
    along: Points
    length: float

    @property
    def outward(self) -> Points:
        """[2] unit: out of the room."""
        return np.array([self.along[1], -self.along[0]])

    def at(self, s: float, /, *, out: float = 0.0) -> Points:
        """[2]: the place `s` metres along the wall, `out` metres outside the plan."""
        return np.asarray(self.start + s * self.along + out * self.outward)

    def face(self, drawing: Mesh, /, *, out: float, base: float, inside: bool) -> Mesh:
        """A drawing (X along the wall, Y up from the floor at `base`) as a face of the wall that looks into the room or out."""
        s, z = drawing.position[:, 0], drawing.position[:, 1]
        plan = self.start + s[:, None] * self.along + out * self.outward
        normal = np.append(-self.outward if inside else self.outward, 0.0)
        return oriented(np.column_stack([plan, base + z]), drawing.triangle, normal, drawing.uv)

    def reveals(self, hole: Hole, depth: float, base: float, /) -> list[Mesh]:
        """The four sides of a hole through the wall, facing into it, the upright ones in bands."""
        meshes = []
        for s, sign in ((hole.left, 1.0), (hole.right, -1.0)):
            for a, b in bands(hole.bottom, hole.top):
                corners = [(s, a, 0.0), (s, a, depth), (s, b, depth), (s, b, 0.0)]
                meshes.append(self._side(corners, np.append(sign * self.along, 0.0), base))
        for z, up in ((hole.bottom, 1.0), (hole.top, -1.0)):
            corners = [(hole.left, z, 0.0), (hole.left, z, depth), (hole.right, z, depth), (hole.right, z, 0.0)]
            meshes.append(self._side(corners, np.array([0.0, 0.0, up]), base))
        return meshes

    def _side(self, corners: list[tuple[float, float, float]], normal: NDArray[np.float64], base: float) -> Mesh:
        place = [np.append(self.at(s, out=out), base + z) for s, z, out in corners]
        return oriented(
            np.array(place), np.array([[0, 1, 2], [0, 2, 3]]), normal, np.array([[out + s, z] for s, z, out in corners])
        )


def wall_edges(ring: Points, /) -> list[WallEdge]:
    """The walls over a counterclockwise plan [N, 2], in its order."""
    edges = []
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        length = float(np.linalg.norm(end - start))
        edges.append(WallEdge(start, (end - start) / length, length))
    return edges


def nearest_edge(edges: Sequence[WallEdge], at: ArrayLike, /) -> tuple[int, float, float]:
    """(number of the nearest wall, metres along it, metres away) of a place [2]."""
    found = []
    for number, edge in enumerate(edges):
        s = float(np.clip((np.asarray(at) - edge.start) @ edge.along, 0.0, edge.length))
        found.append((float(np.linalg.norm(edge.at(s) - np.asarray(at))), number, s))
    away, number, s = min(found)
    return number, s, away


def outer_reach(edges: Sequence[WallEdge], number: int, out: float, /) -> tuple[float, float]:
    """From where to where along a wall a face `out` metres outside the plan runs, so that it meets those of its neighbours."""
    before, edge, after = edges[number - 1], edges[number], edges[(number + 1) % len(edges)]
    return -out * _turn(before.along, edge.along), edge.length + out * _turn(edge.along, after.along)


def _turn(first: Points, second: Points) -> float:
    """How much longer a face one metre outside is where the wall turns from one direction to the next."""
    cosine = float(np.clip(first @ second, -0.98, 1.0))
    sign = float(np.sign(first[0] * second[1] - first[1] * second[0]))
    return sign * float(np.sqrt((1.0 - cosine) / (1.0 + cosine)))


def bands(low: float, high: float, /) -> list[tuple[float, float]]:
    """Heights from low to high, cut into pieces of at most BAND_M."""
    count = max(1, int(np.ceil((high - low) / BAND_M)))
    return [(float(a), float(b)) for a, b in pairwise(np.linspace(low, high, count + 1))]


def oriented(position: NDArray, triangle: NDArray, normal: NDArray, uv: NDArray, /) -> Mesh:
    """A plane mesh whose triangles face along `normal`."""
    a, b, c = (position[triangle[0, k]] for k in range(3)) if len(triangle) else (np.zeros(3),) * 3
    turned = float(np.cross(b - a, c - a) @ normal) < 0.0
    return mesh(position, triangle[:, ::-1] if turned else triangle, normal=normal, uv=uv)


@dataclass(frozen=True, slots=True, eq=False)
class Daylight:
    """Light within a room. Skylights and windows are sampled as small shining areas; what they give directly, relative to what
    the best lit places get, is evened out by what walls and floor throw back.

    place [L, 3] metres, normal [L, 3] into the room, size [L] square metres: the samples
    plan, base, height   the room: area, floor and height in metres
    evenness             0..1: how light its darkest corners are
    blocks               what stands on the floor: it is darker at its foot
    full                 what the best lit places get directly
    """

    place: NDArray[np.float64]
    normal: NDArray[np.float64]
    size: NDArray[np.float64]
    plan: Polygon
    base: float
    height: float
    evenness: float
    blocks: shapely.Geometry
    full: float

    @classmethod
    def of(
        cls,
        plan: Polygon,
        /,
        *,
        base: float,
        height: float,
        skylights: Sequence[Polygon],
        windows: Sequence[tuple[WallEdge, Hole]],
        blocks: shapely.Geometry,
        evenness: float,
    ) -> "Daylight":
        """The light that these openings give a room."""
        shining = sum(well.area for well in skylights)
        shining += sum((hole.right - hole.left) * (hole.top - hole.bottom) for _, hole in windows)
        apart = max(_SAMPLE_M, float(np.sqrt(shining / _MOST_SAMPLES)))
        samples = [_skylight(well, base + height + 0.4, apart) for well in skylights]
        samples += [_window(edge, hole, base, apart) for edge, hole in windows]
        place, normal, size = (
            np.concatenate([empty, *(one[k] for one in samples)])
            for k, empty in enumerate((np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0)))
        )
        light = cls(place, normal, size, plan, base, height, evenness, blocks, 1.0)
        probe = flat_mesh(plan, base, spacing=2.0)
        direct = light.direct(probe.position.astype(np.float64), probe.normal.astype(np.float64))
        return replace(light, full=max(float(np.percentile(direct, 85)), 1e-6))

    def direct(self, point: NDArray[np.float64], facing: NDArray[np.float64]) -> NDArray[np.float64]:
        """[N] share of the sky's light that arrives straight from the openings."""
        total = np.zeros(len(point))
        rows = min(4096, max(1_000_000 // max(len(self.place), 1), 16))
        for start in range(0, len(point), rows):
            part = slice(start, start + rows)
            towards = self.place[None] - point[part, None]
            distance = np.linalg.norm(towards, axis=2) + 0.4
            here = np.einsum("nlk,nk->nl", towards, facing[part]) / distance
            there = -np.einsum("nlk,lk->nl", towards, self.normal) / distance
            share = np.clip(here, 0.0, None) * np.clip(there, 0.0, None) / (np.pi * distance**2)
            total[part] = share @ self.size
        return total

    def shed_on(self, shape: Mesh) -> Mesh:
        """The mesh with how light it is at its vertices; darker where floor, walls and ceiling meet."""
        point, facing = shape.position.astype(np.float64), shape.normal.astype(np.float64)
        level = np.clip(self.direct(point, facing) / self.full, 0.0, 1.15)
        even = _DARKEST + (1.0 - _DARKEST) * self.evenness
        light = even + (1.05 - even) * level
        light = np.where(facing[:, 2] < -0.5, np.maximum(light, 0.85), light)
        upward = np.abs(facing[:, 2]) > 0.5
        aside = edge_distance(self.plan.exterior, point[:, :2])
        if not self.blocks.is_empty:
            aside = np.minimum(aside, np.where(point[:, 2] < self.base + 0.1, area_distance(self.blocks, point[:, :2]), 9.0))
        above, below = point[:, 2] - self.base, self.base + self.height - point[:, 2]
        corner = np.where(upward, aside, np.minimum(above, below))
        light = light * (1.0 - 0.32 * np.exp(-np.maximum(corner, 0.0) / 0.45))
        return replace(shape, openness=np.clip(light, 0.0, 1.0).astype(np.float32))


def _skylight(well: Polygon, height: float, apart: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(place [L, 3], normal [L, 3], size [L]) of the samples of one."""
    x0, y0, x1, y1 = well.bounds
    columns, rows = (max(1, int(np.ceil(length / apart))) for length in (x1 - x0, y1 - y0))
    x, y = (a + (np.arange(n) + 0.5) * (b - a) / n for a, b, n in ((x0, x1, columns), (y0, y1, rows)))
    spot = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    spot = spot[point_locator(well)(*spot.T)]
    place = np.column_stack([spot, np.full(len(spot), height)])
    return place, np.tile([0.0, 0.0, -1.0], (len(spot), 1)), np.full(len(spot), well.area / max(len(spot), 1))


def _window(
    edge: WallEdge, hole: Hole, base: float, apart: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """As `_skylight`. A window shows half as much sky, and ground below it."""
    wide, high = hole.right - hole.left, hole.top - hole.bottom
    columns, rows = max(1, int(wide / apart)), max(1, int(high / apart))
    s, z = hole.left + (np.arange(columns) + 0.5) * wide / columns, hole.bottom + (np.arange(rows) + 0.5) * high / rows
    along, up = (values.reshape(-1) for values in np.meshgrid(s, z))
    place = np.column_stack([edge.start + along[:, None] * edge.along, base + up])
    return place, np.tile(np.append(-edge.outward, 0.0), (len(along), 1)), np.full(len(along), 0.5 * wide * high / len(along))

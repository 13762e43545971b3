"""`pillars`: a landscape of sandstone pillars as at Zhangjiajie, and the tablelands between them that one walks on.

The rock's shapes are in scene/sandstone.py; here is where the pillars stand, how high they are, and what grows on them."""

from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import MAX_POINTS, Points, resampled, subdivided
from vrclient.geometry.extrusion import box, swept
from vrclient.geometry.mesh import concatenated
from vrclient.geometry.sampling import hashed, scattered
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Instances, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.polygons import Outline, area_of, flat_mesh, grid_triangles, grown, outline_size, point_locator, rings_of
from vrclient.scene.sandstone import FORM_HEIGHTS_M, FORMS_EACH, ROCK, Form, cliff, forms, pine
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, Height, Model, Point, Ratio, Seed

_TIGHTEST = 0.9069
"""Share of a plane that equal circles can cover at most."""
_CLEAR_M = 16.0
"""Pillars keep this distance from the edges of tablelands."""
_RAIL_M, _INSET_M = 1.1, 1.6
_PINES = 2

PillarHeight = Annotated[float, Field(ge=30.0, le=400.0)]


class RailingGap(Model):
    """A gap in a railing."""

    at: Point = Field(description="Its middle, [east, north] in metres.", examples=[[-215, 0]])
    width_m: Annotated[float, Field(gt=0.0, le=500.0)] = Field(8.0, description="Its width.")


class Tableland(Model):
    """A flat-topped mountain of the same rock, with cliffs all around. Visitors walk on it up to a railing along its edge."""

    outline: Outline = Field(description="Its edge: points [east, north] in metres.")
    level_m: Height = Field(description="Height of its top above the origin.", examples=[300])
    openings: tuple[RailingGap, ...] = Field(
        (), max_length=50, description="Places without railing, where bridges and platforms begin."
    )


class Ceiling(Model):
    """A part of the landscape in which no pillar is higher than this: below a bridge, before a view."""

    area: Outline = Field(description="Points [east, north] in metres around it.")
    height_m: PillarHeight = Field(description="Greatest height of a pillar there.")


class Pillars(ElementModel):
    """Sandstone pillars over an area: thousands, in a few forms that are turned, stretched and tinted. How many are how high is
    exact: by default two in three are lower than 120 m and one in seventy is higher than 300 m, as counted at Zhangjiajie. The
    same seed gives the same landscape."""

    area: Outline = Field(description="Where: points [east, north] in metres around it.")
    count: int = Field(3100, ge=1, le=20_000, description="How many pillars; fewer where no more fit.")
    min_distance_m: Annotated[float, Field(ge=10.0, le=1000.0)] = Field(
        38.0, description="Least distance between the axes of two pillars."
    )
    heights_m: tuple[PillarHeight, PillarHeight, PillarHeight, PillarHeight] = Field(
        (30.0, 120.0, 300.0, 380.0),
        description="The limits of three classes of height: the lowest pillar, low to middle, middle to high, the highest.",
    )
    shares: tuple[Ratio, Ratio, Ratio] = Field(
        (0.67, 0.315, 0.015), description="Which share of all pillars each class has; together 1."
    )
    grouping: Ratio = Field(0.7, description="0 = heights fall at random, 1 = high pillars stand together as ridges.")
    clearings: Ratio = Field(0.25, description="Which share of the area stays valley, free of pillars.")
    exclude: tuple[Outline, ...] = Field((), max_length=200, description="Areas without pillars: points around each.")
    ceilings: tuple[Ceiling, ...] = Field((), max_length=100, description="Areas in which pillars stay below a height.")
    tablelands: tuple[Tableland, ...] = Field((), max_length=50, description="Flat-topped mountains; pillars keep clear of them.")
    pines: Annotated[int, Field(ge=0, le=20)] = Field(7, description="Most pines on one pillar; small ones have fewer.")
    seed: Seed = Field(1, description="Another number gives another landscape.")

    @model_validator(mode="after")
    def _check_heights(self) -> "Pillars":
        if any(low >= high for low, high in zip(self.heights_m, self.heights_m[1:], strict=False)):
            raise ValueError(f"heights_m must rise from the lowest to the highest; it is {list(self.heights_m)}")
        if abs(sum(self.shares) - 1.0) > 1e-6:
            raise ValueError(f"the three shares must make 1 together; they make {sum(self.shares):g}")
        return self

    @model_validator(mode="after")
    def _check_room(self) -> "Pillars":
        space, distance = area_of(self.area).area, self.min_distance_m
        room = _TIGHTEST * (space + np.sqrt(space) * 2 * distance + distance**2) / (np.pi / 4 * distance**2)
        if self.count > room + 1:
            raise ValueError(
                f"{self.count} pillars do not fit: the area has {space:.0f} m2, and {distance:g} m apart at most {room:.0f} "
                "fit; ask for fewer, or give a smaller 'min_distance_m'"
            )
        return self


def places(model: Pillars, /) -> tuple[Points, NDArray[np.int64]]:
    """[N, 2] metres and the number [N] of each, from which everything else about it is hashed."""
    area = area_of(model.area)
    taken = [area_of(outline) for outline in model.exclude]
    taken += [part for one in model.tablelands for part in grown(area_of(one.outline), _CLEAR_M)]
    free = point_locator(area.difference(shapely.union_all(taken)) if taken else area)
    valley = _valley_level(model)

    def inside(points: Points) -> NDArray[np.bool_]:
        mask = free(*points.T)
        if model.clearings:
            mask[mask] = _relief(points[mask], 330.0, model.seed) >= valley
        return mask

    found = scattered(
        area.bounds[:2], area.bounds[2:], count=model.count, min_distance=model.min_distance_m, seed=model.seed, inside=inside
    )
    return found.point, found.number


def heights(model: Pillars, point: Points, number: NDArray[np.int64], /) -> NDArray[np.float64]:
    """[N] metres. Each class has its share of the count to the nearest whole pillar; ridges are high together."""
    total = len(point)
    low, medium = (round(total * share) for share in np.cumsum(model.shares)[:2])
    sizes = (low, medium - low, total - medium)
    values = []
    for size, start, end, power in zip(sizes, model.heights_m, model.heights_m[1:], (0.8, 1.7, 1.6), strict=False):
        values.append(start + (end - start) * ((np.arange(size) + 0.5) / max(size, 1)) ** power)
    rising = np.concatenate(values)
    score = model.grouping * _relief(point, 420.0, model.seed + 7) + (1.0 - model.grouping) * hashed(
        number, seed=model.seed, channel=3
    )
    height = np.empty(total)
    height[np.argsort(score, kind="stable")] = rising
    return _below_ceilings(model, point, number, height)


def _below_ceilings(model: Pillars, point: Points, number: NDArray[np.int64], height: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pillars that are too high for where they stand change places with lower ones elsewhere."""
    limit = np.full(len(point), np.inf)
    for ceiling in model.ceilings:
        within = point_locator(area_of(ceiling.area))(*point.T)
        limit[within] = np.minimum(limit[within], ceiling.height_m)
    order = np.argsort(hashed(number, seed=model.seed, channel=4))
    partners = list(order[np.isinf(limit[order])])
    for index in np.flatnonzero(height > limit):
        found = next((k for k, other in enumerate(partners) if height[other] <= limit[index]), None)
        if found is None:
            height[index] = limit[index]
        else:
            other = partners.pop(found)
            height[index], height[other] = height[other], height[index]
    return height


def _relief(point: Points, size: float, seed: int) -> NDArray[np.float64]:
    """[N] 0..1: smooth noise over the plan, ridges about `size` metres apart."""
    total = np.zeros(len(point))
    for octave, weight in ((1.0, 0.65), (0.45, 0.35)):
        place = point / (size * octave) + 100.0 * octave
        whole = np.floor(place).astype(np.int64)
        s, t = (np.moveaxis(place - whole, -1, 0) ** 2) * (3.0 - 2.0 * np.moveaxis(place - whole, -1, 0))
        corner = [hashed((whole[:, 0] + a) * 7919 + whole[:, 1] + b, seed=seed, channel=50) for a in (0, 1) for b in (0, 1)]
        total += weight * ((corner[0] * (1 - t) + corner[1] * t) * (1 - s) + (corner[2] * (1 - t) + corner[3] * t) * s)
    return total


def _valley_level(model: Pillars) -> float:
    """The relief below which the land stays free: exactly `clearings` of it lies lower."""
    x0, y0, x1, y1 = area_of(model.area).bounds
    grid = np.stack(np.meshgrid(np.linspace(x0, x1, 90), np.linspace(y0, y1, 90)), axis=-1).reshape(-1, 2)
    return float(np.quantile(_relief(grid, 330.0, model.seed), model.clearings))


def build(model: Pillars, context: BuildContext) -> DrawData:
    point, number = places(model)
    table = _tablelands(model, context)
    if not len(point):
        return table
    height = heights(model, point, number)

    def chance(channel: int) -> NDArray[np.float64]:
        return hashed(number, seed=model.seed, channel=channel)

    known = forms()
    boundary = np.sqrt(np.array(FORM_HEIGHTS_M[1:]) * np.array(FORM_HEIGHTS_M[:-1]))
    form = FORMS_EACH * np.searchsorted(boundary, height) + (FORMS_EACH * chance(10)).astype(int)
    own = np.array([one.height for one in known])[form]
    wide = 0.78 + 0.4 * chance(11)
    scale = np.stack([wide, wide * (0.85 + 0.3 * chance(12)), height / own], axis=1)
    heading = 2 * np.pi * chance(13)
    foot = context.on_ground(point)
    shade = 0.82 + 0.36 * chance(14)
    warm = 0.1 * (2 * chance(15) - 1)
    tint = shade[:, None] * np.stack([1.0 + warm, np.ones_like(warm), 1.0 - 1.2 * warm], axis=1)
    rows = []
    for index, one in enumerate(known):
        mine = form == index
        if mine.any():
            columns = (values[mine].astype(np.float32) for values in (foot, heading, scale, tint))
            rows.append(Instances(one.mesh, *columns))
    core = np.array([one.core for one in known])[form] * scale[:, :2].min(axis=1)
    return DrawData(
        surfaces=table.surfaces,
        far=table.far,
        instances=(*rows, *_pines(model, known, form, foot, heading, scale, number)),
        walls=np.concatenate([table.walls, _foot_walls(foot, core)]),
        walkable=table.walkable,
        solids=np.concatenate([table.solids, _cores(foot, core, height)]),
    )


def _cores(foot: NDArray[np.float64], core: NDArray[np.float64], height: NDArray[np.float64]) -> NDArray[np.float32]:
    """[N, 6]: upright boxes inside the rock, whatever way it is turned."""
    half = 0.7 * core
    middle = foot + np.outer(0.485 * height, [0.0, 0.0, 1.0])
    return np.column_stack([middle, half, half, 0.5 * 0.97 * height]).astype(np.float32)


def _foot_walls(foot: NDArray[np.float64], core: NDArray[np.float64]) -> NDArray[np.float32]:
    """Six walls around the foot of each pillar."""
    angle = np.arange(7) * (np.pi / 3)
    ring = foot[:, None, :2] + 1.25 * core[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    low = np.broadcast_to(foot[:, None, 2:] - 3.0, (len(foot), 6, 1))
    return np.concatenate([ring[:, :-1], ring[:, 1:], low, low + 6.0], axis=2).reshape(-1, 6).astype(np.float32)


def _pines(
    model: Pillars,
    known: tuple[Form, ...],
    form: NDArray[np.int64],
    foot: NDArray[np.float64],
    heading: NDArray[np.float64],
    scale: NDArray[np.float64],
    number: NDArray[np.int64],
) -> list[Instances]:
    """Pines on tops and ledges, at the places that each form has for them."""
    if not model.pines:
        return []
    most = max(len(one.spots) for one in known)
    spots = np.stack([np.pad(one.spots, ((0, most - len(one.spots)), (0, 0)), mode="edge") for one in known])
    counts = np.array([len(one.spots) for one in known])
    size = np.array([one.reach for one in known])[form] * scale[:, 0]
    wanted = np.clip(np.round(model.pines * (size / 22.0) ** 1.3), 1, model.pines * 2).astype(int)
    owner = np.repeat(np.arange(len(form)), wanted)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    member = number[owner] * 64 + rank
    ledges = np.maximum(counts[form][owner] - 20, 1)
    spot = np.where(rank % 3 == 2, 20 + rank // 3 % ledges, (rank - rank // 3) % 20)
    spot = np.minimum(spot, counts[form][owner] - 1)
    local = spots[form[owner], spot] * scale[owner]
    cosine, sine = np.cos(heading[owner]), np.sin(heading[owner])
    east, north = cosine * local[:, 0] + sine * local[:, 1], cosine * local[:, 1] - sine * local[:, 0]
    place = foot[owner] + np.stack([east, north, local[:, 2]], axis=1)
    grown_to = 0.75 + 0.65 * hashed(member, seed=model.seed, channel=20)
    variant = (_PINES * hashed(member, seed=model.seed, channel=21)).astype(int)
    turn = 2 * np.pi * hashed(member, seed=model.seed, channel=22)
    shade = 0.75 + 0.45 * hashed(member, seed=model.seed, channel=23)
    rows = []
    for index in range(_PINES):
        mine = variant == index
        if mine.any():
            columns = (place[mine], turn[mine], np.outer(grown_to[mine], np.ones(3)), np.outer(shade[mine], np.ones(3)))
            position, around, size_of, tint = (column.astype(np.float32) for column in columns)
            rows.append(Instances(pine(index), position, around, size_of, tint))
    return rows


def _tablelands(model: Pillars, context: BuildContext) -> DrawData:
    grass = Material(color=linear_color("#5d7038"), roughness=0.95, pattern="grass")
    stone = Material(color=linear_color("#a39a8c"), roughness=0.9, pattern="concrete")
    near, far, walkable, walls, solids = [], [], [], [np.zeros((0, 6))], [np.zeros((0, 6))]
    for index, one in enumerate(model.tablelands):
        area = area_of(one.outline)
        ring = rings_of(area)[0]
        bottom = float(context.ground.height(subdivided(ring, spacing=20.0, closed=True)).min()) - 15.0
        top = flat_mesh(area, one.level_m, spacing=12.0)
        seed = model.seed + 31 * index
        if one.level_m - bottom > 20.0:
            near.append(Surface(cliff(ring, bottom, one.level_m, spacing=4.0, seed=seed), ROCK))
            far.append(Surface(cliff(ring, bottom, one.level_m, spacing=12.0, merged=2, seed=seed), ROCK))
        near.append(Surface(top, grass))
        far.append(Surface(top, grass))
        walkable.append(top)
        for part in grown(area, -_INSET_M)[:1]:
            rail, rows = _railing(one, rings_of(part)[0])
            near += [Surface(shape, stone) for shape in rail]
            walls.append(rows)
        solids.append(_inner_box(area, bottom, one.level_m))
    return DrawData(
        surfaces=tuple(near),
        far=tuple(far),
        walls=np.concatenate(walls).astype(np.float32),
        walkable=tuple(walkable),
        solids=np.concatenate(solids).astype(np.float32),
    )


def _railing(one: Tableland, ring: Points) -> tuple[list, NDArray[np.float64]]:
    """Posts and two rails along a closed plan, and walls, both without the openings."""
    start = subdivided(ring, spacing=1.0, closed=True)
    end = np.roll(start, -1, axis=0)
    middle = (start + end) / 2
    guarded = np.ones(len(start), bool)
    for gap in one.openings:
        guarded &= np.hypot(*(middle - gap.at).T) > gap.width_m / 2
    level = one.level_m
    count = int(guarded.sum())
    walls = np.column_stack([start[guarded], end[guarded], np.full(count, level - 1.0), np.full(count, level + _RAIL_M)])
    first = int(np.argmin(guarded))
    order = np.roll(np.arange(len(start)), -first)
    pieces = np.split(order, np.flatnonzero(np.diff(guarded[order].astype(int))) + 1)
    shapes = []
    for piece in pieces:
        if not guarded[piece[0]]:
            continue
        run = np.concatenate([start[piece], end[piece[-1:]]])
        line = np.column_stack([run, np.full(len(run), level)])
        for height in (0.5, _RAIL_M - 0.1):
            shapes.append(
                swept(line, [(-0.06, height), (0.06, height), (0.06, height + 0.12), (-0.06, height + 0.12), (-0.06, height)])
            )
        posts = [
            box((*(place - 0.11), level - 0.3), (*(place + 0.11), level + _RAIL_M + 0.12))
            for place in resampled(run, spacing=3.0)
        ]
        shapes.append(concatenated(posts))
    return shapes, walls


def _inner_box(area: Polygon, bottom: float, level: float) -> NDArray[np.float64]:
    """[1, 6]: a box within the mountain, around the point farthest from its edge; [0, 6] where it would be small."""
    center = shapely.maximum_inscribed_circle(area)
    half = 0.9 * center.length / np.sqrt(2.0)
    if half < 10.0 or level - bottom < 10.0:
        return np.zeros((0, 6))
    x, y = shapely.get_coordinates(center)[0]
    return np.array([[x, y, 0.5 * (bottom + level) - 1.0, half, half, 0.5 * (level - bottom) - 2.0]])


def occupied(model: Pillars, /) -> list[NDArray[np.float64]]:
    return [ring for one in model.tablelands for ring in rings_of(area_of(one.outline))[:1]]


def cost(model: Pillars, path_of: PathOf, /) -> Cost:
    cliffs = 0.0
    for one in model.tablelands:
        around, area, points = outline_size(one.outline)
        cliffs += 2.5 * (around / 4.0 + points) * max(1.0, (abs(one.level_m) + 100.0) / 4.0) + 2.0 * grid_triangles(area, 12.0)
        cliffs += 60.0 * min(around, MAX_POINTS)
    return Cost(
        triangles=cliffs, copies=model.count * (1.0 + model.pines), help="a smaller count, fewer pines, or smaller tablelands"
    )


EXAMPLE = """\
- kind: pillars
  id: stone_forest
  area: [[-260, -260], [260, -260], [260, 260], [-260, 260]]
  count: 60
  heights_m: [30, 90, 150, 190]
  shares: [0.4, 0.4, 0.2]
  seed: 3
"""

ELEMENT = ElementKind(model=Pillars, build=build, cost=cost, example=EXAMPLE, occupied=occupied)

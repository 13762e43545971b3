"""Many of one thing: trees over a wood, lamps along a path, people on a square. The things are in scene/props/library.py."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import Points, length, signed_area
from vrclient.geometry.sampling import hashed, scattered, spaced_along, value_noise
from vrclient.scene.draw_data import DrawData, Instances, Light
from vrclient.scene.element import BuildContext, ElementKind, OccupiedArea, PathOf
from vrclient.scene.polygons import Outline, Path, area_of, point_locator
from vrclient.scene.props.library import PROPS, Prop, PropName, Taken, prop_mesh
from vrclient.showcase.cost import Cost
from vrclient.showcase.limits import MAX_EXTENT_M
from vrclient.showcase.models import Degrees, ElementModel, Height, HexColor, PathRef, Point, Ratio, Seed

Size = Annotated[float, Field(ge=0.1, le=10.0)]
_TIGHTEST = 0.9069
"""Share of a plane that equal circles can cover at most."""
_WATERLINE_M = 0.05
"""So far inside a shore something may stand that is planted along it."""
_NOWHERE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
"""Stands in for what is no area."""


class Scatter(ElementModel):
    """Many of one thing: over an `area`, `along` a path, or one by one `at` places. It stands on the land and by itself keeps
    clear of what it should not stand on: nothing in buildings and water, plants not on roads and squares either. The same
    seed gives the same places, and another count keeps most of them."""

    mesh: PropName = Field(description="Which kind of thing.")
    area: PathRef | Outline | None = Field(
        None, description="Where: points around it, or the id of an element. That element itself is not kept clear of."
    )
    along: PathRef | Path | None = Field(None, description="Along which line: its points, or the id of an element.")
    at: tuple[Point, ...] | None = Field(
        None,
        min_length=1,
        max_length=10_000,
        description="At these places exactly; nothing is kept clear of.",
        examples=[[[4, 2], [9, 2.5]]],
    )
    count: Annotated[int, Field(ge=1, le=200_000)] | None = Field(None, description="How many; fewer where no more fit.")
    density_per_ha: Annotated[float, Field(ge=0.001, le=200_000.0)] | None = Field(
        None,
        description="How many on 10,000 m2 of free ground, in place of `count`. A light wood has 250 trees.",
    )
    spacing_m: Annotated[float, Field(ge=0.2, le=MAX_EXTENT_M)] | None = Field(
        None, description="Along a path: from one to the next. Default: as usual for the thing."
    )
    offset_m: Annotated[float, Field(ge=0.0, le=1000.0)] = Field(0.0, description="Along a path: how far beside it.")
    side: Literal["right", "left", "both"] = Field(
        "right",
        description="Along a path: on which side, seen in its direction; along an element's outline right is outside.",
    )
    jitter_m: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        0.0, description="Along a path: how far they may stand out of line."
    )
    exclude: tuple[PathRef | Outline, ...] = Field(
        (), max_length=500, description="More areas to keep clear of: points around each, or ids of elements."
    )
    avoid: tuple[Taken, ...] | None = Field(
        None, max_length=10, description="Kinds of elements to keep clear of. Default: as the thing needs; [] = none."
    )
    clearance_m: Annotated[float, Field(ge=0.0, le=100.0)] | None = Field(
        None, description="Distance it keeps from all these. Default: as usual for the thing."
    )
    min_distance_m: Annotated[float, Field(ge=0.0, le=1000.0)] | None = Field(
        None, description="Over an area: least distance between two. Default: as usual for the thing."
    )
    clumping: Ratio = Field(0.0, description="Over an area: 0 = evenly spread, 1 = in thickets with clearings between.")
    group: tuple[Annotated[int, Field(ge=1, le=8)], Annotated[int, Field(ge=1, le=8)]] = Field(
        (1, 1), description="Over an area: least and most that stand together in a circle, such as people talking."
    )
    level_m: Height | None = Field(
        None,
        description="Height above the origin they stand at. Default: the land, or the floor of the terrace named in `area`.",
    )
    scale: tuple[Size, Size] | None = Field(
        None, description="Smallest and largest size; 1 = as usual. Default: as usual for the thing.", examples=[[0.8, 1.2]]
    )
    heading_deg: Degrees | None = Field(
        None, description="Which way they face: 0 north, 90 east. Default: any way; along a path benches and the like face it."
    )
    heading_spread_deg: Annotated[float, Field(ge=0.0, le=180.0)] = Field(
        0.0, description="How far single ones turn from that, either way."
    )
    facing: Literal["any", "path", "away", "along"] | None = Field(
        None, description="Along a path, in place of `heading_deg`: any way, towards it, away from it, or in its direction."
    )
    color: HexColor | None = Field(
        None,
        description="Colour of its leaves, blossoms, wood or clothes, such as '#d9a521' for ginkgos in autumn. Default: its own.",
    )
    tint: Ratio | None = Field(None, description="How far single ones differ in colour. Default: as usual for the thing.")
    lit: bool = Field(True, description="Whether lamps shine after dark.")
    seed: Seed = Field(1, description="Another number gives other places.")

    @model_validator(mode="after")
    def _check_choices(self) -> "Scatter":
        places = [name for name in ("area", "along", "at") if getattr(self, name) is not None]
        if len(places) != 1:
            given = " and ".join(f"'{name}'" for name in places) if places else "none of them"
            raise ValueError(f"give one of 'area', 'along' and 'at'; this has {given}")
        if self.area is not None and (self.count is None) == (self.density_per_ha is None):
            raise ValueError("an area needs either 'count' or 'density_per_ha'")
        if self.along is not None and self.count is not None and self.spacing_m is not None:
            raise ValueError("give either 'count' or 'spacing_m'")
        if self.along is not None and self.density_per_ha is not None:
            raise ValueError("'density_per_ha' is for an area; along a path give 'count' or 'spacing_m'")
        for name in ("group", "scale"):
            pair = getattr(self, name)
            if pair and pair[0] > pair[1]:
                raise ValueError(f"'{name}' must begin with the smaller number: [{pair[1]:g}, {pair[0]:g}]")
        return self

    @model_validator(mode="after")
    def _check_room(self) -> "Scatter":
        if self.area is None or isinstance(self.area, str):
            return self
        space = area_of(self.area).area
        distance = PROPS[self.mesh].min_distance if self.min_distance_m is None else self.min_distance_m
        count = self.count or (self.density_per_ha or 0.0) * space / 10_000.0
        room = (
            _TIGHTEST * (space + np.sqrt(space) * 2 * distance + distance**2) / (np.pi / 4 * distance**2) if distance else np.inf
        )
        if count / self.group[0] > room + 1:
            raise ValueError(
                f"{count:.0f} of '{self.mesh}' do not fit: the area has {space:.0f} m2, and {distance:g} m apart at most "
                f"{room:.0f} fit; ask for fewer, or give a smaller 'min_distance_m'"
            )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """xy [N, 2] metres; number [N] int64 from which everything else about a thing is hashed; heading [N] radians, NaN = any."""

    xy: Points
    number: NDArray[np.int64]
    heading: NDArray[np.float64]

    def only(self, mask: NDArray[np.bool_], /) -> "_Places":
        return _Places(self.xy[mask], self.number[mask], self.heading[mask])


def build(scatter: Scatter, context: BuildContext) -> DrawData:
    prop = PROPS[scatter.mesh]
    if scatter.at is not None:
        places = _Places(np.array(scatter.at, np.float64), np.arange(len(scatter.at)), np.full(len(scatter.at), np.nan))
    elif scatter.along is not None:
        places = _along(scatter, prop, context)
    else:
        places = _over_area(scatter, prop, context)
    if not len(places.xy):
        return DrawData()
    return _draw_data(scatter, prop, places, context)


def _draw_data(scatter: Scatter, prop: Prop, places: _Places, context: BuildContext) -> DrawData:
    def chance(channel: int) -> NDArray[np.float64]:
        return hashed(places.number, seed=scatter.seed, channel=channel)

    smallest, largest = scatter.scale or prop.size_range
    size = smallest + (largest - smallest) * chance(10)
    stretch = 1.0 + (0.16 * (chance(11) - 0.5) if prop.size_range != (1.0, 1.0) and prop.tint > 0.1 else 0.0)
    scale = np.stack([size, size, size * stretch], axis=1)
    spread = np.radians(scatter.heading_spread_deg) * (2 * chance(12) - 1)
    if scatter.heading_deg is None:
        heading = np.where(np.isnan(places.heading), 2 * np.pi * chance(13), places.heading + spread)
    else:
        heading = np.radians(scatter.heading_deg) + spread
    tint = _tints(prop.tint if scatter.tint is None else scatter.tint, chance(14), chance(15))
    position = _standing(scatter, places.xy, context)
    variant = np.minimum((prop.variants * chance(16)).astype(int), prop.variants - 1)
    rows = []
    for number in range(prop.variants):
        mine = variant == number
        if mine.any():
            mesh = prop_mesh(scatter.mesh, number, scatter.color)
            columns = (values[mine].astype(np.float32) for values in (position, heading, scale, tint))
            rows.append(Instances(mesh, *columns))
    lights = _lights(prop.light, position, scale) if prop.light and scatter.lit else ()
    return DrawData(instances=tuple(rows), lights=lights)


def _standing(scatter: Scatter, xy: Points, context: BuildContext) -> NDArray[np.float64]:
    """[N, 3]: on the floor of the element they are scattered over, or on the land."""
    named = scatter.area if scatter.area is not None else scatter.along
    level = context.floors.get(named) if isinstance(named, str) and scatter.level_m is None else scatter.level_m
    if level is None:
        return context.on_ground(xy)
    return np.concatenate([xy, np.full((len(xy), 1), level)], axis=1)


def _tints(amount: float, value: NDArray[np.float64], hue: NDArray[np.float64], /) -> NDArray[np.float64]:
    """[N, 3]: darker and lighter, yellower and bluer."""
    brightness = 1.0 + 1.5 * amount * (2 * value - 1)
    warmth = amount * (2 * hue - 1)
    return brightness[:, None] * np.stack([1.0 + warmth, np.ones_like(warmth), 1.0 - warmth], axis=1)


def _lights(light: Light, position: NDArray[np.float64], scale: NDArray[np.float64], /) -> tuple[Light, ...]:
    height = light.position[2] * scale[:, 2]
    return tuple(
        replace(light, position=(float(x), float(y), float(z + up))) for (x, y, z), up in zip(position, height, strict=True)
    )


def _along(scatter: Scatter, prop: Prop, context: BuildContext) -> _Places:
    path = _course(scatter.along, context)
    if path is None or len(path) < 2:
        return _Places(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0))
    closed = len(path) > 3 and bool(np.allclose(path[0], path[-1]))
    offset = -scatter.offset_m if scatter.side == "left" else scatter.offset_m
    row = spaced_along(
        path[:-1] if closed else path,
        spacing=scatter.spacing_m or prop.min_distance,
        count=scatter.count,
        offset=offset,
        both_sides=scatter.side == "both",
        closed=closed,
    )
    number = np.arange(len(row.point))
    turn, out = 2 * np.pi * hashed(number, seed=scatter.seed, channel=2), np.sqrt(hashed(number, seed=scatter.seed, channel=3))
    xy = row.point + scatter.jitter_m * out[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    course = np.arctan2(row.direction[:, 0], row.direction[:, 1])
    facing = scatter.facing or ("path" if prop.aligned else "any")
    side = np.where(row.side == 0, 1.0, row.side)
    heading = {
        "any": np.full(len(xy), np.nan),
        "along": course,
        "path": course - side * np.pi / 2,
        "away": course + side * np.pi / 2,
    }[facing]
    places = _Places(xy, number, heading)
    return places.only(_free(xy, scatter, prop, context))


def _over_area(scatter: Scatter, prop: Prop, context: BuildContext) -> _Places:
    area = _area(scatter.area, context)
    if area.is_empty:
        return _Places(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0))
    distance = prop.min_distance if scatter.min_distance_m is None else scatter.min_distance_m
    room = _circle(scatter.group[1], distance)
    if room:
        area = area.buffer(-room - 0.5 * distance)
        if area.is_empty:
            return _Places(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0))
    count = scatter.count
    if count is None:
        taken = _taken(scatter, prop, context, shapely.box(*area.bounds))
        free = area.difference(shapely.union_all(taken).buffer(_clearance(scatter, prop))) if taken else area
        count = max(1, round((scatter.density_per_ha or 0.0) * free.area / 10_000.0))
    within = point_locator(area)

    def inside(points: Points) -> NDArray[np.bool_]:
        mask = within(*points.T)
        if scatter.clumping:  # thickets about 14 distances wide, and clearings
            mask[mask] = (
                value_noise(points[mask], 14.0 * max(distance, 0.5), seed=scatter.seed, channel=30) >= scatter.clumping * 0.62
            )
        mask[mask] = _free(points[mask], scatter, prop, context, more=room)
        return mask

    least = distance + 2 * room
    found = scattered(area.bounds[:2], area.bounds[2:], count=count, min_distance=least, seed=scatter.seed, inside=inside)
    return _grouped(found.point, found.number, scatter, distance, count)


def _circle(people: int, distance: float, /) -> float:
    """Radius of a circle on which so many stand `distance` apart; 0 for one alone."""
    return 0.0 if people < 2 else max(distance, 0.3) / (2 * np.sin(np.pi / max(people, 2)))


def _grouped(point: Points, number: NDArray[np.int64], scatter: Scatter, distance: float, count: int) -> _Places:
    """Each place becomes a circle of `group` things that look at its middle; those that stand alone look anywhere."""
    least, most = scatter.group
    people = least + np.minimum((hashed(number, seed=scatter.seed, channel=4) * (most - least + 1)).astype(int), most - least)
    owner = np.repeat(np.arange(len(point)), people)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(people) - people, people)
    turn = 2 * np.pi * (hashed(number, seed=scatter.seed, channel=5)[owner] + rank / people[owner])
    radius = np.array([_circle(int(n), distance) for n in range(most + 1)])[people[owner]]
    member = number[owner] * 8 + rank
    jitter = 0.85 + 0.3 * hashed(member, seed=scatter.seed, channel=6)
    xy = point[owner] + (radius * jitter)[:, None] * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    heading = np.where(people[owner] > 1, turn + np.pi + 0.7 * (hashed(member, seed=scatter.seed, channel=7) - 0.5), np.nan)
    return _Places(xy[:count], member[:count], heading[:count])


def _free(xy: Points, scatter: Scatter, prop: Prop, context: BuildContext, /, *, more: float = 0.0) -> NDArray[np.bool_]:
    """[N] bool: the places that keep clear of everything they should."""
    free = np.ones(len(xy), bool)
    if not len(xy):
        return free
    clearance = _clearance(scatter, prop) + more
    taken = _taken(scatter, prop, context, shapely.box(*xy.min(axis=0), *xy.max(axis=0)).buffer(clearance))
    if taken:
        near, _ = shapely.STRtree(taken).query(shapely.points(xy), predicate="dwithin", distance=clearance)
        free[near] = False
    if isinstance(scatter.along, str) and "water" in _kept_clear_of(scatter, prop):
        shores = [area.ring for area in context.occupied if area.id == scatter.along and area.kind == "water"]
        for shore in shores:  # the element itself is not kept clear of, but nothing that stays dry stands in it
            free &= ~point_locator(shapely.make_valid(Polygon(shore)).buffer(-_WATERLINE_M))(*xy.T)
    return free


def _clearance(scatter: Scatter, prop: Prop, /) -> float:
    return prop.margin if scatter.clearance_m is None else scatter.clearance_m


def _kept_clear_of(scatter: Scatter, prop: Prop, /) -> tuple[Taken, ...]:
    return prop.clear_of if scatter.avoid is None else scatter.avoid


def _taken(scatter: Scatter, prop: Prop, context: BuildContext, near: Polygon, /) -> list[shapely.Geometry]:
    """What it keeps clear of within the box `near`: by kind, but for the element it stands on, and what `exclude` names."""
    kinds = _kept_clear_of(scatter, prop)
    own = {name for name in (scatter.area, scatter.along) if isinstance(name, str)}
    every, bounds = _occupied_shapes(context.occupied)
    low_x, low_y, high_x, high_y = near.bounds
    wanted = np.array(
        [_stands_for(area.kind) in kinds and area.id not in own and area.is_there_with(scatter) for area in context.occupied],
        np.bool_,
    )
    wanted &= (bounds[:, 0] <= high_x) & (bounds[:, 2] >= low_x) & (bounds[:, 1] <= high_y) & (bounds[:, 3] >= low_y)
    shapes = list(every[wanted])
    shapes += [shape for shape in (_area(one, context) for one in scatter.exclude) if not shape.is_empty]
    return shapes


@lru_cache(maxsize=4)
def _occupied_shapes(occupied: tuple[OccupiedArea, ...], /) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """([K] shapes, [K, 4] their bounds; NaN for what is no area). Kept, because every scatter of a showcase asks for them."""
    rings = [area.ring if len(area.ring) >= 3 else _NOWHERE for area in occupied]
    if not rings:
        return np.zeros(0, object), np.zeros((0, 4))
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    shapes = shapely.polygons(shapely.linearrings(np.concatenate(rings), indices=owner))
    invalid = ~shapely.is_valid(shapes)
    shapes[invalid] = shapely.make_valid(shapes[invalid])
    bounds = shapely.bounds(shapes)
    bounds[[len(area.ring) < 3 for area in occupied]] = np.nan
    return shapes, bounds


def _stands_for(kind: str, /) -> str:
    """A kind of element as one of what things keep clear of: water and roads are themselves, all else is as a building."""
    return kind if kind in ("water", "road") else "building"


def _area(area: str | Outline | None, context: BuildContext, /) -> shapely.Geometry:
    """The ground of an element (what it takes up, or what its path encloses), or the area inside points."""
    if area is None:
        return Polygon()
    if not isinstance(area, str):
        return area_of(area)
    rings = [one.ring for one in context.occupied if one.id == area]
    if not rings and area in context.paths:
        rings = [context.paths[area]]
    return shapely.union_all([shapely.make_valid(Polygon(ring)) for ring in rings if len(ring) >= 3])


def _course(course: str | Path | None, context: BuildContext, /) -> Points | None:
    if isinstance(course, str):
        return context.paths.get(course)
    return np.array(course, np.float64)


def cost(model: Scatter, path_of: PathOf, /) -> Cost:
    if model.at is not None:
        copies = float(len(model.at))
    elif model.count is not None:
        copies = float(model.count)
    else:
        course = model.along if model.along is not None else model.area
        points = path_of(course) if isinstance(course, str) else np.array(course, np.float64)
        if points is None or len(points) < 2:
            copies = 0.0
        elif model.along is not None:
            copies = length(points) / (model.spacing_m or PROPS[model.mesh].min_distance)
        else:
            copies = (model.density_per_ha or 0.0) * abs(signed_area(points)) / 10_000.0
    copies *= 2.0 if model.along is not None and model.side == "both" else 1.0
    is_lamp = PROPS[model.mesh].light is not None and model.lit
    return Cost(copies=copies, lamps=copies if is_lamp else 0.0, help="a smaller count or density_per_ha, or a larger spacing_m")


ELEMENT = ElementKind(
    model=Scatter,
    build=build,
    cost=cost,
    example="""\
- kind: scatter
  mesh: broadleaf
  area: [[-60, 10], [60, 10], [60, 70], [-60, 70]]
  density_per_ha: 120
  clumping: 0.4
  seed: 7
""",
)

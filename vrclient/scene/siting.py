"""What is said to be fine and is wrong all the same, because of where it stands: a visitor inside a wall, a house in a lake, two
houses in one place. These are warnings: a showcase is never refused for them. It looks at plans from above, not at meshes.

A new check is a function from `_Site` to problems, and a line in CHECKS. Each is bounded: a showcase may have thousands of
elements on top of each other."""

import datetime
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely import Polygon

from vrclient.scene.element import Bulk, Kinds
from vrclient.scene.polygons import area_of
from vrclient.showcase.crosscheck import PlaceOf
from vrclient.showcase.diagnostics import Diagnostic, Note
from vrclient.showcase.models import ElementModel

MOST = 40
"""No more problems are said of one showcase."""
_NEIGHBOURS = 40
"""So many elements at one spot are looked at."""
_FINE_POINTS = 200
_WALL_M = 0.3
"""What is this near to a wall hangs on it."""
_STEP_M = 1.5
"""So far beside what is in the way a place is proposed."""
_TALL_M = 2.5
"""Who looks from higher above the land flies."""
_COVERED = 0.7
_FAR = 3.0
"""Times the terrain's size."""
_VISITORS = {"spawn": "the spawn", "viewpoint": "this viewpoint", "tour": "this stop"}
_THINGS = {
    **{kind: f"this {kind}" for kind in ("panel", "counter", "portal", "exhibit", "screen")},
    "text": "this text",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """Something that stands at one place. up: metres above the origin, None: on the land; day: on which it is looked at, None:
    whenever it is there."""

    number: int
    path: tuple[str | int, ...]
    what: str
    xy: tuple[float, float]
    up: float | None
    day: datetime.date | None


class _Site:
    """The showcase's elements as plans. An element is None where something in it was reported."""

    def __init__(
        self, elements: Sequence[ElementModel | None], kinds: Kinds, day: datetime.date, place_of: PlaceOf | None
    ) -> None:
        self.elements, self.kinds, self.day, self._place_of = elements, kinds, day, place_of

    def warning(
        self, number: int, path: tuple[str | int, ...], message: str, help: str, other: int | None = None, note: str = ""
    ) -> Diagnostic:
        """What is wrong with element `number`, at `path` in it; `other`: the element that it is about, too; `note` says what it
        is."""
        found = Diagnostic("siting", message, help, "warning")
        if self._place_of is None:
            return found
        notes = () if other is None else (Note(self._place_of(other, ()), note),)
        return found.at(self._place_of(number, path), *notes)

    def of(self, *kinds: str) -> Iterator[tuple[int, ElementModel]]:
        for number, element in enumerate(self.elements):
            if element is not None and element.kind in kinds:
                yield number, element

    @cached_property
    def bulks(self) -> "_Plans":
        solid = {name: kind.bulk for name, kind in self.kinds.items() if kind.bulk is not None}
        found = [(number, solid[model.kind](model)) for number, model in self.of(*solid)]
        return _Plans([number for number, _ in found], [_coarse(bulk.area) for _, bulk in found], [bulk for _, bulk in found])

    @cached_property
    def waters(self) -> "_Plans":
        numbers, areas = [], []
        for number, model in self.of("water"):
            numbers.append(number)
            areas.append(_coarse(area_of(model.outline, model.islands, smooth=model.smooth)))  # type: ignore[attr-defined]
        return _Plans(numbers, areas)

    @cached_property
    def ways(self) -> "_Plans":
        """Roads with a course on the land; squares carry houses, and decks run above them."""
        ways = [(n, one) for n, one in self.of("road") if one.path is not None and one.level_m is None]  # type: ignore[attr-defined]
        return self._plans(ways)

    @cached_property
    def floors(self) -> "_Plans":
        """What one can stand on over water."""
        plans = self._plans([*self.of("road", "terrace", "stairs", "room")])
        bridges = [(n, one) for n, one in self.of("bridge")]
        lines = [shapely.LineString([one.start[:2], one.end[:2]]).buffer(one.width_m) for _, one in bridges]  # type: ignore[attr-defined]
        models = self._plans([(n, one) for n, one in self.of("model") if one.walkable])  # type: ignore[attr-defined]
        numbers = [*plans.numbers, *(n for n, _ in bridges), *models.numbers]
        return _Plans(numbers, [*plans.areas, *lines, *models.areas])

    @cached_property
    def is_level(self) -> bool:
        """Whether heights above the origin can be told without building the land."""
        return not any(one.heights or one.hills for _, one in self.of("terrain"))  # type: ignore[attr-defined]

    @cached_property
    def standing(self) -> list[_Standing]:
        found = []
        for number, model in self.of(*_VISITORS, *_THINGS):
            for path, spot, day in _spots(model):
                what = (_VISITORS | _THINGS)[model.kind]
                shown = (day or self.day) if model.kind in _VISITORS else None
                found.append(_Standing(number, path, what, (spot[0], spot[1]), spot[2] if len(spot) == 3 else None, shown))
        return found

    def is_there_with(self, number: int, other: int, day: datetime.date | None) -> bool:
        """Whether element `other` stands on that day, or on any on which `number` does."""
        one, two = self.elements[number], self.elements[other]
        assert one is not None and two is not None
        if day is not None:
            return (two.built is None or two.built <= day) and (two.demolished is None or day < two.demolished)
        begun = two.demolished is None or one.built is None or one.built < two.demolished
        return begun and (one.demolished is None or two.built is None or two.built < one.demolished)

    def _plans(self, found: Sequence[tuple[int, ElementModel]]) -> "_Plans":
        numbers, areas = [], []
        for number, model in found:
            occupied = self.kinds[model.kind].occupied
            for ring in occupied(model) if occupied is not None else ():
                if len(ring) >= 3:
                    numbers.append(number)
                    areas.append(_coarse(Polygon(ring)))
        return _Plans(numbers, areas)


class _Plans:
    """Areas by the number of their element, to be asked what is where."""

    def __init__(self, numbers: list[int], areas: list[shapely.Geometry], bulks: Sequence[Bulk] = ()) -> None:
        self.numbers, self.areas, self.bulks = numbers, areas, bulks
        self._tree = shapely.STRtree(areas)

    def around(self, shape: shapely.Geometry) -> NDArray[np.int64]:
        """Indices of the areas that meet a shape, at most _NEIGHBOURS, in order."""
        return np.sort(self._tree.query(shape, predicate="intersects"))[:_NEIGHBOURS]


def site_problems(
    elements: Sequence[ElementModel | None], kinds: Kinds, day: datetime.date, place_of: PlaceOf | None = None, /
) -> list[Diagnostic]:
    """What is wrong with where elements stand; `day`: the one that is shown at first; `place_of`: where each is written."""
    site = _Site(elements, kinds, day, place_of)
    return list(itertools.islice(itertools.chain.from_iterable(check(site) for check in CHECKS), MOST))


def _inside_buildings(site: _Site) -> Iterator[Diagnostic]:
    for one in site.standing:
        point = shapely.Point(one.xy)
        for index in site.bulks.around(point):
            bulk, other = site.bulks.bulks[index], site.bulks.numbers[index]
            inner = site.bulks.areas[index].buffer(-_WALL_M)
            if not inner.contains(point) or not site.is_there_with(one.number, other, one.day) or _is_above(one, bulk, site):
                continue
            help = f"move it out, for example to {_beside(bulk.area, point)}"
            yield site.warning(one.number, one.path, f"{one.what} stands inside a building", help, other, "the building")
            break


def _in_water(site: _Site) -> Iterator[Diagnostic]:
    if not site.waters.numbers:
        return
    for one in site.standing:
        point = shapely.Point(one.xy)
        if one.up is not None or any(site.floors.areas[index].contains(point) for index in site.floors.around(point)):
            continue
        for index in site.waters.around(point):
            area, other = site.waters.areas[index], site.waters.numbers[index]
            if area.buffer(-_WALL_M).contains(point) and site.is_there_with(one.number, other, one.day):
                help = f"move it ashore, for example to {_beside(area, point)}, or lay a road or a terrace across"
                yield site.warning(one.number, one.path, f"{one.what} stands in the water", help, other, "the water")
                break


def _buildings_in_one_place(site: _Site) -> Iterator[Diagnostic]:
    plans = site.bulks
    for index, (number, area, bulk) in enumerate(zip(plans.numbers, plans.areas, plans.bulks, strict=True)):
        for before in plans.around(area):
            if before >= index or not site.is_there_with(number, plans.numbers[before], None):
                continue
            if not _share_height(bulk, plans.bulks[before]):
                continue
            common, both = area.intersection(plans.areas[before]).area, area.union(plans.areas[before]).area
            if both and common / both > _COVERED:
                help = "remove one of them, or move it; storeys of one house are one element"
                message = "this building stands in the same place as another one"
                yield site.warning(number, (), message, help, plans.numbers[before], "the other one")
                break


def _buildings_on(site: _Site) -> Iterator[Diagnostic]:
    if not site.bulks.numbers:
        return
    for plans, where, other_name, least, help in (
        (site.waters, "in the water", "the water", 0.1, "move one of the two, or give the water an island there"),
        (site.ways, "on a road", "the road", 0.25, "move one of the two, or lead the road round it"),
    ):
        for number, area in zip(site.bulks.numbers, site.bulks.areas, strict=True):
            for index in plans.around(area):
                common = area.intersection(plans.areas[index]).area
                if common > 4.0 and common > least * area.area and site.is_there_with(number, plans.numbers[index], None):
                    share = f"{100 * common / area.area:.0f} % of this building" if common < 0.99 * area.area else "this building"
                    yield site.warning(number, (), f"{share} stands {where}", help, plans.numbers[index], other_name)
                    break


def _far_from_the_terrain(site: _Site) -> Iterator[Diagnostic]:
    terrain = next((one for _, one in site.of("terrain")), None)
    if terrain is None:
        return
    (x, y), size = terrain.center, max(terrain.size_m)  # type: ignore[attr-defined]
    for one in site.standing:
        away = float(np.hypot(one.xy[0] - x, one.xy[1] - y))
        if away > _FAR * size:
            message = f"{one.what} stands {away / 1000:.1f} km from the middle of the terrain, which is {size:g} m wide"
            yield site.warning(
                one.number, one.path, message, "check that these are metres from the origin, and correct the place"
            )


CHECKS: tuple[Callable[[_Site], Iterator[Diagnostic]], ...] = (
    _inside_buildings,
    _in_water,
    _buildings_in_one_place,
    _buildings_on,
    _far_from_the_terrain,
)


def _spots(model: ElementModel) -> Iterator[tuple[tuple[str | int, ...], tuple[float, ...], datetime.date | None]]:
    """(path, place, day) of everything in an element that stands somewhere; not of who looks from the air."""
    if model.kind == "tour":
        for number, stop in enumerate(model.stops):  # type: ignore[attr-defined]
            if stop.at is not None:
                yield ("stops", number, "at"), stop.at, stop.date
        return
    at = getattr(model, "at", None)
    if at is not None and getattr(model, "eye_m", 0.0) <= _TALL_M:
        yield ("at",), at, getattr(model, "date", None)


def _coarse(area: shapely.Geometry) -> shapely.Geometry:
    valid = area if area.is_valid else shapely.make_valid(area)
    return valid if shapely.get_num_coordinates(valid) <= _FINE_POINTS else valid.simplify(0.5)


def _is_above(one: _Standing, bulk: Bulk, site: _Site) -> bool:
    """Whether it is over or under a building, or that cannot be told."""
    if one.up is None:
        return False
    if not site.is_level and bulk.bottom is None:
        return True
    terrain = next((one for _, one in site.of("terrain")), None)
    land = terrain.level_m if terrain is not None else 0.0  # type: ignore[attr-defined]
    bottom = land if bulk.bottom is None else bulk.bottom
    return not min(bottom, land) - 1.0 < one.up < bottom + bulk.height - 0.05


def _share_height(one: Bulk, two: Bulk) -> bool:
    if one.bottom is None or two.bottom is None:
        return (one.bottom or 0.0) < (two.bottom or 0.0) + two.height and (two.bottom or 0.0) < (one.bottom or 0.0) + one.height
    return one.bottom < two.bottom + two.height - 0.1 and two.bottom < one.bottom + one.height - 0.1


def _beside(area: shapely.Geometry, point: shapely.Point) -> str:
    """The nearest place outside an area, a step from its edge."""
    edge = shapely.ops.nearest_points(area.boundary, point)[0]
    away = np.array([edge.x - point.x, edge.y - point.y])
    step = away / max(float(np.linalg.norm(away)), 1e-9) * _STEP_M
    return f"[{edge.x + step[0]:.1f}, {edge.y + step[1]:.1f}]"

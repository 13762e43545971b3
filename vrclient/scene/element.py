"""The protocol of an element kind: a model, a pure build, an example, a page of manual. One file in elements/ each."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

from vrclient.scene.draw_data import DrawData
from vrclient.scene.outline_crossings import outline_crossings
from vrclient.showcase.cost import Cost, CostsOf
from vrclient.showcase.models import ElementModel

Model = TypeVar("Model", bound=ElementModel)
PathOf = Callable[[str], NDArray[np.float64] | None]


class Ground(Protocol):
    """The height of the land, made of all elements whose kind shapes the ground."""

    def height(self, xy: ArrayLike, /) -> NDArray[np.float64]:
        """[..., 2] metres -> [...] metres above the origin; outside every terrain it is 0."""
        ...


class FlatGround:
    """Level land at z = 0: what a showcase without terrain stands on."""

    def height(self, xy: ArrayLike, /) -> NDArray[np.float64]:
        return np.zeros(np.shape(xy)[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class OccupiedArea:
    """Ground that is taken: scattered things keep clear of it. ring [N, 2] metres, either direction, not repeating its start.
    `built` is the first day on which it is taken, `demolished` the first on which it is free again; None: always, forever."""

    kind: str
    id: str | None
    ring: NDArray[np.float64]
    built: datetime.date | None = None
    demolished: datetime.date | None = None

    def is_there_with(self, other: ElementModel, /) -> bool:
        """Whether there is a day on which both stand."""
        begun = self.demolished is None or other.built is None or other.built < self.demolished
        ended = other.demolished is None or self.built is None or self.built < other.demolished
        return begun and ended


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Everything a build may look at besides its own model: values only, so equal inputs give equal arrays.

    ground     heights of the land (elements stand on it unless they say otherwise)
    elements   every element with an id, by id
    paths      [N, 2] metres by id, of every element whose kind has a path: for `along:` and `area:`
    occupied   what all elements take up on the ground
    floors     metres above the origin by id, of every element that has a level floor above the land: what is scattered over
               it stands there
    languages  in the order in which signs show them
    showcases  names of the showcases that a portal can lead to; None: nobody has looked, any may be there
    """

    ground: Ground = field(default_factory=FlatGround)
    elements: Mapping[str, ElementModel] = field(default_factory=dict)
    paths: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    occupied: tuple[OccupiedArea, ...] = ()
    floors: Mapping[str, float] = field(default_factory=dict)
    languages: tuple[str, ...] = ("zh", "en")
    showcases: frozenset[str] | None = None

    def on_ground(self, xy: ArrayLike, /) -> NDArray[np.float64]:
        """[..., 2] -> [..., 3]: the points put on the land."""
        points = np.asarray(xy, np.float64)
        return np.concatenate([points, self.ground.height(points)[..., None]], axis=-1)

    def place(self, at: tuple[float, ...], /) -> tuple[float, float, float]:
        """An `at:` of the format as a point: (x, y) stands on the land, (x, y, z) is taken as it is."""
        if len(at) == 3:
            return (at[0], at[1], at[2])
        return (at[0], at[1], float(self.ground.height(at)))


@dataclass(frozen=True, slots=True, eq=False)
class Bulk:
    """Something solid, seen from above. bottom: metres above the origin, None: on the land; height: metres."""

    area: Polygon
    bottom: float | None
    height: float


@dataclass(frozen=True, slots=True)
class ElementKind(Generic[Model]):
    """What a file in elements/ ends in: `ELEMENT = ElementKind(...)`. The kind's name is the file's name.

    model     the pydantic model of one YAML entry; its field descriptions become the manual
    build     (model, context) -> DrawData; pure, raises nothing for a checked model
    example   YAML of a list entry, `- kind: ...`, that checks without a problem; shown in the manual
    ground    (model, land so far) -> the land with this element's shape in it, for kinds that shape the land: terrain makes
              it, water presses it down. Folded over all elements in order, before anything is built.
    path      (model) -> [N, 2] metres, for kinds that can serve as `along:` or `area:` of another element; a closed one repeats
              its first point at the end
    occupied  (model) -> rings [N, 2] metres: the ground this element takes up (a footprint, a road, a water's surface), which
              scattered things keep clear of
    floor     (model, land) -> metres above the origin of the level floor one stands on (a terrace)
    bulk      (model) -> what nobody can stand in (a building), for the warnings of scene/siting.py
    cost      (model, path_of) -> what it takes to build, estimated; path_of(id) is another element's path, None where there is
              none. Every kind whose size is free says it, so that `vrclient check` refuses what would not build
    """

    model: type[Model]
    build: Callable[[Model, BuildContext], DrawData]
    example: str
    ground: Callable[[Model, Ground], Ground] | None = None
    path: Callable[[Model], NDArray[np.float64]] | None = None
    occupied: Callable[[Model], Sequence[NDArray[np.float64]]] | None = None
    floor: Callable[[Model, Ground], float] | None = None
    bulk: Callable[[Model], Bulk] | None = None
    cost: Callable[[Model, PathOf], Cost] | None = None


Kinds = Mapping[str, ElementKind[ElementModel]]
"""The registry as a value: kind name -> ElementKind. elements/__init__.py makes it from the folder."""


def costs_of(kinds: Kinds, /) -> CostsOf:
    """The costs of elements: what their kinds say, for the others nothing that counts; and how often the outlines cross of those
    that take land for themselves."""

    def costs(models: Sequence[ElementModel], named: Mapping[str, ElementModel], /) -> list[Cost]:
        def path_of(id: str) -> NDArray[np.float64] | None:
            path = kinds[named[id].kind].path if id in named else None
            return path(named[id]) if path else None

        def own(model: ElementModel) -> Cost:
            cost = kinds[model.kind].cost
            return cost(model, path_of) if cost else Cost()

        rings = []
        for number, model in enumerate(models):
            kind = kinds[model.kind]
            if kind.ground and kind.occupied:
                rings += [(number, ring) for ring in kind.occupied(model)]
        crossed = outline_crossings(rings, len(models))
        return [replace(own(model), crossings=int(count)) for model, count in zip(models, crossed, strict=True)]

    return costs

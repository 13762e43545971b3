"""A checked showcase becomes a scene: each element built alone, then gathered into tables.

Per element the build is pure (same model and context, same arrays), so a changed element can be rebuilt alone and a built
one can be kept. What needs everything at once (cells, ambient occlusion) happens in `scene_from_draw_data`."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Floats
from vrclient.scene.draw_data import OPAQUE, DrawData, Image, Instances, Sky, Surface, SurfaceType, Viewpoint
from vrclient.scene.element import BuildContext, FlatGround, Ground, Kinds, OccupiedArea
from vrclient.scene.light_map import light_map
from vrclient.scene.occlusion import HeightField, cell_centers, height_field, openness
from vrclient.scene.pieces import in_pieces
from vrclient.scene.tables import EARLIEST, LATEST, Chunk, InstanceTable, PackedMesh, Scene, Solids, packed
from vrclient.showcase.models import ElementModel, Showcase

Item = TypeVar("Item")
Result = TypeVar("Result")

CELL_M = 64.0
"""Unique geometry is merged within squares of this size."""

BAKED_MARGIN_M, BAKED_LIMIT_M = 40.0, 400.0
"""Ambient occlusion and lamplight are baked this far around what is built, and at most so far from its middle."""

LOW_M = 1.5
"""What is lower (floors, kerbs, decks) hides no sky; in a field of one layer it would fill the space up to an eave above it."""

_FIELD = np.array([10.0, 10.0])


@dataclass(frozen=True, slots=True, eq=False)
class BuiltElement:
    """One element's draw data with its dates (days, date.toordinal()) and its layer, if it belongs to one."""

    draw_data: DrawData
    built: int = EARLIEST
    demolished: int = LATEST
    layer: str | None = None


def build_scene(
    showcase: Showcase,
    kinds: Kinds,
    /,
    *,
    languages: tuple[str, ...] = ("zh", "en"),
    showcases: frozenset[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Scene:
    """The whole scene of a checked showcase. `progress(done, total)` is called after each element; `showcases` are the names
    that portals can lead to (None: any)."""
    context = replace(build_context(showcase, kinds, languages=languages), showcases=showcases)
    built = []
    for element in _in_parallel(lambda one: build_element(one, kinds, context), showcase.elements):
        built.append(element)
        if progress:
            progress(len(built), len(showcase.elements))
    return scene_from_draw_data(built, title=showcase.title, haze_m=showcase.environment.haze_m, ground=context.ground)


def _in_parallel(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """The results in the order of the items. numpy and shapely let go of the interpreter while they work, so what two items share
    must bear being read by two threads at once: arrays do, prepared geometries do not (polygons.prepared)."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        yield from pool.map(work, items)


def build_context(showcase: Showcase, kinds: Kinds, /, *, languages: tuple[str, ...] = ("zh", "en")) -> BuildContext:
    """What every build may look at: the land as all elements shape it, and the elements by id."""
    ground: Ground = FlatGround()
    for element in showcase.elements:
        shape = kinds[element.kind].ground
        if shape:
            ground = shape(element, ground)
    named = {element.id: element for element in showcase.elements if element.id}
    paths = {id: path(element) for id, element in named.items() if (path := kinds[element.kind].path)}
    occupied = tuple(
        OccupiedArea(element.kind, element.id, np.asarray(ring, np.float64), element.built, element.demolished)
        for element in showcase.elements
        if (rings := kinds[element.kind].occupied)
        for ring in rings(element)
    )
    floors = {id: floor(element, ground) for id, element in named.items() if (floor := kinds[element.kind].floor)}
    return BuildContext(ground=ground, elements=named, paths=paths, occupied=occupied, floors=floors, languages=languages)


def build_element(element: ElementModel, kinds: Kinds, context: BuildContext, /) -> BuiltElement:
    """One element alone."""
    return BuiltElement(
        kinds[element.kind].build(element, context),
        element.built.toordinal() if element.built else EARLIEST,
        element.demolished.toordinal() if element.demolished else LATEST,
        element.layer,
    )


def scene_from_draw_data(
    elements: Sequence[BuiltElement],
    /,
    *,
    title: Mapping[str, str] | None = None,
    haze_m: float | None = None,
    ground: Ground | None = None,
) -> Scene:
    """Gathers built elements into one scene; bakes how much sky every vertex sees and where the lamps shine."""
    layers = tuple(sorted({element.layer for element in elements if element.layer}))
    instances = _instance_table(elements, layers)
    field = _height_field(elements, instances, ground or FlatGround())
    data = [element.draw_data for element in elements]
    lights = tuple(light for one in data for light in one.lights)
    sky = next((one.sky for one in data if one.sky), Sky())
    walkable = [mesh.position[mesh.triangle] for one in data for mesh in one.walkable]
    floors = [sum(len(mesh.triangle) for mesh in one.walkable) for one in data]
    return Scene(
        title=dict(title or {}),
        chunks=tuple(piece for chunk in _chunks(elements, layers, field) for piece in in_pieces(chunk)),
        instances=instances,
        lights=lights,
        light_map=light_map(lights, field),
        viewpoints=tuple(_unique_viewpoints(view for one in data for view in one.viewpoints)),
        walls=np.concatenate([np.zeros((0, 6), np.float32), *(one.walls for one in data)]),
        walkable=np.concatenate([np.zeros((0, 3, 3), np.float32), *walkable]),
        wall_days=_days(elements, [len(one.walls) for one in data]),
        walkable_days=_days(elements, floors),
        solids=_solids(elements, layers),
        selectables=tuple(
            replace(thing, built=element.built, demolished=element.demolished)
            for element in elements
            for thing in element.draw_data.selectables
        ),
        interactives=tuple(thing for one in data for thing in one.interactives),
        interactive_days=tuple((one.built, one.demolished) for one in elements for _ in one.draw_data.interactives),
        sky=sky if haze_m is None else replace(sky, haze_m=haze_m),
        mist=next((one.mist for one in data if one.mist), None),
        layers=layers,
    )


def _layer(element: BuiltElement, layers: Sequence[str]) -> int:
    return layers.index(element.layer) if element.layer else -1


def _days(elements: Sequence[BuiltElement], counts: Sequence[int]) -> NDArray[np.int32]:
    """[sum of counts, 2]: built and demolished of so many things of each element."""
    days = np.array([(one.built, one.demolished) for one in elements], np.int32).reshape(-1, 2)
    return np.repeat(days, counts, axis=0)


def _solids(elements: Sequence[BuiltElement], layers: Sequence[str]) -> Solids:
    boxes = np.concatenate([np.zeros((0, 6), np.float32), *(element.draw_data.solids for element in elements)])
    counts = [len(element.draw_data.solids) for element in elements]
    built, demolished = (
        np.repeat(np.array(days, np.int32), counts)
        for days in ([element.built for element in elements], [element.demolished for element in elements])
    )
    layer = np.repeat(np.array([_layer(element, layers) for element in elements], np.int16), counts)
    return Solids(boxes[:, :3], boxes[:, 3:], built, demolished, layer)


def _unique_viewpoints(viewpoints: Iterable[Viewpoint]) -> Iterable[Viewpoint]:
    seen: set[str] = set()
    for view in viewpoints:
        if view.name not in seen:
            seen.add(view.name)
            yield view


def _height_field(elements: Sequence[BuiltElement], instances: InstanceTable, ground: Ground) -> HeightField:
    """A top-down height field of all that throws shade on the sky, over the part of the land where things are built:
    solid surfaces that cast shadows, and what sways in the wind as crowns. What will be gone one day leaves no shade behind."""
    solid = np.concatenate(
        [np.zeros((0, 3, 3), np.float32)]
        + [
            surface.mesh.position[surface.mesh.triangle]
            for element in elements
            if element.demolished == LATEST
            for surface in element.draw_data.surfaces
            if surface.material.surface in (*OPAQUE, "glass") and surface.casts_shadow and _height(surface) > LOW_M
        ]
    )
    places = [solid.reshape(-1, 3)[:, :2]]
    places += [np.array([thing.position[:2] for thing in element.draw_data.lights]).reshape(-1, 2) for element in elements]
    places += [np.array([thing.position[:2] for thing in element.draw_data.viewpoints]).reshape(-1, 2) for element in elements]
    points = np.concatenate(places)
    low, high = (points.min(axis=0) - BAKED_MARGIN_M, points.max(axis=0) + BAKED_MARGIN_M) if len(points) else (-_FIELD, _FIELD)
    middle = (low + high) / 2.0
    low, high = np.maximum(low, middle - BAKED_LIMIT_M), np.minimum(high, middle + BAKED_LIMIT_M)
    west_south, east_north = (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))
    half, center = instances.half_extent, instances.center
    leafy = np.array([mesh.sway > 0.0 for mesh in instances.meshes], np.bool_)
    shading = (instances.casts_shadow & (half[:, 2] > 1.0) & leafy[instances.mesh]) if len(leafy) else np.zeros(0, np.bool_)
    crowns = np.column_stack(
        [center[:, :2], center[:, 2] + half[:, 2], center[:, 2] - 0.4 * half[:, 2], half[:, :2].mean(axis=1)]
    )[shading]
    return height_field(
        solid,
        low=west_south,
        high=east_north,
        ground=ground.height(cell_centers(west_south, east_north)),
        crowns=crowns[((crowns[:, :2] > low) & (crowns[:, :2] < high)).all(axis=1)],
    )


def _height(surface: Surface) -> float:
    z = surface.mesh.position[:, 2]
    return float(z.max() - z.min()) if len(z) else 0.0


@dataclass(frozen=True, slots=True)
class _DrawState:
    """Surfaces that agree in this are drawn together. image: the number of one in the order in which surfaces bring them, told
    apart by identity; 0 for none."""

    cell: tuple[int, int]
    surface: SurfaceType
    image: int
    two_sided: bool
    casts_shadow: bool
    built: int
    demolished: int
    layer: int


_IN_ORDER = attrgetter("surface", "cell", "built", "demolished", "layer", "image", "two_sided", "casts_shadow")
"""Of all that there is in it: else memory's addresses would say what is drawn first, and the edges of each run were others."""


def _chunks(elements: Sequence[BuiltElement], layers: Sequence[str], field: HeightField) -> Iterable[Chunk]:
    near: defaultdict[_DrawState, list[Surface]] = defaultdict(list)
    far: defaultdict[_DrawState, list[Surface]] = defaultdict(list)
    images: list[Image | None] = [None]
    numbers: dict[int, int] = {}
    for element in elements:
        simple = element.draw_data.far or element.draw_data.surfaces
        for target, surfaces in ((near, element.draw_data.surfaces), (far, simple)):
            for surface in surfaces:
                if not len(surface.mesh.triangle):
                    continue
                image = surface.material.image
                if image is not None and id(image) not in numbers:
                    numbers[id(image)] = len(images)
                    images.append(image)
                middle = (surface.mesh.position.min(axis=0) + surface.mesh.position.max(axis=0)) / 2
                state = _DrawState(
                    cell=(int(middle[0] // CELL_M), int(middle[1] // CELL_M)),
                    surface=surface.material.surface,
                    image=numbers[id(image)] if image is not None else 0,
                    two_sided=surface.material.two_sided,
                    casts_shadow=surface.casts_shadow,
                    built=element.built if surface.built is None else max(element.built, surface.built),
                    demolished=element.demolished if surface.demolished is None else min(element.demolished, surface.demolished),
                    layer=_layer(element, layers),
                )
                target[state].append(surface)

    def chunk(state: _DrawState) -> Chunk:
        fine, simple_ones = near.get(state, []), far.get(state, [])
        same = len(fine) == len(simple_ones) and all(a is b for a, b in zip(fine, simple_ones, strict=True))
        shaded = _shaded(fine if same else [*fine, *simple_ones], field)
        near_mesh = packed(shaded[: len(fine)])
        far_mesh = None if same else packed(shaded[len(fine) :])
        center, half_extent = _bounds(near_mesh, far_mesh)
        return Chunk(
            surface=state.surface,
            image=images[state.image],
            two_sided=state.two_sided,
            casts_shadow=state.casts_shadow,
            near=near_mesh,
            far=far_mesh,
            center=center,
            half_extent=half_extent,
            built=state.built,
            demolished=state.demolished,
            layer=state.layer,
        )

    states = sorted(near.keys() | far.keys(), key=_IN_ORDER)
    return _in_parallel(chunk, states)


def _shaded(surfaces: Sequence[Surface], field: HeightField) -> list[Surface]:
    """The surfaces, of one type, with the sky's openness at their vertices; signs and water keep theirs."""
    if surfaces[0].material.surface not in ("lit", "glass"):
        return list(surfaces)
    shapes = [surface.mesh for surface in surfaces]
    sky = openness(np.concatenate([one.position for one in shapes]), np.concatenate([one.normal for one in shapes]), field)
    parts = np.split(sky, np.cumsum([len(one.position) for one in shapes])[:-1])
    return [
        replace(surface, mesh=replace(surface.mesh, openness=(surface.mesh.openness * part).astype(np.float32)))
        for surface, part in zip(surfaces, parts, strict=True)
    ]


def _bounds(*meshes: PackedMesh | None) -> tuple[Floats, Floats]:
    points = np.concatenate([mesh.vertex["position"] for mesh in meshes if mesh is not None])
    low, high = points.min(axis=0), points.max(axis=0)
    return ((low + high) / 2).astype(np.float32), ((high - low) / 2).astype(np.float32)


def _instance_table(elements: Sequence[BuiltElement], layers: Sequence[str]) -> InstanceTable:
    rows: list[tuple[Instances, BuiltElement]] = [
        (group, element) for element in elements for group in element.draw_data.instances if len(group.position)
    ]
    meshes = {group.mesh.key: group.mesh for group, _ in rows}
    number = {key: index for index, key in enumerate(sorted(meshes))}
    ordered = tuple(meshes[key] for key in sorted(meshes))
    levels = tuple(tuple(packed(surfaces) for surfaces in thing.levels) for thing in ordered)
    bounds = [_bounds(*thing) for thing in levels]
    centers, halves = [], []
    for group, _ in rows:
        center, half = bounds[number[group.mesh.key]]
        scaled_center, scaled_half = group.scale * center, np.abs(group.scale) * half
        cosine, sine = np.cos(group.heading), np.sin(group.heading)
        turned = scaled_center.copy()
        turned[:, 0] = cosine * scaled_center[:, 0] + sine * scaled_center[:, 1]
        turned[:, 1] = -sine * scaled_center[:, 0] + cosine * scaled_center[:, 1]
        box = scaled_half.copy()
        box[:, 0] = np.abs(cosine) * scaled_half[:, 0] + np.abs(sine) * scaled_half[:, 1]
        box[:, 1] = np.abs(sine) * scaled_half[:, 0] + np.abs(cosine) * scaled_half[:, 1]
        centers.append(group.position + turned)
        halves.append(box)

    def column(parts: list[NDArray], width: int, dtype: type) -> NDArray:
        empty: NDArray = np.zeros((0, width) if width > 1 else (0,), dtype)
        return np.ascontiguousarray(np.concatenate([empty, *parts]), dtype)

    def repeated(values: list[int] | list[bool], dtype: type) -> NDArray:
        return np.repeat(np.array(values, dtype), [len(group.position) for group, _ in rows]).astype(dtype)

    return InstanceTable(
        meshes=ordered,
        levels=levels,
        mesh=repeated([number[group.mesh.key] for group, _ in rows], np.int32),
        position=column([group.position for group, _ in rows], 3, np.float32),
        heading=column([group.heading for group, _ in rows], 1, np.float32),
        scale=column([group.scale for group, _ in rows], 3, np.float32),
        tint=column([group.tint for group, _ in rows], 3, np.float32),
        center=column(centers, 3, np.float32),
        half_extent=column(halves, 3, np.float32),
        built=repeated([element.built for _, element in rows], np.int32),
        demolished=repeated([element.demolished for _, element in rows], np.int32),
        casts_shadow=repeated([group.casts_shadow for group, _ in rows], np.bool_),
        layer=repeated([_layer(element, layers) for _, element in rows], np.int16),
    )

"""A glTF model, placed once or many times. Reading the file is scene/gltf/read.py's; moving parts stay still."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal
from weakref import WeakValueDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.frames import heading_matrix
from vrclient.geometry.mesh import Floats, concatenated, placed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Image, InstanceMesh, Instances, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.gltf.read import GltfModel, gltf_size, load_gltf
from vrclient.scene.gltf.simplify import TARGET_SHARE, clustered, simplified, with_vertex_colors
from vrclient.showcase.cost import Brought, Cost
from vrclient.showcase.models import Degrees, ElementModel, GltfFile, HexColor, Model, Position, PositiveMeters

COPIED_TRIANGLES = 400_000
"""Copies with pictures are made up to this many triangles; beyond, instances without pictures take their place."""

LOD_PIXELS = 140.0
"""Projected size under which the simpler version of an instance is drawn."""

BODY_BAND = (0.3, 1.9)
"""Heights above the model's lowest point, in metres, in which it stands in a walking visitor's way."""

WALL_CLEARANCE = 0.05
"""What is in the way is this much wider than the model, in metres."""

FINE_OUTLINE = 3000
"""A model with more triangles is simplified before its outline is taken."""

SMALL_PART = 0.5
"""Square metres: what is smaller is in the way as its convex hull (posts, legs, trunks)."""

Scale = Field(1.0, ge=0.0001, le=1000.0, description="How much larger than in the file, whose unit is the metre.")


class Placement(Model):
    """One of several places where the model stands."""

    at: Position = Field(description="Where it stands.", examples=[[12.0, 5.0]])
    heading_deg: Degrees = Field(0.0, description="Which way its front (+Z in the file) faces: 0 north, 90 east.")
    scale: float = Field(1.0, ge=0.001, le=100.0, description="Factor on top of the element's own size.")


class GltfElement(ElementModel):
    """A 3D model from a .glb or .gltf file (glTF 2.0), at one place or at many.

    Its front (+Z in the file) faces where `heading_deg` points. A model whose north is -Z, as GIS tools write them,
    gets `heading_deg: 180`. Animations are not played; textures may be PNG, JPEG, WebP or AVIF. Unlit materials
    (KHR_materials_unlit), as scans have them, look the same by day and by night."""

    file: GltfFile = Field(
        description="The .glb or .gltf file, with all it needs beside it or below.", examples=["models/pavilion.glb"]
    )
    at: Position | None = Field(None, description="Where it stands; `placements` for more than one.", examples=[[12.0, 5.0]])
    heading_deg: Degrees = Field(0.0, description="Which way its front (+Z in the file) faces: 0 north, 90 east.")
    scale: float = Scale
    height_m: PositiveMeters | None = Field(None, description="Scales it to this height, in place of `scale`.")
    anchor: Literal["ground", "center", "origin"] = Field(
        "ground",
        description="What stands at `at`: the file's origin with the lowest point on the land (ground), the middle of "
        "its footprint with the lowest point on the land (center), or the file's origin as it is (origin).",
    )
    placements: tuple[Placement, ...] = Field((), max_length=20_000, description="Several places, in place of `at`.")
    tint: HexColor = Field("#ffffff", description="Multiplies its colours.")
    collision: Literal["footprint", "none"] = Field("footprint", description="Whether visitors can walk through it.")
    walkable: bool = Field(False, description="Whether visitors can stand on it, as on a bridge or a terrace.")
    casts_shadow: bool = Field(True, description="Whether it casts a shadow.")

    @model_validator(mode="after")
    def _check_choices(self) -> "GltfElement":
        if (self.at is None) == (not self.placements):
            raise ValueError("give either 'at' or 'placements'")
        if self.height_m is not None and self.scale != 1.0:
            raise ValueError("give either 'scale' or 'height_m'")
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _ModelRows:
    """Where copies stand: position [N, 3] of the model's anchored origin, heading [N] radians, scale [N]."""

    position: NDArray[np.float64]
    heading: NDArray[np.float64]
    scale: NDArray[np.float64]


def build(element: GltfElement, context: BuildContext) -> DrawData:
    model = _loaded(element.file)
    if not model.surfaces:
        return DrawData()
    anchored = _anchored(model, element)
    rows = _rows(element, context)
    far = simplified(anchored)
    drawn = _drawn(anchored, far, rows, element)
    walkable = tuple(surface.mesh for surface in _copies(anchored, rows)) if element.walkable else ()
    walls = _walls(anchored, rows) if element.collision == "footprint" else np.zeros((0, 6), np.float32)
    return replace(drawn, walls=walls, walkable=walkable)


def occupied(element: GltfElement) -> Sequence[NDArray[np.float64]]:
    """The rectangle under the model, at every place."""
    model = _loaded(element.file)
    if not model.surfaces:
        return []
    low, high = _anchored_bounds(model, element)
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    return [
        corners * place.scale @ heading_matrix(heading)[:2, :2].T + place.at[:2]
        for place, heading in zip(_placements(element), _headings(element), strict=True)
    ]


def _loaded(path: Path) -> GltfModel:
    try:
        status = path.stat()
    except OSError:
        return load_gltf(path)
    return _loaded_version(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=16)
def _loaded_version(path: Path, changed: int, size: int) -> GltfModel:
    """The file as it was at that time. Elements that name the same file share its meshes while it is kept here, and its pictures
    as long as anything shows them."""
    model = load_gltf(path)
    shared: dict[int, Image] = {}
    surfaces = []
    for surface in model.surfaces:
        image = surface.material.image
        if image is not None and id(image) not in shared:
            key = (path, changed, size, len(shared))
            held = _images.get(key)
            is_same = held is not None and held.repeat == image.repeat and np.array_equal(held.pixels, image.pixels)
            shared[id(image)] = held if held is not None and is_same else image
            _images[key] = shared[id(image)]
        material = surface.material if image is None else replace(surface.material, image=shared[id(image)])
        surfaces.append(replace(surface, material=material))
    return replace(model, surfaces=tuple(surfaces))


_images: WeakValueDictionary[tuple[Path, int, int, int], Image] = WeakValueDictionary()
"""(file, when it was changed, its bytes, which of its pictures) -> the picture that a scene shows."""


# Placing


def _placements(element: GltfElement) -> tuple[Placement, ...]:
    if element.at is None:
        return element.placements
    return (Placement(at=element.at),)


def _headings(element: GltfElement) -> NDArray[np.float64]:
    """[N] radians; the element's own heading turns every placement."""
    return np.radians([element.heading_deg + place.heading_deg for place in _placements(element)])


def _rows(element: GltfElement, context: BuildContext) -> _ModelRows:
    places = _placements(element)
    return _ModelRows(
        position=np.array([context.place(place.at) for place in places], np.float64),
        heading=_headings(element),
        scale=np.array([place.scale for place in places]),
    )


def _scale(model: GltfModel, element: GltfElement) -> float:
    height = float(model.high[2] - model.low[2])
    return element.height_m / height if element.height_m is not None and height > 1e-6 else element.scale


def _shift(model: GltfModel, element: GltfElement) -> NDArray[np.float64]:
    """What the anchor adds to the file's coordinates, in the file's metres."""
    if element.anchor == "origin":
        return np.zeros(3)
    middle = (model.low + model.high) / 2
    return np.array([-middle[0], -middle[1], -model.low[2]] if element.anchor == "center" else [0.0, 0.0, -model.low[2]])


def _anchored_bounds(model: GltfModel, element: GltfElement) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    shift, scale = _shift(model, element), _scale(model, element)
    return (model.low + shift) * scale, (model.high + shift) * scale


def _anchored(model: GltfModel, element: GltfElement) -> tuple[Surface, ...]:
    """The model in metres as they will stand, its anchor at the origin, in the element's tint."""
    shift, scale = _shift(model, element), _scale(model, element)
    red, green, blue = linear_color(element.tint)
    surfaces = []
    for surface in model.surfaces:
        own = surface.material.color
        material = replace(surface.material, color=(own[0] * red, own[1] * green, own[2] * blue))
        mesh = placed(surface.mesh, at=shift * scale, scale=scale)
        surfaces.append(Surface(mesh, material, casts_shadow=element.casts_shadow))
    return tuple(surfaces)


def _copies(surfaces: tuple[Surface, ...], rows: _ModelRows) -> tuple[Surface, ...]:
    return tuple(
        replace(surface, mesh=placed(surface.mesh, at=at, heading=heading, scale=scale))
        for at, heading, scale in zip(rows.position, rows.heading, rows.scale, strict=True)
        for surface in surfaces
    )


# Drawing


def _drawn(near: tuple[Surface, ...], far: tuple[Surface, ...], rows: _ModelRows, element: GltfElement) -> DrawData:
    """Copies where there is one, or where pictures are affordable; else instances."""
    triangles = sum(len(surface.mesh.triangle) for surface in near) * len(rows.heading)
    is_plain = all(surface.material.image is None and surface.material.surface == "lit" for surface in near)
    if len(rows.heading) == 1 or (triangles <= COPIED_TRIANGLES and not is_plain):
        return DrawData(surfaces=_copies(near, rows), far=_copies(far, rows))
    levels = tuple(_instanced(level) for level in (near, far) if level)
    repeated = Instances(
        mesh=InstanceMesh(key=f"model:{_digest(levels)}", levels=levels, lod_pixels=(LOD_PIXELS,) * (len(levels) - 1)),
        position=rows.position.astype(np.float32),
        heading=rows.heading.astype(np.float32),
        scale=np.repeat(rows.scale[:, None], 3, axis=1).astype(np.float32),
        tint=np.ones((len(rows.heading), 3), np.float32),
        casts_shadow=element.casts_shadow,
    )
    return DrawData(instances=(repeated,))


def _instanced(surfaces: tuple[Surface, ...]) -> tuple[Surface, ...]:
    """Instances are drawn `lit` and without pictures: these turn into vertex colours."""
    painted = [with_vertex_colors(surface) for surface in surfaces]
    return tuple(replace(one, material=replace(one.material, surface="lit")) for one in painted)


def _digest(levels: tuple[tuple[Surface, ...], ...]) -> str:
    summary = hashlib.blake2b(digest_size=12)
    for surfaces in levels:
        for surface in surfaces:
            summary.update(repr(surface.material).encode())
            for column in (surface.mesh.position, surface.mesh.normal, surface.mesh.color, surface.mesh.triangle):
                summary.update(np.ascontiguousarray(column).tobytes())
    return summary.hexdigest()


# Walking


def _walls(surfaces: tuple[Surface, ...], rows: _ModelRows) -> Floats:
    """[W, 6]: the outline of what is at body height, at every place."""
    low = min(float(surface.mesh.position[:, 2].min()) for surface in surfaces)
    high = max(float(surface.mesh.position[:, 2].max()) for surface in surfaces)
    segments = _outline(surfaces, low)
    if not len(segments):
        return np.zeros((0, 6), np.float32)
    walls = []
    for at, heading, scale in zip(rows.position, rows.heading, rows.scale, strict=True):
        turned = segments * scale @ heading_matrix(heading)[:2, :2].T + at[:2]
        wall = np.empty((len(segments), 6), np.float32)
        wall[:, :4] = turned.reshape(-1, 4)
        wall[:, 4:] = at[2] + low * scale, at[2] + high * scale
        walls.append(wall)
    return np.concatenate(walls)


def _outline(surfaces: tuple[Surface, ...], low: float) -> NDArray[np.float64]:
    """[S, 2, 2] metres: the outer edges of everything between the heights of BODY_BAND, seen from above."""
    bottom, top = low + BODY_BAND[0], low + BODY_BAND[1]
    shape = concatenated([surface.mesh for surface in surfaces])
    if len(shape.triangle) > FINE_OUTLINE:
        shape = clustered(shape, shape.position.min(axis=0), 4 * WALL_CLEARANCE)
    corner = shape.position[shape.triangle].astype(np.float64)
    crossing = (corner[..., 2].max(axis=1) > bottom) & (corner[..., 2].min(axis=1) < top)
    hulls = shapely.convex_hull(shapely.multipoints(_clipped(corner[crossing], bottom, top)))
    wide = shapely.buffer(hulls, WALL_CLEARANCE, cap_style="square", join_style="mitre", mitre_limit=1.5)
    parts = shapely.get_parts(shapely.union_all(wide))
    parts = np.where(shapely.area(parts) < SMALL_PART, shapely.convex_hull(parts), parts)
    lines = [np.asarray(part.exterior.coords)[:, :2] for part in shapely.simplify(parts, WALL_CLEARANCE)]
    return np.concatenate([np.zeros((0, 2, 2)), *(np.stack([line[:-1], line[1:]], axis=1) for line in lines)])


def _clipped(corner: NDArray[np.float64], bottom: float, top: float) -> NDArray[np.float64]:
    """[T, 9, 2]: from above, the points that span what [T, 3, 3] triangles have between two heights; some repeat."""
    points, valid = [corner[..., :2]], [(corner[..., 2] >= bottom) & (corner[..., 2] <= top)]
    following = np.roll(corner, -1, axis=1)
    rise = following[..., 2] - corner[..., 2]
    for height in (bottom, top):
        share = (height - corner[..., 2]) / np.where(np.abs(rise) > 1e-9, rise, 1.0)
        points.append(corner[..., :2] + share[..., None] * (following - corner)[..., :2])
        valid.append((share >= 0) & (share <= 1) & (np.abs(rise) > 1e-9))
    spot, use = np.concatenate(points, axis=1), np.concatenate(valid, axis=1)
    first = np.take_along_axis(spot, use.argmax(axis=1)[:, None, None], axis=1)
    return np.where(use[..., None], spot, first)


def cost(element: GltfElement, path_of: PathOf, /) -> Cost:
    """The file's own triangles and pictures are there once, and what is far away; copies of them are the element's own."""
    size, count = gltf_size(element.file), len(_placements(element))
    once = size.triangles * (1.0 + TARGET_SHARE)
    if count == 1:
        brought = Brought(element.file, once + size.triangles * element.walkable, size.pixels)
        return Cost(help="a simpler model with smaller pictures", brought=brought)
    copied = size.triangles * count
    is_repeated = copied > COPIED_TRIANGLES
    return Cost(
        triangles=copied if element.walkable or not is_repeated else 0.0,
        copies=count,
        help="fewer placements, walkable: false or a simpler model",
        brought=Brought(element.file, once) if is_repeated else Brought(element.file, pixels=size.pixels),
    )


EXAMPLE = """\
- kind: model
  id: pavilion
  file: models/pavilion.glb
  at: [12, 5]
  heading_deg: 180
  height_m: 6.5
"""

ELEMENT = ElementKind(model=GltfElement, build=build, cost=cost, occupied=occupied, example=EXAMPLE)

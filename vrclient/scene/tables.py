"""The scene as tables: what the renderer uploads and what visibility culls. Made by build.py; pure values.

Vertices are packed here, in numpy, so that surfaces with different colours and finishes share one buffer and one draw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Floats, Mesh
from vrclient.scene.colors import srgb_from_linear
from vrclient.scene.draw_data import (
    Image,
    InstanceMesh,
    Light,
    Material,
    Mist,
    Pattern,
    Selectable,
    Sky,
    Surface,
    SurfaceType,
    Viewpoint,
)
from vrclient.scene.interactives import Interactive
from vrclient.scene.light_map import LightMap

VERTEX = np.dtype(
    [
        ("position", np.float32, 3),
        ("normal", np.float32, 3),
        ("uv", np.float32, 2),
        ("color", np.uint8, 4),
        ("finish", np.uint8, 4),
    ]
)
"""One vertex, 40 bytes. color = sRGB colour and openness; finish = roughness, emission (see EMISSION_MAX), pattern number
(index into PATTERNS), flags: bit 0 metallic, bit 1 emission only in the dark, bits 2-7 lit ratio in 63rds."""

PATTERNS: tuple[Pattern, ...] = (
    "plain", "grass", "paving", "asphalt", "gravel", "concrete", "panels", "wood", "foliage", "metal", "sand", "rock", "rooms",
    "sandstone",
)  # fmt: skip
"""The numbers that shaders/include/patterns.glsl knows the patterns by."""

EMISSION_MAX = 16.0
"""Emission is stored as round(255 * sqrt(emission / EMISSION_MAX))."""

EARLIEST, LATEST = np.iinfo(np.int32).min, np.iinfo(np.int32).max
"""`built` and `demolished` of what has no dates; days are date.toordinal()."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedMesh:
    """vertex [N] VERTEX, triangle [T, 3] uint32."""

    vertex: NDArray[np.void]
    triangle: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Unique geometry of one cell that is drawn with one state: one surface type, one image, one layer, one pair of dates.

    near, far             far is None where near serves at every distance
    center, half_extent   [3] float32 metres, of both
    layer                 its number in Scene.layers; -1 = none
    """

    surface: SurfaceType
    image: Image | None
    two_sided: bool
    casts_shadow: bool
    near: PackedMesh
    far: PackedMesh | None
    center: Floats
    half_extent: Floats
    built: int = EARLIEST
    demolished: int = LATEST
    layer: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class InstanceTable:
    """All repeated things, one row each; M meshes, N rows.

    meshes       the M things; `levels[m][k]` is mesh m's LOD k, packed
    mesh         [N] int32 index into meshes
    position     [N, 3] float32; heading [N] float32; scale [N, 3] float32; tint [N, 3] float32 linear RGB
    center, half_extent   [N, 3] float32 world bounds of each row
    built, demolished     [N] int32 days
    casts_shadow [N] bool
    layer        [N] int16 number in Scene.layers; -1 = none
    """

    meshes: tuple[InstanceMesh, ...]
    levels: tuple[tuple[PackedMesh, ...], ...]
    mesh: NDArray[np.int32]
    position: Floats
    heading: Floats
    scale: Floats
    tint: Floats
    center: Floats
    half_extent: Floats
    built: NDArray[np.int32]
    demolished: NDArray[np.int32]
    casts_shadow: NDArray[np.bool_]
    layer: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """Boxes that lie wholly within opaque surfaces: center, half_extent [S, 3] float32; built, demolished [S] int32 days; layer
    [S] int16 as of instances."""

    center: Floats
    half_extent: Floats
    built: NDArray[np.int32]
    demolished: NDArray[np.int32]
    layer: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that stands in one showcase.

    walls      [W, 6] float32 (see DrawData)
    walkable   [T, 3, 3] float32 triangles one can stand on, terrain included
    wall_days, walkable_days   [W, 2], [T, 2] int32: built and demolished of each
    interactive_days   (built, demolished) of each of `interactives`
    layers     the names of all layers that anything belongs to, sorted
    """

    title: dict[str, str]
    chunks: tuple[Chunk, ...]
    instances: InstanceTable
    lights: tuple[Light, ...]
    light_map: LightMap
    viewpoints: tuple[Viewpoint, ...]
    walls: Floats
    walkable: Floats
    wall_days: NDArray[np.int32]
    walkable_days: NDArray[np.int32]
    solids: Solids
    selectables: tuple[Selectable, ...]
    interactives: tuple[Interactive, ...]
    interactive_days: tuple[tuple[int, int], ...]
    sky: Sky
    mist: Mist | None = None
    layers: tuple[str, ...] = ()

    @property
    def start(self) -> Viewpoint | None:
        """Where visitors start: the spawn, else the first viewpoint; None where there is neither."""
        return next((view for view in self.viewpoints if view.is_spawn), self.viewpoints[0] if self.viewpoints else None)


def packed(surfaces: Sequence[Surface], /) -> PackedMesh:
    """The surfaces as one buffer of vertices; their materials' colours and finishes go into the vertices."""
    if not surfaces:
        return PackedMesh(np.zeros(0, VERTEX), np.zeros((0, 3), np.uint32))
    parts, triangles, count = [], [], 0
    for surface in surfaces:
        parts.append(_packed_vertices(surface.mesh, surface.material))
        triangles.append(surface.mesh.triangle + np.uint32(count))
        count += len(parts[-1])
    return PackedMesh(np.concatenate(parts), np.concatenate(triangles))


def _packed_vertices(shape: Mesh, material: Material, /) -> NDArray[np.void]:
    vertex = np.zeros(len(shape.position), VERTEX)
    vertex["position"], vertex["normal"], vertex["uv"] = shape.position, shape.normal, shape.uv
    vertex["color"][:, :3] = np.rint(255 * np.clip(srgb_from_linear(shape.color * np.array(material.color, np.float32)), 0, 1))
    vertex["color"][:, 3] = np.rint(255 * np.clip(shape.openness, 0, 1))
    emission = np.sqrt(min(material.emission, EMISSION_MAX) / EMISSION_MAX)
    flags = int(material.metallic >= 0.5) | int(material.emission_when == "dark") << 1 | round(63 * material.lit_ratio) << 2
    vertex["finish"] = (round(255 * material.roughness), round(255 * emission), PATTERNS.index(material.pattern), flags)
    return vertex

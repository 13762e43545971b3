"""glTF 2.0 (.gltf, .glb) to draw data, without the engine: `load_gltf` gives surfaces, `inspect_gltf` what is wrong.

Both are pure and raise nothing. Models are turned from glTF's frame (Y up, +Z forward) into a body frame (Y forward,
Z up): (x, y, z) becomes (-x, z, y), so that a model's front looks where its heading points. What is drawn is the rest
pose."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Floats, Mesh, concatenated, transformed
from vrclient.scene.draw_data import Material, Surface
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.checks import check_document
from vrclient.scene.gltf.document import open_document
from vrclient.scene.gltf.extensions import check_extensions, ignored_extensions
from vrclient.scene.gltf.images import Pictures
from vrclient.scene.gltf.materials import Glow, Look, Materials
from vrclient.scene.gltf.nodes import Nodes
from vrclient.scene.gltf.primitives import POINTS_AND_LINES, Triangles, read_triangles
from vrclient.scene.gltf.problems import Findings, Problem, UnreadableError
from vrclient.scene.gltf.resources import Resources

MAX_TRIANGLES = 4_000_000
MAX_EXTENT = 100_000.0
"""Nothing in a model may be farther than this from its origin, in metres."""

BODY_FROM_GLTF = np.array([[-1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])

GLOW_THRESHOLD = 0.2
"""A triangle glows if the emissive texture is, on average over it, brighter than this."""

SAMPLES = np.array([[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4], [2, 2, 0.5], [2, 0.5, 2], [0.5, 2, 2]], np.float64)
"""Where a triangle's texture is sampled, as unnormalised barycentric coordinates."""


@dataclass(frozen=True, slots=True, eq=False)
class GltfModel:
    """What a file holds, at rest.

    surfaces   one per material, in the model's own frame: Y forward, Z up, metres
    low, high  [3] float32 metres: its bounds; both 0 where there is nothing
    problems   what inspect_gltf says, without the pictures that nothing uses
    """

    surfaces: tuple[Surface, ...]
    low: Floats
    high: Floats
    problems: tuple[Problem, ...]


def inspect_gltf(path: Path, /) -> list[Problem]:
    """Everything that is wrong with the file, errors first; an empty list for a good one."""
    return list(_read(path, inspects_all=True).problems)


def load_gltf(path: Path, /) -> GltfModel:
    """The model as far as it can be read. What cannot is missing, and in `problems`."""
    return _read(path, inspects_all=False)


def _read(path: Path, *, inspects_all: bool) -> GltfModel:
    findings = Findings(path.name)
    surfaces: tuple[Surface, ...] = ()
    with findings.collecting(), np.errstate(all="ignore"):
        document = open_document(path, findings)
        resources = Resources(document)
        check_extensions(document.gltf, document.raw, findings)
        if check_document(resources, document.raw, findings):
            pictures = Pictures(resources, findings)
            surfaces = _Assembly(resources, Materials(document.gltf, pictures, findings), findings).surfaces()
            _check_ignored(document.gltf, findings)
            for index in range(len(document.gltf.images)) if inspects_all else ():
                with findings.collecting():
                    pictures.check(index)
    points = np.concatenate([surface.mesh.position for surface in surfaces]) if surfaces else np.zeros((1, 3), np.float32)
    return GltfModel(surfaces, points.min(axis=0), points.max(axis=0), findings.problems())


def _check_ignored(gltf: schema.Gltf, findings: Findings) -> None:
    """One warning that names everything which is left out."""
    ignored = ignored_extensions(gltf)
    if gltf.animations:
        ignored.insert(0, "its animation" if len(gltf.animations) == 1 else f"its {len(gltf.animations)} animations")
    if any(primitive.mode in POINTS_AND_LINES for mesh in gltf.meshes for primitive in mesh.primitives):
        ignored.insert(0, "its points and lines")
    if ignored:
        findings.warning(
            f"it is shown without {', '.join(ignored)}",
            "if it looks right, nothing; else bake what is missing into its meshes and textures",
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some triangles of one material, in the frame of their node's mesh."""

    mesh: Mesh
    material: Material


class _Assembly:
    """Walks the scene's nodes and gathers what they show by material."""

    def __init__(self, resources: Resources, materials: Materials, findings: Findings) -> None:
        self._resources = resources
        self._gltf = resources.gltf
        self._materials = materials
        self._findings = findings
        self._nodes = Nodes(resources)
        self._triangles: dict[tuple[int, int, tuple[float, ...]], Triangles | None] = {}
        self._parts: dict[tuple[int, int, tuple[float, ...]], list[_Part]] = {}
        self._gathered: dict[Material, list[Mesh]] = {}
        self._count = 0

    def surfaces(self) -> tuple[Surface, ...]:
        with self._findings.collecting():
            for index in self._nodes.shown():
                self._add_node(index)
        if not self._count and not self._findings.has_errors:
            self._findings.error("it holds no triangles, so there is nothing to see", "export the model with its meshes")
        surfaces = []
        for material, meshes in self._gathered.items():
            whole = concatenated(meshes)
            if not np.isfinite(whole.position).all() or np.abs(whole.position).max() > MAX_EXTENT:
                self._findings.error(
                    f"some of it is more than {MAX_EXTENT / 1000:.0f} km away from its origin, or nowhere",
                    "move the model to its origin before exporting, and say in the showcase where it stands",
                )
            else:
                surfaces.append(Surface(whole, material))
        return tuple(surfaces)

    def _add_node(self, index: int) -> None:
        node = self._gltf.nodes[index]
        assert node.mesh is not None
        mesh = self._gltf.meshes[node.mesh]
        morph = tuple(node.weights or mesh.weights or ())
        for number in range(len(mesh.primitives)):
            with self._findings.collecting():
                key = (node.mesh, number, morph)
                triangles = self._read_triangles(key)
                if triangles is None:
                    continue
                look = self._materials.look(mesh.primitives[number].material)
                if node.skin is not None and triangles.joints is not None:
                    position, normal = self._nodes.at_rest(triangles, node.skin)
                    parts = _parts(replace(triangles, position=position, normal=normal), look)
                    placements = np.eye(4)[None]
                else:
                    if key not in self._parts:
                        self._parts[key] = _parts(triangles, look)
                    parts, placements = self._parts[key], self._nodes.placements(index)
                self._check_amount(len(triangles.triangle) * len(placements))
                for matrix in placements:
                    self._add_parts(parts, BODY_FROM_GLTF @ matrix)

    def _read_triangles(self, key: tuple[int, int, tuple[float, ...]]) -> Triangles | None:
        if key not in self._triangles:
            number, primitive, morph = key
            place = f"meshes[{number}].primitives[{primitive}]"
            self._triangles[key] = read_triangles(
                self._resources, self._gltf.meshes[number].primitives[primitive], place, morph=morph
            )
        return self._triangles[key]

    def _check_amount(self, added: int) -> None:
        if self._count + added > MAX_TRIANGLES:
            self._gathered.clear()
            raise UnreadableError(
                f"it has more than {MAX_TRIANGLES // 10**6} million triangles, too many for one model",
                "reduce it (Blender: Decimate), or split it and leave out what no visitor sees",
            )
        self._count += added

    def _add_parts(self, parts: list[_Part], body_from_mesh: NDArray[np.float64]) -> None:
        volume = np.linalg.det(body_from_mesh[:3, :3])
        if not np.isfinite(volume) or abs(volume) < 1e-30:
            return
        for part in parts:
            if len(part.mesh.triangle):
                self._gathered.setdefault(part.material, []).append(transformed(part.mesh, body_from_mesh))


def _parts(triangles: Triangles, look: Look) -> list[_Part]:
    """The primitive as meshes: all of it, or what glows and what does not."""
    if look.glow is None:
        return [_Part(_mesh(triangles, look), look.material)]
    shining = _shines(triangles, look.glow)
    dull, bright = (
        replace(triangles, triangle=triangles.triangle[~shining]),
        replace(triangles, triangle=triangles.triangle[shining]),
    )
    glow = Look(look.glow.material, look.glow.place)
    return [_Part(_mesh(dull, look), look.material), _Part(_mesh(replace(bright, color=None), glow), glow.material)]


def _mesh(triangles: Triangles, look: Look) -> Mesh:
    used, triangle = np.unique(triangles.triangle, return_inverse=True)
    count = len(used)
    uv = np.zeros((count, 2))
    if look.place is not None and look.place.channel in triangles.uv:
        uv = look.place.apply(triangles.uv[look.place.channel][used])
    color = np.ones((count, 3)) if triangles.color is None else triangles.color[used]
    return Mesh(
        position=triangles.position[used].astype(np.float32),
        normal=triangles.normal[used].astype(np.float32),
        uv=np.nan_to_num(uv).astype(np.float32),
        color=color.astype(np.float32),
        openness=np.ones(count, np.float32),
        triangle=triangle.reshape(-1, 3).astype(np.uint32),
    )


def _shines(triangles: Triangles, glow: Glow) -> NDArray[np.bool_]:
    """[T]: which triangles the emissive texture lights up."""
    if glow.place.channel not in triangles.uv:
        return np.zeros(len(triangles.triangle), np.bool_)
    corner = np.nan_to_num(glow.place.apply(triangles.uv[glow.place.channel]))[triangles.triangle]
    sampled = np.einsum("sk,tkd->tsd", SAMPLES / SAMPLES.sum(axis=1, keepdims=True), corner)
    height, width = glow.pixels.shape[:2]
    column = (np.floor(sampled[..., 0] * width).astype(np.int64)) % width
    row = (np.floor((1.0 - sampled[..., 1]) * height).astype(np.int64)) % height
    return glow.pixels[row, column].max(axis=-1).mean(axis=1) > GLOW_THRESHOLD

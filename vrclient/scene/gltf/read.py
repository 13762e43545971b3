"""glTF 2.0 (.gltf, .glb) to draw data, without the engine: `load_gltf` gives surfaces, `inspect_gltf` what is wrong.

Both are pure and raise nothing. Models are turned from glTF's frame (Y up, +Z forward) into a body frame (Y forward,
Z up): (x, y, z) becomes (-x, z, y), so that a model's front looks where its heading points. What is drawn is the rest
pose."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.frames import Matrix
from vrclient.geometry.mesh import Floats, Mesh, concatenated, copied
from vrclient.scene.draw_data import Material, Surface
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.checks import check_document
from vrclient.scene.gltf.document import open_document
from vrclient.scene.gltf.drawn import POINTS_AND_LINES, Drawn
from vrclient.scene.gltf.extensions import check_extensions, ignored_extensions
from vrclient.scene.gltf.images import DecodedTextures
from vrclient.scene.gltf.materials import Glow, Look, Materials
from vrclient.scene.gltf.nodes import MAX_COPIES, SCATTER, Nodes
from vrclient.scene.gltf.primitives import Triangles, read_triangles
from vrclient.scene.gltf.problems import GltfProblems, UnreadableError
from vrclient.scene.gltf.resources import REDUCE, Resources
from vrclient.showcase.diagnostics import Diagnostic

MAX_TRIANGLES = 4_000_000
MAX_VERTICES = 24_000_000
"""Vertices that are read; those of a mesh with several morphs or skins count for each of them."""

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
    problems   what inspect_gltf says
    """

    surfaces: tuple[Surface, ...]
    low: Floats
    high: Floats
    problems: tuple[Diagnostic, ...]

    @property
    def triangles(self) -> int:
        """Of one copy of it."""
        return sum(len(one.mesh.triangle) for one in self.surfaces)

    @property
    def pixels(self) -> int:
        """Of all its pictures, as they are drawn."""
        images = {id(one.material.image): one.material.image.pixels for one in self.surfaces if one.material.image is not None}
        return sum(pixels.shape[0] * pixels.shape[1] for pixels in images.values())


@dataclass(frozen=True, slots=True)
class GltfSize:
    """How much one copy of a model is; all 0 where there is nothing to draw."""

    triangles: int
    pixels: int


def gltf_size(path: Path, /) -> GltfSize:
    """Of the file as it is now. It is read only where this process has not read it before, and only its size is kept."""
    known = _sizes.get(_version(path))
    return known if known is not None else _size(_read(path))


def _size(model: GltfModel) -> GltfSize:
    return GltfSize(model.triangles, model.pixels)


_Version = tuple[Path, int, int]
"""A file, when it was changed, and its bytes; the last two are 0 where there is none."""
_sizes: dict[_Version, GltfSize] = {}
"""Of every file that was read."""


def _version(path: Path) -> _Version:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return path, 0, 0
    return path, status.st_mtime_ns, status.st_size


def inspect_gltf(path: Path, /) -> list[Diagnostic]:
    """Everything that is wrong with the file, errors first; an empty list for a good one."""
    return list(_read(path).problems)


def load_gltf(path: Path, /) -> GltfModel:
    """The model as far as it can be read. What cannot is missing, and in `problems`."""
    return _read(path)


def _read(path: Path) -> GltfModel:
    problems, version = GltfProblems(path.name), _version(path)
    surfaces: tuple[Surface, ...] = ()
    with problems.collecting(), np.errstate(all="ignore"):
        document = open_document(path, problems)
        resources = Resources(document)
        check_extensions(document.gltf, document.raw, problems)
        drawn = Drawn(document.gltf)
        if check_document(resources, document.raw, drawn, problems):
            pictures = DecodedTextures(resources, drawn, problems)
            pictures.check()
            materials = Materials(document.gltf, pictures, problems)
            surfaces = _Assembly(resources, drawn, materials, problems).surfaces()
            _check_ignored(document.gltf, problems)
        for doubt in resources.files.doubts:
            problems.warning(doubt.code, doubt.message, "save the model as .glb, which holds everything")
    points = np.concatenate([surface.mesh.position for surface in surfaces]) if surfaces else np.zeros((1, 3), np.float32)
    model = GltfModel(surfaces, points.min(axis=0), points.max(axis=0), problems.listed())
    _sizes[version] = _size(model)
    return model


def _check_ignored(gltf: schema.Gltf, problems: GltfProblems) -> None:
    """One warning that names everything which is left out."""
    ignored = ignored_extensions(gltf)
    if gltf.animations:
        ignored.insert(0, "its animation" if len(gltf.animations) == 1 else f"its {len(gltf.animations)} animations")
    if any(primitive.mode in POINTS_AND_LINES for mesh in gltf.meshes for primitive in mesh.primitives):
        ignored.insert(0, "its points and lines")
    if ignored:
        problems.warning(
            "gltf-left-out",
            f"it is shown without {', '.join(ignored)}",
            "if it looks right, do nothing; otherwise bake what is missing into its meshes and textures",
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some triangles of one material, in the frame of their node's mesh."""

    mesh: Mesh
    material: Material


_Key = tuple[int, int, tuple[float, ...]]
"""A primitive of a mesh, with the weights of its morph targets."""


class _Assembly:
    """Walks the scene's nodes and gathers what they show by material."""

    def __init__(self, resources: Resources, drawn: Drawn, materials: Materials, problems: GltfProblems) -> None:
        self._resources = resources
        self._gltf = resources.gltf
        self._drawn = drawn
        self._materials = materials
        self._problems = problems
        self._nodes = Nodes(resources)
        self._triangles: dict[_Key, Triangles | None] = {}
        self._parts: dict[_Key, list[_Part]] = {}
        self._placed: dict[_Key, list[Matrix]] = {}
        self._gathered: dict[Material, list[Mesh]] = {}
        self._count = self._vertices = 0

    def surfaces(self) -> tuple[Surface, ...]:
        with self._problems.collecting():
            self._check_plan()
            for index in self._drawn.nodes:
                self._add_node(index)
            for key, matrices in self._placed.items():
                self._gather(self._parts[key], BODY_FROM_GLTF @ np.concatenate(matrices))
        if not self._gathered and not self._problems.has_errors:
            self._problems.error(
                "gltf-empty", "it holds no triangles, so there is nothing to see", "export the model with its meshes"
            )
        surfaces = []
        for material, meshes in self._gathered.items():
            whole = concatenated(meshes)
            if not np.isfinite(whole.position).all() or np.abs(whole.position).max() > MAX_EXTENT:
                self._problems.error(
                    "gltf-extent",
                    f"some of it is more than {MAX_EXTENT / 1000:.0f} km away from its origin, or nowhere",
                    "move the model to its origin before exporting, and say in the showcase where it stands",
                )
            else:
                surfaces.append(Surface(whole, material))
        return tuple(surfaces)

    def _check_plan(self) -> None:
        """How much the file says that it draws, before anything of it is read. Raises UnreadableError for too much."""
        gltf, copies = self._gltf, 0
        for index in self._drawn.nodes:
            mesh, count = self._gltf.nodes[index].mesh, self._nodes.copies(index)
            copies += count if count > 1 else 0
            for number, primitive in enumerate(gltf.meshes[mesh].primitives if mesh is not None else ()):
                if (mesh, number) in self._drawn.columns:
                    named = primitive.attributes["POSITION"] if primitive.indices is None else primitive.indices
                    self._add_triangles(gltf.accessors[named].count // 3 * count if primitive.mode == 4 else 0)
        self._count = 0
        if copies > MAX_COPIES:
            raise UnreadableError("gltf-limit", f"its nodes make {copies:,} copies; at most {MAX_COPIES:,} are drawn", SCATTER)

    def _add_triangles(self, added: int) -> None:
        self._count += added
        if self._count > MAX_TRIANGLES:
            raise UnreadableError(
                "gltf-limit",
                f"it has more than {MAX_TRIANGLES // 10**6} million triangles, too many for one model",
                "reduce it (Blender: Decimate), or split it and leave out what no visitor sees",
            )

    def _add_node(self, index: int) -> None:
        node = self._gltf.nodes[index]
        assert node.mesh is not None
        mesh = self._gltf.meshes[node.mesh]
        morph = tuple(node.weights or mesh.weights or ())
        for number, primitive in enumerate(mesh.primitives):
            if (node.mesh, number) not in self._drawn.columns:
                continue
            key = (node.mesh, number, morph if primitive.targets else ())
            with self._problems.collecting():
                triangles = self._read_triangles(key)
                if triangles is None:
                    continue
                look = self._materials.look(primitive.material)
                if node.skin is not None and triangles.joints is not None:
                    self._count_vertices(len(triangles.position))
                    self._add_triangles(len(triangles.triangle))
                    position, normal = self._nodes.at_rest(triangles, node.skin)
                    self._gather(_parts(replace(triangles, position=position, normal=normal), look), BODY_FROM_GLTF[None])
                    continue
                if key not in self._parts:
                    self._parts[key] = _parts(triangles, look)
                placements = self._nodes.placements(index)
                self._add_triangles(len(triangles.triangle) * len(placements))
                self._placed.setdefault(key, []).append(placements)

    def _read_triangles(self, key: _Key) -> Triangles | None:
        if key not in self._triangles:
            number, primitive, morph = key
            self._triangles[key] = None
            one = self._gltf.meshes[number].primitives[primitive]
            place = f"meshes[{number}].primitives[{primitive}]"
            named = one.attributes["POSITION"]
            self._count_vertices(self._gltf.accessors[named].count if named < len(self._gltf.accessors) else 0)
            columns = self._drawn.columns[(number, primitive)]
            self._triangles[key] = read_triangles(self._resources, one, columns, place, morph=morph)
        return self._triangles[key]

    def _count_vertices(self, added: int) -> None:
        """The same vertices count again for each mesh, morph or skin that uses them."""
        self._vertices += added
        if self._vertices > MAX_VERTICES:
            raise UnreadableError(
                "gltf-limit", f"its meshes use more than {MAX_VERTICES // 10**6} million vertices, too many for one model", REDUCE
            )

    def _gather(self, parts: list[_Part], body_from_mesh: Matrix) -> None:
        for part in parts:
            if len(part.mesh.triangle):
                self._gathered.setdefault(part.material, []).append(copied(part.mesh, body_from_mesh))


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

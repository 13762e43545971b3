"""What of a document is drawn: everything that the shown nodes need. What nobody draws may be wrong without harm.

References may lead nowhere here; checks.py says so."""

from collections.abc import Iterator

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.problems import UnreadableError

MAX_PARTS = 100_000
"""Primitives of all nodes together."""

MAX_PRIMITIVES = 20_000
"""Primitives of all meshes that are drawn."""

POINTS_AND_LINES = (0, 1, 2, 3)
PLACING = ("TRANSLATION", "ROTATION", "SCALE")
"""Attributes of EXT_mesh_gpu_instancing that place copies."""


def texture_infos(material: schema.GltfMaterial, /) -> Iterator[tuple[str, schema.TextureInfo]]:
    """(name, reference) of the textures a material names."""
    pbr, gloss = material.pbrMetallicRoughness, material.extensions.KHR_materials_pbrSpecularGlossiness
    named = (
        ("pbrMetallicRoughness.baseColorTexture", pbr.baseColorTexture),
        ("pbrMetallicRoughness.metallicRoughnessTexture", pbr.metallicRoughnessTexture),
        ("normalTexture", material.normalTexture),
        ("occlusionTexture", material.occlusionTexture),
        ("emissiveTexture", material.emissiveTexture),
        ("extensions.KHR_materials_pbrSpecularGlossiness.diffuseTexture", gloss.diffuseTexture if gloss else None),
    )
    yield from ((name, info) for name, info in named if info is not None)


def drawn_textures(material: schema.GltfMaterial, /) -> dict[str, schema.TextureInfo]:
    """Those of them whose pixels are seen, by name; of a texture of roughness only the mean counts."""
    extensions = material.extensions
    base = "pbrMetallicRoughness.baseColorTexture"
    if extensions.KHR_materials_pbrSpecularGlossiness:
        base = "extensions.KHR_materials_pbrSpecularGlossiness.diffuseTexture"
    shines = any(material.emissiveFactor) and not extensions.KHR_materials_unlit
    return {name: info for name, info in texture_infos(material) if name == base or (shines and name == "emissiveTexture")}


def texture_channel(info: schema.TextureInfo, /) -> int:
    """Which TEXCOORD_ a texture is placed by."""
    transform = info.extensions.KHR_texture_transform
    return info.texCoord if transform is None or transform.texCoord is None else transform.texCoord


def texture_source(texture: schema.GltfTexture, /) -> int | None:
    """The image that a texture uses: PNG or JPEG if there is one, else WebP or AVIF; None: none that is read."""
    if texture.source is not None:
        return texture.source
    others = (texture.extensions.EXT_texture_webp, texture.extensions.EXT_texture_avif)
    return next((other.source for other in others if other and other.source is not None), None)


class Drawn:
    """Raises UnreadableError for more parts than MAX_PARTS or MAX_PRIMITIVES.

    objects  (array, index) of everything that is drawn, such as ("accessors", 3)
    columns  (mesh, primitive) -> the attributes of it that are drawn; a primitive of which nothing is drawn is not there
    nodes    those with a mesh, in the order of the scene"""

    def __init__(self, gltf: schema.Gltf, /) -> None:
        self.objects: set[tuple[str, int]] = set()
        self.columns: dict[tuple[int, int], set[str]] = {}
        self.nodes: list[int] = []
        self._gltf = gltf
        self._parents: dict[int, list[int]] = {}
        self._done: set[tuple[int, bool, tuple[float, ...]]] = set()
        for k, node in enumerate(gltf.nodes):
            for child in node.children or ():
                self._parents.setdefault(child, []).append(k)
        self._shown()
        named = [gltf.nodes[k].mesh for k in self.nodes]
        meshes = [mesh for mesh in named if mesh is not None and mesh < len(gltf.meshes)]
        for most, some, what in ((MAX_PARTS, meshes, "parts"), (MAX_PRIMITIVES, set(meshes), "different parts")):
            parts = sum(len(gltf.meshes[mesh].primitives) for mesh in some)
            if parts > most:
                raise UnreadableError(
                    "gltf-limit",
                    f"it is made of {parts:,} {what}; at most {most:,} are read",
                    "join its meshes (Blender: Join) and export it",
                )
        for index in self.nodes:
            self._node(index)

    def has(self, array: str, index: int, /) -> bool:
        """Whether that object is drawn."""
        return (array, index) in self.objects

    def has_attribute(self, mesh: int, primitive: int, name: str, /) -> bool:
        """Whether that column of a primitive is drawn."""
        return name in self.columns.get((mesh, primitive), ())

    def _shown(self) -> None:
        """Nodes of the file's scene that are visible and have a mesh; without a scene, of the whole file."""
        gltf = self._gltf
        number = gltf.scene or 0
        roots: list[int] = []
        if number < len(gltf.scenes):
            self.objects.add(("scenes", number))
            roots = gltf.scenes[number].nodes
        elif not gltf.scenes:
            roots = [k for k in range(len(gltf.nodes)) if k not in self._parents]
        waiting, seen = list(roots)[::-1], set()
        while waiting:
            k = waiting.pop()
            if k in seen or k >= len(gltf.nodes):
                continue
            node = gltf.nodes[k]
            visibility = node.extensions.KHR_node_visibility
            if visibility and not visibility.visible:
                continue
            seen.add(k)
            if node.mesh is not None:
                self.nodes.append(k)
            waiting.extend(reversed(node.children or ()))

    def _node(self, index: int) -> None:
        gltf, node = self._gltf, self._gltf.nodes[index]
        self._with_ancestors(index)
        instancing = node.extensions.EXT_mesh_gpu_instancing
        for name in PLACING if instancing else ():
            self._accessor(instancing.attributes.get(name) if instancing else None)
        if node.mesh is None or node.mesh >= len(gltf.meshes):
            return
        mesh = gltf.meshes[node.mesh]
        self.objects.add(("meshes", node.mesh))
        skin = node.skin if node.skin is not None and node.skin < len(gltf.skins) else None
        if skin is not None:
            self._skin(skin)
        weights = tuple(node.weights or mesh.weights or ())
        if (node.mesh, skin is not None, weights) in self._done:
            return
        self._done.add((node.mesh, skin is not None, weights))
        for number, primitive in enumerate(mesh.primitives):
            if primitive.mode not in POINTS_AND_LINES and "POSITION" in primitive.attributes:
                self._primitive((node.mesh, number), primitive, is_skinned=skin is not None, weights=weights)

    def _primitive(
        self, key: tuple[int, int], primitive: schema.Primitive, *, is_skinned: bool, weights: tuple[float, ...]
    ) -> None:
        columns = self.columns.setdefault(key, set())
        channels = self._material(primitive.material)
        for name in primitive.attributes:
            kind, _, number = name.partition("_")
            is_placed = kind == "TEXCOORD" and number.isdecimal() and int(number) in channels
            if name in ("POSITION", "NORMAL", "COLOR_0") or is_placed or (is_skinned and kind in ("JOINTS", "WEIGHTS")):
                columns.add(name)
        draco = primitive.extensions.KHR_draco_mesh_compression
        if draco:
            self._view(draco.bufferView)
        else:
            self._accessor(primitive.indices)
        for name in columns:
            if not draco or name not in draco.attributes:
                self._accessor(primitive.attributes[name])
        for target, weight in zip(primitive.targets or (), weights, strict=False):
            for name in ("POSITION", "NORMAL") if weight else ():
                self._accessor(target.get(name))

    def _material(self, index: int | None) -> set[int]:
        """The channels of texture coordinates that it needs."""
        if index is None or index >= len(self._gltf.materials):
            return set()
        self.objects.add(("materials", index))
        infos = drawn_textures(self._gltf.materials[index]).values()
        for info in infos:
            if not self._is_new("textures", info.index, self._gltf.textures):
                continue
            source = texture_source(self._gltf.textures[info.index])
            if source is not None and self._is_new("images", source, self._gltf.images):
                self._view(self._gltf.images[source].bufferView)
        return {texture_channel(info) for info in infos}

    def _skin(self, index: int) -> None:
        if self._is_new("skins", index, self._gltf.skins):
            skin = self._gltf.skins[index]
            self._accessor(skin.inverseBindMatrices)
            for joint in skin.joints:
                self._with_ancestors(joint)

    def _with_ancestors(self, index: int) -> None:
        waiting = [index]
        while waiting:
            k = waiting.pop()
            if self._is_new("nodes", k, self._gltf.nodes):
                waiting.extend(self._parents.get(k, ()))

    def _accessor(self, index: int | None) -> None:
        if index is not None and self._is_new("accessors", index, self._gltf.accessors):
            accessor = self._gltf.accessors[index]
            self._view(accessor.bufferView)
            if accessor.sparse:
                self._view(accessor.sparse.indices.bufferView)
                self._view(accessor.sparse.values.bufferView)

    def _view(self, index: int | None) -> None:
        if index is not None and self._is_new("bufferViews", index, self._gltf.bufferViews):
            view = self._gltf.bufferViews[index]
            self.objects.add(("buffers", view.compressed.buffer if view.compressed else view.buffer))

    def _is_new(self, name: str, index: int, array: list) -> bool:
        """Takes an object in; False if it was in already, or does not exist."""
        if index >= len(array) or (name, index) in self.objects:
            return False
        self.objects.add((name, index))
        return True

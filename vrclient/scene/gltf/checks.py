"""What the schema cannot see: references, the tree of nodes, buffer views and accessors against their data.

Everything in the file is looked at, whether a scene uses it or not. Source: the rules of Khronos glTF 2.0.1."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.problems import Findings, UnreadableError
from vrclient.scene.gltf.resources import COMPONENTS, WIDTHS, Resources, element_bytes

BOUND_TOLERANCE = 0.01
"""Data may leave the declared min and max by this share of their size; more means that one of the two is damaged."""


def check_document(resources: Resources, raw: dict[str, Any], findings: Findings, /) -> bool:
    """Everything that can be known without drawing. False if references are so wrong that nothing can be gathered."""
    gltf = resources.gltf
    for key, value in raw.items():
        if value == []:
            findings.warning(f"{key} is empty; the specification wants it left out")
    is_connected = _check_references(gltf, findings)
    is_connected &= _check_tree(gltf, findings)
    for k, node in enumerate(gltf.nodes):
        _check_node(gltf, node, k, findings)
    for index, buffer in enumerate(gltf.buffers):
        if buffer.uri is not None or (index == 0 and resources.is_binary):
            with findings.collecting():
                resources.buffer(index)
                _check_buffer_uri(buffer, index, findings)
    for index, view in enumerate(gltf.bufferViews):
        with findings.collecting():
            _check_view(gltf, view, index)
            if view.compressed or (view.buffer < len(gltf.buffers) and not _is_fallback(gltf.buffers[view.buffer])):
                resources.view(index)
    positions = _position_accessors(gltf)
    for index, accessor in enumerate(gltf.accessors):
        with findings.collecting():
            _check_accessor(resources, accessor, index)
            _check_bounds(resources, index, findings, is_position=index in positions)
    return is_connected


def _is_fallback(buffer: schema.Buffer) -> bool:
    extensions = (buffer.extensions.EXT_meshopt_compression, buffer.extensions.KHR_meshopt_compression)
    return any(extension is not None and extension.fallback for extension in extensions) and buffer.uri is None


def _check_buffer_uri(buffer: schema.Buffer, index: int, findings: Findings) -> None:
    media = buffer.uri[5:].split(",")[0].split(";")[0] if buffer.uri and buffer.uri.lower().startswith("data:") else None
    if media is not None and media not in ("application/octet-stream", "application/gltf-buffer"):
        findings.warning(f"buffers[{index}].uri says that it holds {media[:60] or 'nothing'}; expected application/octet-stream")


# References


def _check_references(gltf: schema.Gltf, findings: Findings) -> bool:
    is_right = True
    for place, index, name in _references(gltf):
        count = len(getattr(gltf, name))
        if index is not None and index >= count:
            findings.error(f"{place} is {index}, but the file has {count} {name}")
            is_right = False
    return is_right


def _references(gltf: schema.Gltf) -> Iterator[tuple[str, int | None, str]]:
    """(place, index, the array it points into) of every reference."""
    yield "scene", gltf.scene, "scenes"
    for k, scene in enumerate(gltf.scenes):
        yield from ((f"scenes[{k}].nodes[{j}]", node, "nodes") for j, node in enumerate(scene.nodes))
    for k, node in enumerate(gltf.nodes):
        yield from ((f"nodes[{k}].children[{j}]", child, "nodes") for j, child in enumerate(node.children or ()))
        yield f"nodes[{k}].mesh", node.mesh, "meshes"
        yield f"nodes[{k}].skin", node.skin, "skins"
        yield f"nodes[{k}].camera", node.camera, "cameras"
        instancing = node.extensions.EXT_mesh_gpu_instancing
        for name, index in (instancing.attributes if instancing else {}).items():
            yield f"nodes[{k}].extensions.EXT_mesh_gpu_instancing.attributes.{name[:40]}", index, "accessors"
    for k, mesh in enumerate(gltf.meshes):
        for j, primitive in enumerate(mesh.primitives):
            place = f"meshes[{k}].primitives[{j}]"
            yield f"{place}.indices", primitive.indices, "accessors"
            yield f"{place}.material", primitive.material, "materials"
            for attributes in (primitive.attributes, *(primitive.targets or ())):
                yield from ((f"{place}.{name[:40]}", index, "accessors") for name, index in attributes.items())
            if primitive.extensions.KHR_draco_mesh_compression:
                yield f"{place}'s Draco data", primitive.extensions.KHR_draco_mesh_compression.bufferView, "bufferViews"
    for k, skin in enumerate(gltf.skins):
        yield from ((f"skins[{k}].joints[{j}]", joint, "nodes") for j, joint in enumerate(skin.joints))
        yield f"skins[{k}].inverseBindMatrices", skin.inverseBindMatrices, "accessors"
        yield f"skins[{k}].skeleton", skin.skeleton, "nodes"
    for k, material in enumerate(gltf.materials):
        yield from ((f"materials[{k}].{name}", info.index, "textures") for name, info in texture_infos(material))
    for k, texture in enumerate(gltf.textures):
        yield f"textures[{k}].source", texture.source, "images"
        yield f"textures[{k}].sampler", texture.sampler, "samplers"
        for name, other in texture.extensions:
            if isinstance(other, schema.OtherSource):
                yield f"textures[{k}].extensions.{name}.source", other.source, "images"
    for k, image in enumerate(gltf.images):
        yield f"images[{k}].bufferView", image.bufferView, "bufferViews"
    for k, view in enumerate(gltf.bufferViews):
        yield f"bufferViews[{k}].buffer", view.buffer, "buffers"
        yield f"bufferViews[{k}]'s meshopt data", view.compressed.buffer if view.compressed else None, "buffers"
    for k, accessor in enumerate(gltf.accessors):
        yield f"accessors[{k}].bufferView", accessor.bufferView, "bufferViews"
        if accessor.sparse:
            yield f"accessors[{k}].sparse.indices.bufferView", accessor.sparse.indices.bufferView, "bufferViews"
            yield f"accessors[{k}].sparse.values.bufferView", accessor.sparse.values.bufferView, "bufferViews"


def texture_infos(material: schema.Material, /) -> Iterator[tuple[str, schema.TextureInfo]]:
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


# Nodes


def _check_tree(gltf: schema.Gltf, findings: Findings) -> bool:
    """Every node has one parent at most and no loop above it."""
    is_tree = True
    count = len(gltf.nodes)
    parent: dict[int, int] = {}
    for k, node in enumerate(gltf.nodes):
        for child in node.children or ():
            if child < count and parent.setdefault(child, k) != k:
                findings.error(f"nodes[{child}] is a child of both nodes[{parent[child]}] and nodes[{k}]")
                is_tree = False
        if node.children and len(set(node.children)) < len(node.children):
            findings.error(f"nodes[{k}].children names a node twice")
            is_tree = False
    for k in _looping(parent, count):
        findings.error(f"nodes[{k}] is its own ancestor")
        is_tree = False
    for k, scene in enumerate(gltf.scenes):
        for root in scene.nodes:
            if root in parent:
                findings.warning(f"scenes[{k}] names nodes[{root}], which is a child of nodes[{parent[root]}]")
    return is_tree


def _looping(parent: dict[int, int], count: int) -> list[int]:
    """One node of every loop of the tree."""
    done: set[int] = set()
    loops = []
    for start in range(count):
        trail: set[int] = set()
        node = start
        while node in parent and node not in done and node not in trail:
            trail.add(node)
            node = parent[node]
        if node in trail:
            loops.append(node)
        done |= trail
    return loops


def _check_node(gltf: schema.Gltf, node: schema.Node, k: int, findings: Findings) -> None:
    if node.matrix is not None:
        if node.translation is not None or node.rotation is not None or node.scale is not None:
            findings.error(f"nodes[{k}] has both a matrix and a translation, rotation or scale")
        columns = np.reshape(node.matrix, (4, 4))
        with np.errstate(over="ignore", invalid="ignore"):
            volume = np.linalg.det(columns[:3, :3])
        if not np.allclose(columns[:, 3], (0, 0, 0, 1)) or not np.isfinite(volume) or not volume:
            findings.error(f"nodes[{k}].matrix flattens or distorts what it places")
    if node.rotation is not None and abs(float(np.linalg.norm(node.rotation)) - 1.0) > 0.01:
        findings.error(f"nodes[{k}].rotation has length {np.linalg.norm(node.rotation):.3g}; a rotation has length 1")
    mesh = gltf.meshes[node.mesh] if node.mesh is not None and node.mesh < len(gltf.meshes) else None
    if node.skin is not None and node.mesh is None:
        findings.error(f"nodes[{k}] has a skin, but no mesh")
    if node.weights is not None and node.mesh is None:
        findings.error(f"nodes[{k}] has weights, but no mesh")
    if node.skin is not None and mesh and not any("JOINTS_0" in one.attributes for one in mesh.primitives):
        findings.error(f"nodes[{k}] has a skin, but meshes[{node.mesh}] has no JOINTS_0")
    if node.weights is not None and mesh:
        targets = len(mesh.primitives[0].targets or ())
        if len(node.weights) != targets:
            findings.error(f"nodes[{k}] has {len(node.weights)} weights, but meshes[{node.mesh}] has {targets} morph targets")


# Buffer views and accessors


def _check_view(gltf: schema.Gltf, view: schema.BufferView, index: int) -> None:
    if view.byteStride is not None:
        if view.target == 34963:
            raise UnreadableError(f"bufferViews[{index}] holds indices, but has a byteStride")
        if view.byteStride > view.byteLength:
            raise UnreadableError(f"bufferViews[{index}] has a byteStride of {view.byteStride}, but only {view.byteLength} bytes")
    if view.buffer < len(gltf.buffers) and view.byteOffset + view.byteLength > gltf.buffers[view.buffer].byteLength:
        past = view.byteOffset + view.byteLength - gltf.buffers[view.buffer].byteLength
        raise UnreadableError(f"bufferViews[{index}] reaches {past} bytes past the end of buffers[{view.buffer}]")


def _position_accessors(gltf: schema.Gltf) -> frozenset[int]:
    primitives = [primitive for mesh in gltf.meshes for primitive in mesh.primitives]
    return frozenset(one.attributes["POSITION"] for one in primitives if "POSITION" in one.attributes)


def _check_accessor(resources: Resources, accessor: schema.Accessor, index: int) -> None:
    place, width = f"accessors[{index}]", WIDTHS[accessor.type]
    size = COMPONENTS[accessor.componentType].itemsize
    if accessor.normalized and accessor.componentType in (5125, 5126):
        raise UnreadableError(f"{place} is normalized, but its component type is {accessor.componentType}")
    if accessor.bufferView is None and accessor.byteOffset is not None:
        raise UnreadableError(f"{place} has a byteOffset, but no bufferView")
    for name, bound in (("min", accessor.min), ("max", accessor.max)):
        if bound is not None and len(bound) != width:
            raise UnreadableError(f"{place}.{name} has {len(bound)} numbers; {accessor.type} has {width}")
    if accessor.sparse:
        for name, part in (("indices", accessor.sparse.indices), ("values", accessor.sparse.values)):
            _check_unstrided(resources.gltf.bufferViews, part.bufferView, f"{place}.sparse.{name}")
    if accessor.bufferView is None and accessor.sparse is None:
        return
    if accessor.bufferView is not None and accessor.bufferView < len(resources.gltf.bufferViews):
        view = resources.gltf.bufferViews[accessor.bufferView]
        begin = (accessor.byteOffset or 0) + view.byteOffset
        if begin % size:
            raise UnreadableError(f"{place} begins at byte {begin} of its buffer, which is no multiple of {size}")
        if accessor.type.startswith("MAT") and (accessor.byteOffset or 0) % 4:
            raise UnreadableError(f"{place} has a byteOffset of {accessor.byteOffset}; a matrix needs a multiple of 4")
        if view.byteStride is not None and view.byteStride < element_bytes(accessor):
            raise UnreadableError(
                f"{place} has elements of {element_bytes(accessor)} bytes, "
                f"but its bufferView has a byteStride of {view.byteStride}"
            )
    values = resources.stored(index)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise UnreadableError(f"{place} holds numbers that are infinite or not a number")


def _check_unstrided(views: Sequence[schema.BufferView], index: int, place: str) -> None:
    if index < len(views) and views[index].byteStride is not None:
        raise UnreadableError(f"{place} uses bufferViews[{index}], which has a byteStride")


def _check_bounds(resources: Resources, index: int, findings: Findings, *, is_position: bool) -> None:
    """Positions outside their declared bounds are damaged; elsewhere only the declaration is wrong."""
    accessor = resources.gltf.accessors[index]
    if accessor.min is None or accessor.max is None or (accessor.bufferView is None and accessor.sparse is None):
        return
    values = resources.stored(index)
    low, high = values.min(axis=0), values.max(axis=0)
    lowest, highest = np.array(accessor.min), np.array(accessor.max)
    allowed = BOUND_TOLERANCE * np.maximum(np.abs(lowest), np.abs(highest)).clip(1e-6)
    wrong = (np.abs(low - lowest) > allowed) | (np.abs(high - highest) > allowed)
    if wrong.any():
        k = int(np.argmax(wrong))
        report = findings.error if is_position else findings.warning
        report(
            f"accessors[{index}] says that its data lie between {lowest[k]:.6g} and {highest[k]:.6g}, "
            f"but they lie between {float(low[k]):.6g} and {float(high[k]):.6g}"
        )

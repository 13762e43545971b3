"""What the schema cannot see: references, the tree of nodes, buffer views and accessors against their data.

Everything in the file is looked at, whether a scene uses it or not; only what is drawn and cannot be read is an error. Source:
the rules of Khronos glTF 2.0.1."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.drawn import PLACING, Drawn, drawn_textures, texture_infos
from vrclient.scene.gltf.problems import HARMLESS, UNDRAWN, GltfProblems
from vrclient.scene.gltf.resources import COMPONENTS, WIDTHS, Resources

BOUND_TOLERANCE = 0.01
"""Data may leave the declared min and max by this share of their size before it is said."""


def check_document(resources: Resources, raw: dict[str, Any], drawn: Drawn, problems: GltfProblems, /) -> bool:
    """Everything that can be known without drawing. False if references are so wrong that nothing can be gathered."""
    gltf = resources.gltf
    for key, value in raw.items():
        if value == []:
            problems.warning("gltf-json", f"{key} is empty; the specification wants it left out", HARMLESS)
    is_connected = _check_references(gltf, drawn, problems)
    is_connected &= _check_tree(gltf, drawn, problems)
    for k, node in enumerate(gltf.nodes):
        _check_node(gltf, node, k, drawn, problems)
    for index, buffer in enumerate(gltf.buffers):
        if buffer.uri is not None or (index == 0 and resources.is_binary):
            with problems.collecting(is_drawn=drawn.has("buffers", index)):
                _check_buffer(buffer, len(resources.buffer(index)), index, problems)
    for index, view in enumerate(gltf.bufferViews):
        with problems.collecting(is_drawn=drawn.has("bufferViews", index)):
            _check_view(gltf, view, index, problems)
            if view.compressed or (view.buffer < len(gltf.buffers) and not _is_fallback(gltf.buffers[view.buffer])):
                resources.view(index)
    normals = _normal_accessors(gltf)
    for index, accessor in enumerate(gltf.accessors):
        with problems.collecting(is_drawn=drawn.has("accessors", index)):
            _check_accessor(resources, accessor, index, problems)
            if accessor.bufferView is not None or accessor.sparse is not None:
                _check_values(resources, index, drawn, problems, is_normal=index in normals)
                if not drawn.has("accessors", index):
                    resources.forget(index)
    return is_connected


def _is_fallback(buffer: schema.Buffer) -> bool:
    extensions = (buffer.extensions.EXT_meshopt_compression, buffer.extensions.KHR_meshopt_compression)
    return any(extension is not None and extension.fallback for extension in extensions) and buffer.uri is None


def _check_buffer(buffer: schema.Buffer, size: int, index: int, problems: GltfProblems) -> None:
    if not buffer.byteLength:
        problems.warning("gltf-buffer", f"buffers[{index}] is empty", HARMLESS)
    if size < buffer.byteLength:
        problems.warning("gltf-buffer", f"buffers[{index}] has {size} bytes, but byteLength says {buffer.byteLength}", HARMLESS)
    media = buffer.uri[5:].split(",")[0].split(";")[0] if buffer.uri and buffer.uri.lower().startswith("data:") else None
    if media is not None and media not in ("application/octet-stream", "application/gltf-buffer"):
        said = f"buffers[{index}].uri says that it holds {media[:60] or 'nothing'}; expected application/octet-stream"
        problems.warning("gltf-buffer", said, HARMLESS)


# References


def _check_references(gltf: schema.Gltf, drawn: Drawn, problems: GltfProblems) -> bool:
    is_right = True
    for place, index, name, is_drawn in _references(gltf, drawn):
        count = len(getattr(gltf, name))
        if index is not None and index >= count:
            problems.judge("gltf-reference", f"{place} is {index}, but the file has {count} {name}", is_drawn=is_drawn)
            is_right = is_right and not is_drawn
    return is_right


def _references(gltf: schema.Gltf, drawn: Drawn) -> Iterator[tuple[str, int | None, str, bool]]:
    """(place, index, the array it points into, whether it is drawn) of every reference."""
    yield "scene", gltf.scene, "scenes", True
    for k, scene in enumerate(gltf.scenes):
        is_drawn = drawn.has("scenes", k)
        yield from ((f"scenes[{k}].nodes[{j}]", node, "nodes", is_drawn) for j, node in enumerate(scene.nodes))
    for k, node in enumerate(gltf.nodes):
        is_drawn = drawn.has("nodes", k)
        yield from ((f"nodes[{k}].children[{j}]", child, "nodes", is_drawn) for j, child in enumerate(node.children or ()))
        yield f"nodes[{k}].mesh", node.mesh, "meshes", is_drawn
        yield f"nodes[{k}].skin", node.skin, "skins", is_drawn
        yield f"nodes[{k}].camera", node.camera, "cameras", False
        instancing = node.extensions.EXT_mesh_gpu_instancing
        for name, index in (instancing.attributes if instancing else {}).items():
            place = f"nodes[{k}].extensions.EXT_mesh_gpu_instancing.attributes.{name[:40]}"
            yield place, index, "accessors", is_drawn and name in PLACING
    for k, mesh in enumerate(gltf.meshes):
        for j, primitive in enumerate(mesh.primitives):
            place = f"meshes[{k}].primitives[{j}]"
            is_drawn = (k, j) in drawn.columns
            yield f"{place}.indices", primitive.indices, "accessors", is_drawn
            yield f"{place}.material", primitive.material, "materials", is_drawn
            for name, index in primitive.attributes.items():
                yield f"{place}.{name[:40]}", index, "accessors", drawn.has_attribute(k, j, name)
            for target in primitive.targets or ():
                for name, index in target.items():
                    yield f"{place}.{name[:40]}", index, "accessors", is_drawn and name in ("POSITION", "NORMAL")
            if primitive.extensions.KHR_draco_mesh_compression:
                index = primitive.extensions.KHR_draco_mesh_compression.bufferView
                yield f"{place}'s Draco data", index, "bufferViews", is_drawn
    for k, skin in enumerate(gltf.skins):
        is_drawn = drawn.has("skins", k)
        yield from ((f"skins[{k}].joints[{j}]", joint, "nodes", is_drawn) for j, joint in enumerate(skin.joints))
        yield f"skins[{k}].inverseBindMatrices", skin.inverseBindMatrices, "accessors", is_drawn
        yield f"skins[{k}].skeleton", skin.skeleton, "nodes", False
    for k, material in enumerate(gltf.materials):
        seen = drawn_textures(material) if drawn.has("materials", k) else {}
        yield from ((f"materials[{k}].{name}", info.index, "textures", name in seen) for name, info in texture_infos(material))
    for k, texture in enumerate(gltf.textures):
        is_drawn = drawn.has("textures", k)
        yield f"textures[{k}].source", texture.source, "images", is_drawn
        yield f"textures[{k}].sampler", texture.sampler, "samplers", False
        for name, other in texture.extensions:
            if isinstance(other, schema.OtherSource):
                yield f"textures[{k}].extensions.{name}.source", other.source, "images", is_drawn and texture.source is None
    for k, image in enumerate(gltf.images):
        yield f"images[{k}].bufferView", image.bufferView, "bufferViews", drawn.has("images", k)
    for k, view in enumerate(gltf.bufferViews):
        is_drawn = drawn.has("bufferViews", k)
        yield f"bufferViews[{k}].buffer", view.buffer, "buffers", is_drawn and not view.compressed
        yield f"bufferViews[{k}]'s meshopt data", view.compressed.buffer if view.compressed else None, "buffers", is_drawn
    for k, accessor in enumerate(gltf.accessors):
        is_drawn = drawn.has("accessors", k)
        yield f"accessors[{k}].bufferView", accessor.bufferView, "bufferViews", is_drawn
        if accessor.sparse:
            yield f"accessors[{k}].sparse.indices.bufferView", accessor.sparse.indices.bufferView, "bufferViews", is_drawn
            yield f"accessors[{k}].sparse.values.bufferView", accessor.sparse.values.bufferView, "bufferViews", is_drawn


# Nodes


def _check_tree(gltf: schema.Gltf, drawn: Drawn, problems: GltfProblems) -> bool:
    """Every node that is drawn has one parent at most and no loop above it."""
    is_tree = True
    count = len(gltf.nodes)
    parent: dict[int, int] = {}

    def wrong(message: str, k: int) -> None:
        nonlocal is_tree
        problems.judge("gltf-node", message, is_drawn=drawn.has("nodes", k))
        is_tree = is_tree and not drawn.has("nodes", k)

    for k, node in enumerate(gltf.nodes):
        for child in node.children or ():
            if child < count and parent.setdefault(child, k) != k:
                wrong(f"nodes[{child}] is a child of both nodes[{parent[child]}] and nodes[{k}]", child)
        if node.children and len(set(node.children)) < len(node.children):
            wrong(f"nodes[{k}].children names a node twice", k)
    for k in _looping(parent, count):
        wrong(f"nodes[{k}] is its own ancestor", k)
    for k, scene in enumerate(gltf.scenes):
        for root in scene.nodes:
            if root in parent:
                problems.warning(
                    "gltf-node", f"scenes[{k}] names nodes[{root}], which is a child of nodes[{parent[root]}]", HARMLESS
                )
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


def _check_node(gltf: schema.Gltf, node: schema.Node, k: int, drawn: Drawn, problems: GltfProblems) -> None:
    if node.matrix is not None:
        if node.translation is not None or node.rotation is not None or node.scale is not None:
            problems.warning(
                "gltf-node", f"nodes[{k}] has both a matrix and a translation, rotation or scale; the matrix is used", HARMLESS
            )
        columns = np.reshape(node.matrix, (4, 4))
        with np.errstate(over="ignore", invalid="ignore"):
            volume = np.linalg.det(columns[:3, :3])
        if not np.isfinite(volume) or not np.allclose(columns[:, 3], (0, 0, 0, 1)):
            problems.judge("gltf-node", f"nodes[{k}].matrix distorts what it places", is_drawn=drawn.has("nodes", k))
        elif not volume:
            problems.warning("gltf-node", f"nodes[{k}].matrix flattens what it places", HARMLESS)
    if node.rotation is not None:
        length = math.hypot(*node.rotation)
        if not length > 1e-9:
            problems.judge(
                "gltf-node", f"nodes[{k}].rotation has length 0; a rotation has length 1", is_drawn=drawn.has("nodes", k)
            )
        elif abs(length - 1.0) > 0.01:
            problems.warning(
                "gltf-node", f"nodes[{k}].rotation has length {length:.3g}; it is taken as one of length 1", HARMLESS
            )
    mesh = gltf.meshes[node.mesh] if node.mesh is not None and node.mesh < len(gltf.meshes) else None
    if node.skin is not None and node.mesh is None:
        problems.warning("gltf-skin", f"nodes[{k}] has a skin, but no mesh", HARMLESS)
    if node.weights is not None and node.mesh is None:
        problems.warning("gltf-node", f"nodes[{k}] has weights, but no mesh", HARMLESS)
    if node.skin is not None and mesh and not any("JOINTS_0" in one.attributes for one in mesh.primitives):
        problems.warning(
            "gltf-skin", f"nodes[{k}] has a skin, but meshes[{node.mesh}] has no JOINTS_0; it stands where its node is", HARMLESS
        )
    if node.weights is not None and mesh:
        targets = len(mesh.primitives[0].targets or ())
        if len(node.weights) != targets:
            message = f"nodes[{k}] has {len(node.weights)} weights, but meshes[{node.mesh}] has {targets} morph targets"
            problems.warning("gltf-node", message, HARMLESS)


# Buffer views and accessors: what can be read is drawn, what contradicts itself is said


def _check_view(gltf: schema.Gltf, view: schema.BufferView, index: int, problems: GltfProblems) -> None:
    if not view.byteLength:
        problems.warning("gltf-buffer", f"bufferViews[{index}] is empty", HARMLESS)
    if view.byteStride is not None and (view.byteStride % 4 or not 4 <= view.byteStride <= 252):
        said = f"bufferViews[{index}] has a byteStride of {view.byteStride}; it should be a multiple of 4 from 4 to 252"
        problems.warning("gltf-buffer", said, HARMLESS)
    if view.byteStride is not None and view.target == 34963:
        problems.warning("gltf-buffer", f"bufferViews[{index}] holds indices, but has a byteStride", HARMLESS)
    if view.byteStride is not None and view.byteStride > view.byteLength:
        said = f"bufferViews[{index}] has a byteStride of {view.byteStride}, but only {view.byteLength} bytes"
        problems.warning("gltf-buffer", said, HARMLESS)
    if view.compressed:
        return
    if view.buffer < len(gltf.buffers) and view.byteOffset + view.byteLength > gltf.buffers[view.buffer].byteLength:
        past = view.byteOffset + view.byteLength - gltf.buffers[view.buffer].byteLength
        problems.warning(
            "gltf-buffer", f"bufferViews[{index}] reaches {past} bytes past what buffers[{view.buffer}].byteLength says", HARMLESS
        )


def _check_accessor(resources: Resources, accessor: schema.Accessor, index: int, problems: GltfProblems) -> None:
    place, width = f"accessors[{index}]", WIDTHS[accessor.type]
    size = COMPONENTS[accessor.componentType].itemsize
    if not accessor.count:
        problems.warning("gltf-accessor", f"{place} is empty", HARMLESS)
    if accessor.normalized and accessor.componentType in (5125, 5126):
        problems.warning("gltf-accessor", f"{place} is normalized, but its component type is {accessor.componentType}", HARMLESS)
    if accessor.bufferView is None and accessor.byteOffset is not None:
        problems.warning("gltf-accessor", f"{place} has a byteOffset, but no bufferView", HARMLESS)
    for name, bound in (("min", accessor.min), ("max", accessor.max)):
        if bound is not None and len(bound) != width:
            problems.warning("gltf-accessor", f"{place}.{name} has {len(bound)} numbers; {accessor.type} has {width}", HARMLESS)
    if accessor.sparse:
        for name, part in (("indices", accessor.sparse.indices), ("values", accessor.sparse.values)):
            views = resources.gltf.bufferViews
            if part.bufferView < len(views) and views[part.bufferView].byteStride is not None:
                said = f"{place}.sparse.{name} uses bufferViews[{part.bufferView}], which has a byteStride"
                problems.warning("gltf-accessor", said, HARMLESS)
    if accessor.bufferView is not None and accessor.bufferView < len(resources.gltf.bufferViews):
        view = resources.gltf.bufferViews[accessor.bufferView]
        begin = (accessor.byteOffset or 0) + view.byteOffset
        if begin % size:
            problems.warning(
                "gltf-accessor", f"{place} begins at byte {begin} of its buffer, which is not a multiple of {size}", HARMLESS
            )
        if accessor.type.startswith("MAT") and (accessor.byteOffset or 0) % 4:
            problems.warning(
                "gltf-accessor", f"{place} has a byteOffset of {accessor.byteOffset}; a matrix needs a multiple of 4", HARMLESS
            )


def _normal_accessors(gltf: schema.Gltf) -> frozenset[int]:
    primitives = [primitive for mesh in gltf.meshes for primitive in mesh.primitives]
    return frozenset(one.attributes["NORMAL"] for one in primitives if "NORMAL" in one.attributes)


def _check_values(resources: Resources, index: int, drawn: Drawn, problems: GltfProblems, *, is_normal: bool) -> None:
    """Numbers against what is said about them. Those that are drawn are looked at where they are drawn."""
    accessor = resources.gltf.accessors[index]
    values = resources.stored(index)
    if not len(values):
        return
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        if not drawn.has("accessors", index):
            problems.warning("gltf-accessor", f"accessors[{index}] holds numbers that are infinite or not a number", UNDRAWN)
        elif is_normal:
            problems.warning(
                "gltf-accessor",
                f"accessors[{index}] holds normals that are not numbers; they follow from the shape instead",
                HARMLESS,
            )
        return
    if accessor.min is None or accessor.max is None or {len(accessor.min), len(accessor.max)} != {values.shape[1]}:
        return
    low, high = values.min(axis=0), values.max(axis=0)
    lowest, highest = np.array(accessor.min), np.array(accessor.max)
    allowed = BOUND_TOLERANCE * np.maximum(np.abs(lowest), np.abs(highest)).clip(1e-6)
    wrong = (np.abs(low - lowest) > allowed) | (np.abs(high - highest) > allowed)
    if wrong.any():
        k = int(np.argmax(wrong))
        problems.warning(
            "gltf-accessor",
            f"accessors[{index}] says that its data lie between {lowest[k]:.6g} and {highest[k]:.6g}, "
            f"but they lie between {float(low[k]):.6g} and {float(high[k]):.6g}",
            HARMLESS,
        )

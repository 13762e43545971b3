"""glTF primitives become triangles with columns: attributes, indices, Draco, strips and fans, morph targets."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import face_normals, smooth_normals
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.draco import draco_size
from vrclient.scene.gltf.drawn import POINTS_AND_LINES
from vrclient.scene.gltf.problems import UnreadableError
from vrclient.scene.gltf.resources import MAX_ELEMENTS, Resources, normalized

FARTHEST = 1e9
"""No position is farther from its mesh's origin."""

DRACO_POINT_BYTES = 16
"""Of each attribute of a point that is unpacked."""

SHAPES = {"POSITION": (3,), "NORMAL": (3,), "TEXCOORD": (2,), "COLOR": (3, 4), "JOINTS": (4,), "WEIGHTS": (4,)}
"""Numbers per vertex that an attribute may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Triangles:
    """A primitive in its mesh's own frame (glTF: Y up). N vertices, T triangles.

    position [N, 3], normal [N, 3], uv channel -> [N, 2] (v down), color [N, 3] linear RGB: float64
    triangle [T, 3] int64; joints, weights [N, 4k] of a skinned mesh
    """

    position: NDArray[np.float64]
    normal: NDArray[np.float64]
    triangle: NDArray[np.int64]
    uv: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    color: NDArray[np.float64] | None = None
    joints: NDArray[np.int64] | None = None
    weights: NDArray[np.float64] | None = None


def read_triangles(
    resources: Resources, primitive: schema.Primitive, drawn: Collection[str], place: str, /, *, morph: tuple[float, ...] = ()
) -> Triangles | None:
    """None where there are no triangles. `drawn`: the attributes that are looked at; `morph`: the weights of the targets."""
    if primitive.mode in POINTS_AND_LINES or "POSITION" not in primitive.attributes:
        return None
    attributes, indices = _columns(resources, primitive, drawn, place)
    count = len(attributes["POSITION"])
    corners = np.arange(count) if indices is None else indices
    if len(corners) < 3:
        return None
    triangle = _assembled(corners, primitive.mode, count, place)
    used = np.zeros(count, np.bool_)
    used[triangle] = True
    columns: dict[str, NDArray[np.float64]] = {}
    for name in attributes:
        columns[name] = _attribute(attributes, name, used, place)
    position, normal = columns.pop("POSITION"), columns.pop("NORMAL", None)
    position, normal = _morphed(resources, primitive, place, position, normal, morph)
    if normal is None:
        position, columns, triangle = _split(position, columns, triangle)
        normal = np.repeat(face_normals(position.astype(np.float32), triangle.astype(np.uint32)), 3, axis=0)
    color = columns.get("COLOR_0")
    joint_sets = sorted(name for name in columns if name.startswith("JOINTS_"))
    weight_sets = [name.replace("JOINTS", "WEIGHTS") for name in joint_sets]
    if any(name not in columns for name in weight_sets):
        raise UnreadableError("gltf-skin", f"{place} has JOINTS without WEIGHTS")
    return Triangles(
        position=position,
        normal=_whole_normals(position, normal, triangle),
        triangle=triangle,
        uv={int(name[9:]): columns[name] for name in columns if name.startswith("TEXCOORD_")},
        color=None if color is None else color[:, :3].clip(0.0, 1.0),
        joints=np.concatenate([columns[name] for name in joint_sets], axis=1).astype(np.int64) if joint_sets else None,
        weights=np.concatenate([columns[name] for name in weight_sets], axis=1) if joint_sets else None,
    )


def _columns(
    resources: Resources, primitive: schema.Primitive, drawn: Collection[str], place: str
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64] | None]:
    """Attributes by name and the corners' vertex numbers, from accessors or out of Draco data."""
    draco = primitive.extensions.KHR_draco_mesh_compression
    if draco:
        return _unpacked(resources, primitive, draco, drawn, place)
    attributes = {name: resources.accessor(index) for name, index in primitive.attributes.items() if name in drawn}
    if primitive.indices is None:
        return attributes, None
    stored = resources.stored(primitive.indices)
    if stored.shape[1] != 1 or stored.dtype.kind != "u":
        raise UnreadableError(
            "gltf-mesh", f"{place}.indices must be unsigned SCALAR integers, but accessors[{primitive.indices}] is not"
        )
    return attributes, stored[:, 0].astype(np.int64)


def _unpacked(
    resources: Resources, primitive: schema.Primitive, draco: schema.Draco, drawn: Collection[str], place: str
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    data = bytes(resources.view(draco.bufferView))
    resources.spend(len(data))
    try:
        size = draco_size(data)
        resources.unpack(12 * size.faces + DRACO_POINT_BYTES * size.points * len(draco.attributes), "Draco", place)
        shape = DracoPy.decode(data)
    except (
        ValueError,
        RuntimeError,
        TypeError,
        MemoryError,
        DracoPy.FileTypeException,
        DracoPy.EncodingFailedException,
    ) as wrong:
        raise UnreadableError("gltf-mesh", f"{place} has Draco data that cannot be decoded ({wrong})") from wrong
    if not isinstance(shape, DracoPy.DracoMesh):
        raise UnreadableError("gltf-mesh", f"{place} has Draco data without triangles")
    found = {attribute["unique_id"]: attribute["data"] for attribute in shape.attributes}
    attributes = {}
    for name, identifier in draco.attributes.items():
        if name not in drawn or name not in primitive.attributes:
            continue
        if identifier not in found:
            raise UnreadableError("gltf-mesh", f"{place}.{name} is not in its Draco data")
        values = np.asarray(found[identifier])
        index = primitive.attributes[name]
        if index >= len(resources.gltf.accessors):
            raise UnreadableError(
                "gltf-reference", f"{place}.{name} is {index}, but the file has {len(resources.gltf.accessors)} accessors"
            )
        accessor = resources.gltf.accessors[index]
        if len(values) > MAX_ELEMENTS:
            raise UnreadableError("gltf-limit", f"{place}.{name} holds more Draco data than this client reads")
        attributes[name] = normalized(values) if accessor.normalized and values.dtype.kind != "f" else values
    for name, index in primitive.attributes.items():
        if name in drawn and name not in attributes:
            attributes[name] = resources.accessor(index)
    return attributes, np.asarray(shape.faces).reshape(-1).astype(np.int64)


def _attribute(attributes: dict[str, NDArray[Any]], name: str, used: NDArray[np.bool_], place: str) -> NDArray[np.float64]:
    """[N, width]; rows that no triangle uses may hold anything and become 0, and so do normals without a direction."""
    values = attributes[name]
    widths = SHAPES[name.split("_")[0]]
    if values.ndim != 2 or values.shape[1] not in widths:
        raise UnreadableError("gltf-mesh", f"{place}.{name} has {values.shape[-1]} numbers per vertex; expected {widths[0]}")
    count = len(attributes["POSITION"])
    if len(values) != count:
        raise UnreadableError("gltf-mesh", f"{place}.{name} has {len(values)} vertices, but POSITION has {count}")
    column = values.astype(np.float64)
    if values.dtype.kind != "f":
        return column
    wrong = ~np.isfinite(column).all(axis=1)
    if name == "POSITION":
        wrong |= np.abs(column).max(axis=1) > FARTHEST
    if name != "NORMAL" and (wrong & used).any():
        raise UnreadableError("gltf-mesh", f"{place}.{name} holds numbers that are infinite or not a number")
    column[wrong] = 0.0
    return column


def _assembled(corners: NDArray[np.int64], mode: int, count: int, place: str) -> NDArray[np.int64]:
    """[T, 3] out of a list (4), strip (5) or fan (6). Source: glTF 2.0.1, section 3.7.2.1."""
    if len(corners) and (int(corners.max()) >= count or int(corners.min()) < 0):
        raise UnreadableError("gltf-mesh", f"{place}.indices names vertex {int(corners.max())}, but there are {count}")
    if mode == 4:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if mode == 5:
        triangle = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
        triangle[1::2] = triangle[1::2][:, [1, 0, 2]]
    else:
        triangle = np.stack([corners[1:-1], corners[2:], np.broadcast_to(corners[0], len(corners) - 2)], axis=1)
    a, b, c = triangle.T
    return triangle[(a != b) & (b != c) & (c != a)]


def _morphed(
    resources: Resources,
    primitive: schema.Primitive,
    place: str,
    position: NDArray[np.float64],
    normal: NDArray[np.float64] | None,
    morph: tuple[float, ...],
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    for number, (target, weight) in enumerate(zip(primitive.targets or (), morph, strict=False)):
        if not weight:
            continue
        added = {name: resources.accessor(index) for name, index in target.items() if name in ("POSITION", "NORMAL")}
        for name, values in added.items():
            if values.shape != position.shape:
                raise UnreadableError("gltf-mesh", f"{place}.targets[{number}].{name} does not match the mesh")
            if name == "POSITION":
                position = position + weight * values
            elif normal is not None:
                normal = normal + weight * values
    return position, normal


def _split(
    position: NDArray[np.float64], columns: dict[str, NDArray[np.float64]], triangle: NDArray[np.int64]
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]], NDArray[np.int64]]:
    """Every triangle gets vertices of its own, as flat normals need."""
    corner = triangle.reshape(-1)
    split = {name: values[corner] for name, values in columns.items()}
    return position[corner], split, np.arange(len(corner)).reshape(-1, 3)


def _whole_normals(
    position: NDArray[np.float64], normal: NDArray[np.float64], triangle: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Unit normals; those without a direction are made from the triangles around."""
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    empty = ~(length[:, 0] > 1e-6)
    unit = normal / np.maximum(length, 1e-6)
    if empty.any():
        unit[empty] = smooth_normals(position.astype(np.float32), triangle.astype(np.uint32))[empty]
    return unit

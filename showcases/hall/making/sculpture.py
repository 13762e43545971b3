"""A white sculpture as a GLB file: a seed that three petals close around, as Fengxian's arts centre is a seed of three petals.
Curves and numpy; the file is written by hand (glTF 2.0, Y up, metres)."""

import json
import struct

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def seed_and_petals() -> bytes:
    """The whole file: 0.9 m high, standing on y = 0."""
    parts = [_seed(), *(_petal(k) for k in range(3)), _foot()]
    positions, normals, triangles, count = [], [], [], 0
    for point, triangle in parts:
        positions.append(point)
        normals.append(_normals(point, triangle))
        triangles.append(triangle + count)
        count += len(point)
    return _glb(np.concatenate(positions), np.concatenate(normals), np.concatenate(triangles))


def _sheet(point: Array) -> tuple[Array, NDArray[np.int64]]:
    """Points [rows, columns, 3] as a surface, counterclockwise seen from rows x columns."""
    rows, columns = point.shape[:2]
    k = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.reshape(-1) for part in (k[:-1, :-1], k[1:, :-1], k[1:, 1:], k[:-1, 1:]))
    return point.reshape(-1, 3), np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def _seed() -> tuple[Array, NDArray[np.int64]]:
    u, v = np.meshgrid(np.linspace(0.0, np.pi, 40), np.linspace(0.0, 2 * np.pi, 49), indexing="ij")
    radius = 0.15 * np.sin(u) * (1.0 - 0.25 * np.cos(u))
    point = np.stack([radius * np.cos(v), 0.42 - 0.24 * np.cos(u), radius * np.sin(v)], axis=-1)
    return _sheet(point[:, ::-1])


def _petal(number: int) -> tuple[Array, NDArray[np.int64]]:
    """A leaf with thickness, from the foot outward, up and back over the seed."""
    s = np.linspace(0.0, 1.0, 48)
    t = np.linspace(-1.0, 1.0, 25)
    height = (0.92, 0.78, 0.68)[number]
    turn = np.radians((0.0, 128.0, 236.0)[number])
    out = 0.05 + 0.34 * np.sin(np.pi * (0.08 + 0.8 * s)) ** 1.15 - 0.06 * s
    rise = 0.03 + height * s**0.86
    half = 0.3 * np.sin(np.pi * (0.06 + 0.94 * s) ** 0.9) ** 0.8 * (1.0 - 0.1 * s) + 0.004
    sweep = turn + 0.5 * s**1.4
    sides = []
    for thick in (0.011, -0.011):
        width = half[:, None] * t[None, :]
        cup = 0.55 * (half[:, None] * t[None, :] ** 2)
        radial = out[:, None] - cup + thick * (1 - 0.6 * t[None, :] ** 2)
        angle = np.broadcast_to(sweep[:, None], width.shape)
        x = radial * np.cos(angle) - width * np.sin(angle)
        z = radial * np.sin(angle) + width * np.cos(angle)
        y = np.broadcast_to(rise[:, None], width.shape) - 0.05 * (t[None, :] ** 2) * np.sin(np.pi * s)[:, None]
        sides.append(np.stack([x, y, z], axis=-1))
    front, back = sides
    whole = np.concatenate([front, back[:, ::-1], front[:, :1]], axis=1)
    return _sheet(whole[:, ::-1])


def _foot() -> tuple[Array, NDArray[np.int64]]:
    profile = np.array([[0.0, 0.0], [0.2, 0.0], [0.2, 0.02], [0.1, 0.045], [0.05, 0.1], [0.03, 0.2]])
    v = np.linspace(0.0, 2 * np.pi, 49)
    point = np.stack(
        [profile[:, :1] * np.cos(v), np.broadcast_to(profile[:, 1:], (len(profile), 49)), profile[:, :1] * np.sin(v)], axis=-1
    )
    return _sheet(point)


def _normals(point: Array, triangle: NDArray[np.int64]) -> Array:
    a, b, c = (point[triangle[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros_like(point)
    for corner in range(3):
        np.add.at(total, triangle[:, corner], face)
    # The seam of a closed sheet has its points twice: they share their normals.
    _, same = np.unique(np.rint(point * 1e5).astype(np.int64), axis=0, return_inverse=True)
    shared = np.zeros((same.max() + 1, 3))
    np.add.at(shared, same.reshape(-1), total)
    total = shared[same.reshape(-1)]
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def _glb(position: Array, normal: Array, triangle: NDArray[np.int64]) -> bytes:
    keep = np.linalg.norm(
        np.cross(position[triangle[:, 1]] - position[triangle[:, 0]], position[triangle[:, 2]] - position[triangle[:, 0]]), axis=1
    )
    index = triangle[keep > 1e-10].astype("<u4")
    blocks = [position.astype("<f4").tobytes(), normal.astype("<f4").tobytes(), index.tobytes()]
    views, offset = [], 0
    for block in blocks:
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(block)})
        offset += len(block)
    low, high = position.astype("<f4").min(axis=0).tolist(), position.astype("<f4").max(axis=0).tolist()
    look = {"baseColorFactor": [0.92, 0.91, 0.88, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.45}
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "seed_and_petals"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": look, "doubleSided": True}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(position), "type": "VEC3", "min": low, "max": high},
            {"bufferView": 1, "componentType": 5126, "count": len(normal), "type": "VEC3"},
            {"bufferView": 2, "componentType": 5125, "count": int(index.size), "type": "SCALAR"},
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": offset}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary = b"".join(blocks)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks

"""How crane.glb and heap.glb were made: a tower crane out of bars, its jib along +Z, and a heap of earth. Nothing here runs
during a visit.

    python showcases/fengxian/models/making.py
"""

import json
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
MAST, JIB, BACK, SECTION = 42.0, 46.0, 14.0, 3.0
"""Metres: to the jib, length of the jib, of the counter-jib, of a section of lattice."""

Bar = tuple[tuple[float, float, float], tuple[float, float, float], float]
"""From, to, thickness in metres; x, y up, z."""

Shape = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint16]]
"""Positions [N, 3], normals [N, 3], indices."""


def look(red: float, green: float, blue: float, rough: float, /) -> dict[str, object]:
    """A plain material; linear colours."""
    return {"pbrMetallicRoughness": {"baseColorFactor": [red, green, blue, 1.0], "metallicFactor": 0.0, "roughnessFactor": rough}}


def steel() -> list[Bar]:
    """Mast, jib, counter-jib, head and ties."""
    bars: list[Bar] = []
    corners = [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
    heights = np.arange(0.0, MAST + 0.1, SECTION).tolist()
    for k, (x, z) in enumerate(corners):
        bars.append(((x, 0.0, z), (x, MAST, z), 0.2))
        x2, z2 = corners[(k + 1) % 4]
        for low, high in pairwise(heights):
            bars.append(((x, high, z), (x2, high, z2), 0.1))
            bars.append(((x, low, z), (x2, high, z2), 0.1))
    top = MAST + 1.2
    stations = np.arange(0.0, JIB + 0.1, SECTION).tolist()
    chords = ((-0.7, top), (0.7, top), (0.0, top + 1.3))
    bars += [((x, y, -1.0), (x, y, JIB if y == top else JIB - 1.0), 0.16) for x, y in chords]
    for near, far in pairwise(stations):
        middle = (0.0, top + 1.3, (near + far) / 2)
        for x in (-0.7, 0.7):
            bars += [((x, top, near), middle, 0.09), (middle, (x, top, far), 0.09)]
        bars.append(((-0.7, top, far), (0.7, top, far), 0.09))
    bars += [((x, top, 1.0), (x, top, -BACK), 0.26) for x in (-0.7, 0.7)]
    bars += [((-0.7, top, z), (0.7, top, z), 0.12) for z in np.arange(-BACK, 0.0, 2.0).tolist()]
    head = (0.0, MAST + 8.5, 0.0)
    bars += [((x, MAST, z), head, 0.18) for x, z in corners]
    bars += [(head, (0.0, top + 1.3, 0.62 * JIB), 0.09), (head, (0.0, top + 1.3, 0.28 * JIB), 0.09)]
    bars += [(head, (x, top, 1.5 - BACK), 0.09) for x in (-0.7, 0.7)]
    return bars


def weights() -> list[Bar]:
    """Foot, ballast, cab, trolley, rope and hook."""
    top = MAST + 1.2
    return [
        ((0.0, -0.4, 0.0), (0.0, 0.5, 0.0), 4.6),
        ((0.0, top - 2.2, 1.3 - BACK), (0.0, top + 0.2, 1.3 - BACK), 2.2),
        ((1.5, top - 2.1, 0.9), (1.5, top - 0.2, 0.9), 1.5),
        ((0.0, top - 0.4, 0.5 * JIB), (0.0, top - 0.1, 0.5 * JIB), 1.3),
        ((0.0, top - 15.0, 0.5 * JIB), (0.0, top - 0.3, 0.5 * JIB), 0.06),
        ((0.0, top - 15.8, 0.5 * JIB), (0.0, top - 15.0, 0.5 * JIB), 0.5),
    ]


def boxes(bars: list[Bar], /) -> Shape:
    """A flat-shaded box round each bar."""
    points, normals, indices = [], [], []
    for start, end, thick in bars:
        a, b = np.array(start), np.array(end)
        along = (b - a) / np.linalg.norm(b - a)
        side = np.cross(along, [1.0, 0.0, 0.0] if abs(along[0]) < 0.5 else [0.0, 1.0, 0.0])
        side /= np.linalg.norm(side)
        over = np.cross(along, side)
        half = thick / 2
        faces = [(side, over, along), (over, -side, along), (-side, -over, along), (-over, side, along)]
        quads = [(n, [a + half * (n - u), a + half * (n + u), b + half * (n + u), b + half * (n - u)]) for n, u, _ in faces]
        if thick > 0.4:
            corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
            quads.append((along, [b + half * (x * side + y * over) for x, y in corners]))
            quads.append((-along, [a + half * (x * side + y * over) for x, y in reversed(corners)]))
        for normal, quad in quads:
            first = len(points)
            points += quad
            normals += [normal] * 4
            indices += [first, first + 1, first + 2, first, first + 2, first + 3]
    return np.array(points, "<f4"), np.array(normals, "<f4"), np.array(indices, "<u2")


def earth() -> Shape:
    """Two mounds that run into each other, about 15 x 11 m and 3.3 m high."""
    radius, angle = np.meshgrid(np.linspace(0.0, 1.0, 13), np.linspace(0.0, 2 * np.pi, 33), indexing="ij")
    edge = 6.6 + 0.9 * np.sin(2 * angle + 0.4) + 0.5 * np.sin(5 * angle) + 0.25 * np.sin(9 * angle + 1.0)
    x, z = radius * edge * np.cos(angle), 0.8 * radius * edge * np.sin(angle)
    near = np.exp(-((x + 1.4) ** 2 + z**2) / 7.0)
    far = np.exp(-((x - 2.6) ** 2 + (z - 0.8) ** 2) / 4.5)
    rough = 0.12 * np.sin(2.3 * x + 0.7 * z) * np.sin(1.9 * z - 0.4)
    y = (3.1 * near + 2.0 * far + rough) * np.clip((1.0 - radius) / 0.25, 0.0, 1.0) + 0.5 * (1.0 - radius) - 0.1
    point = np.stack([x, y, z], axis=-1)
    down = np.cross(np.gradient(point, axis=1), np.gradient(point, axis=0))
    normal = down / np.maximum(np.linalg.norm(down, axis=-1, keepdims=True), 1e-9)
    normal[0] = (0.0, 1.0, 0.0)
    number = np.arange(point.shape[0] * point.shape[1]).reshape(point.shape[:2])
    a, b, c, d = (part.reshape(-1) for part in (number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]))
    index = np.stack([a, c, b, a, d, c], axis=1).reshape(-1)
    return point.reshape(-1, 3).astype("<f4"), normal.reshape(-1, 3).astype("<f4"), index.astype("<u2")


def glb(name: str, shapes: list[Shape], looks: list[dict[str, object]], /) -> bytes:
    """The file: glTF 2.0, Y up, metres, standing on y = 0; each shape with its look."""
    blocks, accessors, primitives = [], [], []
    for material, (position, normal, index) in enumerate(shapes):
        for values, kind in ((position, "VEC3"), (normal, "VEC3"), (index, "SCALAR")):
            number = 5123 if kind == "SCALAR" else 5126
            entry = {"bufferView": len(blocks), "componentType": number, "count": len(values), "type": kind}
            if values is position:
                entry |= {"min": position.min(axis=0).tolist(), "max": position.max(axis=0).tolist()}
            accessors.append(entry)
            blocks.append(values.tobytes() + b"\0" * (-values.nbytes % 4))
        last = len(accessors)
        primitives.append({"attributes": {"POSITION": last - 3, "NORMAL": last - 2}, "indices": last - 1, "material": material})
    starts = np.concatenate([[0], np.cumsum([len(block) for block in blocks])]).tolist()
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"primitives": primitives}],
        "materials": looks,
        "accessors": accessors,
        "bufferViews": [{"buffer": 0, "byteOffset": starts[k], "byteLength": len(block)} for k, block in enumerate(blocks)],
        "buffers": [{"byteLength": starts[-1]}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary = b"".join(blocks)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks


if __name__ == "__main__":
    files = {
        "crane": ([boxes(steel()), boxes(weights())], [look(0.72, 0.4, 0.03, 0.55), look(0.28, 0.28, 0.27, 0.85)]),
        "heap": ([earth()], [look(0.17, 0.12, 0.072, 0.97)]),
    }
    for name, (shapes, looks) in files.items():
        (HERE / f"{name}.glb").write_bytes(glb(name, shapes, looks))
        print(f"{name}.glb", (HERE / f"{name}.glb").stat().st_size, "bytes")

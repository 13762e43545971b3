"""Tiny glTF files for the tests, written by hand."""

import copy
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

COMPONENT = {"b": 5120, "B": 5121, "h": 5122, "H": 5123, "I": 5125, "f": 5126}
TYPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}

Change = Callable[[dict[str, Any]], None]
"""What makes a document another one."""

TRIANGLE = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 3.0]]


class File:
    """A document that grows: add accessors and images, then write it."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {"asset": {"version": "2.0"}}
        self.binary = b""

    def add(self, name: str, **properties: Any) -> int:
        """Appends to a top-level array; its index."""
        self.json.setdefault(name, []).append(properties)
        return len(self.json[name]) - 1

    def view(self, data: bytes, **properties: Any) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        index = self.add("bufferViews", buffer=0, byteOffset=len(self.binary), byteLength=len(data), **properties)
        self.binary += data
        return index

    def accessor(self, values: ArrayLike, kind: str = "f", **properties: Any) -> int:
        array = np.asarray(values, np.dtype(f"<{kind}" if kind in "hHIf" else kind))
        array = array[:, None] if array.ndim == 1 else array
        return self.add(
            "accessors",
            bufferView=self.view(array.tobytes()),
            componentType=COMPONENT[kind],
            count=len(array),
            type=TYPE[array.shape[1]],
            **properties,
        )

    def png(self, pixels: ArrayLike, **properties: Any) -> int:
        """A texture with this picture; its index."""
        stream = io.BytesIO()
        Image.fromarray(np.asarray(pixels, np.uint8)).save(stream, "PNG")
        image = self.add("images", bufferView=self.view(stream.getvalue()), mimeType="image/png")
        return self.add("textures", source=image, **properties)

    def mesh(self, attributes: dict[str, int], *, node: dict[str, Any] | None = None, **primitive: Any) -> int:
        """A mesh of one primitive, in a node of the scene; the node's index."""
        mesh = self.add("meshes", primitives=[{"attributes": attributes, **primitive}])
        index = self.add("nodes", mesh=mesh, **(node or {}))
        self.json.setdefault("scenes", [{"nodes": []}])[0]["nodes"].append(index)
        return index

    def document(self) -> dict[str, Any]:
        document = copy.deepcopy(self.json)
        if self.binary:
            document["buffers"] = [{"byteLength": len(self.binary)}]
        return document

    def glb(self) -> bytes:
        return glb(self.document(), self.binary)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.glb())
        return path


def glb(document: dict[str, Any], binary: bytes = b"") -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        chunks += struct.pack("<II", len(binary), 0x004E4942) + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks


def triangle_file(**node: Any) -> File:
    """One triangle, three indices, default material."""
    file = File()
    file.mesh(
        {"POSITION": file.accessor(TRIANGLE, min=[0, 0, 0], max=[1, 2, 3])}, node=node, indices=file.accessor([0, 1, 2], "H")
    )
    return file


def textured_file() -> File:
    """A quad with a picture, vertex colours, a skin-free node tree, an instance extension: something of everything."""
    file = File()
    texture = file.png(np.full((4, 4, 4), 200), sampler=file.add("samplers", wrapS=33648))
    material = file.add(
        "materials",
        pbrMetallicRoughness={
            "baseColorTexture": {"index": texture, "extensions": {"KHR_texture_transform": {"scale": [2, 2]}}},
            "metallicFactor": 0,
        },
        emissiveFactor=[1, 0.5, 0],
        alphaMode="MASK",
    )
    file.json["extensionsUsed"] = ["KHR_texture_transform", "EXT_mesh_gpu_instancing"]
    square = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    attributes = {
        "POSITION": file.accessor(square, min=[0, 0, 0], max=[1, 1, 0]),
        "NORMAL": file.accessor([[0, 0, 1]] * 4),
        "TEXCOORD_0": file.accessor([[0, 1], [1, 1], [1, 0], [0, 0]]),
        "COLOR_0": file.accessor([[255, 0, 0, 255]] * 4, "B", normalized=True),
    }
    copies = {"TRANSLATION": file.accessor([[0, 0, 0], [5, 0, 0], [0, 0, 5]])}
    node = {"translation": [0, 1, 0], "extensions": {"EXT_mesh_gpu_instancing": {"attributes": copies}}}
    child = file.mesh(attributes, node=node, indices=file.accessor([0, 1, 2, 0, 2, 3], "B"), material=material)
    parent = file.add("nodes", children=[child], rotation=[0, 0.70710678, 0, 0.70710678])
    file.json["scenes"] = [{"nodes": [parent]}]
    return file


def assigned(place: str, value: object) -> Change:
    """A change that sets `place`, such as "accessors.0.count"."""

    def change(document: dict[str, Any]) -> None:
        target: Any = document
        *steps, last = [int(step) if step.isdecimal() else step for step in place.split(".")]
        for step in steps:
            target = target[step]
        target[last] = value

    return change

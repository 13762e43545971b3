"""A small corpus of glTF files of our own, made in code: whole ones in every form, and broken ones, at least one for each code
of what can be wrong. test_gltf_corpus.py reads them as it does files of others, which are not at hand everywhere."""

import struct
from collections.abc import Callable
from typing import Any, Literal

from glb_files import Change, File, assigned, glb, textured_file, triangle_file
from test_gltf_variants import FORMS, NAMES

from vrclient.showcase.codes import Code

Document = dict[str, Any]

WHOLE: dict[str, Callable[[], File]] = {
    **dict(zip(NAMES, FORMS, strict=True)),
    "triangle": triangle_file,
    "textured": textured_file,
    "turned": lambda: triangle_file(rotation=[0, 0.70710678, 0, 0.70710678], scale=[2, 1, 1]),
    "by a matrix": lambda: triangle_file(matrix=[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 0, 0, 1]),
}


def all_of(*changes: Change) -> Change:
    def change(document: Document) -> None:
        for one in changes:
            one(document)

    return change


def lines_as_well(document: Document) -> None:
    document["meshes"][0]["primitives"].append({"attributes": {"POSITION": 0}, "mode": 3})


def many_cameras(document: Document) -> None:
    document["nodes"] += [{"camera": number} for number in range(30)]


def with_picture(**image: Any) -> Change:
    look = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}
    return all_of(
        assigned("images", [image]),
        assigned("textures", [{"source": 0}]),
        assigned("materials", [look]),
        assigned("meshes.0.primitives.0.material", 0),
    )


KTX2 = all_of(
    assigned("textures", [{"extensions": {"KHR_texture_basisu": {"source": 0}}}]),
    assigned("images", [{"uri": "a.ktx2"}]),
    assigned("materials", [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]),
    assigned("meshes.0.primitives.0.material", 0),
    assigned("extensionsUsed", ["KHR_texture_basisu"]),
    assigned("extensionsRequired", ["KHR_texture_basisu"]),
)


def says_it_is_longer(data: bytes) -> bytes:
    return data[:8] + struct.pack("<I", len(data) + 8) + data[12:]


DRACO = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
JOINTS = all_of(assigned("skins", [{"joints": [0]}]), assigned("nodes.0.skin", 0))

Broken = tuple[str, Callable[[], bytes], Literal["error", "warning"], Code]


def of_json(name: str, change: Change, severity: Literal["error", "warning"], code: Code) -> Broken:
    """A good file whose JSON was changed."""

    def made() -> bytes:
        file = triangle_file()
        document = file.document()
        change(document)
        return glb(document, file.binary)

    return name, made, severity, code


def of_bytes(name: str, change: Callable[[bytes], bytes], severity: Literal["error", "warning"], code: Code) -> Broken:
    """A good file whose bytes were changed."""
    return name, lambda: change(triangle_file().glb()), severity, code


BROKEN: list[Broken] = [
    of_json("glTF 1.0", assigned("asset", {"version": "1.0"}), "error", "gltf-version"),
    of_json("of a version to come", assigned("asset", {"version": "2.0", "minVersion": "2.1"}), "error", "gltf-version"),
    of_json("no version", assigned("asset", {}), "error", "gltf-json"),
    of_json("a count in words", assigned("accessors.0.count", "three"), "error", "gltf-json"),
    of_json("a type that is none", assigned("accessors.0.type", "VEC5"), "error", "gltf-json"),
    of_json("a negative index", assigned("nodes.0.mesh", -1), "error", "gltf-json"),
    of_json("a mesh without primitives", assigned("meshes.0.primitives", []), "error", "gltf-json"),
    of_json("an empty list", assigned("cameras", []), "warning", "gltf-json"),
    of_json("no scene of that number", assigned("scene", 3), "error", "gltf-reference"),
    of_json("no mesh of that number", assigned("nodes.0.mesh", 3), "error", "gltf-reference"),
    of_json("no accessor of that number", assigned("meshes.0.primitives.0.attributes.POSITION", 9), "error", "gltf-reference"),
    of_json("no view of that number", assigned("accessors.0.bufferView", 9), "error", "gltf-reference"),
    of_json("no camera of that number", assigned("nodes.0.camera", 3), "warning", "gltf-reference"),
    of_json("its own child", assigned("nodes.0.children", [0]), "error", "gltf-node"),
    of_json("a turn of no length", assigned("nodes.0.rotation", [0, 0, 0, 0]), "error", "gltf-node"),
    of_json("a long turn", assigned("nodes.0.rotation", [0, 0, 0, 2]), "warning", "gltf-node"),
    of_json("weights without a mesh", lambda document: document["nodes"].append({"weights": [1]}), "warning", "gltf-node"),
    of_json("a skin without joints in its mesh", JOINTS, "warning", "gltf-skin"),
    of_json("a view past its buffer", assigned("bufferViews.0.byteLength", 9999), "error", "gltf-buffer"),
    of_json("a buffer that is not there", assigned("buffers.0", {"byteLength": 44, "uri": "gone.bin"}), "error", "gltf-uri"),
    of_json("a buffer above the model", assigned("buffers.0.uri", "../../gate.bin"), "error", "gltf-uri"),
    of_json("a buffer that is no base64", assigned("buffers.0.uri", "data:;base64,?"), "error", "gltf-uri"),
    of_json("a longer buffer than there is", assigned("buffers.0.byteLength", 9999), "warning", "gltf-buffer"),
    of_json("more elements than bytes", assigned("accessors.0.count", 99), "error", "gltf-accessor"),
    of_json("a wrong bound", assigned("accessors.0.max", [9, 9, 9]), "warning", "gltf-accessor"),
    of_json("a bound of other width", assigned("accessors.0.max", [1, 2]), "warning", "gltf-accessor"),
    of_json("indices that are points", assigned("meshes.0.primitives.0.indices", 0), "error", "gltf-mesh"),
    of_json("positions that are indices", assigned("meshes.0.primitives.0.attributes.POSITION", 1), "error", "gltf-mesh"),
    of_json("no Draco data", assigned("meshes.0.primitives.0.extensions", DRACO), "error", "gltf-mesh"),
    of_json("a broken picture", with_picture(uri="data:image/png;base64,AAAA"), "error", "gltf-image"),
    of_json("a picture from nowhere", with_picture(), "error", "gltf-image"),
    of_json("pictures that only KTX2 has", KTX2, "error", "gltf-extension"),
    of_json("an extension nobody knows", assigned("extensionsRequired", ["ACME_gizmo"]), "error", "gltf-extension"),
    of_json("an extension named twice", assigned("extensionsUsed", ["KHR_materials_unlit"] * 2), "warning", "gltf-extension"),
    of_json("too many elements", assigned("accessors.0.count", 10**9), "error", "gltf-limit"),
    of_json("far away", assigned("nodes.0.translation", [1e9, 0, 0]), "error", "gltf-extent"),
    of_json("points alone", assigned("meshes.0.primitives.0.mode", 0), "error", "gltf-empty"),
    of_json("lines as well", lines_as_well, "warning", "gltf-left-out"),
    of_json("wrong in many places", many_cameras, "warning", "gltf-reference"),
    of_bytes("cut off", lambda data: data[: len(data) // 2], "error", "gltf-file"),
    of_bytes("cut off in its header", lambda data: data[:10], "error", "gltf-file"),
    of_bytes("no chunk of JSON", lambda data: data[:16] + b"BIN\0" + data[20:], "error", "gltf-file"),
    of_bytes("another length than it says", says_it_is_longer, "warning", "gltf-file"),
    of_bytes("no glTF", lambda data: b"solid gate", "error", "gltf-file"),
]  # fmt: skip
"""What it is, the file, and what is said of it first."""

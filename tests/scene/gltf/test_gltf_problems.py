"""What is said about a file that is wrong: whole texts, hostile files, and files broken at random."""

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glb_files import TRIANGLE, Change, File, assigned, glb, textured_file, triangle_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vrclient.scene.gltf.problems import REWRITE
from vrclient.scene.gltf.read import inspect_gltf, load_gltf
from vrclient.showcase.diagnostics import Diagnostic


def written(folder: Path, change: Change) -> Path:
    file = triangle_file()
    document = file.document()
    change(document)
    path = folder / "gate.glb"
    path.write_bytes(glb(document, file.binary))
    return path


EXPORT_KTX2 = "export it with PNG, JPEG or WebP textures (gltf-transform: `gltf-transform webp in.glb out.glb`)"
INSIDE = "keep the files of a model beside it or in folders below it, or save it as .glb"
HEAVY = "reduce the model: fewer triangles (Blender: Decimate), smaller parts"

MESSAGES: list[tuple[str, object, str, str]] = [
    (
        "asset",
        {"version": "1.0"},
        "asset.version is 1.0; only glTF 2.0 is read",
        "convert it to glTF 2.0, for example by importing it into Blender and exporting it as glTF",
    ),
    ("asset", {}, "its JSON has no asset.version, so it is not glTF", "name a .glb or .gltf file"),
    (
        "extensionsRequired",
        ["ACME_gizmo"],
        "it requires the extension ACME_gizmo, which is not read",
        "export it without ACME_gizmo",
    ),
    ("accessors.0.count", 10**9, "accessors[0] has 1,000,000,000 elements, more than this client reads from one file", HEAVY),
    ("accessors.0.count", "3", "accessors[0].count is '3'; it should be a valid integer", REWRITE),
    ("accessors.0.count", -1, "accessors[0].count is -1; it should be greater than or equal to 0", REWRITE),
    ("accessors.0.count", 9, "accessors[0] reaches 72 bytes past the end of its bufferView", REWRITE),
    ("accessors.0.byteOffset", 2, "accessors[0] reaches 2 bytes past the end of its bufferView", REWRITE),
    ("accessors.1.bufferView", 7, "accessors[1].bufferView is 7, but the file has 2 bufferViews", REWRITE),
    ("bufferViews.0.byteLength", 4000, "bufferViews[0] reaches 3956 bytes past the end of buffers[0]", REWRITE),
    ("bufferViews.0.byteOffset", -4, "bufferViews[0].byteOffset is -4; it should be greater than or equal to 0", REWRITE),
    (
        "buffers.0.uri",
        "missing.bin",
        "buffers[0].uri is 'missing.bin': there is no 'missing.bin' in the model's folder",
        "copy the file there, or save the model as .glb, which holds everything",
    ),
    ("buffers.0.uri", "../gate.bin", "buffers[0].uri is '../gate.bin', which leads out of the model's folder", INSIDE),
    ("buffers.0.uri", "%2e%2e/gate.bin", "buffers[0].uri is '%2e%2e/gate.bin', which leads out of the model's folder", INSIDE),
    ("buffers.0.uri", "/etc/passwd", "buffers[0].uri is '/etc/passwd', which is not a file in the model's folder", INSIDE),
    (
        "buffers.0.uri",
        "http://a.example/b.bin",
        "buffers[0].uri is 'http://a.example/b.bin', which is not a file in the model's folder",
        INSIDE,
    ),
    (
        "buffers.0.uri",
        "file:///etc/passwd",
        "buffers[0].uri is 'file:///etc/passwd', which is not a file in the model's folder",
        INSIDE,
    ),
    ("nodes.0.children", [0], "nodes[0] is its own ancestor", REWRITE),
    ("nodes.0.mesh", 3, "nodes[0].mesh is 3, but the file has 1 meshes", REWRITE),
    ("nodes.0.rotation", [0, 0, 0, 0], "nodes[0].rotation has length 0; a rotation has length 1", REWRITE),
    (
        "nodes.0.translation",
        [0, 1e9, 0],
        "some of it is more than 100 km away from its origin, or nowhere",
        "move the model to its origin before exporting, and say in the showcase where it stands",
    ),
    ("meshes.0.primitives.0.mode", 9, "meshes[0].primitives[0].mode is 9; it should be less than or equal to 6", REWRITE),
    (
        "meshes.0.primitives.0.indices",
        0,
        "meshes[0].primitives[0].indices must be unsigned SCALAR integers, but accessors[0] is not",
        REWRITE,
    ),
    (
        "meshes.0.primitives.0.attributes.NORMAL",
        1,
        "meshes[0].primitives[0].NORMAL has 1 numbers per vertex; expected 3",
        REWRITE,
    ),
    ("scenes", [{"nodes": []}], "it holds no triangles, so there is nothing to see", "export the model with its meshes"),
]


@pytest.mark.parametrize(("place", "value", "message", "remedy"), MESSAGES, ids=[f"{m[0]}={str(m[1])[:30]}" for m in MESSAGES])
def test_each_error_is_said_with_file_place_and_remedy(
    tmp_path: Path, place: str, value: object, message: str, remedy: str
) -> None:
    problem = inspect_gltf(written(tmp_path, assigned(place, value)))[0]
    assert (problem.message, problem.help, problem.severity) == (f"gate.glb: {message}", remedy, "error")


def test_ktx2_textures_give_one_error_that_names_file_extension_and_remedy(tmp_path: Path) -> None:
    file = File()
    image = file.add("images", bufferView=file.view(b"\xabKTX 20\xbb\r\n\x1a\n" + b"\0" * 60), mimeType="image/ktx2")
    texture = file.add("textures", extensions={"KHR_texture_basisu": {"source": image}})
    material = file.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["KHR_texture_basisu"]
    file.mesh({"POSITION": file.accessor(TRIANGLE)}, material=material)
    (problem,) = inspect_gltf(file.write(tmp_path / "gate.glb"))
    assert problem.message == "gate.glb: textures[0] needs the extension KHR_texture_basisu, which is not read"
    assert (problem.help, problem.severity) == (EXPORT_KTX2, "error")


def test_what_is_left_out_is_one_warning(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["animations"] = [{}, {}]
        document["extensionsUsed"] = ["KHR_lights_punctual", "KHR_materials_sheen", "KHR_materials_ior"]

    (problem,) = inspect_gltf(written(tmp_path, change))
    assert problem.severity == "warning"
    assert problem.message == "gate.glb: it is shown without its 2 animations, KHR_lights_punctual, KHR_materials_sheen"
    assert problem.help == "if it looks right, do nothing; otherwise bake what is missing into its meshes and textures"


def test_damage_elsewhere_leaves_the_rest_to_see(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["meshes"][0]["primitives"].append({"attributes": {"POSITION": 1}})

    model = load_gltf(written(tmp_path, change))
    assert [len(surface.mesh.triangle) for surface in model.surfaces] == [1]
    assert model.problems[0].message == "gate.glb: meshes[0].primitives[1].POSITION has 1 numbers per vertex; expected 3"


def test_many_problems_are_cut_short_with_their_number(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["nodes"] = [{"mesh": 5} for _ in range(50)]

    problems = inspect_gltf(written(tmp_path, change))
    assert len(problems) == 21
    assert problems[-1].message == "gate.glb: 30 more problems"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = triangle_file()
    outside, folder = tmp_path / "outside.bin", tmp_path / "models"
    folder.mkdir()
    outside.write_bytes(file.binary)
    (folder / "gate.bin").symlink_to(outside)
    document = file.document()
    document["buffers"][0]["uri"] = "gate.bin"
    path = folder / "gate.gltf"
    path.write_text(json.dumps(document))
    assert inspect_gltf(path)[0].message == "gate.gltf: buffers[0].uri is 'gate.bin', which leads out of the model's folder"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot have such files")
def test_a_file_beside_it_that_windows_cannot_have(tmp_path: Path) -> None:
    file = triangle_file()
    (tmp_path / "aux.bin").write_bytes(file.binary)
    document = file.document()
    document["buffers"][0]["uri"] = "aux.bin"
    path = tmp_path / "gate.gltf"
    path.write_text(json.dumps(document))
    message = "gate.gltf: Windows cannot have 'aux.bin': 'aux' is a device there"
    help = "save the model as .glb, which holds everything"
    assert inspect_gltf(path) == [Diagnostic("file-name", message, help, "warning")]


HOSTILE: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "the file is empty"),
    ("text", b"Hello", "it is neither binary glTF nor JSON (expected value at line 1 column 1)"),
    ("list", b"[]", "its JSON is not an object"),
    ("header only", b"glTF\2\0\0\0", "the file ends after 8 bytes, inside its header"),
    (
        "cut",
        triangle_file().glb()[:100],
        f"the file ends after 100 bytes, but its header says {len(triangle_file().glb())}: it is truncated",
    ),
    (
        "long chunk",
        b"glTF" + struct.pack("<IIII", 2, 20, 2**31, 0x4E4F534A),
        f"a chunk of {2**31} bytes at 12 reaches past the end of the file",
    ),
    ("version 1", b"glTF" + struct.pack("<II", 1, 20) + b"\0" * 8, "it is binary glTF 1; only glTF 2.0 is read"),
    ("deep", b'{"asset":' + b"[" * 100_000, "it is neither binary glTF nor JSON (recursion limit exceeded at line 1 column 210)"),
    (
        "deep extras",
        b'{"asset":{"version":"2.0"},"extras":' + b'{"a":' * 150 + b"1" + b"}" * 151,
        "it holds no triangles, so there is nothing to see",
    ),
    (
        "many nodes",
        json.dumps({"asset": {"version": "2.0"}, "nodes": [{}] * 100_001}).encode(),
        "nodes has 100001 entries; expected at most 100000",
    ),
]


@pytest.mark.parametrize(("data", "message"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_hostile_files_get_one_message(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "gate.glb"
    path.write_bytes(data)
    assert [problem.message for problem in inspect_gltf(path)] == [f"gate.glb: {message}"]


def test_a_missing_file_and_a_folder_are_said_not_raised(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.glb", tmp_path):
        assert inspect_gltf(path)[0].message == f"{path.name}: there is no such file"
        assert load_gltf(path).surfaces == ()


def test_a_small_file_cannot_ask_for_endless_work(tmp_path: Path) -> None:
    """Copies of copies: a chain of nodes that doubles, instances of a large mesh, accessors over one view."""
    file = File()
    position = file.add("accessors", componentType=5126, count=3_000_000, type="VEC3")
    copies = {"TRANSLATION": file.add("accessors", componentType=5126, count=1000, type="VEC3")}
    file.mesh({"POSITION": position}, node={"extensions": {"EXT_mesh_gpu_instancing": {"attributes": copies}}})
    for _ in range(100):
        file.add("accessors", componentType=5126, count=8_000_000, type="MAT4")
    file.json["extensionsUsed"] = ["EXT_mesh_gpu_instancing"]
    problems = inspect_gltf(file.write(tmp_path / "gate.glb"))
    assert problems[0].message == "gate.glb: it has more than 4 million triangles, too many for one model"


VALUES = st.sampled_from(
    [-1, 0, 1, 3, 2**31, 2**40, 1e308, -1e20, 0.5, None, True, "", "x", [], {}, [[]], 5126, 5121, "../a", "data:;base64,AA"]
)


@st.composite
def broken_files(draw: st.DrawFn) -> bytes:
    """A good file with bytes, JSON values or its end changed."""
    file = draw(st.sampled_from([triangle_file(), textured_file()]))
    how = draw(st.sampled_from(["bytes", "json", "cut"]))
    if how == "json":
        document = file.document()
        for _ in range(draw(st.integers(1, 3))):
            places = list(_places(document))
            parent, key = places[draw(st.integers(0, len(places) - 1))]
            if draw(st.booleans()):
                parent[key] = draw(VALUES)
            else:
                del parent[key]
        return glb(document, file.binary)
    data = bytearray(file.glb())
    if how == "cut":
        return bytes(data[: draw(st.integers(0, len(data) - 1))])
    for _ in range(draw(st.integers(1, 8))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


def _places(value: Any) -> Any:
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=broken_files())
def test_files_broken_at_random_never_raise_and_what_is_drawn_is_finite(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "gate.glb"
    path.write_bytes(data)
    problems, model = inspect_gltf(path), load_gltf(path)
    assert all(problem.message.startswith("gate.glb: ") and problem.help for problem in problems)
    assert model.surfaces or any(problem.severity == "error" for problem in problems)
    for surface in model.surfaces:
        assert np.isfinite(surface.mesh.position).all() and np.isfinite(surface.mesh.uv).all()
        assert surface.mesh.triangle.max(initial=0) < len(surface.mesh.position)

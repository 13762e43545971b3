"""What browsers draw is drawn here: only what is drawn and cannot be read is an error. Files as exporters really write them."""

import base64
import json
import struct
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glb_files import TRIANGLE, File, glb, textured_file, triangle_file

from vrclient.scene.gltf.read import inspect_gltf, load_gltf

Change = Callable[[dict[str, Any]], object]
NAN = float("nan")
WHOLE = [[0, 0, 0], [-1, 0, 0], [0, 3, 2]]
"""TRIANGLE as it stands in the scene."""


def said(path: Path) -> list[tuple[str, str]]:
    """(severity, message) of what is wrong, without the file's name."""
    return [(one.severity, one.message.split(": ", 1)[1]) for one in inspect_gltf(path)]


def triangles(path: Path) -> list[list[list[float]]]:
    return [corner for one in load_gltf(path).surfaces for corner in one.mesh.position[one.mesh.triangle].tolist()]


def written(folder: Path, file: File, change: Change = lambda document: None) -> Path:
    document = file.document()
    change(document)
    path = folder / "gate.glb"
    path.write_bytes(glb(document, file.binary))
    return path


def beside(folder: Path, uri: str, name: str) -> Path:
    """A .gltf that names its buffer by `uri`, with the file `name` beside it."""
    file = triangle_file()
    document = file.document()
    document["buffers"][0]["uri"] = uri
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(file.binary)
    path = folder / "gate.gltf"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


# Columns that nobody draws


@pytest.mark.parametrize("name", ["TANGENT", "TEXCOORD_1", "_FEATURE_ID_0", "WEIGHTS_0"])
def test_a_column_that_nobody_draws_may_hold_anything(tmp_path: Path, name: str) -> None:
    file = triangle_file()
    width = 2 if name.startswith("TEXCOORD") else 4
    index = file.accessor(np.full((3, width), NAN))
    file.json["meshes"][0]["primitives"][0]["attributes"][name] = index
    path = file.write(tmp_path / "gate.glb")
    assert said(path) == [("warning", f"accessors[{index}] holds numbers that are infinite or not a number")]
    assert triangles(path) == [WHOLE]


def test_numbers_of_animations_cameras_and_morphs_at_rest_may_be_wrong(tmp_path: Path) -> None:
    file = triangle_file()
    wrong = file.accessor(np.full((3, 3), NAN))
    past = file.add("accessors", bufferView=0, componentType=5126, count=900, type="VEC3")
    file.add("animations", channels=[], samplers=[{"input": wrong, "output": past}])
    file.add("cameras", type="perspective", perspective={"yfov": "wide"})
    file.json["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": wrong}]
    path = file.write(tmp_path / "gate.glb")
    assert {severity for severity, _ in said(path)} == {"warning"}
    assert triangles(path) == [WHOLE]


def test_a_mesh_that_no_node_shows_may_be_wrong_altogether(tmp_path: Path) -> None:
    file = triangle_file()
    file.add("meshes", primitives=[{"attributes": {"POSITION": 77}, "material": 5}])
    hidden = file.add("nodes", mesh=1, skin=9, rotation=[0, 0, 0, 0], children=[55])
    file.add("skins", joints=[hidden, 99])
    file.json["buffers"] = [{"byteLength": 1}, {"byteLength": 8, "uri": "gone.bin"}]
    file.add("bufferViews", buffer=1, byteLength=8)
    path = written(tmp_path, file, lambda document: document["buffers"].append({"byteLength": 8, "uri": "gone.bin"}))
    assert {severity for severity, _ in said(path)} == {"warning"}
    assert triangles(path) == [WHOLE]


def test_a_vertex_that_no_triangle_uses_may_be_nowhere(tmp_path: Path) -> None:
    file = File()
    file.mesh({"POSITION": file.accessor([*TRIANGLE, [NAN] * 3])}, indices=file.accessor([0, 1, 2], "B"))
    path = file.write(tmp_path / "gate.glb")
    assert said(path) == [] and triangles(path) == [WHOLE]


def test_normals_that_are_no_numbers_follow_from_the_shape(tmp_path: Path) -> None:
    file = File()
    file.mesh({"POSITION": file.accessor(TRIANGLE), "NORMAL": file.accessor([[NAN] * 3, [0, 0, 0], [0, -3, 2]])})
    path = file.write(tmp_path / "gate.glb")
    assert [severity for severity, _ in said(path)] == ["warning"]
    (one,) = load_gltf(path).surfaces
    flat = np.array([0, 2, -3]) / np.sqrt(13)
    np.testing.assert_allclose(one.mesh.normal[:2], [flat, flat], atol=1e-6)


@pytest.mark.parametrize("name", ["POSITION", "TEXCOORD_0", "COLOR_0"])
def test_what_is_drawn_from_no_numbers_is_refused(tmp_path: Path, name: str) -> None:
    file = textured_file()
    number = file.json["meshes"][0]["primitives"][0]["attributes"][name]
    wide = {"POSITION": 3, "TEXCOORD_0": 2, "COLOR_0": 4}[name]
    file.json["accessors"][number] = file.json["accessors"][file.accessor(np.full((4, wide), NAN))]
    assert said(file.write(tmp_path / "gate.glb"))[0] == (
        "error",
        f"meshes[0].primitives[0].{name} holds numbers that are infinite or not a number",
    )


# Pictures


def test_a_missing_picture_that_is_not_drawn_is_a_warning(tmp_path: Path) -> None:
    file = triangle_file()
    texture = file.add("textures", source=file.add("images", uri="lambert1.001_normal.png"))
    file.json["meshes"][0]["primitives"][0]["material"] = file.add("materials", normalTexture={"index": texture})
    path = file.write(tmp_path / "gate.glb")
    assert said(path) == [
        ("warning", "images[0].uri is 'lambert1.001_normal.png': there is no 'lambert1.001_normal.png' in the model's folder")
    ]
    assert triangles(path) == [WHOLE]


def test_a_missing_picture_that_is_drawn_is_an_error(tmp_path: Path) -> None:
    file = triangle_file()
    texture = file.add("textures", source=file.add("images", uri="wall.png"))
    look = {"baseColorTexture": {"index": texture}}
    file.json["meshes"][0]["primitives"][0]["material"] = file.add("materials", pbrMetallicRoughness=look)
    assert said(file.write(tmp_path / "gate.glb"))[0][0] == "error"


# Names of files


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (r"data\x.bin", "data/x.bin"),
        (r".\data\x.bin", "data/x.bin"),
        ("data%5cx.bin", "data/x.bin"),
        ("./data/x.bin?v=3", "data/x.bin"),
        ("data/x.bin#part", "data/x.bin"),
        ("data/../data/x.bin", "data/x.bin"),
        ("data/50% café.bin", unicodedata.normalize("NFD", "data/50% café.bin")),
        (unicodedata.normalize("NFD", "data/50% café.bin"), "data/50% café.bin"),
        ("data/50%25%20caf%C3%A9.bin", "data/50% café.bin"),
        ("data/50%25 off.bin", "data/50%25 off.bin"),
        ("%B2%E2%CA%D4.bin", "测试.bin"),
        ("a#1.bin", "a#1.bin"),
        ("数据/三角%201.bin", "数据/三角 1.bin"),
        (" x.bin\n", "x.bin"),
    ],
)
def test_files_are_found_as_the_tools_of_all_systems_name_them(tmp_path: Path, uri: str, name: str) -> None:
    path = beside(tmp_path, uri, name)
    assert said(path) == [] and triangles(path) == [WHOLE]


def test_capitals_count_on_every_system(tmp_path: Path) -> None:
    path = beside(tmp_path, "Data/X.BIN", "data/x.bin")
    (problem, *_) = inspect_gltf(path)
    assert (
        problem.message
        == "gate.gltf: buffers[0].uri is 'Data/X.BIN': there is no 'Data' in the model's folder, but there is 'data'"
    )
    assert problem.help.startswith("write 'data': capital and small letters are different; or copy the file there")


@pytest.mark.parametrize(
    "uri",
    ["../secret.bin", r"..\secret.bin", "%2e%2e/secret.bin", "..%5csecret.bin", "data/../../secret.bin", "..%2fsecret.bin?x",
     "%2e%2e%2fsecret.bin#a", "/secret.bin", "~/secret.bin", r"\\host\share\secret.bin", "file:///secret.bin", "C:/secret.bin",
     "//host/secret.bin", "", "http://a.example/secret.bin", "%00"],
)  # fmt: skip
def test_nothing_leads_out_of_the_folder(tmp_path: Path, uri: str) -> None:
    (tmp_path / "secret.bin").write_bytes(triangle_file().binary)
    (tmp_path / "models" / "data").mkdir(parents=True)
    path = beside(tmp_path / "models", uri, "other.bin")
    assert said(path)[0][0] == "error" and triangles(path) == []


def test_a_path_of_one_machine_is_answered_with_the_file_that_lies_beside(tmp_path: Path) -> None:
    path = beside(tmp_path, r"C:\Users\li\x.bin", "x.bin")
    assert inspect_gltf(path)[0].help == "write 'x.bin', which lies beside the model"


# Inline data


@pytest.mark.parametrize("extra", [0, 1, 2])
@pytest.mark.parametrize(
    "encode",
    [
        lambda data: base64.encodebytes(data).decode(),
        lambda data: base64.encodebytes(data).decode().replace("\n", "\r\n"),
        lambda data: base64.b64encode(data).decode().rstrip("="),
        lambda data: base64.b64encode(data).decode().replace("+", "%2B").replace("/", "%2f").replace("=", "%3D"),
        lambda data: " ".join(base64.b64encode(data).decode()),
    ],
    ids=["lines", "crlf", "no padding", "percent", "spaces"],
)
@pytest.mark.parametrize("head", ["data:application/octet-stream;base64,", "DATA:;charset=utf-8; Base64 ,"])
def test_base64_is_as_forgiving_as_in_browsers(tmp_path: Path, extra: int, encode: Callable[[bytes], str], head: str) -> None:
    file = triangle_file()
    document = file.document()
    document["buffers"][0]["uri"] = head + encode(file.binary + b"x" * extra)
    path = tmp_path / "gate.gltf"
    path.write_text(json.dumps(document))
    assert triangles(path) == [WHOLE]


@pytest.mark.parametrize("data", ["AAAAA", "AA=A", "A*AA", "====", "数据"])
def test_what_no_browser_decodes_is_an_error(tmp_path: Path, data: str) -> None:
    document = triangle_file().document()
    document["buffers"][0]["uri"] = f"data:;base64,{data}"
    path = tmp_path / "gate.gltf"
    path.write_text(json.dumps(document))
    assert said(path)[0][0] == "error"


# The file as a whole


def _glb(text: bytes, binary: bytes, *, length: int | None = None, pads: bool = True) -> bytes:
    """A .glb as careless exporters write it."""
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
    chunks += b"\0" * (-len(chunks) % 4) if pads else b""
    chunks += struct.pack("<II", len(binary), 0x004E4942) + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks) if length is None else length) + chunks


TEXT = json.dumps(triangle_file().document()).encode()
ODD = TEXT + b" " * (-len(TEXT) % 4 + 1)
BINARY = triangle_file().binary
GBK = json.dumps({**triangle_file().document(), "extras": "测试"}, ensure_ascii=False).encode("gbk")

FILES: list[tuple[str, bytes]] = [
    ("chunk neither padded nor counted", _glb(ODD, BINARY, pads=False)),
    ("padding that its chunk does not count", _glb(ODD, BINARY)),
    ("zeros behind the JSON", _glb(TEXT + b"\0" * (4 + -len(TEXT) % 4), BINARY)),
    ("a byte order mark", _glb(b"\xef\xbb\xbf" + TEXT + b" " * (-len(TEXT) % 4 + 1), BINARY)),
    ("bytes behind its end", _glb(TEXT + b" " * (-len(TEXT) % 4), BINARY) + b"trailing bytes"),
    ("too long by its header", _glb(TEXT + b" " * (-len(TEXT) % 4), BINARY, length=2**31)),
    (
        "names in GBK",
        _glb(json.dumps({**triangle_file().document(), "extras": "测试"}, ensure_ascii=False).encode("gbk"), BINARY),
    ),
]


@pytest.mark.parametrize("data", [one[1] for one in FILES], ids=[one[0] for one in FILES])
def test_a_file_whose_data_are_all_there_is_drawn(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "gate.glb"
    path.write_bytes(data)
    assert {severity for severity, _ in said(path)} <= {"warning"}
    assert triangles(path) == [WHOLE]


def assigned(place: str, value: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        *steps, last = [int(step) if step.isdecimal() else step for step in place.split(".")]
        target: Any = document
        for step in steps:
            target = target[step]
        target[last] = value

    return change


OVERLOOKED: list[tuple[str, object]] = [
    ("accessors.0.max", [1, 5, 3]),
    ("accessors.0.min", [0]),
    ("accessors.0.sparse", {"count": 0, "indices": {"bufferView": 0, "componentType": 5125}, "values": {"bufferView": 0}}),
    ("accessors.0.normalized", True),
    ("accessors.0.name", 7),
    ("bufferViews.0.byteStride", 0),
    ("bufferViews.0.byteStride", 12),
    ("bufferViews.1.byteStride", 2),
    ("bufferViews.0.target", 1),
    ("buffers.0.byteLength", 10),
    ("buffers.0.byteLength", 4096),
    ("buffers.0.name", None),
    ("nodes.0.children", []),
    ("nodes.0.children", None),
    ("nodes.0.rotation", [0, 0, 0, 3]),
    ("nodes.0.weights", []),
    ("nodes.0.extras", [None, {"a": [1]}]),
    ("nodes.0.extensions", []),
    ("nodes.0.extensions", {"ACME_tag": True}),
    ("nodes.0.skin", None),
    ("nodes.0.camera", 4),
    ("meshes.0.primitives.0.targets", []),
    ("meshes.0.weights", []),
    ("meshes.0.extras", {"targetNames": 5}),
    ("materials", [{"pbrMetallicRoughness": {"baseColorFactor": [1.0000001, 1, 1, 1], "roughnessFactor": 1.5}}]),
    ("materials", [{"emissiveFactor": [4, 2, 1], "alphaMode": "opaque", "alphaCutoff": -1}]),
    ("materials", [{"normalTexture": {"index": 12}}]),
    ("samplers", [{"wrapS": 33069, "magFilter": None}]),
    ("scene", None),
    ("scenes.0.name", {}),
    ("animations", [{}]),
    ("extensionsUsed", ["VRM", "FB_ngon_encoding"]),
    ("extensionsRequired", ["KHR_physics_rigid_bodies", "CESIUM_RTC", "KHR_lights_punctual"]),
    ("asset.generator", 5),
]


@pytest.mark.parametrize(("place", "value"), OVERLOOKED, ids=[f"{place}={str(value)[:30]}" for place, value in OVERLOOKED])
def test_what_every_viewer_overlooks_is_drawn_and_at_most_a_warning(tmp_path: Path, place: str, value: object) -> None:
    path = written(tmp_path, triangle_file(), assigned(place, value))
    assert {severity for severity, _ in said(path)} <= {"warning"}, said(path)
    assert triangles(path) == [WHOLE]


def test_what_is_mended_is_said_with_its_value(tmp_path: Path) -> None:
    path = written(tmp_path, triangle_file(), assigned("materials", [{"emissiveFactor": [4, 2, 1], "alphaMode": "opaque"}]))
    assert said(path) == [
        ("warning", "materials[0].emissiveFactor[0] is 4; it should be less than or equal to 1; 1 counts"),
        ("warning", "materials[0].emissiveFactor[1] is 2; it should be less than or equal to 1; 1 counts"),
        ("warning", "materials[0].alphaMode is 'opaque'; it should be 'OPAQUE', 'MASK' or 'BLEND'; it is left out"),
    ]


def test_a_buffer_that_ends_early_is_only_missed_where_something_is_drawn_from_it(tmp_path: Path) -> None:
    file = triangle_file()
    document = file.document()
    for kept, severity in ((len(file.binary), set()), (len(file.binary) - 4, {"error"})):
        document["buffers"][0] = {"byteLength": len(file.binary) + 2, "uri": "x.bin"}
        (tmp_path / "x.bin").write_bytes(file.binary[:kept])
        path = tmp_path / "gate.gltf"
        path.write_text(json.dumps(document))
        assert {one for one, _ in said(path) if one == "error"} == severity


def test_sparse_rows_may_come_in_any_order(tmp_path: Path) -> None:
    file = File()
    sparse = {
        "count": 2,
        "indices": {"bufferView": file.view(np.array([2, 1], "<u2").tobytes()), "componentType": 5123},
        "values": {"bufferView": file.view(np.array([TRIANGLE[2], TRIANGLE[1]], "<f4").tobytes())},
    }
    file.mesh({"POSITION": file.add("accessors", componentType=5126, count=3, type="VEC3", sparse=sparse)})
    assert triangles(file.write(tmp_path / "gate.glb")) == [WHOLE]


def test_data_that_begin_at_an_odd_byte_are_read(tmp_path: Path) -> None:
    file = triangle_file()
    file.binary += b"x"
    file.json["bufferViews"][0].update(byteOffset=len(file.binary))
    file.binary += np.array(TRIANGLE, "<f4").tobytes()
    path = file.write(tmp_path / "gate.glb")
    assert [severity for severity, _ in said(path)] == ["warning"] and triangles(path) == [WHOLE]


def test_an_empty_primitive_beside_others_is_nothing(tmp_path: Path) -> None:
    file = triangle_file()
    file.mesh({"POSITION": file.add("accessors", componentType=5126, count=0, type="VEC3")})
    file.mesh({"POSITION": 0}, indices=file.accessor([0, 1], "H"))
    path = file.write(tmp_path / "gate.glb")
    assert {severity for severity, _ in said(path)} == {"warning"} and triangles(path) == [WHOLE]


def test_a_flattened_node_is_drawn_flat(tmp_path: Path) -> None:
    """As modellers fake shadows."""
    path = triangle_file(scale=[1, 0, 1]).write(tmp_path / "gate.glb")
    assert said(path) == [] and triangles(path) == [[[0, 0, 0], [-1, 0, 0], [0, 3, 0]]]
    (one,) = load_gltf(path).surfaces
    np.testing.assert_allclose(np.abs(one.mesh.normal), [[0, 0, 1]] * 3, atol=1e-6)


def test_a_second_scene_stays_away_and_without_a_scene_all_is_shown(tmp_path: Path) -> None:
    file = triangle_file()
    file.add("nodes", mesh=0, translation=[0, 5, 0])
    one = written(tmp_path, file, assigned("scenes", [{"nodes": [0]}, {"nodes": [1]}]))
    assert len(triangles(one)) == 1
    other = written(tmp_path, file, assigned("scene", 1))
    assert said(other)[0] == ("error", "scene is 1, but the file has 1 scenes")
    whole = written(tmp_path, file, lambda document: document.pop("scenes"))
    assert len(triangles(whole)) == 2

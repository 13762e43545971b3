"""Small files that ask for endless work or memory: one message, at once, before anything of it is decoded."""

import json
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import DracoPy
import numpy as np
import pytest
from glb_files import TRIANGLE, File, glb, triangle_file

from vrclient.scene.gltf import images, nodes, read, resources
from vrclient.scene.gltf.read import inspect_gltf, load_gltf

SPENDS = 120 * 2**20
"""Bytes that a file of a few kB may make the reader take before it is refused."""


def png_of_zeros(side: int) -> bytes:
    """A square picture of a few hundred bytes that says it has that many pixels a side; all that follows is missing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(3 * side + 1))) + chunk(b"IEND", b"")


def instanced(nodes: int, count: int) -> File:
    file = File()
    position = file.accessor(TRIANGLE)
    file.json["extensionsUsed"] = ["EXT_mesh_gpu_instancing"]
    for _ in range(nodes):
        move = file.add("accessors", componentType=5126, count=count, type="VEC3")
        copies = {"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": move, "SCALE": move}}}
        file.mesh({"POSITION": position}, node={"extensions": copies})
    return file


def pictured(count: int, side: int, **material: object) -> File:
    """So many pictures in one file, each in a material of its own."""
    file = File()
    view, position = file.view(png_of_zeros(side)), file.accessor(TRIANGLE)
    for _ in range(count):
        texture = file.add("textures", source=file.add("images", bufferView=view, mimeType="image/png"))
        look = {"baseColorTexture": {"index": texture}} if not material else {}
        other = {name: {"index": texture} for name in material}
        file.mesh({"POSITION": position}, material=file.add("materials", pbrMetallicRoughness=look, **other))
    return file


def shared_mesh(nodes: int, triangles: int) -> File:
    file = File()
    position = file.accessor(np.random.default_rng(0).random((3 * triangles, 3)))
    mesh = file.add("meshes", primitives=[{"attributes": {"POSITION": position}}])
    file.json["nodes"] = [{"mesh": mesh}] * nodes
    file.json["scenes"] = [{"nodes": list(range(nodes))}]
    return file


def many_parts() -> File:
    file = shared_mesh(1_000, 1)
    file.json["meshes"][0]["primitives"] *= 101
    return file


def many_primitives() -> File:
    file = triangle_file()
    file.json["meshes"][0]["primitives"] *= 20_001
    return file


def packed_by_meshopt() -> File:
    file = File()
    file.json["extensionsUsed"] = ["EXT_meshopt_compression"]
    file.view(b"\xa0" + bytes(64))
    says = {"buffer": 0, "byteLength": 65, "byteStride": 256, "count": 8_000_000, "mode": "ATTRIBUTES"}
    for _ in range(20):
        view = file.add("bufferViews", buffer=0, byteLength=2**31, extensions={"EXT_meshopt_compression": says})
        file.mesh({"POSITION": file.add("accessors", bufferView=view, componentType=5126, count=3, type="VEC3")})
    return file


def draco_head(faces: int, points: int, *, metadata: bytes | None = None) -> bytes:
    """Data that would become so many triangles; all that follows is missing."""

    def number(value: int) -> bytes:
        return bytes([value & 0x7F | 0x80, *number(value >> 7)]) if value > 0x7F else bytes([value])

    flags = b"\x00\x80" if metadata is not None else b"\x00\x00"
    return b"DRACO\x02\x02\x01\x01" + flags + (metadata or b"") + b"\x00" + number(points) + number(faces)


def packed_by_draco(count: int, data: bytes) -> File:
    file = File()
    file.json["extensionsUsed"] = ["KHR_draco_mesh_compression"]
    view = file.view(data)
    position = file.add("accessors", componentType=5126, count=3, type="VEC3")
    for _ in range(count):
        draco = {"KHR_draco_mesh_compression": {"bufferView": view, "attributes": {"POSITION": 0}}}
        file.mesh(
            {"POSITION": position}, indices=file.add("accessors", componentType=5125, count=3, type="SCALAR"), extensions=draco
        )
    return file


NOTES = b"\x01\x00" + b"\x01\x01a\x02bc\x01" + b"\x03sub" + b"\x00\x00" + b"\x00\x00"
"""Metadata of one attribute, one inside it, and the file's own, which are empty."""
PIXELS = "its 100 pictures have 6,104 million pixels together; at most 256 million are read"
BOMBS: list[tuple[str, Callable[[], File], str]] = [
    ("triangles of copies", lambda: instanced(40, 8_000_000), "it has more than 4 million triangles, too many for one model"),
    ("copies", lambda: instanced(40, 3_000), "its nodes make 120,000 copies; at most 100,000 are drawn"),
    (
        "pictures",
        lambda: pictured(100, 8000),
        "its 100 pictures have 6,104 million pixels together; at most 256 million are read",
    ),
    ("nodes", lambda: shared_mesh(2_000, 2_100), "it has more than 4 million triangles, too many for one model"),
    ("parts", many_parts, "it is made of 101,000 parts; at most 100,000 are read"),
    ("primitives", many_primitives, "it is made of 20,001 different parts; at most 20,000 are read"),
    (
        "Draco",
        lambda: packed_by_draco(1, draco_head(60_000_000, 1_000)),
        "its Draco data hold more than 512 MiB up to meshes[0].primitives[0], too much for one model",
    ),
    (
        "Draco points",
        lambda: packed_by_draco(1, draco_head(10, 50_000_000, metadata=NOTES)),
        "its Draco data hold more than 512 MiB up to meshes[0].primitives[0], too much for one model",
    ),
    ("meshopt", packed_by_meshopt, "its meshopt data hold more than 512 MiB up to bufferViews[1], too much for one model"),
]


@pytest.mark.parametrize(("make", "message"), [one[1:] for one in BOMBS], ids=[one[0] for one in BOMBS])
def test_what_is_too_much_is_said_before_it_is_decoded(tmp_path: Path, make: Callable[[], File], message: str) -> None:
    path = make().write(tmp_path / "gate.glb")
    tracemalloc.start()
    problems = inspect_gltf(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (problems[0].message, problems[0].severity) == (f"gate.glb: {message}", "error")
    assert most < SPENDS


def test_vertices_count_again_for_each_morph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_VERTICES", 1_000_000)
    file = File()
    position = file.add("accessors", componentType=5126, count=300_000, type="VEC3")
    primitive = {"attributes": {"POSITION": position}, "indices": file.accessor([0, 1, 2], "B")}
    mesh = file.add("meshes", primitives=[{**primitive, "targets": [{"POSITION": position}]}])
    file.json["nodes"] = [{"mesh": mesh, "weights": [k / 500]} for k in range(1, 500)]
    file.json["scenes"] = [{"nodes": list(range(499))}]
    message = "gate.glb: its meshes use more than 1 million vertices, too many for one model"
    assert inspect_gltf(file.write(tmp_path / "gate.glb"))[0].message == message


def test_pixels_count_again_for_each_way_to_cut_them_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_DRAWN_PIXELS", 2**20)
    file = File()
    texture, position = file.png(np.zeros((500, 500, 3))), file.accessor(TRIANGLE)
    for k in range(1, 200):
        look = {"baseColorTexture": {"index": texture}}
        material = file.add("materials", pbrMetallicRoughness=look, alphaMode="MASK", alphaCutoff=k / 200)
        file.mesh({"POSITION": position}, material=material)
    message = "gate.glb: its materials make more than 2 million pixels of its pictures, too many to draw"
    assert inspect_gltf(file.write(tmp_path / "gate.glb"))[0].message == message


def test_joints_are_worked_out_once_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "MAX_JOINTS", 5_000)
    for count, message in ((2_000, None), (3_000, "gate.glb: its skins have more than 5,000 joints")):
        file = File()
        position, joints = file.accessor(TRIANGLE), file.accessor([[0, 0, 0, 0]] * 3, "B")
        attributes = {"POSITION": position, "JOINTS_0": joints, "WEIGHTS_0": file.accessor([[1, 0, 0, 0]] * 3)}
        mesh = file.add("meshes", primitives=[{"attributes": attributes}])
        file.json["skins"] = [{"joints": [0] * count}] * 2
        file.json["nodes"] = [{"mesh": mesh, "skin": k % 2} for k in range(500)]
        file.json["scenes"] = [{"nodes": list(range(500))}]
        problems = inspect_gltf(file.write(tmp_path / "gate.glb"))
        assert (problems[0].message if problems else None) == message


def test_pictures_that_are_not_drawn_are_never_decoded(tmp_path: Path) -> None:
    path = pictured(100, 8000, normalTexture=True).write(tmp_path / "gate.glb")
    assert inspect_gltf(path) == []


def test_bytes_are_counted_wherever_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "MAX_READ_BYTES", 50_000)
    file = triangle_file()
    (tmp_path / "a.png").write_bytes(png_of_zeros(4) + bytes(20_000))
    for _ in range(3):
        file.add("images", uri="a.png")
    assert "more than 0 MiB together" in inspect_gltf(file.write(tmp_path / "gate.glb"))[0].message


def test_a_json_of_millions_of_values_is_not_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "gate.gltf"
    path.write_text(json.dumps(triangle_file().document())[:-1] + ',"extras":[' + "[]," * 3_000_000 + "0]}")
    assert [one.message for one in inspect_gltf(path)] == ["gate.gltf: its JSON holds more than 5 million values"]


def test_a_deep_tree_and_a_wide_one_are_walked(tmp_path: Path) -> None:
    file = triangle_file()
    for k in range(5_000):
        file.add("nodes", children=[k], translation=[0, 0.001, 0])
    file.json["scenes"] = [{"nodes": [5_000]}]
    model = load_gltf(file.write(tmp_path / "deep.glb"))
    assert model.problems == () and model.low[2] == pytest.approx(5.0)
    model = load_gltf(shared_mesh(5_000, 1).write(tmp_path / "wide.glb"))
    assert model.problems == () and sum(len(one.mesh.triangle) for one in model.surfaces) == 5_000


def test_a_model_tells_what_showing_it_takes(tmp_path: Path) -> None:
    model = load_gltf(shared_mesh(100, 2).write(tmp_path / "gate.glb"))
    assert (model.triangles, model.pixels) == (200, 0)
    broken = tmp_path / "broken.glb"
    broken.write_bytes(glb({"asset": {"version": "1.0"}}))
    assert load_gltf(broken).triangles == 0


def test_draco_data_that_are_unpacked_again_count_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes that many primitives name."""
    monkeypatch.setattr(resources, "MAX_UNPACKED_BYTES", 2 * 2**20)
    points = np.random.default_rng(1).random((3000, 3)).astype(np.float32)
    data = DracoPy.encode(points, np.arange(3000, dtype=np.uint32).reshape(-1, 3))
    problems = inspect_gltf(packed_by_draco(40, data).write(tmp_path / "gate.glb"))
    message = "gate.glb: its Draco data hold more than 2 MiB up to meshes[34].primitives[0], too much for one model"
    assert next(one.message for one in problems if one.severity == "error") == message
    assert not [one for one in inspect_gltf(packed_by_draco(30, data).write(tmp_path / "gate.glb")) if one.severity == "error"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"draco", "it does not begin with DRACO"),
        (b"DRACO\x02", "it ends in its header"),
        (b"DRACO\x01\x03\x01\x01\x00\x00", "it has version 1.3 of the format; glTF has 2.2"),
        (b"DRACO\x02\x02\x00\x01\x00\x00", "it holds no triangles"),
        (b"DRACO\x02\x02\x01\x00\x00\x00" + b"\xff" * 9, "a number in its header does not end"),
        (b"DRACO\x02\x02\x01\x00\x00\x80" + b"\x00\xff\xff\xff\xff\x0f", "it ends in its header"),
    ],
)
def test_what_is_no_head_of_draco_data(data: bytes, reason: str, tmp_path: Path) -> None:
    problems = inspect_gltf(packed_by_draco(1, data).write(tmp_path / "gate.glb"))
    message = f"gate.glb: meshes[0].primitives[0] has Draco data that cannot be decoded ({reason})"
    assert [one.message for one in problems if one.severity == "error"] == [message]

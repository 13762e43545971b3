"""One shape in every form that files come in, made here: each reads as the plainest of them. test_gltf_corpus.py does the same
with files of others, where they are at hand."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

import DracoPy
import meshopt
import numpy as np
import pytest
from glb_files import File, glb
from PIL import Image

from vrclient.scene.gltf.read import inspect_gltf, load_gltf

STEPS, TURNS = 5, 9
"""A bent strip of a wall: so many points up and round."""


def shape() -> tuple[np.ndarray, np.ndarray]:
    """([N, 3] positions, [T, 3] corners)."""
    round_, up = np.meshgrid(np.linspace(0.0, 2.0, TURNS), np.linspace(0.0, 3.0, STEPS))
    points = np.stack([2.0 * np.cos(round_), up, 2.0 * np.sin(round_)], axis=-1).reshape(-1, 3)
    first = (np.arange(STEPS - 1)[:, None] * TURNS + np.arange(TURNS - 1)).reshape(-1)
    quads = np.stack([first, first + 1, first + TURNS + 1, first, first + TURNS + 1, first + TURNS], axis=1)
    return points.astype(np.float32), quads.reshape(-1, 3).astype(np.uint32)


POINTS, CORNERS = shape()


def drawn(path: Path) -> np.ndarray:
    """[T, 9] corners of all triangles, each begun at its lowest corner, in order."""
    found = []
    for surface in load_gltf(path).surfaces:
        for corner in np.round(surface.mesh.position[surface.mesh.triangle].astype(np.float64), 2) + 0.0:
            rows = corner.tolist()
            begin = rows.index(min(rows))
            found.append([number for k in range(3) for number in rows[(begin + k) % 3]])
    return np.array(sorted(found))


def plain(kind: str = "H") -> File:
    file = File()
    file.mesh({"POSITION": file.accessor(POINTS)}, indices=file.accessor(CORNERS.reshape(-1), kind))
    return file


def without_indices() -> File:
    file = File()
    file.mesh({"POSITION": file.accessor(POINTS[CORNERS.reshape(-1)])})
    return file


def as_strips() -> File:
    """Each ring of quads is one strip."""
    file = File()
    position = file.accessor(POINTS)
    for row in range(STEPS - 1):
        first = row * TURNS + np.arange(TURNS)
        zigzag = np.stack([first + TURNS, first], axis=1).reshape(-1)
        file.mesh({"POSITION": position}, mode=5, indices=file.accessor(zigzag, "B"))
    return file


def as_fans() -> File:
    file = File()
    position = file.accessor(POINTS)
    for a, b, c, _, _, d in CORNERS.reshape(-1, 6).tolist():
        file.mesh({"POSITION": position}, mode=6, indices=file.accessor([a, b, c, d], "B"))
    return file


def interleaved() -> File:
    file = File()
    rows = np.zeros(len(POINTS), np.dtype([("skipped", "<f4", 2), ("position", "<f4", 3), ("color", "u1", 4)]))
    rows["position"], rows["color"] = POINTS, 255
    view = file.view(rows.tobytes(), byteStride=rows.dtype.itemsize)
    count = len(rows)
    position = file.add("accessors", bufferView=view, byteOffset=8, componentType=5126, count=count, type="VEC3")
    color = file.add("accessors", bufferView=view, byteOffset=20, componentType=5121, normalized=True, count=count, type="VEC4")
    file.mesh({"POSITION": position, "COLOR_0": color}, indices=file.accessor(CORNERS.reshape(-1), "H"))
    return file


def quantized() -> File:
    file = File()
    steps = np.zeros((len(POINTS), 4), np.int16)
    steps[:, :3] = np.rint(POINTS / 3.0 * 32767)
    view = file.view(steps.tobytes(), byteStride=8)
    position = file.add("accessors", bufferView=view, componentType=5122, normalized=True, count=len(steps), type="VEC3")
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["KHR_mesh_quantization"]
    file.mesh({"POSITION": position}, node={"scale": [3, 3, 3]}, indices=file.accessor(CORNERS.reshape(-1), "H"))
    return file


def sparse() -> File:
    file = File()
    wrong = POINTS.copy()
    wrong[::2] = 7.0
    where = np.arange(0, len(POINTS), 2).astype("<u2")
    position = file.accessor(wrong)
    file.json["accessors"][position]["sparse"] = {
        "count": len(where),
        "indices": {"bufferView": file.view(where.tobytes()), "componentType": 5123},
        "values": {"bufferView": file.view(POINTS[::2].tobytes())},
    }
    file.mesh({"POSITION": position}, indices=file.accessor(CORNERS.reshape(-1), "H"))
    return file


def in_draco() -> File:
    file = File()
    data = DracoPy.encode(POINTS, CORNERS, quantization_bits=16)
    position = file.add("accessors", componentType=5126, count=len(POINTS), type="VEC3")
    corners = file.add("accessors", componentType=5125, count=CORNERS.size, type="SCALAR")
    draco = {"KHR_draco_mesh_compression": {"bufferView": file.view(data), "attributes": {"POSITION": 0}}}
    file.mesh({"POSITION": position}, indices=corners, extensions=draco)
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    return file


def in_meshopt() -> File:
    file = File()
    file.json["extensionsUsed"] = ["EXT_meshopt_compression"]

    def packed(data: bytes, stride: int, count: int, mode: str) -> int:
        view = file.view(data)
        place = file.json["bufferViews"][view]
        says = {"buffer": 0, "byteOffset": place["byteOffset"], "byteLength": len(data), "byteStride": stride, "count": count}
        place.update(byteLength=stride * count, byteOffset=0, extensions={"EXT_meshopt_compression": {**says, "mode": mode}})
        return view

    points = packed(meshopt.encode_vertex_buffer(POINTS), 12, len(POINTS), "ATTRIBUTES")
    corners = packed(meshopt.encode_index_buffer(CORNERS.reshape(-1)), 4, CORNERS.size, "TRIANGLES")
    position = file.add("accessors", bufferView=points, componentType=5126, count=len(POINTS), type="VEC3")
    indices = file.add("accessors", bufferView=corners, componentType=5125, count=CORNERS.size, type="SCALAR")
    file.mesh({"POSITION": position}, indices=indices)
    return file


def by_instancing() -> File:
    """Its upper half is a copy of the lower one."""
    file = File()
    half = CORNERS[: len(CORNERS) // 2]
    copies = {"TRANSLATION": file.accessor([[0.0, 0.0, 0.0], [0.0, 1.5, 0.0]])}
    node = {"extensions": {"EXT_mesh_gpu_instancing": {"attributes": copies}}}
    file.mesh({"POSITION": file.accessor(POINTS)}, node=node, indices=file.accessor(half.reshape(-1), "H"))
    file.json["extensionsUsed"] = ["EXT_mesh_gpu_instancing"]
    return file


def by_a_skin() -> File:
    file = File()
    joints, weights = np.zeros((len(POINTS), 4), np.uint8), np.zeros((len(POINTS), 4), np.float32)
    weights[:, 0] = 1.0
    attributes = {"POSITION": file.accessor(POINTS - [0, 4, 0]), "JOINTS_0": file.accessor(joints, "B")}
    attributes["WEIGHTS_0"] = file.accessor(weights)
    file.mesh(attributes, node={"skin": file.add("skins", joints=[1])}, indices=file.accessor(CORNERS.reshape(-1), "H"))
    file.add("nodes", translation=[0, 4, 0])
    file.json["scenes"][0]["nodes"].append(1)
    return file


def by_a_morph() -> File:
    file = File()
    target = {"POSITION": file.accessor(POINTS * 2)}
    position, corners = file.accessor(np.zeros_like(POINTS)), file.accessor(CORNERS.reshape(-1), "H")
    file.mesh({"POSITION": position}, targets=[target], indices=corners)
    file.json["meshes"][0]["weights"] = [0.5]
    return file


FORMS: list[Callable[[], File]] = [
    lambda: plain("B"), plain, lambda: plain("I"), without_indices, as_strips, as_fans, interleaved, quantized, sparse, in_draco,
    in_meshopt, by_instancing, by_a_skin, by_a_morph,
]  # fmt: skip
NAMES = ["bytes", "shorts", "integers", *(form.__name__ for form in FORMS[3:])]


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_every_form_of_a_shape_is_that_shape(tmp_path: Path, form: Callable[[], File]) -> None:
    path = form().write(tmp_path / "wall.glb")
    assert inspect_gltf(path) == []
    expected = drawn(plain().write(tmp_path / "plain.glb"))
    assert len(expected) == len(CORNERS)
    np.testing.assert_allclose(drawn(path), expected, atol=0.011)


@pytest.mark.parametrize("inline", [True, False])
def test_a_gltf_with_its_data_inline_or_beside_is_the_same(tmp_path: Path, inline: bool) -> None:
    file = plain()
    document = file.document()
    (tmp_path / "wall.bin").write_bytes(file.binary)
    data = "data:application/octet-stream;base64," + base64.b64encode(file.binary).decode()
    document["buffers"][0]["uri"] = data if inline else "wall.bin"
    path = tmp_path / "wall.gltf"
    path.write_text(json.dumps(document))
    np.testing.assert_array_equal(drawn(path), drawn(file.write(tmp_path / "wall.glb")))


@pytest.mark.parametrize(("kind", "extension"), [("PNG", None), ("JPEG", None), ("WEBP", "webp"), ("AVIF", "avif")])
def test_a_picture_in_every_format_has_its_colour(tmp_path: Path, kind: str, extension: str | None) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 40, 90)).save(stream, kind)
    file = plain()
    image = file.add("images", bufferView=file.view(stream.getvalue()), mimeType=f"image/{kind.lower()}")
    source = {"source": image} if extension is None else {"extensions": {f"EXT_texture_{extension}": {"source": image}}}
    look = {"baseColorTexture": {"index": file.add("textures", **source)}}
    file.json["meshes"][0]["primitives"][0]["material"] = file.add("materials", pbrMetallicRoughness=look)
    file.json["extensionsUsed"] = [f"EXT_texture_{extension}"] if extension else ["KHR_materials_ior"]
    path = tmp_path / "wall.glb"
    path.write_bytes(glb(file.document(), file.binary))
    assert inspect_gltf(path) == []
    (surface,) = load_gltf(path).surfaces
    assert surface.material.image is not None
    np.testing.assert_allclose(surface.material.image.pixels[8, 8, :3], (200, 40, 90), atol=4)

"""What a good file becomes: places, colours, pictures, copies, compressed data."""

import json
from pathlib import Path

import DracoPy
import meshopt
import numpy as np
import pytest
from glb_files import TRIANGLE, File, glb, textured_file, triangle_file
from hypothesis import given
from hypothesis import strategies as st

from vrclient.scene.draw_data import Surface
from vrclient.scene.gltf.nodes import trs_matrices
from vrclient.scene.gltf.read import inspect_gltf, load_gltf


def surfaces(file: File, folder: Path) -> tuple[Surface, ...]:
    path = file.write(folder / "model.glb")
    assert inspect_gltf(path) == []
    return load_gltf(path).surfaces


def corners(surface: Surface) -> np.ndarray:
    return surface.mesh.position[surface.mesh.triangle]


def test_gltf_y_becomes_up_and_its_front_becomes_forward(tmp_path: Path) -> None:
    (one,) = surfaces(triangle_file(), tmp_path)
    np.testing.assert_allclose(corners(one)[0], [[0, 0, 0], [-1, 0, 0], [0, 3, 2]])
    model = load_gltf(tmp_path / "model.glb")
    np.testing.assert_allclose([model.low, model.high], [[-1, 0, 0], [0, 3, 2]])


def test_missing_normals_become_flat_ones_that_point_to_the_counterclockwise_side(tmp_path: Path) -> None:
    (one,) = surfaces(triangle_file(scale=[-1, 1, 1]), tmp_path)
    a, b, c = corners(one)[0]
    expected = np.cross(b - a, c - a)
    np.testing.assert_allclose(one.mesh.normal, [expected / np.linalg.norm(expected)] * 3, atol=1e-6)


vectors = st.tuples(*[st.floats(-10, 10)] * 3)


@given(vectors, st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1), vectors)
def test_translation_rotation_scale_is_what_the_quaternion_says(move: tuple, turn: tuple, scale: tuple) -> None:
    unit = np.array(turn) / np.linalg.norm(turn)
    point = np.array([1.0, -2.0, 3.0]) * scale
    vector, real = unit[:3], unit[3]
    turned = point + 2 * np.cross(vector, np.cross(vector, point) + real * point)
    matrix = trs_matrices(np.array([move]), np.array([turn]), np.array([scale]))[0]
    np.testing.assert_allclose(matrix @ [1.0, -2.0, 3.0, 1.0], [*(turned + move), 1.0], atol=1e-9)


def test_nodes_multiply_from_the_root_and_hidden_ones_stay_away(tmp_path: Path) -> None:
    file = triangle_file(matrix=[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 10, 20, 30, 1])
    parent = file.add("nodes", children=[0], scale=[2, 2, 2])
    hidden = file.add("nodes", mesh=0, extensions={"KHR_node_visibility": {"visible": False}})
    file.json["scenes"] = [{"nodes": [parent, hidden]}]
    file.json["extensionsUsed"] = ["KHR_node_visibility"]
    (one,) = surfaces(file, tmp_path)
    assert len(one.mesh.triangle) == 1
    np.testing.assert_allclose(corners(one)[0, 0], [-20, 60, 40])


@pytest.mark.parametrize(("mode", "count"), [(4, 2), (5, 4), (6, 4)])
def test_lists_strips_and_fans_all_face_the_same_way(tmp_path: Path, mode: int, count: int) -> None:
    """A convex ring: as a fan, a zigzag strip, and a list."""
    angle = np.radians(np.arange(6) * 60.0)
    ring = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    order = {4: [0, 1, 2, 0, 2, 3], 5: [0, 1, 5, 2, 4, 3], 6: [0, 1, 2, 3, 4, 5]}[mode]
    file = File()
    file.mesh({"POSITION": file.accessor(ring)}, mode=mode, indices=file.accessor(order, "B"))
    (one,) = surfaces(file, tmp_path)
    assert len(one.mesh.triangle) == count
    np.testing.assert_allclose(one.mesh.normal, [[0, 1, 0]] * (3 * count), atol=1e-6)


def test_interleaved_quantized_and_sparse_data_are_read(tmp_path: Path) -> None:
    file = File()
    rows = np.zeros(3, np.dtype([("position", "<i2", 4), ("uv", "<u2", 2)]))
    rows["position"][:, :3] = [[0, 0, 0], [32767, 0, 0], [0, 32767, 0]]
    rows["uv"] = [[0, 0], [65535, 0], [0, 65535]]
    view = file.view(rows.tobytes(), byteStride=12)
    position = file.add("accessors", bufferView=view, componentType=5122, normalized=True, count=3, type="VEC3")
    uv = file.add("accessors", bufferView=view, byteOffset=8, componentType=5123, normalized=True, count=3, type="VEC2")
    sparse = {
        "count": 1,
        "indices": {"bufferView": file.view(np.array([2], "<u2").tobytes()), "componentType": 5123},
        "values": {"bufferView": file.view(np.array([0, 0, -7], "<f4").tobytes())},
    }
    moved = file.add("accessors", componentType=5126, count=3, type="VEC3", sparse=sparse)
    texture = file.png(np.full((2, 2, 3), 255))
    material = file.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    file.mesh({"POSITION": position, "TEXCOORD_0": uv}, material=material, targets=[{"POSITION": moved}])
    file.json["meshes"][0]["weights"] = [0.5]
    (one,) = surfaces(file, tmp_path)
    np.testing.assert_allclose(corners(one)[0], [[0, 0, 0], [-1, 0, 0], [0, -3.5, 1]], atol=1e-6)
    np.testing.assert_allclose(one.mesh.uv[one.mesh.triangle][0], [[0, 1], [1, 1], [0, 0]], atol=1e-6)


def test_a_picture_is_transformed_doubled_where_mirrored_and_turned_upwards(tmp_path: Path) -> None:
    (one,) = surfaces(textured_file(), tmp_path)
    image = one.material.image
    assert image is not None and image.repeat and image.pixels.shape == (4, 8, 4) and image.name == "model.glb images[0]"
    assert len(one.mesh.triangle) == 6
    np.testing.assert_allclose(one.mesh.uv[:4], [[0, -1], [1, -1], [1, 1], [0, 1]], atol=1e-6)
    np.testing.assert_allclose(one.mesh.color, [[1, 0, 0]] * 12)
    assert image.pixels[0, 0].tolist() == [200, 200, 200, 200]
    assert one.material.emission > 0 and one.material.emission_when == "always"


def test_instancing_makes_copies_under_the_nodes_transform(tmp_path: Path) -> None:
    (one,) = surfaces(textured_file(), tmp_path)
    first = one.mesh.position[::4]
    np.testing.assert_allclose(first, [[0, 0, 1], [0, -5, 1], [-5, 0, 1]], atol=1e-5)


def test_opaque_pictures_lose_their_alpha_and_a_cutoff_becomes_one_half(tmp_path: Path) -> None:
    pixels = np.array([[[255, 255, 255, 60], [255, 255, 255, 200]]])
    for mode, cutoff, expected in (("OPAQUE", None, [255, 255]), ("MASK", 0.25, [120, 255]), ("MASK", 0.5, [60, 200])):
        file = File()
        more = {} if cutoff is None else {"alphaCutoff": cutoff}
        texture = file.png(pixels)
        material = file.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}}, alphaMode=mode, **more)
        file.mesh({"POSITION": file.accessor(TRIANGLE), "TEXCOORD_0": file.accessor([[0, 0]] * 3)}, material=material)
        (one,) = surfaces(file, tmp_path)
        assert one.material.image is not None
        assert one.material.image.pixels[0, :, 3].tolist() == expected


def test_materials_keep_colour_finish_and_light(tmp_path: Path) -> None:
    file = File()
    extensions = {"KHR_materials_emissive_strength": {"emissiveStrength": 4.0}}
    file.json["extensionsUsed"] = ["KHR_materials_emissive_strength", "KHR_materials_unlit", "KHR_materials_transmission"]
    finish = {"baseColorFactor": [0.5, 0.25, 0.125, 1], "metallicFactor": 0.9, "roughnessFactor": 0.3}
    looks = [
        {"pbrMetallicRoughness": finish, "doubleSided": True},
        {"pbrMetallicRoughness": {"baseColorFactor": [0, 0, 0, 1]}, "emissiveFactor": [1, 0, 0], "extensions": extensions},
        {"pbrMetallicRoughness": {"baseColorFactor": [0.2, 0.3, 0.4, 0.3], "metallicFactor": 0}, "alphaMode": "BLEND"},
        {"extensions": {"KHR_materials_unlit": {}}},
        {"extensions": {"KHR_materials_transmission": {"transmissionFactor": 1}}},
    ]
    position = file.accessor(TRIANGLE)
    for look in looks:
        file.mesh({"POSITION": position}, material=file.add("materials", **look))
    plain, lamp, window, unlit, clear = (surface.material for surface in surfaces(file, tmp_path))
    assert (plain.color, plain.metallic, plain.roughness, plain.two_sided) == ((0.5, 0.25, 0.125), 1.0, 0.3, True)
    np.testing.assert_allclose(np.array(lamp.color) * lamp.emission, [4, 0, 0], atol=1e-6)
    assert (window.surface, window.color) == ("glass", (0.2, 0.3, 0.4))
    assert (unlit.surface, unlit.metallic, unlit.roughness) == ("unlit", 0.0, 1.0)
    assert clear.surface == "glass"


def test_an_emissive_picture_lights_the_triangles_it_is_bright_on(tmp_path: Path) -> None:
    file = File()
    half = np.zeros((8, 8, 3))
    half[:, 4:] = 255
    texture = file.png(half)
    material = file.add("materials", emissiveTexture={"index": texture}, emissiveFactor=[1, 1, 1])
    position = file.accessor([*TRIANGLE, *TRIANGLE])
    uv = file.accessor([[0, 0], [0.4, 0], [0, 1], [0.6, 0], [0.9, 0], [0.6, 1]])
    file.mesh({"POSITION": position, "TEXCOORD_0": uv}, material=material)
    dark, bright = surfaces(file, tmp_path)
    assert (len(dark.mesh.triangle), len(bright.mesh.triangle)) == (1, 1)
    assert dark.material.emission == 0.0 and bright.material.emission == 1.0 and bright.material.image is not None


def test_a_skin_stands_as_its_joints_stand(tmp_path: Path) -> None:
    """Vertex 0 hangs on joint a, vertex 1 on joint b, vertex 2 half on each; the mesh's own node does not count."""
    file = File()
    matrices = np.tile(np.eye(4), (2, 1, 1))
    matrices[1, 3, :3] = [0, -1, 0]
    attributes = {
        "POSITION": file.accessor([[0, 0, 0], [1, 1, 0], [0, 2, 0]]),
        "JOINTS_0": file.accessor([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], "B"),
        "WEIGHTS_0": file.accessor([[1, 0, 0, 0], [1, 0, 0, 0], [0.5, 0.5, 0, 0]]),
    }
    skin = file.add("skins", joints=[1, 2], inverseBindMatrices=file.accessor(matrices.reshape(2, 16)))
    file.mesh(attributes, node={"skin": skin, "translation": [99, 99, 99]})
    file.add("nodes", children=[2])
    file.add("nodes", translation=[0, 5, 0])
    file.json["scenes"][0]["nodes"].append(1)
    (one,) = surfaces(file, tmp_path)
    np.testing.assert_allclose(corners(one)[0], [[0, 0, 0], [-1, 0, 5], [0, 0, 4]], atol=1e-6)


def test_draco_data_are_unpacked(tmp_path: Path) -> None:
    points = np.array(TRIANGLE, np.float32)
    data = DracoPy.encode(points, np.array([[0, 1, 2]], np.uint32), quantization_bits=16, preserve_order=True)
    file = File()
    position = file.add("accessors", componentType=5126, count=3, type="VEC3")
    draco = {"bufferView": file.view(data), "attributes": {"POSITION": 0}}
    file.mesh({"POSITION": position}, extensions={"KHR_draco_mesh_compression": draco})
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    (one,) = surfaces(file, tmp_path)
    np.testing.assert_allclose(sorted(corners(one)[0].tolist()), [[-1, 0, 0], [0, 0, 0], [0, 3, 2]], atol=1e-3)


def test_meshopt_data_are_unpacked(tmp_path: Path) -> None:
    points = np.array(TRIANGLE, np.float32)
    data = meshopt.encode_vertex_buffer(points)
    file = File()
    raw = file.view(data)
    packed = {"buffer": 0, "byteOffset": 0, "byteLength": len(data), "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
    file.json["bufferViews"][raw] = {"buffer": 1, "byteLength": 36, "extensions": {"EXT_meshopt_compression": packed}}
    position = file.add("accessors", bufferView=raw, componentType=5126, count=3, type="VEC3")
    file.mesh({"POSITION": position})
    file.json["extensionsUsed"] = ["EXT_meshopt_compression"]
    document = file.document()
    document["buffers"].append({"byteLength": 36, "extensions": {"EXT_meshopt_compression": {"fallback": True}}})
    path = tmp_path / "packed.glb"
    path.write_bytes(glb(document, file.binary))
    assert inspect_gltf(path) == []
    np.testing.assert_allclose(corners(load_gltf(path).surfaces[0])[0], [[0, 0, 0], [-1, 0, 0], [0, 3, 2]])


def test_percent_encoded_and_chinese_names_are_found_beside_the_file(tmp_path: Path) -> None:
    file = triangle_file()
    document = file.document()
    (tmp_path / "数据").mkdir()
    (tmp_path / "数据" / "三角 1.bin").write_bytes(file.binary)
    for uri in ("数据/三角%201.bin", "%E6%95%B0%E6%8D%AE/%E4%B8%89%E8%A7%92 1.bin"):
        document["buffers"][0]["uri"] = uri
        path = tmp_path / "模型.gltf"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        assert inspect_gltf(path) == []
        assert len(load_gltf(path).surfaces) == 1


def test_equal_files_give_equal_arrays(tmp_path: Path) -> None:
    path = textured_file().write(tmp_path / "model.glb")
    one, other = load_gltf(path), load_gltf(path)
    for a, b in zip(one.surfaces, other.surfaces, strict=True):
        np.testing.assert_array_equal(a.mesh.position, b.mesh.position)
        np.testing.assert_array_equal(a.mesh.uv, b.mesh.uv)

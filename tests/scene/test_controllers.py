"""Profiles of controllers: found, fitted to the grip, and told apart from broken ones in one line."""

import json
import logging
from pathlib import Path

import numpy as np
import pytest
from glb_files import File

from vrclient.frame.inputs import OfferedModel
from vrclient.geometry.mesh import Mesh
from vrclient.scene.controllers import (
    PARTS,
    PROFILES,
    ControllerModel,
    Unshown,
    controller_model,
    offered_model,
    plain_model,
    read_controller,
    read_offered,
)

TOUCH = "/interaction_profiles/oculus/touch_controller"


def profile_folder(folder: Path, *, boxes: dict[str, tuple[float, float, float]], layout: str = "left") -> Path:
    """An own small profile: a triangle for each name, at (x, y, z) of glTF's frame."""
    where = folder / "oculus-touch-v3"
    where.mkdir()
    points = np.array([[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0]], np.float32)
    (where / "points.bin").write_bytes(points.tobytes())
    names = list(boxes)
    gltf = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {"name": "root", "children": list(range(1, len(names) + 1))},
            *({"name": name, "mesh": 0, "translation": list(boxes[name])} for name in names),
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [0.01, 0.01, 0]}
        ],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "buffers": [{"byteLength": 36, "uri": "points.bin"}],
    }
    (where / "left.gltf").write_text(json.dumps(gltf))

    def component(kind: str, root: str, **responses: dict[str, str]) -> dict[str, object]:
        return {"type": kind, "rootNodeName": root, "visualResponses": responses}

    dot = {"valueNodeName": "dot", "valueNodeProperty": "visibility"}
    components = {
        "xr-standard-trigger": component("trigger", "xr_standard_trigger"),
        "xr-standard-squeeze": component("squeeze", "xr_standard_squeeze"),
        "xr-standard-thumbstick": component("thumbstick", "xr_standard_thumbstick", touched=dot),
        "x-button": component("button", "x_button"),
        "y-button": component("button", "y_button"),
    }
    entry = {"selectComponentId": "xr-standard-trigger", "components": components, "assetPath": "left.gltf"}
    (where / "profile.json").write_text(json.dumps({"profileId": "oculus-touch-v3", "layouts": {layout: entry}}))
    return where


def middles(model: ControllerModel) -> list[tuple[int, list[float]]]:
    return [(part, surface.mesh.position[0].astype(np.float64).round(4).tolist()) for surface, part in model.pieces]


NODES = {
    "xr_standard_trigger_pressed_value": (0.0, 0.1, 0.0),
    "xr_standard_squeeze": (0.0, 0.0, -0.2),
    "xr_standard_thumbstick_xaxis_pressed_value": (0.3, 0.0, 0.0),
    "dot": (9.0, 9.0, 9.0),
    "y_button_pressed_value": (0.0, 0.0, 0.0),
    "x_button": (0.0, 0.0, 0.4),
    "body": (0.5, 0.0, 0.0),
}


def test_parts_are_known_by_their_nodes_and_stand_in_the_frame_of_the_grip(tmp_path: Path) -> None:
    profile_folder(tmp_path, boxes=NODES)
    numbers = {name: PARTS.index(name) + 1 for name in PARTS}
    assert middles(controller_model(tmp_path, TOUCH, 0)) == [
        (numbers["select"], [0.0, 0.0, 0.1]),
        (numbers["squeeze"], [0.0, 0.2, 0.0]),
        (numbers["stick"], [0.3, 0.0, 0.0]),
        (numbers["menu"], [0.0, 0.0, 0.0]),
        (0, [0.0, -0.4, 0.0]),
        (0, [0.5, 0.0, 0.0]),
    ]


def test_a_layout_for_no_hand_serves_both(tmp_path: Path) -> None:
    folder = profile_folder(tmp_path, boxes=NODES, layout="none")
    assert middles(read_controller(folder, 0)) == middles(read_controller(folder, 1))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda folder: (folder / "profile.json").unlink(), "there is no oculus-touch-v3/profile.json in "),
        (lambda folder: (folder / "profile.json").write_text("{"), "profile.json: Invalid JSON"),
        (lambda folder: (folder / "profile.json").write_text("{}"), "profile.json: layouts: Field required"),
        (lambda folder: (folder / "left.gltf").unlink(), "left.gltf: there is no such file"),
        (lambda folder: (folder / "left.gltf").write_text("{}"), "left.gltf: its JSON has no asset.version"),
        (lambda folder: (folder / "points.bin").write_bytes(b"12"), "left.gltf: "),
    ],
)
def test_a_broken_profile_gives_the_plain_controller_and_one_line(tmp_path: Path, caplog, broken, reason) -> None:  # type: ignore[no-untyped-def]
    broken(profile_folder(tmp_path, boxes=NODES))
    with caplog.at_level(logging.INFO):
        assert len(controller_model(tmp_path, TOUCH, 0).pieces) == len(plain_model().pieces)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("the left controller is shown as a plain one: ")
    assert reason in caplog.messages[0]


def test_what_no_profile_is_known_for_is_plain_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for folder, profile in ((None, TOUCH), (tmp_path, "/interaction_profiles/khr/simple_controller"), (tmp_path, "")):
        assert len(controller_model(folder, profile, 1).pieces) == len(plain_model().pieces)
    assert not caplog.messages


def test_a_hand_without_a_layout_is_named(tmp_path: Path) -> None:
    folder = profile_folder(tmp_path, boxes=NODES)
    with pytest.raises(Unshown, match=r"profile\.json has no layout for the right hand$"):
        read_controller(folder, 1)


def test_an_asset_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = profile_folder(tmp_path, boxes=NODES)
    text = (folder / "profile.json").read_text().replace("left.gltf", "../left.gltf")
    (folder / "profile.json").write_text(text)
    (folder / "left.gltf").rename(tmp_path / "left.gltf")
    with pytest.raises(Unshown):
        read_controller(folder, 0)


def offered(file: File) -> OfferedModel:
    return OfferedModel("a controller", file.glb())


def triangle(size: float, *, name: str = "body", **node: object) -> File:
    """One triangle with two sides of `size` along X and Y of glTF's frame."""
    file, points = File(), [[0.0, 0.0, 0.0], [size, 0.0, 0.0], [0.0, size, 0.0]]
    position = file.accessor(points, min=[0, 0, 0], max=[size, size, 0])
    number = file.mesh({"POSITION": position})
    file.json["nodes"][number] |= {"name": name, **node}
    return file


@pytest.mark.parametrize(
    ("name", "part"), [("b_trigger_front", "select"), ("Thumbstick", "stick"), ("menu_button", "menu"), ("left_grip", None)]
)
def test_what_a_runtime_gives_stands_in_the_frame_of_the_grip(name: str, part: str | None) -> None:
    """Up in glTF is up for the hand, -Z is the way it points; a node's name tells its part where it can."""
    model = read_offered(offered(triangle(0.1, name=name, translation=[0.01, 0.02, -0.03])))
    ((number, first),) = middles(model)
    assert (number, first) == (PARTS.index(part) + 1 if part else 0, [0.01, 0.03, 0.02])  # type: ignore[arg-type]
    np.testing.assert_allclose(model.pieces[0][0].mesh.position[2], (0.01, 0.03, 0.12), atol=1e-6)


def test_a_skin_is_at_rest() -> None:
    """The joints place it, and not the node that it hangs on."""
    file, size = File(), 0.1
    points = [[0.0, 0.0, 0.0], [size, 0.0, 0.0], [0.0, size, 0.0]]
    position = file.accessor(points, min=[0, 0, 0], max=[size, size, 0])
    weights = {"JOINTS_0": file.accessor([[0] * 4] * 3, "B"), "WEIGHTS_0": file.accessor([[1.0, 0.0, 0.0, 0.0]] * 3)}
    node = file.mesh({"POSITION": position, **weights}, node={"translation": [5.0, 5.0, 5.0]})
    joint = file.add("nodes", translation=[0.0, 0.0, -0.2])
    file.json["nodes"][node]["skin"] = file.add("skins", joints=[joint])
    file.json["scenes"][0]["nodes"].append(joint)
    assert middles(read_offered(offered(file))) == [(0, [0.0, 0.2, 0.0])]


def needs_basis_textures() -> File:
    file = triangle(0.1)
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["KHR_texture_basisu"]
    image = file.add("images", bufferView=file.view(b"\xabKTX 20\xbb"), mimeType="image/ktx2")
    texture = file.add("textures", extensions={"KHR_texture_basisu": {"source": image}})
    file.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    file.json["meshes"][0]["primitives"][0]["material"] = 0
    return file


def needs_what_nobody_reads() -> File:
    file = triangle(0.1)
    file.json["extensionsUsed"] = file.json["extensionsRequired"] = ["XX_of_tomorrow"]
    return file


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (triangle(12.5), "a controller is 12.5 m long"),
        (triangle(0.0015), "a controller is 0.0015 m long"),
        (File(), "a controller holds no triangles"),
        (needs_what_nobody_reads(), "a controller: it requires the extension XX_of_tomorrow, which is not read"),
        (needs_basis_textures(), "a controller: textures[0] needs the extension KHR_texture_basisu, which is not read"),
    ],
    ids=["centimetres", "kilometres", "empty", "extension", "basis textures"],
)
def test_what_cannot_be_shown_of_a_runtime_s_is_one_line(file: File, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    assert offered_model(offered(file), 1) is None
    assert caplog.messages == [f"the right controller is not shown as the headset has it: {reason}"]


def test_profiles_are_paths_as_openxr_has_them() -> None:
    for profile, folders in PROFILES.items():
        assert profile.count("/") == 1 and profile == profile.lower()
        assert folders


def test_the_plain_controller_is_closed_shapes_of_a_hand_s_size() -> None:
    pieces = plain_model().pieces
    assert {part for _, part in pieces} == {0, *range(1, len(PARTS) + 1)}
    points = np.concatenate([surface.mesh.position for surface, _ in pieces])
    length = points.max(axis=0) - points.min(axis=0)
    assert 0.12 < length[1] < 0.16 and length[0] < 0.06 and length[2] < 0.07
    for surface, _ in pieces:
        assert (outwardness(surface.mesh) > -0.2).all()


def outwardness(shape: Mesh) -> np.ndarray:
    """[N]: how far each normal points away from the shape's middle; the stick's hollow is the deepest."""
    away = shape.position - shape.position.mean(axis=0)
    return (away * shape.normal).sum(axis=1) / np.linalg.norm(away, axis=1)

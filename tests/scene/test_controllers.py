"""Profiles of controllers: found, fitted to the grip, and told apart from broken ones in one line."""

import json
import logging
from pathlib import Path

import numpy as np
import pytest

from vrclient.geometry.mesh import Mesh
from vrclient.scene.controllers import PARTS, PROFILES, ControllerModel, Unshown, controller_model, plain_model, read_controller

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

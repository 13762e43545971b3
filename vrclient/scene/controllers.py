"""Models of controllers from a folder of WebXR input profiles (profile.json and its .glb files), or from what a headset's own
runtime gives, without the engine.

Source: https://github.com/immersive-web/webxr-input-profiles. Parts stay at rest; which part a triangle belongs to is kept,
so that what is in use can be shown."""

import logging
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from vrclient.frame.aids import Part
from vrclient.frame.inputs import OfferedModel
from vrclient.geometry.mesh import Mesh, mesh, transformed
from vrclient.scene.draw_data import Surface
from vrclient.scene.gltf.checks import check_document
from vrclient.scene.gltf.document import Document, document_of, open_document
from vrclient.scene.gltf.drawn import Drawn
from vrclient.scene.gltf.extensions import check_extensions
from vrclient.scene.gltf.images import DecodedTextures
from vrclient.scene.gltf.materials import Look, Materials
from vrclient.scene.gltf.nodes import Nodes
from vrclient.scene.gltf.primitives import Triangles, read_triangles
from vrclient.scene.gltf.problems import GltfProblems
from vrclient.scene.gltf.resources import Resources
from vrclient.scene.props.controller import plain_controller

log = logging.getLogger(__name__)

PROFILES: Mapping[str, tuple[str, ...]] = {
    "bytedance/pico4_controller": ("pico-4",),
    "bytedance/pico4s_controller": ("pico-4u", "pico-4"),
    "bytedance/pico_neo3_controller": ("pico-neo3",),
    "facebook/touch_controller_pro": ("meta-quest-touch-pro",),
    "hp/mixed_reality_controller": ("hp-mixed-reality",),
    "htc/vive_controller": ("htc-vive",),
    "htc/vive_cosmos_controller": ("htc-vive-cosmos",),
    "htc/vive_focus3_controller": ("htc-vive-focus-3",),
    "meta/touch_controller_plus": ("meta-quest-touch-plus",),
    "meta/touch_plus_controller": ("meta-quest-touch-plus",),
    "meta/touch_pro_controller": ("meta-quest-touch-pro",),
    "microsoft/motion_controller": ("microsoft-mixed-reality", "windows-mixed-reality"),
    "oculus/touch_controller": ("oculus-touch-v3", "oculus-touch-v2", "oculus-touch"),
    "valve/index_controller": ("valve-index",),
}
"""OpenXR's interaction profiles, without "/interaction_profiles/", and the folders that show them, the best first."""

BODY, PARTS = 0, get_args(Part)
"""A piece belongs to the body, or to PARTS[number - 1]."""

GRIP_FROM_GLTF = np.array([[1.0, 0, 0, 0], [0, 0, -1.0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1.0]])
"""A profile's models are made in WebXR's grip space: X right, Y up, -Z the way it points."""

PART_OF_NAME: Mapping[str, Part] = {
    "trigger": "select",
    "squeeze": "squeeze",
    "thumbstick": "stick",
    "joystick": "stick",
    "trackpad": "stick",
    "touchpad": "stick",
    "menu": "menu",
}
"""What a node belongs to whose name, in a runtime's model, has that word in it."""

SIZES_M = (0.02, 0.6)
"""The longest side of a controller in a runtime's model, at least and at most: what is not so was not made in metres."""

PART_OF_TYPE: Mapping[str, Part] = {"squeeze": "squeeze", "thumbstick": "stick", "touchpad": "stick"}


@dataclass(frozen=True, slots=True, eq=False)
class ControllerModel:
    """Surfaces in the frame of the grip (metres), each with the number of its part."""

    pieces: tuple[tuple[Surface, int], ...]


class Unshown(ValueError):
    """A profile's folder, or a runtime's model, cannot be shown; the text says why."""


class _Entry(BaseModel):
    """What is read of a mapping in profile.json; its keys are in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class _Response(_Entry):
    value_node_name: str | None = None
    value_node_property: str = "transform"


class _Component(_Entry):
    type: str
    root_node_name: str
    visual_responses: dict[str, _Response] = {}


class _Layout(_Entry):
    asset_path: str
    select_component_id: str
    components: dict[str, _Component]


class _Profile(_Entry):
    layouts: dict[str, _Layout]


def controller_model(folder: Path | None, profile: str, side: int, /) -> ControllerModel:
    """What a hand (0 = left, 1 = right) with that OpenXR interaction profile holds: its model from `folder`, or the plain
    controller, with a line in the log where one was to be expected."""
    names = PROFILES.get(profile.removeprefix("/interaction_profiles/"), ())
    if folder is None or not names:
        return plain_model()
    found = next((folder / name for name in names if (folder / name / "profile.json").is_file()), None)
    try:
        if found is None:
            raise Unshown(f"there is no {names[0]}/profile.json in {folder}")
        return read_controller(found, side)
    except Unshown as reason:
        log.warning("the %s controller is shown as a plain one: %s", ("left", "right")[side], reason)
        return plain_model()


def offered_model(offered: OfferedModel, side: int, /) -> ControllerModel | None:
    """The model that the runtime gives for a hand (0 = left, 1 = right), or None, with a line in the log, where it cannot be
    shown."""
    try:
        return read_offered(offered)
    except Unshown as reason:
        log.warning("the %s controller is not shown as the headset has it: %s", ("left", "right")[side], reason)
        return None


def plain_model() -> ControllerModel:
    """The controller for whatever has none of its own."""
    return ControllerModel(tuple((surface, PARTS.index(part) + 1 if part else BODY) for surface, part in plain_controller()))


def read_controller(folder: Path, side: int, /) -> ControllerModel:
    """A profile's model for one hand. Raises Unshown."""
    layout = _layout(folder, side)
    problems = GltfProblems(layout.asset_path)
    responses = [one for component in layout.components.values() for one in component.visual_responses.values()]
    hidden = {str(one.value_node_name) for one in responses if one.value_node_property == "visibility"}
    pieces: tuple[tuple[Surface, int], ...] = ()
    with problems.collecting(), np.errstate(all="ignore"):
        document = open_document(folder / Path(layout.asset_path).name, problems)
        pieces = _pieces(document, problems, lambda names: _part(names, layout), hidden)
    return _model(pieces, problems)


def read_offered(offered: OfferedModel, /) -> ControllerModel:
    """A runtime's model. Raises Unshown."""
    problems = GltfProblems(offered.name)
    pieces: tuple[tuple[Surface, int], ...] = ()
    with problems.collecting(), np.errstate(all="ignore"):
        document = document_of(offered.glb, Path(os.devnull), problems)  # it has no other files
        check_extensions(document.gltf, document.raw, problems)
        pieces = _pieces(document, problems, _named_part)
    model = _model(pieces, problems)
    points = np.concatenate([surface.mesh.position for surface, _ in model.pieces])
    size = float((points.max(axis=0) - points.min(axis=0)).max())
    if not SIZES_M[0] <= size <= SIZES_M[1]:
        raise Unshown(f"{offered.name} is {size:.3g} m long")
    return model


def _model(pieces: tuple[tuple[Surface, int], ...], problems: GltfProblems) -> ControllerModel:
    if problems.has_errors or not pieces:
        raise Unshown(problems.listed()[0].message if problems.has_errors else f"{problems.file_name} holds no triangles")
    return ControllerModel(pieces)


def _layout(folder: Path, side: int) -> _Layout:
    file = folder / "profile.json"
    try:
        layouts = _Profile.model_validate_json(file.read_bytes()).layouts
    except OSError as error:
        raise Unshown(f"{file}: {error.strerror or error}") from error
    except ValidationError as wrong:
        detail = wrong.errors(include_url=False)[0]
        place = ".".join(str(step) for step in detail["loc"])
        raise Unshown(f"{file}: {place}{': ' if place else ''}{detail['msg']}") from wrong
    layout = layouts.get(("left", "right")[side]) or layouts.get("none")
    if layout is None:
        raise Unshown(f"{file} has no layout for the {('left', 'right')[side]} hand")
    return layout


def _pieces(
    document: Document, problems: GltfProblems, part_of: Callable[[list[str]], int], hidden: Collection[str] = (), /
) -> tuple[tuple[Surface, int], ...]:
    """One for each primitive that is shown while nothing is touched. `part_of` gets the names of a node and of those above it;
    nodes in `hidden`, and what is below them, are left out."""
    gltf, resources = document.gltf, Resources(document)
    drawn = Drawn(gltf)
    if not check_document(resources, document.raw, drawn, problems):
        return ()
    nodes, materials = Nodes(resources), Materials(gltf, DecodedTextures(resources, drawn, problems), problems)
    names = [str(node.get("name", "")) for node in document.raw.get("nodes", ())]
    parents = {child: k for k, node in enumerate(gltf.nodes) for child in node.children or ()}
    pieces = []
    for index in drawn.nodes:
        line = [index]
        while line[-1] in parents:
            line.append(parents[line[-1]])
        if any(names[k] in hidden for k in line):
            continue
        number, skin = gltf.nodes[index].mesh, gltf.nodes[index].skin
        assert number is not None
        part = part_of([names[k] for k in line])
        for k, primitive in enumerate(gltf.meshes[number].primitives):
            columns = drawn.columns.get((number, k), set())
            triangles = read_triangles(resources, primitive, columns, f"meshes[{number}].primitives[{k}]") if columns else None
            if triangles is not None:
                look, place = materials.look(primitive.material), nodes.world(index)
                if skin is not None and triangles.joints is not None:
                    position, normal = nodes.at_rest(triangles, skin)
                    triangles, place = replace(triangles, position=position, normal=normal), np.eye(4)
                shape = transformed(_mesh(triangles, look), GRIP_FROM_GLTF @ place)
                pieces.append((Surface(shape, look.material), part))
    return tuple(pieces)


def _named_part(names: list[str]) -> int:
    """The number of the part by the nearest name that tells."""
    for name in names:
        for word, part in PART_OF_NAME.items():
            if word in name.casefold():
                return PARTS.index(part) + 1
    return BODY


def _part(names: list[str], layout: _Layout) -> int:
    """The number of the part that a node belongs to, by its own name and those above it."""
    for key, component in layout.components.items():
        root = component.root_node_name
        if any(name == root or name.startswith(root + "_") for name in names):
            part: Part | None = PART_OF_TYPE.get(component.type)
            if key == layout.select_component_id:
                part = "select"
            elif component.type == "button" and (key == "menu" or key.startswith(("b-", "y-"))):
                part = "menu"
            return PARTS.index(part) + 1 if part else BODY
    return BODY


def _mesh(triangles: Triangles, look: Look) -> Mesh:
    """In the frame of its node."""
    uv = None
    if look.place is not None and look.place.channel in triangles.uv:
        uv = np.nan_to_num(look.place.apply(triangles.uv[look.place.channel]))
    return mesh(triangles.position, triangles.triangle, normal=triangles.normal, uv=uv, color=triangles.color)

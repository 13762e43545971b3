"""The controllers in a visitor's hands, on the graphics card: at most one for each hand, drawn in the light of the scene."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from panda3d.core import (  # noqa: TID251
    CullBinAttrib,
    CullFaceAttrib,
    Geom,
    GeomNode,
    NodePath,
    OmniBoundingVolume,
    PandaNode,
    PTA_LMatrix4f,
    PTA_LVecBase4f,
    Texture,
)

from vrclient.frame.aids import Controller
from vrclient.frame.inputs import OfferedModel
from vrclient.geometry.frames import Matrix
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.programs import VIEWPORT_EXTENSIONS
from vrclient.renderer.shaders import load_shader
from vrclient.scene.controllers import PARTS, ControllerModel, controller_model, offered_model, plain_model
from vrclient.scene.draw_data import Image, Surface
from vrclient.scene.tables import packed

SIDES = (0, 1)
ORDER = 16
"""Among what is blended: after the sheets (sheets.py), so that a hand before a panel stays before it."""
LARGEST_IMAGE = 1024
"""Pixels: a controller covers no more of an eye, and a larger image holds up the frame that takes it to the graphics card."""
Key = tuple[str, int] | OfferedModel
"""An interaction profile and a side, or what the headset's runtime gives."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawable:
    """A model's shapes with their images, one for each image, ready for the graphics card. The vertices' openness gives way to
    the number of their part."""

    shapes: tuple[tuple[Geom, Texture | None], ...]


def drawable(model: ControllerModel, /) -> Drawable:
    """Takes a while; in any thread."""
    by_image: dict[int, list[tuple[Surface, int]]] = {}
    for surface, part in model.pieces:
        by_image.setdefault(id(surface.material.image), []).append((surface, part))
    shapes = []
    for pieces in by_image.values():
        shape = packed([surface for surface, _ in pieces])
        shape.vertex["color"][:, 3] = np.repeat([part for _, part in pieces], [len(one.mesh.position) for one, _ in pieces])
        image = pieces[0][0].material.image
        shapes.append((convert.geom(shape), convert.image_texture(_reduced(image)) if image is not None else None))
    return Drawable(tuple(shapes))


def _reduced(image: Image) -> Image:
    """Halved, as often as it must be."""
    pixels = image.pixels
    while max(pixels.shape[:2]) > LARGEST_IMAGE and pixels.shape[0] % 2 == pixels.shape[1] % 2 == 0:
        quarters = [pixels[row::2, column::2].astype(np.uint16) for row in (0, 1) for column in (0, 1)]
        pixels = (sum(quarters[1:], quarters[0]) // 4).astype(np.uint8)
    return image if pixels is image.pixels else replace(image, pixels=pixels)


class ControllerModels:
    """The models by profile and side, each read once, beside the frames: until it is there, the plain one stands in. What the
    headset's runtime gives comes before what the folder has."""

    def __init__(self, folder: Path | None = None, /) -> None:
        """`folder` of WebXR input profiles; None = all that the runtime does not give are plain."""
        self._folder = folder
        self._plain = drawable(plain_model())
        self._read: dict[Key, Future[Drawable | None]] = {}
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="controllers")  # begins its thread when it is asked

    def model(self, held: Controller, /) -> Drawable:
        """What is to be shown now."""
        found: Drawable | None = None
        if held.model is not None:
            found = self._found(held.model, offered_model, held.model, held.side)
        if found is None and self._folder is not None:
            found = self._found((held.profile, held.side), controller_model, self._folder, held.profile, held.side)
        return found or self._plain

    def place(self, held: Controller, shown: Drawable, /) -> Matrix:
        """[4, 4] world_from_model of what is shown: the runtime's own has a place of its own."""
        own = self._read.get(held.model) if held.model is not None else None
        if held.world_from_model is not None and own is not None and own.done() and own.result() is shown:
            return held.world_from_model
        return held.world_from_grip

    def _found(self, key: Key, read: Callable[..., ControllerModel | None], *arguments: Any) -> Drawable | None:
        """What `read` gives: the plain one until it is there, and None where it cannot be had."""
        if key not in self._read:
            self._read[key] = self._beside.submit(_made, read, *arguments)
        return self._read[key].result() if self._read[key].done() else self._plain

    def wait(self) -> None:
        """Until everything that was asked for is there; for pictures."""
        for one in self._read.values():
            one.result()

    def close(self) -> None:
        """Ends the reading."""
        self._beside.shutdown(wait=False, cancel_futures=True)


def _made(read: Callable[..., ControllerModel | None], *arguments: Any) -> Drawable | None:
    model = read(*arguments)
    return drawable(model) if model is not None else None


class ControllerPass:
    """The draws of one pass. What is not held is not in the graph."""

    def __init__(self, context: GraphicsContext, root: NodePath, models: ControllerModels, /, *, copies: int) -> None:
        """`root`: a graph to which views and light are bound; `copies`: views of the pass."""
        self._models, self._copies = models, copies
        viewports = tuple(name for name in VIEWPORT_EXTENSIONS if name in context.info.extensions)[:1] if copies > 1 else ()
        views = f"VIEWS_PER_PASS {copies}"
        self._plain_shader, self._imaged_shader = (
            load_shader(context, "aids_controller.vert", "aids_controller.frag", definitions=(views, *more), extensions=viewports)
            for more in ((), ("IMAGED",))
        )
        self._hands = [_Hand(root) for _ in SIDES]
        self._nodes: dict[Drawable, PandaNode] = {}

    def show(self, controllers: tuple[Controller, ...], /) -> None:
        """Draws these from the next draw on."""
        for side, hand in zip(SIDES, self._hands, strict=True):
            held = next((one for one in controllers if one.side == side), None)
            model = self._models.model(held) if held is not None else None
            hand.hold(self._node(model) if model is not None else None)
            if held is not None and model is not None:
                hand.matrix[0] = self._models.place(held, model).T
                hand.in_use[0] = [part in held.pressed for part in PARTS]

    def _node(self, model: Drawable) -> PandaNode:
        """A model's draws, made once."""
        if model not in self._nodes:
            node = PandaNode("controller")
            for shape, texture in model.shapes:
                node.add_child(self._draw(shape, texture))
            self._nodes[model] = node
        return self._nodes[model]

    def _draw(self, shape: Geom, texture: Texture | None) -> GeomNode:
        node = GeomNode("pieces")
        node.add_geom(shape)
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        path = NodePath(node)
        path.set_shader(self._plain_shader if texture is None else self._imaged_shader)
        if texture is not None:
            path.set_shader_input("image", texture)
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
        if self._copies > 1:
            path.set_instance_count(self._copies)
        return node


class _Hand:
    """One hand's place and parts in use; `matrix` [1, 4, 4] takes the transpose."""

    def __init__(self, root: NodePath) -> None:
        place, in_use = PTA_LMatrix4f.empty_array(1), PTA_LVecBase4f.empty_array(1)
        self.matrix, self.in_use = convert.matrices(place), convert.vectors(in_use)
        self._path: NodePath = root.attach_new_node("hand")
        self._path.set_shader_inputs(world_from_grip=place, in_use=in_use)
        self._path.set_attrib(CullBinAttrib.make("fixed", ORDER))
        self._held: PandaNode | None = None

    def hold(self, node: PandaNode | None) -> None:
        """Nothing happens where it holds that already."""
        if node is not self._held:
            self._path.node().remove_all_children()
            if node is not None:
                self._path.node().add_child(node)
            self._held = node

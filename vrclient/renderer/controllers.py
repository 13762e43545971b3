"""The controllers in a visitor's hands, on the graphics card: at most one for each hand, drawn in the light of the scene."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from panda3d.core import CullFaceAttrib, GeomNode, NodePath, OmniBoundingVolume, PandaNode, PTA_LMatrix4f, PTA_LVecBase4f

from vrclient.frame.aids import Controller
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.programs import VIEWPORT_EXTENSIONS
from vrclient.renderer.shaders import load_shader
from vrclient.scene.controllers import PARTS, ControllerModel, controller_model, plain_model
from vrclient.scene.draw_data import Surface
from vrclient.scene.tables import packed

SIDES = (0, 1)
Key = tuple[str, int]
"""An interaction profile and a side."""


class ControllerModels:
    """The models by profile and side, each read once, beside the frames: until it is there, the plain one stands in."""

    def __init__(self, folder: Path | None = None, /) -> None:
        """`folder` of WebXR input profiles; None = all are plain."""
        self._folder = folder
        self._plain = plain_model()
        self._read: dict[Key, Future[ControllerModel]] = {}
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="controllers") if folder else None

    def model(self, profile: str, side: int, /) -> ControllerModel:
        """What is to be shown now."""
        if self._beside is None:
            return self._plain
        key = (profile, side)
        if key not in self._read:
            self._read[key] = self._beside.submit(controller_model, self._folder, profile, side)
        return self._read[key].result() if self._read[key].done() else self._plain

    def wait(self) -> None:
        """Until everything that was asked for is there; for pictures."""
        for one in self._read.values():
            one.result()

    def close(self) -> None:
        """Ends the reading."""
        if self._beside is not None:
            self._beside.shutdown(wait=False, cancel_futures=True)


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
        self._nodes: dict[int, tuple[ControllerModel, PandaNode]] = {}

    def show(self, controllers: tuple[Controller, ...], /) -> None:
        """Draws these from the next draw on."""
        for side, hand in zip(SIDES, self._hands, strict=True):
            held = next((one for one in controllers if one.side == side), None)
            hand.hold(self._node(self._models.model(held.profile, side)) if held is not None else None)
            if held is not None:
                hand.matrix[0] = held.world_from_grip.T
                hand.in_use[0] = [part in held.pressed for part in PARTS]

    def _node(self, model: ControllerModel) -> PandaNode:
        """A model's draws, made once."""
        if id(model) not in self._nodes:
            node = PandaNode("controller")
            by_image: dict[int, list[tuple[Surface, int]]] = {}
            for surface, part in model.pieces:
                by_image.setdefault(id(surface.material.image), []).append((surface, part))
            for pieces in by_image.values():
                node.add_child(self._draw(pieces))
            self._nodes[id(model)] = (model, node)
        return self._nodes[id(model)][1]

    def _draw(self, pieces: list[tuple[Surface, int]]) -> GeomNode:
        """Pieces with one image, or none: the vertices' openness gives way to the number of their part."""
        shape = packed([surface for surface, _ in pieces])
        shape.vertex["color"][:, 3] = np.repeat([part for _, part in pieces], [len(one.mesh.position) for one, _ in pieces])
        node = GeomNode("pieces")
        node.add_geom(convert.geom(shape))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        path, image = NodePath(node), pieces[0][0].material.image
        path.set_shader(self._plain_shader if image is None else self._imaged_shader)
        if image is not None:
            path.set_shader_input("image", convert.image_texture(image))
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
        self._held: PandaNode | None = None

    def hold(self, node: PandaNode | None) -> None:
        """Nothing happens where it holds that already."""
        if node is not self._held:
            self._path.node().remove_all_children()
            if node is not None:
                self._path.node().add_child(node)
            self._held = node

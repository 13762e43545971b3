"""Draws what helps a visitor act (frame/aids.py), for all views of a pass, and nothing while there is nothing to draw.

Every shape exists from the start; a frame overwrites the numbers that its shader reads. Reflections do not show them, as they
are in the eyes' graph alone."""

import numpy as np
from panda3d.core import (  # noqa: TID251
    ColorBlendAttrib,
    CullBinAttrib,
    CullFaceAttrib,
    DepthTestAttrib,
    DepthWriteAttrib,
    GeomNode,
    NodePath,
    OmniBoundingVolume,
    PTA_LVecBase4f,
    Shader,
)

from vrclient.frame.aids import Aids
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.controllers import ControllerModels, ControllerPass
from vrclient.renderer.programs import VIEWPORT_EXTENSIONS
from vrclient.renderer.shaders import load_shader
from vrclient.renderer.uniforms import Floats

ARC_POINTS = 33
"""An arc is drawn through so many points, however many it has."""
RAY_POINTS = 9
DASH = 0.17
"""Metres of one dash of the arc and its gap."""
RAY_RIBBON = (0.0030, 0.0015, 0.0, 0.0)
ARC_RIBBON = (0.007, 0.013, 1.0, 0.0)
"""Half widths in metres at the start and at the end, and the opacity that is left at the end."""

CURSOR_ANGLE, HOVERING = float(np.radians(0.6)), 1.4
"""Half the cursor's apparent size; how much larger it is over what can be selected."""
LANDING_SIZE = 0.5
"""Metres from the middle of the landing mark to the tip of its tick."""

WHITE, VALID, INVALID = (0.97, 0.98, 1.0), (0.66, 0.87, 1.0), (1.0, 0.52, 0.20)
"""Display values."""


class AidsPass:
    """The aids of one pass over a scene."""

    def __init__(self, context: GraphicsContext, root: NodePath, models: ControllerModels, /, *, copies: int) -> None:
        """`root`: the graph of the eyes, with views and light bound to it; `copies`: views of one pass (1 where each view has a
        pass of its own). Raises ShaderError."""
        self._root: NodePath = root.attach_new_node("aids")
        viewports = tuple(name for name in VIEWPORT_EXTENSIONS if name in context.info.extensions)[:1] if copies > 1 else ()
        common = (f"VIEWS_PER_PASS {copies}", f"FAR_DEPTH {'0.0' if context.info.reversed_depth else '-1.0'}")

        def shader(name: str, *definitions: str) -> Shader:
            return load_shader(context, f"{name}.vert", f"{name}.frag", definitions=(*common, *definitions), extensions=viewports)

        def mark(name: str, program: Shader, triangles: int, order: int, *, on_top: bool = False, **sizes: int) -> "_AidMark":
            return _AidMark(self._root, name, program, triangles, order, copies=copies, on_top=on_top, sizes=sizes)

        self._controllers = ControllerPass(context, self._root, models, copies=copies)
        self._landing = mark("landing", shader("aids", "LANDING"), 2, 20, disc=3, tone=1)
        dashed = shader("aids", f"RIBBON {ARC_POINTS}", f"DASH {DASH}")
        self._arc = mark("arc", dashed, 2 * (ARC_POINTS - 1), 21, points=ARC_POINTS, ribbon=1, tone=1)
        plain = shader("aids", f"RIBBON {RAY_POINTS}")
        self._ray = mark("ray", plain, 2 * (RAY_POINTS - 1), 22, points=RAY_POINTS, ribbon=1, tone=1)
        self._cursor = mark("cursor", shader("aids", "CURSOR"), 2, 23, on_top=True, disc=3, tone=1)
        self._veil = mark("veil", shader("aids_veil"), 1, 50, on_top=True, veil=1)

    def show(self, aids: Aids, /) -> None:
        """Draws these from the next draw on."""
        self._controllers.show(aids.controllers)
        if self._ray.shown(aids.ray is not None) and aids.ray is not None:
            share = np.linspace(0.0, 1.0, RAY_POINTS)[:, None]
            _follow(self._ray, aids.ray.start + share * (aids.ray.end - aids.ray.start), RAY_RIBBON, WHITE)
        if self._arc.shown(aids.arc is not None) and aids.arc is not None:
            row = np.linspace(0, len(aids.arc) - 1, ARC_POINTS).round().astype(int)
            _follow(self._arc, aids.arc[row], ARC_RIBBON, VALID if aids.arc_valid else INVALID)
        landing = aids.landing
        if self._landing.shown(landing is not None) and landing is not None:
            disc = self._landing.values["disc"]
            disc[0, :3], disc[0, 3], disc[1, :3] = landing.spot, LANDING_SIZE, landing.normal
            disc[2, :3] = np.sin(landing.heading), np.cos(landing.heading), 0.0
            self._landing.values["tone"][0, :3] = VALID if landing.valid else INVALID
        cursor = aids.cursor
        if self._cursor.shown(cursor is not None) and cursor is not None:
            disc = self._cursor.values["disc"]
            disc[0, :3], disc[0, 3] = cursor.point, CURSOR_ANGLE * (HOVERING if cursor.hovering else 1.0)
            disc[1, :3] = cursor.normal
            self._cursor.values["tone"][0] = (*WHITE, int(cursor.hovering) * (1.0 + max(float(cursor.pressed), cursor.progress)))
        if self._veil.shown(aids.blink > 0.0 or aids.vignette > 0.0):
            self._veil.values["veil"][0, :2] = aids.blink, aids.vignette

    def remove(self) -> None:
        """Takes everything out of the graph."""
        self._root.remove_node()


def _follow(
    ribbon: "_AidMark", points: Floats, shape: tuple[float, float, float, float], color: tuple[float, float, float]
) -> None:
    rows = ribbon.values["points"]
    rows[:, :3] = points
    rows[0, 3] = 0.0
    np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1), out=rows[1:, 3])
    ribbon.values["ribbon"][0], ribbon.values["tone"][0, :3] = shape, color


class _AidMark:
    """One shape whose corners the shader makes from their number; `values` are its arrays [n, 4] float32 by name."""

    def __init__(
        self,
        root: NodePath,
        name: str,
        shader: Shader,
        triangles: int,
        order: int,
        *,
        copies: int,
        on_top: bool,
        sizes: dict[str, int],
    ) -> None:
        """`order` among what is blended; `sizes`: the length of each array."""
        arrays = {one: PTA_LVecBase4f.empty_array(size) for one, size in sizes.items()}
        self.values = {one: convert.vectors(array) for one, array in arrays.items()}
        node = GeomNode(name)
        node.add_geom(convert.corners(triangles))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        self._path: NodePath = root.attach_new_node(node)
        self._path.set_shader(shader)
        self._path.set_shader_inputs(**arrays)
        self._path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
        self._path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        if on_top:
            self._path.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_none), 1)
        blend = ColorBlendAttrib.O_incoming_alpha, ColorBlendAttrib.O_one_minus_incoming_alpha
        self._path.set_attrib(ColorBlendAttrib.make(ColorBlendAttrib.M_add, *blend))
        self._path.set_attrib(CullBinAttrib.make("fixed", order))
        if copies > 1:
            self._path.set_instance_count(copies)
        self._path.stash()
        self._in_graph = False

    def shown(self, wanted: bool, /) -> bool:
        """Puts it into the graph, or takes it out; says which."""
        if wanted != self._in_graph:
            self._path.unstash() if wanted else self._path.stash()
            self._in_graph = wanted
        return wanted

"""The parts of the eyes' pictures that the lenses never show, drawn first and nearest, so that nothing there is shaded.

Where two eyes need two passes it draws nothing: the passes share their graph."""

import numpy as np
from panda3d.core import (  # noqa: TID251
    CullBinAttrib,
    CullFaceAttrib,
    DepthTestAttrib,
    GeomNode,
    NodePath,
    OmniBoundingVolume,
    RenderState,
    Shader,
    Texture,
)

from vrclient.frame.views import ViewSet
from vrclient.renderer import convert
from vrclient.renderer.uniforms import Floats

FIRST = -10
"""Its place in the engine's fixed bins, before everything solid."""


class HiddenAreaPass:
    """The hidden areas of one pass over a scene; `root` is its graph, `copies` its views."""

    def __init__(self, root: NodePath, program: Shader, /, *, copies: int) -> None:
        self._root, self._program, self._copies = root, program, copies
        self._of: Floats | None = None
        self._node: NodePath | None = None
        self._corners: Texture | None = None

    def show(self, view_set: ViewSet, /) -> None:
        """Takes over the areas of these views; costs nothing while their optics stay."""
        if self._of is view_set.clip_from_view:
            return
        self._of = view_set.clip_from_view
        if self._node is not None:
            self._node.remove_node()
            self._node = None
        if self._corners is not None:
            self._corners.release_all()  # the engine's store of states would keep it on the graphics card
            self._corners = None
            RenderState.garbage_collect()
        corners = corner_rows(view_set)
        if not len(corners) or self._copies != len(view_set):
            return
        node = GeomNode("hidden area")
        node.add_geom(convert.corners(len(corners) // 3))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        self._node = path = self._root.attach_new_node(node)
        path.set_shader(self._program)
        self._corners = convert.float_rows(corners, "hidden area")
        path.set_shader_input("hidden_area", self._corners)
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
        path.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_always), 1)
        path.set_attrib(CullBinAttrib.make("background", FIRST))
        if self._copies > 1:
            path.set_instance_count(self._copies)


def corner_rows(view_set: ViewSet, /) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """[3 T, 4] float32: of every triangle's corners the place in the view's picture (x, y, -1..1) and the view's number."""
    rows = []
    for number, (triangles, clip_from_view) in enumerate(zip(view_set.hidden_area, view_set.clip_from_view, strict=False)):
        tangents = np.reshape(triangles, (-1, 2))
        points = np.column_stack([tangents[:, 0], np.ones(len(tangents)), tangents[:, 1], np.zeros(len(tangents))])
        clip = points @ clip_from_view.T
        rows.append(np.column_stack([clip[:, :2] / clip[:, 3:], np.full(len(tangents), number), np.zeros(len(tangents))]))
    return np.concatenate(rows).astype(np.float32) if rows else np.zeros((0, 4), np.float32)

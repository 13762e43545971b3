"""Unique geometry on the graphics card: one node for each chunk and distance, in the graph while it is visible."""

from collections.abc import Callable, Sequence

import numpy as np
from panda3d.core import CullFaceAttrib, Geom, GeomNode, NodePath, OmniBoundingVolume, PandaNode  # noqa: TID251

from vrclient.render_data.steps import Steps
from vrclient.renderer import convert
from vrclient.scene.tables import Chunk
from vrclient.visibility.batches import VisibleSet

NEAR, FAR = 0, 1


class ChunkGeometry:
    """The geometry of all chunks, uploaded once and shared by all passes. `far[k]` is `near[k]` where one serves always."""

    def __init__(self, chunks: Sequence[Chunk], /) -> None:
        """Nothing is there before `steps` have ended."""
        self.chunks = tuple(chunks)
        self.near: list[Geom] = []
        self.far: list[Geom] = []
        self.triangles = np.array(
            [[len(chunk.near.triangle), len((chunk.far or chunk.near).triangle)] for chunk in chunks], np.int64
        ).reshape(-1, 2)

    def steps(self) -> Steps[None]:
        """Copies everything into the engine's buffers."""
        for chunk in self.chunks:
            self.near.append(convert.geom(chunk.near))
            if chunk.far is not None:
                yield
            self.far.append(convert.geom(chunk.far) if chunk.far is not None else self.near[-1])
            yield

    def close_steps(self) -> Steps[None]:
        """Gives the buffers back."""
        while self.near:
            self.near.pop()
            self.far.pop()
            yield


class ChunkPass:
    """The draws of one pass over the chunks. What is shown is state: only changes touch the graph, and what is not shown is not
    in it, because the engine looks at every hidden node in every frame."""

    def __init__(self, geometry: ChunkGeometry, /, *, copies: int) -> None:
        """It is whole after `steps`."""
        self._geometry, self._copies = geometry, copies
        count = len(geometry.chunks)
        self._nodes: tuple[list[GeomNode | None], list[GeomNode | None]] = ([None] * count, [None] * count)
        self._parents: list[PandaNode | None] = [None] * count
        self._shown = np.full(count, -1, np.int8)
        self._wanted = np.full(count, -1, np.int8)

    def steps(self, parent_of: Callable[[Chunk], NodePath | None], /) -> Steps[None]:
        """Makes the nodes. `parent_of(chunk)` gives the one whose state draws the chunk, or None if this pass leaves it out."""
        geometry, copies = self._geometry, self._copies
        for number, chunk in enumerate(geometry.chunks):
            parent = parent_of(chunk)
            if parent is None:
                continue
            self._parents[number] = parent.node()
            near = _node(geometry.near[number], chunk.two_sided, copies)
            same = geometry.far[number] is geometry.near[number]
            self._nodes[NEAR][number] = near
            self._nodes[FAR][number] = near if same else _node(geometry.far[number], chunk.two_sided, copies)
            yield

    def show(self, visible: VisibleSet, /) -> None:
        """Draws these chunks from the next frame on: level 0 near, level 1 far."""
        wanted = self._wanted
        wanted.fill(-1)
        near, far = visible.counts[0] if len(visible.counts) else (0, 0)
        first, second = visible.offsets[0] if len(visible.offsets) else (0, 0)
        wanted[visible.rows[first : first + near]] = NEAR
        wanted[visible.rows[second : second + far]] = FAR
        for number in np.flatnonzero(wanted != self._shown).tolist():
            before, after = int(self._shown[number]), int(wanted[number])
            old = self._nodes[before][number] if before >= 0 else None
            new = self._nodes[after][number] if after >= 0 else None
            parent = self._parents[number]
            if parent is not None and old is not new:
                if old is not None:
                    parent.remove_child(old)
                if new is not None:
                    parent.add_child(new, number)  # in one order always, for what is blended
        self._shown[:] = wanted

    @property
    def draw_calls(self) -> int:
        """Chunks shown now."""
        return int(np.count_nonzero(self._shown >= 0))


def _node(geom: Geom, two_sided: bool, copies: int) -> GeomNode:
    node = GeomNode("chunk")
    node.add_geom(geom)
    node.set_bounds(OmniBoundingVolume())
    node.final = True
    path = NodePath(node)
    if copies > 1:
        path.set_instance_count(copies)
    if two_sided:
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
    return node

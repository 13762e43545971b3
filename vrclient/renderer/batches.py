"""Repeated things on the graphics card: static rows once, per frame only the numbers of visible rows, one draw for each
(mesh, level). There is no node for an instance and no Python loop over instances."""

import numpy as np
from numpy.typing import NDArray
from panda3d.core import CullFaceAttrib, Geom, GeomNode, LVecBase2i, NodePath, OmniBoundingVolume, Texture  # noqa: TID251

from vrclient.render_data.culling import level_count
from vrclient.render_data.steps import Steps
from vrclient.renderer import convert
from vrclient.scene.tables import InstanceTable
from vrclient.visibility.batches import VisibleSet


class InstanceGeometry:
    """What all passes share: the rows of a table and the geometry of each (mesh, level), uploaded once."""

    def __init__(self, table: InstanceTable, /) -> None:
        """Nothing is there before `steps` have ended."""
        self._table = table
        self.meshes, self.levels = len(table.meshes), level_count(table)
        self.rows: Texture | None = None
        self.geoms: dict[tuple[int, int], Geom] = {}
        self.two_sided: dict[tuple[int, int], bool] = {}
        self.triangles = np.zeros((self.meshes, self.levels), np.int64)
        self.sway = [mesh.sway for mesh in table.meshes]

    def steps(self, rows: NDArray[np.float32], /) -> Steps[None]:
        """Copies everything into the engine's buffers; `rows` as of texels.instance_rows, lent."""
        table = self._table
        self.rows = convert.float_rows(rows, "instance rows", lent=True)
        for m, levels in enumerate(table.levels):
            yield
            for level, packed in enumerate(levels):
                if len(packed.triangle):
                    self.geoms[m, level] = convert.geom(packed)
                    self.two_sided[m, level] = any(one.material.two_sided for one in table.meshes[m].levels[level])
                    self.triangles[m, level] = len(packed.triangle)

    def turn(self, row: int, heading: float, /) -> None:
        """Turns one row to a heading, radians, from the next draw on; its box must hold it at every heading. All rows go up."""
        assert self.rows is not None
        convert.floats(self.rows)[2 * row, 3] = heading

    def close_steps(self) -> Steps[None]:
        """Gives the buffers back."""
        if self.rows is not None:
            self.rows.release_all()
        while self.geoms:
            self.geoms.popitem()
            yield


class InstancePass:
    """The draws of one pass over a table: one node for each (mesh, level), hidden while it has no row; below `still`, or
    below `swaying` if the wind moves it, so that a program can be set on either or, on `root`, on both.

    The visible rows live in a buffer texture: the start of every batch, then the row numbers. Its capacity is a power of two
    that follows the need, so that a frame uploads little more than what it shows."""

    def __init__(self, geometry: InstanceGeometry, parent: NodePath, /, *, copies: int) -> None:
        """`copies`: how often each row is drawn, once for each view of the pass. It is whole after `steps`."""
        self._geometry = geometry
        self._shape = (geometry.meshes, geometry.levels)
        self._batches = geometry.meshes * geometry.levels
        self._copies = copies
        self._nodes: list[NodePath | None] = [None] * self._batches
        self._shown = np.zeros(self._batches, np.int32)
        self._capacity = 1 << max(self._batches, 64).bit_length()
        self._visible: Texture = convert.number_rows("visible rows", self._capacity)
        self.root: NodePath = parent.attach_new_node("instances")
        self.still: NodePath = self.root.attach_new_node("still")
        self.swaying: NodePath = self.root.attach_new_node("swaying")
        self.root.set_shader_inputs(instance_rows=geometry.rows, visible_rows=self._visible)

    def steps(self) -> Steps[None]:
        """Makes the nodes."""
        geometry = self._geometry
        for (m, level), geom in geometry.geoms.items():
            number = m * geometry.levels + level
            node = GeomNode("batch")
            node.add_geom(geom)
            node.set_bounds(OmniBoundingVolume())
            node.final = True
            sways = geometry.sway[m] > 0.0
            path = (self.swaying if sways else self.still).attach_new_node(node)
            path.set_shader_input("batch", LVecBase2i(number, self._batches))
            if sways:
                path.set_shader_input("sway", geometry.sway[m])
            if geometry.two_sided[m, level]:
                path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
            path.hide()
            self._nodes[number] = path
            yield

    def show(self, visible: VisibleSet, /) -> None:
        """Draws these rows from the next frame on. Raises ValueError if the set is of another table's shape."""
        counts = visible.counts.reshape(-1)
        if visible.counts.shape != self._shape:
            raise ValueError(f"visible.counts has shape {visible.counts.shape}; expected {self._shape} (meshes, levels)")
        needed = self._batches + len(visible.rows)
        if needed > self._capacity or needed * 8 < self._capacity:
            self._capacity = 1 << max(needed, 64).bit_length()
            convert.resize_numbers(self._visible, self._capacity)
        memory = convert.numbers(self._visible)
        memory[: self._batches] = visible.offsets.reshape(-1)
        memory[self._batches : needed] = visible.rows
        for number in np.flatnonzero(counts != self._shown).tolist():
            self._set_count(number, int(counts[number]))
        self._shown[:] = counts

    def _set_count(self, number: int, count: int) -> None:
        path = self._nodes[number]
        if path is None:
            return
        if count:
            path.set_instance_count(count * self._copies)
        if bool(count) != bool(self._shown[number]):
            path.show() if count else path.hide()

    @property
    def draw_calls(self) -> int:
        """Batches shown now."""
        return int(np.count_nonzero(self._shown))

    def remove(self) -> None:
        """Takes the pass out of the graph."""
        self.root.remove_node()
        self._visible.release_all()  # the engine's store of states would keep it on the graphics card

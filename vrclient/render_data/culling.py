"""What a scene's visibility is asked with: instances by mesh and level, chunks near or far, and the boxes of all against the
horizon. The tests themselves are in visibility/."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.render_data.steps import Steps
from vrclient.scene.tables import Chunk, InstanceTable, Scene
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.batches import Remaining, VisibleSet
from vrclient.visibility.horizon import Horizon

CHUNK_FAR_PIXELS = 260.0
"""Projected diameter of a chunk under which its far geometry serves. A chunk is about 64 m wide: so from about 250 m on."""

SOLIDS_WITHIN_M = 400.0
"""Solid boxes further away than this are not asked whether they hide anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """One frame's rows. instances: by (mesh, level); chunks: one mesh, level 0 = near, 1 = far. Buffers of their indices:
    valid until the next cull."""

    instances: VisibleSet
    chunks: VisibleSet


class SceneVisibility:
    """What one viewer sees of a scene: frustum, dates and levels by two indices, and what solid things hide by the horizon.
    `lod_bias` and `cutoff_px` as in Quality; without `horizon` hidden things count as visible."""

    def __init__(self, scene: Scene, /, *, lod_bias: float = 1.0, cutoff_px: float = 1.2, horizon: bool = True) -> None:
        self._begin(
            scene,
            _instance_index(scene.instances, lod_bias, cutoff_px),
            _chunk_index(scene.chunks, lod_bias),
            Hiding.of(scene) if horizon else None,
        )

    def _begin(self, scene: Scene, instances: VisibilityIndex, chunks: VisibilityIndex, hiding: "Hiding | None") -> None:
        self.instances, self.chunks = instances, chunks
        self.layers: frozenset[str] | None = None
        """The layers that are shown; None = all."""
        self._scene, self._hiding = scene, hiding
        self._culled: Visible | None = None
        self._visible: Visible | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets it as it was built: what frames saw of it, and `show_layers`, are forgotten."""
        return _restored, (self._scene, self.instances, self.chunks, self._hiding)

    def cull(self, view_set: ViewSet, /, *, date: int | None = None) -> Visible:
        """What the views may see on a day (`date.toordinal()`; None = whatever exists at any time). The very same result
        while nothing has changed."""
        behind = self._hiding.horizon(view_set, date=date) if self._hiding else None
        instances = self.instances.cull(view_set, date=date, behind=behind)
        chunks = self.chunks.cull(view_set, date=date)
        culled = self._culled
        if self._visible is None or culled is None or culled.instances is not instances or culled.chunks is not chunks:
            self._culled = Visible(instances, chunks)
            self._visible = self._hiding.without_hidden(self._culled) if self._hiding else self._culled
        return self._visible

    def cull_steps(self, view_set: ViewSet, /, *, date: int | None = None) -> Steps[Visible]:
        """The same in steps, for a scene that is asked for the first time: that takes longer than ever after."""
        behind = self._hiding.horizon(view_set, date=date) if self._hiding else None
        yield
        self.chunks.cull(view_set, date=date)
        yield
        self.instances.cull(view_set, date=date, behind=behind)
        yield
        return self.cull(view_set, date=date)

    def show_layers(self, names: Iterable[str] | None, /) -> None:
        """Leaves out what belongs to other layers than these, from the next `cull` on; None = nothing. What belongs to no layer
        is always there. That cull takes as long as after a jump, the ones after it no longer than before."""
        layers = None if names is None else frozenset(names)
        if layers == self.layers:
            return
        self.layers = layers
        # The last number, -1, is of what belongs to no layer.
        shown = np.array([layers is None or name in layers for name in self._scene.layers] + [True])
        self.instances.show(shown[self._scene.instances.layer])
        self.chunks.show(shown[np.array([chunk.layer for chunk in self._scene.chunks], np.int16)])
        if self._hiding:
            self._hiding.show_layers(shown)

    def move(self, rows: NDArray[np.integer], center: NDArray[np.float32], half_extent: NDArray[np.float32], /) -> None:
        """Gives instances new boxes from the next `cull` of this viewer on; as VisibilityIndex.move, with its errors. What is
        drawn for them is the renderer's; solid ones go on hiding what they hid: what moves is not solid."""
        self.instances.move(rows, center, half_extent)
        if self._hiding:
            self._hiding.move(rows, center, half_extent)


def _restored(scene: Scene, instances: VisibilityIndex, chunks: VisibilityIndex, hiding: "Hiding | None", /) -> SceneVisibility:
    made = SceneVisibility.__new__(SceneVisibility)
    made._begin(scene, instances, chunks, hiding)
    return made


class Hiding:
    """The horizon of a scene's solid boxes, the rows and chunks that are behind it, and the buffers for both."""

    def __init__(
        self,
        solids: VisibilityIndex,
        layer: NDArray[np.int16],
        solid_boxes: NDArray[np.float32],
        boxes: tuple[NDArray[np.float32], NDArray[np.float32]],
        /,
    ) -> None:
        """`layer` [S] of the solids; boxes [6, N] as columns of center and half extent: of the solids, and of what they may
        hide: instances and chunks."""
        self._solids, self._solid_layer = solids, layer
        self._solid_set: VisibleSet | None = None
        self._solid_boxes, self._boxes = solid_boxes, boxes
        rows, chunks = (part.shape[1] for part in boxes)
        count = max(solid_boxes.shape[1], rows + chunks)
        self._gathered = np.empty((6, count), np.float32)
        self._numbers = np.empty(count, np.int64)
        self._out = np.zeros(count, np.bool_)
        self._remaining = Remaining(rows), Remaining(chunks)
        self._horizon = Horizon()
        self._clip: NDArray[np.float64] | None = None
        self._near_views: ViewSet | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """As of SceneVisibility."""
        return Hiding, (self._solids, self._solid_layer, self._solid_boxes, self._boxes)

    @classmethod
    def of(cls, scene: Scene, /) -> "Hiding":
        """The horizon of a scene."""
        table, chunks, solids = scene.instances, scene.chunks, scene.solids
        fills = np.array([mesh.solid for mesh in table.meshes], np.bool_)
        upright = np.abs(np.sin(2.0 * table.heading)) < 1e-6  # others do not fill the boxes around them
        rows = np.flatnonzero(fills[table.mesh] & upright) if len(fills) else np.zeros(0, np.int64)
        center = np.concatenate([solids.center, table.center[rows]])
        half_extent = np.concatenate([solids.half_extent, table.half_extent[rows]])
        index = VisibilityIndex.build(
            center,
            half_extent,
            np.zeros(len(center), np.int32),
            built=np.concatenate([solids.built, table.built[rows]]),
            demolished=np.concatenate([solids.demolished, table.demolished[rows]]),
        )
        boxes = (
            _columns(table.center, table.half_extent + np.outer(wind_margin(table), [1.0, 1.0, 0.0])),
            _columns(*(np.array([getattr(chunk, name) for chunk in chunks]) for name in ("center", "half_extent"))),
        )
        return cls(index, np.concatenate([solids.layer, table.layer[rows]]), _columns(center, half_extent), boxes)

    def horizon(self, view_set: ViewSet, /, *, date: int | None) -> Horizon | None:
        """The horizon of these views on a day; None where nothing solid raises one."""
        if not len(self._solids):
            return None
        solids = self._solids.cull(self._near(view_set), date=date)
        if solids is not self._solid_set:
            self._solid_set = solids
            boxes = self._gathered[:, : len(solids)]
            self._gather(self._solid_boxes, solids, boxes)
            self._horizon.rise(view_set, boxes)
        return self._horizon if self._horizon.is_up else None

    def without_hidden(self, visible: Visible, /) -> Visible:
        """`visible` without what is behind the horizon that `horizon` made last. Its arrays are buffers, valid until the next
        call."""
        if not len(self._solids) or not self._horizon.is_up:
            return visible
        first, count = len(visible.instances), len(visible.instances) + len(visible.chunks)
        self._gather(self._boxes[0], visible.instances, self._gathered[:, :first])
        self._gather(self._boxes[1], visible.chunks, self._gathered[:, first:count])
        hidden = self._out[:count]
        if not self._horizon.hidden(self._gathered[:, :count], out=hidden):
            return visible
        rows, chunks = self._remaining
        return Visible(rows.without(visible.instances, hidden[:first]), chunks.without(visible.chunks, hidden[first:]))

    def show_layers(self, shown: NDArray[np.bool_], /) -> None:
        """By number [L + 1] bool: what is hidden raises no horizon."""
        self._solids.show(shown[self._solid_layer])

    def move(self, rows: NDArray[np.integer], center: NDArray[np.float32], half_extent: NDArray[np.float32], /) -> None:
        """New boxes of instances."""
        boxes = self._boxes[0]
        boxes[:3, rows], boxes[3:, rows] = center.T, half_extent.T

    def _gather(self, boxes: NDArray[np.float32], visible: VisibleSet, out: NDArray[np.float32], /) -> None:
        """Fills `out` [6, K] with the boxes [6, N] of a set's rows."""
        numbers = self._numbers[: len(visible)]
        numbers[:] = visible.rows  # else `take` would make such a copy for each column
        for column, part in zip(boxes, out, strict=True):
            column.take(numbers, out=part, mode="clip")

    def _near(self, view_set: ViewSet, /) -> ViewSet:
        """The same views, not further than solids are asked."""
        if view_set.clip_from_view is not self._clip or self._near_views is None:
            self._clip = view_set.clip_from_view
            far = max(min(view_set.far, SOLIDS_WITHIN_M), 2.0 * view_set.near)
            pose, pixels = view_set.view_from_world, view_set.pixels
            self._near_views = ViewSet.from_arrays(pose, view_set.fov, near=view_set.near, far=far, pixels=pixels)
        return self._near_views.seen_from(view_set.view_from_world)


def _columns(center: NDArray[np.float32], half_extent: NDArray[np.float32]) -> NDArray[np.float32]:
    """[6, N] contiguous."""
    boxes = np.concatenate([np.reshape(center, (-1, 3)), np.reshape(half_extent, (-1, 3))], axis=1)
    return np.ascontiguousarray(boxes.T, np.float32)


def level_count(table: InstanceTable, /) -> int:
    """L: the most levels that any mesh has (1 for an empty table)."""
    return max((len(levels) for levels in table.levels), default=1)


def lod_pixels(table: InstanceTable, /) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """[M, L - 1] float32: where each level gives way to the next; 0 = never."""
    pixels = np.zeros((len(table.meshes), level_count(table) - 1), np.float32)
    for row, mesh in enumerate(table.meshes):
        pixels[row, : len(mesh.lod_pixels)] = mesh.lod_pixels[: len(mesh.levels) - 1]
    return pixels


def wind_margin(table: InstanceTable, /) -> NDArray[np.float32]:
    """[N] metres: how far the wind can move the tops of the rows to the sides (shaders/include/instances.glsl)."""
    if not len(table.meshes):
        return np.zeros(0, np.float32)
    sway = np.array([mesh.sway for mesh in table.meshes], np.float32)[table.mesh]
    top = np.maximum(table.center[:, 2] + table.half_extent[:, 2] - table.position[:, 2], 0.0)
    return np.asarray(1.4 * 0.0012 * sway * top**2 / (1.0 + 0.08 * top), np.float32)


def _instance_index(table: InstanceTable, lod_bias: float, cutoff_px: float) -> VisibilityIndex:
    return VisibilityIndex.build(
        table.center,
        table.half_extent,
        table.mesh,
        built=table.built,
        demolished=table.demolished,
        lod_pixels=lod_pixels(table),
        cutoff_pixels=cutoff_px,
        margin=wind_margin(table),
        lod_bias=lod_bias,
    )


def _chunk_index(chunks: tuple[Chunk, ...], lod_bias: float) -> VisibilityIndex:
    return VisibilityIndex.build(
        np.array([chunk.center for chunk in chunks], np.float32).reshape(-1, 3),
        np.array([chunk.half_extent for chunk in chunks], np.float32).reshape(-1, 3),
        np.zeros(len(chunks), np.int32),
        built=np.array([chunk.built for chunk in chunks], np.int32),
        demolished=np.array([chunk.demolished for chunk in chunks], np.int32),
        lod_pixels=[[CHUNK_FAR_PIXELS]],
        lod_bias=lod_bias,
    )

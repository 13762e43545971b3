"""What a scene's visibility is asked with: instances by mesh and level, chunks near or far. The tests are in visibility/."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.scene.tables import Chunk, InstanceTable, Scene
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.batches import Remaining, VisibleSet
from vrclient.visibility.horizon import Horizon

CHUNK_FAR_PIXELS = 260.0
"""Projected diameter of a chunk under which its far geometry serves. A chunk is about 64 m wide: so from about 250 m on."""


SOLIDS_WITHIN_M = 400.0
"""Solids of elements are not asked further away than this; solid instances are, as they are at hand anyway."""


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
        self.instances = _instance_index(scene.instances, lod_bias, cutoff_px)
        self.chunks = _chunk_index(scene.chunks, lod_bias)
        has_solids = len(scene.solids.center) > 0 or any(mesh.solid for mesh in scene.instances.meshes)
        self._hidden = Hidden(scene) if horizon and has_solids else None
        self._before: Visible | None = None
        self._visible: Visible | None = None

    def cull(self, view_set: ViewSet, /, *, date: int | None = None) -> Visible:
        """What the views may see on a day (`date.toordinal()`; None = whatever exists at any time). The very same result
        while nothing has changed."""
        visible = Visible(self.instances.cull(view_set, date=date), self.chunks.cull(view_set, date=date))
        before = self._before
        if (
            self._visible is None
            or before is None
            or before.instances is not visible.instances
            or before.chunks is not visible.chunks
        ):
            self._before = visible
            self._visible = self._hidden.removed(visible, view_set, date=date) if self._hidden else visible
        return self._visible


class Hidden:
    """Takes out of a frame what solid things hide: boxes of rows and chunks against the horizon, and the buffers for that."""

    def __init__(self, scene: Scene, /) -> None:
        self._solids = VisibilityIndex.build(
            scene.solids.center,
            scene.solids.half_extent,
            np.zeros(len(scene.solids.center), np.int32),
            built=scene.solids.built,
            demolished=scene.solids.demolished,
        )
        table, chunks = scene.instances, scene.chunks
        self._boxes = (
            _columns(table.center, table.half_extent),
            _columns(*(np.array([getattr(chunk, name) for chunk in chunks]) for name in ("center", "half_extent"))),
            _columns(scene.solids.center, scene.solids.half_extent),
        )
        self._solid_meshes = [number for number, mesh in enumerate(table.meshes) if mesh.solid]
        count = sum(boxes.shape[1] for boxes in self._boxes)
        self._gathered = np.empty((6, count), np.float32)
        self._numbers = np.empty(count, np.int64)
        self._out = np.zeros(count, np.bool_)
        self._remaining = Remaining(len(table.position)), Remaining(len(chunks))
        self._horizon = Horizon()
        self._clip: NDArray[np.float64] | None = None
        self._near_views: ViewSet | None = None

    def removed(self, visible: Visible, view_set: ViewSet, /, *, date: int | None) -> Visible:
        """`visible` without what cannot be seen. Its arrays are buffers, valid until the next call."""
        solids = self._solids.cull(self._near(view_set), date=date)
        sets = (visible.instances, visible.chunks, solids)
        ends = np.cumsum([len(one) for one in sets]).tolist()
        first, second, count = ends
        for start, one, boxes in zip((0, first, second), sets, self._boxes, strict=True):
            numbers = self._numbers[: len(one)]
            numbers[:] = one.rows  # else `take` would make such a copy for each column
            for column, gathered in zip(boxes, self._gathered, strict=True):
                column.take(numbers, out=gathered[start : start + len(one)], mode="clip")
        hidden = self._out[:second]
        offsets, counts = visible.instances.offsets, visible.instances.counts
        solid = [slice(int(offsets[m, 0]), int(offsets[m, 0] + counts[m].sum())) for m in self._solid_meshes]
        solid.append(slice(second, count))
        if not self._horizon.hidden(view_set, self._gathered[:, :count], solid, out=hidden):
            return visible
        rows, chunks = self._remaining
        return Visible(rows.without(visible.instances, hidden[:first]), chunks.without(visible.chunks, hidden[first:second]))

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


def _instance_index(table: InstanceTable, lod_bias: float, cutoff_px: float) -> VisibilityIndex:
    return VisibilityIndex.build(
        table.center,
        table.half_extent,
        table.mesh,
        built=table.built,
        demolished=table.demolished,
        lod_pixels=lod_pixels(table),
        cutoff_pixels=cutoff_px,
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

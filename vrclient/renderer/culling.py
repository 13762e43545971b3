"""What a scene's visibility is asked with: instances by mesh and level, chunks near or far. The tests are in visibility/."""

from dataclasses import dataclass

import numpy as np

from vrclient.frame.views import ViewSet
from vrclient.scene.tables import Chunk, InstanceTable, Scene
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.batches import VisibleSet

CHUNK_FAR_PIXELS = 260.0
"""Projected diameter of a chunk under which its far geometry serves. A chunk is about 64 m wide: so from about 250 m on."""

SMALLEST_PIXELS = 1.2
"""Instances of a smaller projected diameter are not drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """One frame's rows. instances: by (mesh, level); chunks: one mesh, level 0 = near, 1 = far. Buffers of their indices:
    valid until the next cull."""

    instances: VisibleSet
    chunks: VisibleSet


class SceneVisibility:
    """The two indices of a scene. `lod_bias` > 1 keeps finer levels longer."""

    def __init__(self, scene: Scene, /, *, lod_bias: float = 1.0) -> None:
        self.instances = _instance_index(scene.instances, lod_bias)
        self.chunks = _chunk_index(scene.chunks, lod_bias)

    def cull(self, view_set: ViewSet, /, *, date: int | None = None) -> Visible:
        """What the views may see on a day (`date.toordinal()`; None = whatever exists at any time)."""
        return Visible(self.instances.cull(view_set, date=date), self.chunks.cull(view_set, date=date))


def level_count(table: InstanceTable, /) -> int:
    """L: the most levels that any mesh has (1 for an empty table)."""
    return max((len(levels) for levels in table.levels), default=1)


def lod_pixels(table: InstanceTable, /) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """[M, L - 1] float32: where each level gives way to the next; 0 = never."""
    pixels = np.zeros((len(table.meshes), level_count(table) - 1), np.float32)
    for row, mesh in enumerate(table.meshes):
        pixels[row, : len(mesh.lod_pixels)] = mesh.lod_pixels[: len(mesh.levels) - 1]
    return pixels


def _instance_index(table: InstanceTable, lod_bias: float) -> VisibilityIndex:
    return VisibilityIndex.build(
        table.center,
        table.half_extent,
        table.mesh,
        built=table.built,
        demolished=table.demolished,
        lod_pixels=lod_pixels(table),
        cutoff_pixels=SMALLEST_PIXELS,
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

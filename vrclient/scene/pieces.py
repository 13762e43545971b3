"""Large chunks in several pieces: what goes to the graphics card at once must fit between two frames, and of a cliff or a hall
only what is seen is drawn. How surfaces become chunks is in build.py."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.draw_data import OPAQUE
from vrclient.scene.tables import Chunk, PackedMesh

LARGEST_BYTES = 1 << 20
"""Vertices of one piece."""


def in_pieces(chunk: Chunk, /) -> Iterator[Chunk]:
    """The chunk, or pieces of it that hold all its triangles once. Where it is drawn otherwise far away, all pieces keep its
    bounds, so that they change together."""
    ordered = chunk.surface not in OPAQUE
    near = list(_halved(chunk.near, ordered=ordered))
    if chunk.far is None:
        if len(near) == 1:
            yield chunk
            return
        for piece in near:
            low, high = piece.vertex["position"].min(axis=0), piece.vertex["position"].max(axis=0)
            yield replace(chunk, near=piece, center=(low + high) / 2, half_extent=(high - low) / 2)
        return
    far = list(_halved(chunk.far, ordered=ordered))
    if len(near) == len(far) == 1:
        yield chunk
        return
    nothing = PackedMesh(chunk.near.vertex[:0], chunk.near.triangle[:0])
    for number in range(max(len(near), len(far))):
        yield replace(
            chunk,
            near=near[number] if number < len(near) else nothing,
            far=far[number] if number < len(far) else nothing,
        )


def _halved(mesh: PackedMesh, *, ordered: bool) -> Iterator[PackedMesh]:
    """Cut between triangles, until each half is small enough: across the longest side, or `ordered`, for what one sees through,
    so that all stay in their order."""
    if mesh.vertex.nbytes <= LARGEST_BYTES or len(mesh.triangle) < 2:
        yield mesh
        return
    count = len(mesh.triangle)
    first = np.arange(count) < count // 2
    if not ordered:
        middle = mesh.vertex["position"][mesh.triangle].mean(axis=1)
        across = middle[:, int(np.argmax(np.ptp(middle, axis=0)))]
        first[np.argpartition(across, count // 2)] = first.copy()
    for some in (first, ~first):
        yield from _halved(_of(mesh, mesh.triangle[some]), ordered=ordered)


def _of(mesh: PackedMesh, triangle: NDArray[np.uint32]) -> PackedMesh:
    """These triangles, in their order, with the vertices that they use."""
    used = np.zeros(len(mesh.vertex), np.bool_)
    used[triangle] = True
    number = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    return PackedMesh(mesh.vertex[used], number[triangle])

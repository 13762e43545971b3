"""A triangle mesh as columns, and the few operations every shape needs. Polygons with holes are in scene/polygons.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.frames import world_from_body

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles with per-vertex columns; N vertices, T triangles. Build one with `mesh()`, which checks and fills in.

    position  [N, 3] float32 metres
    normal    [N, 3] float32 unit vectors
    uv        [N, 2] float32: metres along the surface (u along, v up), or 0..1 with v up where the material has an image
    color     [N, 3] float32 linear RGB that multiplies the material's colour
    openness  [N] float32: 1 = the whole sky is seen from here, 0 = none of it (ambient occlusion, baked)
    triangle  [T, 3] uint32, counterclockwise seen from the side the normal points to
    """

    position: Floats
    normal: Floats
    uv: Floats
    color: Floats
    openness: Floats
    triangle: NDArray[np.uint32]


def mesh(
    position: ArrayLike,
    triangle: ArrayLike,
    /,
    *,
    normal: ArrayLike | None = None,
    uv: ArrayLike | None = None,
    color: ArrayLike | None = None,
    openness: ArrayLike | None = None,
) -> Mesh:
    """A checked Mesh. Missing normals become flat ones (vertices are then split, one per corner); a missing uv is 0,
    a missing colour white, a missing openness 1. `color` may be one [3] for all.

    Raises ValueError that names the argument, its shape and the rule."""
    points = np.ascontiguousarray(position, np.float32).reshape(-1, 3)
    triangles = np.ascontiguousarray(triangle, np.uint32).reshape(-1, 3)
    if triangles.size and int(triangles.max()) >= len(points):
        raise ValueError(f"triangle names vertex {int(triangles.max())}, but position has {len(points)} rows")
    count = len(points)

    def column(name: str, value: ArrayLike | None, width: int, missing: float) -> Floats:
        shape = (count, width) if width > 1 else (count,)
        if value is None:
            return np.full(shape, missing, np.float32)
        array = np.asarray(value, np.float32)
        if array.shape != shape and array.shape not in ((width,), ()):
            raise ValueError(f"{name} has shape {array.shape}; expected {shape} or one value for all")
        return np.ascontiguousarray(np.broadcast_to(array, shape))

    columns = {
        "uv": column("uv", uv, 2, 0.0),
        "color": column("color", color, 3, 1.0),
        "openness": column("openness", openness, 1, 1.0),
    }
    if normal is None:
        corner = triangles.reshape(-1)
        split = {name: values[corner] for name, values in columns.items()}
        points = points[corner]
        triangles = np.arange(len(corner), dtype=np.uint32).reshape(-1, 3)
        return Mesh(position=points, normal=np.repeat(face_normals(points, triangles), 3, axis=0), triangle=triangles, **split)
    return Mesh(position=points, normal=column("normal", normal, 3, 0.0), triangle=triangles, **columns)


def face_normals(position: Floats, triangle: NDArray[np.uint32], /) -> Floats:
    """[T, 3] float32 unit normals by the right-hand rule; a triangle without area gets straight up."""
    a, b, c = (position[triangle[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    return np.where(length > 1e-12, normal / np.maximum(length, 1e-12), np.array([0, 0, 1], np.float32)).astype(np.float32)


def smooth_normals(position: Floats, triangle: NDArray[np.uint32], /) -> Floats:
    """[N, 3] float32 area-weighted vertex normals of a mesh that shares its vertices."""
    a, b, c = (position[triangle[:, k]] for k in range(3))
    weighted = np.cross(b - a, c - a)
    total = np.zeros((len(position), 3))
    for corner in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangle[:, corner], weights=weighted[:, axis], minlength=len(position))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-12, total / np.maximum(length, 1e-12), [0.0, 0.0, 1.0]).astype(np.float32)


EMPTY = mesh(np.zeros((0, 3)), np.zeros((0, 3)), normal=np.zeros((0, 3)))


def concatenated(meshes: Sequence[Mesh], /) -> Mesh:
    """All meshes as one, in order; no meshes give an empty mesh."""
    if not meshes:
        return EMPTY
    offsets = np.cumsum([0] + [len(m.position) for m in meshes[:-1]])
    return Mesh(
        position=np.concatenate([m.position for m in meshes]),
        normal=np.concatenate([m.normal for m in meshes]),
        uv=np.concatenate([m.uv for m in meshes]),
        color=np.concatenate([m.color for m in meshes]),
        openness=np.concatenate([m.openness for m in meshes]),
        triangle=np.concatenate([m.triangle + np.uint32(k) for m, k in zip(meshes, offsets, strict=True)]),
    )


def transformed(shape: Mesh, target_from_source: ArrayLike, /) -> Mesh:
    """The mesh under an affine [4, 4] matrix; normals follow the inverse transpose, and a mirror keeps faces outward."""
    matrix = np.asarray(target_from_source, np.float64)
    linear = matrix[:3, :3]
    normal = shape.normal @ np.linalg.inv(linear)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    triangle = shape.triangle if np.linalg.det(linear) > 0 else np.ascontiguousarray(shape.triangle[:, ::-1])
    return replace(
        shape,
        position=(shape.position @ linear.T + matrix[:3, 3]).astype(np.float32),
        normal=(normal / np.maximum(length, 1e-12)).astype(np.float32),
        triangle=triangle,
    )


def copied(shape: Mesh, target_from_source: ArrayLike, /) -> Mesh:
    """[C, 4, 4] affine matrices: the mesh under each of them, all in one. As `transformed`, but a matrix may flatten: normals
    follow the cofactors, and one that has no direction left is straight up."""
    matrices = np.asarray(target_from_source, np.float64)
    linear, count, corners = matrices[:, :3, :3], len(matrices), len(shape.position)
    cofactor = np.cross(np.roll(linear, -1, axis=1), np.roll(linear, -2, axis=1))
    mirrors = np.einsum("ci,ci->c", linear[:, 0], cofactor[:, 0]) < 0
    cofactor[mirrors] *= -1.0
    position, normal = np.empty((2, count, corners, 3), np.float32)
    step = max(1, _COPIED_AT_ONCE // max(corners, 1))
    for first in range(0, count, step):
        some = slice(first, first + step)
        position[some] = shape.position @ linear[some].swapaxes(1, 2) + matrices[some, None, :3, 3]
        turned = shape.normal @ cofactor[some].swapaxes(1, 2)
        length = np.linalg.norm(turned, axis=2, keepdims=True)
        normal[some] = np.where(length > 0, turned / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))
    triangle = shape.triangle + np.arange(count, dtype=np.uint32)[:, None, None] * np.uint32(corners)
    triangle[mirrors] = triangle[mirrors][:, :, ::-1]
    return Mesh(
        position=position.reshape(-1, 3),
        normal=normal.reshape(-1, 3),
        uv=np.tile(shape.uv, (count, 1)),
        color=np.tile(shape.color, (count, 1)),
        openness=np.tile(shape.openness, count),
        triangle=triangle.reshape(-1, 3),
    )


_COPIED_AT_ONCE = 100_000


def placed(shape: Mesh, /, *, at: ArrayLike = (0.0, 0.0, 0.0), heading: float = 0.0, scale: ArrayLike = 1.0) -> Mesh:
    """The mesh scaled, turned to a compass `heading` (radians) and moved to `at` (metres)."""
    matrix = world_from_body(at, heading=heading)
    matrix[:3, :3] *= np.broadcast_to(np.asarray(scale, np.float64), (3,))
    return transformed(shape, matrix)

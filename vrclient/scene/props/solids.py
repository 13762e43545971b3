"""Small solids with smooth normals that props are put together from: balls, tubes, boxes. Colours are per solid."""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import Mesh, mesh, transformed
from vrclient.scene.draw_data import Color

Vectors = NDArray[np.float64]


def unit(vector: ArrayLike, /) -> Vectors:
    """[..., 3] vectors as unit vectors; one without length stays zero."""
    values = np.asarray(vector, np.float64)
    return values / np.maximum(np.linalg.norm(values, axis=-1, keepdims=True), 1e-12)


@cache
def sphere_grid(detail: int, /) -> tuple[Vectors, NDArray[np.uint32]]:
    """Unit sphere as (vertices [N, 3], triangles [T, 3]): 0 = octahedron (8), 1 = its halves (32), 2 = icosahedron (20),
    3 = its halves (80)."""
    if detail < 2:
        point = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], np.float64)
        face = [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4), (1, 0, 5), (2, 1, 5), (3, 2, 5), (0, 3, 5)]
    else:
        ring = np.arange(5) * (2 * np.pi / 5)
        low, wide = 1 / np.sqrt(5), 2 / np.sqrt(5)
        upper = np.stack([wide * np.cos(ring), wide * np.sin(ring), np.full(5, low)], axis=1)
        lower = np.stack([wide * np.cos(ring + np.pi / 5), wide * np.sin(ring + np.pi / 5), np.full(5, -low)], axis=1)
        point = np.concatenate([[[0, 0, 1.0]], upper, lower, [[0, 0, -1.0]]])
        face = []
        for k in range(5):
            n = (k + 1) % 5
            face += [(0, 1 + k, 1 + n), (1 + k, 6 + k, 1 + n), (1 + n, 6 + k, 6 + n), (6 + k, 11, 6 + n)]
    triangle = np.array(face, np.uint32)
    if detail in (1, 3):
        point, triangle = _halved(point, triangle)
    return point, triangle


def _halved(point: Vectors, triangle: NDArray[np.uint32]) -> tuple[Vectors, NDArray[np.uint32]]:
    edge = np.sort(np.concatenate([triangle[:, [0, 1]], triangle[:, [1, 2]], triangle[:, [2, 0]]]), axis=1)
    pairs, place = np.unique(edge, axis=0, return_inverse=True)
    middle = place.reshape(3, -1).T.astype(np.uint32) + np.uint32(len(point))
    a, b, c = triangle.T
    ab, bc, ca = middle.T
    finer = np.concatenate([np.stack(one, axis=1) for one in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    return np.concatenate([point, unit(point[pairs[:, 0]] + point[pairs[:, 1]])]), finer


def ball(center: ArrayLike, radius: ArrayLike, /, *, color: Color = (1.0, 1.0, 1.0), detail: int = 2) -> Mesh:
    """An ellipsoid; radius is one value or three."""
    point, triangle = sphere_grid(detail)
    size = np.broadcast_to(np.asarray(radius, np.float64), (3,))
    return mesh(point * size + np.asarray(center), triangle, normal=unit(point / size), color=color)


def tube(
    points: ArrayLike, radii: ArrayLike, /, *, sides: int = 6, color: Color = (1.0, 1.0, 1.0), closed_ends: bool = True
) -> Mesh:
    """A round bar through points [N, 3] with a radius at each [N]; its rings lie flat where it stands upright."""
    line = np.asarray(points, np.float64)
    radius = np.broadcast_to(np.asarray(radii, np.float64), len(line))
    step = np.diff(line, axis=0)
    direction = unit(np.concatenate([step[:1], step[:-1] + step[1:], step[-1:]]))
    helper = np.where(np.abs(direction[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    right = unit(np.cross(helper, direction))
    front = np.cross(direction, right)
    angle = np.arange(sides) * (2 * np.pi / sides)
    around = np.cos(angle)[None, :, None] * right[:, None] + np.sin(angle)[None, :, None] * front[:, None]
    position = (line[:, None] + radius[:, None, None] * around).reshape(-1, 3)
    triangles = []
    for k in range(len(line) - 1):
        for j in range(sides):
            a, b = k * sides + j, k * sides + (j + 1) % sides
            triangles += [(a, b, b + sides), (a, b + sides, a + sides)]
    normal = around.reshape(-1, 3)
    run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(step, axis=1))])
    uv = np.stack([np.tile(angle, len(line)) * radius.repeat(sides), run.repeat(sides)], axis=1)
    if closed_ends:
        first, last = len(position), len(position) + sides
        ends = [position[:sides], position[-sides:]]
        position = np.concatenate([position, *ends])
        normal = np.concatenate([normal, np.repeat([-direction[0], direction[-1]], sides, axis=0)])
        uv = np.concatenate([uv, uv[:sides], uv[-sides:]])
        for j in range(1, sides - 1):
            triangles += [(first, first + j + 1, first + j), (last, last + j, last + j + 1)]
    return mesh(position, triangles, normal=normal, uv=uv, color=color)


def block(low: ArrayLike, high: ArrayLike, /, *, color: Color = (1.0, 1.0, 1.0), turn: ArrayLike | None = None) -> Mesh:
    """A box between two corners, optionally under an affine [4, 4] matrix."""
    solid = tinted(box(low, high), color)
    return solid if turn is None else transformed(solid, turn)


def sheets(corner: ArrayLike, /, *, normal: ArrayLike, color: ArrayLike, openness: ArrayLike) -> Mesh:
    """Loose flat polygons, each of the same number of corners: leaves, blades, petals. Their front is where their normals
    point.

    corner [N, K, 3] in order around each; normal and color [N, K, 3] and openness [N, K] in what broadcasts to that."""
    corners = np.asarray(corner, np.float64)
    count, sides, _ = corners.shape
    normals = np.broadcast_to(normal, corners.shape)
    fan = np.array([(0, k, k + 1) for k in range(1, sides - 1)], np.uint32).reshape(-1)
    triangle = ((np.arange(count, dtype=np.uint32) * np.uint32(sides))[:, None] + fan).reshape(count, -1, 3)
    across = np.cross(corners[:, sides // 2] - corners[:, 0], corners[:, -1] - corners[:, 1])
    backward = np.sum(across * normals.mean(axis=1), axis=1) < 0.0
    triangle[backward] = triangle[backward][:, :, ::-1]
    flat = corners.reshape(-1, 3)
    return mesh(
        flat,
        triangle.reshape(-1, 3),
        normal=normals.reshape(-1, 3),
        uv=flat[:, :2] + flat[:, 2:],
        color=np.clip(np.broadcast_to(color, corners.shape), 0.0, 1.0).reshape(-1, 3),
        openness=np.broadcast_to(openness, (count, sides)).reshape(-1),
    )


def tinted(shape: Mesh, color: Color, /) -> Mesh:
    """The mesh with its colour multiplied by `color`."""
    return replace(shape, color=shape.color * np.asarray(color, np.float32))


def shaded_to_ground(shape: Mesh, /, *, height: float, least: float = 0.5) -> Mesh:
    """The mesh with less sky near its foot: openness rises from `least` at z = 0 to 1 at `height`."""
    rise = np.clip(shape.position[:, 2] / height, 0.0, 1.0)
    return replace(shape, openness=(shape.openness * (least + (1 - least) * np.sqrt(rise))).astype(np.float32))

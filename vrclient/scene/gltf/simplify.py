"""A simpler version of a mesh for where it is small: vertices of one grid cell that face the same way become one.

Pictures turn into vertex colours on the way, because uv do not survive; far away a texel is less than a pixel."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from vrclient.geometry.mesh import EMPTY, Floats, Mesh
from vrclient.scene.colors import linear_from_srgb
from vrclient.scene.draw_data import Image, Surface

SIMPLE_ENOUGH = 2000
"""Up to so many triangles there is nothing to gain."""

TARGET_SHARE = 0.2
CELLS_ALONG = (96, 64, 44, 30, 20, 14, 10)
"""How many grid cells the longest side is cut into, tried in turn until few enough triangles are left."""


def simplified(surfaces: tuple[Surface, ...], /) -> tuple[Surface, ...]:
    """The same with at most about TARGET_SHARE of the triangles; empty where it is simple enough, or stays complex."""
    count = sum(len(surface.mesh.triangle) for surface in surfaces)
    if count <= SIMPLE_ENOUGH:
        return ()
    points = np.concatenate([surface.mesh.position for surface in surfaces])
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    painted = [one if _is_cut_out(one) else with_vertex_colors(one) for one in surfaces]
    allowed = int(max(0.4 * SIMPLE_ENOUGH, TARGET_SHARE * count))
    for cells in CELLS_ALONG:
        simple = tuple(
            one if one.material.image is not None else replace(one, mesh=clustered(one.mesh, low, extent / cells))
            for one in painted
        )
        if sum(len(surface.mesh.triangle) for surface in simple) <= allowed:
            return tuple(surface for surface in simple if len(surface.mesh.triangle))
    return ()


def _is_cut_out(surface: Surface) -> bool:
    """Whether its picture has holes (leaves, railings): that has to stay."""
    image = surface.material.image
    return image is not None and bool((image.pixels[..., 3] < 128).any())


def with_vertex_colors(surface: Surface, /) -> Surface:
    """The surface with its picture turned into vertex colours."""
    image = surface.material.image
    if image is None:
        return surface
    shape = surface.mesh
    color = (shape.color * sampled(image, shape.uv)).astype(np.float32)
    return replace(surface, mesh=replace(shape, color=color), material=replace(surface.material, image=None))


def sampled(image: Image, uv: Floats, /) -> Floats:
    """[N, 3] linear RGB of the picture (reduced to 128 pixels) at [N, 2] uv, v up, repeating."""
    picture = PillowImage.fromarray(np.ascontiguousarray(image.pixels[..., :3]))
    picture.thumbnail((128, 128), PillowImage.Resampling.BOX)
    pixels = linear_from_srgb(np.asarray(picture) / 255.0).astype(np.float32)
    height, width = pixels.shape[:2]
    column = np.floor(uv[:, 0] * width).astype(np.int64) % width
    row = np.floor((1.0 - uv[:, 1]) * height).astype(np.int64) % height
    return pixels[row, column]


def clustered(shape: Mesh, low: Floats, cell: float, /) -> Mesh:
    """Vertices of one cell of the grid (`low` is a corner, `cell` metres wide) that face the same of six directions
    become their mean; triangles without area go."""
    if cell <= 0.0 or not len(shape.triangle):
        return EMPTY
    grid = np.floor((shape.position - low) / cell).astype(np.int64)
    axis = np.abs(shape.normal).argmax(axis=1)
    facing = 2 * axis + (shape.normal[np.arange(len(axis)), axis] < 0)
    key = ((grid[:, 0] * 4096 + grid[:, 1]) * 4096 + grid[:, 2]) * 6 + facing
    _, cluster = np.unique(key, return_inverse=True)
    count = int(cluster.max()) + 1
    normal = _means(shape.normal, cluster, count)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    place = np.unique(cluster, return_index=True)[1]
    corner = cluster[shape.triangle]
    a, b, c = corner.T
    corner = corner[(a != b) & (b != c) & (c != a)]
    order = np.argsort(corner, axis=1)[:, :1]
    turned = np.take_along_axis(corner, (order + np.arange(3)) % 3, axis=1)
    corner = turned[np.unique((turned[:, 0] * count + turned[:, 1]) * count + turned[:, 2], return_index=True)[1]]
    merged = Mesh(
        position=_means(shape.position, cluster, count),
        normal=np.where(length > 1e-6, normal / np.maximum(length, 1e-6), shape.normal[place]).astype(np.float32),
        uv=shape.uv[place],
        color=_means(shape.color, cluster, count),
        openness=_means(shape.openness[:, None], cluster, count)[:, 0],
        triangle=corner.astype(np.uint32),
    )
    return _used(merged)


def _means(values: Floats, cluster: NDArray[np.int64], count: int) -> Floats:
    size = np.bincount(cluster, minlength=count)
    columns = [np.bincount(cluster, weights=column, minlength=count) / size for column in values.T]
    return np.stack(columns, axis=1).astype(np.float32)


def _used(shape: Mesh) -> Mesh:
    """The mesh without vertices that no triangle names."""
    if not len(shape.triangle):
        return EMPTY
    used, triangle = np.unique(shape.triangle, return_inverse=True)
    return Mesh(
        position=shape.position[used],
        normal=shape.normal[used],
        uv=shape.uv[used],
        color=shape.color[used],
        openness=shape.openness[used],
        triangle=triangle.reshape(-1, 3).astype(np.uint32),
    )

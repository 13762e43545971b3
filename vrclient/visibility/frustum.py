"""The six planes that hold everything any view of a frame can see. It tests nothing; see culling.py.

N views are merged into one convex solid before anything is tested, so two eyes cost what one costs. The solid holds every
view's frustum for certain, because each plane is pushed out until all their corners are inside, whatever its direction. The
directions only decide how tight it is: for parallel views they are those of the views' own planes; for canted views they
bound the outermost rays in the views' mean frame; for views that do not share a half space they are the sides of a box.

Known false results: what lies between the frusta but in none of them is held too. For two parallel eyes that is nothing to
speak of; for canted displays it is what their rectangle in the mean frame adds at the corners.
"""

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet

Floats = NDArray[np.float64]

EYE = 8
"""The row of `frustum_points` that is the eye; the eight before it are the corners: near four, then far four."""


def frustum_points(view_set: ViewSet, /) -> Floats:
    """[V, 9, 3] float64, view frames, metres: the near corners, the far corners, the eye. They change with fov, near and far only."""
    left, right, up, down = np.tan(view_set.fov).T
    rays = np.ones((len(view_set), 4, 3))
    rays[:, :, 0] = np.stack([left, right, right, left], axis=1)
    rays[:, :, 2] = np.stack([down, down, up, up], axis=1)
    return np.concatenate([rays * view_set.near, rays * view_set.far, np.zeros((len(view_set), 1, 3))], axis=1)


def world_points(points: Floats, view_from_world: Floats, /) -> Floats:
    """[V, 9, 3] float64, world: points of each view's own frame, moved by the inverse of its rigid [4, 4] pose."""
    return np.asarray(np.matmul(points - view_from_world[:, None, :3, 3], view_from_world[:, :3, :3]))


def merged_planes(points: Floats, view_from_world: Floats, /) -> Floats:
    """[6, 4] float64 (n, d), world: n.p + d >= 0 for every point p that is in any of the views' frusta.

    points           [V, 9, 3] float64, world, of `world_points`
    view_from_world  [V, 4, 4] float64; only its rotations are used

    Order: left, right, bottom, top, near, far. Normals are not of unit length: only signs are asked of them.
    Source of the test by support points: Gottschalk, Lin, Manocha, OBBTree (SIGGRAPH 1996), for a single separating axis."""
    axes = view_from_world[:, :3, :3].sum(axis=0)
    local = points[:, :EYE].reshape(-1, 3) @ axes.T
    corners = local.reshape(-1, 2, 4, 3)
    rays = (corners[:, 1] - corners[:, 0]).reshape(-1, 3)
    if float(rays[:, 1].min()) > 0.0:
        slopes = rays / rays[:, 1:2]
        left, _, bottom = slopes.min(axis=0).tolist()
        right, _, top = slopes.max(axis=0).tolist()
    else:
        left = right = bottom = top = 0.0
    sides = np.array(
        [[1.0, -left, 0.0], [-1.0, right, 0.0], [0.0, -bottom, 1.0], [0.0, top, -1.0], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]
    )
    planes = np.empty((6, 4))
    np.matmul(sides, axes, out=planes[:, :3])
    np.negative((local @ sides.T).min(axis=0), out=planes[:, 3])
    return planes


def pixels_per_slope(view_set: ViewSet, /) -> Floats:
    """[V] float64: pixels across one unit of tangent at each view's centre, the larger of both directions.

    A thing of diameter s at distance d is about `pixels_per_slope * s / d` pixels wide."""
    left, right, up, down = np.tan(view_set.fov).T
    width, height = view_set.pixels.T
    return np.asarray(np.maximum(width / (right - left), height / (up - down)))

"""The six planes that hold everything any view of a frame can see. It tests nothing; see culling.py.

N views are merged into one convex solid before anything is tested, so two eyes cost what one costs. The solid holds every
view's frustum for certain, because each plane is pushed out until all their corners are inside, whatever its direction.
The directions only decide how tight it is: for parallel views they are those of the views' own planes; for canted views
they bound the outermost rays in the views' mean frame; for views that do not share a half space they are the sides of a
box around all of them.

Eyes move as one with the head, so the merged planes are made in the first view's frame and only carried along from frame
to frame (`MergedFrustum`), until the views move against each other.

Known false results: what lies between the frusta but in none of them is held too. For two parallel eyes that is nothing
to speak of; for canted displays it is what their rectangle in the mean frame adds at the corners.
"""

import math

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid

Floats = NDArray[np.float64]

SLACK = 1e-5
"""How far the views' poses may be, per metre from the origin, from where the first view's pose puts them: rounding noise
of a runtime passes, a change of eye distance does not. A pose that is off by e moves a point p of its frustum by at most
e (|p| + distance to the origin + 1); planes are widened by that."""

SIDES = np.array([[1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1], [0, 1, 0], [0, -1, 0]], np.float64)
"""Inward normals of a box in a view frame: left, right, bottom, top, near, far."""


def corner_points(view_set: ViewSet, /) -> Floats:
    """[V, 8, 3] float64, view frames, metres: four near corners, then four far ones. Poses do not enter."""
    left, right, up, down = np.tan(view_set.fov).T
    rays = np.ones((len(view_set), 4, 3))
    rays[:, :, 0] = np.stack([left, right, right, left], axis=1)
    rays[:, :, 2] = np.stack([down, down, up, up], axis=1)
    return np.concatenate([rays * view_set.near, rays * view_set.far], axis=1)


def pixels_per_slope(view_set: ViewSet, /) -> Floats:
    """[V] float64: pixels across one unit of tangent at each view's centre, the larger of both directions.

    A thing of diameter s at distance d is about `pixels_per_slope * s / d` pixels wide."""
    left, right, up, down = np.tan(view_set.fov).T
    width, height = view_set.pixels.T
    return np.asarray(np.maximum(width / (right - left), height / (up - down)))


def merged_planes(corners: Floats, view_from_target: Floats, /) -> Floats:
    """[6, 4] float64 (n, d), target frame: n.p + d >= 0 for every point p that is in any of the views' frusta.

    corners           [V, 8, 3] float64 of `corner_points`
    view_from_target  [V, 4, 4] float64, rigid

    Order: left, right, bottom, top, near, far. Normals are not of unit length: only signs are asked of them.
    Source: a plane's offset is the support of the corners along its normal, as in any separating-axis test (Gottschalk,
    Lin, Manocha, OBBTree, SIGGRAPH 1996)."""
    rotation = view_from_target[:, :3, :3]
    axes = rotation.sum(axis=0)
    if np.linalg.norm(axes, axis=1).min() < 0.1 * len(rotation):
        axes = rotation[0]  # the views' axes cancel each other
    local = np.matmul(corners - view_from_target[:, None, :3, 3], np.matmul(rotation, axes.T))
    rays = (local[:, 4:] - local[:, :4]).reshape(-1, 3)
    sides = SIDES.copy()
    if rays[:, 1].min() > 1e-3 * np.abs(rays).max():
        slopes = rays[:, ::2] / rays[:, 1:2]
        sides[0, 1], sides[2, 1] = -slopes.min(axis=0)
        sides[1, 1], sides[3, 1] = slopes.max(axis=0)
    return np.column_stack([sides @ axes, -(local.reshape(-1, 3) @ sides.T).min(axis=0)])


class MergedFrustum:
    """The merged planes of the views of one frame after the other."""

    def __init__(self, corners: Floats, /) -> None:
        """`corners` [V, 8, 3] of `corner_points`."""
        self._corners = corners
        self._view_from_first = np.zeros((len(corners), 4, 4))
        self._first_planes = np.zeros((6, 4))

    def planes(self, view_from_target: Floats, /) -> Floats:
        """[6, 4] float64 as `merged_planes`, of rigid poses [V, 4, 4]; wider by as much as SLACK allows."""
        first = view_from_target[0]
        change = (self._view_from_first.dot(first) - view_from_target).reshape(-1)
        distance = math.hypot(*first[:3, 3].tolist())
        if not math.sqrt(change.dot(change)) * (1.0 + distance) <= SLACK:
            self._merge(view_from_target)
        return np.asarray(self._first_planes.dot(first))

    def _merge(self, view_from_target: Floats, /) -> None:
        self._view_from_first = np.matmul(view_from_target, inverse_rigid(view_from_target[0]))
        planes = merged_planes(self._corners, self._view_from_first)
        length = np.linalg.norm(planes[:, :3], axis=1)
        reach = np.linalg.norm(self._corners, axis=2).max() + np.linalg.norm(self._view_from_first[:, :3, 3], axis=1).max()
        planes[:, 3] += SLACK * (1.0 + reach) * length
        self._first_planes = planes

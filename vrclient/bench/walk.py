"""Where the head is in a benchmark, and what it looks through. It draws nothing."""

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import world_from_body
from vrclient.scene.draw_data import Viewpoint

STEP_M = 1.4 / 90.0
"""Metres a frame of somebody who strolls, at 90 frames a second."""
EYE_DISTANCE_M = 0.064
NEAR_M, FAR_M = 0.1, 3000.0
Point = tuple[float, float, float]


def straight_walk(start: Point, end: Point, /, *, turn: float, frames: int, heading: float = 0.0) -> NDArray[np.float64]:
    """[F, 4, 4] float64 world_from_head: evenly from `start` to `end` (eye positions, metres), turning by `turn` radians in
    all, clockwise, beginning at `heading`."""
    share = np.linspace(0.0, 1.0, frames)
    positions = np.array(start) + share[:, None] * (np.array(end) - np.array(start))
    return np.array([world_from_body(at, heading=heading + turn * part) for at, part in zip(positions, share, strict=True)])


def stroll(start: Viewpoint, /, *, turn: float, frames: int, step: float = STEP_M) -> NDArray[np.float64]:
    """[F, 4, 4] float64: a straight walk from a viewpoint in its direction, `step` metres a frame."""
    (x, y, z), way = start.position, step * (frames - 1)
    end = (x + way * float(np.sin(start.heading)), y + way * float(np.cos(start.heading)), z)
    return straight_walk(start.position, end, turn=turn, frames=frames, heading=start.heading)


def head_views(size: tuple[int, int], /, *, fov: float, views: int, near: float = NEAR_M, far: float = FAR_M) -> ViewSet:
    """`views` eyes side by side in a head, each of `size` pixels; `fov` is the whole horizontal angle of one in radians,
    pixels are square. The head is their world."""
    right = fov / 2.0
    up = float(np.arctan(np.tan(right) * size[1] / size[0]))
    view_from_head = np.tile(np.eye(4), (views, 1, 1))
    view_from_head[:, 0, 3] = -EYE_DISTANCE_M * (np.arange(views) - (views - 1) / 2.0)
    angles = np.tile([-right, right, up, -up], (views, 1))
    return ViewSet.from_arrays(view_from_head, angles, near=near, far=far, pixels=np.tile(size, (views, 1)))

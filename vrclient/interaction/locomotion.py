"""How a visitor of the flat window moves: looking, walking on the ground at eye height. Pure: a rig in, a rig out."""

from dataclasses import dataclass, replace

import numpy as np

from vrclient.geometry.frames import Matrix, heading_matrix, world_from_body
from vrclient.interaction.collision import BODY_RADIUS, Obstacles

WALK_SPEED = 1.4
"""Metres a second: a stroll."""
RUN_SPEED = 6.0
PITCH_LIMIT = np.radians(85.0)
FALL_SPEED = 6.0


@dataclass(frozen=True, slots=True)
class Rig:
    """The visitor: where the feet are (metres, world), where the eyes look (radians), how high they are."""

    feet: tuple[float, float, float]
    heading: float = 0.0
    pitch: float = 0.0
    eye_height: float = 1.6

    @property
    def eye(self) -> tuple[float, float, float]:
        return (self.feet[0], self.feet[1], self.feet[2] + self.eye_height)

    def world_from_view(self) -> Matrix:
        """[4, 4] float64: the pose of the eyes."""
        return world_from_body(self.eye, heading=self.heading, pitch=self.pitch)


def looked(rig: Rig, /, *, turn: float, lift: float) -> Rig:
    """The rig after the head turned right by `turn` and up by `lift` radians."""
    heading = float((rig.heading + turn + np.pi) % (2 * np.pi) - np.pi)
    return replace(rig, heading=heading, pitch=float(np.clip(rig.pitch + lift, -PITCH_LIMIT, PITCH_LIMIT)))


def walked(rig: Rig, obstacles: Obstacles, /, *, forward: float, right: float, fast: bool, seconds: float) -> Rig:
    """The rig after `seconds` of walking; `forward` and `right` are -1..1. Stops at walls, follows the ground, never
    leaves it: a step to where there is no floor is not taken. A long frame counts as at most a quarter of a second."""
    seconds = min(seconds, 0.25)
    wish = np.array([right, forward, 0.0])
    size = np.hypot(right, forward)
    if size > 1.0:
        wish /= size
    way = (heading_matrix(rig.heading) @ wish)[:2] * (RUN_SPEED if fast else WALK_SPEED) * seconds
    x, y, z = rig.feet
    here = np.array([x, y])
    pieces = max(1, int(np.ceil(np.hypot(*way) / (0.5 * BODY_RADIUS))))
    for _ in range(pieces):
        there = obstacles.slide(here, here + way / pieces, feet=z)
        floor = obstacles.floor_height(there, feet=z)
        if floor is None:
            break
        here = there
        z = floor if floor > z else max(floor, z - FALL_SPEED * seconds / pieces)
    return replace(rig, feet=(float(here[0]), float(here[1]), float(z)))

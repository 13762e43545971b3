"""How a visitor moves: looking, walking on the ground at eye height, being put elsewhere. Pure: a rig in, a rig out."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from vrclient.geometry.frames import Matrix, heading_and_pitch, heading_matrix, world_from_body, wrapped
from vrclient.interaction.collision import BODY_RADIUS, Obstacles

WALK_SPEED = 1.4
"""Metres a second: a stroll."""
RUN_SPEED = 6.0
EYE_HEIGHT = 1.6
"""Metres from the floor to the eye of a flat display, and of whoever looks from a viewpoint."""
PITCH_LIMIT = np.radians(85.0)
FALL_SPEED = 6.0


@lru_cache(maxsize=16)
def _pose(x: float, y: float, z: float, heading: float, pitch: float) -> Matrix:
    """Kept, because every stage of a frame asks for the same."""
    matrix = world_from_body((x, y, z), heading=heading, pitch=pitch)
    matrix.flags.writeable = False
    return matrix


@dataclass(frozen=True, slots=True)
class Rig:
    """The visitor's floor in the world and, on a flat display, the head on it.

    feet        metres, world: the rig's origin; in a headset the origin of the tracked floor, which one may walk away from
    heading     radians: where the rig's Y axis looks
    pitch, eye_height   radians, metres: the head of a flat display, which stands over the origin and looks along the rig
    lift        metres: how far the tracked floor is raised above the one in the world, for whoever sits"""

    feet: tuple[float, float, float]
    heading: float = 0.0
    pitch: float = 0.0
    eye_height: float = 1.6
    lift: float = 0.0

    @property
    def eye(self) -> tuple[float, float, float]:
        return (self.feet[0], self.feet[1], self.feet[2] + self.eye_height)

    def world_from_rig(self) -> Matrix:
        """[4, 4] float64, not to be written to: the pose of the floor that the head and the hands are tracked on."""
        x, y, z = self.feet
        return _pose(x, y, z + self.lift, self.heading, 0.0)

    def rig_from_head(self) -> Matrix:
        """[4, 4] float64, not to be written to: the head of a flat display."""
        return _pose(0.0, 0.0, self.eye_height, 0.0, self.pitch)


def looked(rig: Rig, /, *, turn: float, lift: float) -> Rig:
    """The rig after the head turned right by `turn` and up by `lift` radians."""
    heading = wrapped(rig.heading + turn)
    return replace(rig, heading=heading, pitch=float(np.clip(rig.pitch + lift, -PITCH_LIMIT, PITCH_LIMIT)))


def carried_over(rig: Rig, /, *, before: Matrix, after: Matrix) -> Rig:
    """The rig on which a head at `after` (rig_from_head) is over the spot, and looks in the direction, of the head at `before`:
    for when the tracked space was recentred or another display took over. How high the head is does not matter."""
    world_from_head = rig.world_from_rig() @ before
    heading = heading_and_pitch(world_from_head[:3, 1])[0] - heading_and_pitch(after[:3, 1])[0]
    turned = replace(rig, heading=wrapped(heading))
    offset = turned.world_from_rig()[:3, :3] @ after[:3, 3]
    x, y = world_from_head[:2, 3] - offset[:2]
    return replace(turned, feet=(float(x), float(y), rig.feet[2]))


def placed(rig: Rig, head: Matrix, spot: tuple[float, float, float], /, *, heading: float | None = None) -> Rig:
    """The rig on which a head at `head` (rig_from_head) is over the floor at `spot`, looking to `heading` (None: as before)."""
    if heading is not None:
        rig = replace(rig, heading=wrapped(heading - heading_and_pitch(head[:3, 1])[0]))
    offset = rig.world_from_rig()[:3, :3] @ head[:3, 3]
    return replace(rig, feet=(float(spot[0] - offset[0]), float(spot[1] - offset[1]), float(spot[2])))


def floor_spot(rig: Rig, head: Matrix, /) -> tuple[float, float, float]:
    """The point of the rig's floor below a head at `head` (rig_from_head), in the world: where the visitor stands."""
    x, y = (rig.world_from_rig() @ head)[:2, 3]
    return (float(x), float(y), rig.feet[2])


def head_heading(rig: Rig, head: Matrix, /) -> float:
    """Radians: where a head at `head` (rig_from_head) looks in the world."""
    return heading_and_pitch(rig.world_from_rig()[:3, :3] @ head[:3, 1])[0]


def snapped(rig: Rig, head: Matrix, turn: float, /) -> Rig:
    """The rig turned right by `turn` radians around the visitor, who stays on their spot."""
    spot = floor_spot(rig, head)
    return placed(replace(rig, heading=wrapped(rig.heading + turn)), head, spot)


def glided(
    rig: Rig, head: Matrix, obstacles: Obstacles, /, *, forward: float, right: float, heading: float, seconds: float
) -> Rig:
    """The rig after the visitor whose head is at `head` (rig_from_head) was carried at walking speed, forward being `heading`.
    It is the head that keeps clear of walls, wherever on the tracked floor it is."""
    here = Rig(floor_spot(rig, head), heading)
    there = walked(here, obstacles, forward=forward, right=right, fast=False, seconds=seconds)
    x, y, _ = np.subtract(there.feet, here.feet) + rig.feet
    return replace(rig, feet=(float(x), float(y), there.feet[2]))


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

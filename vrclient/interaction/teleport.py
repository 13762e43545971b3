"""Going by throwing: the arc from a hand, and whether one can stand where it ends. Pure."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from vrclient.frame.aids import Points
from vrclient.frame.commands import Teleport
from vrclient.geometry.frames import Matrix
from vrclient.interaction.collision import BODY_RADIUS, Obstacles, Strike

THROW_SPEED = 7.0
"""Metres a second: level, it reaches some 4 m from the hand, at its farthest 6."""
GRAVITY = 9.81
SHORTEST, LONGEST = 0.02, 2.0
"""Seconds of flight: the arc begins just before the hand."""
STEEPEST = np.cos(np.radians(20.0))
HIGHEST, DEEPEST = 2.5, 8.0
"""Metres above and below the feet that one may get to."""
ARC_POINTS = 33

Reason = Literal["", "nothing there", "a wall", "from below", "too steep", "too high", "too deep", "too near a wall"]


@dataclass(frozen=True, slots=True, eq=False)
class Landing:
    """points [ARC_POINTS, 3] metres, world: the arc, to what it meets. spot, normal [3]: the ground it meets, None where it
    meets none; `reason` says why it is not valid, "" where it is."""

    points: Points
    spot: Points | None
    normal: Points | None
    valid: bool
    reason: Reason


def landing(world_from_aim: Matrix, obstacles: Obstacles, /, *, feet: float, eye: Points | None = None) -> Landing:
    """Where a throw along the aim's Y axis lands. `feet`: metres, the height one stands at; `eye` [3]: with a wall between it
    and the hand nothing is thrown, so that nobody reaches through."""
    hand, speed = world_from_aim[:3, 3], THROW_SPEED * world_from_aim[:3, 1]
    start, velocity = _thrown(hand, speed, SHORTEST), speed - np.array([0.0, 0.0, GRAVITY * SHORTEST])
    blocked = eye is not None and obstacles.wall_between(eye, start)
    strike = None if blocked else obstacles.struck(start, velocity, until=LONGEST - SHORTEST, gravity=GRAVITY)
    end = SHORTEST if blocked else SHORTEST + strike.time if strike else LONGEST
    points = _thrown(hand, speed, np.linspace(SHORTEST, end, ARC_POINTS)[:, None])
    reason: Reason = "a wall" if blocked else _refused(strike, obstacles, feet)
    if strike is None or not strike.is_floor:
        return Landing(points, None, None, valid=False, reason=reason)
    return Landing(points, strike.point, strike.normal, valid=not reason, reason=reason)


def step_to(point: Points, normal: Points, obstacles: Obstacles, /, *, feet: float) -> Teleport | None:
    """A step onto the floor that was pointed at, `point` and `normal` [3], world; None where one cannot stand."""
    if normal[2] < STEEPEST or not feet - DEEPEST <= point[2] <= feet + HIGHEST:
        return None
    x, y, z = point.tolist()
    floor = obstacles.floor_height((x, y), feet=z)
    if floor is None or abs(floor - z) > 0.3 or obstacles.clearance(point[:2], feet=z) < BODY_RADIUS:
        return None
    return Teleport((x, y, floor))


def _thrown(hand: Points, speed: Points, seconds: float | Points) -> Points:
    """Where a throw is after so long; seconds [N, 1] give [N, 3]."""
    return hand + speed * seconds + np.array([0.0, 0.0, -0.5 * GRAVITY]) * np.square(seconds)


def _refused(strike: Strike | None, obstacles: Obstacles, feet: float) -> Reason:
    if strike is None:
        return "nothing there"
    if not strike.is_floor:
        return "a wall"
    if strike.normal[2] <= 0.0:
        return "from below"
    if strike.normal[2] < STEEPEST:
        return "too steep"
    if strike.point[2] > feet + HIGHEST:
        return "too high"
    if strike.point[2] < feet - DEEPEST:
        return "too deep"
    if obstacles.clearance(strike.point[:2], feet=float(strike.point[2])) < BODY_RADIUS:
        return "too near a wall"
    return ""

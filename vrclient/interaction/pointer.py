"""What an aim meets: chosen things, floors, walls; and where to stand to read what was chosen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.frame.commands import Teleport
from vrclient.geometry.frames import Matrix, heading_and_pitch, world_from_body
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.teleport import STEEPEST
from vrclient.scene.draw_data import Selectable

REACH = 60.0
"""Metres: nothing farther is aimed at."""
ALWAYS = (np.iinfo(np.int32).min, np.iinfo(np.int32).max)
CLING = 0.05
"""A wall or floor this much before a target does not hide it: panels hang on walls and stand before their own."""
READING_DISTANCES = (1.3, 1.5, 1.1, 1.8, 0.9)
"""Metres from a panel's face, the best first; larger panels are read from farther away."""


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """What an aim meets first: target = index of the chosen thing, or None on a floor or wall; point [3] metres and normal [3]
    unit, towards the visitor, world; distance in metres."""

    target: int | None
    point: NDArray[np.float64]
    normal: NDArray[np.float64]
    distance: float


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Rectangles to aim at, as columns; K of them: center, right, up, normal [K, 3] float64, half [K, 2]; built, demolished [K]
    int64 days from which and until which they are there."""

    center: NDArray[np.float64]
    right: NDArray[np.float64]
    up: NDArray[np.float64]
    normal: NDArray[np.float64]
    half: NDArray[np.float64]
    built: NDArray[np.int64]
    demolished: NDArray[np.int64]

    @classmethod
    def build(cls, selectables: Sequence[Selectable], /) -> "Targets":
        """Those of a scene, in its order."""
        center, right, up = (
            np.array([getattr(one, name) for one in selectables], np.float64).reshape(-1, 3) for name in ("center", "right", "up")
        )
        half = np.array([one.half for one in selectables], np.float64).reshape(-1, 2)
        built = np.array([ALWAYS[0] if one.built is None else one.built for one in selectables], np.int64)
        demolished = np.array([ALWAYS[1] if one.demolished is None else one.demolished for one in selectables], np.int64)
        return cls(center, right, up, np.cross(right, up), half, built, demolished)

    def aimed(self, origin: ArrayLike, direction: ArrayLike, /, *, reach: float = REACH, day: int | None = None) -> Hit | None:
        """The nearest face that a ray from `origin` [3] along `direction` [3] (unit) meets, whatever stands before it. day: as
        date.toordinal(); None: whenever it stands."""
        start, along = np.asarray(origin, np.float64), np.asarray(direction, np.float64)
        facing = self.normal @ along
        away = self.center - start
        distance = (away * self.normal).sum(axis=1) / np.where(facing < -1e-6, facing, -1.0)
        from_center = distance[:, None] * along - away
        inside = (np.abs((from_center * self.right).sum(axis=1)) <= self.half[:, 0]) & (
            np.abs((from_center * self.up).sum(axis=1)) <= self.half[:, 1]
        )
        if day is not None:
            inside &= (self.built <= day) & (day < self.demolished)
        met = np.where((facing < -1e-6) & inside & (distance >= 0.0) & (distance <= reach), distance, np.inf)
        if not len(met) or not np.isfinite(met[nearest := int(met.argmin())]):
            return None
        return Hit(nearest, start + met[nearest] * along, self.normal[nearest], float(met[nearest]))


def pointed(
    targets: Targets, obstacles: Obstacles, world_from_aim: Matrix, /, *, reach: float = REACH, day: int | None = None
) -> Hit | None:
    """What the aim's Y axis meets first: a target, a floor or a wall."""
    origin, direction = world_from_aim[:3, 3], world_from_aim[:3, 1]
    target = targets.aimed(origin, direction, reach=reach, day=day)
    strike = obstacles.struck(origin, direction, until=reach)
    if target is not None and (strike is None or target.distance <= strike.time + CLING):
        return target
    return Hit(None, strike.point, strike.normal, strike.time) if strike is not None else None


def pointer_aim(pointer: tuple[float, float] | None, /, *, fov: float, aspect: float) -> Matrix:
    """[4, 4] head_from_aim of a pointer in a flat picture: 0..1 from the top left corner; None, while the mouse looks around, is
    its middle. `fov`: the whole vertical angle in radians; aspect: width / height."""
    across, down = pointer if pointer is not None else (0.5, 0.5)
    high = np.tan(fov / 2.0)
    heading, pitch = heading_and_pitch([(2.0 * across - 1.0) * high * aspect, 1.0, (1.0 - 2.0 * down) * high])
    return world_from_body((0.0, 0.0, 0.0), heading=heading, pitch=pitch)


def reading_spot(targets: Targets, target: int, obstacles: Obstacles, /) -> Teleport | None:
    """Before the middle of a target, facing it; None where nobody can stand there, or it leans too flat to be read upright."""
    center, normal, half = targets.center[target], targets.normal[target], targets.half[target]
    level = float(np.hypot(normal[0], normal[1]))
    if level < 0.5:
        return None
    away = normal[:2] / level
    heading, _ = heading_and_pitch([-away[0], -away[1], 0.0])
    farther = max(0.0, 1.8 * float(half.max()) - READING_DISTANCES[0])
    for distance in READING_DISTANCES:
        spot = center[:2] + (distance + farther) * away
        floor = obstacles.floor_at(spot, feet=float(center[2] - half[1]))
        if floor is None or floor.normal[2] < STEEPEST or center[2] - floor.height > 3.0 + half[1]:
            continue
        clear = obstacles.clearance(spot, feet=floor.height) >= BODY_RADIUS
        if clear and not obstacles.wall_between(center + 0.1 * normal, [spot[0], spot[1], center[2]]):
            return Teleport((float(spot[0]), float(spot[1]), floor.height), heading)
    return None

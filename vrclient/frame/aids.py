"""What is drawn to help a visitor act: rays, a cursor, a teleport's arc, controllers, darkness. Values; app/ makes them,
renderer/aids.py draws them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.inputs import OfferedModel
from vrclient.geometry.frames import Matrix

Points = NDArray[np.float64]

Part = Literal["select", "squeeze", "stick", "menu"]
"""What of a controller can be in use: the trigger, the grip, the stick or touchpad, the menu button."""


@dataclass(frozen=True, slots=True, eq=False)
class Ray:
    """From a hand on: start, end [3] metres, world. It fades towards its end."""

    start: Points
    end: Points


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """A disc on the surface that is aimed at: point [3] metres, normal [3] unit, world.

    hovering: something there can be selected; pressed: it is being selected; progress: 0..1 of the look that selects it"""

    point: Points
    normal: Points
    hovering: bool = False
    pressed: bool = False
    progress: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LandingMark:
    """Where a teleport ends: spot [3] metres and normal [3] unit, world; heading in radians, of the visitor there."""

    spot: Points
    normal: Points
    heading: float
    valid: bool


@dataclass(frozen=True, slots=True, eq=False)
class Controller:
    """One hand's controller: world_from_grip [4, 4] (X right, Y the way it points, Z up); `profile` is the interaction
    profile's path; side 0 = left, 1 = right; `model` is the runtime's own, where it has one, and world_from_model [4, 4] where
    that is drawn (None: at the grip)."""

    world_from_grip: Matrix
    profile: str
    side: int
    pressed: frozenset[Part] = frozenset()
    model: OfferedModel | None = None
    world_from_model: Matrix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Aids:
    """All of a frame; the default is nothing.

    arc                [N, 3] metres, world, from the hand to where it ends
    arc_valid          whether one may go there
    blink, vignette    0..1: how dark the whole view is; how far its rim closes in
    """

    ray: Ray | None = None
    cursor: Cursor | None = None
    arc: Points | None = None
    arc_valid: bool = False
    landing: LandingMark | None = None
    controllers: tuple[Controller, ...] = ()
    blink: float = 0.0
    vignette: float = 0.0


NO_AIDS = Aids()

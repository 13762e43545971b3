"""Whether somebody wears a headset, as far as its movements tell. Pure: a rest before, a head's pose, the rest after.

A runtime may say nothing when a headset is laid on the table, and its session stays in focus. But nobody keeps their head still:
a standing body sways by centimetres in a few seconds, a seated and leaning one still by millimetres with every breath. What lies
on a table moves by its tracking's noise, tenths of a millimetre, and drifts over minutes. So a head that keeps within STILL of
one pose for STILL_SECONDS is on nobody, and stays so until it has gone further than AWAY, or somebody uses a controller."""

from dataclasses import dataclass, replace

import numpy as np

from vrclient.frame.inputs import Hand
from vrclient.geometry.frames import Matrix

STILL_SECONDS = 5.0
STILL = (0.002, float(np.radians(0.2)))
"""Metres and radians: within these of one pose a head counts as still. Noise of half of them never counts as movement."""
AWAY = (0.01, float(np.radians(1.0)))
"""Metres and radians: what lies still is lifted when it gets further than either within STILL_SECONDS."""
STICK_STEP = 0.5
"""A stick counts as used when it moves by about as much; what is less may be a worn one's own."""

Used = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """How long a head has kept to one pose.

    pose      [4, 4] float64 base_from_head, metres, that it keeps to; None before the first
    seconds   how long it has
    still     it counts as on nobody
    used      what was held of the controllers
    """

    pose: Matrix | None = None
    seconds: float = 0.0
    still: bool = False
    used: Used = ()


AWAKE = Rest()
"""Somebody has just come."""


def rested(before: Rest, head: Matrix | None, hands: tuple[Hand, ...] = (), /, *, seconds: float) -> Rest:
    """The rest `seconds` after the one before, of a head at `head` ([4, 4] float64 base_from_head; None: not tracked, which
    counts as where it was). Only a change of what is held on a controller counts, never where the controller is: one that lies
    out of sight drifts by metres, and a button may be held by what lies on it.

    Known false results: a head in a rest that holds it (a chin rest, a pillow) is taken for a table; a headset that hangs and
    swings is worn."""
    used = tuple(_held(hand) for hand in hands)
    if head is None:
        head = before.pose
    if before.pose is None or head is None or (used != before.used and used and before.used):
        return Rest(pose=head, used=used or before.used)
    used = used or before.used
    metres, radians = distance(before.pose, head)
    bounds = AWAY if before.still else STILL
    if metres > bounds[0] or radians > bounds[1]:
        return Rest(pose=head, used=used)
    lasted = before.seconds + seconds
    if lasted < STILL_SECONDS:
        return replace(before, seconds=lasted, used=used)
    # What drifts slowly on its table is followed, so that it never seems to have been lifted.
    return Rest(pose=head if before.still else before.pose, seconds=0.0, still=True, used=used)


def distance(one: Matrix, other: Matrix, /) -> tuple[float, float]:
    """Metres and radians between two poses [4, 4]: of their origins, and of the turn that takes one to the other."""
    gone = float(np.linalg.norm(other[:3, 3] - one[:3, 3]))
    difference = other[:3, :3] - one[:3, :3]
    # |A - B| (Frobenius) = 2 sqrt(2) sin(angle / 2); the arc cosine of the trace loses small angles to rounding.
    sine = float(np.linalg.norm(difference)) / (2.0 * np.sqrt(2.0))
    return gone, 2.0 * float(np.arcsin(min(1.0, sine)))


def _held(hand: Hand) -> tuple[int, ...]:
    right, forward = hand.move
    sticks = (round(float(value) / STICK_STEP) for value in (right, forward, hand.turn))
    return (hand.select, hand.teleport, hand.menu, hand.squeeze, *sticks)

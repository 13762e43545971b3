"""What keeps a visitor well: the choices of how to move, the blink that hides a jump, the vignette that goes with gliding.

Pure: times and speeds in, amounts out."""

from dataclasses import dataclass, replace

import numpy as np

from vrclient.interaction.locomotion import WALK_SPEED

SHORTEST_GAP = 1.0 / 3.0
"""Seconds from one blink's start to the next: nothing flashes more than three times a second (WCAG 2.2, 2.3.1)."""
DARK_SHARE = 0.2
"""Share of a blink for which the view is wholly dark."""
CLOSING, OPENING = 0.15, 0.4
"""Seconds in which the vignette closes from nothing to all, and opens again."""


@dataclass(frozen=True, slots=True)
class Comfort:
    """teleport     the arc is there
    snap_turn    radians of one turn; 0 = the stick does not turn
    smooth_walk  the stick walks, at walking speed
    eye_height   metres: how high a seated visitor's eyes are brought
    seated       the tracked floor is raised so that they are there
    blink        seconds of a blink; 0 = jumps are not hidden
    first_hand   0 = left, 1 = right: the hand that aims until another one acts
    vignette     gliding closes the rim of the view"""

    teleport: bool = True
    snap_turn: float = float(np.radians(30.0))
    smooth_walk: bool = False
    eye_height: float = 1.55
    seated: bool = False
    blink: float = 0.15
    first_hand: int = 1
    vignette: bool = True


@dataclass(frozen=True, slots=True)
class Blink:
    """One closing and opening of the eyes. What it hides happens once `due`, and `opened` then says when.

    start    seconds, on the clock of whoever asks: when it begins, maybe later than it was asked for
    seconds  how long it takes
    opened   when what it hides was done; None before. However long a frame takes, that one is dark"""

    start: float
    seconds: float
    opened: float | None = None

    @classmethod
    def after(cls, before: "Blink | None", /, *, time: float, seconds: float) -> "Blink":
        """A blink asked for at `time`: it waits for the one before to end, and until SHORTEST_GAP after its start."""
        start = time if before is None else max(time, before.start + max(SHORTEST_GAP, before.seconds))
        return cls(start, seconds)

    def due(self, time: float, /) -> bool:
        """Whether the view is dark and what it hides has still to be done."""
        return self.opened is None and time >= self.start + self._closing()

    def done(self, time: float, /) -> "Blink":
        """The same blink, when what it hides was done."""
        return replace(self, opened=time)

    def amount(self, time: float, /) -> float:
        """0 = open, 1 = dark."""
        if self.seconds <= 0.0 or time < self.start:
            return 0.0
        if self.opened is None:
            return min((time - self.start) / self._closing(), 1.0)
        return float(np.clip(1.0 - (time - self.opened - DARK_SHARE * self.seconds) / self._closing(), 0.0, 1.0))

    def _closing(self) -> float:
        return self.seconds * (1.0 - DARK_SHARE) / 2.0


def vignette(before: float, /, *, speed: float, seconds: float) -> float:
    """0..1: how far the rim closes in, `seconds` after it was `before`, while the visitor's origin glides at `speed` metres a
    second. The head's own motion does not count: who turns or leans keeps the whole view."""
    wanted = float(np.clip(speed / WALK_SPEED, 0.0, 1.0))
    return float(np.clip(wanted, before - seconds / OPENING, before + seconds / CLOSING))

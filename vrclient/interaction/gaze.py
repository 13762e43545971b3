"""Choosing by looking: for who has no hand to point with. What is looked at for long enough is chosen, once. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass

DWELL_SECONDS = 1.4
"""Long enough to read a word without choosing it; between the 0.8 and 2 s that gaze keyboards offer."""


@dataclass(frozen=True, slots=True)
class Gaze:
    """target: what is looked at; seconds: for how long; chosen: it was chosen in this frame; done: it will not be again until
    the gaze has left it."""

    target: Hashable = None
    seconds: float = 0.0
    chosen: bool = False
    done: bool = False

    def then(self, target: Hashable, /, *, seconds: float) -> "Gaze":
        """A frame of `seconds` later, with the gaze on `target`; None: on nothing that can be chosen."""
        if target is None or target != self.target:
            return Gaze(target)
        if self.done:
            return Gaze(target, self.seconds, done=True)
        looked = self.seconds + seconds
        return Gaze(target, looked, chosen=looked >= DWELL_SECONDS, done=looked >= DWELL_SECONDS)

    @property
    def share(self) -> float:
        """0..1: how much of the time has passed; 0 again once it is chosen."""
        return 0.0 if self.done else min(self.seconds / DWELL_SECONDS, 1.0)


NO_GAZE = Gaze()

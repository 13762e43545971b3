"""Being carried: along a straight line at one speed, from where one is to where one is to look from. Pure."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.frames import Matrix, wrapped
from vrclient.interaction.locomotion import Rig, floor_spot, placed

FASTEST = 3.0
"""Metres a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Rail:
    """From `start` to `end`, [3] metres: the visitor's spot on the floor, at `speed` metres a second. heading and pitch, radians:
    (at the start, at the end), how a flat display looks; who wears a headset looks as they like. `gone`: metres so far."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    speed: float
    heading: tuple[float, float]
    pitch: tuple[float, float]
    gone: float = 0.0

    @classmethod
    def laid(
        cls, rig: Rig, head: Matrix, end: tuple[float, float, float], /, *, speed: float, heading: float, pitch: float
    ) -> "Rail":
        """From where the visitor stands to the floor spot `end`."""
        turn = wrapped(heading - rig.heading)
        start = np.array(floor_spot(rig, head))
        return cls(start, np.array(end), min(speed, FASTEST), (rig.heading, rig.heading + turn), (rig.pitch, pitch))

    @property
    def length(self) -> float:
        """Metres."""
        return float(np.linalg.norm(self.end - self.start))

    @property
    def ended(self) -> bool:
        """Whether one has arrived."""
        return self.gone >= self.length

    def on(self, seconds: float, /) -> "Rail":
        """The rail `seconds` later."""
        return replace(self, gone=min(self.gone + self.speed * seconds, self.length))

    def rig(self, rig: Rig, head: Matrix, /, *, turns: bool) -> Rig:
        """The visitor's rig at this point of the rail. `turns`: a flat display looks along, easing from one view to the other."""
        share = self.gone / self.length if self.length > 0.0 else 1.0
        x, y, z = (self.start + share * (self.end - self.start)).tolist()
        rig = placed(rig, head, (x, y, z))
        if not turns:
            return rig
        eased = share * share * (3.0 - 2.0 * share)
        heading, pitch = ((1.0 - eased) * was + eased * will for was, will in (self.heading, self.pitch))
        return replace(rig, heading=wrapped(heading), pitch=pitch)

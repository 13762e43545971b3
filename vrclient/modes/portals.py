"""Portals: which one is near enough to load what is behind it, who has walked through, the fade of a crossing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from vrclient.scene.interactives import Portal

LEAVING = 1.3
"""What was loaded for a portal is given up where one is so many times as far away as it began."""
FADE_SECONDS = 0.5
"""The view takes so long to go dark, and to open again."""


def approached(portals: Sequence[Portal], eye: ArrayLike, /, *, loading: str | None = None) -> Portal | None:
    """The nearest portal whose showcase should be there by now, with the eye at `eye` [3] metres, world; None where none is near.
    `loading`: the showcase that is being loaded for one already, which is kept for a little longer."""
    best, nearest = None, np.inf
    for portal in portals:
        away = float(np.linalg.norm(np.subtract(eye, portal.face.center)))
        if away <= portal.near * (LEAVING if portal.showcase == loading else 1.0) and away < nearest:
            best, nearest = portal, away
    return best


def walked_through(portals: Sequence[Portal], before: ArrayLike, after: ArrayLike, /) -> Portal | None:
    """The portal whose opening lies between where the eye was and where it is ([3] metres, world), from its front to its back."""
    start, end = np.asarray(before, np.float64), np.asarray(after, np.float64)
    for portal in portals:
        face = portal.face
        right, up, center = np.asarray(face.right), np.asarray(face.up), np.asarray(face.center)
        normal = np.cross(right, up)
        away, beyond = float((start - center) @ normal), float((end - center) @ normal)
        if away < 0.0 or beyond >= 0.0:
            continue
        point = start + (end - start) * (away / (away - beyond)) - center
        if abs(float(point @ right)) <= face.half[0] and abs(float(point @ up)) <= face.half[1]:
            return portal
    return None


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing: to a showcase and a view there, or `back` to where one came from. It waits until the other place is loaded,
    closes, and is `dark` for one frame, in which the places change; then it opens."""

    showcase: str
    view: str | None = None
    back: bool = False
    phase: Literal["waiting", "closing", "dark", "opening", "over"] = "waiting"
    seconds: float = 0.0

    def then(self, *, ready: bool, seconds: float) -> "Crossing":
        """A frame of `seconds` later; `ready`: the other place is loaded."""
        gone = self.seconds + seconds
        match self.phase:
            case "waiting":
                return replace(self, phase="closing", seconds=0.0) if ready else replace(self, seconds=gone)
            case "closing":
                return replace(self, phase="dark") if gone >= FADE_SECONDS else replace(self, seconds=gone)
            case "dark":
                return replace(self, phase="opening", seconds=0.0)
            case "opening" if gone >= FADE_SECONDS:
                return replace(self, phase="over")
        return replace(self, seconds=gone)

    @property
    def darkness(self) -> float:
        """0 = open, 1 = dark."""
        match self.phase:
            case "closing":
                return min(self.seconds / FADE_SECONDS, 1.0)
            case "dark":
                return 1.0
            case "opening":
                return max(1.0 - self.seconds / FADE_SECONDS, 0.0)
        return 0.0

"""What a visitor's inputs ask for, as values. app/apply.py carries them out: the only stage that changes what exists.

A `Movement` moves the visitor and nothing else: app/interact.py turns it into a new rig, in the dark of a blink."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leave:
    """End the program."""


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Save what is on the display."""


@dataclass(frozen=True, slots=True)
class ToggleStatistics:
    """Show or hide the numbers of the frame."""


@dataclass(frozen=True, slots=True)
class ToggleFullscreen:
    """The whole screen, or a window."""


@dataclass(frozen=True, slots=True)
class GoToViewpoint:
    """Stand where viewpoint `number` (0 = the first) looks from."""

    number: int


@dataclass(frozen=True, slots=True)
class Teleport:
    """Stand on the floor point `spot` (metres, world), looking to `heading` (radians; None: as before)."""

    spot: tuple[float, float, float]
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class Recentre:
    """Back over the spot, and to the heading, at which one was last put; a flat display's head is level again."""


Movement = Teleport | Recentre
Command = Leave | TakePicture | ToggleStatistics | ToggleFullscreen | GoToViewpoint

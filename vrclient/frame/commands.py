"""What a visitor's inputs ask for, as values. app/apply.py carries them out: the only stage that changes what exists."""

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


Command = Leave | TakePicture | ToggleStatistics | ToggleFullscreen | GoToViewpoint

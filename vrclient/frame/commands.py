"""What a visitor's inputs ask for, as values. app/apply.py carries them out: the only stage that changes what exists.

A `Movement` moves the visitor and nothing else: app/interact.py turns it into a new rig, in the dark of a blink."""

import datetime
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Travel:
    """Be brought to where the eye is at `position` (metres, world), looking to `heading` and `pitch` (radians); a flat display
    sees a vertical angle of `fov` radians there. In the dark of a blink, or on a rail of `speed` metres a second."""

    position: tuple[float, float, float]
    heading: float
    pitch: float = 0.0
    fov: float | None = None
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class ShowMoment:
    """Show another local date and time."""

    date: datetime.date
    time: datetime.time


@dataclass(frozen=True, slots=True)
class ShowDay:
    """Show what stands on another day, in the light that is shown: years can be compared, and do not flicker from season to
    season as they go by."""

    date: datetime.date


@dataclass(frozen=True, slots=True)
class ShowLayers:
    """Show these layers and hide all others; None: show all."""

    layers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BeginAnew:
    """The visit is over: the next visitor finds everything as it was at the start, and nothing of the last one."""


@dataclass(frozen=True, slots=True)
class Cross:
    """Go to another showcase, to a viewpoint there or its spawn."""

    showcase: str
    view: str | None = None


@dataclass(frozen=True, slots=True)
class GoBack:
    """Go back to the showcase, and to the place in it, from which one crossed."""


@dataclass(frozen=True, slots=True)
class LoadShowcase:
    """Load another showcase beside the frames, in place of what is being loaded."""

    showcase: str


@dataclass(frozen=True, slots=True)
class CancelLoading:
    """Give up what is being loaded."""


@dataclass(frozen=True, slots=True)
class EnterPlace:
    """Put the visitor into what was loaded, at the viewpoint of that name or its spawn; or `back` to where they stood."""

    view: str | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class ShowNotice:
    """Show the visitor a sentence for a while, in each language."""

    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TurnExhibit:
    """Turn the exhibit whose rows have that key about its axis to `angle` radians."""

    key: str
    angle: float


@dataclass(frozen=True, slots=True)
class ChangeComfort:
    """Sit or stand; whether a stick walks; whether one agrees to stand high in the air."""

    seated: bool
    smooth_walk: bool
    heights: bool


Movement = Teleport | Recentre | Travel
Command = (
    Leave | TakePicture | ToggleStatistics | ToggleFullscreen | GoToViewpoint
    | ShowMoment | ShowDay | ShowLayers | BeginAnew | Cross | GoBack | ChangeComfort
    | LoadShowcase | CancelLoading | EnterPlace | ShowNotice | TurnExhibit
)  # fmt: skip

"""What there is to do at a place, as elements say it and a visit plays it: tours, times, exhibits, screens, sounds, services,
portals. Values; what they look like is in their elements' draw data, what happens is decided in modes/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

TextByLanguage = Mapping[str, str]
"""Language -> text."""

Point = tuple[float, float, float]
"""Metres, world."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright or leaning rectangle: center, right, up in metres and unit vectors, world; right is its reader's right, so it
    faces along right x up; half = half its width and height in metres."""

    center: Point
    right: Point
    up: Point
    half: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """One stop of a tour.

    position, heading, pitch   the eye, in metres and radians; fov = vertical angle on a screen, radians
    caption, narration         what is told, by language; a narration is a sound file, and `narration_seconds` how long it is (0
                               where nobody knows)
    date, time                 ISO; None: as they are
    layers                     the layers shown here; None: as they are
    dwell                      seconds to stay; a narration, or a caption that takes longer to read, is waited for
    move                       how one gets here: in the dark of a blink, or on a rail at `speed` metres a second
    """

    position: Point
    heading: float
    pitch: float
    fov: float
    caption: TextByLanguage
    narration: Mapping[str, Path] = field(default_factory=dict)
    narration_seconds: Mapping[str, float] = field(default_factory=dict)
    date: str | None = None
    time: str | None = None
    layers: tuple[str, ...] | None = None
    dwell: float = 12.0
    move: Literal["blink", "rail"] = "blink"
    speed: float = 1.4


@dataclass(frozen=True, slots=True, eq=False)
class Tour:
    """Stops in their order. `id` is unique among a scene's tours."""

    id: str
    title: TextByLanguage
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """From `date` (ISO) on the place is as `title` says; source and confidence as in the format."""

    date: str
    title: TextByLanguage
    source: str | None = None
    confidence: Literal["measured", "published", "estimate"] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The years that a date slider covers: phases by date, the first one first; `end` (ISO) closes the slider."""

    title: TextByLanguage
    phases: tuple[Phase, ...]
    end: str


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """A picture or a model to look at closely.

    picture       the full-resolution file; None for a model
    face          where it hangs; half = half its real size
    model_at      of a model: its middle (metres, world), and `size` its largest extent; it turns about the vertical there
    """

    id: str
    title: TextByLanguage
    text: TextByLanguage
    face: Rectangle
    picture: Path | None = None
    model: Path | None = None
    model_at: Point | None = None
    size: float = 1.0


def turntable_key(exhibit: Exhibit, /) -> str:
    """The key of the instance mesh whose single row is that exhibit's model: whoever turns the row turns the model."""
    return f"exhibit:{exhibit.id}"


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """A surface that shows a video, or pictures one after the other.

    start       by itself when somebody is within `near` metres, when it is chosen, or always
    subtitles   SubRip or WebVTT files by language
    seconds     how long each picture stays
    volume      linear, 1 = as recorded, within one width of the screen
    length      seconds until it is over or begins anew; None: unknown
    """

    id: str
    title: TextByLanguage
    face: Rectangle
    video: Path | None = None
    pictures: tuple[Path, ...] = ()
    subtitles: Mapping[str, Path] = field(default_factory=dict)
    start: Literal["near", "touch", "always"] = "near"
    near: float = 8.0
    seconds: float = 6.0
    volume: float = 1.0
    loop: bool = True
    length: float | None = None


def moment_in(screen: Screen, seconds: float, /) -> float:
    """The place in what a screen shows, `seconds` after it was started: where its subtitles are looked up."""
    if not screen.length:
        return seconds
    return seconds % screen.length if screen.loop else min(seconds, screen.length)


@dataclass(frozen=True, slots=True, eq=False)
class SoundSource:
    """A sound in its place. Roll-off as in KHR_audio_emitter: `model`, `reference` and `farthest` in metres, `rolloff`.

    radius      metres around `position` within which the source is everywhere (a lake, a hall)
    """

    id: str
    file: Path
    position: Point
    volume: float = 1.0
    model: Literal["linear", "inverse", "exponential"] = "inverse"
    reference: float = 1.0
    farthest: float = 100.0
    rolloff: float = 1.0
    radius: float = 0.0
    loop: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A card of a service counter. `url` is what its QR code opens; `checked` the ISO date on which the text was compared. What
    the service's own page leaves open is empty: bring, hours, address, phone."""

    title: TextByLanguage
    url: str
    bring: TextByLanguage
    hours: TextByLanguage
    address: TextByLanguage
    phone: str
    checked: str


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A service counter with its cards. The selectable of a card has the id `card_id`, that of the counter the counter's own."""

    id: str
    title: TextByLanguage
    face: Rectangle
    services: tuple[Service, ...]


def card_id(counter: str, number: int, /) -> str:
    """The id of the selectable of a counter's card; number 0 is the first."""
    return f"{counter}.{number}"


def chosen_card(counter: Counter, selectable: str, /) -> int | None:
    """Which of the counter's services a selectable's id means; None: the counter as a whole."""
    return next((number for number in range(len(counter.services)) if card_id(counter.id, number) == selectable), None)


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """A way to another showcase.

    showcase    its name, as `vrclient run NAME` takes it
    view        the viewpoint one arrives at; None: its spawn
    still       a picture of it; None: plain
    face        the opening; one crosses by choosing it or by walking through
    near        metres from which on the other showcase is loaded
    """

    id: str
    title: TextByLanguage
    showcase: str
    face: Rectangle
    view: str | None = None
    still: Path | None = None
    near: float = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class HeightGate:
    """A place so high that one has to agree before one can walk there. Until then its walls are among the scene's and its floor
    is not; scene/gates.py opens it.

    title, text   what it is, and what one agrees to, by language
    faces         the signs at its ends: one agrees by choosing one of them
    walls         [W, 6] float32 rows (see DrawData), also among its element's: they go when one agrees
    walkable      [T, 3, 3] float32 triangles one can then stand on
    """

    id: str
    title: TextByLanguage
    text: TextByLanguage
    faces: tuple[Rectangle, ...]
    walls: NDArray[np.float32]
    walkable: NDArray[np.float32]


Interactive = Tour | Timeline | Exhibit | Screen | SoundSource | Counter | Portal | HeightGate

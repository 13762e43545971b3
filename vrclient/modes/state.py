"""The state of a visit, as values: what is open, playing and chosen. modes/visitor.py makes the next one out of events; the
panels in modes/panels/ are drawn from it alone, so that headset, window and touch show the same."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vrclient.scene.interactives import Counter, Exhibit, Screen, TextByLanguage, Timeline, Tour

Page = Literal["menu", "help"]


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """What the open showcase has for a visit; the same until another showcase is entered.

    today, time   the day and the time of day at which it is shown first
    back   the title of the showcase one came from through a portal; None: one began here
    """

    title: TextByLanguage
    today: datetime.date
    tours: tuple[Tour, ...] = ()
    timeline: Timeline | None = None
    languages: tuple[str, ...] = ("zh", "en")
    back: TextByLanguage | None = None
    has_sound: bool = True
    time: datetime.time = datetime.time(12, 0)


@dataclass(frozen=True, slots=True)
class Touring:
    """A tour under way.

    stop      number of the stop, 0 = the first
    seconds   since one arrived there; None while on the way to it
    playing   False: it waits where it is
    here      False: the visitor has walked off, and may rejoin
    """

    tour: Tour
    stop: int = 0
    seconds: float | None = None
    playing: bool = True
    here: bool = True


@dataclass(frozen=True, slots=True)
class CloseUp:
    """What is looked at closely.

    zoom     of an exhibit: pixels on the screen, or angle in the headset, relative to the whole picture fitting: 1 = it fits
    middle   the point of the picture in the middle, 0..1 from its top left corner
    turn     radians, of a model
    card     of a counter: which service is open; None: the list
    """

    what: Exhibit | Counter | Screen
    zoom: float = 1.0
    middle: tuple[float, float] = (0.5, 0.5)
    turn: float = 0.0
    card: int | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """What a screen does: seconds into its film, going or not. `chosen`: by the visitor, who alone starts it again then."""

    seconds: float = 0.0
    playing: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What a visitor may set: the volume and mono of all sounds, and the comfort in a headset. `heights`: one has agreed to
    stand on what hangs high in the air."""

    volume: float = 0.8
    muted: bool = False
    mono: bool = False
    seated: bool = False
    smooth_walk: bool = False
    heights: bool = False


@dataclass(frozen=True, slots=True)
class VisitState:
    """Everything of a visit that panels show.

    started    the first panel, which says what to do, was answered
    screens    what each screen that was ever started does, by id
    dates      the date slider is shown; timelapse: the years go by, and `owed` is the part of a day
               that has passed since the one that is shown
    notice     something that the visitor should know, until `notice_until` of the visit's clock
    """

    language: str
    date: datetime.date
    time: datetime.time
    started: bool = False
    page: Page | None = None
    dates: bool = False
    timelapse: bool = False
    owed: float = 0.0
    tour: Touring | None = None
    close_up: CloseUp | None = None
    screens: Mapping[str, Play] = field(default_factory=dict)
    subtitles: bool = True
    settings: Settings = field(default_factory=Settings)
    notice: TextByLanguage | None = None
    notice_until: float = 0.0


def said(words: TextByLanguage, language: str, /) -> str:
    """The words in that language; where they lack it, in English, else in the first language they have, marked as such:
    "[zh] 水上舞台". "" of no words."""
    if language in words:
        return words[language]
    other = "en" if "en" in words else next(iter(words), None)
    return f"[{other}] {words[other]}" if other else ""

"""How a tour goes on: a state and what happened in, the next state out. It moves nobody and shows nothing."""

from dataclasses import replace

from vrclient.modes.state import Touring, said
from vrclient.scene.fonts import has_han
from vrclient.scene.interactives import Stop, Tour

READ_FIRST = 2.0
"""Seconds until one begins to read a caption."""
HAN_PER_SECOND, LETTERS_PER_SECOND = 4.5, 14.0
"""How fast captions are read: a third slower than subtitles for television (Netflix's timed text style guides: 9-11 Chinese
characters or 17-20 letters a second), as one also looks around."""
AFTER_NARRATION = 1.0
"""Seconds of silence after a narration."""


def begun(tour: Tour, /, *, stop: int = 0) -> Touring:
    """The tour on its way to a stop; a number beyond its stops is brought back to them."""
    return Touring(tour, stop=min(max(stop, 0), len(tour.stops) - 1))


def stay(stop: Stop, language: str, /, *, narration: float = 0.0) -> float:
    """Seconds to spend at a stop: its own, the caption's reading time, and its narration of so many seconds, whichever is the
    longest."""
    reading = reading_seconds(said(stop.caption, language))
    return max(stop.dwell, reading, narration + AFTER_NARRATION if narration > 0.0 else 0.0)


def reading_seconds(text: str, /) -> float:
    """How long a text takes to read, found and read once."""
    return READ_FIRST + len(text) / (HAN_PER_SECOND if has_han(text) else LETTERS_PER_SECOND)


def advanced(touring: Touring, /, *, seconds: float, arrived: bool, stay: float) -> Touring | None:
    """The tour `seconds` later; None once its last stop is over.

    arrived   whether the visitor stands at the stop; until then no time passes there. Who has walked off, or pauses, stays in
              the time of the stop"""
    if not touring.playing or not touring.here:
        return touring
    if touring.seconds is None:
        return replace(touring, seconds=0.0) if arrived else touring
    if touring.seconds + seconds < stay:
        return replace(touring, seconds=touring.seconds + seconds)
    return stepped(touring, 1)


def stepped(touring: Touring, by: int, /) -> Touring | None:
    """At another stop, on the way to it; None after the last one. Before the first one there is the first one."""
    stop = max(touring.stop + by, 0)
    if stop >= len(touring.tour.stops):
        return None
    return replace(touring, stop=stop, seconds=None, playing=True, here=True)


def paused(touring: Touring, /) -> Touring:
    """Waits at its place, in the middle of what is told."""
    return replace(touring, playing=False)


def resumed(touring: Touring, /) -> Touring:
    """Plays on; who has walked off is brought back to the stop, where its telling begins anew."""
    if touring.here:
        return replace(touring, playing=True)
    return replace(touring, seconds=None, playing=True, here=True)


def left(touring: Touring, /) -> Touring:
    """The visitor has walked off: the tour waits to be rejoined."""
    return replace(touring, playing=False, here=False)

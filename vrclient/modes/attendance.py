"""Whether somebody is there: signs of a frame in, how long the room has been empty out. Pure; a visit that nobody is at any more
begins anew for the next visitor.

Time is that of a wall, in seconds: it goes on in slow frames and while the machine sleeps, and is never set. What counts as a
sign is decided here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import hypot

from vrclient.frame.inputs import InputSnapshot
from vrclient.modes.panels.counter import COUNTER
from vrclient.modes.panels.exhibit import EXHIBIT
from vrclient.modes.panels.help import HELP
from vrclient.modes.panels.menu import MENU
from vrclient.modes.state import VisitState
from vrclient.modes.tour import reading_seconds
from vrclient.panels.widgets import Label, Panel
from vrclient.scene.interactives import Screen

STILL_PIXELS, STILL_SECONDS = 12.0, 2.0
"""A pointer that gets no farther away than this within so long is at rest: a mouse on a glossy desk, a loudspeaker beside it."""
HELD_SECONDS, HELD_SHARE = 60.0, 0.25
"""What is held down counts for so long, and for no more than that share of the time after which a room is empty; then it is a key
that is stuck, or something lies on it."""
ASKED_SECONDS, ASKED_SHARE = 15.0, 0.5
"""For so long before the end it is asked whether somebody is still there, or for that share of the whole."""
STICK = 0.25
"""A stick that is pushed less far rests."""

READ = frozenset({COUNTER, EXHIBIT, HELP, MENU})
"""Panels that stay open until they are closed, and are read."""
UNKNOWN_FILM = 600.0
"""Seconds that a film counts whose length its file does not tell."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Signs:
    """Of one frame.

    now      seconds of the wall's clock
    pointer  in pixels of the picture; None where there is none
    down     names of all that is held down: keys, buttons, directions of sticks
    came     what went down since the frame before, also when it is up again
    busy     something goes on that was asked for: a tour, a chosen film until it is over once, the years
    reads    what there is to read, by a name that changes with it, and the seconds that takes
    """

    now: float
    pointer: Point | None = None
    down: frozenset[str] = frozenset()
    came: frozenset[str] = frozenset()
    busy: bool = False
    reads: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """What one frame leaves to the next.

    now, last    the clock, and when somebody was there last
    rest         where the pointer rests, and since when
    held         since when everything that is held down is
    reading      what is read, and since when
    """

    now: float
    last: float
    rest: tuple[Point, float] | None = None
    held: Mapping[str, float] = field(default_factory=dict)
    reading: tuple[str, float] | None = None

    @classmethod
    def begun(cls, now: float, /, *, held: Mapping[str, float] | None = None) -> "Attendance":
        """Somebody has just been there. `held`: what the last visitor has left held down, and since when; a key that is stuck
        is nobody's."""
        return cls(now, now, held=held or {})

    @property
    def empty_s(self) -> float:
        """Seconds for which nobody has been there."""
        return self.now - self.last

    def stuck(self, idle_s: float, /) -> frozenset[str]:
        """What has been held down for too long to be somebody's hand."""
        return frozenset(name for name, since in self.held.items() if self.now - since > held_for(idle_s))

    def left(self, idle_s: float, /) -> float | None:
        """Seconds until the visit begins anew, once it is to be asked whether somebody is there; None before. 0: it is time."""
        remaining = idle_s - self.empty_s
        if idle_s <= 0.0 or remaining > asked_for(idle_s):
            return None
        return max(remaining, 0.0)


def asked_for(idle_s: float, /) -> float:
    """Seconds before the end from which on it is asked whether somebody is there."""
    return min(ASKED_SECONDS, ASKED_SHARE * idle_s)


def held_for(idle_s: float, /) -> float:
    """Seconds for which what is held down counts."""
    return min(HELD_SECONDS, HELD_SHARE * idle_s) if idle_s > 0.0 else HELD_SECONDS


def updated(before: Attendance, signs: Signs, /, *, idle_s: float) -> Attendance:
    """After a frame. `idle_s`: after so many seconds without a sign the room is empty; 0 = it never is."""
    now = max(signs.now, before.now)
    held = {name: before.held.get(name, now) for name in signs.down}
    rest, moved = _rested(before.rest, signs.pointer, now)
    reading = None
    if signs.reads is not None:
        known = before.reading is not None and before.reading[0] == signs.reads[0]
        reading = before.reading if known else (signs.reads[0], now)
    after = replace(before, now=now, rest=rest, held=held, reading=reading)
    new = bool(signs.came - before.held.keys()) or held.keys() != before.held.keys()
    holds = bool(held.keys() - after.stuck(idle_s))
    reads = reading is not None and signs.reads is not None and now - reading[1] < signs.reads[1]
    there = new or holds or moved or signs.busy or reads
    return replace(after, last=now) if there else after


def _rested(rest: tuple[Point, float] | None, pointer: Point | None, now: float) -> tuple[tuple[Point, float] | None, bool]:
    """Where the pointer rests now, and whether it has moved. One that is gone for a while, such as outside the window, rests."""
    if pointer is None:
        return rest, False
    if rest is None:
        return (pointer, now), True
    (x, y), since = rest
    if hypot(pointer[0] - x, pointer[1] - y) > STILL_PIXELS:
        return (pointer, now), True
    return ((pointer, now) if now - since > STILL_SECONDS else rest), False


def goes_on(state: VisitState, screens: Iterable[Screen], /) -> bool:
    """Whether something is under way that the visitor has asked for and may well watch without moving: a tour, the years, a film
    that they have chosen, until it is over once."""
    touring = state.tour
    if state.timelapse or (touring is not None and touring.playing and touring.here):
        return True
    for screen in screens:
        play = state.screens.get(screen.id)
        if play is not None and play.chosen and play.playing and play.seconds < once(screen):
            return True
    return False


def once(screen: Screen, /) -> float:
    """Seconds after which a screen has shown all it has."""
    if screen.length is not None:
        return screen.length
    return len(screen.pictures) * screen.seconds if screen.pictures else UNKNOWN_FILM


def to_read(state: VisitState, panels: Iterable[Panel], /) -> tuple[str, float] | None:
    """What is read on the page that is open, or beside what is looked at closely, for Signs.reads."""
    if state.close_up is None and state.page is None:
        return None
    pages = [panel for panel in panels if panel.id in READ]
    text = "".join(one.widget.text for panel in pages for one in panel.widgets if isinstance(one.widget, Label))
    return text, reading_seconds(text)


def held_down(inputs: InputSnapshot, /) -> frozenset[str]:
    """Everything that is held down: keys, and of each hand its buttons and where its sticks are pushed."""
    found = set(inputs.held)
    for number, hand in enumerate(inputs.hands):
        found |= {f"{number}.{name}" for name in ("select", "teleport", "menu", "squeeze") if getattr(hand, name)}
        across, along = hand.move
        if hypot(across, along) > STICK:
            found.add(f"{number}.move {round(2.0 * across)} {round(2.0 * along)}")
        if abs(hand.turn) > STICK:
            found.add(f"{number}.turn {hand.turn > 0.0}")
    return frozenset(found)

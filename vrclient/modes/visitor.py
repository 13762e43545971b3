"""The visit: what happened in a frame, and the state before, become the next state and what the program shall do. Pure; the same
for a headset, a mouse and a finger."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vrclient.frame.commands import (
    BeginAnew,
    ChangeComfort,
    Command,
    Cross,
    GoBack,
    Recentre,
    ShowDay,
    ShowLayers,
    ShowMoment,
    Travel,
)
from vrclient.modes import closeup, ids, screens, timeline, tour
from vrclient.modes.state import CloseUp, Offer, Page, Settings, Touring, VisitState
from vrclient.panels.pressing import Pressed
from vrclient.scene.interactives import Counter, Exhibit, HeightGate, Interactive, Portal, Screen, TextByLanguage

NOTICE_SECONDS = 6.0

CLOSE_KEY = "close"
"""What Escape is while something is open."""
KEYS = {
    CLOSE_KEY: ids.CLOSE,
    "space": ids.TOUR_TOGGLE,
    "page_down": ids.TOUR_NEXT,
    "page_up": ids.TOUR_PREVIOUS,
    "l": ids.LANGUAGE,
    "m": ids.MENU,
    "f1": ids.HELP,
    "h": ids.HELP,
    "y": ids.DATES,
    "backspace": ids.BACK,
}
"""Keys that do what a widget does."""

Asked = Command | Recentre | Travel


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """What happened in a frame.

    pressed     widgets that were used
    keys        that went down; `menu`: a controller's menu button was pressed
    attentive   somebody is there: without them no time passes
    chosen      what the thing that was chosen in the scene offers, and which part of it: a counter's card
    seconds     since the frame before; `time`: of the visit's clock
    eye         [3] metres, world
    arrived     nobody is under way; `walked`: the visitor has moved by themselves
    narration   seconds that the narration of the tour's stop takes in the language chosen; 0: there is none
    real        zoom at which the exhibit that is looked at has its real size on this display
    pulled      how far the picture in its frame was pulled: shares of its width and height where it fits
    wheel       steps of the wheel, away from the visitor
    """

    pressed: tuple[Pressed, ...] = ()
    chosen: Interactive | None = None
    part: int | None = None
    keys: frozenset[str] = frozenset()
    menu: bool = False
    seconds: float = 0.0
    time: float = 0.0
    eye: tuple[float, float, float] = (0.0, 0.0, 0.0)
    arrived: bool = True
    walked: bool = False
    attentive: bool = True
    narration: float = 0.0
    real: float = 1.0
    pulled: tuple[float, float] = (0.0, 0.0)
    wheel: int = 0


def updated(
    state: VisitState, offer: Offer, shown: tuple[Screen, ...], happened: Happened, /
) -> tuple[VisitState, tuple[Asked, ...]]:
    """The state after a frame, and what is to be done. `shown`: the scene's screens."""
    before = state
    asked: list[Asked] = []
    if happened.walked:
        state = _walked(state)
    used = [*happened.pressed]
    used += [Pressed(widget) for key, widget in KEYS.items() if key in happened.keys]
    if happened.menu:
        used.append(Pressed(ids.MENU))
    for one in used:
        state, more = _used(state, offer, one, happened)
        asked += more
    if happened.chosen is not None:
        state, more = _chosen(state, happened)
        asked += more
    if isinstance(state.close_up, CloseUp) and isinstance(state.close_up.what, Exhibit):
        state = replace(state, close_up=_pulled(state.close_up, happened))
    if state.language != before.language and state.tour is not None and state.tour.seconds is not None:
        state = replace(state, tour=replace(state.tour, seconds=0.0))  # told from the beginning, in the other language
    if happened.attentive:
        state = _passed(before, state, offer, shown, happened)
    state, more = _changed(before, state, offer)
    return state, (*asked, *more)


def is_open(state: VisitState, /) -> bool:
    """Whether anything is open that Escape closes before it leaves."""
    return state.page is not None or state.close_up is not None or state.dates


def _waiting(state: VisitState) -> VisitState:
    """The tour waits, and the years stand still: something else wants the visitor's eyes."""
    touring = tour.paused(state.tour) if state.tour is not None else None
    return replace(state, tour=touring, timelapse=False)


def _touring(state: VisitState, touring: Touring | None) -> VisitState:
    """The tour goes on like that, and nothing lies before it."""
    return replace(state, tour=touring, page=None, close_up=None, timelapse=False)


def _walked(state: VisitState) -> VisitState:
    if state.tour is not None and state.tour.here:
        state = replace(state, tour=tour.left(state.tour))
    return state if state.started else replace(state, started=True)


def _chosen(state: VisitState, happened: Happened) -> tuple[VisitState, list[Asked]]:
    """Something in the scene was chosen."""
    state = replace(state, started=True, page=None)
    match happened.chosen:
        case Exhibit() | Counter() as what:
            return replace(_waiting(state), close_up=CloseUp(what, card=happened.part)), []
        case Screen() as screen:
            return replace(_waiting(state), close_up=CloseUp(screen), screens=screens.started(state.screens, screen)), []
        case Portal() as portal:
            return _waiting(state), [Cross(portal.showcase, portal.view)]
        case HeightGate() as gate:
            state = replace(state, settings=replace(state.settings, heights=True))
            return noticed(state, gate.text, time=happened.time), []
    return state, []


def _used(state: VisitState, offer: Offer, used: Pressed, happened: Happened) -> tuple[VisitState, list[Asked]]:
    """One widget was used."""
    widget, number = ids.number_of(used.widget)
    if number is None and used.value is not None:
        number = int(used.value)
    simple = _SIMPLE.get(widget)
    if simple is not None:
        return simple(state), []
    value = used.value if used.value is not None else 0.0
    asked: list[Asked] = []
    match widget:
        case ids.TOUR_START | ids.TOUR_CHOOSE:
            chosen = number if widget == ids.TOUR_CHOOSE and number is not None else 0
            state = replace(state, started=True, page=None, close_up=None, timelapse=False)
            if chosen < len(offer.tours):
                state = replace(state, tour=tour.begun(offer.tours[chosen]), dates=False)
        case ids.TOUR_TOGGLE:
            if state.tour is None:
                return _used(state, offer, Pressed(ids.TOUR_START), happened)
            playing = state.tour.playing
            state = replace(state, tour=tour.paused(state.tour)) if playing else _touring(state, tour.resumed(state.tour))
        case ids.TOUR_NEXT | ids.TOUR_PREVIOUS:
            if state.tour is not None:
                state = _touring(state, tour.stepped(state.tour, 1 if widget == ids.TOUR_NEXT else -1))
        case ids.LANGUAGE:
            at = offer.languages.index(state.language) if state.language in offer.languages else -1
            state = replace(state, language=offer.languages[(at + 1) % len(offer.languages)])
        case ids.LANGUAGE_CHOOSE:
            if number is not None and number < len(offer.languages):
                state = replace(state, language=offer.languages[number])
        case ids.RECENTRE:
            state, asked = replace(state, page=None), [Recentre()]
        case ids.BACK:
            state, asked = replace(_waiting(state), page=None), [GoBack()] if offer.back is not None else []
        case ids.LEAVE:
            asked = [BeginAnew()]
        case ids.DATE:
            if offer.timeline is not None:
                state = replace(state, date=timeline.day_near(offer.timeline, value), timelapse=False)
        case ids.DATE_PLAY:
            if offer.timeline is not None:
                at_end = state.date >= timeline.last_day(offer.timeline)
                start = timeline.first_day(offer.timeline) if at_end and not state.timelapse else state.date
                state = replace(state, timelapse=not state.timelapse, dates=True, date=start)
        case ids.DATE_TODAY:
            state = replace(state, date=offer.today, time=offer.time, timelapse=False)
        case ids.DATES:
            if offer.timeline is not None:
                state = replace(
                    _waiting(state) if not state.dates else state, started=True, dates=not state.dates, timelapse=False
                )
        case ids.VOLUME:
            state = replace(state, settings=replace(state.settings, volume=min(max(value, 0.0), 1.0), muted=False))
        case ids.CARD:
            if state.close_up is not None:
                state = replace(state, close_up=replace(state.close_up, card=number))
        case ids.SCREEN_TOGGLE | ids.SCREEN_AGAIN:
            if state.close_up is not None and isinstance(state.close_up.what, Screen):
                change = screens.toggled if widget == ids.SCREEN_TOGGLE else screens.again
                state = replace(state, screens=change(state.screens, state.close_up.what))
        case ids.ZOOM | ids.ZOOM_IN | ids.ZOOM_OUT | ids.ZOOM_FIT | ids.ZOOM_REAL | ids.TURN:
            if state.close_up is not None:
                state = replace(state, close_up=_looked_closer(state.close_up, widget, value, happened.real))
    return state, asked


def _looked_closer(close_up: CloseUp, widget: str, value: float, real: float) -> CloseUp:
    match widget:
        case ids.ZOOM:
            return closeup.zoomed(close_up, closeup.zoom_at(value, real), real=real)
        case ids.ZOOM_IN:
            return closeup.zoomed(close_up, close_up.zoom * closeup.ZOOM_STEP, real=real)
        case ids.ZOOM_OUT:
            return closeup.zoomed(close_up, close_up.zoom / closeup.ZOOM_STEP, real=real)
        case ids.ZOOM_REAL:
            return closeup.zoomed(close_up, real, real=real)
        case ids.ZOOM_FIT:
            return closeup.zoomed(close_up, 1.0, real=real)
    return replace(close_up, turn=2.0 * float(np.pi) * value)


def _pulled(close_up: CloseUp, happened: Happened) -> CloseUp:
    """The picture pulled by the pointer, or brought closer by the wheel."""
    if happened.wheel:
        zoom = close_up.zoom * closeup.ZOOM_STEP**happened.wheel
        close_up = closeup.zoomed(close_up, zoom, real=happened.real)
    if happened.pulled != (0.0, 0.0):
        close_up = closeup.moved(close_up, *happened.pulled)
    return close_up


def _passed(before: VisitState, state: VisitState, offer: Offer, shown: tuple[Screen, ...], happened: Happened) -> VisitState:
    """Time goes by: tour, time-lapse, films, notices. A way that begins in this frame has not been gone yet."""
    if state.tour is not None and _leg(state.tour) == _leg(before.tour):
        stop = state.tour.tour.stops[state.tour.stop]
        stay = tour.stay(stop, state.language, narration=happened.narration)
        seconds, arrived = happened.seconds, happened.arrived
        touring = tour.advanced(state.tour, seconds=seconds, arrived=arrived, stay=stay)
        if touring is not state.tour:
            state = replace(state, tour=touring)
    if state.timelapse and offer.timeline is not None:
        day, owed = timeline.later(offer.timeline, state.date, state.owed, seconds=happened.seconds)
        state = replace(state, date=day, owed=owed, timelapse=day < timeline.last_day(offer.timeline))
    if shown:
        watched = state.close_up.what.id if state.close_up is not None and isinstance(state.close_up.what, Screen) else None
        played = screens.played(shown, state.screens, happened.eye, seconds=happened.seconds, watched=watched)
        state = replace(state, screens=played) if played is not state.screens else state
    if state.notice is not None and happened.time >= state.notice_until:
        state = replace(state, notice=None)
    return state


def _changed(before: VisitState, after: VisitState, offer: Offer) -> tuple[VisitState, list[Asked]]:
    """What follows from the change of the state, however it came about."""
    asked: list[Asked] = []
    touring = after.tour
    arrives = touring is not None and touring.here and touring.seconds is None and _leg(before.tour) != _leg(touring)
    if arrives and touring is not None:
        stop = touring.tour.stops[touring.stop]
        asked.append(
            Travel(stop.position, stop.heading, stop.pitch, stop.fov, stop.speed if _on_rail(before.tour, touring) else None)
        )
        date = datetime.date.fromisoformat(stop.date) if stop.date else after.date
        time = datetime.time.fromisoformat(stop.time) if stop.time else after.time
        after = replace(after, date=date, time=time)
        if stop.layers is not None:
            asked.append(ShowLayers(stop.layers))
    if before.tour is not None and touring is None:
        asked.append(ShowLayers())
        after = replace(after, date=offer.today, time=offer.time)
    if after.time != before.time or (arrives and after.date != before.date):
        asked.append(ShowMoment(after.date, after.time))
    elif after.date != before.date:
        asked.append(ShowDay(after.date))
    was, now = before.settings, after.settings
    if (was.seated, was.smooth_walk, was.heights) != (now.seated, now.smooth_walk, now.heights):
        asked.append(ChangeComfort(now.seated, now.smooth_walk, now.heights))
    return after, asked


def _leg(touring: Touring | None) -> tuple[str, int, bool, bool] | None:
    """Which way one is on."""
    return (touring.tour.id, touring.stop, touring.seconds is None, touring.here) if touring is not None else None


def _on_rail(before: Touring | None, touring: Touring) -> bool:
    """Whether one glides to the stop: from the one before, where one stands; from elsewhere the way is not known to be free."""
    stands = before is not None and before.tour is touring.tour and before.here and before.seconds is not None
    return touring.tour.stops[touring.stop].move == "rail" and stands and before is not None and before.stop == touring.stop - 1


def _page(page: Page) -> Callable[[VisitState], VisitState]:
    def toggle(state: VisitState) -> VisitState:
        opens = state.page != page
        return replace(_waiting(state) if opens else state, started=True, page=page if opens else None)

    return toggle


def _switch(name: str) -> Callable[[VisitState], VisitState]:
    def toggle(state: VisitState) -> VisitState:
        change: dict[str, bool] = {name: not getattr(state.settings, name)}
        return replace(state, settings=replace(state.settings, **change))

    return toggle


def _close(state: VisitState) -> VisitState:
    """Closes what is on top."""
    if state.page is not None:
        return replace(state, page=None)
    if state.close_up is not None:
        return replace(state, close_up=None)
    return replace(state, dates=False, timelapse=False)


_SIMPLE: dict[str, Callable[[VisitState], VisitState]] = {
    ids.STAY: lambda state: state,
    ids.WALK_ALONE: lambda state: replace(state, started=True),
    ids.TOUR_LEAVE: lambda state: replace(state, tour=None),
    ids.MENU: _page("menu"),
    ids.HELP: _page("help"),
    ids.CLOSE: _close,
    ids.MUTE: _switch("muted"),
    ids.MONO: _switch("mono"),
    ids.SEATED: _switch("seated"),
    ids.SMOOTH_WALK: _switch("smooth_walk"),
    ids.HEIGHTS: _switch("heights"),
    ids.CARD_LIST: lambda state: replace(state, close_up=replace(state.close_up, card=None)) if state.close_up else state,
    ids.SUBTITLES: lambda state: replace(state, subtitles=not state.subtitles),
}
"""What needs nothing but the state."""


def first_state(offer: Offer, /, *, date: datetime.date, time: datetime.time, language: str, settings: Settings) -> VisitState:
    """How a visit begins; a language that the showcase lacks is taken for its first one."""
    known = language if language in offer.languages else offer.languages[0]
    return VisitState(known, date, time, settings=settings)


def entered(state: VisitState, /, *, date: datetime.date, time: datetime.time) -> VisitState:
    """The same visitor in another showcase: language, settings and what they have learnt go with them."""
    return replace(
        state, date=date, time=time, tour=None, close_up=None, page=None, dates=False, timelapse=False, screens={}, notice=None
    )


def noticed(state: VisitState, notice: TextByLanguage, /, *, time: float) -> VisitState:
    """The state with something that the visitor should know for a while."""
    return replace(state, notice=notice, notice_until=time + NOTICE_SECONDS)

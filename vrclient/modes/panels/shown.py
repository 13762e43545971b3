"""Which panels are to be seen now. A function of the visit's state, what the place offers, and the device."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from math import ceil, inf, pi

from vrclient.modes import closeup, ids, timeline, tour
from vrclient.modes.panels.bar import BarState, bar
from vrclient.modes.panels.caption import CAPTION, PROGRESS, TEXT_ID, caption, notice, subtitle
from vrclient.modes.panels.counter import COUNTER, card, counter
from vrclient.modes.panels.dates import dates
from vrclient.modes.panels.exhibit import EXHIBIT, TEXT, exhibit
from vrclient.modes.panels.help import help_picture
from vrclient.modes.panels.menu import MENU, menu
from vrclient.modes.panels.room import Device, PanelRoom, Shown, room_for
from vrclient.modes.panels.screen import screen
from vrclient.modes.panels.start import start
from vrclient.modes.panels.still_there import PROGRESS as LEFT
from vrclient.modes.panels.still_there import still_there
from vrclient.modes.state import CloseUp, Offer, VisitState, said
from vrclient.panels.widgets import Panel
from vrclient.scene.interactives import Counter, Exhibit, Screen

NOT_SCROLLED: Mapping[tuple[str, str], int] = {}
"""As in panels/pressing.Pressing.scrolled."""


def panels(
    state: VisitState,
    offer: Offer,
    /,
    *,
    device: Device,
    pixels: tuple[int, int] = (1920, 1080),
    narration: float = 0.0,
    real: float = 1.0,
    subtitle_now: str = "",
    scrolled: Mapping[tuple[str, str], int] = NOT_SCROLLED,
    left: tuple[float, float] | None = None,
) -> tuple[Shown, ...]:
    """What is to be seen, the lowest first. Equal panels are the very same, so that nothing is drawn twice.

    pixels        of the screen's picture; a headset's panels do not depend on them
    narration     seconds that the narration of the tour's stop takes; 0: there is none
    real          zoom at which the exhibit that is looked at has its real size
    subtitle_now  what is said in a film that is near
    scrolled      what of long lists and texts is on top
    left          seconds until the visit begins anew, and of how many, while it is asked whether somebody is still there
    """
    room = room_for(device, pixels)
    found: list[Shown] = []
    if not state.started:
        found.append(Shown(start(state.language, offer, room), room.middle))
        return (*found, *_notices(state, room))
    close_up = state.close_up
    whole = isinstance(close_up.what, Exhibit) if close_up is not None else False
    watching = close_up is not None and isinstance(close_up.what, Screen)
    if not (whole and not room.headset):
        found += _below(state, offer, room, watching=watching)
    tells = watching or (state.tour is not None and state.tour.playing)
    hidden = state.dates and not room.headset and not tells  # the slider says what is seen, and stands there
    if state.page is None and (close_up is None or watching) and not hidden:
        gap = room.sizes.gap
        most = inf if room.headset else room.height - gap - sum(one.panel.size[1] + gap for one in found)
        first = scrolled.get((CAPTION, TEXT_ID), 0)
        found += _told(state, room, narration=narration, subtitle_now=subtitle_now, watching=watching, most=most, first=first)
    if close_up is not None and not watching:
        found.append(_closely(state, close_up, offer, room, real=real, scrolled=scrolled))
    if state.page == "menu":
        settings = replace(state.settings, volume=0.0)
        number = offer.tours.index(state.tour.tour) if state.tour is not None and state.tour.tour in offer.tours else None
        shown = menu(state.language, settings, number, offer, room, scrolled.get((MENU, ids.TOUR_CHOOSE), 0))
        volume = 0.0 if state.settings.muted else state.settings.volume
        found.append(Shown(shown, room.middle, {ids.VOLUME: volume}))
    elif state.page == "help":
        found.append(Shown(help_picture(state.language, room), room.middle))
    found += _notices(state, room)
    if left is not None:
        asked = still_there(state.language, ceil(left[0]), room)
        found.append(Shown(asked, room.middle, {LEFT: min(max(left[0] / left[1], 0.0), 1.0)}))
    return tuple(found)


def _below(state: VisitState, offer: Offer, room: PanelRoom, *, watching: bool) -> list[Shown]:
    """What is along the lower edge of a screen, or on the hand: there one thing at a time."""
    found: list[Shown] = []
    bottom: list[Panel] = []
    if watching:
        found += _films(state, room)
    if state.dates and offer.timeline is not None and not (watching and room.headset):
        phase = datetime.date.fromisoformat(timeline.phase_of(offer.timeline, state.date).date)
        when = max(state.date.replace(day=1), min(phase, state.date))  # a month has one picture, and a phase in it its own
        years = dates(state.language, offer.timeline, when, room, playing=state.timelapse)
        found.insert(
            0, Shown(years, "hand" if room.headset else "bottom", {ids.DATE: timeline.share_of(offer.timeline, state.date)})
        )
    if not (found and room.headset):
        bottom.append(bar(BarState.of(state), offer, room))
    return [*(Shown(one, "hand" if room.headset else "bottom") for one in bottom), *found]


def _films(state: VisitState, room: PanelRoom) -> list[Shown]:
    assert state.close_up is not None and isinstance(state.close_up.what, Screen)
    what = state.close_up.what
    play = state.screens.get(what.id)
    steering = screen(state.language, what, room, playing=play is not None and play.playing, subtitles=state.subtitles)
    return [Shown(steering, "hand" if room.headset else "caption")]


def _told(
    state: VisitState, room: PanelRoom, *, narration: float, subtitle_now: str, watching: bool, most: float, first: int
) -> list[Shown]:
    """What is told now, one thing at a time: the film that was chosen, else the tour, else a film that is near. It may be `most`
    pixels high."""
    spoken = subtitle_now if state.subtitles else ""
    touring = state.tour
    if touring is not None and touring.seconds is not None and touring.here and not watching:
        stop = touring.tour.stops[touring.stop]
        if said(stop.caption, state.language):
            share = touring.seconds / tour.stay(stop, state.language, narration=narration)
            return [
                Shown(
                    caption(state.language, touring.tour, touring.stop, room, most, first), "caption", {PROGRESS: min(share, 1.0)}
                )
            ]
    return [Shown(subtitle(spoken, room), "caption")] if spoken.strip() else []


def _closely(
    state: VisitState, close_up: CloseUp, offer: Offer, room: PanelRoom, *, real: float, scrolled: Mapping[tuple[str, str], int]
) -> Shown:
    language, what = state.language, close_up.what
    if isinstance(what, Exhibit):
        shown = exhibit(language, offer.languages, what, room, scrolled.get((EXHIBIT, TEXT), 0))
        turn = close_up.turn / (2.0 * pi) % 1.0
        return Shown(shown, room.middle, {ids.ZOOM: closeup.share_at(close_up.zoom, real), ids.TURN: turn})
    assert isinstance(what, Counter)
    if close_up.card is not None and close_up.card < len(what.services):
        return Shown(card(language, offer.languages, what, close_up.card, room), room.middle)
    return Shown(counter(language, offer.languages, what, room, scrolled.get((COUNTER, ids.CARD), 0)), room.middle)


def _notices(state: VisitState, room: PanelRoom) -> list[Shown]:
    text = said(state.notice, state.language) if state.notice is not None else ""
    return [Shown(notice(text, room), "ahead" if room.headset else "caption")] if text else []

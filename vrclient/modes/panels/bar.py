"""The bar: tour, years, language, help, menu. Along a screen's lower edge; in a headset two rows over the hand."""

from dataclasses import dataclass
from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.messages import language_switch, message
from vrclient.modes.panels.room import HAND_WIDTH, PanelRoom
from vrclient.modes.state import Offer, Page, Touring, VisitState, said
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import line_width
from vrclient.panels.widgets import Box, Button, Label, Panel, Placed, Widget
from vrclient.scene.interactives import Tour

BAR = "bar"
"""The panel's id."""


@dataclass(frozen=True, slots=True)
class BarState:
    """What of a visit the bar shows."""

    language: str
    tour: Tour | None = None
    stop: int = 0
    playing: bool = False
    here: bool = True
    dates: bool = False
    page: Page | None = None

    @classmethod
    def of(cls, state: VisitState, /) -> "BarState":
        touring: Touring | None = state.tour
        common = (state.dates, state.page)
        if touring is None:
            return cls(state.language, None, 0, False, True, *common)
        return cls(state.language, touring.tour, touring.stop, touring.playing, touring.here, *common)


@lru_cache(maxsize=16)
def bar(now: BarState, offer: Offer, room: PanelRoom, /) -> Panel:
    """The bar of that state."""
    sizes = room.sizes
    if not room.headset:
        box = Box(0, 0, room.width, room.bar).inset(sizes.padding / 2, (room.bar - sizes.button) / 2)
        pages = _pages(now, offer, room, wide=room.width / sizes.scale >= 1500)
        widths = [float(width) for width, _ in pages]
        parts = columns(box, [None, *widths], gap=sizes.gap)
        placed = [Placed(place, button) for place, (_, button) in zip(parts[1:], pages, strict=True)]
        placed += _tour(now, offer, room, parts[0])
        return Panel(BAR, (round(room.width), room.bar), tuple(placed), sizes, radius=0)
    edge = sizes.padding / 2
    heights = ([float(sizes.button)] if offer.tours else []) + [float(sizes.of(112))]
    height = sum(heights) + sizes.gap * (len(heights) - 1) + 2 * edge
    box = Box(0, 0, HAND_WIDTH, height).inset(edge)
    lines = rows(box, heights, gap=sizes.gap)
    pages = _pages(now, offer, room, wide=True)
    parts = columns(lines[-1], [None] * len(pages), gap=sizes.gap)
    placed = [Placed(place, button) for place, (_, button) in zip(parts, pages, strict=True)]
    if offer.tours:
        placed += _tour(now, offer, room, lines[0])
    return Panel(BAR, (round(HAND_WIDTH), round(height)), tuple(placed), sizes)


def _tour(now: BarState, offer: Offer, room: PanelRoom, box: Box) -> list[Placed]:
    """What steers the tour, and which stop it is at."""
    sizes = room.sizes
    square = float(sizes.of(80))
    if now.tour is None:
        if not offer.tours:
            return [Placed(box, Label(said(offer.title, now.language), sizes.body, "bold", middle=True))]
        wide = min(float(sizes.of(300)), box.width)
        begin = Button(ids.TOUR_START, message("start", now.language), "play", style="primary", size=sizes.body)
        if room.headset or box.width < 2 * wide:
            return [Placed(box, begin)]
        first, rest = columns(box, [wide, None], gap=2 * sizes.gap)
        return [Placed(first, begin), Placed(rest, Label(said(offer.title, now.language), sizes.body, "bold", middle=True))]
    toggle: Widget
    if not now.here:
        toggle = Button(ids.TOUR_TOGGLE, message("rejoin", now.language), "play", style="primary", size=sizes.body)
    else:
        icon = "pause" if now.playing else "play"
        toggle = Button(ids.TOUR_TOGGLE, icon=icon, style="primary", size=sizes.body, icon_size=sizes.of(46))
    wide = float(sizes.of(96)) if now.here else min(float(sizes.of(310)), box.width - 4 * square)
    count = f"{now.stop + 1} / {len(now.tour.stops)}"
    title = f"{said(now.tour.title, now.language)}   {count}"
    left = box.width - 3 * square - wide - 5 * sizes.gap
    text = next((one for one in (title, count) if not room.headset and _width(one, room) <= left), count if room.headset else "")
    told = [None, square] if room.headset else [_width(text, room) if text else 0.0, square, None]
    parts = columns(box, [square, wide, square, *told], gap=sizes.gap)
    high = sizes.of(40)
    return [
        Placed(parts[0], Button(ids.TOUR_PREVIOUS, icon="previous", enabled=now.stop > 0, icon_size=high)),
        Placed(parts[1], toggle),
        Placed(parts[2], Button(ids.TOUR_NEXT, icon="next", icon_size=high)),
        *([Placed(parts[3].inset(sizes.gap / 2, 0), Label(text, sizes.body, "bold", middle=True))] if text else []),
        Placed(parts[4], Button(ids.TOUR_LEAVE, icon="close", style="quiet", icon_size=high)),
    ]


def _width(text: str, room: PanelRoom) -> float:
    return line_width(text, room.sizes.body, "bold") + 2 * room.sizes.gap


def _pages(now: BarState, offer: Offer, room: PanelRoom, *, wide: bool) -> list[tuple[int, Button]]:
    """(width, button) of what the bar opens."""
    sizes = room.sizes
    stacked = room.headset
    found: list[tuple[int, Button]] = []

    def add(id: str, key: str, icon: str, *, on: bool = False) -> None:
        label = message(key, now.language) if wide else ""
        found.append(
            (
                sizes.of(168 if wide else 84),
                Button(id, label, icon, on=on, size=sizes.body, icon_size=sizes.of(40), stacked=stacked),
            )
        )

    if offer.timeline is not None:
        add(ids.DATES, "dates", "calendar", on=now.dates)
    names = language_switch(offer.languages, now.language)
    found.append(
        (sizes.of(184), Button(ids.LANGUAGE, names, "language", size=sizes.body, icon_size=sizes.of(40), stacked=stacked))
    )
    add(ids.HELP, "help", "help", on=now.page == "help")
    add(ids.MENU, "menu", "menu", on=now.page == "menu")
    return found

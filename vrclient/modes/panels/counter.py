"""A service counter: which services, and of one of them what a citizen needs to know, with a code that opens the city's own page
on their phone."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.header import header
from vrclient.modes.panels.messages import day, language_switch, message
from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import line_width, text_height
from vrclient.panels.qr import qr_modules, qr_picture
from vrclient.panels.widgets import Box, Button, Icon, Label, ListBox, ListRow, Panel, PictureBox, Placed, Plate, Widget
from vrclient.scene.interactives import Counter, Service

COUNTER = "counter"
"""The panel's id."""
CODE = 420
"""Width of the code with its white rim, pixels at scale 1."""


@lru_cache(maxsize=8)
def counter(language: str, languages: tuple[str, ...], what: Counter, room: PanelRoom, first: int = 0, /) -> Panel:
    """The list of services; `first`: the one on top."""
    sizes = room.sizes
    width, line = room.width_of(1000), sizes.of(104)
    count = min(max(len(what.services), 1), 6)
    most = room.free_height
    fixed = 2 * sizes.padding + sizes.button + sizes.line * 2 + 4 * sizes.gap
    height = min(fixed + count * (line + sizes.gap / 2), most)
    box = Box(sizes.padding, sizes.padding, width - sizes.padding, height - sizes.padding)
    top, ask, body, foot = rows(box, [float(sizes.button), float(sizes.line), None, float(sizes.line)], gap=sizes.gap)
    placed = header(top, said(what.title, language), room, before=_switch(languages, language, room))
    placed.append(Placed(ask, Label(message("services", language), sizes.body, ink="soft", middle=True)))
    shown = tuple(ListRow(said(one.title, language), said(one.hours, language), "service") for one in what.services)
    placed.append(Placed(body, ListBox(ids.CARD, shown, None, first, line, sizes.of(32))))
    placed += _nothing_typed(foot, language, room)
    return Panel(COUNTER, (round(width), round(height)), tuple(placed), sizes, radius=sizes.of(28))


@lru_cache(maxsize=8)
def card(language: str, languages: tuple[str, ...], what: Counter, number: int, room: PanelRoom, /) -> Panel:
    """One service. Raises IndexError for a number that the counter lacks."""
    sizes, service = room.sizes, what.services[number]
    width = room.width_of(1240)
    fixed = 2 * sizes.padding + sizes.button * 2 + 4 * sizes.gap
    below = sizes.gap + sizes.line
    code = min(float(sizes.of(CODE)), room.free_height - fixed - below)
    if line_width(message("scan", language), sizes.body, "bold") > code:
        below += sizes.line
        code = min(code, room.free_height - fixed - below)
    facts = _facts(service, language)
    icon = sizes.of(40)
    named = _named(facts, room)
    text_room = width - 2 * sizes.padding - code - sizes.padding - icon - sizes.gap * 1.5 - named
    checked = sizes.line
    heights: list[float] = []
    for most in (6, 4, 3, 2, 1):
        heights = [(0 if named else sizes.line) + text_height(text, sizes.body, text_room, most=most) for _, _, text in facts]
        left_height = sum(heights) + sizes.gap * 1.5 * len(heights) + checked
        if fixed + left_height <= room.free_height:
            break
    right_height = code + below
    height = min(fixed + max(left_height, right_height), room.free_height)
    box = Box(sizes.padding, sizes.padding, width - sizes.padding, height - sizes.padding)
    top, body, foot = rows(box, [float(sizes.button), None, float(sizes.button)], gap=2 * sizes.gap)
    left, right = columns(body, [None, code], gap=sizes.padding)
    placed = header(top, said(service.title, language), room, before=_switch(languages, language, room))
    placed += _told(left, facts, heights, message("checked", language, day(service.checked, language)), room)
    placed += _code(Box(right.left, right.top, right.right, right.top + right_height), code, service.url, language, room)
    note = foot
    if len(what.services) > 1:
        back, note = columns(foot, [float(sizes.of(300)), None], gap=sizes.padding)
        placed.append(Placed(back, Button(ids.CARD_LIST, message("all_services", language), "back", size=sizes.body)))
    placed += _nothing_typed(note, language, room)
    return Panel(COUNTER, (round(width), round(height)), tuple(placed), sizes, radius=sizes.of(28))


def _told(box: Box, facts: list[tuple[str, str, str]], heights: list[float], checked: str, room: PanelRoom) -> list[Placed]:
    """The facts below each other, as many as fit, and when they were checked."""
    sizes = room.sizes
    icon, gap, named = sizes.of(40), sizes.gap * 1.5, _named(facts, room)
    found: list[Placed] = []
    line = box.top
    for (name, symbol, text), high in zip(facts, heights, strict=True):
        if line + high > box.bottom + 1.0:
            return found
        mark, words = columns(Box(box.left, line, box.right, line + high), [float(icon), None], gap=gap)
        heading, told = columns(words, [named, None], gap=0) if named else rows(words, [sizes.line, None], gap=0)
        heading = Box(heading.left, heading.top, heading.right, heading.top + sizes.line)
        found += [
            Placed(Box(mark.left, mark.top, mark.right, mark.top + icon), Icon(symbol, "accent")),
            Placed(heading, Label(name, sizes.body, ink="soft", middle=True)),
            Placed(told, Label(text, sizes.body)),
        ]
        line += high + gap
    last = Box(box.left + icon + gap, line, box.right, line + sizes.line)
    if last.bottom > box.bottom + 1.0:
        return found
    return [*found, Placed(last, Label(checked, sizes.body, ink="soft", middle=True))]


def _named(facts: list[tuple[str, str, str]], room: PanelRoom) -> float:
    """How wide the names of the facts are where they stand before them, as there is no room above; 0: they stand above."""
    widest = max((line_width(name, room.sizes.body) for name, _, _ in facts), default=0.0)
    return widest + room.sizes.padding if room.low and facts else 0.0


def _code(box: Box, width: float, url: str, language: str, room: PanelRoom) -> list[Placed]:
    """The code on white, and what to do with it."""
    sizes = room.sizes
    plate, scan = rows(box, [width, None], gap=sizes.gap)
    rim = sizes.of(5)
    pixels = max(round(width) - 2 * rim, len(qr_modules(url)))
    return [
        Placed(plate, Plate("paper", sizes.radius)),
        Placed(plate.inset(rim), PictureBox(qr_picture(url, pixels=pixels))),
        Placed(scan, Label(message("scan", language), sizes.body, "bold", "center")),
    ]


def _switch(languages: tuple[str, ...], language: str, room: PanelRoom) -> tuple[float, Button]:
    return float(room.sizes.of(184)), Button(ids.LANGUAGE, language_switch(languages, language), "language", size=room.sizes.body)


def _facts(service: Service, language: str) -> list[tuple[str, str, str]]:
    """Name, icon and text of what there is to know."""
    every = (
        ("bring", "document", said(service.bring, language)),
        ("hours", "clock", said(service.hours, language)),
        ("address", "place", said(service.address, language)),
        ("phone", "phone", service.phone),
    )
    return [(message(key, language), icon, text) for key, icon, text in every if text.strip()]


def _nothing_typed(box: Box, language: str, room: PanelRoom) -> list[Placed]:
    sizes = room.sizes
    text, icon = message("nothing_typed", language), sizes.of(36)
    wide = min(line_width(text, sizes.body) + icon + sizes.gap + 2, box.width)
    place = Box(box.right - wide, box.top, box.right, box.bottom)
    mark, words = columns(place, [float(icon), None], gap=sizes.gap)
    shown: list[tuple[Box, Widget]] = [(mark, Icon("check", "accent")), (words, Label(text, sizes.body, ink="soft", middle=True))]
    return [Placed(one, widget) for one, widget in shown]

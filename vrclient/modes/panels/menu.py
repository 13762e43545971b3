"""The menu: tours, language, sound, comfort, and the ways out."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.header import header, small_heading
from vrclient.modes.panels.messages import language_name, message
from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import Offer, Settings, said
from vrclient.panels.layout import columns, grid, rows
from vrclient.panels.parts import wished_width
from vrclient.panels.widgets import Box, Button, Label, ListBox, ListRow, Panel, Placed, Slider

MENU = "menu"
"""The panel's id."""
ROW = 96
"""Height of a tour's row, pixels at scale 1."""


@lru_cache(maxsize=16)
def menu(language: str, settings: Settings, tour: int | None, offer: Offer, room: PanelRoom, first: int = 0, /) -> Panel:
    """`tour`: which of the offer's tours is under way; `first`: the tour on top of a long list. The volume is a value, so
    `settings` comes with one volume for all."""
    sizes = room.sizes
    width = room.width_of(1180)
    ways = _ways_out(language, offer, room)
    at_left = ways if room.headset else []
    right_width = (width - 2 * sizes.padding) * 0.56
    languages = ("language", _languages(language, offer, room))
    rest = ("comfort", _switches(language, settings, room)) if room.headset else ("place", ways)
    for tight in (False, True):  # where it would be too high, the sound goes below the tours, and no headings stand at the right
        groups = [languages, rest] if tight else [languages, ("sound", []), rest]
        headings = [] if tight else [float(sizes.line)]
        across = [_across(buttons, right_width, room) for _, buttons in groups]
        parts: list[float] = []
        for (_, buttons), many in zip(groups, across, strict=True):
            parts += [*headings, _grid_height(max(len(buttons), 1), many, room)]
        right_height = sum(parts) + sizes.gap * (len(parts) - 1)
        wished = 2 * sizes.padding + sizes.button + 2 * sizes.gap
        if room.headset or wished + right_height <= room.free_height:
            break
    height = min(wished + max(right_height, _left_height(offer, len(at_left) + tight, room)), room.free_height)
    box = Box(sizes.padding, sizes.padding, width - sizes.padding, height - sizes.padding)
    top, body = rows(box, [float(sizes.button), None], gap=2 * sizes.gap)
    left, right = columns(body, [None, right_width], gap=sizes.padding)
    placed = header(top, message("menu", language), room)
    if tight:
        left, foot = rows(left, [None, float(sizes.button)], gap=sizes.gap)
        placed += _sound(foot, language, settings, offer, room)
    placed += _left(left, language, tour, offer, room, at_left, first)
    places = list(rows(Box(right.left, right.top, right.right, right.bottom + sizes.gap), [*parts, None], gap=sizes.gap))
    for (key, buttons), many in zip(groups, across, strict=True):
        if headings:
            placed.append(small_heading(places.pop(0), message(key, language), room))
        place = places.pop(0)
        if key == "sound":
            placed += _sound(place, language, settings, offer, room)
        cells = grid(place, len(buttons), across=many, height=_row_height(place, len(buttons), many, room), gap=sizes.gap)
        placed += [Placed(one, button) for one, button in zip(cells, buttons, strict=True)]
    return Panel(MENU, (round(width), round(height)), tuple(placed), sizes, radius=sizes.of(28))


def _left_height(offer: Offer, ways: int, room: PanelRoom) -> float:
    """With all tours, or the first four of more."""
    sizes = room.sizes
    lines = min(len(offer.tours), 4)
    tours = sizes.line + sizes.gap + lines * (sizes.of(ROW) + sizes.gap / 2) + sizes.gap if lines else 0.0
    return tours + ways * (sizes.button + sizes.gap)


def _left(
    box: Box, language: str, tour: int | None, offer: Offer, room: PanelRoom, ways: list[Button], first: int
) -> list[Placed]:
    """The tours, and below them the ways out."""
    sizes = room.sizes
    list_box, *places = rows(box, [None, *[float(sizes.button)] * len(ways)], gap=sizes.gap)
    placed = [Placed(place, button) for place, button in zip(places, ways, strict=True)]
    if offer.tours:
        heading, rest = rows(list_box, [float(sizes.line), None], gap=sizes.gap)
        placed.append(small_heading(heading, message("tours", language), room))
        shown = tuple(ListRow(said(one.title, language), _stops(len(one.stops), language), "tour") for one in offer.tours)
        placed.append(Placed(rest, ListBox(ids.TOUR_CHOOSE, shown, tour, first, sizes.of(ROW), sizes.body)))
    return placed


def _stops(count: int, language: str) -> str:
    return message("stop", language) if count == 1 else message("stops", language, count)


def _ways_out(language: str, offer: Offer, room: PanelRoom) -> list[Button]:
    size = room.sizes.body
    found = [Button(ids.RECENTRE, message("recentre", language), "recentre", size=size, align="left")]
    if offer.back is not None:
        found.append(Button(ids.BACK, message("back_to", language, said(offer.back, language)), "back", size=size, align="left"))
    found.append(Button(ids.LEAVE, message("leave", language), "leave", size=size, align="left"))
    return found


def _languages(language: str, offer: Offer, room: PanelRoom) -> list[Button]:
    return [
        Button(ids.numbered(ids.LANGUAGE_CHOOSE, number), language_name(one), on=one == language, size=room.sizes.body)
        for number, one in enumerate(offer.languages)
    ]


def _switches(language: str, settings: Settings, room: PanelRoom) -> list[Button]:
    """What a headset's visitor may switch over."""
    kinds = (
        (ids.SEATED, "seated", "seat", settings.seated),
        (ids.SMOOTH_WALK, "smooth_walk", "walk", settings.smooth_walk),
        (ids.HEIGHTS, "heights", "heights", settings.heights),
    )
    return [Button(id, message(key, language), icon, on=on, size=room.sizes.body, align="left") for id, key, icon, on in kinds]


def _sound(box: Box, language: str, settings: Settings, offer: Offer, room: PanelRoom) -> list[Placed]:
    sizes = room.sizes
    if not offer.has_sound:
        return [Placed(box, Label(message("no_sound", language), sizes.body, middle=True))]
    mute, slider, mono = columns(box, [float(sizes.of(84)), None, float(sizes.of(200))], gap=sizes.gap)
    icon = "muted" if settings.muted else "volume"
    return [
        Placed(mute, Button(ids.MUTE, icon=icon, on=settings.muted, icon_size=sizes.of(44))),
        Placed(slider, Slider(ids.VOLUME, size=sizes.body)),
        Placed(mono, Button(ids.MONO, message("mono", language), "mono", on=settings.mono, size=sizes.body)),
    ]


def _grid_height(count: int, across: int, room: PanelRoom) -> float:
    lines = -(-count // across)
    return lines * room.sizes.button + (lines - 1) * room.sizes.gap


def _row_height(box: Box, count: int, across: int, room: PanelRoom) -> float:
    """A button's height, or less where the panel could not be as high as it should."""
    lines = max(-(-count // across), 1)
    return min(float(room.sizes.button), (box.height - (lines - 1) * room.sizes.gap) / lines)


def _across(buttons: list[Button], width: float, room: PanelRoom) -> int:
    """How many buttons stand beside each other: two where their labels fit."""
    half = (width - room.sizes.gap) / 2
    return 2 if all(wished_width(one, room.sizes) <= half for one in buttons) else 1

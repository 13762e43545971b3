"""The first panel: one large button with a hand on it, so that nobody has to read to begin."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.room import Room
from vrclient.modes.panels.words import language_switch, word
from vrclient.modes.state import Offer, said
from vrclient.panels.layout import centered, columns, rows
from vrclient.panels.parts import text_height
from vrclient.panels.widgets import Box, Button, Icon, Label, Panel, Placed, Plate, Widget

START = "start"
"""The panel's id."""


@lru_cache(maxsize=8)
def start(language: str, offer: Offer, room: Room, /) -> Panel:
    """What the place is called, the button that begins the tour (or the visit, where there is none), the language."""
    sizes = room.sizes
    width = room.width_of(800)
    inner = width - 2 * sizes.padding
    title = said(offer.title, language)
    circle = sizes.of(232)
    heights = [
        float(sizes.button),
        text_height(title, sizes.display, inner, weight="bold", most=2),
        circle + sizes.of(112),
        float(sizes.button),
        *([float(sizes.button)] if offer.tours else []),
    ]
    height = sum(heights) + sizes.gap * (len(heights) - 1) + 2 * sizes.padding
    box = Box(sizes.padding, sizes.padding, width - sizes.padding, height - sizes.padding)
    top, heading, middle, begin, *rest = rows(box, heights, gap=sizes.gap)
    _, switch = columns(top, [None, float(sizes.of(190))], gap=0)
    id = ids.TOUR_START if offer.tours else ids.WALK_ALONE
    round_one = centered(middle, circle, circle)
    names = language_switch(offer.languages, language)
    widgets: list[tuple[Box, Widget]] = [
        (switch, Button(ids.LANGUAGE, names, "language", size=sizes.body)),
        (heading, Label(title, sizes.display, "bold", "center")),
        *((round_one.inset(-sizes.of(more)), Plate(radius=circle, rim=True)) for more in (18, 40)),
        (round_one, Button(id, icon="play", style="primary", icon_size=sizes.of(150), round=True)),
        (begin, Button(id, word("start" if offer.tours else "begin", language), style="quiet", size=sizes.heading)),
        *_guide(round_one, room),
    ]
    if rest:
        wide = centered(rest[0], sizes.of(320), rest[0].height)
        widgets.append((wide, Button(ids.WALK_ALONE, word("alone", language), "walk", size=sizes.body)))
    placed = tuple(Placed(place, widget) for place, widget in widgets)
    return Panel(START, (round(width), round(height)), placed, sizes, radius=sizes.of(28))


def _guide(button: Box, room: Room) -> list[tuple[Box, Widget]]:
    """A hand whose finger is on the button, or a controller that points at it with its trigger lit."""
    size = room.sizes.of(180)
    x, y = button.middle
    if room.headset:
        size, beam = room.sizes.of(210), room.sizes.of(96)
        left, top = x + button.width * 0.26, y + button.height * 0.18
        far = (left + beam * 0.9 - size * 0.09, top + beam * 0.9 - size * 0.17)
        return [
            (Box(left, top, left + beam, top + beam), Icon("aim")),
            (Box(far[0], far[1], far[0] + size, far[1] + size), Icon("controller")),
        ]
    left, top = x + button.width * 0.27 - size * 0.4, y + button.height * 0.2 - size * 0.12
    return [(Box(left, top, left + size, top + size), Icon("hand_press"))]

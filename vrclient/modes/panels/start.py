"""The first panel: one large button with a hand on it, so that nobody has to read to begin."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.messages import language_name, language_switch, message
from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import Offer, said
from vrclient.panels.layout import centered, columns, rows
from vrclient.panels.parts import line_width, text_height
from vrclient.panels.widgets import Box, Button, Icon, Label, Panel, Placed, Plate, Widget

START = "start"
"""The panel's id."""
MOST_BESIDE_EACH_OTHER = 3
"""So many languages have a button each."""


@lru_cache(maxsize=8)
def start(language: str, offer: Offer, room: PanelRoom, /) -> Panel:
    """What the place is called, the button that begins the tour (or the visit, where there is none), the language. Without a
    ground: the place itself is seen around it. In a low window the large button has all this beside it."""
    sizes = room.sizes
    width = room.width_of(760)
    pad, title = float(sizes.of(20)), said(offer.title, language)
    circle, low = float(sizes.of(330)), room.low
    beside = circle + 2 * sizes.of(22) + sizes.gap if low else 0.0
    column = room.width_of(520) if low else width
    heading = text_height(title, sizes.of(64), column - 4 * pad, weight="bold", most=2)
    heights = [
        float(sizes.of(84)),
        *([] if low else [float(sizes.of(12))]),
        heading + 2 * pad,
        *([] if low else [circle + sizes.of(44)]),
        float(sizes.of(96)),
        *([] if low or not offer.tours else [float(sizes.of(24))]),
        *([float(sizes.of(88))] if offer.tours else []),
    ]
    height = sum(heights) + sizes.gap * (len(heights) - 1)
    width, high = (beside + column, max(height, circle + 2 * sizes.of(22))) if low else (width, height)
    texts = centered(Box(beside, 0, width, high), width - beside, height)
    places = rows(texts, heights, gap=sizes.gap)
    top, name, begin = (places[0], places[1], places[2]) if low else (places[0], places[2], places[4])
    middle = Box(0, 0, beside - sizes.gap, high) if low else places[3]
    id = ids.TOUR_START if offer.tours else ids.WALK_ALONE
    round_one = centered(middle, circle, circle)
    text = message("start" if offer.tours else "begin", language)
    plate = centered(name, min(column, line_width(title, sizes.of(64), "bold") + 4 * pad), name.height)
    wide = min(column, float(sizes.of(560)))
    widgets: list[tuple[Box, Widget]] = [
        (plate, Plate("glass", radius=float(sizes.of(28)))),
        (name.inset(2 * pad, pad), Label(title, sizes.of(64), "bold", "center", middle=True)),
        (round_one.inset(-sizes.of(22)), Plate("glass", radius=circle)),
        (round_one, Button(id, icon="play", style="primary", icon_size=sizes.of(200), round=True)),
        (centered(begin, wide, begin.height), Button(id, text, style="primary", size=sizes.of(52))),
        *_guide(round_one, room),
    ]
    if offer.tours:
        alone = centered(places[-1], wide, places[-1].height)
        walk = Button(ids.WALK_ALONE, message("alone", language), "walk", size=sizes.of(40), icon_size=sizes.of(72))
        widgets.append((alone, walk))
    widgets += _languages(top, language, offer, room)
    placed = tuple(Placed(place, widget) for place, widget in widgets)
    return Panel(START, (round(width), round(high)), placed, sizes, ground=None)


def _languages(top: Box, language: str, offer: Offer, room: PanelRoom) -> list[tuple[Box, Widget]]:
    """A button for each language, the one that is shown marked; of many, one that leads to the next."""
    sizes = room.sizes
    if len(offer.languages) > MOST_BESIDE_EACH_OTHER:
        one = centered(top, float(sizes.of(260)), top.height)
        return [(one, Button(ids.LANGUAGE, language_switch(offer.languages, language), "language", size=sizes.of(34)))]
    wide = float(sizes.of(200))
    strip = centered(top, wide * len(offer.languages) + sizes.gap * (len(offer.languages) - 1), top.height)
    return [
        (
            place,
            Button(
                ids.numbered(ids.LANGUAGE_CHOOSE, number),
                language_name(one),
                on=one == language,
                size=sizes.of(34),
            ),
        )
        for number, (place, one) in enumerate(
            zip(columns(strip, [wide] * len(offer.languages), gap=sizes.gap), offer.languages, strict=True)
        )
    ]


def _guide(button: Box, room: PanelRoom) -> list[tuple[Box, Widget]]:
    """A hand whose finger is on the button, or a controller that points at it with its trigger lit."""
    x, y = button.middle
    if room.headset:
        size, beam = room.sizes.of(210), room.sizes.of(96)
        left, top = x + button.width * 0.16, y - button.height * 0.04
        far = (left + beam * 0.9 - size * 0.09, top + beam * 0.9 - size * 0.17)
        return [
            (Box(left, top, left + beam, top + beam), Icon("aim")),
            (Box(far[0], far[1], far[0] + size, far[1] + size), Icon("controller")),
        ]
    size = room.sizes.of(168)
    left, top = x + button.width * 0.08, y + button.height * 0.05
    return [(Box(left, top, left + size, top + size), Icon("hand_press"))]

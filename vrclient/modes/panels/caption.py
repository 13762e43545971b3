"""What is told: a tour's caption, a film's subtitle, a notice."""

from functools import lru_cache
from math import inf

from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import even_width, line_width, text_height
from vrclient.panels.widgets import Box, Icon, Label, Panel, Placed, Slider
from vrclient.scene.interactives import Tour

CAPTION, SUBTITLE, NOTICE = "caption", "subtitle", "notice"
"""The panels' ids."""
PROGRESS = "caption.progress"
"""The bar below a caption: how much of the stop's time is over. It is only looked at."""
TEXT_ID = "caption.text"
"""The text, where it is longer than there is room."""
TEXT = 34
"""Pixels per em of what is told, at scale 1."""


@lru_cache(maxsize=16)
def caption(language: str, tour: Tour, stop: int, room: PanelRoom, most: float = inf, first: int = 0, /) -> Panel:
    """What is told at a stop, as large as its text; where that would be higher than `most` pixels it is turned, and `first` is
    the line on top."""
    sizes = room.sizes
    text, size = said(tour.stops[stop].caption, language), sizes.of(TEXT)
    widest = room.width_of(1120) - 2 * sizes.padding
    count = f"{stop + 1} / {len(tour.stops)}"
    title = said(tour.title, language)
    least = line_width(title, sizes.body) + line_width(count, sizes.body) + sizes.padding
    inner = min(widest, max(least, even_width(text, size, widest)))
    around = sizes.line + sizes.of(22) + 2 * sizes.gap + 1.5 * sizes.padding
    whole = text_height(text, size, inner)
    fits = whole + around <= most
    heights = [float(sizes.line), whole if fits else max(most - around, float(sizes.button)), float(sizes.of(22))]
    width, height = inner + 2 * sizes.padding, sum(heights) + 2 * sizes.gap + 1.5 * sizes.padding
    box = Box(sizes.padding, sizes.padding * 0.6, width - sizes.padding, height - sizes.padding * 0.9)
    heading, body, progress = rows(box, heights, gap=sizes.gap)
    left, right = columns(heading, [None, line_width(count, sizes.body) + 2], gap=sizes.gap)
    edge = sizes.of(17)
    return Panel(
        CAPTION,
        (round(width), round(height)),
        (
            Placed(left, Label(title, sizes.body, ink="accent", middle=True)),
            Placed(right, Label(count, sizes.body, ink="soft", align="right", middle=True)),
            Placed(body, Label(text, size) if fits else Label(text, size, id=TEXT_ID, first=first)),
            Placed(Box(progress.left - edge, progress.top, progress.right + edge, progress.bottom), Slider(PROGRESS, knob=False)),
        ),
        sizes,
    )


@lru_cache(maxsize=8)
def subtitle(text: str, room: PanelRoom, /) -> Panel:
    """What is said in a film, now."""
    sizes = room.sizes
    size, widest = sizes.of(TEXT), room.width_of(1120) - 2 * sizes.padding
    inner = even_width(text, size, widest)
    width, height = inner + 2 * sizes.padding, text_height(text, size, inner) + sizes.padding
    body = Box(sizes.padding, sizes.padding / 2, width - sizes.padding, height - sizes.padding / 2)
    return Panel(SUBTITLE, (round(width), round(height)), (Placed(body, Label(text, size, align="center")),), sizes)


@lru_cache(maxsize=8)
def notice(text: str, room: PanelRoom, /) -> Panel:
    """Something that the visitor should know."""
    sizes = room.sizes
    icon = sizes.of(48)
    widest = room.width_of(900) - 2 * sizes.padding - icon - sizes.gap
    inner = even_width(text, sizes.body, widest)
    high = max(text_height(text, sizes.body, inner), float(icon))
    width, height = inner + icon + sizes.gap * 1.5 + 2 * sizes.padding, high + 1.4 * sizes.padding
    box = Box(sizes.padding, 0.7 * sizes.padding, width - sizes.padding, height - 0.7 * sizes.padding)
    mark, body = columns(box, [float(icon), None], gap=sizes.gap * 1.5)
    return Panel(
        NOTICE,
        (round(width), round(height)),
        (Placed(mark, Icon("information", "accent")), Placed(body, Label(text, sizes.body, middle=True))),
        sizes,
    )

"""What stands in the window until there is a place to see: its name, and how far it is."""

from functools import lru_cache

from vrclient.modes.panels.messages import message
from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import rows
from vrclient.panels.parts import text_height
from vrclient.panels.widgets import Box, Label, Panel, Placed, Slider
from vrclient.scene.interactives import TextByLanguage

LOADING, PROGRESS = "loading", "loading.progress"
"""The ids of the panel and of its bar, which is only looked at."""


@lru_cache(maxsize=4)
def loading(language: str, title: tuple[tuple[str, str], ...], room: PanelRoom, /) -> Panel:
    """`title`: the showcase's, as pairs of language and text. The visitor has chosen no language yet: the title is there in the
    next one, too, and the word in Chinese and English."""
    sizes, titles = room.sizes, dict(title)
    width = room.width_of(1200)
    inner = width - 3 * sizes.padding
    name, other = said(titles, language), _other(titles, language)
    heights = [
        text_height(name, sizes.display, inner, weight="bold", most=3),
        *([text_height(other, sizes.heading, inner, most=3)] if other else []),
        float(sizes.of(40)),
        float(sizes.line),
    ]
    height = sum(heights) + sizes.gap * (len(heights) - 1) + 3 * sizes.padding
    box = Box(0, 0, width, height).inset(1.5 * sizes.padding, 1.5 * sizes.padding)
    first, *second, bar, below = rows(box, heights, gap=sizes.gap)
    words = " · ".join(dict.fromkeys(message("loading", one) for one in (language, "zh", "en")))
    return Panel(
        LOADING,
        (round(width), round(height)),
        (
            Placed(first, Label(name, sizes.display, "bold", "center", middle=True)),
            *(Placed(place, Label(other, sizes.heading, ink="soft", align="center", middle=True)) for place in second),
            Placed(bar, Slider(PROGRESS, knob=False)),
            Placed(below, Label(words, sizes.body, ink="soft", align="center", middle=True)),
        ),
        sizes,
    )


def _other(title: TextByLanguage, language: str) -> str:
    """The title in the next language that has another one."""
    first = said(title, language)
    return next((text for text in title.values() if text != first), "")

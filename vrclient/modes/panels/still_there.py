"""Asks an empty room whether somebody is still there, and counts down to the next visitor."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.messages import message
from vrclient.modes.panels.room import PanelRoom
from vrclient.panels.layout import centered, rows
from vrclient.panels.parts import text_height
from vrclient.panels.widgets import Box, Button, Label, Panel, Placed, Slider

STILL_THERE, PROGRESS = "still_there", "still_there.progress"
"""The panel's id, and that of the bar that runs out."""


@lru_cache(maxsize=16)
def still_there(language: str, seconds: int, room: PanelRoom, /) -> Panel:
    """`seconds`: that are left."""
    sizes = room.sizes
    width = room.width_of(820)
    inner = width - 2 * sizes.padding
    question, then = message("still_there", language), message("starts_over", language, seconds)
    heights = [
        text_height(question, sizes.heading, inner, weight="bold"),
        text_height(then, sizes.body, inner),
        float(sizes.of(26)),
        float(max(sizes.of(92), sizes.button)),
    ]
    height = sum(heights) + sizes.gap * (len(heights) - 1) + 2 * sizes.padding
    box = Box(0.0, 0.0, width, height).inset(sizes.padding)
    asks, says, bar, below = rows(box, heights, gap=sizes.gap)
    return Panel(
        STILL_THERE,
        (round(width), round(height)),
        (
            Placed(asks, Label(question, sizes.heading, "bold", "center", middle=True)),
            Placed(says, Label(then, sizes.body, ink="soft", align="center", middle=True)),
            Placed(bar, Slider(PROGRESS, knob=False)),
            Placed(
                centered(below, min(inner, float(sizes.of(480))), below.height),
                Button(ids.STAY, message("stay", language), style="primary", size=sizes.of(36)),
            ),
        ),
        sizes,
    )

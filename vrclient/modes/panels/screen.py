"""What steers a screen's film."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.header import header
from vrclient.modes.panels.messages import message
from vrclient.modes.panels.room import HAND_WIDTH, PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import wished_width
from vrclient.panels.widgets import Box, Button, Panel, Placed
from vrclient.scene.interactives import Screen

SCREEN = "screen"
"""The panel's id."""


@lru_cache(maxsize=8)
def screen(language: str, what: Screen, room: PanelRoom, /, *, playing: bool, subtitles: bool) -> Panel:
    """Its title; play or pause, from the beginning, subtitles where there are any, close."""
    sizes = room.sizes
    width = HAND_WIDTH if room.headset else room.width_of(HAND_WIDTH)
    height = sizes.padding * 1.5 + 2 * sizes.button + sizes.gap
    box = Box(0, 0, width, height).inset(sizes.padding * 0.75)
    heading, body = rows(box, [float(sizes.button), None], gap=sizes.gap)
    key = "pause" if playing else "play"
    buttons = [
        Button(ids.SCREEN_TOGGLE, message(key, language), key, style="primary", size=sizes.body),
        Button(ids.SCREEN_AGAIN, message("again", language), "replay", size=sizes.body),
    ]
    if what.subtitles:
        buttons.append(Button(ids.SUBTITLES, message("subtitles", language), "subtitles", on=subtitles, size=sizes.body))
    parts = columns(body, [None, *(wished_width(one, sizes) for one in buttons[1:])], gap=sizes.gap)
    placed = header(heading, said(what.title, language), room)
    placed += [Placed(place, button) for place, button in zip(parts, buttons, strict=True)]
    return Panel(SCREEN, (round(width), round(height)), tuple(placed), sizes)

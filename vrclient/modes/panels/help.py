"""Help in one picture: how to look, move and choose, with the device at hand."""

from functools import lru_cache

from vrclient.modes.panels.header import header
from vrclient.modes.panels.messages import message
from vrclient.modes.panels.room import PanelRoom
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import text_height
from vrclient.panels.widgets import Box, Icon, Label, Panel, Placed, Plate

HELP = "help"
"""The panel's id."""

DRAWINGS = {
    "pointer": ("mouse_look", "keys", "mouse_click"),
    "touch": ("hand_drag", "hand_go", "hand_touch"),
    "headset": ("head_turn", "stick", "controller"),
}


@lru_cache(maxsize=8)
def help_picture(language: str, room: PanelRoom, /) -> Panel:
    """Three drawings with a word and a line each."""
    sizes = room.sizes
    width = room.width_of(1240)
    inner = width - 2 * sizes.padding
    column = (inner - 2 * sizes.gap * 2) / 3
    text_width = column - 2 * sizes.of(22)
    keys = ("look", "move", "choose")
    lines = [message(f"{key}_{room.device}", language) for key in keys]
    text = max(text_height(line, sizes.body, text_width) for line in lines)
    words = 2 * sizes.of(24) + sizes.gap + sizes.heading * 1.55 + sizes.gap / 2 + text
    around = 2 * sizes.padding + sizes.button + 2 * sizes.gap
    drawing = min(float(sizes.of(208)), max(room.free_height - around - words, float(sizes.of(60))))
    height = around + drawing + words
    box = Box(sizes.padding, sizes.padding, width - sizes.padding, height - sizes.padding)
    top, body = rows(box, [float(sizes.button), None], gap=2 * sizes.gap)
    placed = header(top, message("help", language), room)
    for key, line, icon, place in zip(
        keys, lines, DRAWINGS[room.device], columns(body, [None] * 3, gap=2 * sizes.gap), strict=True
    ):
        inside = place.inset(sizes.of(22), sizes.of(24))
        above, heading, below = rows(inside, [drawing, sizes.heading * 1.55, None], gap=sizes.gap / 2)
        placed += [
            Placed(place, Plate(radius=sizes.radius)),
            Placed(above, Icon(icon)),
            Placed(heading, Label(message(key, language), sizes.heading, "bold", "center", middle=True)),
            Placed(below, Label(line, sizes.body, align="center")),
        ]
    return Panel(HELP, (round(width), round(height)), tuple(placed), sizes, radius=sizes.of(28))

"""Round an exhibit that is looked at closely: its title and text, how close, which way round. The exhibit itself is shown by
others in the panel's hole."""

from functools import lru_cache

from vrclient.modes import ids
from vrclient.modes.panels.header import header
from vrclient.modes.panels.messages import language_switch, message
from vrclient.modes.panels.room import PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import columns, rows
from vrclient.panels.widgets import Box, Button, Label, Panel, Placed, Slider
from vrclient.scene.interactives import Exhibit

EXHIBIT = "exhibit"
"""The panel's id."""
TEXT = "exhibit.text"
"""The text, which may be longer than its place."""


@lru_cache(maxsize=16)
def exhibit(language: str, languages: tuple[str, ...], what: Exhibit, room: PanelRoom, first: int = 0, /) -> Panel:
    """`first`: the line of the text on top. ZOOM and TURN are values."""
    sizes = room.sizes
    width, height = room.width, room.height
    upright = height > width
    box = Box(0, 0, width, height).inset(sizes.padding * 0.75)
    top, body = rows(box, [float(sizes.button), None], gap=sizes.gap)
    switch = (float(sizes.of(184)), Button(ids.LANGUAGE, language_switch(languages, language), "language", size=sizes.body))
    placed = header(top, said(what.title, language), room, before=switch)
    if upright:
        hole, side = rows(body, [None, body.height * 0.36], gap=sizes.gap)
    else:
        hole, side = columns(body, [None, min(float(sizes.of(460)), body.width * 0.38)], gap=sizes.padding)
    controls = _controls(language, what, room)
    heights = [float(height) for height, _ in controls]
    text, *places = rows(side, [None, *heights], gap=sizes.gap)
    placed.append(Placed(text, Label(said(what.text, language), sizes.body, id=TEXT, first=first)))
    for place, (_, buttons) in zip(places, controls, strict=True):
        placed += [
            Placed(part, one)
            for part, one in zip(
                columns(place, [width for width, _ in buttons], gap=sizes.gap), (one for _, one in buttons), strict=True
            )
        ]
    radius = 0.0 if not room.headset else float(sizes.of(28))
    return Panel(EXHIBIT, (round(width), round(height)), tuple(placed), sizes, hole=hole, radius=radius)


def _controls(
    language: str, what: Exhibit, room: PanelRoom
) -> list[tuple[float, list[tuple[float | None, Button | Slider | Label]]]]:
    """Lines of controls, from the top: their heights, and the widths and widgets in each."""
    sizes = room.sizes
    square, high = float(sizes.of(80)), sizes.of(44)
    small: float = sizes.line
    lines: list[tuple[float, list[tuple[float | None, Button | Slider | Label]]]] = []
    if what.model is not None:
        lines += [(small, [(None, Label(message("turn", language), sizes.body, ink="soft", middle=True))])]
        lines += [(sizes.button, [(None, Slider(ids.TURN, ticks=(0.0, 0.25, 0.5, 0.75, 1.0), size=sizes.body))])]
    lines += [(small, [(None, Label(message("zoom", language), sizes.body, ink="soft", middle=True))])]
    zoom: list[tuple[float | None, Button | Slider | Label]] = [
        (square, Button(ids.ZOOM_OUT, icon="zoom_out", icon_size=high)),
        (None, Slider(ids.ZOOM, size=sizes.body)),
        (square, Button(ids.ZOOM_IN, icon="zoom_in", icon_size=high)),
    ]
    lines += [(sizes.button, zoom)]
    whole = Button(ids.ZOOM_FIT, message("fit" if what.model is None else "fit_model", language), "fit", size=sizes.body)
    real = Button(ids.ZOOM_REAL, message("real", language), size=sizes.body)
    lines += (
        [(sizes.button, [(None, whole), (None, real)])]
        if language == "zh"
        else [(sizes.button, [(None, whole)]), (sizes.button, [(None, real)])]
    )
    return lines

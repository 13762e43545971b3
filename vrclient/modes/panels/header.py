"""What panels have in common: a heading with a button that closes; small headings within."""

from vrclient.modes import ids
from vrclient.modes.panels.room import PanelRoom
from vrclient.panels.layout import columns
from vrclient.panels.widgets import Box, Button, Label, Placed


def header(
    box: Box, title: str, room: PanelRoom, /, *, before: tuple[float, Button] | None = None, close: str = ids.CLOSE
) -> list[Placed]:
    """A heading over the box's width, a button that closes at its right end, and another one (width, button) before that."""
    sizes = room.sizes
    widths = [None, *([before[0]] if before else []), float(sizes.button)]
    parts = columns(box, widths, gap=sizes.gap)
    found = [
        Placed(parts[0], Label(title, sizes.heading, "bold", middle=True)),
        Placed(parts[-1], Button(close, icon="close", icon_size=sizes.of(40))),
    ]
    return [*found, Placed(parts[1], before[1])] if before else found


def small_heading(box: Box, text: str, room: PanelRoom, /) -> Placed:
    """The heading of a part of a panel."""
    return Placed(box, Label(text, room.sizes.body, ink="soft", middle=True))

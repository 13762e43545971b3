"""The PIN pad: what is on it, and what a tap does. Pure but for the drawing; digits are never shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vrclient.cover.pictures import Size, sizes_for
from vrclient.panels.layout import grid, rows
from vrclient.panels.pressing import hit
from vrclient.panels.widgets import Box, Button, Label, Panel, Placed

LONGEST = 12
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "enter")
LABELS = {"back": "←", "enter": "OK"}
LEAVE_S = 30.0
"""Seconds without a tap after which the pad is left: nobody stands there."""


@dataclass(frozen=True, slots=True)
class PinEntry:
    """What was typed, and whether that is all: entered, or left without a PIN ("")."""

    digits: str = ""
    done: bool = False


def pad(digits: str, title: Mapping[str, str], text: Mapping[str, str], size: Size, /) -> Panel:
    """The panel, in its own pixels."""
    sizes = sizes_for(size)
    width = min(sizes.of(560), size[0] - 2 * sizes.gap)
    head = " / ".join(dict.fromkeys(title.values())) or "PIN"
    said = " / ".join(dict.fromkeys(text.values()))
    key = min(sizes.of(92), (size[1] - sizes.of(330)) // 4)
    heights = [float(sizes.of(52)), float(sizes.of(76)), float(sizes.of(44)), 4.0 * key + 3.0 * sizes.gap, float(sizes.of(68))]
    height = min(sum(heights) + 4 * sizes.gap + 2 * sizes.padding, float(size[1]))
    box = Box(0.0, 0.0, float(width), height).inset(float(sizes.padding))
    top, note, dots, keys, leave = rows(box, heights, gap=float(sizes.gap))
    placed = [
        Placed(top, Label(head, sizes.of(38), "bold", "center", middle=True)),
        Placed(note, Label(said, sizes.of(26), ink="accent", align="center", middle=True)),
        Placed(dots, Label("● " * len(digits) or "—", sizes.of(30), align="center", middle=True)),
    ]
    boxes = grid(keys, len(KEYS), across=3, height=float(key), gap=float(sizes.gap))
    for name, where in zip(KEYS, boxes, strict=True):
        style: Literal["primary", "plain"] = "primary" if name == "enter" else "plain"
        placed.append(Placed(where, Button(name, LABELS.get(name, name), style=style, size=sizes.of(36))))
    placed.append(Placed(leave, Button("leave", "取消 / Cancel", style="quiet", size=sizes.of(28))))
    return Panel("pad", (round(width), round(height)), tuple(placed), sizes)


def origin(panel: Panel, size: Size, /) -> tuple[int, int]:
    """Where the panel's upper left corner lies on a glass of that many pixels."""
    return (size[0] - panel.size[0]) // 2, (size[1] - panel.size[1]) // 2


def tapped(digits: str, panel: Panel, at: tuple[float, float], size: Size, /) -> PinEntry:
    """After a tap at that pixel of the glass."""
    left, top = origin(panel, size)
    spot = hit(panel, (at[0] - left, at[1] - top))
    if spot is None:
        return PinEntry(digits)
    match spot.widget:
        case "leave":
            return PinEntry("", done=True)
        case "back":
            return PinEntry(digits[:-1])
        case "enter":
            return PinEntry(digits, done=bool(digits))
    return PinEntry((digits + spot.widget)[:LONGEST])

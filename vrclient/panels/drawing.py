"""A panel's picture, and the marks over it. The picture holds what stays; what changes from frame to frame (a slider's place,
what is aimed at) are marks, so that nobody waits for a picture to be drawn.

Pillow is imported on first use."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from vrclient.frame.sheets import MARKS_MAX, Mark, SheetPicture
from vrclient.panels.parts import KNOB, Scrolling, icon_size, label_room, label_weight, line_width, scrolling, track
from vrclient.panels.pressing import box_of
from vrclient.panels.shapes import baseline_at, filled, icon, outlined, shortened, text_line
from vrclient.panels.theme import FILLS, GLASS_ALPHA, INKS, RIM, Fill, Ink, Sizes
from vrclient.panels.widgets import (
    Align,
    Box,
    Button,
    Icon,
    Label,
    ListBox,
    Panel,
    PictureBox,
    Plate,
    Slider,
    Spot,
    Widget,
)

if TYPE_CHECKING:
    from PIL.Image import Image as Canvas

Color = tuple[float, float, float, float]

HOVER: Color = (1.0, 1.0, 1.0, 0.13)
PRESS: Color = (1.0, 0.5, 0.1, 0.2)
PRESS_PRIMARY: Color = (0.13, 0.08, 0.02, 0.28)
"""Over what is aimed at, and pressed; what is the accent's colour already becomes darker instead."""
_KEPT = 16


@lru_cache(maxsize=_KEPT)
def drawn(panel: Panel, /) -> SheetPicture:
    """The panel's picture. Equal panels have the very same one; at most 16 are kept."""
    from PIL import Image as Pictures

    wide, high = panel.size
    pixels = np.zeros((high, wide, 4), np.uint8)
    canvas = Pictures.frombuffer("RGBA", panel.size, pixels, "raw", "RGBA", 0, 1)
    canvas.readonly = 0  # drawn straight into `pixels`: copying them out takes longer than drawing
    whole = Box(0, 0, *panel.size)
    if panel.ground is not None:
        filled(canvas, whole, FILLS[panel.ground], radius=panel.radius, alpha=GLASS_ALPHA)
        outlined(canvas, whole, RIM, radius=panel.radius, width=max(1, panel.sizes.of(1.5)))
    if panel.hole is not None:
        left, top, right, bottom = (
            round(edge) for edge in (panel.hole.left, panel.hole.top, panel.hole.right, panel.hole.bottom)
        )
        canvas.paste((0, 0, 0, 0), (left, top, right, bottom))
    for placed in panel.widgets:
        _draw(canvas, placed.widget, placed.box, panel.sizes)
    return SheetPicture(pixels, f"panel {panel.id}")


def marks(
    panel: Panel, /, *, hovered: Spot | None = None, pressed: Spot | None = None, values: Mapping[str, float] | None = None
) -> tuple[Mark, ...]:
    """What lies over the panel's picture now: each slider's value (0 where `values` lacks it), then what is hovered or
    pressed. At most MARKS_MAX."""
    found: list[Mark] = []
    for placed in panel.widgets:
        if isinstance(placed.widget, Slider):
            found += _slider_marks(panel, placed.widget, placed.box, (values or {}).get(placed.widget.id, 0.0))
    spot = pressed or hovered
    box = box_of(panel, spot) if spot is not None else None
    if spot is not None and box is not None:
        placed_widget = panel.placed(spot.widget)
        widget = placed_widget.widget if placed_widget else None
        if isinstance(widget, Button) or spot.row is not None or spot.turn:
            round_one = isinstance(widget, Button) and widget.round
            radius = min(box.width, box.height) / 2 if round_one else float(panel.sizes.radius)
            primary = isinstance(widget, Button) and widget.style == "primary"
            color = HOVER if pressed is None else PRESS_PRIMARY if primary else PRESS
            found.append(_mark(panel, box, color, radius))
    return tuple(found[:MARKS_MAX])


def _slider_marks(panel: Panel, slider: Slider, box: Box, value: float) -> list[Mark]:
    left, right = track(box, panel.sizes)
    middle, half = track_middle(slider, box, panel.sizes), panel.sizes.of(5)
    at = left + (right - left) * min(max(value, 0.0), 1.0)
    accent = _unit(INKS["accent"] if slider.enabled else INKS["off"])
    found = [_mark(panel, Box(left - half, middle - half, max(at, left - half) + half, middle + half), accent, half)]
    if slider.knob:
        radius = panel.sizes.of(KNOB)
        knob = _unit(INKS["ink"] if slider.enabled else INKS["off"])
        found.append(_mark(panel, Box(at - radius, middle - radius, at + radius, middle + radius), knob, radius))
    return found


def track_middle(slider: Slider, box: Box, sizes: Sizes, /) -> float:
    """Where a slider's track lies from top to bottom: in the middle, or above its labels."""
    return box.middle[1] if not slider.labels else min(box.top + sizes.of(KNOB + 6), box.middle[1])


def _mark(panel: Panel, box: Box, color: Color, radius: float) -> Mark:
    wide, high = panel.size
    return Mark((box.left / wide, box.top / high, box.right / wide, box.bottom / high), color, radius / high)


def _unit(color: tuple[int, int, int]) -> Color:
    return (color[0] / 255, color[1] / 255, color[2] / 255, 1.0)


def _draw(canvas: "Canvas", widget: Widget, box: Box, sizes: Sizes) -> None:
    match widget:
        case Button():
            _draw_button(canvas, widget, box, sizes)
        case Label():
            _draw_label(canvas, widget, box, sizes)
        case ListBox():
            _draw_list(canvas, widget, box, sizes)
        case Slider():
            _draw_slider(canvas, widget, box, sizes)
        case PictureBox():
            _draw_picture(canvas, widget, box)
        case Icon():
            size = int(min(box.width, box.height))
            icon(canvas, widget.name, box.middle, size, INKS[widget.ink])
        case Plate():
            if widget.rim:
                outlined(canvas, box, RIM, radius=widget.radius, width=max(1, sizes.of(1.5)))
            else:
                filled(canvas, box, FILLS[widget.fill], radius=widget.radius)


def button_colors(button: Button, /) -> tuple[Ink, Fill | None]:
    """Of its text, and of its ground; None: the panel's."""
    if not button.enabled:
        return "off", None
    if button.style == "primary":
        return "dark", "accent"
    if button.on:
        return "accent", "lit"
    return "ink", "raised" if button.style == "plain" else None


def _draw_button(canvas: "Canvas", button: Button, box: Box, sizes: Sizes) -> None:
    ink, fill = button_colors(button)
    color = INKS[ink]
    radius = min(box.width, box.height) / 2 if button.round else float(sizes.radius)
    if fill is not None:
        filled(canvas, box, FILLS[fill], radius=radius)
    if button.on and button.style != "primary":
        outlined(canvas, box, INKS["accent"], radius=radius, width=max(2, sizes.of(2.5)))
    elif not button.enabled:
        outlined(canvas, box, RIM, radius=radius, width=max(1, sizes.of(1.5)))
    weight, high = label_weight(button), icon_size(button)
    x, y = box.middle
    if button.icon is not None and not button.label:
        icon(canvas, button.icon, (x, y), high, color)
        return
    inner = box.inset(sizes.of(16), 0)
    if button.icon is not None and button.stacked:
        text = shortened(button.label, button.size, inner.width, weight)
        top = y - (high + sizes.of(8) + button.size) / 2
        icon(canvas, button.icon, (x, top + high / 2), high, color)
        middle = top + high + sizes.of(8) + button.size / 2
        text_line(
            canvas,
            text,
            x - line_width(text, button.size, weight) / 2,
            baseline_at(middle, button.size),
            button.size,
            color,
            weight,
        )
        return
    before = 0 if button.icon is None else high + sizes.gap
    text = shortened(button.label, button.size, label_room(button, box.width, sizes), weight)
    start = _start(inner, before + line_width(text, button.size, weight), button.align)
    if button.icon is not None:
        icon(canvas, button.icon, (start + high / 2, y), high, color)
    text_line(canvas, text, start + before, baseline_at(y, button.size), button.size, color, weight)


def _start(box: Box, width: float, align: Align) -> float:
    return box.left + (box.width - width) * {"left": 0.0, "center": 0.5, "right": 1.0}[align]


def _draw_label(canvas: "Canvas", label: Label, box: Box, sizes: Sizes) -> None:
    scroll = scrolling(label, box, sizes)
    shown = list(scroll.lines[scroll.first : scroll.first + scroll.fits])
    if not label.id and scroll.count > scroll.fits and shown:
        shown[-1] = shortened(shown[-1] + " " + scroll.lines[scroll.first + scroll.fits], label.size, box.width, label.weight)
    top = box.middle[1] - len(shown) * scroll.step / 2 if label.middle else box.top
    for number, line in enumerate(shown):
        x = _start(scroll.inner, line_width(line, label.size, label.weight), label.align)
        baseline = baseline_at(top + (number + 0.5) * scroll.step, label.size)
        text_line(canvas, line, x, baseline, label.size, INKS[label.ink], label.weight)
    _draw_scroll(canvas, scroll, sizes)


def _draw_scroll(canvas: "Canvas", scroll: Scrolling, sizes: Sizes) -> None:
    """The arrows and the bar of what is longer than its box."""
    if scroll.bar is None:
        return
    for turn, box in scroll.arrows:
        filled(canvas, box, FILLS["raised"], radius=sizes.radius)
        icon(canvas, "up" if turn < 0 else "down", box.middle, sizes.of(40), INKS["ink"])
    whole, part = scroll.bar
    if whole.height > 0:
        filled(canvas, whole, FILLS["raised"], radius=whole.width / 2)
        filled(canvas, part, INKS["soft"], radius=whole.width / 2)


def _draw_list(canvas: "Canvas", box_of_rows: ListBox, box: Box, sizes: Sizes) -> None:
    scroll = scrolling(box_of_rows, box, sizes)
    size, small = box_of_rows.size, max(sizes.body, round(box_of_rows.size * 0.86))
    for number, place in scroll.rows:
        row, chosen = box_of_rows.rows[number], number == box_of_rows.chosen
        ink: Ink = "off" if not box_of_rows.enabled else "accent" if chosen else "ink"
        filled(canvas, place, FILLS["lit" if chosen else "raised"], radius=sizes.radius)
        if chosen:
            outlined(canvas, place, INKS["accent"], radius=sizes.radius, width=max(2, sizes.of(2.5)))
        inner = place.inset(sizes.of(20), 0)
        left, right = inner.left, inner.right
        if row.icon is not None:
            icon(canvas, row.icon, (left + sizes.of(22), place.middle[1]), sizes.of(44), INKS[ink])
            left += sizes.of(44) + sizes.gap * 1.5
        icon(
            canvas,
            "check" if chosen else "right",
            (right - sizes.of(16), place.middle[1]),
            sizes.of(34),
            INKS["accent" if chosen else "soft"],
        )
        room = right - sizes.of(44) - left
        middle = place.middle[1]
        if row.note:
            note = shortened(row.note, small, room)
            text_line(canvas, note, left, baseline_at(middle + size * 0.74, small), small, INKS["soft"])
            middle -= size * 0.66
        text_line(canvas, shortened(row.text, size, room), left, baseline_at(middle, size), size, INKS[ink])
    _draw_scroll(canvas, scroll, sizes)


def _draw_slider(canvas: "Canvas", slider: Slider, box: Box, sizes: Sizes) -> None:
    """The track with its ticks and labels; what it stands at is a mark."""
    left, right = track(box, sizes)
    middle, half = track_middle(slider, box, sizes), sizes.of(5)
    filled(canvas, Box(left - half, middle - half, right + half, middle + half), RIM, radius=half)
    for tick in slider.ticks:
        x = left + (right - left) * tick
        filled(
            canvas,
            Box(x - sizes.of(2), middle - sizes.of(15), x + sizes.of(2), middle + sizes.of(15)),
            INKS["soft"],
            radius=sizes.of(2),
        )
    end = box.left
    for value, text in slider.labels:
        wide = line_width(text, slider.size)
        x = min(max(left + (right - left) * value - wide / 2, box.left), box.right - wide)
        if x >= end:
            text_line(canvas, text, x, baseline_at(box.bottom - slider.size * 0.6, slider.size), slider.size, INKS["soft"])
            end = x + wide + slider.size * 0.6


def _draw_picture(canvas: "Canvas", shown: PictureBox, box: Box) -> None:
    from PIL import Image as Pictures

    if box.width < 1.0 or box.height < 1.0:
        return
    picture = Pictures.fromarray(shown.picture.pixels)
    wide, high = picture.size
    scales = (box.width / wide, box.height / high)
    scale = max(scales) if shown.cover else min(scales)
    part = (0.0, 0.0, float(wide), float(high))
    if shown.cover:
        across, down = min(box.width / scale, wide), min(box.height / scale, high)
        part = ((wide - across) / 2, (high - down) / 2, (wide + across) / 2, (high + down) / 2)
        size = (round(box.width), round(box.height))
    else:
        size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    fitted = picture if size == picture.size else picture.resize(size, Pictures.Resampling.LANCZOS, part)
    x, y = box.middle
    canvas.alpha_composite(fitted, (round(x - size[0] / 2), round(y - size[1] / 2)))

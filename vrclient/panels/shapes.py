"""Rounded areas, outlines, icons and lines of text on a Pillow canvas, with smooth edges; what is costly is kept."""

from functools import lru_cache
from typing import TYPE_CHECKING

from vrclient.panels.icons import layers
from vrclient.panels.parts import line_width
from vrclient.panels.theme import FILLS, INKS
from vrclient.panels.widgets import Box, Weight
from vrclient.scene.fonts import Paragraph, PlacedLine, TextLayout, draw_text, has_han, text_width

if TYPE_CHECKING:
    from PIL.Image import Image as Canvas

Rgb = tuple[int, int, int]
_FINER = 4
_MIDDLE = 0.375
"""Ems from a line's baseline up to the middle of its letters."""


def filled(canvas: "Canvas", box: Box, color: Rgb, /, *, radius: float, alpha: float = 1.0) -> None:
    """An area with round corners; it replaces what is below it."""
    left, top, right, bottom = _whole(box)
    if right <= left or bottom <= top:
        return
    paint = (*color, round(255 * alpha))
    corner = min(round(radius), (right - left) // 2, (bottom - top) // 2)
    canvas.paste(paint, (left, top + corner, right, bottom - corner))
    if not corner:
        return
    canvas.paste(paint, (left + corner, top, right - corner, top + corner))
    canvas.paste(paint, (left + corner, bottom - corner, right - corner, bottom))
    _corners(canvas, (left, top, right, bottom), paint, corner, corner)


def outlined(canvas: "Canvas", box: Box, color: Rgb, /, *, radius: float, width: int) -> None:
    """The edge of such an area, inside it."""
    left, top, right, bottom = _whole(box)
    paint = (*color, 255)
    corner = max(min(round(radius), (right - left) // 2, (bottom - top) // 2), width)
    for edge in (
        (left + corner, top, right - corner, top + width),
        (left + corner, bottom - width, right - corner, bottom),
        (left, top + corner, left + width, bottom - corner),
        (right - width, top + corner, right, bottom - corner),
    ):
        if edge[2] > edge[0] and edge[3] > edge[1]:
            canvas.paste(paint, edge)
    _corners(canvas, (left, top, right, bottom), paint, corner, width)


def icon(canvas: "Canvas", name: str, middle: tuple[float, float], size: int, color: Rgb, /) -> None:
    """An icon of icons.py."""
    colors = {"ink": color, "accent": INKS["accent"], "ground": FILLS["glass"]}
    at = (round(middle[0] - size / 2), round(middle[1] - size / 2))
    for role, mask in layers(name, max(size, 1)):
        canvas.paste((*colors[role], 255), (*at, at[0] + mask.width, at[1] + mask.height), mask)


def text_line(
    canvas: "Canvas", text: str, x: float, baseline: float, size: int, color: Rgb, weight: Weight = "regular", /
) -> None:
    """One line of text from `x` on."""
    mask = _line_mask(text, size, weight)
    if mask is None:
        return
    at = (round(x) - size, round(baseline) - 2 * size)
    canvas.paste((*color, 255), (*at, at[0] + mask.width, at[1] + mask.height), mask)


def baseline_at(middle: float, size: float, /) -> float:
    """The baseline of a line whose letters' middle is at height `middle`."""
    return round(middle + _MIDDLE * size)


@lru_cache(maxsize=1024)
def shortened(text: str, size: int, room: float, weight: Weight = "regular", /) -> str:
    """The text, or as much of it as fits into `room` pixels with an ellipsis."""
    if line_width(text, size, weight) <= room:
        return text
    kept, dots = text, "…" if has_han(text) else "..."
    while kept and text_width(kept.rstrip() + dots, size, weight=weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:，。；：、") + dots


@lru_cache(maxsize=512)
def _line_mask(text: str, size: int, weight: Weight) -> "Canvas | None":
    """How far a line covers its pixels (mode L), its start `size` from the left and its baseline 2 `size` from the top; None
    of nothing."""
    from PIL import Image as Pictures

    if not text.strip():
        return None
    line = PlacedLine(text, 0.0, 0.0, 0.0, Paragraph(text, size, weight))
    canvas = Pictures.new("RGBA", (round(line_width(text, size, weight)) + 2 * size, 3 * size))
    draw_text(canvas, TextLayout((line,), 0.0, 0.0), at=(size, 2 * size))
    return canvas.getchannel("A")


def _whole(box: Box) -> tuple[int, int, int, int]:
    return (round(box.left), round(box.top), round(box.right), round(box.bottom))


def _corners(canvas: "Canvas", box: tuple[int, int, int, int], paint: tuple[int, int, int, int], radius: int, width: int) -> None:
    left, top, right, bottom = box
    for mask, x, y in zip(
        _corner_masks(radius, width),
        (left, right - radius, left, right - radius),
        (top, top, bottom - radius, bottom - radius),
        strict=True,
    ):
        canvas.paste(paint, (x, y, x + radius, y + radius), mask)


@lru_cache(maxsize=64)
def _corner_masks(radius: int, width: int) -> "tuple[Canvas, Canvas, Canvas, Canvas]":
    """How far the pixels of the four corners (top left, top right, bottom left, bottom right) are covered."""
    from PIL import Image as Pictures
    from PIL import ImageDraw, ImageOps

    full, ring = radius * _FINER, width * _FINER
    mask = Pictures.new("L", (full, full))
    pen = ImageDraw.Draw(mask)
    pen.ellipse((0, 0, 2 * full - 1, 2 * full - 1), fill=255)
    if ring < full:
        pen.ellipse((ring, ring, 2 * full - 1 - ring, 2 * full - 1 - ring), fill=0)
    top_left = mask.reduce(_FINER)
    top_right = ImageOps.mirror(top_left)
    return top_left, top_right, ImageOps.flip(top_left), ImageOps.flip(top_right)

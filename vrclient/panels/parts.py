"""Where the parts of a widget are: rows, lines and arrows of what is longer than its box, a slider's track. Pure geometry."""

from dataclasses import dataclass
from functools import lru_cache

from vrclient.panels.theme import Sizes
from vrclient.panels.widgets import Box, Button, Label, ListBox
from vrclient.scene.characters import prepared
from vrclient.scene.fonts import Weight, has_han, text_width, wrapped


@dataclass(frozen=True, slots=True)
class Scrolling:
    """inner    where rows or lines are
    count     of rows or lines; `fits`: how many are seen at once; `first`: the one on top
    step      pixels from one to the next
    lines     of a text, all of them
    rows      (number, box) of those that are seen, of a list
    arrows    (-1 or 1, box) of those arrows that lead somewhere
    bar       (top, bottom) of the column between the arrows, and what of it is seen; None where everything fits
    """

    inner: Box
    count: int
    fits: int
    first: int
    step: float
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[int, Box], ...] = ()
    arrows: tuple[tuple[int, Box], ...] = ()
    bar: tuple[Box, Box] | None = None

    @property
    def last_first(self) -> int:
        """The largest `first`."""
        return max(0, self.count - self.fits)


def scrolling(widget: ListBox | Label, box: Box, sizes: Sizes, /) -> Scrolling:
    """How a list, or a text, stands in its box."""
    if isinstance(widget, ListBox):
        count, step = len(widget.rows), widget.height + sizes.gap / 2
        fits = max(1, int((box.height + sizes.gap / 2) // step))
        inner = box if count <= fits else _beside_column(box, sizes)
        lines: tuple[str, ...] = ()
    else:
        step = widget.size * leading(widget.text)
        fits = max(1, int((box.height + 0.01) // step))
        width = even_width(widget.text, widget.size, box.width, widget.weight) if widget.align == "center" else box.width
        inner, lines = box, lines_of(widget.text, widget.size, width, widget.weight)
        if len(lines) > fits and widget.id:
            inner = _beside_column(box, sizes)
            lines = lines_of(widget.text, widget.size, inner.width, widget.weight)
        count = len(lines)
    first = min(max(widget.first, 0), max(0, count - fits))
    rows: tuple[tuple[int, Box], ...] = ()
    if isinstance(widget, ListBox):
        shown = range(first, min(first + fits, count))
        rows = tuple((row, _row(inner, (row - first) * step, widget.height)) for row in shown)
    if count <= fits or not getattr(widget, "id", ""):
        return Scrolling(inner, count, fits, first, step, lines, rows)
    column = Box(inner.right + sizes.gap, box.top, box.right, box.bottom)
    high = min(sizes.button, column.height / 2 - 1)
    up, down = (
        Box(column.left, column.top, column.right, column.top + high),
        Box(column.left, column.bottom - high, column.right, column.bottom),
    )
    arrows = tuple((turn, one) for turn, one, leads in ((-1, up, first > 0), (1, down, first + fits < count)) if leads)
    middle, half = column.middle[0], sizes.of(3)
    track = Box(middle - half, up.bottom + sizes.gap, middle + half, down.top - sizes.gap)
    top = track.top + track.height * first / count
    part = Box(track.left, top, track.right, top + track.height * fits / count)
    return Scrolling(inner, count, fits, first, step, lines, rows, arrows, (track, part))


KNOB = 22.0
"""Radius of a slider's knob, pixels at scale 1."""


def track(box: Box, sizes: Sizes, /) -> tuple[float, float]:
    """(left, right) of a slider's track: where its value is 0 and 1."""
    knob = sizes.of(KNOB)
    return (box.left + knob, box.right - knob)


def leading(text: str, /) -> float:
    """Ems from line to line: Chinese wants more room."""
    return 1.55 if has_han(text) else 1.4


@lru_cache(maxsize=512)
def lines_of(text: str, size: int, width: float, weight: Weight = "regular", /) -> tuple[str, ...]:
    """The lines of a text at most `width` pixels wide. A single line end within it is none; an empty line begins a new
    paragraph."""
    between = "" if has_han(text) else " "
    blocks = [between.join(line.strip() for line in block.split("\n")) for block in prepared(text).strip().split("\n\n")]
    whole = "\n\n".join(blocks)
    return tuple(wrapped(whole, size, width, weight=weight)) if whole else ()


def text_height(text: str, size: int, width: float, /, *, weight: Weight = "regular", most: int | None = None) -> float:
    """Pixels that a text needs, of at most `most` lines."""
    lines = len(lines_of(text, size, width, weight))
    return (lines if most is None else min(lines, most)) * size * leading(text)


def even_width(text: str, size: int, widest: float, weight: Weight = "regular", /) -> float:
    """The smallest width that needs no more lines than the widest, so that lines are about as long as each other."""
    count = len(lines_of(text, size, widest, weight))
    if count <= 1:
        return min(line_width(text.strip(), size, weight) + 1.0, widest)
    low, high = widest / count, widest
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (low, middle) if len(lines_of(text, size, middle, weight)) <= count else (middle, high)
    return high


@lru_cache(maxsize=2048)
def line_width(text: str, size: int, weight: Weight = "regular", /) -> float:
    """Pixels of one line."""
    return text_width(text, size, weight=weight)


def label_weight(button: Button, /) -> Weight:
    """Of a button's label."""
    return "bold" if button.style == "primary" else "regular"


def icon_size(button: Button, /) -> int:
    """Pixels of a button's icon."""
    return button.icon_size or round(button.size * 1.5)


def label_room(button: Button, width: float, sizes: Sizes, /) -> float:
    """Pixels that a button of so many has for its label."""
    before = icon_size(button) + sizes.gap if button.icon is not None and not button.stacked else 0
    return width - 2 * sizes.of(16) - before


def wished_width(button: Button, sizes: Sizes, /) -> float:
    """Pixels at which a button shows its whole label with some air."""
    return width_for(line_width(button.label, button.size, label_weight(button)), button, sizes)


def width_for(label: float, button: Button, sizes: Sizes, /) -> float:
    """Pixels of a button whose label takes so many."""
    return label - label_room(button, 0.0, sizes) + sizes.of(16)


def _beside_column(box: Box, sizes: Sizes) -> Box:
    return Box(box.left, box.top, box.right - sizes.button - sizes.gap, box.bottom)


def _row(inner: Box, down: float, height: float) -> Box:
    return Box(inner.left, inner.top + down, inner.right, min(inner.top + down + height, inner.bottom))

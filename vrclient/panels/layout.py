"""Rectangles out of rectangles: rows, columns, grids, so that no number is written twice."""

from collections.abc import Sequence

from vrclient.panels.widgets import Box


def rows(box: Box, heights: Sequence[float | None], /, *, gap: float) -> list[Box]:
    """Below each other, as high as is said; those of None share what is left. Where that is too
    much, all are as much smaller."""
    spans = _spans(box.top, box.height, heights, gap)
    return [Box(box.left, top, box.right, bottom) for top, bottom in spans]


def columns(box: Box, widths: Sequence[float | None], /, *, gap: float) -> list[Box]:
    """Beside each other, as wide as is said; those of None share what is left. Where that is too
    much, all are as much smaller."""
    spans = _spans(box.left, box.width, widths, gap)
    return [Box(left, box.top, right, box.bottom) for left, right in spans]


def grid(box: Box, count: int, /, *, across: int, height: float, gap: float) -> list[Box]:
    """`count` rectangles, `across` in each row, of equal widths and of that height, from the top on."""
    width = (box.width - gap * (across - 1)) / across
    found = []
    for number in range(count):
        left, top = box.left + (number % across) * (width + gap), box.top + (number // across) * (height + gap)
        found.append(Box(left, top, left + width, top + height))
    return found


def centered(box: Box, width: float, height: float, /) -> Box:
    """That large, around the middle."""
    x, y = box.middle
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _spans(start: float, length: float, sizes: Sequence[float | None], gap: float) -> list[tuple[float, float]]:
    gaps, said = gap * max(len(sizes) - 1, 0), sum(size for size in sizes if size is not None)
    shrink = min(1.0, max(length, 0.0) / (said + gaps)) if said + gaps > 0.0 else 1.0
    open_ones = sum(size is None for size in sizes)
    share = max(length - said - gaps, 0.0) / max(open_ones, 1)
    found, at = [], start
    for size in sizes:
        end = at + (share if size is None else size * shrink)
        found.append((at, end))
        at = end + gap * shrink
    return found

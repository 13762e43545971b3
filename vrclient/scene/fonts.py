"""Text as pictures, right for Chinese on a machine without fonts: one face, shipped as a package (Noto Sans CJK, Simplified).

Sizes are pixels per em; a Chinese character is HAN_HEIGHT ems high, a capital CAPITAL_HEIGHT. The bold weight is the regular
one with a stroke round it. A line without Chinese characters is set from the collection's Korean face, whose quotation marks
and dashes are as narrow as Latin ones. A character that the face lacks is drawn as its crossed box; what is
invisible (characters.py) leaves nothing. Pillow is imported on
first use."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from vrclient.scene.characters import SOFT_HYPHEN, as_drawn, prepared, stray_marks, unbreakable
from vrclient.scene.colors import srgb_from_linear
from vrclient.scene.draw_data import Color, Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageFont import FreeTypeFont

Weight = Literal["regular", "bold"]
Align = Literal["left", "center", "right"]

FACE_NAME = "Noto Sans CJK SC"
LATIN_FACE_NAME = "Noto Sans CJK KR"
HAN_HEIGHT = 0.92
CAPITAL_HEIGHT = 0.733
_BOLD_STROKE = 0.017
_ASCENT = 0.88


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text in one size and colour; '\\n' begins a new line. size: pixels per em; leading: ems from line to line; before: empty
    pixels above it (not above the first)."""

    text: str
    size: float
    weight: Weight = "regular"
    color: Color = (1.0, 1.0, 1.0)
    leading: float = 1.5
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line of a laid-out text: left end and baseline in pixels from the top left corner, and its width."""

    text: str
    x: float
    baseline: float
    width: float
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class TextLayout:
    """Where all lines stand, and the size in pixels of all together."""

    lines: tuple[PlacedLine, ...]
    width: float
    height: float


def missing_glyphs(text: str, /) -> set[str]:
    """The characters that cannot be drawn: those that the face lacks are drawn as a crossed box, accents without a letter not at
    all."""
    halves = {one for one in set(text) if unicodedata.category(one) == "Cs"}
    drawn = set(as_drawn("".join(one for one in text if one not in halves)))
    return halves | stray_marks(text) | {one for one in drawn if not one.isspace() and not _has_glyph(one)}


def has_han(text: str, /) -> bool:
    """Whether any character is Chinese (or otherwise as wide as it is high)."""
    return any(unicodedata.east_asian_width(one) in ("W", "F") for one in text)


def text_width(text: str, size: float, /, *, weight: Weight = "regular") -> float:
    """Pixels from the start to the end of one line: its characters side by side, as neither face moves any closer."""
    drawn = as_drawn(text)
    name = _face_name(drawn)
    return sum(_advance(character, name) for character in drawn) * size + _stroke(size, weight)


def wrapped(text: str, size: float, width: float, /, *, weight: Weight = "regular") -> list[str]:
    """The lines of a text at most `width` pixels wide, as they are drawn: Chinese breaks between characters (none begins with
    。 or ends with （), other scripts between words; a word wider than a line is cut."""
    room = (width - _stroke(size, weight)) / size
    return [one for line in prepared(text).split("\n") for one in _broken(line, room)]


def _broken(line: str, room: float) -> list[str]:
    """A prepared line in lines of at most `room` ems."""
    lines, current = [], ""
    for piece in unbreakable(line):
        if current.strip() and _fitting(current + piece.rstrip(), room) < len(current + piece.rstrip()):
            lines.append(_ended(current))
            current = piece.lstrip()
        else:
            current += piece
        while (cut := max(1, _fitting(current.rstrip(), room))) < len(current.rstrip()):
            lines.append(as_drawn(current[:cut]))
            current = current[cut:]
    return [*lines, _ended(current)]


def _ended(line: str) -> str:
    return as_drawn(line.removesuffix(SOFT_HYPHEN) + "-" if line.endswith(SOFT_HYPHEN) else line).rstrip()


def _fitting(text: str, room: float) -> int:
    """How many characters of a prepared text are within `room` ems; the face changes with the first Chinese one."""
    widths = {FACE_NAME: 0.0, LATIN_FACE_NAME: 0.0}
    face = LATIN_FACE_NAME
    for k, character in enumerate(text):
        if face == LATIN_FACE_NAME and has_han(character):
            face = FACE_NAME
        for name in widths:
            widths[name] += sum(_advance(one, name) for one in as_drawn(character))
        if widths[face] > room + 1e-9:
            return k
    return len(text)


def laid_out(paragraphs: Sequence[Paragraph], /, *, width: float | None = None, align: Align = "left") -> TextLayout:
    """Lines below each other, broken at `width` pixels; without a width each paragraph's own lines stay whole."""
    rows: list[tuple[str, float, float, Paragraph]] = []
    top = 0.0
    for number, paragraph in enumerate(paragraphs):
        top += paragraph.before if number else 0.0
        lines = as_drawn(paragraph.text).split("\n")
        if width is not None:
            lines = wrapped(paragraph.text, paragraph.size, width, weight=paragraph.weight)
        for line in lines:
            baseline = top + paragraph.size * ((paragraph.leading - 1.0) / 2 + _ASCENT)
            rows.append((line, baseline, text_width(line, paragraph.size, weight=paragraph.weight), paragraph))
            top += paragraph.size * paragraph.leading
    whole = max((row[2] for row in rows), default=0.0) if width is None else width
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    lines_placed = tuple(PlacedLine(text, share * (whole - wide), baseline, wide, p) for text, baseline, wide, p in rows)
    return TextLayout(lines_placed, whole, top)


def draw_text(picture: "Picture", layout: TextLayout, /, *, at: tuple[float, float]) -> None:
    """Draws laid-out text into an RGBA picture with its top left corner at pixel `at`."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    for line in layout.lines:
        paragraph, text = line.paragraph, as_drawn(line.text)
        stroke = _BOLD_STROKE * paragraph.size if paragraph.weight == "bold" else 0.0
        pen.text(
            (at[0] + line.x + stroke, at[1] + line.baseline),
            text,
            font=_face(round(paragraph.size), _face_name(text)),
            fill=_bytes(paragraph.color),
            anchor="ls",
            stroke_width=stroke,
        )


def text_image(
    paragraphs: Sequence[Paragraph],
    /,
    *,
    name: str,
    width: float | None = None,
    align: Align = "left",
    padding: float = 0.0,
    background: Color | None = None,
) -> Image:
    """Text as an image, with `padding` pixels round it. Without a background it is clear between the letters, and there its
    colour is that of the nearest line, so that filtered edges stay clean."""
    from PIL import Image as Pictures

    layout = laid_out(paragraphs, width=width, align=align)
    size = (max(1, int(np.ceil(layout.width + 2 * padding))), max(1, int(np.ceil(layout.height + 2 * padding))))
    if background is not None:
        picture = Pictures.new("RGBA", size, _bytes(background))
        draw_text(picture, layout, at=(padding, padding))
        return Image(np.asarray(picture).copy(), name)
    picture = Pictures.new("RGBA", size)
    draw_text(picture, layout, at=(padding, padding))
    pixels = np.asarray(picture).copy()
    if layout.lines:
        middle = np.array([padding + line.baseline - 0.4 * line.paragraph.size for line in layout.lines])
        nearest = np.abs(np.arange(size[1])[:, None] - middle).argmin(axis=1)
        pixels[..., :3] = np.array([_bytes(line.paragraph.color)[:3] for line in layout.lines], np.uint8)[nearest][:, None]
    return Image(pixels, name)


def text_mask(text: str, size: int, /, *, weight: Weight = "regular") -> np.ndarray:
    """[H, W] float32 0..1: how far each pixel is covered by one line of text, with an empty border; the baseline is
    `size` pixels below the top."""
    from PIL import Image as Pictures

    layout = TextLayout((PlacedLine(text, 0.0, 0.0, 0.0, Paragraph(text, size, weight)),), 0.0, 0.0)
    picture = Pictures.new("RGBA", (int(text_width(text, size, weight=weight)) + 8 + size // 4, int(1.4 * size) + 4))
    draw_text(picture, layout, at=(4 + size // 8, size))
    covered = np.asarray(picture)[..., 3].astype(np.float32) / 255.0
    covered[[0, -1]] = covered[:, [0, -1]] = 0.0
    return covered


_FULL = 200
"""Widths are measured at this size and scaled, so that layout does not depend on rounding."""


@lru_cache(maxsize=16384)
def _advance(character: str, name: str) -> float:
    """Ems that a character takes in a face."""
    return float(_face(_FULL, name).getlength(character)) / _FULL


@lru_cache(maxsize=64)
def _face(size: int, name: str = FACE_NAME) -> "FreeTypeFont":
    from noto_cjk_sans_otc import FONT_PATH
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT_PATH), max(size, 1), index=_face_index(name), layout_engine=ImageFont.Layout.BASIC)


def _face_name(text: str) -> str:
    return FACE_NAME if has_han(text) else LATIN_FACE_NAME


@cache
def _face_index(name: str) -> int:
    """Which font of the collection has this name. Raises LookupError if none has: then the package is a different one."""
    from noto_cjk_sans_otc import FONT_PATH
    from PIL import ImageFont

    for index in range(64):
        try:
            found = ImageFont.truetype(str(FONT_PATH), 16, index=index, layout_engine=ImageFont.Layout.BASIC).getname()[0]
        except OSError:
            break
        if found == name:
            return index
    raise LookupError(f"{FONT_PATH} has no face named '{name}'")


@lru_cache(maxsize=8192)
def _has_glyph(character: str) -> bool:
    return bytes(_face(24).getmask(character)) != _no_glyph()


@cache
def _no_glyph() -> bytes:
    return bytes(_face(24).getmask("\uffff"))


def _stroke(size: float, weight: Weight) -> float:
    """Pixels by which bold strokes widen a line."""
    return 2 * _BOLD_STROKE * size if weight == "bold" else 0.0


def _bytes(color: Color) -> tuple[int, int, int, int]:
    red, green, blue = (int(value) for value in np.rint(255 * np.clip(srgb_from_linear(color), 0.0, 1.0)))
    return (red, green, blue, 255)

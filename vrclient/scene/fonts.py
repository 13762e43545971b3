"""Text as pictures, right for Chinese on a machine without fonts: one face, shipped as a package (Noto Sans CJK, Simplified).

Sizes are pixels per em; a Chinese character is HAN_HEIGHT ems high, a capital CAPITAL_HEIGHT. The bold weight is the regular
one with a stroke round it. A line without Chinese characters is set from the collection's Korean face, whose quotation marks
and dashes are as narrow as Latin ones. A character that the face lacks is drawn as its crossed box. Pillow is imported on
first use."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

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
_MAY_NOT_BEGIN = frozenset("，。、；：？！）】》」』〉〕］｝”’…—～·,.;:?!)]}%‰℃°")
_MAY_NOT_END = frozenset("（【《「『〈〔［｛“‘([{￥$#@")


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
    """The characters that the face lacks: they are drawn as a crossed box."""
    return {one for one in set(text) if not _is_invisible(one) and not _has_glyph(one)}


def has_han(text: str, /) -> bool:
    """Whether any character is Chinese (or otherwise as wide as it is high)."""
    return any(unicodedata.east_asian_width(one) in ("W", "F") for one in text)


def text_width(text: str, size: float, /, *, weight: Weight = "regular") -> float:
    """Pixels from the start to the end of one line: its characters side by side, as neither face moves any closer."""
    name = _face_name(text)
    return sum(_advance(character, name) for character in text) * size + (2 * _BOLD_STROKE * size if weight == "bold" else 0.0)


def wrapped(text: str, size: float, width: float, /, *, weight: Weight = "regular") -> list[str]:
    """The lines of a text at most `width` pixels wide: Chinese breaks between characters (none begins with 。 or ends with
    （), other scripts between words; a word wider than a line is cut."""
    lines = []
    for line in text.split("\n"):
        current = ""
        for piece in _unbreakable(line):
            if current and text_width((current + piece).rstrip(), size, weight=weight) > width:
                lines.append(current.rstrip())
                current = piece.lstrip()
            else:
                current += piece
            while text_width(current.rstrip(), size, weight=weight) > width and len(current) > 1:
                cut = max(1, sum(text_width(current[: k + 1], size, weight=weight) <= width for k in range(len(current))))
                lines.append(current[:cut])
                current = current[cut:]
        lines.append(current.rstrip())
    return lines


def laid_out(paragraphs: Sequence[Paragraph], /, *, width: float | None = None, align: Align = "left") -> TextLayout:
    """Lines below each other, broken at `width` pixels; without a width each paragraph's own lines stay whole."""
    rows: list[tuple[str, float, float, Paragraph]] = []
    top = 0.0
    for number, paragraph in enumerate(paragraphs):
        top += paragraph.before if number else 0.0
        lines = paragraph.text.split("\n")
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
        paragraph = line.paragraph
        stroke = _BOLD_STROKE * paragraph.size if paragraph.weight == "bold" else 0.0
        pen.text(
            (at[0] + line.x + stroke, at[1] + line.baseline),
            line.text,
            font=_face(round(paragraph.size), _face_name(line.text)),
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
    return np.asarray(picture)[..., 3].astype(np.float32) / 255.0


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


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Zs")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F") or character in "“”‘’…—"


def _unbreakable(line: str) -> list[str]:
    """The pieces between which a line may break; each keeps its trailing spaces."""
    pieces: list[str] = []
    for character in line:
        before = pieces[-1][-1] if pieces else ""
        if not before:
            joined = False
        elif character.isspace() or character in _MAY_NOT_BEGIN or before in _MAY_NOT_END:
            joined = True
        elif before.isspace():
            joined = False
        else:
            joined = not (_is_wide(character) or _is_wide(before) or before in "-–/")
        if joined:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _bytes(color: Color) -> tuple[int, int, int, int]:
    red, green, blue = (int(value) for value in np.rint(255 * np.clip(srgb_from_linear(color), 0.0, 1.0)))
    return (red, green, blue, 255)

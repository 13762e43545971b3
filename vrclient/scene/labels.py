"""What is printed beside and in place of exhibits: labels, notices that something is missing, and pictures small enough for a
scene. Images as arrays; where they hang is up to the elements. It keeps no picture at full resolution."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Image
from vrclient.scene.fonts import HAN_HEIGHT, Paragraph, draw_text, has_han, laid_out, text_width
from vrclient.scene.pictures import read_picture
from vrclient.showcase.models import Confidence

CONFIDENCE: dict[Confidence, str] = {
    "measured": "实测 measured", "published": "公开资料 published", "estimate": "估计 estimate",
}  # fmt: skip

LABEL_TEXT_MM = 24.0
LABEL_DISTANCE_M = 1.2
"""A label is read from here: its text is more than one degree high."""

SHOWN_PIXELS = 1024
"""The longer side of a picture in the scene, at most."""

_PIXELS_PER_M = 1500.0
_GROUND, _INK, _GREY = "#fbfaf6", "#22272a", "#596065"
_NOTICE_GROUND, _NOTICE_LINE = "#d9d8d3", "#8d9092"


def label_image(
    titles: Sequence[str],
    texts: Sequence[str],
    /,
    *,
    width_m: float,
    name: str,
    source: str | None = None,
    confidence: Confidence | None = None,
) -> Image:
    """A label as wide as that and as high as its words need, _PIXELS_PER_M to the metre: titles and texts by language, the first
    language first, and at its foot where the numbers come from and how sure they are."""
    from PIL import Image as Pictures

    text = LABEL_TEXT_MM / 1000 * _PIXELS_PER_M
    width, margin = round(width_m * _PIXELS_PER_M), round(1.1 * text)
    ink, grey = linear_color(_INK), linear_color(_GREY)
    paragraphs = [
        Paragraph(title, (1.5 if k == 0 else 1.15) * text, "bold" if k == 0 else "regular", ink, leading=1.3)
        for k, title in enumerate(titles)
    ]
    for k, block in enumerate(texts):
        size, leading = (text, 1.5) if has_han(block) else (text * HAN_HEIGHT, 1.4)
        words = block.strip() if has_han(block) else " ".join(block.split())
        paragraphs.append(Paragraph(words, size, "regular", ink, leading=leading, before=(0.9 if k == 0 else 0.55) * text))
    if source:
        sure = f" · {CONFIDENCE[confidence]}" if confidence else ""
        foot = f"来源 Source: {source}{sure}"
        paragraphs.append(Paragraph(foot, 0.72 * text, "regular", grey, leading=1.4, before=0.9 * text))
    layout = laid_out(paragraphs, width=width - 2 * margin)
    canvas = Pictures.new("RGBA", (width, round(layout.height) + 2 * margin), _GROUND)
    draw_text(canvas, layout, at=(margin, margin))
    return Image(np.asarray(canvas).copy(), f"label {name!r}")


def label_pixels(letters: int, /, *, width_m: float) -> float:
    """About how many pixels a label with so many letters has, all of them as wide as high."""
    text, width = LABEL_TEXT_MM / 1000 * _PIXELS_PER_M, width_m * _PIXELS_PER_M
    return width * (6.0 * text + 1.5 * letters * text**2 / (width - 2.2 * text))


def notice_image(lines: Sequence[str], /, *, size_m: tuple[float, float], name: str) -> Image:
    """A plain plate that says in every language what is not there: grey, framed by a thin line, words in the middle."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    scale = min(320.0, 900.0 / max(size_m))
    width, height = (max(32, round(length * scale)) for length in size_m)
    widest = max(1.0, *(text_width(line, 100.0) for line in lines))
    size = min(0.72 * width / widest * 100.0, 0.5 * height / len(lines), 0.3 * scale)
    words = [Paragraph(line, size, "bold" if k == 0 else "regular", linear_color(_INK)) for k, line in enumerate(lines)]
    layout = laid_out(words, align="center")
    canvas = Pictures.new("RGBA", (width, height), _NOTICE_GROUND)
    inset = 0.05 * min(width, height)
    ImageDraw.Draw(canvas).rectangle(
        (inset, inset, width - inset, height - inset), outline=_NOTICE_LINE, width=max(1, round(0.006 * max(width, height)))
    )
    draw_text(canvas, layout, at=((width - layout.width) / 2, (height - layout.height) / 2))
    return Image(np.asarray(canvas).copy(), f"notice {name!r}")


def reduced_picture(file: Path, /, *, longest: int = SHOWN_PIXELS) -> tuple[Image, tuple[int, int]]:
    """(the picture at most `longest` pixels wide and high, width and height of the file's own in pixels), turned as the
    camera that took it was held.

    Raises UnreadablePicture where the file is gone or damaged."""
    picture, full = read_picture(file, longest=longest)
    return Image(np.asarray(picture.convert("RGBA")).copy(), f"picture {file.name!r}"), full

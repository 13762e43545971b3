"""What the cover shows: a picture that fills the glass, and a plate with a title and a text over it. Pictures in, a picture
out."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from vrclient.panels.drawing import drawn
from vrclient.panels.layout import rows
from vrclient.panels.parts import text_height
from vrclient.panels.theme import Sizes
from vrclient.panels.widgets import Box, Label, Panel, Placed

GROUND, GLOW = (20, 26, 33), (46, 64, 82)
"""sRGB: where there is no picture, from the edges to the middle."""
LARGEST_BYTES = 64 * 2**20
Size = tuple[int, int]


def sizes_for(size: Size, /) -> Sizes:
    """Of what is written on a glass of that many pixels, which is read from a few metres away."""
    return Sizes(max(0.35, min(4.0, size[1] / 900.0, size[0] / 1100.0)))


def composed(picture: Path | None, title: Mapping[str, str], text: Mapping[str, str], size: Size, /) -> Image.Image:
    """RGB of `size`. A picture that cannot be read is left out: there is always something to see."""
    canvas = _ground(picture, size)
    panel = plate(title, text, size)
    if panel is not None:
        image = Image.fromarray(drawn(panel).pixels)
        left = (size[0] - image.width) // 2
        top = (size[1] - image.height) // 2 if picture is None else size[1] - image.height - sizes_for(size).of(64)
        canvas.paste(image, (left, max(0, top)), image)
    return canvas


def plate(title: Mapping[str, str], text: Mapping[str, str], size: Size, /) -> Panel | None:
    """The title in all its languages, and below it the text in all of its; None where there is nothing to say."""
    sizes = sizes_for(size)
    inner = min(sizes.of(1000), size[0] - 4 * sizes.padding)
    lines = [Label(one, sizes.of(60), "bold", "center", middle=True) for one in dict.fromkeys(title.values()) if one]
    lines[1:] = [Label(one.text, sizes.of(40), "regular", "center", middle=True) for one in lines[1:]]
    lines += [Label(one, sizes.of(36), ink="soft", align="center", middle=True) for one in dict.fromkeys(text.values()) if one]
    if not lines or inner <= 0:
        return None
    heights = [text_height(one.text, one.size, inner, weight=one.weight, most=3) for one in lines]
    width, height = inner + 3 * sizes.padding, sum(heights) + sizes.gap * (len(heights) - 1) + 3 * sizes.padding
    height = min(height, size[1])
    box = Box(0.0, 0.0, width, height).inset(1.5 * sizes.padding)
    placed = tuple(Placed(where, one) for where, one in zip(rows(box, heights, gap=sizes.gap), lines, strict=True))
    return Panel("cover", (round(width), round(height)), placed, sizes)


def _ground(picture: Path | None, size: Size) -> Image.Image:
    if picture is not None:
        try:
            if picture.stat().st_size <= LARGEST_BYTES:
                with Image.open(picture) as file:
                    return ImageOps.fit(file.convert("RGB"), size)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pass
    glow = Image.radial_gradient("L").resize(size).filter(ImageFilter.GaussianBlur(2))
    return Image.composite(Image.new("RGB", size, GROUND), Image.new("RGB", size, GLOW), glow)

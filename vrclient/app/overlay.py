"""Small texts as images in screen pixels, for the window's corner."""

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from vrclient.scene.draw_data import Image

SIZE, PADDING = 14, 8


def lines_image(lines: list[str], /) -> Image:
    """White lines on a dark, half transparent ground."""
    font = ImageFont.load_default(SIZE)
    width = max((int(font.getlength(line)) for line in lines), default=0) + 2 * PADDING
    height = int(1.4 * SIZE) * len(lines) + 2 * PADDING
    picture = Picture.new("RGBA", (width, height), (10, 14, 20, 190))
    draw = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        draw.text((PADDING, PADDING + row * int(1.4 * SIZE)), line, font=font, fill=(240, 244, 248, 255))
    return Image(np.asarray(picture), "statistics")

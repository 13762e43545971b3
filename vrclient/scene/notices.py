"""Plain plates that say what cannot be shown, in the place where it would be."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.colors import linear_color
from vrclient.scene.fonts import Paragraph, draw_text, laid_out

_GROUND, _INK, _QUIET = "#1d2226", "#f3f1ec", "#aab2b8"
_WIDTH = 960


def notice_picture(
    said: Mapping[str, str], name: str, /, *, shape: float, languages: Sequence[str] = ("zh", "en")
) -> NDArray[np.uint8]:
    """[H, W, 4] uint8 sRGB, row 0 on top: the texts in these languages, one below the other, and below them a name (of a
    file); shape = width / height."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    width, height = (_WIDTH, round(_WIDTH / shape)) if shape >= 1.0 else (round(_WIDTH * shape), _WIDTH)
    size = min(width / 16.0, height / 7.0)
    texts = [said[language] for language in languages if language in said] or list(said.values())
    lines = [
        Paragraph(text, size if number == 0 else 0.62 * size, color=linear_color(_INK), leading=1.3, before=0.25 * size)
        for number, text in enumerate(texts)
    ]
    lines.append(Paragraph(name, 0.42 * size, color=linear_color(_QUIET), leading=1.3, before=0.7 * size))
    layout = laid_out(lines, width=0.86 * width, align="center")
    canvas = Pictures.new("RGBA", (width, height), _GROUND)
    top = (height - layout.height) / 2
    pen = ImageDraw.Draw(canvas)
    edge = max(2, round(0.012 * width))
    pen.rectangle((edge, edge, width - 1 - edge, height - 1 - edge), outline="#4a545b", width=max(1, edge // 4))
    draw_text(canvas, layout, at=((width - layout.width) / 2, top))
    return np.asarray(canvas).copy()

"""What the window shows from when it opens until the first frame: that the showcase is being loaded, and how far it is.

It draws with Pillow alone and hears keys by itself: there is no scene and no visit yet."""

import time
from dataclasses import dataclass

import numpy as np

from vrclient.app.stand import ALONE, Alone
from vrclient.display.backend import Display
from vrclient.modes.panels.loading import LOADING, PROGRESS, loading
from vrclient.modes.panels.room import room_for
from vrclient.panels.drawing import drawn, marks
from vrclient.panels.shapes import filled
from vrclient.panels.widgets import Box
from vrclient.scene.draw_data import Image
from vrclient.scene.interactives import TextByLanguage

GROUND = (13, 16, 20)
"""sRGB, 0..255: round the panel."""
SHORTEST_S, LONGEST_S = 0.1, 0.25
"""Seconds between two pictures: no sooner, and no later, for what was covered before."""


@dataclass(slots=True)
class StartupScreen:
    """On any display; one without a window shows nothing, and nobody leaves it. `title`: the showcase's."""

    display: Display
    title: TextByLanguage
    language: str
    stand: Alone = ALONE
    left: bool = False
    """The window was closed, or Escape pressed."""
    _share: float = 0.0
    _shown_at: float = 0.0

    def show(self, share: float, /) -> None:
        """0..1: how far it is; it never goes back. Hears keys, too. To be called often: it costs nothing where nothing is due."""
        self.stand.starting(share)
        inputs = self.stand.allowed(self.display.poll_inputs())
        self.left |= inputs.close_requested or "escape" in inputs.pressed
        if "f11" in inputs.pressed:
            self.display.toggle_fullscreen()
        self._share, before = max(share, self._share), self._share
        now = time.monotonic()
        if now - self._shown_at >= (SHORTEST_S if self._share > before or self._shown_at == 0.0 else LONGEST_S):
            self.display.show_picture(lambda size: picture(self.title, self.language, self._share, size))
            self._shown_at = time.monotonic()


def picture(title: TextByLanguage, language: str, share: float, size: tuple[int, int], /) -> Image:
    """`size` in pixels; `share` 0..1 of the bar is filled."""
    from PIL import Image as Pictures

    panel = loading(language, tuple(title.items()), room_for("pointer", size))
    canvas = Pictures.new("RGBA", size, (*GROUND, 255))
    plate = Pictures.fromarray(drawn(panel).pixels)
    left, top = ((whole - part) // 2 for whole, part in zip(size, plate.size, strict=True))
    canvas.paste(plate, (left, top), plate)
    (bar,) = marks(panel, values={PROGRESS: share})
    (wide, high), (x0, y0, x1, y1), (red, green, blue, _) = plate.size, bar.rect, bar.color
    box = Box(left + x0 * wide, top + y0 * high, left + x1 * wide, top + y1 * high)
    filled(canvas, box, (round(255 * red), round(255 * green), round(255 * blue)), radius=bar.radius * high)
    return Image(np.asarray(canvas), LOADING)

"""Shows frames in a real window and looks at the X server's own picture of each step.

    glass_steps.py FOLDER               the steps of a window's life, with a real session
    glass_steps.py FOLDER card          one picture without a scene
    glass_steps.py FOLDER card single   the same without a second buffer to swap with

What was seen goes to FOLDER/seen.json, screens to FOLDER/STEP.png."""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from glass import connection, differs, is_lit, libx11, screen_picture, wait_for, window_box, window_picture
from panda3d.core import FrameBufferProperties  # noqa: TID251
from PIL import Image

from vrclient.app.assembly import SessionOptions, open_session
from vrclient.app.frame import one_frame
from vrclient.app.opening import open_showcase
from vrclient.app.settings import quality_settings
from vrclient.app.startup_screen import picture
from vrclient.display.window import WindowDisplay
from vrclient.renderer import context
from vrclient.showcase.find import find_showcase

DISPLAY = os.environ["DISPLAY"]
SIZES = ((320, 200), (640, 360), (900, 600))
PORTRAIT = (360, 640)
TITLE = {"zh": "千秋广场", "en": "Qianqiu Square"}


class Steps:
    """One window with a session in it."""

    def __init__(self, folder: Path, seen: list[dict[str, Any]], size: tuple[int, int]) -> None:
        self._folder, self._seen = folder, seen
        settings = quality_settings("low")
        self.display = WindowDisplay(size, title="glass", samples=settings.samples)
        opened = open_showcase(find_showcase("minimal"))
        self.session = open_session(opened, self.display, settings, SessionOptions(picture_folder=folder))
        self.frames(3)
        self.window = int(xdotool("search", "--onlyvisible", "--name", "minimal|Minimal|vrclient").split()[-1])
        xdotool("windowmove", str(self.window), "0", "0")

    def frames(self, count: int) -> None:
        for _ in range(count):
            one_frame(self.session)

    def look(self, step: str) -> None:
        """Frames until the window has settled; then what the screen shows, beside what was drawn."""

        def settled() -> bool:
            self.frames(2)
            box = window_box(DISPLAY, self.window)
            sized = box[2:] == self.display.size == self.display.acquire_target().size
            return sized and self.display.wait_frame().should_render and is_lit(window_picture(DISPLAY, self.window))

        wait_for(settled, step)
        drawn, shown = self.display.acquire_target().read(), window_picture(DISPLAY, self.window)
        Image.fromarray(screen_picture(DISPLAY)).save(self._folder / f"{step}.png")
        self._seen.append(
            {
                "step": step,
                "size": self.display.size,
                "lit": is_lit(shown),
                "differs": differs(shown, drawn),
                "back_buffers": self.display.context.host.get_fb_properties().get_back_buffers(),
                "upside_down": differs(shown[::-1], drawn),
                "reversed_depth": self.display.context.info.reversed_depth,
            }
        )

    def resize(self, size: tuple[int, int]) -> None:
        xdotool("windowsize", str(self.window), *map(str, size))
        wait_for(lambda: (self.frames(1), self.display.size == size)[1], f"the size {size}")


def life(folder: Path) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    steps = Steps(folder, seen, SIZES[0])
    steps.look("plain")
    for size in (*SIZES[1:], PORTRAIT, SIZES[0]):
        steps.resize(size)
        steps.look("{}x{}".format(*size))
    steps.display.toggle_fullscreen()
    wait_for(lambda: (steps.frames(1), steps.display.size != SIZES[0])[1], "the whole screen")
    steps.look("full screen")
    steps.display.toggle_fullscreen()
    wait_for(lambda: (steps.frames(1), steps.display.size == SIZES[0])[1], "the window")
    steps.look("windowed again")
    xdotool("windowminimize" if os.environ.get("MANAGED") else "windowunmap", str(steps.window))
    wait_for(lambda: (steps.frames(1), not is_lit(screen_picture(DISPLAY)))[1], "an empty screen")
    xdotool("windowmap", str(steps.window))
    steps.look("minimised and back")
    with cover():
        steps.frames(2)
        assert not is_lit(screen_picture(DISPLAY))
    steps.look("covered and uncovered")
    steps.session.close()
    wait_for(lambda: not is_lit(screen_picture(DISPLAY)), "an empty screen")
    second = Steps(folder, seen, SIZES[1])
    second.look("a second window")
    second.session.close()
    return seen


class OneBuffer(FrameBufferProperties):
    """As if the X server had single-buffered visuals alone."""

    def set_back_buffers(self, _number: int) -> None:
        super().set_back_buffers(0)


def card(folder: Path, *, single: bool) -> list[dict[str, Any]]:
    if single:
        context.FrameBufferProperties = OneBuffer
    size = SIZES[0]
    display = WindowDisplay(size, title="glass")
    window = int(xdotool("search", "--onlyvisible", "--name", "glass").split()[-1])
    display.show_picture(lambda of: picture(TITLE, "zh", 0.5, of))
    wanted = picture(TITLE, "zh", 0.5, size).pixels[..., :3]
    shown = window_picture(os.environ.get("GLASS", DISPLAY), window)
    back_buffers = display.context.host.get_fb_properties().get_back_buffers()
    display.close()
    Image.fromarray(shown).save(folder / "card.png")
    return [{"step": "card", "lit": bool(shown.std() > 4.0), "differs": differs(shown, wanted), "back_buffers": back_buffers}]


@contextmanager
def cover() -> Iterator[None]:
    """A black window before everything."""
    x11 = libx11()
    with connection(DISPLAY) as to:
        root = ctypes.c_ulong(x11.XDefaultRootWindow(to))
        x11.XCreateSimpleWindow.restype = ctypes.c_ulong
        black = x11.XCreateSimpleWindow(to, root, 0, 0, 1280, 800, 0, ctypes.c_ulong(0), ctypes.c_ulong(0))
        over = ctypes.c_ulong(black)
        x11.XMapRaised(to, over)
        x11.XSync(to, 0)
        wait_for(lambda: not np.any(screen_picture(DISPLAY)[200:600, 320:960]), "the cover")
        yield
        x11.XDestroyWindow(to, over)
        x11.XSync(to, 0)


def xdotool(*arguments: str) -> str:
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    found = card(folder, single="single" in sys.argv) if "card" in sys.argv else life(folder)
    (folder / "seen.json").write_text(json.dumps(found), "utf-8")

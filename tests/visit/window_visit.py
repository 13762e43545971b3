"""The whole visit in a real window, by a mouse or by a finger, in a process of its own: `window_visit.py mouse|finger FOLDER`.
The visitor's eyes are on the X server's own picture of the window. What came of the visit goes to FOLDER/visit.json, what was
seen after each of its steps beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from glass import differs, is_lit, window_picture
from numpy.typing import NDArray
from PIL import Image
from script import Script, whole_visit

from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.opening import open_showcase
from vrclient.app.session import Session
from vrclient.app.settings import quality_settings
from vrclient.display.window import WindowDisplay
from vrclient.geometry.frames import inverse_rigid
from vrclient.showcase.find import find_showcase

SIZE = (960, 540)


class Pointer:
    """xdotool at the window. A mouse glides there and rests before it clicks; a finger, as X shows it, is suddenly there, goes
    down, and is gone: the pointer stays where it was last seen."""

    def __init__(self, session: Session, *, finger: bool) -> None:
        self._session, self._finger = session, finger
        self.window = self.xdotool("search", "--onlyvisible", "--name", "vrclient").split()[-1]
        self._at = (SIZE[0] // 2, 4)
        self._down = False
        self.xdotool("windowfocus", "--sync", self.window)

    def aim(self, point: NDArray[np.float64], /) -> None:
        visit = self._session.visit
        head = visit.rig.world_from_rig() @ visit.rig_from_head
        x, y, z = (inverse_rigid(head) @ [*point, 1.0])[:3]
        width, height = visit.pixels
        scale = height / (2.0 * np.tan(visit.fov / 2.0))
        at = (round(width / 2 + x / y * scale), round(height / 2 - z / y * scale))
        assert y > 0.0 and 0 <= at[0] < width and 0 <= at[1] < height, f"{point} is outside of the picture: {at}"
        steps = 1 if self._finger else 3
        for step in range(1, steps + 1):
            there = [round(a + (b - a) * step / steps) for a, b in zip(self._at, at, strict=True)]
            if not self._finger or self._down:
                self._move(*there)
                one_frame(self._session)
        self._at = at

    def press(self) -> None:
        if self._finger:
            self._move(*self._at)
        self.xdotool("mousedown", "1")
        self._down = True
        if not self._finger:
            one_frame(self._session)

    def release(self) -> None:
        self.xdotool("mouseup", "1")
        self._down = False
        one_frame(self._session)
        one_frame(self._session)

    def _move(self, x: int, y: int) -> None:
        self.xdotool("mousemove", "--window", self.window, str(x), str(y))

    @staticmethod
    def xdotool(*arguments: str) -> str:
        return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, check=True).stdout.strip()


class Eyes:
    """What a visitor sees of the window, and what stands over it."""

    def __init__(self, session: Session, window: int, folder: Path) -> None:
        self._session, self._window, self._folder = session, window, folder

    def picture(self) -> NDArray[np.uint8]:
        return window_picture(os.environ["DISPLAY"], self._window)

    def look(self, what: str) -> None:
        """The window shows what was drawn, which is not black unless it blinks, under the title of the place."""
        session, seen = self._session, self.picture()
        Image.fromarray(seen).save(self._folder / f"{what}.png")
        assert differs(seen, session.display.acquire_target().read()) < 0.1, what
        assert is_lit(seen) or session.visit.aids.blink > 0.0, what
        title = session.place.opened.showcase.title[session.visit_controller.language]
        assert Pointer.xdotool("getwindowname", str(self._window)) == f"{title} - vrclient", what


def main(device: str, folder: Path) -> None:
    settings = quality_settings("low")
    display = WindowDisplay(SIZE, samples=settings.samples)
    options = SessionOptions(visit=VisitOptions(), expects_visitor=True, picture_folder=folder)
    session = open_session(open_showcase(find_showcase("fengxian")), display, settings, options)
    try:
        with collector_frozen():
            one_frame(session)
            pointer = Pointer(session, finger=device == "finger")
            eyes = Eyes(session, int(pointer.window), folder)
            script = Script(session, pointer, eyes.picture, eyes.look)
            script.frames(4)
            did = whole_visit(script)
        (folder / "visit.json").write_text(json.dumps({"did": did, "frames": session.clock.frames}), "utf-8")
    finally:
        session.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

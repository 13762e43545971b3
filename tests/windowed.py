"""`vrclient run` in a window, as its users run it: a process, xdotool at its keyboard, and eyes on the glass."""

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from glass import Picture, connection, libx11, screen_picture, wait_for, window_picture


class Client:
    """`vrclient run SHOWCASE ...` on an X server; whatever it writes lies in `folder`."""

    def __init__(self, display: str, folder: Path, *arguments: str, showcase: str = "minimal", size: str = "320x200") -> None:
        self.display = display
        self.report, self.pictures = folder / "report.json", folder / "pictures"
        self.environment = {**os.environ, "DISPLAY": display}
        command = [sys.executable, "-m", "vrclient.cli.main", "run", showcase, "--size", size, "--no-sound"]
        command += ["--report", str(self.report), "--output", str(self.pictures), *arguments]
        if "--quality" not in arguments:
            command += ["--quality", "low"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def window(self) -> int:
        """The window's number, once it is there."""
        found = self.wait_for(lambda: self.xdotool("search", "--onlyvisible", "--name", "vrclient"), "the window")
        return int(found.split()[-1])

    def focus(self) -> int:
        """Keys go to the window from now on; its number."""
        window = self.window()
        self.xdotool("windowfocus", "--sync", str(window))
        return window

    def leave(self) -> None:
        """Escape until the program ends: it asks once, and where the machine is slow, its question may be over again."""

        def leaves() -> bool:
            self.xdotool("key", "Escape")
            time.sleep(0.5)
            return self.process.poll() is not None

        wait_for(leaves, "the end of the program")

    def screen(self) -> Picture:
        """The whole screen, as it is now."""
        return screen_picture(self.display)

    def picture(self) -> Picture:
        """The part of the screen where the window lies."""
        return window_picture(self.display, self.window())

    def wait_for(self, holds: Callable[[], Any], what: str, *, seconds: float = 60.0) -> Any:
        """What `holds` gives, once it is true, while the program runs."""

        def found() -> Any:
            assert self.process.poll() is None, self.process.communicate()[1]
            return holds()

        return wait_for(found, what, seconds=seconds)

    def ended(self) -> tuple[str, dict[str, Any]]:
        """What it printed, and its report, once it has ended in order."""
        output, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        return output, json.loads(self.report.read_text("utf-8"))


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent with 32-bit data, padded to the size of an XEvent."""

    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 16),
    ]


def ask_to_close(display: str, window: int, /) -> None:
    """What a window manager does when its cross is clicked."""
    with connection(display) as to:
        protocols, delete = (libx11().XInternAtom(to, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        event = ClientMessage(type=33, window=window, message_type=protocols, format=32)
        event.data[0] = delete
        libx11().XSendEvent(to, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))

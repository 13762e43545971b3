"""A real window on a real X server: it opens, follows its size, hears keys, and ends as asked."""

import ctypes
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest


class Program:
    """`vrclient run` in a window, and xdotool at its keyboard."""

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        self.environment = environment
        self.report = folder / "report.json"
        self.pictures = folder / "pictures"
        command = [
            sys.executable,
            "-m",
            "vrclient.cli.main",
            "run",
            "minimal",
            "--display",
            "auto",
            "--size",
            "320x200",
            "--no-sound",
        ]
        command += ["--no-sound", "--quality", "low", "--report", str(self.report), "--output", str(self.pictures), *arguments]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
        )

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def window(self) -> str:
        """The window's number, once it is there."""
        return self.wait_for(lambda: self.xdotool("search", "--onlyvisible", "--name", "vrclient"))

    def wait_for(self, found: Callable[[], str], *, seconds: float = 30.0) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.communicate()[1]
            value = found()
            if value:
                return value
            time.sleep(0.05)
        self.process.kill()
        pytest.fail(f"waited in vain: {self.process.communicate()}")

    def ended(self) -> tuple[str, dict]:
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


def ask_to_close(display: str, window: int) -> None:
    """What a window manager does when its cross is clicked."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    protocols, delete = (x11.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    event = ClientMessage(type=33, window=window, message_type=protocols, format=32)
    event.data[0] = delete
    x11.XSendEvent(connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
    x11.XCloseDisplay(connection)


def test_a_window_shows_walks_takes_a_picture_and_leaves(xvfb: dict[str, str], tmp_path: Path) -> None:
    program = Program(xvfb, tmp_path)
    window = program.window()
    program.xdotool("windowfocus", "--sync", window)
    program.xdotool("windowsize", "--sync", window, "400", "260")
    time.sleep(0.5)
    program.xdotool("keydown", "w")
    time.sleep(0.5)
    program.xdotool("keyup", "w")
    program.xdotool("key", "F3")
    program.xdotool("key", "F12")
    picture = program.wait_for(lambda: "".join(str(path) for path in program.pictures.glob("*.png")))
    time.sleep(0.3)
    program.xdotool("key", "Escape")
    output, report = program.ended()
    assert output.startswith("display: window (headset rejected: ")
    assert report["display"] == "window"
    assert report["size"] == [400, 260]
    assert report["pictures"] == [str(Path(picture))]
    assert report["frames"] > 5
    assert report["stages_ms"]["draw"]["p50"] > 0.0


def test_a_window_that_is_closed_ends_the_program(xvfb: dict[str, str], tmp_path: Path) -> None:
    program = Program(xvfb, tmp_path)
    ask_to_close(xvfb["DISPLAY"], int(program.window()))
    _, report = program.ended()
    assert report["display"] == "window"

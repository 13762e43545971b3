"""Holds displays with a real window against the contract, law by law, each in a window of its own: a plain one, and one beside
which a headset is looked for, or there (fake_headset.py, drawn for by the graphics card).

    contract_in_window.py FILE      {display: {law: what is wrong, or ""}}

A process of its own: the engine keeps its connection to the X server until the end, and ends with it."""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from display_contract import LAWS, Held, draw_with_engine
from fake_headset import FakeRuntime, Stand
from stub_display import mind
from windowed import ask_to_close

from vrclient.display.headset_target import HeadsetTarget
from vrclient.display.window import WindowDisplay

SIZE = (160, 100)
TITLE = "contract"


def xdotool(*arguments: str) -> str:
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def opened() -> tuple[WindowDisplay, Held]:
    """A window, with the X server's hands on it."""
    display = WindowDisplay(SIZE, title=TITLE, samples=1)
    handle = display.context.host.get_window_handle().get_int_handle()

    def press(name: str) -> None:
        xdotool("windowfocus", "--sync", str(handle))
        xdotool("key", name.upper())

    def resize(size: tuple[int, int]) -> None:
        xdotool("windowsize", str(handle), *map(str, size))

    held = Held(
        display,
        draw=draw_with_engine(display),
        window=True,
        resize=resize,
        ask_to_close=lambda: ask_to_close(os.environ["DISPLAY"], handle),
        press=press,
    )
    return display, held


def window() -> Held:
    return opened()[1]


def no_headset() -> Held:
    display, held = opened()
    held.display = Stand(window=display, target=HeadsetTarget(display.context, samples=1)).display
    held.draw = draw_with_engine(held.display)
    return held


def headset() -> Held:
    display, held = opened()
    stand = Stand(at_start=FakeRuntime(), window=display, target=HeadsetTarget(display.context, samples=1))
    stand.as_it_opens = lambda opening: setattr(opening.session, "state", "focused")
    held.display, held.head, held.resize = stand.display, "own", None
    held.draw = draw_with_engine(held.display)
    return held


def kept(display: Callable[[], Held]) -> dict[str, str]:
    """What each law says."""
    said = {}
    for law in LAWS:
        held = display()
        mind(held.display)
        try:
            law(held)
            said[law.__name__] = ""
        except Exception:
            said[law.__name__] = traceback.format_exc()
        held.display.close()
    return said


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps({one.__name__: kept(one) for one in (window, no_headset, headset)}), "utf-8")

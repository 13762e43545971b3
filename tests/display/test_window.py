"""A real window on a real X server: it opens, follows its size, hears keys, and ends as asked."""

import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from glass import Picture, differs, window_box, window_manager, x_server
from windowed import Client, ask_to_close

from vrclient.panels.theme import INKS


def test_a_window_shows_walks_takes_a_picture_and_leaves(xvfb: dict[str, str], tmp_path: Path) -> None:
    with Client(xvfb["DISPLAY"], tmp_path) as client:
        window = client.focus()
        client.wait_for(lambda: client.picture().mean() > 60.0, "a place in the window")
        client.xdotool("windowsize", "--sync", str(window), "400", "260")
        time.sleep(0.5)
        client.xdotool("keydown", "w")
        time.sleep(0.5)
        client.xdotool("keyup", "w")
        client.xdotool("key", "F3")
        client.xdotool("key", "F12")
        picture = client.wait_for(lambda: "".join(str(path) for path in client.pictures.glob("*.png")), "the picture")
        time.sleep(0.3)
        client.leave()
        output, report = client.ended()
    assert output.startswith("display: window (headset rejected: ")
    assert report["display"] == "window"
    assert report["size"] == [400, 260]
    assert report["pictures"] == [str(Path(picture))]
    assert report["frames"] > 1
    assert report["stages_ms"]["draw"]["p50"] > 0.0


def test_a_window_that_is_closed_ends_the_program(xvfb: dict[str, str], tmp_path: Path) -> None:
    with Client(xvfb["DISPLAY"], tmp_path) as client:
        client.wait_for(lambda: client.picture().mean() > 60.0, "a place in the window")
        ask_to_close(xvfb["DISPLAY"], client.window())
        _, report = client.ended()
    assert report["display"] == "window"


def test_a_held_key_is_one_press_and_escape_asks_first(xvfb: dict[str, str], tmp_path: Path) -> None:
    with Client(xvfb["DISPLAY"], tmp_path) as client:
        window = client.focus()
        client.wait_for(lambda: shows_first_panel(client.picture()), "the first panel")
        held_for(client, "F12", seconds=2.5)
        held_for(client, "F11", seconds=1.5)
        client.wait_for(lambda: window_box(client.display, window) == (0, 0, 1280, 800), "the whole screen")
        held_for(client, "F11", seconds=1.5)
        client.wait_for(lambda: window_box(client.display, window)[2:] == (320, 200), "the window")
        client.wait_for(lambda: client.picture().mean() > 60.0, "a place in the window")
        client.wait_for(lambda: shows_first_panel(client.picture()), "the first panel")
        before = client.picture()
        held_for(client, "Escape", seconds=1.5)
        client.wait_for(lambda: differs(client.picture(), before) > 1.0, "the words that Escape leaves when it is pressed again")
        client.leave()
        _, report = client.ended()
    assert len(report["pictures"]) == 1


@pytest.mark.parametrize("managed", [False, True], ids=["bare", "openbox"])
def test_the_window_comes_back_from_full_screen_as_it_was(xvfb: dict[str, str], managed: bool, tmp_path: Path) -> None:
    """Moved and resized before, which a window manager tells in coordinates of its frame."""
    display = xvfb["DISPLAY"]
    with window_manager(display) if managed else nullcontext(), Client(display, tmp_path, "--fullscreen") as client:
        window = client.focus()
        client.wait_for(lambda: window_box(display, window) == (0, 0, 1280, 800), "the whole screen")
        client.wait_for(lambda: client.screen().mean() > 60.0, "a place on the whole screen")
        client.xdotool("key", "F11")
        client.wait_for(lambda: window_box(display, window)[2:] == (320, 200), "the window")
        client.xdotool("windowmove", "--sync", str(window), "100", "120")
        client.xdotool("windowsize", "--sync", str(window), "400", "260")
        before = client.wait_for(lambda: box if (box := window_box(display, window))[2:] == (400, 260) else None, "its size")
        assert before[0] - 100 in range(8) and before[1] - 120 in range(32)
        client.xdotool("key", "F11")
        client.wait_for(lambda: window_box(display, window) == (0, 0, 1280, 800), "the whole screen")
        client.xdotool("key", "F11")
        client.wait_for(lambda: window_box(display, window) == before, f"the window at {before}")
        client.wait_for(lambda: client.picture().mean() > 60.0, "a place in the window")


def test_on_a_screen_in_portrait_the_window_is_as_large_as_the_screen_and_no_larger(tmp_path: Path) -> None:
    whole = (0, 0, 270, 480)
    with x_server(whole[2:]) as display, Client(display, tmp_path, size="1080x1920") as client:
        window = client.focus()
        client.wait_for(lambda: window_box(display, window) == whole, "the whole screen")
        client.wait_for(lambda: shows_first_panel(client.screen()), "the first panel")
        client.xdotool("key", "F11")
        client.xdotool("key", "F12")
        client.wait_for(lambda: list(client.pictures.glob("*.png")), "a picture on the whole screen")
        client.wait_for(lambda: client.screen().mean() > 60.0 and window_box(display, window) == whole, "the whole screen")
        client.leave()
        _, report = client.ended()
    assert report["size"] == [270, 480]


AFTER_THE_X_SERVER = """
import os
from glass import x_server
with x_server() as os.environ["DISPLAY"]:
    from vrclient.display.window import WindowDisplay
    from vrclient.renderer import context
    window = WindowDisplay((64, 48), samples=1)
    window.wait_frame()
    window.close()
context._pipes.clear()  # Python forgets modules in whatever order when it ends
print("ended")
"""


def test_a_program_ends_in_order_after_its_x_server(tmp_path: Path) -> None:
    """Its window was closed before; nothing at the end asks a server that is not there."""
    program = [sys.executable, "-c", AFTER_THE_X_SERVER]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(program, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr


WINDOWS_IN_TURN = """
import os
from glass import x_server
with x_server() as os.environ["DISPLAY"]:
    from vrclient.display.window import WindowDisplay
    for _ in range(3):
        window = WindowDisplay((64, 48), samples=1)
        print(window.context.info.reversed_depth)
        window.close()
"""


def test_a_window_after_another_one_draws_as_the_first(tmp_path: Path) -> None:
    """The engine closes the first one's context while it sets up the second: that leaves no context to ask."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    program = [sys.executable, "-c", WINDOWS_IN_TURN]
    done = subprocess.run(program, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == 3 * "True\n", done.stderr


def shows_first_panel(picture: Picture) -> bool:
    """Its large button has the panels' one warm colour."""
    return bool((np.abs(picture.astype(int) - INKS["accent"]).max(axis=2) < 24).mean() > 0.03)


def held_for(client: Client, key: str, *, seconds: float) -> None:
    """A finger rests on it, and the X server repeats it."""
    client.xdotool("keydown", key)
    time.sleep(seconds)
    client.xdotool("keyup", key)

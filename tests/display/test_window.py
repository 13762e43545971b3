"""A real window on a real X server: it opens, follows its size, hears keys, and ends as asked."""

import time
from pathlib import Path

from windowed import Client, ask_to_close


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
        client.xdotool("key", "Escape")
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

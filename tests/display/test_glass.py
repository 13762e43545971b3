"""What a person sees: the X server's own picture of its screen, while the client runs as its users run it."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from glass import CLOSE, differs, is_lit, window_manager, x_server
from PIL import Image
from windowed import Client, ask_to_close

from vrclient.app.opening import check
from vrclient.app.startup_screen import picture
from vrclient.showcase.find import find_showcase

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("managed", [False, True], ids=["bare", "openbox"])
def test_the_window_of_a_showcase_shows_it(xvfb: dict[str, str], managed: bool, tmp_path: Path) -> None:
    """The right way up, texel on pixel: as the golden picture, which was drawn without a window."""
    golden = np.asarray(Image.open(GOLDEN / "minimal" / "spawn.png").convert("RGB"))
    size = f"{golden.shape[1]}x{golden.shape[0]}"
    still = ("--display", "window", "--quality", "deterministic", "--no-panels")
    display = xvfb["DISPLAY"]
    with window_manager(display) if managed else nullcontext(), Client(display, tmp_path, *still, size=size) as client:
        client.wait_for(lambda: is_lit(client.picture()), "a picture on the glass")
        client.wait_for(lambda: differs(client.picture(), golden) < CLOSE, "the golden picture on the glass")


@pytest.mark.parametrize(("language", "ending"), [("zh", "escape"), ("en", "cross")])
def test_a_showcase_that_is_loading_says_so_and_can_be_left(
    xvfb: dict[str, str], language: str, ending: str, tmp_path: Path
) -> None:
    title = check(find_showcase("stress")).showcase.title
    shown = picture(title, language, 0.0, (640, 400)).pixels[..., :3]
    display = xvfb["DISPLAY"]
    with Client(display, tmp_path, "--display", "window", "--language", language, showcase="stress", size="640x400") as client:
        window = client.focus()
        client.wait_for(lambda: differs(client.picture(), shown) < 2.0, "the name of what is loading, and a bar")
        assert client.xdotool("getwindowname", str(window)) == f"{title[language]} - vrclient"
        first = client.picture()
        client.wait_for(lambda: differs(client.picture(), first) > 0.0, "the bar to move")
        if ending == "escape":
            client.xdotool("key", "Escape")
        else:
            ask_to_close(display, window)
        output, errors = client.process.communicate(timeout=60)
    assert (client.process.returncode, output.splitlines()) == (0, ["display: window", "left while the showcase was loading"])
    assert "Traceback" not in errors


def seen(display: str, folder: Path, *arguments: str, **environment: str) -> list[dict]:
    """What glass_steps.py has seen."""
    program = [sys.executable, str(Path(__file__).with_name("glass_steps.py")), str(folder), *arguments]
    tests = str(Path(__file__).parents[1])
    environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": tests, **environment}
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((folder / "seen.json").read_text("utf-8"))


@pytest.mark.parametrize("managed", [False, True], ids=["bare", "openbox"])
def test_whatever_happens_to_a_window_it_shows_what_was_drawn(xvfb: dict[str, str], managed: bool, tmp_path: Path) -> None:
    """At three sizes and upright, on the whole screen, minimised and covered and back, and a second one after it: the very pixels
    that GL gives back."""
    display = xvfb["DISPLAY"]
    with window_manager(display) if managed else nullcontext():
        found = seen(display, tmp_path, MANAGED="1" if managed else "")
    assert [one["step"] for one in found] == [
        "plain", "640x360", "900x600", "360x640", "320x200", "full screen", "windowed again", "minimised and back",
        "covered and uncovered", "a second window",
    ]  # fmt: skip
    for one in found:
        assert one["lit"] and one["differs"] < 0.1 and one["upside_down"] > 20.0 and one["back_buffers"] == 1, one
        assert one["reversed_depth"], one  # llvmpipe can; a window after another one, too


@pytest.mark.parametrize(
    ("depth", "bound", "arguments"),
    [(24, 0.1, ["card", "single"]), (16, 4.0, ["card"]), (30, 1.0, ["card"])],
    ids=["one buffer", "16 bits", "30 bits"],
)
def test_a_screen_of_another_kind_shows_the_window(depth: int, bound: float, arguments: list[str], tmp_path: Path) -> None:
    """`bound`: what so few bits round away."""
    with x_server((640, 480), depth=depth) as display:
        (card,) = seen(display, tmp_path, *arguments)
    assert card["lit"] and card["differs"] < bound, card
    assert card["back_buffers"] == int("single" not in arguments)


def test_a_screen_at_the_other_end_of_a_network_shows_the_window(tmp_path: Path) -> None:
    with x_server((640, 480), arguments=["-listen", "tcp", "-ac"]) as display:
        (card,) = seen(f"127.0.0.1{display}", tmp_path, "card")
    assert card["lit"] and card["differs"] < 0.1, card


NO_GLX = (
    "the X server '{}' draws no OpenGL (GLX); give it at least 16 bits of colour and its GLX module (package "
    "xserver-xorg-core; Xvfb: +extension GLX)"
)


@pytest.mark.parametrize(
    ("depth", "arguments", "environment", "message"),
    [
        (24, ["-extension", "GLX"], {}, NO_GLX),
        (8, [], {}, NO_GLX),
        (
            24,
            [],
            {"LIBGL_ALWAYS_INDIRECT": "1"},
            "the X server '{}' lets no program from here draw OpenGL; run vrclient on the machine with the screen, and unset "
            "LIBGL_ALWAYS_INDIRECT",
        ),
        (
            24,
            ["-auth", "KEY"],
            {"XAUTHORITY": "/dev/null"},
            "no display: the X server '{}' refuses this user; allow it on its desktop (xhost +si:localuser:NAME), or set "
            "XAUTHORITY to the file with its key",
        ),
    ],
    ids=["no GLX", "8 bits", "indirect", "no key"],
)
def test_a_screen_without_a_window_is_told_with_a_remedy(
    depth: int, arguments: list[str], environment: dict[str, str], message: str, tmp_path: Path
) -> None:
    """One line, no traceback."""
    (tmp_path / "key").write_bytes(b"\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x10" + b"k" * 16)
    arguments = ["-nolisten", "tcp", *(str(tmp_path / "key") if one == "KEY" else one for one in arguments)]
    program = [sys.executable, "-m", "vrclient.cli.main", "run", "minimal", "--display", "window"]
    with x_server((640, 480), depth=depth, arguments=arguments) as display:
        here = {**os.environ, "DISPLAY": display, **environment}
        done = subprocess.run(program, env=here, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    libraries = ("Authorization required", "Xlib:", "libEGL")
    said = [line for line in done.stderr.splitlines() if line and not line.startswith(libraries)]
    assert said[0] == f"display: none (window rejected: {message.format(display)})"
    assert said[1:] == ["run 'vrclient doctor' to see what is missing and what to do about it"]
    assert done.returncode == 3

"""What the doctor finds of the display: it tries it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from glass import x_server

LOOKS = "from vrclient.app import doctor; found = doctor._display(); print(found.state, found.detail, found.help, sep='\\n')"
NAME_ANOTHER = "set DISPLAY to that of a desktop that runs here, such as :0"


def found(display: str, **environment: str) -> list[str]:
    """State, detail and what to do."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS],
        env={**os.environ, "DISPLAY": display, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_one_that_takes_a_window() -> None:
    with x_server((320, 240)) as display:
        state, detail, *rest = found(display)
    assert (state, rest) == ("ok", [""])
    assert re.fullmatch(rf"DISPLAY is {display}; OpenGL \d\.\d.* by .+: .+", detail)


@pytest.mark.parametrize(
    ("arguments", "what", "remedy"),
    [
        (
            ["-extension", "GLX"],
            "the X server '{}' draws no OpenGL (GLX)",
            "give it at least 16 bits of colour and its GLX module (package xserver-xorg-core; Xvfb: +extension GLX)",
        ),
        (
            ["-auth", "KEY"],
            "no display: the X server '{}' refuses this user",
            "allow it on its desktop (xhost +si:localuser:NAME), or set XAUTHORITY to the file with its key",
        ),
    ],
    ids=["no GLX", "no key"],
)
def test_one_that_takes_none(arguments: list[str], what: str, remedy: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x10" + b"k" * 16)
    arguments = ["-nolisten", "tcp", *(str(key) if one == "KEY" else one for one in arguments)]
    with x_server((320, 240), arguments=arguments) as display:
        assert found(display, XAUTHORITY="/dev/null") == ["missing", what.format(display), remedy]


def test_one_that_is_not_there() -> None:
    assert found(":4711") == ["missing", "no display: the X server ':4711' does not answer", NAME_ANOTHER]
    assert found("nonsense") == ["missing", "no display: DISPLAY is 'nonsense', which names no X server", NAME_ANOTHER]
    assert found("") == ["optional", "DISPLAY is not set: pictures only", "log in to a desktop, or use 'vrclient shot'"]

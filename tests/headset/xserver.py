"""An X server without a screen, with GLX, for the compositor's window and for the client's own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def x_server(width: int = 1280, height: int = 720) -> Iterator[str]:
    """Xvfb with a 24-bit screen of width x height pixels; gives the display's name, such as ":1234". Clients look first for an
    abstract socket of that number, which all runs of the lab and its host share: so the number is one of many, and none of the
    kind is made."""
    name = f":{1000 + int.from_bytes(os.urandom(2))}"
    read, write = os.pipe()
    screen = ["-screen", "0", f"{width}x{height}x24", "+extension", "GLX", "-nolisten", "tcp", "-nolisten", "local", "-noreset"]
    server = subprocess.Popen(
        ["Xvfb", name, "-displayfd", str(write), *screen], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    try:
        if not number:
            raise RuntimeError(f"Xvfb did not start; it ended with status {server.wait(10)}")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)

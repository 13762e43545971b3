"""What an X server shows, as pixels: xwd's dump, read here. Knows true colour of 24 bits, which is what Xvfb has."""

import os
import struct
import subprocess
import time

import numpy as np
from numpy.typing import NDArray

HEADER = struct.Struct(">25I")
"""The start of an X window dump, version 7 (XWDFile.h): 25 big-endian words."""


def capture(display: str, window: int | None = None) -> NDArray[np.uint8]:
    """The picture of the whole screen, or of one window by its id: [H, W, 3] uint8 RGB, top row first. A window must lie
    wholly on the screen and be covered by nothing."""
    target = ["-root"] if window is None else ["-id", str(window)]
    done = subprocess.run(["xwd", "-silent", "-display", display, *target], capture_output=True, timeout=20)
    if done.returncode:
        raise RuntimeError(f"xwd: {done.stderr.decode(errors='replace').strip()}")
    return read_dump(done.stdout)


def read_dump(dump: bytes, /) -> NDArray[np.uint8]:
    """The picture in an X window dump: [H, W, 3] uint8 RGB. ValueError where it is not true colour with 24 or 32 bits a pixel."""
    header_size, version, layout, depth, width, height, _, byte_order, _, _, _, bits, stride, *rest = HEADER.unpack_from(dump)
    masks, colours = rest[1:4], rest[6]
    if (version, layout, depth, masks) != (7, 2, 24, [0xFF0000, 0xFF00, 0xFF]) or bits not in (24, 32):
        raise ValueError(f"an X window dump of another kind: {version=}, {layout=}, {depth=}, {bits=}, masks={masks}")
    pixels = np.frombuffer(dump, np.uint8, height * stride, header_size + 12 * colours)
    size = bits // 8
    blue_first = pixels.reshape(height, stride)[:, : width * size].reshape(height, width, size)
    return np.ascontiguousarray(blue_first[..., -3:] if byte_order else blue_first[..., 2::-1])


def find_window(display: str, name: str, *, timeout: float = 5.0) -> int:
    """The id of the first visible window with that in its name; LookupError when there is none within timeout seconds."""
    deadline = time.monotonic() + timeout
    command = ["xdotool", "search", "--onlyvisible", "--name", name]
    while True:
        found = subprocess.run(command, env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, timeout=20)
        if found.stdout:
            return int(found.stdout.split()[0])
        if time.monotonic() > deadline:
            raise LookupError(f"no window named {name!r} on {display} {found.stderr.strip()}")
        time.sleep(0.05)

"""What the engine does not ask an X server: whether it lives and takes us, how many colours it has, and where a window lies.
Xlib and XCB are used by their C calls, on connections of their own. Elsewhere than on X, nothing is asked."""

import ctypes
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vrclient.showcase.diagnostics import printable

NO_DISPLAY = "no display: DISPLAY is not set"
TIMEOUT = 2.0
"""Seconds."""
GREETING = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
"""Asks an X server to begin, without a key: it answers yes or no, and either shows that it lives (X protocol, section 8)."""
YES = 1
COLOR_BITS = {16: (5, 6, 5), 30: (10, 10, 10)}
"""Of screens that have other than 8 bits of red, green and blue, by their depth."""


def desktop_problem() -> str | None:
    """Why no window can be opened here, or None. It asks the X server itself, so that the engine never waits for a dead one."""
    if not _is_x():
        return None
    name = os.environ.get("DISPLAY", "")
    if not name:
        return NO_DISPLAY
    host, _, number = name.removeprefix("unix").rpartition(":")
    screen = number.split(".")[0]
    said = printable(name)
    if not re.fullmatch("[0-9]{1,5}", screen):
        return f"no display: DISPLAY is '{said}', which names no X server"
    addresses: list[tuple[socket.AddressFamily, str | tuple[str, int]]] = [(socket.AF_INET, (host, 6000 + int(screen)))]
    if not host:
        path = f"/tmp/.X11-unix/X{screen}"
        addresses = [(socket.AF_UNIX, path), (socket.AF_UNIX, "\0" + path)]
    for family, address in addresses:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT)
            try:
                connection.connect(address)
                connection.sendall(GREETING)
                answer = connection.recv(1)
            except (OSError, OverflowError, TypeError, UnicodeError):  # nobody there, or no such name or number can be
                continue
            if answer and answer[0] != YES and not _takes_us():
                help = "allow it on its desktop (xhost +si:localuser:NAME), or set XAUTHORITY to the file with its key"
                return f"no display: the X server '{said}' refuses this user; {help}"
            if answer:
                return None
    return f"no display: the X server '{said}' does not answer"


def color_bits() -> tuple[int, int, int]:
    """How many bits of red, green and blue the screen has; a window with others may stay black."""
    with _connection() as (x11, to):
        return COLOR_BITS.get(x11.XDefaultDepth(to, x11.XDefaultScreen(to)) if to else 24, (8, 8, 8))


def screen_size() -> tuple[int, int] | None:
    """Pixels of the screen, or of all monitors together; None where X is not asked."""
    with _connection() as (x11, to):
        if not to:
            return None
        screen = x11.XDefaultScreen(to)
        return (x11.XDisplayWidth(to, screen), x11.XDisplayHeight(to, screen))


def window_origin(window: int, /) -> tuple[int, int] | None:
    """Where a window's inside lies on its screen, in pixels from the upper left corner; None without an X server. Under a window
    manager the engine knows it in the frame alone."""
    with _connection() as (x11, to):
        if not to:
            return None
        x, y, child = ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
        root = ctypes.c_ulong(x11.XDefaultRootWindow(to))
        found = (ctypes.byref(value) for value in (x, y, child))
        there = x11.XTranslateCoordinates(to, ctypes.c_ulong(window), root, 0, 0, *found)
    return (x.value, y.value) if there else None


def keep_what_is_under(window: int, /) -> None:
    """Where a window has not drawn yet, what was on the screen before stays to be seen; else the server paints that black."""
    with _connection() as (x11, to):
        if to:
            x11.XSetWindowBackgroundPixmap(to, ctypes.c_ulong(window), ctypes.c_ulong(0))
            x11.XSync(to, 0)


def _is_x() -> bool:
    return sys.platform not in ("win32", "darwin")


def _takes_us() -> bool:
    """Whether the server lets us in with the keys that this user has. XCB, as Xlib writes to the terminal where it does not."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # nobody knows
    xcb.xcb_connect.restype = ctypes.c_void_p
    to = ctypes.c_void_p(xcb.xcb_connect(None, None))
    taken = xcb.xcb_connection_has_error(to) == 0
    xcb.xcb_disconnect(to)
    return taken


@contextmanager
def _connection() -> Iterator[tuple[Any, ctypes.c_void_p | None]]:
    """Xlib and a connection to the X server; None where there is none. It must be known to live."""
    try:
        x11 = ctypes.CDLL("libX11.so.6") if _is_x() else None
    except OSError:
        x11 = None
    if x11 is None:
        yield None, None
        return
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    opened = x11.XOpenDisplay(None)
    to = ctypes.c_void_p(opened) if opened else None
    try:
        yield x11, to
    finally:
        if to:
            x11.XCloseDisplay(to)

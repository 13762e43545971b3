"""What the engine does not ask an X server: whether it lives, and where a window really lies. Xlib is used by its C calls, on a
connection of its own."""

import ctypes
import os
import socket
import struct
import sys

TIMEOUT = 2.0
"""Seconds."""
GREETING = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
"""Asks an X server to begin, without a key: it answers yes or no, and either shows that it lives (X protocol, section 8)."""


def desktop_problem() -> str | None:
    """Why no window can be opened here, or None. It asks the X server itself, so that the engine never waits for a dead one."""
    if sys.platform in ("win32", "darwin"):
        return None
    name = os.environ.get("DISPLAY", "")
    if not name:
        return "no display: DISPLAY is not set"
    host, _, number = name.removeprefix("unix").rpartition(":")
    screen = number.split(".")[0]
    if not screen.isdigit():
        return f"no display: DISPLAY is '{name}', which names no X server"
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
            except OSError:
                continue
            if answer:
                return None
    return f"no display: the X server '{name}' does not answer"


def window_origin(window: int, /) -> tuple[int, int] | None:
    """Where a window's inside lies on its screen, in pixels from the upper left corner; None without an X server. Under a window
    manager the engine knows it in the frame alone."""
    if sys.platform in ("win32", "darwin"):
        return None
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    connection = x11.XOpenDisplay(None)
    if not connection:
        return None
    to, x, y, child = ctypes.c_void_p(connection), ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
    try:
        root = ctypes.c_ulong(x11.XDefaultRootWindow(to))
        found = (ctypes.byref(value) for value in (x, y, child))
        there = x11.XTranslateCoordinates(to, ctypes.c_ulong(window), root, 0, 0, *found)
    finally:
        x11.XCloseDisplay(to)
    return (x.value, y.value) if there else None

"""What stands on the glass: the X server's own picture of its screen, whatever the program behind a window believes it has drawn.

    with x_server() as display:                       # a display's name, such as ":3"; or any other X server's
        ... a program draws there ...
        picture = screen_picture(display)             # the whole screen, the root window
        picture = window_picture(display, window)     # the part of it where a window lies, whatever covers it
        assert is_lit(picture)
        assert differs(picture, expected) < CLOSE

Pillow fetches the picture by XCB; neither ImageMagick nor a window manager is needed. The server may have any 24-bit screen."""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

Picture = NDArray[np.uint8]

CLOSE = 1.0
"""Of 255: two pictures of the same frame differ by less than this on average, on whatever way they came."""


def screen_picture(display: str, /) -> Picture:
    """[H, W, 3] uint8: what the screen shows now, row 0 on top."""
    try:
        return np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB"))
    except OSError:  # Pillow knows screens of 24 bits alone
        return _screen_of_any_depth(display)


class XImage(ctypes.Structure):
    """The start of Xlib's."""

    _fields_: ClassVar = [
        *((name, ctypes.c_int) for name in ("width", "height", "xoffset", "format")),
        ("data", ctypes.POINTER(ctypes.c_uint8)),
        *((name, ctypes.c_int) for name in ("byte_order", "unit", "bit_order", "pad", "depth", "row_bytes", "bits")),
        *((name, ctypes.c_ulong) for name in ("red", "green", "blue")),
    ]


def _screen_of_any_depth(display: str) -> Picture:
    """By XGetImage: true colour in 16 or 32 bits a pixel."""
    x11 = libx11()
    all_planes, as_pixels = ctypes.c_ulong(0xFFFFFFFF), 2
    with connection(display) as to:
        wide, high = x11.XDisplayWidth(to, 0), x11.XDisplayHeight(to, 0)
        root = ctypes.c_ulong(x11.XDefaultRootWindow(to))
        found = x11.XGetImage(to, root, 0, 0, wide, high, all_planes, as_pixels)
        image = found.contents
        rows = np.ctypeslib.as_array(image.data, (high, image.row_bytes)).copy()
        pixels = rows.view({16: "<u2", 32: "<u4"}[image.bits])[:, :wide].astype(np.uint32)
        masks = (image.red, image.green, image.blue)
    parts = [(pixels & mask) * 255 // mask if mask < 1 << 24 else (pixels >> 22 & 0xFF) for mask in masks]
    return np.stack(parts, axis=2).astype(np.uint8)


def window_picture(display: str, window: int, /) -> Picture:
    """[H, W, 3] uint8: the screen where a window's inside lies, as far as it is on the screen."""
    x, y, width, height = window_box(display, window)
    return screen_picture(display)[max(0, y) : y + height, max(0, x) : x + width]


def window_box(display: str, window: int, /) -> tuple[int, int, int, int]:
    """Where a window's inside, without its frame, lies on the screen: left, top, width, height in pixels."""
    x11 = libx11()
    with connection(display) as to:
        root, child = ctypes.c_ulong(), ctypes.c_ulong()
        x, y = ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        found = x11.XGetGeometry(to, window, *map(ctypes.byref, (root, x, y, width, height, border, depth)))
        assert found, f"there is no window {window} on {display}"
        x11.XTranslateCoordinates(to, window, root.value, 0, 0, *map(ctypes.byref, (x, y, child)))
    return x.value, y.value, width.value, height.value


def is_lit(picture: Picture, /) -> bool:
    """Whether it shows something: not one colour all over, and hardly any of it black."""
    return bool(picture.std() > 4.0 and (picture.max(axis=2) < 6).mean() < 0.5)


def differs(one: Picture, other: Picture, /) -> float:
    """How far two pictures of one size lie apart: the mean over all values, 0..255."""
    assert one.shape == other.shape, f"{one.shape} is not {other.shape}"
    return float(np.abs(one.astype(np.int16) - other).mean())


def wait_for(holds: Callable[[], Any], what: str, /, *, seconds: float = 60.0) -> Any:
    """What `holds` gives, once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


@contextmanager
def x_server(size: tuple[int, int] = (1280, 800), /, *, depth: int = 24, arguments: Sequence[str] = ()) -> Iterator[str]:
    """Xvfb with one screen of that many pixels; gives the display's name. `arguments`: more of Xvfb's own."""
    read, write = os.pipe()
    screen = ["-screen", "0", f"{size[0]}x{size[1]}x{depth}", "-noreset", *(arguments or ("-nolisten", "tcp"))]
    command = ["Xvfb", "-displayfd", str(write), *screen]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    try:
        assert number, f"Xvfb did not start; it ended with status {server.wait(10)}"
        yield f":{number}"
    finally:
        ended(server)


@contextmanager
def window_manager(display: str, /) -> Iterator[None]:
    """Openbox, with its frames around all windows."""
    command = ["openbox", "--sm-disable"]
    environment = {**os.environ, "DISPLAY": display}
    manager = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: is_managed(display), "openbox")
        yield
    finally:
        ended(manager)


def is_managed(display: str, /) -> bool:
    """Whether a window manager says that it is there (_NET_SUPPORTING_WM_CHECK)."""
    x11 = libx11()
    with connection(display) as to:
        name = x11.XInternAtom(to, b"_NET_SUPPORTING_WM_CHECK", 1)
        if not name:
            return False
        count = ctypes.c_int()
        listed = x11.XListProperties(to, x11.XDefaultRootWindow(to), ctypes.byref(count))
        return name in [listed[number] for number in range(count.value)]


def ended(process: subprocess.Popen[Any], /) -> None:
    """Ends a process that was started here."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextmanager
def connection(display: str, /) -> Iterator[ctypes.c_void_p]:
    """A connection to the X server, for calls of `libx11`."""
    opened = libx11().XOpenDisplay(display.encode())
    assert opened, f"the X server {display} does not answer"
    to = ctypes.c_void_p(opened)
    try:
        yield to
    finally:
        libx11().XCloseDisplay(to)


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def ON_ERROR(_connection: int, _error: int) -> int:  # noqa: N802
    """A window that has just gone is no reason to end the process, as Xlib would."""
    return 0


@cache
def libx11() -> Any:
    """Xlib, with the types that are no ints."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XInternAtom", "XDefaultRootWindow"):
        getattr(x11, name).restype = ctypes.c_ulong
    x11.XGetImage.restype = ctypes.POINTER(XImage)
    x11.XListProperties.restype = ctypes.POINTER(ctypes.c_ulong)
    x11.XListProperties.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ctypes.c_int)]
    x11.XGetGeometry.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_void_p] * 7]
    x11.XTranslateCoordinates.argtypes = [
        ctypes.c_void_p,
        ctypes.c_ulong,
        ctypes.c_ulong,
        *[ctypes.c_int] * 2,
        *[ctypes.c_void_p] * 3,
    ]
    x11.XSetErrorHandler(ON_ERROR)
    return x11

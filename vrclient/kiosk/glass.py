"""What stands on the glass, whatever any process believes to have drawn: rows of pixels of the X server's own picture of its
screen, twice a second, in a thread. The server is asked by XCB, which never ends the process when the server goes.

Elsewhere than on X11 whole pictures are taken more seldom, by Pillow; where that fails, nothing is known."""

import contextlib
import ctypes
import io
import os
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageGrab

from vrclient.kiosk.status import Picture

Place = tuple[int, int, int, int]

LOOK_S, SELDOM_S = 0.5, 2.0
ROWS = 24
"""Rows that are looked at: a text as high as a twenty-fourth of the picture is met."""
OLD_S = 3.0
"""Seconds after which what was seen says nothing any more."""
THUMBNAIL = (640, 640)


@dataclass(frozen=True, slots=True)
class OnGlass:
    """`brightest`: 0..255, the largest value of any colour; `changed_at`: when it last was another picture."""

    at: float
    brightest: int
    changed_at: float


class Glass:
    """`place`: of the monitor, pixels of the desktop; None: all of it."""

    def __init__(self, place: Place | None, /) -> None:
        self.place = place
        self.desktop: tuple[int, int] | None = screen_size()
        """Pixels of the desktop; None while there is none, or nobody knows."""
        self._seen: OnGlass | None = None
        self._check, self._closed = 0, threading.Event()
        self._picture: Picture | None = None
        self._pictured_at = 0.0
        self._lock = threading.Lock()

    def start(self) -> None:
        """The thread begins."""
        threading.Thread(target=self._look, name="glass", daemon=True).start()

    def seen(self) -> OnGlass | None:
        """What was seen last; None where that is old, or nothing can be seen."""
        seen = self._seen
        return seen if seen is not None and time.monotonic() - seen.at < OLD_S else None

    def picture(self) -> Picture | None:
        """A small JPEG of the glass, at most a second old; None where none can be taken."""
        with self._lock:
            now = time.monotonic()
            if self._picture is None or now - self._pictured_at > 1.0:
                grabbed = self.grab()
                if grabbed is None:
                    return None
                grabbed.thumbnail(THUMBNAIL)
                file = io.BytesIO()
                grabbed.save(file, "JPEG", quality=80)
                self._pictured_at = now
                self._picture = Picture(
                    data=file.getvalue(), media_type="image/jpeg", width=grabbed.width, height=grabbed.height, age_s=0.0
                )
            return self._picture.model_copy(update={"age_s": max(0.0, time.monotonic() - self._pictured_at)})

    def grab(self) -> Image.Image | None:
        """The whole of it, as it is now."""
        try:
            picture = ImageGrab.grab(xdisplay=os.environ.get("DISPLAY") if _is_x() else None).convert("RGB")
        except (OSError, ValueError):
            return None
        if self.place is not None:
            left, top, width, height = self.place
            picture = picture.crop((left, top, min(left + width, picture.width), min(top + height, picture.height)))
        return picture if picture.width > 0 and picture.height > 0 else None

    def look(self) -> tuple[int, int] | None:
        """The largest value of any colour, 0..255, and a number that changes with the picture; None where nothing can be seen."""
        with contextlib.suppress(Exception):
            return self._rows() if _is_x() else self._whole()
        return None

    def close(self) -> None:
        self._closed.set()

    def _look(self) -> None:
        """The thread."""
        while not self._closed.wait(LOOK_S if _is_x() else SELDOM_S):
            if (found := self.look()) is not None:
                now, (brightest, check) = time.monotonic(), found
                same = self._seen is not None and check == self._check
                self._seen = OnGlass(now, brightest, self._seen.changed_at if self._seen is not None and same else now)
                self._check = check

    def _whole(self) -> tuple[int, int] | None:
        picture = self.grab()
        if picture is None:
            return None
        pixels = picture.resize((160, 90)).tobytes()
        return max(pixels), zlib.crc32(pixels)

    def _rows(self) -> tuple[int, int] | None:
        with _connected() as server:
            self.desktop = server[3] if server is not None else None
            if server is None:
                return None
            xcb, to, root, (screen_width, screen_height), free = server
            left, top, width, height = self.place or (0, 0, screen_width, screen_height)
            width, height = min(width, screen_width - left), min(height, screen_height - top)
            if width <= 0 or height <= 0:
                return None
            rows = [top + (2 * k + 1) * height // (2 * ROWS) for k in range(ROWS)]
            z_pixmap, planes = 2, ctypes.c_uint32(0xFFFFFFFF)
            asked = [xcb.xcb_get_image(to, z_pixmap, root, left, row, width, 1, planes) for row in rows]
            brightest, check = 0, 0
            for cookie in asked:
                reply = xcb.xcb_get_image_reply(to, ctypes.c_uint32(cookie), None)
                if not reply:
                    return None
                size = xcb.xcb_get_image_data_length(ctypes.c_void_p(reply))
                pixels = bytearray(ctypes.string_at(xcb.xcb_get_image_data(ctypes.c_void_p(reply)), size))
                free(ctypes.c_void_p(reply))
                if size >= 4 * width:
                    pixels[3::4] = bytes(len(pixels[3::4]))  # of 24 bits the fourth byte means nothing
                brightest, check = max(brightest, max(pixels)), zlib.crc32(pixels, check)
            return brightest, check


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))


@contextlib.contextmanager
def _connected() -> Iterator[tuple[Any, ctypes.c_void_p, ctypes.c_uint32, tuple[int, int], Any] | None]:
    """XCB, a connection, the root window and its size in pixels; and what frees memory. None where there is no X server."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        yield None
        return
    for name in ("xcb_connect", "xcb_get_setup", "xcb_get_image_reply", "xcb_get_image_data"):
        getattr(xcb, name).restype = ctypes.c_void_p
    xcb.xcb_setup_roots_iterator.restype = _Screens
    to = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        if xcb.xcb_connection_has_error(to):
            yield None
            return
        screen = xcb.xcb_setup_roots_iterator(ctypes.c_void_p(xcb.xcb_get_setup(to))).data
        root = ctypes.c_uint32.from_address(screen)
        size = ctypes.c_uint16.from_address(screen + 20).value, ctypes.c_uint16.from_address(screen + 22).value
        yield xcb, to, root, size, ctypes.CDLL(None).free
    finally:
        xcb.xcb_disconnect(to)


def screen_size() -> tuple[int, int] | None:
    """Pixels of the desktop; None without an X server, or where it is not asked."""
    if not _is_x():
        return None
    with _connected() as server:
        return server[3] if server is not None else None


def _is_x() -> bool:
    return sys.platform not in ("win32", "darwin")

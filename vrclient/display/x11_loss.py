"""What happens when the window, or all of X, is taken away.

Another program may destroy the window (XDestroyWindow): the server tells whoever has asked, the engine does not listen, so it is
asked here, by XCB on a connection of its own. That window is closed like any other.

The X server hangs: the program waits for it, and can be told to end all the same (pointer.py).

The X server goes, or ends our connection (xkill): Xlib asks a handler, and ends the process if that returns. The handler may be
called in the middle of any call of the engine, so there is no way back: what is to be written is written, one line is said, and
the process ends.

Sources: X protocol, DestroyNotify, QueryPointer; XSetIOErrorHandler(3). Nothing elsewhere than on X11."""

import ctypes
import sys
from typing import Any, NoReturn

from vrclient import ending

NO_X_SERVER = 3
"""The exit status, as of any program that has nothing to show on."""
GONE = "the X server has gone, or has ended this window's connection"

CW_EVENT_MASK, STRUCTURE_NOTIFY = 1 << 11, 1 << 17
ERROR, DESTROY_NOTIFY = 0, 17
"""Kinds of what XCB reports; an error is that there is no such window any more."""

_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _PointerReply(ctypes.Structure):
    """xcb_query_pointer_reply_t."""

    _fields_ = (
        ("response_type", ctypes.c_uint8), ("same_screen", ctypes.c_uint8), ("sequence", ctypes.c_uint16),
        *((name, ctypes.c_uint32) for name in ("length", "root", "child")),
        *((name, ctypes.c_int16) for name in ("root_x", "root_y", "x", "y")),
    )  # fmt: skip


class WindowWatch:
    """Whether a window is still there, and where the pointer is in it. `window` is the server's number of it."""

    def __init__(self, window: int, /) -> None:
        self._gone, self._window = False, window
        self._xcb = _library("libxcb.so.1")
        if self._xcb is None:
            return
        for name in ("xcb_connect", "xcb_poll_for_event", "xcb_query_pointer_reply"):
            getattr(self._xcb, name).restype = ctypes.c_void_p
        self._free: Any = ctypes.CDLL(None).free
        self._free.argtypes = [ctypes.c_void_p]
        self._to = ctypes.c_void_p(self._xcb.xcb_connect(None, None))
        asked = ctypes.c_uint32(STRUCTURE_NOTIFY)
        self._xcb.xcb_change_window_attributes(self._to, ctypes.c_uint32(window), CW_EVENT_MASK, ctypes.byref(asked))
        self._xcb.xcb_flush(self._to)

    def is_gone(self) -> bool:
        """Whether the window was destroyed. It does not wait for the server."""
        while self._xcb is not None and not self._gone and (event := self._xcb.xcb_poll_for_event(self._to)):
            kind = ctypes.cast(event, ctypes.POINTER(ctypes.c_uint8))[0] & 0x7F  # the high bit: sent by another program
            self._gone = kind in (ERROR, DESTROY_NOTIFY)
            self._free(event)
        return self._gone

    @property
    def asks(self) -> bool:
        """Whether there is a server to ask."""
        return self._xcb is not None

    def pointer(self) -> tuple[int, int] | None:
        """Where the pointer is in the window, in pixels from its upper left corner; it may be outside. None where the server does
        not tell. It waits for the server, and lets other threads run meanwhile."""
        asked = ctypes.c_uint32(self._xcb.xcb_query_pointer(self._to, ctypes.c_uint32(self._window)))
        if not (answer := self._xcb.xcb_query_pointer_reply(self._to, asked, None)):
            return None
        found = _PointerReply.from_address(answer)
        place = (found.x, found.y) if found.same_screen else None
        self._free(answer)
        return place

    def close(self) -> None:
        if self._xcb is not None:
            self._xcb.xcb_disconnect(self._to)
            self._xcb = None


def end_with_x_server() -> None:
    """From now on; after the engine has opened its display, which sets a handler of its own."""
    library = _library("libX11.so.6")
    if library is not None:
        library.XSetIOErrorHandler.argtypes = [_Handler]
        library.XSetIOErrorHandler.restype = ctypes.c_void_p
        library.XSetIOErrorHandler(_gone)


@_Handler
def _gone(_: int | None) -> NoReturn:
    ending.end_now(GONE, NO_X_SERVER)


def _library(name: str) -> Any:
    """None where there is none: then the engine has no window of X either."""
    try:
        return None if sys.platform in ("win32", "darwin") else ctypes.CDLL(name)
    except OSError:
        return None

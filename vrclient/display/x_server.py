"""What happens when the X server goes, or ends our connection (xkill): Xlib asks a handler, and ends the process if that returns.

Source: XSetIOErrorHandler(3). The handler may be called in the middle of any call of the engine, so there is no way back: what is
to be written is written, one line is said, and the process ends."""

import ctypes
import sys
from typing import NoReturn

from vrclient import ending

NO_X_SERVER = 3
"""The exit status, as of any program that has nothing to show on."""
GONE = "the X server has gone, or has ended this window's connection"

_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


def end_with_x_server() -> None:
    """From now on; after the engine has opened its display, which sets a handler of its own. Nothing elsewhere than on X11."""
    if sys.platform in ("win32", "darwin"):
        return
    try:
        library = ctypes.CDLL("libX11.so.6")
    except OSError:  # then the engine has no window either
        return
    library.XSetIOErrorHandler.argtypes = [_Handler]
    library.XSetIOErrorHandler.restype = ctypes.c_void_p
    library.XSetIOErrorHandler(_gone)


@_Handler
def _gone(_: int | None) -> NoReturn:
    ending.end_now(GONE, NO_X_SERVER)

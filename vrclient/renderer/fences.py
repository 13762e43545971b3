"""Points in the graphics card's work that may be waited for, also from another context that shares objects with this one.

The driver's calls are used as they are: PyOpenGL's leave objects in circles, and nothing collects those while frames run."""

import ctypes
from functools import cache
from typing import Any

from vrclient.renderer.context import GraphicsUnavailable, gl_function

FOR_EVER = 2**64 - 1
"""GL_TIMEOUT_IGNORED."""
COMMANDS_COMPLETE, TIMEOUT_EXPIRED = 0x9117, 0x911B
"""GL_SYNC_GPU_COMMANDS_COMPLETE, GL_TIMEOUT_EXPIRED."""


class Fence:
    """Made where the work was asked for, whose context must be current, as in each call."""

    def __init__(self) -> None:
        self._sync: int = _call("glFenceSync", ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint)(COMMANDS_COMPLETE, 0)
        _call("glFlush", None)()

    @property
    def done(self) -> bool:
        """The work is. Never waits."""
        return self._waited(0) != TIMEOUT_EXPIRED

    def hold_card(self) -> None:
        """What is asked of the graphics card from now on, in the current context, comes after the work; the program goes on."""
        _call("glWaitSync", None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64)(self._sync, 0, FOR_EVER)

    def wait(self, seconds: float, /) -> None:
        """Until the work is done, or for so long."""
        self._waited(int(seconds * 1e9))

    def close(self) -> None:
        """Gives it back; waiting on it goes on."""
        _call("glDeleteSync", None, ctypes.c_void_p)(self._sync)

    def _waited(self, nanoseconds: int) -> int:
        call = _call("glClientWaitSync", ctypes.c_uint, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64)
        return int(call(self._sync, 0, nanoseconds))


@cache
def _call(name: str, result: Any, *arguments: Any) -> Any:
    """A function of the driver by its C types; a context must be current when it is first asked for. Raises GraphicsUnavailable
    where the driver has none, though OpenGL has had all of these since 3.2."""
    address = gl_function(name)
    if not address:
        raise GraphicsUnavailable(f"the driver has no {name}; update the graphics driver")
    prototype = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
    return prototype(result, *arguments)(address)

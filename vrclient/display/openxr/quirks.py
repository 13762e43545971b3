"""What runtimes do otherwise than the specification says, by their names. It imports no `xr`."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    """What a client has to mind with one runtime. The defaults are what the specification asks for.

    keeps_context         the GL context that was current before a call is current after it; False: make it so again
    leaves_gl_errors      xrEndFrame leaves an error in glGetError: read it away, or the next check takes it for its own
    wants_no_gl_errors    an error that is pending before a swapchain call makes that call fail: read it away before
    destroys_instance     xrDestroyInstance returns; False: leave the instance to the end of the process
    exits                 the process ends by itself after the runtime was used; False: end it by os._exit
    """

    keeps_context: bool = True
    leaves_gl_errors: bool = False
    wants_no_gl_errors: bool = False
    destroys_instance: bool = True
    exits: bool = True


STANDARD = Quirks()

_STEAMVR_LINUX = Quirks(
    keeps_context=False,  # ValveSoftware/SteamVR-for-Linux#421 (GLX, 1.16 to 1.24), #821 (EGL, open)
    leaves_gl_errors=True,  # SteamVR-for-Linux#799: after xrEndFrame, seen in 2.12.9, open
    wants_no_gl_errors=True,  # fholger/thedarkmodvr#13: an older error makes xrAcquireSwapchainImage fail
    destroys_instance=False,  # SteamVR-for-Linux#422, #567: hangs in the destructor of its library
    exits=False,  # SteamVR-for-Linux#422: the handlers of exit() hang, too
)
_STEAMVR = Quirks(wants_no_gl_errors=True)  # fholger/thedarkmodvr#13

_KNOWN = (
    ("SteamVR", "linux", _STEAMVR_LINUX),
    ("SteamVR", "", _STEAMVR),
    ("Monado", "", STANDARD),  # 25.0.0, tried: context, errors and xrDestroyInstance are as they should be
)
"""(the runtime's name begins so, sys.platform begins so, quirks); the first that fits."""


def quirks_of(runtime: str, /, *, system: str = sys.platform) -> Quirks:
    """Those of a runtime by its name, as its file or xrGetInstanceProperties gives it; STANDARD for an unknown one."""
    for name, where, quirks in _KNOWN:
        if runtime.casefold().startswith(name.casefold()) and system.startswith(where):
            return quirks
    return STANDARD

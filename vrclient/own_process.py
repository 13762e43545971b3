"""Processes of the program's own beside it, such as the one that reads films: the same Python, and the same modules. What lies in
the working folder is somebody else's, whatever it is called. What they do is said where they are needed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

_PARENT = str(Path(__file__).resolve().parents[1])


def command(function: str, /) -> list[str]:
    """The command line of a process that calls `function`, given as "package.module:function", and nothing else. What is put
    behind it is its sys.argv[1:]."""
    module, _, name = function.partition(":")
    path = [one for one in sys.path if one]
    if _PARENT not in path:
        path.insert(0, _PARENT)
    program = f"import sys; sys.path[:] = {path!a}; from {module} import {name}; {name}()"
    return [sys.executable, "-c", program]


def itself() -> list[str]:
    """The command line of this very program, for whatever starts it later (kiosk/install.py). A bundle's program is the client
    already; Python has to be told."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "vrclient"]


def flags() -> int:
    """`creationflags` of such a process: on Windows no console flashes up, and frames go first. Elsewhere it says so itself."""
    if sys.platform != "win32":
        return 0
    return subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW


def end_with(parent: int, /) -> None:
    """From now on this process, also one that is stopped, ends when the one that has started it does, whose number is `parent`.
    Linux sees to that; elsewhere this only ends a process whose parent is gone already. To be called first of all, by a process
    whose parent started it in a thread that stays."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if sys.platform != "win32" and os.getppid() != parent:
        os._exit(0)


_PR_SET_PDEATHSIG = 1
"""linux/prctl.h."""

"""Processes of the program's own beside it, such as the one that reads films: the same Python, and the same modules. What lies in
the working folder is somebody else's, whatever it is called. What they do is said where they are needed."""

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


def flags() -> int:
    """`creationflags` of such a process: on Windows no console flashes up, and frames go first. Elsewhere it says so itself."""
    if sys.platform != "win32":
        return 0
    return subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW

"""What a bundle's program is started as, by its name; and whoever starts it by a double click is told why it did not work."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from vrclient.bundle.manifest import Manifest

_CHILD = "VRCLIENT_STARTED_BY_A_CLICK"
_LOG = "vrclient-last-run.txt"


def begin(folder: str, /) -> None:
    """Before the client begins, in the bundle in `folder`: given no arguments, it has those that the manifest has for the program
    of this name. A program of Windows without a console is done when this ends."""
    if len(sys.argv) == 1:
        sys.argv += Manifest.read(Path(folder)).arguments(Path(sys.executable).name)
    if sys.platform == "win32" and sys.stdout is None and _CHILD not in os.environ:
        sys.exit(_watched())


def _watched() -> int:
    """Windows gives a program without a console nowhere to print to: it runs again with a file for that, and what the file ends
    with is shown where something was wrong."""
    import ctypes

    with _log_file().open("w+b") as log:
        command = [sys.executable, *sys.argv[1:]]
        environment = {**os.environ, _CHILD: "1"}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=False)
        if done.returncode:
            log.seek(0)
            said = log.read().decode("utf-8", "replace").strip()[-2000:] or f"it ended with status {done.returncode}"
            ctypes.windll.user32.MessageBoxW(None, f"{said}\n\n{log.name}", "vrclient", 0x10)  # type: ignore[attr-defined]
    return done.returncode


def _log_file() -> Path:
    """Where what it prints is kept, until it is started again."""
    import tempfile

    import platformdirs

    with contextlib.suppress(OSError, RuntimeError):  # no home
        folder = platformdirs.user_log_path("vrclient", appauthor=False, ensure_exists=True)
        if os.access(folder, os.W_OK):
            return folder / _LOG
    return Path(tempfile.gettempdir()) / _LOG

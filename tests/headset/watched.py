"""Runs a program of a test with the validation layers watching, as in the test's own process:

    watched.py -m MODULE ARGUMENT...
    watched.py -c TEXT ARGUMENT...

What the layers say is written when an instance ends and when the program does, also where that ends itself at once."""

import atexit
import os
import runpy
import sys
from pathlib import Path
from typing import NoReturn

os.environ.setdefault("XR_LOADER_DEBUG", "none")

from validation import FOLDER, Watch

COMMAND = (sys.executable, str(Path(__file__).resolve()))
"""The start of a command line."""


def _main(how: str, what: str) -> None:
    watch = Watch(Path(os.environ[FOLDER]) / str(os.getpid()))
    os.environ.update(watch.environment())
    watch.install(setattr)
    atexit.register(watch.write)
    end = os._exit

    def end_at_once(status: int) -> NoReturn:
        """What nothing is run after (ending.gone)."""
        watch.write()
        end(status)

    os._exit = end_at_once  # type: ignore[assignment]
    sys.argv[:3] = [what]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "watched", "exec"), {"__name__": "__main__", "watch": watch})


if __name__ == "__main__":
    _main(*sys.argv[1:3])

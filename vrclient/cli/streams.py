"""Standard input, output and error as the commands need them: there, and able to hold any text."""

import io
import os
import sys


def prepare() -> None:
    """What is not a terminal gets UTF-8, whatever the system's code page: a file, another program. A terminal keeps its encoding;
    what that cannot show is written out, such as \\u5fb7. A stream that is closed is as if it led nowhere."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


def _nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123

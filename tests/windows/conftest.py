"""Tests that start Windows' programs under Wine and look at what they do from outside. Without the Windows lab the folder is left
out, and the summary says so.

What runs inside that Windows is ordinary tests: `make test-windows` names them, left_out.py those that cannot pass there."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

IN_LAB = bool(os.environ.get("VRCLIENT_LAB")) and Path("/windows/python").is_dir()

if IN_LAB:
    sys.path.append(str(Path(__file__).parents[1] / "headset"))  # capture.py, xserver.py
    from windows_programs import Windows, windows
else:
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not IN_LAB:
        terminalreporter.write_line(
            "tests/windows: left out, they need the Windows lab; make test-windows builds it and runs them", yellow=True
        )


@pytest.fixture(scope="session")
def machine() -> "Iterator[Windows]":
    """A Windows that nobody used before, with a screen of 1280 x 800 pixels."""
    with windows() as started:
        yield started

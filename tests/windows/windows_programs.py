"""Windows' programs under Wine, on an X server of their own."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xserver import x_server

WINE = Path(__file__).parents[2] / "lab" / "windows" / "environment"
PYTHON = "/windows/python/python.exe"
LONGEST_S = 120.0
"""More than any of them takes."""


@dataclass(frozen=True, slots=True)
class Windows:
    """display: of its X server, such as ":7"; environment: of its programs."""

    display: str
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """vrclient with these arguments, to its end: what it printed, and its exit status."""
        with self.start(*arguments) as program:
            text, _ = program.communicate(timeout=LONGEST_S)
        return subprocess.CompletedProcess(arguments, program.returncode, text)

    @contextmanager
    def start(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """vrclient with these arguments; it is ended where it still runs."""
        program = subprocess.Popen(
            ["wine", PYTHON, "-m", "vrclient", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            env=self.environment,
        )  # fmt: skip
        try:
            yield program
        finally:
            program.kill()
            program.wait()


@contextmanager
def windows() -> Iterator[Windows]:
    """Starts it. Its console speaks UTF-8."""
    with x_server(1280, 800) as display, tempfile.TemporaryDirectory() as prefix:
        environment = {
            **os.environ, "DISPLAY": display, "WINEPREFIX": prefix, "XDG_RUNTIME_DIR": prefix,
            **dict(line.split("=", 1) for line in WINE.read_text("utf-8").splitlines()),
            "PYTHONIOENCODING": "utf-8", "COLUMNS": "200",
        }  # fmt: skip
        try:
            subprocess.run(["wineboot", "--init"], env=environment, capture_output=True, timeout=LONGEST_S, check=True)
            yield Windows(display, environment)
        finally:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(["wineserver", "--kill"], env=environment, timeout=30, check=False)

"""`vrclient run` as a process: started, waited for, ended from outside, and what it leaves."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LONGEST_S = 60.0
"""Seconds for what takes one or two, so that a busy machine fails no test."""


STARTED: "list[subprocess.Popen[str]]" = []
"""Every program of a test; whatever becomes of the test, none outlives it."""


class Program:
    """`vrclient run ARGUMENTS --report ... --record ...` in a folder of its own. `python`: what runs it, up to its name."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        environment: dict[str, str] | None = None,
        python: Sequence[str] = (sys.executable, "-m"),
    ) -> None:
        self.report, self.recording = folder / "out" / "report.json", folder / "out" / "visit.npz"
        own = {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*python, "vrclient", "run", *arguments, "--report", str(self.report), "--record", str(self.recording)],
            env={**(environment or os.environ), **own}, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        STARTED.append(self.process)
        self.out: list[str] = []

    def says(self, line: str) -> None:
        """Reads its standard output to that line."""
        assert self.process.stdout
        for text in self.process.stdout:
            self.out.append(text.rstrip("\n"))
            if self.out[-1] == line:
                return
        raise AssertionError(f"it never said {line!r}, but {self.out}; {self.process.communicate()[1]}")

    def notes(self, begin: str) -> None:
        """Reads its standard error to a line that begins so."""
        assert self.process.stderr
        read = []
        for text in self.process.stderr:
            read.append(text)
            if text.startswith(begin):
                return
        raise AssertionError(f"it never noted {begin!r}, but {read}")

    def loads(self) -> None:
        """Until it is at work: it has made the folder of what it will leave."""
        self.until(self.report.parent.is_dir)

    def until(self, holds: Callable[[], bool]) -> None:
        """Until something holds."""
        end = time.monotonic() + LONGEST_S
        while not holds():
            assert time.monotonic() < end and self.process.poll() is None, self.process.communicate(timeout=LONGEST_S)
            time.sleep(0.02)

    def children(self) -> set[int]:
        """The processes that it has started, by number."""
        running = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
        return {pid for pid in running if _parent(pid) == self.process.pid}

    def signal(self, number: int) -> "Ended":
        """Sends a signal and waits for the end."""
        started = self.children()
        self.process.send_signal(number)
        return self.end(started)

    def end(self, started: set[int]) -> "Ended":
        """Waits for its end, and for that of the processes it has started."""
        out, errors = self.process.communicate(timeout=LONGEST_S)
        end = time.monotonic() + LONGEST_S
        while left := {pid for pid in started if _parent(pid) is not None}:
            assert time.monotonic() < end, f"still there: {left}"
            time.sleep(0.02)
        report = json.loads(self.report.read_text("utf-8")) if self.report.exists() else {}
        return Ended(self.process.returncode, [*self.out, *out.splitlines()], errors, report, self.recording)


class Ended:
    """What is left of a program."""

    def __init__(self, status: int, out: list[str], errors: str, report: dict[str, Any], recording: Path) -> None:
        self.status, self.out, self.report, self.recording = status, out, report, recording
        told = re.sub(r"(?m)^\S+: warning\[heavy\](?:.*\n)+?  help: .*\n", "", errors)  # of `stress`, which is meant to be
        self.errors = [
            line for line in told.splitlines() if line and "XFree86-DGA" not in line
        ]  # which Xvfb lacks, and Xlib asks for


def _parent(pid: int) -> int | None:
    """Whose child a process is; None of one that is gone, or only waits to be asked how it ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[1])

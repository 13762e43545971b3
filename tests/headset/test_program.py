"""The whole program as a process: what it says, how it ends and what its report tells of the headset."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from monado import MonadoService
from validation import Validation
from watched import COMMAND

NAME = "Monado: Remote HMD (Monado 25.0.0)"
NO_SERVICE = "the OpenXR runtime Monado is installed, but its service does not answer; start monado-service"
WAITS = "headset: off the head, lies still, or another program is in front: the visit waits"
"""What a program says of a head that nobody moves; left out below, as it comes after seconds, not frames."""
LOST = "the OpenXR runtime Monado has stopped; start monado-service"


class Program:
    """`vrclient run minimal` in a small window, running."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.report = folder / "report.json"
        command = [*COMMAND, "-m", "vrclient.cli.main", "run", "minimal", "--size", "320x180", "--no-sound"]
        command += ["--report", str(self.report)]
        self._process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "80"}
        )

    def says(self, line: str) -> list[str]:
        """The lines up to that one, of its standard error."""
        lines = []
        assert self._process.stderr
        for text in self._process.stderr:
            if text.rstrip("\n") == WAITS:
                continue
            lines.append(text.rstrip("\n"))
            if lines[-1] == line:
                return lines
        raise AssertionError(f"it never said {line!r}, but {lines}")

    def end(self) -> tuple[int, list[str], list[str], dict[str, Any]]:
        """Exit status, standard output, the rest of the standard error, what the report says of display and headset."""
        out, notes = self._process.communicate(timeout=120)
        report = json.loads(self.report.read_text()) if self.report.exists() else {}
        return self._process.returncode, out.splitlines(), [one for one in notes.splitlines() if one != WAITS], report


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Program]:
    return lambda *arguments: Program(tmp_path, *arguments)


def changes(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["state"], one["reason"]) for one in report["headset"]["changes"]]


def test_with_a_headset_at_the_start(monado: MonadoService, program: Callable[..., Program], validation: Validation) -> None:
    status, out, notes, report = program("--frames", "40").end()
    assert (status, out) == (0, ["display: headset"])
    assert notes == [f"display: starting ({NAME})", f"display: headset ({NAME})"]
    assert report["display"] == "headset" and report["rejected"] == []
    headset = report["headset"]
    assert (headset["runtime"], headset["name"]) == ("Monado 25.0.0", "Monado: Remote HMD")
    assert 30 <= headset["frames"] <= 40 and headset["missed_frames"] >= 0
    assert changes(report) == [("starting", NAME), ("headset", NAME)]
    assert validation.instances() == 1


def test_without_one(monado: MonadoService, program: Callable[..., Program]) -> None:
    monado.kill()
    status, out, notes, report = program("--frames", "40").end()
    assert (status, out, notes) == (0, [f"display: window (headset rejected: {NO_SERVICE})"], [])
    assert report["display"] == "window" and report["headset"]["why_none"] == NO_SERVICE
    assert report["headset"]["frames"] == 0 and changes(report) == []


def test_a_headset_that_is_asked_for_and_not_there(monado: MonadoService, program: Callable[..., Program]) -> None:
    monado.kill()
    status, out, notes, report = program("--frames", "40", "--display", "headset").end()
    assert (status, out, report) == (3, [], {})
    assert notes == [
        f"display: none (headset rejected: {NO_SERVICE})",
        "run 'vrclient doctor' to see what is missing and what to do about it",
    ]


def test_one_that_comes_goes_and_comes(monado: MonadoService, program: Callable[..., Program], validation: Validation) -> None:
    monado.kill()
    running = program("--frames", "700")
    monado.start()
    assert running.says(f"display: headset ({NAME})") == [f"display: starting ({NAME})", f"display: headset ({NAME})"]
    monado.kill()
    said = running.says(f"display: recovering ({LOST})")
    assert len([line for line in said if not line.startswith(("ERROR [", "XR_ERROR_"))]) == 1, said  # the rest is the runtime's
    assert len(said) < 8, said
    monado.start()
    running.says(f"display: headset ({NAME})")
    status, _, notes, report = running.end()
    assert (status, notes) == (0, [])
    once = [("starting", NAME), ("headset", NAME)]
    assert changes(report) == [*once, ("recovering", LOST), *once]
    assert report["display"] == "headset" and report["headset"]["frames"] > 50
    assert validation.instances() == 2

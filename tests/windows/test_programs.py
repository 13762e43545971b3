"""What somebody with Windows meets: the window on the glass, the doctor, and how the program ends."""

import json
import subprocess
import time
from pathlib import Path

import numpy as np
from capture import capture, find_window
from numpy.typing import NDArray
from PIL import Image
from windows_programs import LONGEST_S, Windows


def test_the_doctor_finds_all_that_is_needed(machine: Windows) -> None:
    done = machine.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "Traceback" not in done.stdout
    for line in ("on Windows", "llvmpipe", "no OpenXR runtime is installed"):
        assert line in done.stdout, done.stdout


def test_the_window_shows_what_a_picture_shows_and_ends_as_it_is_closed(machine: Windows, tmp_path: Path) -> None:
    report, picture = tmp_path / "report.json", tmp_path / "picture.png"
    drawn = machine.run("shot", "minimal", "--size", "640x360", "--output", _as_windows_sees(picture))
    assert drawn.returncode == 0, drawn.stdout
    expected = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    arguments = [
        "--display",
        "window",
        "--quality",
        "high",
        "--size",
        "640x360",
        "--no-panels",
        "--report",
        _as_windows_sees(report),
    ]
    with machine.start("run", "minimal", *arguments) as program:
        window = find_window(machine.display, "vrclient", timeout=LONGEST_S)
        deadline = time.monotonic() + LONGEST_S
        while (difference := _difference(capture(machine.display, window), expected)) > 6.0 and time.monotonic() < deadline:
            time.sleep(0.5)
        assert difference <= 6.0, "it is the same place at the same time of day"
        # Asks the windows of a program to close, as the cross in their corner does.
        subprocess.run(["wine", "taskkill", "/im", "python.exe"], env=machine.environment, capture_output=True, check=True)
        text, _ = program.communicate(timeout=LONGEST_S)
    assert program.returncode == 0
    assert "Traceback" not in text
    assert json.loads(report.read_text("utf-8"))["display"] == "window"


def _difference(shown: NDArray[np.uint8], expected: NDArray[np.int_]) -> float:
    return float(np.abs(shown.astype(int) - expected).mean())


def _as_windows_sees(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")

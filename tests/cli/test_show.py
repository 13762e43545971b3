"""`vrclient run` and `shot` as a user meets them: real processes, without a display."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def vrclient(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "vrclient.cli.main", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_without_a_display_the_views_become_pictures(tmp_path: Path) -> None:
    done = vrclient("run", "minimal", "--size", "160x90", "--report", "report.json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    first, *pictures = done.stdout.splitlines()
    assert first == (
        "display: offscreen (headset rejected: no OpenXR runtime is installed; install the headset's software (SteamVR, Monado, "
        "...) and make it the active OpenXR runtime; "
        "window rejected: no display: DISPLAY is not set)"
    )
    assert pictures == ["shots/minimal-spawn.png"]
    picture = np.asarray(Image.open(tmp_path / pictures[0]))
    assert picture.shape == (90, 160, 3)
    assert picture.std() > 20
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["display"] == "offscreen"
    assert [one["display"] for one in report["rejected"]] == ["headset", "window"]
    assert report["pictures"] == pictures
    assert {"p50", "p95", "p99", "max"} == set(report["stages_ms"]["draw"])
    assert report["draw_calls"] > 3
    assert report["triangles"] > 1000


def test_frames_are_counted(tmp_path: Path) -> None:
    arguments = ("run", "minimal", "--display", "offscreen", "--frames", "4", "--size", "64x48", "--report", "r.json")
    done = vrclient(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "display: offscreen\n"), done.stderr
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["frames"] == 4


def test_a_shot_from_a_place_at_a_time(tmp_path: Path) -> None:
    arguments = ("--at", "-16,-38,1.7", "--look", "22,3", "--time", "22:30", "--date", "2026-01-10", "--size", "96x54")
    done = vrclient("shot", "minimal", "-o", "new/night.png", *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "new/night.png\n"), done.stderr
    assert np.asarray(Image.open(tmp_path / "new" / "night.png")).mean() < 90


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["run", "minimall"], 2, "vrclient: there is no showcase 'minimall'; did you mean 'minimal'?"),
        (
            ["run", "minimal", "--display", "hologram"],
            2,
            "vrclient: --display hologram: choose one of: auto, headset, window, offscreen",
        ),
        (
            ["run", "minimal", "--size", "1x1"],
            2,
            "vrclient: --size 1x1: give WIDTHxHEIGHT in pixels, each 16 to 8192, such as 1280x720",
        ),
        (
            ["run", "minimal", "--quality", "best"],
            2,
            "vrclient: 'best' is not a quality; choose one of: auto, deterministic, high, low, normals",
        ),
        (
            ["shot", "minimal", "-o", "x.jpg"],
            2,
            "vrclient: --output x.jpg: pictures are PNG files; give a name that ends in .png",
        ),
        (["shot", "minimal", "-o", "x.png", "--view", "moon"], 2, "vrclient: --view moon: the showcase's views are: spawn"),
        (
            ["shot", "minimal", "-o", "x.png", "--at", "1,2"],
            2,
            "vrclient: --at 1,2: give X,Y,Z in metres, such as 30,-80,1.6",
        ),
        (
            ["shot", "minimal", "-o", "x.png", "--time", "25:00"],
            2,
            "vrclient: --time 25:00: give HH:MM from 00:00 to 23:59, such as 19:30",
        ),
        (
            ["shot", "minimal", "-o", "x.png", "--date", "21.6.2026"],
            2,
            "vrclient: --date 21.6.2026: give YYYY-MM-DD, such as 2026-06-21",
        ),
        (
            ["run", "minimal", "--display", "window"],
            3,
            "display: none (window rejected: no display: DISPLAY is not set)\n"
            "run 'vrclient doctor' to see what is missing and what to do about it",
        ),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(arguments: list[str], status: int, message: str, tmp_path: Path) -> None:
    done = vrclient(*arguments, folder=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (status, message)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_showcase_is_explained_and_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\ntitel: {zh: 一, en: One}\n", "utf-8")
    done = vrclient("run", str(tmp_path), folder=tmp_path)
    assert done.returncode == 1
    assert "error[unknown-key]: 'titel' is not a key" in done.stderr
    assert "did you mean 'title'?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "shot", "check", "schema", "list", "doctor"])
def test_every_command_explains_itself_with_an_example(command: str, tmp_path: Path) -> None:
    done = vrclient(command, "--help", folder=tmp_path)
    assert done.returncode == 0
    assert f"vrclient {command}" in done.stdout.split("Example:")[1]


def test_the_doctor_finds_what_the_tests_run_on(tmp_path: Path) -> None:
    done = vrclient("doctor", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert all(subject in done.stdout for subject in ("Python", "packages", "OpenGL", "OpenXR", "fonts", "sound"))

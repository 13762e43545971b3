"""`vrclient bench` as a developer meets it: real processes, small work, whole messages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest


def bench(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "vrclient.cli.main", "bench", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=240, check=False)


def figures(*arguments: str, folder: Path) -> Any:
    done = bench(*arguments, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five hundred boxes on the ground, 400 m wide."""
    rng = np.random.default_rng(3)
    half = rng.uniform(1.0, 9.0, (500, 3))
    center = np.column_stack([rng.uniform(-200.0, 200.0, (500, 2)), half[:, 2]])
    path = tmp_path_factory.mktemp("town") / "town.npz"
    np.savez(path, center=center.astype(np.float32), half=half.astype(np.float32))
    return path


def test_culling_of_random_boxes_and_of_a_file(town: Path) -> None:
    random, file = figures("cull", "--objects", "2000", "--boxes", str(town), folder=town.parent)
    assert (random["scene"], random["objects"], random["views"]) == ("random", 2000, 2)
    assert (file["scene"], file["objects"]) == ("town", 500)
    for one in (random, file):
        assert 0 < one["visible"] < one["objects"]
        assert 0.0 < one["still_ms"] < one["turn_ms"] <= one["turn_p99_ms"]
        assert one["c_ms"] is None and one["ratio"] is None


def test_a_walk_past_boxes_beside_plain_panda(town: Path) -> None:
    """Both engines draw the very same pictures: what is quicker has lost nothing."""
    arguments = ("--boxes", str(town), "--walk=-150,-150,1.7:150,150,1.7", "--frames", "12", "--size", "96x64", "--compare")
    both = figures("frame", *arguments, folder=town.parent)
    assert both["own"]["driver"].startswith("llvmpipe") == both["noop"]["driver"].startswith("NOOP")
    for run in both.values():
        assert (run["instances"], run["frames"], run["views"]) == (500, 12, 1)
        assert 0 < run["visible_instances"] < 500
        assert run["stages_ms"]["drawing"]["p50"] <= run["stages_ms"]["frame"]["p50"]
        assert [peer["peer"] for peer in run["peers"]] == ["flattened", "nodes"]
    assert both["own"]["peers"][0]["pixels_that_differ"] == [0] * 5
    assert "pixels_that_differ" not in both["noop"]["peers"][0]


def test_two_eyes_of_boxes_are_the_same_in_plain_panda(town: Path) -> None:
    arguments = ("--boxes", str(town), "--walk=-150,-150,1.7:150,150,1.7", "--frames", "6", "--size", "64x48", "--views", "2")
    run = figures("frame", *arguments, "--compare", "--driver", "own", folder=town.parent)
    assert run["stereo"] in ("one pass", "two passes")
    assert run["peers"][0]["pixels_that_differ"] == [0] * 5


def test_a_walk_through_a_showcase_as_a_table(tmp_path: Path) -> None:
    done = bench("frame", "minimal", "--frames", "8", "--size", "64x48", "--driver", "noop", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 x 64x48 in one view; 8 frames" in done.stdout
    assert {"visible", "upload", "draw", "drawing"} <= {line.split(" ")[0] for line in done.stdout.splitlines()}


def test_loading(tmp_path: Path) -> None:
    run = figures("load", "minimal", "--runs", "1", "--size", "64x48", "--views", "2", folder=tmp_path)
    assert set(run["seconds"]) == {"load", "build", "start_to_first_frame"}
    assert run["seconds"]["start_to_first_frame"]["median"] > run["seconds"]["build"]["median"] > 0.0


def test_a_crossing_to_another_showcase_and_back(tmp_path: Path) -> None:
    run = figures("crossing", "minimal", "minimal", "--size", "64x48", "--quality", "low", folder=tmp_path)
    assert run["driver"].startswith("NOOP") and run["loading_seconds"] == 0.0
    folder = tmp_path / "hut"
    folder.mkdir()
    text = "vrclient: 1\ntitle: {en: Hut}\norigin: {lon_deg: 0, lat_deg: 0}\nelements: [{kind: spawn, at: [0, -9]}]\n"
    (folder / "showcase.yaml").write_text(text, "utf-8")
    run = figures("crossing", str(folder), "minimal", "--size", "64x48", "--quality", "low", folder=tmp_path)
    assert run["loading_seconds"] > 0.0 and run["slices"] > 20
    parts = {part["part"]: part for part in run["parts"]}
    assert list(parts) == ["before", "loading", "ready", "entering", "after", "entering, back", "after, back"]
    assert parts["entering"]["frames"] == 1 and parts["after"]["frames"] == 100
    for part in parts.values():
        assert 0.0 < part["p50"] <= part["p99"] <= part["longest"]
        assert part["undisturbed"] <= part["longest"] and part["most"] != "wait"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frame", "--walk", "1,2"],
         "--walk 1,2: give X,Y,Z:X,Y,Z, the eye's first and last place in metres, such as -50,0,1.7:50,0,1.7"),
        (["frame", "--walk", "1,2,3:4,5,x"],
         "--walk 4,5,x: give X,Y,Z:X,Y,Z, the eye's first and last place in metres, such as -50,0,1.7:50,0,1.7"),
        (["frame", "--driver", "best"], "--driver best: choose one of: both, noop, own"),
        (["frame", "--fov", "180"], "--fov 180: give the whole horizontal angle in degrees, 1 to less than 180"),
        (["frame", "--size", "big"], "--size big: give WIDTHxHEIGHT in pixels, each 16 to 8192, such as 1280x720"),
        (["frame", "--boxes", "absent.npz"],
         "absent.npz: No such file or directory; "
         "expected an npz file with the arrays center and half, both (N, 3), in metres, z up"),
        (["frame", "--boxes", "a.npz", "--objects", "5"], "--objects is for showcases; a file of --boxes has a fixed number"),
        (["frame", "minimal", "--objects", "5", "--driver", "own"],
         "--objects 5: the showcase scatters nothing by 'count'; --objects has nothing to multiply"),
        (["frame", "stres"], "there is no showcase 'stres'; did you mean 'stress'?"),
        (["frame", "--quality", "best"], "'best' is not a quality; choose one of: auto, deterministic, high, low, normals"),
        (["cull", "--objects", "9", "--reference", "."], ". holds no cull_reference.c; give the folder that does"),
        (["crossing", "minimal", "stres"], "there is no showcase 'stres'; did you mean 'stress'?"),
        (["crossing", "minimal", "minimal", "--driver", "both"], "--driver both: choose one of: noop, own"),
        (["load", "stres"], "there is no showcase 'stres'; did you mean 'stress'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_said(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = bench(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"vrclient: {message}\n")

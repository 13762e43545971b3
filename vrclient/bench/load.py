"""How long a showcase takes from the process's start to its first frame, in processes of their own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from vrclient.bench.processes import BenchmarkFailed, environment

PARTS = ("load", "build", "start_to_first_frame")
"""YAML to checked values; values to scene; all from the process's start until the first picture was fetched. Seconds."""


def measure(showcase: str, /, *, runs: int, size: str) -> dict[str, Any]:
    """Median, least and most seconds of each of PARTS over so many starts, the files in the system's cache. Raises
    BenchmarkFailed."""
    seconds: dict[str, list[float]] = {part: [] for part in PARTS}
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [sys.executable, "-m", "vrclient.cli.main", "run", showcase, "--display", "offscreen", "--frames", "1"]
        for _ in range(runs + 1):
            done = subprocess.run(
                [*command, "--size", size, "--report", str(file)],
                env=environment("own"),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise BenchmarkFailed(done.stderr.strip() or f"'vrclient run {showcase}' ended with status {done.returncode}")
            report = json.loads(file.read_text("utf-8"))
            for part in PARTS:
                seconds[part].append(report["seconds"][part])
    return {
        "showcase": showcase,
        "runs": runs,
        "instances": report["instances"],
        "chunks": report["chunks"],
        "driver": report["graphics"]["renderer"],
        "seconds": {
            part: {"median": float(np.median(values[1:])), "least": min(values[1:]), "most": max(values[1:])}
            for part, values in seconds.items()
        },
    }

"""How long a showcase takes from the process's start to its first frame, in processes of their own."""

from typing import Any

import numpy as np

from vrclient.bench.processes import run_json

PARTS = ("load", "build", "start_to_first_frame")
"""YAML to checked values; values to scene; all from the process's start until the first picture was fetched. Seconds."""


def measure(showcase: str, /, *, objects: int | None, views: int, runs: int, size: str) -> dict[str, Any]:
    """Median, least and most seconds of each of PARTS over so many starts, after one that is not counted: the files are in
    the system's cache then. Raises BenchmarkFailed."""
    arguments = ["bench", "frame", showcase, "--driver", "own", "--json", "--frames", "2", "--size", size, "--views", str(views)]
    if objects is not None:
        arguments += ["--objects", str(objects)]
    reports = [run_json(arguments, "own") for _ in range(runs + 1)]
    seconds = {part: [report["seconds"][part] for report in reports[1:]] for part in PARTS}
    last = reports[-1]
    return {
        "showcase": showcase,
        "runs": runs,
        **{name: last[name] for name in ("instances", "chunks", "views", "size", "driver")},
        "seconds": {
            part: {"median": float(np.median(values)), "least": min(values), "most": max(values)}
            for part, values in seconds.items()
        },
    }

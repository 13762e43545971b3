"""Benchmarks in processes of their own: which driver draws, and how many threads numpy uses, is decided before one starts."""

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Any, Literal

from vrclient import own_process

Driver = Literal["noop", "own"]
"""noop: Mesa's driver that draws nothing (GALLIUM_NOOP=1), so that what remains is the client's own work on the CPU; own:
the machine's driver, which is llvmpipe where there is no graphics card."""


class BenchmarkFailed(RuntimeError):
    """The process ended with an error; the text is what it said."""


def environment(driver: Driver, /) -> dict[str, str]:
    """The environment of such a process: numpy's products in one thread."""
    own = {name: value for name, value in os.environ.items() if name != "GALLIUM_NOOP"}
    return {**own, "OPENBLAS_NUM_THREADS": "1", **({"GALLIUM_NOOP": "1"} if driver == "noop" else {})}


def is_current(driver: Driver, /) -> bool:
    """Whether this process already has that driver, as the environment says."""
    return (os.environ.get("GALLIUM_NOOP") == "1") == (driver == "noop")


def run_json(arguments: Sequence[str], driver: Driver, /) -> dict[str, Any]:
    """What `vrclient ARGUMENTS` prints as JSON; its progress goes to this terminal. Raises BenchmarkFailed."""
    command = [*own_process.command("vrclient.cli.main:main"), *arguments]
    done = subprocess.run(command, env=environment(driver), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise BenchmarkFailed(f"'vrclient {' '.join(arguments)}' ended with status {done.returncode}; its reason stands above")
    result: dict[str, Any] = json.loads(done.stdout)
    return result

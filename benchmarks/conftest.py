"""Benchmarks run with the driver that draws nothing: what is timed is the client's own work on the CPU.

`make bench` runs them, saves the run in .benchmarks/ and compares it with the one before."""

import os
from functools import cache

os.environ["GALLIUM_NOOP"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pytest

from vrclient import paths
from vrclient.app.opening import Opened, open_showcase


@cache
def showcase(name: str) -> Opened:
    """A shipped showcase, built once."""
    return open_showcase(paths.showcases_folder() / name / "showcase.yaml")


@pytest.fixture(params=["fengxian", "stress"])
def scene(request: pytest.FixtureRequest) -> Opened:
    return showcase(request.param)

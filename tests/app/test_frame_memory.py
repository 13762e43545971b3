"""Between locating the views and presenting, a frame takes no memory that grows with the scene."""

import subprocess
import sys
from pathlib import Path

from vrclient.bench.processes import environment

FEW, MANY = 20_000, 80_000
GROWTH = 120_000
"""Bytes. A single float32 column of the rows that the larger scene has more takes 240,000."""
LASTING = 60_000


def frames_of(objects: int) -> tuple[int, int]:
    """(most, lasting) bytes."""
    command = [sys.executable, str(Path(__file__).with_name("frame_memory.py")), str(objects)]
    done = subprocess.run(command, env=environment("noop"), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    most, lasting = map(int, done.stdout.split())
    return most, lasting


def test_300_frames_of_a_walk_take_no_memory_that_grows_with_the_scene() -> None:
    (few, few_lasting), (many, many_lasting) = frames_of(FEW), frames_of(MANY)
    assert many - few < GROWTH, f"{few} bytes with {FEW} things, {many} with {MANY}"
    assert max(few_lasting, many_lasting) < LASTING

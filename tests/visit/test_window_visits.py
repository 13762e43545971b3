"""The whole visit, by a mouse and by a finger, in a real window: both end in the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from script import WHOLE_VISIT


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_the_whole_visit(device: str, xvfb: dict[str, str], tmp_path: Path) -> None:
    program = [sys.executable, str(Path(__file__).with_name("window_visit.py")), device, str(tmp_path)]
    done = subprocess.run(
        program,
        env={**xvfb, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    report = json.loads((tmp_path / "visit.json").read_text("utf-8"))
    assert [tuple(one) for one in report["did"]] == WHOLE_VISIT

"""Fifty stands in five processes at one broker: what `vrclient bench fleet` prints is what the hall has seen."""

import json
import subprocess
import sys


def test_fifty_stands_are_true_and_answer(tmp_path):
    program = [sys.executable, "-m", "vrclient", "bench", "fleet", "--stands", "50", "--rounds", "4", "--json"]
    run = subprocess.run(program, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert (found["stands"], found["commands"], found["acknowledged"], found["true"]) == (50, 200, 200, 200)
    assert 0.0 < found["reply_median_s"] <= found["reply_p99_s"] < 5.0 and found["state_p99_s"] < 5.0


def test_a_broker_that_is_not_one_is_said(tmp_path):
    program = [sys.executable, "-m", "vrclient", "bench", "fleet", "--broker", "broker.lan"]
    run = subprocess.run(program, capture_output=True, text=True, timeout=100, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (2, "vrclient: --broker broker.lan: give HOST:PORT, such as broker.lan:1883\n")

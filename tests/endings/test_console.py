"""Ctrl-C in a console of Windows ends a visit in order."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AT_THE_CONSOLE = """
import ctypes, os, signal, subprocess, sys

ctypes.windll.kernel32.FreeConsole()
ctypes.windll.kernel32.AllocConsole()
program = subprocess.Popen(
    [sys.executable, "-u", "-m", "vrclient", "run", "minimal", "--display", "window", "--no-sound", "--size", "160x90",
     "--report", sys.argv[1]],
    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8",
)
while program.stdout.readline().strip() != "display: window":
    assert program.poll() is None
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.kill(0, signal.CTRL_C_EVENT)
program.communicate(timeout=60)
sys.exit(program.returncode)
"""
"""A process with a console of its own, which hears Ctrl-C with all that it has started, but does nothing."""


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere it is a signal: test_signals.py")
def test_ctrl_c(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_CONSOLE, str(report)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 130, done.stderr
    assert json.loads(report.read_text("utf-8"))["ended"] == "SIGINT"

"""Ctrl-C, SIGTERM and SIGHUP end a visit in order, whatever it is doing and whoever hangs; so do a killed X server and a window
that is killed or destroyed. The headset's states are in tests/headset/test_endings.py."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import LONGEST_S, STARTED, Ended, Program

from vrclient.interaction.recording import load_recording

OFFSCREEN = ("--display", "offscreen", "--frames", "1000000", "--size", "64x48", "--quality", "low")
WINDOW = ("minimal", "--display", "window", "--size", "160x90", "--no-sound")
SIGNALS = [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)]
GONE = "vrclient: the X server has gone, or has ended this window's connection"


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Also after a test that failed half-way. Ctrl-C reaches what is started, also from a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
    while STARTED:
        program = STARTED.pop()
        program.kill()
        program.communicate()


@pytest.mark.parametrize(("name", "status"), SIGNALS)
def test_frames(tmp_path: Path, name: str, status: int) -> None:
    program = Program(tmp_path, "minimal", *OFFSCREEN)
    program.says("display: offscreen")
    in_order(program.signal(signal.Signals[name]), name, status)


@pytest.mark.parametrize(("name", "status"), SIGNALS[1:])
def test_loading(tmp_path: Path, name: str, status: int) -> None:
    program = Program(tmp_path, "stress", *OFFSCREEN)
    program.loads()
    ended = program.signal(signal.Signals[name])
    in_order(ended, name, status)
    assert ended.report["display"] is None and ended.report["frames"] == 0


ASKED_EARLY = """
import os, signal, sys
from vrclient.app import evidence

sys.argv, looked = sys.argv[1:], evidence.refuse_unwritable
evidence.refuse_unwritable = lambda path: (looked(path), os.kill(os.getpid(), signal.SIGTERM))
from vrclient.__main__ import main

main()
"""


def test_while_it_sees_whether_its_files_can_be_written(tmp_path: Path) -> None:
    program = Program(tmp_path, "minimal", *OFFSCREEN, python=(sys.executable, "-c", ASKED_EARLY))
    in_order(program.end(set()), "SIGTERM", 143)


def test_a_portal_loading(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "showcase.yaml").write_text(
        "vrclient: 1\ntitle: {zh: 门, en: Gate}\norigin: {lon_deg: 121.5, lat_deg: 30.9}\nelements:\n"
        "  - {kind: terrain, size_m: [50, 50]}\n  - {kind: spawn, at: [0, -3]}\n"
        "  - {kind: portal, id: gate, title: {zh: 城, en: Town}, to: stress, at: [0, 0], heading_deg: 180}\n",
        "utf-8",
    )
    program = Program(tmp_path, str(tmp_path / "here"), *OFFSCREEN, "--panels")
    program.says("display: offscreen")
    program.until(lambda: any(tmp_path.glob("*.arrays")))
    assert program.children(), "nothing opens the other place"
    in_order(program.signal(signal.SIGTERM), "SIGTERM", 143)
    assert not any(tmp_path.glob("*.arrays"))


@pytest.fixture
def x_server() -> Iterator[tuple["subprocess.Popen[bytes]", dict[str, str]]]:
    """An X server that a test may kill, and the environment in which programs find it."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        display = f":{numbers.readline().strip()}"
    yield server, {**os.environ, "DISPLAY": display}
    server.kill()
    server.wait()


def test_a_window(tmp_path: Path, xvfb: dict[str, str]) -> None:
    program = Program(tmp_path, *WINDOW, environment=xvfb)
    program.says("display: window")
    in_order(program.signal(signal.SIGTERM), "SIGTERM", 143)


@pytest.mark.parametrize("seconds", [0.0, 3.0])
def test_the_x_server_goes(tmp_path: Path, seconds: float, x_server: tuple["subprocess.Popen[bytes]", dict[str, str]]) -> None:
    server, environment = x_server
    program = Program(tmp_path, *WINDOW, environment=environment)
    program.says("display: window")
    time.sleep(seconds)  # while it loads, or later
    server.kill()
    ended = program.end(set())
    assert (ended.status, ended.errors) == (3, [GONE])
    assert ended.report["ended"] == GONE.removeprefix("vrclient: ") and ended.recording.exists()


def test_the_x_server_hangs(tmp_path: Path, x_server: tuple["subprocess.Popen[bytes]", dict[str, str]]) -> None:
    server, environment = x_server
    program = Program(tmp_path, *WINDOW, environment=environment)
    program.says("display: window")
    time.sleep(0.3)
    server.send_signal(signal.SIGSTOP)
    time.sleep(0.3)  # it waits for the server
    ended = program.signal(signal.SIGTERM)
    assert (ended.status, ended.errors, ended.report["ended"]) == (143, [], "SIGTERM")
    assert ended.recording.exists()


def test_the_window_is_killed(tmp_path: Path, x_server: tuple["subprocess.Popen[bytes]", dict[str, str]]) -> None:
    _, environment = x_server
    program = Program(tmp_path, *WINDOW, environment=environment)
    program.says("display: window")
    to_the_window("windowkill", environment)  # XKillClient, as xkill does
    ended = program.end(set())
    assert (ended.status, ended.errors) == (3, [GONE])
    assert ended.report["ended"] == GONE.removeprefix("vrclient: ") and ended.recording.exists()


def test_the_window_is_destroyed(tmp_path: Path, x_server: tuple["subprocess.Popen[bytes]", dict[str, str]]) -> None:
    _, environment = x_server
    program = Program(tmp_path, *WINDOW, environment=environment)
    program.says("display: window")
    time.sleep(3.0)  # the place is seen
    to_the_window("windowclose", environment)  # XDestroyWindow
    in_order(program.end(set()), "left", 0)


def test_the_window_is_destroyed_early(tmp_path: Path, x_server: tuple["subprocess.Popen[bytes]", dict[str, str]]) -> None:
    _, environment = x_server
    program = Program(tmp_path, "stress", *WINDOW[1:], environment=environment)
    program.loads()
    to_the_window("windowclose", environment)  # while the showcase is loading
    ended = program.end(set())
    assert (ended.status, ended.errors, ended.report["ended"]) == (0, [], "left while the showcase was loading")
    assert ended.report["frames"] == 0


def to_the_window(command: str, environment: dict[str, str]) -> None:
    """Has xdotool do that with the window, once there is one."""
    end = time.monotonic() + LONGEST_S
    while not (found := subprocess.run(["xdotool", "search", "--name", "vrclient"], env=environment, capture_output=True).stdout):
        assert time.monotonic() < end, "there is no window"
        time.sleep(0.1)
    subprocess.run(["xdotool", command, found.split()[0]], env=environment, check=True)


def in_order(ended: Ended, name: str, status: int) -> None:
    """It has left what it should, and said no more than it should."""
    assert (ended.status, ended.errors) == (status, []), ended.out
    assert ended.report["ended"] == name
    frames = len(load_recording(ended.recording)) if ended.report["frames"] else 0
    assert frames == ended.report["frames"]
    assert ended.out[-1] == f"recorded: {frames} frames in {ended.recording}"


HANGS = """
import sys, time
from vrclient import ending
ending.listen()
try:
    with ending.writing(lambda why: print("written:", why, flush=True)), ending.noted():
        print("ready", flush=True)
        end = time.monotonic() + 60.0
        while time.monotonic() < end:
            time.sleep(0.1)
except ending.EndAsked:
    print("followed", flush=True)
"""
CLOSES_FOR_EVER = """
import sys, time
from vrclient import ending
ending.listen()
with ending.writing(lambda why: print("written:", why, file=sys.stderr)):
    print("ready", flush=True)
    ending.leave("left", status=7)
    time.sleep(600.0)
"""
IN_A_CALLBACK = """
import time
from vrclient import ending
ending.listen()
class Slow:
    def __del__(self):
        print("ready", flush=True)
        time.sleep(60.0)  # what is raised in here, Python drops
try:
    Slow()
    for _ in range(600):
        time.sleep(0.1)
except ending.EndAsked as asked:
    print("followed", asked, flush=True)
"""


def run(program: str, *numbers: int) -> tuple[int, list[str], str]:
    """Exit status and output of a program that gets these signals once it is ready."""
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.3)
    out, errors = process.communicate(timeout=LONGEST_S)
    return process.returncode, out.splitlines(), errors


def test_what_hangs_is_ended_all_the_same_once_it_is_written() -> None:
    assert run(HANGS, signal.SIGTERM) == (143, ["written: SIGTERM"], "")


def test_a_second_ctrl_c_ends_at_once() -> None:
    assert run(HANGS, signal.SIGINT, signal.SIGINT) == (130, [], "")


def test_a_second_hangup_does_not() -> None:
    assert run(HANGS, signal.SIGHUP, signal.SIGHUP) == (129, ["written: SIGHUP"], "")


def test_what_hangs_while_it_closes_is_ended_by_itself() -> None:
    assert run(CLOSES_FOR_EVER) == (7, [], "written: left\n")


def test_a_request_in_the_middle_of_a_callback_is_not_lost() -> None:
    assert run(IN_A_CALLBACK, signal.SIGTERM) == (0, ["followed SIGTERM"], "")


def test_what_the_starter_wants_ignored_is() -> None:
    ignoring = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{HANGS}"
    assert run(ignoring, signal.SIGHUP, signal.SIGTERM) == (143, ["written: SIGTERM"], "")

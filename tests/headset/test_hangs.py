"""A runtime that stops answering, in whatever call: the window shows the visit within two seconds, and the headset comes back by
itself. And whatever the runtime does, the program ends when it is told to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from capture import capture
from faults import Faults
from monado import MonadoService
from remote import RemoteClient
from test_faults import SOON, Watch, at_a_place_of_its_own, faulty, place
from validation import Validation
from visits import Visit, visiting
from watched import COMMAND

from vrclient.display.openxr import bounded_calls
from vrclient.display.states import State

ON_THE_GLASS_S = 2.0
"""Seconds from when the runtime stops to a picture of the window."""
CALLS = (
    "xrPollEvent", "xrWaitFrame", "xrSyncActions", "xrGetActionStateBoolean", "xrLocateSpace", "xrBeginFrame", "xrLocateViews",
    "xrAcquireSwapchainImage", "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrEndFrame",
)  # fmt: skip


@pytest.fixture
def faults(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    yield from faulty(monkeypatch)


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Watch:
    return Watch(caplog)


class Stop(threading.Thread):
    """Stops a process `after` seconds; `at`: when that was."""

    def __init__(self, process: int, *, after: float) -> None:
        super().__init__()
        self.at: float | None = None
        self._process, self._after = process, after
        self.start()

    def run(self) -> None:
        time.sleep(self._after)
        self.at = time.monotonic()
        os.kill(self._process, signal.SIGSTOP)


def until_in_the_window(visit: Visit) -> float:
    """Frames until one of the window is drawn and shown; the seconds it took."""
    start = time.monotonic()
    visit.frame()
    while visit.display.state is not State.RECOVERING or visit.display.locates_late:
        visit.frame()
    assert visit.display.acquire_target() is visit.display.window.acquire_target()
    return time.monotonic() - start


def test_whatever_call_hangs_the_window_goes_on(faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before, headset = place(visit), visit.display.headset
        for call in CALLS:
            watch.lines()
            answers = threading.Event()
            faults.hangs[call] = answers
            took = until_in_the_window(visit)
            assert took < ON_THE_GLASS_S, f"{call}: {took:.2f} s"
            visit.frames(3)
            assert place(visit) == pytest.approx(before, abs=1e-3), call
            assert visit.picture().std() > 20
            answers.set()
            assert visit.until_in_headset() < SOON
            assert visit.display.headset is headset, call
            assert f"has not answered for {bounded_calls.LONGEST_S:g} seconds" in watch.lines()[0]
            visit.frames(3)
            assert place(visit) == pytest.approx(before, abs=1e-3), call


def test_a_stopped_service_is_on_the_glass_in_time_ten_times(
    x_display: str, monado: MonadoService, remote: RemoteClient, watch: Watch
) -> None:
    """The real runtime, stopped at any moment of a frame."""
    service = int((monado.folder / "monado.pid").read_text())
    took = []
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        visit.frames(5)
        before = place(visit)
        for number in range(10):
            stop = Stop(service, after=0.11 * number / 10)
            try:
                while stop.at is None:
                    visit.frame()
                until_in_the_window(visit)
                took.append(time.monotonic() - stop.at)
                assert place(visit) == pytest.approx(before, abs=1e-3)
                visit.frames(2)
                assert capture(x_display).std() > 15, "the glass is black"
            finally:
                stop.join()
                os.kill(service, signal.SIGCONT)
            assert visit.until_in_headset() < SOON
            visit.frames(3)
    print(f"in the window after, s: {np.round(took, 2).tolist()}")
    assert max(took) < ON_THE_GLASS_S


OPENS = """
import os, sys
from faults import install
from visits import visiting
import threading
faults, environment = install()
os.environ.update(environment)
with visiting() as visit:
    faults.hangs[sys.argv[1]] = threading.Event()
    visit.until(lambda: sys.argv[1] not in faults.hangs, "the call", timeout=30.0)
    visit.frames(20)
    print(visit.display.state.value, flush=True)
print("closed")
"""


@pytest.mark.parametrize("call", ["xrCreateSession", "xrCreateReferenceSpace", "xrCreateSwapchain"])
def test_a_start_that_hangs_holds_no_frame_and_no_end(call: str, monado: MonadoService) -> None:
    here = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([*COMMAND, "-c", OPENS, call], env={**os.environ, **here}, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["flat", "closed"], done.stderr


def test_a_service_that_ends_in_order_leaves_one_line(monado: MonadoService, remote: RemoteClient, watch: Watch) -> None:
    """In the middle of frames, so in the middle of drawing, too."""
    with visiting() as visit:
        for number in range(5):
            visit.until_in_headset()
            visit.frames(3)
            watch.lines()
            ending = threading.Timer(0.02 * number, monado.stop)
            ending.start()
            visit.until(lambda: visit.display.state is State.RECOVERING, "the loss")
            (line,) = watch.lines()
            assert line.startswith("display: recovering (") and "makes no sense" not in line
            visit.frames(2)
            assert visit.picture().std() > 20
            ending.join()
            monado.start()
            remote.reconnect()

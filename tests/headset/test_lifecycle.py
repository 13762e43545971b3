"""A visit lives longer than any headset: the runtime dies, comes back, comes late, recentres, or shows another program."""

import gc
import os
import re
import subprocess
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from monado import MonadoService
from OpenGL import GL
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from test_faults import faulty
from usage import Usage, usage
from validation import Validation
from visits import Visit, visiting
from watched import COMMAND

from vrclient.app.frame import collector_frozen
from vrclient.display import search
from vrclient.display.openxr.runtime import HeadsetUnavailable, Runtime, open_runtime
from vrclient.display.openxr.session import XrSession
from vrclient.display.states import State
from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.geometry.frames import heading_and_pitch

ROUNDS, WARM = 20, 5
FALL_S, OURS_S, RETURN_S = 0.1, 0.02, 5.0
"""Seconds: a fall, and at most what is our own of each; what is our own of half of them; a return."""
PACING_S = 0.05
"""The service may hold a frame so long before it begins."""
STEPS = 2
"""So many times the software renderer may take another of its stores of 36 MiB for a frame's triangles: that is no leak."""


def kept(before: Usage) -> dict[str, int]:
    """What may differ a little."""
    return {name: getattr(before, name) for name in ("resident", "objects", "buffers")}


def spot(visit: Visit) -> tuple[float, float, float]:
    """Where the visitor is in the city: x and y, metres, and the heading, degrees."""
    head = visit.world_from_head()
    return (*head[:2, 3], float(np.degrees(heading_and_pitch(head[:3, 1])[0])))


def assert_same_spot(spots: list[tuple[float, float, float]], *, metres: float = 0.001, degrees: float = 0.1) -> None:
    moved = np.abs(np.subtract(spots, spots[0]))
    moved[:, 2] = np.minimum(moved[:, 2], 360.0 - moved[:, 2])
    assert (moved <= (metres, metres, degrees)).all(), spots


class Watched:
    """What the display told the frames."""

    def __init__(self, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inputs = InputSnapshot()
        self.jump = 0.0
        """Seconds: the most that a frame's time of display was away from the clock."""
        self.longest = 0.0
        """Seconds: the most that a frame counted as."""
        wait_display, poll, end = visit.display.wait_frame, visit.display.poll_inputs, visit.display.end_frame

        def wait_frame() -> FrameTiming:
            timing = wait_display()
            self.jump = max(self.jump, abs(timing.display_time - time.monotonic()))
            self.longest = max(self.longest, timing.elapsed)
            return timing

        def poll_inputs() -> InputSnapshot:
            self.inputs = poll()
            return self.inputs

        def end_frame() -> None:
            end()
            GL.glFinish()  # so that a frame is on the screen when it ends, and a software renderer heaps no frames up

        wait = XrSession.wait_frame

        def timed_wait(session: XrSession) -> Any:
            begun = time.monotonic()
            try:
                return wait(session)
            finally:
                self.waited.append((begun, time.monotonic()))

        self.waited: deque[tuple[float, float]] = deque(maxlen=50)
        """When each of the last xrWaitFrame began and ended."""
        monkeypatch.setattr(XrSession, "wait_frame", timed_wait)
        monkeypatch.setattr(visit.display, "end_frame", end_frame)
        monkeypatch.setattr(visit.display, "wait_frame", wait_frame)
        monkeypatch.setattr(visit.display, "poll_inputs", poll_inputs)


def drawing_seconds(visit: Visit) -> float:
    """What the renderer took of the last frame."""
    stages = visit.session.clock.milliseconds(skip=visit.session.clock.frames - 1)
    return (stages["draw"]["max"] + stages["present"]["max"]) / 1000.0


def fall(visit: Visit, monado: MonadoService, watched: Watched, *, after: float) -> tuple[float, float, float]:
    """Kills the service `after` seconds from now, somewhere in a frame. Seconds from then to a frame that was drawn for the
    window and shown there; those of them in which the (software) renderer drew; and those in which the runtime's own library
    had not noticed yet: it sleeps in xrWaitFrame until the frame that it has promised."""
    killed: list[float] = []
    timer = threading.Timer(after, lambda: (killed.append(time.monotonic()), monado.kill()))
    timer.start()
    drawing = 0.0
    deadline = time.monotonic() + 10.0
    while True:
        visit.frame()
        now = time.monotonic()
        if killed:
            drawing += min(drawing_seconds(visit), now - killed[0])
            if not visit.display.locates_late:
                break
        assert now < deadline, "the window does not take over"
    timer.join()
    assert visit.display.state is State.RECOVERING
    slept = sum(max(0.0, ended - max(killed[0], begun)) for begun, ended in watched.waited)
    return now - killed[0], drawing, slept


def come_back(visit: Visit, monado: MonadoService) -> float:
    """Starts the service while frames go on. Seconds from its being ready to a headset with the focus."""
    ready: list[float] = []
    starting = threading.Thread(target=lambda: (monado.start(), ready.append(time.monotonic())))
    starting.start()
    visit.until(lambda: bool(ready) or not starting.is_alive(), "the service", timeout=20.0)
    starting.join()
    visit.until_in_headset(timeout=RETURN_S)
    return time.monotonic() - ready[0]


def test_a_runtime_that_dies_twenty_times(monado: MonadoService, remote: RemoteClient, monkeypatch: pytest.MonkeyPatch) -> None:
    falls, returns, used = [], [], list[Usage]()
    with visiting() as visit, collector_frozen():
        watched = Watched(visit, monkeypatch)
        visit.session.recorder = None  # it keeps what it sees
        visit.until_in_headset()
        moment, chosen = visit.session.place.moment, visit.session.visit
        visit.frames(10)
        for number in range(ROUNDS):
            height = 1.5 + 0.01 * number
            pose = looking((0.1 * number, height, -0.3), yaw=0.3 * number)
            remote.send(RemoteState(head=HeadState(pose)))
            visit.until(lambda wanted=height: abs(visit.world_from_head()[2, 3] - wanted) < 1e-3, "the head to move")
            visit.frames(2)
            spots = [spot(visit)]
            falls.append(fall(visit, monado, watched, after=0.06 * number / ROUNDS))
            spots.append(spot(visit))
            visit.frames(60 if number < WARM else 10)  # by then the software renderer's own stores have grown to their size
            spots.append(spot(visit))
            returns.append(come_back(visit, monado))
            visit.frames(5)
            spots.append(spot(visit))
            assert_same_spot(spots)
            assert (visit.session.place.moment, visit.session.visit) == (moment, chosen)
            remote.reconnect()
            if number + 1 >= WARM:
                visit.display.context.make_current()
                used.append(usage())
    whole, drawing, slept = np.transpose(falls)
    ours = whole - drawing - slept
    for name, part in {"falls": whole, "drawing": drawing, "the runtime asleep": slept, "the rest": ours}.items():
        print(f"{name}, ms: {np.round(part * 1000).tolist()}")
    print(f"returns, s: {np.round(returns, 2).tolist()}; {used[0]} to {used[-1]}")
    print(f"times of display within {watched.jump * 1000:.0f} ms of the clock; longest frame {watched.longest:.2f} s")
    assert np.median(whole) < FALL_S
    assert (whole - drawing).max() < FALL_S + PACING_S
    assert ours.max() < FALL_S
    assert np.median(ours) < OURS_S
    assert max(returns) < RETURN_S
    assert watched.jump < 0.2 and watched.longest <= 0.25
    before, after = used[0], used[-1]
    growth = sorted(np.diff([one.resident for one in used]))
    assert sum(growth[:-STEPS]) < 8e6, growth
    assert after.objects - before.objects < 1000, used
    assert after.buffers - before.buffers < 10, used
    assert replace(after, **kept(before)) == before, used


def test_frames_leave_nothing_behind(remote: RemoteClient) -> None:
    """While frames run nothing collects circles of objects, so a frame in the headset must leave none."""
    with visiting() as visit:
        visit.until_in_headset()
        visit.frames(10)
        visit.session.recorder = None  # it keeps what it sees
        with collector_frozen():
            visit.frames(50)
            assert gc.collect() < 50


@pytest.mark.parametrize("missing", ["runtime", "service"])
def test_a_runtime_that_comes_late(missing: str, monado: MonadoService, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found within five seconds, and looking for it holds no frame up, even if it asks twenty times as often."""
    manifest = monado.environment()["XR_RUNTIME_JSON"]
    if missing == "runtime":
        monkeypatch.setenv("XR_RUNTIME_JSON", "/nowhere/openxr.json")
        why = "XR_RUNTIME_JSON names /nowhere/openxr.json, which does not exist"
    else:
        monado.kill()
        why = "the OpenXR runtime Monado is installed, but its service does not answer; start monado-service"
    asking = threading.Event()
    asked = 0

    def now_and_then() -> Runtime:
        nonlocal asked
        if not asking.is_set():
            raise HeadsetUnavailable("")
        asked += 1
        return open_runtime()

    with visiting(at_start=False) as visit, collector_frozen():
        visit.frames(30)
        assert visit.display.state is State.FLAT and visit.display.why_flat.startswith(why)
        with monkeypatch.context() as hurried:
            hurried.setattr(search, "open_runtime", now_and_then)
            hurried.setattr(search, "AGAIN_S", 0.05)
            parts = zip(*(half_seconds(visit, asking) for _ in range(5)), strict=True)
            with_, without = (np.concatenate(part) for part in parts)
        asking.set()
        assert asked > 30
        if missing == "runtime":
            monkeypatch.setenv("XR_RUNTIME_JSON", manifest)
            ready = time.monotonic()
            visit.until_in_headset(timeout=RETURN_S)
            found = time.monotonic() - ready
        else:
            found = come_back(visit, monado)
    each = (with_.mean() - without.mean()) * len(with_) / asked
    print(
        f"{asked} questions; frames with them (median, p90, ms) {ms(with_)}, without {ms(without)};"
        f" each costs {each * 1000:.2f} ms; found in {found:.2f} s"
    )
    assert np.subtract(ms(with_), ms(without)).max() < 20.0
    assert found < RETURN_S


def half_seconds(visit: Visit, asking: threading.Event) -> tuple[list[float], list[float]]:
    """Seconds from frame to frame for half a second in which the search asks, and one in which it does not."""
    lengths: tuple[list[float], list[float]] = ([], [])
    for part, on in zip(lengths, (True, False), strict=True):
        (asking.set if on else asking.clear)()
        visit.frame()
        start = before = time.monotonic()
        while before - start < 0.5:
            visit.frame()
            part.append(time.monotonic() - before)
            before += part[-1]
    return lengths


def ms(seconds: np.ndarray) -> tuple[float, float]:
    """Median and the one of ten, in milliseconds."""
    return (round(float(np.median(seconds)) * 1000, 1), round(float(np.percentile(seconds, 90)) * 1000, 1))


def test_controllers_go_and_come(remote: RemoteClient, monkeypatch: pytest.MonkeyPatch) -> None:
    off = ControllerState(active=False)
    with visiting() as visit:
        watched = Watched(visit, monkeypatch)
        visit.until_in_headset()

        def held() -> list[bool]:
            return [hand.aim is not None and hand.grip is not None for hand in watched.inputs.hands]

        def gone() -> list[bool]:
            return [hand.aim is None and hand.grip is None for hand in watched.inputs.hands]

        headset = visit.display.headset
        assert headset is not None
        visit.until(lambda: held() == [True, True], "two controllers")
        visit.until(lambda: headset.controllers.description == "Valve Index controllers", "their name")
        visit.frames(2)
        assert {hand.profile for hand in watched.inputs.hands} == {"/interaction_profiles/valve/index_controller"}
        remote.send(RemoteState(left=off, right=off))
        visit.until(lambda: gone() == [True, True], "both to go")
        remote.send(RemoteState(left=off))
        visit.until(lambda: (held(), gone()) == ([False, True], [True, False]), "the right one to come")
        remote.send(RemoteState())
        visit.until(lambda: held() == [True, True], "both to come")
        assert visit.display.state is State.HEADSET and watched.inputs.attentive


EVERY_SPACE = (1, 2, 3, 1000426000)
"""VIEW, LOCAL, STAGE and LOCAL_FLOOR."""


@pytest.mark.parametrize("spaces", [EVERY_SPACE, (1, 2)], ids=["local floor", "local alone"])
def test_a_recentre_brings_back_who_has_walked_and_turned_away(
    spaces: tuple[int, ...],
    monado: MonadoService,
    remote: RemoteClient,
    validation: Validation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the headset's own button: they stand and look as when they were last put somewhere; nothing jumps but in the dark."""
    faults = next(faulty(monkeypatch))
    faults.spaces = spaces
    with visiting() as visit:
        watched = Watched(visit, monkeypatch)
        visit.until_in_headset()
        visit.frames(3)
        start = spot(visit)
        remote.send(RemoteState(head=HeadState(looking((1.0, 1.7, 2.0), yaw=np.pi / 2))))
        visit.until(lambda: bool(np.hypot(*np.subtract(spot(visit), start)[:2]) > 1.0), "the head to move")
        head = visit.session.visit.head
        assert head is not None and np.hypot(*head[:2, 3]) > 1.0
        recentre = threading.Thread(target=monado.control, args=("-c",))
        recentre.start()
        away, told = spot(visit), 0

        def back() -> bool:
            nonlocal told
            told += watched.inputs.origin_moved
            here = spot(visit)
            there = bool(np.hypot(*np.subtract(here, start)[:2]) < 0.01)
            assert_same_spot([start if there else away, here], metres=0.01, degrees=0.5)  # nowhere in between
            return there and visit.session.visit.aids.blink == 0.0

        visit.until(back, "the way back")
        recentre.join()
        assert 1 <= told <= 2  # the service tells it of LOCAL and of LOCAL_FLOOR
        head = visit.session.visit.head
        assert head is not None and np.hypot(*head[:2, 3]) < 0.01, "tracked from there"


def test_a_stage_that_does_not_move_is_recentred_all_the_same(
    monado: MonadoService, remote: RemoteClient, validation: Validation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runtime with a stage alone: its button moves LOCAL, which we do not stand on, but whoever holds it wants the same."""
    faults = next(faulty(monkeypatch))
    faults.spaces = (1, 2, 3)
    with visiting() as visit:
        visit.until_in_headset()
        assert visit.display.headset is not None and visit.display.headset.floor_name == "stage"
        visit.frames(3)
        start = spot(visit)
        remote.send(RemoteState(head=HeadState(looking((1.0, 1.7, 2.0), yaw=np.pi / 2))))
        visit.until(lambda: bool(np.hypot(*np.subtract(spot(visit), start)[:2]) > 1.0), "the head to move")
        recentre = threading.Thread(target=monado.control, args=("-c",))
        recentre.start()
        visit.until(lambda: bool(np.hypot(*np.subtract(spot(visit), start)[:2]) < 0.01), "the way back")
        recentre.join()
        assert_same_spot([start, spot(visit)], metres=0.01, degrees=0.5)


SECOND = (
    "from visits import visiting\nwith visiting() as visit:\n    while True:\n        visit.frames(1)\n        watch.write()\n"
)


def clients(monado: MonadoService) -> list[int]:
    """Those that show pictures, by the numbers that the service gives them."""
    return [int(one) for one in re.findall(r"id: (\d+)\tact: 1", monado.control())]


def test_another_program_comes_in_front(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service tells the one behind that nobody sees it: its window goes on, from the same spot."""
    with visiting() as visit:
        watched = Watched(visit, monkeypatch)
        visit.until_in_headset()
        visit.frames(5)
        (first,) = clients(monado)
        headset, moment, spots = visit.display.headset, visit.session.place.moment, [spot(visit)]

        def behind() -> bool:
            spots.append(spot(visit))
            return visit.display.state is State.STARTING

        def in_front() -> bool:
            spots.append(spot(visit))
            return visit.in_headset and [hand.grip is not None for hand in watched.inputs.hands] == [True, True]

        second = subprocess.Popen([*COMMAND, "-c", SECOND], env=_environment())
        try:
            visit.until(behind, "the second program", timeout=30.0)
            visit.frames(5)
            assert watched.inputs.head is None and not any(hand.profile or hand.grip is not None for hand in watched.inputs.hands)
            assert not visit.display.locates_late
            (other,) = set(clients(monado)) - {first}
            for _ in range(2):
                monado.control("-p", str(first))
                visit.until(in_front, "the first program in front")
                monado.control("-p", str(other))
                visit.until(behind, "the second program in front")
        finally:
            second.kill()
            second.wait()
        visit.until(in_front, "the second program's end")
        assert validation.instances() == 2
        assert visit.display.headset is headset and visit.session.place.moment == moment
        assert_same_spot(spots)


def _environment() -> dict[str, str]:
    """For a second client, with the tests' own modules."""
    folders = [Path(__file__).parents[2], Path(__file__).parents[1] / "renderer"]
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))}

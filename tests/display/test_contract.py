"""Every display keeps the contract (display/backend.py), law by law (display_contract.py). The real headset is held against the
same laws in tests/headset, the real window in a process of its own (contract_in_window.py)."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from display_contract import COLOR, LAWS, Held, Law, draw_with_engine
from fake_headset import FakeRuntime, Stand
from stub_display import Order, StubDisplay, mind

import vrclient
from vrclient.app.assembly import open_session
from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.opening import open_showcase
from vrclient.app.settings import quality_settings
from vrclient.bench.crossings import PacedDisplay
from vrclient.bench.random_visitor import VisitorDisplay
from vrclient.bench.walk import head_views, straight_walk
from vrclient.display.backend import Display
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.display.replay import ReplayDisplay
from vrclient.display.scripted import ScriptedDisplay
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.interaction.recording import Recorder, Recording
from vrclient.showcase.find import find_showcase

SIZE = (64, 36)
EYES = head_views((32, 36), fov=1.5, views=2)
WALK = straight_walk((0.0, 0.0, 1.7), (0.0, 0.0, 1.7), turn=0.0, frames=3)


def by_hand(display: StubDisplay) -> Held:
    """One whose window is a value."""

    def draw(_: object) -> None:
        display.acquire_target().color = COLOR

    return Held(
        display,
        draw=draw,
        window=True,
        resize=display.resize,
        ask_to_close=lambda: display.heard.append(InputSnapshot(close_requested=True)),
        press=lambda name: display.heard.append(InputSnapshot(pressed=frozenset({name}))),
    )


def stub() -> Held:
    return by_hand(StubDisplay(SIZE))


def offscreen() -> Held:
    display = OffscreenDisplay(SIZE, samples=1)
    return Held(display, draw=draw_with_engine(display))


def scripted() -> Held:
    display = ScriptedDisplay(WALK, EYES, samples=1)
    return Held(display, draw=draw_with_engine(display), head="script")


def recorded(stand: Stand) -> Recording:
    """A second of a visit there."""
    recorder = Recorder()
    for _ in range(60):
        frame = stand.frame()
        recorder.add(frame.inputs, frame.timing.elapsed)
        if frame.inputs.head is not None:
            recorder.see(frame.views, frame.inputs.head)
    return recorder.recording()


def replay_of_a_window() -> Held:
    shown_on = StubDisplay(SIZE)
    held = by_hand(shown_on)
    held.display = ReplayDisplay(recorded(Stand()), shown_on)
    return held


def replay_of_a_headset() -> Held:
    stand = Stand()
    stand.found()
    stand.as_it_opens = lambda opening: setattr(opening.session, "state", "focused")
    shown_on = OffscreenDisplay(SIZE, samples=1)
    return Held(ReplayDisplay(recorded(stand), shown_on), draw=draw_with_engine(shown_on), head="eyes")


def no_headset() -> Held:
    stand = Stand()
    held = by_hand(stand.window)
    held.display = stand.display
    return held


def headset() -> Held:
    """Worn from the first frame on."""
    stand = Stand(at_start=FakeRuntime())
    stand.as_it_opens = lambda opening: setattr(opening.session, "state", "focused")
    held = by_hand(stand.window)
    held.display, held.head, held.resize = stand.display, "own", None
    held.draw = lambda _: setattr(stand.display.acquire_target(), "color", COLOR)
    return held


def headset_that_is_asleep() -> Held:
    stand = Stand()
    stand.found()
    stand.as_it_opens = lambda opening: setattr(opening.session, "state", "synchronized")
    held = by_hand(stand.window)
    held.display = stand.display
    return held


def paced() -> Held:
    display = PacedDisplay(EYES, samples=1, rate=500.0)
    return Held(display, draw=draw_with_engine(display), head="eyes", names=("paced",))


def visitor() -> Held:
    display = VisitorDisplay(SIZE, samples=1)
    return Held(
        display,
        draw=draw_with_engine(display),
        press=lambda name: setattr(display, "typed", frozenset({name})),
        names=("visitor",),
    )


DISPLAYS: tuple[Callable[[], Held], ...] = (
    stub, offscreen, scripted, replay_of_a_window, replay_of_a_headset, no_headset, headset, headset_that_is_asleep,
    paced, visitor,
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def frames_run() -> Iterator[None]:
    """What is loaded is not looked through whenever a headset is opened."""
    with collector_frozen():
        yield


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: display.__name__)
def test_the_contract(display: Callable[[], Held], law: Law) -> None:
    held = display()
    mind(held.display)
    try:
        law(held)
    finally:
        held.display.close()


@pytest.fixture(scope="module")
def in_window(xvfb: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What each law had to say, for each display that has a real window; "" where it is kept."""
    folder = tmp_path_factory.mktemp("window")
    path = [Path(__file__).parent, Path(__file__).parents[1]]
    environment = {**xvfb, "PYTHONPATH": os.pathsep.join(map(str, path))}
    program = [sys.executable, str(Path(__file__).with_name("contract_in_window.py")), str(folder / "said.json")]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, dict[str, str]] = json.loads((folder / "said.json").read_text("utf-8"))
    return said


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("display", ["window", "no_headset", "headset"])
def test_the_contract_on_the_glass(display: str, law: Law, in_window: dict[str, dict[str, str]]) -> None:
    assert in_window[display][law.__name__] == ""


def test_no_display_is_forgotten() -> None:
    """Each class of the package that is a display is held against the contract, here or on the glass."""
    for found in pkgutil.walk_packages(vrclient.__path__, "vrclient."):
        if found.name.startswith(("vrclient.display", "vrclient.bench")):
            importlib.import_module(found.name)
    ours = {one.__name__.removesuffix("Display") for one in kinds(Display) if one.__module__.startswith("vrclient.")}
    assert ours == {"Offscreen", "Scripted", "Replay", "Headset", "Window", "Paced", "Visitor"}


def kinds(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from kinds(one)


class Seldom(OffscreenDisplay):
    """Every other frame is one that nobody would see."""

    frames = 0

    def wait_frame(self) -> FrameTiming:
        self.frames += 1
        return FrameTiming(0.1 * self.frames, 0.1, 0.1, should_render=self.frames % 2 == 0)


def test_frames_ask_in_the_contracts_order() -> None:
    display = Seldom(SIZE, samples=1)
    order = mind(display)
    session = open_session(open_showcase(find_showcase("minimal")), display, quality_settings("low"))
    try:
        order.asked.clear()
        for _ in range(4):
            one_frame(session)
    finally:
        session.close()
    unseen = ["wait_frame", "poll_inputs", "show_title", "end_frame"]
    seen = ["wait_frame", "poll_inputs", "show_title", "locate_views", "views_to_cull", "acquire_target", "end_frame"]
    assert order.asked == [*unseen, *seen, *unseen, *seen, "close"]


@pytest.mark.parametrize(
    ("calls", "why"),
    [
        (["wait_frame", "wait_frame"], "wait_frame before the frame has ended (waited)"),
        (["poll_inputs", "locate_views"], "locate_views after between"),
        (["wait_frame", "end_frame"], "end_frame after waited"),
        (["wait_frame", "poll_inputs", "acquire_target"], "acquire_target after heard"),
        (["wait_frame", "poll_inputs", "end_frame", "set_samples"], "set_samples after the first frame has begun"),
        (["close", "wait_frame"], "wait_frame of a display that is closed"),
    ],
)
def test_an_order_that_is_not_the_contracts_is_noticed(calls: list[str], why: str) -> None:
    order = Order()
    with pytest.raises(AssertionError) as error:
        for call in calls:
            order.came(call, late=False)
    assert str(error.value).startswith(why) and order.asked == calls


def test_the_stub_tells_what_it_was_asked() -> None:
    display = StubDisplay(SIZE)
    display.heard.extend([InputSnapshot(pressed=frozenset({"f3"})), NOTHING])
    assert [display.poll_inputs().pressed for _ in range(3)] == [{"f3"}, frozenset(), frozenset()]
    display.show_title("a title")
    display.vibrate(1, seconds=0.1, amplitude=0.5)
    assert (display.shown, display.felt) == (["a title"], [(1, 0.1, 0.5)])
    assert np.array_equal(display.acquire_target().read(), np.zeros((*SIZE[::-1], 3), np.uint8))

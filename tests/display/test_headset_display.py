"""The window with a headset beside it: what is said of it, who is there, and how it ends. Which state follows from what is in
test_headset_states.py; the headset is fake_headset.py's."""

import numpy as np
import pytest
from fake_headset import FakeRuntime, Stand
from headset_events import EVENTS, LOST, SITUATIONS, find, flat, headset

from vrclient.display.finding import FIRST_OPENING_S
from vrclient.display.states import State
from vrclient.interaction.presence import STILL_SECONDS


def test_a_headset_that_was_there_at_the_start_has_the_first_frame() -> None:
    """As --display headset has it, or auto: the window does not flash up first."""
    stand = Stand(at_start=FakeRuntime())
    stand.as_it_opens = lambda opening: setattr(opening.session, "state", "focused")
    assert (stand.frame().shown, stand.display.name, stand.search.waits) == ("eyes", "headset", [])
    assert stand.openings[0].patience == [FIRST_OPENING_S]


def test_one_that_takes_long_to_open_at_the_start_is_not_waited_for_again() -> None:
    stand = Stand(at_start=FakeRuntime())
    stand.as_it_opens = lambda opening: setattr(opening, "answer", None)
    assert [frame.shown for frame in stand.frames(3)] == ["window"] * 3
    assert stand.openings[0].patience == [FIRST_OPENING_S, 0.0, 0.0]
    stand.openings[0].answer = stand.headset
    stand.headset.state = "focused"
    assert stand.frame().shown == "eyes"


WORDS = {
    "one is found that is worn": "headset (Sample HMD (Sample 1.0))",
    "one is found, and its session refused": "recovering (the headset is in use by another program; close the other VR programs)",
    "one is found, and no GL context for it": "recovering (the graphics driver offers no second OpenGL context)",
    "one is found, and opening for too long": "recovering (the OpenXR runtime Sample has not answered for 10 seconds; "
    "restart the headset's software, then the headset)",
}
SAID = {
    "session synchronized": "starting (the headset has been taken off or is asleep; the window goes on)",
    "loss pending": "recovering (the headset is disconnecting)",
    "lost as the frame ends": "recovering (the headset's session has ended: it was unplugged, or its software stopped; "
    "start the headset's software)",
    "silent in the middle of drawing": "recovering (the OpenXR runtime Sample has not answered for 1 seconds; "
    "restart the headset's software, then the headset)",
    "an answer that makes no sense": "recovering (the headset's runtime gives an answer that makes no sense (ValueError: "
    "view_from_world must hold finite numbers); restart it)",
    "the graphics driver refuses": "recovering (the graphics driver refuses the headset's pictures: no more memory)",
}


@pytest.mark.parametrize(("situation", "event"), [*(("flat", one) for one in WORDS), *(("headset", one) for one in SAID)])
def test_each_change_is_one_line_with_its_reason(situation: str, event: str, caplog: pytest.LogCaptureFixture) -> None:
    stand = SITUATIONS[situation]()
    caplog.set_level("INFO", "vrclient")
    caplog.clear()
    EVENTS[event](stand)
    stand.frame()
    lines = [line for line in caplog.messages if line.startswith("display: ")]
    assert lines[-1] == f"display: {(WORDS | SAID)[event]}"
    assert len(lines) == 1 + (event == "one is found that is worn")  # and that it starts
    why, state = lines[-1].split("(", 1)[1][:-1], stand.display.state
    assert stand.display.figures()["changes"][-1]["reason"] == why
    assert (stand.display.why_flat == why) == (state is State.RECOVERING)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_staff_and_the_report_are_told_where_it_is(situation: str) -> None:
    stand = SITUATIONS[situation]()
    stand.search.reason = stand.search.reason or "no OpenXR runtime"
    lines, figures = stand.display.status_lines(), stand.display.figures()
    told = {"flat": "flat", "starting": "starting", "headset": "headset", "silent": "recovering", "lost": "recovering"}[situation]
    assert told in lines[0] and figures["state"] == told
    assert figures["runtime"] == ("" if situation == "flat" else "Sample 1.0")
    assert bool(figures["why_none"]) == (situation in ("flat", "lost"))
    assert figures["frames"] == sum(opening.session.frames for opening in stand.openings)


def test_a_session_that_comes_back_is_the_same_time_and_place() -> None:
    """A runtime's clock may begin anew with every session."""
    stand = headset()
    stand.clock.pass_by(5.0)
    before = stand.frame().timing.display_time
    EVENTS["loss pending"](stand)
    stand.frames(2)
    find("focused")(stand)
    after = stand.frames(2)[-1]
    assert after.shown == "eyes" and 0.0 < after.timing.display_time - before < 1.0


def test_a_headset_on_the_table_is_worn_by_nobody() -> None:
    stand = headset()
    for _ in range(int(STILL_SECONDS) + 2):
        stand.clock.pass_by(1.0)
        frame = stand.frame()
    assert (frame.shown, frame.inputs.attentive) == ("eyes", False)
    lifted = np.eye(4)
    lifted[:3, 3] = (0.1, 0.0, 1.8)
    stand.headset.head = lifted
    assert stand.frame().inputs.attentive
    EVENTS["session synchronized"](stand)
    stand.frame()
    EVENTS["session focused"](stand)
    assert stand.frame().inputs.attentive, "whoever puts it on is taken to be awake"


def test_a_controller_is_felt_while_its_inputs_are_ours() -> None:
    stand = headset()
    for state in ("focused", "visible", "synchronized"):
        stand.headset.state = state
        stand.display.wait_frame()
        stand.display.poll_inputs()
        stand.display.vibrate(1, seconds=0.1, amplitude=0.5)
        stand.display.end_frame()
    assert stand.headset.felt == [(1, 0.1, 0.5)] and stand.window.felt == []
    stand.headset.state, stand.headset.fails = "focused", {"vibrate": LOST}
    stand.display.wait_frame()
    stand.display.poll_inputs()
    stand.display.vibrate(0, seconds=0.1, amplitude=0.5)
    stand.display.end_frame()
    assert stand.display.state is State.RECOVERING


def test_the_window_mirrors_an_eye_now_and_then_and_nothing_else_while_it_is_worn() -> None:
    stand = headset()
    shown = []
    for _ in range(18):
        frames = stand.window.frames
        stand.frame()
        shown.append(stand.window.frames - frames)
        assert stand.window.mirrors
    assert 5 <= shown.count(1) <= 6, "30 of 90 a second"
    EVENTS["loss pending"](stand)
    stand.frame()
    assert not stand.window.mirrors and stand.window.is_shown


@pytest.mark.parametrize("situation", ["starting", "headset", "silent"])
@pytest.mark.parametrize("left", ["the session", "the process"])
def test_a_runtime_that_does_not_end_has_the_process_left(situation: str, left: str) -> None:
    stand = SITUATIONS[situation]()
    assert stand.display.exits
    if left == "the session":
        stand.headset.closes = False
    else:
        EVENTS["loss pending"](stand)
        stand.frame()
        stand.as_it_opens = lambda opening: None
        stand.found(exits=False)
        stand.frames(2)
    stand.display.close()
    assert not stand.display.exits


def test_what_is_still_opening_is_given_up_at_the_end() -> None:
    stand = flat()
    EVENTS["one is found, and its session opening"](stand)
    stand.openings[0].closes = False
    stand.display.close()
    assert (stand.openings[0].closed, stand.display.exits, stand.window.closed) == (1, False, 1)

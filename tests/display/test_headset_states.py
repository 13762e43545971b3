"""What the display does of whatever happens to a headset, as tables: every state, every event. No runtime, no graphics card and
no waiting: fake_headset.py says what a runtime would.

A cell of WITHOUT_SESSION and WITH_SESSION is what the frame comes to in which the event happens: the state after it, and

    window, eyes    what it was drawn for
    moved           the head's pose means something else from this frame on: the visitor is carried over
    away            a headset that nobody wears, or whose wearer's inputs are not ours: the visit waits
    leave           the display asks to be closed
    free, held      the headset sets the pace from now on; the window waits for the screen again, and did not
    back N          a headset that was found is given back, and looked for again in N seconds
    gone            the session is given back, the window waits for the screen, and a headset is looked for in half a second"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import xr  # noqa: TID251
from fake_headset import FakeOpening, FakeRuntime, Frame, Stand
from hypothesis import given
from hypothesis import strategies as st

from vrclient.app.frame import collector_frozen
from vrclient.display.finding import FIRST_OPENING_S, LONGEST_OPENING_S
from vrclient.display.openxr.beside import Overdue
from vrclient.display.openxr.runtime import HeadsetUnavailable
from vrclient.display.openxr.session import News
from vrclient.display.states import Act, Event, State, follow
from vrclient.display.supervisor import AFTER_LOSS_S
from vrclient.frame.inputs import InputSnapshot
from vrclient.interaction.presence import STILL_SECONDS
from vrclient.renderer.context import GraphicsUnavailable

RULES = """
         | flat                        | starting                    | headset               | recovering
OPENED   | starting                    | starting                    | starting              | starting
REFUSED  | recovering                  | recovering                  | recovering            | recovering
SEEN     | headset, GREET, FREE_WINDOW | headset, GREET, FREE_WINDOW | headset               | headset, GREET, FREE_WINDOW
UNSEEN   | starting                    | starting                    | starting, HOLD_WINDOW | starting
SILENT   | recovering                  | recovering                  | recovering, HOLD_WINDOW | recovering
LOST     | recovering, CLOSE, HOLD_WINDOW, ASK | recovering, CLOSE, HOLD_WINDOW, ASK | recovering, CLOSE, HOLD_WINDOW, ASK | recovering, CLOSE, HOLD_WINDOW, ASK
"""  # noqa: E501

WITHOUT_SESSION = """
what happens                            | flat                      | lost
nothing                                 | flat window               | recovering window
no headset is there                     | flat window               | recovering window
the window's cross is clicked           | flat window leave         | recovering window leave
one is found, and no GL context for it  | recovering window back 4  | recovering window back 4
one is found, and its session refused   | recovering window back 4  | recovering window back 4
one is found, and its session opening   | flat window               | recovering window
one is found, and opening for too long  | recovering window         | recovering window
one is found, whose session is idle     | starting window           | starting window
one is found that is worn               | headset eyes moved free   | headset eyes moved free
"""

WITH_SESSION = """
what happens                    | starting                     | headset                      | silent
nothing                         | starting window              | headset eyes                 | recovering window
the window's cross is clicked   | starting window leave        | headset eyes leave           | recovering window leave
a second headset is found       | starting window              | headset eyes                 | recovering window
session idle                    | starting window              | starting window moved held   | starting window
session ready                   | starting window              | starting window moved held   | starting window
session synchronized            | starting window              | starting window moved held   | starting window
session visible                 | headset eyes moved away free | headset eyes away            | headset eyes moved away free
session focused                 | headset eyes moved free      | headset eyes                 | headset eyes moved free
session stopping                | starting window              | starting window moved held   | starting window
session exiting                 | starting window leave        | starting window moved leave held | starting window leave
nobody wears it                 | headset eyes moved away free | headset eyes away            | headset eyes moved away free
recentred                       | headset eyes moved free      | headset eyes moved           | headset eyes moved free
the head was never tracked      | headset window free          | headset window moved         | headset window free
the eyes cannot be told         | headset window moved free    | headset window               | headset window moved free
loss pending                    | recovering window gone       | recovering window moved gone | recovering window gone
the instance is lost            | recovering window gone       | recovering window moved gone | recovering window gone
the runtime has gone            | recovering window gone       | recovering window moved gone | recovering window gone
lost as inputs are read         | recovering window gone       | recovering window moved gone | recovering window gone
lost as the eyes are located    | recovering window moved gone | recovering window gone       | recovering window moved gone
lost in the middle of drawing   | recovering eyes moved gone   | recovering eyes gone         | recovering eyes moved gone
lost as the frame ends          | recovering eyes moved gone   | recovering eyes gone         | recovering eyes moved gone
an answer that makes no sense   | recovering window gone       | recovering window moved gone | recovering window gone
the graphics driver refuses     | recovering eyes moved gone   | recovering eyes gone         | recovering eyes moved gone
silent before the frame         | recovering window            | recovering window moved held | recovering window
silent as inputs are read       | recovering window            | recovering window moved held | recovering window
silent as the eyes are located  | recovering window moved      | recovering window held       | recovering window moved
silent in the middle of drawing | recovering eyes moved        | recovering eyes held         | recovering eyes moved
silent as the frame ends        | recovering eyes moved        | recovering eyes held         | recovering eyes moved
"""


@pytest.fixture(autouse=True, scope="module")
def frames_run() -> Iterator[None]:
    """What is loaded is not looked through at each opening."""
    with collector_frozen():
        yield


def flat() -> Stand:
    """A window without a headset."""
    stand = Stand()
    stand.frames(2)
    return stand


def starting() -> Stand:
    """Beside a session that has frames, but is not seen."""
    return opened("synchronized")


def headset() -> Stand:
    """Somebody wears it."""
    return opened("focused")


def silent() -> Stand:
    """It was worn, and does not answer; its session stays open."""
    stand = headset()
    stand.headset.fails["advance"] = Overdue()
    stand.frames(2)
    return stand


def lost() -> Stand:
    """It was worn, and there is no session any more."""
    stand = headset()
    stand.headset.news = News(lost="the headset is going away")
    stand.frames(2)
    return stand


def opened(state: str) -> Stand:
    stand = Stand()
    find(state)(stand)
    stand.frames(3)
    return stand


SITUATIONS = {made.__name__: made for made in (flat, starting, headset, silent, lost)}
Happens = Callable[[Stand], None]


def find(state: str) -> Happens:
    """One that is in this state as soon as it is open."""

    def happens(stand: Stand) -> None:
        stand.as_it_opens = lambda opening: setattr(opening.session, "state", state)
        stand.found()
        stand.frame()  # its session is opened beside this one

    return happens


def find_refusing(answer: Exception | None, *, after: float = 0.0) -> Happens:
    def happens(stand: Stand) -> None:
        stand.as_it_opens = lambda opening: setattr(opening, "answer", answer)
        stand.found()
        stand.frame()
        stand.clock.pass_by(after)

    return happens


def find_without_context(stand: Stand) -> None:
    def refuse(_: FakeOpening) -> None:
        raise HeadsetUnavailable("the graphics driver gives no second OpenGL context")

    stand.as_it_opens = refuse
    stand.found()


def session(state: str = "focused", **changes: object) -> Happens:
    """It answers, and is in that state."""

    def happens(stand: Stand) -> None:
        stand.headset.fails = {}
        for name, value in {"state": state, **changes}.items():
            setattr(stand.headset, name, value)

    return happens


def fails(call: str, error: Exception) -> Happens:
    """It answers, and is worn, until that call."""
    return session(fails={call: error})


def say(*, leaving: bool = False, lost: str = "") -> Happens:
    return session("stopping", news=News(leaving=leaving, lost=lost))


def close_window(stand: Stand) -> None:
    stand.window.heard.append(InputSnapshot(close_requested=True))


def nothing(_: Stand) -> None:
    return


LOST, REFUSES = xr.exception.SessionLostError(), GraphicsUnavailable("no more memory")
EVENTS: dict[str, Happens] = {
    "nothing": nothing,
    "no headset is there": lambda stand: setattr(stand.search, "reason", "no OpenXR runtime"),
    "the window's cross is clicked": close_window,
    "one is found, and no GL context for it": find_without_context,
    "one is found, and its session refused": find_refusing(xr.exception.LimitReachedError()),
    "one is found, and its session opening": find_refusing(None),
    "one is found, and opening for too long": find_refusing(None, after=LONGEST_OPENING_S + 1.0),
    "one is found, whose session is idle": find("idle"),
    "one is found that is worn": find("focused"),
    "a second headset is found": lambda stand: stand.found() and None,
    **{f"session {state}": session(state) for state in ("idle", "ready", "synchronized", "visible", "focused", "stopping")},
    "session exiting": say(leaving=True),
    "nobody wears it": session(present=False),
    "recentred": session(recentred=True),
    "the head was never tracked": session(head=None),
    "the eyes cannot be told": session(eyes_known=False),
    "loss pending": say(lost="the headset is going away"),
    "the instance is lost": fails("advance", xr.exception.InstanceLostError()),
    "the runtime has gone": fails("advance", xr.exception.RuntimeFailureError()),
    "lost as inputs are read": fails("read_inputs", LOST),
    "lost as the eyes are located": fails("locate", LOST),
    "lost in the middle of drawing": fails("relocate", LOST),
    "lost as the frame ends": fails("end_frame", LOST),
    "an answer that makes no sense": fails("read_inputs", ValueError("view_from_world must hold finite numbers")),
    "the graphics driver refuses": fails("end_frame", REFUSES),
    "silent before the frame": fails("advance", Overdue()),
    "silent as inputs are read": fails("read_inputs", Overdue()),
    "silent as the eyes are located": fails("locate", Overdue()),
    "silent in the middle of drawing": fails("relocate", Overdue()),
    "silent as the frame ends": fails("end_frame", Overdue()),
}


class Watch:
    """What changes from now on, in the words of the tables."""

    def __init__(self, stand: Stand) -> None:
        self._stand, self._waits, self._searches = stand, stand.window.context.waits, len(stand.search.waits)
        self._given_back = self._counts()

    def _counts(self) -> tuple[int, int]:
        sessions = [one.session for one in self._stand.openings]
        return sum(one.closed for one in sessions), sum(one.closed for one in self._stand.runtimes)

    def words(self, frame: Frame) -> str:
        stand = self._stand
        waits, searches = stand.window.context.waits, stand.search.waits[self._searches :]
        sessions, runtimes = np.subtract(self._counts(), self._given_back)
        gone = sessions == 1 and waits and searches == [AFTER_LOSS_S]
        said = {
            "moved": frame.inputs.origin_moved,
            "away": not frame.inputs.attentive,
            "leave": frame.inputs.close_requested,
            "free": self._waits and not waits,
            "held": waits and not self._waits and not gone,
            "gone": gone,
            f"back {searches[0] if searches else 0:g}": runtimes == 1 and not sessions,
        }
        return " ".join([stand.display.state.value, frame.shown, *(word for word, holds in said.items() if holds)])


def cells(table: str) -> list[tuple[str, str, str]]:
    """Row, column and text of each."""
    head, *rows = ([cell.strip() for cell in row.split("|")] for row in table.strip().splitlines())
    return [(row[0], column, cell) for row in rows for column, cell in zip(head[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("event", "state", "wanted"), cells(RULES))
def test_the_state_machine(event: str, state: str, wanted: str) -> None:
    after, *acts = wanted.split(", ")
    assert follow(State(state), Event[event]) == (State(after), tuple(Act[act] for act in acts))


@pytest.mark.parametrize(("event", "situation", "wanted"), cells(WITHOUT_SESSION) + cells(WITH_SESSION))
def test_what_the_display_does(event: str, situation: str, wanted: str) -> None:
    stand = SITUATIONS[situation]()
    watch = Watch(stand)
    EVENTS[event](stand)
    assert watch.words(stand.frame()) == wanted
    stand.frames(2)
    stand.display.close()
    assert_all_given_back(stand)


def assert_all_given_back(stand: Stand) -> None:
    """Whatever was opened is closed, once; whatever was found is."""
    assert stand.search.closed and stand.window.closed == stand.target.closed == 1
    for opening in stand.openings:
        assert opening.session.closed + opening.closed == 1
    assert all(runtime.closed == 1 for runtime in stand.runtimes)


def test_every_state_and_event_is_in_the_tables() -> None:
    for table in (RULES, WITHOUT_SESSION, WITH_SESSION):
        assert len(cells(table)) == len({(row, column) for row, column, _ in cells(table)})
    assert {(row, column) for row, column, _ in cells(RULES)} == {(event.name, state.value) for event in Event for state in State}
    rows = {row for table in (WITHOUT_SESSION, WITH_SESSION) for row, _, _ in cells(table)}
    columns = {column for table in (WITHOUT_SESSION, WITH_SESSION) for _, column, _ in cells(table)}
    assert rows == set(EVENTS) and columns == set(SITUATIONS)


ROWS = [{row for row, _, _ in cells(table)} for table in (WITHOUT_SESSION, WITH_SESSION)]


@given(st.lists(st.sampled_from(sorted(EVENTS)), max_size=8))
def test_whatever_happens_in_whatever_order(events: list[str]) -> None:
    """There is always a picture, and one for eyes only if they see it; time does not go back; whoever is carried over is so once
    for each change of head; the headset sets the pace only while it is seen; nothing stays open, and nothing is closed twice."""
    stand, had_head, left, before = Stand(), False, False, 0.0
    display = stand.display
    for event in events:
        if event in ROWS[display.headset is not None]:
            EVENTS[event](stand)
        for frame in stand.frames(2):
            inputs, timing = frame.inputs, frame.timing
            assert timing.should_render and timing.display_time >= before - 1e-9
            assert (len(frame.views) == 2) == (frame.shown == "eyes")
            assert inputs.origin_moved == ((inputs.head is not None) != had_head or inputs.recentred)
            assert inputs.close_requested >= left
            assert stand.window.context.waits == (display.state is not State.HEADSET)
            assert display.headset is None or not stand.search.running
            had_head, left, before = inputs.head is not None, inputs.close_requested, timing.display_time
    stand.display.close()
    assert_all_given_back(stand)


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
    "one is found, and no GL context for it": "recovering (the graphics driver gives no second OpenGL context)",
    "one is found, and opening for too long": "recovering (the OpenXR runtime Sample has not answered for 10 seconds; "
    "restart the headset's software, then the headset)",
}
SAID = {
    "session synchronized": "starting (the headset is off the head or asleep; the window goes on)",
    "loss pending": "recovering (the headset is going away)",
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

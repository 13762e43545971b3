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

from collections.abc import Iterator

import numpy as np
import pytest
from fake_headset import Frame, Stand
from headset_events import EVENTS, SITUATIONS
from hypothesis import given
from hypothesis import strategies as st

from vrclient.app.frame import collector_frozen
from vrclient.display.states import Act, Event, State, follow
from vrclient.display.supervisor import AFTER_LOSS_S

RULES = """
         | flat                        | starting                    | headset                 | recovering
OPENED   | starting                    | starting                    | starting                | starting
REFUSED  | recovering                  | recovering                  | recovering              | recovering
SEEN     | headset, GREET, FREE_WINDOW | headset, GREET, FREE_WINDOW | headset                 | headset, GREET, FREE_WINDOW
UNSEEN   | starting                    | starting                    | starting, HOLD_WINDOW   | starting
SILENT   | recovering                  | recovering                  | recovering, HOLD_WINDOW | recovering
LOST     | recovering, GONE            | recovering, GONE            | recovering, GONE        | recovering, GONE
"""
"""The state machine by itself (states.py). GONE is CLOSE, HOLD_WINDOW, ASK."""

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
    after, *acts = wanted.replace("GONE", "CLOSE, HOLD_WINDOW, ASK").split(", ")
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


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("step", ["between frames", "as inputs are read", "in the middle of drawing"])
def test_the_program_ends(situation: str, step: str) -> None:
    stand = SITUATIONS[situation]()
    display = stand.display
    if step != "between frames":
        display.wait_frame()
        inputs = display.poll_inputs()
        if step == "in the middle of drawing":
            display.locate_views(np.eye(4), np.eye(4) if inputs.head is None else inputs.head, fov=1.0)
            display.acquire_target()
    display.close()
    display.close()
    assert display.exits
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

"""What may happen to a headset, and where it may be when it does: what test_headset_states.py has tables of."""

from collections.abc import Callable

import xr  # noqa: TID251
from fake_headset import FakeOpening, Stand

from vrclient.display.finding import LONGEST_OPENING_S
from vrclient.display.openxr.bounded_calls import Overdue
from vrclient.display.openxr.runtime import HeadsetUnavailable
from vrclient.display.openxr.session import News
from vrclient.frame.inputs import InputSnapshot
from vrclient.renderer.context import GraphicsUnavailable


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
    stand.headset.news = News(lost="the headset is disconnecting")
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
        raise HeadsetUnavailable("the graphics driver offers no second OpenGL context")

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
    "loss pending": say(lost="the headset is disconnecting"),
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

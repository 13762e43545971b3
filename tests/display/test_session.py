"""A session's states as the runtime tells them, and what follows: as a table, without a runtime."""

from types import SimpleNamespace
from typing import Any

import pytest
import xr  # noqa: TID251
from xr import SessionState  # noqa: TID251

from vrclient.display.openxr.session import News, XrSession

TABLE = """
state          | running | focused | told to the runtime | news
IDLE           | no      | no      |                     |
READY          | yes     | no      | begin_session       |
SYNCHRONIZED   | yes     | no      |                     |
VISIBLE        | yes     | no      |                     |
FOCUSED        | yes     | yes     |                     |
STOPPING       | no      | no      | end_session         |
LOSS_PENDING   | yes     | no      |                     | lost: the headset is disconnecting
EXITING        | yes     | no      |                     | leaving
"""
"""Each from a session that runs and is focused; but IDLE and READY, which come before it does."""
ROWS = [tuple(cell.strip() for cell in row.split("|")) for row in TABLE.strip().splitlines()[1:]]


class Runtime:
    """What pyopenxr asks of one, as far as a session does: events are taken from `events`, calls are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[Any] = []
        self.calls: list[str] = []
        self.instance, self.system, self.name = xr.Instance(), 1, "Sample"
        kept = ("create_session", "begin_session", "end_session", "request_exit_session", "destroy_session")
        for name in ("get_opengl_graphics_requirements_khr", *kept):
            monkeypatch.setattr(xr, name, lambda *_, name=name: self.calls.append(name))
        monkeypatch.setattr(xr, "enumerate_environment_blend_modes", lambda *_: [xr.EnvironmentBlendMode.OPAQUE])
        monkeypatch.setattr(xr, "poll_event", self._event)

    def _event(self, _: Any) -> Any:
        if not self.events:
            raise xr.exception.EventUnavailable
        return self.events.pop(0)

    def session(self, *states: SessionState) -> XrSession:
        """One that has been told of these states."""
        session = XrSession(self, SimpleNamespace(info=None))  # type: ignore[arg-type]
        for state in states:
            self.tell(state)
        session.poll()
        self.calls.clear()
        return session

    def tell(self, state: SessionState) -> None:
        self.events.append(xr.EventDataSessionStateChanged(session=xr.Session(), state=state, time=1))


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    return Runtime(monkeypatch)


@pytest.mark.parametrize(("state", "running", "focused", "told", "news"), ROWS, ids=[row[0] for row in ROWS])
def test_each_state(runtime: Runtime, state: str, running: str, focused: str, told: str, news: str) -> None:
    before = () if state in ("IDLE", "READY") else (SessionState.READY, SessionState.FOCUSED)
    session = runtime.session(*before)
    runtime.tell(SessionState[state])
    heard = session.poll()
    assert (session.running, session.focused) == (running == "yes", focused == "yes")
    assert runtime.calls == told.split()
    assert heard == News(lost=news.partition("lost: ")[2], leaving=news == "leaving")
    assert session.poll() == News(), "each is told once"


def test_every_state_is_in_the_table() -> None:
    assert {row[0] for row in ROWS} == {state.name for state in SessionState} - {"UNKNOWN"}


def test_an_instance_that_goes_is_news(runtime: Runtime) -> None:
    session = runtime.session(SessionState.READY)
    runtime.events.append(xr.EventDataInstanceLossPending(loss_time=1))
    assert session.poll() == News(lost="the headset's runtime is shutting down")


def test_a_recentre_counts_from_its_time_on_and_once(runtime: Runtime) -> None:
    session = runtime.session(SessionState.READY)
    runtime.events.append(xr.EventDataReferenceSpaceChangePending(session=xr.Session(), change_time=100))
    session.hear()
    assert [session.was_recentred(time) for time in (99, 100, 101)] == [False, True, False]


def test_what_is_heard_in_the_middle_of_a_frame_waits_for_the_next(runtime: Runtime) -> None:
    session = runtime.session(SessionState.READY)
    runtime.tell(SessionState.FOCUSED)
    session.hear()
    assert not session.focused
    session.poll()
    assert session.focused


def test_presence_is_as_the_runtime_says_and_else_taken_for_granted(runtime: Runtime) -> None:
    session = runtime.session(SessionState.READY)
    assert session.present
    for present in (False, True):
        runtime.events.append(xr.EventDataUserPresenceChangedEXT(session=xr.Session(), is_user_present=present))
        session.poll()
        assert session.present == present


@pytest.mark.parametrize(
    ("states", "told"), [((), ["destroy_session"]), ((SessionState.READY,), ["request_exit_session", "destroy_session"])]
)
def test_a_session_that_runs_is_asked_to_end_before_it_is_given_back(
    runtime: Runtime, states: tuple[SessionState, ...], told: list[str]
) -> None:
    session = runtime.session(*states)
    session.close()
    assert runtime.calls == told

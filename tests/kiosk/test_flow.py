"""Sessions as a table: from a state, what is seen, and where that leads."""

from dataclasses import replace

import pytest

from vrclient.kiosk.flow import (
    LAST_MINUTE,
    OVER,
    OVER_FLAT,
    Flow,
    Presence,
    SessionRules,
    cleaned,
    extended,
    looked,
    started,
    stopped,
)
from vrclient.kiosk.status import SessionState as S
from vrclient.link.messages import Attract, Begin, Notice, Order, SetLanguage, StartOver

RULES = SessionRules(session_s=300.0, fit_s=30.0, last_minute_s=60.0, end_s=10.0, clean_s=60.0, attract_after_s=20.0)
NOBODY = Presence(empty_s=5.0)
FINGER = Presence(visited=True)
WORN = Presence(visited=True, worn=True)
WAITING = Flow(since=0.0)
FIT = Flow(S.FIT, 0.0, 30.0, headset=True)
TOUR = Flow(S.TOUR, 0.0, 300.0)
WORN_TOUR = replace(TOUR, headset=True)
LAST = Flow(S.LAST_MINUTE, 240.0, 300.0)
END = Flow(S.END, 300.0, 310.0)
CLEAN = Flow(S.CLEAN, 310.0, 370.0)
CLOSED = Flow(S.CLOSED, 0.0)


@pytest.mark.parametrize(
    ("flow", "seen", "now", "state", "orders", "ended"),
    [
        (WAITING, NOBODY, 1.0, S.ATTRACT, (), None),
        (WAITING, replace(NOBODY, empty_s=25.0), 25.0, S.ATTRACT, (Attract(),), None),
        (WAITING, replace(NOBODY, empty_s=25.0), 5.0, S.ATTRACT, (), None),  # the last one has only just left
        (WAITING, replace(NOBODY, empty_s=99.0, attracts=True), 99.0, S.ATTRACT, (), None),
        (WAITING, FINGER, 1.0, S.TOUR, (), None),
        (WAITING, WORN, 1.0, S.FIT, (), None),
        (WAITING, replace(NOBODY, is_open=False), 1.0, S.CLOSED, (), None),
        (WAITING, replace(FINGER, is_open=False), 1.0, S.TOUR, (), None),  # who has begun may finish
        (FIT, WORN, 29.0, S.FIT, (), None),
        (FIT, WORN, 30.0, S.TOUR, (), None),
        (FIT, NOBODY, 5.0, S.CLEAN, (), "left"),
        (TOUR, FINGER, 239.0, S.TOUR, (), None),
        (TOUR, FINGER, 240.0, S.LAST_MINUTE, (Notice(LAST_MINUTE),), None),
        (TOUR, replace(FINGER, begun=1), 100.0, S.ATTRACT, (), "left"),
        (TOUR, NOBODY, 100.0, S.ATTRACT, (), "left"),
        (WORN_TOUR, replace(WORN, begun=1), 100.0, S.CLEAN, (), "left"),
        (TOUR, replace(FINGER, is_open=False), 100.0, S.TOUR, (), None),
        (TOUR, Presence(runs=False), 100.0, S.ATTRACT, (), "fault"),
        (LAST, FINGER, 299.0, S.LAST_MINUTE, (), None),
        (LAST, FINGER, 300.0, S.END, (Notice(OVER_FLAT),), "time"),
        (replace(LAST, headset=True), WORN, 300.0, S.END, (Notice(OVER),), "time"),
        (END, FINGER, 305.0, S.END, (), None),
        (END, FINGER, 310.0, S.ATTRACT, (StartOver(),), None),
        (replace(END, headset=True), NOBODY, 310.0, S.CLEAN, (StartOver(),), None),
        (CLEAN, WORN, 369.0, S.CLEAN, (), None),
        (CLEAN, NOBODY, 370.0, S.ATTRACT, (), None),
        (CLOSED, replace(NOBODY, runs=False, is_open=False), 9.0, S.CLOSED, (), None),
        (CLOSED, replace(NOBODY, runs=False), 9.0, S.ATTRACT, (), None),
        (WAITING, Presence(runs=False, is_open=False), 9.0, S.CLOSED, (), None),
    ],
)
def test_steps(flow: Flow, seen: Presence, now: float, state: S, orders: tuple[Order, ...], ended: str | None) -> None:
    step = looked(flow, seen, now, RULES)
    assert (step.flow.state, step.orders, step.ended) == (state, orders, ended)
    if ended is not None:
        assert step.lasted == now - flow.since


def test_a_visit_without_a_limit_goes_on() -> None:
    step = looked(WAITING, FINGER, 1.0, replace(RULES, session_s=0.0))
    assert step.flow.until is None
    assert looked(step.flow, FINGER, 1e6, RULES).flow == step.flow


def test_the_staff_begin_end_extend_and_clean() -> None:
    step = started(WAITING, NOBODY, 10.0, RULES, language="en")
    assert (step.flow.state, step.orders, step.ended) == (S.TOUR, (StartOver(), SetLanguage("en"), Begin()), None)
    assert started(TOUR, FINGER, 10.0, RULES).ended == "staff", "the one before is over"
    worn = started(WAITING, replace(NOBODY, worn=True), 10.0, RULES)
    assert (worn.flow.state, worn.orders) == (S.FIT, (StartOver(),))
    assert extended(LAST, 300.0, 290.0) == replace(LAST, state=S.TOUR, until=600.0)
    assert extended(WAITING, 300.0, 290.0) == WAITING
    assert stopped(TOUR, 50.0, RULES).flow.state is S.END and stopped(TOUR, 50.0, RULES).ended == "staff"
    assert stopped(WAITING, 50.0, RULES).orders == (StartOver(),)
    dirty = cleaned(TOUR, FINGER, 50.0, RULES, done=False)
    assert (dirty.flow.state, dirty.orders, dirty.ended) == (S.CLEAN, (StartOver(),), "staff")
    assert cleaned(dirty.flow, NOBODY, 60.0, RULES, done=True).flow.state is S.ATTRACT


def test_a_visit_that_the_staff_begin_is_not_over_before_the_visitor_has_touched_anything() -> None:
    """The client has yet to begin anew, and shows its first panel."""
    flow = started(WAITING, NOBODY, 10.0, RULES).flow
    assert looked(flow, replace(NOBODY, begun=1), 12.0, RULES).ended is None
    assert looked(flow, replace(NOBODY, begun=1, empty_s=200.0), 200.0, RULES).ended == "left"

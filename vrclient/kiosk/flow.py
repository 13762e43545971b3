"""Sessions, from one visitor to the next, as one explicit state machine. Pure: what is seen and what the staff ask for goes in,
the next state and orders for the client come out.

    ATTRACT ─ somebody ─▶ FIT ─ time ─▶ TOUR ─ time ─▶ LAST_MINUTE ─ time ─▶ END ─ time ─▶ CLEAN ─ time, done ─▶ ATTRACT
                        (headset only)   │ left, idle                                 (headset only)
                                         └─────────────▶ CLEAN or ATTRACT
    CLOSED: outside of opening hours, once nobody is there"""

from dataclasses import dataclass, replace
from typing import Literal

from vrclient.kiosk.status import SessionState
from vrclient.link.messages import Attract, Begin, Notice, Order, SetLanguage, StartOver

Ending = Literal["time", "left", "staff", "fault"]
"""Why a session ended: its time was over; the visitor left, or gave no sign any more; the staff ended it; the client failed."""

EXPECTED_S = 120.0
"""Seconds in which a visitor for whom the staff have begun is expected to touch something."""
LAST_MINUTE = {"zh": "还剩最后一分钟。", "en": "One minute left."}
OVER = {"zh": "参观结束，谢谢。请摘下头显。", "en": "The visit is over. Thank you. Please take the headset off."}
OVER_FLAT = {"zh": "参观结束，谢谢。", "en": "The visit is over. Thank you."}

ATTRACT, FIT, TOUR, CLEAN, CLOSED = (
    SessionState.ATTRACT, SessionState.FIT, SessionState.TOUR, SessionState.CLEAN, SessionState.CLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Seconds, each. session_s 0: a visit takes as long as it likes. fit_s and clean_s count where a headset is worn."""

    session_s: float = 0.0
    fit_s: float = 30.0
    last_minute_s: float = 60.0
    end_s: float = 12.0
    clean_s: float = 60.0
    attract_after_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Presence:
    """Of the client, and of the day.

    runs      the client's picture stands
    visited   somebody is at a visit: beyond the first panel, or wearing a headset
    worn      a headset is worn; `attracts`: the place shows itself
    begun     how many visits have begun anew, as the client counts
    empty_s   seconds without a sign of anybody
    is_open   by the opening hours
    """

    runs: bool = True
    visited: bool = False
    worn: bool = False
    attracts: bool = False
    begun: int = 0
    empty_s: float = 0.0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """The state, since when and, if it ends by itself, until when; seconds of a clock that does not jump. `begun`: as in
    Presence; `headset`: the session is one in a headset; `expected`: the staff have begun it, and the visitor has not touched
    anything yet."""

    state: SessionState = ATTRACT
    since: float = 0.0
    until: float | None = None
    begun: int = 0
    headset: bool = False
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The flow after a look, the orders that follow, and why a session has ended, if one has, with the seconds it took."""

    flow: Flow
    orders: tuple[Order, ...] = ()
    ended: Ending | None = None
    lasted: float = 0.0


def looked(flow: Flow, seen: Presence, now: float, rules: SessionRules, /) -> Step:
    """What time and the visitor lead to."""
    if not seen.runs:
        if flow.state.visited or flow.state is SessionState.END:
            return _ended(flow, replace(seen, begun=0), now, rules, "fault", ())
        if flow.state is not CLOSED:
            return Step(replace(flow, begun=0)) if seen.is_open or flow.state is CLEAN else Step(Flow(CLOSED, now))
        return Step(Flow(ATTRACT, now)) if seen.is_open else Step(flow)
    if flow.state is CLOSED:
        return Step(Flow(ATTRACT, now, begun=seen.begun)) if seen.is_open else Step(flow)
    if flow.expected:
        if seen.visited:
            flow = replace(flow, expected=False)
        elif now - flow.since < EXPECTED_S:
            seen = replace(seen, visited=True)
    over = flow.until is not None and now >= flow.until
    match flow.state:
        case SessionState.ATTRACT:
            return _waited(flow, seen, now, rules)
        case SessionState.FIT | SessionState.TOUR | SessionState.LAST_MINUTE if seen.begun > flow.begun or not seen.visited:
            return _ended(flow, seen, now, rules, "left", ())
        case SessionState.FIT if over:
            return Step(_touring(replace(flow, begun=seen.begun), now, rules))
        case SessionState.TOUR if flow.until is not None and now >= flow.until - rules.last_minute_s:
            return Step(replace(flow, state=SessionState.LAST_MINUTE, since=now), (Notice(LAST_MINUTE),))
        case SessionState.LAST_MINUTE if over:
            return stopped(flow, now, rules, ending="time")
        case SessionState.END if over:
            return Step(_after(flow, seen, now, rules), (StartOver(),))
        case SessionState.CLEAN if over:
            return Step(Flow(ATTRACT, now, begun=seen.begun))
    return Step(flow)


def started(flow: Flow, seen: Presence, now: float, rules: SessionRules, /, *, language: str | None = None) -> Step:
    """The staff begin a visit for the next visitor; who wears a headset finds the first panel, and fits it in peace."""
    orders: tuple[Order, ...] = (StartOver(),)
    if language is not None:
        orders = (*orders, SetLanguage(language))
    if not seen.worn:
        orders = (*orders, Begin())
    state = Flow(FIT, now, now + rules.fit_s, seen.begun + 1, headset=True) if seen.worn else None
    touring = state or _touring(Flow(TOUR, now, begun=seen.begun + 1, expected=True), now, rules)
    return Step(touring, orders, "staff" if flow.state.visited else None, now - flow.since)


def stopped(flow: Flow, now: float, rules: SessionRules, /, *, ending: Ending = "staff") -> Step:
    """A visit is over: it is said, and a little later everything begins anew."""
    if not flow.state.visited:
        return Step(flow, (StartOver(),))
    said = OVER if flow.headset else OVER_FLAT
    after = replace(flow, state=SessionState.END, since=now, until=now + rules.end_s)
    return Step(after, (Notice(said),), ending, now - flow.since)


def extended(flow: Flow, seconds: float, now: float, /) -> Flow:
    """More time for the visitor, or for whatever ends by itself."""
    if flow.until is None:
        return flow
    state = SessionState.TOUR if flow.state is SessionState.LAST_MINUTE else flow.state
    return replace(flow, state=state, until=max(flow.until, now) + seconds)


def cleaned(flow: Flow, seen: Presence, now: float, rules: SessionRules, /, *, done: bool) -> Step:
    """The staff clean, or have."""
    if done:
        return Step(Flow(ATTRACT, now, begun=seen.begun)) if flow.state is CLEAN else Step(flow)
    after = Flow(CLEAN, now, now + max(rules.clean_s, 1.0), seen.begun + 1)
    return Step(after, (StartOver(),), "staff" if flow.state.visited else None, now - flow.since)


def _waited(flow: Flow, seen: Presence, now: float, rules: SessionRules) -> Step:
    if seen.visited and not seen.attracts:
        if seen.worn and rules.fit_s > 0.0:
            return Step(Flow(FIT, now, now + rules.fit_s, seen.begun, headset=True))
        return Step(_touring(Flow(TOUR, now, begun=seen.begun, headset=seen.worn), now, rules))
    if not seen.is_open:
        return Step(Flow(CLOSED, now))
    waits = not seen.attracts and min(seen.empty_s, now - flow.since) >= rules.attract_after_s > 0.0
    return Step(replace(flow, since=now, begun=seen.begun), (Attract(),)) if waits else Step(replace(flow, begun=seen.begun))


def _touring(flow: Flow, now: float, rules: SessionRules) -> Flow:
    return replace(flow, state=TOUR, since=now, until=now + rules.session_s if rules.session_s else None)


def _ended(flow: Flow, seen: Presence, now: float, rules: SessionRules, why: Ending, orders: tuple[Order, ...]) -> Step:
    return Step(_after(flow, seen, now, rules), orders, why, now - flow.since)


def _after(flow: Flow, seen: Presence, now: float, rules: SessionRules) -> Flow:
    if flow.headset and rules.clean_s > 0.0:
        return Flow(CLEAN, now, now + rules.clean_s, seen.begun)
    return Flow(ATTRACT, now, begun=seen.begun)

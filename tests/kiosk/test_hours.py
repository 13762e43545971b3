"""Open or closed under a clock that we hold: midnight, closed days, events, changes of the clock, no hours at all."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.kiosk.hours import DAYS, Hours, Span, is_open, next_opening

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def span(text: str) -> Span:
    begin, end = text.split("-")
    return datetime.time.fromisoformat(begin), datetime.time.fromisoformat(end)


WORKDAYS = Hours(
    {day: (span("09:00-12:00"), span("13:00-17:00")) for day in DAYS[:5]},
    closed=frozenset({datetime.date(2026, 10, 1)}),
    events={datetime.date(2026, 10, 3): (span("18:00-02:00"),), datetime.date(2026, 10, 6): ()},
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("when", "opened"),
    [
        ("2026-09-30 08:59:59", False), ("2026-09-30 09:00", True), ("2026-09-30 12:00", False), ("2026-09-30 13:00", True),
        ("2026-09-30 16:59:59", True), ("2026-09-30 17:00", False),
        ("2026-10-01 10:00", False),  # a closed day
        ("2026-10-03 10:00", False), ("2026-10-03 18:00", True),  # a Saturday with an event
        ("2026-10-03 23:59:59", True), ("2026-10-04 00:00", True), ("2026-10-04 01:59", True), ("2026-10-04 02:00", False),
        ("2026-10-06 10:00", False),  # a Tuesday whose event is that it is closed
    ],
)  # fmt: skip
def test_days(when: str, opened: bool) -> None:
    assert is_open(WORKDAYS, at(when)) is opened


def test_when_it_opens_next() -> None:
    assert next_opening(WORKDAYS, at("2026-09-30 10:00")) is None, "it is open"
    assert next_opening(WORKDAYS, at("2026-09-30 12:30")) == at("2026-09-30 13:00")
    assert next_opening(WORKDAYS, at("2026-09-30 18:00")) == at("2026-10-02 09:00"), "over the closed day"
    assert next_opening(WORKDAYS, at("2026-10-02 18:00")) == at("2026-10-03 18:00"), "the event"
    assert next_opening(WORKDAYS, at("2026-10-05 18:00")) == at("2026-10-07 09:00")


def test_without_hours_it_is_always_open_and_with_none_never() -> None:
    assert is_open(Hours(), at("2026-01-01 00:00")) and is_open(Hours(), at("1970-01-01 03:00"))
    never = Hours(dict.fromkeys(DAYS, ()))
    assert not is_open(never, at("2026-01-01 12:00")) and next_opening(never, at("2026-01-01 12:00")) is None


@pytest.mark.parametrize(
    ("when", "opened"),
    [
        # The clock goes from 02:00 to 03:00 on 29 March: 02:30 does not exist, 03:00 is open.
        ("2026-03-29T00:59:59+00:00", False), ("2026-03-29T01:00:00+00:00", True),
        # It goes from 03:00 back to 02:00 on 25 October: 02:30 is there twice, and open twice.
        ("2026-10-25T00:30:00+00:00", True), ("2026-10-25T01:30:00+00:00", True), ("2026-10-25T02:30:00+00:00", True),
        ("2026-10-25T03:00:00+00:00", False),
    ],
)  # fmt: skip
def test_changes_of_the_clock(when: str, opened: bool) -> None:
    night = Hours(dict.fromkeys(DAYS, (span("02:30-04:00"),)))
    assert is_open(night, datetime.datetime.fromisoformat(when).astimezone(BERLIN)) is opened


@given(st.datetimes(datetime.datetime(1970, 1, 2), datetime.datetime(2037, 1, 1)), st.sampled_from([BERLIN, SHANGHAI]))
def test_what_opens_next_is_open_then_and_not_a_moment_before(when: datetime.datetime, zone: ZoneInfo) -> None:
    """Whatever the clock says, also one that has jumped."""
    now = when.replace(tzinfo=zone)
    opens = next_opening(WORKDAYS, now)
    assert (opens is None) == is_open(WORKDAYS, now)
    if opens is not None:
        assert opens > now and is_open(WORKDAYS, opens)
        assert not is_open(WORKDAYS, opens - datetime.timedelta(seconds=1))

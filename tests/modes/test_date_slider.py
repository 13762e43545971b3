"""The date slider: its ends, its phases, and years that go by without losing a day."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from vrclient.modes import timeline
from vrclient.scene.interactives import Phase, Timeline

FIELDS, WORK, OPEN = (Phase(date, {"en": title}) for date, title in [
    ("2017-01-01", "Fields"), ("2017-09-29", "Work begins"), ("2019-10-25", "Open"),
])  # fmt: skip
LINE = Timeline({"en": "Years"}, (FIELDS, WORK, OPEN), "2027-01-01")
DAYS = st.dates(datetime.date(2010, 1, 1), datetime.date(2035, 1, 1))


@given(st.dates(datetime.date(2017, 1, 1), datetime.date(2027, 1, 1)))
def test_every_day_of_the_slider_can_be_found_again(day: datetime.date) -> None:
    assert timeline.day_at(LINE, timeline.share_of(LINE, day)) == day


@given(st.floats(-2.0, 3.0))
def test_beyond_the_ends_are_the_ends(share: float) -> None:
    assert timeline.first_day(LINE) <= timeline.day_at(LINE, share) <= timeline.last_day(LINE)


@given(DAYS)
def test_a_day_is_in_the_phase_that_began_last(day: datetime.date) -> None:
    phase = timeline.phase_of(LINE, day)
    begun = [one for one in LINE.phases if datetime.date.fromisoformat(one.date) <= day]
    assert phase is (begun[-1] if begun else FIELDS)


@given(st.floats(0.002, 0.2))
def test_a_time_lapse_takes_its_time_whatever_the_frame_rate(seconds: float) -> None:
    day, owed, gone = timeline.first_day(LINE), 0.0, 0.0
    while day < timeline.last_day(LINE):
        before = day
        day, owed = timeline.later(LINE, day, owed, seconds=seconds)
        gone += seconds
        assert day >= before and 0.0 <= owed < 1.0
    assert abs(gone - timeline.TIME_LAPSE_SECONDS) <= seconds + 0.01


@given(st.floats(-0.5, 1.5))
def test_a_hand_finds_phases_and_months(share: float) -> None:
    day = timeline.day_near(LINE, share)
    starts = [datetime.date.fromisoformat(phase.date) for phase in LINE.phases]
    assert day in starts or day.day == 1 or day == timeline.last_day(LINE)
    assert timeline.first_day(LINE) <= day <= timeline.last_day(LINE)
    assert abs(timeline.share_of(LINE, day) - min(max(share, 0.0), 1.0)) <= 0.016
    for start in starts:
        assert timeline.day_near(LINE, timeline.share_of(LINE, start) + 0.01) == start

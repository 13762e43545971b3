"""The date slider: which day a place on it is, which phase a day belongs to, how the years go by. Pure."""

import datetime
from bisect import bisect_right

from vrclient.scene.interactives import Phase, Timeline

TIME_LAPSE_SECONDS = 24.0
"""A time-lapse takes so long from the first phase to the end."""
MAGNETIC = 0.015
"""Of the slider's length: so near to a phase's first day, that day is meant."""


def first_day(timeline: Timeline, /) -> datetime.date:
    """Where the slider begins."""
    return datetime.date.fromisoformat(timeline.phases[0].date)


def last_day(timeline: Timeline, /) -> datetime.date:
    """Where the slider ends."""
    return datetime.date.fromisoformat(timeline.end)


def day_at(timeline: Timeline, share: float, /) -> datetime.date:
    """The day at 0..1 of the slider; beyond its ends, the ends."""
    start = first_day(timeline)
    days = (last_day(timeline) - start).days
    return start + datetime.timedelta(days=round(min(max(share, 0.0), 1.0) * days))


def share_of(timeline: Timeline, day: datetime.date, /) -> float:
    """0..1: where a day is on the slider; days beyond its ends are at the ends."""
    start = first_day(timeline)
    return min(max((day - start).days / max((last_day(timeline) - start).days, 1), 0.0), 1.0)


def phase_of(timeline: Timeline, day: datetime.date, /) -> Phase:
    """The phase that has begun last; before the first one, the first one."""
    starts = [datetime.date.fromisoformat(phase.date) for phase in timeline.phases]
    return timeline.phases[max(bisect_right(starts, day) - 1, 0)]


def day_near(timeline: Timeline, share: float, /) -> datetime.date:
    """The day that a hand means by 0..1 of the slider: a phase's first day where it is as near as hands can tell, else the first
    of the month; the ends are the ends."""
    if share >= 1.0:
        return last_day(timeline)
    day = day_at(timeline, share)
    starts = [datetime.date.fromisoformat(phase.date) for phase in timeline.phases]
    nearest = min(starts, key=lambda start: abs(start - day))
    if abs(share_of(timeline, nearest) - share) <= MAGNETIC:
        return nearest
    return max(day.replace(day=1), first_day(timeline))


def later(timeline: Timeline, day: datetime.date, owed: float, /, *, seconds: float) -> tuple[datetime.date, float]:
    """The day after `seconds` of a time-lapse, and the part of a day that is left over; `owed` is what was left over before."""
    days = owed + seconds / TIME_LAPSE_SECONDS * (last_day(timeline) - first_day(timeline)).days
    return min(day + datetime.timedelta(days=int(days)), last_day(timeline)), days - int(days)

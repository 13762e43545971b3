"""When a stand is open. Pure: settings and an instant go in. Times are local, of one time zone: a day of a clock change has its
hours as the clock on the wall shows them; an hour that the clock leaves out begins when it has passed over it, and one that comes
twice is open both times."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 400
"""Days."""

Span = tuple[datetime.time, datetime.time]
"""From, to; a `to` that is not after `from` is on the next day (18:00-02:00; 00:00-00:00 is the whole day)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`week`: the spans of each of DAYS, empty: closed; None: always open. `closed` days are closed; `events` have spans of their
    own, before all else."""

    week: Mapping[str, Sequence[Span]] | None = None
    closed: frozenset[datetime.date] = frozenset()
    events: Mapping[datetime.date, Sequence[Span]] = field(default_factory=dict)

    def of(self, day: datetime.date, /) -> Sequence[Span]:
        """The spans that begin on that day."""
        if day in self.events:
            return self.events[day]
        if day in self.closed:
            return ()
        if self.week is None:
            return ((datetime.time(0), datetime.time(0)),)
        return self.week.get(DAYS[day.weekday()], ())


def is_open(hours: Hours, at: datetime.datetime, /) -> bool:
    """`at`: with a time zone, the stand's."""
    wall = at.replace(tzinfo=None)
    return any(
        begin <= wall < end for back in (1, 0) for begin, end in _spans(hours, wall.date() - datetime.timedelta(days=back))
    )


def next_opening(hours: Hours, at: datetime.datetime, /) -> datetime.datetime | None:
    """The next instant after `at` at which it opens; None where it does not within LOOK_AHEAD days, or is open."""
    if is_open(hours, at):
        return None
    wall = at.replace(tzinfo=None)
    for ahead in range(LOOK_AHEAD):
        begins = [begin for begin, _ in _spans(hours, wall.date() + datetime.timedelta(days=ahead)) if begin > wall]
        if begins:
            return min(begins).replace(tzinfo=at.tzinfo)
    return None


def _spans(hours: Hours, day: datetime.date) -> list[tuple[datetime.datetime, datetime.datetime]]:
    found = []
    for begin, end in hours.of(day):
        starts = datetime.datetime.combine(day, begin)
        ends = datetime.datetime.combine(day, end)
        found.append((starts, ends if ends > starts else ends + datetime.timedelta(days=1)))
    return found

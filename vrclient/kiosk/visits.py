"""Visits in numbers, for a city that wants to show use: a line of CSV for each, without anything of the visitor but that one was
there. A file for each month."""

import contextlib
import csv
import datetime
import io
import os
from pathlib import Path

from vrclient.kiosk.status import Visits

HEAD = ("begun", "stand", "showcase", "seconds", "ended", "headset")
"""begun: local time to the minute. ended: time, left, staff or fault (kiosk/flow.py)."""


class VisitLog:
    """In a folder; a disk that is full loses lines, and nothing else."""

    def __init__(self, folder: Path, stand: str, /) -> None:
        self._folder, self._stand = folder, stand
        self._day: datetime.date | None = None
        self._today = self._completed = 0

    def add(self, ended_at: datetime.datetime, showcase: str, seconds: float, ending: str, /, *, headset: bool) -> None:
        """A visit is over. One of fewer than three seconds was none."""
        if seconds < 3.0:
            return
        self.counted(ended_at.date())
        self._today += 1
        self._completed += ending == "time"
        begun = ended_at - datetime.timedelta(seconds=seconds)
        line = (begun.strftime("%Y-%m-%dT%H:%M"), self._stand, showcase, round(seconds), ending, int(headset))
        text = io.StringIO(newline="")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"visits-{ended_at:%Y-%m}.csv"
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                writer = csv.writer(text, lineterminator="\n")
                if not os.fstat(file).st_size:
                    writer.writerow(HEAD)
                writer.writerow(line)
                os.write(file, text.getvalue().encode())  # one write: a line is there whole or not
            finally:
                os.close(file)

    def counted(self, day: datetime.date, /) -> Visits:
        """Of that day."""
        if day != self._day:
            self._day, self._today, self._completed = day, 0, 0
        return Visits(today=self._today, completed=self._completed)

"""How far a command is, on terminals."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def progress(notes: Console, what: str) -> Iterator["Report"]:
    """A bar that shows once the work has taken a second, on terminals only."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        console=notes, transient=True, auto_refresh=False,
    )  # fmt: skip
    report = Report(bar, what, shown=notes.is_terminal)
    try:
        yield report
    finally:
        report.stop()


class Report:
    """Called with (done, total)."""

    def __init__(self, bar: Progress, what: str, *, shown: bool) -> None:
        self._bar, self._what, self._shown = bar, what, shown
        self._start = time.monotonic()
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        if not self._shown or time.monotonic() - self._start < 1.0:
            return
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=total)
        self._bar.update(self._task, completed=done, total=total)
        self._bar.refresh()

    def stop(self) -> None:
        if self._task is not None:
            self._bar.stop()

"""What a run leaves for the staff: its report and its recording, written once, whoever or whatever ends it (ending.py).

It is there before anything that takes a while, so it loads what it needs when it writes."""

import contextlib
import logging
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vrclient import __version__, ending
from vrclient.writing import refuse_unwritable

if TYPE_CHECKING:
    from vrclient.app.session import Session
    from vrclient.display.select import Rejection

log = logging.getLogger(__name__)


class Evidence:
    """Filled while the program starts; `write` makes files of what there is by then.

    session              None while it is loading: nobody has seen a frame
    first_frame_seconds  from the process's start to its first frame; None before that
    """

    def __init__(self, showcase: str, /, *, report: Path | None = None, record: Path | None = None) -> None:
        self._showcase, self._report, self._record = showcase, report, record
        self.say: Callable[[str], None] = print
        """Tells the terminal."""
        self.session: Session | None = None
        self.rejected: tuple[Rejection, ...] = ()
        self.first_frame_seconds: float | None = None
        self.pictures: list[Path] = []
        self.complete = True
        """Whether all files could be written."""

    def refuse_unwritable(self) -> None:
        """Raises OSError where a file could not be written, before anybody visits."""
        for path in (self._report, self._record):
            if path is not None:
                refuse_unwritable(path)

    def write(self, why: str, /) -> None:
        """`why` the run has ended. Where it failed before anything was shown there is nothing to tell."""
        if self.session is None and why.startswith(ending.FAILED):
            return
        if self._report is not None:
            with self._kept(self._report):
                from vrclient.app.report import write_report

                write_report(self._figures(why), self._report)
        if self._record is not None:
            with self._kept(self._record):
                from vrclient.interaction.recording import Recorder, save_recording

                recorder = (self.session.recorder if self.session is not None else None) or Recorder()
                save_recording(recorder.recording(), self._record)
                with contextlib.suppress(OSError):  # the terminal may be gone
                    self.say(f"recorded: {len(recorder)} frames in {self._record}")

    @property
    def records(self) -> bool:
        """Whether the visit is to be taken down."""
        return self._record is not None

    @contextmanager
    def _kept(self, path: Path) -> Iterator[None]:
        """A file that cannot be written does not cost the other."""
        try:
            yield
        except Exception as error:
            log.error("%s was not written: %s", path, getattr(error, "strerror", None) or f"{type(error).__name__}: {error}")
            self.complete = False

    def _figures(self, why: str) -> dict[str, Any]:
        if self.session is None:
            known = {"version": __version__, "python": platform.python_version(), "showcase": self._showcase}
            return {**known, "display": None, "frames": 0, "ended": why}
        from vrclient.app.report import run_report

        pictures = self.pictures or self.session.visit.pictures
        figures = run_report(self.session, self.rejected, first_frame_seconds=self.first_frame_seconds, pictures=pictures)
        return {**figures, "ended": why}

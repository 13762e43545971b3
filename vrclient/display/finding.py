"""A headset, from the first question for one to its open session, all of it beside the frames: the search (search.py) asks until
a runtime has one, then that opens a session (openxr/backend.py), which may take seconds or be refused."""

import gc
import time
from collections.abc import Callable

from vrclient.display.openxr import messages
from vrclient.display.openxr.backend import Headset, HeadsetOpening
from vrclient.display.openxr.cards import cards, told
from vrclient.display.openxr.runtime import OpenXRError, Runtime, let_go, reason
from vrclient.display.search import HeadsetSearch

AFTER_REFUSAL_S, LONGEST_REFUSAL_S = 4.0, 60.0
"""Seconds until a headset that answered, but opened no session, is tried again: twice as long each time, up to the longest. What
refuses may be another graphics card, which takes a person to mend."""
FIRST_OPENING_S = 3.0
"""Seconds that the first frame waits for a headset that was there at the start; then the window begins without it."""
LONGEST_OPENING_S = 10.0
"""Seconds that a runtime may take to open a session before that is told; it may take longer."""


class HeadsetFinding:
    """`search` looks for headsets; `runtime` is one that has answered already. `begin` opens it, in the frames' thread, where the
    GL context is current. `drawn_with`: the graphics card. `clock` counts seconds.

    reason    why there is no headset, as far as is known
    clean     nothing of what was refused is left: a runtime that never answered may keep its instance and a thread"""

    def __init__(
        self,
        search: HeadsetSearch,
        runtime: Runtime | None,
        begin: Callable[[Runtime], HeadsetOpening],
        /,
        *,
        drawn_with: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clean = True
        self._search, self._found, self._begin, self._drawn_with, self._clock = search, runtime, begin, drawn_with, clock
        self._opening: HeadsetOpening | None = None
        self._patience = FIRST_OPENING_S if runtime is not None else 0.0
        self._refusals, self._began, self._told = 0, 0.0, False
        if runtime is None:
            search.start()

    @property
    def reason(self) -> str:
        """Of the last answer, or of the last loss."""
        return self._search.reason

    @reason.setter
    def reason(self, why: str) -> None:
        self._search.reason = why

    def start(self, *, after: float) -> None:
        """Looks for one again in so many seconds."""
        self._search.start(after=after)

    def worked(self) -> None:
        """The headset was seen: whatever is refused later is refused for the first time."""
        self._refusals = 0

    def take(self) -> tuple[Headset | None, str]:
        """A headset that is open by now, once; and why there is none, where that is news (also `reason` then)."""
        if self._opening is None:
            runtime, self._found = self._found or self._search.take(), None
            if runtime is None:
                return None, ""
            if (why := self._open(runtime)) or not self._patience:
                return None, why
        assert self._opening is not None
        opening, name = self._opening, self._opening.runtime.name
        patience, self._patience = self._patience, 0.0
        try:
            headset = opening.headset(seconds=patience)
        except Exception as error:  # whatever a runtime answers
            why = str(error)
            if isinstance(error, OpenXRError):
                why = reason("session", error, name, cards=told(self._drawn_with, cards()))
            let_go(error)
            self._opening = None
            self.clean = opening.close() and self.clean
            return None, self._refused(why)
        if headset is not None:
            self._opening = None
        elif not self._told and self._clock() - self._began > LONGEST_OPENING_S:
            self._told = True
            return None, self._because(messages.unanswered(LONGEST_OPENING_S, runtime=name).reason)
        return headset, ""

    def close(self) -> None:
        """Gives up, within a few seconds, whatever the runtime does."""
        self.clean = self._search.close() and self.clean
        if self._found is not None:
            self._found.close()
        if self._opening is not None:
            self.clean = self._opening.close() and self.clean

    def _open(self, runtime: Runtime) -> str:
        gc.collect()  # what the session before has left; nothing else collects while frames run
        self._began, self._told = self._clock(), False
        try:
            self._opening = self._begin(runtime)
        except Exception as error:  # whatever the driver says to it
            let_go(error)
            runtime.close()
            return self._refused(str(error))
        return ""

    def _refused(self, why: str) -> str:
        self._search.start(after=min(AFTER_REFUSAL_S * 2.0**self._refusals, LONGEST_REFUSAL_S))
        self._refusals += 1
        return self._because(why)

    def _because(self, why: str) -> str:
        self._search.reason = why
        return why

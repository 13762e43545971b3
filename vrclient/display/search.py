"""Looks for a headset beside the running frames: a thread of its own asks the runtime again and again, until there is one.

Asking costs the frames nothing: the runtime's calls leave Python's lock, and nothing here touches the graphics card."""

import logging
import threading

from vrclient.display.openxr.runtime import HeadsetUnavailable, Runtime, let_go, open_runtime

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""Seconds between an answer and the next question."""


LEAVING_S = 0.5
"""Seconds that a question under way has to end when nobody wants to know any more."""


class HeadsetSearch:
    """`reason` is why there is no headset, as the last answer said; "" before the first."""

    def __init__(self) -> None:
        self.reason = ""
        self._found: Runtime | None = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._answered = threading.Event()
        self._asking = False

    @property
    def running(self) -> bool:
        """A thread is asking; one that has its answer is not, though it may live a moment longer."""
        return self._asking

    def start(self, *, after: float = 0.0) -> None:
        """Begins to ask in `after` seconds, unless it is asking already."""
        if self.running:
            return
        self._ended.clear()
        self._asking = True
        self._thread = threading.Thread(target=self._ask, args=(after,), name="headset search", daemon=True)
        self._thread.start()

    def first(self, seconds: float, /) -> Runtime | None:
        """The runtime, where it is found at the first question and within `seconds`. The search goes on otherwise; `reason` says
        why there is none."""
        self.start()
        if not self._answered.wait(seconds):
            self.reason = "the headset's runtime does not answer; restart the headset's software"
        return self.take()

    def take(self) -> Runtime | None:
        """The runtime that was found, once; it is the caller's from then on."""
        found, self._found = self._found, None
        return found

    def close(self) -> bool:
        """Asks no more. False where the runtime hangs: it is left to itself, with the thread that asks it."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=LEAVING_S)
        if found := self.take():
            found.close()
        return self._thread is None or not self._thread.is_alive()

    def _ask(self, after: float) -> None:
        wait = after
        while not self._ended.wait(wait):
            try:
                found = open_runtime()
                self._asking, self._found = False, found
                self._answered.set()
                return
            except HeadsetUnavailable as error:
                self.reason = str(error)
                let_go(error)
            except Exception as error:  # whatever a runtime does, the next one may work
                self.reason = f"the headset's runtime cannot be asked: {error}"
                log.warning("headset: %s", self.reason)
            self._answered.set()
            wait = AGAIN_S

"""Looks for a headset beside the running frames: a thread of its own asks the runtime again and again, until there is one.

Asking costs the frames nothing: the runtime's calls leave Python's lock, and nothing here touches the graphics card."""

import threading

from vrclient.display.openxr.runtime import HeadsetUnavailable, Runtime, open_runtime

AGAIN_S = 1.0
"""Seconds between an answer and the next question."""


class HeadsetSearch:
    """`reason` is why there is no headset, as the last answer said; "" before the first."""

    def __init__(self) -> None:
        self.reason = ""
        self._found: Runtime | None = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
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

    def take(self) -> Runtime | None:
        """The runtime that was found, once; it is the caller's from then on."""
        found, self._found = self._found, None
        return found

    def close(self) -> None:
        """Asks no more. A runtime that hangs is left to itself."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)
        if found := self.take():
            found.close()

    def _ask(self, after: float) -> None:
        wait = after
        while not self._ended.wait(wait):
            try:
                found = open_runtime()
                self._asking, self._found = False, found
                return
            except HeadsetUnavailable as error:
                self.reason = str(error)
            wait = AGAIN_S

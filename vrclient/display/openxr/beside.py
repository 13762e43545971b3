"""Calls that may hang, made in a thread of their own: whoever asks waits for a while, then goes on without the answer.

A runtime that hangs mostly does so where it makes us wait for a frame. xrWaitFrame may be called from any thread (OpenXR 1.1,
"Frame Synchronization"), and so may xrPollEvent."""

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

LONGEST_S = 2.0
"""Seconds to wait for an answer."""

T = TypeVar("T")
_Answer = tuple[Any, BaseException | None]


class Beside:
    """One call at a time. `close` ends the thread; one that hangs is left to itself and does not keep the process alive."""

    def __init__(self, name: str) -> None:
        self._asked: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._pending: Callable[[], Any] | None = None
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def hangs(self) -> bool:
        """An answer is overdue."""
        return self._pending is not None

    def call(self, function: Callable[[], T], /) -> T | None:
        """What `function` gives or raises; None after LONGEST_S. From then on None at once, until the answer is there, which
        whoever asks for the same function gets."""
        late = self._pending is not None
        if not late:
            self._pending = function
            self._asked.put(function)
        elif self._pending != function:
            return None
        try:
            answer, error = self._answers.get(not late, LONGEST_S)
        except queue.Empty:
            return None
        self._pending = None
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """The thread ends, once it has no call in hand."""
        self._asked.put(None)

    def _run(self) -> None:
        while (function := self._asked.get()) is not None:
            try:
                self._answers.put((function(), None))
            except Exception as error:  # whoever asked handles it
                self._answers.put((None, error))

"""Calls that may hang, made in a thread of their own: whoever asks waits for a while, then goes on without the answer.

A runtime may stop answering in any call: its service is stopped, its driver hangs, its headset is pulled out. So everything that
a session is asked goes through one such thread, with a GL context of its own (graphics.py), and nothing of it holds a frame of
the window."""

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

LONGEST_S = 1.0
"""Seconds to wait for an answer: what follows has to stand on the glass within two."""

T = TypeVar("T")
_Answer = tuple[Any, BaseException | None]


class Overdue(RuntimeError):
    """The answer is not there in time. It may still come: ask again then."""


def never() -> bool:
    """Nobody but the runtime keeps us waiting."""
    return False


class BoundedCalls:
    """One call at a time, all of them in the same thread. `close` ends it; one that hangs is left to itself and does not keep the
    process alive."""

    def __init__(self, name: str) -> None:
        self._asked: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._pending = False
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def hangs(self) -> bool:
        """An answer is outstanding."""
        return self._pending

    def call(self, function: Callable[[], T], /, *, seconds: float = LONGEST_S, busy: Callable[[], bool] = never) -> T:
        """What `function` gives or raises. Raises Overdue after `seconds`, and from then on at once, until that answer is there,
        which nobody wants any more. While `busy`, we ourselves keep the runtime waiting, and no time counts."""
        self.ask(function)
        answer: T = self.take(seconds=seconds, busy=busy)
        return answer

    def ask(self, function: Callable[[], Any], /) -> None:
        """Begins a call; `take` gives the answer. Raises Overdue while there is another."""
        if self._pending:
            self.take()
        self._pending = True
        self._asked.put(function)

    def take(self, *, seconds: float = 0.0, busy: Callable[[], bool] = never) -> Any:
        """The answer to what was asked, or its exception. Raises Overdue where it does not come in time."""
        while True:
            try:
                answer, error = self._answers.get(seconds > 0.0, seconds)
                break
            except queue.Empty:
                if not busy():
                    raise Overdue from None
        self._pending = False
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """The thread ends, once it has no call in hand."""
        self._asked.put(None)

    def _run(self) -> None:
        while (function := self._asked.get()) is not None:
            try:
                answer: _Answer = (function(), None)
            except Exception as error:  # whoever asked handles it
                answer = (None, error)
            self._answers.put(answer)
            del answer, function

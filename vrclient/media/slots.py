"""The memory that a film's process and the program share: a few pictures with their times, and the second that is wanted.

One writes, the other reads, and neither ever waits: a number counts up before and after each change of a picture, so that a
reader knows whether it has got a whole one."""

import math

import numpy as np

from vrclient.shared_memory import Memory

COUNT = 4
"""Pictures: the one that is shown, two that come, one that is being drawn."""
HEAD = 4096
"""Bytes before the first picture."""
_WANTED, _BEAT, _CHANGES, _TIMES = 0, 1, 2, 2 + COUNT


class Slots:
    """`pixels`: of each slot [H, W, 4] BGRX, the bottom row first."""

    def __init__(self, memory: Memory, width: int, height: int, /) -> None:
        block = memory.mapped(HEAD + COUNT * 4 * width * height)
        self._head = memoryview(block)[:HEAD].cast("d")
        shape, size = (height, width, 4), 4 * width * height
        self.pixels = [np.frombuffer(block, np.uint8, size, HEAD + k * size).reshape(shape) for k in range(COUNT)]

    @property
    def wanted(self) -> float:
        """Seconds since the film began; written by who looks."""
        return self._head[_WANTED]

    @wanted.setter
    def wanted(self, second: float) -> None:
        self._head[_WANTED] = second

    @property
    def beats(self) -> float:
        """Grows as long as the film's process is alive."""
        return self._head[_BEAT]

    def beat(self) -> None:
        self._head[_BEAT] += 1.0

    def empty(self) -> None:
        for slot in range(COUNT):
            self._head[_TIMES + slot] = math.nan

    def begin(self, slot: int, /) -> None:
        """This slot is being drawn from now on."""
        self._head[_TIMES + slot] = math.nan
        self._head[_CHANGES + slot] += 1.0

    def finish(self, slot: int, second: float, /) -> None:
        self._head[_CHANGES + slot] += 1.0
        self._head[_TIMES + slot] = second

    def changes(self, slot: int, /) -> float:
        return self._head[_CHANGES + slot]

    def due(self, second: float, /) -> tuple[int, float] | None:
        """(slot, time) of the newest picture up to that second."""
        found, newest = -1, -math.inf
        for slot, at in enumerate(self._head[_TIMES : _TIMES + COUNT]):
            if newest < at <= second:
                found, newest = slot, at
        return (found, newest) if found >= 0 else None

    def free(self, second: float, /) -> int | None:
        """A slot without a picture that is due at that second or later."""
        due = self.due(second)
        for slot, at in enumerate(self._head[_TIMES : _TIMES + COUNT]):
            if math.isnan(at) or (due is not None and at < due[1]):
                return slot
        return None

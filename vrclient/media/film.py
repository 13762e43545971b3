"""A film that is played: a process decodes it (worker.py), this end takes the pictures that are due, and never waits for it."""

import contextlib
import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient import own_process
from vrclient.media.slots import Slots
from vrclient.media.worker import COMMAND
from vrclient.shared_memory import Memory

OPENING, STALLED = 30.0, 20.0
"""Seconds after which a film that is not open yet, or has stood still while others ran, counts as broken."""


class FilmPlayer:
    """Begins at once, beside the frames; starting the process takes some milliseconds.

    problem  why it cannot be shown (any longer), in words that continue "'film.mp4' "
    size     width and height in pixels, once they are known: upright, with square pixels"""

    def __init__(self, file: Path, /) -> None:
        self.problem: str | None = None
        self.size: tuple[int, int] | None = None
        self._memory = Memory()
        self._slots: Slots | None = None
        self._shown: tuple[int, float] | None = None
        self._began = self._looked = time.monotonic()
        self._beats = 0.0
        self._closed = False
        command = [*COMMAND, "film", str(file), self._memory.handle]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=self._memory.inherited,
            creationflags=own_process.flags(),
        )
        threading.Thread(target=self._listen, name=f"film {file.name}", daemon=True).start()

    def picture(self, second: float, /) -> "NDArray[np.uint8] | None":
        """[H, W, 4] BGRX, the bottom row first, where another picture than the last one is due at that second of the film: copy
        it now, and ask `is_whole` then. None where there is nothing new."""
        if self._slots is None or self._closed:
            self._watch(OPENING)
            return None
        self._slots.wanted = second
        self._watch(STALLED)
        due = self._slots.due(second)
        if due is None:
            return None
        shown = (due[0], self._slots.changes(due[0]))
        if shown == self._shown:
            return None
        self._shown = shown
        return self._slots.pixels[due[0]]

    def is_whole(self) -> bool:
        """Whether the picture that was given last has not changed since. If it has, the next `picture` is another one."""
        assert self._slots is not None and self._shown is not None
        whole = self._slots.changes(self._shown[0]) == self._shown[1]
        if not whole:
            self._shown = None
        return whole

    def close(self) -> None:
        """Ends the process, and waits for that: a few milliseconds."""
        self._closed = True
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._slots = None
        self._memory.close()

    def _watch(self, patience: float) -> None:
        """Ends a process that does nothing any more."""
        now = time.monotonic()
        beats = self._slots.beats if self._slots is not None else 0.0
        if beats != self._beats:
            self._beats, self._began = beats, now
        if now - self._looked > 1.0:  # nobody has looked for a while: it had no chance to be late
            self._began += now - self._looked
        self._looked = now
        if now - self._began > patience and self.problem is None and not self._closed:
            self.problem = "is damaged: FFmpeg never finishes reading it"
            self._process.kill()

    def _listen(self) -> None:
        """A thread: what the process says, until it ends."""
        assert self._process.stdout is not None
        said = "will not play: the process that reads films and sounds does not start"
        with self._process.stdout as answers:
            for line in answers:
                with contextlib.suppress(OSError, ValueError, LookupError, TypeError):  # closed meanwhile, or nonsense
                    answer: dict[str, Any] = json.loads(line)
                    said = "is damaged: FFmpeg fails while reading it" if "ready" in answer else _said(answer) or said
                    if "size" in answer and not self._closed:
                        width, height = answer["size"]
                        self._slots = Slots(self._memory, width, height)
                        self.size = (width, height)
        self._process.wait()
        if not self._closed and self.problem is None:
            self.problem = said


def _said(answer: dict[str, Any]) -> str | None:
    if "unreadable" in answer:
        return f"cannot be read: {answer['unreadable']}"
    if "unknown" in answer:
        return "is not a film that can be played"
    return f"is damaged: {answer['problem']}" if "problem" in answer else None

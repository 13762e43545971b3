"""The processes that a supervisor starts: the client and the cover. None outlives it; what one left behind that was killed is
ended before anything else is started."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vrclient import own_process
from vrclient.link.board import Board
from vrclient.link.messages import AnyOrder
from vrclient.writing import whole_file

CLIENT = own_process.command("vrclient.cli.stand_client:main")
COVER = own_process.command("vrclient.cover.window:main")
LINES, LONGEST_LINE = 200, 400
"""Of what a process says on its standard error, the last ones are kept."""
ENDS_S = 5.0


class Child:
    """A process with a board between it and us. Orders are given one after the other, each once the last one was followed."""

    def __init__(self, command: list[str], start: Mapping[str, Any], /, *, environment: Mapping[str, str] | None = None) -> None:
        """To be called in the thread that stays: Linux ends the process with that thread. Raises OSError."""
        self.board = Board()
        self.board.supervise()
        self.lines: deque[str] = deque(maxlen=LINES)
        self.started_at = time.monotonic()
        self._orders: deque[AnyOrder] = deque(maxlen=50)
        self._ordered = 0
        self._process = subprocess.Popen(
            [*command, json.dumps({**start, "parent": os.getpid(), "handle": self.board.handle})],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(environment) if environment is not None else None,
            pass_fds=self.board.inherited,
            start_new_session=True,
        )
        self.board.close()
        threading.Thread(target=self._listen, name="child", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_status(self) -> int | None:
        """None while it lives; negative: ended by a signal."""
        return self._process.poll()

    def order(self, order: AnyOrder, /) -> None:
        """Gives it, now or once those before were followed."""
        self._orders.append(order)

    def tend(self, answered: int, /) -> None:
        """Says that we are there, and gives the next order, if the last one that is `answered` was the last one given."""
        self.board.supervise()
        if self._orders and answered >= self._ordered:
            self._ordered = self.board.order(self._orders.popleft())

    def end(self) -> None:
        """The process and all that it has started, at once."""
        end_group(self._process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDS_S)

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines, contextlib.suppress(OSError, ValueError):
            for line in lines:
                self.lines.append(line.decode("utf-8", "backslashreplace").rstrip()[:LONGEST_LINE])


class Left:
    """Which processes were started, in a file: for the supervisor after one that was killed."""

    def __init__(self, file: Path, /) -> None:
        self._file = file

    def write(self, *children: Child | None) -> None:
        """Those that live now. A full disk costs nothing but this help."""
        found = {str(one.pid): _started(one.pid) for one in children if one is not None and one.exit_status() is None}
        with contextlib.suppress(OSError), whole_file(self._file) as file:
            file.write(json.dumps(found).encode())

    def found(self) -> tuple[int, ...]:
        """Those of the last run that live still."""
        return tuple(pid for pid, start in self._read() if start is not None and _started(pid) == start)

    def _read(self) -> Iterator[tuple[int, str | None]]:
        try:
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return
        if isinstance(found, dict):
            for pid, start in found.items():
                if pid.isdecimal() and isinstance(start, str | None):
                    yield int(pid), start


def end_group(pid: int, /) -> bool:
    """A process and all that it has started, at once; whether there was one."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)  # TerminateProcess
        else:
            os.killpg(pid, signal.SIGKILL)
    except (OSError, OverflowError):
        return False
    return True


def _started(pid: int) -> str | None:
    """When a process started, so that a number that was given anew is no mistake; None where nobody knows."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None

"""A process of worker.py that answers questions about files, one after the other. It is started with the first, and ends when
nobody has asked for a while; a file that kills it is one that is damaged."""

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from vrclient import own_process
from vrclient.media.worker import COMMAND

PATIENCE = 60.0
"""Seconds after which a question counts as not to be answered."""
BLOCK = 1 << 16
"""Bytes that are read at once."""


class DoesNotStart(Exception):
    """No process reads files here. The text says why, and is no sentence of its own: "no module named 'av'"."""


class MediaService:
    """For any thread; they wait for each other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._is_ready = False
        self._lock = threading.Lock()
        self._closed = False

    def begin(self) -> None:
        """Starts the process, if there is none, without waiting until it can answer: whoever will soon ask something waits the
        less."""
        with self._lock, contextlib.suppress(DoesNotStart):
            if not self._closed:
                self._start()

    def ask(self, what: str, file: Path, /, *, give_way: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """The answer (worker.py); {"problem": ...} where the file ends the process, and ends another one too: one alone may have
        been about to end, as it does when nobody asks, or somebody else ended it. What follows an answer is in `content`, as
        bytes; while it comes, `give_way` is called, and may raise to break off. Raises DoesNotStart."""
        with self._lock:
            answer = self._answer(what, file, give_way)
            if answer is None and not self._closed:
                answer = self._answer(what, file, give_way)
            return answer if answer is not None else {"problem": "FFmpeg fails while reading it"}

    def close(self) -> None:
        """Ends the process, and with it whatever it is asked just now; it answers nothing any more."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process, self._is_ready = self._process, None, False
        if self._errors is not None:
            self._errors.close()
            self._errors = None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):  # it still holds a question that nobody reads
                        stream.close()

    def _start(self) -> None:
        """There is a process, whether or not it can answer yet. Raises DoesNotStart."""
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        self._errors = _somewhere()
        try:
            self._process = subprocess.Popen(
                [*COMMAND, "serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                creationflags=own_process.flags(),
            )
        except OSError as error:
            self._end()
            raise DoesNotStart(str(error)) from error

    def _started(self) -> "subprocess.Popen[bytes]":
        """The process, ready to answer. Raises DoesNotStart."""
        self._start()
        process = self._process
        assert process is not None and process.stdout is not None and self._errors is not None
        if not self._is_ready:
            with _ended_when_late(process):
                line = process.stdout.readline()
            said = json.loads(line) if line else {}
            if "ready" not in said:
                ended = process.wait()
                reason = said.get("missing") or f"it ends with {ended}{_last_line(self._errors)}"
                self._end()
                if not self._closed:
                    raise DoesNotStart(reason)
            self._is_ready = True
        return process

    def _answer(self, what: str, file: Path, give_way: Callable[[], None]) -> dict[str, Any] | None:
        """None where the process has ended."""
        if self._closed:
            return None
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        try:
            with _ended_when_late(process):
                return self._asked(process, what, file, give_way)
        except (BrokenPipeError, EOFError, ValueError):
            self._end()
            return None
        except BaseException:
            self._end()
            raise

    def _asked(self, process: "subprocess.Popen[bytes]", what: str, file: Path, give_way: Callable[[], None]) -> dict[str, Any]:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"what": what, "file": str(file.absolute())}).encode() + b"\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())  # nothing is no JSON: a ValueError
        if "bytes" in answer:
            answer["content"] = self._content(process, answer["bytes"], give_way)
        return answer

    def _content(self, process: "subprocess.Popen[bytes]", size: int, give_way: Callable[[], None]) -> bytearray:
        assert process.stdout is not None
        content = bytearray()
        while len(content) < size:
            block = process.stdout.read(min(BLOCK, size - len(content)))
            if not block:
                raise EOFError
            content += block
            give_way()
        return content


def _somewhere() -> IO[bytes]:
    """A file for what the process says before it fails; one that keeps nothing where no file can be made, as on a full disk."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return open(os.devnull, "w+b")  # noqa: PTH123


def _last_line(errors: IO[bytes]) -> str:
    """The last line of what a process says before it ends, without what a terminal would carry out."""
    errors.seek(0)
    lines = errors.read()[-2000:].decode("utf-8", "replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    return ": " + "".join(letter if letter.isprintable() else " " for letter in last[:200]).strip() if last else ""


@contextlib.contextmanager
def _ended_when_late(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    late = threading.Timer(PATIENCE, process.kill)
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()

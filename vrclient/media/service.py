"""A process of worker.py that answers questions about files, one after the other. It is started with the first, and ends when
nobody has asked for a while; a file that kills it is one that is damaged."""

import json
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vrclient.media.worker import COMMAND, process_flags

PATIENCE = 60.0
"""Seconds after which a question counts as not to be answered."""
BLOCK = 1 << 16
"""Bytes that are read at once."""


class Service:
    """For any thread; they wait for each other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, what: str, file: Path, /, *, give_way: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """The answer (worker.py); {"problem": ...} where there is none. What follows an answer is in `content`, as bytes; while
        it comes, `give_way` is called, and may raise to break off."""
        with self._lock:
            used = self._process is not None and self._process.poll() is None
            answer = self._answer(what, file, give_way)
            if answer is None and used and not self._closed:  # it may have ended just before, as it does when nobody asks
                answer = self._answer(what, file, give_way)
            return answer if answer is not None else {"problem": "FFmpeg breaks off over it"}

    def close(self) -> None:
        """Ends the process, and with it whatever it is asked just now; it answers nothing any more."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _answer(self, what: str, file: Path, give_way: Callable[[], None]) -> dict[str, Any] | None:
        """None where the process has ended."""
        process = self._process
        if self._closed:
            return None
        if process is None or process.poll() is not None:
            self._end()
            process = self._process = subprocess.Popen(
                [*COMMAND, "serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=process_flags(),
            )
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(PATIENCE, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(json.dumps({"what": what, "file": str(file.absolute())}).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                return None
            answer: dict[str, Any] = json.loads(line)
            if "bytes" in answer:
                answer["content"] = self._content(process, answer["bytes"], give_way)
            return answer
        except (BrokenPipeError, EOFError, ValueError):
            return None
        except BaseException:
            self._end()
            raise
        finally:
            late.cancel()

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

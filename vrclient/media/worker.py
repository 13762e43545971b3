"""The processes that read films and recordings. One plays a film; another answers questions about files and decodes recordings.
What kills one of them, or fills its memory, ends no visit.

    worker film FILE HANDLE   says on its standard output, in a line of JSON, how large the pictures are; then fills the memory of
                              slots.py
    worker serve              answers each line of JSON on its standard input with one on its standard output, and what follows

Before anything else either says that it is `ready`: what ends one earlier is no fault of a file.
Each ends when its standard input does: so none outlives the program, however that ends."""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from vrclient import own_process

COMMAND = own_process.command("vrclient.media.worker:main")

MOST_BYTES = 1536 * 2**20
"""A process takes no more memory of its own (where the system counts it); the largest film that is played takes about a third."""
NICENESS = 3
"""Frames go first."""
RESTED = 10.0
"""Seconds after which a process that nobody asks anything ends."""


def main() -> None:
    """The process."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything else prints is no answer
    for name in ("SIGINT", "SIGHUP"):  # they are for the program, which ends this process
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _within_bounds()
    try:
        match sys.argv[1:]:
            case ["film", file, handle]:
                _film(Path(file), handle, answers)
            case ["serve"]:
                _serve(answers)
    except ImportError as error:
        _say(answers, missing=str(error))
    except Exception as error:
        _say(answers, **_problem(error))
    os._exit(0)


def _film(file: Path, handle: str, answers: BinaryIO) -> None:
    import av  # noqa: TID251

    from vrclient.media.reel import Reel, play
    from vrclient.media.slots import Slots
    from vrclient.shared_memory import Memory

    _requests()  # nobody asks anything, but it ends with them
    av.logging.set_level(av.logging.PANIC)
    _say(answers, ready=True)
    with _readable(file) as stream:
        reel = Reel(stream)
        slots = Slots(Memory(handle), *reel.size)
        slots.empty()
        _say(answers, size=reel.size)
        play(reel, slots)


def _serve(answers: BinaryIO) -> None:
    import av  # noqa: TID251

    from vrclient.media.contents import inspected, samples

    requests = _requests()
    av.logging.set_level(av.logging.PANIC)
    _say(answers, ready=True)
    while True:
        try:
            request: dict[str, Any] = json.loads(requests.get(timeout=RESTED))
        except queue.Empty:
            return
        try:
            with _readable(Path(request["file"])) as stream:
                if request["what"] == "facts":
                    _say(answers, **inspected(stream))
                else:
                    rate, content = samples(stream)
                    _say(answers, rate=rate, bytes=content.nbytes)
                    answers.write(content.data)
                    answers.flush()
        except Exception as error:
            _say(answers, **_problem(error))


class _UnreadableFile(Exception):
    """The system's word for it."""


def _readable(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise _UnreadableFile(error.strerror or str(error)) from error


def _say(answers: BinaryIO, **answer: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        answers.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
        answers.flush()


def _problem(error: Exception) -> dict[str, object]:
    """`problem` continues "'film.mp4' is damaged: "; `unknown`: it is no file that is read here."""
    from av.error import FFmpegError  # noqa: TID251

    from vrclient.media.container import Unknown, Unusable

    match error:
        case Unknown():
            return {"unknown": True}
        case _UnreadableFile():
            return {"unreadable": str(error)}
        case Unusable():
            return {"problem": str(error)}
        case MemoryError():
            return {"problem": "decoding it takes too much memory"}
        case FFmpegError():
            return {"problem": f"FFmpeg says '{error.strerror}'"}
        case OSError():
            return {"problem": f"it cannot be read: {error.strerror or error}"}
        case _:
            return {"problem": f"{type(error).__name__}: {error}"}


def _requests() -> "queue.SimpleQueue[bytes]":
    """What comes on the standard input, as it comes; the process ends with it. Libraries are loaded before: on Windows one that
    asks about the standard input when it is loaded, as numpy's does, waits for whoever reads from it."""
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    return requests


def _read(requests: "queue.SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(1)


def _within_bounds() -> None:
    """Less urgent than frames, and no more memory than a film needs. On Windows, whoever starts the process says the first."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if sys.platform.startswith("linux"):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

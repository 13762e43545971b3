"""Values from one process to another through a file: pickles beside the memory of their arrays, which the receiver maps and does
not copy.

What is written is a row of parts, read one at a time, so that whoever reads them can do something else in between. Parts
share what they have in common: put first what is large and many, last the value that refers to it all. Only for files that this
program itself has just written: a pickle can run code."""

import contextlib
import io
import mmap
import os
import pickle
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

ALIGNMENT = 64
"""Bytes: arrays begin at multiples of it, as visibility/ likes them."""
GONE_WHEN_CLOSED = getattr(os, "O_TEMPORARY", 0)
"""How a file is opened that is to go when nobody maps it any more. Windows must be told; elsewhere it may be removed at once."""
PREFIX, SUFFIX = "vrclient-", ".arrays"
_TAIL = 8


def write_shared_arrays(path: Path, parts: Iterable[object], /) -> None:
    """Writes all parts into a file that is there: one that was cleared away in the meantime stays away. Raises OSError."""
    with path.open("r+b") as file:
        places: list[tuple[int, int]] = []

        def beside(buffer: pickle.PickleBuffer) -> None:
            raw = buffer.raw()
            places.append((_aligned(file), raw.nbytes))
            file.write(raw)

        stream = io.BytesIO()
        pickler = pickle.Pickler(stream, protocol=5, buffer_callback=beside)
        count = 0
        for part in parts:
            pickler.dump(part)
            count += 1
        index = pickle.dumps((count, places, stream.getvalue()), protocol=5)
        start = _aligned(file)
        file.write(index)
        file.write(start.to_bytes(_TAIL, "little"))


def _aligned(file: BinaryIO) -> int:
    file.write(bytes(-file.tell() % ALIGNMENT))
    return file.tell()


class SharedArraysFile:
    """An empty file for shared arrays. It is held until `close`, or until this process is gone, however that comes:
    `clear_shared_arrays` leaves alone what is held."""

    def __init__(self) -> None:
        """Raises OSError."""
        while True:
            self.path = Path(tempfile.gettempdir()) / f"{PREFIX}{uuid.uuid4().hex}{SUFFIX}"
            self._held: int | None = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            if _held_alone(self._held) and os.fstat(self._held).st_nlink:
                return
            self._release()  # somebody has just cleared it away

    def take(self) -> "SharedArrays":
        """What was written there; nobody else can have it then. Raises OSError, and ValueError where nothing was."""
        if GONE_WHEN_CLOSED:
            self._release()
        return SharedArrays(self.path)

    def close(self) -> None:
        """The file goes, if it is still there."""
        if not GONE_WHEN_CLOSED:
            with contextlib.suppress(OSError):
                self.path.unlink()
        self._release()
        if GONE_WHEN_CLOSED:
            with contextlib.suppress(OSError):  # one that is mapped goes by itself
                self.path.unlink()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            os.close(held)


def clear_shared_arrays() -> None:
    """Removes what programs that were killed have left: files of this user that no living process holds."""
    try:
        left = list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*{SUFFIX}"))
    except OSError:  # no file can be made here, so none was
        return
    for path in left:
        with contextlib.suppress(OSError):
            file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            try:
                is_ours = os.fstat(file).st_uid == os.geteuid() if hasattr(os, "geteuid") else True
                if is_ours and _held_alone(file):
                    if GONE_WHEN_CLOSED:
                        os.close(file)
                        file = -1
                    path.unlink()
            finally:
                if file >= 0:
                    os.close(file)


def _held_alone(file: int) -> bool:
    """Whether nobody else holds it. On Windows an open file cannot be removed, and holding it open is enough."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class SharedArrays:
    """What was written. Arrays of its parts are the file's memory: they may be changed, and the file does not change.
    Once it is open, the file may be removed; on Windows it goes by itself."""

    def __init__(self, path: Path, /) -> None:
        """Raises OSError, and ValueError for an empty file."""
        file = os.open(path, os.O_RDONLY | GONE_WHEN_CLOSED)
        try:
            memory = memoryview(mmap.mmap(file, 0, access=mmap.ACCESS_COPY))
        finally:
            os.close(file)
        start = int.from_bytes(memory[-_TAIL:], "little")
        self.count, places, stream = pickle.loads(memory[start:-_TAIL])
        buffers = (memory[at : at + size] for at, size in places)
        self._unpickler = pickle.Unpickler(io.BytesIO(stream), buffers=buffers)

    def parts(self) -> Iterator[Any]:
        """One part after the other; once."""
        for _ in range(self.count):
            yield self._unpickler.load()

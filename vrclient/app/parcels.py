"""Values from one process to another through a file: pickles beside the memory of their arrays, which the receiver maps and does
not copy.

A parcel is a row of parts, read one at a time, so that whoever reads them can do something else in between. Parts share what
they have in common: put first what is large and many, last the value that refers to it all. Only for files that this program
itself has just written: a pickle can run code."""

import io
import mmap
import os
import pickle
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

ALIGNMENT = 64
"""Bytes: arrays begin at multiples of it, as visibility/ likes them."""
GONE_WHEN_CLOSED = getattr(os, "O_TEMPORARY", 0)
"""How a file is opened that is to go when nobody maps it any more. Windows must be told; elsewhere it may be removed at once."""
_TAIL = 8


def write_parcel(path: Path, parts: Iterable[object], /) -> None:
    """Writes all parts. Raises OSError."""
    with path.open("xb") as file:
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


def new_parcel_path() -> Path:
    """Where the next one may be written."""
    return Path(tempfile.gettempdir()) / f"vrclient-{uuid.uuid4().hex}.parcel"


class Parcel:
    """A parcel that was written. Arrays of its parts are the file's memory: they may be changed, and the file does not change.
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

"""Files that are there whole or not at all: written beside their place, then put there in one step."""

import contextlib
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def refuse_unwritable(path: Path, /) -> None:
    """Raises OSError where `whole_file` would: for asking before the work is done. The folder is made."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    kind = _kind(target)
    if kind is None:
        beside = _beside(target)
        with _told_of(path):
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        beside.unlink()
    elif stat.S_ISDIR(kind):
        raise IsADirectoryError(21, "this is a folder; give the name of a file", str(path))
    elif not os.access(target, os.W_OK):
        raise PermissionError(13, "there is no permission to write this file", str(path))


@contextmanager
def whole_file(path: Path, /) -> Iterator[BinaryIO]:
    """A file to write; it takes the place of `path` when the block ends, and leaves nothing when the block fails. The folder is
    made; a link stays a link, a device or pipe is written as it is. Raises OSError."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    kind = _kind(target)
    if kind is not None and not stat.S_ISREG(kind):
        with target.open("wb") as device:
            yield device
        return
    beside = _beside(target)
    try:
        with _told_of(path):
            created = beside.open("xb")
        with created as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _kind(path: Path) -> int | None:
    """The mode of what is there; None where nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """An error names the file that is wanted, not the one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _beside(path: Path) -> Path:
    return path.with_name(f".{uuid.uuid4().hex[:12]}.part")

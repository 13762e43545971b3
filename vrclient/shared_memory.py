"""Memory that the program shares with a process of its own (own_process.py). Nothing of it outlives both: it has no name that
could stay behind, and takes no place on a disk. What lies in it is said where it is needed."""

import mmap
import os
import sys
import tempfile


class Memory:
    """Memory that two processes can map. `handle` says to the other one which it is."""

    def __init__(self, handle: str | None = None, /) -> None:
        self._file = -1
        if sys.platform == "win32":  # memory with a name, gone with its last user
            self.handle = handle or f"vrclient-{os.getpid()}-{os.urandom(8).hex()}"
            return
        if handle is not None:
            self._file = int(handle)
        elif hasattr(os, "memfd_create"):
            self._file = os.memfd_create("vrclient", os.MFD_CLOEXEC)
        else:
            with tempfile.TemporaryFile() as file:
                self._file = os.dup(file.fileno())
        self.handle = str(self._file)

    @property
    def inherited(self) -> tuple[int, ...]:
        """Files that the other process must be given."""
        return () if sys.platform == "win32" else (self._file,)

    def mapped(self, size: int, /) -> mmap.mmap:
        if sys.platform == "win32":
            return mmap.mmap(-1, size, tagname=self.handle)
        if os.fstat(self._file).st_size < size:
            os.ftruncate(self._file, size)
        return mmap.mmap(self._file, size)

    def close(self) -> None:
        if sys.platform != "win32" and self._file >= 0:
            os.close(self._file)
            self._file = -1

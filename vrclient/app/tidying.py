"""Memory over a long day: what was given back goes back to the system, and nothing that is no longer needed waits for ever.

What is kept is bounded where it is kept: places in places.py, pictures in panel_pictures.py and renderer/pictures.py, films in
renderer/movies.py, tiles in panels/tiles.py. docs/performance.md has them all. This only sees to it that freed means free."""

import ctypes
import gc
import sys
import threading
from functools import cache

LARGE_BYTES = 1 << 20
"""What is larger is fetched from the system for itself, and goes back to it when it is freed. Else glibc learns from the first
large block that is freed to keep such blocks among the small ones, and a process that opens and closes places is soon twice as
large as what it holds."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Names of glibc's malloc.h."""
YOUNG_FRAMES = 256
"""So many frames apart, what was made and dropped since is looked through for rings; in the time of a frame's own noise."""


def settle() -> None:
    """Before the first frame: how memory is fetched from now on; what building has left goes back."""
    c = _glibc()
    if c is not None:
        c.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        c.mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)
    give_back()


def give_back() -> None:
    """Freed memory goes back to the system, beside the frames: it takes some milliseconds."""
    c = _glibc()
    if c is not None:
        threading.Thread(target=c.malloc_trim, args=(0,), name="tidying", daemon=True).start()


def after_frame(number: int, /) -> None:
    """Rings among young objects: nothing else collects while frames run (frame.collector_frozen)."""
    if number % YOUNG_FRAMES == 0:
        gc.collect(0)


def between_visitors() -> None:
    """Nobody is there: everything is looked through, which takes longer than a frame."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


@cache
def _glibc() -> ctypes.CDLL | None:
    """The C library, where it is glibc; others give memory back by themselves."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None

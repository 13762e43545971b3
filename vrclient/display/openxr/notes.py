"""What runtimes print to the standard error, kept from the person at the terminal."""

import contextlib
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def native_errors_logged() -> Iterator[None]:
    """What libraries print to the standard error within the block goes to the log as details: a runtime whose service is away
    prints ten lines at every question. The program's own lines have a descriptor of their own (cli/console.py). Where there
    is no standard error, or another thread is in such a block, nothing is redirected."""
    if not _one_at_a_time.acquire(blocking=False):
        yield
        return
    try:
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                stack.enter_context(_redirected())
            yield
    finally:
        _one_at_a_time.release()


_one_at_a_time = threading.Lock()


@contextmanager
def _redirected() -> Iterator[None]:
    with tempfile.TemporaryFile("w+", errors="replace") as notes:
        kept = os.dup(2)
        os.dup2(notes.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            notes.seek(0)
            if text := notes.read().strip():
                log.debug("the runtime's notes:\n%s", text)

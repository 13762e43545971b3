"""What runtimes print to the standard error, kept from the person at the terminal."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def native_errors_logged() -> Iterator[None]:
    """What libraries print to the standard error within the block goes to the log as details: a runtime whose service is away
    prints ten lines at every question. What the program itself prints in these milliseconds goes there too."""
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

"""What nobody below has put into words is put into words here: one line and an exit status. A fault of the program itself leaves
its traceback in a file, for whoever mends it."""

import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from vrclient.cli.exits import FAULT, PROBLEMS, READER_LEFT, WRONG_USAGE


def said(error: Exception, /) -> int:
    """Says it; the exit status."""
    from vrclient.cli.arguments import Usage
    from vrclient.cli.problems import print_problems
    from vrclient.cli.terminal import ReaderLeft, Terminal
    from vrclient.paths import MissingFolder
    from vrclient.showcase.find import NoSuchShowcase, shortened
    from vrclient.showcase.settings import BadSettings

    if isinstance(error, ReaderLeft | BrokenPipeError):
        return READER_LEFT
    status = PROBLEMS
    if isinstance(error, BadSettings):
        with suppress(OSError, ReaderLeft):
            print_problems(error.diagnostics, Terminal(stderr=True), who="vrclient")
        return WRONG_USAGE
    if isinstance(error, Usage | NoSuchShowcase):
        text, status = str(error), WRONG_USAGE
    elif isinstance(error, MissingFolder):
        text = str(error)
    elif isinstance(error, OSError):
        text = f"{shortened(str(error.filename or 'the output cannot be written'))}: {error.strerror or error}"
    else:
        kept = _kept(error)
        text = f"{type(error).__name__}: {error}; this is a fault in vrclient, please report it" + (
            f" with {kept}" if kept else ""
        )
        status = FAULT
    with suppress(OSError, ReaderLeft):
        Terminal(stderr=True).print(f"vrclient: {text}")
        sys.stderr.flush()
    return status


def _kept(error: Exception) -> Path | None:
    """The file that has the traceback."""
    import platformdirs

    for folder_of in (lambda: platformdirs.user_log_path("vrclient", appauthor=False), lambda: Path(tempfile.gettempdir())):
        with suppress(OSError, RuntimeError):  # no home
            folder = folder_of()
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "vrclient-fault.txt"
            file.write_text("".join(traceback.format_exception(error)), "utf-8", "backslashreplace")
            return file
    return None

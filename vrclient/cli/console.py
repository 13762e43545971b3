"""What commands share towards the person at the terminal: words in place of tracebacks."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from vrclient.app.opening import BadShowcase
from vrclient.cli.arguments import Usage
from vrclient.cli.exits import NOTHING_TO_SHOW_ON, PROBLEMS, WRONG_USAGE
from vrclient.cli.last_resort import said
from vrclient.cli.problems import print_problems
from vrclient.cli.terminal import printable_lines
from vrclient.display.backend import DisplayUnavailable
from vrclient.display.select import NothingToShowOn
from vrclient.interaction.recording import BadRecording
from vrclient.showcase.diagnostics import counted, printable
from vrclient.showcase.find import NoSuchShowcase
from vrclient.showcase.settings import BadSettings


class Lines(logging.Formatter):
    """What a display does is said as it stands, such as "display: headset (...)"; anything else with how grave it is."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        text = printable_lines(super().format(record))
        return text if record.name.startswith("vrclient.display") else f"{record.levelname}: {text}"


def log_to_terminal() -> None:
    """Warnings, and every change of the display."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr.fileno() == 2:  # runtimes' own lines are caught at descriptor 2 (display/openxr/notes.py), ours are not
            sys.stderr = open(os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")  # noqa: SIM115, PTH123
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("vrclient.display").setLevel(logging.INFO)


@contextmanager
def failures(notes: Console) -> Iterator[list[int]]:
    """Turns what may go wrong into words and an exit status: the list's one entry."""
    log_to_terminal()
    outcome = [0]
    try:
        yield outcome
    except BadShowcase as error:
        print_problems(error.diagnostics, notes)
        notes.print(f"{printable(str(error.path))}: {counted(error.diagnostics)}")
        outcome[0] = PROBLEMS
    except BadSettings as error:
        print_problems(error.diagnostics, notes, who="vrclient")
        outcome[0] = WRONG_USAGE
    except (Usage, NoSuchShowcase, BadRecording) as error:
        notes.print(f"vrclient: {error}")
        outcome[0] = WRONG_USAGE
    except (NothingToShowOn, DisplayUnavailable) as error:
        notes.print(str(error))
        notes.print("run 'vrclient doctor' to see what is missing and what to do about it")
        outcome[0] = NOTHING_TO_SHOW_ON
    except OSError as error:
        outcome[0] = said(error)

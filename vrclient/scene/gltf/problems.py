"""What is wrong with a glTF file, as values. Nothing here reads files; the caller says which line asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

REWRITE = "the file is damaged or was written wrongly: export it again; the Khronos glTF Validator tells more"
"""What to do where nothing better is known."""

HARMLESS = "it is drawn all the same; compare it with another viewer, and export it again if it looks wrong"
"""What to do where a file breaks the specification without harm."""

UNDRAWN = "nothing that is shown needs it, so it does no harm; export the model again to be rid of it"
"""What to do about what is wrong with something that nobody draws."""

MAX_PROBLEMS = 20
"""A file with more problems than this says how many it left out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. An error: a visitor would see something wrong, or nothing. A warning: the file breaks
    the specification without harm, or asks for something that is not drawn."""

    message: str
    help: str
    severity: Severity = "error"


class UnreadableError(Exception):
    """A part of the file cannot be used. Caught inside this package, where it becomes a Problem."""

    def __init__(self, message: str, help: str = REWRITE) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Findings:
    """Collects problems of one file; the same text counts once."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self._problems: dict[str, Problem] = {}

    def error(self, message: str, help: str = REWRITE) -> None:
        self._add(message, help, "error")

    def warning(self, message: str, help: str = REWRITE) -> None:
        self._add(message, help, "warning")

    def _add(self, message: str, help: str, severity: Severity) -> None:
        text = f"{self.file_name}: {message}"
        self._problems.setdefault(text, Problem(text, help, severity))

    def judge(self, message: str, *, is_drawn: bool) -> None:
        """An error about something that is drawn, a warning about something that is not."""
        if is_drawn:
            self.error(message)
        else:
            self.warning(message, UNDRAWN)

    @contextmanager
    def collecting(self, *, is_drawn: bool = True) -> Iterator[None]:
        """What the block cannot read becomes an error, or a warning where nobody draws it, and the block ends."""
        try:
            yield
        except UnreadableError as unreadable:
            if is_drawn:
                self.error(unreadable.message, unreadable.help)
            else:
                self.warning(unreadable.message, UNDRAWN)

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self._problems.values())

    def problems(self) -> tuple[Problem, ...]:
        """Errors first, then warnings, each in the order found; at most MAX_PROBLEMS and one that counts the rest."""
        ranked = sorted(self._problems.values(), key=lambda problem: problem.severity)
        kept = ranked[:MAX_PROBLEMS]
        if len(ranked) > MAX_PROBLEMS:
            rest = len(ranked) - MAX_PROBLEMS
            kept.append(Problem(f"{self.file_name}: {rest} more problems", REWRITE, ranked[MAX_PROBLEMS].severity))
        return tuple(kept)

"""What is wrong with a glTF file, as values. Nothing here reads files; the caller says which line asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

REWRITE = "the file is damaged or was written wrongly: export it again; the Khronos glTF Validator tells more"
"""The remedy where nothing better is known."""

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

    def __init__(self, message: str, remedy: str = REWRITE) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Findings:
    """Collects problems of one file; the same text counts once."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self._problems: dict[str, Problem] = {}

    def error(self, message: str, remedy: str = REWRITE) -> None:
        self._add(message, remedy, "error")

    def warning(self, message: str, remedy: str = REWRITE) -> None:
        self._add(message, remedy, "warning")

    def _add(self, message: str, remedy: str, severity: Severity) -> None:
        text = f"{self.file_name}: {message}"
        self._problems.setdefault(text, Problem(text, remedy, severity))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """What the block cannot read becomes an error, and the block ends."""
        try:
            yield
        except UnreadableError as unreadable:
            self.error(unreadable.message, unreadable.remedy)

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

"""What is wrong with a glTF file, collected while it is read. It reads no files; the caller says which line asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from vrclient.showcase.codes import Code
from vrclient.showcase.diagnostics import Diagnostic

REWRITE = "the file is damaged or was written wrongly: export it again; the Khronos glTF Validator tells more"
"""What to do where nothing better is known."""

HARMLESS = "it is drawn all the same; compare it with another viewer, and export it again if it looks wrong"
"""What to do where a file breaks the specification without harm."""

UNDRAWN = "nothing that is shown needs it, so it does no harm; export the model again to be rid of it"
"""What to do about what is wrong with something that nobody draws."""

MAX_PROBLEMS = 20
"""A file with more problems than this says how many it left out."""


class UnreadableError(Exception):
    """A part of the file cannot be used; `found` says why. Caught inside this package."""

    def __init__(self, code: Code, message: str, help: str = REWRITE) -> None:
        super().__init__(message)
        self.found = Diagnostic(code, message, help)


class GltfProblems:
    """Collects problems of one file; the same text counts once. An error: a visitor would see something wrong, or nothing. A
    warning: the file breaks the specification without harm, or asks for something that is not drawn."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self._found: dict[str, Diagnostic] = {}

    def error(self, code: Code, message: str, help: str = REWRITE) -> None:
        self._add(Diagnostic(code, message, help))

    def warning(self, code: Code, message: str, help: str | None = REWRITE) -> None:
        self._add(Diagnostic(code, message, help, "warning"))

    def _add(self, found: Diagnostic) -> None:
        text = f"{self.file_name}: {found.message}"
        self._found.setdefault(text, replace(found, message=text))

    def judge(self, code: Code, message: str, *, is_drawn: bool) -> None:
        """An error about something that is drawn, a warning about something that is not."""
        if is_drawn:
            self.error(code, message)
        else:
            self.warning(code, message, UNDRAWN)

    @contextmanager
    def collecting(self, *, is_drawn: bool = True) -> Iterator[None]:
        """What the block cannot read becomes an error, or a warning where nobody draws it, and the block ends."""
        try:
            yield
        except UnreadableError as unreadable:
            found = unreadable.found
            self._add(found if is_drawn else replace(found, help=UNDRAWN, severity="warning"))

    @property
    def has_errors(self) -> bool:
        return any(found.severity == "error" for found in self._found.values())

    def listed(self) -> tuple[Diagnostic, ...]:
        """Errors first, then warnings, each in the order found; at most MAX_PROBLEMS and one that counts the rest."""
        ranked = sorted(self._found.values(), key=lambda found: found.severity)
        kept = ranked[:MAX_PROBLEMS]
        if len(ranked) > MAX_PROBLEMS:
            rest = f"{self.file_name}: {len(ranked) - MAX_PROBLEMS} more problems"
            kept.append(Diagnostic("gltf-more", rest, REWRITE, ranked[MAX_PROBLEMS].severity))
        return tuple(kept)

"""How problems are printed: the same for every command, from the showcase's to the settings'. It words nothing (showcase/
diagnostics.py does)."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from vrclient.showcase.diagnostics import Diagnostic, Note, SourcePlace, as_text

_COLORS = {"error": "bold red", "warning": "bold yellow"}


def print_problems(found: Iterable[Diagnostic], console: Console, /, *, who: str = "") -> None:
    """Each with an empty line below it; in colours where the console has them. `who`: the command that ends because of them,
    which stands before the first, and then there is no empty line."""
    before = f"{who}: " if who else ""
    for one in found:
        text = Text(before + as_text(seen_from_here(one)))
        text.highlight_words([f"{one.severity}[{one.code}]"], _COLORS[one.severity])
        text.highlight_regex(r"(?m)^ *\^+$", "bold cyan")
        text.highlight_regex(r"(?m)^  help:", "bold green")
        console.print(text, end="\n" if who else "\n\n")
        before = ""


def seen_from_here(found: Diagnostic, /) -> Diagnostic:
    """With paths as seen from the working folder."""

    def seen(place: SourcePlace) -> SourcePlace:
        return replace(place, file=relative(place.file))

    notes = tuple(Note(seen(note.place), note.message) for note in found.notes)
    return replace(found, place=seen(found.place) if found.place else None, notes=notes)


def relative(file: Path, /) -> Path:
    """A path as seen from the working folder, where it is in that."""
    return Path(os.path.relpath(file)) if file.is_absolute() and file.is_relative_to(Path.cwd()) else file

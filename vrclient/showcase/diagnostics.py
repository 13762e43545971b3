"""What is wrong, as one value from where it is found to where it is printed, and its two forms: text for people, plain
dictionaries for JSON. It prints nothing (cli/problems.py does).

Whoever finds a problem gives it a code (codes.py), a message and the help; whoever knows where it was asked for adds the place.
Names and texts of strangers stand in messages, so this is also where they lose their power over a terminal (`printable`)."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from vrclient.showcase.codes import Code

Severity = Literal["error", "warning"]

MAX_DIAGNOSTICS = 300
"""No more are kept of one showcase; the last one says that there are more."""

_VISIBLE_COLUMNS = 120
_TAB = "    "
_LONGEST_MESSAGE = 2000
_LONGEST_LINE = 2000
"""Characters of a file's line in the form for programs."""
_AROUND = 4 * _VISIBLE_COLUMNS
"""Characters before and behind a spot that are looked at: lines may be megabytes long, and have hundreds of problems."""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where in a file: `line` and `column` count from 1, `column` and `length` in characters; `source` is that line's text."""

    file: Path
    line: int = 1
    column: int = 1
    length: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that belongs to a diagnostic, such as where an id is first used."""

    place: SourcePlace
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _one_line(self.message))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: what, what to do about it, and where. Message and help are one line each and `printable`, whatever names and
    texts they quote. place: None until somebody knows the line."""

    code: Code
    message: str
    help: str | None = None
    severity: Severity = "error"
    place: SourcePlace | None = None
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _one_line(self.message))
        object.__setattr__(self, "help", None if self.help is None else _one_line(self.help))

    def at(self, place: SourcePlace, /, *notes: Note, about: str = "") -> "Diagnostic":
        """The same problem with its place; `about` is who asks, such as a key, and stands before the message."""
        message = f"{about}: {self.message}" if about else self.message
        return replace(self, message=message, place=place, notes=(*self.notes, *notes))


class Problems:
    """A list of diagnostics that stops growing at MAX_DIAGNOSTICS and keeps each place and message once."""

    def __init__(self) -> None:
        self._found: dict[tuple[SourcePlace | None, str], Diagnostic] = {}

    def __len__(self) -> int:
        return len(self._found)

    @property
    def is_full(self) -> bool:
        return len(self._found) > MAX_DIAGNOSTICS

    @property
    def has_errors(self) -> bool:
        return any(one.severity == "error" for one in self._found.values())

    def error(self, code: Code, place: SourcePlace, message: str, help: str | None = None, /, *notes: Note) -> None:
        self.add(Diagnostic(code, message, help, "error", place, notes))

    def warn(self, code: Code, place: SourcePlace, message: str, help: str | None = None, /) -> None:
        self.add(Diagnostic(code, message, help, "warning", place))

    def add(self, diagnostic: Diagnostic, /) -> None:
        if self.is_full:
            return
        if len(self._found) == MAX_DIAGNOSTICS:
            message = f"there are more than {MAX_DIAGNOSTICS} problems; the rest is left out"
            diagnostic = Diagnostic("too-many", message, "correct these first and check again", "error", diagnostic.place)
        self._found.setdefault((diagnostic.place, diagnostic.message), diagnostic)

    def in_order(self, files: Iterable[Path], /) -> tuple[Diagnostic, ...]:
        """Sorted by file, in the order of `files`, then by place; the notice about left-out ones stays last."""
        order = {file: number for number, file in enumerate(files)}

        def key(one: Diagnostic) -> tuple[bool, int, int, int]:
            place = one.place
            is_last = one.code == "too-many"
            return (is_last, order.get(place.file, -1), place.line, place.column) if place else (is_last, -1, 0, 0)

        return tuple(sorted(self._found.values(), key=key))


def as_text(diagnostic: Diagnostic, /) -> str:
    """The form for people: place, what is wrong, the line with the spot underlined, and what to do about it. What is in no file
    is one sentence: what is wrong; what to do."""
    lines = [first_line(diagnostic)]
    if diagnostic.place is None:
        return f"{lines[0]}; {diagnostic.help}" if diagnostic.help else lines[0]
    lines += _quoted(diagnostic.place)
    for note in diagnostic.notes:
        lines += [f"  {_where(note.place)}: {note.message}", *_quoted(note.place)]
    if diagnostic.help:
        lines.append(f"  help: {diagnostic.help}")
    return "\n".join(lines)


def first_line(diagnostic: Diagnostic, /) -> str:
    """Where it is, of which kind, and what is wrong, in one line."""
    if diagnostic.place is None:
        return diagnostic.message
    return f"{_where(diagnostic.place)}: {diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}"


def as_dictionary(diagnostic: Diagnostic, /) -> dict[str, Any]:
    """The form for programs."""
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "place": _place_dictionary(diagnostic.place) if diagnostic.place else None,
        "notes": [{"message": note.message, "place": _place_dictionary(note.place)} for note in diagnostic.notes],
    }


def counted(diagnostics: Sequence[Diagnostic], /) -> str:
    """`3 errors, 1 warning`; empty where there is nothing to count."""
    parts = []
    for severity in ("error", "warning"):
        count = sum(one.severity == severity for one in diagnostics)
        if count:
            parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def display_width(text: str, /) -> int:
    """Columns that a text takes in a terminal: wide characters take two, combining and invisible ones none."""
    width = 0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            width += 2
        elif unicodedata.category(character) not in ("Mn", "Me", "Cf"):
            width += 1
    return width


def printable(text: str, /) -> str:
    """The text on one line, with what a terminal would act upon, and what nobody sees, written out: `\\x1b`, `\\n`, `\\u202e`.

    Those are the characters of the Unicode categories Cc (C0 and C1), Cf (marks of direction, joiners), Cs, Zl and Zp."""
    return _NOT_PLAIN.sub(lambda found: _written_out(found[0]) if _is_harmful(found[0]) else found[0], text)


def json_text(value: Any, /) -> str:
    """A value as JSON, indented; the same characters are JSON's own escapes in it, so nothing of the value is changed."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return _NOT_ASCII.sub(lambda found: _json_escape(found[0]) if _is_harmful(found[0]) else found[0], written)


_NOT_PLAIN, _NOT_ASCII = re.compile("[^\x20-\x7e]"), re.compile("[^\n\x20-\x7e]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _is_harmful(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _written_out(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return _SHORT.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _one_line(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST_MESSAGE else f"{shown[: _LONGEST_MESSAGE // 2]} ... {shown[-_LONGEST_MESSAGE // 2 :]}"


def _where(place: SourcePlace) -> str:
    return f"{printable(str(place.file))}:{place.line}:{place.column}"


def _quoted(place: SourcePlace) -> list[str]:
    if not place.source.strip():
        return []
    start, end = place.column - 1, place.column - 1 + place.length
    first, last = max(0, start - _AROUND), end + _AROUND
    before, marked, after = (
        printable(part.replace("\t", _TAB))
        for part in (place.source[first:start], place.source[start : min(end, start + _AROUND)], place.source[end:last])
    )
    if display_width(marked) > _VISIBLE_COLUMNS or place.length > _AROUND:
        marked, after = _cut(marked, _VISIBLE_COLUMNS) + "...", ""
    room = _VISIBLE_COLUMNS - min(display_width(marked), _VISIBLE_COLUMNS)
    if display_width(before) > max(room, 40) or first:
        before = "..." + _cut(before[::-1], max(room - 20, 20))[::-1]
    if display_width(after) > max(room - display_width(before), 20) or (after and last < len(place.source)):
        after = _cut(after, max(room - display_width(before), 20)) + "..."
    carets = " " * display_width(before) + "^" * max(1, display_width(marked))
    return [(before + marked + after).rstrip(), carets]


def _cut(text: str, columns: int) -> str:
    width = 0
    for number, character in enumerate(text):
        width += display_width(character)
        if width > columns:
            return text[:number]
    return text


def _place_dictionary(place: SourcePlace) -> dict[str, Any]:
    return {
        "file": place.file.as_posix(),
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "source": place.source[:_LONGEST_LINE],
    }

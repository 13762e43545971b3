"""Where each character of a text is written in its file: behind indentation, in quotes, as an escape. It reads no YAML; it walks
along the lines of a text that was read."""

import re

from vrclient.showcase.diagnostics import SourcePlace
from vrclient.showcase.source_map import Scalar, Source

_PROPERTY = re.compile(r"(?:[&!]\S*\s+)+")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "e": "\x1b", "_": "\xa0",
            "N": "\x85", "L": "\u2028", "P": "\u2029"}  # fmt: skip


def place_within(source: Source, scalar: Scalar, start: int, end: int, /) -> SourcePlace:
    """Where the characters `start` to `end` of a scalar's text stand; of several lines the first. The whole scalar where that
    cannot be told."""
    spots = _spots(source, scalar, end)
    if len(spots) < end or start >= end:
        return source.place(scalar)
    (line, column), (last_line, last_column) = spots[start], spots[end - 1]
    length = last_column - column + 1 if last_line == line else len(source.lines[line].rstrip()) - column
    return source.at(line, column, length)


def _spots(source: Source, scalar: Scalar, count: int) -> list[tuple[int, int]]:
    """Line and column, both from 0, of the first `count` characters; fewer where the text is written in a way unknown here."""
    lines, line, column = source.lines, scalar.line, scalar.column
    found: list[tuple[int, int]] = []
    if line >= len(lines):
        return found
    properties = _PROPERTY.match(lines[line], column)
    column = properties.end() if properties else column
    opening = lines[line][column : column + 1]
    quote = opening if not scalar.plain and opening in ("'", '"') else ""
    if quote:
        column += 1
    elif not scalar.plain:
        line, column = line + 1, 0
    for character in scalar.text[:count]:
        while line < len(lines):
            written = lines[line][column : column + 1]
            escape = _escape(lines[line], column) if quote == '"' and written == "\\" else None
            if escape is not None and escape[0] == character:
                found.append((line, column))
                column += escape[1]
                break
            if written == character and escape is None:
                found.append((line, column))
                column += 2 if quote == "'" and character == "'" else 1
                break
            if character.isspace() and escape is None:
                found.append((line, column))
                break
            if written == "" or escape == ("", 1):
                line, column = line + 1, _indentation(lines[line + 1]) if quote and line + 1 < len(lines) else 0
            elif written.isspace():
                column += 1
            else:
                return found
    return found


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _escape(line: str, column: int) -> tuple[str, int]:
    """What a backslash in double quotes stands for and how many characters it takes; nothing at the end of a line."""
    kind = line[column + 1 : column + 2]
    if not kind:
        return "", 1
    length = _ESCAPE_LENGTHS.get(kind)
    if length is None:
        return _ESCAPED.get(kind, kind), 2
    digits = line[column + 2 : column + length]
    return (
        (chr(int(digits, 16)), length) if re.fullmatch(r"[0-9a-fA-F]+", digits) and int(digits, 16) < 0x110000 else ("", length)
    )

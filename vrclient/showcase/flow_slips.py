"""Slips of the hand in what stands between brackets on one line, `{zh: 时间: 8:30, en: Hall, Deqing}`: which sign it is, and the
line as it should be. It reads no YAML: it looks at the line alone, where the reader was at a loss."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.source_map import Entry, Mapping, Scalar, Source

_WIDE_BRACKETS = str.maketrans("｛｝［］【】〔〕（）", "{}[][][]()")
_WIDE_OPEN = "｛［【〔（"
_WIDE_SIGNS = str.maketrans({"：": ": ", "，": ", ", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]"})
_QUOTES = ("“”", "‘’", "「」", "『』", "＂＂", "＇＇")
_NEXT_BEHIND_COMMENT = re.compile(r",\s*[\w.-]+\s*:(?=\s|$)|[}\]]")
_NEXT = re.compile(_NEXT_BEHIND_COMMENT.pattern + r"|\s#(?=\s|$)")
"""Where a value between brackets ends, at the latest."""
_QUOTED = re.compile(r"(?<=[{\[,\s:])(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')(?=\s*[,}\]:]|\s*$)")
_CLOSES = {"[": "]", "{": "}"}
_BRACKETS = "[]{}"
_COMMENT = re.compile(r"\s#(?=\s|$)")
_KEY = re.compile(r"[a-z]")
"""Keys begin with a small letter."""
_COLON = re.compile(r"\s*:")
_LONGEST = 150
_AROUND = 400
"""Characters before and behind a spot that are looked at."""


_Said = Callable[[str, str, int, int], Diagnostic]
"""message, help, column from 0 and length on the line that is looked at."""


@dataclass(frozen=True, slots=True)
class Torn:
    """Entries `first` to `last` of a group are one text that a sign has torn apart."""

    first: int
    last: int
    slip: Diagnostic


def quoted(text: str, /) -> str:
    """A text in the quotes that it needs; curly quotes round all of it were meant as such."""
    text = text.strip()
    for pair in _QUOTES:
        if len(text) > 1 and (text[0], text[-1]) == (pair[0], pair[1]):
            text = text[1:-1]
    return f'"{text}"' if not re.search(r'["\\]', text) else "'" + text.replace("'", "''") + "'"


def slip_at(source: Source, number: int, column: int, /, *, began: int) -> Diagnostic | None:
    """Why a reader of the brackets that open on line `number`, from 0, at `began` could not go on at `column` (the line's end: it
    went on below)."""
    line, said = source.lines[number] if number < len(source.lines) else "", _said(source, number)
    bare = _without_quoted(line)
    comment = re.compile(r"\s#").search(bare, began)
    if column >= len(line) or (comment and comment.start() < column):
        value = _value_before(bare, comment.start()) if comment else None
        if comment is None or value is None:
            return None
        key, start = value
        whole = _end(bare, comment.end(), _NEXT_BEHIND_COMMENT)
        return said(
            "everything after ' #' is a comment",
            _mended(line, start, whole, quoted(line[start:whole]), key),
            comment.start() + 1,
            max(1, whole - comment.start() - 1),
        )
    value = _value_before(bare, column)
    if value is None:
        return None
    key, start = value
    text, end = line[start:column], _end(bare, column, _NEXT)
    if text[:1] in ("'", '"'):
        raw = line[start:end].strip()
        inner = raw[1:-1] if len(raw) > 1 and raw[-1] == raw[0] else raw
        return said("the text goes on after its closing quote", _mended(line, start, end, quoted(inner), key), start, end - start)
    if line[column] in _BRACKETS and text.strip() and text[0] not in _BRACKETS:
        end = _end_with_brackets(bare, start, column)
        message = f"a text with '{line[column]}' in it needs quotes"
        return said(message, _mended(line, start, end, quoted(line[start:end]), key), start, end - start)
    if line[column] != ":":
        return None
    wide_comma = re.search(r"，(?=\s*[a-z][a-z0-9_.-]*$)", text)
    if wide_comma:
        at = start + wide_comma.start()
        return said("this is the full-width '，'", _mended(line, at, at + 1, ", ", key), at, 1)
    if text[0] in _WIDE_OPEN:
        return _wide_bracket(line, said, start, key)
    while not _KEY.match(key) and (before := _value_before(bare, line.rfind(key, 0, start))):  # a text's own word before a ': '
        key, start = before
    return said(
        "a text with ': ' in it needs quotes", _mended(line, start, end, quoted(line[start:end]), key), start, end - start
    )


def torn_texts(node: Mapping, source: Source, is_key: Callable[[str], bool], /) -> list[Torn]:
    """Texts of a group between brackets that a ',' or a full-width sign has torn into several entries.

    is_key  whether a word could be meant as a key there; others that have values are taken as parts of a text, too"""
    found: list[Torn] = []
    lines, number = source.lines, 0
    while number < len(node.entries):
        if not _is_part(node.entries[number], lines, is_key, is_first=not number):
            number += 1
            continue
        last = number
        while last + 1 < len(node.entries) and _is_part(node.entries[last + 1], lines, is_key):
            last += 1
        first = number - 1 if number and isinstance(node.entries[number - 1].value, Scalar) else number
        slip = _torn(node.entries[first : last + 1], source, has_text=first < number)
        if slip is not None:
            found.append(Torn(first, last, slip))
        number = last + 1
    return found


def _is_part(entry: Entry, lines: Sequence[str], is_key: Callable[[str], bool], *, is_first: bool = False) -> bool:
    key, value = entry
    if not key.plain or not isinstance(value, Scalar) or not value.plain:
        return False
    if value.text:
        return not is_first and not is_key(key.text)
    return not has_colon(key, lines)


def has_colon(key: Scalar, lines: Sequence[str], /) -> bool:
    """Whether a ':' stands behind a key: between brackets, a word alone is taken for a key without a value."""
    line = lines[key.line] if key.line < len(lines) else ""
    return bool(_COLON.match(line, key.column + key.length))


def _torn(entries: Sequence[Entry], source: Source, *, has_text: bool) -> Diagnostic | None:
    first, last = entries[0], entries[-1]
    begin = first.value if has_text else first.key
    end = last.value if isinstance(last.value, Scalar) and last.value.text else last.key
    if begin.line != end.line or not isinstance(begin, Scalar):
        return None
    shift = max(0, begin.column - _AROUND)  # a line may be a whole showcase, torn in a thousand places
    line = source.lines[begin.line][shift : end.column + end.length + _AROUND]
    said, stop = _said(source, begin.line, shift), end.column + end.length - shift
    return _torn_at(line, said, begin, begin.column - shift, stop, first.key.text, has_text=has_text)


def _torn_at(line: str, said: _Said, begin: Scalar, start: int, stop: int, key: str, *, has_text: bool) -> Diagnostic | None:
    stop = _end(_without_quoted(line), stop, _NEXT)
    text = line[start:stop].rstrip()
    stop = start + len(text)
    if not begin.plain:
        whole = quoted(begin.text + line[start + begin.length : stop])
        return said("the text goes on after its closing quote", _mended(line, start, stop, whole, key), start, stop - start)
    glued = re.compile(r"[A-Za-z][\w-]*：").search(text)
    if glued and (not has_text or not glued.start() or "，" in text[: glued.start()]):
        wide = text.translate(_WIDE_SIGNS)
        at = start + text.index("：")
        return said("this is the full-width '：'", _mended(line, start, stop, wide, ""), at, 1)
    if not has_text:
        return None
    if text[0] in _WIDE_OPEN:
        return _wide_bracket(line, said, start, key)
    return said("a text with a ',' in it needs quotes", _mended(line, start, stop, quoted(text), key), start, stop - start)


def _said(source: Source, number: int, shift: int = 0) -> _Said:
    """`shift`: so many characters of the line are cut off in front."""

    def said(message: str, help: str, column: int, length: int) -> Diagnostic:
        return Diagnostic("quotes", message, help, place=source.at(number, shift + column, length))

    return said


def _value_before(line: str, column: int) -> tuple[str, int] | None:
    """The key whose value is being read at a column, and where that value begins."""
    found = re.match(r".*[{,\[\s]([\w.-]+)\s*:\s+(?=\S)", line[:column])
    return (found[1], found.end()) if found else None


def _end(line: str, column: int, next_: re.Pattern[str]) -> int:
    found = next_.search(line, column)
    return found.start() if found else len(line.rstrip())


def _end_with_brackets(line: str, start: int, column: int) -> int:
    """Where a text ends that begins at `start` and has a bracket at `column`: behind its own brackets."""
    opening = _opening(line, start)
    closes = _CLOSES[line[opening]] if opening is not None else ""
    within: list[str] = []
    for at in range(column, len(line)):
        sign = line[at]
        if sign in _CLOSES:
            within.append(_CLOSES[sign])
        elif within and sign == within[-1]:
            within.pop()
        elif sign == closes or (not within and _NEXT_BEHIND_COMMENT.match(line, at) and sign == ",") or _COMMENT.match(line, at):
            return len(line[:at].rstrip())
    return len(line.rstrip())


def _without_quoted(line: str) -> str:
    """The line with as many other characters in place of each text in quotes."""
    return _QUOTED.sub(lambda found: found[0][0] + "_" * (len(found[0]) - 2) + found[0][-1], line)


def _wide_bracket(line: str, said: _Said, start: int, key: str) -> Diagnostic:
    closing = next((at for at in range(start, len(line)) if line[at] in "｝］】〕）"), len(line) - 1)
    signs = f"'{line[start]}'"
    return said(
        f"this is the full-width {signs}", _mended(line, start, closing + 1, _halved(line[start : closing + 1]), key), start, 1
    )


def _halved(text: str) -> str:
    inner = text.translate(_WIDE_BRACKETS).translate(_WIDE_SIGNS)
    return re.sub(r"([,:]) +", r"\1 ", re.sub(r"^\((.*)\)$", r"[\1]", inner))


def _mended(line: str, start: int, end: int, text: str, key: str) -> str:
    """`write ...`: the line as it should be; of a long one only the brackets round the spot, or the key."""
    mended = re.sub(r" +$", "", line[:start] + text + line[end:]).strip()
    if len(mended) <= _LONGEST:
        return f"write {mended}"
    opening = _opening(line, start)
    if opening is not None:
        rest = line[end:]
        closing = re.search(r"[}\]]", rest)
        group = line[opening:start] + text + (rest[: closing.end()] if closing else rest)
        if len(group) <= _LONGEST:
            return f"write {group}"
    return f"write {key}: {text}" if key and len(text) <= _LONGEST else "put the text in quotes"


def _opening(line: str, column: int) -> int | None:
    depth = 0
    for at in range(column - 1, -1, -1):
        if line[at] in "}]":
            depth += 1
        elif line[at] in "{[":
            if not depth:
                return at
            depth -= 1
    return None

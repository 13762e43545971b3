"""What a YAML parser's complaint means to somebody who is not a programmer. It reads no YAML."""

import re
from dataclasses import dataclass, replace

from vrclient.showcase.diagnostics import Diagnostic, Note
from vrclient.showcase.flow_slips import quoted, slip_at
from vrclient.showcase.source_map import Source

_Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What the parser says. Positions are (line, column) from 0; `began` is where the thing being read began."""

    problem: str
    at: _Position
    context: str = ""
    began: _Position | None = None


def explain(found: SyntaxProblem, source: Source, /) -> Diagnostic:
    """The problem, with its place in the file, for each thing a parser can complain about."""
    for words, explanation in _EXPLANATIONS:
        if words in found.problem:
            return explanation(found, source)
    return _said(
        source,
        f"the file cannot be read here: {found.problem}",
        "look at this line and the one above: brackets, quotes, ':' and the spaces in front",
        found.at,
    )


def _said(
    source: Source,
    message: str,
    help: str,
    at: _Position,
    length: int = 1,
    note: str = "",
    note_at: _Position | None = None,
) -> Diagnostic:
    notes = (Note(source.at(*note_at), note),) if note_at else ()
    return Diagnostic("syntax", message, help, place=source.at(*at, length), notes=notes)


def _line(source: Source, number: int) -> str:
    return source.lines[number] if 0 <= number < len(source.lines) else ""


def _character(found: SyntaxProblem, source: Source) -> str:
    return _line(source, found.at[0])[found.at[1] : found.at[1] + 1]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _above(source: Source, number: int) -> int | None:
    """The number of the nearest line above that holds more than a comment."""
    for candidate in range(number - 1, -1, -1):
        if source.lines[candidate].strip() and not source.lines[candidate].lstrip().startswith("#"):
            return candidate
    return None


def _wide_colon(source: Source, *numbers: int | None) -> Diagnostic | None:
    for number in numbers:
        if number is not None and "：" in _line(source, number):
            at = (number, source.lines[number].index("："))
            return _said(source, "this is the full-width '：'", "write ':' and a space instead", at)
    return None


def _glued(source: Source, number: int) -> Diagnostic | None:
    """`height_m:12`, which is a word."""
    found = re.match(r"\s*(?:- )?([\w-]+):(\S.*)", _line(source, number))
    if not found or re.search(r":\s|:$", source.lines[number]):
        return None
    return _said(source, "there is no space after ':'", f"write '{found[1]}: {found[2].rstrip()}'", (number, found.end(1)))


def _second_colon(found: SyntaxProblem, source: Source) -> Diagnostic:
    number, column = found.at
    line, above = _line(source, number), _above(source, number)
    wide = _wide_colon(source, number, above)
    if wide:
        return wide
    if re.search(r":(\s|$)", line[:column]):
        return _colon_in_text(found, source)
    if above is not None:
        bare = source.lines[above].strip().removeprefix("- ")
        glued = _glued(source, above)
        if glued:
            return glued
        if not re.search(r":(\s|$)", bare):
            at = (above, _indentation(source.lines[above]))
            return _said(source, "this line has no ':'", "write 'key: value'", at, len(source.lines[above].strip()))
        if _indentation(line) > _indentation(source.lines[above]):
            key, dash = _indentation(line), len(source.lines[above].strip()) - len(bare)
            return _said(
                source,
                "this line is indented deeper than the key above, which already has a value",
                "start both in the same column, or remove the value above",
                (number, key),
                max(1, column - key),
                "the key above",
                (above, _indentation(source.lines[above]) + dash),
            )
    return _said(source, "a ':' cannot stand here", "put the text in quotes, or start a new line", found.at)


def _colon_in_text(found: SyntaxProblem, source: Source) -> Diagnostic:
    value = re.match(r"\s*(?:- +)*([^\s:]+)\s*:\s+(\S.*)$", _line(source, found.at[0]))
    slip = slip_at(source, *found.at, began=0) if value and value[2][0] in "｛［【〔（" else None
    if slip:
        return replace(slip, code="syntax")
    mended = f"write {value[1]}: {quoted(value[2])}" if value and len(value[2]) <= 120 else "put the text in quotes"
    return _said(source, "a second ':' stands in this value", f"if the ':' belongs to the text, {mended}", found.at)


def _no_key(found: SyntaxProblem, source: Source) -> Diagnostic:
    number, column = found.at
    if _character(found, source) == ":":
        return _said(source, "there is no key before ':'", "write 'key: value'", found.at)
    if found.began is None:
        return _said(source, "a key is expected here", "write 'key: value'", found.at)
    if found.began[1] == column and _character(found, source) == "-":
        help = "indent the list under its key, or remove the '-'"
        return _said(source, "there is a list item among keys", help, found.at, 1, "the keys begin here", found.began)
    if _indentation(_line(source, number)) < column:
        return _said(source, "something is left over after the value", "put the whole value in quotes", found.at)
    columns = _columns_above(source, number)
    *firsts, last = (str(one) for one in columns)
    text = f"{', '.join(firsts)} or {last}" if firsts else last
    return _said(
        source,
        f"this line begins in column {column + 1}, the lines above it in column {text}",
        "start keys and items that belong together in the same column",
        found.at,
        max(1, len(_line(source, number).rstrip()) - column),
    )


def _columns_above(source: Source, number: int) -> list[int]:
    """The columns, from 1, in which what is open above begins."""
    columns: list[int] = []
    above = _above(source, number)
    while above is not None and (not columns or columns[0] > 1):
        column = _indentation(source.lines[above]) + 1
        if not columns or column < columns[0]:
            columns.insert(0, column)
        above = _above(source, above)
    return columns


def _no_dash(found: SyntaxProblem, source: Source) -> Diagnostic:
    column = found.began[1] if found.began else 0
    if found.at[1] > column:
        message, help = "this line does not line up with its list item", f"list items begin with '- ' in column {column + 1}"
    else:
        message, help = "a list item is expected here", "begin the line with '- ', or indent the list above more than this key"
    return _said(source, message, help, found.at, 1, "the list begins here", found.began)


def _unclosed(found: SyntaxProblem, source: Source) -> Diagnostic:
    opening, closing = ("[", "]") if "]" in found.problem else ("{", "}")
    began = found.began or found.at
    character = _character(found, source)
    line = _line(source, began[0])
    slip = slip_at(source, began[0], found.at[1] if found.at[0] == began[0] else len(line), began=began[1])
    if slip:
        return replace(slip, code="syntax")
    if character in ("]", "}"):
        help = f"write '{closing}' instead, or close '{opening}' first"
        return _said(source, f"'{character}' does not close '{opening}'", help, found.at, 1, "opened here", began)
    message = f"this '{opening}' is not closed, or a ',' is missing after an item"
    return _said(
        source, message, f"separate items with ',' and close with '{closing}'", began, 1, "reading stopped here", found.at
    )


def _bad_start(found: SyntaxProblem, source: Source) -> Diagnostic:
    character = _character(found, source)
    if character == "\t":
        return _said(source, "there is a tab here", "indent with spaces: two for each level", found.at)
    line = _line(source, found.at[0])
    word = re.match(r"[^\s,\]}]*", line[found.at[1] :])
    length = len(word[0]) if word and word[0] else 1
    return _said(source, f"a value cannot begin with '{character}'", "put it in quotes", found.at, length)


def _open_quote(found: SyntaxProblem, source: Source) -> Diagnostic:
    began = found.began or found.at
    quote = _line(source, began[0])[began[1] : began[1] + 1] or '"'
    return _said(source, "this quote is not closed", f"put {quote} at the end of the text", began)


def _escape(found: SyntaxProblem, source: Source) -> Diagnostic:
    line, column = _line(source, found.at[0]), found.at[1]
    start = line.rfind("\\", 0, column + 2)
    written = line[start : start + 2] if start >= 0 else "\\"
    help = "in double quotes write '\\\\' for one backslash, or use single quotes"
    return _said(source, f"'{written}' has no meaning in double quotes", help, (found.at[0], max(start, 0)), 2)


def _no_colon(found: SyntaxProblem, source: Source) -> Diagnostic:
    at = found.began or found.at
    wide = _wide_colon(source, at[0], _above(source, at[0]))
    length = max(1, len(_line(source, at[0]).rstrip()) - at[1])
    return wide or _glued(source, at[0]) or _said(source, "this line has no ':'", "write 'key: value'", at, length)


def _misplaced_dash(found: SyntaxProblem, source: Source) -> Diagnostic:
    return _said(source, "a list cannot begin here", "put the '-' on a line of its own, under the key", found.at)


def _bad_name(found: SyntaxProblem, source: Source) -> Diagnostic:
    at = found.began or found.at
    character = _line(source, at[0])[at[1] : at[1] + 1]
    help = f"put a text that begins with '{character}' in quotes"
    return _said(source, f"'{character}' is not followed by a name", help, at)


def _nothing(found: SyntaxProblem, source: Source) -> Diagnostic:
    character, above = _character(found, source), _above(source, len(source.lines))
    if not character and above is not None and found.at[0] > above:
        last = len(source.lines[above].rstrip()) - 1
        return _said(source, "the file ends in the middle of a list or a group of keys", "close the bracket", (above, last))
    before = f" before '{character}'" if character else ""
    return _said(source, f"a value is missing{before}", f"write the value, or remove '{character or ','}'", found.at)


def _directive(found: SyntaxProblem, source: Source) -> Diagnostic:
    length = max(1, len(_line(source, found.at[0]).rstrip()) - found.at[1])
    return _said(
        source, "lines that begin with '%' are not part of the format", "remove this line", (found.at[0], 0), length + found.at[1]
    )


def _tag(found: SyntaxProblem, source: Source) -> Diagnostic:
    at = found.began or found.at
    return _said(source, "tags ('!...') are not part of the format", "remove it, or put the text in quotes", at)


def _leftover(found: SyntaxProblem, source: Source) -> Diagnostic:
    length = max(1, len(_line(source, found.at[0]).rstrip()) - found.at[1])
    return _said(
        source, "this does not belong to what is above it", "start it in the same column as the keys above", found.at, length
    )


def _block_text(found: SyntaxProblem, source: Source) -> Diagnostic:
    return _said(
        source,
        "a text over several lines begins on the line below '|' or '>'",
        "end this line after '|' or '>' and indent the text under the key",
        found.at,
    )


_EXPLANATIONS = (
    ("mapping values are not allowed", _second_colon),
    ("did not find expected key", _no_key),
    ("expected <block end>", _no_key),
    ("'-' indicator", _no_dash),
    ("',' or ']'", _unclosed),
    ("',' or '}'", _unclosed),
    ("cannot start any token", _bad_start),
    ("tab character", _bad_start),
    ("unexpected end of stream", _open_quote),
    ("unexpected document indicator", _open_quote),
    ("unknown escape character", _escape),
    ("escape code", _escape),
    ("hexdecimal", _escape),
    ("expected escape sequence", _escape),
    ("could not find expected ':'", _no_colon),
    ("block sequence entries are not allowed", _misplaced_dash),
    ("alphabetic or numeric character", _bad_name),
    ("node content", _nothing),
    ("incompatible YAML document", _directive),
    ("directive", _directive),
    ("did not find expected '!'", _directive),
    ("tag handle", _tag),
    ("tag", _tag),
    ("did not find the expected '>'", _tag),
    ("<document start>", _leftover),
    ("comment or line break", _block_text),
)

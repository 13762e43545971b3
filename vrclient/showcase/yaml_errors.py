"""What a YAML parser's complaint means to somebody who is not a programmer. It reads no YAML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vrclient.showcase.flow_slips import quoted, slip_at

_Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What the parser says. Positions are (line, column) from 0; `began` is where the thing being read began."""

    problem: str
    at: _Position
    context: str = ""
    began: _Position | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """The same for people."""

    message: str
    help: str
    at: _Position
    length: int = 1
    note: str = ""
    note_at: _Position | None = None


def explain(found: SyntaxProblem, lines: Sequence[str], /) -> Explained:
    """What to say about each thing a parser can complain about."""
    for words, explanation in _EXPLANATIONS:
        if words in found.problem:
            return explanation(found, lines)
    return Explained(
        f"the file cannot be read here: {found.problem}",
        "look at this line and the one above: brackets, quotes, ':' and the spaces in front",
        found.at,
    )


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _character(found: SyntaxProblem, lines: Sequence[str]) -> str:
    return _line(lines, found.at[0])[found.at[1] : found.at[1] + 1]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _above(lines: Sequence[str], number: int) -> int | None:
    """The number of the nearest line above that holds more than a comment."""
    for candidate in range(number - 1, -1, -1):
        if lines[candidate].strip() and not lines[candidate].lstrip().startswith("#"):
            return candidate
    return None


def _wide_colon(lines: Sequence[str], *numbers: int | None) -> Explained | None:
    for number in numbers:
        if number is not None and "：" in _line(lines, number):
            at = (number, lines[number].index("："))
            return Explained("this is the full-width '：'", "write ':' and a space instead", at)
    return None


def _glued(lines: Sequence[str], number: int) -> Explained | None:
    """`height_m:12`, which is a word."""
    found = re.match(r"\s*(?:- )?([\w-]+):(\S.*)", _line(lines, number))
    if not found or re.search(r":\s|:$", lines[number]):
        return None
    return Explained("there is no space behind ':'", f"write '{found[1]}: {found[2].rstrip()}'", (number, found.end(1)))


def _second_colon(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    number, column = found.at
    line, above = _line(lines, number), _above(lines, number)
    wide = _wide_colon(lines, number, above)
    if wide:
        return wide
    if re.search(r":(\s|$)", line[:column]):
        return _colon_in_text(found, line)
    if above is not None:
        bare = lines[above].strip().removeprefix("- ")
        glued = _glued(lines, above)
        if glued:
            return glued
        if not re.search(r":(\s|$)", bare):
            at = (above, _indentation(lines[above]))
            return Explained("this line has no ':'", "write 'key: value'", at, len(lines[above].strip()))
        if _indentation(line) > _indentation(lines[above]):
            key, dash = _indentation(line), len(lines[above].strip()) - len(bare)
            return Explained(
                "this line is indented deeper than the key above, which has its value already",
                "let both begin in the same column, or remove the value above",
                (number, key),
                max(1, column - key),
                "the key above",
                (above, _indentation(lines[above]) + dash),
            )
    return Explained("a ':' cannot stand here", "put the text in quotes, or begin a line of its own", found.at)


def _colon_in_text(found: SyntaxProblem, line: str) -> Explained:
    value = re.match(r"\s*(?:- +)*([^\s:]+)\s*:\s+(\S.*)$", line)
    slip = slip_at(line, found.at[1], began=0) if value and value[2][0] in "｛［【〔（" else None
    if slip:
        return Explained(slip.message, slip.help, (found.at[0], slip.column), slip.length)
    mended = f"write {value[1]}: {quoted(value[2])}" if value and len(value[2]) <= 120 else "put the text in quotes"
    return Explained("a second ':' stands in this value", f"if the ':' belongs to the text, {mended}", found.at)


def _no_key(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    number, column = found.at
    if _character(found, lines) == ":":
        return Explained("there is no key in front of ':'", "write 'key: value'", found.at)
    if found.began is None:
        return Explained("a key is expected here", "write 'key: value'", found.at)
    if found.began[1] == column and _character(found, lines) == "-":
        help = "indent the list under its key, or remove the '-'"
        return Explained("a list item stands among keys", help, found.at, 1, "the keys begin here", found.began)
    if _indentation(_line(lines, number)) < column:
        return Explained("something is left over behind the value", "put the whole value in quotes", found.at)
    columns = _columns_above(lines, number)
    *firsts, last = (str(one) for one in columns)
    text = f"{', '.join(firsts)} or {last}" if firsts else last
    return Explained(
        f"this line begins in column {column + 1}, the lines above it in column {text}",
        "let keys and items that belong together begin in the same column",
        found.at,
        max(1, len(_line(lines, number).rstrip()) - column),
    )


def _columns_above(lines: Sequence[str], number: int) -> list[int]:
    """The columns, from 1, in which what is open above begins."""
    columns: list[int] = []
    above = _above(lines, number)
    while above is not None and (not columns or columns[0] > 1):
        column = _indentation(lines[above]) + 1
        if not columns or column < columns[0]:
            columns.insert(0, column)
        above = _above(lines, above)
    return columns


def _no_dash(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    column = found.began[1] if found.began else 0
    if found.at[1] > column:
        message, help = "this line does not line up with its list item", f"list items begin with '- ' in column {column + 1}"
    else:
        message, help = "a list item is expected here", "begin the line with '- ', or indent the list above more than this key"
    return Explained(message, help, found.at, 1, "the list begins here", found.began)


def _unclosed(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    opening, closing = ("[", "]") if "]" in found.problem else ("{", "}")
    began = found.began or found.at
    character = _character(found, lines)
    line = _line(lines, began[0])
    slip = slip_at(line, found.at[1] if found.at[0] == began[0] else len(line), began=began[1])
    if slip:
        return Explained(slip.message, slip.help, (began[0], slip.column), slip.length)
    if character in ("]", "}"):
        help = f"write '{closing}' instead, or close '{opening}' first"
        return Explained(f"'{character}' does not close '{opening}'", help, found.at, 1, "opened here", began)
    message = f"this '{opening}' is not closed, or a ',' is missing behind an item"
    return Explained(message, f"separate items with ',' and close with '{closing}'", began, 1, "reading stopped here", found.at)


def _bad_start(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    character = _character(found, lines)
    if character == "\t":
        return Explained("a tab stands here", "indent with spaces: two for each level", found.at)
    line = _line(lines, found.at[0])
    word = re.match(r"[^\s,\]}]*", line[found.at[1] :])
    length = len(word[0]) if word and word[0] else 1
    return Explained(f"a value cannot begin with '{character}'", "put it in quotes", found.at, length)


def _open_quote(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    began = found.began or found.at
    quote = _line(lines, began[0])[began[1] : began[1] + 1] or '"'
    return Explained("this quote is not closed", f"put {quote} at the end of the text", began)


def _escape(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    line, column = _line(lines, found.at[0]), found.at[1]
    start = line.rfind("\\", 0, column + 2)
    written = line[start : start + 2] if start >= 0 else "\\"
    help = "in double quotes write '\\\\' for one backslash, or use single quotes"
    return Explained(f"'{written}' has no meaning in double quotes", help, (found.at[0], max(start, 0)), 2)


def _no_colon(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    at = found.began or found.at
    wide = _wide_colon(lines, at[0], _above(lines, at[0]))
    length = max(1, len(_line(lines, at[0]).rstrip()) - at[1])
    return wide or _glued(lines, at[0]) or Explained("this line has no ':'", "write 'key: value'", at, length)


def _misplaced_dash(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    return Explained("a list cannot begin here", "put the '-' into a line of its own, under the key", found.at)


def _bad_name(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    at = found.began or found.at
    character = _line(lines, at[0])[at[1] : at[1] + 1]
    help = f"put a text that begins with '{character}' in quotes"
    return Explained(f"'{character}' is not followed by a name", help, at)


def _nothing(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    character, above = _character(found, lines), _above(lines, len(lines))
    if not character and above is not None and found.at[0] > above:
        last = len(lines[above].rstrip()) - 1
        return Explained("the file ends in the middle of a list or mapping", "close the bracket", (above, last))
    before = f" in front of '{character}'" if character else ""
    return Explained(f"a value is missing{before}", f"write the value, or remove '{character or ','}'", found.at)


def _directive(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    length = max(1, len(_line(lines, found.at[0]).rstrip()) - found.at[1])
    return Explained(
        "lines that begin with '%' are not part of the format", "remove this line", (found.at[0], 0), length + found.at[1]
    )


def _tag(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    at = found.began or found.at
    return Explained("tags ('!...') are not part of the format", "remove it, or put the text in quotes", at)


def _leftover(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    length = max(1, len(_line(lines, found.at[0]).rstrip()) - found.at[1])
    return Explained(
        "this does not belong to what stands above", "let it begin in the same column as the keys above", found.at, length
    )


def _block_text(found: SyntaxProblem, lines: Sequence[str]) -> Explained:
    return Explained(
        "a text over several lines begins in the line below '|' or '>'",
        "end this line behind '|' or '>' and indent the text under the key",
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

"""What of a text is visible, and where a line of it may break. It knows no font.

Invisible characters leave nothing: they come along when a text is copied out of a web page or a chat. Breaks follow UAX #14
(Unicode line breaking) as far as Chinese and European texts need it, with the marks of W3C's Requirements for Chinese Text Layout
(CLREQ); a number keeps its signs and units, also where these are as wide as a Chinese character, which UAX #14 would let go."""

import unicodedata
from functools import lru_cache

BREAK, GLUE, SOFT_HYPHEN, NO_BREAK_SPACE = "\u200b", "\u2060", "\u00ad", "\u00a0"
"""What breaks or holds a line and is itself invisible: all that is left of such characters in a `prepared` text."""

_MAY_NOT_BEGIN = frozenset(
    "，。、；：？！）】》」』〉〕］｝〗〙〛”’…—～·・‥⋯々〻ー〜‐｡､｣･／％‰‱℃℉°′″»›,.;:?!)]}%"
    "︐︑︒︓︔︕︖︘︰︶︸︺︼︾﹀﹂﹄﹈﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞"
)
_MAY_NOT_END = frozenset("（【《「『〈〔［｛〖〘〚〝｢“‘([{«‹￥¥＄$£￡€₩№§#@＃＠︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝")
_BETWEEN_DIGITS = frozenset("-–/:：．／")
"""A line does not break behind these between two digits: 9:00–17:00, 2019/10/25; nor behind ， between two full-width ones."""
_BREAKS_AFTER = frozenset("-–/")
_LINE_ENDS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2065\ufff0\ufff1\ufff2\ufff3\ufff4\ufff5\ufff6\ufff7\ufff8")
_WIDE_SPACES = {"\u2002": "  ", "\u2003": "    "}


class _Prepared(dict[int, str]):
    """What becomes of each character; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = _prepared(chr(code))
        return kept


def _prepared(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n" or character in _LINE_ENDS:
        return "\n"
    if character in (BREAK, GLUE, SOFT_HYPHEN):
        return character
    if character == "\ufeff":
        return GLUE
    if character in "\u00a0\u202f\u2007":
        return NO_BREAK_SPACE
    if character in ("\t", "\u1680") or category == "Zs":
        return _WIDE_SPACES.get(character, character if character == "\u3000" else " ")
    if category in ("Cc", "Cf", "Mn", "Me") or character in _FILLERS:
        return ""
    return "\ufffd" if category == "Cs" else character


_PREPARED = _Prepared()
_UNSEEN = str.maketrans({BREAK: None, GLUE: None, SOFT_HYPHEN: None, NO_BREAK_SPACE: " "})


def prepared(text: str, /) -> str:
    """The text composed (NFC), with '\\n' for every kind of line end and plain spaces, without what is invisible but for the four
    characters that matter where lines break. Accents that stand alone are left out."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_PREPARED)


@lru_cache(maxsize=8192)
def as_drawn(text: str, /) -> str:
    """The characters of a text that are drawn, one beside the other."""
    return prepared(text).translate(_UNSEEN)


def stray_marks(text: str, /) -> set[str]:
    """The accents and other marks of a text that no letter of it takes in, so that nothing of them can be drawn."""
    composed = unicodedata.normalize("NFC", text)
    return {one for one in set(composed) if unicodedata.category(one) in ("Mn", "Me") and not _selects(one)}


def _selects(mark: str) -> bool:
    """Whether a mark only chooses how a character looks, or joins others."""
    return "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef" or mark in "\u034f\u180b\u180c\u180d\u180f"


def is_wide(character: str, /) -> bool:
    """Whether lines break beside it: Chinese, and what is set like it. Full-width letters and digits make words as others do."""
    if "０" <= character <= "ｚ" and character.isalnum():
        return False
    return unicodedata.east_asian_width(character) in ("W", "F") or character in "“”‘’…—"


def unbreakable(line: str, /) -> list[str]:
    """The pieces of a `prepared` line between which it may break; each keeps its trailing spaces."""
    pieces: list[str] = []
    start = 0
    for k in range(1, len(line)):
        if _may_break(line, k):
            pieces.append(line[start:k])
            start = k
    return [*pieces, line[start:]] if line else []


def _may_break(line: str, k: int) -> bool:
    """Whether the line may break before its character k."""
    before, after = line[k - 1], line[k]
    if GLUE in (before, after) or NO_BREAK_SPACE in (before, after) or after in (" ", "\u3000", BREAK, SOFT_HYPHEN):
        return False
    if before in (BREAK, SOFT_HYPHEN):
        return True
    if after in _MAY_NOT_BEGIN or before in _MAY_NOT_END:
        return False
    if before in (" ", "\u3000"):
        return True
    further = line[k - 2] if k > 1 else " "
    if after.isdigit() and further.isdigit() and (before in _BETWEEN_DIGITS or (before == "，" and min(further, after) >= "０")):
        return False
    if before in "’”" and _is_letter(after) and _is_letter(further):
        return False  # an apostrophe
    if '"' in (before, after) or (_is_unit(after) and before.isdigit()):
        return False
    return is_wide(after) or is_wide(before) or (before in _BREAKS_AFTER and after != before)


def _is_letter(character: str) -> bool:
    return character.isalnum() and not is_wide(character)


def _is_unit(character: str) -> bool:
    """Units in one character: ㎡, ㎥, ㎞."""
    return "㌀" <= character <= "㏿"

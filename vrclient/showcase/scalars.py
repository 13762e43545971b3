"""The text of a scalar read as the type that a model asks for, by YAML 1.2's core schema: `010` is ten, `no` is a word, `12:30`
is a time. Quotes make no difference. What cannot be read gives a Misread with its help; ranges are not looked at here."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_OTHER_WHOLE = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:[_,' ][0-9]{3})+(?:\.[0-9]*)?|[-+]?[0-9]+(?:_[0-9]+)+")
_WITH_UNIT = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*(%|°|[^\W\d_]{1,12}[²³]?)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[T ].*)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_LOOSE_CLOCK = re.compile(
    r"(?P<before>上午|下午|晚上|早上|中午)?\s*(?P<hours>[0-9]{1,2})(?:\s*[:.h时点]\s*(?P<minutes>[0-9]{2})?\s*分?)?\s*(?P<behind>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_LONGEST = 64
_EMPTY = frozenset(("", "~", "null", "Null", "NULL"))
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_YES = frozenset(("yes", "y", "on", "1", "ja", "是", "对", "开", "有"))
_NO = frozenset(("no", "n", "off", "0", "nein", "否", "不", "关", "无"))


@dataclass(frozen=True, slots=True)
class Misread:
    """The text is not of the type. `help` is made from the text, where there is one."""

    help: str | None = None


def is_empty(text: str, /, *, plain: bool) -> bool:
    """Whether a scalar stands for no value at all."""
    return plain and text in _EMPTY


def number(text: str, /, *, whole: bool = False) -> float | Misread:
    """A finite decimal number; 'whole' also takes 0x1f and 0o17 and gives an int."""
    if _NUMBER.fullmatch(text) and len(text) <= _LONGEST:
        value = float(text)
        if value in (float("inf"), float("-inf")):
            return Misread("write a smaller number")
        if not whole:
            return value
        return int(value) if value.is_integer() else Misread(f"write a whole number, such as {round(value)}")
    if whole and _OTHER_WHOLE.fullmatch(text):
        return int(text, 0)
    return Misread(_number_help(text))


def day(text: str, /) -> datetime.date | Misread:
    """An ISO date."""
    found = _DAY.fullmatch(text)
    if found:
        try:
            return datetime.date(*map(int, found.groups()))
        except ValueError:
            return Misread("this day is not in the calendar")
    loose = _LOOSE_DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if loose:
        try:
            return Misread(f"write {datetime.date(*map(int, loose.groups())).isoformat()}")
        except ValueError:
            return Misread("this day is not in the calendar")
    if re.fullmatch(r"[0-9]{4}", text):
        return Misread(f"write a whole date, such as {text}-01-01")
    return Misread()


def clock(text: str, /) -> datetime.time | Misread:
    """Hours and minutes, perhaps seconds."""
    found = _CLOCK.fullmatch(text)
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if hours < 24 and minutes < 60 and seconds < 60:
            return datetime.time(hours, minutes, seconds)
        return Misread("a day has the times from 00:00 to 23:59")
    loose = _LOOSE_CLOCK.fullmatch(unicodedata.normalize("NFKC", text))
    if not loose:
        return Misread()
    hours, minutes = int(loose["hours"]), int(loose["minutes"] or 0)
    if hours < 12 and (loose["before"] in ("下午", "晚上") or (loose["behind"] or "").lower().startswith("p")):
        hours += 12
    return Misread(f"write {hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else None)


def flag(text: str, /) -> bool | Misread:
    """true or false."""
    if text in _FLAGS:
        return _FLAGS[text]
    lower = text.lower()
    if lower in _YES or lower == "true":
        return Misread("write true")
    return Misread("write false" if lower in _NO or lower == "false" else None)


def core(text: str, /, *, plain: bool) -> Any:
    """What YAML 1.2's core schema makes of it where no model says what it should be."""
    if not plain:
        return text
    if text in _EMPTY:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    for whole in (True, False):
        value = number(text, whole=whole)
        if not isinstance(value, Misread):
            return value
    return text


def share(text: str, /) -> Misread | None:
    """What to do about a percentage where a number from 0 to 1 is asked for."""
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%", unicodedata.normalize("NFKC", text))
    return Misread(f"write {float(found[1]) / 100:g}") if found else None


_DEGREES = re.compile(
    r"""(?P<before>[NSEW]|东经|西经|北纬|南纬)?\s*(?P<degrees>[0-9]{1,3}(?:\.[0-9]+)?)\s*(?:(?:[°º度]|deg)\s*
    (?:(?P<minutes>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:['′’‘分]|min)\s*)?
    (?:(?P<seconds>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:["″”“秒]|''|′′|sec)\s*)?)?(?P<behind>[NSEW])?""",
    re.IGNORECASE | re.VERBOSE,
)


def degrees(text: str, /) -> float | None:
    """Degrees that are written as a map or a camera does: `121°28'30"E`, `N 30.945`, `东经121°28′`; None where they are not."""
    found = _DEGREES.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None or not (found["before"] or found["behind"] or re.search("[°º度]|deg", text, re.IGNORECASE)):
        return None
    if float(found["minutes"] or 0) >= 60 or float(found["seconds"] or 0) >= 60:
        return None
    value = float(found["degrees"]) + float(found["minutes"] or 0) / 60 + float(found["seconds"] or 0) / 3600
    return -value if (found["before"] or found["behind"] or "").upper() in ("S", "W", "西经", "南纬") else value


def _number_help(text: str) -> str | None:
    half_width = unicodedata.normalize("NFKC", text).strip()
    angle = None if _WITH_UNIT.fullmatch(half_width) else degrees(text)
    if angle is not None:
        return f"write {float(f'{angle:.6f}'):.10g}"
    if half_width != text and _NUMBER.fullmatch(half_width):
        return f"write {half_width} with half-width digits"
    if _NOT_FINITE.fullmatch(text):
        return "write a finite number"
    if _THOUSANDS.fullmatch(half_width):
        return f"write {re.sub('[^-+0-9.]', '', half_width)}, without separators"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", half_width):
        return f"write {half_width.replace(',', '.')}"
    unit = _WITH_UNIT.fullmatch(half_width)
    if unit:
        return f"write {unit[1]} without '{unit[2]}'"
    return None

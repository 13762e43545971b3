"""Shapes in words: what is allowed in a place, with an example. For messages and for the manual."""

import datetime
import difflib
import enum
import json
import re
from collections.abc import Iterable
from collections.abc import Sequence as SequenceOf
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from vrclient.showcase.limits import MAX_EXTENT_M, MAX_HEIGHT_M, MIN_LENGTH_M
from vrclient.showcase.models import ElementId, HexColor, Point, Position, ShowcaseRef
from vrclient.showcase.shapes import (
    Choice,
    Clock,
    Day,
    Either,
    File,
    Flag,
    Group,
    Items,
    Key,
    Number,
    Row,
    Rules,
    Shape,
    Table,
    Text,
    keys_of,
    shape_of,
)
from vrclient.showcase.source_map import Node, Path_, Scalar, Sequence

UNITS = (
    ("_per_ha", "per hectare"),
    ("_kmh", "km/h"),
    ("_m_s", "m/s"),
    ("_mps", "m/s"),
    ("_deg", "degrees"),
    ("_pct", "percent"),
    ("_km", "kilometres"),
    ("_m2", "square metres"),
    ("_m", "metres"),
    ("_ms", "milliseconds"),
    ("_s", "seconds"),
    ("_h", "hours"),
    ("_px", "pixels"),
)
"""The endings of keys and the units they stand for."""

FILES = {
    "image": ("an image file (PNG, JPEG or WebP)", "gate.jpg"),
    "heights": ("a file of heights (.npy or a greyscale image)", "land.npy"),
    "gltf": ("a glTF file (.glb or .gltf)", "statue.glb"),
    "video": ("a film (.mp4 or .webm)", "opening.mp4"),
    "sound": ("a sound file (.ogg, .mp3 or .wav)", "lake.ogg"),
    "subtitles": ("a file of subtitles (.srt or .vtt)", "opening.zh.srt"),
}
"""Per kind of asset: what it is, and an example."""

LANGUAGE_NAMES = {
    **dict.fromkeys(("cn", "ch", "chi", "zho", "zh_cn", "zh-hans-cn", "chinese", "中文", "简体中文"), "zh"),
    **dict.fromkeys(("eng", "uk", "us", "gb", "en_us", "en_gb", "english", "英文", "英语"), "en"),
}
"""What people write for a language, and its code."""

WIDE_COLON = "the ':' after a key must be the half-width one, with a space after it"

INVISIBLE = " \t\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
"""What can stand unseen beside a word."""

_FAR_LOW, _FAR_HIGH = (-MAX_EXTENT_M, -MAX_HEIGHT_M), (MAX_EXTENT_M, MAX_HEIGHT_M)
"""Bounds that only keep out the absurd."""
POINT, POSITION = shape_of(Point), shape_of(Position)
"""The shapes of [east, north], and of it or [east, north, up]."""
_SAFE_TEXT = re.compile(r"[\w./][\w ./()+-]*")


def _pattern(annotation: Any) -> str:
    shape = shape_of(annotation)
    assert isinstance(shape, Text) and shape.rules.pattern
    return shape.rules.pattern


LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$"
ID_PATTERN, COLOR_PATTERN = _pattern(ElementId), _pattern(HexColor)
_PATTERNS = {
    ID_PATTERN: ("small letters a-z, digits and '_', with a letter first", "north_gate"),
    COLOR_PATTERN: ("a colour as on the web: '#' and six of 0-9, a-f", "#f4f1ea"),
    LANGUAGE_PATTERN: ("a language code such as zh or en", "zh"),
}


def described(shape: Shape, /, *, key: str = "", all_bounds: bool = False) -> str:
    """`a number of metres above 0`: what may be written there. Bounds that only keep out the absurd need `all_bounds`."""
    match shape:
        case Text():
            return _text(shape)
        case Number():
            number = "a whole number" if shape.whole else "a number"
            return number + _of_unit(key) + _range(shape.rules, all_bounds=all_bounds)
        case Flag():
            return "true or false"
        case Day():
            if all_bounds and shape.first and shape.last:
                return f"a date from {shape.first} to {shape.last}"
            return "a date such as 2019-10-25"
        case Clock():
            return "a time of day such as 19:30"
        case File():
            return f"the name of {FILES[shape.media][0]}"
        case Choice():
            return _or([f"'{option}'" if isinstance(option, str) else str(option) for option in shape.options])
        case Items():
            return f"a list of {_several(shape, key)}"
        case Row():
            if shape == POINT and not unit_of(key):
                return "a point [east, north]"
            if shape == _variants(POSITION)[-1]:
                return "a place [east, north, up]"
            if isinstance(shape.items[0], Number) and all(one == shape.items[0] for one in shape.items):
                return f"a list of {len(shape.items)} numbers{_of_unit(key)}{_range(shape.items[0].rules, all_bounds=all_bounds)}"
            return f"a list of {len(shape.items)} values"
        case Table():
            if shape.localized:
                return "a text for each language"
            return f"a group of keys, each {described(shape.key)}, with {described(shape.value)}"
        case Group():
            return f"a group of keys ({', '.join(keys_of(shape.model))})"
        case Either():
            first = len(_variants(POSITION)) if shape.variants[:2] == _variants(POSITION) else 0
            place = ["a place [east, north] or [east, north, up]"] if first else []
            rest = [described(one, key=key, all_bounds=all_bounds) for one in shape.variants[first:]]
            return " or ".join(dict.fromkeys([*place, *rest]))
        case _:
            return "a value"


def _several(shape: Items, key: str) -> str:
    """`at least 3 points [east, north]`: what a list is of."""
    item = shape.item
    least = f"at least {shape.rules.shortest} " if (shape.rules.shortest or 0) > 1 else ""
    match item:
        case Row() if item == POINT and not unit_of(key):
            return f"{least}points [east, north]"
        case Either() if item == POSITION:
            return f"{least}places [east, north] or [east, north, up]"
        case Items():
            return f"{least}lists of {_several(item, key)}"
        case Number():
            return f"{least}{'whole ' if item.whole else ''}numbers{_of_unit(key)}{_range(item.rules)}"
        case Text() if item.reference:
            return f"{least}ids of elements"
        case Text() if not item.rules.pattern:
            return f"{least}texts"
        case _:
            return f"{least}entries, each {described(item, key=key)}"


def _of_unit(key: str) -> str:
    unit = unit_of(key)
    return f" {unit}" if unit.startswith("per") else f" of {unit}" if unit else ""


def _or(names: SequenceOf[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def unit_of(key: str, /) -> str:
    """The unit that a key's ending stands for; empty where it has none."""
    return next((unit for ending, unit in UNITS if key.endswith(ending)), "")


def example(shape: Shape, key: Key | None = None, /) -> str:
    """A value that could stand there: the key's own example, its default, or one made from the shape."""
    if key and key.shape is shape:
        if key.examples:
            return flow(key.examples[0])
        if key.default is not None and key.default != () and not isinstance(key.default, BaseModel):
            return flow(key.default)
    return flow(_made(shape))


def flow(value: Any, /) -> str:
    """A value as YAML on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case BaseModel():
            return flow(value.model_dump(exclude_defaults=True))
        case dict():
            return "{" + ", ".join(f"{flow(name)}: {flow(one)}" for name, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(flow(one) for one in value) + "]"
        case enum.Enum():
            return flow(value.value)
        case float():
            return shortest_number(value)
        case datetime.time():
            return f'"{value.isoformat("minutes")}"'
        case datetime.date():
            return value.isoformat()
        case str() | Path():
            text = str(value)
            return text if _SAFE_TEXT.fullmatch(text) else json.dumps(text, ensure_ascii=False)
        case _:
            return str(value)


def shortest_number(value: float, /) -> str:
    """A number as a person would write it."""
    return str(int(value)) if float(value).is_integer() else repr(value)


def by_language(key: str, text: str, /) -> str:
    """What to do about a text that stands there without its language."""
    short = text if len(text) <= 30 else "..."
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    values = {"zh": short, "en": "..."} if is_chinese else {"zh": "...", "en": short}
    return f"write {key}: {flow(values)}"


def pattern_help(pattern: str | None, text: str, /) -> str | None:
    """A text made from `text` that fits a known pattern: an id without spaces, a colour by its name."""
    if pattern == ID_PATTERN:
        made = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
        return made if re.fullmatch(ID_PATTERN, made) else None
    if pattern == COLOR_PATTERN:
        from PIL import ImageColor  # here, because only a wrong colour needs it

        if re.fullmatch(r"[0-9a-fA-F]{6}", text):
            return f'"#{text}"'
        try:
            return '"#{:02x}{:02x}{:02x}"'.format(*ImageColor.getrgb(text))
        except ValueError:
            return None
    return None


def closest(word: str, known: Iterable[str], /) -> str | None:
    """What was probably meant: the same but for spaces and capitals, or the most similar word."""
    names = list(known)
    bare = re.sub(r"[\s_-]", "", word.strip(INVISIBLE)).casefold()
    for name in names:
        if re.sub(r"[\s_-]", "", name).casefold() == bare:
            return name
    longer = [name for name in names if len(bare) > 2 and name.startswith(f"{word.strip(INVISIBLE)}_")]
    if longer:
        return min(longer, key=len)
    if len(names) > 2000:
        names = [name for name in names if name[:2] == word[:2]][:2000]
    found = difflib.get_close_matches(word.strip(), names, n=1, cutoff=0.7)
    return found[0] if found else None


def last_key(path: Path_, /) -> str:
    """The key that a path ends in or under."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def subject(path: Path_, /) -> str:
    """`'height_m'`, `item 3 of 'footprint'` or `value 1 in item 3 of 'footprint'`."""
    positions: list[int] = []
    for part in reversed(path):
        if isinstance(part, str):
            names = [f"item {number + 1}" for number in positions]
            if len(names) > 1:
                names[0] = names[0].replace("item", "value")
            return f"{' in '.join(names)} of '{part}'" if names else f"'{part}'"
        positions.append(part)
    return "this"


def seen(node: Node, /) -> str:
    """What stands in the file, in short."""
    if isinstance(node, Scalar):
        text = node.text if len(node.text) <= 40 else node.text[:37] + "..."
        return f"'{text}'".replace("\n", " ")
    if isinstance(node, Sequence):
        return f"a list of {len(node.items)}"
    return "a group of keys"


def _text(shape: Text) -> str:
    if isinstance(shape.reference, ShowcaseRef):
        return "the name of a showcase"
    if shape.reference:
        return "the id of an element with a course, such as a road" if shape.reference.path else "the id of an element"
    known = _PATTERNS.get(shape.rules.pattern or "")
    if known:
        return known[0]
    length = f" of at most {shape.rules.longest} characters" if shape.rules.longest else ""
    return f"a text{length}" + (f" that fits the pattern {shape.rules.pattern}" if shape.rules.pattern else "")


def _range(rules: Rules, *, all_bounds: bool = False) -> str:
    low, high = rules.ge, rules.le
    if not all_bounds:
        low = None if low in _FAR_LOW else low
        high = None if high in _FAR_HIGH else high
        if low == MIN_LENGTH_M and high is None:
            return " above 0"
    upper = f"up to {shortest_number(high)}" if high is not None else ""
    if rules.lt is not None:
        upper = f"below {shortest_number(rules.lt)}"
    if low is not None and high is not None:
        return f" from {shortest_number(low)} to {shortest_number(high)}"
    if low is not None:
        return f" of at least {shortest_number(low)}" + (f", {upper}" if upper else "")
    if rules.gt is not None:
        return f" above {shortest_number(rules.gt)}" + (f", {upper}" if upper else "")
    return f" {upper}" if upper else ""


def _allows(rules: Rules, value: float) -> bool:
    return (
        (rules.ge is None or value >= rules.ge)
        and (rules.gt is None or value > rules.gt)
        and (rules.le is None or value <= rules.le)
        and (rules.lt is None or value < rules.lt)
    )


def _made(shape: Shape) -> Any:
    match shape:
        case Text():
            if shape.reference:
                return "north_gate"
            return _PATTERNS.get(shape.rules.pattern or "", ("", "text"))[1]
        case Number():
            fit = [
                one
                for one in (12, 5, 2, 1, 0.5, 0.1, 0, 60, 1000)
                if _allows(shape.rules, one) and (one % 1 == 0 or not shape.whole)
            ]
            low = shape.rules.ge if shape.rules.ge is not None else shape.rules.gt
            return fit[0] if fit else low if low is not None else shape.rules.le
        case Flag():
            return True
        case Day():
            return datetime.date(2019, 10, 25)
        case Clock():
            return datetime.time(19, 30)
        case File():
            return FILES[shape.media][1]
        case Choice():
            return shape.options[0]
        case Items():
            if shape.item in (POINT, POSITION):
                return [[0, 0], [40, 0], [40, 25], [0, 25]][: max(2, shape.rules.shortest or 0)]
            return [_made(shape.item)] * max(1, shape.rules.shortest or 0)
        case Row():
            return (
                [20, 35, 0][: len(shape.items)] if shape in (POINT, *_variants(POSITION)) else [_made(one) for one in shape.items]
            )
        case Table():
            return {"zh": "入口", "en": "Entrance"} if shape.localized else {_made(shape.key): _made(shape.value)}
        case Group():
            keys = keys_of(shape.model).values()
            shown = [key for key in keys if key.is_required] or [key for key in keys if key.name not in ("kind", "id")][:1]
            return {key.name: key.examples[0] if key.examples else _made(key.shape) for key in shown}
        case Either():
            return _made(shape.variants[0])
        case _:
            return "value"


def _variants(shape: Shape) -> tuple[Shape, ...]:
    return shape.variants if isinstance(shape, Either) else ()

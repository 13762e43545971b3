"""Every number, text and list of the format has an end: what is beyond is refused before it costs anything."""

import re._parser as regular
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from vrclient.cli.arguments import Usage, parsed_date
from vrclient.elements import kinds
from vrclient.showcase.limits import FIRST_DAY, LAST_DAY
from vrclient.showcase.models import IncludedFile, ShowcaseFile
from vrclient.showcase.shapes import (
    Choice,
    Clock,
    Day,
    Either,
    File,
    Flag,
    Group,
    Items,
    Number,
    Row,
    Rules,
    Shape,
    Table,
    Text,
    keys_of,
)

FILES: dict[str, type[BaseModel]] = {"showcase": ShowcaseFile, "included file": IncludedFile}
MODELS: dict[str, type[BaseModel]] = {**FILES, **{name: kind.model for name, kind in kinds().items()}}


def endless(shape: Shape, name: str, seen: set[type[BaseModel]]) -> Iterator[str]:
    """The names of all values inside a shape that have no limit."""
    match shape:
        case Number(rules):
            has_ends = (rules.ge is not None or rules.gt is not None) and (rules.le is not None or rules.lt is not None)
            yield from [] if has_ends else [f"{name}: a number"]
        case Text(rules):
            yield from [] if is_short(rules) else [f"{name}: a text"]
        case Day(first, last):
            yield from [] if first and last else [f"{name}: a date"]
        case Items(item, rules):
            yield from [] if rules.longest else [f"{name}: a list"]
            yield from endless(item, f"{name}[]", seen)
        case Row(items):
            for one in items:
                yield from endless(one, f"{name}[]", seen)
        case Table(key, value, rules):
            yield from [] if rules.longest else [f"{name}: a group of keys"]
            yield from endless(key, f"{name}, its key", seen)
            yield from endless(value, name, seen)
        case Group(model):
            if model not in seen:
                seen.add(model)
                for key in keys_of(model).values():
                    yield from endless(key.shape, f"{name}.{key.name}", seen)
        case Either(variants):
            for one in variants:
                yield from endless(one, name, seen)
        case Flag() | Clock() | File() | Choice():
            pass
        case _:
            yield f"{name}: anything"


def is_short(rules: Rules) -> bool:
    """Whether a text's length is bounded, by a number or by its pattern."""
    return rules.longest is not None or bool(rules.pattern and regular.parse(rules.pattern).getwidth()[1] < 1000)


@pytest.mark.parametrize("name", MODELS)
def test_everything_has_an_end(name: str) -> None:
    assert list(endless(Group(MODELS[name]), name, set())) == []


def test_what_has_no_end_is_found() -> None:
    class Inner(BaseModel):
        words: tuple[str, ...]

    class Loose(BaseModel):
        number: float
        inner: Inner

    found = list(endless(Group(Loose), "loose", set()))
    assert found == ["loose.number: a number", "loose.inner.words: a list", "loose.inner.words[]: a text"]


@pytest.mark.parametrize("text", ["0001-01-01", "0999-12-31", "2201-01-01", "9999-12-31"])
def test_days_of_the_command_line(text: str) -> None:
    with pytest.raises(Usage) as refused:
        parsed_date(text)
    assert str(refused.value) == f"--date {text}: give a day from 1000-01-01 to 2200-12-31"


def test_first_and_last_day_of_the_command_line() -> None:
    assert [parsed_date(day.isoformat()) for day in (FIRST_DAY, LAST_DAY)] == [FIRST_DAY, LAST_DAY]

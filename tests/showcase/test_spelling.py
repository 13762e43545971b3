"""Where a text's characters stand in the file, however the text is written."""

from pathlib import Path

import pytest
import yaml  # noqa: TID251
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.source_map import Mapping, Scalar, Source
from vrclient.showcase.spelling import place_within
from vrclient.showcase.yaml_source import parse_yaml

WORD = "Seehafen"


def read(text: str) -> tuple[Source, Scalar]:
    source, problems = Source.from_text(Path("a.yaml"), text), Problems()
    root = parse_yaml(text, source, problems)
    assert isinstance(root, Mapping), problems.in_order([])
    value = root.entries[0].value
    assert isinstance(value, Scalar)
    return source, value


def found(source: Source, scalar: Scalar, word: str) -> str:
    start = scalar.text.index(word)
    place = place_within(source, scalar, start, start + len(word))
    return source.lines[place.line - 1][place.column - 1 : place.column - 1 + place.length]


TEXTS = st.text(st.sampled_from("ab '\"\\:#-|>&*{}[],!%@\n水é\t\u00ad"), max_size=30)


@given(TEXTS, TEXTS, st.sampled_from([None, "'", '"', "|", ">"]), st.integers(12, 80), st.booleans())
def test_a_word_is_found_where_it_is_written(before: str, after: str, style: str, width: int, escaped: bool):
    text = f"{before}{WORD}{after}"
    written = yaml.dump({"key": text}, default_style=style, width=width, allow_unicode=not escaped)
    source, scalar = read(written)
    assert scalar.text == text
    assert found(source, scalar, WORD) == WORD


@pytest.mark.parametrize(
    ("written", "word", "shown"),
    [
        ("key: &name Seehafen", "hafen", "hafen"),
        ("key: &hafen 'hafen'", "hafen", "hafen"),
        ('key: "See\\u0068afen"', "hafen", "\\u0068afen"),
        ("key: >\n  See\n  hafen", "See hafen", "See"),
        ("key: 'it''s hafen'", "hafen", "hafen"),
        ('key: "See\\\n  hafen"', "hafen", "hafen"),
        ("key: |\n\n  \n  See\n\n  hafen", "hafen", "hafen"),
    ],
)
def test_ways_to_write(written: str, word: str, shown: str):
    assert found(*read(written), word) == shown


def test_what_is_unknown_is_shown_as_a_whole():
    source = Source.from_text(Path("a.yaml"), "key: other")
    assert place_within(source, Scalar("hafen", True, 0, 5, 5), 0, 3) == source.at(0, 5, 5)
    assert place_within(source, Scalar("other", True, 0, 5, 5), 2, 2) == source.at(0, 5, 5)

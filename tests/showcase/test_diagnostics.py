"""The two forms of a diagnostic."""

import json
import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.diagnostics import (
    MAX_DIAGNOSTICS,
    Diagnostic,
    Note,
    Problems,
    SourcePlace,
    as_dictionary,
    as_text,
    counted,
    display_width,
    json_text,
    printable,
)

FILE = Path("harbour/showcase.yaml")


def test_text_of_the_design() -> None:
    found = Diagnostic(
        "unknown-key",
        "'hieght_m' is not a key of 'building'",
        "did you mean 'height_m'?",
        place=SourcePlace(FILE, 5, 7, 8, "      hieght_m: 12"),
    )
    assert as_text(found) == (
        "harbour/showcase.yaml:5:7: error[unknown-key]: 'hieght_m' is not a key of 'building'\n"
        "      hieght_m: 12\n"
        "      ^^^^^^^^\n"
        "  help: did you mean 'height_m'?"
    )


def test_whoever_knows_the_line_adds_the_place() -> None:
    found = Diagnostic("gltf-image", "gate.glb: images[0] is broken", "save it again", "warning")
    assert as_text(found) == "gate.glb: images[0] is broken; save it again"
    assert (as_dictionary(found)["place"], as_dictionary(found)["code"]) == (None, "gltf-image")
    assert as_text(found.at(SourcePlace(FILE, 3, 11, 4, "  - file: gate.glb"), about="'file'")) == (
        "harbour/showcase.yaml:3:11: warning[gltf-image]: 'file': gate.glb: images[0] is broken\n"
        "  - file: gate.glb\n"
        "          ^^^^\n"
        "  help: save it again"
    )


def test_carets_stand_under_wide_characters() -> None:
    found = Diagnostic("x", "m", None, "warning", SourcePlace(FILE, 1, 8, 2, "标题: {zh: 港口}"))
    assert as_text(found).splitlines()[1:] == ["标题: {zh: 港口}", "         ^^"]
    assert display_width("标题: {zh") == 9


def test_notes_and_json() -> None:
    note = Note(SourcePlace(FILE, 2, 1, 1, "a: 1"), "first given here")
    found = Diagnostic("duplicate-key", "'a' is given twice", "keep one of them").at(SourcePlace(FILE, 3, 1, 1, "a: 2"), note)
    assert as_text(found).splitlines()[3:5] == ["  harbour/showcase.yaml:2:1: first given here", "a: 1"]
    assert as_dictionary(found) == {
        "severity": "error",
        "code": "duplicate-key",
        "message": "'a' is given twice",
        "help": "keep one of them",
        "place": {"file": "harbour/showcase.yaml", "line": 3, "column": 1, "length": 1, "source": "a: 2"},
        "notes": [
            {
                "message": "first given here",
                "place": {"file": "harbour/showcase.yaml", "line": 2, "column": 1, "length": 1, "source": "a: 1"},
            }
        ],
    }


ANY = st.text(max_size=300)
PLACES = st.builds(
    SourcePlace,
    st.builds(Path, st.text(min_size=1, max_size=50)),
    st.integers(1, 9),
    st.integers(1, 300),
    st.integers(1, 300),
    ANY,
)
HARMFUL = ("Cc", "Cf", "Cs", "Zl", "Zp")


@given(ANY, ANY, PLACES, st.lists(st.builds(Note, PLACES, ANY), max_size=2))
def test_whatever_is_quoted_a_diagnostic_has_its_lines_and_no_more(
    message: str, help: str, place: SourcePlace, notes: list[Note]
) -> None:
    found = Diagnostic("x", message, help, place=place, notes=tuple(notes))
    lines = as_text(found).split("\n")
    assert len(lines) == 1 + bool(help) + len(notes) + 2 * sum(
        bool(one.source.strip()) for one in (place, *(note.place for note in notes))
    )
    assert not any(unicodedata.category(character) in HARMFUL for line in lines for character in line)
    written = json_text(as_dictionary(found))
    assert json.loads(written)["place"]["file"] == place.file.as_posix()
    assert not any(unicodedata.category(character) in HARMFUL for character in written.replace("\n", ""))


@given(ANY)
def test_json_is_not_changed_by_its_escapes(text: str) -> None:
    assert json.loads(json_text({text: [text]})) == {text: [text]}


def test_what_is_written_out() -> None:
    assert printable("a\tb\x1b[31m\x9b\r\n\u202e\U000e0041\ud800é门") == "a\\tb\\x1b[31m\\x9b\\r\\n\\u202e\\U000e0041\\ud800é门"


def test_a_long_line_costs_no_more_for_its_many_problems() -> None:
    line = "门a" * 500_000
    texts = [as_text(Diagnostic("x", "m", place=SourcePlace(FILE, 1, 1 + 3000 * number, 7, line))) for number in range(300)]
    assert all(len(text) < 400 for text in texts)


@given(st.text(max_size=300), st.integers(1, 300), st.integers(1, 300))
def test_any_line_is_quoted_on_one_line_and_underlined_inside_it(source: str, column: int, length: int) -> None:
    column = min(column, len(source) + 1)
    lines = as_text(Diagnostic("x", "m", place=SourcePlace(FILE, 1, column, length, source))).split("\n")
    assert len(lines) == (3 if source.strip() else 1)
    for line in lines:
        assert display_width(line) <= 300 and not any(unicodedata.category(character) == "Cc" for character in line)


def test_counting() -> None:
    error, warning = (Diagnostic("x", "m", None, severity, SourcePlace(FILE)) for severity in ("error", "warning"))
    assert counted([error, error, warning]) == "2 errors, 1 warning"
    assert counted([]) == ""


def test_problems_stop_growing() -> None:
    problems = Problems()
    for number in range(MAX_DIAGNOSTICS + 50):
        problems.error("x", SourcePlace(FILE, number + 1), "m", "h")
    found = problems.in_order([FILE])
    assert len(found) == MAX_DIAGNOSTICS + 1
    assert found[-1].message == "there are more than 300 problems; the rest is left out"

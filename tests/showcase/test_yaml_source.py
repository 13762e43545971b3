"""Files and texts as trees of nodes: places, limits, and no exception for anything."""

import json
import re
from pathlib import Path

import pytest

from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.limits import DEFAULT_LIMITS, Limits
from vrclient.showcase.source_map import Entry, Mapping, Node, Scalar, Sequence, Source, locate
from vrclient.showcase.yaml_source import parse_yaml, read_yaml


def parsed(text: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Node | None, Problems]:
    problems = Problems()
    return parse_yaml(text, Source.from_text(Path("a.yaml"), text), problems, limits=limits), problems


def codes(problems: Problems) -> list[str]:
    return [one.code for one in problems.in_order([])]


def test_nodes_keep_text_quotes_and_places() -> None:
    root, problems = parsed('门: [no, "12:30", 010]\nb: {c: d}\nempty:\n')
    assert codes(problems) == []
    assert root == Mapping(
        (
            Entry(
                Scalar("门", True, 0, 0, 1),
                Sequence((Scalar("no", True, 0, 4, 2), Scalar("12:30", False, 0, 8, 7), Scalar("010", True, 0, 17, 3)), 0, 3, 18),
            ),
            Entry(Scalar("b", True, 1, 0, 1), Mapping((Entry(Scalar("c", True, 1, 4, 1), Scalar("d", True, 1, 7, 1)),), 1, 3, 6)),
            Entry(Scalar("empty", True, 2, 0, 5), Scalar("", True, 2, 0, 5)),
        ),
        0,
        0,
        1,
    )


def test_locate_stops_at_the_last_node_that_is_written() -> None:
    root, _ = parsed("a: [x, {b: c}]")
    assert root is not None
    assert locate(root, ("a", 1, "b")) == Scalar("c", True, 0, 11, 1)
    assert locate(root, ("a", 1, "z", 5)) == locate(root, ("a", 1))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_are_counted_as_the_parser_counts_them(newline: str) -> None:
    text = f"a: 1{newline}b: 2{newline}a: 3"
    _, problems = parsed(text)
    (found,) = problems.in_order([])
    assert (found.place.line, found.place.column, found.place.source) == (3, 1, "a: 3")


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1")
    problems = Problems()
    assert read_yaml(file, problems).root == Mapping((Entry(Scalar("a", True, 0, 0, 1), Scalar("1", True, 0, 3, 1)),), 0, 0, 1)
    assert codes(problems) == []


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("a: [[[[1]]]]", Limits(depth=4)),
        ("a: &a [[1]]\nb: &b [*a]\nc: [*b]", Limits(depth=4)),
        ("a: &a [1, 2, 3]\nb: [*a, *a, *a]", Limits(nodes=12)),
        ("[" * 100_000, Limits()),
        ("".join(f"{' ' * level}a:\n" for level in range(2000)), Limits()),
        ("- " * 5000, Limits()),
    ],
)
def test_limits(text: str, limits: Limits) -> None:
    root, problems = parsed(text, limits)
    assert root is None
    assert codes(problems) == ["limit"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n" * 100)
    problems = Problems()
    assert read_yaml(file, problems, limits=Limits(file_bytes=100)).root is None
    assert codes(problems) == ["limit"]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    problems = Problems()
    assert read_yaml(tmp_path, problems).root is None
    assert read_yaml(tmp_path / "absent.yaml", problems).root is None
    assert codes(problems) == ["file", "file"]


def test_every_case_of_the_yaml_test_suite_gives_a_tree_or_a_place(shared_data: Path) -> None:
    cases = 0
    for file in sorted((shared_data / "yaml/yaml-test-suite/src").glob("*.yaml")):
        for block in re.findall(r"(?m)^  yaml: \|\d?\n((?:    .*\n|\n)*)", file.read_text(encoding="utf-8")):
            text = re.sub("(?m)^    ", "", block)
            for mark, meant in (("␣", " "), ("»", "\t"), ("—", ""), ("↵", ""), ("←", "\r"), ("⇔", "\ufeff"), ("∎\n", "")):
                text = text.replace(mark, meant)
            root, problems = parsed(text)
            assert root is not None or len(problems)
            for one in problems.in_order([]):
                assert one.place.line <= len(text.split("\n")) + 1 and one.place.column >= 1 and one.message and one.help
            cases += 1
    assert cases > 200


def test_naughty_strings_are_read_as_they_are(shared_data: Path) -> None:
    strings = json.loads((shared_data / "yaml/blns/blns.json").read_text(encoding="utf-8"))
    for string in strings:
        root, problems = parsed(f"text: {json.dumps(string, ensure_ascii=False)}")
        assert isinstance(root, Mapping) or len(problems)
        if isinstance(root, Mapping) and not len(problems):
            value = root.entries[0].value
            assert isinstance(value, Scalar) and value.text == string
        parsed(string)
        parsed(f"text: {string}")

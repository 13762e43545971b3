"""A text between brackets that a sign tears apart: what is proposed is a line that says what was meant."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Diagnostic, Problems
from vrclient.showcase.findings import Findings
from vrclient.showcase.models import LocalizedText, Model
from vrclient.showcase.read import Reader
from vrclient.showcase.source_map import Source
from vrclient.showcase.yaml_source import parse_yaml


class Page(Model):
    """What the line is of."""

    title: LocalizedText


def read(line: str) -> tuple[dict[str, str] | None, tuple[Diagnostic, ...]]:
    problems, source = Problems(), Source.from_text(Path("a.yaml"), line)
    root = parse_yaml(line, source, problems)
    page = Reader(source, AssetFolder(Path()), problems, Findings()).model(root, Page, "a page") if root else None
    return (page.title if isinstance(page, Page) else None), problems.in_order([])


def mended(line: str) -> str:
    """As a clerk does it: what the first help says, until nothing is wrong."""
    for _ in range(6):
        _, found = read(line)
        errors = [one for one in found if one.severity == "error"]
        if not errors:
            return line
        help = errors[0].help or ""
        assert help.startswith("write title: {"), (line, errors)
        line = help.removeprefix("write ")
    raise AssertionError(line)


WORD = st.sampled_from(["Gate", "Hall", "8:30", "3", "德清", "千秋广场", "时间", "No. 2", "A-b", "Tue"])
BRACKETS = st.sampled_from(["[north]", "{north}", "[A, B]", "[1]"])
SIGN = st.sampled_from([", ", ",", ": ", " #", " ", "，", "。", " - ", "'s ", " & ", "！"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = draw(st.lists(WORD, min_size=1, max_size=4))
    return words[0] + "".join(draw(SIGN) + word for word in words[1:])


@st.composite
def bracketed(draw: st.DrawFn) -> str:
    """A text with its own brackets, behind its first word."""
    first, *rest = draw(st.lists(WORD, min_size=1, max_size=3))
    return (
        first
        + "".join(f" {draw(BRACKETS)}{draw(st.sampled_from(['', ' ', ', ']))}{word}" for word in rest)
        + f" {draw(BRACKETS)}"
    )


@given(texts(), texts())
@example("Gate", "Gate, Gate: Gate: Gate")
@example("Gate: Hall, No. 2: 8:30: 3", "Tue")
def test_following_the_help_gives_the_texts_that_were_meant(chinese: str, english: str) -> None:
    line = mended(f"title: {{zh: {chinese}, en: {english}}}")
    assert read(line)[0] == {"zh": chinese, "en": english}


@given(bracketed(), texts())
def test_brackets_of_a_texts_own(chinese: str, english: str) -> None:
    for texts in ({"zh": chinese, "en": english}, {"en": english, "zh": chinese}):
        line = mended("title: {" + ", ".join(f"{language}: {text}" for language, text in texts.items()) + "}")
        assert read(line)[0] == texts


@given(st.sampled_from(["，", "， "]), st.sampled_from(["：", "： "]), st.sampled_from(["zh", "all"]))
def test_full_width_signs_between_texts(comma: str, colon: str, where: str) -> None:
    line = f"title: {{zh{colon}德清{comma if where == 'all' else ', '}en{colon if where == 'all' else ': '}Deqing}}"
    assert read(mended(line))[0] == {"zh": "德清", "en": "Deqing"}

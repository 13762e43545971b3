"""What cannot be drawn is said, once, where it stands."""

import shutil
from pathlib import Path

import pytest

from vrclient.app.opening import load

MEDIA = Path(__file__).parent.parent / "media"
HEAD = """\
vrclient: 1
title: {zh: 试, en: Test}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
  - {kind: terrain, size_m: [200, 200]}
  - {kind: spawn, at: [0, -6]}
"""
PICTURE = "give this text in a language that can be shown, or show it as a picture"


def said(folder: Path, element: str) -> list[tuple[int, int, str, str | None]]:
    (folder / "showcase.yaml").write_text(HEAD + element, encoding="utf-8")
    return [(one.place.line, one.place.column, one.message, one.help) for one in load(folder).diagnostics]


def test_emoji_are_named_where_they_stand_and_what_is_invisible_is_not(tmp_path: Path) -> None:
    element = '  - {kind: text, at: [0, 9], text: {zh: "咨询电话\\u200b：☎\\ufe0f 021", en: "Mu\\u0308nchen \\u200eGate 🚀"}}\n'
    message = "'text': no font has the character '🚀' (U+1F680); it is drawn as a box"
    assert said(tmp_path, element) == [(7, 97, message, "use another character")]


def test_a_lone_accent_is_said_and_left_out(tmp_path: Path) -> None:
    element = '  - {kind: text, at: [0, 9], text: {zh: "\\u0301", en: "Gate"}}\n'
    assert [one[2] for one in said(tmp_path, element)] == [
        "'text': the mark U+0301 belongs to no letter that has it; it is left out"
    ]


def test_each_script_that_cannot_be_set_is_said_once(tmp_path: Path) -> None:
    element = '  - {kind: text, at: [0, 9], text: {zh: "门", en: "ئۇيغۇر བོད ᠮᠣᠩᠭᠣᠯ ไทย עברית"}}\n'
    assert [(one[1], one[2], one[3]) for one in said(tmp_path, element)] == [
        (51, "'text': Arabic letters cannot be shown: no font has them, and they run from right to left", PICTURE),
        (58, "'text': Tibetan letters cannot be shown: no font has them, and their shapes depend on their neighbours", PICTURE),
        (62, "'text': Mongolian letters cannot be shown: no font has them, and their shapes depend on their neighbours", PICTURE),
        (69, "'text': Thai letters cannot be shown: no font has them, and their shapes depend on their neighbours", PICTURE),
        (73, "'text': Hebrew letters cannot be shown: no font has them, and they run from right to left", PICTURE),
    ]


@pytest.mark.parametrize("ending", ["srt", "vtt"])
def test_subtitles_are_looked_at_with_their_lines(tmp_path: Path, ending: str) -> None:
    shutil.copy(MEDIA / "opening.mp4", tmp_path)
    begin, point = ("WEBVTT\n\n", ".") if ending == "vtt" else ("", ",")
    cues = f"{begin}1\n00:00:01{point}000 --> 00:00:02{point}000\n门 ♪\n\n2\n00:00:02{point}000 --> 00:00:04{point}000\n"
    (tmp_path / f"a.{ending}").write_text(f"{cues}𓀀 ئۇيغۇر བོད\n", encoding="utf-8")
    element = f"  - {{kind: screen, at: [0, 9], video: opening.mp4, subtitles: {{zh: a.{ending}, en: a.{ending}}}}}\n"
    line = 9 if ending == "vtt" else 7
    assert [one[2].split(": no font")[0] for one in said(tmp_path, element) if "font" in one[2]] == [
        f"'zh': 'a.{ending}', line {line}",
        f"'zh': 'a.{ending}', line {line}: Arabic letters cannot be shown",
        f"'zh': 'a.{ending}', line {line}: Tibetan letters cannot be shown",
    ]

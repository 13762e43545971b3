"""SubRip and WebVTT."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.subtitles import Cue, cue_at, cues_of, read_subtitles, subtitle_problems

MEDIA = Path(__file__).parents[1] / "media"


def test_subrip() -> None:
    assert read_subtitles(MEDIA / "opening.zh.srt") == (Cue(0.2, 0.9, "红色的田野"), Cue(1.0, 1.9, "蓝色的湖"))
    assert read_subtitles(MEDIA / "opening.en.srt")[1] == Cue(1.0, 1.9, "A blue lake\nin the evening")
    assert subtitle_problems(MEDIA / "opening.en.srt") == ()


def test_webvtt(tmp_path: Path) -> None:
    file = tmp_path / "a.vtt"
    text = "WEBVTT\n\nNOTE by hand\n\nfirst\n00:01.000 --> 00:02.500 line:0\n<v Li>Water &amp; <b>light</b>\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert subtitle_problems(file) == ()
    assert read_subtitles(file) == (Cue(1.0, 2.5, "Water & light"),)


def _reported(folder: Path, name: str, text: str | bytes) -> list[str]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [f"{one.message} | {one.help}" for one in AssetFolder(folder).inspect(file, "subtitles")]


def test_each_broken_line_is_named(tmp_path: Path) -> None:
    text = """1
00:00:01,000 -> 00:00:02,000
an arrow too short

2
00:00:05,000 --> 00:00:04,000
ends too early

3
00:00:03,000 --> 00:00:06,000
out of order

4
00:75:07,000 --> 00:00:08,000
no such minute

5
00:01:09,000 --> 00:01:10,000

"""
    assert _reported(tmp_path, "a.srt", text) == [
        "'a.srt', line 2: '00:00:01,000 -> 00:00:02,000' is not a time of subtitles | write 00:00:01,000 --> 00:00:04,000",
        "'a.srt', line 6: this text ends before it begins | make the second time the later one",
        "'a.srt', line 10: this text begins before the one above it | put them in the order of their times",
        "'a.srt', line 14: '00:75:07,000 --> 00:00:08,000' has minutes or seconds above 59 | write 00:00:01,000 --> 00:00:04,000",
        "'a.srt', line 18: this time has no text below it | write the text into the next line",
    ]


def test_whole_files(tmp_path: Path) -> None:
    assert _reported(tmp_path, "a.vtt", "00:01.000 --> 00:02.000\nHello\n") == [
        "'a.vtt', line 1: a WebVTT file begins with the line WEBVTT | write WEBVTT as its first line"
    ]
    assert _reported(tmp_path, "b.srt", "奉贤".encode("gbk")) == [
        "'b.srt': it is not coded as UTF-8 | open it in a text editor and save it with the coding UTF-8"
    ]
    assert _reported(tmp_path, "c.srt", "Hello\n") == [
        "'c.srt': no subtitles are in it | write 00:00:01,000 --> 00:00:04,000 and the text below it"
    ]
    assert _reported(tmp_path, "d.txt", "1\n") == [
        "'d.txt': subtitles are files ending in .srt or .vtt | save it as SubRip (.srt) or WebVTT (.vtt)"
    ]
    many = "".join(f"{k}\n00:00:0{k},000 -> x --> y\ntext\n\n" for k in range(1, 9))
    assert len(_reported(tmp_path, "e.srt", many)) == 6
    assert _reported(tmp_path, "e.srt", many)[-1] == "'e.srt' has 3 more such lines | correct these first"


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0.05, 30)), min_size=1, max_size=12), st.floats(0, 950))
def test_the_cue_at_a_second(spans: list[tuple[float, float]], second: float) -> None:
    cues = tuple(sorted((Cue(start, start + length, str(k)) for k, (start, length) in enumerate(spans)), key=lambda c: c.start))
    found = cue_at(cues, second)
    shown = [cue for cue in cues if cue.start <= second < cue.end]
    assert found == (shown[-1] if shown else None)


@given(st.text(max_size=300), st.booleans())
def test_any_text_is_read_without_a_traceback(text: str, is_webvtt: bool) -> None:
    for cue in cues_of(text, is_webvtt=is_webvtt):
        assert cue.end > cue.start and cue.text


@pytest.mark.parametrize("name", ["nothing.srt", "nothing.vtt"])
def test_a_file_that_is_gone_has_no_cues(name: str, tmp_path: Path) -> None:
    assert read_subtitles(tmp_path / name) == ()

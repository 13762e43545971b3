"""SubRip and WebVTT."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.subtitles import MAX_BYTES, Cue, Subtitles, cues_of, read_subtitles, subtitle_problems

MEDIA = Path(__file__).parents[1] / "media"


def test_subrip() -> None:
    assert read_subtitles(MEDIA / "opening.zh.srt").cues == (Cue(0.2, 0.9, "红色的田野"), Cue(1.0, 1.9, "蓝色的湖"))
    assert read_subtitles(MEDIA / "opening.en.srt").cues[1] == Cue(1.0, 1.9, "A blue lake\nin the evening")
    assert subtitle_problems(MEDIA / "opening.en.srt") == ()


def test_webvtt(tmp_path: Path) -> None:
    file = tmp_path / "a.vtt"
    text = "WEBVTT\n\nNOTE by hand\n\nfirst\n00:01.000 --> 00:02.500 line:0\n<v Li>Water &amp; <b>light</b>\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert subtitle_problems(file) == ()
    (cue,) = read_subtitles(file).cues
    assert cue == Cue(1.0, 2.5, "Water & light") and cue.line == 7


def _reported(folder: Path, name: str, text: str | bytes) -> list[str]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [f"{one.message} | {one.help}" for one in AssetFolder(folder).inspect(file, "subtitles")]


def test_each_broken_line_is_named(tmp_path: Path) -> None:
    text = """1
00:00:01,000 -> 00:00:02,000
an arrow too short

1
00:00:02,000 --> 00:00:02,500
fine

2
00:00:05,000 --> 00:00:04,000
ends too early

3
00:00:00,500 --> 00:00:06,000
out of order

4
00:75:07,000 --> 00:00:08,000
no such minute

5
00:01:09,000 --> 00:01:10,000

"""
    assert _reported(tmp_path, "a.srt", text) == [
        "'a.srt', line 2, column 1: '00:00:01,000 -> 00:00:02,000' is not a time for subtitles | "
        "write 00:00:01,000 --> 00:00:04,000",
        "'a.srt', line 10, column 18: this text ends before it begins | make the second time the later one",
        "'a.srt', line 14, column 1: this text begins before the one above it; it is still shown at its own time | "
        "check the time, or put them in order",
        "'a.srt', line 18, column 1: '00:75:07,000 --> 00:00:08,000' has minutes or seconds above 59 | "
        "write 00:00:01,000 --> 00:00:04,000",
        "'a.srt', line 22, column 1: this time has no text below it | write the text on the next line",
    ]


def test_whole_files(tmp_path: Path) -> None:
    assert _reported(tmp_path, "a.vtt", "00:01.000 --> 00:02.000\nHello\n") == [
        "'a.vtt', line 1, column 1: a WebVTT file begins with the line WEBVTT | write WEBVTT as its first line"
    ]
    assert _reported(tmp_path, "b.srt", "奉贤".encode("gbk")) == [
        "'b.srt', line 1, column 1: it is not in UTF-8; it looks like GBK | "
        "open it in a text editor and save it with the encoding UTF-8"
    ]
    assert _reported(tmp_path, "c.srt", "Hello\n") == [
        "'c.srt': there are no subtitles in it | write 00:00:01,000 --> 00:00:04,000 and the text below it"
    ]
    assert _reported(tmp_path, "d.txt", "1\n") == [
        "'d.txt': subtitles are files ending in .srt or .vtt | save it as SubRip (.srt) or WebVTT (.vtt)"
    ]
    many = "".join(f"{k}\n00:00:0{k},000 -> x --> y\ntext\n\n" for k in range(1, 9))
    assert len(_reported(tmp_path, "e.srt", many)) == 6
    assert _reported(tmp_path, "e.srt", many)[-1] == "'e.srt' has 3 more such lines | correct these first"


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0.05, 30)), min_size=1, max_size=12), st.floats(0, 950))
def test_everything_that_is_said_at_a_second(spans: list[tuple[float, float]], second: float) -> None:
    cues = [Cue(start, start + length, str(k)) for k, (start, length) in enumerate(spans)]
    shown = sorted((cue for cue in cues if cue.start <= second < cue.end), key=lambda cue: cue.start)
    assert Subtitles(cues).at(second) == "\n".join(cue.text for cue in shown)


def test_two_languages_as_two_texts_of_one_time() -> None:
    """As translators write them, or one whole file behind the other; in the file's order, each once."""
    text = "1\n00:00:01,000 --> 00:00:05,000\n欢迎\n\n1\n00:00:01,000 --> 00:00:05,000\nWelcome\n"
    text += "\n2\n00:00:04,000 --> 00:00:06,000\n再见\n\n2\n00:00:04,500 --> 00:00:06,000\n再见\n"
    said = Subtitles(cues_of(text, is_webvtt=False))
    assert [said.at(second) for second in (0.5, 1.0, 4.2, 5.5, 6.0)] == ["", "欢迎\nWelcome", "欢迎\nWelcome\n再见", "再见", ""]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{\\an8}<i>Up</i> there", "Up there"),
        ("<c.loud.red>A</c> &lt;b&gt; &#x4e2d;", "A <b> 中"),
        ("<00:00:01.500>one<00:00:02.000> two", "one two"),
        ("3 < 4 > 2 {sic}", "3 < 4 > 2 {sic}"),
        ('<font color="#ff0000">rot</font>', "rot"),
        ("one\\Ntwo", "one\ntwo"),
    ],
)
def test_marks_are_left_out_and_signs_are_not(written: str, shown: str) -> None:
    (cue,) = cues_of(f"1\n00:00:01,000 --> 00:00:05,000\n{written}\n", is_webvtt=False)
    assert cue.text == shown


@pytest.mark.parametrize(
    "when",
    ["00:00:01,000 --> 00:00:05,000", "0:01.000-->0:05.0", "00:01 --> 00:05", "00:00:01.000  -->  00:00:05.000 X1:10 X2:20"],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_times_and_codings_that_people_use(when: str, coding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.srt"
    file.write_bytes(f"\r\n\r\n1\r\n{when}\r\n第一行\r\n\r\nafter an empty line\r\n\r\n2\r\n".encode(coding))
    assert subtitle_problems(file) == ()
    (cue,) = read_subtitles(file).cues
    assert (cue.start, cue.end, cue.line) == (1.0, 5.0, 5)
    assert cue.text.startswith("第一行\nafter an empty line")


def test_comments_and_styles_of_webvtt_are_no_text() -> None:
    text = "WEBVTT Kind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnot this\n\n"
    text += "1\n00:01.000 --> 00:02.000\nthis\n\nNOTE nor this\n"
    assert [cue.text for cue in cues_of(text, is_webvtt=True)] == ["this"]


@pytest.mark.parametrize("sign", ["{", "<", "{\\", "&", "-->", "\n", "00:00:01,000 --> "])
def test_the_largest_file_is_read_at_once(sign: str, tmp_path: Path) -> None:
    """A million braces took five minutes. The bound is generous: it is there for what grows as the square."""
    file = tmp_path / "a.srt"
    file.write_text(("1\n00:00:01,000 --> 00:00:05,000\n" + sign * MAX_BYTES)[:MAX_BYTES], encoding="utf-8")
    begun = time.monotonic()
    subtitle_problems(file)
    read_subtitles(file)
    assert time.monotonic() - begun < 20.0
    file.write_bytes(bytes(MAX_BYTES + 1))
    assert subtitle_problems(file)[0].message == "it has 1,048,577 bytes; the limit for subtitles is 1,048,576"


@given(st.text(max_size=300), st.booleans())
def test_any_text_is_read_without_a_traceback(text: str, is_webvtt: bool) -> None:
    for cue in cues_of(text, is_webvtt=is_webvtt):
        assert cue.end > cue.start and cue.text


@pytest.mark.parametrize("name", ["nothing.srt", "nothing.vtt"])
def test_a_file_that_is_gone_has_no_cues(name: str, tmp_path: Path) -> None:
    assert read_subtitles(tmp_path / name).cues == ()

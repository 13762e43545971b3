"""Subtitles: SubRip and WebVTT files as cues, and what is wrong with a file, line by line. It shows nothing.

pysubs2 reads the cues; it leaves out what it does not understand, so the lines are looked at here."""

import bisect
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pysubs2

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+\S.*)?\s*")
_TWO_TIMES = re.compile(r"\s*\d{1,3}(?::\d{1,2})+(?:[.,]\d+)?\s*(?:-+>|--|→|—>?|–>?)\s*\d{1,3}(?::\d{1,2})+(?:[.,]\d+)?.*")
_EXAMPLE = {".srt": "00:00:01,000 --> 00:00:04,000", ".vtt": "00:01.000 --> 00:04.000"}
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that is shown from `start` until `end`, seconds; '\\n' begins a new line."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class SubtitleProblem:
    """line: counted from 1; 0 = the file as a whole."""

    line: int
    message: str
    help: str


def read_subtitles(file: Path, /) -> tuple[Cue, ...]:
    """The cues of a file in the order of their starts; none where the file cannot be read."""
    try:
        text = file.read_bytes()[:_MOST_BYTES].decode("utf-8-sig")
        return cues_of(text, is_webvtt=file.suffix.lower() == ".vtt")
    except (OSError, UnicodeDecodeError, ValueError):
        return ()


def cues_of(text: str, /, *, is_webvtt: bool) -> tuple[Cue, ...]:
    """The cues in a text in the order of their starts, without the marks of their formatting."""
    try:
        read = pysubs2.SSAFile.from_string(text, format_="vtt" if is_webvtt else "srt")
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError):
        return ()
    cues = [
        Cue(event.start / 1000.0, event.end / 1000.0, html.unescape(event.plaintext).strip())
        for event in read
        if event.end > event.start and event.plaintext.strip()
    ]
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def cue_at(cues: Sequence[Cue], seconds: float, /) -> Cue | None:
    """What is shown at that second of cues in the order of their starts; of several the one that began last."""
    until = bisect.bisect_right(cues, seconds, key=lambda cue: cue.start)
    return next((cue for cue in reversed(cues[:until]) if seconds < cue.end), None)


def subtitle_problems(file: Path, /) -> tuple[SubtitleProblem, ...]:
    """What is wrong with a file of subtitles. Raises OSError where it cannot be read."""
    ending = file.suffix.lower()
    if ending not in _EXAMPLE:
        return (SubtitleProblem(0, "subtitles are files ending in .srt or .vtt", "save it as SubRip (.srt) or WebVTT (.vtt)"),)
    try:
        text = file.read_bytes()[:_MOST_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        return (SubtitleProblem(0, "it is not coded as UTF-8", "open it in a text editor and save it with the coding UTF-8"),)
    return tuple(_problems(text, ending))


def _problems(text: str, ending: str) -> list[SubtitleProblem]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[SubtitleProblem] = []
    if ending == ".vtt" and not re.match(r"WEBVTT(?:[ \t].*)?$", lines[0]):
        found.append(SubtitleProblem(1, "a WebVTT file begins with the line WEBVTT", "write WEBVTT as its first line"))
    remedy = f"write {_EXAMPLE[ending]}"
    last, count = 0.0, 0
    for number, line in enumerate(lines, start=1):
        cue = _CUE.fullmatch(line)
        if cue is None:
            if "-->" in line or _TWO_TIMES.fullmatch(line):
                found.append(SubtitleProblem(number, f"'{line.strip()[:60]}' is not a time of subtitles", remedy))
            continue
        count += 1
        start, end = _seconds(cue.groups()[:4]), _seconds(cue.groups()[4:])
        if start is None or end is None:
            found.append(SubtitleProblem(number, f"'{line.strip()[:60]}' has minutes or seconds above 59", remedy))
        elif end <= start:
            found.append(SubtitleProblem(number, "this text ends before it begins", "make the second time the later one"))
        elif start < last:
            found.append(
                SubtitleProblem(number, "this text begins before the one above it", "put them in the order of their times")
            )
        elif number == len(lines) or not lines[number].strip():
            found.append(SubtitleProblem(number, "this time has no text below it", "write the text into the next line"))
        last = max(last, start or 0.0)
    if not count and not found:
        found.append(SubtitleProblem(0, "no subtitles are in it", f"{remedy} and the text below it"))
    return found


def _seconds(parts: Sequence[str | None]) -> float | None:
    hours, minutes, seconds, fraction = (int(part or 0) for part in parts)
    if minutes > 59 or seconds > 59:
        return None
    return 3600.0 * hours + 60.0 * minutes + seconds + fraction / 10.0 ** len(parts[3] or "")

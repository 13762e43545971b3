"""Subtitles: SubRip and WebVTT files as cues with their lines, and what is wrong with a file, line by line. One reading serves
both: what `vrclient check` calls fine is what is shown. It shows nothing.

Every step is linear in the file's size. Sources: WebVTT (W3C), section 4; SubRip has no standard: a number, a line of two times,
text."""

import bisect
import html
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vrclient.showcase.diagnostics import Diagnostic, Severity, SourcePlace

MAX_BYTES = 2**20
"""Of a file; a feature film's subtitles are a tenth of it."""
MAX_CHARACTERS = 400
"""Of a text; more is no subtitle that anybody could read in time."""

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t]+\S.*)?[ \t]*")
_ANY_TIME = r"[ \t]*\d{1,3}(?::\d{1,2})+(?:[.,]\d+)?"
_TWO_TIMES = re.compile(rf"{_ANY_TIME}[ \t]*(?:-+>|--|→|—>?|–>?){_ANY_TIME}.*")
_MARKS = re.compile(r"<[/a-zA-Z0-9][^<>]{0,200}>|\{\\[^{}]{0,200}\}|\{/?[biuYyCcFfSs](?::[^{}]{0,40})?\}")
"""<i>, <c.loud>, <v Li>, <00:01.000>; {\\an8}, {b}, {C:$0000ff}."""
_EXAMPLE = {".srt": "00:00:01,000 --> 00:00:04,000", ".vtt": "00:01.000 --> 00:04.000"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that is shown from `start` until `end`, seconds; '\\n' begins a new line. `line`: of the file, counted from 1, in
    which the text begins."""

    start: float
    end: float
    text: str
    line: int = field(default=0, compare=False)


class Subtitles:
    """What is said in a film, second by second. `cues`: in the order of their starts, those of one start as in the file."""

    def __init__(self, cues: Sequence[Cue] = (), /) -> None:
        self.cues = tuple(sorted(cues, key=lambda cue: cue.start))
        self._starts = [cue.start for cue in self.cues]
        self._last_ends = list(itertools.accumulate((cue.end for cue in self.cues), max))

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    def at(self, second: float, /) -> str:
        """Every text that is shown at that second, one below the other: two languages are often written as two texts of one
        time."""
        found: list[Cue] = []
        number = bisect.bisect_right(self._starts, second) - 1
        while number >= 0 and self._last_ends[number] > second:
            if second < self.cues[number].end:
                found.append(self.cues[number])
            number -= 1
        return "\n".join(dict.fromkeys(cue.text for cue in reversed(found)))


def read_subtitles(file: Path, /) -> Subtitles:
    """The cues of a file; none where it cannot be read."""
    try:
        content = file.read_bytes()
        if len(content) <= MAX_BYTES:
            return Subtitles(cues_of(_decoded(content), is_webvtt=file.suffix.lower() == ".vtt"))
    except (OSError, UnicodeDecodeError):
        pass
    return Subtitles()


def cues_of(text: str, /, *, is_webvtt: bool) -> tuple[Cue, ...]:
    """The cues in a text, as they stand there, without the marks of their formatting; what is wrong is left out."""
    found = (_cue(block) for block in _blocks(_lines(text), is_webvtt=is_webvtt))
    return tuple(cue for cue in found if isinstance(cue, Cue))


def subtitle_problems(file: Path, /) -> tuple[Diagnostic, ...]:
    """What is wrong with a file of subtitles, each with its place in that file. Raises OSError where it cannot be read."""
    ending = file.suffix.lower()
    if ending not in _EXAMPLE:
        return (_problem(file, 0, "subtitles are files ending in .srt or .vtt", "save it as SubRip (.srt) or WebVTT (.vtt)"),)
    content = file.read_bytes()
    if len(content) > MAX_BYTES:
        message = f"it has {len(content):,} bytes; the limit for subtitles is {MAX_BYTES:,}"
        return (_problem(file, 0, message, "name a file of subtitles, or shorten this one"),)
    try:
        text = _decoded(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        known = f"; it looks like {looks}" if (looks := _coding(content)) else ""
        message = f"it is not in UTF-8{known}"
        return (_problem(file, line, message, "open it in a text editor and save it with the encoding UTF-8", column),)
    return tuple(_problems(text, file))


def _decoded(content: bytes) -> str:
    """UTF-8, or what a byte order mark says; raises UnicodeDecodeError for anything else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _coding(content: bytes) -> str | None:
    """What Chinese text in another coding most likely is."""
    for coding, name in (("gb18030", "GBK"), ("big5", "Big5")):
        try:
            if re.search("[\u4e00-\u9fff]{2}", content.decode(coding)):
                return name
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@dataclass(frozen=True, slots=True)
class _Block:
    """A line of two times, and what is below it. number: its line, counted from 1; text: (line, what stands there)."""

    number: int
    times: re.Match[str]
    text: tuple[tuple[int, str], ...]


def _blocks(lines: Sequence[str], *, is_webvtt: bool) -> Iterator[_Block]:
    """In WebVTT a text ends at an empty line. In SubRip it goes on to the number above the next time: texts with an empty line in
    them are common."""
    times = [(number, found) for number, line in enumerate(lines) if "-->" in line and (found := _CUE.fullmatch(line))]
    for place, (number, found) in enumerate(times):
        following = times[place + 1][0] if place + 1 < len(times) else None
        end = len(lines) if following is None else following
        if is_webvtt:
            end = next((k for k in range(number + 1, end) if not lines[k].strip()), end)
        elif following is not None and end - 1 > number and lines[end - 1].strip().isdigit():
            end -= 1
        below = [(k + 1, lines[k].strip()) for k in range(number + 1, end)]
        yield _Block(number + 1, found, tuple((k, line) for k, line in below if line))


def _cue(block: _Block, file: Path = Path()) -> Cue | Diagnostic:
    start, end = _seconds(block.times.groups()[:4]), _seconds(block.times.groups()[4:])
    written = block.times.group().strip()[:60]
    if start is None or end is None:
        which = 1 if start is None else 5
        column = block.times.start(which if block.times.group(which) else which + 1) + 1
        return _problem(file, block.number, f"'{written}' has minutes or seconds above 59", None, column)
    if end <= start:
        column = block.times.start(5 if block.times.group(5) else 6) + 1
        return _problem(file, block.number, "this text ends before it begins", "make the second time the later one", column)
    shown = [(number, line) for number, marked in block.text if (line := _plain(marked))]
    if not shown:
        return _problem(file, block.number, "this time has no text below it", "write the text on the next line")
    text = "\n".join(line for _, line in shown)
    if len(text) > MAX_CHARACTERS:
        message = f"this text has {len(text):,} characters; at most {MAX_CHARACTERS} are shown at a time"
        return _problem(file, shown[0][0], message, "divide it into several, each with its own time")
    return Cue(start, end, text, shown[0][0])


def _plain(line: str) -> str:
    """A line without the marks of its formatting."""
    return html.unescape(_MARKS.sub("", line).replace("\\N", "\n").replace("\\h", " ")).strip()


def _problems(text: str, file: Path) -> Iterator[Diagnostic]:
    lines, ending = _lines(text), file.suffix.lower()
    help = f"write {_EXAMPLE[ending]}"
    if ending == ".vtt" and not re.match(r"WEBVTT(?:[ \t].*)?$", lines[0]):
        yield _problem(file, 1, "a WebVTT file begins with the line WEBVTT", "write WEBVTT as its first line")
    wrong = [
        _problem(file, number, f"'{line.strip()[:60]}' is not a time for subtitles", help, len(line) - len(line.lstrip()) + 1)
        for number, line in enumerate(lines, start=1)
        if ("-->" in line or _TWO_TIMES.fullmatch(line)) and not _CUE.fullmatch(line)
    ]
    count, last = len(wrong), 0.0
    for block in _blocks(lines, is_webvtt=ending == ".vtt"):
        count += 1
        found = _cue(block, file)
        if isinstance(found, Diagnostic):
            wrong.append(found if found.help else replace(found, help=help))
        elif found.start < last:
            message = "this text begins before the one above it; it is still shown at its own time"
            wrong.append(_problem(file, block.number, message, "check the time, or put them in order", severity="warning"))
            last = found.start
        else:
            last = found.start
    if not count:
        yield _problem(file, 0, "there are no subtitles in it", f"{help} and the text below it")
    yield from sorted(wrong, key=lambda one: one.place.line if one.place else 0)


def _problem(file: Path, line: int, message: str, help: str | None, column: int = 1, severity: Severity = "error") -> Diagnostic:
    """line, column: counted from 1; 0 = the file as a whole."""
    return Diagnostic("subtitles", message, help, severity, SourcePlace(file, line, column) if line else None)


def _seconds(parts: Sequence[str | None]) -> float | None:
    hours, minutes, seconds, fraction = (int(part or 0) for part in parts)
    if minutes > 59 or seconds > 59:
        return None
    return 3600.0 * hours + 60.0 * minutes + seconds + fraction / 10.0 ** len(parts[3] or "")

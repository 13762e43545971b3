"""A YAML file becomes a tree of nodes with places, or diagnostics. The only module that knows YAML; it knows no models.

It composes the tree itself from the parser's events: that keeps every place, needs no recursion, and lets each limit be
checked before memory is spent. Scalars keep their text. Tags, merge keys and further documents are refused."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml  # noqa: TID251

from vrclient.showcase.diagnostics import Note, Problems
from vrclient.showcase.flow_slips import has_colon
from vrclient.showcase.limits import DEFAULT_LIMITS, Limits
from vrclient.showcase.source_map import Entry, Mapping, Node, Scalar, Sequence, Source
from vrclient.showcase.yaml_errors import SyntaxProblem, explain

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"glTF",
    b"PK\x03\x04",
    b"%PDF",
    b"\x93NUMPY",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)
_SAVE_AS_UTF8 = "save it as UTF-8 (in the editor: Save as, Encoding: UTF-8)"


@dataclass(slots=True)
class Spent:
    """What the files of one showcase have taken of its limits so far; `is_over`: more than there is, which has been said."""

    nodes: int = 0
    bytes: int = 0
    is_over: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class YamlFile:
    """A file as it was read. `root` is None where it could not be read as YAML; the diagnostics say why."""

    source: Source
    root: Node | None


def read_yaml(file: Path, problems: Problems, /, *, limits: Limits = DEFAULT_LIMITS, spent: Spent | None = None) -> YamlFile:
    """Reads a file; whatever is wrong with it goes to `problems`. `spent`: by the files that were read before, and by this one.
    Raises nothing for any file."""
    spent = spent or Spent()
    unread = Source(file, ("",))
    try:
        if not file.is_file():
            problems.error("file", unread.at(0, 0), "this is not a file", "give the name of a YAML file")
            return YamlFile(unread, None)
        size = file.stat().st_size
        if size > limits.file_bytes:
            problems.error(
                "limit",
                unread.at(0, 0),
                f"the file has {size:,} bytes; the limit is {limits.file_bytes:,}",
                "move elements into files of their own and name them under 'include'",
            )
            return YamlFile(unread, None)
        spent.bytes += size
        if spent.bytes > limits.total_bytes:
            spent.is_over = True
            message = f"the showcase's files have more than {limits.total_bytes:,} bytes together; this one is too much"
            problems.error("limit", unread.at(0, 0), message, "use 'scatter' for things that repeat, or '&name' and '*name'")
            return YamlFile(unread, None)
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes)
    except OSError as error:
        problems.error("file", unread.at(0, 0), f"the file cannot be read: {error.strerror}", "check its permissions")
        return YamlFile(unread, None)
    text = _decoded(data, file, problems)
    if text is None:
        return YamlFile(unread, None)
    source = Source.from_text(file, text)
    return YamlFile(source, parse_yaml(text, source, problems, limits=limits, spent=spent))


def parse_yaml(
    text: str, source: Source, problems: Problems, /, *, limits: Limits = DEFAULT_LIMITS, spent: Spent | None = None
) -> Node | None:
    """The tree of a text, or None where it is empty or cannot be read; says so in `problems`."""
    text = _without_control_characters(text, source, problems)
    composer = _Composer(source, problems, limits, spent or Spent())
    try:
        for event in _events(text):
            if not composer.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        _report_syntax(error, source, problems)
        return None
    if composer.root is None:
        problems.error("empty", source.at(0, 0), "the file is empty", "a showcase begins with 'vrclient: 1'")
    return composer.root


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.reader.ReaderError as error:
        raise yaml.MarkedYAMLError(problem=error.reason) from error


def _decoded(data: bytes, file: Path, problems: Problems) -> str | None:
    place = Source(file, ("",)).at(0, 0)
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            problems.error("encoding", place, f"the file is written in {name}, not in UTF-8", _SAVE_AS_UTF8)
            return None
    start = data[:4096]
    if start.startswith(_SIGNATURES):
        problems.error("encoding", place, "this is a picture, a model or an archive, not a text", "give the name of a YAML file")
        return None
    zeros, half = (start[0::2].count(0), start[1::2].count(0)), len(start) // 4
    if max(zeros) > half and min(zeros) <= half:
        problems.error("encoding", place, "the file seems to be written in UTF-16, not in UTF-8", _SAVE_AS_UTF8)
        return None
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].removeprefix(codecs.BOM_UTF8).decode("utf-8")
        source = Source.from_text(file, before)
        place = source.at(len(source.lines) - 1, len(source.lines[-1]))
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        if _is_chinese(data):
            message = "the file seems to be written in GBK (GB 18030), not in UTF-8"
        problems.error("encoding", place, message, _SAVE_AS_UTF8)
        return None


def _is_chinese(data: bytes) -> bool:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    wide = [character for character in text if character > "\x7f"]
    return sum("\u4e00" <= character <= "\u9fff" for character in wide) * 2 > len(wide)


def _without_control_characters(text: str, source: Source, problems: Problems) -> str:
    found = _CONTROL.search(text)
    if not found:
        return text
    before = Source.from_text(source.file, text[: found.start()]).lines
    place = source.at(len(before) - 1, len(before[-1]))
    problems.error(
        "control-character",
        place,
        f"the character U+{ord(found[0]):04X} cannot be part of a text file",
        "delete it, or write it again by hand if it came from another program",
    )
    return _CONTROL.sub("\ufffd", text)


def _report_syntax(error: yaml.MarkedYAMLError, source: Source, problems: Problems) -> None:
    mark, context = error.problem_mark, error.context_mark
    last = (len(source.lines) - 1, len(source.lines[-1]))
    found = explain(
        SyntaxProblem(
            problem=error.problem or "it cannot be read",
            at=(mark.line, mark.column) if mark else last,
            context=error.context or "",
            began=(context.line, context.column) if context else None,
        ),
        source,
    )
    problems.add(found)


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """What is used of the parser's events; which of it there is depends on the event."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str
    tag: str | None
    value: str
    style: str | None
    flow_style: bool | None


@dataclass(slots=True)
class _Open:
    """A collection that is not closed yet. `size` = values so far when it began; `height` = levels inside it."""

    event: _Event
    size: int
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] | None = None
    key: Scalar | None = None
    wants_key: bool = True
    skips_value: bool = False
    height: int = 0


@dataclass(slots=True)
class _Anchored:
    node: Node
    size: int
    height: int


class _Composer:
    """Takes the parser's events one by one. take() is False when the rest of the file is not worth reading."""

    def __init__(self, source: Source, problems: Problems, limits: Limits, spent: Spent) -> None:
        self.root: Node | None = None
        self._source, self._problems, self._limits, self._spent = source, problems, limits, spent
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._size = 0
        self._documents = 0
        self._takes: dict[type[yaml.Event], Callable[..., bool]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: yaml.Event) -> bool:
        take = self._takes.get(type(event))
        return take is None or take(event)

    def _document(self, event: _Event) -> bool:
        self._documents += 1
        if self._documents == 1:
            return True
        place = self._source.at(event.start_mark.line, event.start_mark.column, 3)
        help = "keep one document per file: remove '---'"
        self._problems.error("second-document", place, "a second document begins here", help)
        return False

    def _scalar(self, event: _Event) -> bool:
        start, end, text, plain = event.start_mark, event.end_mark, event.value, not event.style
        line, column = start.line, start.column
        length = end.column - column if end.line == line else 1_000_000
        if plain and not text and self._open and self._open[-1].key is not None:
            _, _, line, column, length = self._open[-1].key
        node = Scalar(text, plain, line, column, length)
        if event.tag is not None:
            self._refuse_tag(event)
        if event.style == '"' and _CONTROL.search(text):
            self._refuse_escape(node)
        return self._count(1, node) and self._add(node, event.anchor, 1, 0)

    def _begin(self, event: _Event) -> bool:
        if event.tag is not None:
            self._refuse_tag(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(event, self._size, entries={} if mapping else None))
        place = Scalar("", True, event.start_mark.line, event.start_mark.column, 1)
        return self._count(1, place) and self._fits(len(self._open), place)

    def _end(self, event: _Event) -> bool:
        done = self._open.pop()
        start, end = done.event.start_mark, event.end_mark
        flow = bool(done.event.flow_style)
        length = end.column - start.column if flow and end.line == start.line else 1
        node: Node
        if done.entries is None:
            node = Sequence(tuple(done.nodes), start.line, start.column, length)
        else:
            entries = tuple(done.entries.values())
            if not flow and entries:
                length = entries[0].key.length
            node = Mapping(entries, start.line, start.column, length)
        return self._add(node, done.event.anchor, self._size - done.size, done.height + 1)

    def _alias(self, event: _Event) -> bool:
        start, end = event.start_mark, event.end_mark
        place = Scalar("", True, start.line, start.column, end.column - start.column)
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            inside = event.anchor in self._anchors
            message = f"'*{event.anchor}' is inside what it repeats" if inside else f"there is no '&{event.anchor}' above"
            help = "write the values out" if inside else f'if a text is meant, put it in quotes: "*{event.anchor}"'
            self._problems.error("alias", self._source.place(place), message, help)
            return self._add(Scalar(f"*{event.anchor}", False, *place[2:]), None, 1, 0)
        return (
            self._count(anchored.size, place)
            and self._fits(len(self._open) + anchored.height, place)
            and self._add(anchored.node, None, anchored.size, anchored.height)
        )

    def _add(self, node: Node, anchor: str | None, size: int, height: int) -> bool:
        if anchor:
            self._anchors[anchor] = _Anchored(node, size, height)
        if not self._open:
            self.root = node
            return True
        parent = self._open[-1]
        parent.height = max(parent.height, height)
        if parent.entries is None:
            parent.nodes.append(node)
        elif parent.wants_key:
            parent.wants_key = False
            parent.skips_value = not self._take_key(parent, parent.entries, node)
        else:
            parent.wants_key = True
            if parent.key is not None and not parent.skips_value:
                parent.entries[parent.key.text] = Entry(parent.key, node)
            elif parent.key is not None and parent.key.text == "<<" and isinstance(node, Mapping):
                for entry in node.entries:
                    parent.entries.setdefault(entry.key.text, entry)
            parent.key = None
        return True

    def _take_key(self, parent: _Open, entries: dict[str, Entry], node: Node) -> bool:
        if not isinstance(node, Scalar):
            place = self._source.place(node)
            self._problems.error("key", place, "a key must be a word, not a list or a group of keys", "write 'key: value'")
            return False
        parent.key = node
        if node.text not in entries and node.text not in ("", "<<"):
            return True
        place = self._source.place(node)
        if node.text == "<<":
            help = "write the keys out; only whole values can be repeated, with '&name' and '*name'"
            self._problems.error("merge-key", place, "merging with '<<' is not part of the format", help)
            return False
        if not node.text:
            self._problems.error("key", place, "there is no key before ':'", "write 'key: value'")
            return False
        if node.plain and not has_colon(node, self._source.lines):  # a part of a text, which is said when it is read
            return False
        note = Note(self._source.place(entries[node.text].key), "first given here")
        self._problems.error("duplicate-key", place, f"'{node.text}' is given twice", "keep one of them", note)
        return False

    def _refuse_tag(self, event: _Event) -> None:
        line, column = event.start_mark.line, event.start_mark.column
        written = re.compile(r"(?:&\S+\s+)?(!\S*)").match(self._source.lines[line][column:])
        tag = written[1] if written else event.tag or "!"
        at = column + written.start(1) if written else column
        help = f"remove '{tag}'; each key decides how its value is read"
        self._problems.error("tag", self._source.at(line, at, len(tag)), f"the tag '{tag}' is not part of the format", help)

    def _refuse_escape(self, node: Scalar) -> None:
        help = "in double quotes write '\\\\' for one backslash, or use single quotes"
        self._problems.error("control-character", self._source.place(node), "this text has an invisible character in it", help)

    def _count(self, size: int, at: Scalar) -> bool:
        self._size += size
        self._spent.nodes += size
        if self._spent.nodes <= self._limits.nodes:
            return True
        self._spent.is_over = True
        self._problems.error(
            "limit",
            self._source.place(at),
            f"the showcase holds more than {self._limits.nodes:,} values, counting every repetition by '*name'",
            "repeat less, or use 'scatter' for things that repeat",
        )
        return False

    def _fits(self, depth: int, at: Scalar) -> bool:
        if depth <= self._limits.depth:
            return True
        message = f"values are nested more than {self._limits.depth} deep"
        self._problems.error("limit", self._source.place(at), message, "is a bracket opened and never closed?")
        return False

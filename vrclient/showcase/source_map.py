"""Where everything in a YAML file is written: the nodes of its tree with their places. It knows neither YAML nor models.

A scalar keeps its text; what the text means is decided by the model that asks for it (read.py)."""

import re
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from vrclient.showcase.diagnostics import SourcePlace

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML readers take for the end of a line."""


class Scalar(NamedTuple):
    """A text. `line`, `column` and `length` count from 0, in characters; `plain` = written without quotes."""

    text: str
    plain: bool
    line: int
    column: int
    length: int


class Sequence(NamedTuple):
    """A list; placed at its bracket or first dash."""

    items: "tuple[Node, ...]"
    line: int
    column: int
    length: int


class Entry(NamedTuple):
    """One `key: value`."""

    key: Scalar
    value: "Node"


class Mapping(NamedTuple):
    """Keys with values, each key once; placed at its bracket or first key."""

    entries: tuple[Entry, ...]
    line: int
    column: int
    length: int

    def get(self, key: str, /) -> Entry | None:
        """The entry of that key. Walks: meant for messages, not for reading."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping
Path_: TypeAlias = tuple[str | int, ...]
"""How to get from a node to one inside it: keys and positions."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One file's text by lines. `file` is the path as messages show it, `folder` is where its own paths start."""

    file: Path
    lines: tuple[str, ...]

    @classmethod
    def from_text(cls, file: Path, text: str, /) -> "Source":
        return cls(file, tuple(LINE_BREAK.split(text)))

    @property
    def folder(self) -> Path:
        return self.file.parent

    def place(self, node: Node, /) -> SourcePlace:
        """Where a node begins."""
        return self.at(node.line, node.column, node.length)

    def at(self, line: int, column: int, length: int = 1, /) -> SourcePlace:
        """A place by line and column, both from 0; kept inside the file."""
        line = min(max(line, 0), len(self.lines) - 1)
        text = self.lines[line]
        column = min(max(column, 0), len(text))
        return SourcePlace(self.file, line + 1, column + 1, max(1, min(length, len(text) - column)), text)


def locate(node: Node, path: SequenceOf[str | int], /) -> Node:
    """The node at `path`, or the last one on the way to it that is written in the file."""
    for step in path:
        inner: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            entry = node.get(step)
            inner = entry.value if entry else None
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            return node
        node = inner
    return node


def headline(node: Node, /) -> Node:
    """What to point at for a problem of a whole mapping: its `kind`, else its first key."""
    if isinstance(node, Mapping) and node.entries:
        kind = node.get("kind")
        return kind.value if kind else node.entries[0].key
    return node

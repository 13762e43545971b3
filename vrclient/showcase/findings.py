"""What is met while files are read and can only be judged when everything is: references, texts, files. It judges nothing.

A text that a visitor may see is one that a venue's policy looks into; what is none says so here, with the reason."""

from dataclasses import dataclass, field
from pathlib import Path

from vrclient.showcase.models import ElementRef, ShowcaseRef
from vrclient.showcase.shapes import File, Text
from vrclient.showcase.source_map import Mapping, Scalar, Source
from vrclient.showcase.wording import COLOR_PATTERN, LANGUAGE_PATTERN

NOT_SHOWN = {
    "kind": "a word of the format",
    "include": "names of YAML files stand nowhere in a visit",
    "heights": "the land's file stands nowhere in a visit",
}
"""Keys of texts and files that a venue's policy does not look into, and why. Besides these: colours and codes of languages, which
are no words, and references, which repeat an id."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """`key: id` somewhere in a file."""

    source: Source
    node: Scalar
    key: str
    wanted: ElementRef | ShowcaseRef


@dataclass(frozen=True, slots=True, eq=False)
class LocalizedValue:
    """A text by language somewhere in a file."""

    source: Source
    node: Mapping
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A text that is shown as it is, whatever the language."""

    source: Source
    node: Scalar
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class NamedFile:
    """A file that is named somewhere, and can be used. `said`: the key as messages call it."""

    source: Source
    node: Scalar
    said: str
    file: Path


@dataclass(slots=True, eq=False)
class Findings:
    """What was met while reading and can only be judged when everything is read. words: every text without languages and every
    file's name that may be seen, or scanned."""

    references: list[Reference] = field(default_factory=list)
    texts: list[LocalizedValue] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Line] = field(default_factory=list)
    subtitles: list[NamedFile] = field(default_factory=list)
    assets: dict[Path, None] = field(default_factory=dict)


def is_shown(shape: Text | File, key: str, /) -> bool:
    """Whether a visitor may read, hear or scan what stands there, so that a venue's policy looks into it."""
    if key in NOT_SHOWN:
        return False
    return isinstance(shape, File) or not (
        isinstance(shape.reference, ElementRef) or shape.rules.pattern in (COLOR_PATTERN, LANGUAGE_PATTERN)
    )

"""What of a showcase's texts and subtitles cannot be drawn: characters that no font has, and scripts whose letters join or run
from right to left. It knows no font."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from vrclient.showcase.diagnostics import Problems, SourcePlace
from vrclient.showcase.findings import Findings
from vrclient.showcase.source_map import Scalar, Source
from vrclient.showcase.subtitles import read_subtitles

CheckText = Callable[[str], Collection[str]]
"""text -> the characters in it that cannot be drawn."""

RIGHT_TO_LEFT = frozenset({"ARABIC", "HEBREW", "NKO", "SYRIAC", "THAANA"})
JOINED = frozenset({
    "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "LAO", "MALAYALAM", "MONGOLIAN", "MYANMAR", "ORIYA",
    "PHAGS", "SINHALA", "TAI", "TAMIL", "TELUGU", "THAI", "TIBETAN",
})  # fmt: skip
"""Scripts, by the first word of their letters' names in Unicode, that cannot be set one character beside the other."""

_AS_PICTURE = "give this text in a language that can be shown, or show it as a picture"


@dataclass(frozen=True, slots=True)
class _Found:
    """A text somewhere: `said` is how messages call it."""

    text: str
    said: str
    source: Source
    node: Scalar
    file: Path | None = None

    def place(self, character: str) -> SourcePlace:
        column = -1 if self.file else self.source.lines[self.node.line].find(character, self.node.column)
        return self.source.place(self.node) if column < 0 else self.source.at(self.node.line, column)

    def named(self, character: str) -> str:
        """What the text is, with the line of a file of subtitles."""
        if self.file is None:
            return self.said
        lines = self.file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        line = next((number for number, one in enumerate(lines, start=1) if character in one and "-->" not in one), None)
        return f"{self.said}: '{self.file.name}'{f', line {line}' if line else ''}"


def check_characters(findings: Findings, check_text: CheckText, problems: Problems, /) -> None:
    """Names each character that cannot be drawn, and each script, once, where it first stands."""
    said: set[str] = set()
    for found in _texts(findings):
        for character in sorted({*check_text(found.text), *_of_scripts(found.text)}, key=found.text.find):
            script = _script(character)
            if problems.is_full or (script or character) in said:
                continue
            said.add(script or character)
            what, help = _message(character, script)
            problems.warn("glyph-missing", found.place(character), f"{found.named(character)}: {what}", help)


def _texts(findings: Findings) -> Iterator[_Found]:
    for found in findings.texts:
        for entry in found.node.entries:
            if isinstance(entry.value, Scalar):
                yield _Found(entry.value.text, f"'{found.key}'", found.source, entry.value)
    for line in findings.lines:
        yield _Found(line.node.text, f"'{line.key}'", line.source, line.node)
    for named in findings.subtitles:
        text = "\n".join(cue.text for cue in read_subtitles(named.file))
        yield _Found(text, named.said, named.source, named.node, named.file)


def _of_scripts(text: str) -> set[str]:
    return set() if text.isascii() else {one for one in set(text) if _script(one)}


def _script(character: str) -> str | None:
    """The script of a letter that cannot be set; None: of any other character."""
    if character < "\u0590" or not unicodedata.category(character).startswith(("L", "M")):
        return None
    name = unicodedata.name(character, "").split(" ")[0]
    return name if name in RIGHT_TO_LEFT | JOINED else None


def _message(character: str, script: str | None) -> tuple[str, str]:
    if script in RIGHT_TO_LEFT:
        return f"{script.title()} letters cannot be shown: no font has them, and they run from right to left", _AS_PICTURE
    if script is not None:
        name = {"PHAGS": "Phags-pa", "TAI": "Tai"}.get(script, script.title())
        return f"{name} letters cannot be shown: no font has them, and their shapes depend on their neighbours", _AS_PICTURE
    if unicodedata.category(character) in ("Mn", "Me"):
        return f"the mark U+{ord(character):04X} belongs to no letter that has it; it is left out", "write the letter without it"
    return f"no font has the character '{character}' (U+{ord(character):04X}); it is drawn as a box", "use another character"

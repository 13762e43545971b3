"""What a public venue does not show, as rules in policy/*.yaml of the settings, and where a showcase shows it all the same.

Words are found whatever their case, width, accents and invisible characters, in letters of other scripts that look the same, with
hyphens inside them or spaces between their letters, and in addresses as a browser decodes them; a word inside a longer word, or
inside a phrase that its rule allows, is not. Looked into are texts, subtitles, addresses, ids and names of files: whatever a
visitor can read, hear or scan (findings.py, `is_shown`). What pictures, films and recordings show is not."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import unquote

from pydantic import Field, model_validator

from vrclient.showcase.diagnostics import Diagnostic, Problems, Severity
from vrclient.showcase.findings import Findings
from vrclient.showcase.models import ElementId, LocalizedText, Model
from vrclient.showcase.settings import read_settings
from vrclient.showcase.source_map import Scalar, Source
from vrclient.showcase.spelling import place_within
from vrclient.showcase.subtitles import read_subtitles

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Phrase = Annotated[str, Field(min_length=1, max_length=80)]
Phrases = dict[Language, tuple[Phrase, ...]]


class Rule(Model):
    """One thing that is not shown."""

    id: ElementId = Field(description="Its name in messages.")
    description: LocalizedText = Field(description="What is not shown, in a few words.")
    terms: Phrases = Field(
        description="The words, by language; all of them are looked for in every text. English ones in the plural, too.",
        examples=[{"zh": ["彩票"], "en": ["lottery ticket"]}],
    )
    allowed: Phrases = Field(
        {},
        description="Longer words and phrases in which a term is harmless.",
        examples=[{"zh": ["古代币"], "en": ["token of"]}],
    )

    @model_validator(mode="after")
    def _terms_can_be_found(self) -> "Rule":
        if not any(self.terms.values()):
            raise ValueError("'terms' has no words; add for example terms: {en: [lottery]}")
        for key, table in (("terms", self.terms), ("allowed", self.allowed)):
            for phrase in (one for phrases in table.values() for one in phrases):
                letters = _squeezed(_folded(phrase).text)
                if not letters or (len(letters) == 1 and not _is_wide(letters)):
                    raise ValueError(f"'{key}': {phrase!r} is too short to be told apart from other words; write a longer one")
        return self


class PolicyFile(Model):
    """A file in a folder policy/ of the settings."""

    severity: Severity = Field("error", description="error: the showcase is refused; warning: `vrclient check` says so.")
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)] = Field(description="What is not shown.")

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "PolicyFile":
        ids = [rule.id for rule in self.rules]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice:
            raise ValueError(f"'rules' has two rules with the id '{twice}'; give one of them another id")
        return self


class PolicyMatch(NamedTuple):
    """A word that is not shown: characters `start` to `end` of the text, and the rule."""

    start: int
    end: int
    rule: Rule


@dataclass(frozen=True, eq=False)
class Policy:
    """One file's rules, ready to look for. `replacement`: where a file of one's own takes its place; None where `file`
    itself is to be changed."""

    file: Path
    severity: Severity
    rules: tuple[Rule, ...]
    replacement: Path | None = None

    def hits(self, text: str, /) -> list[PolicyMatch]:
        """Every word of `text` that is not shown, in order; of words inside each other the longest."""
        folded = _folded(text)
        squeezed = _squeezed(folded.text)
        found: list[PolicyMatch] = []
        for rule, terms, allowed in self._patterns:
            spans = _spans(terms, folded.text, squeezed)
            harmless = _spans(allowed, folded.text, squeezed) if spans else []
            found += [
                PolicyMatch(folded.origin[start], folded.origin[end - 1] + 1, rule)
                for start, end in spans
                if not any(first <= start and end <= last for first, last in harmless)
            ]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[PolicyMatch] = []
        for hit in found:
            if not kept or hit.end > kept[-1].end:
                kept.append(hit)
        return kept

    @cached_property
    def _patterns(self) -> list[tuple[Rule, list["_Pattern"], list["_Pattern"]]]:
        return [(rule, _compiled(rule.terms), _compiled(rule.allowed)) for rule in self.rules]


def read_policies(folder: Path, /) -> tuple[Policy, ...]:
    """Every *.yaml (or *.yml) of a folder, by name; none where there is no such folder. Raises BadSettings for a wrong file."""
    files = [*folder.glob("*.yaml"), *folder.glob("*.yml")]
    return tuple(read_policy(file) for file in sorted(files))


def read_policy(file: Path, /, *, replacement: Path | None = None) -> Policy:
    """Raises BadSettings for a wrong file."""
    contents = read_settings(file, PolicyFile)
    return Policy(file, contents.severity, contents.rules, replacement)


def check_policies(findings: Findings, policies: Sequence[Policy], problems: Problems, /) -> None:
    """Reports each place where a text that visitors see shows what a policy rules out."""
    for policy in policies:
        hits = lru_cache(maxsize=4096)(policy.hits)  # one text may stand in thousands of places, by '*name'
        for shown in _shown(findings):
            if problems.is_full:
                return
            for hit in hits(shown.text):
                problems.add(_diagnostic(shown, policy, hit))


class _ShownText(NamedTuple):
    """A text that somebody may see: `key` says in messages where it stands. `is_written`: letter by letter as in the scalar."""

    text: str
    source: Source
    scalar: Scalar
    key: str
    is_written: bool = True


def _shown(findings: Findings) -> Iterator[_ShownText]:
    for found in findings.texts:
        for entry in found.node.entries:
            if isinstance(entry.value, Scalar):
                yield from _forms(_ShownText(entry.value.text[:_LONGEST], found.source, entry.value, f"'{found.key}'"))
    for line in findings.words:
        yield from _forms(_ShownText(line.node.text[:_LONGEST], line.source, line.node, f"'{line.key}'"))
    for named in findings.subtitles:
        for cue in read_subtitles(named.file):
            key = f"{named.said}: '{named.file.name}', line {cue.line}"
            yield _ShownText(cue.text[:_LONGEST], named.source, named.node, key, is_written=False)


def _forms(shown: _ShownText) -> Iterator[_ShownText]:
    """The text as it is written and, where it has an address in it, as a browser shows that."""
    yield shown
    decoded = _decoded(shown.text)
    if decoded != shown.text:
        yield shown._replace(text=decoded, is_written=False)


def _decoded(text: str) -> str:
    """%-signs of addresses and names in Punycode as the letters that they stand for."""
    for _ in range(3):  # what is coded twice, too
        if "%" not in text:
            break
        text = unquote(text, errors="replace")
    return _PUNYCODE.sub(_unpunycoded, text)


def _unpunycoded(found: re.Match[str]) -> str:
    try:
        return found[1].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return found[0]


def _diagnostic(shown: _ShownText, policy: Policy, hit: PolicyMatch) -> Diagnostic:
    source, scalar = shown.source, shown.scalar
    words = " ".join("".join(one for one in shown.text[hit.start : hit.end] if not _is_invisible(one)).split())
    description = hit.rule.description.get("en") or next(iter(hit.rule.description.values()))
    message = f"{shown.key} shows '{words}'; the rule '{hit.rule.id}' of this venue says: {description}"
    add = "add the whole phrase around it to 'allowed' of that rule"
    allow = f"{add} in '{policy.file}'"
    if policy.replacement is not None:
        allow = f"copy '{policy.file}' to '{policy.replacement}', which then takes its place, and {add} there"
    help = f"leave it out; where it is harmless, {allow}"
    place = place_within(source, scalar, hit.start, hit.end) if shown.is_written else source.place(scalar)
    return Diagnostic("policy", message, help, policy.severity, place)


class _Folded(NamedTuple):
    """A text in the one form in which words are compared, and for each of its characters the index of the one it is from."""

    text: str
    origin: list[int]


_LONGEST = 4000
"""Characters of a text that are looked into; none that long is allowed."""
_PUNYCODE = re.compile(r"(?<![\w-])xn--([a-z0-9-]{1,63})", re.IGNORECASE)
_ALIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһқɡᴄɩктΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινκητυρχ",
        "ABESIJKMHOPCTYXaeijopcyxsdhkgciktABEZHIKMNOPTYXoaivkntupx",
        strict=True,
    )
)
"""Cyrillic, Greek and phonetic letters that look like Latin ones. Source: the letters of Unicode's confusables.txt (UTS #39)
whose prototype is one Latin letter, as far as common faces draw them alike."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_SEPARATORS = r"\s\-_‐‑‒–—―−·•・.*/|~"
_GAP = f"[{_SEPARATORS}]"
_HYPHEN = r"(?:[\-_‐‑‒–—―−·•]\s*)?"
_WIDE = "\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_WIDE}]"
_IS_WIDE = re.compile(f"[{_WIDE}]")
_SQUEEZED = re.compile(_GAP + "+")


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) == "Cf"
        or character in _FILLERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\u180b" <= character <= "\u180f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _is_wide(character: str) -> bool:
    """Whether it is of a script that is written without spaces between words, or nearly."""
    return _IS_WIDE.match(character) is not None


def _folded(text: str) -> _Folded:
    """Small letters of usual width, without accents and without what nobody sees."""
    characters: list[str] = []
    origin: list[int] = []
    for number, written in enumerate(text):
        for one in _plain(written):
            is_accent = unicodedata.category(one) == "Mn" and characters and characters[-1].isascii()
            if not is_accent:
                characters.append(one)
                origin.append(number)
    return _Folded("".join(characters), origin)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What a character is compared as: one, several or none."""
    character = _ALIKE.get(character, character)
    found = ""
    for one in unicodedata.normalize("NFKC", character).casefold():
        bare = unicodedata.normalize("NFD", one)[0]
        found += bare if bare.isascii() and bare.isalpha() else "" if _is_invisible(one) else one
    return found


def _squeezed(folded: str) -> str:
    return _SQUEEZED.sub("", folded)


class _Pattern(NamedTuple):
    """`within`: what a squeezed text has somewhere in it wherever the expression can match. Compiled when it first may."""

    within: str
    expression: str


def _spans(patterns: Iterable[_Pattern], folded: str, squeezed: str) -> list[tuple[int, int]]:
    return [
        one.span() for within, expression in patterns if within in squeezed for one in _expression(expression).finditer(folded)
    ]


@lru_cache(maxsize=1024)
def _expression(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _compiled(table: Mapping[str, Sequence[str]]) -> list[_Pattern]:
    return [_pattern(phrase, has_plural=language == "en") for language, phrases in table.items() for phrase in phrases]


def _pattern(phrase: str, /, *, has_plural: bool) -> _Pattern:
    words = [word for word in _SQUEEZED.split(_folded(phrase).text) if word]
    squeezed = "".join(words)
    parts = [_plural(word) if has_plural and word.isalpha() and not _is_wide(word[-1]) else (word, "") for word in words]
    joined = f"{_GAP}*".join(_word(stem) + ending for stem, ending in parts)
    if len(squeezed) >= 3 and not any(_is_wide(one) for one in squeezed):
        joined = f"(?:{joined}|{f'{_GAP}+'.join(map(re.escape, squeezed))})"
    before = "" if _is_wide(squeezed[0]) else _edge(squeezed[0], "<!")
    after = "" if _is_wide(squeezed[-1]) else _edge(squeezed[-1], "!")
    return _Pattern(max((stem for stem, _ in parts), key=len), before + joined + after)


def _word(word: str) -> str:
    """A word's characters: hyphens may stand between letters, and anything that separates between characters of a wide script."""
    parts = [re.escape(word[0])]
    for previous, one in pairwise(word):
        parts += [f"{_GAP}*" if _is_wide(previous) or _is_wide(one) else _HYPHEN, re.escape(one)]
    return "".join(parts)


def _edge(character: str, look: str) -> str:
    """A word ends where no letter goes on; a number where no digit does."""
    digit = r"|\d" if character.isdigit() else ""
    return f"(?{look}{_LETTER}{digit})"


def _plural(word: str) -> tuple[str, str]:
    """The stem of an English word, and the endings it takes as an expression."""
    if len(word) < 3:
        return word, ""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1], "(?:y|ies)"
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        return word, "(?:es)?"
    return word, "s?"

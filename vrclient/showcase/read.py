"""A node of a file becomes a checked model, or diagnostics with the place of each problem. It opens no YAML file.

Text is read by the shape that the model asks for; pydantic then checks ranges, patterns and what a kind's own validators want.
A validator may raise ValueError("what is wrong; what to do"): a key that the message names in quotes is what gets underlined."""

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from vrclient.showcase import scalars
from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.codes import Code
from vrclient.showcase.diagnostics import Diagnostic, Problems
from vrclient.showcase.findings import Findings, Line, LocalizedValue, NamedFile, Reference, is_shown
from vrclient.showcase.flow_slips import quoted, torn_texts
from vrclient.showcase.likely_words import likely_key, likely_option
from vrclient.showcase.map_coordinates import map_points
from vrclient.showcase.refusals import refusals
from vrclient.showcase.scalars import Misread
from vrclient.showcase.shapes import (
    Anything,
    Choice,
    Clock,
    Day,
    Either,
    File,
    Flag,
    Group,
    Items,
    Key,
    Number,
    Row,
    Shape,
    Table,
    Text,
    keys_of,
    only_arm,
)
from vrclient.showcase.source_map import Mapping, Node, Path_, Scalar, Sequence, Source, headline
from vrclient.showcase.union_variants import variant_for
from vrclient.showcase.wording import (
    COLOR_PATTERN,
    INVISIBLE,
    LANGUAGE_NAMES,
    WIDE_COLON,
    by_language,
    closest,
    described,
    example,
    last_key,
    pattern_help,
    seen,
    subject,
)


class _Unreadable:
    """Stands for a value that has been reported already."""


UNREADABLE: Final = _Unreadable()

_GLUED_COMMENT = re.compile(r"\s+(#[^\s#])")
_REMARK = re.compile(r"\s#(?=\s|$)")
_SHOWN_LINES = ("source", "phone")
"""Keys of texts without languages that panels show."""


class Reader:
    """Reads the nodes of one file."""

    def __init__(
        self,
        source: Source,
        folder: AssetFolder,
        problems: Problems,
        findings: Findings,
        /,
        *,
        belongs_elsewhere: MappingOf[str, str] = MappingProxyType({}),
        origin: tuple[float, float] | None = None,
    ) -> None:
        """`belongs_elsewhere`: keys that are known but not in this file, with the help for each. `origin`: (longitude, latitude),
        where it is known, to tell points of a map from metres."""
        self._source, self._folder, self._problems, self._findings = source, folder, problems, findings
        self._belongs_elsewhere, self._origin = belongs_elsewhere, origin
        self._name, self._in_localized = "", False
        self._reported: set[Path_] = set()
        self._around_reported: set[Path_] = set()
        self._readers: dict[type, Callable[[Node, Any, Path_, Key | None], Any]] = {
            Text: self._text,
            Number: self._number,
            Flag: self._flag,
            Day: self._day,
            Clock: self._clock,
            File: self._file,
            Choice: self._choice,
            Items: self._items,
            Row: self._row,
            Table: self._table,
            Group: self._group,
            Either: self._either,
            Anything: self._anything,
        }

    def model(self, node: Node, model: type[BaseModel], name: str, /) -> BaseModel | None:
        """The node as that model; None where something was reported. `name` says in messages what it is: `'building'`."""
        self._name, self._reported, self._around_reported = name, set(), set()
        values = self._group(node, Group(model), ())
        if values is UNREADABLE:
            return None
        try:
            checked = model.model_validate(values)
        except ValidationError as error:
            place, said = self._source.place, self._is_reported
            for path, found in refusals(error, node, Group(model), values, name=name, place=place, is_reported=said):
                self._add(found, path)
            return None
        return None if self._reported else checked

    def value(self, node: Node, shape: Shape, name: str, key: Key | None = None, /) -> Any:
        """One value by its shape alone; UNREADABLE where something was reported."""
        self._name, self._reported, self._around_reported = name, set(), set()
        value = self._read(node, shape, (name,), key)
        return UNREADABLE if self._reported else value

    def _read(self, node: Node, shape: Shape, path: Path_, key: Key | None = None) -> Any:
        return self._readers[type(shape)](node, shape, path, key)

    def _text(self, node: Node, shape: Text, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Scalar or (node.plain and not node.text):
            return self._misfit(node, shape, path, key)
        if node.plain:
            self._warn_of_comment(node, path)
        if not self._in_localized and is_shown(shape, last_key(path)):
            self._findings.words.append(Line(self._source, node, last_key(path)))
        if shape.reference is not None:
            self._findings.references.append(Reference(self._source, node, last_key(path), shape.reference))
        elif last_key(path) in _SHOWN_LINES:
            self._findings.lines.append(Line(self._source, node, last_key(path)))
        return node.text

    def _warn_of_comment(self, node: Scalar, path: Path_) -> None:
        """`Hall #2` without quotes is only `Hall`; `Hall # a remark` is meant so."""
        line = self._source.lines[node.line]
        found = _GLUED_COMMENT.match(line, node.column + node.length) if node.column + node.length < len(line) else None
        if found:
            text = _REMARK.split(line[node.column :])[0].rstrip()
            mended = f"write {last_key(path)}: {quoted(text)}" if len(text) <= 120 else "put the text in quotes"
            message = f"{subject(path)} ends here: everything after ' #' is a comment"
            place = self._source.at(node.line, found.start(1), len(line) - found.start(1))
            self._problems.warn("comment", place, message, f"{mended}; or '# ' with a space, if it is a remark")

    def _number(self, node: Node, shape: Number, path: Path_, key: Key | None = None) -> Any:
        value = scalars.number(node.text, whole=shape.whole) if type(node) is Scalar else Misread()
        if type(value) is Misread and type(node) is Scalar and shape.rules.le == 1:
            value = scalars.share(node.text) or value
        return self._misfit(node, shape, path, key, value) if type(value) is Misread else value

    def _flag(self, node: Node, shape: Flag, path: Path_, key: Key | None = None) -> Any:
        value = scalars.flag(node.text) if type(node) is Scalar else Misread()
        return self._misfit(node, shape, path, key, value) if type(value) is Misread else value

    def _day(self, node: Node, shape: Day, path: Path_, key: Key | None = None) -> Any:
        value = scalars.day(node.text) if type(node) is Scalar else Misread()
        return self._misfit(node, shape, path, key, value) if type(value) is Misread else value

    def _clock(self, node: Node, shape: Clock, path: Path_, key: Key | None = None) -> Any:
        value = scalars.clock(node.text) if type(node) is Scalar else Misread()
        return self._misfit(node, shape, path, key, value) if type(value) is Misread else value

    def _choice(self, node: Node, shape: Choice, path: Path_, key: Key | None = None) -> Any:
        if type(node) is Scalar:
            for option in shape.options:
                if node.text == str(option) or (isinstance(option, bool) and scalars.flag(node.text) is option):
                    return option
            meant = self._spelled(node, shape, path) if shape.spellings is not None else None
            if meant is not None:
                return meant
            if node.text:
                options = [str(option) for option in shape.options]
                close = likely_option(node.text, options) or closest(node.text, options)
                return self._misfit(node, shape, path, key, Misread(f"did you mean '{close}'?" if close else None))
        return self._misfit(node, shape, path, key)

    def _spelled(self, node: Scalar, shape: Choice, path: Path_) -> Any:
        """The option that a word in other letters means, or another word for it, of which is said what it is taken for."""
        bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", node.text)).casefold()
        option = next((option for option in shape.options if bare == str(option)), None)
        other = dict(shape.spellings or ()).get(bare)
        if option is None and other is not None:
            option, note = other
            place, name = self._source.place(node), last_key(path)
            self._problems.warn(
                "datum",
                place,
                f"'{name}': {seen(node)} is taken as {option}; {note}",
                f"write {name}: {option} to avoid this note",
            )
        return option

    def _file(self, node: Node, shape: File, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Scalar or (node.plain and not node.text):
            return self._misfit(node, shape, path, key)
        if is_shown(shape, last_key(path)):
            self._findings.words.append(Line(self._source, node, last_key(path)))
        found = self._folder.find(node.text, self._source.folder, media=shape.media)
        if isinstance(found, Diagnostic):
            return self._file_problem(node, found, path)
        self._findings.assets[found] = None
        problems = (*self._folder.doubts(node.text, self._source.folder), *self._folder.inspect(found, shape.media))
        for problem in problems:
            self._file_problem(node, problem, path)
        if any(problem.severity == "error" for problem in problems):
            return UNREADABLE
        if shape.media == "subtitles":
            self._findings.subtitles.append(NamedFile(self._source, node, subject(path), found))
        return found

    def _file_problem(self, node: Scalar, problem: Diagnostic, path: Path_) -> Any:
        return self._add(problem.at(self._source.place(node), about=subject(path)), path)

    def _items(self, node: Node, shape: Items, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Sequence:
            return self._misfit(node, shape, path, key)
        read, item = self._readers[type(shape.item)], shape.item
        return [read(one, item, (*path, number), None) for number, one in enumerate(node.items)]

    def _row(self, node: Node, shape: Row, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Sequence or len(node.items) != len(shape.items):
            return self._misfit(node, shape, path, key)
        pairs = zip(node.items, shape.items, strict=True)
        return [self._read(one, item, (*path, number)) for number, (one, item) in enumerate(pairs)]

    def _table(self, node: Node, shape: Table, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Mapping:
            misread = None
            if isinstance(node, Scalar) and node.text and shape.localized:
                misread = Misread(by_language(last_key(path), node.text))
            return self._misfit(node, shape, path, key, misread)
        if shape.localized:
            node, was_torn = self._without_torn(node, path, _may_be_language)
            if was_torn:
                return UNREADABLE
            self._findings.texts.append(LocalizedValue(self._source, node, last_key(path)))
        self._in_localized = shape.localized
        values = {entry.key.text: self._read(entry.value, shape.value, (*path, entry.key.text)) for entry in node.entries}
        self._in_localized = False
        return values

    def _group(self, node: Node, shape: Group, path: Path_, key: Key | None = None) -> Any:
        if type(node) is not Mapping:
            return self._misfit(node, shape, path, key)
        keys, meant = keys_of(shape.model), set()
        node, torn = self._without_torn(node, path, lambda word: True)
        values: dict[str, Any] = dict.fromkeys(torn, UNREADABLE)
        for name, value in node.entries:
            known = keys.get(name.text)
            if known is None:
                meant.add(self._unknown_key(name, keys, node, path))
            elif wrong := map_points(value, known.shape, name.text, self._origin):
                values[name.text] = self._add(wrong.at(self._source.place(value)), (*path, name.text))
            else:
                values[name.text] = self._read(value, known.shape, (*path, name.text), known)
        for required in keys.values():
            if required.is_required and required.name not in values:
                if required.name not in meant:
                    self._missing_key(required, node, path)
                self._note((*path, required.name))
        return values

    def _without_torn(self, node: Mapping, path: Path_, is_key: Callable[[str], bool]) -> tuple[Mapping, set[str]]:
        """The group without texts that a sign has torn into several entries, and the keys of those; says so of each."""
        found = [] if self._problems.is_full else torn_texts(node, self._source, is_key)
        if not found:
            return node, set()
        names = set()
        for torn in found:
            name = node.entries[torn.first].key.text
            names.add(name)
            self._add(torn.slip, (*path, name))
        parts = {number for torn in found for number in range(torn.first, torn.last + 1)}
        return node._replace(entries=tuple(one for number, one in enumerate(node.entries) if number not in parts)), names

    def _either(self, node: Node, shape: Either, path: Path_, key: Key | None = None) -> Any:
        if shape.may_be_empty and type(node) is Scalar and scalars.is_empty(node.text, plain=node.plain):
            return self._misfit(node, shape, path, key) if self._commented_color(node) else None
        if len(shape.variants) == 1:
            variant = shape.variants[0]
            return self._readers[type(variant)](node, variant, path, key)
        chosen = variant_for(node, shape)
        return self._misfit(node, shape, path, key) if chosen is None else self._read(node, shape.variants[chosen], path, key)

    def _anything(self, node: Node, shape: Anything, path: Path_, key: Key | None = None) -> Any:
        if isinstance(node, Scalar):
            return scalars.core(node.text, plain=node.plain)
        if isinstance(node, Sequence):
            return [self._anything(one, shape, (*path, number)) for number, one in enumerate(node.items)]
        return {entry.key.text: self._anything(entry.value, shape, (*path, entry.key.text)) for entry in node.entries}

    def _misfit(self, node: Node, shape: Shape, path: Path_, key: Key | None, misread: Misread | None = None) -> Any:
        """The value is not what is asked for; `misread` may know what to do."""
        what, name = subject(path), last_key(path)
        sample = f"for example {name}: {example(key.shape, key)}" if key else f"for example {example(shape)}"
        if isinstance(node, Scalar) and node.plain and not node.text:
            color = self._commented_color(node)
            if color:
                help: str | None = f"'#' begins a comment; write the value in quotes: {name}: {color}"
            elif key and not key.is_required:
                help = f"write a value, {sample}, or remove the key"
            else:
                help = f"write {described(shape, key=name)}, {sample}"
            return self._report("no-value", node, path, f"{what} has no value", help)
        help = (misread.help if misread else None) or _help(node, shape, name if key else "")
        code: Code = "unknown-word" if isinstance(shape, Choice) else "wrong-type"
        message = f"{what} must be {described(shape, key=name)}, not {seen(node)}"
        return self._report(code, node, path, message, help or sample)

    def _commented_color(self, node: Scalar) -> str | None:
        """The colour that a comment has swallowed: `color: #f4f1ea`."""
        found = re.match(r"[^#]*:\s+(#[0-9a-fA-F]{3,8})\b", self._source.lines[node.line][node.column :])
        return str(pattern_help(COLOR_PATTERN, found[1]) or f'"{found[1]}"') if found else None

    def _unknown_key(self, name: Scalar, keys: MappingOf[str, Key], node: Mapping, path: Path_) -> str | None:
        owner = f"'{last_key(path)}'" if path else self._name
        close = None if self._problems.is_full else likely_key(name.text, keys) or closest(name.text, keys)
        group = None if close or self._problems.is_full else _group_with(name.text, keys)
        if not path and name.text in self._belongs_elsewhere:
            help = self._belongs_elsewhere[name.text]
        elif close and not re.fullmatch(r"[\w-]*", name.text) and name.text.strip(INVISIBLE) == close:
            help = f"remove the invisible character beside '{close}'"
        elif close and node.get(close):
            help = f"'{close}' is there already; remove this line"
        elif close:
            help = f"did you mean '{close}'?"
        elif group:
            help = f"it belongs under '{group}': write {group}: {{{name.text}: ...}}"
        else:
            help = f"its keys are {', '.join(keys)}"
        self._report("unknown-key", name, (*path, name.text), f"'{name.text}' is not a key of {owner}", help)
        return close

    def _missing_key(self, key: Key, node: Mapping, path: Path_) -> None:
        owner = f"'{last_key(path)}'" if path else self._name
        help = f"add for example {key.name}: {example(key.shape, key)}"
        if key.description:
            help += f" ({key.description.rstrip('.')})"
        self._report("missing-key", headline(node), (*path, key.name), f"{owner} needs the key '{key.name}'", help)

    def _report(self, code: Code, node: Node, path: Path_, message: str, help: str | None) -> Any:
        return self._add(Diagnostic(code, message, help, place=self._source.place(node)), path)

    def _add(self, found: Diagnostic, path: Path_) -> Any:
        """Says what is wrong with the value there; UNREADABLE where that is an error."""
        self._problems.add(found)
        if found.severity == "warning":
            return None
        self._note(path)
        return UNREADABLE

    def _note(self, path: Path_) -> None:
        """Something has been said about the value there."""
        self._reported.add(path)
        self._around_reported.update(path[:length] for length in range(1, len(path)))

    def _is_reported(self, path: Path_) -> bool:
        """Whether something was said about the value, about one around it, or about one inside it."""
        return path in self._around_reported or any(path[:length] in self._reported for length in range(len(path) + 1))


def _group_with(name: str, keys: MappingOf[str, Key]) -> str | None:
    """The key whose group has a key of that name."""
    for key in keys.values():
        shape = only_arm(key.shape)
        if isinstance(shape, Group) and name in keys_of(shape.model):
            return key.name
    return None


def _may_be_language(word: str) -> bool:
    return word.islower() or word.lower() in LANGUAGE_NAMES


def _help(node: Node, shape: Shape, name: str) -> str | None:
    """What to do about slips of the hand that any value can have."""
    if isinstance(node, Sequence) and isinstance(shape, Text):
        return "write one text, in quotes if it begins with '['"
    if isinstance(node, Sequence):
        has_wide_comma = any(isinstance(one, Scalar) and "，" in one.text for one in node.items)
        return "separate the values with the half-width ','" if has_wide_comma else None
    if not isinstance(node, Scalar):
        return "write one text, in quotes if it begins with '{'" if isinstance(shape, Text) else None
    before = f"{name}: " if name else ""
    numbers = [part.strip() for part in re.split("[,，;；]", node.text.strip("()（）[]"))]
    takes_list = any(isinstance(variant, Items | Row) for variant in (shape.variants if isinstance(shape, Either) else (shape,)))
    if takes_list and len(numbers) > 1 and not any(isinstance(scalars.number(part), Misread) for part in numbers):
        return f"write {before}[{', '.join(numbers)}]"
    if isinstance(shape, Items) and isinstance(shape.item, Text | File | Choice):
        return f"write {before}[{node.text}]"
    return WIDE_COLON if node.plain and "：" in node.text else None

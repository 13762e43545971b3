"""A showcase's files become one checked value, or diagnostics: every problem of every file at once. It builds nothing.

Kinds come in as models, so that this layer knows no kind. Rules that need several elements are in crosscheck.py."""

import datetime
import gc
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from vrclient.showcase import scalars
from vrclient.showcase.assets import AssetFolder, InspectGltf
from vrclient.showcase.cost import BUDGET, Budget, CostsOf, check_costs
from vrclient.showcase.crosscheck import CheckSite, Known, Loaded, ViewsOf, cross_check
from vrclient.showcase.diagnostics import Diagnostic, Note, Problems, SourcePlace
from vrclient.showcase.file_names import elsewhere_refused
from vrclient.showcase.findings import Findings
from vrclient.showcase.likely_words import likely_key, likely_kind
from vrclient.showcase.limits import DEFAULT_LIMITS, Limits
from vrclient.showcase.models import ElementModel, Environment, IncludedFile, Showcase, ShowcaseFile
from vrclient.showcase.policy import Policy
from vrclient.showcase.read import UNREADABLE, Reader
from vrclient.showcase.scalars import Misread
from vrclient.showcase.shapes import keys_of
from vrclient.showcase.source_map import Entry, Node, Scalar, Sequence, Source, headline
from vrclient.showcase.source_map import Mapping as MappingNode
from vrclient.showcase.wording import WIDE_COLON, closest, seen
from vrclient.showcase.yaml_source import Spent, read_yaml

FILE_NAME = "showcase.yaml"
VERSION = 1
"""The format's version that this program reads and writes."""

_IN_MAIN_FILE = {
    name: f"it belongs in the showcase's first file, {FILE_NAME}"
    for name in ShowcaseFile.model_fields
    if name not in IncludedFile.model_fields
}


@dataclass(frozen=True, slots=True, eq=False)
class LoadResult:
    """What became of a showcase.

    showcase     None where there is any error
    diagnostics  in the order of files and lines
    files        every file that was read or named, as absolute paths: what a running client watches
    places       where each of showcase.elements is written
    """

    showcase: Showcase | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[Path, ...]
    places: tuple[SourcePlace, ...]


def load_showcase(
    path: Path,
    models: Mapping[str, type[ElementModel]],
    /,
    *,
    has_path: Collection[str] = (),
    check_text: Callable[[str], Collection[str]] | None = None,
    inspect_gltf: InspectGltf | None = None,
    policies: tuple[Policy, ...] = (),
    showcases: Mapping[str, Path] | None = None,
    check_site: CheckSite | None = None,
    limits: Limits = DEFAULT_LIMITS,
    costs_of: CostsOf | None = None,
    budget: Budget = BUDGET,
) -> LoadResult:
    """Reads a showcase: a folder with showcase.yaml, or that file itself. Raises nothing for any file.

    models        kind -> the model of its entries
    has_path      kinds that other elements may name where a course is asked for (`along:`)
    check_text    text -> the characters in it that no font has
    inspect_gltf  file -> what is wrong with that glTF file
    policies      what its texts may not show
    showcases     name -> showcase.yaml of those that portals can lead to; None: not looked at
    check_site    elements, day, where each is written -> what stands where it should not
    costs_of      (elements, all by id) -> what each takes to build; `budget` is the most that it may
    """
    file = path / FILE_NAME if path.is_dir() else path
    with _collection_paused():
        loading = _Loading(file, models, inspect_gltf, limits)
        loading.read()
        known = loading.known(frozenset(has_path), showcases)
        if not loading.is_of_other_version:
            if costs_of is not None:
                check_costs(known.elements, costs_of, budget, loading.problems)
            cross_check(
                known, loading.findings, loading.problems, check_text, policies, datetime.date.today(),
                check_site=check_site, views_of=_views_of(showcases or {}),
            )  # fmt: skip
    problems = loading.problems
    diagnostics = problems.in_order(loading.shown)
    files = (*loading.read_at, *loading.findings.assets)
    if problems.has_errors or loading.main is None:
        return LoadResult(None, diagnostics, files, ())
    elements = tuple(one.model for one in known.elements if one.model is not None)
    head = {name: getattr(loading.main, name) for name in Showcase.model_fields if name != "elements"}
    showcase = Showcase(elements=elements, **head)
    return LoadResult(showcase, diagnostics, files, tuple(one.source.place(one.node) for one in known.elements))


class _Loading:
    """The files of one showcase while they are read.

    shown     the files as messages name them, in the order of reading
    read_at   where each file really is -> the place that includes it
    """

    def __init__(
        self, file: Path, models: Mapping[str, type[ElementModel]], inspect_gltf: InspectGltf | None, limits: Limits
    ) -> None:
        self.problems, self.findings = Problems(), Findings()
        self.shown: list[Path] = []
        self.read_at: dict[Path, SourcePlace] = {}
        self.main: ShowcaseFile | None = None
        self.is_of_other_version = False
        self._file, self._models, self._limits = file, models, limits
        self._folder = AssetFolder(file.parent, inspect_gltf=inspect_gltf)
        self._elements: list[Loaded] = []
        self._count = 0
        self._spent = Spent()
        self._origin: tuple[float, float] | None = None
        self._is_whole = True
        self._top: SourcePlace = SourcePlace(file)

    def read(self) -> None:
        if not self._file.exists():
            self._no_such_file()
            return
        real = self._file.resolve()
        if not self._folder.holds(real):
            self._is_whole = False
            message = f"'{self._file.name}' is a link to a file outside the showcase's folder"
            self.problems.error("outside-folder", SourcePlace(self._file), message, "copy the file itself into the folder")
            return
        self.read_at[real] = SourcePlace(self._file)
        if doubt := elsewhere_refused(PurePosixPath(real.parent.name)):
            self.problems.add(doubt.at(SourcePlace(self._file), about="the showcase's folder"))
        root = self._yaml(self._file)
        if root is None:
            return
        source, mapping = root
        self._top = source.place(headline(mapping))
        if self._is_newer(source, mapping):
            return
        self._origin = _origin(mapping)
        reader = self._reader(source)
        main = reader.model(_head(mapping), ShowcaseFile, "a showcase")
        self.main = main if isinstance(main, ShowcaseFile) else None
        if mapping.get("elements") is None and mapping.get("include") is None:
            self._is_whole = False
            help = "add 'elements:' and a list below it, such as - kind: spawn"
            self.problems.error("missing-key", self._top, "a showcase needs the key 'elements'", help)
        self._contents(source, mapping, reader, (real,))

    def views(self) -> frozenset[str] | None:
        """The ids of the viewpoints and of the spawn, without reading what the elements are."""
        real = self._file.resolve()
        if not self._file.exists() or not self._folder.holds(real):
            return None
        found, waiting = {"spawn"}, [self._file]
        while waiting and len(self.read_at) < self._limits.files:
            file = waiting.pop()
            self.read_at[file] = SourcePlace(file)
            root = self._yaml(file)
            if root is None:
                return None
            for entry in root[1].entries:
                nodes = entry.value.items if isinstance(entry.value, Sequence) else ()
                if entry.key.text == "include":
                    inner = [self._folder.find(one.text, file.parent) for one in nodes if isinstance(one, Scalar)]
                    waiting += [one for one in inner if isinstance(one, Path) and one not in self.read_at]
                elif entry.key.text == "elements":
                    found |= {name for node in nodes for name in _named(node, ("viewpoint", "spawn"))}
        return frozenset(found)

    def known(self, has_path: frozenset[str], showcases: Collection[str] | None) -> Known:
        is_whole = self._is_whole and not self.is_of_other_version
        day = self.main.environment.date if self.main else Environment().date
        return Known(self._elements, self._models, has_path, is_whole, self._top, showcases, day)

    def _no_such_file(self) -> None:
        self._is_whole = False
        names = sorted(one.name for one in self._file.parent.iterdir()) if self._file.parent.is_dir() else []
        close = closest(self._file.name, names)
        help = f"did you mean '{close}'?" if close else f"a showcase is a folder with a file {FILE_NAME}"
        self.problems.error("file", SourcePlace(self._file), f"there is no '{self._file.name}' in this folder", help)

    def _yaml(self, file: Path) -> tuple[Source, MappingNode] | None:
        self.shown.append(file)
        found = read_yaml(file, self.problems, limits=self._limits, spent=self._spent)
        if isinstance(found.root, MappingNode):
            return found.source, found.root
        self._is_whole = False
        if found.root is not None:
            help = "begin with 'vrclient: 1'" if file == self._file else "begin with 'elements:'"
            self.problems.error("wrong-type", found.source.place(found.root), "a file is made of 'key: value' lines", help)
        return None

    def _is_newer(self, source: Source, root: MappingNode) -> bool:
        entry = root.get("vrclient")
        if entry is None or not isinstance(entry.value, Scalar):
            return False
        version = scalars.number(entry.value.text, whole=True)
        if isinstance(version, Misread) or version <= VERSION:
            return False
        self.is_of_other_version = True
        message = f"this showcase is written for version {version} of the format; this program knows version {VERSION}"
        self.problems.error("version", source.place(entry.value), message, "install a newer vrclient")
        return True

    def _reader(self, source: Source) -> Reader:
        elsewhere = {} if source.file == self._file else _IN_MAIN_FILE
        return Reader(source, self._folder, self.problems, self.findings, belongs_elsewhere=elsewhere, origin=self._origin)

    def _contents(self, source: Source, root: MappingNode, reader: Reader, chain: tuple[Path, ...]) -> None:
        elements, include = root.get("elements"), root.get("include")
        if elements:
            self._read_elements(source, elements, reader)
        if include:
            self._read_includes(source, include, reader, chain)

    def _read_elements(self, source: Source, entry: Entry, reader: Reader) -> None:
        value = entry.value
        if not isinstance(value, Sequence):
            is_empty = isinstance(value, Scalar) and scalars.is_empty(value.text, plain=value.plain)
            message = "'elements' has no value" if is_empty else f"'elements' must be a list, not {seen(value)}"
            help = "begin every element with a dash: - kind: ..., or write 'elements: []'"
            self.problems.error("no-value" if is_empty else "wrong-type", source.place(value), message, help)
            self._is_whole = False
            return
        for node in value.items:
            self._count += 1
            if self._count > self._limits.elements:
                message = f"a showcase may have {self._limits.elements:,} elements; this is one too many"
                self.problems.error("limit", source.place(headline(node)), message, "use 'scatter' for things that repeat")
                self._is_whole = False
                return
            self._read_element(source, node, reader)

    def _read_element(self, source: Source, node: Node, reader: Reader) -> None:
        kind = self._kind(source, node)
        if not isinstance(node, MappingNode):
            return
        model = reader.model(node, self._models[kind], f"'{kind}'") if kind else None
        self._elements.append(Loaded(source, node, kind or "", model if isinstance(model, ElementModel) else None))

    def _kind(self, source: Source, node: Node) -> str | None:
        names = ", ".join(self._models)
        if not isinstance(node, MappingNode):
            message = f"an element must be a group of keys, not {seen(node)}"
            glued = re.fullmatch(r"(\w+):(\S.*)", node.text) if isinstance(node, Scalar) else None
            help = "write '- kind: ...' and the other keys below it"
            if glued:
                help = f"write '{glued[1]}: {glued[2]}', with a space"
            elif isinstance(node, Scalar) and "：" in node.text:
                help = WIDE_COLON
            elif isinstance(node, Scalar) and node.text in self._models:
                help = f"write '- kind: {node.text}' and the other keys below it"
            self.problems.error("wrong-type", source.place(node), message, help)
            return None
        entry = node.get("kind")
        if entry is None:
            names_of_kind = (
                one.key for one in node.entries if closest(one.key.text, ["kind"]) or likely_key(one.key.text, ["kind"])
            )
            meant = next(names_of_kind, None)
            help = f"write 'kind' instead of '{meant.text}'" if meant else f"add 'kind:' and one of {names}"
            place = source.place(meant or headline(node))
            self.problems.error("missing-key", place, "an element needs the key 'kind'", help)
            return None
        if isinstance(entry.value, Scalar) and entry.value.text in self._models:
            return entry.value.text
        place = source.place(entry.value)
        if not isinstance(entry.value, Scalar) or not entry.value.text:
            what = "has no value" if isinstance(entry.value, Scalar) else f"must be one word, not {seen(entry.value)}"
            self.problems.error("unknown-kind", place, f"'kind' {what}", f"write one of {names}")
            return None
        text = entry.value.text
        close = None if self.problems.is_full else closest(text, self._models)
        likely = likely_kind(text, self._models)
        help = f"did you mean '{close}'?" if close else f"the kinds are {names}"
        if likely:
            help = f"did you mean {likely}?"
        if entry.value.plain and "：" in text:
            help = WIDE_COLON
        self.problems.error("unknown-kind", place, f"there is no kind {seen(entry.value)}", help)
        return None

    def _read_includes(self, source: Source, entry: Entry, reader: Reader, chain: tuple[Path, ...]) -> None:
        names = reader.value(entry.value, keys_of(IncludedFile)["include"].shape, "include", keys_of(IncludedFile)["include"])
        if names is UNREADABLE and not isinstance(entry.value, Sequence):
            self._is_whole = False
            return
        for node in entry.value.items if isinstance(entry.value, Sequence) else ():
            if isinstance(node, Scalar) and (node.text or not node.plain):
                self._include(source, node, chain)

    def _include(self, source: Source, node: Scalar, chain: tuple[Path, ...]) -> None:
        if self._spent.is_over:
            return
        place = source.place(node)
        real = self._folder.find(node.text, source.folder)
        if isinstance(real, Diagnostic):
            self._is_whole = False
            self.problems.add(real.at(place, about="'include'"))
            return
        for doubt in self._folder.doubts(node.text, source.folder):
            self.problems.add(doubt.at(place, about="'include'"))
        if real in chain:
            names = " -> ".join(f"'{one.name}'" for one in (*chain[chain.index(real) :], real))
            message = f"the files include each other in a circle: {names}"
            self.problems.error("include-circle", place, message, "remove one of these includes")
            return
        if real in self.read_at:
            note = Note(self.read_at[real], "first included here")
            self.problems.error("include-twice", place, f"'{node.text}' is included twice", "keep one of them", note)
            return
        if len(self.read_at) >= self._limits.files:
            self.problems.error(
                "limit", place, f"a showcase may have {self._limits.files:,} files", "put more elements into each"
            )
            self._is_whole = False
            return
        self.read_at[real] = place
        found = self._yaml(self._folder.spelled(node.text, source.folder))
        if found is None:
            return
        inner, root = found
        reader = self._reader(inner)
        reader.model(_head(root), IncludedFile, "an included file")
        self._contents(inner, root, reader, (*chain, real))


def _views_of(showcases: Mapping[str, Path]) -> ViewsOf:
    """The viewpoints of other showcases, read only as far as that needs."""

    @cache
    def views_of(name: str) -> frozenset[str] | None:
        if name not in showcases:
            return None
        loading = _Loading(showcases[name], {}, None, DEFAULT_LIMITS)
        return loading.views()

    return views_of


def _origin(root: MappingNode) -> tuple[float, float] | None:
    """Longitude and latitude in degrees, where they can be read, whatever else is wrong."""
    entry = root.get("origin")
    values = []
    for name in ("lon_deg", "lat_deg"):
        given = entry.value.get(name) if entry and isinstance(entry.value, MappingNode) else None
        value = scalars.number(given.value.text) if given and isinstance(given.value, Scalar) else Misread()
        if isinstance(value, Misread) or abs(value) > 180:
            return None
        values.append(value)
    return values[0], values[1]


def _named(node: Node, kinds: Collection[str]) -> Iterator[str]:
    """The id of an element that is of one of those kinds."""
    kind, name = (node.get("kind"), node.get("id")) if isinstance(node, MappingNode) else (None, None)
    if kind and name and isinstance(kind.value, Scalar) and kind.value.text in kinds and isinstance(name.value, Scalar):
        yield name.value.text


def _head(root: MappingNode) -> MappingNode:
    """The mapping without what is read by itself."""
    return root._replace(entries=tuple(entry for entry in root.entries if entry.key.text not in ("elements", "include")))


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Reading makes many small values and no cycles; collecting in between would take as long as the reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

"""Rules that need the whole showcase: ids, references, dates, kinds that stand once, languages, characters, what a venue does not
show. It reads no files but those of subtitles (glyphs.py)."""

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from vrclient.showcase.diagnostics import Diagnostic, Note, Problems, SourcePlace
from vrclient.showcase.findings import Findings, LocalizedValue
from vrclient.showcase.glyphs import CheckText, check_characters
from vrclient.showcase.models import ElementModel, Environment, ShowcaseRef
from vrclient.showcase.policy import Policy, check_policies
from vrclient.showcase.shapes import keys_of
from vrclient.showcase.source_map import Mapping as MappingNode
from vrclient.showcase.source_map import Node, Scalar, Source, headline, locate
from vrclient.showcase.wording import LANGUAGE_NAMES, LANGUAGE_PATTERN, closest, example, seen

LANGUAGES = ("zh", "en")
"""Every text that visitors see should be there in these."""

EXACTLY_ONE = ("spawn",)
AT_MOST_ONE = ("spawn", "sky", "terrain", "timeline")


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One entry of `elements`. `model` is None where something in it was reported, `kind` is empty where there is none."""

    source: Source
    node: MappingNode
    kind: str
    model: ElementModel | None


PlaceOf = Callable[[int, tuple[str | int, ...]], SourcePlace]
"""(an element's position among the elements, the path to a value in it; () = all of it) -> where that is written."""
CheckSite = Callable[[Sequence[ElementModel | None], datetime.date, PlaceOf], Sequence[Diagnostic]]
"""(elements, the day that is shown at first, where each is written) -> what stands where it should not; scene/siting.py."""
ViewsOf = Callable[[str], Collection[str] | None]
"""A showcase's name -> the names of its views; None where it cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Everything that was read.

    has_path  kinds that may be named where a course is asked for
    is_whole  False where a file could not be read: then nothing is said about what seems to be missing
    top       the place of what the showcase as a whole lacks
    showcases names of the showcases that a portal can lead to; None: nobody has looked
    day       the one that is shown at first
    """

    elements: Sequence[Loaded]
    models: Mapping[str, type[ElementModel]]
    has_path: frozenset[str]
    is_whole: bool
    top: SourcePlace
    showcases: Collection[str] | None = None
    day: datetime.date = Environment().date


def cross_check(
    known: Known,
    findings: Findings,
    problems: Problems,
    check_text: CheckText | None,
    policies: Sequence[Policy],
    today: datetime.date,
    /,
    *,
    check_site: CheckSite | None = None,
    views_of: ViewsOf | None = None,
) -> None:
    """All rules, in turn."""
    kinds = _ids(known, problems)
    _references(known, findings, kinds, problems)
    _dates(known, problems)
    _remarks(known, today, problems)
    if views_of is not None:
        _views(known, views_of, problems)
    if check_site is not None:
        _sites(known, check_site, problems)
    _counts(known, problems)
    _languages(findings.texts, problems)
    check_policies(findings, policies, problems)
    if check_text is not None:
        check_characters(findings, check_text, problems)


def _ids(known: Known, problems: Problems) -> Mapping[str, str]:
    """Every id with its element's kind; says where one is given twice."""
    first: dict[str, tuple[SourcePlace, str]] = {}
    for element in known.elements:
        entry = element.node.get("id")
        if entry is None or not isinstance(entry.value, Scalar) or not entry.value.text:
            continue
        name, place = entry.value.text, element.source.place(entry.value)
        if name in first:
            note = Note(first[name][0], "first used here")
            problems.error("duplicate-id", place, f"the id '{name}' is used twice", "give one of them another id", note)
        else:
            first[name] = (place, element.kind)
    return {name: kind for name, (_, kind) in first.items()}


def _references(known: Known, findings: Findings, kinds: Mapping[str, str], problems: Problems) -> None:
    for reference in findings.references:
        if problems.is_full:
            return
        name, place = reference.node.text, reference.source.place(reference.node)
        wanted = reference.wanted
        if isinstance(wanted, ShowcaseRef):
            _showcase(name, reference.key, place, known.showcases, problems)
            continue
        suits = known.has_path if wanted.path else frozenset([wanted.kind] if wanted.kind else kinds.values())
        suitable = [one for one, kind in kinds.items() if kind in suits]
        kind = kinds.get(name)
        if kind is None:
            if known.is_whole:
                close = closest(name, suitable)
                help = f"did you mean '{close}'?" if close else _choose(suitable)
                message = f"'{reference.key}': there is no element with the id {seen(reference.node)}"
                problems.error("unknown-id", place, message, help)
        elif kind and wanted.kind and kind != wanted.kind:
            message = f"'{reference.key}' needs the id of a '{wanted.kind}'; '{name}' is a '{kind}'"
            problems.error("wrong-kind", place, message, _choose(suitable))
        elif kind and wanted.path and kind not in known.has_path:
            message = f"'{reference.key}' needs an element with a course; '{name}' is a '{kind}'"
            problems.error("not-a-course", place, message, _choose(suitable))


def _showcase(name: str, key: str, place: SourcePlace, showcases: Collection[str] | None, problems: Problems) -> None:
    """Another showcase is not part of this one, so its absence is no error: the way to it stays closed."""
    if showcases is None or name in showcases or re.search(r"[/\\]", name):
        return
    close = closest(name, showcases)
    names = sorted(showcases)
    there = f"{', '.join(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"
    help = f"did you mean '{close}'?" if close else f"copy its folder beside this one, or name one of those there: {there}"
    problems.warn("unknown-showcase", place, f"'{key}': there is no showcase '{name}'; the portal stays closed", help)


def _choose(names: Sequence[str]) -> str:
    if not names:
        return "give the element you mean an 'id'"
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"ids that can stand here: {', '.join(names[:6])}{more}"


def _dates(known: Known, problems: Problems) -> None:
    for element in known.elements:
        model = element.model
        if model and model.built and model.demolished and model.demolished <= model.built:
            entry = element.node.get("demolished")
            place = element.source.place(entry.value if entry else element.node)
            message = f"'demolished' ({model.demolished}) is not after 'built' ({model.built})"
            problems.error("wrong-value", place, message, "correct one of the two dates")


def _remarks(known: Known, today: datetime.date, problems: Problems) -> None:
    for element in known.elements:
        for path, found in element.model.remarks(today) if element.model else ():
            problems.add(found.at(element.source.place(locate(element.node, path))))


def _views(known: Known, views_of: ViewsOf, problems: Problems) -> None:
    """A viewpoint in another showcase that a portal names: without it one arrives at the spawn."""
    for element in known.elements:
        to, view = (getattr(element.model, key, None) for key in ("to", "view"))
        if not isinstance(to, str) or not isinstance(view, str):
            continue
        views = views_of(to)
        if views is None or view in views:
            continue
        close = closest(view, views)
        help = f"did you mean '{close}'?" if close else f"name one of these: {', '.join(sorted(views)[:8])}"
        place = element.source.place(locate(element.node, ("view",)))
        message = f"'view': '{to}' has no viewpoint '{view}'; visitors arrive where its visits start"
        problems.warn("unknown-view", place, message, help)


def _sites(known: Known, check_site: CheckSite, problems: Problems) -> None:
    def place_of(number: int, path: tuple[str | int, ...]) -> SourcePlace:
        element = known.elements[number]
        return element.source.place(locate(element.node, path) if path else headline(element.node))

    for one in check_site([element.model for element in known.elements], known.day, place_of):
        problems.add(one)


def _counts(known: Known, problems: Problems) -> None:
    for kind in AT_MOST_ONE:
        found = [element for element in known.elements if element.kind == kind]
        for extra in found[1:]:
            note = Note(found[0].source.place(headline(found[0].node)), "the first one")
            place = extra.source.place(headline(extra.node))
            problems.error("too-many-of-kind", place, f"a showcase has one '{kind}'; this is another", "remove one of them", note)
    for kind in EXACTLY_ONE:
        model = known.models.get(kind)
        if model and known.is_whole and not any(element.kind == kind for element in known.elements):
            needed = [key for key in keys_of(model).values() if key.is_required and key.name != "kind"]
            keys = [f"kind: {kind}", *(f"{key.name}: {example(key.shape, key)}" for key in needed)]
            help = f"add to the elements: - {{{', '.join(keys)}}}"
            problems.error("missing-kind", known.top, f"a showcase needs one '{kind}'", help)


def _languages(texts: Sequence[LocalizedValue], problems: Problems) -> None:
    for found in texts:
        given = {entry.key.text for entry in found.node.entries if not _is_blank(entry.value)}
        absent = [language for language in LANGUAGES if language not in given]
        has_wrong_key = any(not re.fullmatch(LANGUAGE_PATTERN, entry.key.text) for entry in found.node.entries)
        if not absent or not given or has_wrong_key:
            continue
        mistaken = next((one for one in sorted(given) if LANGUAGE_NAMES.get(one) in absent), None)
        sample = ", ".join(f'{language}: "..."' for language in absent)
        help = f"write '{LANGUAGE_NAMES[mistaken]}' instead of '{mistaken}'" if mistaken else f"add {sample}"
        names = " and ".join(f"'{language}'" for language in absent)
        problems.warn("language-missing", found.source.place(found.node), f"'{found.key}' has no text in {names}", help)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text.strip()

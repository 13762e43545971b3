"""What a showcase costs to build, estimated from its checked values, and the most it may: what is beyond is refused.

Each kind says what its elements cost (`ElementKind.cost`); this module adds up and reports, and knows no kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from vrclient.showcase.crosscheck import Loaded
from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.models import ElementModel
from vrclient.showcase.source_map import headline


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings into the scene. What reads it bounds one file, so it counts for the showcase only, not for the element.

    triangles  for each element that shows the file
    pixels     once: elements that name the same file share its pictures"""

    file: Path
    triangles: float = 0.0
    pixels: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """About what an element takes; the truth may be half of it, and is seldom more.

    triangles  of shapes of its own, near and far versions together
    copies     of repeated things: trees, people, fins, placements
    pixels     of pictures that are made for it and stay: of those in files, as they are reduced for the scene
    lamps      that throw light
    crossings  of the outlines of what takes land for itself with those of others, counted at one of the two: the land is cut up
               there
    help       what makes it cheaper, in words that follow 'use'
    brought    beside all this, by a file"""

    triangles: float = 0.0
    copies: float = 0.0
    pixels: float = 0.0
    lamps: float = 0.0
    crossings: float = 0.0
    help: str = ""
    brought: Brought | None = None


CostsOf = Callable[[Sequence[ElementModel], Mapping[str, ElementModel]], Sequence[Cost]]
"""(elements, those with an id, by id) -> the cost of each among the others."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds of a processor, and megabytes at most, from the files to the first picture where that is drawn in software."""

    seconds: float
    megabytes: float

    @property
    def words(self) -> str:
        return f"{_about(self.seconds)} s and {_about(self.megabytes)} MB"

    def is_above(self, other: "Effort") -> bool:
        return self.seconds > other.seconds or self.megabytes > other.megabytes


PROMISED, LARGEST = Effort(20, 2000), Effort(60, 4000)
"""What `vrclient check` calls fine without a word, and what it refuses beyond; it warns of what lies between."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one element, and all of a showcase together, may cost."""

    element: Cost
    showcase: Cost
    promised: Effort = PROMISED
    largest: Effort = LARGEST


BUDGET = Budget(
    element=Cost(triangles=1_200_000, copies=400_000, pixels=40_000_000, lamps=20_000, crossings=250_000),
    showcase=Cost(triangles=8_000_000, copies=2_000_000, pixels=250_000_000, lamps=40_000, crossings=250_000),
)
_ALWAYS = Effort(1.0, 450.0)
_EFFORTS = {
    "triangles": Effort(7.5e-6, 4.6e-4),
    "copies": Effort(6e-6, 2e-4),
    "pixels": Effort(7e-8, 1.3e-5),
    "lamps": Effort(4e-4, 0.0),
    "crossings": Effort(2e-4, 8e-3),
}
"""What one of each takes, measured on two cores of a server: the five showcases that come with the program, and 300 exhibits
(96 million pixels)."""
_WORDS = {"crossings": "crossings of outlines"}
_HELP = {"crossings": "fewer or shorter roads, squares and waters across each other"}
_KINDS = tuple(one.name for one in fields(Cost) if one.name not in ("help", "brought"))
_Value = tuple[float, Loaded, Cost]


def check_costs(elements: Sequence[Loaded], costs_of: CostsOf, budget: Budget, problems: Problems, /) -> None:
    """Reports each element that is beyond the budget; where none is but all together are, the one that costs most."""
    named = {one.model.id: one.model for one in elements if one.model is not None and one.model.id}
    read = [(one, one.model) for one in elements if one.model is not None]
    costs = list(zip((one for one, _ in read), costs_of([model for _, model in read], named), strict=True))
    for what in _KINDS:
        words = _WORDS.get(what, what)
        most, total_most = getattr(budget.element, what), getattr(budget.showcase, what)
        values = [(getattr(cost, what), one, cost) for one, cost in costs]
        beyond = [found for found in values if found[0] > most]
        for value, one, cost in beyond:
            message = f"this '{one.kind}' would take about {_about(value)} {words}; at most {most:,} are allowed for one element"
            problems.error("limit", one.source.place(headline(one.node)), message, f"use {_cheaper(cost, what)}")
        values = _with_brought(values, what)
        total = sum(value for value, _, _ in values)
        if total > total_most and not beyond:
            value, one, cost = max(values, key=lambda found: found[0])
            message = (
                f"the showcase would take about {_about(total)} {words}; at most {total_most:,} are allowed; "
                f"this '{one.kind}' takes the most of them, {_about(value)}"
            )
            place = one.source.place(headline(one.node))
            problems.error(
                "limit", place, message, f"use {_cheaper(cost, what)}, or make two showcases with a portal between them"
            )
    if not problems.has_errors:
        _check_effort(costs, budget, problems)


def effort_of(costs: Sequence[tuple[Loaded, Cost]], /) -> Effort:
    """What all of them take together."""
    seconds, megabytes = _ALWAYS.seconds, _ALWAYS.megabytes
    for what, each in _EFFORTS.items():
        values = _with_brought([(getattr(cost, what), one, cost) for one, cost in costs], what)
        total = sum(value for value, _, _ in values)
        seconds, megabytes = seconds + total * each.seconds, megabytes + total * each.megabytes
    return Effort(seconds, megabytes)


def _check_effort(costs: Sequence[tuple[Loaded, Cost]], budget: Budget, problems: Problems) -> None:
    """Much of everything together: a warning, or too much."""
    effort = effort_of(costs)
    if not effort.is_above(budget.promised):
        return
    one, cost = max(costs, key=lambda found: _share(effort_of([found]), effort))
    dearest = max(_KINDS, key=lambda what: _share(effort_of([(one, replace(Cost(), **{what: getattr(cost, what)}))]), effort))
    help = f"use {_cheaper(cost, dearest)}, or make two showcases with a portal between them"
    most = f"this '{one.kind}' takes the most"
    if effort.is_above(budget.largest):
        message = f"opening the showcase would take about {effort.words}; the limit is {budget.largest.words}; {most}"
        problems.error("limit", one.source.place(headline(one.node)), message, help)
    else:
        message = f"opening the showcase takes about {effort.words}; up to {budget.promised.words} is usual; {most}"
        problems.warn("heavy", one.source.place(headline(one.node)), message, help)


def _cheaper(cost: Cost, what: str) -> str:
    """What makes it cheaper in this, in words that follow 'use'."""
    return _HELP.get(what) or cost.help or "less of it"


def _share(effort: Effort, whole: Effort) -> float:
    return max(effort.seconds / whole.seconds, effort.megabytes / whole.megabytes)


def _with_brought(values: list[_Value], what: str) -> list[_Value]:
    """The same with what files bring: pictures with the first element that names the file."""
    seen: set[Path] = set()
    result = []
    for value, one, cost in values:
        if cost.brought is not None and what == "triangles":
            value += cost.brought.triangles
        if cost.brought is not None and what == "pixels" and cost.brought.file not in seen:
            seen.add(cost.brought.file)
            value += cost.brought.pixels
        result.append((value, one, cost))
    return result


def _about(value: float) -> str:
    """Two digits are enough of an estimate."""
    if value < 1000:
        return f"{value:.0f}"
    whole = float(f"{min(value, 1e15):.2g}")
    return f"{whole:,.0f}"

"""What a showcase costs to build, estimated from its checked values, and the most it may: what is beyond is refused.

Each kind says what its elements cost (`ElementKind.cost`); this module adds up and reports, and knows no kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
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
    help       what makes it cheaper, in words that follow 'use'
    brought    beside all this, by a file"""

    triangles: float = 0.0
    copies: float = 0.0
    pixels: float = 0.0
    lamps: float = 0.0
    help: str = ""
    brought: Brought | None = None


CostOf = Callable[[ElementModel, Mapping[str, ElementModel]], Cost]
"""(element, all elements with an id, by id) -> its cost."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one element, and all of a showcase together, may cost."""

    element: Cost
    showcase: Cost


BUDGET = Budget(
    element=Cost(triangles=1_200_000, copies=400_000, pixels=40_000_000, lamps=20_000),
    showcase=Cost(triangles=16_000_000, copies=2_000_000, pixels=250_000_000, lamps=40_000),
)
"""A million triangles take about 8 seconds of a processor and 300 MB, a million copies 6 seconds and 200 MB."""
_KINDS = tuple(one.name for one in fields(Cost) if one.name not in ("help", "brought"))
_Value = tuple[float, Loaded, Cost]


def check_costs(elements: Sequence[Loaded], cost_of: CostOf, budget: Budget, problems: Problems, /) -> None:
    """Reports each element that is beyond the budget; where none is but all together are, the one that costs most."""
    named = {one.model.id: one.model for one in elements if one.model is not None and one.model.id}
    costs = [(one, cost_of(one.model, named)) for one in elements if one.model is not None]
    for what in _KINDS:
        most, total_most = getattr(budget.element, what), getattr(budget.showcase, what)
        values = [(getattr(cost, what), one, cost) for one, cost in costs]
        beyond = [found for found in values if found[0] > most]
        for value, one, cost in beyond:
            message = f"this '{one.kind}' would take about {_about(value)} {what}; at most {most:,} can be for one element"
            problems.error("limit", one.source.place(headline(one.node)), message, f"use {cost.help or 'less of it'}")
        values = _with_brought(values, what)
        total = sum(value for value, _, _ in values)
        if total > total_most and not beyond:
            value, one, cost = max(values, key=lambda found: found[0])
            message = (
                f"the showcase would take about {_about(total)} {what}; at most {total_most:,} can be; this '{one.kind}' takes "
                f"the most of them, {_about(value)}"
            )
            place = one.source.place(headline(one.node))
            problems.error(
                "limit", place, message, f"use {cost.help or 'less of it'}, or make two showcases with a portal between"
            )


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

"""What would not build in time is refused where it is written, with what makes it cheaper."""

from pathlib import Path

import pytest

from vrclient.app.opening import load
from vrclient.showcase.cost import Budget, Cost
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.load import LoadResult

HUGE = "[[-50000, -50000], [50000, -50000], [50000, 50000], [-50000, 50000]]"
HEAD = """\
vrclient: 1
title: {zh: 门, en: Gate}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
  - {kind: spawn, at: [0, 0]}
"""


def errors(result: LoadResult) -> list[Diagnostic]:
    return [one for one in result.diagnostics if one.severity == "error"]


def checked(folder: Path, *lines: str, budget: Budget | None = None) -> LoadResult:
    (folder / "showcase.yaml").write_text(HEAD + "".join(f"  - {{{line}}}\n" for line in lines), encoding="utf-8")
    return load(folder, budget=budget) if budget else load(folder)


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        (f"kind: building, outline: {HUGE}", "triangles", "use a larger bay_m, fewer storeys or fewer points, or pattern: plain"),
        (f"kind: shell, outline: {HUGE}", "triangles", "use a larger bay_m or storey_m"),
        (f"kind: terrace, outline: {HUGE}, railing: bars", "triangles", "use a smaller outline, or railing: none"),
        (
            f"kind: pillars, area: {HUGE}, count: 20000, pines: 20",
            "copies",
            "use a smaller count, fewer pines, or smaller tablelands",
        ),
        (
            "kind: scatter, mesh: lamp, along: [[0, 0], [50000, 0]], spacing_m: 0.2",
            "lamps",
            "use a smaller count or density_per_ha, or a larger spacing_m",
        ),
    ],
)
def test_one_that_is_too_much(line: str, what: str, remedy: str, tmp_path: Path) -> None:
    result = checked(tmp_path, line)
    (found,) = [one for one in errors(result) if what in one.message]
    assert found.message.startswith("this '") and f" {what}; at most " in found.message
    assert found.message.endswith("can be for one element")
    assert found.help == remedy
    assert (found.place.line, found.place.source[found.place.column - 1 :][: found.place.length]) == (
        6,
        line.split()[1].strip(","),
    )


def test_the_text_of_a_limit(tmp_path: Path) -> None:
    (found,) = errors(checked(tmp_path, f"kind: building, outline: {HUGE}"))
    assert found.message == "this 'building' would take about 8,400,000 triangles; at most 1,200,000 can be for one element"


def test_all_together(tmp_path: Path) -> None:
    """None is too much by itself: the costliest is named."""
    budget = Budget(element=Cost(1e6, 1e6, 1e9, 1e6), showcase=Cost(1e6, 1000, 1e9, 1e6))
    lines = [f"kind: scatter, mesh: shrub, area: {HUGE}, count: {count}" for count in (300, 600, 200)]
    (found,) = errors(checked(tmp_path, *lines, budget=budget))
    assert found.message == (
        "the showcase would take about 1,100 copies; at most 1,000 can be; this 'scatter' takes the most of them, 600"
    )
    assert found.help == (
        "use a smaller count or density_per_ha, or a larger spacing_m, or make two showcases with a portal between"
    )
    assert found.place.line == 7


def test_thousands_of_wrong_points_take_no_square_of_time(tmp_path: Path) -> None:
    """Each is looked up among those that were reported: 20,000 of them took minutes."""
    points = ", ".join(f"[{number}, 99999]" for number in range(5000))
    result = checked(tmp_path, *[f"kind: road, path: [{points}]"] * 4)
    assert result.showcase is None and len(result.diagnostics) == 301

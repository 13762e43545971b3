"""What would not build in time is refused where it is written, with what makes it cheaper."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from glb_files import File, triangle_file
from PIL import Image

from vrclient.app.opening import load
from vrclient.elements import kinds
from vrclient.paths import showcases_folder
from vrclient.scene.element import costs_of
from vrclient.showcase.cost import BUDGET, PROMISED, Budget, Cost, Effort
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
    assert found.message.endswith("are allowed for one element")
    assert found.help == remedy
    assert (found.place.line, found.place.source[found.place.column - 1 :][: found.place.length]) == (
        6,
        line.split()[1].strip(","),
    )


def test_the_text_of_a_limit(tmp_path: Path) -> None:
    (found,) = errors(checked(tmp_path, f"kind: building, outline: {HUGE}"))
    assert found.message == "this 'building' would take about 8,400,000 triangles; at most 1,200,000 are allowed for one element"


def test_all_together(tmp_path: Path) -> None:
    """None is too much by itself: the costliest is named."""
    budget = Budget(element=Cost(1e6, 1e6, 1e9, 1e6), showcase=Cost(1e6, 1000, 1e9, 1e6))
    lines = [f"kind: scatter, mesh: shrub, area: {HUGE}, count: {count}" for count in (300, 600, 200)]
    (found,) = errors(checked(tmp_path, *lines, budget=budget))
    assert found.message == (
        "the showcase would take about 1,100 copies; at most 1,000 are allowed; this 'scatter' takes the most of them, 600"
    )
    assert found.help == (
        "use a smaller count or density_per_ha, or a larger spacing_m, or make two showcases with a portal between them"
    )
    assert found.place.line == 7


def test_thousands_of_wrong_points_take_no_square_of_time(tmp_path: Path) -> None:
    """Each is looked up among those that were reported: 20,000 of them took minutes."""
    points = ", ".join(f"[{number}, 99999]" for number in range(5000))
    result = checked(tmp_path, *[f"kind: road, path: [{points}]"] * 4)
    assert result.showcase is None and len(result.diagnostics) == 301


def many(what: str, most: float) -> Budget:
    """Of that at most so much in all, of the rest as usual."""
    return Budget(BUDGET.element, replace(BUDGET.showcase, **{what: most}))


def picture(file: Path, wide: int, high: int) -> None:
    Image.new("RGB", (wide, high), "#808080").save(file)


def textured(file: Path, side: int) -> None:
    """A triangle with a picture."""
    made = File()
    texture = made.png(np.full((side, side, 4), 255))
    material = made.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    made.mesh(
        {
            "POSITION": made.accessor([[0, 0, 0], [1, 0, 0], [0, 1, 0]], min=[0, 0, 0], max=[1, 1, 0]),
            "TEXCOORD_0": made.accessor([[0, 1], [1, 1], [0, 0]]),
        },
        material=material,
    )
    made.write(file)


TITLE = "title: {zh: 门, en: Gate}"


def test_models_of_one_place_each_are_added_up(tmp_path: Path) -> None:
    """A file may be as heavy as its reader allows; many of them may not. 1.2 of a triangle: itself, and what is far away."""
    triangle_file().write(tmp_path / "one.glb")
    lines = [f"kind: model, file: one.glb, at: [{x}, 5]" for x in range(20)]
    lines += [f"kind: exhibit, id: e{x}, {TITLE}, model: one.glb, size_m: 1, at: [{x}, 9]" for x in range(20)]
    assert not errors(checked(tmp_path, *lines, budget=many("triangles", 49)))
    (found,) = errors(checked(tmp_path, *lines, budget=many("triangles", 47)))
    assert found.message == (
        "the showcase would take about 48 triangles; at most 47 are allowed; this 'model' takes the most of them, 1"
    )
    assert found.help == "use a simpler model with smaller pictures, or make two showcases with a portal between them"
    assert found.place.line == 6
    assert not errors(checked(tmp_path, *lines, budget=Budget(replace(BUDGET.element, triangles=0), BUDGET.showcase)))


def test_the_textures_of_a_file_count_once(tmp_path: Path) -> None:
    textured(tmp_path / "one.glb", 64)
    textured(tmp_path / "other.glb", 32)
    lines = [f"kind: model, file: {name}.glb, at: [{x}, 5]" for x in range(10) for name in ("other", "one")]
    lines.append(f"kind: exhibit, id: e, {TITLE}, model: one.glb, size_m: 1, at: [0, 9], label: none")
    assert not errors(checked(tmp_path, *lines, budget=many("pixels", 64**2 + 32**2)))
    (found,) = errors(checked(tmp_path, *lines, budget=many("pixels", 64**2 + 32**2 - 1)))
    assert found.message == (
        "the showcase would take about 5,100 pixels; at most 5,119 are allowed; this 'model' takes the most of them, 4,100"
    )
    assert found.place.line == 7


def test_pictures_count_as_they_are_in_the_scene(tmp_path: Path) -> None:
    """However large a file is: a thousand pixels of it stay."""
    picture(tmp_path / "large.png", 4096, 2048)
    picture(tmp_path / "small.png", 100, 50)
    place = "at: [0, 5], label: none"
    lines = [f"kind: exhibit, id: e{file}, {TITLE}, picture: {file}.png, width_m: 1, {place}" for file in ("small", "large")]
    assert not errors(checked(tmp_path, *lines, budget=many("pixels", 1024 * 512 + 5000)))
    (found,) = errors(checked(tmp_path, *lines, budget=many("pixels", 500_000)))
    assert found.message == (
        "the showcase would take about 530,000 pixels; at most 500,000 are allowed;"
        " this 'exhibit' takes the most of them, 520,000"
    )
    assert found.help == "use a smaller picture, or a shorter text, or make two showcases with a portal between them"
    assert found.place.line == 7


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        (f"kind: screen, {TITLE}, pictures: [large.png]", "2,500,000 1,000,000 'screen' 820,000 use fewer screens"),
        (
            f"kind: portal, id: pNUMBER, {TITLE}, to: hall, still: large.png",
            "2,400,000 1,000,000 'portal' 790,000 use a shorter title, or a smaller still",
        ),
    ],
)
def test_several_pictures(line: str, rest: str, tmp_path: Path) -> None:
    picture(tmp_path / "large.png", 4096, 2048)
    lines = [f"{line.replace('NUMBER', str(k))}, at: [{4 * k}, 9]" for k in range(3)]
    (found,) = errors(checked(tmp_path, *lines, budget=many("pixels", 1_000_000)))
    total, most, kind, value, remedy = rest.split(" ", 4)
    assert found.message == (
        f"the showcase would take about {total} pixels; at most {most} are allowed; this {kind} takes the most of them, {value}"
    )
    assert found.help == f"{remedy}, or make two showcases with a portal between them"


@pytest.mark.parametrize(
    ("shape", "kind"), [("path: [[{0}, -300], [{1}, 300]]", "road"), ("outline: [[{0}, -300], [{1}, 300], [{2}, 300]]", "water")]
)
def test_outlines_that_cross_without_end(shape: str, kind: str, tmp_path: Path) -> None:
    """Each is small; where one lies across all others, the land is in millions of pieces."""
    lines = [f"kind: {kind}, {shape.format(k, 700 - k, 701 - k)}" for k in range(700)]
    (found,) = errors(checked(tmp_path, *lines))
    assert found.message.startswith("the showcase would take about ")
    assert f" crossings of outlines; at most 250,000 are allowed; this '{kind}' takes the most of them, " in found.message
    assert found.help == (
        "use fewer or shorter roads, squares and waters across each other, or make two showcases with a portal between them"
    )


@pytest.mark.parametrize(("kind", "remedy"), [("counter", "fewer counters"), ("bridge", "fewer panes, or fewer bridges")])
def test_a_thousand_of_what_takes_long(kind: str, remedy: str, tmp_path: Path) -> None:
    example = "".join(f"  {line}\n" for line in kinds()[kind].example.splitlines() if not line.startswith("  id: "))
    (tmp_path / "showcase.yaml").write_text(HEAD + 1000 * example, encoding="utf-8")
    (found,) = errors(load(tmp_path))
    assert found.help == f"use {remedy}, or make two showcases with a portal between them"


@pytest.mark.parametrize("name", ["fengxian", "hall", "minimal", "stress", "zhangjiajie"])
def test_what_comes_with_the_program_is_far_from_the_limits(name: str) -> None:
    showcase = load(showcases_folder() / name).showcase
    assert showcase is not None
    costs = costs_of(kinds())(showcase.elements, {one.id: one for one in showcase.elements if one.id})
    for what, times in (("triangles", 2), ("copies", 4), ("pixels", 4), ("lamps", 4), ("crossings", 4)):
        assert max(getattr(one, what) for one in costs) <= getattr(BUDGET.element, what)
        assert times * sum(getattr(one, what) for one in costs) <= getattr(BUDGET.showcase, what), what


@pytest.mark.parametrize(
    ("name", "share"), [("fengxian", 0.5), ("hall", 0.5), ("minimal", 0.5), ("zhangjiajie", 0.5), ("stress", 1.5)]
)
def test_what_comes_with_the_program_and_what_is_promised(name: str, share: float, tmp_path: Path) -> None:
    """The town that is made to be too much takes more, of which one is warned."""
    most = Effort(share * PROMISED.seconds, share * PROMISED.megabytes)
    assert not load(showcases_folder() / name, budget=replace(BUDGET, promised=most)).diagnostics
    assert bool([one for one in load(showcases_folder() / name).diagnostics if one.code == "heavy"]) == (name == "stress")


LAWN = "[[0, 0], [900, 0], [900, 900], [0, 900]]"


@pytest.mark.parametrize(
    ("count", "message", "severity"),
    [
        (3, "", ""),
        (24, "opening the showcase takes about 23 s and 1,200 MB; up to 20 s and 2,000 MB is usual", "warning"),
        (80, "opening the showcase would take about 73 s and 2,800 MB; the limit is 60 s and 4,000 MB", "error"),
    ],
)
def test_much_of_everything_together_is_heavy_or_too_much(count: int, message: str, severity: str, tmp_path: Path) -> None:
    lines = [f"kind: scatter, mesh: shrub, area: {LAWN}, count: 150000"] * count
    result = checked(tmp_path, *lines, budget=replace(BUDGET, showcase=Cost(1e9, 1e9, 1e9, 1e9)))
    found = [one for one in result.diagnostics if one.code in ("heavy", "limit")]
    assert [(one.message, one.severity) for one in found] == (
        [(f"{message}; this 'scatter' takes the most", severity)] if message else []
    )
    if message:
        assert found[0].help == (
            "use a smaller count or density_per_ha, or a larger spacing_m, or make two showcases with a portal between them"
        )
        assert found[0].place.line == 6

"""Files as a checked showcase."""

import datetime
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vrclient.showcase.diagnostics import as_text
from vrclient.showcase.limits import Limits
from vrclient.showcase.load import LoadResult, load_showcase
from vrclient.showcase.models import ElementModel, Showcase

Models = dict[str, type[ElementModel]]

HEAD = """\
vrclient: 1
title: {zh: 港口, en: Harbour}
origin: {lon_deg: "121.5", lat_deg: 31.2}
"""
SPAWN = "  - {kind: spawn, at: [0, -40]}\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def fine(result: LoadResult) -> Showcase:
    assert result.diagnostics == ()
    assert result.showcase is not None
    return result.showcase


def codes(result: LoadResult) -> list[str]:
    return [one.code for one in result.diagnostics]


def test_values_are_read_by_the_type_that_the_model_asks_for(tmp_path: Path, models: Models, has_path: tuple[str, ...]) -> None:
    text = HEAD + (
        "environment: {time: 19:30, date: 2019-10-25}\n"
        "elements:\n"
        + SPAWN
        + "  - kind: building\n"
        + "    id: no\n"
        + "    title: {zh: 1, en: no}\n"
        + "    footprint: [[0, 0], [010, 0], [1e1, 1.5e1]]\n"
        + '    storeys: "010"\n'
        + "    height_m: ~\n"
        + "    source: null\n"
        + "    built: 2019-10-25\n"
        + "    is_open: FALSE\n"
        + "  - {kind: road, id: quay, path: [[0, 0], [5, 5]]}\n"
        + "  - {kind: scatter, mesh: lamp, along: quay, area: quay, count: 0x10}\n"
        + "  - {kind: panel, at: [1, 2, 3], text: &text {zh: '2026', en: ~}}\n"
        + "  - {kind: panel, at: [1, 2], text: *text}\n"
    )
    showcase = fine(load_showcase(write(tmp_path, {"showcase.yaml": text}), models, has_path=has_path))
    assert showcase.origin.lon_deg == 121.5
    assert (showcase.environment.time, showcase.environment.date) == (datetime.time(19, 30), datetime.date(2019, 10, 25))
    _, building, _, scatter, panel, other = (element.model_dump(exclude_unset=True) for element in showcase.elements)
    assert building == {
        "kind": "building",
        "id": "no",
        "title": {"zh": "1", "en": "no"},
        "footprint": ((0, 0), (10, 0), (10, 15)),
        "storeys": 10,
        "height_m": None,
        "source": None,
        "built": datetime.date(2019, 10, 25),
        "is_open": False,
    }
    assert (scatter["area"], scatter["count"]) == ("quay", 16)
    assert panel["at"] == (1, 2, 3) and other["at"] == (1, 2)
    assert panel["text"] == other["text"] == {"zh": "2026", "en": "~"}


def test_includes_in_order_with_files_and_places(tmp_path: Path, models: Models) -> None:
    write(
        tmp_path,
        {
            "showcase.yaml": HEAD + "include: [parts/a.yaml, b.yaml]\nelements:\n" + SPAWN,
            "parts/a.yaml": "include: [c.yaml]\nelements:\n  - {kind: road, id: a, path: [[0, 0], [1, 1]]}\n",
            "parts/c.yaml": "elements: [{kind: road, id: c, path: [[0, 0], [1, 1]]}]\n",
            "b.yaml": "elements:\n\n  - kind: road\n    id: b\n    path: [[0, 0], [1, 1]]\n",
        },
    )
    result = load_showcase(tmp_path, models)
    assert [element.id for element in fine(result).elements] == [None, "a", "c", "b"]
    names = [file.relative_to(tmp_path).as_posix() for file in result.files]
    assert names == ["showcase.yaml", "parts/a.yaml", "parts/c.yaml", "b.yaml"]
    places = [(place.file.name, place.line) for place in result.places]
    assert places == [("showcase.yaml", 6), ("a.yaml", 3), ("c.yaml", 1), ("b.yaml", 3)]


def test_a_file_serves_as_well_as_its_folder(tmp_path: Path, models: Models) -> None:
    write(tmp_path, {"harbour.yaml": HEAD + "elements:\n" + SPAWN})
    fine(load_showcase(tmp_path / "harbour.yaml", models))


def test_assets_become_absolute_paths(tmp_path: Path, models: Models) -> None:
    panel = "  - {kind: panel, at: [0, 0], text: {zh: 门, en: Gate}, image: %s}\n"
    land = "  - {kind: land, heights: land.npy}\n"
    write(
        tmp_path,
        {
            "showcase.yaml": HEAD + "include: [parts/a.yaml]\nelements:\n" + SPAWN + panel % "照片/大门.png" + land,
            "parts/a.yaml": "elements:\n" + panel % "../照片/大门.png",
        },
    )
    (tmp_path / "照片").mkdir()
    picture = tmp_path / "照片/大门.png"
    Image.new("RGB", (4, 4)).save(picture)
    np.save(tmp_path / "land.npy", np.zeros((3, 3), np.int16))
    result = load_showcase(tmp_path, models)
    images = [element.model_dump()["image"] for element in fine(result).elements if element.kind == "panel"]
    assert images == [picture.resolve(), picture.resolve()]
    assert set(result.files) == {tmp_path / name for name in ("showcase.yaml", "parts/a.yaml", "照片/大门.png", "land.npy")}


@pytest.mark.parametrize("name", ["absent", "harbor"])
def test_a_folder_without_showcase_has_a_place_too(name: str, tmp_path: Path, models: Models) -> None:
    (tmp_path / "harbor").mkdir()
    (tmp_path / "harbor/showcase.yml").touch()
    (one,) = load_showcase(tmp_path / name, models).diagnostics
    assert one.code == "file" and one.place.line == 1
    assert (one.help == "did you mean 'showcase.yml'?") == (name == "harbor")


def test_limits(tmp_path: Path, models: Models) -> None:
    write(tmp_path, {"showcase.yaml": HEAD + "include: [a.yaml]\nelements:\n" + SPAWN * 3, "a.yaml": "elements: []"})
    result = load_showcase(tmp_path, models, limits=Limits(elements=2, files=1))
    assert codes(result) == ["limit", "too-many-of-kind", "limit"]
    assert [one.message for one in result.diagnostics if one.code == "limit"] == [
        "a showcase may have 1 files",
        "a showcase may have 2 elements; this is one too many",
    ]


def test_no_follow_up_problems_where_a_file_could_not_be_read(tmp_path: Path, models: Models) -> None:
    main = HEAD + "include: [a.yaml]\nelements:\n  - {kind: scatter, mesh: lamp, along: quay}\n"
    write(tmp_path, {"showcase.yaml": main, "a.yaml": "elements: ["})
    assert codes(load_showcase(tmp_path, models)) == ["syntax"]


@pytest.mark.measured
def test_many_wrong_elements_are_reported_quickly(tmp_path: Path, models: Models) -> None:
    wrong = "  - {kind: scatter, mesh: lamp, alogn: quay, along: qay}\n"
    write(tmp_path, {"showcase.yaml": HEAD + "elements:\n" + SPAWN + wrong * 10_000})
    start = time.perf_counter()
    result = load_showcase(tmp_path, models)
    assert time.perf_counter() - start < 15
    assert len(result.diagnostics) == 301


@pytest.mark.measured
def test_twenty_thousand_elements(tmp_path: Path, models: Models, has_path: tuple[str, ...]) -> None:
    lines = [
        f"  - kind: building\n    id: b{number}\n    footprint: [[{number}, 0], [{number}, 10], [5, 10]]\n    height_m: 12\n"
        for number in range(19_999)
    ]
    write(tmp_path, {"showcase.yaml": HEAD + "elements:\n" + SPAWN + "".join(lines)})
    start = time.perf_counter()
    showcase = fine(load_showcase(tmp_path, models, has_path=has_path))
    assert len(showcase.elements) == 20_000
    assert time.perf_counter() - start < 12, "about 3 s on two slow cores"


def test_repetitions_are_counted_over_all_files(tmp_path: Path, models: Models) -> None:
    park = "elements:\n  - kind: road\n    path: &p [[0, 0], [1, 1]]\n" + "  - {kind: road, path: *p}\n" * 20
    names = [f"park_{number}.yaml" for number in range(9)]
    write(tmp_path, {"showcase.yaml": HEAD + f"include: [{', '.join(names)}]\nelements:\n" + SPAWN, **dict.fromkeys(names, park)})
    result = load_showcase(tmp_path, models, limits=Limits(nodes=1000))
    assert [(one.place.file.name, one.code, one.message) for one in result.diagnostics] == [
        (name, "limit", "the showcase holds more than 1,000 values, counting every repetition by '*name'") for name in names[4:5]
    ]
    fine(load_showcase(tmp_path, models, limits=Limits(nodes=3000)))


def test_files_are_measured_together(tmp_path: Path, models: Models) -> None:
    names = [f"park_{number}.yaml" for number in range(9)]
    write(
        tmp_path,
        {"showcase.yaml": HEAD + f"include: [{', '.join(names)}]\nelements:\n" + SPAWN, **dict.fromkeys(names, "a: 1\n" * 100)},
    )
    result = load_showcase(tmp_path, models, limits=Limits(total_bytes=1000))
    assert "limit" in codes(result) and codes(result).count("limit") == 1


def test_the_same_file_in_other_letters_of_unicode(tmp_path: Path, models: Models) -> None:
    """macOS packs names decomposed; what is typed is composed."""
    inner = {
        "Caf\u0065\u0301/terrasse.yaml": "include: [stu\u0308hle.yaml]\n",
        "Caf\u0065\u0301/stu\u0308hle.yaml": "elements: []\n",
    }
    write(tmp_path, {"showcase.yaml": HEAD + "include: [Caf\u00e9/terrasse.yaml]\nelements:\n" + SPAWN, **inner})
    (tmp_path / "Cafe\u0301/terrasse.yaml").write_text("include: [st\u00fchle.yaml]\n", encoding="utf-8")
    fine(load_showcase(tmp_path, models))


def test_a_line_with_thousands_of_problems_is_not_looked_through_for_each(tmp_path: Path, models: Models) -> None:
    """All on one line, as a program writes it."""
    torn = ", ".join("{kind: spawn, source: a, b}" for _ in range(3000))
    wrong = ", ".join("{kind: spawn, at: [0, 0], wrong: " + "x" * 30 + "}" for _ in range(3000))
    points = ", ".join(f"[{number}, x]" for number in range(4000))
    for text in (f"[{torn}]", f"[{wrong}]", f"[{{kind: road, path: [{points}]}}]"):
        write(tmp_path, {"showcase.yaml": HEAD + f"elements: {text}\n"})
        start = time.perf_counter()
        found = load_showcase(tmp_path, models).diagnostics
        assert len("".join(map(as_text, found))) < 300_000 and len(found) == 301
        assert time.perf_counter() - start < 60, "each is under 1 s; it was minutes"

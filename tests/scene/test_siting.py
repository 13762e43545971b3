"""Where things stand: what is warned of, and what is not, because it is meant so."""

import datetime
import time
from pathlib import Path

import pytest

from vrclient import paths
from vrclient.app.opening import load
from vrclient.elements import kinds
from vrclient.scene.siting import MOST, site_problems
from vrclient.showcase.find import shipped_showcases

DAY = datetime.date(2026, 6, 21)
HOUSE = {"kind": "building", "outline": [[0, 0], [20, 0], [20, 20], [0, 20]], "height_m": 12}
LAKE = {"kind": "water", "outline": [[-60, -60], [60, -60], [60, 60], [-60, 60]], "smooth": False}
VIEW = {"kind": "viewpoint", "id": "v", "at": (10, 10), "heading_deg": 0}
TEXT = {"zh": "一", "en": "a"}


def said(*elements: dict, day: datetime.date = DAY) -> list[str]:
    known = kinds()
    models = [known[str(one["kind"])].model.model_validate(one) for one in elements]
    return [one.message for one in site_problems(models, known, day)]


def spawn(*at: float) -> dict:
    return {"kind": "spawn", "at": at}


@pytest.mark.parametrize(
    "element",
    [
        spawn(10, 10),
        VIEW,
        {"kind": "tour", "id": "t", "title": TEXT, "stops": [{"at": (10, 10), "heading_deg": 0, "caption": TEXT}]},
        {"kind": "text", "text": TEXT, "at": (10, 10)},
        {"kind": "text", "text": TEXT, "at": (10, 10, 4)},
        {"kind": "panel", "title": TEXT, "text": TEXT, "at": (10, 10)},
        {"kind": "portal", "id": "p", "title": TEXT, "to": "hall", "at": (10, 10)},
    ],
)
def test_nobody_reads_what_is_inside_a_house(element: dict) -> None:
    (message,) = said(element, HOUSE)
    assert message.endswith("stands inside a building")


@pytest.mark.parametrize(
    "elements",
    [
        [{"kind": "text", "text": TEXT, "at": (10, 10, 12.5)}, HOUSE],  # on its roof
        [{"kind": "text", "text": TEXT, "at": (10, 0.1)}, HOUSE],  # on its wall
        [spawn(10, 10), {**HOUSE, "holes": [[[5, 5], [15, 5], [15, 15], [5, 15]]]}],  # in its courtyard
        [spawn(10, 10), {**HOUSE, "demolished": "2020-01-01"}],
        [
            {"kind": "viewpoint", "id": "v", "at": (10, 10), "heading_deg": 0, "date": "2000-01-01"},
            {**HOUSE, "built": "2010-01-01"},
        ],
        [{**VIEW, "eye_m": 40}, HOUSE],
        [spawn(0, 0), LAKE, {"kind": "road", "path": [[-80, 0], [80, 0]], "width_m": 4}],
        [spawn(0, 0), {**LAKE, "islands": [[[-20, -20], [20, -20], [20, 20], [-20, 20]]]}],
        [spawn(0, 0), LAKE, {"kind": "bridge", "start": [-70, 0], "end": [70, 0], "level_m": 4, "panes": 20}],
        [HOUSE, {**LAKE, "islands": [[[-5, -5], [25, -5], [25, 25], [-5, 25]]]}],
        [HOUSE, {"kind": "road", "outline": [[-9, -9], [40, -9], [40, 40], [-9, 40]]}],  # a square carries houses
        [HOUSE, {**HOUSE, "outline": [[5, 5], [12, 5], [12, 12], [5, 12]], "height_m": 80}],  # a tower on a podium
        [HOUSE, {**HOUSE, "level_m": 12}],  # storeys that stand back later
        [{**HOUSE, "demolished": "2019-01-01"}, {**HOUSE, "built": "2019-01-01"}],
        [HOUSE, {"kind": "building", "outline": [[20, 0], [40, 0], [40, 20], [20, 20]]}],  # next door
    ],
)
def test_what_is_meant_so(elements: list[dict]) -> None:
    assert said(*elements) == []


def test_in_the_water() -> None:
    assert said(spawn(0, 0), LAKE) == ["the spawn stands in the water"]
    assert said(HOUSE, LAKE) == ["this building stands in the water"]


def test_houses_in_one_place_and_on_roads() -> None:
    moved = {**HOUSE, "outline": [[1, 0], [21, 0], [21, 20], [1, 20]]}
    assert said(HOUSE, moved) == ["this building stands in the same place as another one"]
    assert said(HOUSE, {"kind": "road", "path": [[-9, 10], [40, 10]], "width_m": 8}) == ["40 % of this building stands on a road"]


def test_far_off() -> None:
    messages = said(spawn(0, 8000), {"kind": "terrain", "size_m": [1000, 1000]})
    assert messages == ["the spawn stands 8.0 km from the middle of the terrain, which is 1000 m wide"]


def test_thousands_in_one_place_cost_little() -> None:
    houses = [{**HOUSE, "outline": [[k / 9000, 0], [20, 0], [20, 20], [0, 20]]} for k in range(3000)]
    texts = [{"kind": "text", "text": TEXT, "at": (10, 10)} for _ in range(3000)]
    start = time.perf_counter()
    assert len(said(*houses, LAKE, *texts)) == MOST
    assert time.perf_counter() - start < 60, "it is about 2 s"


@pytest.mark.parametrize("name", shipped_showcases())
def test_nothing_is_warned_of_in_what_comes_with_the_client(name: str) -> None:
    expected = ["heavy"] if name == "stress" else []  # twenty thousand houses are what it is for
    assert [one.code for one in load(Path(paths.showcases_folder() / name)).diagnostics] == expected

"""Threads that build elements share areas. GEOS bears that two of them ask one at once only while it is not a prepared one."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon

from vrclient.scene.land import Claim, HeightGrid, Land
from vrclient.scene.polygons import area_distance, flat_mesh, gridded, point_locator, prepared
from vrclient.showcase.models import ElementModel

PLACES = np.random.default_rng(1).uniform(-20.0, 20.0, (200, 2))


def star(corners: int) -> Polygon:
    angle = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    return Polygon((12.0 + 4.0 * np.sin(9.0 * angle))[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def claimed(area: Polygon) -> Land:
    axis = np.linspace(-30.0, 30.0, 9)
    grid = HeightGrid(axis, axis, np.zeros((9, 9)))
    return Land(grid, ElementModel(kind="terrain"), (Claim(ElementModel(kind="plaza"), area, level=1.0),))


QUESTIONS: dict[str, Callable[[Polygon], Any]] = {
    "prepared": prepared,
    "point locator": lambda area: point_locator(area)(*PLACES.T),
    "distance": lambda area: area_distance(area, PLACES),
    "triangles": lambda area: gridded(area, 3.0),
    "surface": lambda area: flat_mesh(area, 0.0),
    "height of land": lambda area: claimed(area).height(PLACES),
    "land cut up": lambda area: claimed(area)._borders,
}


@pytest.mark.parametrize("corners", [12, 300])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_leaves_an_area_prepared(question: str, corners: int) -> None:
    area = star(corners)
    QUESTIONS[question](area)
    assert not shapely.is_prepared(area)


def test_a_point_locator_knows_what_lies_within() -> None:
    area = star(300)
    within = point_locator(area)
    assert (within(*PLACES.T) == [area.contains(shapely.Point(place)) for place in PLACES]).all()
    x, y = np.linspace(-16.0, 16.0, 7), np.linspace(-15.0, 15.0, 5)
    assert within(x[:, None], y[None]).tolist() == [[area.contains(shapely.Point(a, b)) for b in y] for a in x]
    assert prepared(area).equals_exact(area)


def at_once(*questions: Callable[[], object]) -> None:
    start = Barrier(len(questions))

    def ask(question: Callable[[], object]) -> None:
        start.wait()
        question()

    with ThreadPoolExecutor(len(questions)) as pool:
        list(pool.map(ask, questions))


def test_two_threads_may_ask_one_area() -> None:
    """What spoils the heap ends the process, so it is another one; so many corners that the threads meet."""
    ended = subprocess.run([sys.executable, __file__], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr


def test_land_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many elements ask for it at once."""
    shaped: list[Claim] = []
    again = Event()

    def levelled(grid: HeightGrid, claim: Claim, height: float) -> np.ndarray:
        shaped.append(claim)
        again.set() if len(shaped) > 1 else again.wait(0.5)
        return grid.z

    monkeypatch.setattr("vrclient.scene.land._levelled", levelled)
    here = claimed(star(12))
    at_once(*[lambda: here.height(PLACES)] * 4)
    assert len(shaped) == 1


if __name__ == "__main__":
    for _ in range(20):
        shared = star(60_000)
        at_once(*[lambda: QUESTIONS["point locator"](shared)] * 2)  # noqa: B023

"""Terraces: level, solid or floating, guarded but for their openings."""

from typing import Any

import numpy as np
import pytest
from shapes import TERRAIN, areas, built, check_all, open_edges, problems, whole

FLOOR: dict[str, Any] = {"kind": "terrace", "outline": [[-60, -60], [-30, -60], [-30, -40], [-60, -40]], "height_m": 0.9}


@pytest.mark.parametrize("railing", ["none", "glass", "bars"])
@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("thickness", [None, 0.6])
def test_every_edge(railing: str, smooth: bool, thickness: float | None) -> None:
    extra = {
        "railing": railing,
        "smooth": smooth,
        "thickness_m": thickness,
        "planting_m": 1,
        "edge_light": 2,
        "openings": [[-45, -60]],
    }
    _, data = built(TERRAIN, {**FLOOR, **extra, "holes": [[[-50, -54], [-44, -54], [-44, -48]]]})
    check_all(data)
    assert any(surface.material.emission == 2 for surface in data.surfaces)


def test_the_floor_is_level_and_whole() -> None:
    _, data = built(TERRAIN, FLOOR)
    floor = data.walkable[0]
    assert np.ptp(floor.position[:, 2]) == 0.0 and floor.position[0, 2] == pytest.approx(0.9)
    assert areas(floor).sum() == pytest.approx(600.0, rel=1e-5)


def test_a_solid_one_takes_the_land_under_it_away() -> None:
    land, _ = built(TERRAIN, FLOOR)
    shape = land.walkable[0]
    middle = shape.position[shape.triangle].mean(axis=1)
    inside = (np.abs(middle[:, 0] + 45) < 14) & (np.abs(middle[:, 1] + 50) < 9)
    assert not inside.any()


def test_a_deck_leaves_the_land_alone_and_hangs_in_the_air() -> None:
    land, data = built(TERRAIN, {**FLOOR, "level_m": 5, "thickness_m": 0.5})
    shape = land.walkable[0]
    middle = shape.position[shape.triangle].mean(axis=1)
    assert ((np.abs(middle[:, 0] + 45) < 14) & (np.abs(middle[:, 1] + 50) < 9)).any()
    assert whole(data).position[:, 2].min() == pytest.approx(4.5)


def test_a_hedge_stands_on_the_floor_and_leaves_the_openings_free() -> None:
    _, data = built(TERRAIN, {**FLOOR, "planting_m": 1.5, "openings": [[-45, -60]], "opening_width_m": 6})
    hedge = next(surface.mesh for surface in data.surfaces if surface.material.pattern == "foliage")
    assert (hedge.position[:, 2].min(), hedge.position[:, 2].max()) == (pytest.approx(0.9), pytest.approx(1.5))
    assert np.hypot(hedge.position[:, 0] + 45, hedge.position[:, 1] + 60).min() > 3.0
    assert hedge.position[:, 0].min() == pytest.approx(-59.8)
    assert (open_edges([hedge])[:, :, 2] < 1.501).all()


def test_railing_has_gaps_at_openings() -> None:
    _, data = built(TERRAIN, {**FLOOR, "railing": "bars", "openings": [[-45, -60]], "opening_width_m": 6})
    south = data.walls[(np.abs(data.walls[:, 1] + 60) < 0.01) & (np.abs(data.walls[:, 3] + 60) < 0.01)]
    low = south[south[:, 5] < 1.0]
    assert low[:, [0, 2]].min() == pytest.approx(-48.0, abs=1.01) and low[:, [0, 2]].max() == pytest.approx(-42.0, abs=1.01)
    assert (south[:, 5] > 1.9).any()
    steel = next(surface.mesh for surface in data.surfaces if surface.material.metallic)
    assert not ((np.abs(steel.position[:, 0] + 45) < 2.4) & (np.abs(steel.position[:, 1] + 60) < 0.3)).any()


def test_an_opening_wider_than_the_edge_leaves_no_railing() -> None:
    _, data = built(TERRAIN, {**FLOOR, "railing": "glass", "openings": [[-45, -50]], "opening_width_m": 100})
    check_all(data)
    assert data.walls[:, 5].max() == pytest.approx(0.85, abs=1e-5)


def test_what_is_wrong_with_it() -> None:
    assert problems(**FLOOR, holes=[[[0, 0], [1, 0], [1, 1]]]) == ["hole 1 is not inside the outline"]

"""Water: level everywhere, a bank without gaps, and land that comes down to it."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_all, context_of, problems, surface_of

from vrclient.elements import kinds
from vrclient.scene.land import Land

POND: dict[str, Any] = {
    "kind": "water",
    "outline": [[-40, -20], [0, -34], [42, -18], [38, 20], [0, 30], [-44, 16]],
    "islands": [[[-6, -5], [7, -6], [9, 6], [-4, 8]]],
}


@pytest.mark.parametrize("bank", ["stone", "grass", "sand"])
@pytest.mark.parametrize("smooth", [True, False])
def test_water_and_bank(bank: str, smooth: bool) -> None:
    _, water = built(TERRAIN, {**POND, "bank": bank, "smooth": smooth})
    check_all(water)
    surface = surface_of(water, "water")
    assert np.ptp(surface.position[:, 2]) == 0.0
    slope = surface_of(water, "lit")
    assert slope.position[:, 2].min() < surface.position[0, 2] < slope.position[:, 2].max()


@settings(max_examples=15)
@given(st.floats(0.1, 2.0))
def test_the_shore_lies_its_freeboard_above_the_water(freeboard: float) -> None:
    (_, model), context = context_of(TERRAIN, {**POND, "freeboard_m": freeboard})
    water = kinds()["water"].build(model, context)
    level = float(surface_of(water, "water").position[0, 2])
    shore = kinds()["water"].path
    assert shore is not None
    assert np.allclose(context.ground.height(shore(model)), level + freeboard, atol=1e-3)


def test_bank_and_land_meet_at_one_height() -> None:
    (_, model), context = context_of(TERRAIN, POND)
    slope = surface_of(kinds()["water"].build(model, context), "lit")
    here = context.ground
    assert isinstance(here, Land)
    (area,) = here.areas_of(model)
    away = shapely.distance(shapely.points(slope.position[:, :2].astype(float)), area.boundary)
    shore = slope.position[away < 1e-3]
    assert len(shore) > 100
    assert np.allclose(shore[:, 2], here.height(shore[:, :2]), atol=1e-3)
    assert np.ptp(shore[:, 2]) < 1e-3, "the land is level along the shore, so nothing gapes between points"
    edges = here.edges_of(model)
    assert np.linalg.norm(edges.end - edges.start, axis=1).sum() == pytest.approx(area.length, rel=1e-4)


def test_nobody_walks_into_it_but_over_a_later_road() -> None:
    road = {"kind": "road", "path": [[-60, 0], [60, 0]], "width_m": 4, "smooth": False}
    land, water, way = built(TERRAIN, POND, road)
    assert water.walkable == ()
    triangles = land.walkable[0].position[land.walkable[0].triangle].mean(axis=1)
    assert not ((np.abs(triangles[:, 0] - 25) < 8) & (np.abs(triangles[:, 1] + 10) < 5)).any()
    level = surface_of(water, "water").position[0, 2]
    middle = way.walkable[0].position
    assert (middle[np.abs(middle[:, 0] - 20) < 5, 2] > level).all()
    check_all(water)


def test_a_level_is_kept() -> None:
    _, water = built(TERRAIN, {**POND, "level_m": 1.25})
    assert surface_of(water, "water").position[0, 2] == 1.25


def test_what_is_wrong_with_it() -> None:
    assert problems(kind="water", outline=POND["outline"], islands=[[[90, 0], [95, 0], [95, 5]]]) == [
        "island 1 is not inside the outline"
    ]
    assert problems(kind="water", outline=[[0, 0], [9, 9], [9, 0], [0, 9]]) == [
        "the outline crosses itself near [4.5, 4.5]; list its points in order around the shape"
    ]

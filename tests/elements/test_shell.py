"""Shells: smooth, closed from foot to skylight, zones where they were asked for."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_all, open_edges, problems, surface_of, whole

PETAL: dict[str, Any] = {
    "kind": "shell",
    "outline": [[-38, -8], [-20, -24], [14, -26], [42, -10], [46, 8], [20, 22], [-16, 20]],
    "levels": [{"z_m": 0, "scale": 0.9}, {"z_m": 9, "scale": 0.97}, {"z_m": 18, "scale": 1.0}],
    "rise_m": 5,
    "rise_heading_deg": 60,
}
GLASS = {"pattern": "curtain_wall", "lit_ratio": 0.9}


def test_a_petal_keeps_every_law() -> None:
    data = built(
        TERRAIN, {**PETAL, "zones": [{"arc": [0.5, 0.9], "facade": GLASS}], "rim": {"light": 2.0}, "entrance": {"at": [0, -30]}}
    )[1]
    check_all(data)
    assert len(data.lights) == 1
    assert {surface.material.emission for surface in data.surfaces} >= {2.0}


@settings(max_examples=20)
@given(st.floats(0.7, 1.2), st.floats(-25.0, 25.0), st.floats(0.0, 12.0), st.booleans())
def test_any_loft_faces_outward(scale: float, twist: float, rise: float, reverse: bool) -> None:
    levels = [
        {"z_m": 0},
        {"z_m": 8, "scale": (1 + scale) / 2},
        {"z_m": 20, "scale": scale, "twist_deg": twist, "offset_m": [3, -2]},
    ]
    outline = PETAL["outline"][::-1] if reverse else PETAL["outline"]
    (data,) = built({"kind": "shell", "outline": outline, "levels": levels, "rise_m": rise, "roof": {"rise_m": 3}})
    check_all(data)


def test_eaves_rise_as_asked() -> None:
    (data,) = built({**PETAL, "rim": None, "roof": {"rise_m": 0}, "rise_m": 6})
    top = data.walls[:, 5]
    assert top.max() - top.min() == pytest.approx(6.0, abs=0.2)
    assert (top.max() + top.min()) / 2 == pytest.approx(18.0, abs=0.2)
    highest = data.walls[np.argmax(top), :2]
    assert highest @ [np.sin(np.radians(60)), np.cos(np.radians(60))] > 35


@pytest.mark.parametrize("reverse", [False, True])
def test_a_zone_lies_where_its_arc_says(reverse: bool) -> None:
    outline = [[0, -30], [30, 0], [0, 30], [-30, 0]]
    outline = [outline[0], *outline[:0:-1]] if reverse else outline
    zone = {"arc": [0.0, 0.5], "facade": GLASS}
    (data,) = built({"kind": "shell", "outline": outline, "facade": {"pattern": "plain"}, "zones": [zone]})
    glass = surface_of(data, "glass").position
    assert (glass[:, 0].mean() > 5.0) is not reverse
    assert np.abs(glass[:, 0]).max() > 25


def test_an_arc_may_go_through_the_first_point() -> None:
    zones = [{"arc": [0.8, 0.2], "facade": GLASS}]
    (data,) = built(
        {"kind": "shell", "outline": [[0, -30], [30, 0], [0, 30], [-30, 0]], "facade": {"pattern": "plain"}, "zones": zones}
    )
    assert surface_of(data, "glass").position[:, 1].max() < 0


def test_wall_is_closed_around() -> None:
    (data,) = built({**PETAL, "rim": None, "facade": {"pattern": "panels", "density": 0.5}})
    wall = [one.mesh for one in data.surfaces if one.material.roughness != 0.55]
    loose = open_edges(wall)
    top = data.walls[:, 5]
    middle = loose.mean(axis=1)
    at_foot = middle[:, 2] < -0.7
    at_eaves = middle[:, 2] > top.min() - 0.2
    assert (at_foot | at_eaves).all()


def test_the_roof_closes_the_top() -> None:
    (data,) = built({**PETAL, "roof": {"rise_m": 4, "skylights": [{"radius_m": 5}]}})
    roof = next(one.mesh for one in data.surfaces if one.material.roughness == 0.55)
    assert (roof.normal[:, 2] > 0.3).all()
    corner = roof.position[roof.triangle][:, :, :2].astype(np.float64)
    first, second = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    covered = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum() / 2
    eaves = data.walls
    assert covered > 0.9 * 3200 and len(eaves) > 100


def test_a_shell_on_a_roof_needs_no_footing() -> None:
    (data,) = built({**PETAL, "level_m": 20})
    assert whole(data).position[:, 2].min() == pytest.approx(20.0, abs=1e-4)


def test_what_is_wrong_with_it() -> None:
    levels = [{"z_m": 0}, {"z_m": 9}, {"z_m": 7}]
    assert problems(**{**PETAL, "levels": levels}) == [
        "levels must rise from the foot up: level 3 has z_m 7, the one before it 9"
    ]
    assert problems(**{**PETAL, "levels": [*levels[1:2], {"z_m": 12}]}) == [
        "the first level is the foot and must have z_m: 0; it has 9"
    ]
    assert problems(**{**PETAL, "rise_m": 40}) == [
        "rise_m (40) is too much for a shell of 18 m: its low side would be under the ground; keep it below 28.8"
    ]
    assert problems(**PETAL, zones=[{"arc": [0.3, 0.3]}]) == [
        "arc [0.3, 0.3] is empty; [0.8, 0.1] goes from 0.8 through the first point to 0.1"
    ]
    assert problems(**PETAL, zones=[{"arc": [0.1, 0.3], "z_m": [9, 2]}]) == [
        "z_m must be [low, high] with low below high; it is [9, 2]"
    ]

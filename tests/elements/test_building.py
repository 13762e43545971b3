"""Buildings: closed from the ground to the ridge, right in size, standing on slopes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_all, check_shape, open_edges, problems, surface_of, whole

from vrclient.geometry.mesh import concatenated

BLOCK: dict[str, Any] = {"kind": "building", "outline": [[0, 0], [42, 0], [42, 18], [18, 18], [18, 32], [0, 32]], "storeys": 4}


@pytest.mark.parametrize("roof", ["flat", "gabled", "stepped"])
@pytest.mark.parametrize("pattern", ["window_grid", "curtain_wall", "panels", "plain"])
def test_every_roof_with_every_facade(roof: str, pattern: str) -> None:
    extra = {"roof": roof, "facade": {"pattern": pattern}, "ground_floor": "glass", "entrance": {"at": [30, -2]}}
    data = built(TERRAIN, {**BLOCK, **extra})[1]
    check_all(data)
    assert len(data.far) and len(concatenated([one.mesh for one in data.far]).triangle) < len(whole(data).triangle)
    assert len(data.lights) == 1


@settings(max_examples=25)
@given(st.floats(0.0, 180.0), st.floats(8.0, 60.0), st.floats(8.0, 60.0))
def test_a_gabled_roof_at_any_angle(turn: float, width: float, depth: float) -> None:
    angle = np.radians(turn)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    outline = [(along * x + across * y).tolist() for x, y in ((0, 0), (width, 0), (width, depth), (0, depth))]
    (data,) = built({"kind": "building", "outline": outline, "storeys": 2, "roof": "gabled", "roof_pitch_deg": 30})
    check_all(data)
    ridge = 2 * 3.6 + min(width, depth) / 2 * np.tan(np.radians(30)) + 0.14
    assert whole(data).position[:, 2].max() == pytest.approx(ridge, abs=0.02)


@settings(max_examples=25)
@given(st.integers(1, 30), st.floats(2.6, 6.0), st.booleans())
def test_its_height_is_storeys_times_floor_height(storeys: int, floor: float, courtyard: bool) -> None:
    holes = [[[6, 6], [12, 6], [12, 12], [6, 12]]] if courtyard else []
    (data,) = built({**BLOCK, "storeys": storeys, "floor_height_m": floor, "holes": holes, "facade": {"pattern": "plain"}})
    parapet_top = max(surface.mesh.position[:, 2].max() for surface in data.surfaces if surface.material.pattern == "panels")
    assert parapet_top == pytest.approx(storeys * floor + 0.9, abs=1e-3)
    assert data.walls[:, 5].max() == pytest.approx(storeys * floor, abs=1e-3)
    assert len(data.walls) == (10 if courtyard else 6)


def test_height_alone_finds_its_storeys() -> None:
    (data,) = built({"kind": "building", "outline": BLOCK["outline"], "height_m": 14})
    assert data.walls[:, 5].max() == pytest.approx(14.0)


def test_walls_and_flat_roof_leave_no_gap() -> None:
    (data,) = built({**BLOCK, "facade": {"pattern": "window_grid"}, "storeys": 2})
    shell = [surface.mesh for surface in data.surfaces if surface.material.pattern in ("panels", "rooms", "plain")]
    middle = open_edges(shell).mean(axis=1)
    at_foot, at_seam, at_roof = middle[:, 2] < -0.4, np.abs(middle[:, 2]) < 1e-3, middle[:, 2] > 7.0
    assert (at_foot | at_seam | at_roof).all(), "open only at the foot, at the seam on the plinth and under the roof"


def test_on_a_slope_the_plinth_reaches_the_lowest_land() -> None:
    hill = {"kind": "terrain", "size_m": [300, 300], "hills": [{"center": [0, 0], "radius_m": 60, "height_m": 10}]}
    _, data = built(hill, BLOCK)
    bottom = whole(data).position[:, 2].min()
    assert bottom < 5.0
    assert data.walls[:, 4].max() == pytest.approx(bottom, abs=1e-3)


def test_rooms_are_lit_as_asked() -> None:
    (data,) = built({**BLOCK, "facade": {"lit_ratio": 0.8}})
    assert {one.material.lit_ratio for one in data.surfaces if one.material.surface == "glass"} == {0.8}
    check_shape(surface_of(data, "glass"))


def test_what_is_wrong_with_it() -> None:
    assert problems(**{**BLOCK, "storeys": 10, "height_m": 15}) == [
        "10 storeys in 15 m make 1.5 m a storey; it must be between 2 and 20 m, so change storeys or height_m"
    ]
    assert problems(**BLOCK, holes=[[[50, 0], [60, 0], [60, 9]]]) == ["hole 1 is not inside the outline"]
    assert problems(kind="building", outline=[[0, 0], [10, 10], [10, 0], [0, 10]]) == [
        "the outline crosses itself near [5, 5]; list its points in order around the shape"
    ]

"""Roads: on the land, of their width, with kerbs to the open land alone; decks in the air."""

from typing import Any

import numpy as np
import pytest
from shapes import TERRAIN, areas, built, check_all, check_shape, context_of, problems, whole

WAY: dict[str, Any] = {"kind": "road", "path": [[-60, -30], [-20, -42], [30, -38], [70, -10]], "width_m": 4}


def test_a_way_lies_on_the_land() -> None:
    _, context = context_of(TERRAIN, WAY)
    _, way = built(TERRAIN, WAY)
    check_all(way)
    surface = way.surfaces[0].mesh
    assert np.allclose(context.ground.height(surface.position[:, :2]), surface.position[:, 2], atol=1e-3)
    assert surface.uv[:, 0].max() == pytest.approx(141.0, abs=3.0)
    assert np.abs(surface.uv[:, 1]).max() == pytest.approx(2.0, abs=0.02)


def test_kerbs_stand_along_open_land_only() -> None:
    plaza = {"kind": "road", "outline": [[-30, -60], [10, -60], [10, -20], [-30, -20]], "smooth": False, "kerb_m": 0.12}
    _, alone = built(TERRAIN, plaza)
    _, crossed, way = built(TERRAIN, plaza, WAY)
    check_all(alone)
    length = [areas(data.surfaces[1].mesh).sum() for data in (alone, crossed)]
    assert length[1] < length[0] * 0.97
    assert len(way.surfaces) == 1
    assert areas(alone.surfaces[0].mesh).sum() == pytest.approx(1600.0, rel=1e-3)
    assert areas(crossed.surfaces[0].mesh).sum() == pytest.approx(1600.0 - 4.0 * 41.0, rel=2e-2)


def test_a_plaza_is_level() -> None:
    _, plaza = built(TERRAIN, {"kind": "road", "outline": [[20, 10], [60, 10], [60, 50], [20, 50]]})
    assert np.ptp(plaza.surfaces[0].mesh.position[:, 2]) < 1e-4


def test_a_deck_is_a_body_in_the_air() -> None:
    (deck,) = built(
        {"kind": "road", "path": [[0, 0], [30, 5], [60, 0]], "width_m": 3, "level_m": 2.0, "kerb_m": 0.1, "surface": "wood"}
    )
    check_all(deck)
    assert deck.walkable[0].position[:, 2].tolist() == [2.0] * len(deck.walkable[0].position)
    assert whole(deck).position[:, 2].min() == pytest.approx(1.65)


def test_a_sharp_bend_gives_no_wrong_triangle() -> None:
    _, way = built(TERRAIN, {"kind": "road", "path": [[0, 0], [30, 0], [1, 6], [40, 12]], "width_m": 7, "kerb_m": 0.15})
    check_shape(way.surfaces[0].mesh)


def test_what_is_wrong_with_it() -> None:
    sentence = "a road has either path (a way with a width) or outline (a plaza), and exactly one of them"
    assert problems(kind="road") == [sentence]
    assert problems(kind="road", path=[[0, 0], [5, 5]], outline=[[0, 0], [9, 0], [9, 9]]) == [sentence]
    assert problems(kind="road", path=[[0, 0]]) == ["the path needs at least 2 points; it has 1"]
    assert problems(kind="road", path=[[0, 0], [5, 5], [5, 5]]) == [
        "points 2 and 3 of the path are the same place, [5, 5]; remove one of them"
    ]

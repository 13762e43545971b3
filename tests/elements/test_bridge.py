"""The glass bridge: its real sizes, a deck to walk on from end to end, and gates that stay shut until one agrees."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapes import areas, built, check_all, problems, surface_of, whole

from vrclient.elements.bridge import Bridge, length, pane_places
from vrclient.interaction.collision import Obstacles
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.gates import gate_over, gates, passable
from vrclient.scene.interactives import HeightGate
from vrclient.scene.tables import Scene

REAL: dict[str, Any] = {"kind": "bridge", "id": "glass_bridge", "start": [-215, 0], "end": [215, 0], "level_m": 300}
ENDS = {"kind": "terrace", "thickness_m": 0.5, "level_m": 300}
WEST = {**ENDS, "outline": [[-240, -8], [-215, -8], [-215, 8], [-240, 8]]}
EAST = {**ENDS, "outline": [[215, -8], [240, -8], [240, 8], [215, 8]]}


def scene_of(**changes: Any) -> Scene:
    return scene_from_draw_data([BuiltElement(data) for data in built({**REAL, **changes}, WEST, EAST)])


def walked(scene: Scene, agreed: set[str], *, aside: float = 0.0) -> np.ndarray:
    """[3] where one gets to who walks east from the western end, 0.2 m at a time."""
    obstacles = Obstacles.build(*passable(scene, agreed))
    here, feet = np.array([-230.0, 0.5]), 300.0
    for _ in range(2300):
        goal = obstacles.slide(here, np.add(here, [0.2, aside * (here[0] > -213.0)]), feet=feet)
        floor = obstacles.floor_height(goal, feet=feet)
        if floor is None or abs(floor - feet) > 0.6:
            break
        here, feet = goal, floor
    return np.array([*here, feet])


def test_the_real_bridge_is_the_default() -> None:
    model = Bridge.model_validate(REAL)
    assert (length(model), model.width_m, model.panes, model.pane_m) == (430.0, 6.0, 99, (3.0, 4.5))
    (data,) = built(REAL)
    panes = surface_of(data, "image")
    # 99 panes and the two signs, which face along the bridge
    level = panes.normal[panes.triangle].mean(axis=1)[:, 2] > 0.9
    assert level.sum() == 2 * 99
    assert areas(panes)[level].sum() == pytest.approx(99 * 3 * 4.5, rel=1e-4)
    assert np.ptp(panes.position[panes.normal[:, 2] > 0.9][:, 1]) == pytest.approx(4.5, abs=1e-3)


def test_every_part_is_whole_and_nothing_lies_in_the_way() -> None:
    (data,) = built(REAL)
    check_all(data)
    point = whole(data).position
    on_deck = (np.abs(point[:, 1]) < 2.0) & (np.abs(point[:, 0]) < 214) & (point[:, 2] > 300.05)
    assert not on_deck.any()
    assert point[:, 2].max() == pytest.approx(300 + 38 + 1.2, abs=0.5)


@given(panes=st.integers(1, 99), along=st.floats(0.5, 4.3))
def test_panes_lie_apart_within_the_deck(panes: int, along: float) -> None:
    model = Bridge.model_validate({**REAL, "panes": panes, "pane_m": [along, 4.5]})
    places = pane_places(model)
    assert places.min() >= 0.0 and places.max() <= 430.0
    assert np.allclose(np.diff(places, axis=1), along)
    assert (places[1:, 0] > places[:-1, 1]).all()


def test_the_gate_stops_who_has_not_agreed() -> None:
    scene = scene_of()
    (gate,) = gates(scene)
    assert gate.id == "glass_bridge" and walked(scene, set())[0] < -215.0
    assert passable(scene, set()) == (scene.walkable, scene.walls)
    obstacles = Obstacles.build(scene.walkable, scene.walls)
    assert obstacles.floor_at([0.0, 0.0], feet=300.0) is None
    thrown = obstacles.struck([-220.0, 0.0, 301.2], [8.0, 0.0, 4.0], until=3.0, gravity=9.8)
    assert thrown is not None and thrown.point[0] <= -215.0 + 1e-6 and not thrown.is_floor


@pytest.mark.parametrize("aside", [0.0, 0.05, -0.05])
def test_who_has_agreed_walks_from_end_to_end_and_not_over_the_side(aside: float) -> None:
    there = walked(scene_of(), {"glass_bridge"}, aside=aside)
    assert there[0] > 215.0 and there[2] == pytest.approx(300.0)
    assert abs(there[1]) < 8.0


def test_opening_takes_the_gates_away_and_nothing_else() -> None:
    scene = scene_of()
    (gate,) = gates(scene)
    walkable, walls = passable(scene, {"glass_bridge"})
    assert len(gate.walls) == 2 and len(walls) == len(scene.walls) - 2
    assert len(walkable) == len(scene.walkable) + len(gate.walkable)
    assert passable(scene, {"another"})[1] is scene.walls


def test_a_place_on_the_deck_belongs_to_the_gate() -> None:
    scene = scene_of()
    (gate,) = gates(scene)
    for x, y, z in ((0, 0, 301.6), (-214, 2.9, 300), (214, -2.9, 302)):
        assert gate_over(scene, (x, y, z)) is gate
    for x, y, z in ((-216, 0, 301.6), (0, 3.2, 301.6), (0, 0, 297), (0, 0, 320)):
        assert gate_over(scene, (x, y, z)) is None


def test_both_signs_offer_the_gate_and_say_what_it_is_in_both_languages() -> None:
    scene = scene_of()
    assert [one.id for one in scene.selectables] == ["glass_bridge_start", "glass_bridge_end"]
    for one in scene.selectables:
        gate = one.offers
        assert isinstance(gate, HeightGate)
        assert "300 米" in gate.text["zh"] and "300 m above" in gate.text["en"]
        assert "愿意" in gate.text["zh"] and "Choose this sign" in gate.text["en"]
    start, end = (np.cross(one.right, one.up) for one in scene.selectables)
    assert np.allclose(start, [-1, 0, 0], atol=1e-6) and np.allclose(end, [1, 0, 0], atol=1e-6)


def test_without_an_opt_in_the_deck_is_open() -> None:
    scene = scene_of(opt_in="none")
    assert gates(scene) == () and scene.selectables == ()
    assert walked(scene, set())[0] > 215.0


def test_what_cannot_be_is_said() -> None:
    assert problems(**{**REAL, "panes": 200}) == ["200 panes of 3 m make 600 m; the deck is 430 m long"]
    assert problems(**{**REAL, "width_m": 4}) == ["panes 4.5 m wide do not fit: a deck of 4 m has room for 3.4 m"]
    assert problems(**{**REAL, "end": [-215, 0]}) == ["start and end are 0 m apart; a bridge needs at least 10 m"]
    assert problems(**{**REAL, "sag_m": 38}) == ["sag_m (38) must be smaller than tower_m (38) by 1 m: the cables stay above"]

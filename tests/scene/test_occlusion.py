"""Openness: places whose answer is known, and laws for all others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.scene import occlusion
from vrclient.scene.occlusion import cell_centers, ground_openness, height_field, openness

LOW, HIGH = (-40.0, -40.0), (40.0, 40.0)
UP = np.array([[0.0, 0.0, 1.0]])


def quad(a: list[float], b: list[float], c: list[float], d: list[float]) -> np.ndarray:
    return np.array([[a, b, c], [a, c, d]], float)


def wall(x0: float, y0: float, x1: float, y1: float, height: float, base: float = 0.0) -> np.ndarray:
    return quad([x0, y0, base], [x1, y1, base], [x1, y1, base + height], [x0, y0, base + height])


NOTHING = np.zeros((0, 3, 3))


def test_an_empty_field_hides_nothing() -> None:
    field = height_field(NOTHING, low=LOW, high=HIGH)
    normals = np.array([[0, 0, 1.0], [1, 0, 0], [0, 0.6, 0.8], [0, -1, 0]])
    assert openness(np.zeros((4, 3)), normals, field) == pytest.approx(1.0)
    assert (ground_openness(field) == 1.0).all()


def test_the_foot_of_a_high_wall_sees_half_of_the_sky() -> None:
    field = height_field(wall(0, -40, 0, 40, 60.0), low=LOW, high=HIGH)
    assert openness([[1.5, 0.0, 0.0]], UP, field)[0] == pytest.approx(0.5, abs=0.12)
    assert openness([[30.0, 0.0, 0.0]], UP, field)[0] > 0.7


def test_a_wall_does_not_hide_its_own_sky() -> None:
    leaning = quad([-30, 0, 0], [30, 0, 0], [30, -3, 16], [-30, -3, 16])
    field = height_field(leaning, low=LOW, high=HIGH)
    normal = np.cross([60.0, 0, 0], [0, -3.0, 16])
    normal /= np.linalg.norm(normal)
    points = np.array([[x, -3 * z / 16, z] for x in np.linspace(-20, 20, 15) for z in (2.0, 8.0, 14.0)])
    assert openness(points, np.broadcast_to(normal, points.shape), field).min() > 0.85


def test_the_bottom_of_a_shaft_is_dark() -> None:
    sides = [wall(*side, 20.0) for side in ((-2, -2, 2, -2), (2, -2, 2, 2), (2, 2, -2, 2), (-2, 2, -2, -2))]
    field = height_field(np.concatenate(sides), low=LOW, high=HIGH)
    assert openness([[0.0, 0.0, 0.0]], UP, field)[0] < 0.2


def test_under_a_roof_light_comes_from_the_sides() -> None:
    roof = quad([-8, -8, 5], [8, -8, 5], [8, 8, 5], [-8, 8, 5])
    field = height_field(roof, low=LOW, high=HIGH)
    middle, edge, beyond = openness([[0, 0, 0], [7, 0, 0], [30, 0, 0]], np.repeat(UP, 3, axis=0), field)
    assert 0.05 < middle < edge < beyond
    assert openness([[0.0, 0.0, 5.1]], UP, field)[0] == pytest.approx(1.0, abs=0.02)


def test_a_tree_shades_the_ground_softly() -> None:
    field = height_field(NOTHING, low=LOW, high=HIGH, crowns=[[0.0, 0.0, 9.0, 3.0, 4.0]])
    picture = ground_openness(field)
    assert 0.3 < picture[40, 40] < 0.8
    assert picture[40, 40] < picture[40, 46] < picture[40, 75] <= 1.0


def test_land_lifts_what_stands_on_it() -> None:
    places = cell_centers(LOW, HIGH)
    field = height_field(NOTHING, low=LOW, high=HIGH, ground=places[..., 0] * 0.1)
    assert field.ground.shape == (80, 80) and field.high == HIGH
    assert field.ground[0, 79] == pytest.approx(3.95)


@settings(max_examples=25, deadline=None)
@given(
    boxes=st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30), st.floats(1, 12), st.floats(1, 20)), min_size=1, max_size=5),
    seed=st.integers(0, 99),
)
def test_openness_is_a_share_and_walls_from_the_ground_never_add_to_it(
    boxes: list[tuple[float, float, float, float]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    points = np.column_stack([random.uniform(-38, 38, (40, 2)), np.zeros(40)])
    normals = np.repeat(UP, 40, axis=0)
    walls = [wall(x, y, x + w, y, h) for x, y, w, h in boxes]
    fewer = openness(points, normals, height_field(np.concatenate(walls[:1]), low=LOW, high=HIGH))
    more = openness(points, normals, height_field(np.concatenate(walls), low=LOW, high=HIGH))
    assert ((fewer >= 0.0) & (fewer <= 1.0)).all()
    assert (more <= fewer + 0.02).all()


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match=r"^normal has shape \(2, 3\); expected \(1, 3\) like position$"):
        openness([[0, 0, 0]], [[0, 0, 1], [0, 0, 1]], height_field(NOTHING, low=LOW, high=HIGH))
    with pytest.raises(ValueError, match=r"^ground has shape \(3, 3\); expected \(80, 80\), one height for each cell centre$"):
        height_field(NOTHING, low=LOW, high=HIGH, ground=np.zeros((3, 3)))
    with pytest.raises(ValueError, match="expected low < high in x and y, and cell > 0"):
        height_field(NOTHING, low=HIGH, high=LOW)


def test_parts_make_the_same_field_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(3)
    triangles = draw.uniform(-30, 30, (60, 1, 3)) + draw.uniform(-9, 9, (60, 3, 3))
    crowns = np.column_stack([draw.uniform(-30, 30, (40, 2)), np.full(40, 9.0), np.full(40, 3.0), draw.uniform(0.3, 4.0, 40)])
    whole = height_field(triangles, low=LOW, high=HIGH, crowns=crowns)
    monkeypatch.setattr(occlusion, "POINTS_AT_ONCE", 50)
    in_parts = height_field(triangles, low=LOW, high=HIGH, crowns=crowns)
    assert np.array_equal(whole.layers, in_parts.layers)


def test_however_much_stands_there_its_points_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wall would have 200,000 of them; their corners always count, and a few along each edge."""
    monkeypatch.setattr(occlusion, "MAX_POINTS", 40_000)
    walls = np.concatenate([wall(-40, y, 40, y, 2000.0) for y in np.linspace(-39, 39, 60)])
    taken: list[int] = []
    spread = occlusion._spread

    def counted(flat: np.ndarray, layer: int, points: np.ndarray, *rest: object) -> None:
        taken.append(len(points))
        spread(flat, layer, points, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(occlusion, "_spread", counted)
    crowns = np.column_stack([np.zeros((2000, 2)), np.full(2000, 9.0), np.full(2000, 3.0), np.full(2000, 40.0)])
    field = height_field(walls, low=LOW, high=HIGH, crowns=crowns)
    assert 20_000 < sum(taken) <= 2 * 40_000 + 9 * len(walls)
    assert field.layers[..., 0].max(axis=0).mean() > 1000.0
    assert field.layers[40, 40, 2] > 8.0

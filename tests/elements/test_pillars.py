"""Pillars: the recipe is kept exactly, they stand apart and in their area, and their beds are as thick as the real ones."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapes import built, check_all, check_shape, problems

from vrclient.elements.pillars import ELEMENT, Pillars, heights, places
from vrclient.scene.sandstone import FORM_HEIGHTS_M, FORMS_EACH, STRETCH, Form, forms

REAL: dict[str, Any] = {"kind": "pillars", "area": [[-1600, -1600], [1600, -1600], [1600, 1600], [-1600, 1600]]}
SMALL: dict[str, Any] = {"kind": "pillars", "area": [[-200, -200], [200, -200], [200, 200], [-200, 200]], "count": 40}
TABLE = {"outline": [[-60, -60], [60, -60], [60, 60], [-60, 60]], "level_m": 200, "openings": [{"at": [60, 0], "width_m": 10}]}


def model(**changes: Any) -> Pillars:
    return Pillars.model_validate({**REAL, **changes})


def nearest(point: np.ndarray) -> float:
    tree = shapely.STRtree(shapely.points(point))
    pairs = tree.query(shapely.points(point), predicate="dwithin", distance=60.0)
    away = np.hypot(*(point[pairs[0]] - point[pairs[1]]).T)
    return float(away[pairs[0] != pairs[1]].min())


def test_the_numbers_of_zhangjiajie_are_the_default() -> None:
    point, number = places(model())
    height = heights(model(), point, number)
    assert len(point) == 3100
    assert (height < 120).mean() == pytest.approx(0.67, abs=0.001)
    assert ((height >= 120) & (height < 300)).mean() == pytest.approx(0.315, abs=0.001)
    assert (height >= 120).sum() > 1000 and 45 <= (height >= 300).sum() <= 47
    assert height.min() >= 30.0 and height.max() <= 380.0


@given(seed=st.integers(0, 2**31 - 1), distance=st.floats(20.0, 60.0), count=st.integers(1, 120), clearings=st.floats(0.0, 0.6))
def test_all_stand_in_their_area_and_apart(seed: int, distance: float, count: int, clearings: float) -> None:
    small = Pillars.model_validate(
        {**SMALL, "seed": seed, "min_distance_m": distance, "count": min(count, 30), "clearings": clearings}
    )
    point, _ = places(small)
    assert (np.abs(point) <= 200.0).all()
    assert len(point) < 2 or np.min([np.hypot(*(a - b)) for k, a in enumerate(point) for b in point[:k]]) >= distance


def test_the_real_number_stands_apart_too() -> None:
    assert nearest(places(model())[0]) >= 38.0


@given(seed=st.integers(0, 2**31 - 1), low=st.floats(0.1, 0.8), share=st.floats(0.0, 1.0))
def test_each_class_of_height_has_its_share(seed: int, low: float, share: float) -> None:
    shares = (low, (1 - low) * share, 1 - low - (1 - low) * share)
    mine = model(seed=seed, shares=shares, count=500)
    point = np.random.default_rng(seed).uniform(-1600, 1600, (500, 2))
    height = heights(mine, point, np.arange(500))
    for start, end, part in zip(mine.heights_m, mine.heights_m[1:], shares, strict=False):
        assert ((height >= start) & (height < end)).sum() == pytest.approx(500 * part, abs=1.0)


def test_nothing_is_higher_than_a_ceiling_and_the_recipe_stays() -> None:
    under = {"area": [[-300, -300], [300, -300], [300, 300], [-300, 300]], "height_m": 90}
    mine = model(ceilings=[under])
    point, number = places(mine)
    height = heights(mine, point, number)
    inside = (np.abs(point) < 300).all(axis=1)
    assert inside.sum() > 50 and height[inside].max() <= 90
    assert np.allclose(np.sort(height), np.sort(heights(model(), point, number)))


def test_pillars_keep_clear_of_tablelands_and_of_what_is_excluded() -> None:
    hole = [[100, 100], [180, 100], [180, 180], [100, 180]]
    point, _ = places(Pillars.model_validate({**SMALL, "tablelands": [TABLE], "exclude": [hole]}))
    assert len(point) and not (np.abs(point) < 60).all(axis=1).any()
    assert not ((point > 100) & (point < 180)).all(axis=1).any()


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.mesh.key)
def test_the_beds_of_a_form(form: Form) -> None:
    assert form.bed.sum() == pytest.approx(form.height)
    assert form.bed.min() / STRETCH >= 8.0 and form.bed.max() * STRETCH <= 20.0
    for level in form.mesh.levels:
        for surface in level:
            check_shape(surface.mesh)
    triangles = [sum(len(surface.mesh.triangle) for surface in level) for level in form.mesh.levels]
    assert triangles == sorted(triangles, reverse=True) and triangles[0] > 20 * triangles[-1]


def test_no_pillar_is_stretched_beyond_what_its_beds_allow() -> None:
    (data,) = built(REAL)
    known = {form.mesh.key: form for form in forms()}
    rows = [group for group in data.instances if group.mesh.key in known]
    assert len(known) == FORMS_EACH * len(FORM_HEIGHTS_M) and len(rows) == len(known)
    assert sum(len(group.position) for group in rows) == 3100
    for group in rows:
        assert group.scale[:, 2].min() >= 1 / STRETCH and group.scale[:, 2].max() <= STRETCH


def test_cores_lie_within_the_rock_of_every_level() -> None:
    for form in forms():
        for rock, _ in form.mesh.levels:
            corner = rock.mesh.position[rock.mesh.triangle].astype(np.float64)
            side = corner[(corner[..., 2].min(axis=1) >= -30.0) & (corner[..., 2].max(axis=1) <= form.height)]
            distance = shapely.distance(shapely.linearrings(side[..., :2]), shapely.Point(0, 0))
            assert distance.min() >= 0.99 * form.core, form.mesh.key


def test_a_tableland_is_walked_on_up_to_its_railing() -> None:
    (data,) = built({**SMALL, "tablelands": [TABLE]})
    check_all(data)
    top = data.walkable[0]
    assert np.ptp(top.position[:, 2]) == 0.0 and top.position[0, 2] == 200.0
    rails = data.walls[data.walls[:, 5] > 150]
    assert (rails[:, 5] == np.float32(201.1)).all()
    middle = (rails[:, :2] + rails[:, 2:4]) / 2
    assert np.hypot(*(middle - [60, 0]).T).min() > 5.0
    assert rails[:, :4].max() <= 58.5 and len(rails) > 400


def test_pines_stand_on_tops_and_ledges() -> None:
    (data,) = built(SMALL)
    rock = [group for group in data.instances if "pillar" in group.mesh.key]
    pines = [group for group in data.instances if "pine" in group.mesh.key]
    assert sum(len(group.position) for group in pines) > 60
    foot, height = np.concatenate([g.position for g in rock]), np.concatenate([
        g.scale[:, 2] * next(form.height for form in forms() if form.mesh.key == g.mesh.key) for g in rock
    ])  # fmt: skip
    for group in pines:
        away = np.linalg.norm(group.position[:, None, :2] - foot[None, :, :2], axis=2)
        owner = away.argmin(axis=1)
        assert (group.position[:, 2] > 4.0).all()
        assert (group.position[:, 2] < height.max() + 2.0).all() and (away.min(axis=1) < 30.0).all() and len(owner)


def test_what_cannot_be_is_said() -> None:
    assert problems(**{**SMALL, "heights_m": [30, 120, 100, 380]}) == [
        "heights_m must rise from the lowest to the highest; it is [30.0, 120.0, 100.0, 380.0]"
    ]
    assert problems(**{**SMALL, "shares": [0.5, 0.4, 0.2]}) == ["the three shares must make 1 together; they make 1.1"]
    assert problems(**{**SMALL, "count": 900}) == [
        "900 pillars do not fit: the area has 160000 m2, and 38 m apart at most 153 fit; ask for fewer, or give a "
        "smaller 'min_distance_m'"
    ]
    assert ELEMENT.model is Pillars

"""Districts: every house its own, none in another or in a street, standing on the land, the same again for the same seed."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapes import TERRAIN, areas, built, check_all, context_of, problems, whole

from vrclient.elements.district import District, occupied
from vrclient.geometry.lots import houses_around_blocks
from vrclient.geometry.mesh import concatenated, face_normals
from vrclient.geometry.quad_table import (
    UprightFrames,
    facing_down,
    facing_front,
    facing_left,
    facing_right,
    facing_up,
    placed_quads,
)
from vrclient.scene.build import CELL_M
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Surface
from vrclient.scene.land import Land

AREA = [[-90, -60], [90, -60], [90, 60], [-90, 60]]
QUARTER: dict[str, Any] = {"kind": "district", "area": AREA, "open_blocks": 0.0, "seed": 5}
CORNERS = [[-100, -70], [60, -90], [110, 30], [20, 40], [-10, 90], [-120, 50]]


def polygons(**keys: Any) -> NDArray[np.object_]:
    """The footprints of a quarter."""
    return np.array([shapely.Polygon(ring) for ring in occupied(District.model_validate({**QUARTER, **keys}))], object)


def houses_of(data: DrawData) -> tuple[list[Surface], list[Surface]]:
    """What is drawn of the houses, near and far: all but what lies on the ground, which throws no shadow."""
    return [one for one in data.surfaces if one.casts_shadow], [one for one in data.far if one.casts_shadow]


@pytest.mark.parametrize("streets", ["asphalt", "paving", "gravel", "none"])
@pytest.mark.parametrize("pitched", [0.0, 1.0])
def test_every_face_is_the_right_way_round(streets: str, pitched: float) -> None:
    data = built(TERRAIN, {**QUARTER, "streets": streets, "pitched": pitched, "shops": 0.5, "heading_deg": 25})[1]
    check_all(data)
    assert {one.material.surface for one in data.surfaces} == {one.material.surface for one in data.far} == {"lit", "glass"}
    assert bool(data.walkable) == (streets != "none")


@settings(max_examples=25)
@given(
    st.sampled_from([AREA, CORNERS]),
    st.floats(-180.0, 180.0),
    st.floats(30.0, 90.0),
    st.floats(24.0, 70.0),
    st.floats(4.0, 20.0),
    st.floats(0.0, 1.0),
    st.integers(0, 1000),
)
def test_houses_keep_out_of_each_other_and_of_the_streets(
    area: list[list[float]], heading: float, along: float, across: float, street: float, joined: float, seed: int
) -> None:
    keys = {"area": area, "heading_deg": heading, "block_m": [along, across], "street_m": street, "joined": joined, "seed": seed}
    shapes = polygons(**keys)
    assert shapely.is_valid(shapes).all() and (shapely.area(shapes) > 20.0).all()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert shapely.area(shapely.intersection(shapes[one], shapes[other]))[one != other].max(initial=0.0) < 1e-6
    edge = shapely.Polygon(area)
    assert shapely.covers(edge, shapes).all()
    assert shapely.distance(edge.exterior, shapes).min() > street / 2 - 1e-5
    (data,) = built({**QUARTER, **keys, "streets": "paving"})
    paving = concatenated([surface.mesh for surface in data.surfaces if not surface.casts_shadow])
    middle = paving.position[paving.triangle].mean(axis=1)[:, :2].astype(np.float64)
    assert not len(shapely.STRtree(shapes).query(shapely.points(middle), predicate="within")[0])
    assert areas(paving).sum() + shapely.area(shapes).sum() < edge.area


def test_the_same_seed_gives_the_same_quarter() -> None:
    first, second, third = (whole(built({**QUARTER, "seed": seed})[0]) for seed in (5, 5, 6))
    for name in ("position", "normal", "uv", "color", "triangle"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.position.shape != third.position.shape


def test_no_two_houses_are_alike() -> None:
    shapes = polygons(area=[[-300, -200], [300, -200], [300, 200], [-300, 200]])
    sizes = np.round(np.column_stack([shapely.area(shapes), shapely.length(shapes)]), 3)
    assert len(shapes) > 200 and len(np.unique(sizes, axis=0)) == len(shapes)


def test_count_keeps_the_houses_nearest_to_the_middle() -> None:
    everyone = [ring.tolist() for ring in occupied(District.model_validate(QUARTER))]
    some = [ring.tolist() for ring in occupied(District.model_validate({**QUARTER, "count": 7}))]
    assert len(some) == 7 < len(everyone) and all(ring in everyone for ring in some)
    away = [float(np.hypot(*ring[0])) for ring in everyone]
    assert max(float(np.hypot(*ring[0])) for ring in some) == sorted(away)[6]
    assert len(occupied(District.model_validate({**QUARTER, "count": 5000}))) == len(everyone)


def test_open_blocks_stay_open() -> None:
    assert len(polygons(open_blocks=0.0)) > len(polygons(area=[[-300, -200], [300, -200], [300, 200], [-300, 200]], count=10))
    assert problems(**{**QUARTER, "open_blocks": 1.0}) == [
        "no house fits; make the area larger, or its blocks, lots and streets smaller"
    ]


def test_from_afar_it_is_as_large_and_much_simpler() -> None:
    (data,) = built({**QUARTER, "area": [[-300, -200], [300, -200], [300, 200], [-300, 200]], "streets": "none"})
    near, far = (concatenated([one.mesh for one in surfaces]) for surfaces in houses_of(data))
    for edge in (np.min, np.max):
        assert np.allclose(edge(near.position, axis=0), edge(far.position, axis=0), atol=2.5)
    count = len(polygons(area=[[-300, -200], [300, -200], [300, 200], [-300, 200]]))
    assert len(far.triangle) < 45 * count and len(near.triangle) < 190 * count
    assert len(far.triangle) < 0.3 * len(near.triangle)


def test_it_is_dealt_out_in_cells() -> None:
    """scene/build.py merges by the middle of a surface: near and far of one finish have to fall into the same cells."""
    (data,) = built({**QUARTER, "area": [[-300, -200], [300, -200], [300, 200], [-300, 200]]})

    def cells(surfaces: list[Surface], surface: str) -> set[tuple[int, int]]:
        found = set()
        for one in surfaces:
            if one.material.surface == surface:
                low, high = one.mesh.position.min(axis=0), one.mesh.position.max(axis=0)
                assert (high - low)[:2].max() < CELL_M + 40.0
                found.add((int((low + high)[0] / 2 // CELL_M), int((low + high)[1] / 2 // CELL_M)))
        return found

    near, far = houses_of(data)
    assert cells(near, "lit") == cells(far, "lit")
    assert len(cells(near, "lit")) > 50
    ground = [one.mesh.position for one in data.surfaces if not one.casts_shadow]
    assert max(np.ptp(place[:, :2], axis=0).max() for place in ground) < 4 * CELL_M + 15.0
    assert [one for one in data.surfaces if not one.casts_shadow] == [one for one in data.far if not one.casts_shadow]


@settings(max_examples=10)
@given(st.floats(-180.0, 180.0), st.integers(1, 9), st.floats(2.4, 5.0))
def test_it_stands_firmly_on_a_slope(heading: float, storeys: int, height: float) -> None:
    keys = {"heading_deg": heading, "storeys": [storeys, storeys], "storey_height_m": height}
    _, data = built(TERRAIN, {**QUARTER, **keys})
    _, context = context_of(TERRAIN, {**QUARTER, **keys})
    rings = occupied(District.model_validate({**QUARTER, **keys}))
    assert len(data.walls) == sum(len(ring) for ring in rings)
    assert np.allclose(data.walls[:, :2], np.concatenate(rings), atol=1e-4)
    land = context.ground.height(np.concatenate(rings))
    assert (data.walls[:, 4] < land - 0.5).all()
    tall = data.walls[:, 5] - land
    assert (tall > 0.95 * storeys * height - 8.0).all() and (tall < 1.08 * storeys * height + 8.0).all()
    assert whole(data).position[:, 2].min() == pytest.approx(data.walls[:, 4].min(), abs=1e-3)


@settings(max_examples=25)
@given(st.floats(-180.0, 180.0), st.integers(0, 100))
def test_what_hides_things_is_inside_the_houses(heading: float, seed: int) -> None:
    (data,) = built({**QUARTER, "heading_deg": heading, "seed": seed, "streets": "none"})
    shapes = polygons(heading_deg=heading, seed=seed)
    center, half = data.solids[:, :3].astype(np.float64), data.solids[:, 3:].astype(np.float64)
    assert len(center) == len(shapes) and (half > 0.5).all()
    boxes = shapely.box(*(center - half)[:, :2].T, *(center + half)[:, :2].T)
    assert shapely.covers(shapely.buffer(shapes, -0.29, join_style="mitre"), boxes).all()
    assert (center + half)[:, 2].max() < data.walls[:, 5].max()


def test_streets_are_cut_into_the_land_and_blocks_stay_land() -> None:
    (_, model), context = context_of(TERRAIN, QUARTER)
    assert isinstance(context.ground, Land)
    (street,) = context.ground.areas_of(model)
    rings = occupied(model)
    assert len(street.interiors) == 4 and not any(street.intersects(shapely.Polygon(ring).buffer(-0.01)) for ring in rings)
    _, quarter = built(TERRAIN, QUARTER)
    asphalt = [one.mesh for one in quarter.surfaces if one.material.pattern == "asphalt"]
    assert sum(areas(shape).sum() for shape in asphalt) == pytest.approx(street.area, rel=1e-2)
    _, bare = context_of({**QUARTER, "streets": "none"})
    assert not isinstance(bare.ground, Land)


def test_it_wears_the_colours_asked_for() -> None:
    (data,) = built({**QUARTER, "colors": ["#c02010"], "roof_colors": ["#10c020"], "pitched": 1.0, "storeys": [2, 3]})
    shapes = [one.mesh for one in houses_of(data)[0] if one.material.surface == "lit"]
    shape = concatenated(shapes)
    upright = np.abs(face_normals(shape.position, shape.triangle)[:, 2]) < 0.1
    color, size = shape.color[shape.triangle[:, 0]], areas(shape)
    for wanted, faces in (("#c02010", upright), ("#10c020", ~upright)):
        worn = np.allclose(color, linear_color(wanted), atol=1e-3) | (np.abs(color - linear_color(wanted)).max(axis=1) < 1e-3)
        assert size[worn & faces].sum() > 0.4 * size[faces].sum()


def test_rooms_are_lit_as_asked_and_shops_more() -> None:
    (data,) = built({**QUARTER, "lit_ratio": 0.3, "shops": 0.5})
    ratios = sorted({round(one.material.lit_ratio, 3) for one in data.surfaces if one.material.surface == "glass"})
    assert ratios == [0.3, 0.72]


def test_what_is_wrong_with_it() -> None:
    assert problems(**{**QUARTER, "storeys": [5, 2]}) == ["'storeys' must begin with the smaller number: [2, 5]"]
    assert problems(**{**QUARTER, "lot_m": [20, 8]}) == ["'lot_m' must begin with the smaller number: [8, 20]"]
    assert problems(**{**QUARTER, "area": [[0, 0], [12, 0], [12, 12], [0, 12]]}) == [
        "no house fits; make the area larger, or its blocks, lots and streets smaller"
    ]
    assert problems(**{**QUARTER, "area": [[0, 0], [20000, 0], [20000, 20000], [0, 20000]]}) == [
        "about 1,073,000 houses would stand in the bounds of this area; at most 200,000 can, so make the area smaller, or its "
        "blocks and lots larger"
    ]


@settings(max_examples=25)
@given(st.floats(14.0, 200.0), st.floats(14.0, 200.0), st.floats(5.0, 20.0), st.floats(5.0, 15.0), st.integers(0, 1000))
def test_houses_stay_in_their_block(wide: float, deep: float, lot: float, depth: float, seed: int) -> None:
    low, high = np.array([[0.0, 0.0], [300.0, 10.0]]), np.array([[wide, deep], [300.0 + wide, 10.0 + deep]])
    houses = houses_around_blocks(low, high, lot=(lot, 1.6 * lot), depth=(depth, 1.4 * depth), joined=0.7, seed=seed)
    ring = houses.footprints()
    assert (ring >= low[houses.block][:, None] - 1e-9).all() and (ring <= high[houses.block][:, None] + 1e-9).all()
    assert len(np.unique(houses.number)) == len(houses.number)


def test_quads_face_where_they_say() -> None:
    frames = UprightFrames(np.array([[3.0, 4.0]]), np.array([[0.0, 1.0]]))
    for corner, wanted in (
        (facing_front((0, 2), (0, 1), 0.5), [1, 0, 0]),
        (facing_left((0, 2), (0, 1), 0.5), [0, -1, 0]),
        (facing_right((0, 2), (0, 1), 0.5), [0, 1, 0]),
        (facing_up((0, 2), (0, 1), 0.5), [0, 0, 1]),
        (facing_down((0, 2), (0, 1), 0.5), [0, 0, -1]),
    ):
        table = placed_quads(frames, corner, color=(1, 1, 1), owner=np.zeros(1, np.int64))
        assert np.allclose(table.normal, [wanted]), "x runs north in this frame, y west"
        assert np.allclose(np.cross(*np.diff(table.corner[0, :3], axis=0)) @ np.array(wanted), 2.0)

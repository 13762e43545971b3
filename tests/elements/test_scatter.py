import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from vrclient.elements.scatter import Scatter, build
from vrclient.elements.water import Water, occupied, path
from vrclient.geometry.sampling import hashed
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, OccupiedArea

SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]
HOUSE = np.array([[40.0, 40.0], [60.0, 40.0], [60.0, 60.0], [40.0, 60.0]])
ROAD = np.array([[0.0, 18.0], [100.0, 18.0], [100.0, 22.0], [0.0, 22.0]])
LAKE = np.array([[0.0, 70.0], [30.0, 70.0], [30.0, 100.0], [0.0, 100.0]])
TOWN = BuildContext(
    paths={"walk": np.array([[0.0, 20.0], [100.0, 20.0]])},
    occupied=(OccupiedArea("shell", "house", HOUSE), OccupiedArea("road", "walk", ROAD), OccupiedArea("water", "lake", LAKE)),
)


class Slope:
    def height(self, xy, /):
        return 0.1 * np.asarray(xy)[..., 0]


def made(context: BuildContext = TOWN, **keys: object) -> DrawData:
    return build(Scatter.model_validate({"kind": "scatter", **keys}), context)


def positions(data: DrawData) -> np.ndarray:
    return np.concatenate([np.zeros((0, 3)), *(rows.position for rows in data.instances)])


def gap(data: DrawData, ring: np.ndarray) -> float:
    return float(shapely.distance(shapely.points(positions(data)[:, :2]), shapely.Polygon(ring)).min())


def problem(**keys: object) -> str:
    with pytest.raises(ValidationError) as error:
        Scatter.model_validate({"kind": "scatter", **keys})
    return error.value.errors()[0]["msg"].removeprefix("Value error, ")


def test_trees_keep_clear_of_buildings_roads_and_water_by_themselves():
    wood = made(mesh="broadleaf", area=SQUARE, density_per_ha=300)
    assert min(gap(wood, ring) for ring in (HOUSE, ROAD, LAKE)) >= 2.5


def test_people_stand_on_roads_but_not_in_houses():
    crowd = made(mesh="person", area=SQUARE, count=400)
    assert gap(crowd, ROAD) == 0.0 and gap(crowd, HOUSE) >= 0.3 and gap(crowd, LAKE) >= 0.3


def test_avoid_and_clearance_say_otherwise():
    assert gap(made(mesh="shrub", area=SQUARE, count=2000, avoid=[]), HOUSE) == 0.0
    assert gap(made(mesh="shrub", area=SQUARE, count=2000, avoid=["water"], clearance_m=5), LAKE) >= 5.0


def test_the_area_itself_is_not_kept_clear_of_and_means_what_the_element_takes_up():
    reeds = positions(made(mesh="reed", area="lake", count=300))
    assert len(reeds) == 300 and (reeds[:, 0] <= 30).all() and (reeds[:, 1] >= 70).all()
    people = positions(made(mesh="person", area="walk", count=50))
    assert len(people) == 50 and (np.abs(people[:, 1] - 20) <= 2).all()


def test_exclude_takes_ids_and_outlines():
    lawn = made(
        mesh="flowers", area=SQUARE, count=1500, avoid=[], exclude=["house", [[0, 0], [20, 0], [20, 20], [0, 20]]], clearance_m=1
    )
    assert gap(lawn, HOUSE) >= 1.0 and gap(lawn, np.array([[0, 0], [20, 0], [20, 20], [0, 20]])) >= 1.0


def test_density_counts_the_free_ground():
    free = made(BuildContext(), mesh="shrub", area=SQUARE, density_per_ha=500)
    assert len(positions(free)) == 500
    assert 320 <= len(positions(made(mesh="shrub", area=SQUARE, density_per_ha=500))) <= 430


@given(seed=st.integers(0, 2**31 - 1), fewer=st.integers(1, 100))
@settings(max_examples=10, deadline=None)
def test_another_count_keeps_the_places_and_looks(seed, fewer):
    small, large = (made(mesh="conifer", area=SQUARE, count=n, seed=seed) for n in (fewer, 120))
    rows = {
        tuple(np.concatenate([*row, [heading]]))
        for one in large.instances
        for *row, heading in zip(one.position, one.scale, one.tint, one.heading, strict=True)
    }
    for one in small.instances:
        for *row, heading in zip(one.position, one.scale, one.tint, one.heading, strict=True):
            assert tuple(np.concatenate([*row, [heading]])) in rows


def test_the_same_seed_gives_the_same_arrays_and_another_one_others():
    one, other, third = (positions(made(mesh="ginkgo", area=SQUARE, count=50, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, other) and not np.array_equal(one, third)


def test_things_stand_on_the_land():
    wood = positions(made(BuildContext(ground=Slope()), mesh="broadleaf", area=SQUARE, count=40))
    assert np.allclose(wood[:, 2], 0.1 * wood[:, 0], atol=1e-4)


def test_on_a_terrace_they_stand_on_its_floor():
    terrace = BuildContext(
        ground=Slope(), occupied=(OccupiedArea("terrace", "stage", HOUSE),), paths={"stage": HOUSE}, floors={"stage": 7.5}
    )
    for keys in ({"area": "stage"}, {"along": "stage"}):
        assert (positions(made(terrace, mesh="person", count=5, **keys))[:, 2] == 7.5).all()
    assert (positions(made(terrace, mesh="person", count=5, area=SQUARE, level_m=2))[:, 2] == 2.0).all()


def test_nine_ginkgos_along_a_path_stand_beside_it():
    row = positions(made(mesh="ginkgo", along="walk", count=9, offset_m=6, side="left"))
    assert sorted(row[:, 0].round(3)) == pytest.approx(np.linspace(0, 100, 9)) and np.allclose(row[:, 1], 26)


def test_benches_look_at_their_path():
    for side, heading in (("left", np.pi), ("right", 0.0)):
        bench = made(mesh="bench", along="walk", spacing_m=20, offset_m=3, side=side).instances[0]
        assert np.allclose(np.cos(bench.heading - heading), 1.0, atol=1e-6)


def test_lamps_shine_from_their_heads_unless_told_not_to():
    lamps = made(mesh="lamp", along="walk", spacing_m=25, offset_m=3, side="both")
    assert len(lamps.lights) == len(positions(lamps)) == 10
    assert all(light.position[2] == pytest.approx(3.9) and light.when == "dark" for light in lamps.lights)
    assert made(mesh="lamp", along="walk", lit=False).lights == ()


def test_rows_in_a_lake_or_house_are_left_out():
    lamps = made(mesh="lamp", along=[[0, 50], [100, 50]], spacing_m=10)
    assert len(positions(lamps)) == 8 and gap(lamps, HOUSE) >= 0.3


@settings(max_examples=40)
@given(
    st.lists(st.floats(15, 60), min_size=4, max_size=12),
    st.floats(0, 12),
    st.sampled_from(["right", "left", "both"]),
    st.sampled_from(["willow", "bench", "lamp", "person"]),
    st.booleans(),
)
def test_along_a_shore_nothing_stands_in_the_water_whichever_way_it_is_drawn(radii, offset, side, mesh, smooth):
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    outline = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.array(radii)[:, None]
    stands = []
    for points in (outline, np.concatenate([outline[:1], outline[:0:-1]])):
        lake = Water.model_validate({"kind": "water", "id": "lake", "outline": points.tolist(), "smooth": smooth})
        (shore,) = occupied(lake)
        context = BuildContext(paths={"lake": path(lake)}, occupied=(OccupiedArea("water", "lake", shore),))
        stands.append(positions(made(context, mesh=mesh, along="lake", offset_m=offset, side=side, spacing_m=6)))
        assert not shapely.contains_xy(shapely.make_valid(shapely.Polygon(shore)).buffer(-0.06), *stands[-1][:, :2].T).any()  # noqa: TID251
    assert np.allclose(*stands, atol=1e-3)
    assert side == "left" or len(stands[0])


def test_at_is_taken_as_it_is():
    assert np.allclose(positions(made(mesh="bench", at=[[50, 50], [1, 2]])), [[50, 50, 0], [1, 2, 0]])


def test_groups_stand_in_circles_and_look_inward():
    people = made(BuildContext(), mesh="person", area=SQUARE, count=60, group=[3, 3], min_distance_m=0.8)
    place, heading = positions(people)[:, :2], np.concatenate([rows.heading for rows in people.instances])
    near = np.argsort(np.linalg.norm(place[:, None] - place[None], axis=2), axis=1)[:, :3]
    inward = place[near].mean(axis=1) - place
    looking = np.stack([np.sin(heading), np.cos(heading)], axis=1)
    assert np.mean(np.sum(inward * looking, axis=1) > 0.5 * np.linalg.norm(inward, axis=1)) > 0.95


def test_clumping_leaves_clearings():
    def emptiest(clumping: float) -> float:
        place = positions(made(BuildContext(), mesh="shrub", area=SQUARE, count=600, clumping=clumping, seed=4))[:, :2]
        cells = np.histogram2d(*place.T, bins=8, range=[[0, 100], [0, 100]])[0]
        return float(np.std(cells))

    assert emptiest(0.9) > 1.5 * emptiest(0.0)


def test_an_unknown_place_gives_nothing():
    assert made(mesh="person", area="nowhere", count=3).instances == ()
    assert made(mesh="person", along="nowhere", count=3).instances == ()


def test_an_autumn_colour_is_its_own_mesh():
    assert made(mesh="ginkgo", at=[[0, 0]], color="#D9A521").instances[0].mesh.key.endswith("_d9a521")


@pytest.mark.measured
def test_a_forest_is_quick():
    made(mesh="broadleaf", area=SQUARE, count=1)
    large = [[0, 0], [500, 0], [500, 400], [0, 400]]
    start = time.perf_counter()
    wood = made(mesh="broadleaf", area=large, count=4000, min_distance_m=4.0)
    assert len(positions(wood)) == 4000
    assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"mesh": "bench"}, "give one of 'area', 'along' and 'at'; this has none of them"),
        ({"mesh": "bench", "area": "a", "at": [[0, 0]]}, "give one of 'area', 'along' and 'at'; this has 'area' and 'at'"),
        ({"mesh": "bench", "area": "a"}, "an area needs either 'count' or 'density_per_ha'"),
        ({"mesh": "bench", "along": "a", "count": 2, "spacing_m": 3}, "give either 'count' or 'spacing_m'"),
        (
            {"mesh": "bench", "along": "a", "density_per_ha": 2},
            "'density_per_ha' is for an area; along a path give 'count' or 'spacing_m'",
        ),
        ({"mesh": "bench", "at": [[0, 0]], "scale": [2, 1]}, "'scale' must begin with the smaller number: [1, 2]"),
        (
            {"mesh": "broadleaf", "area": [[0, 0], [10, 0], [10, 10], [0, 10]], "count": 500},
            "500 of 'broadleaf' do not fit: the area has 100 m2, and 5.5 m apart at most 9 fit; "
            "ask for fewer, or give a smaller 'min_distance_m'",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(keys, message):
    assert problem(**keys) == message


def test_hash_channels_do_not_repeat():
    assert not np.allclose(hashed(np.arange(100), seed=1, channel=10), hashed(np.arange(100), seed=1, channel=11))

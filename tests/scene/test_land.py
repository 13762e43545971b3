"""The land: whatever is cut into it, it stays one surface without gaps, and its height is what is drawn."""

from functools import reduce

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.scene.element import FlatGround
from vrclient.scene.land import PRECISION_M, Claim, HeightGrid, Land, land
from vrclient.showcase.models import ElementModel


def _owner(name: str) -> ElementModel:
    return ElementModel(kind=name)


def _terrain(bumps: float = 1.0) -> HeightGrid:
    x = np.concatenate([[-90, -60, -46], np.linspace(-40, 40, 33), [46, 60, 90]])
    xx, yy = np.meshgrid(x, x, indexing="ij")
    return HeightGrid(x, x, bumps * (np.sin(xx / 9.0) + np.cos(yy / 7.0)))


places = st.floats(-38.0, 38.0)
ways = st.tuples(places, places, places, places, st.floats(1.0, 6.0)).map(
    lambda way: LineString([(way[0], way[1]), (way[2] + 0.5, way[3])]).buffer(way[4] / 2, cap_style="flat")
)
ponds = st.tuples(places, places, st.floats(2.0, 15.0)).map(lambda pond: Point(pond[0], pond[1]).buffer(pond[2], quad_segs=6))
blocks = st.tuples(st.integers(-30, 20), st.integers(-30, 20), st.integers(5, 15)).map(
    lambda block: box(block[0], block[1], block[0] + block[2], block[1] + 10)
)
areas = st.lists(st.one_of(ways, ponds, blocks), min_size=1, max_size=4)


def _claimed(shapes: list[Polygon], level: float | None) -> tuple[Land, list[ElementModel]]:
    owners = [_owner(f"claim{number}") for number in range(len(shapes))]
    claims = [Claim(owner, shape, level=level) for owner, shape in zip(owners, shapes, strict=True)]
    terrain = _owner("terrain")
    return reduce(Land.with_claim, claims, Land().with_terrain(_terrain(), terrain)), [terrain, *owners]


def _flat_area(shape: Mesh) -> float:
    a, b, c = (shape.position[shape.triangle[:, k], :2].astype(np.float64) for k in range(3))
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    assert (twice > -1e-3).all()
    return float(twice.sum() / 2.0)


@settings(max_examples=40)
@given(areas, st.sampled_from([None, 0.7]))
def test_parts_cover_the_land_once_and_the_later_claim_wins(shapes: list[Polygon], level: float | None) -> None:
    here, owners = _claimed(shapes, level)
    parts = [_flat_area(here.mesh_of(owner)) for owner in owners]
    assert sum(parts) == pytest.approx(180.0**2, rel=1e-4)
    whole = [shapely.set_precision(shape, PRECISION_M) for shape in shapes]
    for number, shape in enumerate(whole):
        left = reduce(lambda rest, later: rest.difference(later), whole[number + 1 :], shape)
        assert parts[number + 1] == pytest.approx(left.area, abs=0.002 * shape.length)


def _open_length(shape: Mesh, shift: float) -> float:
    """Metres of edges inside the land that only one triangle has. Points within 2 mm are one, unless a rounding limit parts
    them; another `shift` moves the limits."""
    _, vertex = np.unique(np.rint(shape.position[:, :2].astype(np.float64) * 500 + shift), axis=0, return_inverse=True)
    edge = np.sort(vertex[shape.triangle][:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    key, count = np.unique(edge[edge[:, 0] != edge[:, 1]], axis=0, return_counts=True)
    place = shape.position[np.unique(vertex, return_index=True)[1], :2]
    alone = place[key[count == 1]]
    inside = ~np.isclose(np.abs(alone).max(axis=2), 90.0).all(axis=1)
    return float(np.linalg.norm(alone[inside, 0] - alone[inside, 1], axis=1).sum())


@settings(max_examples=40)
@given(areas)
def test_no_gap_between_neighbours(shapes: list[Polygon]) -> None:
    here, owners = _claimed(shapes, None)
    whole = concatenated([here.mesh_of(owner) for owner in owners])
    assert min(_open_length(whole, shift) for shift in (0.0, 0.21, 0.43)) < 0.05


@settings(max_examples=40)
@given(areas, st.sampled_from([None, 0.7]))
def test_the_height_is_what_is_drawn(shapes: list[Polygon], level: float | None) -> None:
    here, owners = _claimed(shapes, level)
    for owner in owners:
        shape = here.mesh_of(owner)
        if not len(shape.triangle):
            continue
        middle = shape.position[shape.triangle].mean(axis=1)
        assert np.abs(here.height(middle[:, :2]) - middle[:, 2]).max() < 2e-3


def test_edges_have_their_owner_on_the_left() -> None:
    here, (terrain, pond) = _claimed([Point(3, 4).buffer(9, quad_segs=8)], None)
    edges = here.edges_of(pond)
    along = edges.end - edges.start
    to_middle = np.array([3, 4]) - edges.start
    assert (along[:, 0] * to_middle[:, 1] - along[:, 1] * to_middle[:, 0] > 0).all()
    assert (edges.beside == -1).all()
    assert np.hypot(*along.T).sum() == pytest.approx(Point(3, 4).buffer(9, quad_segs=8).length, rel=1e-4)
    assert (here.edges_of(terrain).beside == 0).all()
    out, _ = edges.outward()
    assert (np.einsum("ij,ij->i", out, to_middle) < 0).all()


def test_a_level_claim_makes_the_land_level_there_and_nowhere_far() -> None:
    plaza = _owner("road")
    before = Land().with_terrain(_terrain(), _owner("terrain"))
    after = before.with_claim(Claim(plaza, box(-10, -10, 10, 10), level=2.0, raised=0.5))
    inside = np.random.default_rng(1).uniform(-10, 10, (50, 2))
    assert np.allclose(after.height(inside), 2.5)
    assert after.level(plaza) == 2.0
    far = np.array([[38.0, 38.0], [-38.0, 20.0]])
    assert np.allclose(after.height(far), before.height(far))


def test_low_and_mean_follow_the_edge() -> None:
    terrain = HeightGrid(np.linspace(-50, 50, 51), np.linspace(-50, 50, 51), np.tile(np.linspace(0, 10, 51)[:, None], (1, 51)))
    low, mean = _owner("water"), _owner("road")
    square = box(-10, -10, 10, 10)
    here = Land(terrain, _owner("terrain"))
    assert here.with_claim(Claim(low, square, level="low", raised=0.4)).level(low) == pytest.approx(4.0 - 0.4)
    assert here.with_claim(Claim(mean, square, level="mean")).level(mean) == pytest.approx(5.0)


def test_terrain_may_come_after_its_claims() -> None:
    road, terrain = _owner("road"), _owner("terrain")
    claim = Claim(road, box(-5, -5, 5, 5))
    first = Land().with_terrain(_terrain(), terrain).with_claim(claim)
    second = Land().with_claim(claim).with_terrain(_terrain(), terrain)
    assert np.array_equal(first.mesh_of(road).position, second.mesh_of(road).position)


def test_claims_need_no_terrain() -> None:
    road = _owner("road")
    here = land(FlatGround()).with_claim(Claim(road, box(0, 0, 100, 4)))
    assert _flat_area(here.mesh_of(road)) == pytest.approx(400.0)
    assert here.height([1000.0, 1000.0]) == 0.0
    assert len(here.mesh_of(_owner("stranger")).triangle) == 0


def test_what_each_of_many_owners_keeps_is_its_area_without_the_later_ones() -> None:
    """Found among thousands by what lies there, not by asking all."""
    owners = [_owner(f"k{number}") for number in range(40)]
    areas = [shapely.box(7.0 * (k % 8), 5.0 * (k // 8), 7.0 * (k % 8) + 9.0, 5.0 * (k // 8) + 8.0) for k in range(40)]
    shape = Land()
    for owner, area in zip(owners, areas, strict=True):
        shape = shape.with_claim(Claim(owner, area))
    for number, owner in enumerate(owners):
        kept = areas[number].difference(shapely.union_all(areas[number + 1 :]))
        assert shapely.union_all(shape.areas_of(owner)).symmetric_difference(kept).area < 1e-6
        assert shape.level(owner) is None

"""China's moved maps: there and back, and what does not move."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.datums import from_wgs84, is_in_china, to_wgs84
from vrclient.showcase.models import Origin

DATUMS = st.sampled_from(["wgs84", "gcj02", "bd09"])


def meters(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = math.radians(a[0] - b[0]) * 6_378_137 * math.cos(math.radians(a[1]))
    return math.hypot(east, math.radians(a[1] - b[1]) * 6_371_000)


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5), DATUMS)
def test_there_and_back_is_the_same_place_to_a_centimetre(longitude: float, latitude: float, datum: str) -> None:
    there = from_wgs84(longitude, latitude, datum)
    assert meters(to_wgs84(*there, datum), (longitude, latitude)) < 0.01
    assert meters(there, (longitude, latitude)) < 2500


@given(st.floats(-180, 180), st.floats(-89, 89), DATUMS)
def test_nothing_moves_outside_china(longitude: float, latitude: float, datum: str) -> None:
    if not is_in_china(longitude, latitude):
        assert to_wgs84(longitude, latitude, datum) == from_wgs84(longitude, latitude, datum) == (longitude, latitude)


@pytest.mark.parametrize(
    ("datum", "moved"),
    [("gcj02", (116.41024449916938, 39.91640428150164)), ("bd09", (116.41662724378733, 39.92269994198166))],
)
def test_published_values(datum: str, moved: tuple[float, float]) -> None:
    """Beijing, (116.404, 39.915) on WGS-84, as gcoord and coordtransform give it."""
    assert meters(from_wgs84(116.404, 39.915, datum), moved) < 0.05


def test_an_origin_says_where_it_is_on_earth() -> None:
    assert Origin(lon_deg=121.475, lat_deg=30.945).wgs84 == (121.475, 30.945)
    moved = from_wgs84(111.438778, 27.223905, "bd09")
    found = Origin(lon_deg=moved[0], lat_deg=moved[1], datum="bd09").wgs84
    assert meters(found, (111.438778, 27.223905)) < 0.01

"""Points of a map where metres are wanted: which they are, and that the mended ones are the same places."""

import math
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.map_coordinates import map_points, metres_from
from vrclient.showcase.models import Point, Position
from vrclient.showcase.shapes import shape_of
from vrclient.showcase.source_map import Mapping, Source
from vrclient.showcase.yaml_source import parse_yaml

ORIGIN = st.tuples(st.floats(-170, 170), st.floats(-70, 70))
OUTLINE, PLACE = shape_of(tuple[Point, ...]), shape_of(Position)
SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]


def said(points: str, origin: tuple[float, float], shape=OUTLINE) -> tuple[str, list[float]] | None:
    text = f"outline: {points}"
    source, problems = Source.from_text(Path("a.yaml"), text), Problems()
    root = parse_yaml(text, source, problems)
    assert isinstance(root, Mapping)
    found = map_points(root.entries[0].value, shape, "outline", origin)
    if found is None:
        return None
    return found.message, [float(one) for one in re.findall(r"-?\d+\.\d\d", found.help)]


def degrees(origin: tuple[float, float], east: float, north: float) -> tuple[float, float]:
    """Newton's steps on metres_from: the place that it gives these metres for."""
    longitude, latitude = origin
    for _ in range(6):
        x, y = metres_from(origin, longitude, latitude)
        longitude += math.degrees((east - x) / (6_378_137 * math.cos(math.radians(latitude))))
        latitude += math.degrees((north - y) / 6_371_000)
    return longitude, latitude


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    return 6_378_137 * math.radians(longitude), 6_378_137 * math.asinh(math.tan(math.radians(latitude)))


@given(ORIGIN, st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), st.sampled_from(["degrees", "swapped", "mercator"]))
def test_a_square_is_found_and_mended(origin: tuple[float, float], corner: tuple[float, float], form: str) -> None:
    places = [degrees(origin, corner[0] + x, corner[1] + y) for x, y in SQUARE]
    if form == "mercator":
        written = [mercator(*place) for place in places]
        if max(abs(one) for point in written for one in point) < 101_000:
            return
    else:
        written = [place if form == "degrees" else place[::-1] for place in places]
        if abs(origin[0] - origin[1]) < 3:
            return
    found = said("[" + ", ".join(f"[{x:.9f}, {y:.9f}]" for x, y in written) + "]", origin)
    assert found is not None
    wanted = [one + start for point in SQUARE for one, start in zip(point, corner, strict=True)]
    assert all(abs(a - b) < 0.02 for a, b in zip(found[1], wanted, strict=True)), found
    assert ("latitudes and" in found[0]) == (form == "swapped")


@given(ORIGIN, st.lists(st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)), min_size=3, max_size=6))
def test_metres_are_left_alone(origin: tuple[float, float], points: list[tuple[int, int]]) -> None:
    assert said("[" + ", ".join(f"[{x / 10}, {y / 100}]" for x, y in points) + "]", origin) is None


def test_a_known_distance() -> None:
    """A degree of latitude is 110.88 km long at 31 degrees, on WGS-84."""
    east, north = metres_from((121.475, 30.945), 121.4737, 31.2304)
    assert abs(math.hypot(east, north) - 31_645) < 30


def test_one_place_is_a_map_s_only_with_many_decimals() -> None:
    assert said("[119.9774, 30.5430]", (119.9774, 30.5425), PLACE) is not None
    assert said("[119.9774, 30.5430, 12]", (119.9774, 30.5425), PLACE) is not None
    assert said("[119.98, 30.54]", (119.9774, 30.5425), PLACE) is None

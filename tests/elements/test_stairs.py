"""Stairs: whole steps from the lower to the upper place, solid, with a ramp to walk on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_all, check_shape, problems, volume, whole

from vrclient.elements.stairs import steps
from vrclient.geometry.extrusion import quads
from vrclient.geometry.mesh import concatenated


@settings(max_examples=25)
@given(st.floats(0.3, 8.0), st.floats(1.0, 20.0), st.floats(-180.0, 180.0), st.integers(0, 9))
def test_any_flight(rise: float, width: float, heading: float, landing: int) -> None:
    (data,) = built(
        {
            "kind": "stairs",
            "at": [5, 6, 1],
            "heading_deg": heading,
            "rise_m": rise,
            "width_m": width,
            "landing_every": landing,
            "edge_light": 1,
        }
    )
    check_all(data)
    floor = data.walkable[0].position
    assert floor[:, 2].max() == pytest.approx(1 + rise, abs=1e-4)
    along = np.array([np.sin(np.radians(heading)), np.cos(np.radians(heading))])
    reach = (floor[:, :2] - [5, 6]) @ along
    assert reach.min() == pytest.approx(0.0, abs=1e-4) and reach.max() >= 0.3


def test_steps_end_where_they_should() -> None:
    _, data = built(TERRAIN, {"kind": "stairs", "at": [-40, -40], "to": [-30, -40, 3.0], "handrail": "middle"})
    floor = data.walkable[0].position
    assert floor[:, 0].max() == pytest.approx(-30.0, abs=1e-4)
    assert floor[:, 2].max() == pytest.approx(3.0, abs=1e-4)
    check_shape(whole(data))


def test_a_flight_is_a_solid_but_for_its_bottom() -> None:
    shape = steps(np.array([0.0, 0.3, 0.6]), np.array([0.0, 0.15, 0.3]), 2.0)
    check_shape(shape)
    bottom = quads([[(-1, 0.6, -0.6), (1, 0.6, -0.6), (1, 0, -0.6), (-1, 0, -0.6)]])
    assert volume(concatenated([shape, bottom])) == pytest.approx(2.0 * 0.3 * (0.15 + 0.6) + 2.0 * 0.3 * (0.3 + 0.6), rel=1e-4)


def test_a_low_flight_needs_no_rail() -> None:
    (data,) = built({"kind": "stairs", "at": [0, 0], "heading_deg": 0, "rise_m": 0.3})
    assert len(data.surfaces) == 1


def test_what_is_wrong_with_it() -> None:
    sentence = "stairs need either to: [east, north, up] or heading_deg and rise_m together, and not both"
    assert problems(kind="stairs", at=[0, 0]) == [sentence]
    assert problems(kind="stairs", at=[0, 0], heading_deg=10) == [sentence]
    assert problems(kind="stairs", at=[0, 0], to=[0, 9, 2], rise_m=2) == [sentence]
    assert problems(kind="stairs", at=[0, 0], to=[0, 0.1, 2]) == [
        "the stairs' upper end, to, is right above their lower end; move it at least 0.3 m away"
    ]
    assert problems(kind="stairs", at=[0, 0, 4], to=[0, 9, 2]) == [
        "the stairs' upper end, to, must be higher than their lower end; it is 2 m and the lower end 4 m"
    ]

"""Lamps: colours of temperatures, a closed globe, a place above the land."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_all, context_of, open_edges, problems, volume, whole

from vrclient.elements.light import kelvin_color, sphere


@given(st.floats(1000.0, 12000.0))
def test_a_temperature_is_a_color(kelvin: float) -> None:
    color = kelvin_color(kelvin)
    assert max(color) == 1.0 and min(color) >= 0.0


def test_warm_is_red_and_cold_is_blue() -> None:
    assert kelvin_color(2200)[0] > kelvin_color(2200)[1] > kelvin_color(2200)[2]
    assert kelvin_color(11000)[2] > kelvin_color(11000)[0]
    assert np.ptp(kelvin_color(6500)) < 0.08


def test_a_globe_is_closed() -> None:
    shape = sphere((1, 2, 3), 0.5)
    assert len(open_edges([shape])) == 0
    assert volume(shape) == pytest.approx(4 / 3 * np.pi * 0.125, rel=0.2)


def test_it_hangs_above_the_land() -> None:
    _, context = context_of(TERRAIN)
    _, data = built(TERRAIN, {"kind": "light", "at": [40, 30], "height_m": 4})
    check_all(data)
    assert data.lights[0].position[2] == pytest.approx(float(context.ground.height([40.0, 30.0])) + 4.0)
    assert whole(data).position[:, 2].mean() == pytest.approx(data.lights[0].position[2], abs=0.01)


def test_three_numbers_are_the_place() -> None:
    (data,) = built({"kind": "light", "at": [1, 2, 9], "globe_m": 0, "color": "#ff0000"})
    assert data.lights[0].position == (1, 2, 9) and data.surfaces == ()
    assert data.lights[0].color == (1.0, 0.0, 0.0)


def test_what_is_wrong_with_it() -> None:
    assert problems(kind="light", at=[0, 0], color="#ffffff", kelvin=3000) == ["a light has either color or kelvin, not both"]

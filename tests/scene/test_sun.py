"""Sun and moon against published positions and eclipses."""

import datetime

import numpy as np
import pytest

from vrclient.scene.sun import bodies, elevation


def utc(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


def azimuth_deg(direction: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(direction[0], direction[1])) % 360.0)


def test_sun_of_the_spa_example() -> None:
    """NREL/TP-560-34302 (Reda and Andreas 2008), example: zenith 50.11162, azimuth 194.34024 degrees."""
    sun = bodies(-105.1786, 39.742476, utc(2003, 10, 17, 19, 30, 30)).sun
    assert 90.0 - np.degrees(elevation(sun)) == pytest.approx(50.112, abs=0.03)
    assert azimuth_deg(sun) == pytest.approx(194.340, abs=0.03)


def test_sun_is_highest_over_fengxian_at_the_june_solstice() -> None:
    heights = [elevation(bodies(121.475, 30.945, utc(2026, 6, 21, 3, 30 + m)).sun) for m in range(30)]
    assert np.degrees(max(heights)) == pytest.approx(90.0 - 30.945 + 23.436, abs=0.03)


def test_moon_is_full_at_the_lunar_eclipse_of_march_2026() -> None:
    above = bodies(121.475, 30.945, utc(2026, 3, 3, 11, 34))
    assert np.degrees(above.moon_phase) < 1.0


def test_moon_stands_before_the_sun_at_the_solar_eclipse_of_august_2027() -> None:
    """Greatest eclipse near Luxor, 10:07 UTC: this needs the moon's parallax too."""
    above = bodies(33.2, 25.5, utc(2027, 8, 2, 10, 7))
    assert np.degrees(np.arccos(above.sun @ above.moon)) < 0.5
    assert np.degrees(above.moon_phase) == pytest.approx(180.0, abs=1.0)

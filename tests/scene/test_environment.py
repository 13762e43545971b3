"""The light of day, dusk and night over Fengxian: laws that hold at any minute, and what people would notice."""

import datetime

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vrclient.scene.atmosphere import air, transmitted
from vrclient.scene.draw_data import Sky
from vrclient.scene.environment import (
    LUMINANCE,
    SKY_ROWS,
    TABLE_ROWS,
    TABLE_WIDTH,
    LightEnvironment,
    light_environment,
)

JUNE = datetime.date(2026, 6, 21)
HORIZON_SUN = 1.0
"""The strongest channel of the sun's light in June when its disc has just come up."""


def at(clock: str, *, date: datetime.date = JUNE, sky: Sky | None = None) -> LightEnvironment:
    return light_environment(121.475, 30.945, 8.0, date, datetime.time.fromisoformat(clock), sky or Sky())


def white_radiance(environment: LightEnvironment, normal: tuple[float, float, float]) -> np.ndarray:
    x, y, z = normal
    basis = np.array([1, y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y])
    return np.asarray(basis @ environment.ambient_sh)


def column(heading_deg: float) -> int:
    return int(heading_deg / 360.0 * TABLE_WIDTH) % TABLE_WIDTH


@settings(max_examples=25, deadline=None)
@given(
    minute=st.integers(0, 1439),
    day=st.integers(0, 364),
    clouds=st.floats(0, 1),
    glow=st.floats(0, 1),
    haze=st.sampled_from([800.0, 4000.0]),
)
def test_every_moment_is_finite_and_usable(minute: int, day: int, clouds: float, glow: float, haze: float) -> None:
    date, time = JUNE + datetime.timedelta(days=day), datetime.time(minute // 60, minute % 60)
    one = light_environment(121.475, 30.945, 8.0, date, time, Sky(clouds=clouds, glow=glow, haze_m=haze))
    assert one.sky_table.shape == (TABLE_ROWS, TABLE_WIDTH, 4) and one.sky_table.dtype == np.float32
    assert np.isfinite(one.sky_table).all() and (one.sky_table[:-1] >= 0.0).all()
    assert one.sky_table.max() < 60000.0  # fits half floats
    assert np.isfinite(one.ambient_sh).all() and (one.sun_radiance >= 0.0).all()
    assert np.linalg.norm(one.sun_direction) == pytest.approx(1.0, abs=1e-5)
    assert 0.0 <= one.darkness <= 1.0
    assert white_radiance(one, (0.0, 0.0, 1.0)) @ LUMINANCE > 0.005


@settings(max_examples=20, deadline=None)
@given(minute=st.integers(0, 1438))
@example(minute=291)
@example(minute=292)
@example(minute=1139)
def test_light_changes_smoothly_from_minute_to_minute(minute: int) -> None:
    before, after = (at(f"{m // 60:02}:{m % 60:02}") for m in (minute, minute + 1))
    first, second = (white_radiance(one, (0.0, 0.0, 1.0)) for one in (before, after))
    assert second == pytest.approx(first, rel=0.15, abs=0.01)
    assert abs(before.darkness - after.darkness) < 0.05
    crossing = min(abs(before.sun_elevation), abs(after.sun_elevation)) < np.radians(0.27)
    assert np.abs(before.sun_radiance - after.sun_radiance).max() < (0.5 * HORIZON_SUN if crossing else 0.2)


def test_the_sun_takes_minutes_to_rise() -> None:
    """Its disc is 0.53 degrees wide and climbs 0.25 in a minute at most: in a minute no more than half of it appears."""
    above = at("04:54")
    assert np.degrees(above.sun_elevation) == pytest.approx(0.27, abs=0.05)
    assert above.sun_radiance.max() == pytest.approx(HORIZON_SUN, abs=0.03)


def test_the_harmonics_agree_with_the_table() -> None:
    for clock in ("12:00", "18:45", "19:30", "23:00"):
        one = at(clock, sky=Sky(clouds=0.0))
        signed = 2.0 * (np.arange(SKY_ROWS) + 0.5) / SKY_ROWS - 1.0
        edge = np.sin(np.sign(np.linspace(-1, 1, SKY_ROWS + 1)) * np.linspace(-1, 1, SKY_ROWS + 1) ** 2 * np.pi / 2)
        sine = np.sin(np.sign(signed) * signed**2 * np.pi / 2)
        weight = np.maximum(sine, 0.0) * np.diff(edge) * 2.0
        integral = weight @ one.sky_table[:SKY_ROWS, :, :3].mean(axis=1)
        assert white_radiance(one, (0.0, 0.0, 1.0)) @ LUMINANCE == pytest.approx(integral @ LUMINANCE, rel=0.12)


def test_noon_is_bright_under_a_blue_sky() -> None:
    noon = at("12:00")
    zenith = noon.sky_table[SKY_ROWS - 1, :, :3].mean(axis=0)
    assert zenith[2] > 1.5 * zenith[0] and noon.darkness == 0.0
    white = noon.sun_radiance * noon.sun_direction[2] + white_radiance(noon, (0.0, 0.0, 1.0))
    assert 0.6 < white @ LUMINANCE < 1.5


def test_dusk_is_blue_above_and_warm_where_the_sun_went_down() -> None:
    dusk = at("19:30")
    assert np.degrees(dusk.sun_elevation) == pytest.approx(-6.3, abs=0.2)
    zenith = dusk.sky_table[SKY_ROWS - 1, :, :3].mean(axis=0)
    assert zenith[2] > 1.8 * zenith[1] > 1.8 * zenith[0]
    west, east = (dusk.sky_table[SKY_ROWS // 2 + 8, column(heading), :3] for heading in (302.0, 122.0))
    assert west[0] > 1.5 * west[2] and west @ LUMINANCE > 3.0 * (east @ LUMINANCE)
    assert dusk.darkness == 1.0
    assert 0.12 < 0.8 * white_radiance(dusk, (0.0, 0.0, 1.0)) @ LUMINANCE < 0.35


def test_night_is_dark_but_legible_and_the_moon_casts_shadows() -> None:
    full_moon = at("23:30", date=datetime.date(2026, 3, 3))
    none = at("23:30", date=datetime.date(2026, 3, 19))
    for one in (full_moon, none):
        assert 0.01 < white_radiance(one, (0.0, 0.0, 1.0)) @ LUMINANCE < 0.12
    assert full_moon.sun_radiance @ LUMINANCE > 5.0 * (none.sun_radiance @ LUMINANCE)
    assert full_moon.sun_direction[2] > 0.5


def test_city_glow_lights_the_night_horizon() -> None:
    dark, city = at("23:30", sky=Sky(glow=0.0)), at("23:30", sky=Sky(glow=1.0))
    share = [one.sky_table[SKY_ROWS // 2 + 4, :, 0].mean() / one.sky_table[SKY_ROWS - 1, :, 0].mean() for one in (dark, city)]
    assert share[1] > 3.0 * share[0]


def test_the_hour_follows_from_the_longitude_where_no_offset_is_given() -> None:
    given_offset = light_environment(121.475, 30.945, 8.0, JUNE, datetime.time(9), Sky())
    derived = light_environment(121.475, 30.945, None, JUNE, datetime.time(9), Sky())
    assert np.array_equal(given_offset.sky_table, derived.sky_table)


def test_low_sun_is_redder_and_the_earth_shades_what_is_below_the_horizon() -> None:
    medium = air(2.0)
    high, low, below = transmitted(medium, np.full(3, 0.02), np.sin(np.radians([60.0, 3.0, -3.0])))
    assert high[2] / high[0] > 2.0 * low[2] / low[0]
    assert (below == 0.0).all()

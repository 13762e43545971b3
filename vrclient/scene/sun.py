"""Where the sun and the moon stand, from place and time. It knows nothing of light or colour (see environment.py).

Source: the low-precision formulas of the Astronomical Almanac (pages C5 and D22), good to 0.01 degrees for the sun and
0.3 degrees for the moon between 1950 and 2050; refraction after Saemundsson (1986)."""

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

J2000 = datetime.datetime(2000, 1, 1, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """The sun and the moon as seen from one place.

    sun, moon     [3] float64 unit vectors towards them, world frame (X east, Y north, Z up), refraction included
    moon_phase    radians between sun and earth as seen from the moon: 0 = full moon, pi = new moon
    sidereal      radians, local sidereal time: how far the stars have turned
    """

    sun: NDArray[np.float64]
    moon: NDArray[np.float64]
    moon_phase: float
    sidereal: float


def bodies(lon_deg: float, lat_deg: float, utc: datetime.datetime, /) -> Bodies:
    """Sun and moon over a place (degrees, east and north positive) at an aware datetime."""
    days = (utc - J2000) / datetime.timedelta(days=1)
    sun_longitude = _sun_longitude(days)
    moon_longitude, moon_latitude, parallax = _moon(days)
    sidereal = np.radians((280.46061837 + 360.98564736629 * days + lon_deg) % 360.0)
    sun_geocentric = _horizontal(sun_longitude, 0.0, days, sidereal, lat_deg)
    moon_geocentric = _horizontal(moon_longitude, moon_latitude, days, sidereal, lat_deg)
    elongation = np.arccos(np.clip(sun_geocentric @ moon_geocentric, -1.0, 1.0))
    # The moon is 60 earth radii away: from the surface it stands lower than from the earth's centre.
    moon = moon_geocentric - [0.0, 0.0, np.sin(parallax)]
    return Bodies(_refracted(sun_geocentric), _refracted(moon / np.linalg.norm(moon)), float(np.pi - elongation), float(sidereal))


def elevation(direction: NDArray[np.float64], /) -> float:
    """Radians above the horizon of a unit vector."""
    return float(np.arcsin(np.clip(direction[2], -1.0, 1.0)))


def _sun_longitude(days: float, /) -> float:
    """Ecliptic longitude in radians."""
    anomaly = np.radians(357.528 + 0.9856003 * days)
    return float(np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)))


def _moon(days: float, /) -> tuple[float, float, float]:
    """Ecliptic longitude, latitude and horizontal parallax in radians."""
    century = days / 36525.0

    def angle(start: float, rate: float) -> float:
        return float(np.radians(start + rate * century))

    anomaly, evection, variation, double = (
        angle(135.0, 477198.87), angle(259.3, -413335.36), angle(235.7, 890534.22), angle(269.9, 954397.74),
    )  # fmt: skip
    longitude = (
        218.32 + 481267.881 * century + 6.29 * np.sin(anomaly) - 1.27 * np.sin(evection) + 0.66 * np.sin(variation)
        + 0.21 * np.sin(double) - 0.19 * np.sin(angle(357.5, 35999.05)) - 0.11 * np.sin(angle(186.5, 966404.03))
    )  # fmt: skip
    latitude = (
        5.13 * np.sin(angle(93.3, 483202.02)) + 0.28 * np.sin(angle(228.2, 960400.89))
        - 0.28 * np.sin(angle(318.3, 6003.15)) - 0.17 * np.sin(angle(217.6, -407332.21))
    )  # fmt: skip
    parallax = (
        0.9508 + 0.0518 * np.cos(anomaly) + 0.0095 * np.cos(evection) + 0.0078 * np.cos(variation) + 0.0028 * np.cos(double)
    )  # fmt: skip
    return float(np.radians(longitude)), float(np.radians(latitude)), float(np.radians(parallax))


def _horizontal(longitude: float, latitude: float, days: float, sidereal: float, lat_deg: float, /) -> NDArray[np.float64]:
    """An ecliptic place as a unit vector east, north, up."""
    tilt = np.radians(23.439 - 4e-7 * days)
    x, y, z = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
    y, z = np.cos(tilt) * y - np.sin(tilt) * z, np.sin(tilt) * y + np.cos(tilt) * z
    meridian, east = np.cos(sidereal) * x + np.sin(sidereal) * y, np.cos(sidereal) * y - np.sin(sidereal) * x
    north_pole = np.radians(lat_deg)
    return np.array(
        [
            east,
            np.cos(north_pole) * z - np.sin(north_pole) * meridian,
            np.sin(north_pole) * z + np.cos(north_pole) * meridian,
        ]
    )


def _refracted(direction: NDArray[np.float64], /) -> NDArray[np.float64]:
    """The direction as the air lifts it; well below the horizon nothing is lifted."""
    height = np.degrees(elevation(direction))
    above = max(height, -1.0)
    lift = 1.02 / 60.0 / np.tan(np.radians(above + 10.3 / (above + 5.11))) * np.clip((height + 3.0) / 2.0, 0.0, 1.0)
    lifted = np.radians(height + lift)
    level = direction[:2] / max(float(np.hypot(*direction[:2])), 1e-12)
    return np.array([*(np.cos(lifted) * level), np.sin(lifted)])

"""Longitudes and latitudes of China's maps as WGS-84: GCJ-02 (Amap, Tencent, Google in China), which moves places by some
100 to 700 m, and BD-09 (Baidu), which moves those once more. CGCS2000 differs from WGS-84 by centimetres and needs nothing.

Source: the formulas that became public in 2013 and that all open converters share (eviltransform, coordtransform, gcoord). The
way back has no formula; it is iterated until it is right to a millimetre, where one-step inverses are off by metres."""

import math
from collections.abc import Callable

_AXIS_M, _ECCENTRICITY2 = 6_378_245.0, 0.006_693_421_622_965_943
"""Krasovsky's ellipsoid, as GCJ-02 uses it."""
_BAIDU = math.pi * 3000.0 / 180.0
_PRECISION_DEG = 1e-10
_ROUNDS = 60


def is_in_china(longitude: float, latitude: float, /) -> bool:
    """Whether GCJ-02 moves a place, degrees: the rectangle round China that its formulas use; beyond it they change nothing."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def to_wgs84(longitude: float, latitude: float, datum: str, /) -> tuple[float, float]:
    """(longitude, latitude) degrees of `datum` (wgs84, gcj02 or bd09) as WGS-84. Outside China nothing changes."""
    match datum:
        case "gcj02":
            return _back(longitude, latitude, _gcj02)
        case "bd09":
            return _back(*_back(longitude, latitude, _bd09), _gcj02)
    return longitude, latitude


def from_wgs84(longitude: float, latitude: float, datum: str, /) -> tuple[float, float]:
    """The inverse of to_wgs84, right to a millimetre."""
    match datum:
        case "gcj02":
            return _gcj02(longitude, latitude)
        case "bd09":
            return _bd09(*_gcj02(longitude, latitude))
    return longitude, latitude


def _gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    if not is_in_china(longitude, latitude):
        return longitude, latitude
    x, y, pi = longitude - 105.0, latitude - 35.0, math.pi
    both = 20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (both + 20.0 * math.sin(y * pi) + 40.0 * math.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * pi) + 320.0 * math.sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (both + 20.0 * math.sin(x * pi) + 40.0 * math.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * pi) + 300.0 * math.sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = math.radians(latitude)
    bend = 1.0 - _ECCENTRICITY2 * math.sin(angle) ** 2
    along, across = _AXIS_M * (1.0 - _ECCENTRICITY2) / bend**1.5, _AXIS_M / math.sqrt(bend) * math.cos(angle)
    return longitude + math.degrees(east / across), latitude + math.degrees(north / along)


def _bd09(longitude: float, latitude: float) -> tuple[float, float]:
    if not is_in_china(longitude, latitude):
        return longitude, latitude
    length = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU)
    return length * math.cos(angle) + 0.0065, length * math.sin(angle) + 0.006


def _back(longitude: float, latitude: float, forward: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    """The place that `forward` moves to this one."""
    if not is_in_china(longitude, latitude):
        return longitude, latitude
    x, y = longitude, latitude
    for _ in range(_ROUNDS):
        east, north = forward(x, y)
        x, y = x + longitude - east, y + latitude - north
        if abs(longitude - east) < _PRECISION_DEG and abs(latitude - north) < _PRECISION_DEG:
            break
    return x, y

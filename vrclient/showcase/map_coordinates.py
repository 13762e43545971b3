"""Points that are written as a map gives them, in degrees, in degrees the wrong way round or in a projection's metres, where the
format wants metres from the origin: what they look like, and the same points as they should be. It reports nothing."""

import math
from collections.abc import Iterator
from typing import TypeAlias

from vrclient.showcase import scalars
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.limits import MAX_EXTENT_M
from vrclient.showcase.scalars import Misread
from vrclient.showcase.shapes import Either, Items, Row, Shape
from vrclient.showcase.source_map import Node, Scalar, Sequence
from vrclient.showcase.wording import POINT, POSITION

_Written: TypeAlias = tuple[Node, ...]
_NEAR_DEG = 1.0
"""Degrees that a point is from the origin at most to be taken for one on the map; metres that close together are a dot."""
_NEAR_M = 200_000.0
_EARTH_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_SHOWN = 8
"""So many points at most are written out."""


def map_points(node: Node, shape: Shape, key: str, origin: tuple[float, float] | None, /) -> Diagnostic | None:
    """What is wrong with the point or the points at `key` where they are a map's; None where they may be metres.

    origin  (longitude, latitude) degrees of the showcase; None: not known, so only what is too large is found"""
    if not isinstance(node, Sequence) or not takes_points(shape):
        return None
    first = next(_pairs(node), None)
    if first is None or _kind([first], origin, least_decimals=0) is None:
        return None
    pairs = list(_pairs(node))
    kind = _kind(pairs, origin, least_decimals=4 if isinstance(node.items[0], Scalar) else 3)
    if kind is None:
        return None
    message = f"'{key}' {_MESSAGES[kind]}"
    wanted = "points are [east, north] in metres from the origin"
    if kind == "grid":
        wanted += ": take off what the origin has in the same grid"
    if origin is None or len(pairs) > _SHOWN or _is_nested(node):
        return Diagnostic("map-coordinates", message, wanted)
    metres = [_metres(pair, kind, origin) for pair in pairs]
    if not all(metres):
        return Diagnostic("map-coordinates", message, wanted)
    heights = [f", {_number(pair[2]):g}" if len(pair) > 2 and _number(pair[2]) is not None else "" for pair in pairs]
    shown = ", ".join(f"[{one[0]:.2f}, {one[1]:.2f}{up}]" for one, up in zip(metres, heights, strict=True) if one)
    return Diagnostic(
        "map-coordinates", message, f"{wanted}: write {key}: {shown if isinstance(node.items[0], Scalar) else f'[{shown}]'}"
    )


def takes_points(shape: Shape, /) -> bool:
    """Whether points [east, north] can stand there, alone or in lists."""
    match shape:
        case Either():
            return shape == POSITION or any(takes_points(variant) for variant in shape.variants)
        case Items():
            return takes_points(shape.item)
        case Row():
            return shape == POINT
    return False


def metres_from(origin: tuple[float, float], longitude: float, latitude: float, /) -> tuple[float, float]:
    """(east, north) metres of a place near the origin, both degrees; good to 1 cm within 2 km, 1 m within 20 km.

    Source: radii of curvature of the WGS-84 ellipsoid (meridian and prime vertical) at the mean latitude."""
    middle = math.radians((origin[1] + latitude) / 2)
    squared = _FLATTENING * (2 - _FLATTENING)
    bend = 1 - squared * math.sin(middle) ** 2
    along, across = _EARTH_M * (1 - squared) / bend**1.5, _EARTH_M / math.sqrt(bend)
    east = math.radians(longitude - origin[0]) * across * math.cos(middle)
    return east, math.radians(latitude - origin[1]) * along


_MESSAGES = {
    "degrees": "looks like longitudes and latitudes",
    "swapped": "looks like latitudes and longitudes, in this order",
    "mercator": "looks like metres of Web Mercator (EPSG:3857), counted from the equator",
    "grid": "looks like metres of a map's grid (UTM, CGCS2000 or the like), counted from far away",
}


def _kind(pairs: list[_Written], origin: tuple[float, float] | None, *, least_decimals: int) -> str | None:
    """Which of _MESSAGES all points are; degrees only where a number has so many decimals: nobody measures metres so finely."""
    values = [(_number(pair[0]), _number(pair[1])) for pair in pairs]
    if any(x is None or y is None for x, y in values):
        return None
    numbers = [(x, y) for x, y in values if x is not None and y is not None]
    if any(abs(x) > 2 * MAX_EXTENT_M or abs(y) > 2 * MAX_EXTENT_M for x, y in numbers):
        if origin is not None:
            east, north = _mercator(origin)
            if all(abs(x - east) < _NEAR_M and abs(y - north) < _NEAR_M for x, y in numbers):
                return "mercator"
        is_grid = all(150_000 < abs(x) < 70_000_000 and 100_000 < abs(y) < 10_100_000 for x, y in numbers)
        return (
            "grid"
            if is_grid or all(100_000 < abs(x) < 10_100_000 and 150_000 < abs(y) < 70_000_000 for x, y in numbers)
            else None
        )
    if origin is None or max(_decimals(one) for pair in pairs for one in pair[:2]) < least_decimals:
        return None
    for kind, (longitude, latitude) in (("degrees", origin), ("swapped", (origin[1], origin[0]))):
        if all(abs(x - longitude) < _NEAR_DEG and abs(y - latitude) < _NEAR_DEG for x, y in numbers):
            return kind
    return None


def _decimals(node: Node) -> int:
    """Digits behind the point; many for what has a degree's sign."""
    if not isinstance(node, Scalar):
        return 0
    return 9 if scalars.degrees(node.text) is not None else len(node.text.partition(".")[2])


def _number(node: Node) -> float | None:
    if not isinstance(node, Scalar):
        return None
    value = scalars.number(node.text)
    return scalars.degrees(node.text) if isinstance(value, Misread) else value


def _pairs(node: Sequence) -> Iterator[_Written]:
    if len(node.items) in (2, 3) and all(isinstance(one, Scalar) for one in node.items):
        yield node.items
        return
    for one in node.items:
        if isinstance(one, Sequence):
            yield from _pairs(one)


def _is_nested(node: Sequence) -> bool:
    return any(isinstance(inner, Sequence) for one in node.items if isinstance(one, Sequence) for inner in one.items)


def _mercator(place: tuple[float, float]) -> tuple[float, float]:
    """Web Mercator's metres. Source: EPSG:3857, spherical Mercator with the ellipsoid's longer half axis."""
    latitude = math.radians(max(-85.0, min(85.0, place[1])))
    return _EARTH_M * math.radians(place[0]), _EARTH_M * math.log(math.tan(math.pi / 4 + latitude / 2))


def _metres(pair: _Written, kind: str, origin: tuple[float, float]) -> tuple[float, float] | None:
    x, y = _number(pair[0]), _number(pair[1])
    if x is None or y is None or kind == "grid":
        return None
    if kind == "mercator":
        x, y = math.degrees(x / _EARTH_M), math.degrees(2 * math.atan(math.exp(y / _EARTH_M)) - math.pi / 2)
    elif kind == "swapped":
        x, y = y, x
    return metres_from(origin, x, y)

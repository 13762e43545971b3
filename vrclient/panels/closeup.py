"""A picture close up on a rectangle in the world: which part of it is seen, how it is zoomed, and its tiles as sheets. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from vrclient.frame.sheets import Sheet
from vrclient.geometry.frames import Matrix
from vrclient.panels.tiles import Part, Tile

NEAREST = 0.2
"""Metres: as close as one goes to a picture."""
TEXELS_PER_DEGREE = 20.0
"""No fewer of the file's pixels are shown to a degree, where it has them; 6 pixels to a millimetre seen from NEAREST are 21."""


@dataclass(frozen=True, slots=True)
class Framing:
    """What of a picture is seen, and where.

    part   of the picture
    rect   of the area: left, top, right, bottom in metres from its middle, to the right and up
    """

    part: Part
    rect: tuple[float, float, float, float]


def fitted(picture: tuple[float, float], area: tuple[float, float], /) -> tuple[float, float]:
    """Width and height in metres of the whole picture (width, height; any unit) in an area at zoom 1."""
    scale = min(area[0] / picture[0], area[1] / picture[1])
    return picture[0] * scale, picture[1] * scale


def framing(picture: tuple[float, float], area: tuple[float, float], /, *, zoom: float, middle: tuple[float, float]) -> Framing:
    """At zoom 1 the whole picture fits; larger, the area shows a part round `middle` (0..1 of the picture), which is moved in so
    that no side of the area stays empty while the picture goes on there. Raises ValueError for a zoom or sizes that are not
    above 0."""
    if not (min(picture) > 0.0 and min(area) > 0.0 and zoom > 0.0):
        raise ValueError(f"picture is {picture}, area {area}, zoom {zoom}; expected all above 0")
    size = fitted(picture, area)
    part, half = [], []
    for axis in (0, 1):
        extent = min(1.0, area[axis] / (size[axis] * zoom))
        at = float(np.clip(middle[axis], extent / 2, 1.0 - extent / 2))
        part.append((max(0.0, at - extent / 2), min(1.0, at + extent / 2)))
        half.append(size[axis] * zoom * extent / 2)
    return Framing((part[0][0], part[1][0], part[0][1], part[1][1]), (-half[0], half[1], half[0], -half[1]))


def pixels_seen(size: tuple[float, float], /, *, distance: float, per_degree: float = TEXELS_PER_DEGREE) -> tuple[float, float]:
    """Pixels that a rectangle of so many metres fills, seen from its middle at a distance on a display of `per_degree`; never
    fewer than TEXELS_PER_DEGREE give."""
    per_metre = np.degrees(1.0 / distance) * max(per_degree, TEXELS_PER_DEGREE)
    return float(size[0] * per_metre), float(size[1] * per_metre)


def tile_sheets(
    tiles: Sequence[Tile], framed: Framing, world_from_area: Matrix, /, *, key: Hashable, opacity: float = 1.0
) -> tuple[Sheet, ...]:
    """The tiles on the area, cut off at its edges; keys are (key, tile's key). They lie in one plane, coarse ones below fine
    ones, so they are for the front. world_from_area [4, 4]: as of a sheet."""
    left, top, right, bottom = framed.part
    across, down = (framed.rect[2] - framed.rect[0]) / (right - left), (framed.rect[1] - framed.rect[3]) / (bottom - top)
    sheets = []
    for tile in tiles:
        seen = max(left, tile.rect[0]), max(top, tile.rect[1]), min(right, tile.rect[2]), min(bottom, tile.rect[3])
        if seen[0] >= seen[2] or seen[1] >= seen[3]:
            continue
        size = (seen[2] - seen[0]) * across, (seen[3] - seen[1]) * down
        middle = np.eye(4)
        middle[0, 3] = framed.rect[0] + ((seen[0] + seen[2]) / 2 - left) * across
        middle[2, 3] = framed.rect[1] - ((seen[1] + seen[3]) / 2 - top) * down
        sheets.append(
            Sheet(
                (key, tile.key),
                world_from_area @ middle,
                size,
                tile.picture,
                part=_within(seen, tile),
                opacity=opacity,
            )
        )
    return tuple(sheets)


def _within(seen: Part, tile: Tile) -> Part:
    """What of the tile's picture shows a part of the whole one."""
    (left, top, right, bottom), (from_x, from_y, to_x, to_y) = tile.rect, tile.part
    x, y = (to_x - from_x) / (right - left), (to_y - from_y) / (bottom - top)
    return (
        from_x + (seen[0] - left) * x,
        from_y + (seen[1] - top) * y,
        from_x + (seen[2] - left) * x,
        from_y + (seen[3] - top) * y,
    )

"""Pictures that stand in the world for a while: panels, captions, an exhibit close up, a screen's film. Values; modes/ and app/
make them, renderer/sheets.py draws them."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.frames import Matrix


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class SheetPicture:
    """[H, W, 4] uint8 sRGB, straight alpha, row 0 on top. Compared by identity: another picture is uploaded, the same one is
    not. `name` says in messages where it is from."""

    pixels: NDArray[np.uint8]
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A rounded rectangle over a sheet: what changes from frame to frame without the picture being drawn anew (something is
    aimed at, a knob moves).

    rect     left, top, right, bottom, 0..1 of the sheet from its top left corner
    color    sRGB and alpha, 0..1
    radius   of its corners, in shares of the sheet's height
    """

    rect: tuple[float, float, float, float]
    color: tuple[float, float, float, float]
    radius: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One picture in the world.

    key              the same from frame to frame: which sheet this is
    picture          what it shows; or `movie`, the id of a screen whose film is shown; or neither: only marks
    world_from_sheet [4, 4] float64 metres: X its reader's right, Y away from its reader, Z up; the origin is its middle
    size             width and height in metres
    part             left, top, right, bottom, 0..1: the part of the picture that is shown
    marks            at most MARKS_MAX
    opacity          0..1
    place            "front": over everything, later sheets over earlier ones; "world": behind what stands before it
    """

    key: Hashable
    world_from_sheet: Matrix
    size: tuple[float, float]
    picture: SheetPicture | None = None
    movie: str | None = None
    part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    marks: tuple[Mark, ...] = ()
    opacity: float = 1.0
    place: Literal["front", "world"] = "front"


MARKS_MAX = 8

"""The forms of town houses as tables of columns: upright boxes, their walls, the piers between windows, pitched roofs.

A row is a frame and sizes, and says what is to be seen of it: windows with real depth at a street, flat ones over a court, none
against a neighbour. No faces and no colours: those are faces.py's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.lots import Column, Houses, Numbers, ragged
from vrclient.geometry.mesh import Floats
from vrclient.geometry.quad_table import UprightFrames, rectangle_uv
from vrclient.scene.townhouses.looks import LEAST_M, Chance, Flags, Looks

Span = tuple[Column | float, Column | float]

EDGE_M = 0.35
"""From the end of a wall to its first bay."""
ROOM_WIDTH, ROOM_HEIGHT = 3.6, 4.0
"""The glass shader's rooms: its uv count one behind each window."""
HIDDEN, BLANK, FLAT, DEEP = range(4)
"""What is drawn of a wall: nothing; no windows; windows; windows with the sides of their openings."""


@dataclass(frozen=True, slots=True, eq=False)
class HouseBoxes:
    """B upright boxes, in frames at their front left corners; the first N are the houses' bodies.

    owner            which house
    width, depth     metres; storeys, ground_storey: how many, and how high the lowest is
    bottom, floor    where walls begin, and the lowest storey does
    eaves, top       where the roof begins, and the walls end
    walls            [B, 4] front, right, back, left: HIDDEN, ...
    """

    owner: Numbers
    frames: UprightFrames
    width: Column
    depth: Column
    storeys: Numbers
    ground_storey: Column
    bottom: Column
    floor: Column
    eaves: Column
    top: Column
    walls: Numbers
    is_body: Flags
    is_pitched: Flags

    def only(self, rows: NDArray, /) -> "HouseBoxes":
        """Some of them."""
        return HouseBoxes(
            *(getattr(self, name).of(rows) if name == "frames" else getattr(self, name)[rows] for name in self.__slots__)
        )


def bodies_of(houses: Houses, looks: Looks, chance: Chance, /) -> HouseBoxes:
    everyone = np.arange(len(houses.width))
    over_court = houses.is_open & (chance(30) < 0.35)[:, None]
    flank = np.where(houses.at_street, DEEP, np.where(over_court, FLAT, BLANK))
    return HouseBoxes(
        owner=everyone,
        frames=UprightFrames(houses.origin, houses.along),
        width=houses.width,
        depth=houses.depth,
        storeys=looks.storeys,
        ground_storey=looks.ground_storey,
        bottom=looks.bottom,
        floor=looks.floor,
        eaves=looks.eaves,
        top=looks.eaves + np.where(looks.is_pitched, 0.0, looks.parapet),
        walls=np.stack([np.full(len(everyone), DEEP), flank[:, 1], np.full(len(everyone), FLAT), flank[:, 0]], axis=1),
        is_body=np.ones(len(everyone), bool),
        is_pitched=looks.is_pitched,
    )


def wings_of(houses: Houses, looks: Looks, chance: Chance, /) -> HouseBoxes:
    """Lower parts behind; they show windows to their own court."""
    owner = np.flatnonzero(houses.wing[:, 2] > 0)
    first, last, deep = houses.wing[owner].T
    storeys = np.maximum(1, looks.storeys[owner] - 1 - (2.5 * chance(31)[owner]).astype(np.int64))
    eaves = looks.floor[owner] + looks.ground_storey[owner] + (storeys - 1) * looks.storey[owner]
    is_left = first <= 0
    walls = [np.full(len(owner), HIDDEN), np.where(is_left, FLAT, BLANK), np.full(len(owner), FLAT)]
    return HouseBoxes(
        owner=owner,
        frames=UprightFrames(houses.origin, houses.along).of(owner).moved(first, houses.depth[owner]),
        width=last - first,
        depth=deep,
        storeys=storeys,
        ground_storey=looks.ground_storey[owner],
        bottom=looks.bottom[owner],
        floor=looks.floor[owner],
        eaves=eaves,
        top=eaves + 0.3,
        walls=np.stack([*walls, np.where(is_left, BLANK, FLAT)], axis=1),
        is_body=np.zeros(len(owner), bool),
        is_pitched=np.zeros(len(owner), bool),
    )


def attics_of(houses: Houses, looks: Looks, chance: Chance, /) -> HouseBoxes:
    """One storey more on flat roofs, set back."""
    roomy = (houses.depth > 8.0) & (houses.width > 7.0)
    owner = np.flatnonzero(~looks.is_pitched & roomy & (chance(32) < 0.35))
    back, (left, right) = chance.between(1.4, 2.6, 33)[owner], np.where(houses.is_open[owner], 1.3, 0.3).T
    floor, high = looks.eaves[owner] + 0.1, 0.95 * looks.storey[owner]
    return HouseBoxes(
        owner=owner,
        frames=UprightFrames(houses.origin, houses.along).of(owner).moved(left, back),
        width=houses.width[owner] - left - right,
        depth=houses.depth[owner] - 2 * back,
        storeys=np.ones(len(owner), np.int64),
        ground_storey=high,
        bottom=looks.eaves[owner],
        floor=floor,
        eaves=floor + high,
        top=floor + high,
        walls=np.tile([FLAT, BLANK, FLAT, BLANK], (len(owner), 1)),
        is_body=np.zeros(len(owner), bool),
        is_pitched=np.zeros(len(owner), bool),
    )


def joined(*parts: HouseBoxes) -> HouseBoxes:
    origin, along = (np.concatenate([getattr(part.frames, axis) for part in parts]) for axis in ("origin", "along"))
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in HouseBoxes.__slots__ if name != "frames"}
    return HouseBoxes(frames=UprightFrames(origin, along), **columns)


@dataclass(frozen=True, slots=True, eq=False)
class Walls:
    """W walls, in frames of their own: x along the wall as seen from outside, y inwards. As in Boxes and Looks, and

    kind           BLANK, FLAT or DEEP; side: 0 front, 1 right, 2 back, 3 left
    turns          [W, 2] the wall before it, and the one after it, has windows too
    bays, bay      how many, and how wide
    is_shop        the lowest storey is a shop's front
    """

    owner: Numbers
    frames: UprightFrames
    length: Column
    bottom: Column
    floor: Column
    top: Column
    storeys: Numbers
    storey: Column
    ground_storey: Column
    kind: Numbers
    side: Numbers
    turns: Flags
    is_body: Flags
    bays: Numbers
    bay: Column
    glazed: Column
    is_shop: Flags
    sill: Column
    tall: Column
    room: Numbers

    def only(self, rows: NDArray, /) -> "Walls":
        """Some of them."""
        return Walls(
            *(getattr(self, name).of(rows) if name == "frames" else getattr(self, name)[rows] for name in self.__slots__)
        )

    def level(self, storey: ArrayLike, /) -> Column:
        """[W] height of the floor of a storey of each wall."""
        above = np.asarray(storey)
        return self.floor + np.where(above > 0, self.ground_storey + (above - 1) * self.storey, 0.0)

    def window(self, storey: ArrayLike, /) -> tuple[Column, Column]:
        """[W], [W]: bottom and top of the windows of a storey of each wall."""
        level, is_shop = self.level(storey), self.is_shop & (np.asarray(storey) == 0)
        low = level + np.where(is_shop, 0.35, self.sill)
        return low, np.where(is_shop, level + self.ground_storey - 0.75, low + self.tall)

    def rooms(self, x: Span, z: Span, storey: NDArray, /) -> Floats:
        """[W, 4, 2]: uv of glass from x to x and z to z, all in one storey or in storeys of the same height: a room a bay."""
        u = tuple((self.room + 17 * self.side + (one - EDGE_M) / self.bay) * ROOM_WIDTH for one in x)
        height = np.where(storey > 0, self.storey, self.ground_storey)
        v = tuple((self.room % 89 + storey + (one - self.level(storey)) / height) * ROOM_HEIGHT for one in z)
        return rectangle_uv((u[0], u[1]), (v[0], v[1]))


def walls_of(boxes: HouseBoxes, looks: Looks, /) -> Walls:
    box, side = ragged(np.full(len(boxes.owner), 4))
    is_seen = boxes.walls[box, side] != HIDDEN
    box, side = box[is_seen], side[is_seen]
    owner, kind = boxes.owner[box], boxes.walls[box, side]
    wide, deep, zero = boxes.width[box], boxes.depth[box], np.zeros(len(box))
    corner = boxes.frames.of(box).moved(np.choose(side, [zero, wide, wide, zero]), np.choose(side, [zero, zero, deep, deep]))
    quarter = np.choose(side[:, None], [corner.along, corner.turned().along, -corner.along, -corner.turned().along])
    length = np.where(side % 2 == 0, wide, deep)
    bays = np.maximum(1, np.rint((length - 2 * EDGE_M) / looks.bay[owner])).astype(np.int64)
    return Walls(
        owner=owner,
        frames=UprightFrames(corner.origin, quarter),
        length=length,
        bottom=boxes.bottom[box],
        floor=boxes.floor[box],
        top=boxes.top[box],
        storeys=boxes.storeys[box],
        storey=looks.storey[owner],
        ground_storey=boxes.ground_storey[box],
        kind=kind,
        side=side,
        turns=np.stack([boxes.walls[box, (side + step) % 4] >= FLAT for step in (3, 1)], axis=1),
        is_body=boxes.is_body[box],
        bays=bays,
        bay=(length - 2 * EDGE_M) / bays,
        glazed=looks.glazed[owner],
        is_shop=looks.is_shop[owner] & (kind == DEEP),
        sill=looks.sill[owner],
        tall=looks.tall[owner],
        room=looks.room[owner],
    )


def piers_of(walls: Walls, looks: Looks, /) -> tuple[Numbers, Numbers, Column, Column, Column]:
    """(wall, number, from, to, y) of the upright pieces of wall between windows."""
    row, pier = ragged(walls.bays + 1)
    half = (walls.bay * (1.0 - walls.glazed) / 2.0)[row]
    middle = EDGE_M + pier * walls.bay[row]
    is_first, is_last = pier == 0, pier == walls.bays[row]
    y = looks.pier[walls.owner[row]]
    y = np.where(is_first | is_last | (walls.kind[row] == FLAT), np.maximum(y, LEAST_M), y)
    # Round a corner both walls lie equally far back, and meet there.
    left = np.where(is_first, np.where(walls.turns[row, 0], y, 0.0), middle - half)
    right = np.where(is_last, walls.length[row] - np.where(walls.turns[row, 1], y, 0.0), middle + half)
    return row, pier, left, right, y


@dataclass(frozen=True, slots=True, eq=False)
class Roofs:
    """R pitched roofs, in frames whose x runs along the ridge. metres

    length, span     along the ridge and across; eaves, ridge: heights
    eave             [R, 2] how far the roof stands out before and behind
    hip              [R, 2] how far the ridge ends before the left and the right end: 0 is a gable
    is_along_street  the ridge runs along the street
    """

    owner: Numbers
    frames: UprightFrames
    length: Column
    span: Column
    eaves: Column
    ridge: Column
    eave: Column
    hip: Column
    is_along_street: Flags


def roofs_of(bodies: HouseBoxes, houses: Houses, chance: Chance, /) -> Roofs:
    owner, wide, deep = bodies.owner, bodies.width, bodies.depth
    is_open = houses.is_open[owner]
    is_turned = (wide < 1.15 * deep) & (chance(40)[owner] < 0.3)
    across = bodies.frames.moved(wide, np.zeros(len(owner))).turned()
    frames = UprightFrames(*(np.where(is_turned[:, None], *pair) for pair in (
        (across.origin, bodies.frames.origin), (across.along, bodies.frames.along))))  # fmt: skip
    length, span = np.where(is_turned, deep, wide), np.where(is_turned, wide, deep)
    is_hipped = ~is_turned & (chance(42)[owner] < 0.35)
    return Roofs(
        owner=owner,
        frames=frames,
        length=length,
        span=span,
        eaves=bodies.eaves,
        ridge=bodies.eaves + span / 2 * np.tan(np.radians(28.0 + 22.0 * chance(41)[owner])),
        eave=np.where(is_turned[:, None], np.where(is_open[:, ::-1], 0.35, 0.0), 0.5),
        hip=np.where(is_hipped[:, None] & is_open, np.minimum(span / 2, 0.4 * length)[:, None], 0.0),
        is_along_street=~is_turned,
    )

"""Town houses by the thousand, all made together as columns: no line here runs once for each house.

A house is a few upright boxes (its body, perhaps a lower wing behind and a top storey set back), each with four walls and a
roof. What is drawn of a wall depends on where it stands: windows with real depth at a street, flat ones over a court, none
against a neighbour. Where houses stand is geometry/lots.py's; what the ground is like between them is the caller's."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.lots import Column, Houses, Numbers, ragged
from vrclient.geometry.mesh import Floats
from vrclient.geometry.quad_table import (
    Frames,
    QuadTable,
    facing_back,
    facing_down,
    facing_front,
    facing_left,
    facing_right,
    facing_up,
    meshes_by_group,
    placed_quads,
    rectangle_uv,
    triangles,
)
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Material, Surface
from vrclient.scene.element import Ground

Flags = NDArray[np.bool_]
Span = tuple[Column | float, Column | float]
Layer = Literal["wall", "tiles", "glass", "shop"]

INSIDE_M = 0.3
"""So far inside its footprint and below its eaves a body is behind walls and glass everywhere."""
_FOOTING_M = 0.6
_LEAST_M = 0.03
"""Between faces one behind the other, so that they stay apart on the screen."""
_EDGE_M = 0.35
"""From the end of a wall to its first bay."""
_ROOM_WIDTH, _ROOM_HEIGHT = 3.6, 4.0
"""The glass shader's rooms: its uv count one behind each window."""
_TILES = np.array([4.0, 0.5])
"""Makes roof tiles of the pattern `wood`."""
_COLORS = (
    "#e2dccf", "#d6ccba", "#cbc2b1", "#ddcfb5", "#d0b793", "#c2a585", "#cdb2a2", "#b9bdb3", "#c2c6c8", "#b3ada2",
    "#e4e0d7", "#a39b8e", "#8d6353", "#7c5548", "#977060", "#8a7466", "#a3a19b", "#908f8b", "#c9bfa0", "#b5a58c",
)  # fmt: skip
_ROOF_COLORS = ("#8a4f3a", "#7a4636", "#9c5f45", "#5b5653", "#4d4f52", "#6e5d50")
_FLAT_ROOFS = ("#8d8a84", "#77756f", "#9b958a", "#6b6c6d", "#a7a39a")
_PAINTS = ("#6f322d", "#2f4a3c", "#2c3f57", "#80652f", "#5a4636", "#37393b")
_CLOTHS = ("#7c3f38", "#3f5c50", "#46586f", "#a58a5c", "#b9b2a4", "#8a8f93")
_GLASS = "#8fa6a8"
_GLASS_FROM_AFAR = np.array([0.085, 0.10, 0.11])
"""How windows look by day: dark rooms and some sky."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the houses of a quarter have in common.

    storeys          least and most; storey_height: usual metres
    pitched, shops   shares of houses with a pitched roof, and with a shop on the ground floor
    colors, roof_colors   '#rrggbb' of walls and pitched roofs; None: those of the trade
    lit_ratio        share of rooms that are lit after dark
    """

    storeys: tuple[int, int] = (2, 7)
    storey_height: float = 3.2
    pitched: float = 0.5
    shops: float = 0.3
    colors: tuple[str, ...] | None = None
    roof_colors: tuple[str, ...] | None = None
    lit_ratio: float = 0.35
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Townhouses:
    """Surfaces, near and far: one for each cell and finish. bottom, eaves [N] metres: from where to where walls stand."""

    near: tuple[Surface, ...]
    far: tuple[Surface, ...]
    bottom: Column
    eaves: Column


def townhouses(houses: Houses, style: Style, ground: Ground, cell: Numbers, /) -> Townhouses:
    """Houses that stand on the ground. cell [N]: houses with the same number share their surfaces."""
    chance = _Chance(houses, style.seed)
    looks = _looks(style, houses, chance, ground)
    bodies, attics = _bodies(houses, looks, chance), _attics(houses, looks, chance)
    boxes = _joined(bodies, _wings(houses, looks, chance), attics)
    walls, flat = _walls(boxes, looks), boxes.only(~boxes.is_pitched)
    roofs = _roofs(bodies.only(bodies.is_pitched), houses, chance)
    has_attic = np.zeros(len(houses.width), bool)
    has_attic[attics.owner] = True

    near = _Faces()
    blank, fronts = walls.only(walls.kind == _BLANK), walls.only(walls.kind == _DEEP)
    _add_solid_walls(blank, looks.wall[blank.owner], near)
    _add_openings(walls.only(walls.kind >= _FLAT), looks, near)
    _add_reveals(fronts, looks, near)
    _add_trimmings(fronts, looks, near)
    _add_fronts(fronts, looks, chance, near)
    _add_flat_roofs(flat, has_attic, looks, chance, near)
    _add_slopes(roofs, looks, near, "tiles")
    _add_roof_details(roofs, looks, chance, near)

    far = _Faces()
    _add_distant_walls(walls, looks, far)
    covering = facing_up((0.0, flat.width), (0.0, flat.depth), flat.top)
    far.add("wall", flat.frames, covering, looks.flat_roof[flat.owner], flat.owner)
    _add_slopes(roofs, looks, far, "wall")
    return Townhouses(near.surfaces(cell, style), far.surfaces(cell, style), looks.bottom, looks.eaves)


# What they are like.


class _Chance:
    """Numbers 0..1 for each house; another channel, other numbers."""

    def __init__(self, houses: Houses, seed: int) -> None:
        self._number, self._block, self._seed = houses.number, houses.block, seed

    def __call__(self, channel: int, /) -> Column:
        return hashed(self._number, seed=self._seed, channel=channel)

    def of_block(self, channel: int, /) -> Column:
        """The same for all houses of a block."""
        return hashed(self._block, seed=self._seed, channel=channel)

    def between(self, low: float, high: float, channel: int, /) -> Column:
        return low + (high - low) * self(channel)

    def color(self, names: tuple[str, ...], channel: int, /, *, varied: float = 0.0) -> Column:
        """[N, 3] linear: one of the colours, a little lighter or darker, warmer or colder. Takes three channels."""
        picked = np.array([linear_color(name) for name in names])[(len(names) * self(channel)).astype(int)]
        warmth = 0.35 * varied * (2 * self(channel + 1) - 1)
        shade = 1.0 + varied * (2 * self(channel + 2) - 1)
        return np.clip(picked * shade[:, None] * np.stack([1 + warmth, np.ones_like(warmth), 1 - warmth], axis=1), 0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """Choices for each of N houses: [N] metres, [N, 3] linear RGB.

    bottom, floor    where its walls begin in the ground, and its lowest floor
    storeys, storey, ground_storey   how many, and how high
    bay, glazed      usual width of a bay, and the share of it that is window
    sill, tall       where windows begin above the floor, and their height
    recess, pier     how far windows and piers lie behind the wall's face; piers never in it, some stand out of it
    has_courses      bands between its storeys
    room             number of its first room for the glass shader, so that each house is lit in its own way
    """

    bottom: Column
    floor: Column
    storeys: Numbers
    storey: Column
    ground_storey: Column
    is_pitched: Flags
    is_shop: Flags
    bay: Column
    glazed: Column
    sill: Column
    tall: Column
    recess: Column
    pier: Column
    parapet: Column
    has_courses: Flags
    wall: Column
    trim: Column
    roof: Column
    flat_roof: Column
    paint: Column
    room: Numbers

    @property
    def eaves(self) -> Column:
        """Where the roofs begin."""
        return self.floor + self.ground_storey + (self.storeys - 1) * self.storey


def _looks(style: Style, houses: Houses, chance: _Chance, ground: Ground, /) -> _Looks:
    under = ground.height(houses.footprints())
    low, high = style.storeys
    tallness = np.clip(0.5 * chance.of_block(0) + 0.75 * chance(1) - 0.125, 0.0, 1.0) ** 1.25
    storeys = low + np.minimum(((high - low + 1) * tallness).astype(np.int64), high - low)
    is_pitched = (chance(2) < style.pitched) & (storeys <= max(6, low))
    is_shop = chance(3) < style.shops
    storey = style.storey_height * chance.between(0.95, 1.08, 4)
    is_modern = ~is_pitched & (chance(5) < 0.4)
    is_french = ~is_modern & (chance(6) < 0.3)
    sill = np.minimum(np.where(is_french, 0.12, np.where(is_modern, 0.62, 0.9)), 0.3 * storey)
    relief = chance(7)
    wall = chance.color(style.colors or _COLORS, 13, varied=0.0 if style.colors else 0.1)
    is_trimmed = ~is_modern & (chance(26) < 0.6)
    return _Looks(
        bottom=under.min(axis=1) - _FOOTING_M,
        floor=under.max(axis=1) + 0.1,
        storeys=storeys,
        storey=storey,
        ground_storey=storey + np.where(is_shop, 0.75, np.where(is_pitched, 0.1, 0.3)),
        is_pitched=is_pitched,
        is_shop=is_shop,
        bay=np.where(is_modern, chance.between(3.1, 4.4, 8), chance.between(2.7, 3.5, 8)),
        glazed=np.where(is_modern, chance.between(0.55, 0.86, 9), chance.between(0.34, 0.5, 9)),
        sill=sill,
        tall=np.minimum(chance.between(1.45, 1.75, 10) + np.where(is_french, 0.6, 0.0), storey - sill - 0.35),
        recess=chance.between(0.14, 0.26, 11),
        pier=np.where(relief < 0.25, -0.09, np.where((relief > 0.75) | (is_modern & (relief > 0.5)), 0.08, _LEAST_M)),
        parapet=chance.between(0.35, 1.05, 12),
        has_courses=~is_modern & (relief < 0.75) & (chance(27) < 0.55),
        wall=wall,
        trim=np.where(is_trimmed[:, None], 0.25 * wall + 0.75 * np.array(linear_color("#e4e0d6")), 0.92 * wall),
        roof=chance.color(style.roof_colors or _ROOF_COLORS, 16, varied=0.0 if style.roof_colors else 0.1),
        flat_roof=chance.color(_FLAT_ROOFS, 19, varied=0.08),
        paint=chance.color(_PAINTS, 22, varied=0.15),
        room=(240 * chance(25)).astype(np.int64),
    )


_HIDDEN, _BLANK, _FLAT, _DEEP = range(4)
"""What is drawn of a wall: nothing; no windows; windows; windows with the sides of their openings."""


@dataclass(frozen=True, slots=True, eq=False)
class _Boxes:
    """B upright boxes, in frames at their front left corners; the first N are the houses' bodies.

    owner            which house
    width, depth     metres; storeys, ground_storey: how many, and how high the lowest is
    bottom, floor    where walls begin, and the lowest storey does
    eaves, top       where the roof begins, and the walls end
    walls            [B, 4] front, right, back, left: _HIDDEN, ...
    """

    owner: Numbers
    frames: Frames
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

    def only(self, rows: NDArray, /) -> "_Boxes":
        """Some of them."""
        return _Boxes(
            *(getattr(self, name).of(rows) if name == "frames" else getattr(self, name)[rows] for name in self.__slots__)
        )


def _bodies(houses: Houses, looks: _Looks, chance: _Chance, /) -> _Boxes:
    everyone = np.arange(len(houses.width))
    over_court = houses.is_open & (chance(30) < 0.35)[:, None]
    flank = np.where(houses.at_street, _DEEP, np.where(over_court, _FLAT, _BLANK))
    return _Boxes(
        owner=everyone,
        frames=Frames(houses.origin, houses.along),
        width=houses.width,
        depth=houses.depth,
        storeys=looks.storeys,
        ground_storey=looks.ground_storey,
        bottom=looks.bottom,
        floor=looks.floor,
        eaves=looks.eaves,
        top=looks.eaves + np.where(looks.is_pitched, 0.0, looks.parapet),
        walls=np.stack([np.full(len(everyone), _DEEP), flank[:, 1], np.full(len(everyone), _FLAT), flank[:, 0]], axis=1),
        is_body=np.ones(len(everyone), bool),
        is_pitched=looks.is_pitched,
    )


def _wings(houses: Houses, looks: _Looks, chance: _Chance, /) -> _Boxes:
    """Lower parts behind; they show windows to their own court."""
    owner = np.flatnonzero(houses.wing[:, 2] > 0)
    first, last, deep = houses.wing[owner].T
    storeys = np.maximum(1, looks.storeys[owner] - 1 - (2.5 * chance(31)[owner]).astype(np.int64))
    eaves = looks.floor[owner] + looks.ground_storey[owner] + (storeys - 1) * looks.storey[owner]
    is_left = first <= 0
    walls = [np.full(len(owner), _HIDDEN), np.where(is_left, _FLAT, _BLANK), np.full(len(owner), _FLAT)]
    return _Boxes(
        owner=owner,
        frames=Frames(houses.origin, houses.along).of(owner).moved(first, houses.depth[owner]),
        width=last - first,
        depth=deep,
        storeys=storeys,
        ground_storey=looks.ground_storey[owner],
        bottom=looks.bottom[owner],
        floor=looks.floor[owner],
        eaves=eaves,
        top=eaves + 0.3,
        walls=np.stack([*walls, np.where(is_left, _BLANK, _FLAT)], axis=1),
        is_body=np.zeros(len(owner), bool),
        is_pitched=np.zeros(len(owner), bool),
    )


def _attics(houses: Houses, looks: _Looks, chance: _Chance, /) -> _Boxes:
    """One storey more on flat roofs, set back."""
    roomy = (houses.depth > 8.0) & (houses.width > 7.0)
    owner = np.flatnonzero(~looks.is_pitched & roomy & (chance(32) < 0.35))
    back, (left, right) = chance.between(1.4, 2.6, 33)[owner], np.where(houses.is_open[owner], 1.3, 0.3).T
    floor, high = looks.eaves[owner] + 0.1, 0.95 * looks.storey[owner]
    return _Boxes(
        owner=owner,
        frames=Frames(houses.origin, houses.along).of(owner).moved(left, back),
        width=houses.width[owner] - left - right,
        depth=houses.depth[owner] - 2 * back,
        storeys=np.ones(len(owner), np.int64),
        ground_storey=high,
        bottom=looks.eaves[owner],
        floor=floor,
        eaves=floor + high,
        top=floor + high,
        walls=np.tile([_FLAT, _BLANK, _FLAT, _BLANK], (len(owner), 1)),
        is_body=np.zeros(len(owner), bool),
        is_pitched=np.zeros(len(owner), bool),
    )


def _joined(*parts: _Boxes) -> _Boxes:
    origin, along = (np.concatenate([getattr(part.frames, axis) for part in parts]) for axis in ("origin", "along"))
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _Boxes.__slots__ if name != "frames"}
    return _Boxes(frames=Frames(origin, along), **columns)


@dataclass(frozen=True, slots=True, eq=False)
class _Walls:
    """W walls, in frames of their own: x along the wall as seen from outside, y inwards. As in _Boxes and _Looks, and

    kind           _BLANK, _FLAT or _DEEP; side: 0 front, 1 right, 2 back, 3 left
    turns          [W, 2] the wall before it, and the one after it, has windows too
    bays, bay      how many, and how wide
    is_shop        the lowest storey is a shop's front
    """

    owner: Numbers
    frames: Frames
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

    def only(self, rows: NDArray, /) -> "_Walls":
        """Some of them."""
        return _Walls(
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
        u = tuple((self.room + 17 * self.side + (one - _EDGE_M) / self.bay) * _ROOM_WIDTH for one in x)
        height = np.where(storey > 0, self.storey, self.ground_storey)
        v = tuple((self.room % 89 + storey + (one - self.level(storey)) / height) * _ROOM_HEIGHT for one in z)
        return rectangle_uv((u[0], u[1]), (v[0], v[1]))


def _walls(boxes: _Boxes, looks: _Looks, /) -> _Walls:
    box, side = ragged(np.full(len(boxes.owner), 4))
    is_seen = boxes.walls[box, side] != _HIDDEN
    box, side = box[is_seen], side[is_seen]
    owner, kind = boxes.owner[box], boxes.walls[box, side]
    wide, deep, zero = boxes.width[box], boxes.depth[box], np.zeros(len(box))
    corner = boxes.frames.of(box).moved(np.choose(side, [zero, wide, wide, zero]), np.choose(side, [zero, zero, deep, deep]))
    quarter = np.choose(side[:, None], [corner.along, corner.turned().along, -corner.along, -corner.turned().along])
    length = np.where(side % 2 == 0, wide, deep)
    bays = np.maximum(1, np.rint((length - 2 * _EDGE_M) / looks.bay[owner])).astype(np.int64)
    return _Walls(
        owner=owner,
        frames=Frames(corner.origin, quarter),
        length=length,
        bottom=boxes.bottom[box],
        floor=boxes.floor[box],
        top=boxes.top[box],
        storeys=boxes.storeys[box],
        storey=looks.storey[owner],
        ground_storey=boxes.ground_storey[box],
        kind=kind,
        side=side,
        turns=np.stack([boxes.walls[box, (side + step) % 4] >= _FLAT for step in (3, 1)], axis=1),
        is_body=boxes.is_body[box],
        bays=bays,
        bay=(length - 2 * _EDGE_M) / bays,
        glazed=looks.glazed[owner],
        is_shop=looks.is_shop[owner] & (kind == _DEEP),
        sill=looks.sill[owner],
        tall=looks.tall[owner],
        room=looks.room[owner],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Roofs:
    """R pitched roofs, in frames whose x runs along the ridge. metres

    length, span     along the ridge and across; eaves, ridge: heights
    eave             [R, 2] how far the roof stands out before and behind
    hip              [R, 2] how far the ridge ends before the left and the right end: 0 is a gable
    is_along_street  the ridge runs along the street
    """

    owner: Numbers
    frames: Frames
    length: Column
    span: Column
    eaves: Column
    ridge: Column
    eave: Column
    hip: Column
    is_along_street: Flags


def _roofs(bodies: _Boxes, houses: Houses, chance: _Chance, /) -> _Roofs:
    owner, wide, deep = bodies.owner, bodies.width, bodies.depth
    is_open = houses.is_open[owner]
    is_turned = (wide < 1.15 * deep) & (chance(40)[owner] < 0.3)
    across = bodies.frames.moved(wide, np.zeros(len(owner))).turned()
    frames = Frames(*(np.where(is_turned[:, None], *pair) for pair in (
        (across.origin, bodies.frames.origin), (across.along, bodies.frames.along))))  # fmt: skip
    length, span = np.where(is_turned, deep, wide), np.where(is_turned, wide, deep)
    is_hipped = ~is_turned & (chance(42)[owner] < 0.35)
    return _Roofs(
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


# What is drawn of them. Every function adds the faces of all houses at once.


class _Faces:
    """Collects faces by layer."""

    def __init__(self) -> None:
        self._tables: dict[Layer, list[QuadTable]] = {"wall": [], "tiles": [], "glass": [], "shop": []}

    def add(
        self, layer: Layer, frames: Frames, corner: Floats, color: ArrayLike, owner: Numbers, uv: ArrayLike | None = None, /
    ) -> None:
        if len(owner):
            self._tables[layer].append(placed_quads(frames, corner, color=color, owner=owner, uv=uv))

    def add_block(self, frames: Frames, x: Span, y: Span, z: Span, color: Column, owner: Numbers, /) -> None:
        """Boxes without a bottom."""
        for corner in (facing_front(x, z, y[0]), facing_back(x, z, y[1]), facing_left(y, z, x[0]), facing_right(y, z, x[1])):
            self.add("wall", frames, corner, color, owner)
        self.add("wall", frames, facing_up(x, y, z[1]), color, owner)

    def surfaces(self, cell: Numbers, style: Style, /) -> tuple[Surface, ...]:
        """One surface for each layer and cell; cell [N] of each house."""
        white, glass = (1.0, 1.0, 1.0), linear_color(_GLASS)
        materials: dict[Layer, Material] = {
            "wall": Material(color=white, roughness=0.85, pattern="concrete"),
            "tiles": Material(color=white, roughness=0.8, pattern="wood"),
            "glass": Material("glass", glass, roughness=0.06, pattern="rooms", lit_ratio=style.lit_ratio),
            "shop": Material("glass", glass, roughness=0.06, pattern="rooms", lit_ratio=min(2.4 * style.lit_ratio, 1.0)),
        }
        return tuple(
            Surface(shape, materials[layer])
            for layer, tables in self._tables.items()
            for _, shape in meshes_by_group(tables, cell)
        )


def _add_solid_walls(walls: _Walls, color: Column, faces: _Faces, /) -> None:
    corner = facing_front((0.0, walls.length), (walls.bottom, walls.top), 0.0)
    faces.add("wall", walls.frames, corner, color, walls.owner)


def _add_openings(walls: _Walls, looks: _Looks, faces: _Faces, /) -> None:
    """Walls with windows: one or two large panes, and before them the bands between storeys and the piers between bays."""
    row, is_upper = ragged(np.where(walls.storeys > 1, 2, 1))
    mine = walls.only(row)
    low = np.where(is_upper == 1, mine.level(1), mine.floor - 0.3)
    high = np.where((is_upper == 0) & (mine.storeys > 1), mine.level(1), mine.window(mine.storeys - 1)[1] + 0.1)
    behind = looks.recess[mine.owner]
    x = (behind, mine.length - behind)
    pane, uv = facing_front(x, (low, high), behind), mine.rooms(x, (low, high), is_upper)
    is_shop = mine.is_shop & (is_upper == 0)
    layers: tuple[tuple[Layer, Flags], ...] = (("shop", is_shop), ("glass", ~is_shop))
    for layer, rows in layers:
        faces.add(layer, mine.frames.of(rows), pane[rows], (1.0, 1.0, 1.0), mine.owner[rows], uv[rows])

    # Long bands over courts are halved: neighbours darken their ends, and should not darken the whole.
    halves = np.where((walls.kind == _FLAT) & (walls.length > 7.0), 2, 1)
    row, number = ragged((walls.storeys + 1) * halves)
    mine = walls.only(row)
    band, left = number // halves[row], number % halves[row] * mine.length / 2
    low = np.where(band == 0, mine.bottom, mine.window(np.maximum(band - 1, 0))[1])
    high = np.where(band == mine.storeys, mine.top, mine.window(np.minimum(band, mine.storeys - 1))[0])
    corner = facing_front((left, left + mine.length / halves[row]), (low, high), 0.0)
    faces.add("wall", mine.frames, corner, looks.wall[mine.owner], mine.owner)

    row, _, start, end, y = _piers(walls, looks)
    mine = walls.only(row)
    low = np.where(y < 0, mine.bottom, mine.window(0)[0])
    corner = facing_front((start, end), (low, mine.window(mine.storeys - 1)[1]), y)
    faces.add("wall", mine.frames, corner, looks.wall[mine.owner], mine.owner)


def _piers(walls: _Walls, looks: _Looks, /) -> tuple[Numbers, Numbers, Column, Column, Column]:
    """(wall, number, from, to, y) of the upright pieces of wall between windows."""
    row, pier = ragged(walls.bays + 1)
    half = (walls.bay * (1.0 - walls.glazed) / 2.0)[row]
    middle = _EDGE_M + pier * walls.bay[row]
    is_first, is_last = pier == 0, pier == walls.bays[row]
    y = looks.pier[walls.owner[row]]
    y = np.where(is_first | is_last | (walls.kind[row] == _FLAT), np.maximum(y, _LEAST_M), y)
    # Round a corner both walls lie equally far back, and meet there.
    left = np.where(is_first, np.where(walls.turns[row, 0], y, 0.0), middle - half)
    right = np.where(is_last, walls.length[row] - np.where(walls.turns[row, 1], y, 0.0), middle + half)
    return row, pier, left, right, y


def _add_reveals(walls: _Walls, looks: _Looks, faces: _Faces, /) -> None:
    """The sides of the openings, and the lowest sills, which one looks down on."""
    row, pier, left, right, y = _piers(walls, looks)
    for keep, x, face in ((pier < walls.bays[row], right, facing_right), (pier > 0, left, facing_left)):
        mine = walls.only(row[keep])
        low = np.where(y[keep] < 0, mine.bottom, mine.window(0)[0])
        corner = face((y[keep], looks.recess[mine.owner]), (low, mine.window(mine.storeys - 1)[1]), x[keep])
        faces.add("wall", mine.frames, corner, looks.trim[mine.owner], mine.owner)
    row, storey = ragged(walls.storeys)
    for mine, z, level in (
        (walls.only(row), walls.only(row).window(storey)[1], facing_down),
        (walls, walls.window(0)[0], facing_up),
    ):
        corner = level((0.0, mine.length), (0.0, looks.recess[mine.owner]), z)
        faces.add("wall", mine.frames, corner, looks.trim[mine.owner], mine.owner)


def _add_trimmings(walls: _Walls, looks: _Looks, faces: _Faces, /) -> None:
    """Plinths, courses between storeys, cornices."""
    owner = walls.owner
    away = np.minimum(looks.pier[owner], 0.0) - 0.05
    plinth = facing_front((0.0, walls.length), (walls.bottom, walls.floor + 0.25), away)
    faces.add("wall", walls.frames, plinth, 0.55 * looks.wall[owner] + 0.04, owner)
    row, storey = ragged(np.where(looks.has_courses[owner], walls.storeys - 1, 0))
    mine = walls.only(row)
    level = mine.level(storey + 1)
    course = facing_front((0.0, mine.length), (level - 0.12, level + 0.1), away[row])
    faces.add("wall", mine.frames, course, looks.trim[mine.owner], mine.owner)
    mine = walls.only((walls.side == 0) & ~looks.is_pitched[owner] & (looks.room[owner] % 10 < 6))
    color = np.minimum(1.08 * looks.wall[mine.owner], 1.0)
    x, y, z = (0.0, mine.length), (-0.32, 0.0), (mine.top - 0.42, mine.top - 0.04)
    for corner in (facing_front(x, z, y[0]), facing_up(x, y, z[1]), facing_down(x, y, z[0])):
        faces.add("wall", mine.frames, corner, color, mine.owner)
    for corner in (facing_left(y, z, x[0]), facing_right(y, z, x[1])):
        faces.add("wall", mine.frames, corner, color, mine.owner)


def _add_fronts(walls: _Walls, looks: _Looks, chance: _Chance, faces: _Faces, /) -> None:
    """Doors, signs and awnings of shops, balconies."""
    out = np.maximum(-looks.pier, 0.0)

    mine = walls.only(~walls.is_shop)
    bay = np.minimum((mine.bays * chance(50)[mine.owner]).astype(np.int64), mine.bays - 1)
    middle, half = _EDGE_M + (bay + 0.5) * mine.bay, np.maximum(mine.bay * mine.glazed / 2, 0.55)
    door = facing_front(
        (middle - half, middle + half),
        (mine.floor - 0.15, np.maximum(mine.window(0)[1], mine.floor + 2.2)),
        -out[mine.owner] - 0.08,
    )
    faces.add("wall", mine.frames, door, 0.8 * looks.paint[mine.owner], mine.owner)

    mine = walls.only(walls.is_shop)
    lintel, face = mine.level(1), -out[mine.owner] - 0.12
    x = (0.3, mine.length - 0.3)
    sign = facing_front(x, (lintel - 0.67, lintel - 0.05), face)
    faces.add("wall", mine.frames, sign, looks.paint[mine.owner], mine.owner)
    faces.add("wall", mine.frames, facing_down(x, (face, 0.0), lintel - 0.67), looks.paint[mine.owner], mine.owner)

    mine = mine.only(chance(51)[mine.owner] < 0.45)
    lintel, face = mine.level(1) - 0.7, -out[mine.owner] - 0.1
    x = (0.5, mine.length - 0.5)
    cloth = facing_up(x, (face - 1.15, face), lintel)
    cloth[:, :2, 2] -= 0.5
    color = chance.color(_CLOTHS, 52, varied=0.12)[mine.owner]
    faces.add("wall", mine.frames, cloth, color, mine.owner)
    faces.add("wall", mine.frames, cloth[:, ::-1], 0.7 * color, mine.owner)
    faces.add("wall", mine.frames, facing_front(x, (lintel - 0.75, lintel - 0.5), face - 1.15), color, mine.owner)

    has = (walls.side == 0) & (walls.storeys >= 3) & (walls.bays >= 2) & (chance(56)[walls.owner] < 0.2)
    row, storey = ragged(np.where(has, walls.storeys - 1, 0))
    mine = walls.only(row)
    first = (chance(57)[mine.owner] * (mine.bays - 1)).astype(np.int64)
    x0 = _EDGE_M + first * mine.bay + 0.15
    x1 = x0 + mine.bay * np.where(chance(58)[mine.owner] < 0.4, 2, 1) - 0.3
    level, y = mine.level(storey + 1), (-1.0, 0.0)
    z = (level - 0.16, level + 0.95)
    light, dark = 0.5 * looks.wall + 0.3, 0.7 * looks.paint + 0.03
    color = np.where((chance(59) < 0.5)[:, None], light, dark)[mine.owner]
    for corner in (facing_front((x0, x1), z, y[0]), facing_left(y, z, x0), facing_right(y, z, x1)):
        faces.add("wall", mine.frames, corner, color, mine.owner)
    for corner in (facing_down((x0, x1), y, z[0]), facing_up((x0, x1), y, level + 0.03)):
        faces.add("wall", mine.frames, corner, color, mine.owner)


def _add_flat_roofs(boxes: _Boxes, has_attic: Flags, looks: _Looks, chance: _Chance, faces: _Faces, /) -> None:
    """Coverings; on bodies parapets, stair heads and machines."""
    rim = np.where(boxes.is_body, 0.25, 0.0)
    level = np.where(boxes.is_body, boxes.eaves, boxes.top)
    corner = facing_up((rim, boxes.width - rim), (rim, boxes.depth - rim), level)
    faces.add("wall", boxes.frames, corner, looks.flat_roof[boxes.owner], boxes.owner)

    mine = boxes.only(boxes.is_body)
    wall, z, t = looks.wall[mine.owner], (mine.eaves, mine.top), 0.25
    wide, deep = mine.width, mine.depth
    for x, y in (
        ((0.0, wide), (0.0, t)),
        ((0.0, wide), (deep - t, deep)),
        ((0.0, t), (t, deep - t)),
        ((wide - t, wide), (t, deep - t)),
    ):
        faces.add("wall", mine.frames, facing_up(x, y, mine.top), np.minimum(1.03 * wall, 1.0), mine.owner)
    inner_x, inner_y = (t, wide - t), (t, deep - t)
    for corner in (
        facing_front(inner_x, z, deep - t),
        facing_back(inner_x, z, t),
        facing_left(inner_y, z, wide - t),
        facing_right(inner_y, z, t),
    ):
        faces.add("wall", mine.frames, corner, 0.9 * wall, mine.owner)

    is_roomy = ~has_attic[mine.owner] & (np.minimum(wide, deep) > 6.5) & (chance(60)[mine.owner] < 0.7)
    mine = mine.only(is_roomy)
    a, b = chance.between(1.8, 3.6, 61)[mine.owner], chance.between(1.8, 3.2, 62)[mine.owner]
    left = 1.4 + (mine.width - 2.8 - a) * chance(63)[mine.owner]
    front = 1.4 + (mine.depth - 2.8 - b) * chance(64)[mine.owner]
    high = mine.eaves + chance.between(1.2, 2.5, 66)[mine.owner]
    color = np.minimum(looks.flat_roof * chance.between(0.9, 1.4, 65)[:, None], 0.8)[mine.owner]
    faces.add_block(mine.frames, (left, left + a), (front, front + b), (mine.eaves - 0.1, high), color, mine.owner)


def _add_slopes(roofs: _Roofs, looks: _Looks, faces: _Faces, layer: Layer, /) -> None:
    """Both slopes and both ends. Tiles are planks cut short."""
    owner, middle, zero = roofs.owner, roofs.span / 2, np.zeros(len(roofs.owner))
    front, back = -roofs.eave[:, 0], roofs.span + roofs.eave[:, 1]
    left, right = roofs.hip[:, 0], roofs.length - roofs.hip[:, 1]
    a, b, c, d, e, f = (
        np.stack(np.broadcast_arrays(*place), axis=1)
        for place in (
            (zero, front, roofs.eaves),
            (roofs.length, front, roofs.eaves),
            (roofs.length, back, roofs.eaves),
            (zero, back, roofs.eaves),
            (left, middle, roofs.ridge),
            (right, middle, roofs.ridge),
        )
    )
    for corner, along, run in (
        ((a, b, f, e), (zero, roofs.length, right, left), middle - front),
        ((c, d, e, f), (roofs.length, zero, left, right), back - middle),
    ):
        up = np.hypot(roofs.ridge - roofs.eaves, run)
        uv = np.stack([np.stack(along, axis=1), np.stack([zero, zero, up, up], axis=1)], axis=2)
        faces.add(layer, roofs.frames, np.stack(corner, axis=1).astype(np.float32), looks.roof[owner], owner, uv * _TILES)
    for (first, second, third), hip in (((a, e, d), roofs.hip[:, 0]), ((c, f, b), roofs.hip[:, 1])):
        face = triangles(first, second, third)
        half = np.linalg.norm(first - third, axis=1) / 2
        up = np.hypot(roofs.ridge - roofs.eaves, hip)
        uv = np.stack([np.stack([zero, half, zero, -half], axis=1), np.stack([zero, zero, up, zero], axis=1)], axis=2)
        for rows, kind, color in ((hip > 0, layer, looks.roof), (hip <= 0, "wall", looks.wall)):
            mine = owner[rows]
            faces.add(kind, roofs.frames.of(rows), face[rows], color[mine], mine, uv[rows] * _TILES)


def _add_roof_details(roofs: _Roofs, looks: _Looks, chance: _Chance, faces: _Faces, /) -> None:
    """Soffits, chimneys, dormers."""
    before, behind = roofs.eave.T
    for rows, y in ((before > 0, (-before, 0.0)), (behind > 0, (roofs.span, roofs.span + behind))):
        corner = facing_down((0.0, roofs.length), y, roofs.eaves)[rows]
        mine = roofs.owner[rows]
        faces.add("wall", roofs.frames.of(rows), corner, 0.8 * looks.wall[mine] + 0.1, mine)

    rows = (chance(43)[roofs.owner] < 0.75) & (roofs.span > 4.0)
    mine, frames = roofs.owner[rows], roofs.frames.of(rows)
    left = roofs.length[rows] * (0.3 + 0.4 * chance(44)[mine]) - 0.4
    front = roofs.span[rows] / 2 + np.where(chance(45)[mine] < 0.5, 0.25, -1.05)
    brick = np.array(linear_color("#7d5446")) * (0.8 + 0.4 * chance(46)[mine])[:, None]
    x, y = (left, left + chance.between(0.7, 1.3, 47)[mine]), (front, front + 0.8)
    faces.add_block(frames, x, y, (roofs.ridge[rows] - 1.3, roofs.ridge[rows] + 0.8), brick, mine)

    rise = roofs.ridge - roofs.eaves
    slope = rise / (roofs.span / 2 + before)
    has = roofs.is_along_street & (chance(48)[roofs.owner] < 0.45) & (rise > 3.2)
    room = roofs.length - roofs.hip.sum(axis=1) - 1.0
    count = np.where(has, np.clip(np.floor(room / 3.6), 0, 4), 0).astype(np.int64)
    row, number = ragged(count)
    mine, frames = roofs.owner[row], roofs.frames.of(row)
    x0 = roofs.hip[row, 0] + 0.5 + room[row] * (number + 0.5) / count[row] - 0.75
    x1, y0 = x0 + 1.5, 0.5
    z0 = roofs.eaves[row] + (y0 + before[row]) * slope[row]
    z1, y1 = z0 + 1.55, y0 + 1.55 / slope[row]
    faces.add("wall", frames, facing_front((x0, x1), (z0, z1), y0), np.minimum(1.05 * looks.wall[mine], 1.0), mine)
    pane = facing_front((x0 + 0.16, x1 - 0.16), (z0 + 0.2, z1 - 0.16), y0 - 0.05)
    u = tuple((looks.room[mine] + 7 * number + side) * _ROOM_WIDTH for side in (0.2, 0.8))
    v = tuple((looks.room[mine] % 83 + side) * _ROOM_HEIGHT for side in (0.3, 0.8))
    faces.add("glass", frames, pane, (1.0, 1.0, 1.0), mine, rectangle_uv((u[0], u[1]), (v[0], v[1])))
    for x in (x0, x1):
        foot, behind_top, top = (np.stack(np.broadcast_arrays(x, *place), axis=1) for place in ((y0, z0), (y1, z1), (y0, z1)))
        corner = triangles(foot, behind_top, top) if x is x1 else triangles(behind_top, foot, top)
        faces.add("wall", frames, corner, 0.8 * looks.roof[mine], mine)
    faces.add("wall", frames, facing_up((x0 - 0.08, x1 + 0.08), (y0 - 0.12, y1), z1), looks.roof[mine], mine)


def _add_distant_walls(walls: _Walls, looks: _Looks, faces: _Faces, /) -> None:
    """Walls from afar, flat. At streets every second window is there, twice as wide, and lights up as the two do; other walls
    are of the mean colour of wall and windows."""
    share = (np.where(walls.kind == _FLAT, walls.glazed * walls.tall / walls.storey, 0.0))[:, None]
    _add_solid_walls(walls, looks.wall[walls.owner] * (1 - share) + _GLASS_FROM_AFAR * share, faces)
    columns = np.where(walls.glazed > 0.55, 1, np.minimum(walls.bays, np.maximum(2, (walls.bays + 1) // 2)))
    row, number = ragged(np.where(walls.kind == _DEEP, walls.storeys * columns, 0))
    mine, storey, column = walls.only(row), number // columns[row], number % columns[row]
    width = mine.bays * mine.bay / columns[row]
    middle = _EDGE_M + (column + 0.5) * width
    x, z = (middle - mine.glazed * width / 2, middle + mine.glazed * width / 2), mine.window(storey)
    faces.add("glass", mine.frames, facing_front(x, z, -0.1), (1.0, 1.0, 1.0), mine.owner, mine.rooms(x, z, storey))

"""What is drawn of town houses: the faces of their forms, near and far, collected by finish and dealt out into surfaces.

Every function adds the faces of all houses at once. What forms there are is forms.py's; which functions a house needs is
houses.py's."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from vrclient.geometry.lots import Column, Numbers, ragged
from vrclient.geometry.mesh import Floats
from vrclient.geometry.quad_table import (
    QuadTable,
    UprightFrames,
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
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Material, Surface
from vrclient.scene.townhouses.forms import DEEP, EDGE_M, FLAT, ROOM_HEIGHT, ROOM_WIDTH, HouseBoxes, Roofs, Span, Walls, piers_of
from vrclient.scene.townhouses.looks import Chance, Flags, Looks, Style

Layer = Literal["wall", "tiles", "glass", "shop"]

_TILES = np.array([4.0, 0.5])
"""Makes roof tiles of the pattern `wood`."""
_CLOTHS = ("#7c3f38", "#3f5c50", "#46586f", "#a58a5c", "#b9b2a4", "#8a8f93")
_GLASS = "#8fa6a8"
_GLASS_FROM_AFAR = np.array([0.085, 0.10, 0.11])
"""How windows look by day: dark rooms and some sky."""


class Faces:
    """Collects faces by layer."""

    def __init__(self) -> None:
        self._tables: dict[Layer, list[QuadTable]] = {"wall": [], "tiles": [], "glass": [], "shop": []}

    def add(
        self,
        layer: Layer,
        frames: UprightFrames,
        corner: Floats,
        color: ArrayLike,
        owner: Numbers,
        uv: ArrayLike | None = None,
        /,
    ) -> None:
        if len(owner):
            self._tables[layer].append(placed_quads(frames, corner, color=color, owner=owner, uv=uv))

    def add_block(self, frames: UprightFrames, x: Span, y: Span, z: Span, color: Column, owner: Numbers, /) -> None:
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


def add_solid_walls(walls: Walls, color: Column, faces: Faces, /) -> None:
    corner = facing_front((0.0, walls.length), (walls.bottom, walls.top), 0.0)
    faces.add("wall", walls.frames, corner, color, walls.owner)


def add_openings(walls: Walls, looks: Looks, faces: Faces, /) -> None:
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
    halves = np.where((walls.kind == FLAT) & (walls.length > 7.0), 2, 1)
    row, number = ragged((walls.storeys + 1) * halves)
    mine = walls.only(row)
    band, left = number // halves[row], number % halves[row] * mine.length / 2
    low = np.where(band == 0, mine.bottom, mine.window(np.maximum(band - 1, 0))[1])
    high = np.where(band == mine.storeys, mine.top, mine.window(np.minimum(band, mine.storeys - 1))[0])
    corner = facing_front((left, left + mine.length / halves[row]), (low, high), 0.0)
    faces.add("wall", mine.frames, corner, looks.wall[mine.owner], mine.owner)

    row, _, start, end, y = piers_of(walls, looks)
    mine = walls.only(row)
    low = np.where(y < 0, mine.bottom, mine.window(0)[0])
    corner = facing_front((start, end), (low, mine.window(mine.storeys - 1)[1]), y)
    faces.add("wall", mine.frames, corner, looks.wall[mine.owner], mine.owner)


def add_reveals(walls: Walls, looks: Looks, faces: Faces, /) -> None:
    """The sides of the openings, and the lowest sills, which one looks down on."""
    row, pier, left, right, y = piers_of(walls, looks)
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


def add_trimmings(walls: Walls, looks: Looks, faces: Faces, /) -> None:
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


def add_fronts(walls: Walls, looks: Looks, chance: Chance, faces: Faces, /) -> None:
    """Doors, signs and awnings of shops, balconies."""
    out = np.maximum(-looks.pier, 0.0)

    mine = walls.only(~walls.is_shop)
    bay = np.minimum((mine.bays * chance(50)[mine.owner]).astype(np.int64), mine.bays - 1)
    middle, half = EDGE_M + (bay + 0.5) * mine.bay, np.maximum(mine.bay * mine.glazed / 2, 0.55)
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
    x0 = EDGE_M + first * mine.bay + 0.15
    x1 = x0 + mine.bay * np.where(chance(58)[mine.owner] < 0.4, 2, 1) - 0.3
    level, y = mine.level(storey + 1), (-1.0, 0.0)
    z = (level - 0.16, level + 0.95)
    light, dark = 0.5 * looks.wall + 0.3, 0.7 * looks.paint + 0.03
    color = np.where((chance(59) < 0.5)[:, None], light, dark)[mine.owner]
    for corner in (facing_front((x0, x1), z, y[0]), facing_left(y, z, x0), facing_right(y, z, x1)):
        faces.add("wall", mine.frames, corner, color, mine.owner)
    for corner in (facing_down((x0, x1), y, z[0]), facing_up((x0, x1), y, level + 0.03)):
        faces.add("wall", mine.frames, corner, color, mine.owner)


def add_flat_roofs(boxes: HouseBoxes, has_attic: Flags, looks: Looks, chance: Chance, faces: Faces, /) -> None:
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


def add_slopes(roofs: Roofs, looks: Looks, faces: Faces, layer: Layer, /) -> None:
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


def add_roof_details(roofs: Roofs, looks: Looks, chance: Chance, faces: Faces, /) -> None:
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
    u = tuple((looks.room[mine] + 7 * number + side) * ROOM_WIDTH for side in (0.2, 0.8))
    v = tuple((looks.room[mine] % 83 + side) * ROOM_HEIGHT for side in (0.3, 0.8))
    faces.add("glass", frames, pane, (1.0, 1.0, 1.0), mine, rectangle_uv((u[0], u[1]), (v[0], v[1])))
    for x in (x0, x1):
        foot, behind_top, top = (np.stack(np.broadcast_arrays(x, *place), axis=1) for place in ((y0, z0), (y1, z1), (y0, z1)))
        corner = triangles(foot, behind_top, top) if x is x1 else triangles(behind_top, foot, top)
        faces.add("wall", frames, corner, 0.8 * looks.roof[mine], mine)
    faces.add("wall", frames, facing_up((x0 - 0.08, x1 + 0.08), (y0 - 0.12, y1), z1), looks.roof[mine], mine)


def add_distant_walls(walls: Walls, looks: Looks, faces: Faces, /) -> None:
    """Walls from afar, flat. At streets every second window is there, twice as wide, and lights up as the two do; other walls
    are of the mean colour of wall and windows."""
    share = (np.where(walls.kind == FLAT, walls.glazed * walls.tall / walls.storey, 0.0))[:, None]
    add_solid_walls(walls, looks.wall[walls.owner] * (1 - share) + _GLASS_FROM_AFAR * share, faces)
    columns = np.where(walls.glazed > 0.55, 1, np.minimum(walls.bays, np.maximum(2, (walls.bays + 1) // 2)))
    row, number = ragged(np.where(walls.kind == DEEP, walls.storeys * columns, 0))
    mine, storey, column = walls.only(row), number // columns[row], number % columns[row]
    width = mine.bays * mine.bay / columns[row]
    middle = EDGE_M + (column + 0.5) * width
    x, z = (middle - mine.glazed * width / 2, middle + mine.glazed * width / 2), mine.window(storey)
    faces.add("glass", mine.frames, facing_front(x, z, -0.1), (1.0, 1.0, 1.0), mine.owner, mine.rooms(x, z, storey))

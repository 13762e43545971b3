"""`room`: an interior, with walls, doors, glass fronts, skylights, a ceiling and a floor that visitors walk on.

How much daylight reaches each place of it is worked out in scene/interiors.py; it furnishes nothing."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import Points
from vrclient.geometry.extrusion import walls
from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Light, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground
from vrclient.scene.interiors import Daylight, Hole, WallEdge, bands, nearest_edge, oriented, outer_reach, wall_edges
from vrclient.scene.joinery import bar
from vrclient.scene.land import Claim, land
from vrclient.scene.polygons import Outline, Path, area_of, closed_path, flat_mesh, grown, holes_problem, polygons_in, rings_of
from vrclient.showcase.models import ElementModel, Height, HexColor, Model, Point, Ratio

_WALL_M, _SLAB_M = 0.5, 0.9
_GRID_M = 0.8
_MOST_WALLS, _LARGEST_M = 300, 300.0
_GLOW = {"floor": 0.26, "wall": 0.4, "ceiling": 0.42, "well": 0.4}
"""What faces shine by themselves, as a share of a white wall at noon: light that comes back from the other faces and from lamps,
which no daylight from outside accounts for."""
_LIFT_M = 0.04

Finish = Literal["plaster", "timber", "concrete", "stone", "terrazzo", "carpet", "metal"]
_LOOK: dict[str, tuple[str, float, Pattern]] = {
    "plaster": ("#f6efe4", 0.9, "plain"),
    "timber": ("#b88f61", 0.6, "wood"),
    "concrete": ("#bdbab3", 0.8, "concrete"),
    "stone": ("#cfc8bb", 0.5, "paving"),
    "terrazzo": ("#c9c0b0", 0.3, "plain"),
    "carpet": ("#6f7377", 0.97, "plain"),
    "metal": ("#a9adb0", 0.4, "metal"),
}


class RoomOpening(Model):
    """A door, a window or a glass front in a wall of the room."""

    at: Point = Field(description="Its middle, at the wall.", examples=[[0, -12]])
    width_m: Annotated[float, Field(ge=0.3, le=200.0)] = Field(2.0, description="How wide it is.")
    height_m: Annotated[float, Field(ge=0.3, le=60.0)] = Field(2.4, description="How high it is.")
    sill_m: Annotated[float, Field(ge=0.0, le=60.0)] = Field(0.0, description="Height of its lower edge above the floor.")
    glass: bool = Field(False, description="Whether it is glazed; a way through is open and has no sill.")
    bay_m: Annotated[float, Field(ge=0.4, le=20.0)] = Field(1.6, description="Of glass: from one mullion to the next.")


class RoomSkylight(Model):
    """An opening in the roof."""

    outline: Outline = Field(description="Its edge: points [east, north] in metres.")
    glazing: Literal["clear", "diffuse"] = Field(
        "clear", description="Clear: the sky is seen and the sun comes in. Diffuse: a bright even ceiling, as pictures like it."
    )


class Partition(Model):
    """A wall that stands in the room: booths and hanging walls are made of them."""

    path: Annotated[Path, Field(max_length=200)] = Field(description="Where it runs.")
    height_m: Annotated[float, Field(ge=0.3, le=60.0)] = Field(2.8, description="How high it is.")
    thickness_m: Annotated[float, Field(ge=0.02, le=2.0)] = Field(0.12, description="How thick it is.")
    finish: Finish = Field("plaster", description="What it is made of.")
    color: HexColor | None = Field(None, description="Its colour; default: that of the finish.")


class RoomModel(ElementModel):
    """A room that visitors enter: an exhibition hall, a foyer. `outline` is its plan within the walls."""

    outline: Outline = Field(description="The plan within its walls: points [east, north] in metres.")
    height_m: Annotated[float, Field(ge=2.2, le=60.0)] = Field(4.0, description="From the floor to the ceiling.")
    level_m: Height | None = Field(None, description="Height of the floor above the origin; default: just above the land.")
    floor: Finish = Field("terrazzo", description="What the floor is made of.")
    floor_color: HexColor | None = Field(None, description="Its colour; default: that of the finish.")
    wall: Finish = Field("plaster", description="What the walls are made of.")
    wall_color: HexColor | None = Field(None, description="Their colour; default: that of the finish.")
    ceiling: Finish = Field("plaster", description="What the ceiling is made of.")
    ceiling_color: HexColor | None = Field(None, description="Its colour; default: that of the finish.")
    openings: tuple[RoomOpening, ...] = Field((), max_length=100, description="Doors, windows and glass fronts.")
    skylights: tuple[RoomSkylight, ...] = Field((), max_length=100, description="Openings in the roof, glazed.")
    beams_m: Annotated[float, Field(ge=0.3, le=20.0)] | None = Field(
        None, description="From one timber beam to the next across clear skylights; default: no beams."
    )
    beams_heading_deg: Literal[0, 90] = Field(90, description="Which way the beams run: 0 north-south, 90 east-west.")
    partitions: tuple[Partition, ...] = Field((), max_length=200, description="Walls that stand in it.")
    lamps: Annotated[float, Field(ge=0.0, le=10.0)] = Field(1.0, description="Strength of its lamps after dark; 0 = none.")
    evenness: Ratio = Field(0.55, description="How far light from walls and lamps evens out the daylight in its corners.")

    @model_validator(mode="after")
    def _makes_sense(self) -> "RoomModel":
        if len(self.outline) > _MOST_WALLS:
            raise ValueError(
                f"'outline' has {len(self.outline):,} points; a room has at most {_MOST_WALLS} walls, so leave some out"
            )
        if max(np.ptp(np.array(self.outline), axis=0)) > _LARGEST_M:
            raise ValueError(f"'outline' is more than {_LARGEST_M:g} m across; make several rooms of it")
        problem = holes_problem(self.outline, [one.outline for one in self.skylights], name="skylight")
        if problem:
            raise ValueError(f"'skylights': {problem}" if ";" in problem else f"'skylights': {problem}; move it into the room")
        for number, opening in enumerate(self.openings, 1):
            if opening.sill_m + opening.height_m > self.height_m - 0.02:
                raise ValueError(
                    f"opening {number} of 'openings' reaches {opening.sill_m + opening.height_m:g} m up; the room is "
                    f"{self.height_m:g} m high, so make it lower"
                )
        edges = wall_edges(rings_of(area_of(self.outline))[0])
        for number, opening in enumerate(self.openings, 1):
            edge, _, away = nearest_edge(edges, opening.at)
            length = edges[edge].length
            if away > 2.0:
                raise ValueError(f"opening {number} of 'openings' is {away:.1f} m from the nearest wall; put 'at' on the wall")
            if opening.width_m > length - 0.1:
                raise ValueError(
                    f"opening {number} of 'openings' is {opening.width_m:g} m wide; its wall is {length:.1f} m long, so make it "
                    "narrower"
                )
        return self


def area(room: RoomModel, /) -> Polygon:
    """The floor."""
    return area_of(room.outline)


def floor_level(room: RoomModel, ground: Ground, /) -> float:
    """Metres above the origin."""
    if room.level_m is not None:
        return room.level_m
    return float(ground.height(rings_of(area(room))[0]).max()) + _LIFT_M


def ground(room: RoomModel, ground: Ground, /) -> Ground:
    here = land(ground)
    for part in grown(area(room), 0.5 * _WALL_M)[:1]:
        here = here.with_claim(Claim(room, part))
    return here


def path(room: RoomModel, /) -> Points:
    return closed_path(room.outline)


def build(room: RoomModel, context: BuildContext, /) -> DrawData:
    shape = area(room)
    base = floor_level(room, context.ground)
    faces = _walls(room, shape)
    floor = flat_mesh(shape, base, spacing=_GRID_M)
    inner = [Surface(floor, _finish(room.floor, room.floor_color, emission=_GLOW["floor"]))]
    inner += _wall_faces(room, faces, base)
    inner += _roof(room, shape, base)
    inner += _partitions(room, base)
    daylight = Daylight.of(
        shape,
        base=base,
        height=room.height_m,
        skylights=[area_of(one.outline) for one in room.skylights],
        windows=[(one.edge, hole) for one in faces for hole, _ in one.openings],
        blocks=shapely.union_all([part for one in room.partitions for part in _standing(one)]),
        evenness=room.evenness,
    )
    surfaces = [replace(one, mesh=daylight.shed_on(one.mesh)) for one in inner]
    surfaces += _glazing(faces, base)
    return DrawData(
        surfaces=tuple(surfaces),
        lights=_lamps(room, shape, base),
        walls=_collision(room, faces, base),
        walkable=(floor, *_thresholds(faces, base)),
    )


def _finish(finish: str, color: str | None, *, emission: float = 0.0) -> Material:
    usual, roughness, pattern = _LOOK[finish]
    return Material(
        color=linear_color(color or usual), roughness=roughness, pattern=pattern, emission=emission, emission_when="always"
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Wall:
    """A wall of the room with its openings."""

    edge: WallEdge
    openings: tuple[tuple[Hole, RoomOpening], ...]


def _walls(room: RoomModel, shape: Polygon) -> list[_Wall]:
    edges = wall_edges(rings_of(shape)[0])
    found: dict[int, list[tuple[Hole, RoomOpening]]] = {}
    for opening in room.openings:
        number, s, _ = nearest_edge(edges, opening.at)
        length = edges[number].length
        left = float(np.clip(s - opening.width_m / 2, 0.05, max(length - 0.05 - opening.width_m, 0.05)))
        hole = Hole(left, opening.sill_m, left + opening.width_m, opening.sill_m + opening.height_m)
        found.setdefault(number, []).append((hole, opening))
    return [_Wall(edge, tuple(found.get(number, ()))) for number, edge in enumerate(edges)]


def _wall_faces(room: RoomModel, faces: list[_Wall], base: float) -> list[Surface]:
    """Inner and outer faces with their holes, and the sides of the holes. Within the wall there is a third face, which is not
    seen: shadow maps hold what looks away from the sun, and the inner face is too near to what it shades."""
    inside = _finish(room.wall, room.wall_color, emission=_GLOW["wall"])
    outside = _finish("plaster", room.wall_color)
    edges, roof, core = [one.edge for one in faces], room.height_m + _SLAB_M, 0.8 * _WALL_M
    surfaces = []
    for number, one in enumerate(faces):
        boxes = [shapely.box(hole.left, hole.bottom, hole.right, hole.top) for hole, _ in one.openings]
        holes = shapely.union_all(boxes) if boxes else Polygon()
        for out, low, high, spacing, material in (
            (0.0, 0.0, room.height_m, _GRID_M, inside),
            (core, -0.4, roof, 4.0, inside),
            (_WALL_M, -0.4, roof, 4.0, outside),
        ):
            left, right = outer_reach(edges, number, out)
            for bottom, top in bands(low, high):
                parts = polygons_in(shapely.box(left, bottom, right, top).difference(holes))
                drawn = [
                    one.edge.face(flat_mesh(part, 0.0, spacing=spacing), out=out, base=base, inside=out < _WALL_M)
                    for part in parts
                ]
                if drawn:
                    surfaces.append(Surface(concatenated(drawn), material))
        for hole, _ in one.openings:
            surfaces += [Surface(shape, inside) for shape in one.edge.reveals(hole, _WALL_M, base)]
    return surfaces


def _roof(room: RoomModel, shape: Polygon, base: float) -> list[Surface]:
    """Ceiling, skylight wells with their beams or their bright sheets, and the roof above."""
    top = base + room.height_m
    holes = shapely.union_all([area_of(one.outline) for one in room.skylights])
    ceiling = _finish(room.ceiling, room.ceiling_color, emission=_GLOW["ceiling"])
    parts = polygons_in(shape.difference(holes))
    surfaces = [Surface(flat_mesh(part, top, spacing=_GRID_M, upward=False), ceiling) for part in parts]
    cover = Material(color=linear_color("#8d8b86"), roughness=0.9, pattern="gravel")
    for whole in grown(shape, _WALL_M):
        for part in polygons_in(whole.difference(holes)):
            surfaces.append(Surface(flat_mesh(part, top + _SLAB_M), cover))
            # As in the walls: what throws the roof's shade, out of sight.
            surfaces.append(Surface(flat_mesh(part, top + 0.8 * _SLAB_M, upward=False), cover))
    white = Material(color=linear_color("#faf8f3"), roughness=0.9, emission=_GLOW["well"], emission_when="always")
    sheet = Material(color=linear_color("#fffaf0"), roughness=0.9, emission=0.85, emission_when="always")
    for skylight in room.skylights:
        well = area_of(skylight.outline)
        ring = rings_of(well)[0][::-1]
        surfaces.append(Surface(walls(ring, top, top + _SLAB_M, spacing=1.2), white))
        if skylight.glazing == "diffuse":
            surfaces.append(Surface(flat_mesh(well, top + 0.25, spacing=2.0, upward=False), sheet))
            surfaces.append(Surface(flat_mesh(well, top + _SLAB_M), cover))
            surfaces.append(Surface(_grid_of(well, top + 0.22), white))
        elif room.beams_m:
            surfaces += _beams(room, well, top)
    return surfaces


def _grid_of(well: Polygon, height: float) -> Mesh:
    """The bars between the panes of a bright ceiling, 1.4 m apart."""
    west, south, east, north = well.bounds
    lines = [shapely.LineString([(x, south - 1), (x, north + 1)]) for x in np.arange(west + 1.4, east - 0.3, 1.4)]
    lines += [shapely.LineString([(west - 1, y), (east + 1, y)]) for y in np.arange(south + 1.4, north - 0.3, 1.4)]
    pieces = [piece for line in lines for piece in shapely.get_parts(line.intersection(well)) if piece.length > 0.2]
    return concatenated([bar((*p.coords[0], height), (*p.coords[-1], height), width=0.05, depth=0.05) for p in pieces])


def _beams(room: RoomModel, well: Polygon, top: float) -> list[Surface]:
    """Timber across a skylight, deeper than it is wide; it breaks the sun into stripes."""
    step = room.beams_m or 1.0
    west, south, east, north = well.bounds
    across = room.beams_heading_deg == 90
    low, high = (south, north) if across else (west, east)
    count = max(1, int((high - low) // step))
    timber = Material(color=linear_color("#c39a6b"), roughness=0.6, pattern="wood", emission=0.05, emission_when="always")
    beams = []
    for place in low + (np.arange(count) + 0.5) * (high - low) / count:
        line = shapely.LineString([(west - 1, place), (east + 1, place)] if across else [(place, south - 1), (place, north + 1)])
        for piece in shapely.get_parts(line.intersection(well)):
            if piece.length > 0.2:
                (x0, y0), (x1, y1) = piece.coords
                beams.append(bar((x0, y0, top + 0.1), (x1, y1, top + 0.1), width=0.14, depth=0.62))
    return [Surface(concatenated(beams), timber)] if beams else []


def _glazing(faces: list[_Wall], base: float) -> list[Surface]:
    """Mullions and transoms of glass fronts. Clean glass is not seen, so that only its frames are drawn."""
    steel = Material(color=linear_color("#4a4d4f"), roughness=0.5)
    bars = []
    for one in faces:
        for hole, opening in one.openings:
            if not opening.glass:
                continue

            def at(s: float, z: float, edge: WallEdge = one.edge) -> NDArray[np.float64]:
                return np.append(edge.at(s, out=0.55 * _WALL_M), base + z)

            count = max(1, round((hole.right - hole.left) / opening.bay_m))
            for s in np.linspace(hole.left + 0.03, hole.right - 0.03, count + 1):
                bars += [bar(at(s, a), at(s, b), width=0.06, depth=0.06) for a, b in bands(hole.bottom, hole.top)]
            heights = [hole.bottom + 0.03, hole.top - 0.03] + ([2.4] if hole.bottom < 0.2 and hole.top > 3.4 else [])
            bars += [bar(at(hole.left, z), at(hole.right, z), width=0.1, depth=0.05) for z in heights]
    return [Surface(one, steel) for one in bars]


def _standing(partition: Partition) -> list[Polygon]:
    """What it covers of the floor."""
    line = shapely.LineString(partition.path)
    return polygons_in(line.buffer(partition.thickness_m / 2, cap_style="flat", join_style="mitre"))


def _partitions(room: RoomModel, base: float) -> list[Surface]:
    surfaces = []
    for one in room.partitions:
        material = _finish(one.finish, one.color, emission=0.6 * _GLOW["wall"])
        for part in _standing(one):
            for low, high in bands(0.0, one.height_m):
                faces = [walls(ring, base + low, base + high, spacing=_GRID_M) for ring in rings_of(part)]
                surfaces.append(Surface(concatenated(faces), material))
            surfaces.append(Surface(flat_mesh(part, base + one.height_m), material))
    return surfaces


def _lamps(room: RoomModel, shape: Polygon, base: float) -> tuple[Light, ...]:
    """Evenly spread under the ceiling."""
    if not room.lamps:
        return ()
    x0, y0, x1, y1 = shape.bounds
    columns, rows = (max(1, round(length / 7.0)) for length in (x1 - x0, y1 - y0))
    lights = []
    for x in x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns:
        for y in y0 + (np.arange(rows) + 0.5) * (y1 - y0) / rows:
            if shape.contains(shapely.Point(x, y)):
                height = room.height_m - 0.4
                strength = 0.36 * room.lamps * (height / 4.0) ** 1.5
                lights.append(Light((float(x), float(y), base + height), (1.0, 0.9, 0.77), strength, 9.0 + height))
    return tuple(lights)


def _thresholds(faces: list[_Wall], base: float) -> list[Mesh]:
    """The floor of the ways through the walls, and a little beyond."""
    floors = []
    for one in faces:
        for hole, opening in one.openings:
            if not opening.glass and hole.bottom <= 0.0:
                out = _WALL_M + 0.3
                ends = [(hole.left, 0.0), (hole.right, 0.0), (hole.right, out), (hole.left, out)]
                corners = np.array([np.append(one.edge.at(s, out=away), base) for s, away in ends])
                floors.append(oriented(corners, np.array([[0, 1, 2], [0, 2, 3]]), np.array([0.0, 0.0, 1.0]), corners[:, :2]))
    return floors


def _collision(room: RoomModel, faces: list[_Wall], base: float) -> NDArray[np.float32]:
    """The walls beside the ways through them, and the partitions."""
    rows = []
    for one in faces:
        edge = one.edge
        ways = sorted((hole.left, hole.right) for hole, opening in one.openings if not opening.glass and hole.bottom < 0.3)
        passed = 0.0
        for left, right in [*ways, (edge.length, edge.length)]:
            if left - passed > 1e-3:
                rows.append([*edge.at(passed), *edge.at(left), base, base + room.height_m])
            passed = max(passed, right)
        for s in (value for way in ways for value in way):
            rows.append([*edge.at(s), *edge.at(s, out=_WALL_M), base, base + room.height_m])
    for partition in room.partitions:
        for part in _standing(partition):
            for ring in rings_of(part):
                ends = np.hstack([ring, np.roll(ring, -1, axis=0)])
                rows += [[*line, base, base + partition.height_m] for line in ends]
    return np.array(rows, np.float32).reshape(-1, 6)


def occupied(room: RoomModel, /) -> list[Points]:
    return [rings_of(one)[0] for one in grown(area(room), _WALL_M)][:1]


EXAMPLE = """\
- kind: room
  id: gallery
  title: {zh: 画廊, en: Gallery}
  outline: [[-9, -6], [9, -6], [9, 6], [-9, 6]]
  height_m: 4.6
  floor: timber
  openings:
    - {at: [0, -6], width_m: 12, height_m: 3.6}
    - {at: [9, 0], width_m: 6, height_m: 2.6, sill_m: 0.6, glass: true}
  skylights:
    - {outline: [[-6, 0], [6, 0], [6, 3], [-6, 3]]}
  beams_m: 1.5
"""

ELEMENT = ElementKind(
    model=RoomModel, build=build, example=EXAMPLE, ground=ground, path=path, occupied=occupied, floor=floor_level
)

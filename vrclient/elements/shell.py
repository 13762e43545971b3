"""`shell`: a freeform volume, a soft closed plan lofted through levels, with facades by arc, rim, roof and skylights."""

import itertools
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.curves import MAX_POINTS, Points, distances, resampled, signed_area, smoothed
from vrclient.geometry.extrusion import quads, recessed, swept
from vrclient.geometry.lofting import grid_cells, grid_normals, interpolated, lofted, swollen
from vrclient.geometry.mesh import Mesh, concatenated, mesh, smooth_normals
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Light, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.entrance import Entrance, entrance_surfaces
from vrclient.scene.facade import Facade, FacadeCells, facade_surfaces, facade_triangles, glass_material, joined, wall_material
from vrclient.scene.polygons import Outline, area_of, closed_path, grid_triangles, gridded, outline_size
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementModel, Height, HexColor, Model, Point, Ratio

_FOOTING_M = 0.8
Offset = Annotated[float, Field(ge=-1000.0, le=1000.0)]


class Level(Model):
    """The plan at one height."""

    z_m: Annotated[float, Field(ge=0.0, le=1000.0)] = Field(description="Height above the shell's foot.")
    scale: Annotated[float, Field(ge=0.05, le=5.0)] = Field(
        1.0, description="Size of the plan there; 1 = as drawn. Growing upward leans the walls outward."
    )
    offset_m: tuple[Offset, Offset] = Field((0.0, 0.0), description="How far the plan is moved there, [east, north].")
    twist_deg: Annotated[float, Field(ge=-180.0, le=180.0)] = Field(0.0, description="How far it is turned there, clockwise.")


class Zone(Model):
    """A part of the wall with its own look."""

    arc: tuple[Ratio, Ratio] = Field(
        description="From where to where along the outline: 0 is the first point, 0.5 half way round, 1 the first point again.",
        examples=[[0.5, 0.9]],
    )
    z_m: tuple[Height, Height] | None = Field(None, description="From which to which height above the foot; default: all.")
    facade: Facade = Field(
        default_factory=lambda: Facade(pattern="curtain_wall"),
        description="What the wall looks like there. Bays are the shell's.",
    )

    @model_validator(mode="after")
    def _rises(self) -> "Zone":
        if self.arc[0] == self.arc[1]:
            raise ValueError(
                f"arc [{self.arc[0]:g}, {self.arc[1]:g}] is empty; [0.8, 0.1] goes from 0.8 through the first point to 0.1"
            )
        if self.z_m is not None and self.z_m[0] >= self.z_m[1]:
            raise ValueError(f"z_m must be [low, high] with low below high; it is [{self.z_m[0]:g}, {self.z_m[1]:g}]")
        return self


class Rim(Model):
    """The edge band at the top of the walls."""

    height_m: Annotated[float, Field(ge=0.1, le=10.0)] = Field(0.9, description="Height of the band above the eaves.")
    out_m: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.45, description="How far it stands out.")
    color: HexColor = Field("#f6f4ef", description="Its colour.")
    light: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.0, description="Strength of the line of light under it after dark.")
    light_color: HexColor = Field("#ffd9a0", description="Colour of that line.")


class ShellSkylight(Model):
    """A round window in the roof."""

    at: Point | None = Field(None, description="Its middle, [east, north]; default: the highest place of the roof.")
    radius_m: Annotated[float, Field(gt=0.3, le=100.0)] = Field(5.0, description="Its radius.")


class Roof(Model):
    """The skin over the top."""

    rise_m: Annotated[float, Field(ge=0.0, le=100.0)] = Field(2.0, description="How far it swells above the eaves.")
    color: HexColor = Field("#e9e7e1", description="Its colour.")
    skylights: tuple[ShellSkylight, ...] = Field((), max_length=50, description="Round windows in it.")


class Shell(ElementModel):
    """A building without corners: halls, petals, towers."""

    outline: Outline = Field(description="Points [east, north] that the plan's curve runs through.")
    levels: tuple[Level, ...] = Field(
        (Level(z_m=0.0, scale=0.96), Level(z_m=16.0)),
        min_length=2,
        max_length=50,
        description="The plan from foot to eaves; between levels it changes smoothly.",
    )
    level_m: Height | None = Field(None, description="Height of the foot above the origin; default: the highest land along it.")
    rise_m: Annotated[float, Field(ge=0.0, le=200.0)] = Field(
        0.0, description="How much higher the eaves are on one side than on the other."
    )
    rise_heading_deg: Degrees = Field(0.0, description="The side to which they rise: 0 north, 90 east.")
    bay_m: Annotated[float, Field(ge=0.6, le=20.0)] = Field(1.8, description="Width of a panel or a pane.")
    storey_m: Annotated[float, Field(ge=2.0, le=50.0)] = Field(
        4.2, description="Height of a storey; it is fitted to whole storeys."
    )
    facade: Facade = Field(
        default_factory=lambda: Facade(pattern="panels", color="#f3f1ec", density=0.35),
        description="The walls where no zone says otherwise. Bays are the shell's.",
    )
    zones: tuple[Zone, ...] = Field(
        (), max_length=50, description="Parts of the wall that look different; a later one goes over an earlier one."
    )
    rim: Rim | None = Field(default_factory=Rim, description="The edge band at the top; null for none.")
    roof: Roof = Field(default_factory=Roof, description="The skin over the top.")
    entrance: Entrance | None = Field(None, description="A doorway in the wall.")

    @model_validator(mode="after")
    def _levels_rise(self) -> "Shell":
        heights = [level.z_m for level in self.levels]
        for number, (low, high) in enumerate(itertools.pairwise(heights), 2):
            if high <= low:
                raise ValueError(f"levels must rise from the foot up: level {number} has z_m {high:g}, the one before it {low:g}")
        if heights[0] != 0.0:
            raise ValueError(f"the first level is the foot and must have z_m: 0; it has {heights[0]:g}")
        if self.rise_m > 1.6 * heights[-1]:
            raise ValueError(
                f"rise_m ({self.rise_m:g}) is too much for a shell of {heights[-1]:g} m: "
                f"its low side would be under the ground; keep it below {1.6 * heights[-1]:g}"
            )
        return self


def plan(model: Shell, /, *, spacing: float) -> Points:
    """[N, 2] the plan's curve from its first point on, in the direction in which it was written, not closed."""
    return smoothed(np.asarray(model.outline, np.float64), spacing=spacing, closed=True)


def _surface(model: Shell, curve: Points, rows: int) -> NDArray[np.float64]:
    """[rows + 1, N, 3] the wall from foot to eaves over a counterclockwise plan, relative to the foot."""
    knots = np.array([level.z_m for level in model.levels])
    z = np.linspace(0.0, knots[-1], rows + 1)
    heading = np.radians(model.rise_heading_deg)
    along = curve @ np.array([np.sin(heading), np.cos(heading)])
    tilt = (along - along.min()) / max(float(np.ptp(along)), 1e-9) - 0.5
    height = z[:, None] * (1.0 + model.rise_m / knots[-1] * tilt)
    return lofted(
        curve,
        height,
        scale=interpolated(knots, [level.scale for level in model.levels], z),
        offset=interpolated(knots, [level.offset_m for level in model.levels], z),
        twist=interpolated(knots, np.radians([level.twist_deg for level in model.levels]), z),
    )


def build(model: Shell, context: BuildContext, /) -> DrawData:
    height = model.levels[-1].z_m
    rows = max(1, round(height / model.storey_m))
    curve = plan(model, spacing=model.bay_m)
    turned = signed_area(curve) < 0
    if turned:
        curve = np.roll(curve[::-1], 1, axis=0)
    wall = _surface(model, curve, rows)
    land = context.ground.height(wall[0, :, :2])
    base = model.level_m if model.level_m is not None else float(land.max())
    wall[..., 2] += base
    bottom = min(float(land.min()), base) - _FOOTING_M if model.level_m is None else base
    cells = _cells(wall, turned)
    near = [*_footing(model, wall, bottom), *_facades(model, cells, height)]
    coarse_step = max(1, len(curve) // 48)
    coarse = _cells(wall[:, ::coarse_step], turned)
    far = [*_footing(model, wall, bottom), *_far_facades(model, coarse, height)]
    top = [*_rim(model, wall[-1]), *_roof(model, wall[-1])]
    lights: tuple[Light, ...] = ()
    if model.entrance is not None:
        row = min(model.entrance.height_m / height, 1.0) * rows
        low = min(int(row), rows - 1)
        above = wall[low, :, :2] + (wall[low + 1] - wall[low])[:, :2] * (row - low)
        surfaces, light = entrance_surfaces(
            model.entrance, wall[0, :, :2], base, frame=linear_color(model.facade.frame_color), above=above
        )
        near, lights = [*near, *surfaces], (light,)
    ring = wall[0, :, :2]
    ends = np.column_stack([ring, np.roll(ring, -1, axis=0), np.full(len(ring), bottom), wall[-1, :, 2]])
    return DrawData(surfaces=joined((*near, *top)), far=joined((*far, *top)), lights=lights, walls=ends.astype(np.float32))


def _cells(wall: NDArray[np.float64], turned: bool) -> FacadeCells:
    rows, columns = wall.shape[0] - 1, wall.shape[1]
    around = distances(wall[0, :, :2], closed=True)
    uv = np.zeros((rows, columns, 4, 2))
    uv[..., 0] = np.stack([around[:-1], around[1:], around[1:], around[:-1]], axis=1)
    corner = grid_cells(wall)
    uv[..., 1] = corner[..., 2]
    share = (np.arange(columns) + 0.5) / columns
    size = rows * columns
    return FacadeCells(
        corner.reshape(size, 4, 3),
        grid_cells(grid_normals(wall)).reshape(size, 4, 3),
        uv.reshape(size, 4, 2),
        np.tile(np.arange(columns), rows),
        np.repeat(np.arange(rows), columns),
        np.tile(1.0 - share if turned else share, rows),
    )


def _by_facade(model: Shell, cells: FacadeCells, height: float) -> list[tuple[Facade, FacadeCells]]:
    """The cells of each facade, their `share` counted along its own arc."""
    choice = np.zeros(len(cells.row), int)
    middle = (cells.row + 0.5) * height / (cells.row.max() + 1)
    shares = [cells.share]
    for number, zone in enumerate(model.zones, 1):
        start, end = zone.arc
        length = (end - start) % 1.0 or 1.0
        place = (cells.share - start) % 1.0 / length
        inside = place <= 1.0
        if zone.z_m is not None:
            inside &= (middle >= zone.z_m[0]) & (middle <= zone.z_m[1])
        choice[inside] = number
        shares.append(place)
    found = []
    for number, facade in enumerate([model.facade, *(zone.facade for zone in model.zones)]):
        mine = choice == number
        if mine.any():
            part = cells.only(mine)
            found.append((facade, FacadeCells(part.corner, part.normal, part.uv, part.column, part.row, shares[number][mine])))
    return found


def _facades(model: Shell, cells: FacadeCells, height: float) -> list[Surface]:
    return [surface for facade, part in _by_facade(model, cells, height) for surface in facade_surfaces(part, facade)]


def _far_facades(model: Shell, cells: FacadeCells, height: float) -> list[Surface]:
    surfaces: list[Surface] = []
    for facade, part in _by_facade(model, cells, height):
        if facade.pattern in ("plain", "panels"):
            surfaces.append(Surface(quads(part.corner, normal=part.normal, uv=part.uv), wall_material(facade)))
            continue
        opening = np.tile(
            [0.02, 0.98, 0.1, 0.97] if facade.pattern == "curtain_wall" else [0.2, 0.8, 0.25, 0.75], (len(part.row), 1)
        )
        flush = recessed(part.corner, opening, np.zeros(len(part.row)), normal=part.normal, uv=part.uv)
        surfaces += [Surface(flush.wall, wall_material(facade)), Surface(flush.back, glass_material(facade))]
    return surfaces


def _footing(model: Shell, wall: NDArray[np.float64], bottom: float) -> list[Surface]:
    if bottom >= wall[0, 0, 2] - 1e-6:
        return []
    lower = wall[:1].copy()
    lower[..., 2] = bottom
    ring = np.concatenate([lower, wall[:1]])
    shape = quads(grid_cells(ring).reshape(-1, 4, 3), normal=grid_cells(grid_normals(ring)).reshape(-1, 4, 3))
    return [Surface(shape, wall_material(model.facade))]


def _rim(model: Shell, eaves: NDArray[np.float64]) -> list[Surface]:
    if model.rim is None:
        return []
    out, high = model.rim.out_m, model.rim.height_m
    line = min(0.14, high / 3.0) if model.rim.light else 0.0
    white = Material(color=linear_color(model.rim.color), roughness=0.5)
    soffit = swept(eaves, [(0.0, -0.6 * out - 0.02), (out, 0.0)], closed=True)
    band = swept(eaves, [(out, line), (out, high), (-0.3, high), (-0.3, -0.3)], closed=True)
    if not model.rim.light:
        return [Surface(concatenated([soffit, band]), white)]
    glow = Material(color=linear_color(model.rim.light_color), roughness=0.5, emission=model.rim.light)
    strip = swept(eaves, [(out, 0.0), (out, line)], closed=True)
    return [Surface(concatenated([soffit, band]), white), Surface(strip, glow)]


def _roof(model: Shell, eaves: NDArray[np.float64]) -> list[Surface]:
    """The skin inside the eaves, swelling to `rise_m`, on the plane on which the eaves lie."""
    points, triangle = gridded(area_of(eaves[:, :2]), 4.0)
    swell = swollen(points, triangle)
    plane, *_ = np.linalg.lstsq(np.column_stack([eaves[:, :2], np.ones(len(eaves))]), eaves[:, 2], rcond=None)

    def height(xy: Points) -> NDArray[np.float64]:
        return xy @ plane[:2] + plane[2] - 0.12

    position = np.column_stack([points, height(points) + model.roof.rise_m * swell]).astype(np.float32)
    skin = mesh(position, triangle, normal=smooth_normals(position, triangle), uv=points)
    surfaces = [Surface(skin, Material(color=linear_color(model.roof.color), roughness=0.55, pattern="panels"))]
    for skylight in model.roof.skylights:
        middle = np.array(skylight.at) if skylight.at else points[int(np.argmax(swell))]
        surfaces += _skylight(middle, skylight.radius_m, skin, model)
    return surfaces


def _skylight(middle: Points, radius: float, skin: Mesh, model: Shell) -> list[Surface]:
    """A curb on the skin and a low dome of glass over it."""
    around = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    circle = np.stack([np.cos(around), np.sin(around)], axis=1)
    near = np.hypot(*(skin.position[:, :2] - middle).T) < radius + 4.0
    highest = float(skin.position[near, 2].max()) if near.any() else float(skin.position[:, 2].max())
    lowest = float(skin.position[near, 2].min()) if near.any() else highest
    top = highest + 0.35
    curb = swept(
        np.column_stack([middle + circle * radius, np.full(48, top)]),
        [(0.25, lowest - top - 0.3), (0.25, 0.0), (0.0, 0.0), (0.0, -0.15)],
        closed=True,
    )
    rings = np.linspace(1.0, 0.0, 6)[:-1]
    dome = np.concatenate(
        [np.column_stack([middle + circle * radius * r, np.full(48, top - 0.1 + 0.18 * radius * (1.0 - r**2))]) for r in rings]
    )
    apex = np.array([[*middle, top - 0.1 + 0.18 * radius]])
    k = np.arange(48)
    following = (k + 1) % 48
    triangles = []
    for ring in range(len(rings) - 1):
        lower, upper = ring * 48, (ring + 1) * 48
        triangles += [
            np.stack([lower + k, lower + following, upper + following], axis=1),
            np.stack([lower + k, upper + following, upper + k], axis=1),
        ]
    triangles.append(
        np.stack([(len(rings) - 1) * 48 + k, (len(rings) - 1) * 48 + following, np.full(48, len(rings) * 48)], axis=1)
    )
    position = np.concatenate([dome, apex]).astype(np.float32)
    faces = np.concatenate(triangles).astype(np.uint32)
    glass = Material(surface="glass", color=linear_color("#ffe9c4"), roughness=0.08, emission=0.9)
    return [
        Surface(curb, Material(color=linear_color(model.roof.color), roughness=0.5)),
        Surface(mesh(position, faces, normal=smooth_normals(position, faces), uv=position[:, :2]), glass),
    ]


def path(model: Shell, /) -> NDArray[np.float64]:
    return closed_path(plan(model, spacing=1.0))


def occupied(model: Shell, /) -> list[NDArray[np.float64]]:
    curve = resampled(plan(model, spacing=model.bay_m), spacing=3.0, closed=True)
    rows = _surface(model, curve, len(model.levels) * 2)
    return [row[:, :2] for row in (rows[0], rows[-1])]


def cost(model: Shell, path_of: PathOf, /) -> Cost:
    around, area, points = outline_size(model.outline, spacing=model.bay_m, smooth=True)
    widest = max(level.scale for level in model.levels)
    points = min(around / model.bay_m, MAX_POINTS)
    rows = max(1.0, model.levels[-1].z_m / model.storey_m)
    walls = max(facade_triangles(points * rows, look) for look in (model.facade, *(zone.facade for zone in model.zones)))
    roof = 2.0 * grid_triangles(area * widest**2, 4.0)
    return Cost(triangles=walls + roof + 40.0 * points + 1100.0 * len(model.roof.skylights), help="a larger bay_m or storey_m")


EXAMPLE = """\
- kind: shell
  id: main_petal
  outline: [[-38, -8], [-20, -24], [14, -26], [42, -10], [46, 8], [20, 22], [-16, 20]]
  levels:
    - {z_m: 0, scale: 0.9}
    - {z_m: 9, scale: 0.97}
    - {z_m: 18, scale: 1.0}
  rise_m: 5
  rise_heading_deg: 60
  zones:
    - arc: [0.52, 0.95]
      facade: {pattern: curtain_wall, frame_color: "#f2f0ea", lit_ratio: 0.85}
  rim: {light: 2.0}
  roof: {rise_m: 2.5, skylights: [{radius_m: 6}]}
"""

ELEMENT = ElementKind(model=Shell, build=build, cost=cost, example=EXAMPLE, path=path, occupied=occupied)

"""`terrace`: a raised floor, solid down to the land or a deck in the air, with a crisp edge, railing, planting and light."""

from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import MAX_POINTS, Points, resampled, sides, subdivided
from vrclient.geometry.extrusion import box, swept, walls
from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground, PathOf
from vrclient.scene.land import Claim, land
from vrclient.scene.polygons import (
    Outline,
    area_of,
    closed_path,
    flat_mesh,
    grid_triangles,
    grown,
    holes_problem,
    outline_size,
    polygons_in,
    rings_of,
)
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, Height, HexColor, Point

_BAND_M = 0.3
_HEDGE_M = 0.6
_FOOTING_M = 1.2
"""A solid terrace goes this far below the lowest land around it, so that it also stands in water."""


class Terrace(ElementModel):
    """A level floor that visitors walk on. Stairs lead up to it; name those places in `openings`."""

    outline: Outline = Field(description="Its edge: points [east, north] in metres.")
    holes: tuple[Outline, ...] = Field((), max_length=200, description="Outlines of openings in it, for courts and trees.")
    smooth: bool = Field(False, description="Draw the edge as a soft curve through the points.")
    height_m: Annotated[float, Field(ge=0.02, le=500.0)] = Field(
        0.6, description="Height of the floor above the highest land along its edge."
    )
    level_m: Height | None = Field(None, description="Instead of height_m: height of the floor above the origin.")
    thickness_m: Annotated[float, Field(ge=0.1, le=20.0)] | None = Field(
        None, description="A deck of this thickness; default: solid down to the land."
    )
    surface: Literal["paving", "wood", "concrete", "grass", "gravel"] = Field("paving", description="What the floor is made of.")
    color: HexColor | None = Field(None, description="Colour of the floor; default: that of the surface.")
    edge_color: HexColor = Field("#efece4", description="Colour of edge and sides.")
    railing: Literal["none", "glass", "bars"] = Field(
        "none",
        description="What keeps visitors from falling off: glass panes (only their frames are drawn; clean glass is not "
        "seen) or bars.",
    )
    railing_m: Annotated[float, Field(ge=0.3, le=3.0)] = Field(1.1, description="Height of the railing.")
    planting_m: Annotated[float, Field(ge=0.0, le=20.0)] = Field(0.0, description="Width of a hedge along the edge; 0 for none.")
    edge_light: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        0.0, description="Strength of a line of light along the edge after dark."
    )
    edge_light_color: HexColor = Field("#ffd9a0", description="Colour of that line.")
    openings: tuple[Point, ...] = Field(
        (), max_length=100, description="Places on the edge without railing and hedge, where stairs or bridges arrive."
    )
    opening_width_m: Annotated[float, Field(gt=0.0, le=200.0)] = Field(4.0, description="Width of those openings.")

    @model_validator(mode="after")
    def _holes_inside(self) -> "Terrace":
        problem = holes_problem(self.outline, self.holes)
        if problem:
            raise ValueError(problem)
        return self


_LOOK: dict[str, tuple[str, float]] = {
    "paving": ("#c2bcb1", 0.8),
    "wood": ("#9b7754", 0.75),
    "concrete": ("#b5b2ab", 0.85),
    "grass": ("#66823f", 0.95),
    "gravel": ("#b3a78f", 0.95),
}


def area(model: Terrace, /) -> Polygon:
    """What it covers."""
    return area_of(model.outline, model.holes, smooth=model.smooth)


def floor_level(model: Terrace, ground: Ground, /) -> float:
    """Metres above the origin."""
    if model.level_m is not None:
        return model.level_m
    return float(ground.height(rings_of(area(model))[0]).max()) + model.height_m


def ground(model: Terrace, ground: Ground, /) -> Ground:
    inner = grown(area(model), -0.3) if model.thickness_m is None else []
    here = land(ground)
    for part in inner[:1]:
        here = here.with_claim(Claim(model, part))
    return here


def build(model: Terrace, context: BuildContext, /) -> DrawData:
    shape = area(model)
    rings = rings_of(shape)
    level = floor_level(model, context.ground)
    if model.thickness_m is None:
        depth = max(level - float(min(context.ground.height(ring).min() for ring in rings)) + _FOOTING_M, 0.5)
    else:
        depth = model.thickness_m
    color, roughness = _LOOK[model.surface]
    pattern: Pattern = model.surface
    floor = flat_mesh(shape, level)
    edge = Material(color=linear_color(model.edge_color), roughness=0.65, pattern="plain")
    surfaces = [
        Surface(floor, Material(color=linear_color(model.color or color), roughness=roughness, pattern=pattern)),
        *_sides(model, rings, level, depth, edge),
    ]
    if model.thickness_m is not None:
        surfaces.append(Surface(flat_mesh(shape, level - depth, upward=False), edge))
    runs = [run for ring in rings for run in _runs(model, ring)]
    surfaces += _railing(model, runs, level) + _planting(model, shape, level)
    return DrawData(surfaces=tuple(surfaces), walls=_walls(model, rings, level, depth), walkable=(floor,))


def _at(ring: Points, level: float) -> NDArray[np.float64]:
    return np.column_stack([ring, np.full(len(ring), level)])


def _sides(model: Terrace, rings: list[Points], level: float, depth: float, edge: Material) -> list[Surface]:
    """The edge band, the recessed side under it, and the line of light between the two."""
    band = min(_BAND_M, 0.8 * depth)
    line = 0.05 if model.edge_light else 0.0
    profiles: list[tuple[list[tuple[float, float]], Material]] = [
        ([(0.0, -depth), (0.0, -band), (0.06, -band)], edge),
        ([(0.06, -band + line), (0.06, 0.0), (0.0, 0.0)], edge),
    ]
    if model.edge_light:
        glow = Material(color=linear_color(model.edge_light_color), roughness=0.5, emission=model.edge_light)
        profiles.append(([(0.06, -band), (0.06, -band + line)], glow))
    return [
        Surface(
            concatenated([swept(_at(subdivided(ring, spacing=4.0, closed=True), level), profile, closed=True) for ring in rings]),
            material,
        )
        for profile, material in profiles
    ]


def _runs(model: Terrace, ring: Points) -> list[tuple[Points, bool]]:
    """The edge without its openings, as (points, is closed)."""
    fine = subdivided(ring, spacing=0.5, closed=True)
    free = ~_in_opening(model, fine)
    if free.all():
        return [(ring, True)]
    start = int(np.argmin(free))
    fine, free = np.roll(fine, -start, axis=0), np.roll(free, -start)
    pieces = np.split(np.arange(len(fine)), np.flatnonzero(np.diff(free.astype(int))) + 1)
    return [(fine[piece], False) for piece in pieces if free[piece[0]] and len(piece) > 1]


def _in_opening(model: Terrace, points: Points) -> NDArray[np.bool_]:
    if not model.openings:
        return np.zeros(len(points), bool)
    away = points[:, None, :] - np.array(model.openings)[None]
    return (np.hypot(away[..., 0], away[..., 1]) < model.opening_width_m / 2.0).any(axis=1)


def _railing(model: Terrace, runs: list[tuple[Points, bool]], level: float) -> list[Surface]:
    if model.railing == "none" or not runs:
        return []
    high = model.railing_m
    steel = Material(color=linear_color("#9a9c9c"), roughness=0.35, metallic=1.0, pattern="metal")

    def along(bottom: float, top: float, thickness: float) -> Mesh:
        inner, outer = -0.1 - thickness / 2, -0.1 + thickness / 2
        profile = [(inner, bottom), (outer, bottom), (outer, top), (inner, top), (inner, bottom)]
        return concatenated([swept(_at(run, level), profile, closed=closed) for run, closed in runs])

    rails = [along(high - 0.04, high, 0.06)]
    if model.railing == "bars":
        rails += [along(height, height + 0.02, 0.02) for height in np.arange(0.12, high - 0.1, 0.13)]
        return [Surface(concatenated([*rails, *_posts(runs, level, high, spacing=2.0)]), steel)]
    rails.append(along(0.0, 0.05, 0.05))
    return [Surface(concatenated([*rails, *_posts(runs, level, high, spacing=1.4)]), steel)]


def _posts(runs: list[tuple[Points, bool]], level: float, high: float, *, spacing: float) -> list[Mesh]:
    parts = []
    for run, closed in runs:
        places = resampled(run, spacing=spacing, closed=closed)
        inward = -0.1 * sides(places, closed=closed, limit=1.0)
        for place in places + inward:
            parts.append(box((*(place - 0.012), level), (*(place + 0.012), level + high - 0.04)))
    return parts


def _planting(model: Terrace, shape: Polygon, level: float) -> list[Surface]:
    """A clipped hedge along the edge, open where stairs arrive."""
    if not model.planting_m:
        return []
    outer = shape.buffer(-0.2, join_style="mitre")
    strip = outer.difference(outer.buffer(-model.planting_m, join_style="mitre"))
    reach = model.opening_width_m / 2.0 + 0.2
    gaps = shapely.union_all([shapely.Point(place).buffer(reach) for place in model.openings])
    hedges = []
    for part in polygons_in(strip.difference(gaps)):
        hedges.append(flat_mesh(part, level + _HEDGE_M))
        hedges += [walls(ring, level, level + _HEDGE_M) for ring in rings_of(part)]
    return [Surface(concatenated(hedges), Material(color=linear_color("#4d6b33"), roughness=0.95, pattern="foliage"))]


def _walls(model: Terrace, rings: list[Points], level: float, depth: float) -> NDArray[np.float32]:
    rows = []
    for ring in rings:
        start = subdivided(ring, spacing=1.0, closed=True)
        end = np.roll(start, -1, axis=0)
        guarded = (model.railing != "none" or model.planting_m > 0) & ~_in_opening(model, (start + end) / 2)
        top = np.where(guarded, level + model.railing_m, level - 0.05)
        rows.append(np.column_stack([start, end, np.full(len(start), level - depth), top]))
    return np.concatenate(rows).astype(np.float32)


def path(model: Terrace, /) -> NDArray[np.float64]:
    return closed_path(model.outline, smooth=model.smooth)


def occupied(model: Terrace, /) -> list[NDArray[np.float64]]:
    return rings_of(area(model))[:1]


def cost(model: Terrace, path_of: PathOf, /) -> Cost:
    sizes = [outline_size(ring, spacing=4.0, smooth=model.smooth) for ring in (model.outline, *model.holes)]
    around, points = sum(one[0] for one in sizes), sum(one[2] for one in sizes)
    along = min(2.0 * around, MAX_POINTS * len(sizes)) if model.openings else points
    rails = {"none": 0.0, "glass": 16.0 * along, "bars": 8.0 * (2.0 + model.railing_m / 0.13) * along}[model.railing]
    posts = 12.0 * min(around / 1.4, MAX_POINTS * len(sizes)) if model.railing != "none" else 0.0
    floor = 3.0 * grid_triangles(sizes[0][1], 4.0)
    return Cost(triangles=20.0 * points + rails + posts + floor, help="a smaller outline, or railing: none")


EXAMPLE = """\
- kind: terrace
  id: cafe_terrace
  outline: [[-20, -8], [20, -8], [24, 8], [-16, 8]]
  smooth: true
  height_m: 0.9
  surface: wood
  railing: glass
  edge_light: 1.5
  openings: [[0, -10]]
  opening_width_m: 8
"""

ELEMENT = ElementKind(
    model=Terrace, build=build, cost=cost, example=EXAMPLE, ground=ground, path=path, occupied=occupied, floor=floor_level
)

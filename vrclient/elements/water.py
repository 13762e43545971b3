"""`water`: ponds, lakes and canals with a bank. The land comes down to the shore by itself."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.mesh import Mesh, concatenated, mesh, smooth_normals
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground
from vrclient.scene.land import Claim, Land, Level, land
from vrclient.scene.polygons import (
    Outline,
    area_of,
    closed_path,
    edge_distance,
    gridded,
    holes_problem,
    polygons_in,
    rings_of,
    triangulated,
)
from vrclient.showcase.models import ElementModel, Height, HexColor

_DIP_M = 0.5
"""The bank goes this far below the water."""


class Water(ElementModel):
    """Still water. Visitors cannot walk into it; a road or plaza written after it lies across it as a causeway or an islet."""

    outline: Outline = Field(description="The shore: points [east, north] in metres around the water.")
    islands: tuple[Outline, ...] = Field((), max_length=200, description="Outlines inside it that stay land.")
    smooth: bool = Field(True, description="Draw the shore as a soft curve through the points instead of straight pieces.")
    level_m: Height | None = Field(
        None, description="Height of the water above the origin; default: just under the lowest land along its shore."
    )
    freeboard_m: Annotated[float, Field(ge=0.05, le=20.0)] = Field(0.35, description="How far the shore is above the water.")
    bank: Literal["stone", "grass", "sand"] = Field("stone", description="What the bank is made of.")
    color: HexColor = Field("#27474a", description="The water's own colour, seen from above.")

    @model_validator(mode="after")
    def _islands_inside(self) -> "Water":
        problem = holes_problem(self.outline, self.islands, name="island")
        if problem:
            raise ValueError(problem)
        return self


_BANK: dict[str, Material] = {
    "stone": Material(color=linear_color("#a5a099"), roughness=0.8, pattern="rock"),
    "grass": Material(color=linear_color("#566b38"), roughness=0.95, pattern="grass"),
    "sand": Material(color=linear_color("#c2b08a"), roughness=0.95, pattern="sand"),
}
_BANK_RUN: dict[str, float] = {"stone": 0.35, "grass": 1.6, "sand": 3.0}
"""Metres of bank, seen from above, per metre of height."""


def ground(model: Water, ground: Ground, /) -> Ground:
    area = area_of(model.outline, model.islands, smooth=model.smooth)
    level: Level = "low" if model.level_m is None else model.level_m
    return land(ground).with_claim(Claim(model, area, level=level, raised=model.freeboard_m))


def build(model: Water, context: BuildContext, /) -> DrawData:
    here = context.ground
    if not isinstance(here, Land) or here.level(model) is None:
        here = land(ground(model, context.ground))
    level = here.level(model) or 0.0
    points, triangle = triangulated(area_of(model.outline, model.islands, smooth=model.smooth))
    surface = mesh(np.column_stack([points, np.full(len(points), level)]), triangle, normal=[0.0, 0.0, 1.0], uv=points)
    water = Material(surface="water", color=linear_color(model.color), roughness=0.05)
    slope = bank(here.areas_of(model), here, level - _DIP_M, run=_BANK_RUN[model.bank])
    return DrawData(surfaces=(Surface(surface, water, casts_shadow=False), Surface(slope, _BANK[model.bank], casts_shadow=False)))


def bank(areas: list[Polygon], ground: Ground, bottom: float, /, *, run: float) -> Mesh:
    """A slope inside the areas' edges, from the land's height down to `bottom`, `run` metres inward for each metre of height."""
    parts = []
    for area in areas:
        top = float(np.median(ground.height(rings_of(area)[0])))
        width = max(run * (top - bottom), 0.05)
        for strip in polygons_in(area.difference(area.buffer(-width, quad_segs=4))):
            points, triangle = gridded(strip, 6.0)
            inward = np.clip(edge_distance(area.boundary, points) / width, 0.0, 1.0)
            height = ground.height(points)
            position = np.column_stack([points, height + (bottom - height) * np.where(inward < 0.01, 0.0, inward)])
            solid = position.astype(np.float32)
            parts.append(mesh(solid, triangle, normal=smooth_normals(solid, triangle), uv=points))
    return concatenated(parts)


def path(model: Water, /) -> NDArray[np.float64]:
    return closed_path(model.outline, smooth=model.smooth)


def occupied(model: Water, /) -> list[NDArray[np.float64]]:
    return rings_of(area_of(model.outline, smooth=model.smooth))[:1]


EXAMPLE = """\
- kind: water
  id: mirror_pond
  outline: [[-40, -20], [0, -34], [42, -18], [38, 20], [0, 30], [-44, 16]]
  islands:
    - [[-6, -5], [7, -6], [9, 6], [-4, 8]]
"""

ELEMENT = ElementKind(model=Water, build=build, example=EXAMPLE, ground=ground, path=path, occupied=occupied)

"""`terrain`: the land itself, flat, with hills, or from a file of heights, out to the horizon."""

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.curves import eased
from vrclient.geometry.mesh import Mesh
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground
from vrclient.scene.land import HeightGrid, Land, land
from vrclient.showcase.heights import read_heights
from vrclient.showcase.limits import MAX_EXTENT_M
from vrclient.showcase.models import ElementModel, Height, HeightsFile, HexColor, Model, Point, PositiveMeters

_CELLS = 176
"""Cells along each side of the land; about 38,000 points with those to the horizon."""
_HORIZON_M = 4500.0


Side = Annotated[float, Field(ge=1.0, le=MAX_EXTENT_M)]


class Hill(Model):
    """A smooth mound, or a hollow where the height is negative."""

    center: Point = Field(description="Its middle, [east, north] in metres.", examples=[[120, 80]])
    radius_m: PositiveMeters = Field(60.0, description="Metres from the middle to where the land is level again.")
    height_m: Height = Field(6.0, description="How high the middle is above the land around; negative for a hollow.")
    top_m: Annotated[float, Field(ge=0.0, le=MAX_EXTENT_M)] = Field(0.0, description="Radius of the level top.")

    @model_validator(mode="after")
    def _top_inside(self) -> "Hill":
        if self.top_m >= self.radius_m:
            raise ValueError(
                f"top_m ({self.top_m:g}) must be smaller than radius_m ({self.radius_m:g}), or the hill has no slope"
            )
        return self


class Terrain(ElementModel):
    """The land. Waters, roads, plazas and terraces are cut into it automatically; everything else stands on it."""

    center: Point = Field((0.0, 0.0), description="Its middle, [east, north] in metres.")
    size_m: tuple[Side, Side] = Field(
        (1000.0, 1000.0),
        description="East-west and north-south size in metres. Beyond it the land goes on level to the horizon.",
        examples=[[2000, 2000]],
    )
    surface: Literal["grass", "paving", "sand", "rock", "gravel"] = Field("grass", description="What covers it.")
    color: HexColor | None = Field(None, description="Its colour; default: that of the surface.")
    level_m: Height = Field(0.0, description="Height of the level land above the origin.")
    heights: HeightsFile | None = Field(
        None,
        description="A file of heights over the whole size, north at the top: a grey image (dark = low), or metres: a .npy grid, "
        "or a TIFF of signed or floating numbers, as GIS exports it.",
    )
    height_range_m: tuple[Height, Height] = Field(
        (0.0, 20.0), description="What black and white of a grey image mean, in metres above level_m."
    )
    hills: tuple[Hill, ...] = Field((), max_length=200, description="Smooth mounds and hollows, added to the heights.")
    detail_m: PositiveMeters = Field(
        400.0, description="Side of the middle part in which the land has its finest grid; the rest gets coarser outward."
    )

    @model_validator(mode="after")
    def _range_rises(self) -> "Terrain":
        low, high = self.height_range_m
        if low >= high:
            raise ValueError(f"height_range_m must be [low, high] with low below high; it is [{low:g}, {high:g}]")
        return self


_LOOK: dict[str, tuple[str, float]] = {
    "grass": ("#5f7a3a", 0.95),
    "paving": ("#a9a49a", 0.85),
    "sand": ("#cbb994", 0.95),
    "rock": ("#8a857c", 0.9),
    "gravel": ("#9c958a", 0.95),
}


def height_grid(model: Terrain, /) -> HeightGrid:
    """The land before anything is cut into it."""
    x = _axis(model.center[0], model.size_m[0], model.detail_m)
    y = _axis(model.center[1], model.size_m[1], model.detail_m)
    xx, yy = np.meshgrid(x, y, indexing="ij")
    z = np.full(xx.shape, model.level_m)
    if model.heights is not None:
        z += _sampled(
            _heights(model), (xx - model.center[0]) / model.size_m[0] + 0.5, (yy - model.center[1]) / model.size_m[1] + 0.5
        )
    for hill in model.hills:
        distance = np.hypot(xx - hill.center[0], yy - hill.center[1])
        z += hill.height_m * eased((hill.radius_m - distance) / (hill.radius_m - hill.top_m), "smooth")
    return HeightGrid(x, y, z)


def _axis(center: float, size: float, detail: float) -> NDArray[np.float64]:
    """Even steps in the middle, growing ones to the edge, a few long ones to the horizon."""
    half, fine = size / 2.0, min(detail, size) / 2.0
    if fine >= half - 1e-9:
        inner = np.linspace(0.0, half, _CELLS // 2 + 1)
    else:
        count = int(_CELLS / 2 * 0.72)
        rest = _CELLS // 2 - count
        step = fine / count
        low, high = 0.05, 4.0
        for _ in range(60):
            ratio = (low + high) / 2.0
            total = step * np.sum(ratio ** np.arange(1, rest + 1))
            low, high = (ratio, high) if total < half - fine else (low, ratio)
        grown = np.cumsum(step * low ** np.arange(1, rest + 1))
        inner = np.concatenate([np.linspace(0.0, fine, count + 1), fine + grown * (half - fine) / grown[-1]])
    outer = half + _HORIZON_M * np.array([0.01, 0.04, 0.12, 0.35, 1.0])
    side = np.concatenate([inner, outer])
    return center + np.concatenate([-side[:0:-1], side])


def _heights(model: Terrain) -> NDArray[np.float32]:
    """[rows, columns] metres, first row = north."""
    assert model.heights is not None
    found = read_heights(model.heights)
    if found.is_metres:
        return found.values
    low, high = model.height_range_m
    return (low + (high - low) * found.values).astype(np.float32)


def _sampled(grid: NDArray[np.float32], east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = grid.shape
    column, row = np.clip(east, 0, 1) * (columns - 1), (1 - np.clip(north, 0, 1)) * (rows - 1)
    i, j = np.minimum(row.astype(int), max(rows - 2, 0)), np.minimum(column.astype(int), max(columns - 2, 0))
    s, t = row - i, column - j
    below, right = np.minimum(i + 1, rows - 1), np.minimum(j + 1, columns - 1)
    return (grid[i, j] * (1 - s) + grid[below, j] * s) * (1 - t) + (grid[i, right] * (1 - s) + grid[below, right] * s) * t


def ground(model: Terrain, ground: Ground, /) -> Ground:
    return land(ground).with_terrain(height_grid(model), model)


def build(model: Terrain, context: BuildContext, /) -> DrawData:
    here = context.ground
    if not isinstance(here, Land) or here.owner is not model:
        here = Land(height_grid(model), model)
    shape = here.mesh_of(model)
    color, roughness = _LOOK[model.surface]
    pattern: Pattern = model.surface
    material = Material(color=linear_color(model.color or color), roughness=roughness, pattern=pattern)
    open_land = [Surface(part, material, casts_shadow=False) for part in _tiles(_varied(shape), model)]
    return DrawData(surfaces=(*open_land, *_fallow(here, material)), walkable=(shape,))


def _fallow(here: Land, material: Material) -> list[Surface]:
    """The land where something lies that comes one day or goes: as it is before and afterwards."""
    found = []
    for owner in {id(claim.owner): claim.owner for claim in here.claims}.values():
        if owner.built is None and owner.demolished is None:
            continue
        part = _varied(here.mesh_of(owner))
        if owner.built is not None:
            found.append(Surface(part, material, casts_shadow=False, demolished=owner.built.toordinal()))
        if owner.demolished is not None:
            found.append(Surface(part, material, casts_shadow=False, built=owner.demolished.toordinal()))
    return found


def _varied(shape: Mesh) -> Mesh:
    """The land with a slow, slight change of tone, so that wide lawns do not look painted."""
    tone = 0.6 * _noise(shape.position[:, :2] / 37.0) + 0.4 * _noise(shape.position[:, :2] / 11.0 + 100.0)
    shade = 0.88 + 0.24 * tone
    color = np.stack([shade * (0.97 + 0.06 * tone), shade, shade * (1.03 - 0.06 * tone)], axis=1)
    return replace(shape, color=np.clip(color, 0.0, 1.2).astype(np.float32))


def _noise(place: NDArray[np.float32]) -> NDArray[np.float64]:
    """[N] smooth value noise 0..1 over the plane."""
    whole = np.floor(place).astype(np.int64)
    s, t = np.moveaxis(eased(place - whole, "smooth"), -1, 0)

    def corner(right: int, above: int) -> NDArray[np.float64]:
        return hashed((whole[:, 0] + right) * 7919 + (whole[:, 1] + above), seed=11)

    return (corner(0, 0) * (1 - s) + corner(1, 0) * s) * (1 - t) + (corner(0, 1) * (1 - s) + corner(1, 1) * s) * t


def _tiles(shape: Mesh, model: Terrain) -> list[Mesh]:
    """The land in a few pieces, so that what is behind the visitor need not be drawn."""
    middle = shape.position[shape.triangle].mean(axis=1)[:, :2] - np.array(model.center, np.float32)
    reach = model.detail_m / 4.0
    band = np.digitize(middle, [-reach, 0.0, reach])
    tile = band[:, 0] * 4 + band[:, 1]
    return [_part(shape, tile == number) for number in np.unique(tile)]


def _part(shape: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    triangle = shape.triangle[keep]
    used = np.zeros(len(shape.position), bool)
    used[triangle] = True
    number = (np.cumsum(used) - 1).astype(np.uint32)
    return Mesh(
        position=shape.position[used],
        normal=shape.normal[used],
        uv=shape.uv[used],
        color=shape.color[used],
        openness=shape.openness[used],
        triangle=number[triangle],
    )


EXAMPLE = """\
- kind: terrain
  size_m: [1200, 1200]
  surface: grass
  hills:
    - {center: [140, 90], radius_m: 70, height_m: 6}
"""

ELEMENT = ElementKind(model=Terrain, build=build, example=EXAMPLE, ground=ground)

"""`building`: a house over a footprint, with real windows, a roof, an entrance, standing firmly on sloping land."""

from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import Points
from vrclient.geometry.extrusion import box, swept, walls
from vrclient.geometry.mesh import Mesh, concatenated, mesh, placed
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Light, Material, Surface
from vrclient.scene.element import BuildContext, Bulk, ElementKind, PathOf
from vrclient.scene.entrance import Entrance, entrance_surfaces
from vrclient.scene.facade import Facade, facade_surfaces, facade_triangles, far_surfaces, joined, wall_cells, wall_material
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
    triangulated,
)
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, Height, HexColor

_FOOTING_M = 0.5
_PARAPET_M = 0.9
_EAVES_M = 0.5
_TIERS = ((0.0, 0.5), (0.14, 0.8), (0.28, 1.0))
"""Of a stepped roof: how far each tier is set back, as a ratio of the width, and up to which part of the storeys it goes."""


class BuildingModel(ElementModel):
    """A building with storeys."""

    outline: Outline = Field(description="The footprint: points [east, north] in metres.")
    holes: tuple[Outline, ...] = Field((), max_length=50, description="Outlines of courtyards in it.")
    smooth: bool = Field(False, description="Draw the footprint as a soft curve through the points.")
    storeys: Annotated[int, Field(ge=1, le=200)] | None = Field(
        None, description="Number of storeys; default: from height_m, else 4."
    )
    height_m: Annotated[float, Field(ge=2.0, le=1000.0)] | None = Field(
        None, description="Height to the roof; default: storeys times floor_height_m."
    )
    floor_height_m: Annotated[float, Field(ge=2.0, le=20.0)] = Field(3.6, description="Height of a storey.")
    level_m: Height | None = Field(
        None, description="Height of the ground floor above the origin; default: the highest land along the footprint."
    )
    roof: Literal["flat", "gabled", "stepped"] = Field(
        "flat", description="Flat with a parapet, gabled along the longer side, or stepping back in tiers."
    )
    roof_color: HexColor = Field("#8b8880", description="Colour of the roof.")
    roof_pitch_deg: Annotated[float, Field(ge=5.0, le=65.0)] = Field(28.0, description="Steepness of a gabled roof.")
    facade: Facade = Field(default_factory=Facade, description="What the walls look like.")
    ground_floor: Literal["same", "glass"] = Field("same", description="Whether the lowest storey is a glazed front.")
    entrance: Entrance | None = Field(None, description="A doorway in the wall.")

    @model_validator(mode="after")
    def _makes_sense(self) -> "BuildingModel":
        problem = holes_problem(self.outline, self.holes)
        if problem:
            raise ValueError(problem)
        if self.storeys is not None and self.height_m is not None and not 2.0 <= self.height_m / self.storeys <= 20.0:
            raise ValueError(
                f"{self.storeys} storeys in {self.height_m:g} m make {self.height_m / self.storeys:.1f} m a storey; "
                "it must be between 2 and 20 m, so change storeys or height_m"
            )
        return self


def _storeys(model: BuildingModel) -> tuple[int, float]:
    """(number of storeys, height of each)."""
    count = model.storeys or (max(1, round(model.height_m / model.floor_height_m)) if model.height_m else 4)
    return count, (model.height_m / count if model.height_m else model.floor_height_m)


def build(model: BuildingModel, context: BuildContext, /) -> DrawData:
    area = area_of(model.outline, model.holes, smooth=model.smooth)
    land = np.concatenate([context.ground.height(ring) for ring in rings_of(area)])
    base = model.level_m if model.level_m is not None else float(land.max())
    bottom = min(float(land.min()), base) - _FOOTING_M
    count, storey = _storeys(model)
    near: list[Surface] = [Surface(walls(ring, bottom, base), wall_material(model.facade)) for ring in rings_of(area)]
    far = list(near)
    tiers = _tiers(model, area, count)
    for number, (shape, first, last) in enumerate(tiers):
        levels = np.array([base + storey * floor for floor in range(first, last + 1)])
        for ring in rings_of(shape):
            near += _tier_walls(model, ring, levels, is_lowest=first == 0)
            far += far_surfaces(ring, levels, model.facade)
        top = float(levels[-1])
        is_top = number == len(tiers) - 1
        roof = (
            _gabled_roof(model, shape, top)
            if model.roof == "gabled"
            else _flat_roof(model, shape, top, has_plant=is_top and count > 2)
        )
        near += roof
        far += roof
    lights: tuple[Light, ...] = ()
    if model.entrance is not None:
        surfaces, light = entrance_surfaces(model.entrance, rings_of(area)[0], base, frame=linear_color(model.facade.frame_color))
        near += surfaces
        lights = (light,)
    return DrawData(
        surfaces=joined(tuple(near)), far=joined(tuple(far)), lights=lights, walls=_collision(area, bottom, base + count * storey)
    )


def _tiers(model: BuildingModel, area: Polygon, count: int) -> list[tuple[Polygon, int, int]]:
    """(shape, first storey, storey after the last) from the ground up."""
    if model.roof != "stepped" or count < 2:
        return [(area, 0, count)]
    width = 2.0 * area.area / area.length * 2.0
    tiers, first = [], 0
    for setback, share in _TIERS:
        last = max(first + 1, round(count * share))
        for part in grown(area, -setback * width) if setback else [area]:
            if first < count and part.area > 16.0:
                tiers.append((part, first, min(last, count)))
        first = last
    return tiers


def _tier_walls(model: BuildingModel, ring: Points, levels: NDArray[np.float64], *, is_lowest: bool) -> tuple[Surface, ...]:
    cells = wall_cells(ring, levels, bay=model.facade.bay_m)
    if not (is_lowest and model.ground_floor == "glass") or model.facade.pattern == "curtain_wall":
        return facade_surfaces(cells, model.facade)
    front = model.facade.model_copy(update={"pattern": "curtain_wall", "lit_ratio": max(0.8, model.facade.lit_ratio)})
    lowest = wall_cells(ring, levels[:2], bay=min(model.facade.bay_m, 2.4))
    return (*facade_surfaces(lowest, front), *facade_surfaces(cells.only(cells.row > 0), model.facade))


def _flat_roof(model: BuildingModel, shape: Polygon, top: float, *, has_plant: bool) -> list[Surface]:
    covering = Material(color=linear_color(model.roof_color), roughness=0.9, pattern="gravel")
    surfaces = [Surface(flat_mesh(shape, top, spacing=6.0), covering)]
    profile = [(0.0, 0.0), (0.0, _PARAPET_M), (-0.3, _PARAPET_M), (-0.3, 0.0)]
    for ring in rings_of(shape):
        rim = np.column_stack([ring, np.full(len(ring), top)])
        surfaces.append(Surface(swept(rim, profile, closed=True), wall_material(model.facade)))
    if has_plant:
        surfaces += _roof_plant(shape, top)
    return surfaces


def _roof_plant(shape: Polygon, top: float) -> list[Surface]:
    """A stair head and machines, set back from the edge."""
    inner = shape.buffer(-4.0)
    if inner.is_empty or inner.area < 40.0:
        return []
    x0, y0, x1, y1 = inner.bounds
    number = np.arange(40)
    pick = [hashed(number, seed=round(shape.area * 10), channel=channel) for channel in range(5)]
    boxes: list[Mesh] = []
    taken: list[shapely.Geometry] = []
    rectangle = np.asarray(shape.minimum_rotated_rectangle.exterior.coords)
    heading = float(np.arctan2(*(rectangle[1] - rectangle[0])))
    for k in number:
        size = np.array([2.0 + 3.0 * pick[2][k], 2.0 + 2.5 * pick[3][k], 1.4 + 1.6 * pick[4][k]])
        spot = shapely.Point(x0 + (x1 - x0) * pick[0][k], y0 + (y1 - y0) * pick[1][k])
        foot = spot.buffer(float(np.hypot(size[0], size[1])) / 2.0)
        if len(boxes) < 4 and inner.contains(foot) and not any(foot.intersects(other) for other in taken):
            taken.append(foot)
            body = box((-size[0] / 2, -size[1] / 2, -0.1), (size[0] / 2, size[1] / 2, size[2]))
            boxes.append(placed(body, at=(spot.x, spot.y, top), heading=heading))
    return (
        [Surface(concatenated(boxes), Material(color=linear_color("#b8b9b6"), roughness=0.6, pattern="metal"))] if boxes else []
    )


def _gabled_roof(model: BuildingModel, shape: Polygon, top: float) -> list[Surface]:
    """Two planes that meet over the middle of the longer side; the walls go up to them."""
    corners = np.asarray(shape.minimum_rotated_rectangle.exterior.coords)[:4]
    first, second = corners[1] - corners[0], corners[3] - corners[0]
    across = first if np.hypot(*first) < np.hypot(*second) else second
    half = float(np.hypot(*across)) / 2.0
    axis = across / (2.0 * half)
    middle = corners.mean(axis=0)
    steep = float(np.tan(np.radians(model.roof_pitch_deg)))

    def height(points: Points) -> NDArray[np.float64]:
        return top + (half - np.abs((points - middle) @ axis)) * steep

    surfaces = []
    for ring in rings_of(shape):
        upright = _with_crossings(ring, (ring - middle) @ axis)
        surfaces.append(Surface(walls(upright, top, np.maximum(height(upright), top)), wall_material(model.facade)))
    tiles = Material(color=linear_color(model.roof_color), roughness=0.75, pattern="panels")
    eaves = Material(color=linear_color(model.facade.color), roughness=0.8)
    for side in (-1.0, 1.0):
        along = np.array([axis[1], -axis[0]])
        reach = 4.0 * (half + float(np.hypot(*(corners[2] - corners[0]))))
        half_plane = Polygon(
            [
                middle - along * reach,
                middle + along * reach,
                middle + (along + axis * side) * reach,
                middle + (axis * side - along) * reach,
            ]
        )
        for overhanging in grown(shape, _EAVES_M):
            for part in polygons_in(overhanging.intersection(half_plane)):
                points, triangle = triangulated(part)
                normal = np.array([*(axis * side * steep), 1.0]) / np.hypot(steep, 1.0)
                upper = np.column_stack([points, height(points) + 0.14])
                uv = np.column_stack([points @ along, (points - middle) @ axis * np.hypot(steep, 1.0)])
                surfaces.append(Surface(mesh(upper, triangle, normal=normal, uv=uv), tiles))
                surfaces.append(Surface(mesh(upper - (0, 0, 0.28), triangle[:, ::-1], normal=-normal, uv=uv), eaves))
                for ring in rings_of(part):
                    rim = np.column_stack([ring, height(ring) + 0.14])
                    surfaces.append(Surface(swept(rim, [(0.0, -0.28), (0.0, 0.0)], closed=True), eaves))
    return surfaces


def _with_crossings(ring: Points, side: NDArray[np.float64]) -> Points:
    """The ring with a point wherever `side` changes its sign."""
    points = []
    for k in range(len(ring)):
        after = (k + 1) % len(ring)
        points.append(ring[k])
        if side[k] * side[after] < -1e-9:
            points.append(ring[k] + (ring[after] - ring[k]) * (side[k] / (side[k] - side[after])))
    return np.array(points)


def _collision(area: Polygon, bottom: float, top: float) -> NDArray[np.float32]:
    rows = []
    for ring in rings_of(area):
        rows.append(np.column_stack([ring, np.roll(ring, -1, axis=0), np.full(len(ring), bottom), np.full(len(ring), top)]))
    return np.concatenate(rows).astype(np.float32)


def path(model: BuildingModel, /) -> NDArray[np.float64]:
    return closed_path(model.outline, smooth=model.smooth)


def occupied(model: BuildingModel, /) -> list[NDArray[np.float64]]:
    return rings_of(area_of(model.outline, smooth=model.smooth))[:1]


def bulk(model: BuildingModel, /) -> Bulk:
    count, height = _storeys(model)
    return Bulk(area_of(model.outline, model.holes, smooth=model.smooth), model.level_m, count * height)


def cost(model: BuildingModel, path_of: PathOf, /) -> Cost:
    sizes = [outline_size(ring, smooth=model.smooth) for ring in (model.outline, *model.holes)]
    around, points = sum(one[0] for one in sizes), sum(one[2] for one in sizes)
    storeys, _ = _storeys(model)
    cells = (around / model.facade.bay_m + points) * storeys
    walls = facade_triangles(cells, model.facade) + 10.0 * points * storeys
    if model.ground_floor == "glass":
        walls += 18.0 * (around / 2.4 + points)
    roof = 2.0 * grid_triangles(sizes[0][1], 6.0) + 12.0 * points
    return Cost(triangles=walls + roof, help="a larger bay_m, fewer storeys or fewer points, or pattern: plain")


EXAMPLE = """\
- kind: building
  id: library
  title: {zh: 图书馆, en: Library}
  outline: [[0, 0], [42, 0], [42, 18], [18, 18], [18, 32], [0, 32]]
  storeys: 4
  floor_height_m: 3.9
  facade: {pattern: window_grid, bay_m: 3.5, window_m: [2.2, 2.1], lit_ratio: 0.4}
  ground_floor: glass
  entrance: {at: [28, 0], width_m: 6}
"""

ELEMENT = ElementKind(model=BuildingModel, build=build, cost=cost, example=EXAMPLE, path=path, occupied=occupied, bulk=bulk)

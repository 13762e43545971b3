"""`district`: a quarter of invented houses on blocks between streets, no two alike, for where real footprints are not at hand.

The houses themselves are in scene/townhouses/, their lots in geometry/lots.py."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import Polygon

from vrclient.geometry.curves import Points, sides, subdivided
from vrclient.geometry.lots import Houses, Numbers, houses_around_blocks, ragged
from vrclient.geometry.mesh import Mesh
from vrclient.geometry.quad_table import UprightFrames, meshes_by_group, placed_quads
from vrclient.geometry.sampling import hashed
from vrclient.scene.build import CELL_M
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground, PathOf
from vrclient.scene.land import Claim, Land, land
from vrclient.scene.polygons import Outline, area_of, largest, polygons_in, prepared, rings_of
from vrclient.scene.townhouses.houses import INSIDE_M, Townhouses, townhouses
from vrclient.scene.townhouses.looks import Style
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementModel, HexColor, Ratio, Seed

_MOST = 200_000
_KERB_M = 0.08
_STREET_CELLS = 3
"""Streets are dealt out in squares of so many cells: there is little of them."""
_STREETS: dict[str, tuple[str, Pattern, float]] = {
    "asphalt": ("#4b4c4f", "asphalt", 0.9),
    "paving": ("#a9a297", "paving", 0.85),
    "gravel": ("#b3a78f", "gravel", 0.95),
}

Side = Annotated[float, Field(ge=5.0, le=100.0)]
BlockSide = Annotated[float, Field(ge=14.0, le=1000.0)]
Storeys = Annotated[int, Field(ge=1, le=100)]


class District(ElementModel):
    """A quarter of invented houses, each with a footprint, height, colours and windows of its own, in rows around the blocks
    between streets. It stands on the land and covers its streets; inside the blocks the land stays as it is. The same seed
    gives the same quarter."""

    area: Outline = Field(description="Where: points [east, north] in metres around it.")
    block_m: tuple[BlockSide, BlockSide] = Field(
        (80.0, 60.0), description="Size of a block from house front to house front; it is fitted to whole blocks."
    )
    street_m: Annotated[float, Field(ge=2.0, le=100.0)] = Field(
        14.0, description="Width of the streets from house front to house front."
    )
    streets: Literal["asphalt", "paving", "gravel", "none"] = Field(
        "asphalt",
        description="What the streets are made of: asphalt between pavements, or one surface from front to front; none: as the "
        "land is.",
    )
    heading_deg: Degrees = Field(0.0, description="Where the cross streets lead: 0 north, 90 east.")
    lot_m: tuple[Side, Side] = Field((11.0, 19.0), description="Least and most width of a house along its street.")
    depth_m: tuple[Side, Side] = Field((10.0, 14.0), description="Least and most depth of a house, without its wing.")
    storeys: tuple[Storeys, Storeys] = Field((2, 7), description="Least and most storeys of a house.")
    storey_height_m: Annotated[float, Field(ge=2.2, le=8.0)] = Field(3.2, description="Usual height of a storey.")
    joined: Ratio = Field(0.75, description="Share of neighbours that stand wall to wall.")
    pitched: Ratio = Field(0.5, description="Share of houses with a pitched roof; the others have flat ones.")
    shops: Ratio = Field(0.3, description="Share of houses with a shop on the ground floor.")
    open_blocks: Ratio = Field(0.05, description="Share of blocks without houses: greens and squares.")
    colors: tuple[HexColor, ...] | None = Field(
        None, min_length=1, max_length=100, description="Colours of walls. Default: those of plaster, brick and stone."
    )
    roof_colors: tuple[HexColor, ...] | None = Field(
        None, min_length=1, max_length=100, description="Colours of pitched roofs. Default: those of tiles and slate."
    )
    lit_ratio: Ratio = Field(0.35, description="Share of rooms that are lit after dark.")
    count: Annotated[int, Field(ge=1, le=_MOST)] | None = Field(
        None, description="At most this many houses, those nearest to the middle. Default: as many as fit."
    )
    seed: Seed = Field(1, description="Another number gives another quarter.")

    @model_validator(mode="after")
    def _fits(self) -> "District":
        for name in ("lot_m", "depth_m", "storeys"):
            pair = getattr(self, name)
            if pair[0] > pair[1]:
                raise ValueError(f"'{name}' must begin with the smaller number: [{pair[1]:g}, {pair[0]:g}]")
        low, high = _bounds(np.array(self.area), _axes(self.heading_deg))
        blocks = np.maximum(1.0, (high - low) / (np.array(self.block_m) + self.street_m))
        about = round(int(np.prod(blocks) * max(4.0, 4.0 * sum(self.block_m) / sum(self.lot_m))), -3)
        if about > _MOST:
            raise ValueError(
                f"about {about:,} houses would stand in the bounds of this area; at most {_MOST:,} can, so make the area "
                "smaller, or its blocks and lots larger"
            )
        if not len(_plan(self).houses.width):
            raise ValueError("no house fits; make the area larger, or its blocks, lots and streets smaller")
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The houses, the blocks [K] polygons they stand on, and the rest of the area."""

    houses: Houses
    blocks: NDArray[np.object_]
    streets: Polygon


def _axes(heading_deg: float, /) -> Points:
    """[2, 2]: the directions of block_m's first and second side in the world."""
    turn = np.radians(heading_deg)
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _bounds(points: Points, axes: Points, /) -> tuple[Points, Points]:
    own = points @ axes.T
    return own.min(axis=0), own.max(axis=0)


def _plan(model: District, /) -> _Plan:
    whole = _whole_plan(
        model.area, model.block_m, model.street_m, model.heading_deg, model.lot_m, model.depth_m, model.joined,
        model.open_blocks, model.seed,
    )  # fmt: skip
    if model.count is None or model.count >= len(whole.houses.width):
        return whole
    middle = np.array(area_of(model.area).centroid.coords[0])
    away = np.linalg.norm(whole.houses.origin - middle, axis=1)
    nearest = np.sort(np.argsort(away, kind="stable")[: model.count])
    return _Plan(whole.houses.only(nearest), whole.blocks, whole.streets)


@lru_cache(maxsize=8)
def _whole_plan(
    outline: Outline,
    block: tuple[float, float],
    street: float,
    heading: float,
    lot: tuple[float, float],
    depth: tuple[float, float],
    joined: float,
    open_blocks: float,
    seed: int,
    /,
) -> _Plan:
    """Kept, because the check of a model, its footprints, its land and its build all ask for it."""
    area, axes = area_of(outline), _axes(heading)
    edges = []
    for axis, (low, high) in enumerate(zip(*_bounds(np.array(outline), axes), strict=True)):
        count = max(1, round((high - low) / (block[axis] + street)))
        pitch = (high - low) / count
        lines = low + pitch * np.arange(count + 1.0)
        spare = min(0.16 * block[axis], 0.3 * max(pitch - street, 0.0))
        lines[1:-1] += spare * (hashed(np.arange(1, count), seed=seed, channel=90 + axis) - 0.5)
        edges.append(lines)
    low, high = (
        np.stack([line.reshape(-1) for line in np.meshgrid(*lines)], axis=1)
        for lines in ([edge[:-1] + street / 2 for edge in edges], [edge[1:] - street / 2 for edge in edges])
    )
    is_block = (high - low > 8.0).all(axis=1)
    low, high = low[is_block], high[is_block]
    is_open = hashed(np.arange(len(low)), seed=seed, channel=92) < open_blocks
    houses = houses_around_blocks(low, high, lot=lot, depth=depth, joined=joined, seed=seed).turned(axes)
    inner = prepared(area.buffer(1e-6 - street / 2, join_style="mitre", mitre_limit=3.0))
    houses = houses.only(~is_open[houses.block] & shapely.covers(inner, shapely.polygons(houses.footprints())))
    corner = np.stack([low, np.stack([high[:, 0], low[:, 1]], 1), high, np.stack([low[:, 0], high[:, 1]], 1)], axis=1)
    shape = shapely.intersection(shapely.polygons(corner @ axes), inner)
    is_used = is_open & (shapely.area(shape) > 200.0)
    is_used[houses.block] = True
    blocks = np.array([part for one in shape[is_used] for part in polygons_in(one)], object)
    return _Plan(houses, blocks, shapely.orient_polygons(largest(area.difference(shapely.union_all(blocks)))))


def occupied(model: District, /) -> list[NDArray[np.float64]]:
    houses = _plan(model).houses
    return [ring[:count] for ring, count in zip(houses.footprints(), houses.corners().tolist(), strict=True)]


def ground(model: District, ground: Ground, /) -> Ground:
    streets = _plan(model).streets
    return ground if model.streets == "none" or streets.is_empty else land(ground).with_claim(Claim(model, streets))


def build(model: District, context: BuildContext, /) -> DrawData:
    plan = _plan(model)
    footprints = plan.houses.footprints()
    cell = _numbered((footprints.min(axis=1) + footprints.max(axis=1)) / 2.0, CELL_M)
    style = Style(
        storeys=model.storeys,
        storey_height=model.storey_height_m,
        pitched=model.pitched,
        shops=model.shops,
        colors=model.colors,
        roof_colors=model.roof_colors,
        lit_ratio=model.lit_ratio,
        seed=model.seed,
    )
    built = townhouses(plan.houses, style, context.ground, cell)
    streets = _streets(model, context) + _pavements(model, plan.blocks, context.ground)
    return DrawData(
        surfaces=(*streets, *built.near),
        far=(*streets, *built.far),
        walls=_collision(plan.houses, built),
        walkable=tuple(_part(one.mesh, one.mesh.normal[one.mesh.triangle[:, 0], 2] > 0.3) for one in streets),
        solids=_solids(plan.houses, built),
    )


def _numbered(place: Points, size: float, /) -> Numbers:
    """[K] the same number for places [K, 2] in the same square of this size."""
    return np.unique(np.floor(place / size).astype(np.int64), axis=0, return_inverse=True)[1].reshape(-1)


def _streets(model: District, context: BuildContext, /) -> tuple[Surface, ...]:
    if model.streets == "none":
        return ()
    here = context.ground
    if not isinstance(here, Land) or not any(claim.owner is model for claim in here.claims):
        here = land(ground(model, context.ground))
    color, pattern, roughness = _STREETS[model.streets]
    material = Material(color=linear_color(color), roughness=roughness, pattern=pattern)
    shape = here.mesh_of(model)
    tile = _numbered(shape.position[shape.triangle].mean(axis=1)[:, :2], _STREET_CELLS * CELL_M)
    return tuple(
        Surface(_part(shape, tile == number), material, casts_shadow=False) for number in range(int(tile.max(initial=-1)) + 1)
    )


def _part(shape: Mesh, keep: NDArray[np.bool_], /) -> Mesh:
    used, triangle = np.unique(shape.triangle[keep], return_inverse=True)
    columns = {name: getattr(shape, name)[used] for name in ("position", "normal", "uv", "color", "openness")}
    return Mesh(**columns, triangle=triangle.reshape(-1, 3).astype(np.uint32))


def _pavements(model: District, blocks: NDArray[np.object_], ground: Ground, /) -> tuple[Surface, ...]:
    """Raised walks around the blocks, in pieces that follow the land."""
    if model.streets != "asphalt" or not len(blocks):
        return ()
    wide = float(np.clip(0.18 * model.street_m, 0.6, 3.5))
    rings = [subdivided(rings_of(block)[0], spacing=12.0, closed=True) for block in blocks]
    count = np.array([len(ring) for ring in rings])
    ring, place = ragged(count)
    piece = np.arange(len(ring))
    after = np.where(place + 1 < count[ring], piece + 1, piece - place)
    lines = (np.concatenate(rings), np.concatenate([one + wide * sides(one, closed=True) for one in rings]))
    heights = [ground.height(line) for line in lines]
    inner, outer = (np.column_stack([line, z + _KERB_M]) for line, z in zip(lines, heights, strict=True))
    inner_foot, outer_foot = (np.column_stack([line, z - 0.1]) for line, z in zip(lines, heights, strict=True))
    world = UprightFrames(np.zeros((len(ring), 2)), np.tile([1.0, 0.0], (len(ring), 1)))
    tables = []
    for low, high, shade in ((outer, inner, 1.0), (outer_foot, outer, 1.2), (inner, inner_foot, 1.2)):
        corner = np.stack([low, low[after], high[after], high], axis=1).astype(np.float32)
        tables.append(placed_quads(world, corner, color=(shade, shade, shade), owner=piece))
    material = Material(color=linear_color("#b0aaa0"), roughness=0.85, pattern="paving")
    tile = _numbered((lines[0] + lines[1]) / 2.0, _STREET_CELLS * CELL_M)
    return tuple(Surface(shape, material, casts_shadow=False) for _, shape in meshes_by_group(tables, tile))


def _collision(houses: Houses, built: Townhouses, /) -> NDArray[np.float32]:
    """[W, 6]: the sides of the footprints."""
    ring, count = houses.footprints(), houses.corners()
    house, side = ragged(count)
    after = np.where(side + 1 < count[house], side + 1, 0)
    return np.column_stack([ring[house, side], ring[house, after], built.bottom[house], built.eaves[house]]).astype(np.float32)


def _solids(houses: Houses, built: Townhouses, /) -> NDArray[np.float32]:
    """[N, 6] the largest upright box along the world's axes in each body, behind its windows.

    Source: the largest rectangle along the axes in a turned one: both touch its sides, or the longer ones alone."""
    wide, deep = houses.width - 2 * INSIDE_M, houses.depth - 2 * INSIDE_M
    cosine, sine = np.abs(houses.along).T
    half = np.minimum(wide, deep) / 2
    first, second = np.where(wide < deep, cosine, sine), np.where(wide < deep, sine, cosine)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        between_two = np.stack([half / first, half / second])
        between_all = np.stack([wide * cosine - deep * sine, deep * cosine - wide * sine]) / (cosine**2 - sine**2)
    size = np.where(half <= sine * cosine * np.maximum(wide, deep), between_two, between_all).T
    left = np.stack([-houses.along[:, 1], houses.along[:, 0]], axis=1)
    middle = houses.origin + houses.along * houses.width[:, None] / 2 + left * houses.depth[:, None] / 2
    low, high = built.bottom, built.eaves - INSIDE_M
    return np.column_stack([middle, (low + high) / 2, size / 2, (high - low) / 2]).astype(np.float32)


def cost(model: District, path_of: PathOf, /) -> Cost:
    each = 45.0 + 3.9 * sum(model.storeys) / 2.0 * sum(model.lot_m) / 2.0
    return Cost(triangles=each * len(_plan(model).houses.width), help="a smaller area, fewer storeys, or a smaller count")


EXAMPLE = """\
- kind: district
  area: [[-100, -80], [100, -80], [100, 80], [-100, 80]]
  storeys: [2, 5]
  seed: 3
"""

ELEMENT = ElementKind(model=District, build=build, cost=cost, example=EXAMPLE, ground=ground, occupied=occupied)

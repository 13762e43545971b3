"""`road`: paths, streets and plazas in the land, with kerbs; also decks that run above it or across water."""

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from shapely import LineString, Polygon

from vrclient.geometry.curves import Points, distances, sides, smoothed, subdivided
from vrclient.geometry.extrusion import quads, swept
from vrclient.geometry.mesh import EMPTY, Mesh, concatenated, mesh
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, Ground
from vrclient.scene.land import Claim, Edges, Land, Level, draped, land
from vrclient.scene.polygons import Outline, Path, area_of, closed_path, largest, rings_of
from vrclient.showcase.models import ElementModel, Height, HexColor

_PIECE = 400
_DECK_M = 0.35
"""Thickness of a deck."""


class Road(ElementModel):
    """A way or a plaza that visitors walk on. It follows the land; where two cross, the later entry lies on top."""

    path: Path | None = Field(None, description="The middle of a way: points [east, north] in metres from end to end.")
    outline: Outline | None = Field(None, description="Instead of path: the points around a plaza.")
    width_m: Annotated[float, Field(gt=0.2, le=200.0)] = Field(4.0, description="Width of the way.")
    smooth: bool = Field(True, description="Draw a soft curve through the points instead of straight pieces.")
    surface: Literal["paving", "asphalt", "gravel", "wood", "concrete", "sand", "grass"] = Field(
        "paving", description="What it is made of."
    )
    color: HexColor | None = Field(None, description="Its colour; default: that of the surface.")
    kerb_m: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.0, description="Height of a kerb along its edges to the open land; 0 for none."
    )
    level_m: Height | None = Field(
        None,
        description="Height above the origin. A plaza levels the land there; a way becomes a deck (a bridge, a jetty) "
        "at this height.",
    )

    @model_validator(mode="after")
    def _one_shape(self) -> "Road":
        if (self.path is None) == (self.outline is None):
            raise ValueError("a road has either path (a way with a width) or outline (a plaza), and exactly one of them")
        return self


_LOOK: dict[str, tuple[str, float]] = {
    "paving": ("#b9b3a8", 0.8),
    "asphalt": ("#4b4c4f", 0.9),
    "gravel": ("#b3a78f", 0.95),
    "wood": ("#96714f", 0.75),
    "concrete": ("#aeaca6", 0.85),
    "sand": ("#cbb994", 0.95),
    "grass": ("#66823f", 0.95),
}
_DRAPED_M = 0.03
"""How high over the land a way lies that will be gone one day: what lies there afterwards cuts the land, it does not."""
_KERB = Material(color=linear_color("#c9c5bc"), roughness=0.75, pattern="concrete")


def center_line(model: Road, /) -> Points:
    """[N, 2] the middle of a way as it is built."""
    assert model.path is not None
    points = np.asarray(model.path, np.float64)
    return smoothed(points, spacing=2.0) if model.smooth and len(points) > 2 else subdivided(points, spacing=4.0)


def area(model: Road, /) -> Polygon:
    """What it covers."""
    if model.outline is not None:
        return area_of(model.outline, smooth=model.smooth)
    return shapely.orient_polygons(largest(_ribbon(center_line(model), model.width_m / 2.0).simplify(0.01)))


def _ribbon(line: Points, half: float) -> shapely.Geometry:
    """What lies within `half` metres of a line, cut off square at its ends. A long one is made of pieces that overlap: where it
    crosses itself again and again, the work grows as the square of its points otherwise."""

    def buffered(part: Points) -> shapely.Geometry:
        return LineString(part).buffer(half, cap_style="flat", join_style="round", quad_segs=4)

    if len(line) <= _PIECE:
        return buffered(line)
    pieces = [line[first : first + _PIECE // 8 + 2] for first in range(0, len(line) - 2, _PIECE // 8)]
    return shapely.union_all([buffered(piece) for piece in pieces])


def _is_deck(model: Road) -> bool:
    return model.path is not None and model.level_m is not None


def ground(model: Road, ground: Ground, /) -> Ground:
    if _is_deck(model) or model.demolished is not None:
        return ground
    level: Level = model.level_m if model.level_m is not None else "mean" if model.outline is not None else None
    return land(ground).with_claim(Claim(model, area(model), level=level, blend=6.0))


def build(model: Road, context: BuildContext, /) -> DrawData:
    color, roughness = _LOOK[model.surface]
    pattern: Pattern = model.surface
    material = Material(color=linear_color(model.color or color), roughness=roughness, pattern=pattern)
    if _is_deck(model):
        return _deck(model, material)
    if model.demolished is not None:
        shape = draped(context.ground, model, area(model), lift=_DRAPED_M)
        return DrawData(surfaces=(Surface(shape, material, casts_shadow=False),))
    here = context.ground
    if not isinstance(here, Land) or not any(claim.owner is model for claim in here.claims):
        here = land(ground(model, context.ground))
    shape = here.mesh_of(model)
    if model.path is not None:
        shape = _with_uv_along(shape, center_line(model))
    surfaces = [Surface(shape, material, casts_shadow=False)]
    if model.kerb_m > 0:
        surfaces.append(
            Surface(
                kerb(here.edges_of(model).along_open_land(), here, height=model.kerb_m, width=0.18), _KERB, casts_shadow=False
            )
        )
    return DrawData(surfaces=tuple(surfaces), walkable=(shape,))


def kerb(edges: Edges, ground: Ground, /, *, height: float, width: float) -> Mesh:
    """A low edging on the land's side of the edges, standing on the ground."""
    if not len(edges.start):
        return EMPTY
    out_start, out_end = edges.outward()
    start, end = (np.column_stack([ends, ground.height(ends)]) for ends in (edges.start, edges.end))
    profile = ((0.0, -0.05), (0.0, height), (width, height), (width, -0.25))
    lines = [
        tuple(
            point + np.column_stack([side * across, np.full(len(point), up)])
            for point, side in ((start, out_start), (end, out_end))
        )
        for across, up in profile
    ]
    faces = [
        quads(np.stack([upper[0], upper[1], lower[1], lower[0]], axis=1)) for lower, upper in zip(lines[1:], lines, strict=False)
    ]
    return concatenated(faces)


def _with_uv_along(shape: Mesh, line: Points) -> Mesh:
    """uv = metres along the way and across it."""
    place = shape.position[:, :2].astype(np.float64)
    piece = _nearest_piece(line, place)
    step, passed = np.diff(line, axis=0), distances(line)
    size = np.maximum(np.hypot(*step.T), 1e-12)
    unit = (step / size[:, None])[piece]
    away = place - line[:-1][piece]
    forth = np.clip(np.einsum("ij,ij->i", away, unit), 0.0, size[piece])
    along = passed[:-1][piece] + forth
    aside = away - unit * forth[:, None]
    across = np.hypot(*aside.T)
    left = unit[:, 0] * aside[:, 1] - unit[:, 1] * aside[:, 0] > 0
    return replace(shape, uv=np.column_stack([along, np.where(left, across, -across)]).astype(np.float32))


def _nearest_piece(line: Points, place: Points) -> NDArray[np.int64]:
    """[N] the number of the piece of the line [M, 2] that is nearest to each place."""
    tree = shapely.STRtree(shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1)))
    place_number, piece = tree.query_nearest(shapely.points(place), all_matches=False)
    found = np.zeros(len(place), np.int64)
    found[place_number] = piece
    return found


def _deck(model: Road, material: Material) -> DrawData:
    line = center_line(model)
    half = model.width_m / 2.0
    right = sides(line)
    level = float(model.level_m or 0.0)
    left_edge, right_edge = (np.column_stack([line + right * side, np.full(len(line), level)]) for side in (-half, half))
    along = distances(line)
    count = len(line)
    index = np.arange(count - 1)
    top = mesh(
        np.concatenate([left_edge, right_edge]),
        np.concatenate(
            [np.stack([index, index + count, index + count + 1], axis=1), np.stack([index, index + count + 1, index + 1], axis=1)]
        ),
        normal=[0.0, 0.0, 1.0],
        uv=np.concatenate([np.column_stack([along, np.full(count, half)]), np.column_stack([along, np.full(count, -half)])]),
    )
    spine = np.column_stack([line, np.full(count, level)])
    body = swept(spine, [(-half, 0.0), (-half, -_DECK_M), (half, -_DECK_M), (half, 0.0)])
    surfaces = [Surface(top, material), Surface(body, _KERB)]
    if model.kerb_m > 0:
        for side in (-half, half - 0.18):
            profile = [(side, -0.05), (side + 0.18, -0.05), (side + 0.18, model.kerb_m), (side, model.kerb_m), (side, -0.05)]
            surfaces.append(Surface(swept(spine, profile), _KERB))
    return DrawData(surfaces=tuple(surfaces), walkable=(top,))


def path(model: Road, /) -> NDArray[np.float64]:
    return center_line(model) if model.path is not None else closed_path(model.outline or (), smooth=model.smooth)


def occupied(model: Road, /) -> list[NDArray[np.float64]]:
    return rings_of(area(model))[:1]


EXAMPLE = """\
- kind: road
  id: garden_path
  path: [[-60, -30], [-20, -42], [30, -38], [70, -10]]
  width_m: 4
  surface: paving
  kerb_m: 0.12
"""

ELEMENT = ElementKind(model=Road, build=build, example=EXAMPLE, ground=ground, path=path, occupied=occupied)

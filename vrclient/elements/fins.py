"""`fins`: upright blades along a curve, rising from short to tall, that glow after dark."""

import itertools
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.curves import Ease, Points, eased, length, points_at, right_of, signed_area, smoothed
from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import Mesh, concatenated, mesh, placed, transformed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, DrawData, InstanceMesh, Instances, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.polygons import Path
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, Height, HexColor, PathRef, Ratio

_FOOTING_M = 0.3


class Fins(ElementModel):
    """Blades side by side. They stand across the curve, thin side along it."""

    along: PathRef | None = Field(
        None, description="The id of an element whose edge or path they follow.", examples=["main_petal"]
    )
    path: Path | None = Field(None, description="Instead of along: the curve they stand on, points [east, north].")
    smooth: bool = Field(True, description="Draw path as a soft curve.")
    arc: tuple[Ratio, Ratio] = Field(
        (0.0, 1.0),
        description="Which part of the curve: 0 is its beginning, 1 its end. [0.8, 0.1] goes on through the beginning of a "
        "closed one.",
    )
    count: Annotated[int, Field(ge=1, le=5000)] = Field(60, description="How many.")
    height_m: tuple[Annotated[float, Field(ge=0.01, le=500.0)], Annotated[float, Field(ge=0.01, le=500.0)]] = Field(
        (3.0, 12.0), description="Height of the first and of the last."
    )
    ease: Ease = Field("smooth", description="How the height grows from the first to the last.")
    width_m: Annotated[float, Field(gt=0.005, le=10.0)] = Field(0.12, description="Thickness, along the curve.")
    depth_m: Annotated[float, Field(gt=0.005, le=10.0)] = Field(0.5, description="Depth, across the curve.")
    offset_m: Annotated[float, Field(ge=-200.0, le=200.0)] = Field(
        0.0, description="Metres outward from a closed curve, or to the right of an open one."
    )
    lean_deg: Annotated[float, Field(ge=-60.0, le=60.0)] = Field(
        0.0, description="How far the tops lean outward (or to the right)."
    )
    level_m: Height | None = Field(None, description="Height of their feet above the origin; default: on the land.")
    color: HexColor = Field("#c89b4b", description="Their colour; the default is gold.")
    light: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.6, description="How strongly they glow after dark.")
    metallic: bool = Field(True, description="Whether they shine like metal.")

    @model_validator(mode="after")
    def _one_curve(self) -> "Fins":
        if (self.along is None) == (self.path is None):
            raise ValueError(
                "fins have either along (the id of another element) or path (points of their own), and exactly one of them"
            )
        if self.arc[0] == self.arc[1]:
            raise ValueError(
                f"arc [{self.arc[0]:g}, {self.arc[1]:g}] is empty; give the beginning and the end of the part "
                "where the fins stand"
            )
        return self


def _curve(model: Fins, context: BuildContext) -> tuple[Points, bool]:
    """(points, is closed)."""
    if model.along is not None:
        points = np.asarray(context.paths.get(model.along, np.zeros((0, 2))), np.float64)
    else:
        points = np.asarray(model.path, np.float64)
        closed_by_hand = len(points) > 3 and np.allclose(points[0], points[-1])
        if model.smooth and len(points) > 2:
            points = smoothed(points[:-1], spacing=0.5, closed=True) if closed_by_hand else smoothed(points, spacing=0.5)
            if closed_by_hand:
                points = np.concatenate([points, points[:1]])
    closed = len(points) > 3 and bool(np.allclose(points[0], points[-1]))
    return (points[:-1] if closed else points), closed


def build(model: Fins, context: BuildContext, /) -> DrawData:
    curve, closed = _curve(model, context)
    if len(curve) < 2:
        return DrawData()
    start, end = model.arc
    if closed and end <= start:
        end += 1.0
    goes_round = closed and end - start == 1.0
    share = np.linspace(0.0, 1.0, model.count, endpoint=not goes_round)
    total = length(curve, closed=closed)
    place = (start + (end - start) * share) * total
    ahead = points_at(curve, place + 0.4, closed=closed) if closed else points_at(curve, np.minimum(place + 0.4, total))
    behind = points_at(curve, place - 0.4, closed=closed) if closed else points_at(curve, np.maximum(place - 0.4, 0.0))
    along = ahead - behind
    outward = right_of(along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12))
    if closed and signed_area(curve) < 0:
        outward = -outward
    foot = points_at(curve, place, closed=closed) + outward * model.offset_m
    z = np.full(len(foot), model.level_m) if model.level_m is not None else context.ground.height(foot) - _FOOTING_M
    height = model.height_m[0] + (model.height_m[1] - model.height_m[0]) * eased(share, model.ease)
    if model.level_m is None:
        height = height + _FOOTING_M
    heading = np.arctan2(outward[:, 0], outward[:, 1])
    position = np.column_stack([foot, z])
    scale = np.column_stack([np.full(len(foot), model.width_m), np.full(len(foot), model.depth_m), height])
    color = linear_color(model.color)
    if model.lean_deg:
        return DrawData(
            surfaces=(_leaning(position, heading, scale, np.tan(np.radians(model.lean_deg)), _material(model, color)),)
        )
    rows = Instances(
        mesh=_fin(model, color),
        position=position.astype(np.float32),
        heading=heading.astype(np.float32),
        scale=scale.astype(np.float32),
        tint=np.ones((len(foot), 3), np.float32),
    )
    return DrawData(instances=(rows,))


def _material(model: Fins, color: Color) -> Material:
    return Material(color=color, roughness=0.38, metallic=float(model.metallic), emission=model.light)


def unit_fin() -> Mesh:
    """A blade 1 m wide, deep and high, its foot in the origin; closed but for the foot, with points in between for the light."""
    levels = np.linspace(0.0, 1.0, 5)
    sides = box((-0.5, -0.5, 0.0), (0.5, 0.5, 1.0))
    top = mesh(sides.position[16:20], [[0, 1, 2], [0, 2, 3]], normal=sides.normal[16:20], uv=sides.uv[16:20])
    pieces = [box((-0.5, -0.5, low), (0.5, 0.5, high)) for low, high in itertools.pairwise(levels)]
    upright = [mesh(piece.position[:16], piece.triangle[:8], normal=piece.normal[:16], uv=piece.uv[:16]) for piece in pieces]
    return concatenated([*upright, top])


def _fin(model: Fins, color: Color) -> InstanceMesh:
    key = f"fin:{model.color.lower()}:{model.light:g}:{int(model.metallic)}"
    return InstanceMesh(key, ((Surface(unit_fin(), _material(model, color)),),))


def _leaning(position: Points, heading: NDArray[np.float64], scale: Points, lean: float, material: Material) -> Surface:
    """All blades as one surface, sheared outward: instance rows cannot lean."""
    shape = unit_fin()
    blades = []
    for place, turn, size in zip(position, heading, scale, strict=True):
        matrix = np.diag([*size, 1.0])
        matrix[1, 2] = lean * size[2]
        blades.append(placed(transformed(shape, matrix), at=place, heading=float(turn)))
    return Surface(concatenated(blades), material)


def cost(model: Fins, path_of: PathOf, /) -> Cost:
    if model.lean_deg:
        return Cost(triangles=34.0 * model.count, help="a smaller count")
    return Cost(copies=model.count, help="a smaller count")


EXAMPLE = """\
- kind: fins
  path: [[-40, 0], [-10, 12], [30, 6], [60, -14]]
  count: 70
  height_m: [2, 16]
  depth_m: 0.6
  light: 0.8
"""

ELEMENT = ElementKind(model=Fins, build=build, cost=cost, example=EXAMPLE)

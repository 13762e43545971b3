"""`stairs`: a straight flight of solid steps, with landings and handrails."""

import itertools
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import quads, swept
from vrclient.geometry.mesh import Mesh, concatenated, mesh, placed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Material, Pattern, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementModel, Height, HexColor, Meters, Position

_LONGEST_M, _HIGHEST_M = 500.0, 200.0
_MOST_STEPS = 4000
"""Steps are higher where there would be more, such as up to a place that is far above the land."""
_SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
_FOOTING_M = 0.6
"""The sides go this far below the lower end."""


class Stairs(ElementModel):
    """Steps from a lower to a higher place. Say where they begin (`at`) and either where they end (`to`) or where they
    climb (`heading_deg`) and how far up (`rise_m`)."""

    at: Position = Field(
        description="Middle of the lowest step's front: [east, north] on the land, or [east, north, up].", examples=[[0, 0]]
    )
    to: tuple[Meters, Meters, Height] | None = Field(
        None, description="Middle of the upper end: [east, north, up].", examples=[[0, 8, 3]]
    )
    heading_deg: Degrees | None = Field(None, description="Instead of to: the direction in which they climb, 0 north, 90 east.")
    rise_m: Annotated[float, Field(gt=0.05, le=200.0)] | None = Field(None, description="Instead of to: how far they climb.")
    tread_m: Annotated[float, Field(ge=0.2, le=3.0)] = Field(0.34, description="Depth of a step, where to is not given.")
    riser_m: Annotated[float, Field(ge=0.05, le=0.5)] = Field(
        0.15, description="Height of a step, about; it is fitted to whole steps."
    )
    width_m: Annotated[float, Field(ge=0.5, le=100.0)] = Field(4.0, description="From side to side.")
    landing_every: Annotated[int, Field(ge=0, le=100)] = Field(
        0, description="A landing after every this many steps, where to is not given; 0 for none."
    )
    handrail: Literal["none", "sides", "middle"] = Field("sides", description="Where the handrails are; middle adds one there.")
    surface: Literal["paving", "concrete", "wood"] = Field("paving", description="What they are made of.")
    color: HexColor = Field("#c4bfb4", description="Their colour.")
    edge_light: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        0.0, description="Strength of a line of light under each step's edge after dark."
    )

    @model_validator(mode="after")
    def _one_way_up(self) -> "Stairs":
        if (self.to is None) == (self.heading_deg is None or self.rise_m is None) or (
            self.to and (self.heading_deg is not None or self.rise_m is not None)
        ):
            raise ValueError("stairs need either to: [east, north, up] or heading_deg and rise_m together, and not both")
        if self.to is not None and np.hypot(self.to[0] - self.at[0], self.to[1] - self.at[1]) < 0.3:
            raise ValueError("the stairs' upper end, to, is right above their lower end; move it at least 0.3 m away")
        if self.to is not None and np.hypot(self.to[0] - self.at[0], self.to[1] - self.at[1]) > _LONGEST_M:
            raise ValueError(
                f"the stairs' upper end, 'to', is more than {_LONGEST_M:g} m away from 'at'; make several flights of them"
            )
        if self.to is not None and len(self.at) == 3 and self.to[2] - self.at[2] > _HIGHEST_M:
            raise ValueError(f"the stairs climb more than {_HIGHEST_M:g} m from 'at' to 'to'; make several flights of them")
        if self.to is not None and len(self.at) == 3 and self.to[2] - self.at[2] < 0.05:
            raise ValueError(
                f"the stairs' upper end, to, must be higher than their lower end; "
                f"it is {self.to[2]:g} m and the lower end {self.at[2]:g} m"
            )
        return self


def build(model: Stairs, context: BuildContext, /) -> DrawData:
    start = np.array(context.place(model.at))
    if model.to is not None:
        run = float(np.hypot(*(np.array(model.to[:2]) - start[:2])))
        rise = max(float(model.to[2]) - float(start[2]), 0.05)
        heading = float(np.arctan2(model.to[0] - start[0], model.to[1] - start[1]))
    else:
        run, rise, heading = 0.0, float(model.rise_m or 0.0), float(np.radians(model.heading_deg or 0.0))
    count = min(max(1, round(rise / model.riser_m)), _MOST_STEPS)
    depth = np.full(count, run / count if run else model.tread_m)
    if not run and model.landing_every:
        depth[model.landing_every - 1 : count - 1 : model.landing_every] = 1.4
    front = np.concatenate([[0.0], np.cumsum(depth)])
    height = rise * np.arange(count + 1) / count

    def here(shape: Mesh) -> Mesh:
        return placed(shape, at=start, heading=heading)

    material = Material(color=linear_color(model.color), roughness=0.8, pattern=_pattern(model))
    surfaces = [Surface(here(steps(front, height, model.width_m)), material)]
    if model.edge_light:
        glow = Material(color=linear_color("#ffe2b0"), emission=model.edge_light, roughness=0.5)
        surfaces.append(Surface(here(_edge_lights(front, height, model.width_m)), glow, casts_shadow=False))
    half = model.width_m / 2.0
    rails = {"none": [], "sides": [-half + 0.12, half - 0.12], "middle": [-half + 0.12, 0.0, half - 0.12]}[model.handrail]
    if rails and rise > 0.4:
        steel = Material(color=linear_color("#8f9294"), roughness=0.35, metallic=1.0, pattern="metal")
        surfaces.append(Surface(here(concatenated([handrail(front, height, x) for x in rails])), steel))
    ramp = mesh(
        np.array(
            [[x, y, z] for y, z in zip(front, np.concatenate([height[1:], height[-1:]]), strict=True) for x in (-half, half)]
        ),
        np.array([[2 * k, 2 * k + 1, 2 * k + 3, 2 * k, 2 * k + 3, 2 * k + 2] for k in range(count)]),
        normal=[0.0, 0.0, 1.0],
    )
    return DrawData(surfaces=tuple(surfaces), walls=_walls(front, height, half, start, heading), walkable=(here(ramp),))


def _pattern(model: Stairs) -> Pattern:
    return model.surface


def steps(front: NDArray[np.float64], height: NDArray[np.float64], width: float, /) -> Mesh:
    """Solid steps climbing north from the origin: front [N + 1] where each begins (and the last ends), height [N + 1] of the
    lower end and of each step."""
    half = width / 2.0
    parts = []
    across = np.linspace(-half, half, max(1, round(width / 4.0)) + 1)
    for x0, x1 in itertools.pairwise(across):
        riser = [[(x0, y, a), (x1, y, a), (x1, y, b), (x0, y, b)] for y, a, b in zip(front, height, height[1:], strict=False)]
        tread = [
            [(x0, y, z), (x1, y, z), (x1, next_y, z), (x0, next_y, z)]
            for y, next_y, z in zip(front, front[1:], height[1:], strict=False)
        ]
        parts += [quads(riser), quads(tread)]
    bottom = -_FOOTING_M
    sides = []
    for y, next_y, z in zip(front, front[1:], height[1:], strict=False):
        sides.append([(half, y, bottom), (half, next_y, bottom), (half, next_y, z), (half, y, z)])
        sides.append([(-half, next_y, bottom), (-half, y, bottom), (-half, y, z), (-half, next_y, z)])
    parts.append(quads(sides))
    end, top = front[-1], height[-1]
    parts.append(quads([[(half, end, bottom), (-half, end, bottom), (-half, end, top), (half, end, top)]]))
    parts.append(quads([[(-half, 0, bottom), (half, 0, bottom), (half, 0, 0), (-half, 0, 0)]]))
    return concatenated(parts)


def _edge_lights(front: NDArray[np.float64], height: NDArray[np.float64], width: float) -> Mesh:
    half = width / 2.0 - 0.05
    return quads(
        [
            [
                (-half, y - 0.006, z - 0.055),
                (half, y - 0.006, z - 0.055),
                (half, y - 0.006, z - 0.025),
                (-half, y - 0.006, z - 0.025),
            ]
            for y, z in zip(front, height[1:], strict=False)
        ]
    )


def handrail(front: NDArray[np.float64], height: NDArray[np.float64], x: float, /) -> Mesh:
    """A rail 0.95 m above the steps with posts, as a closed shape."""
    line = np.array([[x, front[0], height[1] + 0.95], [x, front[-1], height[-1] + 0.95]])
    profile = [(-0.025, -0.025), (0.025, -0.025), (0.025, 0.025), (-0.025, 0.025), (-0.025, -0.025)]
    share = np.linspace(0.0, 1.0, max(1, round((front[-1] - front[0]) / 1.6)) + 1)
    y = np.clip(front[0] + share * (front[-1] - front[0]), front[0] + 0.05, front[-1] - 0.05)
    step = np.clip(np.searchsorted(front, y, side="right"), 1, len(height) - 1)
    top = line[0, 2] + (line[1, 2] - line[0, 2]) * (y - front[0]) / (front[-1] - front[0])
    return concatenated([swept(line, profile), _posts(x, y, height[step], top)])


def _posts(x: float, y: NDArray[np.float64], bottom: NDArray[np.float64], top: NDArray[np.float64]) -> Mesh:
    """Four upright faces around each (x, y), from bottom to top; y, bottom, top [N]."""
    corner = np.array([x, 0.0]) + np.stack([np.zeros_like(y), y], axis=1)[:, None] + 0.02 * _SQUARE
    low = np.concatenate([corner, np.broadcast_to(bottom[:, None, None], (len(y), 4, 1))], axis=2)
    high = np.concatenate([corner, np.broadcast_to(top[:, None, None], (len(y), 4, 1))], axis=2)
    return quads(np.stack([low, np.roll(low, -1, axis=1), np.roll(high, -1, axis=1), high], axis=2))


def _walls(
    front: NDArray[np.float64], height: NDArray[np.float64], half: float, start: NDArray[np.float64], heading: float
) -> NDArray[np.float32]:
    """The two sides, which rise with the steps, and the back."""
    cosine, sine = np.cos(heading), np.sin(heading)
    rows = []
    for x in (-half, half):
        for y, next_y, z in zip(front, front[1:], height[1:], strict=False):
            rows.append((x, y, x, next_y, -_FOOTING_M, z))
    rows.append((-half, front[-1], half, front[-1], -_FOOTING_M, height[-1] - 0.05))
    local = np.array(rows)
    turned = local.copy()
    for column in (0, 2):
        turned[:, column] = start[0] + cosine * local[:, column] + sine * local[:, column + 1]
        turned[:, column + 1] = start[1] - sine * local[:, column] + cosine * local[:, column + 1]
    turned[:, 4:] += start[2]
    return turned.astype(np.float32)


def occupied(model: Stairs, /) -> list[NDArray[np.float64]]:
    start = np.array(model.at[:2], np.float64)
    if model.to is not None:
        end = np.array(model.to[:2])
    else:
        heading = np.radians(model.heading_deg or 0.0)
        reach = model.tread_m * max(1, round((model.rise_m or 0.0) / model.riser_m))
        end = start + reach * np.array([np.sin(heading), np.cos(heading)])
    along = (end - start) / np.linalg.norm(end - start)
    side = np.array([along[1], -along[0]]) * model.width_m / 2.0
    return [np.array([start + side, end + side, end - side, start - side])]


def cost(model: Stairs, path_of: PathOf, /) -> Cost:
    start = model.at[2] if len(model.at) == 3 else 0.0
    rise = model.rise_m if model.rise_m is not None else abs(model.to[2] - start) if model.to else 0.0
    count = min(max(1.0, rise / model.riser_m), _MOST_STEPS)
    return Cost(triangles=count * (4.0 * (model.width_m / 4.0 + 1.0) + 20.0), help="a larger riser_m, or a smaller width_m")


EXAMPLE = """\
- kind: stairs
  at: [0, -6]
  heading_deg: 0
  rise_m: 2.4
  width_m: 12
  landing_every: 8
  edge_light: 1.2
"""

ELEMENT = ElementKind(model=Stairs, build=build, cost=cost, example=EXAMPLE, occupied=occupied)

"""`light`: a lamp at a place, with a glowing globe so that one sees where the light is from."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from vrclient.geometry.mesh import Mesh, mesh
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, DrawData, Light, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, HexColor, Position


class Lamp(ElementModel):
    """A lamp without a post. Street lamps with posts are a `scatter` of lamps."""

    at: Position = Field(description="[east, north] with height_m above the land, or [east, north, up].", examples=[[12, -4]])
    height_m: Annotated[float, Field(ge=0.0, le=500.0)] = Field(
        3.5, description="Metres above the land, where `at` has two numbers."
    )
    intensity: Annotated[float, Field(ge=0.001, le=100.0)] = Field(
        1.0, description="1 lights the ground under a park lamp at dusk."
    )
    reach_m: Annotated[float, Field(ge=0.1, le=200.0)] = Field(12.0, description="How far its light goes.")
    color: HexColor | None = Field(None, description="Its colour. Give this or kelvin.")
    kelvin: Annotated[float, Field(ge=1000.0, le=12000.0)] | None = Field(
        None,
        description="Its colour as a colour temperature: 2200 candlelight, 3000 warm white (the default), 4000 neutral, "
        "6500 daylight.",
    )
    when: Literal["dark", "always"] = Field("dark", description="Whether it shines only when the sun is down.")
    globe_m: Annotated[float, Field(ge=0.0, le=20.0)] = Field(0.25, description="Diameter of the visible globe; 0 for none.")

    @model_validator(mode="after")
    def _one_color(self) -> "Lamp":
        if self.color is not None and self.kelvin is not None:
            raise ValueError("a light has either color or kelvin, not both")
        return self


def kelvin_color(kelvin: float, /) -> Color:
    """Linear RGB, brightest part 1, of a black body.

    Source: Krystek 1985 for the chromaticity (1,000 to 15,000 K), IEC 61966-2-1."""
    u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * kelvin**2) / (
        1 + 8.42420235e-4 * kelvin + 7.08145163e-7 * kelvin**2
    )
    v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * kelvin**2) / (
        1 - 2.89741816e-5 * kelvin + 1.61456053e-7 * kelvin**2
    )
    x, y = 3 * u / (2 * u - 8 * v + 4), 2 * v / (2 * u - 8 * v + 4)
    white = np.array([x / y, 1.0, (1 - x - y) / y])
    matrix = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    red, green, blue = np.clip(matrix @ white, 0.0, None) / (matrix @ white).max()
    return (float(red), float(green), float(blue))


def sphere(center: tuple[float, float, float], radius: float, /, *, rings: int = 6, segments: int = 10) -> Mesh:
    """A closed ball."""
    polar = np.linspace(0.0, np.pi, rings + 1)[1:-1]
    around = np.arange(segments) * 2.0 * np.pi / segments
    body = np.stack(
        [
            np.sin(polar)[:, None] * np.cos(around),
            np.sin(polar)[:, None] * np.sin(around),
            np.cos(polar)[:, None] * np.ones(segments),
        ],
        axis=-1,
    ).reshape(-1, 3)
    normal = np.concatenate([[[0.0, 0.0, 1.0]], body, [[0.0, 0.0, -1.0]]])
    k = np.arange(segments)
    following = (k + 1) % segments
    last = len(normal) - 1
    triangles = [np.stack([np.zeros_like(k), 1 + k, 1 + following], axis=1)]
    for ring in range(rings - 2):
        upper, lower = 1 + ring * segments, 1 + (ring + 1) * segments
        triangles.append(np.stack([upper + k, lower + k, lower + following], axis=1))
        triangles.append(np.stack([upper + k, lower + following, upper + following], axis=1))
    base = 1 + (rings - 2) * segments
    triangles.append(np.stack([base + k, np.full_like(k, last), base + following], axis=1))
    return mesh(np.asarray(center) + radius * normal, np.concatenate(triangles), normal=normal)


def build(model: Lamp, context: BuildContext, /) -> DrawData:
    x, y, z = context.place(model.at)
    place = (x, y, z if len(model.at) == 3 else z + model.height_m)
    color = linear_color(model.color) if model.color else kelvin_color(model.kelvin or 3000.0)
    light = Light(place, color, model.intensity, model.reach_m, model.when)
    if not model.globe_m:
        return DrawData(lights=(light,))
    glow = Material(color=color, emission=3.0, emission_when=model.when, roughness=0.4)
    return DrawData(surfaces=(Surface(sphere(place, model.globe_m / 2.0), glow, casts_shadow=False),), lights=(light,))


def cost(model: Lamp, path_of: PathOf, /) -> Cost:
    return Cost(triangles=120.0, lamps=max(1.0, (model.reach_m / 30.0) ** 2), help="a smaller reach_m")


EXAMPLE = """\
- kind: light
  at: [12, -4]
  height_m: 4
  kelvin: 2700
  reach_m: 16
"""

ELEMENT = ElementKind(model=Lamp, build=build, cost=cost, example=EXAMPLE)

"""A lamp without a post: light at a place."""

import numpy as np
from pydantic import Field

from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData
from vrclient.scene.draw_data import Light as LightData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import ElementModel, HexColor, Position, PositiveMeters


class Light(ElementModel):
    """Light from one place, as of a lamp. It lights what is near; for a lamp one sees, scatter `lamp`."""

    at: Position = Field(description="Where it shines from; with two numbers, above the land.", examples=[[12.0, 5.0]])
    height_m: PositiveMeters = Field(3.0, le=200.0, description="Height above the land, where `at` has two numbers.")
    color: HexColor = Field("#ffd9a8", description="Its colour.")
    intensity: float = Field(1.0, gt=0.0, le=100.0, description="1 is a park lamp.")
    reach_m: PositiveMeters = Field(12.0, le=200.0, description="How far it shines.")
    always: bool = Field(False, description="Shines by day too; else only after dusk.")


def build(light: Light, context: BuildContext) -> DrawData:
    x, y, z = context.place(light.at)
    position = (x, y, z if len(light.at) == 3 else z + light.height_m)
    color = np.array(linear_color(light.color))
    red, green, blue = color / max(float(color.max()), 1e-6)
    lamp = LightData(
        position=position,
        color=(float(red), float(green), float(blue)),
        intensity=light.intensity,
        reach=light.reach_m,
        when="always" if light.always else "dark",
    )
    return DrawData(lights=(lamp,))


ELEMENT = ElementKind(model=Light, build=build, example='- {kind: light, at: [12, 5], height_m: 4, color: "#ffd9a8", intensity: 1.5}')

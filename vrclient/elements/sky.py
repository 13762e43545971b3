"""The sky's weather. Sun, moon and stars follow from the showcase's origin, date and time."""

from pydantic import Field

from vrclient.scene.draw_data import DrawData
from vrclient.scene.draw_data import Sky as SkyData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import ElementModel, Ratio


class Sky(ElementModel):
    """Clouds, stars and the glow of the city. The haze is in the showcase's `environment`."""

    clouds: Ratio = Field(0.2, description="How much of the sky thin clouds cover.")
    stars: float = Field(1.0, ge=0.0, le=4.0, description="How bright the stars are; 1 is as from a dark park.")
    glow: Ratio = Field(0.3, description="The city's light on the night sky.")


def build(sky: Sky, context: BuildContext) -> DrawData:
    return DrawData(sky=SkyData(clouds=sky.clouds, stars=sky.stars, glow=sky.glow))


ELEMENT = ElementKind(model=Sky, build=build, example="- {kind: sky, clouds: 0.3}")

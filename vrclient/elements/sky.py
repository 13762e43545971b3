"""`sky`: clouds, stars, haze and the glow of a city. Where the sun stands follows from place, date and time."""

from typing import Annotated

from pydantic import Field

from vrclient.scene import draw_data
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import ElementModel, PositiveMeters, Ratio


class SkyModel(ElementModel):
    """The look of the sky; without this entry it is a fair day."""

    clouds: Ratio = Field(0.2, description="How much of the sky clouds cover: 0 clear, 1 overcast.")
    stars: Annotated[float, Field(ge=0.0, le=3.0)] = Field(1.0, description="Brightness of the stars at night; 0 for none.")
    haze_m: PositiveMeters = Field(
        4000.0, description="Distance at which haze has taken most of the contrast; environment.haze_m takes precedence."
    )
    glow: Ratio = Field(0.3, description="City light on the night sky: 0 wilderness, 1 city centre.")


def build(model: SkyModel, context: BuildContext, /) -> DrawData:
    return DrawData(sky=draw_data.Sky(model.clouds, model.stars, model.haze_m, model.glow))


EXAMPLE = """\
- kind: sky
  clouds: 0.35
  glow: 0.4
"""

ELEMENT = ElementKind(model=SkyModel, build=build, example=EXAMPLE)

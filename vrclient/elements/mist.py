"""`mist`: a layer of mist over the land, out of which hills and pillars rise. It is the whole showcase's, as the sky is."""

from typing import Annotated

from pydantic import Field

from vrclient.scene import draw_data
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import ElementModel, Height


class MistModel(ElementModel):
    """Mist that lies in valleys. Its top is not flat: it swells and drifts. Its light follows the time of day. The first one
    in a showcase counts."""

    top_m: Height = Field(description="Height of its top above the origin, on average.", examples=[120])
    visibility_m: Annotated[float, Field(ge=5.0, le=20_000.0)] = Field(
        90.0, description="How far visitors see within it: metres after which a tenth of the contrast is left."
    )
    falloff_m: Annotated[float, Field(ge=1.0, le=1000.0)] = Field(
        30.0, description="Metres over which it thins out above its top: small for a sharp edge."
    )
    swell_m: Annotated[float, Field(ge=0.0, le=500.0)] = Field(15.0, description="How far its top rises and falls.")
    swell_size_m: Annotated[float, Field(ge=10.0, le=10_000.0)] = Field(260.0, description="From one swell to the next.")
    drift_m_s: tuple[Annotated[float, Field(ge=-30.0, le=30.0)], Annotated[float, Field(ge=-30.0, le=30.0)]] = Field(
        (1.2, 0.5), description="How the swells move, east and north in metres a second; slow is calm."
    )


def build(model: MistModel, context: BuildContext, /) -> DrawData:
    return DrawData(
        mist=draw_data.Mist(
            top=model.top_m,
            reach=model.visibility_m,
            falloff=model.falloff_m,
            swell=model.swell_m,
            size=model.swell_size_m,
            drift=model.drift_m_s,
        )
    )


EXAMPLE = """\
- kind: mist
  top_m: 4
  visibility_m: 60
  falloff_m: 4
  swell_m: 3
  swell_size_m: 60
"""

ELEMENT = ElementKind(model=MistModel, build=build, example=EXAMPLE)

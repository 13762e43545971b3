"""`spawn`: where visitors begin, standing on the land."""

from typing import Annotated

import numpy as np
from pydantic import Field

from vrclient.scene.draw_data import DrawData, Viewpoint
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import Degrees, ElementModel, Position


class Spawn(ElementModel):
    """The place where a visit begins. The first one in the showcase counts."""

    at: Position = Field(description="Where the feet are: [east, north] on the land, or [east, north, up].", examples=[[0, -60]])
    heading_deg: Degrees = Field(0.0, description="Which way visitors look: 0 north, 90 east.")
    eye_m: Annotated[float, Field(ge=0.5, le=3.0)] = Field(1.6, description="Height of the eyes above the feet.")


def build(model: Spawn, context: BuildContext, /) -> DrawData:
    x, y, z = context.place(model.at)
    view = Viewpoint(
        name=model.id or "spawn",
        position=(x, y, z + model.eye_m),
        heading=float(np.radians(model.heading_deg)),
        title=model.title or {},
        is_spawn=True,
    )
    return DrawData(viewpoints=(view,))


EXAMPLE = """\
- kind: spawn
  at: [0, -60]
  heading_deg: 0
"""

ELEMENT = ElementKind(model=Spawn, build=build, example=EXAMPLE)

"""`viewpoint`: a named place to look from, for pictures, tours and the menu."""

import datetime
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from vrclient.geometry.frames import heading_and_pitch
from vrclient.scene.draw_data import DrawData, Viewpoint
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import Day, Degrees, ElementId, ElementModel, Position


class ViewpointModel(ElementModel):
    """Where a camera stands and what it looks at."""

    id: ElementId = Field(description="Its name, as in `vrclient shot SHOWCASE --view NAME`.", examples=["water_terrace"])
    at: Position = Field(
        description="[east, north] with the eyes eye_m above the land, or [east, north, up]: exactly there.",
        examples=[[-80, -120]],
    )
    look_at: Position | None = Field(None, description="The place it looks at: [east, north] on the land, or [east, north, up].")
    heading_deg: Degrees | None = Field(None, description="Instead of look_at: where it looks, 0 north, 90 east.")
    pitch_deg: Annotated[float, Field(ge=-90.0, le=90.0)] | None = Field(
        None, description="With heading_deg: how far up it looks."
    )
    eye_m: Annotated[float, Field(ge=0.0, le=5000.0)] = Field(
        1.6, description="Height above the land, where `at` has two numbers."
    )
    fov_deg: Annotated[float, Field(ge=10.0, le=120.0)] = Field(60.0, description="Angle of view from bottom to top.")
    time: datetime.time | None = Field(None, description="Local time in its pictures; default: the showcase's.")
    date: Day | None = Field(None, description="Day in its pictures; default: the showcase's.")

    @model_validator(mode="after")
    def _one_direction(self) -> "ViewpointModel":
        if self.look_at is not None and (self.heading_deg is not None or self.pitch_deg is not None):
            raise ValueError("a viewpoint has either look_at or heading_deg with pitch_deg, not both")
        if self.look_at is None and self.heading_deg is None:
            raise ValueError("a viewpoint needs look_at: [east, north, up] or heading_deg, to know where it looks")
        if self.look_at is not None and looks_at_itself(self.at, self.look_at):
            raise ValueError("look_at is the place of the viewpoint itself; give a place that it can look at")
        return self


def looks_at_itself(at: tuple[float, ...], look_at: tuple[float, ...], /) -> bool:
    """Whether two places as they are written are the same, to a millimetre."""
    return len(at) == len(look_at) and float(np.linalg.norm(np.subtract(at, look_at))) < 1e-3


def build(model: ViewpointModel, context: BuildContext, /) -> DrawData:
    return DrawData(viewpoints=(viewpoint(model, context),))


def viewpoint(model: ViewpointModel, context: BuildContext, /) -> Viewpoint:
    """Where it is and looks, in the world."""
    x, y, z = context.place(model.at)
    eye = (x, y, z if len(model.at) == 3 else z + model.eye_m)
    heading, pitch = float(np.radians(model.heading_deg or 0.0)), float(np.radians(model.pitch_deg or 0.0))
    if model.look_at is not None:
        heading, pitch = heading_and_pitch(np.subtract(context.place(model.look_at), eye))
    return Viewpoint(
        name=model.id,
        position=eye,
        heading=heading,
        pitch=pitch,
        fov=float(np.radians(model.fov_deg)),
        title=model.title or {},
        time=model.time.strftime("%H:%M") if model.time else None,
        date=model.date.isoformat() if model.date else None,
    )


EXAMPLE = """\
- kind: viewpoint
  id: water_terrace
  title: {zh: 亲水平台, en: Water terrace}
  at: [-80, -120]
  look_at: [0, 0, 12]
  time: "18:50"
"""

ELEMENT = ElementKind(model=ViewpointModel, build=build, example=EXAMPLE)

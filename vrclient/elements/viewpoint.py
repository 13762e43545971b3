"""A named place to look from: for pictures, tours and the number keys."""

import datetime

import numpy as np
from pydantic import Field, model_validator

from vrclient.geometry.frames import heading_and_pitch
from vrclient.scene.draw_data import DrawData
from vrclient.scene.draw_data import Viewpoint as ViewpointData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import Degrees, ElementId, ElementModel, Position, PositiveMeters


class Viewpoint(ElementModel):
    """A named view. Look at a place (`look_at`), or give heading and pitch."""

    id: ElementId = Field(description="The view's name, as `vrclient shot --view` takes it.")
    at: Position = Field(description="Where the feet are; with a third number, where the eye is.", examples=[[30.0, -80.0]])
    eye_m: PositiveMeters = Field(1.6, le=3.0, description="Height of the eye above the land, where `at` has two numbers.")
    look_at: Position | None = Field(None, description="The place in the middle of the picture.", examples=[[0.0, 0.0, 8.0]])
    heading_deg: Degrees | None = Field(None, description="Instead of look_at: 0 is north, 90 east.")
    pitch_deg: float = Field(0.0, ge=-89.0, le=89.0, description="With heading_deg: degrees upwards.")
    fov_deg: float = Field(60.0, ge=10.0, le=120.0, description="Height of the picture as an angle.")
    time: datetime.time | None = Field(None, description="Local time of day; default: the showcase's.")
    date: datetime.date | None = Field(None, description="The day shown; default: the showcase's.")

    @model_validator(mode="after")
    def _one_direction(self) -> "Viewpoint":
        if (self.look_at is None) == (self.heading_deg is None):
            raise ValueError("a viewpoint looks one way; give either look_at or heading_deg")
        return self


def build(viewpoint: Viewpoint, context: BuildContext) -> DrawData:
    x, y, z = context.place(viewpoint.at)
    eye = np.array([x, y, z if len(viewpoint.at) == 3 else z + viewpoint.eye_m])
    if viewpoint.look_at is not None:
        heading, pitch = heading_and_pitch(np.array(context.place(viewpoint.look_at)) - eye)
    else:
        heading, pitch = np.radians(viewpoint.heading_deg or 0.0), np.radians(viewpoint.pitch_deg)
    view = ViewpointData(
        name=viewpoint.id,
        position=(float(eye[0]), float(eye[1]), float(eye[2])),
        heading=float(heading),
        pitch=float(pitch),
        fov=float(np.radians(viewpoint.fov_deg)),
        title=viewpoint.title or {},
        time=viewpoint.time.isoformat("minutes") if viewpoint.time else None,
        date=viewpoint.date.isoformat() if viewpoint.date else None,
    )
    return DrawData(viewpoints=(view,))


ELEMENT = ElementKind(
    model=Viewpoint,
    build=build,
    example="- {kind: viewpoint, id: from_the_lake, title: {zh: 湖畔, en: From the lake}, at: [30, -80], look_at: [0, 0, 8]}",
)

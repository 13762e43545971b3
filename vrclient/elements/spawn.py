"""Where visitors start, and where they look."""

import numpy as np
from pydantic import Field

from vrclient.scene.draw_data import DrawData, Viewpoint
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.showcase.models import Degrees, ElementModel, Position, PositiveMeters


class Spawn(ElementModel):
    """Where a visit starts: the feet, and the way one looks first. A showcase has one."""

    at: Position = Field(description="Where visitors stand.", examples=[[0.0, -40.0]])
    heading_deg: Degrees = Field(0.0, description="Where they look first: 0 is north, 90 east.")
    pitch_deg: float = Field(0.0, ge=-80.0, le=80.0, description="How far up they look first.")
    eye_m: PositiveMeters = Field(1.6, le=3.0, description="Height of the eyes above the feet.")


def build(spawn: Spawn, context: BuildContext) -> DrawData:
    x, y, z = context.place(spawn.at)
    view = Viewpoint(
        name=spawn.id or "spawn",
        position=(x, y, z + spawn.eye_m),
        heading=float(np.radians(spawn.heading_deg)),
        pitch=float(np.radians(spawn.pitch_deg)),
        title=spawn.title or {"zh": "起点", "en": "Start"},
        is_spawn=True,
    )
    return DrawData(viewpoints=(view,))


ELEMENT = ElementKind(model=Spawn, build=build, example="- {kind: spawn, at: [0, -40], heading_deg: 0}")

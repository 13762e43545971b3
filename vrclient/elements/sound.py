"""Sounds of the place: water, wind in the trees, the hum of a hall. They are heard, not seen."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.scene.interactives import SoundSource
from vrclient.showcase.models import ElementModel, Position, PositiveMeters, Ratio, SoundFile


class SoundModel(ElementModel):
    """A sound that comes from a place and becomes quieter with distance, as in glTF's KHR_audio_emitter. Something wide, such as
    a lake, has a `radius_m` within which it is all around. A recording that begins as it ends repeats without a seam."""

    file: SoundFile = Field(description="The recording: .ogg, .mp3 or .wav; one channel is enough.")
    at: Position = Field(description="Where it comes from; on the land it is 1.5 m above it.")
    volume: Ratio = Field(0.6, description="How loud it is within `reference_m`; 1 = as recorded.")
    rolloff: Literal["inverse", "linear", "exponential"] = Field(
        "inverse",
        description="How it becomes quieter: as sounds in the open do, evenly to nothing, or by a power of the distance.",
    )
    rolloff_factor: Annotated[float, Field(ge=0.0, le=20.0)] = Field(1.0, description="How fast; with 'linear' at most 1.")
    reference_m: PositiveMeters = Field(4.0, description="Up to this distance it is as loud as it gets.")
    farthest_m: PositiveMeters = Field(80.0, description="Beyond this distance it fades away altogether.")
    radius_m: Annotated[float, Field(ge=0.0, le=5000.0)] = Field(
        0.0, description="Within this distance of its place it is heard all around; other distances count from there."
    )
    loop: bool = Field(True, description="Whether it repeats.")

    @model_validator(mode="after")
    def _check_distances(self) -> "SoundModel":
        if self.farthest_m <= self.reference_m:
            raise ValueError(
                f"farthest_m ({self.farthest_m:g}) must be beyond reference_m ({self.reference_m:g}): make it larger, "
                f"such as {8 * self.reference_m:g}"
            )
        if self.rolloff == "linear" and self.rolloff_factor > 1.0:
            raise ValueError("with rolloff: linear, rolloff_factor is at most 1: write 1 or leave it out")
        return self


def build(sound: SoundModel, context: BuildContext) -> DrawData:
    x, y, z = context.place(sound.at)
    source = SoundSource(
        id=sound.id or f"sound at {x:.2f}, {y:.2f}, {sound.file.name}",
        file=sound.file,
        position=(x, y, z + 1.5 if len(sound.at) == 2 else z),
        volume=sound.volume,
        model=sound.rolloff,
        reference=sound.reference_m,
        farthest=sound.farthest_m,
        rolloff=sound.rolloff_factor,
        radius=sound.radius_m,
        loop=sound.loop,
    )
    return DrawData(interactives=(source,))


ELEMENT = ElementKind(
    model=SoundModel,
    build=build,
    example="- {kind: sound, file: media/lake.ogg, at: [12, -8], volume: 0.5, radius_m: 20, farthest_m: 120}",
)

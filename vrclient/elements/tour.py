"""`tour`: stops in their order, with what is told at each. It draws nothing; modes/tour.py plays it."""

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from vrclient.elements.viewpoint import ViewpointModel, looks_at_itself, viewpoint
from vrclient.media.files import seconds_of
from vrclient.scene.draw_data import DrawData, Viewpoint
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.scene.interactives import Stop, Tour
from vrclient.showcase.limits import MAX_LANGUAGES, MAX_NAME
from vrclient.showcase.models import (
    Day,
    Degrees,
    ElementId,
    ElementModel,
    ElementRef,
    Language,
    LocalizedText,
    Model,
    Position,
    SoundFile,
)

LONGEST_CAPTION = {"zh": 160, "ja": 180, "ko": 200}
LONGEST_CAPTION_OTHER = 420
"""Characters: what fits below the view at a size that can be read."""


class StopModel(Model):
    """One stop: where visitors stand, and what is told there."""

    view: Annotated[str, Field(max_length=MAX_NAME), ElementRef(kind="viewpoint")] | None = Field(
        None, description="The id of a viewpoint to stand at.", examples=["water_terrace"]
    )
    at: Position | None = Field(
        None,
        description="Instead of view: [east, north] with the eyes 1.6 m above the land, or [east, north, up]: exactly there.",
        examples=[[-80, -120]],
    )
    look_at: Position | None = Field(None, description="With at: the place it looks at.", examples=[[0, 0, 12]])
    heading_deg: Degrees | None = Field(None, description="With at, instead of look_at: 0 north, 90 east.")
    caption: LocalizedText = Field(description="What is told here; shown for as long as it is told, or takes to read.")
    narration: dict[Language, SoundFile] = Field(
        default_factory=dict,
        max_length=MAX_LANGUAGES,
        description="Language -> sound file that tells it.",
        examples=[{"zh": "gate_zh.ogg"}],
    )
    time: datetime.time | None = Field(None, description="Local time of day here; default: the viewpoint's, else as it was.")
    date: Day | None = Field(None, description="Day shown here; default: the viewpoint's, else as it was.")
    layers: tuple[ElementId, ...] | None = Field(
        None, max_length=100, description="The layers shown here, all others hidden; default: as it was.", examples=[["survey"]]
    )
    dwell_s: Annotated[float, Field(ge=2.0, le=600.0)] = Field(
        8.0, description="Seconds to stay at least; the caption and the narration are always waited for."
    )
    move: Literal["blink", "rail"] = Field(
        "blink", description="How visitors get here: in the dark of a blink, or gliding in a straight line."
    )
    speed_m_s: Annotated[float, Field(ge=0.05, le=3.0)] = Field(1.4, description="With move: rail: how fast.")

    @model_validator(mode="after")
    def _one_place(self) -> "StopModel":
        if (self.view is None) == (self.at is None):
            raise ValueError("a stop has either view: the id of a viewpoint, or at: with look_at or heading_deg")
        if self.at is not None and (self.look_at is None) == (self.heading_deg is None):
            raise ValueError("a stop with at: needs either look_at: or heading_deg:, to know where it looks")
        if self.view is not None and (self.look_at is not None or self.heading_deg is not None):
            raise ValueError("a stop with view: looks where its viewpoint looks; leave out look_at and heading_deg")
        if self.at is not None and self.look_at is not None and looks_at_itself(self.at, self.look_at):
            raise ValueError("'look_at' is the place of the stop itself; give a place that it can look at")
        for language, text in self.caption.items():
            longest = LONGEST_CAPTION.get(language, LONGEST_CAPTION_OTHER)
            if len(text) > longest:
                raise ValueError(
                    f"the caption in '{language}' has {len(text)} characters; below the view there is room for {longest}, "
                    "so make two stops of it"
                )
        return self


class TourModel(ElementModel):
    """A tour that plays by itself and can be paused, stepped, left and rejoined. A showcase may have several; the first one is
    the one that the first panel offers."""

    id: ElementId = Field(description="Its name.", examples=["first_visit"])
    title: LocalizedText = Field(description="What visitors call it.")
    stops: Annotated[tuple[StopModel, ...], Field(min_length=1, max_length=40)] = Field(description="Its stops, in order.")


def build(model: TourModel, context: BuildContext, /) -> DrawData:
    return DrawData(interactives=(Tour(model.id, model.title, tuple(_stop(one, context) for one in model.stops)),))


def _stop(model: StopModel, context: BuildContext) -> Stop:
    view = _view(model, context)
    return Stop(
        position=view.position,
        heading=view.heading,
        pitch=view.pitch,
        fov=view.fov,
        caption=model.caption,
        narration=model.narration,
        narration_seconds={language: seconds_of(file) or 0.0 for language, file in model.narration.items()},
        date=model.date.isoformat() if model.date else view.date,
        time=model.time.strftime("%H:%M") if model.time else view.time,
        layers=model.layers,
        dwell=model.dwell_s,
        move=model.move,
        speed=model.speed_m_s,
    )


def _view(model: StopModel, context: BuildContext) -> Viewpoint:
    if model.view is not None:
        named = context.elements[model.view]
        assert isinstance(named, ViewpointModel)
        return viewpoint(named, context)
    assert model.at is not None
    here = ViewpointModel(kind="viewpoint", id="stop", at=model.at, look_at=model.look_at, heading_deg=model.heading_deg)
    return viewpoint(here, context)


EXAMPLE = """\
- kind: tour
  id: first_visit
  title: {zh: 初次到访, en: A first visit}
  stops:
    - at: [0, -40]
      look_at: [0, 0, 6]
      caption: {zh: 欢迎。面前就是艺术中心。, en: Welcome. The arts centre is before you.}
    - at: [12, -20]
      look_at: [0, 0, 8]
      caption: {zh: 走近一些，看看立面。, en: Closer now. Look at the facade.}
      time: "19:40"
      move: rail
"""

ELEMENT = ElementKind(model=TourModel, build=build, example=EXAMPLE)

"""`timeline`: the years that the date slider covers, by phases. What stands when is said by each element's built and
demolished."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, ElementKind
from vrclient.scene.interactives import Phase, Timeline
from vrclient.showcase.models import Confidence, Day, ElementModel, LocalizedText, Model


class PhaseModel(Model):
    """From a certain day on, the place is as the title says."""

    date: Day = Field(description="Its first day (ISO date).", examples=["2017-09-29"])
    title: LocalizedText = Field(description="What is seen then.", examples=[{"zh": "开工", "en": "Work begins"}])
    source: str | None = Field(None, max_length=500, description="Where that is known from.", examples=["builder's notice, 2017"])
    confidence: Confidence | None = Field(None, description="How reliable it is.")


class TimelineModel(ElementModel):
    """The date slider: from its first phase to its end. Elements appear and disappear by their `built` and `demolished`."""

    title: LocalizedText = Field({"zh": "时间", "en": "Through the years"}, description="What visitors call it.")
    phases: Annotated[tuple[PhaseModel, ...], Field(min_length=2, max_length=24)] = Field(
        description="Phases, the first one first."
    )
    end: Day = Field(description="The last day of the slider; may be in the future, for plans that are announced.")

    @model_validator(mode="after")
    def _in_order(self) -> "TimelineModel":
        days = [phase.date for phase in self.phases]
        for before, after in pairwise(days):
            if after <= before:
                raise ValueError(f"the phase of {after} stands after that of {before}; put phases in the order of their dates")
        if self.end <= days[-1]:
            raise ValueError(f"end: {self.end} is not after the last phase, {days[-1]}")
        return self


def build(model: TimelineModel, context: BuildContext, /) -> DrawData:
    phases = tuple(Phase(one.date.isoformat(), one.title, one.source, one.confidence) for one in model.phases)
    return DrawData(interactives=(Timeline(model.title, phases, model.end.isoformat()),))


EXAMPLE = """\
- kind: timeline
  phases:
    - {date: 2017-01-01, title: {zh: 田野, en: Fields}, confidence: estimate}
    - {date: 2017-09-29, title: {zh: 开工, en: Work begins}, source: builder's notice, confidence: published}
    - {date: 2019-10-25, title: {zh: 开放, en: The centre opens}, source: opening notice, confidence: published}
  end: 2026-12-31
"""

ELEMENT = ElementKind(model=TimelineModel, build=build, example=EXAMPLE)

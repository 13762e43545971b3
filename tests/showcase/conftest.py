"""A few small kinds, so that the format's texts can be tested whatever the real kinds look like."""

from typing import Annotated, Literal

import pytest
from pydantic import Field, model_validator

from vrclient.showcase.models import (
    Degrees,
    ElementModel,
    GltfFile,
    HeightsFile,
    HexColor,
    ImageFile,
    LocalizedText,
    Meters,
    Model,
    PathRef,
    Point,
    Position,
    PositiveMeters,
    Ratio,
)


class Facade(Model):
    """What the walls look like."""

    pattern: Literal["window_grid", "curtain_wall", "panels"] = Field("window_grid", description="How the windows are placed.")
    lit_ratio: Ratio = Field(0.4, description="How many windows are lit after dark.")


class Building(ElementModel):
    """A house on a footprint."""

    footprint: Annotated[tuple[Point, ...], Field(min_length=3, max_length=500)] = Field(description="The corners, in order.")
    height_m: PositiveMeters | None = Field(None, description="Height of the walls.")
    storeys: Annotated[int, Field(ge=1, le=150)] | None = Field(None, description="In place of height_m.")
    color: HexColor | None = Field(None, description="Colour of the walls.")
    facade: Facade = Field(Facade(), description="The walls.")
    is_open: bool = Field(True, description="Whether visitors can enter.")

    @model_validator(mode="after")
    def _one_height(self) -> "Building":
        if self.height_m and self.storeys:
            raise ValueError("'height_m' and 'storeys' are both given; keep one of them")
        return self


class Road(ElementModel):
    """A road along a line."""

    path: Annotated[tuple[Point, ...], Field(min_length=2)] = Field(description="The middle of the road.")
    width_m: PositiveMeters = Field(6.0, description="From kerb to kerb.")


class Scatter(ElementModel):
    """Many of the same, along a course or in an area."""

    mesh: Literal["broadleaf", "conifer", "lamp"] = Field(description="What is scattered.")
    count: Annotated[int, Field(ge=1, le=100_000)] = Field(10, description="How many.")
    along: PathRef | None = Field(None, description="The element whose course they follow.")
    area: Annotated[tuple[Point, ...], Field(min_length=3)] | PathRef | None = Field(None, description="Where they stand.")
    offset_m: Meters = Field(0.0, description="Distance from the course.")


class Panel(ElementModel):
    """A board with a text and perhaps a picture."""

    at: Position = Field(description="Where it stands.")
    text: LocalizedText = Field(description="What it says.")
    image: ImageFile | None = Field(None, description="A picture above the text.")


class Land(ElementModel):
    """The ground."""

    heights: HeightsFile = Field(description="Heights in metres, from north to south.")


class Statue(ElementModel):
    """A model."""

    file: GltfFile = Field(description="The model.")
    at: Position = Field(description="Where it stands.")


class Spawn(ElementModel):
    """Where visitors start."""

    at: Position = Field(description="Where they stand.", examples=[[0, -40]])
    heading_deg: Degrees = Field(0.0, description="Where they look.")


MODELS: dict[str, type[ElementModel]] = {
    "building": Building,
    "land": Land,
    "panel": Panel,
    "road": Road,
    "scatter": Scatter,
    "spawn": Spawn,
    "statue": Statue,
}

HAS_PATH = ("road",)


@pytest.fixture(scope="session")
def models() -> dict[str, type[ElementModel]]:
    """Kind -> model."""
    return MODELS


@pytest.fixture(scope="session")
def has_path() -> tuple[str, ...]:
    """The kinds that others can follow."""
    return HAS_PATH

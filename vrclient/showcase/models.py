"""The models of the showcase format, version 1, and the value types that element kinds build theirs from.

It does not read files: text becomes these models in load.py. Kinds are in elements/, one file each."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vrclient.showcase.datums import to_wgs84
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.limits import (
    FIRST_DAY,
    LAST_DAY,
    MAX_ELEMENTS,
    MAX_EXTENT_M,
    MAX_FILE_NAME,
    MAX_FILES,
    MAX_HEIGHT_M,
    MAX_LANGUAGES,
    MAX_NAME,
    MAX_TEXT,
    MIN_LENGTH_M,
)


class ElementRef:
    """Marker: this text is the id of another element: of that `kind`, or of one that has a path, where this is asked for."""

    def __init__(self, *, path: bool = False, kind: str | None = None) -> None:
        self.path = path
        self.kind = kind


class ShowcaseRef:
    """Marker: this text is the name of another showcase."""


class Asset:
    """Marker: this is a file inside the showcase's folder. `media` says what it must hold."""

    def __init__(self, media: Literal["image", "heights", "gltf", "video", "sound", "subtitles"]) -> None:
        self.media = media


class Spellings:
    """Marker: the words of this choice in other letters (`GCJ-02`) are taken as they are meant, and `others` for the word that
    they stand for, with what is said about it."""

    def __init__(self, others: Mapping[str, tuple[str, str]]) -> None:
        self.others = tuple(others.items())


class Localized:
    """Marker: this mapping holds a text that visitors see, by language."""


class Model(BaseModel):
    """Common to every mapping of the format: unknown keys are errors, values are frozen, NaN and inf are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


Meters = Annotated[float, Field(ge=-MAX_EXTENT_M, le=MAX_EXTENT_M)]
Height = Annotated[float, Field(ge=-MAX_HEIGHT_M, le=MAX_HEIGHT_M)]
"""Metres up, negative downwards: above the origin, or above the land."""
PositiveMeters = Annotated[float, Field(ge=MIN_LENGTH_M, le=MAX_EXTENT_M)]
Degrees = Annotated[float, Field(ge=-360.0, le=360.0)]
Ratio = Annotated[float, Field(ge=0.0, le=1.0)]
Point = tuple[Meters, Meters]
"""[east, north] in metres from the origin."""
Position = Point | tuple[Meters, Meters, Height]
"""[east, north], standing on the land, or [east, north, up] with the height above the origin."""
ElementId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=MAX_NAME)]
Day = Annotated[datetime.date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Confidence = Literal["measured", "published", "estimate"]
HexColor = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#f4f1ea"])]
"""An sRGB colour as on the web. linear_color() in scene/colors.py turns it into linear RGB."""
LocalizedText = Annotated[
    dict[Language, Annotated[str, Field(max_length=MAX_TEXT)]],
    Field(min_length=1, max_length=MAX_LANGUAGES, examples=[{"zh": "入口", "en": "Entrance"}]),
    Localized(),
]
"""Language -> text. Shipped showcases carry zh and en."""
FileName = Annotated[str, Field(max_length=MAX_FILE_NAME)]
ImageFile = Annotated[Path, Asset("image")]
HeightsFile = Annotated[Path, Asset("heights")]
GltfFile = Annotated[Path, Asset("gltf")]
VideoFile = Annotated[Path, Asset("video")]
SoundFile = Annotated[Path, Asset("sound")]
SubtitlesFile = Annotated[Path, Asset("subtitles")]
PathRef = Annotated[str, Field(max_length=MAX_NAME), ElementRef(path=True)]
ShowcaseName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^/\\]+$"), ShowcaseRef()]


Remark: TypeAlias = tuple[tuple[str | int, ...], Diagnostic]
"""A warning about a value that its model allows, and the path to that value from the element."""


class ElementModel(Model):
    """The keys every element may have."""

    kind: str = Field(max_length=MAX_NAME, description="What this element is; one of the kinds below.")
    id: ElementId | None = Field(None, description="A name for this element, so that others can refer to it.")
    title: LocalizedText | None = Field(None, description="What visitors call it.")
    source: str | None = Field(None, max_length=500, description="Where the numbers come from.", examples=["city archive, 2019"])
    confidence: Confidence | None = Field(None, description="How reliable they are.")
    built: Day | None = Field(None, description="First day it stands (ISO date).")
    demolished: Day | None = Field(None, description="First day it is gone (ISO date).")
    layer: ElementId | None = Field(None, description="The layer it belongs to. Tours show and hide layers.", examples=["survey"])

    def remarks(self, today: datetime.date, /) -> Sequence[Remark]:
        """What `vrclient check` says about this element on that day, besides what its model refuses."""
        return ()


_DATUMS = {
    "cgcs2000": ("wgs84", "CGCS2000 and WGS-84 differ by centimetres"),
    "epsg4490": ("wgs84", "CGCS2000 and WGS-84 differ by centimetres"),
    "epsg4326": ("wgs84", "EPSG:4326 is WGS-84"),
    "gps": ("wgs84", "GPS gives WGS-84"),
    "baidu": ("bd09", "Baidu's maps use BD-09"),
    "amap": ("gcj02", "Amap uses GCJ-02"),
    "mars": ("gcj02", "these are GCJ-02"),
}


class Origin(Model):
    """Where the showcase's x = y = 0 is on Earth."""

    lon_deg: Annotated[float, Field(ge=-180, le=180, description="Longitude, east positive.", examples=[121.475])]
    lat_deg: Annotated[float, Field(ge=-89, le=89, description="Latitude, north positive.", examples=[30.945])]
    datum: Annotated[Literal["wgs84", "gcj02", "bd09"], Spellings(_DATUMS)] = Field(
        "wgs84",
        description="The datum of the degrees: wgs84 (GPS), gcj02 (Amap, Tencent) or bd09 (Baidu); in China up to 1 km apart.",
    )
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] | None = Field(
        None, description="Local time minus UTC, hours; default: from the longitude.", examples=[8]
    )
    source: str | None = Field(
        None, max_length=500, description="Where the position comes from.", examples=["city archive, 2019"]
    )
    confidence: Confidence | None = Field(None, description="How reliable it is.")

    @model_validator(mode="before")
    @classmethod
    def _is_the_right_way_round(cls, values: Any) -> Any:
        longitude, latitude = (values.get(key) for key in ("lon_deg", "lat_deg")) if isinstance(values, dict) else (None, None)
        if (
            isinstance(longitude, int | float)
            and isinstance(latitude, int | float)
            and abs(longitude) <= 89 < abs(latitude) <= 180
        ):
            raise ValueError(
                f"'lat_deg' and 'lon_deg' are the wrong way round: no latitude is {latitude:g}; "
                f"write lon_deg: {latitude!r}, lat_deg: {longitude!r}"
            )
        return values

    @property
    def wgs84(self) -> tuple[float, float]:
        """(longitude, latitude) degrees on WGS-84, whatever the datum."""
        return to_wgs84(self.lon_deg, self.lat_deg, self.datum)


class Environment(Model):
    """When the visit begins, and the air."""

    date: Day = Field(datetime.date(2026, 6, 21), description="The day shown at start.")
    time: datetime.time = Field(datetime.time(19, 30), description="Local time of day at start.")
    haze_m: PositiveMeters = Field(4000.0, description="Distance at which the haze has taken most of the contrast.")


class Showcase(Model):
    """A whole showcase after includes: what scene/build.py turns into a scene. `elements` holds each kind's own model."""

    vrclient: Literal[1] = Field(description="The version of this format.")
    title: LocalizedText = Field(description="The showcase's name.")
    description: LocalizedText | None = Field(None, description="One or two sentences for lists and the first panel.")
    listed: bool = Field(True, description="false: `vrclient list` leaves it out unless `--all` is given.")
    origin: Origin = Field(description="Where it is on Earth.")
    environment: Environment = Field(default_factory=Environment, description="Time of day and air.")
    elements: tuple[ElementModel, ...] = Field(
        max_length=MAX_ELEMENTS, description="What stands there, in the order of files and lines."
    )


class IncludedFile(Model):
    """A file that another one names under `include`: nothing but elements."""

    include: tuple[FileName, ...] = Field(
        (),
        max_length=MAX_FILES,
        description="More files of this showcase, named from this file's folder.",
        examples=[["park.yaml", "services.yaml"]],
    )
    elements: tuple[ElementModel, ...] = Field(
        (), max_length=MAX_ELEMENTS, description="What stands there, in the order of files and lines."
    )


class ShowcaseFile(Showcase):
    """showcase.yaml as it is written, before its includes are read."""

    include: tuple[FileName, ...] = Field(
        (),
        max_length=MAX_FILES,
        description="More files of this showcase, named from this file's folder.",
        examples=[["park.yaml", "services.yaml"]],
    )
    elements: tuple[ElementModel, ...] = Field(
        (), max_length=MAX_ELEMENTS, description="What stands there, in the order of files and lines."
    )

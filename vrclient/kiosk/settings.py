"""kiosk.yaml: what a city sets for a stand. Read like a showcase, with the same diagnostics."""

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.flow import SessionRules
from vrclient.kiosk.hours import DAYS, Hours, Span
from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.status import StandId, Words
from vrclient.showcase.models import Day, Language, Model
from vrclient.showcase.settings import read_settings

SpanText = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Spans = Annotated[tuple[SpanText, ...], Field(max_length=8)]
Seconds = Annotated[float, Field(ge=0.0, le=86400.0)]
Name = Annotated[str, Field(min_length=1, max_length=400)]


class WeekSettings(Model):
    """Each day's hours; a day without any is closed."""

    mon: Spans = Field((), description="Monday.", examples=[["09:00-12:00", "13:00-17:00"]])
    tue: Spans = Field((), description="Tuesday.")
    wed: Spans = Field((), description="Wednesday.")
    thu: Spans = Field((), description="Thursday.")
    fri: Spans = Field((), description="Friday.")
    sat: Spans = Field((), description="Saturday.")
    sun: Spans = Field((), description="Sunday.")


class EventSettings(Model):
    """A day with hours of its own."""

    date: Day = Field(description="The day.")
    hours: Spans = Field((), description="Its hours, in place of all others; none: closed.")


class HoursSettings(Model):
    """When the stand is open."""

    week: WeekSettings | None = Field(None, description="Hours by day of the week. Without it the stand is always open.")
    closed: Annotated[tuple[Day, ...], Field(max_length=400)] = Field((), description="Days on which it is closed.")
    events: Annotated[tuple[EventSettings, ...], Field(max_length=400)] = Field((), description="Days with hours of their own.")

    def hours(self) -> Hours:
        """As kiosk/hours.py wants it."""
        week = {day: _spans(getattr(self.week, day)) for day in DAYS} if self.week is not None else None
        return Hours(week, frozenset(self.closed), {one.date: _spans(one.hours) for one in self.events})


class TitleSettings(Model):
    """A name in both languages."""

    zh: Annotated[str, Field(min_length=1, max_length=100)] = Field("展台", description="In Chinese.")
    en: Annotated[str, Field(min_length=1, max_length=100)] = Field("Stand", description="In English.")

    def words(self) -> Words:
        """As it is told."""
        return Words(zh=self.zh, en=self.en)


class KioskSettings(Model):
    """config/kiosk.yaml."""

    stand: StandId = Field("stand-1", description="The stand's name in topics, files and addresses.")
    title: TitleSettings = Field(TitleSettings(), description="What people call the stand.")
    showcases: Annotated[tuple[Name, ...], Field(max_length=50)] = Field(
        (), description="The playlist, the home showcase first: shipped names, or folders (from the folder of this file)."
    )
    language: Language = Field("zh", description="The language in which every visit begins.")
    monitor: Name | None = Field(None, description="The monitor, as `vrclient kiosk --check` names it; default: the first.")
    orientation: Literal["any", "landscape", "portrait"] = Field("any", description="How the monitor is expected to stand.")
    display: Literal["auto", "window"] = Field("auto", description="auto: a headset when there is one; window: never.")
    quality: Literal["auto", "low", "high"] = Field("auto", description="As in `vrclient run`.")
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] | None = Field(
        None, description="Of the opening hours, such as Asia/Shanghai; default: the computer's."
    )
    hours: HoursSettings = Field(HoursSettings(), description="When the stand is open.")
    session_s: Seconds = Field(0.0, description="How long a visit may take; 0: as long as the visitor likes.")
    fit_s: Seconds = Field(30.0, description="For putting a headset on, before a visit's time runs.")
    clean_s: Seconds = Field(60.0, description="For cleaning a headset between two visitors; 0: none.")
    idle_s: Annotated[float, Field(ge=5.0, le=7200.0)] = Field(
        60.0, description="Without anybody for so long, a visit begins anew; a countdown asks before."
    )
    attract_s: Seconds = Field(20.0, description="Without anybody for so long, the first tour shows itself; 0: never.")
    volume: Annotated[float, Field(ge=0.0, le=1.0)] = Field(0.8, description="How loud every visit begins, 0 to 1.")
    sound: bool = Field(True, description="Whether anything is heard.")
    film: Name | None = Field(None, description="A film that is shown where the client does not run.")
    memory_mb: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        0, description="More memory than this and the client is started anew; 0: four fifths of the computer's."
    )
    page: PageSettings = Field(PageSettings(), description="The operator's page.")
    broker: BrokerSettings = Field(BrokerSettings(), description="The MQTT broker.")

    @model_validator(mode="after")
    def _is_whole(self) -> "KioskSettings":
        if 0.0 < self.session_s < 60.0:
            raise ValueError(f"session_s: a visit of {self.session_s:g} s is over before it begins; give 60 or more, or 0")
        return self

    def rules(self) -> SessionRules:
        """Of sessions."""
        last = min(60.0, self.session_s / 2.0)
        return SessionRules(self.session_s, self.fit_s, last, clean_s=self.clean_s, attract_after_s=self.attract_s)


def read_kiosk(file: Path, /) -> KioskSettings:
    """kiosk.yaml, with files as seen from where it lies. Raises BadSettings with every problem and its place."""
    found = read_settings(file, KioskSettings)
    folder = file.absolute().parent
    showcases = tuple(
        str(folder / one) if "/" in one or "\\" in one or (folder / one).is_dir() else one for one in found.showcases
    )
    changes: dict[str, object] = {"showcases": showcases}
    if found.film is not None:
        changes["film"] = str(folder / found.film)
    page = {name: str(folder / value) for name in ("certificate", "key") if (value := getattr(found.page, name)) is not None}
    names = ("authority", "certificate", "key", "password_file")
    broker = {name: str(folder / value) for name in names if (value := getattr(found.broker, name)) is not None}
    return found.model_copy(
        update=changes | {"page": found.page.model_copy(update=page), "broker": found.broker.model_copy(update=broker)}
    )


def _spans(texts: tuple[str, ...]) -> tuple[Span, ...]:
    def read(text: str) -> datetime.time:
        return datetime.time.fromisoformat("00:00" if text == "24:00" else text)

    return tuple((read(one[:5]), read(one[6:])) for one in texts)

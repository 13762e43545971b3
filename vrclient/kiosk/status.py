"""What a stand's state is, as frozen values: made by the supervisor, told by every mouth (control socket, page, MQTT, metrics) in
the same words. They cross between processes and machines, so they are checked models with a form as JSON.

Nothing in them is a visitor's: no choice, position or height.

`Status` is about one instant. Ages are seconds that a clock counted which cannot jump; `at`, `since` and `opens_at` are the
wall clock's, in UTC, and as right as that is."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MAX_ID = 64
MAX_WORDS = 600
MAX_MESSAGE = 200
"""Characters that the staff may write on the glass: as many as are read from two metres away."""

StandId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=MAX_ID)]
"""A stand's name in topics, files and addresses."""
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]


class Value(BaseModel):
    """Common to all: frozen; NaN and infinity are refused; keys of a later version are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Words(Value):
    """A text for people, plain and whole, in both languages."""

    zh: Annotated[str, Field(max_length=MAX_WORDS)]
    en: Annotated[str, Field(max_length=MAX_WORDS)]

    def in_language(self, language: str, /) -> str:
        """The Chinese for zh, zh-CN ..., else the English."""
        return self.zh if language.split("-")[0] == "zh" else self.en


class SessionState(StrEnum):
    """Where the stand is between one visitor and the next."""

    ATTRACT = "attract"
    FIT = "fit"
    TOUR = "tour"
    LAST_MINUTE = "last_minute"
    END = "end"
    CLEAN = "clean"
    CLOSED = "closed"

    @property
    def visited(self) -> bool:
        """Whether a visitor's time runs."""
        return self in (SessionState.FIT, SessionState.TOUR, SessionState.LAST_MINUTE)


class Rung(StrEnum):
    """What is on the glass, the best first: the rungs of the ladder that a fault leads down."""

    HEADSET = "headset"
    WINDOW = "window"
    FILM = "film"
    STILL = "still"
    MESSAGE = "message"


class Fault(Value):
    """Something that is wrong now. `code` is a word for machines, such as client-frozen; `said` is what is wrong, and `help`
    what somebody who stands there can do."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=MAX_ID)]
    said: Words
    help: Words | None = None
    since: AwareDatetime


class Battery(Value):
    """Of one device, where the runtime tells. `charge` is 0 to 1."""

    device: Literal["headset", "left", "right"]
    charge: Share
    charging: bool | None = None


class Listed(Value):
    """A showcase of the playlist, and what visitors call it."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    title: Words


class Visits(Value):
    """How many sessions there were today, and how many of them came to the tour's end."""

    today: Annotated[int, Field(ge=0)] = 0
    completed: Annotated[int, Field(ge=0)] = 0


class Status(Value):
    """A stand at one instant."""

    stand: StandId
    title: Words
    """What people call the stand, such as "Foyer, left"."""
    version: Annotated[str, Field(max_length=MAX_ID)]
    """The client's."""
    boot: Annotated[str, Field(max_length=MAX_ID)]
    """Made anew whenever the supervisor starts."""
    sequence: Annotated[int, Field(ge=0)]
    """Counts the changes since then: of two statuses of one boot the higher is the later."""
    at: AwareDatetime

    state: SessionState
    left_s: Seconds | None = None
    """Until the state ends by itself: a visitor's time, the cleaning's; None where it does not."""
    rung: Rung
    faults: tuple[Fault, ...] = ()
    """The gravest first; empty: all is well."""
    frame_age_s: Seconds | None = None
    """Since the client published its last frame; None where it does not run."""
    content_age_s: Seconds | None = None
    """Since what is on the glass last changed; None where nobody knows."""

    showcase: Annotated[str, Field(max_length=200)] | None = None
    playlist: tuple[Listed, ...] = ()
    language: LanguageTag
    languages: tuple[LanguageTag, ...] = ()
    """Those that can be chosen."""
    volume_percent: Annotated[int, Field(ge=0, le=100)]
    message: Annotated[str, Field(max_length=MAX_MESSAGE)] | None = None
    """What the staff has written on the glass."""
    locked: bool
    """False: keys and the desktop are open to whoever maintains the stand."""

    headset_worn: bool | None = None
    """None where there is no headset, or nobody knows."""
    batteries: tuple[Battery, ...] = ()
    visits: Visits = Visits()
    opens_at: AwareDatetime | None = None
    """Where it is closed: when it opens."""


class Picture(Value):
    """What is on the glass, as a small picture: a true one, taken off the screen, with its age at this moment."""

    data: bytes
    media_type: Literal["image/jpeg", "image/png"]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    age_s: Seconds

"""What the client and the cover report and what they are ordered to do, as frozen values and as JSON. What does not fit its type
exactly is refused as a whole: the other end may be another version, or out of its mind."""

import json
import math
import types
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Phase = Literal["starting", "running", "leaving"]
Page = Literal["", "first", "visit", "asked"]
"""What the visit is at: nothing is known; the first panel, nobody has begun; under way; it is asked whether anybody is there."""


@dataclass(frozen=True, slots=True)
class ClientReport:
    """How the client is, some ten times a second.

    phase       starting: before the first frame; running; leaving
    share       while it starts, how far that is, 0..1
    showcase    the name of the one that is shown; `display`: window or headset
    page        what the visit is at
    worn        a headset is on a head; `attentive`: somebody may be there (frame/inputs.py)
    empty_s     seconds since anybody has given a sign
    visits      how many have begun anew
    attract     it shows itself, with nobody there
    memory      bytes of the process; `threads` and `handles` of it
    language, volume, sound   the visitor's; `sound`: why nothing can be heard, "" if it can
    gestures    how often somebody has tapped the operator's corner (interaction/gesture.py)
    answered    the number of the last order; `refused`: why it was not followed, "" if it was
    """

    phase: Phase = "starting"
    share: float = 0.0
    showcase: str = ""
    display: str = ""
    page: Page = ""
    worn: bool = False
    attentive: bool = False
    empty_s: float = 0.0
    visits: int = 0
    attract: bool = False
    memory: int = 0
    threads: int = 0
    handles: int = 0
    language: str = ""
    volume: float = 0.0
    sound: str = ""
    gestures: int = 0
    answered: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class StartOver:
    """The visit is over: everything as for a first visitor."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin the visit: the first tour, where there is one. The visitor has nothing to press."""


@dataclass(frozen=True, slots=True)
class Attract:
    """Show what there is until somebody comes; `on` False: no longer."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Of panels and captions, until the visit begins anew."""

    language: str


@dataclass(frozen=True, slots=True)
class SetVolume:
    """0..1, until the visit begins anew."""

    volume: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Show the visitor a sentence for a while, by language."""

    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lock:
    """Keys that are for the staff do nothing; `on` False: they do, and the window may be covered and left."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Aside:
    """Let other windows lie over this one; `on` False: be on top again."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Quit:
    """End, in good order."""


@dataclass(frozen=True, slots=True)
class CoverReport:
    """How the cover is.

    showing    the number of the order that is on the glass
    gestures   as in ClientReport
    entries    how many PINs were entered on its pad, and the last one, which nobody keeps
    """

    showing: int = 0
    gestures: int = 0
    entries: int = 0
    entered: str = ""


@dataclass(frozen=True, slots=True)
class ShowCover:
    """What is on the glass where the client is not.

    picture   a file that fills the glass; "": a dark ground. film: one that is played there over and over, instead
    title, text   on a plate over it, by language
    pad       ask for the PIN, above everything else
    """

    picture: str = ""
    film: str = ""
    title: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)
    pad: bool = False


Order = StartOver | Begin | Attract | SetLanguage | SetVolume | Notice | Lock | Aside | Quit
AnyOrder = Order | ShowCover
ORDERS: dict[str, type[AnyOrder]] = {one.__name__: one for one in get_args(AnyOrder)}
AnyReport = ClientReport | CoverReport
REPORTS: dict[str, type[AnyReport]] = {one.__name__: one for one in get_args(AnyReport)}

M = TypeVar("M")


def packed(message: Any, /) -> bytes:
    """A ClientReport or an Order as JSON."""
    return json.dumps({"is": type(message).__name__, **asdict(message)}, ensure_ascii=False).encode("utf-8", "backslashreplace")


def unpacked_report(text: bytes, /) -> AnyReport | None:
    """None where it is none."""
    return _unpacked(text, REPORTS)


def unpacked_order(text: bytes, /) -> AnyOrder | None:
    """None where it is none."""
    return _unpacked(text, ORDERS)


def _unpacked(text: bytes, known: dict[str, type[M]]) -> M | None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or not isinstance(name := values.pop("is", None), str) or name not in known:
        return None
    kind = known[name]
    wanted = _hints(kind)  # type: ignore[arg-type]
    if values.keys() != {one.name for one in fields(kind)}:  # type: ignore[arg-type]
        return None
    return kind(**values) if all(_fits(value, wanted[key]) for key, value in values.items()) else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a value of JSON is exactly of that type; numbers are finite and not negative."""
    origin = get_origin(wanted)
    if origin is Literal:
        return value in get_args(wanted)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in get_args(wanted))
    if origin is dict:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if wanted is float:
        return type(value) in (int, float) and math.isfinite(value) and value >= 0.0
    if wanted is int:
        return type(value) is int and value >= 0
    return type(value) is wanted

"""Names of topics, and the form of requests and replies. Nothing here is sent.

BASE/STAND/availability   online or offline; retained, and the last will
BASE/STAND/state          a Status as JSON; retained
BASE/STAND/command        a request; QoS 1, never retained
BASE/STAND/reply/FROM     what became of it, for who asked"""

import datetime
import json
import re
from dataclasses import dataclass
from typing import Any

from vrclient.kiosk.commands import Command, Refused, Reply, Who, command
from vrclient.kiosk.status import MAX_ID, Words

MAX_REQUEST = 8192
"""Bytes."""
ONLINE, OFFLINE = b"online", b"offline"
_NAME = re.compile(r"[A-Za-z0-9_.:+-]{1,64}", re.ASCII)
_FROM = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Topics:
    """Those of one stand; "+" for all."""

    base: str
    stand: str

    @property
    def availability(self) -> str:
        return f"{self.base}/{self.stand}/availability"

    @property
    def state(self) -> str:
        return f"{self.base}/{self.stand}/state"

    @property
    def command(self) -> str:
        return f"{self.base}/{self.stand}/command"

    def reply(self, sender: str, /) -> str:
        return f"{self.base}/{self.stand}/reply/{sender}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is answered: to whom, and by which id. `command` is what is to be carried out, unless it is `refused`."""

    id: str
    sender: str
    command: Command | None = None
    refused: Words | None = None


def request(asked: Command, /, *, id: str, sender: str, expires_at: datetime.datetime) -> bytes:
    """A request for a stand."""
    content = {
        "id": id,
        "from": sender,
        "expires_at": expires_at.isoformat(),
        "command": asked.name,
        "arguments": dict(asked.arguments),
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def read_request(payload: bytes, /, *, retained: bool, who: Who | None, now: datetime.datetime) -> Asked | None:
    """What somebody asks for, whatever it is; None where there is nobody to answer: it has no id. `who` may ask; None: nobody."""
    try:
        found = json.loads(payload) if len(payload) <= MAX_REQUEST else None
    except (ValueError, RecursionError):
        return None
    id = found.get("id") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(id, str) or not _NAME.fullmatch(id):
        return None
    given = found.get("from", "anyone")
    sender = given if isinstance(given, str) and _FROM.fullmatch(given) else "anyone"
    try:
        if retained:
            raise Refused(Words(zh="保留的命令不会执行", en="a retained command is not carried out"))
        if who is None:
            raise Refused(Words(zh="本展台不接受来自服务器的命令", en="this stand takes no commands from the broker"))
        _refuse_expired(found.get("expires_at"), now)
        return Asked(id, sender, command(found.get("command"), found.get("arguments"), who=who, by="mqtt"))
    except Refused as refused:
        return Asked(id, sender, refused=refused.said)


def reply(id: str, reply: Reply, /, *, boot: str, sequence: int) -> bytes:
    """The acknowledgement: with the status' boot and sequence after it was carried out."""
    content = {
        "id": id,
        "done": reply.done,
        "said": reply.said.model_dump(),
        "value": reply.value,
        "boot": boot,
        "sequence": sequence,
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def read_reply(payload: bytes, /) -> tuple[str, Reply] | None:
    """The id of the request and what became of it; None of anything else."""
    try:
        found: Any = json.loads(payload)
        return str(found["id"])[:MAX_ID], Reply(found["done"] is True, Words.model_validate(found["said"]), found.get("value"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _refuse_expired(given: object, now: datetime.datetime) -> None:
    try:
        expires = datetime.datetime.fromisoformat(given) if isinstance(given, str) and len(given) <= MAX_ID else None
    except ValueError:
        expires = None
    if expires is None or expires.tzinfo is None:
        raise Refused(
            Words(
                zh="“expires_at”必须是带时区的 ISO 8601 时间",
                en="'expires_at' must be a time in ISO 8601 with its offset from UTC",
            )
        )
    if now > expires:
        clock = f"{now:%Y-%m-%d %H:%M:%S} UTC"
        raise Refused(Words(zh=f"命令已过期（展台时间 {clock}）", en=f"the command has expired (this stand's clock: {clock})"))

"""All stands of a hall, as the broker tells of them, for the attendants' page. It keeps the last status of each, knows who is
online, and has commands carried out. What it hears may be anybody's: what is no status is dropped."""

import datetime
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import Command, Reply
from vrclient.kiosk.mqtt.link import BrokerLink
from vrclient.kiosk.mqtt.topics import ONLINE, Topics, read_reply, request
from vrclient.kiosk.status import Status, Words

MAX_STANDS = 200
MAX_STATUS, MAX_REPLY = 65_536, 1_048_576
"""Bytes."""
SILENT_S = 30.0
"""A stand that is not heard of for as long counts as offline, whatever its availability says."""
ANSWERED_S = 5.0
MAX_PENDING = 64


@dataclass(slots=True)
class _Tile:
    status: Status | None = None
    heard: float = 0.0
    """time.monotonic() when that status was true."""
    online: bool = False


class _Pending:
    def __init__(self) -> None:
        self.answered = threading.Event()
        self.reply: Reply | None = None


class Hall:
    """Hears from `start` to `close`. `changed` is called after every status."""

    def __init__(self, settings: BrokerSettings, /, *, changed: Callable[[Status], None] = lambda _: None) -> None:
        self._base = settings.topic
        self._changed = changed
        self._lock = threading.Lock()
        self._tiles: dict[str, _Tile] = {}
        self._pending: dict[str, _Pending] = {}
        self._me = f"hall-{uuid.uuid4().hex[:12]}"
        every = Topics(settings.topic, "+")
        subscribed = (every.state, every.availability, every.reply(self._me))
        self._link = BrokerLink(settings, f"vrclient-{self._me}", heard=self.heard, subscribed=subscribed)

    def start(self) -> None:
        """Raises nothing."""
        self._link.start()

    def close(self) -> None:
        """Nothing is heard any more."""
        self._link.close()

    @property
    def problem(self) -> Words | None:
        """Why nothing is heard; None where it is."""
        return self._link.problem

    def stands(self) -> dict[str, tuple[Status, bool]]:
        """Of each its last status, and whether it is online."""
        with self._lock:
            now = time.monotonic()
            return {name: (tile.status, _online(tile, now)) for name, tile in self._tiles.items() if tile.status is not None}

    def tiles(self) -> list[dict[str, Any]]:
        """As the attendants' page wants them, by their names."""
        with self._lock:
            now = time.monotonic()
            return [
                {"status": tile.status.model_dump(mode="json"), "online": _online(tile, now), "heard_s": now - tile.heard}
                for _, tile in sorted(self._tiles.items())
                if tile.status is not None
            ]

    def ask(self, stand: str, asked: Command, /) -> Reply:
        """Has a stand carry it out, and waits for its answer for ANSWERED_S at most."""
        with self._lock:
            tile = self._tiles.get(stand)
            if tile is None or not _online(tile, time.monotonic()):
                return Reply(False, Words(zh="联系不上这个展台", en="that stand is not heard of"))
            if len(self._pending) >= MAX_PENDING:
                return Reply(False, Words(zh="命令太多，请稍后再试", en="too many commands at once; try again"))
            id = uuid.uuid4().hex
            pending = self._pending[id] = _Pending()
        try:
            expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2 * ANSWERED_S)
            payload = request(asked, id=id, sender=self._me, expires_at=expires)
            sent = self._link.send(Topics(self._base, stand).command, payload, expires_s=int(2 * ANSWERED_S))
            if sent and pending.answered.wait(ANSWERED_S) and pending.reply is not None:
                return pending.reply
        finally:
            with self._lock:
                del self._pending[id]
        return Reply(
            False, Words(zh=f"展台 {ANSWERED_S:.0f} 秒内没有回答", en=f"the stand has not answered within {ANSWERED_S:.0f} s")
        )

    def heard(self, topic: str, payload: bytes, retained: bool, /) -> None:
        """A message, whatever it is."""
        stand, _, what = topic.removeprefix(f"{self._base}/").partition("/")
        if what.startswith("reply/"):
            self._replied(payload)
        elif what == "availability":
            with self._lock:
                if (tile := self._tile(stand)) is not None:
                    tile.online = payload == ONLINE
                    if not payload:  # taken away for good
                        del self._tiles[stand]
        elif what == "state":
            self._told(stand, payload, retained)

    def _told(self, stand: str, payload: bytes, retained: bool) -> None:
        if len(payload) > MAX_STATUS:
            return
        try:
            status = Status.model_validate_json(payload)
        except ValidationError:
            return
        if status.stand != stand:
            return
        age = (datetime.datetime.now(datetime.UTC) - status.at).total_seconds() if retained else 0.0
        with self._lock:
            tile = self._tile(stand)
            before = tile.status if tile else None
            if tile is None or (before and before.boot == status.boot and before.sequence > status.sequence):
                return
            tile.status, tile.heard = status, time.monotonic() - max(0.0, age)
        self._changed(status)

    def _replied(self, payload: bytes) -> None:
        found = read_reply(payload) if len(payload) <= MAX_REPLY else None
        if found is None:
            return
        with self._lock:
            pending = self._pending.get(found[0])
        if pending is not None:
            pending.reply = found[1]
            pending.answered.set()

    def _tile(self, stand: str) -> _Tile | None:
        if stand not in self._tiles and len(self._tiles) < MAX_STANDS:
            self._tiles[stand] = _Tile()
        return self._tiles.get(stand)


def _online(tile: _Tile, now: float) -> bool:
    return tile.online and now - tile.heard < SILENT_S

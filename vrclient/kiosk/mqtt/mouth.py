"""A stand's own mouth at the broker: it tells availability and state, announces itself to Home Assistant, and has commands
carried out. One thread looks for changes and carries out what came; the connection's thread only hands over."""

import datetime
import logging
import queue
import threading
import time
from collections import OrderedDict

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import Reply, Stand, Who, carry_out
from vrclient.kiosk.mqtt import discovery
from vrclient.kiosk.mqtt.link import BrokerLink
from vrclient.kiosk.mqtt.topics import OFFLINE, ONLINE, Asked, Topics, read_request, reply
from vrclient.kiosk.status import Words

log = logging.getLogger(__name__)

LOOKED_S = 0.1
"""Seconds between two looks for a change."""
TOLD_S = 10.0
"""A state is told again after as long, changed or not: who hears it knows that the stand lives."""
MAX_WAITING = 64
REMEMBERED = 256
"""Ids of requests: QoS 1 may bring one twice."""


class BrokerMouth:
    """Talks from `start` to `close`."""

    def __init__(self, stand: Stand, settings: BrokerSettings, /) -> None:
        self._stand = stand
        self._settings = settings
        self._who = None if settings.commands == "none" else Who[settings.commands.upper()]
        self._topics = Topics(settings.topic, stand.status().stand)
        self._waiting: queue.Queue[Asked] = queue.Queue(MAX_WAITING)
        self._answered: OrderedDict[tuple[str, str], Reply] = OrderedDict()
        self._anew, self._closing = threading.Event(), threading.Event()
        self._announced: bytes | None = None
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._link = BrokerLink(
            settings,
            f"vrclient-{self._topics.stand}",
            heard=self._heard,
            subscribed=() if self._who is None else (self._topics.command,),
            connected=self._anew.set,
            will=(self._topics.availability, OFFLINE),
        )

    def start(self) -> None:
        """Raises nothing; a broker that is not there is looked for again and again."""
        self._link.start()
        self._thread.start()

    @property
    def problem(self) -> Words | None:
        """Why the broker does not hear this stand; None where it does."""
        return self._link.problem

    def close(self) -> None:
        """Says that the stand is offline, and goes."""
        self._closing.set()
        self._thread.join()
        self._link.send_and_wait(self._topics.availability, OFFLINE)
        self._link.close()

    def _heard(self, topic: str, payload: bytes, retained: bool) -> None:
        asked = read_request(payload, retained=retained, who=self._who, now=datetime.datetime.now(datetime.UTC))
        if asked is None:
            log.warning("broker: a request without an id was dropped (%d bytes)", len(payload))
            return
        try:
            self._waiting.put_nowait(asked)
        except queue.Full:
            self._reply(asked, Reply(False, Words(zh="命令太多，请稍后再试", en="too many commands at once; try again")))

    def _run(self) -> None:
        told: tuple[str, int] | None = None
        told_at = 0.0
        while not self._closing.is_set():
            try:
                asked = self._waiting.get(timeout=LOOKED_S)
            except queue.Empty:
                asked = None
            try:
                if asked is not None:
                    self._carry_out(asked)
                if self._anew.is_set():
                    self._anew.clear()
                    self._announced, told = None, None
                    self._link.send(self._topics.availability, ONLINE, retained=True)
                status = self._stand.status()
                if (status.boot, status.sequence) != told or time.monotonic() - told_at > TOLD_S:
                    self._announce()
                    if self._link.send(self._topics.state, status.model_dump_json().encode(), retained=True):
                        told, told_at = (status.boot, status.sequence), time.monotonic()
            except Exception:
                log.exception("the broker was not told")
                time.sleep(LOOKED_S)

    def _announce(self) -> None:
        """To Home Assistant, whenever that changes: a battery has been found, for instance."""
        wanted = discovery.message(self._settings, self._stand.status()) if self._settings.home_assistant else b""
        where = discovery.topic(self._settings, self._topics.stand)
        if wanted != self._announced and self._link.send(where, wanted, retained=True):
            self._announced = wanted

    def _carry_out(self, asked: Asked) -> None:
        key = (asked.sender, asked.id)
        known = self._answered.get(key)
        if known is None:
            if asked.command is None:
                known = Reply(False, asked.refused or Words(zh="已拒绝", en="refused"))
            else:
                known = carry_out(self._stand, asked.command)
            self._answered[key] = known
            while len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
        self._reply(asked, known)

    def _reply(self, asked: Asked, told: Reply) -> None:
        status = self._stand.status()
        self._link.send(
            self._topics.reply(asked.sender), reply(asked.id, told, boot=status.boot, sequence=status.sequence), expires_s=30
        )


def decommission(settings: BrokerSettings, stand: str, /, *, seconds: float = 10.0) -> bool:
    """Takes everything retained of a stand away from the broker, for good; whether that was done in that time."""
    topics = Topics(settings.topic, stand)
    link = BrokerLink(settings, f"vrclient-{stand}", heard=lambda *_: None, subscribed=())
    link.start()
    try:
        retained = (discovery.topic(settings, stand), topics.state, topics.availability)
        return link.wait(seconds) and all(link.send_and_wait(one, b"") for one in retained)
    finally:
        link.close()

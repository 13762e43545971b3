"""A connection to the broker: it comes back by itself, ever more patiently, and says why it is not there. What is sent over it is
said by who uses it; nothing is kept for later, since what is old by then is wrong."""

import logging
import os
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.status import Words

log = logging.getLogger(__name__)

KEEPALIVE_S = 10
"""A stand that is silent for half as long again counts as offline."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1, 30
CONNECT_S = 5.0
TAKEN_OVER = 0x8E

Heard = Callable[[str, bytes, bool], None]
"""What hears a message: topic, payload, whether it was retained. It is called in the connection's thread, and must be quick."""


class BrokerLink:
    """From `start` to `close`. `settings` has a host; its paths are absolute."""

    def __init__(
        self,
        settings: BrokerSettings,
        name: str,
        /,
        *,
        heard: Heard,
        subscribed: tuple[str, ...],
        connected: Callable[[], None] = lambda: None,
        will: tuple[str, bytes] | None = None,
    ) -> None:
        """`name` is this client's at the broker, which has no two of one name. `connected` is called after every connecting;
        `will`, a topic and what is said there, retained, is the broker's to say when this client goes without a word."""
        self._settings = settings
        self._heard = heard
        self._subscribed = subscribed
        self._connected = connected
        self._problem: Words | None = None
        self._up = threading.Event()
        self._started = False
        client = self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=paho.MQTTv5)
        client.connect_timeout = CONNECT_S
        client.reconnect_delay_set(FIRST_WAIT_S, LONGEST_WAIT_S)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail, client.on_message = self._on_connect_fail, self._on_message
        client.on_socket_open = _at_once
        if will is not None:
            client.will_set(will[0], will[1], qos=1, retain=True)

    def start(self) -> None:
        """Begins to connect, and is back at once. Raises nothing: what is wrong is `problem`."""
        settings = self._settings
        try:
            if settings.tls:
                self._client.tls_set(settings.authority, settings.certificate, settings.key, tls_version=ssl.PROTOCOL_TLS_CLIENT)
            if settings.user:
                self._client.username_pw_set(settings.user, password(settings))
            self._client.connect_async(str(settings.host), settings.port_used, keepalive=KEEPALIVE_S, clean_start=True)
            self._client.loop_start()
            self._started = True
        except (OSError, ValueError) as error:
            what = f"{getattr(error, 'filename', None) or settings.certificate or settings.authority or ''}: {error}"
            self._say(Words(zh=f"无法连接消息服务器：{what[:300]}", en=f"the broker cannot be used: {what[:300]}"))

    @property
    def up(self) -> bool:
        """Whether it is connected."""
        return self._up.is_set()

    def wait(self, seconds: float, /) -> bool:
        """Whether it is connected, within that time."""
        return self._up.wait(seconds)

    @property
    def problem(self) -> Words | None:
        """Why it is not connected; None where it is, or tries for the first time."""
        return self._problem

    def send(self, topic: str, payload: bytes, /, *, retained: bool = False, expires_s: int | None = None) -> bool:
        """Sends it with QoS 1, if there is a connection; whether there was."""
        if not self.up:
            return False
        properties = None
        if expires_s is not None:
            properties = Properties(PacketTypes.PUBLISH)
            properties.MessageExpiryInterval = expires_s
        return self._client.publish(topic, payload, qos=1, retain=retained, properties=properties).rc == paho.MQTT_ERR_SUCCESS

    def send_and_wait(self, topic: str, payload: bytes, /, *, seconds: float = 3.0) -> bool:
        """Sends it retained, and waits until the broker has it."""
        if not self.up:
            return False
        sent = self._client.publish(topic, payload, qos=1, retain=True)
        try:
            sent.wait_for_publish(seconds)
        except (RuntimeError, ValueError):
            return False
        return sent.is_published()

    def close(self) -> None:
        """Takes its leave of the broker, which then keeps the will to itself."""
        self._client.disconnect()
        if self._started:
            self._client.loop_stop()
        self._up.clear()

    def _on_connect(self, client: paho.Client, data: object, flags: object, reason: ReasonCode, more: object) -> None:
        if reason.is_failure:
            self._say(Words(zh=f"消息服务器拒绝了连接：{reason}", en=f"the broker refuses the stand: {reason}"))
            return
        self._problem = None
        log.info("broker: connected to %s:%d", self._settings.host, self._settings.port_used)
        if self._subscribed:
            client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in self._subscribed])
        self._up.set()
        self._connected()

    def _on_disconnect(self, client: paho.Client, data: object, flags: object, reason: ReasonCode, more: object) -> None:
        self._up.clear()
        if reason.value == TAKEN_OVER:
            en = "another stand has this one's name at the broker; give each a name of its own"
            self._say(Words(zh="另一个展台用了同样的名称；请给每个展台不同的名称", en=en))
        elif reason.is_failure and self._problem is None:
            self._say(Words(zh="与消息服务器的连接断开", en=f"the connection to the broker is gone ({reason})"))

    def _on_connect_fail(self, client: paho.Client, data: object) -> None:
        where = f"{self._settings.host}:{self._settings.port_used}"
        self._say(Words(zh=f"连不上消息服务器 {where}", en=f"the broker {where} cannot be reached"))

    def _on_message(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        try:
            self._heard(message.topic, bytes(message.payload), message.retain)
        except Exception:
            log.exception("a message from the broker was dropped")

    def _say(self, problem: Words) -> None:
        if problem != self._problem:
            log.warning("broker: %s", problem.en)
        self._problem = problem


def _at_once(client: paho.Client, data: object, link: object) -> None:
    """What is sent goes at once: packets this small would wait for one another, 40 ms each way."""
    if isinstance(link, socket.socket):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def password(settings: BrokerSettings, /) -> str | None:
    """The first line of the file. Raises OSError, also where others than its owner may read it."""
    if settings.password_file is None:
        return None
    path = Path(settings.password_file)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise PermissionError(13, "others can read the broker's password; 'chmod 600' it", str(path))
    return path.read_text("utf-8").split("\n")[0].rstrip("\r")

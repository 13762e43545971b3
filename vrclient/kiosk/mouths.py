"""Starts what talks with a stand, by its settings, and says what of it does not work. Nothing here ends the supervisor: a page
whose port is taken, or a broker that is away, is a fault that the stand tells of.

The packages of the extra `kiosk` are imported here, and only for what is wanted."""

import datetime
import logging
import threading
from collections.abc import Callable

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import Stand
from vrclient.kiosk.extra import missing
from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.status import MAX_WORDS, Fault, Words

log = logging.getLogger(__name__)

HELP = {
    "page-failed": Words(
        zh="检查 kiosk.yaml 中 page 的端口、地址和证书，然后重启。",
        en="See to the port, address and certificate of 'page' in kiosk.yaml, and start the kiosk again.",
    ),
    "broker-away": Words(
        zh="展台照常工作；请检查消息服务器、网络和 kiosk.yaml 中的 broker。",
        en="The stand goes on without it; see to the broker, the network, and 'broker' in kiosk.yaml.",
    ),
    "hall-deaf": Words(
        zh="“所有展台”页面需要 kiosk.yaml 中的 broker。",
        en="The page of all stands needs a 'broker' in kiosk.yaml.",
    ),
    "kiosk-extra-missing": Words(zh="请安装缺少的程序包。", en="Install what is missing."),
}


class Mouths:
    """The operator's page and the broker, from `start` to `close`."""

    def __init__(self, stand: Stand, page: PageSettings, broker: BrokerSettings, /) -> None:
        """Paths in the settings are absolute."""
        self._stand, self._page, self._broker = stand, page, broker
        self._closing: list[Callable[[], None]] = []
        self._lasting: list[Fault] = []
        self._problem: Callable[[], Words | None] = lambda: None
        self._lock = threading.Lock()
        self._away: Fault | None = None
        self.url: str | None = None
        """Where the page is; None where it is not."""

    def start(self) -> None:
        """Raises nothing."""
        if not self._page.enabled and self._broker.host is None:
            return
        if (absent := missing()) is not None:
            self._lasts("kiosk-extra-missing", f"缺少程序包：{absent}", absent)
            return
        hall = None
        if self._broker.host is not None:
            from vrclient.kiosk.mqtt.mouth import BrokerMouth

            mouth = BrokerMouth(self._stand, self._broker)
            mouth.start()
            self._problem = lambda: mouth.problem
            self._closing.append(mouth.close)
        if self._page.enabled and self._page.hall:
            if self._broker.host is None:
                self._lasts("hall-deaf", "没有消息服务器，看不到其他展台", "without a broker no other stand is heard of")
            else:
                from vrclient.kiosk.mqtt.hall import Hall

                hall = Hall(self._broker)
                hall.start()
                self._closing.append(hall.close)
        if self._page.enabled:
            from vrclient.kiosk.page.server import PageServer

            server = PageServer(self._stand, self._page, hall=hall)
            try:
                server.start()
            except OSError as error:
                what = f"{server.url}: {error.strerror or error}"
                self._lasts("page-failed", f"操作页面无法打开：{what}", f"the operator's page cannot be served ({what})")
            else:
                self.url = server.url
                self._closing.append(server.close)

    def faults(self) -> tuple[Fault, ...]:
        """What of it does not work now. It may be called from any thread."""
        with self._lock:
            problem = self._problem()
            if problem is None:
                self._away = None
            elif self._away is None or self._away.said != problem:
                since = self._away.since if self._away else datetime.datetime.now(datetime.UTC)
                self._away = Fault(code="broker-away", said=problem, help=HELP["broker-away"], since=since)
            return (*self._lasting, *([self._away] if self._away else []))

    def close(self) -> None:
        """Everything is closed, and the broker told so."""
        for close in reversed(self._closing):
            close()
        self._closing.clear()

    def _lasts(self, code: str, zh: str, en: str) -> None:
        log.error("%s", en)
        said = Words(zh=zh[:MAX_WORDS], en=en[:MAX_WORDS])
        self._lasting.append(Fault(code=code, said=said, help=HELP[code], since=datetime.datetime.now(datetime.UTC)))

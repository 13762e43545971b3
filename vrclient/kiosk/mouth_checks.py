"""What `vrclient kiosk --check` finds out about what talks with a stand: the page's port and certificate, the broker. Rows for
checks.py, as (subject, state, what was found, what to do)."""

import socket
import ssl
from collections.abc import Iterator
from typing import Literal

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.control import NoKiosk, ask
from vrclient.kiosk.extra import missing
from vrclient.kiosk.page_settings import PageSettings

Row = tuple[str, Literal["ok", "note", "wrong"], str, str]
BROKER_S = 6.0


def examined(page: PageSettings, broker: BrokerSettings, stand: str, /) -> Iterator[Row]:
    """What is not wanted is not looked at; where the extra is missing, that is said elsewhere."""
    if missing() is not None:
        return
    if page.enabled:
        yield _page(page)
        if page.hall and broker.host is None:
            yield (
                "page",
                "wrong",
                "'hall' shows the stands that a broker knows, and there is none",
                "write 'broker', or hall: false",
            )
    if broker.host is not None:
        yield _broker(broker, stand)


def _page(page: PageSettings) -> Row:
    subject = "operator's page"
    try:
        if page.certificate is not None:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(page.certificate, page.key)
    except OSError as error:
        what = error.strerror or str(error)
        return subject, "wrong", f"{page.certificate}, {page.key}: {what}", "correct 'certificate' and 'key' under 'page'"
    where = f"{page.address}:{page.port}"
    try:
        family = socket.AF_INET6 if ":" in page.address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((page.address, page.port))
    except OSError as error:
        if _kiosk_runs():
            return subject, "note", f"{where} is taken, perhaps by the kiosk that runs", "end it, and check again"
        return (
            subject,
            "wrong",
            f"{where}: {error.strerror or error}",
            "give a free 'address' and 'port' under 'page'",
        )
    who = "for this computer alone" if page.loopback else "for the network"
    return subject, "ok", f"{where}, {who}", ""


def _broker(broker: BrokerSettings, stand: str) -> Row:
    from vrclient.kiosk.mqtt.link import BrokerLink

    link = BrokerLink(broker, f"vrclient-{stand}-check", heard=lambda *_: None, subscribed=())
    link.start()
    try:
        where = f"{broker.host}:{broker.port_used}"
        if link.wait(BROKER_S):
            return "broker", "ok", where, ""
        problem = link.problem
        found = problem.en if problem is not None else f"{where} has not answered within {BROKER_S:.0f} s"
        return "broker", "note", found, "the stand goes on without it; see to the broker, the network, and 'broker' in kiosk.yaml"
    finally:
        link.close()


def _kiosk_runs() -> bool:
    try:
        ask("status", {})
    except NoKiosk:
        return False
    return True

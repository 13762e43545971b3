"""The page's thread: opens the port, serves, and ends. What is served is app.py's."""

import asyncio
import logging
import socket
import ssl
import threading

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from vrclient.kiosk.commands import Stand
from vrclient.kiosk.page.app import Page, Stands
from vrclient.kiosk.page_settings import PageSettings

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 64
CLOSING_S = 5.0
REQUEST_S = 10.0
"""Seconds within which a connection must have asked for something: else a few that say nothing keep everybody out."""


class PageServer:
    """Serves from `start` to `close`. Whatever happens to it, the supervisor goes on."""

    def __init__(self, stand: Stand, settings: PageSettings, /, *, hall: Stands | None = None) -> None:
        """Paths in the settings are absolute."""
        self._stand = stand
        self._settings = settings
        self._hall = hall
        self._page: Page | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Raises OSError where the port is taken, the address is not this computer's, or the certificate cannot be read (ssl's
        errors are of that kind)."""
        settings = self._settings
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        config = uvicorn.Config(
            self._app, factory=True, http=_Impatient, ws="none", lifespan="off", loop="asyncio", log_config=None,
            access_log=False, server_header=False, date_header=False, proxy_headers=False,
            limit_concurrency=MAX_CONNECTIONS, timeout_keep_alive=10,
            timeout_graceful_shutdown=1, h11_max_incomplete_event_size=16_384, backlog=64,
            ssl_certfile=settings.certificate, ssl_keyfile=settings.key,
        )  # fmt: skip
        if settings.certificate is not None:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate, settings.key)
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((settings.address, settings.port))
            self._socket.listen(MAX_CONNECTIONS)
        except BaseException:
            self._socket.close()
            raise
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is."""
        scheme = "http" if self._settings.certificate is None else "https"
        address = f"[{self._settings.address}]" if ":" in self._settings.address else self._settings.address
        return f"{scheme}://{address}:{self._settings.port}/"

    def close(self) -> None:
        """Nobody is answered any more."""
        if self._thread is None or self._server is None or self._socket is None:
            return
        if self._page is not None:
            self._page.closing = True
        self._server.should_exit = True
        self._thread.join(CLOSING_S)
        self._socket.close()
        self._thread = None

    def _app(self) -> object:
        self._page = Page(self._stand, self._settings, hall=self._hall)
        return self._page.app()

    def _run(self) -> None:
        assert self._server is not None and self._socket is not None
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        except Exception:
            log.exception("the operator's page has ended")


class _Impatient(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(REQUEST_S, self._end_what_is_silent)

    def _end_what_is_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

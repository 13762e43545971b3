"""Around the whole page: which names it is called by, whose pages may change something, and what a browser may do with what it
gets. It knows no address and no session.

A page elsewhere that has a name of its own lead to this computer (DNS rebinding) is answered nothing, and neither is a form or
script of another origin; a missing Origin counts as another."""

import ipaddress
import json
import socket
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vrclient.kiosk.page_settings import PageSettings

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
MAX_BODY = 8192


class Guard:
    """The application, guarded."""

    def __init__(self, app: ASGIApp, /, settings: PageSettings) -> None:
        self._app = app
        self._may_be_called = names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        changes = scope["method"] not in ("GET", "HEAD")
        if not self._may_be_called(host):
            await _refuse(send, 421, "this page is not served under that name; its settings ('names') say which")
        elif changes and (
            headers.get("origin") != f"{scope['scheme']}://{host}"
            or headers.get("sec-fetch-site", "same-origin") != "same-origin"
        ):
            await _refuse(send, 403, "a page of another origin may change nothing here")
        else:
            await self._app(scope, _bounded(receive), _with_headers(send))


def names(settings: PageSettings, /) -> Callable[[str], bool]:
    """Whether a Host header is one of this computer's: its addresses in figures (unless the page is for this computer alone), its
    own name, and those that the settings have."""
    known = {name.lower() for name in settings.names} | {settings.address.lower()}
    if settings.loopback:
        known |= {"localhost", "127.0.0.1", "::1"}
    else:
        own = socket.gethostname().lower()
        known |= {own, f"{own}.local"}

    def may_be_called(host: str) -> bool:
        name, _, rest = host.lower().rpartition(":")
        if not name or rest.endswith("]") or not rest.isdecimal():
            name = host.lower()
        name = name.removeprefix("[").removesuffix("]")
        if name in known:
            return True
        return not settings.loopback and _is_address(name)

    return may_be_called


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _bounded(receive: Receive) -> Receive:
    """A body is cut off behind MAX_BODY: what comes then is no JSON."""
    length = 0

    async def bounded() -> Message:
        nonlocal length
        message = await receive()
        if message["type"] == "http.request":
            length += len(message.get("body", b""))
            if length > MAX_BODY:
                return {"type": "http.request", "body": b"", "more_body": False}
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        await send(message)

    return sent


_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


async def _refuse(send: Send, status: int, why: str) -> None:
    body = json.dumps({"done": False, "said": {"zh": "不接受这个请求", "en": why}}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

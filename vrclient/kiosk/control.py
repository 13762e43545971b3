"""The local mouth: a socket that only the stand's own user reaches, for `vrclient ctl` and scripts of the technician.

A connection carries one line of JSON each way, and ends: {"command": "volume", "arguments": {"percent": 40}} is answered with
{"done": true, "said": {"zh": ..., "en": ...}, "value": null}. Where the system has Unix sockets it is one, in the user's runtime
folder. Elsewhere it is a port of the loopback address, and a file in that folder, which nobody else can read, has the port and a
`token` that every request must carry."""

import contextlib
import hmac
import json
import logging
import os
import secrets
import socket
import socketserver
import stat
import struct
import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from vrclient.kiosk.commands import Refused, Reply, Stand, Who, carry_out, command
from vrclient.kiosk.status import Words
from vrclient.writing import whole_file

log = logging.getLogger(__name__)

MAX_REQUEST = 16_384
MAX_ANSWER = 16_000_000
MAX_AT_ONCE = 16
REQUEST_S = 5.0
"""Seconds within which a request must have come."""
ANSWER_S = 20.0
SOCKET, PORT_FILE = "kiosk.sock", "kiosk.json"
HAS_UNIX_SOCKETS = hasattr(socket, "AF_UNIX") and sys.platform != "win32"


class KioskRuns(RuntimeError):
    """Another supervisor of this user already listens."""


class NoKiosk(RuntimeError):
    """Nobody listens; the text says where that was tried, and what to do."""


class UnsafeFolder(RuntimeError):
    """The folder for the socket is open to others."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand says to one request."""

    done: bool
    said: Words
    value: Any = None


def runtime_folder() -> Path:
    """Where a user's socket is. It may be missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the session has none of its own is no news to whoever types a command
        return platformdirs.user_runtime_path("vrclient", appauthor=False)


def ask(name: str, arguments: dict[str, Any], /, *, folder: Path | None = None) -> Answer:
    """Has the stand of this user and computer do it. Raises NoKiosk."""
    folder = folder or runtime_folder()
    request: dict[str, Any] = {"command": name, "arguments": arguments}
    try:
        with _connected(folder, request) as link:
            link.sendall(json.dumps(request).encode() + b"\n")
            with link.makefile("rb") as file:
                found = json.loads(file.readline(MAX_ANSWER))
        return Answer(found["done"] is True, Words.model_validate(found["said"]), found.get("value"))
    except TimeoutError:
        raise NoKiosk(f"the kiosk has not answered within {ANSWER_S:.0f} s; see its log, or start it again") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NoKiosk(
            f"no kiosk of this user runs on this computer ({_where(folder)} does not answer); start it with 'vrclient kiosk'"
        ) from None


class ControlServer:
    """Listens from `start` to `close`. Whoever reaches it may do what a technician may."""

    def __init__(self, stand: Stand, /, *, folder: Path | None = None, unix: bool = HAS_UNIX_SOCKETS) -> None:
        self._stand = stand
        self._folder = folder or runtime_folder()
        self._unix = unix
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Raises KioskRuns, UnsafeFolder, or OSError where the folder cannot be made or the socket not be opened."""
        own_folder(self._folder)
        with contextlib.suppress(NoKiosk):
            ask("status", {}, folder=self._folder)
            raise KioskRuns("a kiosk of this user already runs on this computer; 'vrclient ctl status' says how it is")
        token = "" if self._unix else secrets.token_hex(32)
        path = self._folder / SOCKET
        if self._unix:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()  # of a supervisor that was killed
            if len(os.fsencode(path)) > 100:
                raise OSError(36, "the path is too long for a socket", str(path))
            self._server = _server(socketserver.UnixStreamServer, str(path), self._stand, token)
            path.chmod(0o600)
        else:
            self._server = _server(socketserver.TCPServer, ("127.0.0.1", 0), self._stand, token)
            with whole_file(self._folder / PORT_FILE) as file:
                file.write(json.dumps({"port": self._server.server_address[1], "token": token}).encode())
            (self._folder / PORT_FILE).chmod(0o600)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Nobody is heard any more, and nothing is left in the folder."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = None
        with contextlib.suppress(OSError):
            (self._folder / (SOCKET if self._unix else PORT_FILE)).unlink()


def own_folder(folder: Path, /) -> None:
    """Makes it, for this user alone. Raises UnsafeFolder where it is another's or open to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise UnsafeFolder(f"{folder} must be a folder of this user that nobody else can open; 'chmod 700' it, or take it away")


def _connected(folder: Path, request: dict[str, Any]) -> socket.socket:
    """Puts what the other side wants to know into the request. Raises OSError, ValueError."""
    if HAS_UNIX_SOCKETS and (folder / SOCKET).exists():
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: Any = str(folder / SOCKET)
    else:
        found = json.loads((folder / PORT_FILE).read_bytes())
        request["token"] = found["token"]
        link, target = socket.socket(socket.AF_INET, socket.SOCK_STREAM), ("127.0.0.1", int(found["port"]))
    link.settimeout(ANSWER_S)
    try:
        link.connect(target)
    except BaseException:
        link.close()
        raise
    return link


def _where(folder: Path) -> str:
    return str(folder / (SOCKET if HAS_UNIX_SOCKETS else PORT_FILE))


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    stand: Stand
    token: str
    places: threading.BoundedSemaphore

    def process_request(self, request: Any, client_address: Any) -> None:
        if self.places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a request on the control socket was broken off", exc_info=True)


def _server(base: type[socketserver.TCPServer], address: Any, stand: Stand, token: str) -> _Server:
    kind = type("_Bound", (_Server, base), {"address_family": base.address_family, "request_queue_size": MAX_AT_ONCE})
    server: _Server = kind(address, _Handler, bind_and_activate=False)
    server.stand, server.token, server.places = stand, token, threading.BoundedSemaphore(MAX_AT_ONCE)
    try:
        server.server_bind()
        server.server_activate()
    except BaseException:
        server.server_close()
        raise
    return server


class _Handler(socketserver.StreamRequestHandler):
    timeout = REQUEST_S
    server: _Server

    def handle(self) -> None:
        if self.server.address_family != socket.AF_INET and not _same_user(self.connection):
            return
        with contextlib.suppress(OSError):
            line = self.rfile.readline(MAX_REQUEST + 1)
            outcome = answer(self.server.stand, line, self.server.token)
            told = {"done": outcome.done, "said": outcome.said.model_dump(), "value": outcome.value}
            self.connection.settimeout(ANSWER_S)
            self.wfile.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def answer(stand: Stand, line: bytes, token: str, /) -> Reply:
    """What is answered to one line, whatever it is."""
    if len(line) > MAX_REQUEST:
        return Reply(False, Words(zh="请求太长", en=f"the request is longer than {MAX_REQUEST} bytes"))
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return Reply(False, Words(zh="请求必须是一行 JSON", en="a request is one line of JSON: an object with 'command'"))
    given = found.get("token")
    if token and not (isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())):
        return Reply(False, Words(zh="令牌不对", en="the token is not this kiosk's"))
    try:
        return carry_out(stand, command(found.get("command"), found.get("arguments"), who=Who.TECHNICIAN, by="ctl"))
    except Refused as refused:
        return Reply(False, refused.said)


def _same_user(link: socket.socket) -> bool:
    """Whether the other end is of this user, or root; the folder keeps others out already."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return bool(user in (0, os.geteuid()))

"""systemd's watchdog: it is told that the stand is ready and, while it is well, that it lives. Elsewhere nothing is told.
Source: sd_notify(3)."""

import contextlib
import os
import socket
import time

_EVERY_S = 1.0
_told_at = 0.0


def ready() -> None:
    """The stand is up."""
    _tell("READY=1")


def still_alive() -> None:
    """To be called often."""
    global _told_at
    now = time.monotonic()
    if now - _told_at >= _EVERY_S:
        _told_at = now
        _tell("WATCHDOG=1")


def _tell(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.setblocking(False)
        to.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)

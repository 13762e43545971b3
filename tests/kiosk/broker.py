"""A real Mosquitto on a port of its own, with what a test configures. Fails, rather than skips, without it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mosquitto_program() -> str:
    """The program; Debian has it where only root's PATH looks."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.fail("mosquitto missing; on Debian: apt install mosquitto")
    return found


class Mosquitto:
    """One broker, at one port, that can be started, killed and held."""

    def __init__(self, folder: Path, port: int, more: str) -> None:
        self.port = port
        self.config = folder / "mosquitto.conf"
        self.config.write_text(f"listener {port} 127.0.0.1\npersistence false\n{more}\n")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [mosquitto_program(), "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 20.0
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1.0).close()
                return
            except OSError:
                assert self.process.poll() is None, "mosquitto has ended"
                time.sleep(0.05)
        pytest.fail("mosquitto does not listen")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@contextmanager
def mosquitto(folder: Path, /, more: str = "allow_anonymous true") -> Iterator[Mosquitto]:
    """Running; `more` are lines of its configuration."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    broker = Mosquitto(folder, port, more)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()

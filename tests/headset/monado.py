"""Monado's service as a headset that tests can start, kill and start again.

Each one has folders and a port of its own, so several do not meet.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from remote import RemoteClient

STARTED = b"The Monado service has started"
RUNTIME = "/usr/share/openxr/1/openxr_monado.json"


class MonadoService:
    """A running monado-service, started by start() or by `with`.

    compositor "null" shows nothing, at 20 Hz and 320 x 240 pixels an eye. "window" shows both eyes, undistorted, side by side in
    a window "Monado" of 960 x 540 pixels on the display, from the first session on; with the environment
    XRT_COMPOSITOR_SCALE_PERCENTAGE=50 the pictures asked for are 480 x 540 and come out pixel for pixel.

    remote=False leaves the choice of headset to the environment, such as {"SIMULATED_ENABLE": "1"}; otherwise it is the one that
    a RemoteClient at `port` moves.
    """

    def __init__(
        self,
        *,
        display: str = "",
        compositor: Literal["null", "window"] = "null",
        remote: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="monado-"))
        """Holds the socket, the configuration and the log; short, because a socket's path has at most 107 characters."""
        self.log = self.folder / "log"
        self.port = free_port() if remote else 0
        self.display = display
        self._environment = {
            **self.environment(),
            "XDG_CONFIG_HOME": str(self.folder),
            "XRT_NO_STDIN": "1",
            "XRT_COMPOSITOR_NULL" if compositor == "null" else "XRT_COMPOSITOR_FORCE_XCB": "1",
            **(environment or {}),
        }
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None
        (self.folder / "monado").mkdir()
        if remote:
            settings = {"active": "remote", "remote": {"version": 0, "port": self.port, "view_count": 2}}
            (self.folder / "monado" / "config_v0.json").write_text(json.dumps(settings))

    def environment(self) -> dict[str, str]:
        """The variables by which a client finds this service; add them to its own."""
        found = {"XDG_RUNTIME_DIR": str(self.folder), "XR_RUNTIME_JSON": RUNTIME}
        return found | ({"DISPLAY": self.display} if self.display else {})

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, timeout: float = 20.0) -> None:
        """Returns when clients and the remote client can connect. RuntimeError, with the end of the log, when it ends before
        that or takes longer than timeout seconds."""
        if self.running:
            raise RuntimeError("monado-service is running already")
        self._socket.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                ["monado-service"], env={**os.environ, **self._environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                how = "took too long" if self.running else f"ended with status {self._process.returncode}"
                self.kill()
                raise RuntimeError(f"monado-service {how}; its log ends so:\n{self.log_tail()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash would: no goodbye to clients, and only the stale socket is cleared away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it in good order; kill it if it does not within 10 seconds."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        self.kill()

    def restart(self) -> None:
        """Kill and start: the same port, new state."""
        self.kill()
        self.start()

    def control(self, *arguments: str) -> str:
        """What monado-ctl says to those arguments; RuntimeError when it fails."""
        done = subprocess.run(
            ["monado-ctl", *arguments], env={**os.environ, **self.environment()}, capture_output=True, text=True, timeout=20
        )
        if done.returncode:
            raise RuntimeError(f"monado-ctl {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def log_tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _socket(self) -> Path:
        return self.folder / "monado_comp_ipc"

    def _answers(self) -> bool:
        """The socket and the port are there before the compositor is; only the log says when all is."""
        if STARTED not in self.log.read_bytes()[self._log_start :]:
            return False
        if self.port:
            try:
                RemoteClient.connect(self.port, timeout=0.0).close()
            except TimeoutError:
                return False
        return True


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

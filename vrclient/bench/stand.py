"""How long a stand's picture is away: faults made on purpose at a kiosk that runs, each timed from the deed until it was noticed,
until something was to be seen again, and until the client's picture was back. The glass is looked at all the time.

On an X server of its own, so that no desktop is disturbed; on Linux."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vrclient import own_process, paths
from vrclient.kiosk import control
from vrclient.kiosk.glass import Glass
from vrclient.kiosk.watch import BLACK

LONGEST_S = 180.0
LOOK_S = 0.05


class StandFailed(RuntimeError):
    """The kiosk did not come up, or not back; the text says when, and what it said."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Seconds from the fault until it stood in the status, and until the client's picture stood again; and how long the glass was
    black meanwhile."""

    fault: str
    noticed_s: float
    back_s: float
    black_s: float


def recoveries(*, size: tuple[int, int], showcase: str, told: Callable[[str], None]) -> list[dict[str, Any]]:
    """One for each fault. Raises StandFailed; OSError where there is no Xvfb."""
    with tempfile.TemporaryDirectory() as folder, _x_server(size) as display, _environment(DISPLAY=display):
        stand = _Stand(Path(folder), showcase)
        try:
            stand.until_well("its start")
            found = []
            for name, code, deed in stand.faults():
                told(name)
                found.append(asdict(stand.recovery(name, code, deed)))
            return found
        finally:
            stand.close()


class _Stand:
    """A kiosk that runs, and what can be done to it."""

    def __init__(self, folder: Path, showcase: str) -> None:
        self._folder, self._runtime = folder, folder / "run"
        self._runtime.mkdir(mode=0o700)
        self._place = folder / "place"
        shutil.copytree(paths.showcases_folder() / showcase, self._place)
        self._right = (self._place / "showcase.yaml").read_text("utf-8")
        settings = f"{{display: window, quality: low, sound: false, attract_s: 0, showcases: [place, {showcase}]}}"
        (folder / "kiosk.yaml").write_text(settings, "utf-8")
        self._process = self._started()
        self._glass = Glass(None)

    def _started(self) -> "subprocess.Popen[bytes]":
        command = own_process.command("vrclient.__main__:main")
        environment = {**os.environ, "XDG_STATE_HOME": str(self._folder / "home"), "XDG_RUNTIME_DIR": str(self._runtime)}
        with (self._folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [*command, "kiosk", "--config", str(self._folder / "kiosk.yaml"), "--no-stills"],
                env=environment, cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip

    def faults(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """What it is called, the code in the status, and how it is done."""
        yield "the client is killed (kill -9)", "client-crashed", lambda: self._signal("stand_client", signal.SIGKILL)
        yield "the client stands still (kill -STOP)", "client-frozen", lambda: self._signal("stand_client", signal.SIGSTOP)
        yield "the showcase is broken, the client killed", "showcase-wrong", self._break_showcase
        yield "the cover is killed (kill -9)", "", lambda: self._signal("cover.window", signal.SIGKILL)
        yield "the supervisor is killed (kill -9)", "", self._kill_supervisor

    def recovery(self, name: str, code: str, deed: Callable[[], None]) -> Recovery:
        (self._place / "showcase.yaml").write_text(self._right, "utf-8")
        self.until_well("before: " + name)
        before = self._pids("stand_client")
        deed()
        began, noticed, black, looked = time.monotonic(), 0.0 if not code else -1.0, 0.0, time.monotonic()
        while time.monotonic() - began < LONGEST_S:
            now = time.monotonic()
            black, looked = black + (now - looked if self._is_black() else 0.0), now
            status = self._status()
            if noticed < 0.0 and code in [one["code"] for one in status.get("faults", ())]:
                noticed = now - began
            other = name.startswith("the cover") or self._pids("stand_client") != before
            if noticed >= 0.0 and other and status.get("rung") in ("window", "headset") and now - began > 0.5:
                return Recovery(name, round(noticed, 2), round(now - began, 2), round(black, 2))
            time.sleep(LOOK_S)
        raise StandFailed(f"{name}: the picture was not back within {LONGEST_S:.0f} s\n{self._said()}")

    def until_well(self, what: str) -> None:
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end:
            status = self._status()
            if status.get("rung") in ("window", "headset") and not status["faults"]:
                return
            time.sleep(LOOK_S)
        raise StandFailed(f"{what}: the stand was not well within {LONGEST_S:.0f} s\n{self._said()}")

    def close(self) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()

    def _signal(self, of: str, number: int) -> None:
        for pid in self._pids(of):
            os.kill(pid, number)

    def _break_showcase(self) -> None:
        file = self._place / "showcase.yaml"
        file.write_text(self._right[:200] + "\n  - {", "utf-8")
        self._signal("stand_client", signal.SIGKILL)

    def _kill_supervisor(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process = self._started()  # as systemd does

    def _pids(self, of: str) -> list[int]:
        try:
            found = json.loads((self._folder / "home" / "vrclient" / "stand-1" / "processes.json").read_text("utf-8"))
            return [int(pid) for pid in found if of.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]
        except (OSError, ValueError):
            return []

    def _status(self) -> dict[str, Any]:
        try:
            value = control.ask("status", {}, folder=self._runtime / "vrclient").value
        except control.NoKiosk:
            return {}
        return value if isinstance(value, dict) else {}

    def _is_black(self) -> bool:
        found = self._glass.look()
        return found is not None and found[0] < BLACK

    def _said(self) -> str:
        return (self._folder / "log.txt").read_text("utf-8", "replace")[-2000:]


@contextlib.contextmanager
def _x_server(size: tuple[int, int]) -> Iterator[str]:
    read, write = os.pipe()
    screen = ["-screen", "0", f"{size[0]}x{size[1]}x24", "-noreset", "-nolisten", "tcp"]
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), *screen], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    finally:
        os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    try:
        if not number:
            raise StandFailed("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

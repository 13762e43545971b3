"""Many stands without a client at one MQTT broker: whether what a hall hears of them is true, and how long a command takes. The
stands are simulated; what talks with the broker is the kiosk's own, and so is the hall."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vrclient import own_process
from vrclient.bench.processes import BenchmarkFailed
from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import Command
from vrclient.kiosk.mqtt.hall import Hall
from vrclient.kiosk.mqtt.mouth import BrokerMouth
from vrclient.kiosk.status import Status

TOGETHER = 10
"""Stands in one process."""
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class FleetRun:
    """Seconds and counts. `true`: states that the hall had right after a command; `acknowledged`: commands that were answered;
    `reply_*`: from the command to its answer; `state_*`: to the state that follows from it; `burst`: all stands at once, else one
    after another. `lost_s`: from the end of a killed process to the last of its stands that counts as offline."""

    stands: int
    commands: int
    acknowledged: int
    true: int
    online_s: float
    reply_median_s: float
    reply_p99_s: float
    burst_reply_median_s: float
    burst_reply_p99_s: float
    state_median_s: float
    state_p99_s: float
    lost_s: float

    def as_dictionary(self) -> dict[str, Any]:
        """For JSON and tables."""
        return asdict(self)


def run_fleet(*, stands: int, rounds: int, broker: tuple[str, int] | None, progress: Callable[[int, int], None]) -> FleetRun:
    """`rounds` of commands to every stand, alternately one after another and all at once; without `broker`, a Mosquitto of its
    own. Raises BenchmarkFailed."""
    with ExitStack() as stack:
        host, port = broker or stack.enter_context(_mosquitto())
        seen = _Seen()
        hall = Hall(BrokerSettings(host=host, port=port), changed=seen.status)
        hall.start()
        stack.callback(hall.close)
        began = time.monotonic()
        processes = [stack.enter_context(_stands(host, port, first, stands)) for first in range(0, stands, TOGETHER)]
        names = [_name(number) for number in range(stands)]
        _until(lambda: sum(hall.stands().get(one, (None, False))[1] for one in names) == stands, "not all stands came online")
        online = time.monotonic() - began
        calm, burst, states = list[float](), list[float](), list[float]()
        acknowledged = 0
        pool = stack.enter_context(ThreadPoolExecutor(stands))
        for number in range(rounds):
            progress(number, rounds)
            percent = number % 100
            jobs = ((hall, one, percent) for one in names)
            together = number % 2 == 1
            replies = list(pool.map(_asked, jobs)) if together else list(map(_asked, jobs))
            (burst if together else calm).extend(seconds for _, _, seconds in replies)
            acknowledged += sum(done for done, _, _ in replies)
            states += [
                told - asked for (_, asked, _), one in zip(replies, names, strict=True) if (told := seen.when(one, percent))
            ]
        processes[0].send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        processes[0].wait(10)
        killed = time.monotonic()
        gone = names[:TOGETHER]
        _until(lambda: not any(hall.stands()[one][1] for one in gone), "killed stands still count as online")
        lost = time.monotonic() - killed
        figures = (*_figures(calm), *_figures(burst), *_figures(states))
        return FleetRun(stands, rounds * stands, acknowledged, len(states), online, *figures, lost)


def stands() -> None:
    """A process with some of the stands; ends with its standard input."""
    host, port, first, last = sys.argv[1:]
    mouths = []
    for number in range(int(first), int(last)):
        mouths.append(BrokerMouth(SimulatedStand(_name(number)), BrokerSettings(host=host, port=int(port))))
        mouths[-1].start()
    sys.stdin.read()
    for mouth in mouths:
        mouth.close()


class _Seen:
    """When the hall heard that a stand has a volume."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, int], float] = {}
        self._news = threading.Condition()

    def status(self, status: Status) -> None:
        with self._news:
            self._heard.setdefault((status.stand, status.volume_percent), time.monotonic())
            self._news.notify_all()

    def when(self, stand: str, percent: int) -> float | None:
        """time.monotonic(); None where it was not heard within five seconds."""
        key = (stand, percent)
        with self._news:
            self._news.wait_for(lambda: key in self._heard, 5.0)
            return self._heard.pop(key, None)


def _asked(job: tuple[Hall, str, int]) -> tuple[bool, float, float]:
    """Whether it was done; when it was asked, and how long the answer took."""
    hall, stand, percent = job
    began = time.monotonic()
    reply = hall.ask(stand, Command("volume", {"percent": percent}))
    return reply.done, began, time.monotonic() - began


def _figures(seconds: list[float]) -> tuple[float, float]:
    return float(np.median(seconds)), float(np.percentile(seconds, 99))


def _name(number: int) -> str:
    return f"stand-{number:03d}"


def _until(met: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not met():
        if time.monotonic() > end:
            raise BenchmarkFailed(f"{why} within {PATIENCE_S:.0f} s")
        time.sleep(0.01)


@contextmanager
def _stands(host: str, port: int, first: int, count: int) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [host, str(port), str(first), str(min(first + TOGETHER, count))]
    command = [*own_process.command("vrclient.bench.fleet:stands"), *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=own_process.flags()
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True


@contextmanager
def _mosquitto() -> Iterator[tuple[str, int]]:
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if program is None:
        raise BenchmarkFailed(
            "there is no mosquitto; install it (Debian: apt install mosquitto), or name a broker: --broker HOST:PORT"
        )
    with socket.socket() as one, tempfile.TemporaryDirectory() as folder:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        one.close()
        config = Path(folder) / "mosquitto.conf"
        config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n")
        with subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _until(lambda: _listens(port), "mosquitto does not listen")
                yield "127.0.0.1", port
            finally:
                process.terminate()

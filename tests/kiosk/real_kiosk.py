"""`vrclient kiosk` as it stands in a foyer: real processes on a real X server, with eyes on its glass and a finger."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glass import Picture, screen_picture, wait_for

from vrclient import paths
from vrclient.kiosk import control
from vrclient.kiosk.watch import BLACK

SIZE = (480, 300)
HANG_S = 150.0
"""For what takes a few seconds, on a machine that does much else."""
CLIENT, COVER = "stand_client", "cover.window"
"""What the command lines of the two have in them."""


class Kiosk:
    """A kiosk that runs; it is started again where a test ends it."""

    def __init__(self, folder: Path, display: str, settings: str = "attract_s: 0, showcases: [place, minimal]") -> None:
        self.folder, self.display = folder, display
        self.home = folder / "home"
        self.runtime = folder / "run"
        self.runtime.mkdir(mode=0o700)
        self.place = folder / "place"
        shutil.copytree(paths.showcases_folder() / "minimal", self.place)
        (folder / "kiosk.yaml").write_text(f"{{display: window, quality: low, sound: false, {settings}}}", "utf-8")
        self.environment = {
            **os.environ, "DISPLAY": display, "XDG_STATE_HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime),
        }  # fmt: skip
        self.process = self.started()
        self.black_seen = 0
        self._watching = True
        threading.Thread(target=self._watch, daemon=True).start()

    def started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "vrclient", "kiosk", "--config", str(self.folder / "kiosk.yaml"), "--no-stills"]
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)

    def status(self) -> dict[str, Any]:
        try:
            value = control.ask("status", {}, folder=self.runtime / "vrclient").value
        except control.NoKiosk:
            return {}
        return value if isinstance(value, dict) else {}

    def until(self, holds: Callable[[dict[str, Any]], Any], what: str) -> dict[str, Any]:
        def found() -> Any:
            assert self.process.poll() is None, self.said()
            status = self.status()
            return status if status and holds(status) else None

        try:
            return wait_for(found, what, seconds=HANG_S)  # type: ignore[no-any-return]
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.status()}\n{self.said()}") from None

    def well(self) -> dict[str, Any]:
        """Until the client's picture stands, and nothing is wrong."""
        return self.until(lambda status: status["rung"] == "window" and not status["faults"], "the client's picture")

    def faulty(self, code: str) -> dict[str, Any]:
        return self.until(lambda status: code in [one["code"] for one in status["faults"]], code)

    def children(self, of: str) -> list[int]:
        """Numbers of the processes of this kiosk's, running now, whose command has that in it."""
        left = self.home / "vrclient" / "stand-1" / "processes.json"
        found = [int(pid) for pid in json.loads(left.read_text("utf-8"))]
        return [pid for pid in found if of in command_of(pid)]

    def ask(self, name: str, **arguments: object) -> control.Answer:
        return control.ask(name, arguments, folder=self.runtime / "vrclient")

    def tap(self, x: int, y: int, times: int = 1) -> None:
        """A finger, which is there, goes down and up."""
        for _ in range(times):
            for action in (["mousemove", str(x), str(y)], ["mousedown", "1"], ["mouseup", "1"]):
                subprocess.run(["xdotool", *action], env=self.environment, check=True)
                time.sleep(0.12)

    def screen(self) -> Picture:
        return screen_picture(self.display)

    def said(self) -> str:
        return (self.folder / "log.txt").read_text("utf-8", "replace")[-3000:]

    def _watch(self) -> None:
        """A visitor who looks all the time, from when there was something to see first."""
        begun = False
        while self._watching:
            try:
                dark = int(self.screen().max()) < BLACK
            except OSError:
                return
            begun = begun or not dark
            self.black_seen += begun and dark
            time.sleep(0.1)

    def end(self) -> None:
        self._watching = False
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""

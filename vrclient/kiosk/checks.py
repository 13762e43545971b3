"""What `vrclient kiosk --check` looks at: everything that is wrong or missing on this machine before opening day, in plain
words."""

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from vrclient import own_process
from vrclient.kiosk import mouth_checks
from vrclient.kiosk.extra import missing
from vrclient.kiosk.hours import is_open, next_opening
from vrclient.kiosk.monitors import monitors
from vrclient.kiosk.settings import KioskSettings
from vrclient.showcase.find import NoSuchShowcase, find_showcase

FREE_MB = 500
FIRST_YEAR = 2026
CHECK_S = 300.0


@dataclass(frozen=True, slots=True)
class Check:
    """ok; note: it works, but should be known; wrong: the stand cannot open like that."""

    subject: str
    state: Literal["ok", "note", "wrong"]
    found: str
    help: str = ""


def checked(settings: KioskSettings, texts: tuple[str, ...], folder: Path, /) -> Iterator[Check]:
    """One after the other. `texts`: the playlist as it was written; `folder`: where the stand keeps what it keeps."""
    yield _packages()
    yield from _monitor(settings)
    for text in texts:
        yield _showcase(text)
    yield from _clock(settings)
    yield _disk(folder)
    yield from _staff(settings)
    for row in mouth_checks.examined(settings.page, settings.broker, settings.stand):
        yield Check(*row)
    yield from _film(settings)
    yield _service()


def _packages() -> Check:
    if problem := missing():
        what, _, help = problem.partition("; ")
        return Check("packages", "wrong", what, help)
    return Check("packages", "ok", "all that the stand needs is installed")


def _monitor(settings: KioskSettings) -> Iterator[Check]:
    found = monitors()
    if not found:
        why = "" if os.environ.get("DISPLAY") or sys.platform == "win32" else " (DISPLAY is not set)"
        yield Check("monitor", "wrong", f"there is no desktop{why}", "log in on the computer's own screen, and check there")
        return
    names = ", ".join(f"{one.name} {one.place[2]}x{one.place[3]}" for one in found)
    wanted = next((one for one in found if one.name == settings.monitor), None)
    if settings.monitor is not None and wanted is None:
        yield Check(
            "monitor", "wrong", f"there is no '{settings.monitor}'; there are: {names}", "correct 'monitor' in kiosk.yaml"
        )
    else:
        yield Check("monitor", "ok", names)
    one = wanted or found[0]
    if settings.orientation not in ("any", one.orientation):
        turn = f"xrandr --output {one.name} --rotate left" if sys.platform == "linux" else "turn it in the display settings"
        yield Check("orientation", "wrong", f"{one.name} is {one.orientation}, not {settings.orientation}", turn)
    if os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("VRCLIENT_STAND_ON_WAYLAND"):
        yield Check(
            "desktop", "note", "Wayland: a black screen cannot be noticed, and no picture be taken", "log in with an Xorg session"
        )


def _showcase(text: str) -> Check:
    try:
        path = find_showcase(text)
    except NoSuchShowcase as error:
        return Check("showcase", "wrong", str(error), "correct 'showcases' in kiosk.yaml")
    command = [*own_process.command("vrclient.__main__:main"), "check", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CHECK_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("showcase", "wrong", f"{text} cannot be checked: {error}", f"run 'vrclient check {text}'")
    if done.returncode:
        return Check("showcase", "wrong", f"{text} has errors", f"run 'vrclient check {text}', and mend what it names")
    return Check("showcase", "ok", text)


def _clock(settings: KioskSettings) -> Iterator[Check]:
    now = datetime.datetime.now(datetime.UTC).astimezone(ZoneInfo(settings.time_zone) if settings.time_zone else None)
    if now.year < FIRST_YEAR:
        yield Check(
            "clock", "wrong", f"the computer's clock says {now:%Y-%m-%d %H:%M}", "set it; see that it is set over the network"
        )
        return
    yield Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} {now.tzname()}")
    hours = settings.hours.hours()
    if hours.week is None and not hours.closed and not hours.events:
        yield Check("hours", "ok", "always open")
    elif is_open(hours, now):
        yield Check("hours", "ok", "open now")
    elif (opens := next_opening(hours, now)) is not None:
        yield Check("hours", "ok", f"closed now; opens {opens:%A, %Y-%m-%d %H:%M}")
    else:
        yield Check("hours", "wrong", "it never opens", "write 'hours' in kiosk.yaml")


def _disk(folder: Path) -> Check:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        free = shutil.disk_usage(there).free // 2**20
    except OSError as error:
        return Check("disk", "note", f"{there}: {error.strerror}", "see that this folder can be read")
    if not os.access(there, os.W_OK):
        return Check(
            "disk", "note", f"{there} cannot be written: visits are not counted", "give this user the right to write there"
        )
    if free < FREE_MB:
        return Check(
            "disk", "note", f"only {free} MB are free for {there}", "make room: visits and faults are not kept otherwise"
        )
    return Check("disk", "ok", f"{free // 1024} GB free for {folder}")


def _staff(settings: KioskSettings) -> Iterator[Check]:
    if settings.page.pin_hash is None and settings.page.technician_pin_hash is None:
        yield Check("PIN", "note", "there is none: nobody can unlock the stand at its glass", "write 'pin_hash' under 'page'")
    else:
        yield Check("PIN", "ok", "five taps in the upper left corner ask for it")


def _film(settings: KioskSettings) -> Iterator[Check]:
    if settings.film is not None and not Path(settings.film).is_file():
        yield Check("film", "wrong", f"there is no file {settings.film}", "correct 'film' in kiosk.yaml")


def _service() -> Check:
    if sys.platform == "linux":
        from vrclient.kiosk.install import unit_file

        if unit_file().is_file():
            return Check("at log-in", "ok", f"the stand starts by itself ({unit_file()})")
        return Check("at log-in", "note", "the stand does not start by itself", "run 'vrclient kiosk install'")
    return Check(
        "at log-in", "note", "see in the task scheduler whether 'vrclient kiosk' is there", "run 'vrclient kiosk install'"
    )

"""A stand and the people at it: it shows itself, somebody touches it, goes away, and nothing of them stays; the staff at its
glass."""

import csv
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from glass import differs, wait_for, x_server
from real_kiosk import CLIENT, HANG_S, SIZE, Kiosk

from vrclient.cover.pad import origin, pad
from vrclient.kiosk.operator import ENTER, TITLE
from vrclient.kiosk.pins import hashed
from vrclient.panels.pressing import targets

PIN = "2580"
SETTINGS = f"attract_s: 3, idle_s: 8, showcases: [place], page: {{pin_hash: {hashed(PIN)}}}"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    with x_server(SIZE) as display:
        kiosk = Kiosk(tmp_path_factory.mktemp("kiosk"), display, SETTINGS)
        try:
            yield kiosk
        finally:
            kiosk.end()


def press(kiosk: Kiosk, key: str) -> None:
    """A finger on the pad."""
    panel = pad("", TITLE, ENTER, SIZE)
    box = next(box for spot, box in targets(panel) if spot.widget == key)
    (x, y), (left, top) = box.middle, origin(panel, SIZE)
    kiosk.tap(round(x + left), round(y + top))


def test_it_shows_itself_until_somebody_touches_it_who_is_forgotten_when_they_go(kiosk: Kiosk) -> None:
    kiosk.well()
    first = kiosk.screen()
    wait_for(lambda: differs(kiosk.screen(), first) > 3.0, "the place that shows itself", seconds=HANG_S)
    kiosk.tap(SIZE[0] // 2, 20)
    wait_for(lambda: differs(kiosk.screen(), first) < 3.0, "the first panel", seconds=HANG_S)
    assert kiosk.status()["state"] == "attract"
    assert kiosk.ask("start", language="en").done
    kiosk.until(lambda status: (status["state"], status["language"]) == ("tour", "en"), "a visit in English")
    wait_for(lambda: differs(kiosk.screen(), first) > 3.0, "a visit that has begun by itself", seconds=HANG_S)
    assert kiosk.ask("volume", percent=20).done
    kiosk.until(lambda status: status["volume_percent"] == 20, "a low voice")
    kiosk.tap(SIZE[0] // 2, 20)
    time.sleep(3.0)  # a shorter visit would not count
    assert kiosk.ask("stop").done
    status = kiosk.until(lambda status: (status["state"], status["language"]) == ("attract", "zh"), "the next visitor")
    assert status["volume_percent"] == 80
    (visits,) = (kiosk.home / "vrclient" / "stand-1" / "visits").glob("*.csv")
    rows = list(csv.DictReader(visits.read_text("utf-8").splitlines()))
    assert [(one["showcase"], one["ended"], one["headset"]) for one in rows] == [("place", "staff", "0")]
    kept = b"".join(one.read_bytes() for one in Path(kiosk.home).rglob("*") if one.is_file() and one.suffix != ".png")
    assert b'"en"' not in kept and b"volume" not in kept


def test_the_staff_unlock_it_at_its_glass(kiosk: Kiosk) -> None:
    kiosk.well()
    before = kiosk.screen()

    def shows_pad() -> bool:
        """A finger taps in the corner; where the machine is so slow that two taps come in one frame, it does so again."""
        taps = ["mousemove", "8", "8", "click", "--repeat", "5", "--delay", "250", "1"]
        subprocess.run(["xdotool", *taps], env=kiosk.environment, check=True)
        time.sleep(1.5)
        return differs(kiosk.screen(), before) > 10.0

    wait_for(shows_pad, "the pad", seconds=HANG_S)
    time.sleep(1.0)
    for key in ("1", "1", "1", "1", "enter", *PIN, "enter"):
        press(kiosk, key)
        time.sleep(0.4)
    assert kiosk.until(lambda status: not status["locked"], "an unlocked stand")["faults"] == []
    assert kiosk.children(CLIENT) and kiosk.ask("lock").done
    kiosk.until(lambda status: status["locked"], "a locked stand")

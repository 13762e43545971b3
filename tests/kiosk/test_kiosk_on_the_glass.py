"""`vrclient kiosk` as it stands in a foyer: real processes, a real X server, and eyes on its glass. Whatever happens to the
client, there is something to see all the time, and the client's picture comes back."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
from glass import wait_for, x_server
from real_kiosk import CLIENT, COVER, HANG_S, SIZE, Kiosk, command_of

BLACK_WINDOW = f"""
import os
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
import pygame
pygame.display.init()
pygame.display.set_mode({SIZE}, pygame.NOFRAME).fill((0, 0, 0))
while True:
    pygame.event.pump()
    pygame.display.flip()
    pygame.time.wait(30)
"""


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    with x_server(SIZE) as display:
        kiosk = Kiosk(tmp_path_factory.mktemp("kiosk"), display)
        try:
            yield kiosk
        finally:
            kiosk.end()


def test_something_is_to_be_seen_soon_and_then_the_visit(kiosk: Kiosk) -> None:
    wait_for(lambda: kiosk.screen().max() > 100, "the cover", seconds=HANG_S)
    status = kiosk.well()
    assert (status["state"], status["showcase"], status["language"]) == ("attract", "place", "zh")
    assert np.asarray(kiosk.screen()).std() > 10.0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, "client-crashed"), (signal.SIGSTOP, "client-frozen")])
def test_the_client_is_killed_or_stands_still(kiosk: Kiosk, number: int, code: str) -> None:
    kiosk.well()
    (client,) = kiosk.children(CLIENT)
    os.kill(client, number)
    kiosk.faulty(code)
    kiosk.well()
    assert not command_of(client) and kiosk.children(CLIENT) != [client]
    assert kiosk.black_seen == 0
    kept = [json.loads(one.read_text("utf-8")) for one in (kiosk.home / "vrclient" / "stand-1" / "faults").glob(f"*{code}.json")]
    assert kept and "language" not in kept[0]


def test_keys_that_leave_do_nothing(kiosk: Kiosk) -> None:
    kiosk.well()
    before = kiosk.children(CLIENT)
    for key in ("Escape", "Escape", "alt+F4", "F11", "F3"):
        subprocess.run(["xdotool", "key", key], env=kiosk.environment, check=True)
        time.sleep(0.2)
    window = subprocess.run(["xdotool", "search", "--name", " vrclient$"], env=kiosk.environment, capture_output=True, text=True)
    assert len(window.stdout.split()) == 1
    assert kiosk.children(CLIENT) == before and not kiosk.status()["faults"]


def test_the_cover_is_killed(kiosk: Kiosk) -> None:
    kiosk.well()
    (cover,) = kiosk.children(COVER)
    before = kiosk.screen()
    os.kill(cover, signal.SIGKILL)
    wait_for(lambda: kiosk.children(COVER) not in ([], [cover]), "another cover", seconds=HANG_S)
    time.sleep(1.0)
    assert np.abs(kiosk.screen().astype(int) - before).mean() < 20.0, "it came under the client's window"


def test_something_black_lies_over_the_glass(kiosk: Kiosk) -> None:
    """The frames go on, but nobody sees them."""
    kiosk.well()
    seen = kiosk.black_seen
    over = subprocess.Popen([sys.executable, "-c", BLACK_WINDOW], env=kiosk.environment, stdout=subprocess.DEVNULL)
    try:
        kiosk.faulty("client-black")
    finally:
        over.kill()
        over.wait()
    kiosk.well()
    kiosk.black_seen = seen


def test_a_showcase_that_became_wrong(kiosk: Kiosk) -> None:
    """The one that is shown goes on; when it has to be started again, the next one of the playlist takes its place, until it is
    mended."""
    kiosk.well()
    file = kiosk.place / "showcase.yaml"
    right = file.read_text("utf-8")
    file.write_text(right[: len(right) // 2] + "\n  - {", "utf-8")
    (client,) = kiosk.children(CLIENT)
    os.kill(client, signal.SIGKILL)
    kiosk.faulty("showcase-wrong")
    kiosk.until(lambda status: status["rung"] == "window" and status["showcase"] == "minimal", "the other showcase")
    file.write_text(right, "utf-8")
    assert kiosk.well()["showcase"] == "place"
    assert kiosk.black_seen == 0


def test_the_supervisor_is_killed_and_started_again(kiosk: Kiosk) -> None:
    kiosk.well()
    children = kiosk.children(CLIENT) + kiosk.children(COVER)
    kiosk.process.kill()
    kiosk.process.wait()
    wait_for(lambda: not any(map(command_of, children)), "the end of what it had started", seconds=HANG_S)
    kiosk.process = kiosk.started()
    kiosk.well()
    assert len(kiosk.children(CLIENT)) == len(kiosk.children(COVER)) == 1


def test_it_ends_and_leaves_nothing(kiosk: Kiosk) -> None:
    kiosk.well()
    children = kiosk.children(CLIENT) + kiosk.children(COVER)
    kiosk.process.terminate()
    assert kiosk.process.wait(60) == 143
    wait_for(lambda: not any(map(command_of, children)), "the end of what it had started", seconds=HANG_S)
    assert kiosk.status() == {}

"""What counts as a fault, as a table; and where faults lead."""

from dataclasses import replace

import pytest

from vrclient.kiosk.status import Rung
from vrclient.kiosk.watch import (
    BLACK_S,
    DOWN_AFTER,
    FROZEN_S,
    MESSAGE_AFTER,
    START_S,
    STEADY_S,
    WAITS_S,
    Ladder,
    Sight,
    Watch,
    looked,
)
from vrclient.link.board import Pulse
from vrclient.link.messages import ClientReport

UP = Pulse(frames=500, shown_at=100.0, drawn_at=100.0, alive_at=100.0)
STARTING = Pulse(alive_at=100.0)
WELL = Sight(100.1, 50.0, UP, ClientReport("running"), brightest=200)


@pytest.mark.parametrize(
    ("sight", "code"),
    [
        (WELL, None),
        (replace(WELL, now=100.0 + FROZEN_S - 0.1), None),
        (replace(WELL, now=100.0 + FROZEN_S + 0.1), "client-frozen"),
        (replace(WELL, now=100.0 + FROZEN_S + 0.1, awake_s=1.0), None),  # it was the machine that slept
        (replace(WELL, pulse=STARTING, now=100.0 + START_S - 0.1), None),
        (replace(WELL, pulse=STARTING, now=100.0 + START_S + 0.1), "client-stuck"),
        (replace(WELL, pulse=Pulse(), started_at=100.0, now=100.0 + START_S + 0.1), "client-stuck"),
        (replace(WELL, exit_status=-9), "client-crashed"),
        (replace(WELL, exit_status=70), "client-crashed"),
        (replace(WELL, exit_status=1), "client-crashed"),
        (replace(WELL, exit_status=1, pulse=STARTING), "showcase-wrong"),
        (replace(WELL, exit_status=2, pulse=STARTING), "showcase-wrong"),
        (replace(WELL, exit_status=3, pulse=STARTING), "no-display"),
        (replace(WELL, report=ClientReport("running", memory=2000), memory_most=1000), "client-leaking"),
        (replace(WELL, report=ClientReport("running", memory=2000), memory_most=0), None),
        (replace(WELL, report=None), None),
    ],
)
def test_faults(sight: Sight, code: str | None) -> None:
    assert looked(Watch(), sight)[1] == code


def black_for(seconds: float, sight: Sight) -> str | None:
    watch, _ = looked(Watch(), sight)
    pulse = replace(sight.pulse, shown_at=sight.now + seconds)
    return looked(watch, replace(sight, now=sight.now + seconds, pulse=pulse))[1]


def test_a_glass_that_stays_black_is_a_fault_though_frames_go_on() -> None:
    black = replace(WELL, brightest=3)
    assert black_for(BLACK_S + 0.1, black) == "client-black"
    assert black_for(BLACK_S - 0.1, black) is None
    assert black_for(BLACK_S + 0.1, replace(black, brightest=40)) is None, "a night has its lights"
    assert black_for(BLACK_S + 0.1, replace(black, brightest=None)) is None, "nobody knows"
    assert black_for(BLACK_S + 0.1, replace(black, pulse=STARTING)) is None, "it starts; the cover is seen"


def test_what_was_black_and_is_not_any_more_begins_anew() -> None:
    watch, _ = looked(Watch(), replace(WELL, brightest=0))
    assert watch.black_since is not None
    assert looked(watch, replace(WELL, now=100.2))[0] == Watch()


def test_faults_lead_down_and_a_picture_that_stands_leads_up() -> None:
    ladder = Ladder((Rung.HEADSET, Rung.WINDOW))
    tried, now = [], 1000.0
    for _ in range(2 * DOWN_AFTER):
        tried.append(ladder.tried)
        ladder = ladder.failed(now)
    assert tried == [Rung.HEADSET] * DOWN_AFTER + [Rung.WINDOW] * DOWN_AFTER
    assert ladder.stands(now + STEADY_S - 1.0) == ladder
    again = ladder.stands(now + STEADY_S + 1.0)
    assert (again.tried, again.faults) == (Rung.HEADSET, 0)


def test_it_is_tried_at_once_then_ever_later_but_always_again() -> None:
    ladder, waits = Ladder(), []
    for _ in range(20):
        ladder = ladder.failed(0.0)
        waits.append(ladder.next_at)
    assert waits[0] == 0.0 and waits == sorted(waits) and waits[-1] == WAITS_S[-1] == 300.0
    assert ladder.tried is Rung.WINDOW


def test_what_is_shown_while_the_client_is_not() -> None:
    ladder = Ladder()
    assert ladder.below(film=True, still=True) is Rung.STILL, "for a moment"
    assert ladder.below(film=False, still=False) is Rung.MESSAGE
    for _ in range(DOWN_AFTER):
        ladder = ladder.failed(0.0)
    assert ladder.below(film=True, still=True) is Rung.FILM
    assert ladder.below(film=False, still=True) is Rung.STILL
    for _ in range(MESSAGE_AFTER):
        ladder = ladder.failed(0.0)
    assert ladder.below(film=True, still=True) is Rung.FILM
    assert ladder.below(film=False, still=True) is Rung.MESSAGE

"""Portals: what is loaded when one comes near, walking through, and a fade that changes places only in the dark."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vrclient.modes.portals import FADE_SECONDS, Crossing, approached, walked_through
from vrclient.scene.interactives import Portal, Rectangle

# Faces look to the south, along right x up.
HALL, PEAKS = (
    Portal(name, {}, name, Rectangle((x, 0.0, 1.4), (1, 0, 0), (0, 0, 1), (0.8, 1.3)), near=10.0)
    for name, x in (("hall", 0.0), ("peaks", 12.0))
)
BOTH = (HALL, PEAKS)


def test_the_nearest_portal_is_loaded_for() -> None:
    assert approached(BOTH, (0.0, -30.0, 1.6)) is None
    assert approached(BOTH, (1.0, -5.0, 1.6)) is HALL
    assert approached(BOTH, (11.0, -5.0, 1.6)) is PEAKS


def test_what_is_being_loaded_is_not_given_up_at_once() -> None:
    assert approached((HALL,), (0.0, -11.0, 1.6)) is None
    assert approached((HALL,), (0.0, -11.0, 1.6), loading="hall") is HALL
    assert approached((HALL,), (0.0, -13.5, 1.6), loading="hall") is None


def test_one_walks_through_from_the_front_only() -> None:
    assert walked_through(BOTH, (0.1, -0.1, 1.6), (0.1, 0.1, 1.6)) is HALL
    assert walked_through(BOTH, (0.1, 0.1, 1.6), (0.1, -0.1, 1.6)) is None
    assert walked_through(BOTH, (2.0, -0.1, 1.6), (2.0, 0.1, 1.6)) is None
    assert walked_through(BOTH, (12.0, -4.0, 1.6), (12.0, 4.0, 1.6)) is PEAKS


@given(st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=40))
def test_however_one_steps_one_is_through_once_for_each_time_one_goes_in(steps: list[float]) -> None:
    places = np.array([(0.0, y, 1.6) for y in steps])
    times = sum(walked_through(BOTH, a, b) is HALL for a, b in pairwise(places))
    assert times == sum(a <= 0.0 < b for a, b in pairwise(steps))


@given(st.integers(0, 50), st.floats(0.01, 0.25))
def test_places_change_once_and_in_the_dark(wait: int, seconds: float) -> None:
    crossing, dark, before = Crossing("hall"), 0, 0.0
    for number in range(100_000):
        crossing = crossing.then(ready=number >= wait, seconds=seconds)
        if crossing.phase == "dark":
            dark += 1
            assert crossing.darkness == 1.0
        assert abs(crossing.darkness - before) <= max(seconds / FADE_SECONDS * 1.001, 0.0) or crossing.phase in ("dark", "over")
        before = crossing.darkness
        if crossing.phase == "over":
            break
    assert crossing.phase == "over" and dark == 1 and crossing.darkness == 0.0

"""Choosing by looking, and being carried along a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.geometry.frames import world_from_body
from vrclient.interaction.gaze import DWELL_SECONDS, NO_GAZE
from vrclient.interaction.locomotion import Rig, floor_spot
from vrclient.interaction.rail import FASTEST, Rail

HEAD = world_from_body((0.4, -0.3, 1.7), heading=0.6)


def test_what_is_looked_at_for_long_enough_is_chosen_once() -> None:
    gaze, times = NO_GAZE, 0
    for _ in range(400):
        gaze = gaze.then("button", seconds=0.02)
        times += gaze.chosen
    assert times == 1 and gaze.share == 0.0
    gaze = gaze.then(None, seconds=0.02)
    for _ in range(400):
        gaze = gaze.then("button", seconds=0.02)
        times += gaze.chosen
    assert times == 2


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.floats(0.001, 0.3)), max_size=80))
def test_nothing_is_chosen_before_its_time(looks: list[tuple[str | None, float]]) -> None:
    gaze, on, seconds = NO_GAZE, None, 0.0
    for target, elapsed in looks:
        gaze = gaze.then(target, seconds=elapsed)
        seconds = seconds + elapsed if target == on else 0.0
        on = target
        if gaze.chosen:
            assert target is not None and seconds >= DWELL_SECONDS - 1e-9
        assert 0.0 <= gaze.share <= 1.0


@given(st.floats(-40, 40), st.floats(-40, 40), st.floats(1.0, 9.0), st.floats(0.05, 0.25))
def test_a_rail_is_straight_at_one_speed_and_ends_where_it_leads(x: float, y: float, speed: float, seconds: float) -> None:
    rig = Rig((5.0, 6.0, 0.0), heading=1.0)
    start = np.array(floor_spot(rig, HEAD))
    end = np.array([x, y, 2.0])
    rail = Rail.laid(rig, HEAD, (x, y, 2.0), speed=speed, heading=-2.0, pitch=0.1)
    before = start
    while not rail.ended:
        rail = rail.on(seconds)
        spot = np.array(floor_spot(rail.rig(rig, HEAD, turns=False), HEAD))
        assert np.linalg.norm(spot - before) <= min(speed, FASTEST) * seconds + 1e-6
        assert np.linalg.norm(np.cross(end - start, spot - start)) <= 1e-6 * (1.0 + np.linalg.norm(end - start)) ** 2
        assert rail.rig(rig, HEAD, turns=False).heading == rig.heading
        before = spot
    assert np.allclose(before, end, atol=1e-6)


def test_a_flat_display_ends_looking_where_it_shall_by_the_shorter_way() -> None:
    rig = Rig((0.0, 0.0, 0.0), heading=3.0)
    head = rig.rig_from_head()
    rail = Rail.laid(rig, head, (4.0, 0.0, 0.0), speed=1.0, heading=-3.0, pitch=-0.2)
    headings = [rail.on(second).rig(rig, head, turns=True).heading for second in (0.0, 1.0, 2.0, 3.0, 4.0)]
    away = np.abs((np.array(headings) + np.pi) % (2 * np.pi) - np.pi)
    assert (away >= 3.0 - 1e-9).all() and headings[-1] == pytest.approx(-3.0)
    assert rail.on(4.0).rig(rig, head, turns=True).pitch == pytest.approx(-0.2)

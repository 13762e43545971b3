"""Whether somebody wears a headset, by how its head moves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.frame.inputs import Hand
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.interaction.presence import AWAKE, AWAY, STILL, STILL_SECONDS, Rest, distance, rested

STEP = 1.0 / 20.0
ON_THE_TABLE = world_from_body((0.3, -0.8, 0.75), heading=2.0, pitch=-0.4, roll=1.2)
FALLS_ASLEEP = range(round((STILL_SECONDS + 0.5) / STEP))

units = st.lists(st.floats(-1, 1), min_size=6, max_size=6).map(np.array)
seeds = st.integers(0, 2**32 - 1)


def moved(pose: Matrix, by: np.ndarray, *, metres: float, radians: float) -> Matrix:
    """The pose after a small turn around three axes and a step along them: [6] of -1..1, each at most that far in all."""
    turn = world_from_body(metres * by[:3] / np.sqrt(3), heading=0.0)
    lean = world_from_body((0, 0, 0), heading=radians * by[3] / 3, pitch=radians * by[4] / 3, roll=radians * by[5] / 3)
    result = pose @ lean
    result[:3, 3] = pose[:3, 3] + turn[:3, 3]
    return result


def asleep(pose: Matrix = ON_THE_TABLE, hands: tuple[Hand, ...] = ()) -> Rest:
    rest = AWAKE
    for _ in FALLS_ASLEEP:
        rest = rested(rest, pose, hands, seconds=STEP)
    assert rest.still
    return rest


@given(units, st.floats(0.0, 0.2))
def test_a_distance_is_of_the_step_and_the_turn(by: np.ndarray, angle: float) -> None:
    other = ON_THE_TABLE @ world_from_body((0, 0, 0), heading=angle)
    other[:3, 3] = ON_THE_TABLE[:3, 3] + by[:3]
    metres, radians = distance(ON_THE_TABLE, other)
    assert metres == pytest.approx(np.linalg.norm(by[:3]), abs=1e-12)
    assert radians == pytest.approx(angle, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.0, 0.5))
def test_noise_of_half_the_bounds_neither_keeps_nor_wakes(seed: int, share: float) -> None:
    """Whatever the noise looks like: it never takes a head on the table for a worn one."""
    random, rest = np.random.default_rng(seed), AWAKE
    for frame in range(3 * len(FALLS_ASLEEP)):
        pose = moved(ON_THE_TABLE, random.uniform(-1, 1, 6), metres=share * STILL[0], radians=share * STILL[1])
        rest = rested(rest, pose, seconds=STEP)
        assert rest.still == (frame * STEP > STILL_SECONDS) or abs(frame * STEP - STILL_SECONDS) < 2 * STEP


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.2, 2.0), st.floats(0.0, 6.28))
def test_a_worn_head_is_never_still(seed: int, period: float, phase: float) -> None:
    """One that breathes: 3 mm forth and back, every few seconds, at the slowest."""
    del seed
    rest = AWAKE
    for frame in range(300):
        time = frame * STEP
        sway = 0.003 * np.sin(2 * np.pi * time / (2.0 * period) + phase)
        rest = rested(rest, world_from_body((0.0, sway, 1.6)), seconds=STEP)
        assert not rest.still


@settings(max_examples=20, deadline=None)
@given(st.floats(0.3, 5.0), st.floats(0, 6.28))
def test_nor_is_one_that_only_turns(degrees: float, phase: float) -> None:
    rest = AWAKE
    for frame in range(300):
        pose = world_from_body((0.0, 0.0, 1.6), heading=np.radians(degrees) * np.sin(2 * np.pi * frame * STEP / 4.0 + phase))
        rest = rested(rest, pose, seconds=STEP)
        assert not rest.still


@settings(max_examples=20, deadline=None)
@given(units, st.floats(0.0, 0.9))
def test_what_drifts_on_its_table_stays_still(direction: np.ndarray, share: float) -> None:
    """However far it has drifted by the end."""
    rest, pose = asleep(), ON_THE_TABLE
    step = share * STEP / STILL_SECONDS
    for _ in range(600):
        pose = moved(pose, direction, metres=step * AWAY[0], radians=step * AWAY[1])
        rest = rested(rest, pose, seconds=STEP)
        assert rest.still


@settings(max_examples=20, deadline=None)
@given(st.floats(1.1, 100.0))
def test_a_lifted_one_is_worn_at_once(times: float) -> None:
    lifted = ON_THE_TABLE.copy()
    lifted[2, 3] += times * AWAY[0]
    assert not rested(asleep(), lifted, seconds=STEP).still
    turned = ON_THE_TABLE @ world_from_body((0, 0, 0), heading=min(times * AWAY[1], 1.0))
    assert not rested(asleep(), turned, seconds=STEP).still


@pytest.mark.parametrize("used", [{"select": True}, {"menu": True}, {"squeeze": True}, {"move": (0.0, 1.0)}, {"turn": -1.0}])
def test_a_button_wakes_and_a_held_one_does_not(used: dict[str, object]) -> None:
    resting = (Hand(), Hand())
    held = (Hand(), Hand(**used))  # type: ignore[arg-type]
    rest = rested(asleep(hands=resting), ON_THE_TABLE, held, seconds=STEP)
    assert not rest.still
    for _ in FALLS_ASLEEP:
        rest = rested(rest, ON_THE_TABLE, held, seconds=STEP)
    assert rest.still, "what lies on its own trigger"
    assert not rested(rest, ON_THE_TABLE, resting, seconds=STEP).still


def test_a_controller_that_comes_goes_or_drifts_wakes_nobody() -> None:
    rest = asleep()
    for hands in ((Hand(), Hand()), (), (Hand(aim=np.eye(4), grip=np.eye(4)), Hand(move=(0.05, 0.02)))):
        rest = rested(rest, ON_THE_TABLE, hands, seconds=STEP)
        assert rest.still


def test_a_head_that_is_not_tracked_is_where_it_was() -> None:
    rest = AWAKE
    for _ in FALLS_ASLEEP:
        rest = rested(rest, None, seconds=STEP)
    assert not rest.still, "nobody has been seen yet"
    rest = rested(rest, ON_THE_TABLE, seconds=STEP)
    for _ in FALLS_ASLEEP:
        rest = rested(rest, None, seconds=STEP)
    assert rest.still

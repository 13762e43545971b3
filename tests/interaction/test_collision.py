"""Laws of walking: floors hold, walls stop, nobody gets through at any frame rate."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vrclient.interaction.collision import BODY_RADIUS, STEP_UP, Obstacles
from vrclient.interaction.locomotion import PITCH_LIMIT, Rig, looked, walked


def _square(low: float, high: float, z: float) -> np.ndarray:
    a, b, c, d = (low, low, z), (high, low, z), (high, high, z), (low, high, z)
    return np.array([[a, b, c], [a, c, d]], np.float32)


def _room(half: float = 4.0) -> np.ndarray:
    ring = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return np.array([[*ring[k], *ring[(k + 1) % 4], 0.0, 3.0] for k in range(4)], np.float32)


FIELD = Obstacles.build(_square(-50, 50, 0.0), _room())


@given(
    heading=st.floats(-10, 10),
    forward=st.floats(-1, 1),
    right=st.floats(-1, 1),
    fast=st.booleans(),
    seconds=st.floats(0.001, 3.0),
)
def test_no_wall_is_passed_at_any_frame_rate(heading: float, forward: float, right: float, fast: bool, seconds: float) -> None:
    rig = Rig((0.0, 0.0, 0.0), heading)
    for _ in range(30):
        rig = walked(rig, FIELD, forward=forward, right=right, fast=fast, seconds=seconds)
    assert max(abs(rig.feet[0]), abs(rig.feet[1])) <= 4.0 - BODY_RADIUS + 1e-3


def test_a_visitor_slides_along_a_wall() -> None:
    rig = Rig((0.0, 3.5, 0.0), heading=np.radians(45.0))
    for _ in range(60):
        rig = walked(rig, FIELD, forward=1.0, right=0.0, fast=False, seconds=1 / 60)
    assert rig.feet[0] > 0.9
    assert abs(rig.feet[1] - (4.0 - BODY_RADIUS)) < 1e-3


@given(height=st.floats(0.01, STEP_UP - 0.01))
def test_low_steps_are_climbed(height: float) -> None:
    steps = Obstacles.build(np.concatenate([_square(-50, 50, 0.0), _square(1, 3, height)]), np.zeros((0, 6), np.float32))
    rig = walked(Rig((0.9, 2.0, 0.0), np.radians(90.0)), steps, forward=1.0, right=0.0, fast=False, seconds=0.25)
    assert abs(rig.feet[2] - height) < 1e-5


def test_a_high_step_is_not_climbed_and_the_floor_below_a_bridge_is_kept() -> None:
    bridge = Obstacles.build(np.concatenate([_square(-50, 50, 0.0), _square(-50, 50, 3.0)]), np.zeros((0, 6), np.float32))
    assert bridge.floor_height((0.0, 1.0), feet=0.0) == 0.0
    assert bridge.floor_height((0.0, 1.0), feet=3.0) == 3.0


def test_the_edge_of_the_world_is_not_left() -> None:
    rig = Rig((49.9, 0.0, 0.0), np.radians(90.0))
    for _ in range(60):
        rig = walked(rig, FIELD, forward=1.0, right=0.0, fast=True, seconds=1 / 60)
    assert rig.feet[0] <= 50.0


def test_an_empty_scene_holds_the_visitor_where_they_are() -> None:
    nothing = Obstacles.build(np.zeros((0, 3, 3), np.float32), np.zeros((0, 6), np.float32))
    assert walked(Rig((1.0, 2.0, 3.0)), nothing, forward=1.0, right=0.0, fast=False, seconds=0.1).feet == (1.0, 2.0, 3.0)


@given(turn=st.floats(-100, 100), lift=st.floats(-100, 100))
def test_looking_keeps_the_head_on(turn: float, lift: float) -> None:
    rig = looked(Rig((0.0, 0.0, 0.0)), turn=turn, lift=lift)
    assert -np.pi <= rig.heading <= np.pi
    assert abs(rig.pitch) <= PITCH_LIMIT


def test_north_is_forward_and_east_is_right() -> None:
    north = walked(Rig((0.0, 0.0, 0.0)), FIELD, forward=1.0, right=0.0, fast=False, seconds=0.2)
    east = walked(Rig((0.0, 0.0, 0.0)), FIELD, forward=0.0, right=1.0, fast=False, seconds=0.2)
    assert north.feet[1] > 0.2
    assert abs(north.feet[0]) < 1e-9
    assert east.feet[0] > 0.2

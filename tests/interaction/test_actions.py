"""Keys and mouse become commands and movement."""

import numpy as np

from vrclient.frame.commands import GoToViewpoint, Leave, TakePicture, ToggleStatistics
from vrclient.frame.inputs import InputSnapshot
from vrclient.interaction.actions import LOOK_RADIANS_PER_PIXEL, commands, moved
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.locomotion import RUN_SPEED, WALK_SPEED, Rig

A, B, C, D = (-50, -50, 0), (50, -50, 0), (50, 50, 0), (-50, 50, 0)
FIELD = Obstacles.build(np.array([[A, B, C], [A, C, D]], np.float32), np.zeros((0, 6), np.float32))


def test_each_key_asks_for_its_command_once() -> None:
    assert commands(InputSnapshot(held=frozenset({"escape"}))) == ()
    assert commands(InputSnapshot(pressed=frozenset({"escape"}))) == (Leave(),)
    assert commands(InputSnapshot(pressed=frozenset({"f12", "f3", "3"}))) == (ToggleStatistics(), TakePicture(), GoToViewpoint(2))


def test_a_display_that_closes_asks_to_leave() -> None:
    assert commands(InputSnapshot(close_requested=True, pressed=frozenset({"f12"}))) == (Leave(),)


def test_w_walks_and_shift_hurries() -> None:
    walk = moved(Rig((0.0, 0.0, 0.0)), InputSnapshot(held=frozenset({"w"})), lambda: FIELD, seconds=0.1)
    run = moved(Rig((0.0, 0.0, 0.0)), InputSnapshot(held=frozenset({"w", "shift"})), lambda: FIELD, seconds=0.1)
    assert np.isclose(walk.feet[1], 0.1 * WALK_SPEED)
    assert np.isclose(run.feet[1], 0.1 * RUN_SPEED)


def test_opposite_keys_stand_still_and_the_mouse_turns_right() -> None:
    rig = moved(Rig((0.0, 0.0, 0.0)), InputSnapshot(held=frozenset({"w", "s"}), look=(10.0, -5.0)), lambda: FIELD, seconds=0.1)
    assert rig.feet == (0.0, 0.0, 0.0)
    assert np.isclose(rig.heading, 10.0 * LOOK_RADIANS_PER_PIXEL)
    assert np.isclose(rig.pitch, -5.0 * LOOK_RADIANS_PER_PIXEL)

"""Inputs become actions: which commands were asked for, and how the visitor wants to move. Pure; bindings are here alone."""

import numpy as np

from vrclient.frame.commands import Command, GoToViewpoint, Leave, TakePicture, ToggleFullscreen, ToggleStatistics
from vrclient.frame.inputs import InputSnapshot
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.locomotion import Rig, looked, walked

LOOK_RADIANS_PER_PIXEL = np.radians(0.12)
TURN_RADIANS_PER_SECOND = np.radians(90.0)
"""With the arrow keys, for those without a mouse."""

PRESSED: dict[str, Command] = {
    "escape": Leave(),
    "f3": ToggleStatistics(),
    "f11": ToggleFullscreen(),
    "f12": TakePicture(),
    **{str(number): GoToViewpoint(number - 1) for number in range(1, 10)},
}


def commands(inputs: InputSnapshot, /) -> tuple[Command, ...]:
    """What was asked for in this frame, in the order of PRESSED; a display that closes asks to leave."""
    asked = [command for key, command in PRESSED.items() if key in inputs.pressed]
    return (Leave(),) if inputs.close_requested else tuple(asked)


def moved(rig: Rig, inputs: InputSnapshot, obstacles: Obstacles, /, *, seconds: float) -> Rig:
    """The rig after this frame's looking and walking: W A S D or up and down walk, the mouse, or left and right, look."""

    def axis(plus: tuple[str, ...], minus: tuple[str, ...]) -> float:
        return float(any(key in inputs.held for key in plus)) - float(any(key in inputs.held for key in minus))

    turn = inputs.look[0] * LOOK_RADIANS_PER_PIXEL
    turn += axis(("arrow_right",), ("arrow_left",)) * TURN_RADIANS_PER_SECOND * min(seconds, 0.25)
    if turn or inputs.look[1]:
        rig = looked(rig, turn=turn, lift=inputs.look[1] * LOOK_RADIANS_PER_PIXEL)
    forward, right = axis(("w", "arrow_up"), ("s", "arrow_down")), axis(("d",), ("a",))
    if not forward and not right:
        return rig
    fast = bool(inputs.held & {"shift", "lshift", "rshift"})
    return walked(rig, obstacles, forward=forward, right=right, fast=fast, seconds=seconds)

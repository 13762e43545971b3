"""A gamepad beside the window: its sticks and buttons as the same values that a headset's controller gives.

| gamepad | |
|---|---|
| left stick | walks |
| right stick | turns |
| A, or right trigger | selects what the middle of the picture aims at |
| B, or left trigger | teleports |
| start | menu; held for a second: recentres |
"""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from panda3d.core import GamepadButton, InputDevice, InputDeviceManager  # noqa: TID251

REST = 0.15
"""A stick nearer to its middle than this is at rest."""
PULLED = 0.5

AXES = ("left_x", "left_y", "right_x", "left_trigger", "right_trigger")
BUTTONS = ("face_a", "face_b", "start")


@dataclass(frozen=True, slots=True)
class Pad:
    """What a gamepad asks for; as the fields of Hand with these names."""

    select: bool = False
    teleport: bool = False
    menu: bool = False
    move: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0


UNTOUCHED = Pad()


def pad_of(axes: Mapping[str, float], buttons: Collection[str], /) -> Pad:
    """The meaning of axes (-1..1, up and right are positive; triggers 0..1) and of the buttons that are down."""

    def axis(name: str) -> float:
        value = axes.get(name, 0.0)
        return value if abs(value) >= REST else 0.0

    return Pad(
        select="face_a" in buttons or axis("right_trigger") > PULLED,
        teleport="face_b" in buttons or axis("left_trigger") > PULLED,
        menu="start" in buttons,
        move=(axis("left_x"), axis("left_y")),
        turn=axis("right_x"),
    )


class Gamepads:
    """The first gamepad that is plugged in, whenever that is."""

    def __init__(self) -> None:
        # Without a folder of devices the engine's manager would complain at every start.
        has_devices = sys.platform == "win32" or Path("/dev/input").is_dir()
        self._manager = InputDeviceManager.get_global_ptr() if has_devices else None

    def read(self) -> Pad:
        """What it asks for now; UNTOUCHED where there is none."""
        if self._manager is None:
            return UNTOUCHED
        self._manager.update()
        for device in self._manager.get_devices(InputDevice.DeviceClass.gamepad):
            axes = {name: device.find_axis(getattr(InputDevice.Axis, name)).value for name in AXES}
            down = {name for name in BUTTONS if device.find_button(getattr(GamepadButton, name)()).pressed}
            return pad_of(axes, down)
        return UNTOUCHED

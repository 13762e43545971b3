"""Inputs become actions: which commands were asked for, and how the visitor wants to aim and move. Bindings are here alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vrclient.frame.commands import Command, GoToViewpoint, Leave, TakePicture, ToggleFullscreen, ToggleStatistics
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.geometry.frames import Matrix
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Comfort
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
TELEPORT_KEYS = frozenset({"t", "mouse3"})
SNAP_LEFT, SNAP_RIGHT, RECENTRE = "q", "e", "home"

SNAP_FROM, SNAP_AGAIN = 0.7, 0.5
"""A stick pushed past the first turns once; back within the second it may turn again."""
STICK_REST = 0.15
"""A stick nearer to its middle than this is at rest."""
RECENTRE_SECONDS = 1.0
"""The menu button held for so long recentres."""


def commands(inputs: InputSnapshot, /) -> tuple[Command, ...]:
    """What was asked for in this frame, in the order of PRESSED; a display that closes asks to leave."""
    asked = [command for key, command in PRESSED.items() if key in inputs.pressed]
    return (Leave(),) if inputs.close_requested else tuple(asked)


def moved(rig: Rig, inputs: InputSnapshot, obstacles: Callable[[], Obstacles], /, *, seconds: float) -> Rig:
    """The rig after this frame's looking and walking: W A S D or up and down walk, the mouse, or left and right, look.
    `obstacles` is asked where somebody walks."""

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
    return walked(rig, obstacles(), forward=forward, right=right, fast=fast, seconds=seconds)


@dataclass(frozen=True, slots=True)
class ButtonState:
    """held: down, and pressed since the visit has its inputs; pressed, released: went so in this frame; seconds: held so far,
    or until it was released."""

    held: bool = False
    pressed: bool = False
    released: bool = False
    seconds: float = 0.0

    def then(self, *, down: bool, was_down: bool, seconds: float) -> "ButtonState":
        """The button a frame of `seconds` later."""
        held = down and (self.held or not was_down)
        time = self.seconds + seconds if self.held else 0.0
        return ButtonState(held, pressed=held and not self.held, released=self.held and not down, seconds=time)


UP = ButtonState()


@dataclass(frozen=True, slots=True, eq=False)
class Intent:
    """What a visitor wants in one frame.

    aim         [4, 4] float64 rig_from_aim of the hand in use; None where none is tracked
    hand        which of the inputs' hands that is
    snap        -1, 0 or +1: one turn to the left or the right
    move        (right, forward) -1..1
    recentre    asked for in this frame
    """

    aim: Matrix | None = None
    hand: int = 0
    select: ButtonState = UP
    teleport: ButtonState = UP
    menu: ButtonState = UP
    snap: int = 0
    move: tuple[float, float] = (0.0, 0.0)
    recentre: bool = False


@dataclass(frozen=True, slots=True)
class _Down:
    """What of one hand is down."""

    select: bool = False
    teleport: bool = False


class Actions:
    """Inputs as intents, frame by frame. Its state is what was held before; nothing is held while the visit lacks its inputs,
    and what was held through such a pause must be pressed again."""

    def __init__(self) -> None:
        self._hand: int | None = None
        self._down: tuple[_Down, ...] = ()
        self._menu_down = False
        self._select = self._teleport = self._menu = UP
        self._snapped = 0

    def update(self, inputs: InputSnapshot, comfort: Comfort, /, *, seconds: float) -> Intent:
        """The intent of a frame that took `seconds`."""
        keys = bool(inputs.held & TELEPORT_KEYS)
        down = tuple(_Down(one.select, one.teleport or (keys and not one.profile)) for one in inputs.hands)
        before = self._down if len(self._down) == len(down) else (_Down(),) * len(down)
        menu_down, menu_before = any(one.menu for one in inputs.hands), self._menu_down
        self._down, self._menu_down = down, menu_down
        snap = self._snap(inputs, comfort)
        if not inputs.attentive:
            self._select = self._teleport = self._menu = UP
            return Intent()
        hand = self._hand_in_use(inputs.hands, before, comfort)
        now, was = (down[hand], before[hand]) if down else (_Down(), _Down())
        held_before = self._menu.seconds
        self._select = self._select.then(down=now.select, was_down=was.select, seconds=seconds)
        self._teleport = self._teleport.then(down=now.teleport, was_down=was.teleport, seconds=seconds)
        self._menu = self._menu.then(down=menu_down, was_down=menu_before, seconds=seconds)
        long_held = self._menu.held and held_before < RECENTRE_SECONDS <= self._menu.seconds
        return Intent(
            aim=inputs.hands[hand].aim if inputs.hands else None,
            hand=hand,
            select=self._select,
            teleport=self._teleport if comfort.teleport else UP,
            menu=self._menu,
            snap=snap,
            move=_pushed(inputs.hands, comfort),
            recentre=long_held or RECENTRE in inputs.pressed,
        )

    def _hand_in_use(self, hands: tuple[Hand, ...], before: tuple[_Down, ...], comfort: Comfort) -> int:
        """The one that last pressed select or teleport, while it is tracked; one that holds something keeps its turn."""
        if not hands:
            return 0
        if self._hand is None:
            self._hand = comfort.first_hand
        hand = min(self._hand, len(hands) - 1)
        if not (self._select.held or self._teleport.held):
            pressing = [
                number
                for number, (now, was) in enumerate(zip(self._down, before, strict=True))
                if (now.select and not was.select) or (now.teleport and not was.teleport)
            ]
            if pressing and hand not in pressing:
                hand = self._hand = pressing[0]
            if hands[hand].aim is None:
                hand = next((number for number, one in enumerate(hands) if one.aim is not None), hand)
        return hand

    def _snap(self, inputs: InputSnapshot, comfort: Comfort) -> int:
        """One turn for each push of a stick, or press of a key."""
        turn = max((one.turn for one in _turning(inputs.hands, comfort)), key=abs, default=0.0)
        if abs(turn) < SNAP_AGAIN:
            self._snapped = 0
        side = int(np.sign(turn)) if abs(turn) > SNAP_FROM else 0
        pushed = side != 0 and side != self._snapped
        if pushed:
            self._snapped = side
        keys = int(SNAP_RIGHT in inputs.pressed) - int(SNAP_LEFT in inputs.pressed)
        return int(np.clip((side if pushed else 0) + keys, -1, 1)) if inputs.attentive else 0


def _turning(hands: tuple[Hand, ...], comfort: Comfort) -> tuple[Hand, ...]:
    """The hands whose sticks turn: with two of them and smooth walking the first hand's, as the other one's walks; else all."""
    return hands[comfort.first_hand : comfort.first_hand + 1] if comfort.smooth_walk and len(hands) == 2 else hands


def _pushed(hands: tuple[Hand, ...], comfort: Comfort) -> tuple[float, float]:
    """Where the walking stick pushes, at most 1 long; a stick at rest does not."""
    walking = hands[1 - comfort.first_hand :][:1] if len(hands) == 2 else hands
    right, forward = (sum(one.move[axis] for one in walking) for axis in (0, 1))
    size = float(np.hypot(right, forward))
    if size < STICK_REST:
        return (0.0, 0.0)
    return (right / max(size, 1.0), forward / max(size, 1.0))

"""From inputs to a new rig, commands, what helps the visitor see what they do, and what they feel. One call a frame.

It draws nothing and reads no device: a window's pointer and a headset's hands are the same values here."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vrclient.frame.aids import Aids, Controller, Cursor, LandingMark, Part, Ray
from vrclient.frame.commands import Command, GoToViewpoint, Movement, Recentre, Teleport
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.geometry.frames import Matrix
from vrclient.interaction.actions import Actions, Intent, commands, moved
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Blink, Comfort, vignette
from vrclient.interaction.locomotion import Rig, floor_spot, glided, head_heading, placed, snapped
from vrclient.interaction.pointer import Hit, Targets, pointed, reading_spot
from vrclient.interaction.teleport import Landing, landing
from vrclient.scene.draw_data import Selectable

RAY_LENGTH = 1.0
"""Metres: an aim's ray is drawn no longer, so that it does not fence off the view."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What a hand feels: seconds, and amplitude 0..1."""

    hand: int
    seconds: float
    amplitude: float


HOVER, PRESS = (0.010, 0.3), (0.020, 0.6)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Of one frame: the rig from now on, what app/apply.py shall do, what is drawn on top, what is felt."""

    rig: Rig
    commands: tuple[Command, ...]
    aids: Aids
    ticks: tuple[Tick, ...]


class Interaction:
    """The visitor of one scene. Its state is what a frame leaves to the next: what was held and aimed at, the blink, the
    place to come back to."""

    def __init__(self, selectables: tuple[Selectable, ...], obstacles: Callable[[], Obstacles], comfort: Comfort, /) -> None:
        """`obstacles` is asked when somebody first aims or walks."""
        self._targets = Targets.build(selectables)
        self._obstacles = obstacles
        self._comfort = comfort
        self._actions = Actions()
        self._blink: Blink | None = None
        self._pending: Movement | GoToViewpoint | None = None
        self._rig: Rig | None = None
        self._tracked: bool | None = None
        self._lift = 0.0
        self._home = Teleport((0.0, 0.0, 0.0), 0.0)
        self._hovered: int | None = None
        self._chosen: int | None = None
        self._thrown: Landing | None = None
        self._vignette = 0.0

    def update(self, rig: Rig, inputs: InputSnapshot, /, *, time: float, seconds: float) -> Outcome:
        """One frame. `time` in seconds on a steady clock; `seconds` since the frame before."""
        tracked = inputs.head is not None
        head = inputs.head if inputs.head is not None else rig.rig_from_head()
        if inputs.origin_moved or tracked != self._tracked:
            self._tracked, self._lift = tracked, self._lift_of(head) if tracked else 0.0
        if inputs.origin_moved or rig is not self._rig:
            rig = self._settled(rig, head)
        intent = self._actions.update(inputs, self._comfort, seconds=seconds)
        rig, speed = self._walked(rig, head, inputs, intent, seconds=seconds)
        head = inputs.head if inputs.head is not None else rig.rig_from_head()
        asked = [self._deferred(one, tracked=tracked, time=time) for one in commands(inputs)]
        hit, thrown = self._aimed(rig, head, intent)
        ticks = self._chose(intent, hit, time=time)
        # Letting go may jerk the hand: one goes where the mark was last seen.
        if intent.teleport.released and self._thrown is not None and self._thrown.valid and self._thrown.spot is not None:
            x, y, z = self._thrown.spot.tolist()
            self._ask(Teleport((x, y, z)), time=time)
        self._thrown = thrown
        if intent.recentre:
            self._ask(Recentre(), time=time)
        if self._blink is not None and self._blink.due(time):
            self._blink = self._blink.done(time)
            rig, asked = self._acted(rig, head, asked)
        wanted = speed if tracked and self._comfort.vignette else 0.0
        self._vignette = vignette(self._vignette, speed=wanted, seconds=seconds)
        self._rig = rig
        aids = self._shown(rig, head, inputs, intent, hit, thrown, time=time)
        return Outcome(rig, tuple(one for one in asked if one is not None), aids, ticks)

    def _lift_of(self, head: Matrix) -> float:
        """How far the floor must rise for a seated visitor's eyes to be at their height."""
        return self._comfort.eye_height - float(head[2, 3]) if self._comfort.seated else 0.0

    def _settled(self, rig: Rig, head: Matrix) -> Rig:
        """A rig that was put somewhere: its spot is the one to come back to."""
        self._home = Teleport(floor_spot(rig, head), head_heading(rig, head))
        return replace(rig, lift=self._lift) if rig.lift != self._lift else rig

    def _walked(self, rig: Rig, head: Matrix, inputs: InputSnapshot, intent: Intent, *, seconds: float) -> tuple[Rig, float]:
        """The rig after this frame's looking, turning and walking, and how fast a stick carried it, in metres a second."""
        before, speed = rig, 0.0
        if inputs.attentive and inputs.head is None and (inputs.held or inputs.look != (0.0, 0.0)):
            rig = moved(rig, inputs, self._obstacles(), seconds=seconds)
            head = rig.rig_from_head()
        if intent.snap:
            rig = snapped(rig, head, intent.snap * self._comfort.snap_turn)
        if intent.move != (0.0, 0.0) and (self._comfort.smooth_walk or inputs.head is None):
            right, forward = intent.move
            heading, start = head_heading(rig, head), rig.feet
            rig = glided(rig, head, self._obstacles(), forward=forward, right=right, heading=heading, seconds=seconds)
            speed = float(np.linalg.norm(np.subtract(rig.feet, start)[:2])) / max(seconds, 1e-3)
        if rig is not before:
            self._home = Teleport(floor_spot(rig, head), head_heading(rig, head))
        return rig, speed

    def _deferred(self, command: Command, *, tracked: bool, time: float) -> Command | None:
        """A jump to a viewpoint waits for the dark where somebody wears the display."""
        if tracked and isinstance(command, GoToViewpoint):
            self._ask(command, time=time)
            return None
        return command

    def _ask(self, what: Movement | GoToViewpoint, *, time: float) -> None:
        """To be done in the dark of a blink; what is asked for last counts."""
        if self._blink is None or self._blink.opened is not None:
            self._blink = Blink.after(self._blink, time=time, seconds=self._comfort.blink)
        self._pending = what

    def _acted(self, rig: Rig, head: Matrix, asked: list[Command | None]) -> tuple[Rig, list[Command | None]]:
        """What the dark of a blink hides."""
        what, self._pending = self._pending, None
        match what:
            case Teleport(spot, heading):
                rig = placed(rig, head, spot, heading=heading)
            case Recentre():
                self._lift = self._lift_of(head) if self._tracked else 0.0
                rig = placed(replace(rig, pitch=0.0), head, self._home.spot, heading=self._home.heading)
            case GoToViewpoint():
                asked = [*asked, what]
        return self._settled(rig, head), asked

    def _aimed(self, rig: Rig, head: Matrix, intent: Intent) -> tuple[Hit | None, Landing | None]:
        """What is pointed at, or where a throw would land: one or the other."""
        if intent.aim is None:
            return None, None
        world_from_rig = rig.world_from_rig()
        world_from_aim = world_from_rig @ intent.aim
        if intent.teleport.held:
            eye = (world_from_rig @ head)[:3, 3]
            return None, landing(world_from_aim, self._obstacles(), feet=rig.feet[2], eye=eye)
        return pointed(self._targets, self._obstacles(), world_from_aim), None

    def _chose(self, intent: Intent, hit: Hit | None, *, time: float) -> tuple[Tick, ...]:
        """A target is chosen where select is released over what it was pressed on: one steps up to read it."""
        target = hit.target if hit is not None else None
        ticks = []
        if target is not None and target != self._hovered:
            ticks.append(Tick(intent.hand, *HOVER))
        self._hovered = target
        if intent.select.pressed:
            self._chosen = target
            if target is not None:
                ticks.append(Tick(intent.hand, *PRESS))
        elif intent.select.released and target is not None and target == self._chosen:
            spot = reading_spot(self._targets, target, self._obstacles())
            if spot is not None:
                self._ask(spot, time=time)
        if not intent.select.held:
            self._chosen = None
        return tuple(ticks)

    def _shown(
        self,
        rig: Rig,
        head: Matrix,
        inputs: InputSnapshot,
        intent: Intent,
        hit: Hit | None,
        thrown: Landing | None,
        *,
        time: float,
    ) -> Aids:
        """What is drawn on top. A pointer has no grip: it shows neither ray nor controller."""
        world_from_rig = rig.world_from_rig()
        ray = None
        holds = bool(inputs.hands) and inputs.hands[intent.hand].grip is not None
        if intent.aim is not None and holds and thrown is None:
            aim = world_from_rig @ intent.aim
            length = min(RAY_LENGTH, hit.distance if hit is not None else RAY_LENGTH)
            ray = Ray(aim[:3, 3], aim[:3, 3] + length * aim[:3, 1])
        mark = None
        if thrown is not None and thrown.spot is not None and thrown.normal is not None:
            mark = LandingMark(thrown.spot, thrown.normal, head_heading(rig, head), thrown.valid)
        return Aids(
            ray=ray,
            cursor=Cursor(hit.point, hit.normal, hit.target is not None, intent.select.held) if hit is not None else None,
            arc=thrown.points if thrown is not None else None,
            arc_valid=thrown is not None and thrown.valid,
            landing=mark,
            controllers=_controllers(world_from_rig, inputs),
            blink=self._blink.amount(time) if self._blink is not None else 0.0,
            vignette=self._vignette,
        )


def _controllers(world_from_rig: Matrix, inputs: InputSnapshot) -> tuple[Controller, ...]:
    """The controllers that are held and tracked; none while the visit lacks its inputs."""
    if not inputs.attentive:
        return ()
    return tuple(
        Controller(world_from_rig @ one.grip, one.profile, side, _pressed(one))
        for side, one in enumerate(inputs.hands)
        if one.grip is not None
    )


def _pressed(hand: Hand) -> frozenset[Part]:
    stick = hand.teleport or max(abs(hand.turn), abs(hand.move[0]), abs(hand.move[1])) > 0.3
    used: tuple[tuple[Part, bool], ...] = (
        ("select", hand.select), ("squeeze", hand.squeeze), ("stick", stick), ("menu", hand.menu)
    )  # fmt: skip
    return frozenset(part for part, down in used if down)

"""How a visitor is brought elsewhere: in the dark of a blink, or on a rail; and the spot to come back to. One per visitor.

It does not decide where to (interact.py, modes/), nor draw the dark (renderer/)."""

import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vrclient.frame.commands import GoToViewpoint, Movement, Recentre, Teleport, Travel
from vrclient.geometry.frames import Matrix, wrapped
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Blink, Comfort
from vrclient.interaction.locomotion import EYE_HEIGHT, Rig, floor_spot, head_heading, placed
from vrclient.interaction.rail import Rail

log = logging.getLogger(__name__)

HIGHEST_STAND_M = 3.0
"""Metres over the floor from which a place to look from is in the air."""
BELOW_EYE_M = 0.6
"""Metres below the eye of a place to look from: the floor there is the highest one lower than that."""
FACE_AGAIN = float(np.radians(30.0))
"""Who gets off a rail and looks away from what is shown by more than this is turned to it, in the dark."""


class Relocation:
    """`obstacles` is asked where somebody who wears a headset is brought to a place to look from."""

    def __init__(self, obstacles: Callable[[], Obstacles], /) -> None:
        self._obstacles = obstacles
        self.heights = False
        """Whether the visitor has agreed to stand high in the air."""
        self.fov: float | None = None
        """The vertical angle that a flat display was given since `begin`, radians; None where it stays."""
        self.recentred = False
        """Whether the visitor was recentred since `begin`."""
        self._blink: Blink | None = None
        self._pending: Movement | GoToViewpoint | None = None
        self._rail: Rail | None = None
        self._lift = 0.0
        self._home = Teleport((0.0, 0.0, 0.0), 0.0)

    def begin(self) -> None:
        """A frame begins."""
        self.fov, self.recentred = None, False

    def forget(self) -> None:
        """Nobody is being brought anywhere any more."""
        self._pending = self._rail = self._blink = None

    @property
    def arrived(self) -> bool:
        """Nobody is being brought anywhere."""
        return self._pending is None and self._rail is None

    def darkness(self, time: float, /) -> float:
        """0 = open, 1 = dark."""
        return self._blink.amount(time) if self._blink is not None else 0.0

    def ask(self, what: Movement | GoToViewpoint, /, *, time: float, comfort: Comfort) -> None:
        """To be done; what is asked for last counts, but who is being brought to a place is not recentred on the way. Only a rail
        leads through the open."""
        if isinstance(what, Recentre) and isinstance(self._pending, Travel):
            self.recentred = True
            return
        self._pending, self._rail = what, None
        if isinstance(what, Travel) and what.speed is not None:
            return
        if self._blink is None or self._blink.opened is not None:
            self._blink = Blink.after(self._blink, time=time, seconds=comfort.blink)

    def stop(self) -> None:
        """The visitor goes their own way: a rail or a way to a place to look from ends."""
        self._rail = None
        if isinstance(self._pending, Travel):
            self._pending = None

    def seat(self, head: Matrix, comfort: Comfort, /, *, tracked: bool) -> None:
        """Takes over how far the floor must rise for a seated visitor's eyes to be at their height."""
        self._lift = comfort.eye_height - float(head[2, 3]) if tracked and comfort.seated else 0.0

    def settled(self, rig: Rig, head: Matrix, /) -> Rig:
        """A rig that was put somewhere: its spot is the one to come back to."""
        self._home = Teleport(floor_spot(rig, head), head_heading(rig, head))
        return replace(rig, lift=self._lift) if rig.lift != self._lift else rig

    def act(self, rig: Rig, head: Matrix, comfort: Comfort, /, *, time: float, tracked: bool) -> tuple[Rig, GoToViewpoint | None]:
        """What the dark of a blink hides, once it is dark; a viewpoint is gone to by whoever knows them."""
        if self._blink is None or not self._blink.due(time):
            return rig, None
        self._blink = self._blink.done(time)
        what, self._pending = self._pending, None
        viewpoint = None
        match what:
            case Teleport(spot, heading):
                rig = placed(rig, head, spot, heading=heading)
            case Recentre():
                self.recentred = True
                self.seat(head, comfort, tracked=tracked)
                rig = placed(replace(rig, pitch=0.0), head, self._home.spot, heading=self._home.heading)
            case Travel():
                rig = self._put(rig, head, what, tracked=tracked)
            case GoToViewpoint():
                viewpoint = what
        return self.settled(rig, head), viewpoint

    def carry(
        self, rig: Rig, head: Matrix, comfort: Comfort, /, *, time: float, seconds: float, tracked: bool
    ) -> tuple[Rig, float]:
        """The rig after `seconds` on a rail, and its speed in metres a second; the same rig where nobody is on one."""
        what = self._pending
        if not isinstance(what, Travel) or what.speed is None:
            return rig, 0.0
        if self._rail is None:
            spot = self._floor_below(what) if tracked else self._feet(what)
            if spot is None:
                self._pending = None
                return rig, 0.0
            self._rail = Rail.laid(rig, head, spot, speed=what.speed, heading=what.heading, pitch=what.pitch)
            self.fov = what.fov
        self._rail = self._rail.on(seconds)
        rig = self._rail.rig(rig, head, turns=not tracked)
        speed = self._rail.speed
        if self._rail.ended:
            self._pending = self._rail = None
            rig = self.settled(rig, head)
            away = wrapped(head_heading(rig, head) - what.heading)
            if tracked and abs(away) > FACE_AGAIN:
                self.ask(Teleport(floor_spot(rig, head), what.heading), time=time, comfort=comfort)
        return rig, speed

    def _put(self, rig: Rig, head: Matrix, what: Travel, *, tracked: bool) -> Rig:
        if not tracked:
            self.fov = what.fov
            return Rig(self._feet(what), what.heading, what.pitch, EYE_HEIGHT)
        spot = self._floor_below(what)
        return placed(rig, head, spot, heading=what.heading) if spot is not None else rig

    def _feet(self, what: Travel) -> tuple[float, float, float]:
        x, y, z = what.position
        return (x, y, z - EYE_HEIGHT)

    def _floor_below(self, what: Travel) -> tuple[float, float, float] | None:
        """Where one stands in a headset: on the floor below the eye; None in the air, which nobody is put into unasked."""
        x, y, z = self._feet(what)
        floor = self._obstacles().floor_height((x, y), feet=what.position[2] - BELOW_EYE_M)
        if floor is not None and z - floor <= HIGHEST_STAND_M:
            return (x, y, floor)
        if self.heights:
            return (x, y, z)
        log.info("a place to look from is in the air; in a headset visitors stay on the ground")
        return None

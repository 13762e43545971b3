"""A visitor's aim over their panels: where panels stand, what is hovered over, pressed and pulled there. One per visitor.

What panels there are is decided in modes/; how they look in panels/."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.frames import Matrix
from vrclient.interaction.actions import ButtonState
from vrclient.modes.placing import Body, PanelPlaces, StandingPanel, Wanted
from vrclient.panels.pressing import NOWHERE, Pressed, Pressing, hit, press


@dataclass(frozen=True, slots=True, eq=False)
class PanelTouch:
    """What one frame's aim does on panels.

    taken    the aim, or what it holds, is on a panel: nothing behind it is aimed at, and the view is not pulled
    point, normal   [3] metres, world: where the cursor is; None where it is on none
    pressed  what was used
    pulled   how far the picture in a panel's hole was pulled, in shares of the hole
    ticked   the aim has come over something new that can be pressed
    """

    taken: bool = False
    point: NDArray[np.float64] | None = None
    normal: NDArray[np.float64] | None = None
    hovering: bool = False
    pressed: tuple[Pressed, ...] = ()
    pulled: tuple[float, float] = (0.0, 0.0)
    ticked: bool = False


UNTOUCHED = PanelTouch()


class PanelHand:
    """The panels of one visitor, from frame to frame."""

    def __init__(self) -> None:
        self._places = PanelPlaces()
        self.standing: tuple[StandingPanel, ...] = ()
        self.pressing = Pressing()
        self._pulling: tuple[str, tuple[float, float]] | None = None

    def place(self, wanted: Wanted, body: Body, /, *, seconds: float) -> tuple[StandingPanel, ...]:
        """Where the panels stand now."""
        self.standing = self._places.update(wanted, body, seconds=seconds)
        return self.standing

    def forget(self) -> None:
        """Panels are put before the visitor anew."""
        self._places.forget()

    def spot(self, world_from_aim: Matrix | None, /) -> tuple[str, object] | None:
        """What could be pressed where the aim is: panel and spot."""
        met = self._met(world_from_aim)
        if met is None:
            return None
        standing, point, _ = met
        found = hit(standing.panel, point)
        return (standing.panel.id, found) if found is not None else None

    def touch(self, world_from_aim: Matrix | None, select: ButtonState, /, *, wheel: int = 0) -> PanelTouch:
        """One frame of the aim over the panels where they were placed last; `wheel`: its steps towards the visitor."""
        met = self._met(world_from_aim)
        pointer = replace(NOWHERE, held=select.held, pressed=select.pressed, released=select.released, wheel=wheel)
        if met is not None:
            standing, point, _ = met
            pointer = replace(pointer, panel=standing.panel.id, point=point)
        before = self.pressing
        self.pressing, pressed = press(before, [one.panel for one in self.standing], pointer)
        pulled = self._pulled(met, select)
        over = self.pressing.hovered
        return PanelTouch(
            taken=met is not None or before.held is not None or self._pulling is not None,
            point=met[2] if met is not None else None,
            normal=-met[0].world_from_sheet[:3, 1] if met is not None else None,
            hovering=over is not None,
            pressed=pressed,
            pulled=pulled,
            ticked=over is not None and over != before.hovered,
        )

    def _met(self, world_from_aim: Matrix | None) -> tuple[StandingPanel, tuple[float, float], NDArray[np.float64]] | None:
        """The panel that the aim meets first, or, while something is held, that one's plane."""
        if world_from_aim is None:
            return None
        kept = self.pressing.panel or (self._pulling[0] if self._pulling else None)
        for standing in reversed(self.standing):
            if kept is not None and standing.panel.id != kept:
                continue
            found = standing.met(world_from_aim)
            if found is not None and (kept is not None or standing.holds(found[0])):
                return standing, *found
        return None

    def _pulled(
        self, met: tuple[StandingPanel, tuple[float, float], NDArray[np.float64]] | None, select: ButtonState
    ) -> tuple[float, float]:
        """How far the picture in a hole was pulled since the frame before."""
        if met is None or not (select.held or select.pressed) or self.pressing.held is not None:
            self._pulling = None
            return (0.0, 0.0)
        standing, point, _ = met
        hole = standing.panel.hole
        if hole is None:
            return (0.0, 0.0)
        if self._pulling is None:
            if select.pressed and hole.holds(point) and hit(standing.panel, point) is None:
                self._pulling = (standing.panel.id, point)
            return (0.0, 0.0)
        x, y = self._pulling[1]
        self._pulling = (standing.panel.id, point)
        return ((point[0] - x) / hole.width, (point[1] - y) / hole.height)

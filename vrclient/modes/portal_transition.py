"""Going through portals: what is behind one is loaded while somebody comes near, and entered in the dark of a fade. Pure: a
state, and the commands that bring about what it says; which portal is near and the fade's phases are in portals.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import dist

from vrclient.frame.commands import CancelLoading, Command, Cross, EnterPlace, GoBack, LoadShowcase, ShowNotice
from vrclient.modes.portals import Crossing, approached, walked_through
from vrclient.scene.interactives import Portal

GIVEN_UP_M = 6.0
"""Metres from where one asked: who walks off so far while the other place is on its way does not want to go any more."""
PATIENCE_SECONDS = 0.6
"""Who waits longer for the other place is told so."""
NOT_THERE = {"zh": "暂时无法前往，请稍后再试。", "en": "That way is closed for now. Please try again later."}

Spot = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Loading:
    """The showcase that is being loaded, as it was asked for. `progress` 0..1; `failed`: it cannot be had."""

    showcase: str
    progress: float = 0.0
    ready: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class PortalTransition:
    """A visitor before, in and behind a portal, with the `eye` at a spot in metres, world; None where they have just arrived."""

    crossing: Crossing | None = None
    eye: Spot | None = None
    asked_at: Spot | None = None

    @property
    def darkness(self) -> float:
        """0 = open, 1 = dark."""
        return self.crossing.darkness if self.crossing is not None else 0.0

    @property
    def under_way(self) -> bool:
        """Whether somebody has chosen to go, and is not there yet."""
        return self.crossing is not None and self.crossing.phase != "opening"

    def updated(
        self,
        asked: Iterable[Cross | GoBack],
        /,
        *,
        portals: Sequence[Portal],
        loading: Loading | None,
        way_back: str | None,
        eye: Spot,
        jumped: bool,
        seconds: float,
    ) -> "tuple[PortalTransition, tuple[Command, ...]]":
        """One frame of `seconds`. asked: where somebody wants to go; until the other place is there they may choose another one.
        way_back: the showcase from which they came. Who has `jumped` has not walked to where their eye is."""
        begun = self._asked_for(asked, way_back)
        if begun is None and not self.under_way and self.eye is not None and not jumped:
            through = walked_through(portals, self.eye, eye)
            begun = Crossing(through.showcase, through.view) if through is not None else None
        if begun is not None:
            return PortalTransition(begun, eye, eye), (LoadShowcase(begun.showcase),)
        crossing = self.crossing
        if crossing is not None and crossing.phase == "waiting" and self._has_left(eye):
            crossing = None
        if crossing is None:
            return PortalTransition(None, eye), _look_ahead(portals, loading, eye)
        told: tuple[Command, ...] = ()
        ready = loading is not None and loading.ready
        if crossing.phase == "waiting":
            if loading is None or loading.failed:
                return PortalTransition(None, eye), (ShowNotice(NOT_THERE),)
            if not ready and crossing.seconds > PATIENCE_SECONDS:
                share = f"{round(100 * loading.progress)} %"
                told = (ShowNotice({"zh": f"正在前往…… {share}", "en": f"On the way… {share}"}),)
        crossing = crossing.then(ready=ready, seconds=seconds)
        if crossing.phase == "dark":
            return replace(self, crossing=crossing, eye=None), (*told, EnterPlace(crossing.view, back=crossing.back))
        return replace(self, crossing=crossing if crossing.phase != "over" else None, eye=eye), told

    def _asked_for(self, asked: Iterable[Cross | GoBack], way_back: str | None) -> Crossing | None:
        if self.crossing is not None and self.crossing.phase != "waiting":
            return None
        begun = None
        for one in asked:
            if isinstance(one, Cross):
                begun = Crossing(one.showcase, one.view)
            elif way_back is not None:
                begun = Crossing(way_back, back=True)
        return begun

    def _has_left(self, eye: Spot) -> bool:
        """Whether the visitor has walked off since they asked."""
        return self.asked_at is not None and dist(self.asked_at, eye) > GIVEN_UP_M


def _look_ahead(portals: Sequence[Portal], loading: Loading | None, eye: Spot) -> tuple[Command, ...]:
    """Nobody goes anywhere: what is behind the portal that is near shall be there when they do."""
    near = approached(portals, eye, loading=loading.showcase if loading is not None else None)
    if near is not None:
        return (LoadShowcase(near.showcase),) if loading is None or loading.showcase != near.showcase else ()
    return (CancelLoading(),) if loading is not None else ()

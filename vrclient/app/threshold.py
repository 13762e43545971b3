"""Going through portals: what is behind one is loaded while somebody comes near, and entered in the dark of a fade.

When and how is in modes/portals.py; loading itself in loading.py. One per session."""

import logging
from math import dist
from pathlib import Path
from typing import Protocol

from vrclient.app.place import Place
from vrclient.app.visiting import Visiting
from vrclient.frame.commands import Cross, GoBack
from vrclient.modes.portals import Crossing, approached, walked_through
from vrclient.scene.attractions import Words
from vrclient.scene.draw_data import Viewpoint

log = logging.getLogger(__name__)

GIVEN_UP_M = 6.0
"""Metres from where one asked: who walks off so far while the other place is on its way does not want to go any more."""
PATIENCE_SECONDS = 0.6
"""Who waits longer for the other place is told so."""
NOT_THERE = {"zh": "暂时无法前往，请稍后再试。", "en": "That way is closed for now. Please try again later."}


class Loading(Protocol):
    """Another place on its way, see loading.py."""

    @property
    def showcase(self) -> str | Path: ...
    @property
    def problem(self) -> str | None: ...
    @property
    def progress(self) -> float: ...
    @property
    def ready(self) -> bool: ...
    @property
    def place(self) -> Place | None: ...


class Places(Protocol):
    """Where the visitor is, came from and may go: places.py."""

    @property
    def place(self) -> Place: ...
    @property
    def loading(self) -> Loading | None: ...
    def begin_loading(self, showcase: str | Path, /) -> None: ...
    def cancel_loading(self) -> None: ...
    def way_back(self) -> Path | None: ...
    def way_back_title(self) -> Words | None: ...
    def arrive(self, place: Place, view: Viewpoint | None, /, *, back: bool) -> None: ...


class Threshold:
    """A visitor before, in and behind a portal."""

    def __init__(self) -> None:
        self._crossing: Crossing | None = None
        self._eye: tuple[float, float, float] | None = None
        self._asked_at: tuple[float, float, float] | None = None

    @property
    def darkness(self) -> float:
        """0 = open, 1 = dark."""
        return self._crossing.darkness if self._crossing is not None else 0.0

    @property
    def crossing(self) -> bool:
        """Whether somebody has chosen to go, and is not there yet."""
        return self._crossing is not None and self._crossing.phase != "opening"

    def ask(self, what: Cross | GoBack, places: Places, /) -> None:
        """Somebody wants to go; until the other place is there they may choose another one."""
        if self._crossing is not None and self._crossing.phase != "waiting":
            return
        if isinstance(what, GoBack):
            back = places.way_back()
            if back is not None:
                self._begin(Crossing(str(back), back=True), places)
        else:
            self._begin(Crossing(what.showcase, what.view), places)

    def update(
        self,
        places: Places,
        visiting: Visiting,
        eye: tuple[float, float, float],
        /,
        *,
        jumped: bool,
        seconds: float,
        time: float,
    ) -> None:
        """One frame, with the visitor's eye at `eye` (metres, world); who has `jumped` has not walked there."""
        before, self._eye = self._eye if not jumped else None, eye
        if self._crossing is not None and self._crossing.phase == "waiting" and self._has_left(eye):
            self._crossing = None
        if self._crossing is None:
            self._look_ahead(places, visiting, eye)
        through = walked_through(visiting.portals(), before, eye) if before is not None and not self.crossing else None
        if through is not None:
            self._begin(Crossing(through.showcase, through.view), places)
        if self._crossing is None:
            return
        loading = places.loading
        if self._crossing.phase == "waiting" and (loading is None or loading.problem is not None):
            self._crossing = None
            visiting.notice(NOT_THERE, time=time)
            return
        ready = loading is not None and loading.ready
        if self._crossing.phase == "waiting" and not ready and self._crossing.seconds > PATIENCE_SECONDS and loading is not None:
            share = f"{round(100 * loading.progress)} %"
            visiting.notice({"zh": f"正在前往…… {share}", "en": f"On the way… {share}"}, time=time)
        self._crossing = self._crossing.then(ready=ready, seconds=seconds)
        if self._crossing.phase == "dark":
            self._enter(places, visiting)
        elif self._crossing.phase == "over":
            self._crossing = None

    def _begin(self, crossing: Crossing, places: Places) -> None:
        self._crossing, self._asked_at = crossing, self._eye
        places.begin_loading(crossing.showcase)

    def _has_left(self, eye: tuple[float, float, float]) -> bool:
        """Whether the visitor has walked off since they asked."""
        return self._asked_at is not None and dist(self._asked_at, eye) > GIVEN_UP_M

    def _look_ahead(self, places: Places, visiting: Visiting, eye: tuple[float, float, float]) -> None:
        loading = places.loading
        near = approached(visiting.portals(), eye, loading=str(loading.showcase) if loading is not None else None)
        if near is not None and (loading is None or str(loading.showcase) != near.showcase):
            places.begin_loading(near.showcase)
        elif near is None and loading is not None:
            places.cancel_loading()

    def _enter(self, places: Places, visiting: Visiting) -> None:
        """Changes places; nobody sees it."""
        assert self._crossing is not None and places.loading is not None and places.loading.place is not None
        place = places.loading.place
        view = next((one for one in place.viewpoints if one.name == self._crossing.view), None)
        if self._crossing.view is not None and view is None:
            log.warning("'%s' has no viewpoint '%s'; one arrives at its spawn", place.name, self._crossing.view)
        places.arrive(place, view, back=self._crossing.back)
        visiting.enter(place, places.way_back_title(), back=self._crossing.back)
        self._eye = None
        log.info("the visitor is in '%s' now", place.name)

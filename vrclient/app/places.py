"""The places of a visit: where the visitor is, where they came from, and what is being loaded. It moves nobody (session.py) and
decides nothing (modes/portal_transition.py)."""

import gc
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vrclient.app import tidying
from vrclient.app.loading import OpenerProcess, PlaceLoading, Seen
from vrclient.app.opening import Opened
from vrclient.app.place import Place, Standing
from vrclient.app.shared_arrays import clear_shared_arrays
from vrclient.display.engine import EngineDisplay
from vrclient.interaction.comfort import Comfort
from vrclient.render_data.steps import Steps
from vrclient.renderer.pipeline import Renderer
from vrclient.scene.interactives import Portal
from vrclient.showcase.find import NoSuchShowcase, find_reachable, find_showcase

TRAIL = 32
"""So many places back are remembered."""
CROSSINGS = 100
"""So many crossings are reported."""


@dataclass(slots=True)
class CrossingFigures:
    """What one crossing cost; milliseconds of a frame's own work: everything but waiting for the display."""

    origin: str
    target: str
    loading_seconds: float
    slices: int
    longest_loading_ms: float
    swap_ms: float = 0.0


class Places:
    """`place` is where the visitor is. `home`, where every visit begins, and the one they were in before stay loaded; others are
    given back, a little each frame. So no more than three are open at a time, and one on its way."""

    def __init__(
        self,
        opened: Opened,
        renderer: Renderer,
        display: EngineDisplay,
        comfort: Comfort,
        /,
        *,
        progress: Callable[[], None] | None = None,
    ) -> None:
        """`progress` is called often while the first place is uploaded."""
        self.comfort = comfort
        self.loading: PlaceLoading | None = None
        self.trail: deque[Standing] = deque(maxlen=TRAIL)
        """How the visitor left the places on the way here, the last one last."""
        self.crossings: deque[CrossingFigures] = deque(maxlen=CROSSINGS)
        self._renderer, self._view_counts = renderer, display.view_counts
        clear_shared_arrays()
        self.standby: OpenerProcess | None = None
        """Waits to be asked: started before the first frame where there is a portal, and again when it was used."""
        if has_portals(opened):
            self.standby = OpenerProcess()
            renderer.compile_programs(display.view_counts)
        loaded = renderer.load(opened.scene, view_counts=display.view_counts, after_each=progress)
        self.place = Place(opened, loaded, comfort=comfort)
        self.place.show_moment(self.place.first_moment)
        self.home = self.place
        self._kept: Place | None = None
        self._closing: deque[Steps[None]] = deque()
        self._longest_ms = 0.0
        self._has_entered = False

    @property
    def closing(self) -> bool:
        """Whether something is being given back."""
        return bool(self._closing)

    def begin_loading(self, showcase: str | Path, arrival: Callable[[Place], Seen | None], /) -> None:
        """Another showcase, as `vrclient run` takes it or a portal here names it, in place of what is being loaded. One that is
        still open is there at once. `arrival`: what one will see on entering it, as far as is known."""
        if self.loading is not None and str(self.loading.showcase) == str(showcase) and self.loading.problem is None:
            return
        self.cancel_loading()
        self._longest_ms = 0.0
        back = self.trail[-1] if self.trail else None
        found: Path | NoSuchShowcase
        try:
            is_path = isinstance(showcase, Path)
            found = find_showcase(str(showcase)) if is_path else find_reachable(str(showcase), self.place.opened.path)
        except NoSuchShowcase as error:
            found = error
        path = found if isinstance(found, Path) else None
        self.loading = PlaceLoading(
            showcase,
            self._renderer,
            comfort=self.comfort,
            view_counts=self._view_counts,
            moment=back.moment if back is not None and path is not None and same_file(back.path, path) else None,
            arrival=arrival,
            path=found,
            opener=self._take_opener,
            open_place=next(
                (one for one in (self.place, self.home, self._kept) if one and path and same_file(one.opened.path, path)), None
            ),
        )

    def cancel_loading(self) -> None:
        """Gives up what is being loaded, if anything is."""
        if self.loading is not None:
            self.loading.cancel()
            self.loading = None
            self._expect_portals()

    def advance(self, budget: float, /) -> None:
        """One frame's share of loading, and of giving back what is not needed any more, in about `budget` seconds."""
        if self.loading is not None:
            self.loading.advance(budget)
        elif self._closing:
            end = time.perf_counter() + budget
            while self._closing and time.perf_counter() < end:
                if next(self._closing[0], DONE) is DONE:
                    self._closing.popleft()
                    tidying.give_back()

    def enter(self, place: Place, leaving: Standing, /) -> None:
        """Changes places. Whatever was made ahead is there, so this costs next to nothing."""
        loading = self.loading
        if place is not self.place:
            if self._kept is not None and self._kept not in (place, self.home):
                self._closing.append(self._renderer.unload_steps(self._kept.loaded))
            self._kept, self.place = self.place, place
            self._renderer.show(place.loaded)
            gc.freeze()
        self.crossings.append(
            CrossingFigures(
                origin=str(leaving.path),
                target=str(place.opened.path),
                loading_seconds=round(loading.seconds, 3) if loading else 0.0,
                slices=loading.slices if loading else 0,
                longest_loading_ms=round(self._longest_ms, 3),
            )
        )
        self.loading, self._has_entered = None, True
        self._expect_portals()

    def go_home(self) -> None:
        """Back to where every visit begins; nobody has crossed anything. Nothing is on its way then."""
        if self.place is self.home:
            return
        if self._kept is not None and self._kept is not self.home:
            self._closing.append(self._renderer.unload_steps(self._kept.loaded))
        self._kept, self.place = self.place, self.home
        self._renderer.show(self.home.loaded)
        self._expect_portals()

    def account(self, work: float, /) -> None:
        """The own work of the frame that ends, in seconds."""
        if self._has_entered:
            self.crossings[-1].swap_ms = round(1e3 * work, 3)
            self._has_entered = False
        elif self.loading is not None and not self.loading.ready:
            self._longest_ms = max(self._longest_ms, 1e3 * work)

    def close(self) -> None:
        """Ends loading. What is on the graphics card is the renderer's to give back."""
        if self.loading is not None:
            self.loading.cancel()
            self.loading = None
        if self.standby is not None:
            self.standby.close()

    def _expect_portals(self) -> None:
        if self.standby is None and has_portals(self.place.opened):
            self.standby = OpenerProcess()

    def _take_opener(self) -> OpenerProcess:
        opener, self.standby = self.standby or OpenerProcess(), None
        return opener


def has_portals(opened: Opened, /) -> bool:
    """Whether one can go elsewhere from there."""
    return any(isinstance(one, Portal) for one in opened.scene.interactives)


DONE = object()


def same_file(one: Path, other: Path, /) -> bool:
    """Whether both paths lead to the same file."""
    return one.resolve() == other.resolve()

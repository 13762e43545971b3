"""One run of the program: the display, the renderer, the visitor, and the place where they are. One owner of all that lives long.

It does not decide the order of a frame (frame.py) nor what the command line prints (cli/)."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app import tidying
from vrclient.app.loading import PlaceLoading, Seen, slice_seconds
from vrclient.app.moments import Moment
from vrclient.app.no_visit import NoVisit
from vrclient.app.opening import Opened
from vrclient.app.place import Place, Standing, rig_at
from vrclient.app.places import Places
from vrclient.app.relocation import HIGHEST_STAND_M
from vrclient.app.settings import QualitySettings, client_settings
from vrclient.app.stages import StageClock
from vrclient.app.visit_controller import VisitController
from vrclient.display.engine import EngineDisplay
from vrclient.frame.aids import NO_AIDS, Aids
from vrclient.frame.commands import ChangeComfort
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix, inverse_rigid, world_from_body
from vrclient.interaction.locomotion import Rig, floor_spot, head_heading, placed
from vrclient.interaction.recording import Recorder
from vrclient.modes.portal_transition import Loading
from vrclient.renderer.pipeline import Renderer
from vrclient.scene.draw_data import Viewpoint
from vrclient.scene.gates import gate_over
from vrclient.scene.interactives import HeightGate, TextByLanguage

log = logging.getLogger(__name__)

USUAL_PERIOD = 1.0 / 90.0


@dataclass(slots=True)
class Visit:
    """What changes while somebody is there; app/apply.py and the frame's stages change it."""

    rig: Rig
    head: Matrix | None = None
    """rig_from_head of a tracked head; None on a flat display."""
    fov: float = float(np.radians(60.0))
    pixels: tuple[int, int] = (1280, 720)
    """Width and height of a flat display's picture, as last drawn."""
    seconds: float = 0.0
    """How long somebody has been there: a clock that does not change with the display, and waits while nobody is."""
    aids: Aids = NO_AIDS
    """What helps the visitor act, as last drawn."""
    statistics: bool = False
    fullscreen_toggled: bool = False
    """A window that was opened as the whole screen is none any more, or the other way round."""
    leaving: bool = False
    pictures: list[Path] = field(default_factory=list)
    pictured_at: float = 0.0
    """When the last one was taken, as time.monotonic()."""

    @property
    def rig_from_head(self) -> Matrix:
        """[4, 4] float64: the head, tracked or not."""
        return self.rig.rig_from_head() if self.head is None else self.head

    @property
    def eye(self) -> tuple[float, float, float]:
        """Metres, world."""
        x, y, z = (self.rig.world_from_rig() @ self.rig_from_head)[:3, 3].tolist()
        return x, y, z


class Session:
    """Everything of one run on one display. `place` is where the visitor is."""

    def __init__(
        self,
        opened: Opened,
        display: EngineDisplay,
        settings: QualitySettings,
        /,
        *,
        picture_folder: Path,
        progress: Callable[[], None] | None = None,
    ) -> None:
        """`progress` is called often while the place is uploaded."""
        tidying.settle()
        self.display = display
        self.settings = settings
        self.picture_folder = picture_folder
        self.clock = StageClock()
        client = client_settings()
        self.comfort = client.comfort.comfort()
        self.renderer = Renderer(display.context, quality=settings.quality(), controllers=client.controllers_folder())
        self.places = Places(opened, self.renderer, display, self.comfort, progress=progress)
        self.visit = Visit(rig_at(self.place.spawn), fov=self.place.spawn.fov)
        self.recorder: Recorder | None = None
        """Takes the visit down, where somebody wants it."""
        self.visit_controller: VisitController | NoVisit = NoVisit(client.visit.language)
        """What there is to do and to press."""
        self.begun_anew = 0
        """How often the visit has begun anew."""
        self._heights = False
        self._worked = 0.0
        """Seconds of the last frame before loading."""
        self._seen: tuple[Seen, Matrix] | None = None

    @property
    def place(self) -> Place:
        """Where the visitor is."""
        return self.places.place

    @property
    def title(self) -> str:
        """What stands over the window now."""
        return window_title(self.place.opened.showcase.title, self.visit_controller.language)

    @property
    def loading(self) -> PlaceLoading | None:
        """The place that is on its way, or ready to be entered."""
        return self.places.loading

    def begin_loading(self, showcase: str | Path, /) -> None:
        """Another showcase, as `vrclient run` takes it; nothing happens where it is being loaded already. One that is still open
        is ready at once."""
        self.places.begin_loading(showcase, self._seen_from)

    def cancel_loading(self) -> None:
        """The visitor has turned away."""
        self.places.cancel_loading()

    def advance_loading(self, views: ViewSet | None, culled: ViewSet | None, /, *, period: float) -> None:
        """The last stage of a frame: what is left of its `period` (seconds; 0 = unknown) goes to what is being loaded. `views`:
        the frame's and those it was culled with, if it had any."""
        if views is not None and culled is not None:
            self._seen = Seen(views, culled), self.visit.rig.world_from_rig()
        with self.clock.stage("load"):
            worked, before = self.clock.worked(), self._worked
            self._worked = worked
            awaited = self.visit_controller.is_crossing
            self.places.advance(slice_seconds(worked, before, period or USUAL_PERIOD, awaited=awaited))
        self.places.account(self.clock.worked())

    def loading_state(self) -> Loading | None:
        """What is being loaded, as a visit sees it."""
        loading = self.places.loading
        if loading is None:
            return None
        failed = loading.problem is not None
        return Loading(str(loading.showcase), loading.progress, ready=loading.ready and not failed, failed=failed)

    def way_back(self) -> str | None:
        """The showcase from which the visitor has come."""
        return str(self.places.trail[-1].path) if self.places.trail else None

    def way_back_title(self) -> TextByLanguage | None:
        """The title of that showcase."""
        return self.places.trail[-1].title if self.places.trail else None

    def enter_loaded(self, view: str | None, /, *, back: bool) -> None:
        """Puts the visitor into the place that was loaded, at the viewpoint of that name or its spawn; or `back` to where they
        stood."""
        if self.loading is None or self.loading.place is None:
            return
        place = self.loading.place
        there = next((one for one in place.viewpoints if one.name == view), None)
        if view is not None and there is None:
            log.warning("'%s' has no viewpoint '%s'; visitors arrive at its spawn", place.name, view)
        self.arrive(place, there, back=back)
        self.visit_controller.enter(place, self.way_back_title(), back=back)
        log.info("the visitor is in '%s' now", place.name)

    def arrive(self, place: Place, view: Viewpoint | None, /, *, back: bool) -> None:
        """Puts the visitor into a place that is loaded: at a viewpoint, None = its spawn; or `back` to where they stood. At its
        spawn, too, who has not agreed to stand as high as that."""
        visit, before = self.visit, self.place
        assert before.moment is not None
        head = visit.rig_from_head
        leaving = Standing(
            path=before.opened.path,
            title=before.opened.showcase.title,
            rig=visit.rig,
            fov=visit.fov,
            spot=floor_spot(visit.rig, head),
            heading=head_heading(visit.rig, head),
            moment=before.moment,
        )
        trail = self.places.trail
        stood = trail.pop() if back and trail else None
        if stood is None:
            trail.append(leaving)
        before.leave()
        self.places.enter(place, leaving)
        self._make_comfortable(place)
        if stood is not None and self._gate_over(place, stood.spot) is not None:
            stood = None
        if stood is None:
            target = view if view is not None and self._gate_over(place, view.position) is None else place.spawn
            visit.rig, visit.fov = self._rig_in(place, target), target.fov
            place.show_soon(place.moment_of(target))
        else:
            visit.rig = stood.rig if visit.head is None else placed(stood.rig, visit.head, stood.spot, heading=stood.heading)
            visit.fov = stood.fov
            place.show_soon(stood.moment)

    def _rig_in(self, place: Place, view: Viewpoint) -> Rig:
        """A visitor at a viewpoint; who wears a headset, on the floor there, if any."""
        rig, head = rig_at(view), self.visit.head
        if head is None:
            return rig
        x, y, z = rig.feet
        floor = place.obstacles.floor_height((x, y), feet=z)
        return placed(rig, head, (x, y, z if floor is None else floor), heading=view.heading)

    def _seen_from(self, place: Place) -> Seen | None:
        """What the visitor will see from the place's spawn, with the optics of the last frame."""
        if self._seen is None:
            return None
        seen, world_from_rig = self._seen
        moved = world_from_rig @ inverse_rigid(self._rig_in(place, place.spawn).world_from_rig())
        return Seen(*(one.seen_from(one.view_from_world @ moved) for one in (seen.views, seen.culled)))

    def change_comfort(self, change: ChangeComfort, /) -> None:
        """How the visitor moves from now on, here and wherever they go."""
        self.comfort = replace(self.comfort, seated=change.seated, smooth_walk=change.smooth_walk)
        self.places.comfort = self.comfort
        self._heights = change.heights
        self._make_comfortable(self.place)

    def begin_anew(self) -> None:
        """The next visitor finds everything as it was at the start, wherever the last one went."""
        first = client_settings().comfort.comfort()
        self.change_comfort(ChangeComfort(first.seated, first.smooth_walk, heights=False))
        self.show_layers(None)
        self._show_usual()
        self.cancel_loading()
        self._go_home()
        self.places.trail.clear()
        self.visit_controller.begin_anew()
        self.begun_anew += 1
        tidying.between_visitors()

    def _go_home(self) -> None:
        """To the spawn of the place where every visit begins, as it was at the start."""
        before, home = self.place, self.places.home
        if before is not home:
            before.leave()
            self.places.go_home()
            self._make_comfortable(home)
            self.visit_controller.enter(home, None, back=False)
        home.interaction.relocation.forget()
        home.turn_back()
        home.show_soon(home.first_moment)
        self.visit.rig, self.visit.fov = self._rig_in(home, home.spawn), home.spawn.fov

    def _show_usual(self) -> None:
        """The display as the visit found it: no statistics, and a window or the whole screen."""
        visit = self.visit
        if visit.statistics:
            visit.statistics = False
            self.display.show_overlay(None)
        if visit.fullscreen_toggled:
            visit.fullscreen_toggled = False
            self.display.toggle_fullscreen()

    def _make_comfortable(self, place: Place) -> None:
        place.interaction.set_comfort(self.comfort, heights=self._heights)
        place.open_gates(opened=self._heights)

    def show_layers(self, names: Iterable[str] | None, /) -> None:
        """Shows these layers of the place and hides all others; None: shows all."""
        self.place.show_layers(names)

    def show_moment(self, moment: Moment, /) -> None:
        """Puts sun, moon, sky and lamps of the place to another time."""
        self.place.show_moment(moment)

    def may_be_at(self, position: tuple[float, float, float], /) -> bool:
        """Whether the visitor may be brought there (metres, of an eye or a foot); who has not agreed to stand so high stays
        and is told what there is to agree to."""
        gate = self._gate_over(self.place, position)
        if gate is not None:
            self.visit_controller.notice(dict(gate.text), time=self.visit.seconds)
        return gate is None

    def _gate_over(self, place: Place, position: tuple[float, float, float]) -> HeightGate | None:
        """What keeps the visitor from there."""
        return None if self._heights else gate_over(place.opened.scene, position)

    def go_to(self, view: Viewpoint, /) -> None:
        """Puts the visitor where a viewpoint looks from, at its time; who wears a headset, on the floor there, if any."""
        if not self.may_be_at(view.position):
            return
        rig = rig_at(view)
        if self.visit.head is None:
            self.visit.rig, self.visit.fov = rig, view.fov
        else:
            x, y, z = rig.feet
            floor = self.place.obstacles.floor_height((x, y), feet=z)
            if floor is None or z - floor > HIGHEST_STAND_M:
                log.warning("viewpoint %s is in the air; in a headset visitors stay on the ground", view.name)
                return
            self.visit.rig = placed(rig, self.visit.head, (x, y, floor), heading=view.heading)
        moment = self.place.moment_of(view)
        self.place.interaction.relocation.forget()
        self.place.show_soon(moment)
        self.visit_controller.moved(moment)

    def picture(self, view: Viewpoint, /, *, seconds: float = 0.0) -> NDArray[np.uint8]:
        """[H, W, 3] uint8 sRGB: what a viewpoint sees at the moment that is set, through the same path as any frame."""
        pose = world_from_body(view.position, heading=view.heading, pitch=view.pitch)
        view_set = self.display.locate_views(pose, np.eye(4), fov=view.fov)
        self.renderer.set_seconds(seconds)
        self.draw(view_set)
        return self.display.acquire_target().read()

    def draw(self, view_set: ViewSet, /) -> None:
        """Culls, uploads and draws one view set; frame.py does the same in timed stages."""
        self.renderer.upload(view_set, self.place.visibility.cull(view_set, date=self.place.day))
        self.renderer.show_aids(NO_AIDS)
        self.renderer.draw(self.display.acquire_target())

    def close(self) -> None:
        """Gives the renderer and the display back."""
        self.visit_controller.close()
        self.places.close()
        self.renderer.close()
        self.display.close()


def window_title(title: TextByLanguage, language: str, /) -> str:
    """What stands over a window: a showcase's title in that language, or one that it has, and the program's name."""
    return f"{title.get(language) or title.get('en') or next(iter(title.values()))} - vrclient"

"""The visit of one run: what modes/ makes of what happened, shown as panels, films and sounds. One per session.

It draws nothing itself and moves nobody: sheets go to the renderer, commands to apply.py."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from vrclient.app.clock import wall_seconds
from vrclient.app.closeups import CloseUps, fitted_share, real_zoom
from vrclient.app.interact import Outcome
from vrclient.app.moments import Moment
from vrclient.app.panel_pictures import PanelPictures
from vrclient.app.place import Place
from vrclient.app.playback import Playback
from vrclient.app.settings import VisitSettings
from vrclient.frame.commands import BeginAnew, Cross, GoBack, GoToViewpoint, TurnExhibit
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.sheets import Sheet
from vrclient.geometry.frames import Matrix
from vrclient.interaction.comfort import Comfort
from vrclient.modes import attendance, ids, tour, visitor
from vrclient.modes.panels.messages import MESSAGES
from vrclient.modes.panels.room import Device, Shown
from vrclient.modes.panels.shown import panels
from vrclient.modes.placing import StandingPanel, Wanted
from vrclient.modes.portal_transition import Loading, PortalTransition
from vrclient.modes.state import Offer, Settings, Touring, VisitState
from vrclient.modes.visitor import Asked, Happened
from vrclient.panels.drawing import marks
from vrclient.panels.pressing import Pressed, Pressing
from vrclient.renderer.pipeline import Renderer
from vrclient.scene.interactives import (
    Counter,
    Exhibit,
    Portal,
    TextByLanguage,
    Timeline,
    Tour,
    chosen_card,
    turntable_key,
)
from vrclient.sound.output import SoundOutput

log = logging.getLogger(__name__)

LEAVES, TOUCH = MESSAGES["leaves"], MESSAGES["touch"]


class VisitController:
    """`patient`: panels are waited for, for stills and tests."""

    def __init__(
        self,
        place: Place,
        settings: VisitSettings,
        comfort: Comfort,
        sound: SoundOutput,
        /,
        *,
        patient: bool = False,
        clock: Callable[[], float] = wall_seconds,
    ) -> None:
        """`clock`: seconds of the wall's, by which a room is found empty."""
        self.offer: Offer
        self.sound = sound
        self.patient = patient
        self.pictures = PanelPictures(patient=patient)
        self._left: dict[Path, Touring | None] = {}
        self._closeups = CloseUps(patient=patient)
        self._tracked = False
        self._touched_only = True
        self._pointer: tuple[float, float] | None = None
        self._shown: tuple[Shown, ...] = ()
        self.real = 1.0
        self._ids: set[str] = set()
        self._pressing = Pressing()
        self._take(place, None)
        self._language, self._idle_seconds = settings.language, settings.idle_s
        self._clock, self._attendance = clock, attendance.Attendance.begun(clock())
        self._transition = PortalTransition()
        self._ways: list[Cross | GoBack] = []
        self._asked_for: list[Pressed] = []
        self.attracts = False
        """The place shows itself, until somebody comes."""
        self._raw, self._pixels = NOTHING, (1280, 720)
        self._first = Settings(volume=settings.volume, mono=settings.mono, seated=comfort.seated, smooth_walk=comfort.smooth_walk)
        self.state: VisitState = self._first_state()

    def begin_anew(self) -> None:
        """The next visitor begins where the first one did; nothing of the last one stays."""
        self._left.clear()
        self.offer = replace(self.offer, back=None)
        self._transition = PortalTransition()
        self._ways.clear()
        self._asked_for.clear()
        self.attracts = False
        self.state = self._first_state()
        self._attendance = attendance.Attendance.begun(self._clock(), held=self._attendance.held)

    def _first_state(self) -> VisitState:
        moment = self._place.first_moment
        return visitor.first_state(self.offer, date=moment.date, time=moment.time, language=self._language, settings=self._first)

    @property
    def language(self) -> str:
        """The visitor's."""
        return self.state.language

    @property
    def worn(self) -> bool:
        """Whether somebody wears a headset."""
        return self._raw.head is not None and self._raw.attentive

    @property
    def attentive(self) -> bool:
        """Whether anybody may be there, as the display knows."""
        return self._raw.attentive

    @property
    def empty_s(self) -> float:
        """Seconds for which nobody has given a sign."""
        return self._attendance.empty_s

    @property
    def asks(self) -> bool:
        """Whether it is asked if somebody is still there."""
        return self._left_to_answer() is not None

    def press(self, widget: str, value: float | None = None, /) -> None:
        """As if a visitor had used that widget, in the next frame: for staff and supervisors. It is no sign of a visitor."""
        self._asked_for.append(Pressed(widget, value))

    def attract(self) -> None:
        """Shows the place's first tour over and over, silently, until somebody gives a sign; then the visit begins anew."""
        self.attracts = True
        self.state = replace(self.state, settings=replace(self.state.settings, muted=True))

    @property
    def darkness(self) -> float:
        """How dark it is for somebody who goes through a portal: 0 = not, 1 = wholly."""
        return self._transition.darkness

    @property
    def is_crossing(self) -> bool:
        """Whether somebody has chosen to go to another place, and is not there yet."""
        return self._transition.under_way

    @property
    def waits(self) -> bool:
        """Whether a tour is under way that waits."""
        touring = self.state.tour
        return touring is not None and touring.here and not touring.playing

    def portals(self) -> tuple[Portal, ...]:
        """The portals that stand on the day that is shown."""
        return tuple(portal for portal in self._portals if self.playback.is_there(portal, self.state))

    def enter(self, place: Place, way_back: TextByLanguage | None, /, *, back: bool) -> None:
        """The visitor has crossed to another place, or `back` to one where they were; `way_back`: the title of the one that the
        way back leads to. A tour that they had begun there waits to be rejoined."""
        self._left[self._place.opened.path] = self.state.tour
        self.playback.close()
        self._closeups.close()
        self._take(place, way_back)
        assert place.moment is not None
        self.state = visitor.entered(self.state, date=place.moment.date, time=place.moment.time)
        begun = self._left.get(place.opened.path) if back else None
        if begun is not None:
            self.state = replace(self.state, tour=tour.left(begun))
        if self.state.language not in self.offer.languages:
            log.info("the showcase '%s' has no texts in '%s'", place.name, self.state.language)

    def _take(self, place: Place, back: TextByLanguage | None) -> None:
        self._place = place
        things = place.opened.scene.interactives
        self.offer = Offer(
            title=place.opened.showcase.title,
            today=place.first_moment.date,
            time=place.first_moment.time,
            tours=tuple(one for one in things if isinstance(one, Tour)),
            timeline=next((one for one in things if isinstance(one, Timeline)), None),
            languages=tuple(place.opened.showcase.title),
            back=back,
            has_sound=self.sound.problem is None,
        )
        self._portals = tuple(one for one in things if isinstance(one, Portal))
        self.playback = Playback(place, self.sound)

    def heard(self, inputs: InputSnapshot, /, *, time: float) -> InputSnapshot:
        """The inputs without those that panels answer alone: Escape closes what is open, then says that it leaves when it is
        pressed once more, and does so while that is to be read. Keys that are stuck are let go."""
        self._raw = inputs
        stuck = inputs.held & self._attendance.stuck(self._idle_seconds)
        inputs = replace(inputs, held=inputs.held - stuck) if stuck else inputs
        if "escape" not in inputs.pressed or self.state.notice is LEAVES:
            return inputs
        closes = visitor.is_open(self.state)
        if not closes:
            self.notice(LEAVES, time=time)
        return replace(inputs, pressed=inputs.pressed - {"escape"} | ({visitor.CLOSE_KEY} if closes else set()))

    def wanted(self, inputs: InputSnapshot, /, *, pixels: tuple[int, int]) -> Wanted:
        """The panels of this frame and where they belong; `pixels` of a flat display's picture."""
        self._pixels = pixels
        if inputs.pointer != self._pointer:
            # Only a mouse moves without being held down; a finger comes down where it is.
            moved = inputs.pointer is not None and self._pointer is not None
            self._touched_only = self._touched_only and not (moved and "mouse1" not in inputs.held | inputs.pressed)
            self._pointer = inputs.pointer
        device: Device = "headset" if inputs.head is not None else "touch" if self._touched_only else "pointer"
        self._shown = panels(
            self.state,
            self.offer,
            device=device,
            pixels=pixels,
            narration=self.playback.narrated(self.state)[1],
            real=self.real,
            subtitle_now=self.playback.subtitle(self.state),
            scrolled=self._pressing.scrolled,
            left=self._left_to_answer(),
        )
        return [(one.panel, one.anchor) for one in self._shown]

    def ask(self, way: Cross | GoBack, /) -> None:
        """Somebody wants to go to another place, from the next frame on."""
        self._ways.append(way)

    def update(
        self,
        outcome: Outcome,
        inputs: InputSnapshot,
        /,
        *,
        seconds: float,
        time: float,
        eye: tuple[float, float, float],
        loading: Loading | None = None,
        way_back: str | None = None,
    ) -> tuple[Asked, ...]:
        """One frame: what happened becomes the next state; what is to be done. `loading`: the showcase on its way;
        `way_back`: the one that the visitor has come from."""
        chosen, part = outcome.chosen, None
        if chosen is not None and isinstance(chosen.offers, Counter):
            part = chosen_card(chosen.offers, chosen.id)
        self._pressing = outcome.pressing
        self._tracked = inputs.head is not None
        framed, close_up = _framing(outcome.standing), self.state.close_up
        self.real = real_zoom(close_up, framed, tracked=self._tracked)
        pulled = outcome.touch.pulled
        if pulled != (0.0, 0.0) and framed is not None and close_up is not None and isinstance(close_up.what, Exhibit):
            across, down = fitted_share(close_up, framed)
            pulled = (pulled[0] * across, pulled[1] * down)
        happened = Happened(
            pressed=(*outcome.touch.pressed, *self._asked_for),
            chosen=chosen.offers if chosen is not None else None,
            part=part,
            keys=inputs.pressed,
            menu=outcome.menu,
            seconds=seconds,
            time=time,
            eye=eye,
            arrived=outcome.arrived,
            walked=outcome.walked,
            attentive=inputs.attentive,
            narration=self.playback.narrated(self.state)[1],
            real=self.real,
            pulled=pulled,
            wheel=int("wheel_up" in inputs.pressed) - int("wheel_down" in inputs.pressed),
        )
        self._asked_for.clear()
        before = self.state.close_up
        there = tuple(screen for screen in self.playback.screens if self.playback.is_there(screen, self.state))
        self.state, asked = visitor.updated(self.state, self.offer, there, happened)
        after = self.state.close_up
        commands: list[Asked] = [one for one in asked if not isinstance(one, Cross | GoBack)]
        if after is not None and isinstance(after.what, Exhibit) and (before is None or before.turn != after.turn):
            commands.append(TurnExhibit(turntable_key(after.what), after.turn))
        self._ways += [one for one in asked if isinstance(one, Cross | GoBack)]
        jumped = outcome.jumped or any(isinstance(one, GoToViewpoint) for one in outcome.commands)
        self._transition, crossing = self._transition.updated(
            self._ways, portals=self.portals(), loading=loading, way_back=way_back, eye=eye, jumped=jumped, seconds=seconds
        )
        self._ways.clear()
        commands.extend(crossing)
        self._look_for_somebody(inputs)
        if self.attracts:
            commands += self._attracting(time=time)
        elif self._attendance.left(self._idle_seconds) == 0.0:
            commands.append(BeginAnew())
        return tuple(commands)

    def _attracting(self, *, time: float) -> list[Asked]:
        """The tour from its beginning, whenever it is over; it is over for good when somebody comes."""
        if self._attendance.empty_s == 0.0:
            return [BeginAnew()]
        if self.state.tour is None and self.offer.tours:
            self.press(ids.TOUR_START)
        if self.state.notice is None:
            self.notice(TOUCH, time=time)
        return []

    def _look_for_somebody(self, inputs: InputSnapshot) -> None:
        """Once a frame: takes what was done, and what goes on, for signs of somebody."""
        goes_on = inputs.attentive and not self.attracts and attendance.goes_on(self.state, self.playback.screens)
        width, height = self._pixels
        signs = attendance.Signs(
            now=self._clock(),
            pointer=(inputs.pointer[0] * width, inputs.pointer[1] * height) if inputs.pointer is not None else None,
            down=attendance.held_down(self._raw),
            came=inputs.pressed,
            busy=self.worn or goes_on,
            reads=None if self.attracts else attendance.to_read(self.state, [one.panel for one in self._shown]),
        )
        self._attendance = attendance.updated(self._attendance, signs, idle_s=self._idle_seconds)

    def _left_to_answer(self) -> tuple[float, float] | None:
        """Seconds until the visit begins anew, and of how many, while it is asked whether somebody is there; not on the first
        panel."""
        left = self._attendance.left(self._idle_seconds)
        asks = left is not None and self.state.started and not self.attracts
        return (left, attendance.asked_for(self._idle_seconds)) if left is not None and asks else None

    def notice(self, said: TextByLanguage, /, *, time: float) -> None:
        """Shows something that the visitor should know for a while."""
        self.state = visitor.noticed(self.state, said, time=time)

    def show(self, renderer: Renderer, outcome: Outcome, /) -> None:
        """Hands what there is to see of the visit to the renderer."""
        renderer.show_sheets(self.sheets(outcome), self.playback.movies, patient=self.patient)

    def sheets(self, outcome: Outcome, /) -> list[Sheet]:
        """Films in the scene and panels before it, as they stand."""
        found = self.playback.sheets(self.state)
        values = {one.panel.id: one.values for one in self._shown}
        close_up = self._closeups.sheets(self.state.close_up, _framing(outcome.standing), tracked=self._tracked)
        for standing in outcome.standing:
            if standing.panel.hole is not None:
                found += close_up
            picture = self.pictures.of(standing.panel)
            if picture is None:
                continue
            hovered, pressed = outcome.pressing.spots(standing.panel.id)
            lies = marks(standing.panel, hovered=hovered, pressed=pressed, values=values.get(standing.panel.id))
            of, metre = picture[0].size, standing.metre
            found.append(
                Sheet(standing.panel.id, standing.world_from_sheet, (of[0] * metre, of[1] * metre), picture[1], marks=lies)
            )
        shown = {standing.panel.id for standing in outcome.standing}
        for gone in self._ids - shown:
            self.pictures.forget(gone)
        self._ids = shown
        return found

    def moved(self, moment: Moment, /) -> None:
        """The visitor has gone to a place to look from, at its moment: a tour waits to be rejoined."""
        touring = tour.left(self.state.tour) if self.state.tour is not None else None
        self.state = replace(self.state, date=moment.date, time=moment.time, tour=touring, timelapse=False, started=True)

    def play(self, world_from_head: Matrix, /, *, elapsed: float, attentive: bool) -> None:
        """Brings films and sounds to where the visit is; films and voices are silent while nobody is there."""
        self.playback.update(self.state, world_from_head, elapsed=elapsed, attentive=attentive)

    def close(self) -> None:
        """Ends the threads and gives the sound device back."""
        self._closeups.close()
        self.playback.close()
        self.pictures.close()
        self.sound.close()


def _framing(standing: Sequence[StandingPanel]) -> StandingPanel | None:
    """The panel through whose hole an exhibit is seen."""
    return next((one for one in standing if one.panel.hole is not None), None)

"""Whatever is missing or broken, the visit goes on, its place is marked plainly, and the log says why, once."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vrclient.app.apply import apply
from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.frame import one_frame
from vrclient.app.interact import Outcome
from vrclient.app.opening import open_showcase
from vrclient.app.settings import client_settings, quality_settings
from vrclient.app.visit_controller import VisitController
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.frame.aids import NO_AIDS
from vrclient.frame.commands import BeginAnew, Cross, ToggleFullscreen, ToggleStatistics, Travel
from vrclient.frame.inputs import NOTHING
from vrclient.media.files import seconds_of
from vrclient.modes import ids, visitor
from vrclient.modes.state import said
from vrclient.modes.visitor import Happened
from vrclient.panels.pressing import Pressed
from vrclient.scene.interactives import Exhibit, Interactive
from vrclient.sound.sounds import Sound

MEDIA = Path(__file__).parents[1] / "media"
PLACE = """
vrclient: 1
title: {zh: 展厅, en: A room}
origin: {lon_deg: 121.475, lat_deg: 30.945, confidence: estimate}
elements:
  - {kind: spawn, at: [0, 0]}
  - {kind: exhibit, id: map, title: {zh: 图}, text: {zh: 一张图}, picture: map.png, width_m: 1.0, at: [0, 3], heading_deg: 180}
"""


class Visit:
    def __init__(self, folder: Path) -> None:
        self.now = [1000.0]
        """The wall's clock."""
        self.session = open_session(
            open_showcase(folder / "showcase.yaml"),
            OffscreenDisplay((320, 180), samples=1),
            quality_settings("low"),
            SessionOptions(visit=VisitOptions(patient=True, clock=lambda: self.now[0]), picture_folder=folder),
        )
        assert isinstance(self.session.visit_controller, VisitController)
        self.controller = self.session.visit_controller

    def happens(self, happened: Happened) -> None:
        state, asked = visitor.updated(self.controller.state, self.controller.offer, self.controller.playback.screens, happened)
        self.controller.state = state
        apply(self.session, asked)

    def use(self, widget: str) -> None:
        self.happens(Happened(pressed=(Pressed(widget),)))

    def choose(self, thing: Interactive) -> None:
        self.happens(Happened(chosen=thing))

    def frames(self, count: int) -> None:
        for _ in range(count):
            one_frame(self.session)

    def shown(self) -> list[str]:
        """The ids of the panels, the lowest first."""
        return [standing.panel.id for standing in self.session.place.interaction.panels.standing]

    def picture(self) -> np.ndarray:
        return self.session.display.acquire_target().read()


@pytest.fixture
def visits(tmp_path: Path) -> Iterator[Callable[[], Visit]]:
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "showcase.yaml").write_text(PLACE, "utf-8")
    Image.new("RGB", (300, 200), (200, 40, 40)).save(folder / "map.png")
    made: list[Visit] = []

    def visit() -> Visit:
        made.append(Visit(folder))
        return made[-1]

    yield visit
    for one in made:
        one.session.close()


def test_an_exhibit_that_cannot_be_read_is_marked_and_named_once(
    visits: Callable[[], Visit], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visit = visits()
    exhibit = next(one for one in visit.session.place.opened.scene.interactives if isinstance(one, Exhibit))
    visit.use(ids.WALK_ALONE)
    visit.choose(exhibit)
    visit.frames(3)
    red = visit.picture()[90, 110].astype(int)
    assert red[0] > 150 and red[1] < 80, red
    visit.use(ids.CLOSE)
    visit.frames(2)
    (tmp_path / "room" / "map.png").write_bytes(b"no picture")
    with caplog.at_level(logging.WARNING):
        visit.choose(exhibit)
        visit.frames(6)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1 and told[0].startswith("exhibit map: ") and "map.png" in told[0]
    plate = visit.picture()[90, 110].astype(int)
    assert plate.max() < 120, plate
    visit.use(ids.CLOSE)
    visit.frames(2)
    assert visit.controller.state.close_up is None


def test_a_way_that_leads_nowhere_is_said_to_be_closed(visits: Callable[[], Visit], caplog: pytest.LogCaptureFixture) -> None:
    visit = visits()
    visit.use(ids.WALK_ALONE)
    with caplog.at_level(logging.WARNING):
        apply(visit.session, [Cross("atlantis")])
        for _ in range(200):
            visit.frames(1)
            if visit.controller.state.notice is not None:
                break
    assert visit.session.place.name == "room"
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1 and "atlantis" in told[0]
    notice = visit.controller.state.notice
    assert notice is not None and said(notice, "en") == "That way is closed for now. Please try again later."
    assert visit.session.visit.aids.blink == 0.0


def test_a_text_that_the_city_lacks_is_marked_in_the_language_that_is_read(visits: Callable[[], Visit]) -> None:
    visit = visits()
    exhibit = next(one for one in visit.session.place.opened.scene.interactives if isinstance(one, Exhibit))
    visit.use(ids.WALK_ALONE)
    visit.use(ids.LANGUAGE)
    visit.choose(exhibit)
    visit.frames(2)
    texts = [
        getattr(placed.widget, "text", "")
        for standing in visit.session.place.interaction.panels.standing
        for placed in standing.panel.widgets
    ]
    assert "[zh] 图" in texts and "[zh] 一张图" in texts


def test_nothing_of_a_visitor_stays_for_the_next_one(visits: Callable[[], Visit]) -> None:
    visit = visits()
    session = visit.session
    visit.frames(1)
    first, start = visit.controller.state, session.visit.rig
    visit.use(ids.WALK_ALONE)
    visit.happens(Happened(pressed=(Pressed(ids.LANGUAGE), Pressed(ids.SEATED), Pressed(ids.VOLUME, 0.1))))
    apply(session, [Travel((3.0, -5.0, 1.6), 1.0)])
    visit.frames(30)
    assert visit.controller.state.language == "en" and session.comfort.seated
    visit.use(ids.LEAVE)
    visit.frames(2)
    assert visit.controller.state == first and session.visit.rig == start and not session.comfort.seated
    assert not session.visit.leaving


def test_who_walks_away_is_asked_and_then_followed_by_a_new_visit(visits: Callable[[], Visit]) -> None:
    """However slow frames are: two of them take longer than the whole time."""
    visit = visits()
    idle = client_settings().visit.idle_s
    visit.use(ids.WALK_ALONE)
    visit.use(ids.LANGUAGE)
    visit.frames(1)
    visit.now[0] += idle - 5.0
    visit.frames(2)
    assert visit.shown()[-1] == "still_there" and visit.controller.state.started
    visit.now[0] += 2.0
    visit.controller.update(
        _nothing(visit), replace(NOTHING, pressed=frozenset({"x"})), seconds=0.1, time=0.0, eye=(0.0, 0.0, 1.6)
    )
    visit.frames(2)
    assert "still_there" not in visit.shown(), "one touch is enough to stay"
    visit.now[0] += idle
    visit.frames(2)
    assert visit.shown() == ["start"] and visit.controller.state.language == "zh"


def test_what_a_visitor_left_on_the_screen_is_gone_for_the_next_one(visits: Callable[[], Visit]) -> None:
    visit = visits()
    session, toggled = visit.session, []
    session.display.toggle_fullscreen = lambda: toggled.append(1)  # type: ignore[method-assign]
    visit.use(ids.WALK_ALONE)
    visit.frames(1)
    apply(session, [ToggleStatistics(), ToggleFullscreen()])
    assert session.visit.statistics and len(toggled) == 1
    visit.use(ids.LEAVE)
    assert not session.visit.statistics and len(toggled) == 2
    apply(session, [BeginAnew()])
    assert len(toggled) == 2


def test_the_next_visitor_begins_at_home_wherever_the_last_one_went(tmp_path: Path) -> None:
    """The start of the showcase that the program was started with, in its first language, and the way back is forgotten."""
    home, far, farther = (tmp_path / name for name in ("home", "far", "farther"))
    for folder in (home, far, farther):
        folder.mkdir()
        (folder / "showcase.yaml").write_text(PLACE.split("  - {kind: exhibit")[0].replace("展厅", folder.name), "utf-8")
    visit = Visit(home)
    session, controller = visit.session, visit.controller
    try:
        visit.frames(2)
        first, start, place = controller.state, session.visit.rig, session.place
        visit.use(ids.WALK_ALONE)
        visit.use(ids.LANGUAGE)
        for folder in (far, farther):
            apply(session, [Cross(str(folder))])
            end = time.monotonic() + 60.0
            while session.place.name != folder.name or session.visit_controller.darkness > 0.0:
                assert time.monotonic() < end, folder.name
                visit.frames(1)
        assert len(session.places.trail) == 2 and controller.offer.back is not None
        session.begin_loading(str(far))
        visit.now[0] += 2.0 * client_settings().visit.idle_s
        visit.frames(3)
        assert session.place is place and not session.places.trail and session.way_back() is None and session.loading is None
        assert controller.state == first and controller.offer.back is None and session.visit.rig == start
        assert visit.shown() == ["start"] and session.place.moment == place.first_moment
    finally:
        session.close()


def test_a_key_that_is_stuck_turns_no_visitor_after(visits: Callable[[], Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is let go while it is stuck, whoever the visitor is."""
    visit = visits()
    session = visit.session
    visit.frames(2)
    start, polled = session.visit.rig, session.display.poll_inputs
    monkeypatch.setattr(session.display, "poll_inputs", lambda: replace(polled(), held=frozenset({"arrow_left"})))
    visit.use(ids.WALK_ALONE)
    visit.frames(5)
    assert session.visit.rig != start and visit.shown() != ["start"]
    for _ in range(3):
        visit.now[0] += 2.0 * client_settings().visit.idle_s
        visit.frames(5)
        assert session.visit.rig == start and visit.shown() == ["start"]


def _nothing(visit: Visit) -> Outcome:
    return Outcome(visit.session.visit.rig, (), NO_AIDS, ())


def test_a_stop_is_told_in_its_voice_for_as_long_as_the_voice_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    voice = MEDIA / "lake.ogg"
    shutil.copy(voice, folder / "voice.ogg")
    tour = """
  - kind: tour
    id: told
    title: {zh: 导览, en: Told}
    stops:
      - {at: [0, -4], heading_deg: 0, caption: {zh: 一, en: One}, narration: {en: voice.ogg}, dwell_s: 2}
"""
    (folder / "showcase.yaml").write_text(PLACE.split("  - {kind: exhibit")[0] + tour, "utf-8")
    visit = Visit(folder)
    heard: list[Sound] = []

    def update(sounds: list[Sound], *_: object, **__: object) -> None:
        heard[:] = sounds

    monkeypatch.setattr(visit.controller.sound, "update", update)
    try:
        visit.use(ids.LANGUAGE)
        visit.use(ids.TOUR_START)
        for _ in range(200):
            visit.frames(1)
            if heard:
                break
        touring = visit.controller.state.tour
        assert touring is not None and touring.seconds is not None
        assert [(one.file.name, one.speech) for one in heard] == [("voice.ogg", True)]
        assert heard[0].seconds == touring.seconds
        length = seconds_of(folder / "voice.ogg")
        assert length is not None and length > 0.4
        visit.use(ids.TOUR_TOGGLE)
        visit.frames(1)
        assert heard == []
        visit.use(ids.TOUR_TOGGLE)
        visit.happens(Happened(seconds=max(length, 2.0) - 0.5, narration=length))
        assert visit.controller.state.tour is not None
        visit.use(ids.LANGUAGE)
        visit.frames(1)
        assert heard == []
    finally:
        visit.session.close()


def test_a_film_that_cannot_be_played_leaves_the_visit_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    screen = (
        "  - {kind: screen, id: film, title: {zh: 片, en: Film}, video: film.mp4, at: [0, 4], heading_deg: 180, start: always}\n"
    )
    film = next(MEDIA.glob("*.mp4"))
    shutil.copy(film, folder / "film.mp4")
    (folder / "showcase.yaml").write_text(PLACE.split("  - {kind: exhibit")[0] + screen, "utf-8")
    visit = Visit(folder)
    try:
        (folder / "film.mp4").write_bytes(b"no film")
        visit.use(ids.WALK_ALONE)
        with caplog.at_level(logging.WARNING):
            for _ in range(400):
                visit.frames(1)
                if visit.controller.playback.movies.problem("film") and visit.controller.playback.movies.texture("film"):
                    break
        assert visit.controller.playback.movies.texture("film") is not None
        told = [record.getMessage() for record in caplog.records]
        assert told == ["screen film: 'film.mp4' is not a film that can be played"]
    finally:
        visit.session.close()

"""Before, in and behind a portal: what a visitor finds there, and that nothing of the place before goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from two_places import BLUE, RED, controller, showcase, visiting

from vrclient.app.apply import apply
from vrclient.app.assembly import SessionOptions, VisitOptions
from vrclient.app.frame import one_frame
from vrclient.app.session import Session
from vrclient.frame.commands import Cross, GoBack, Travel
from vrclient.modes import ids, visitor
from vrclient.modes.visitor import Happened
from vrclient.panels.pressing import Pressed

TOUR = """
  - kind: tour
    id: round
    title: {zh: 导览, en: A round}
    stops:
      - {at: [0, -14], heading_deg: 0, caption: {zh: 一, en: One}, time: "21:00"}
      - {at: [4, -16], heading_deg: 10, caption: {zh: 二, en: Two}, move: rail, speed_m_s: 0.05}
"""
YEARS = """
  - kind: timeline
    phases:
      - {date: 2017-01-01, title: {zh: 前, en: Before}}
      - {date: 2019-01-01, title: {zh: 后, en: After}}
    end: 2027-01-01
"""


class Places:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.controller = controller(session)

    def use(self, widget: str, value: float | None = None) -> None:
        happened = Happened(pressed=(Pressed(widget, value),))
        self.controller.state, asked = visitor.updated(
            self.controller.state, self.controller.offer, self.controller.playback.screens, happened
        )
        apply(self.session, asked)

    def frames(self, count: int) -> None:
        for _ in range(count):
            one_frame(self.session)

    def go(self, what: Cross | GoBack, name: str) -> None:
        apply(self.session, [what])
        for _ in range(3000):
            one_frame(self.session)
            if self.session.place.name == name and self.session.visit_controller.darkness == 0.0:
                return
        raise AssertionError(f"never in {name}: {self.session.loading}")


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    red = showcase(tmp_path / "red", RED + TOUR + YEARS)
    showcase(tmp_path / "blue", BLUE)
    with visiting(red, views=1, options=SessionOptions(visit=VisitOptions(patient=True))) as session:
        yield Places(session)


def test_the_way_back_says_where_it_leads_and_nothing_goes_on_behind_ones_back(places: Places, tmp_path: Path) -> None:
    session, blue = places.session, str(tmp_path / "blue")
    places.use(ids.TOUR_START)
    places.frames(80)
    places.use(ids.TOUR_NEXT)
    places.frames(3)
    assert not session.place.interaction.relocation.arrived
    places.go(Cross(blue), "blue")
    assert places.controller.offer.back == {"zh": "红", "en": "Red"}
    assert places.controller.state.tour is None
    places.go(GoBack(), "red")
    assert places.controller.offer.back is None
    touring = places.controller.state.tour
    assert touring is not None and not touring.here and not touring.playing
    before = session.visit.rig.feet
    places.frames(20)
    assert session.visit.rig.feet == before and session.place.interaction.relocation.arrived


def test_the_years_of_one_place_do_not_follow_to_another(places: Places, tmp_path: Path) -> None:
    places.use(ids.DATES)
    places.use(ids.DATE, 0.0)
    places.use(ids.DATE_PLAY)
    places.frames(5)
    assert places.session.place.moment is not None and places.session.place.moment.date.year == 2017
    places.go(Cross(str(tmp_path / "blue")), "blue")
    moment = places.session.place.moment
    assert moment is not None and (moment.date, moment.time) == (places.controller.state.date, places.controller.state.time)
    assert moment == places.session.place.first_moment


def test_until_the_other_place_is_there_one_may_think_again(places: Places, tmp_path: Path) -> None:
    session = places.session
    apply(session, [Cross("atlantis"), Cross(str(tmp_path / "blue"))])
    places.go(Cross(str(tmp_path / "blue")), "blue")
    assert session.place.name == "blue"


def test_who_jumps_over_a_portal_has_not_walked_through_it(places: Places) -> None:
    apply(places.session, [Travel((0.0, -30.0, 1.6), 0.0)])
    places.frames(40)
    assert places.session.loading is None and not places.session.visit_controller.is_crossing

"""The shipped showcases look as they should: every view, in quality `deterministic`, against its golden picture."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache

import numpy as np
import pytest

from vrclient.app.assembly import open_session
from vrclient.app.moments import Moment
from vrclient.app.opening import Opened, open_showcase
from vrclient.app.session import Session
from vrclient.app.settings import quality_settings
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.showcase.find import find_showcase

Compare = Callable[[str, np.ndarray], None]
SIZE = (384, 216)
VIEWS = {
    "fengxian": (
        "start", "lake_shore", "water_terrace", "ginkgo_gate", "viewing_slope", "theatre", "petal_walk", "garden_court", "aerial",
    ),
    "hall": ("start", "booths", "art", "plan", "back"),
    "minimal": ("spawn",),
}  # fmt: skip


@cache
def _opened(name: str) -> Opened:
    return open_showcase(find_showcase(name))


@pytest.fixture(scope="module", params=VIEWS)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    settings = quality_settings("deterministic")
    opened = _opened(request.param)
    with ExitStack() as ending:
        display = OffscreenDisplay(SIZE, samples=settings.samples)
        ending.callback(display.close)
        shown = open_session(opened, display, settings)
        ending.pop_all()
        with closing(shown):
            yield shown


def test_every_view_of_a_showcase(session: Session, golden: Compare) -> None:
    name = session.place.name
    assert {view.name for view in session.place.viewpoints} == set(VIEWS[name])
    wrong = []
    for view in session.place.viewpoints:
        session.show_moment(session.place.moment_of(view))
        try:
            golden(f"{name}/{view.name}", session.picture(view))
        except pytest.fail.Exception as error:
            wrong.append(str(error))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("clock", ["12:00", "18:30", "22:30"])
def test_other_times_of_day(session: Session, golden: Compare, clock: str) -> None:
    name, view = session.place.name, session.place.spawn
    moment = session.place.moment_of(view)
    session.show_moment(Moment(moment.date, datetime.time.fromisoformat(clock)))
    golden(f"{name}/{view.name}_{clock.replace(':', '')}", session.picture(view))


def test_the_same_picture_twice(session: Session) -> None:
    """Whatever was shown in between."""
    moment = session.place.moment_of(session.place.spawn)
    session.show_moment(moment)
    first = session.picture(session.place.spawn)
    assert np.array_equal(session.picture(session.place.spawn), first)
    for clock in ("12:00", "22:30"):
        session.show_moment(Moment(moment.date, datetime.time.fromisoformat(clock)))
        session.picture(session.place.spawn)
    session.show_moment(moment)
    assert np.array_equal(session.picture(session.place.spawn), first)


def test_another_display_beside_it_changes_nothing(golden: Compare) -> None:
    """Each has a context of its own; one that is set up reaches its own, whichever is in use."""
    settings, place = quality_settings("deterministic"), _opened("minimal")
    with closing(OffscreenDisplay(SIZE, samples=settings.samples)):
        display = OffscreenDisplay(SIZE, samples=settings.samples)
        with closing(open_session(place, display, settings)) as shown:
            view = shown.place.spawn
            shown.show_moment(shown.place.moment_of(view))
            golden(f"minimal/{view.name}", shown.picture(view))

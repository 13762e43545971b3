"""A crossing as a table: what happened in a frame, what the transition says is to be done, how dark it is."""

from collections.abc import Sequence

import pytest

from vrclient.frame.commands import CancelLoading, Command, Cross, EnterPlace, GoBack, LoadShowcase, ShowNotice
from vrclient.modes.portal_transition import GIVEN_UP_M, NOT_THERE, PATIENCE_SECONDS, Loading, PortalTransition
from vrclient.modes.portals import FADE_SECONDS
from vrclient.scene.interactives import Portal, Rectangle

OPENING = Rectangle((0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0))
GATE = Portal("gate", {"zh": "门"}, showcase="blue", face=OPENING, view="shore", near=5.0)
FAR, BEFORE, BEHIND = (0.0, -50.0, 1.6), (0.0, -0.5, 1.6), (0.0, 0.5, 1.6)
COMES, READY, FAILED = Loading("blue", 0.4), Loading("blue", 1.0, ready=True), Loading("blue", failed=True)


def then(
    before: PortalTransition,
    *asked: Cross | GoBack,
    loading: Loading | None = None,
    eye: tuple[float, float, float] = FAR,
    jumped: bool = False,
    seconds: float = 0.1,
    way_back: str | None = None,
    portals: Sequence[Portal] = (GATE,),
) -> tuple[PortalTransition, tuple[Command, ...]]:
    return before.updated(asked, portals=portals, loading=loading, way_back=way_back, eye=eye, jumped=jumped, seconds=seconds)


def waiting(**changes: float) -> PortalTransition:
    """Somebody has asked, and waits."""
    return then(PortalTransition(), Cross("blue", "shore"), **changes)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "loading", "eye", "commands"),
    [
        ("far from all portals nothing is loaded", None, FAR, ()),
        ("near one what is behind it is", None, BEFORE, (LoadShowcase("blue"),)),
        ("once", COMES, BEFORE, ()),
        ("in place of another one", Loading("red", 0.9), BEFORE, (LoadShowcase("blue"),)),
        ("and given up where one turns away", COMES, FAR, (CancelLoading(),)),
    ],
)
def test_nobody_goes_yet(
    what: str, loading: Loading | None, eye: tuple[float, float, float], commands: tuple[Command, ...]
) -> None:
    after, asked = then(PortalTransition(), loading=loading, eye=eye)
    assert asked == commands and not after.under_way and after.darkness == 0.0, what


def test_who_walks_through_goes_and_who_jumps_or_comes_from_behind_does_not() -> None:
    near = PortalTransition(eye=BEFORE)
    after, asked = then(near, loading=READY, eye=BEHIND)
    assert after.under_way and asked == (LoadShowcase("blue"),)
    assert not then(near, loading=READY, eye=BEHIND, jumped=True)[0].under_way
    assert not then(PortalTransition(eye=BEHIND), loading=READY, eye=BEFORE)[0].under_way
    assert not then(PortalTransition(), loading=READY, eye=BEHIND)[0].under_way, "just arrived there"


def test_it_goes_dark_then_the_places_change_once_then_it_opens() -> None:
    now, entered, dark = waiting(), 0, []
    for _ in range(60):
        now, commands = then(now, loading=READY if not entered else None, seconds=0.05)
        entered += sum(isinstance(one, EnterPlace) for one in commands)
        if EnterPlace("shore") in commands:
            assert now.darkness == 1.0 and now.eye is None
        dark.append(now.darkness)
    assert entered == 1 and max(dark) == 1.0 and dark[-1] == 0.0 and not now.under_way
    top = dark.index(1.0)
    assert dark[: top + 1] == sorted(dark[: top + 1]) and dark[top:] == sorted(dark[top:], reverse=True)
    assert sum(share > 0.0 for share in dark) * 0.05 == pytest.approx(2 * FADE_SECONDS, abs=0.2)


def test_who_waits_is_told_and_who_cannot_go_is_told_that() -> None:
    now = waiting()
    while now.crossing is not None and now.crossing.seconds <= PATIENCE_SECONDS:
        now, commands = then(now, loading=COMES)
        assert commands == ()
    now, commands = then(now, loading=COMES)
    assert commands == (ShowNotice({"zh": "正在前往…… 40 %", "en": "On the way… 40 %"}),)
    for gone in (FAILED, None):
        after, commands = then(now, loading=gone)
        assert commands == (ShowNotice(NOT_THERE),) and not after.under_way


def test_who_walks_off_while_waiting_does_not_go() -> None:
    x, y, z = FAR
    assert then(waiting(), loading=COMES, eye=(x, y - GIVEN_UP_M + 0.1, z))[0].under_way
    after, commands = then(waiting(), loading=COMES, eye=(x, y - GIVEN_UP_M - 0.1, z))
    assert not after.under_way and commands == (CancelLoading(),)


def test_until_the_other_place_is_there_one_may_think_again_and_then_not() -> None:
    now, commands = then(waiting(), Cross("red"), loading=COMES)
    assert commands == (LoadShowcase("red"),) and now.crossing is not None and now.crossing.showcase == "red"
    closing, _ = then(now, loading=Loading("red", ready=True))
    after, commands = then(closing, Cross("blue"), loading=Loading("red", ready=True))
    assert commands == () and after.crossing is not None and after.crossing.showcase == "red"


def test_the_way_back_leads_where_one_came_from_or_nowhere() -> None:
    after, commands = then(PortalTransition(), GoBack(), way_back="home")
    assert commands == (LoadShowcase("home"),) and after.crossing is not None and after.crossing.back
    assert then(PortalTransition(), GoBack(), way_back=None) == (PortalTransition(eye=FAR), ())

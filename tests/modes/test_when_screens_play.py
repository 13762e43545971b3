"""Screens: near, touch, always; and the visitor's word counts."""

from vrclient.modes import screens
from vrclient.modes.state import Play
from vrclient.scene.interactives import Rectangle, Screen

FACE = Rectangle((0.0, 0.0, 1.5), (1, 0, 0), (0, 0, 1), (1.0, 0.6))
NEAR, TOUCH, ALWAYS = (Screen(start, {}, FACE, start=start, near=8.0) for start in ("near", "touch", "always"))  # type: ignore[arg-type]
ALL = (NEAR, TOUCH, ALWAYS)
BEFORE_IT, FAR = (0.0, -3.0, 1.6), (0.0, -30.0, 1.6)


def playing(plays: dict[str, Play]) -> set[str]:
    return {id for id, play in plays.items() if play.playing}


def test_each_starts_as_it_says() -> None:
    assert playing(dict(screens.played(ALL, {}, FAR, seconds=0.1))) == {"always"}
    assert playing(dict(screens.played(ALL, {}, BEFORE_IT, seconds=0.1))) == {"near", "always"}


def test_at_the_limit_it_does_not_flicker() -> None:
    plays = screens.played((NEAR,), {}, BEFORE_IT, seconds=0.1)
    assert playing(dict(screens.played((NEAR,), plays, (0.0, -9.0, 1.5), seconds=0.1))) == {"near"}
    assert playing(dict(screens.played((NEAR,), plays, (0.0, -10.1, 1.5), seconds=0.1))) == set()


def test_time_passes_while_it_plays_and_stays_while_it_does_not() -> None:
    plays = screens.played((NEAR,), {}, BEFORE_IT, seconds=0.1)
    for _ in range(10):
        plays = screens.played((NEAR,), plays, BEFORE_IT, seconds=0.1)
    assert abs(plays["near"].seconds - 1.0) < 1e-9
    away = screens.played((NEAR,), plays, FAR, seconds=0.1)
    assert away["near"] == Play(plays["near"].seconds, playing=False)
    assert screens.played((NEAR,), away, FAR, seconds=0.1) is away


def test_what_the_visitor_stops_stays_stopped_until_they_leave() -> None:
    plays = screens.toggled(screens.played((NEAR,), {}, BEFORE_IT, seconds=0.1), NEAR)
    for _ in range(5):
        plays = screens.played((NEAR,), plays, BEFORE_IT, seconds=0.1)
    assert playing(dict(plays)) == set()
    plays = screens.played((NEAR,), screens.played((NEAR,), plays, FAR, seconds=0.1), BEFORE_IT, seconds=0.1)
    assert playing(dict(plays)) == {"near"}


def test_touch_starts_what_waits_to_be_touched() -> None:
    plays = screens.toggled({}, TOUCH)
    assert playing(dict(screens.played(ALL, plays, BEFORE_IT, seconds=0.1))) == {"near", "touch", "always"}
    assert playing(dict(screens.played(ALL, plays, FAR, seconds=0.1))) == {"always"}
    assert screens.again(plays, TOUCH)["touch"].seconds == 0.0


def test_choosing_what_plays_already_does_not_stop_it() -> None:
    plays = screens.played((NEAR,), {}, BEFORE_IT, seconds=0.1)
    assert screens.started(plays, NEAR)["near"] == Play(plays["near"].seconds, playing=True, chosen=True)
    stopped = screens.toggled(plays, NEAR)
    assert screens.started(stopped, NEAR)["near"].playing


def test_what_is_watched_from_afar_plays_on_and_a_film_that_is_over_begins_anew() -> None:
    plays = screens.started({}, TOUCH)
    assert playing(dict(screens.played((TOUCH,), plays, FAR, seconds=0.1, watched="touch"))) == {"touch"}
    once = Screen("once", {}, FACE, start="touch", length=3.0, loop=False)
    plays = screens.started({}, once)
    for _ in range(50):
        plays = screens.played((once,), plays, BEFORE_IT, seconds=0.1)
    assert not plays["once"].playing
    assert screens.toggled(plays, once)["once"] == Play(chosen=True)

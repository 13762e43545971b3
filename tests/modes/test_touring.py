"""A tour plays by itself to its end, and can be paused, stepped, left and rejoined, whatever the order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vrclient.modes import tour
from vrclient.modes.state import Touring
from vrclient.scene.interactives import Stop, Tour

SHORT = {"zh": "看。", "en": "Look."}


def stop(dwell: float = 4.0, caption: dict[str, str] | None = None) -> Stop:
    return Stop((0.0, 0.0, 1.6), 0.0, 0.0, 1.0, caption or SHORT, dwell=dwell)


TOUR = Tour("first", {"en": "First"}, (stop(), stop(6.0), stop(5.0)))


def frames(touring: Touring | None, count: int, *, seconds: float = 0.5) -> Touring | None:
    for _ in range(count):
        if touring is None:
            return None
        stay = tour.stay(touring.tour.stops[touring.stop], "en")
        touring = tour.advanced(touring, seconds=seconds, arrived=True, stay=stay)
    return touring


def test_it_plays_by_itself_to_its_end() -> None:
    seen, touring, count = [], tour.begun(TOUR), 0
    while touring is not None:
        seen.append(touring.stop)
        touring, count = frames(touring, 1), count + 1
    assert sorted(set(seen)) == [0, 1, 2] and seen == sorted(seen)
    assert 15.0 <= count * 0.5 <= 15.0 + 3 * 1.0


def test_no_time_passes_on_the_way() -> None:
    touring = tour.begun(TOUR)
    for _ in range(100):
        advanced = tour.advanced(touring, seconds=1.0, arrived=False, stay=4.0)
        assert advanced is touring


def test_a_pause_keeps_the_second_and_resuming_goes_on_there() -> None:
    touring = frames(tour.begun(TOUR), 4)
    assert touring is not None and touring.seconds == 1.5
    waiting = frames(tour.paused(touring), 100)
    assert waiting is not None and waiting.seconds == 1.5 and waiting.stop == 0
    going = frames(tour.resumed(waiting), 1)
    assert going is not None and going.seconds == 2.0


def test_who_walks_off_is_waited_for_and_brought_back_to_the_stop_they_left() -> None:
    touring = frames(tour.stepped(tour.begun(TOUR), 1), 3)
    assert touring is not None
    away = frames(tour.left(touring), 100)
    assert away is not None and not away.here and away.stop == 1
    back = tour.resumed(away)
    assert back.here and back.playing and back.stop == 1 and back.seconds is None


def test_a_caption_is_shown_for_as_long_as_it_takes_to_read_and_to_tell() -> None:
    long_zh, long_en = "奉" * 90, "a word " * 60
    assert tour.stay(stop(2.0, {"zh": long_zh, "en": long_en}), "zh") == 2.0 + 90 / tour.HAN_PER_SECOND
    assert tour.stay(stop(2.0, {"zh": long_zh, "en": long_en}), "en") == 2.0 + 420 / tour.LETTERS_PER_SECOND
    assert tour.stay(stop(2.0), "en", narration=30.0) == 31.0
    assert tour.stay(stop(60.0), "en", narration=30.0) == 60.0


@given(st.lists(st.sampled_from(["frame", "pause", "resume", "next", "previous", "leave", "away"]), max_size=60))
def test_whatever_is_done_the_stop_is_one_of_the_tour(actions: list[str]) -> None:
    touring: Touring | None = tour.begun(TOUR)
    for action in actions:
        if touring is None:
            break
        match action:
            case "pause":
                touring = tour.paused(touring)
            case "resume":
                touring = tour.resumed(touring)
            case "next":
                touring = tour.stepped(touring, 1)
            case "previous":
                touring = tour.stepped(touring, -1)
            case "leave":
                touring = tour.left(touring)
            case _:
                touring = tour.advanced(touring, seconds=0.7, arrived=action == "frame", stay=4.0)
        if touring is not None:
            assert 0 <= touring.stop < 3
            assert touring.seconds is None or 0.0 <= touring.seconds <= 6.0
            assert touring.here or not touring.playing


@given(st.integers(-5, 9))
def test_a_tour_begins_at_one_of_its_stops(number: int) -> None:
    assert 0 <= tour.begun(TOUR, stop=number).stop < 3
    assert replace(tour.begun(TOUR), stop=0).seconds is None

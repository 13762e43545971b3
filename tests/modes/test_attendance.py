"""Whether somebody is there: by the wall's clock, whatever frames take; not by a mouse that trembles or a key that is stuck."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from panels_samples import BEGUN, COUNTER, EXHIBIT, FACE, OFFER, TOUR

from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.modes import attendance
from vrclient.modes.attendance import HELD_SECONDS, STILL_PIXELS, Attendance, Signs, held_down, held_for, updated
from vrclient.modes.panels.shown import panels
from vrclient.modes.state import CloseUp, Play, Touring
from vrclient.modes.tour import reading_seconds
from vrclient.scene.interactives import Screen

IDLE = st.floats(5.0, 3600.0)
STEPS = st.lists(st.floats(0.001, 40.0), min_size=1, max_size=60)


def gone_by(steps: list[float], idle_s: float, signs: Signs, begun: float = 7.0) -> Attendance:
    """After frames that each take so long, with the same signs."""
    now, state = begun, Attendance.begun(begun)
    for step in steps:
        now += step
        state = updated(state, replace(signs, now=now), idle_s=idle_s)
    return state


@given(STEPS, IDLE)
def test_an_empty_room_is_empty_for_as_long_as_the_clock_says_however_slow_frames_are(steps: list[float], idle_s: float) -> None:
    state = gone_by(steps, idle_s, Signs(0.0))
    assert abs(state.empty_s - sum(steps)) < 1e-6
    left = state.left(idle_s)
    if state.empty_s >= idle_s:
        assert left == 0.0
    elif state.empty_s < idle_s - attendance.asked_for(idle_s):
        assert left is None
    else:
        assert left is not None and 0.0 <= left <= attendance.asked_for(idle_s)


@given(STEPS, IDLE, st.sampled_from([{"came": frozenset({"space"})}, {"busy": True}]))
def test_whoever_does_something_is_there(steps: list[float], idle_s: float, sign: dict[str, object]) -> None:
    state = gone_by(steps, idle_s, Signs(0.0))
    assert updated(state, replace(Signs(state.now + 1.0), **sign), idle_s=idle_s).empty_s == 0.0  # type: ignore[arg-type]


@given(st.lists(st.floats(0.01, 3.0), min_size=30, max_size=200), st.randoms(use_true_random=False))
def test_a_pointer_that_trembles_is_nobody_and_one_that_is_moved_is_somebody(steps: list[float], random: object) -> None:
    now, state = 0.0, updated(Attendance.begun(0.0), Signs(0.0, pointer=(300.0, 200.0)), idle_s=20.0)
    for step in steps:
        now += step
        off = (300.0 + random.uniform(-4.0, 4.0), 200.0 + random.uniform(-4.0, 4.0))  # type: ignore[attr-defined]
        state = updated(state, Signs(now, pointer=off if random.random() < 0.9 else None), idle_s=20.0)  # type: ignore[attr-defined]
    assert abs(state.empty_s - now) < 1e-6
    moved = updated(state, Signs(now + 0.1, pointer=(300.0 + 3.0 * STILL_PIXELS, 200.0)), idle_s=20.0)
    assert moved.empty_s == 0.0


def test_a_pointer_that_creeps_is_nobody() -> None:
    state = updated(Attendance.begun(0.0), Signs(0.0, pointer=(0.0, 0.0)), idle_s=300.0)
    for second in range(1, 201):
        state = updated(state, Signs(float(second), pointer=(float(second), 0.0)), idle_s=300.0)
    assert state.empty_s == 200.0


@given(st.floats(1.0, 7200.0), st.floats(0.01, 0.5))
def test_a_key_that_is_held_counts_for_a_while_and_is_stuck_then(idle_s: float, step: float) -> None:
    down, now, state = frozenset({"w"}), 0.0, Attendance.begun(0.0)
    while now < 0.9 * held_for(idle_s):
        now += step
        state = updated(state, Signs(now, down=down, came=down), idle_s=idle_s)
    assert held_for(idle_s) <= HELD_SECONDS
    end = now + 2.0 * held_for(idle_s) + 2.0
    state = updated(state, Signs(end, down=down, came=down), idle_s=idle_s)
    assert state.stuck(idle_s) == down
    late = updated(state, Signs(end + idle_s, down=down, came=down), idle_s=idle_s)
    assert late.left(idle_s) == 0.0
    assert updated(late, Signs(end + idle_s), idle_s=idle_s).empty_s == 0.0, "to let it go is a sign"


def test_a_key_that_repeats_while_it_is_held_is_one_key() -> None:
    """As X servers do it."""
    down, state = frozenset({"f3"}), Attendance.begun(0.0)
    for tick in range(400):
        state = updated(state, Signs(tick * 0.1, down=down, came=down if tick % 3 == 0 else frozenset()), idle_s=20.0)
    assert state.left(20.0) == 0.0


def test_twenty_seconds_mean_twenty_seconds() -> None:
    """What a stand with `idle_s: 20` sees: asked from the tenth second on, and begun anew in the twentieth."""
    now, state, trembling = 0.0, Attendance.begun(0.0), 1.0
    asked = over = None
    while over is None:
        now, trembling = now + 0.4, -trembling
        state = updated(state, Signs(now, pointer=(100.0 + trembling, 50.0)), idle_s=20.0)
        left = state.left(20.0)
        asked = now if left is not None and asked is None else asked
        over = now if left == 0.0 else None
    assert asked is not None and 9.9 < asked < 11.0 and 20.0 <= over < 21.0
    assert Attendance(1000.0, 0.0).left(0.0) is None, "0: never"


def test_a_clock_that_goes_back_takes_nothing_back() -> None:
    state = gone_by([5.0], 20.0, Signs(0.0))
    assert updated(state, Signs(1.0), idle_s=20.0).empty_s == state.empty_s


def test_a_machine_that_slept_finds_an_empty_room() -> None:
    assert gone_by([1.0, 1.0, 40000.0], 300.0, Signs(0.0, pointer=(1.0, 1.0))).left(300.0) == 0.0


def test_what_goes_on() -> None:
    film = Screen("film", {"zh": "片"}, FACE, video=Path("film.mp4"), length=60.0, loop=True)
    slides = replace(film, id="slides", video=None, length=None, pictures=(Path("1.png"), Path("2.png")), seconds=8.0)

    def goes_on(**change: object) -> bool:
        return attendance.goes_on(replace(BEGUN, **change), (film, slides))  # type: ignore[arg-type]

    assert not goes_on()
    assert goes_on(timelapse=True)
    assert goes_on(tour=Touring(TOUR, 0, 3.0))
    assert not goes_on(tour=Touring(TOUR, 0, 3.0, playing=False))
    assert not goes_on(tour=Touring(TOUR, 0, 3.0, here=False))
    for id, length in (("film", 60.0), ("slides", 16.0)):
        assert goes_on(screens={id: Play(length - 1.0, chosen=True)})
        assert not goes_on(screens={id: Play(length + 1.0, chosen=True)}), "over once, though it plays on"
        assert not goes_on(screens={id: Play(1.0, playing=False, chosen=True)})
        assert not goes_on(screens={id: Play(1.0)}), "one that plays by itself is nobody's"


def test_a_long_text_is_read_once() -> None:
    state = replace(BEGUN, close_up=CloseUp(EXHIBIT))
    reads = attendance.to_read(state, [one.panel for one in panels(state, OFFER, device="touch", left=(3.0, 10.0))])
    assert reads is not None and reads[1] >= reading_seconds(EXHIBIT.text["zh"])
    later = panels(state, OFFER, device="touch", left=(2.0, 10.0), subtitle_now="一")
    assert attendance.to_read(state, [one.panel for one in later]) == reads, "the countdown is no reading"
    room = Attendance.begun(0.0)
    for second in range(int(reads[1]) + 40):
        room = updated(room, Signs(float(second), reads=reads), idle_s=20.0)
    assert 20.0 <= room.empty_s <= 41.0
    other = panels(replace(state, close_up=CloseUp(COUNTER)), OFFER, device="touch")
    assert attendance.to_read(replace(state, close_up=CloseUp(COUNTER)), [one.panel for one in other]) != reads
    assert attendance.to_read(BEGUN, []) is None


def test_hands_are_keys() -> None:
    assert held_down(InputSnapshot(hands=(Hand(), Hand()))) == frozenset()
    inputs = InputSnapshot(held=frozenset({"w"}), hands=(Hand(select=True), Hand(move=(0.0, 0.9), turn=-0.8)))
    assert held_down(inputs) == {"w", "0.select", "1.move 0 2", "1.turn False"}
    drifting = InputSnapshot(hands=(Hand(move=(0.1, -0.1), turn=0.05),))
    assert held_down(drifting) == frozenset()


def test_the_question_is_asked_in_the_visitors_language() -> None:
    def said(language: str) -> list[str]:
        shown = panels(replace(BEGUN, language=language), OFFER, device="touch", left=(7.2, 10.0))[-1]
        assert shown.anchor == "centre" and shown.values["still_there.progress"] == 0.72
        texts = [getattr(one.widget, "text", getattr(one.widget, "label", "")) for one in shown.panel.widgets]
        return [text for text in texts if text]

    assert said("zh") == ["您还在吗？", "8 秒后将为下一位访客重新开始。", "继续参观"]
    assert said("en") == ["Are you still there?", "The visit starts over for the next visitor in 8 s.", "I am still here"]

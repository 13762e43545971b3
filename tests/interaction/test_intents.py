"""Hands become intents: who aims, what is pressed, one turn for each push."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.inputs import NOTHING, Hand, InputSnapshot
from vrclient.interaction.actions import UP, Actions, Intent
from vrclient.interaction.comfort import Comfort

COMFORT = Comfort()
AIM = np.eye(4)


def hands(left: Hand | None = None, right: Hand | None = None, *, attentive: bool = True) -> InputSnapshot:
    """Both controllers, tracked."""
    both = tuple(replace(one or Hand(), aim=AIM, grip=AIM, profile="/some") for one in (left, right))
    return InputSnapshot(head=np.eye(4), hands=both, attentive=attentive)


def after(*frames: InputSnapshot, actions: Actions | None = None, seconds: float = 0.01) -> list[Intent]:
    actions = actions or Actions()
    return [actions.update(one, COMFORT, seconds=seconds) for one in frames]


def test_a_button_is_pressed_held_and_released_once_each() -> None:
    down, up = hands(right=Hand(select=True)), hands()
    buttons = [one.select for one in after(up, down, down, up, up)]
    assert [one.pressed for one in buttons] == [False, True, False, False, False]
    assert [one.held for one in buttons] == [False, True, True, False, False]
    assert [one.released for one in buttons] == [False, False, False, True, False]
    assert np.allclose([one.seconds for one in buttons], [0.0, 0.0, 0.01, 0.02, 0.0])


def test_the_right_hand_aims_until_the_left_one_acts() -> None:
    left = hands(left=Hand(teleport=True))
    assert [one.hand for one in after(hands(), left, hands(), hands(right=Hand(select=True)))] == [1, 0, 0, 1]
    assert Actions().update(hands(), Comfort(first_hand=0), seconds=0.01).hand == 0


def test_a_hand_that_holds_something_keeps_its_turn() -> None:
    both = hands(Hand(select=True), Hand(teleport=True))
    intents = after(hands(right=Hand(teleport=True)), both, hands(left=Hand(select=True)))
    assert [one.hand for one in intents] == [1, 1, 1]
    assert intents[2].teleport.released
    assert not intents[2].select.held


def test_a_hand_that_is_lost_gives_its_turn_to_the_tracked_one() -> None:
    lost = InputSnapshot(hands=(Hand(aim=AIM), Hand()))
    assert after(lost)[0].hand == 0
    assert after(InputSnapshot(hands=(Hand(), Hand())))[0].aim is None
    assert after(NOTHING)[0].aim is None


def test_nothing_is_held_or_released_while_the_visit_lacks_its_inputs() -> None:
    down = Hand(select=True, teleport=True, menu=True, turn=1.0)
    paused = hands(right=down, attentive=False)
    intents = after(hands(right=down), paused, paused, hands(right=down), hands(), hands(right=down))
    assert intents[0].select.pressed
    for one in intents[1:3]:
        assert (one.select, one.teleport, one.menu, one.snap, one.aim) == (UP, UP, UP, 0, None)
    assert intents[3].select == UP, "what was held through the pause must be pressed again"
    assert intents[3].snap == 0
    assert not intents[4].select.released
    assert intents[5].select.pressed


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=60))
def test_each_push_turns_once_and_never_without_one(turns: list[float]) -> None:
    snaps = [one.snap for one in after(*(hands(right=Hand(turn=turn)) for turn in turns))]
    last = 0
    for turn, snap in zip(turns, snaps, strict=True):
        if abs(turn) < 0.5:
            last = 0
        if snap:
            assert snap == np.sign(turn) and abs(turn) > 0.7 and snap != last
            last = snap


def test_a_stick_turns_again_only_after_it_came_back() -> None:
    turns = [0.6, 0.8, 1.0, 0.6, 0.9, 0.4, 0.8, -0.8]
    assert [one.snap for one in after(*(hands(right=Hand(turn=turn)) for turn in turns))] == [0, 1, 0, 0, 0, 0, 1, -1]
    keys = [InputSnapshot(pressed=frozenset(key)) for key in ("q", "e")]
    assert [one.snap for one in after(*keys)] == [-1, 1]


def test_the_menu_button_recentres_once_after_a_second() -> None:
    held = [hands(left=Hand(menu=True))] * 30
    asked = [one.recentre for one in after(*held, seconds=0.1)]
    assert asked.index(True) in (10, 11)
    assert sum(asked) == 1
    assert after(InputSnapshot(pressed=frozenset({"home"})))[0].recentre


def test_with_smooth_walking_one_stick_walks_and_the_other_turns() -> None:
    both = hands(Hand(move=(0.9, 0.1), turn=0.9), Hand(move=(0.0, 0.8), turn=0.0))
    smooth, plain = Comfort(smooth_walk=True), Comfort()
    for comfort, snap in ((smooth, 0), (plain, 1)):
        intent = Actions().update(both, comfort, seconds=0.01)
        assert (intent.move, intent.snap) == (pytest.approx((0.9, 0.1)), snap)
    intent = Actions().update(hands(Hand(turn=0.0), Hand(turn=-0.9)), smooth, seconds=0.01)
    assert intent.snap == -1


def test_the_walking_stick_is_pushed_at_most_one_and_rests_near_the_middle() -> None:
    assert after(hands(Hand(move=(0.1, 0.05))))[0].move == (0.0, 0.0)
    assert np.allclose(after(hands(Hand(move=(0.0, 0.5))))[0].move, (0.0, 0.5))
    assert np.isclose(np.hypot(*after(hands(Hand(move=(1.0, 1.0))))[0].move), 1.0)


def test_a_pointer_teleports_with_the_right_button_and_with_t() -> None:
    for key in ("mouse3", "t"):
        pointer = InputSnapshot(hands=(Hand(aim=AIM),), held=frozenset({key}))
        up = InputSnapshot(hands=(Hand(aim=AIM),))
        first, second = after(pointer, up)
        assert first.teleport.pressed and second.teleport.released
        assert Actions().update(pointer, Comfort(teleport=False), seconds=0.01).teleport == UP

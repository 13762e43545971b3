"""A gamepad's sticks and buttons, as the values that a controller gives."""

from vrclient.display.gamepad import UNTOUCHED, Gamepads, Pad, pad_of


def test_sticks_walk_and_turn_and_rest_in_their_middle() -> None:
    assert pad_of({"left_x": 0.5, "left_y": -1.0, "right_x": 0.9}, ()) == Pad(move=(0.5, -1.0), turn=0.9)
    assert pad_of({"left_x": 0.1, "left_y": -0.14, "right_x": 0.0}, ()) == UNTOUCHED


def test_buttons_and_triggers_select_and_teleport() -> None:
    assert pad_of({}, {"face_a"}) == pad_of({"right_trigger": 0.9}, ()) == Pad(select=True)
    assert pad_of({}, {"face_b"}) == pad_of({"left_trigger": 0.9}, ()) == Pad(teleport=True)
    assert pad_of({"right_trigger": 0.3}, {"start"}) == Pad(menu=True)


def test_without_a_gamepad_nothing_is_asked_for() -> None:
    assert Gamepads().read() == UNTOUCHED

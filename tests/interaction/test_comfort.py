"""Laws of blinks and vignettes: dark when it counts, never flashing, never for the head's own motion."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vrclient.interaction.comfort import SHORTEST_GAP, Blink, vignette
from vrclient.interaction.locomotion import WALK_SPEED


@given(frame=st.floats(0.004, 0.5), seconds=st.floats(0.02, 1.0))
def test_what_a_blink_hides_happens_in_the_dark_at_any_frame_rate(frame: float, seconds: float) -> None:
    blink, time, amounts, done_at = Blink.after(None, time=1.0, seconds=seconds), 1.0, [], -1
    for number in range(int(3.0 / frame) + 3):
        if blink.due(time):
            assert done_at < 0, "once"
            blink, done_at = blink.done(time), number
        amounts.append(blink.amount(time))
        time += frame
    assert done_at >= 0
    assert amounts[done_at] == 1.0
    assert amounts[0] == 0.0 and amounts[-1] == 0.0
    assert (np.diff(amounts[: done_at + 1]) >= 0).all() and (np.diff(amounts[done_at:]) <= 0).all()


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20), st.floats(0.0, 1.0))
def test_blinks_begin_at_most_three_times_a_second(gaps: list[float], seconds: float) -> None:
    blink, time, starts = None, 0.0, []
    for gap in gaps:
        time += gap
        blink = Blink.after(blink, time=time, seconds=seconds)
        assert blink.start >= time
        starts.append(blink.start)
    assert np.diff(starts).min() >= SHORTEST_GAP - 1e-9


def test_a_blink_of_no_length_acts_at_once_and_darkens_nothing() -> None:
    blink = Blink.after(None, time=2.0, seconds=0.0)
    assert blink.due(2.0)
    assert blink.done(2.0).amount(2.0) == blink.amount(2.0) == 0.0


@given(before=st.floats(0.0, 1.0), speed=st.floats(0.0, 10.0), seconds=st.floats(0.0, 1.0))
def test_a_vignette_goes_to_what_the_speed_asks_for_and_not_beyond(before: float, speed: float, seconds: float) -> None:
    wanted = min(speed / WALK_SPEED, 1.0)
    after = vignette(before, speed=speed, seconds=seconds)
    assert min(before, wanted) - 1e-12 <= after <= max(before, wanted) + 1e-12
    assert np.isclose(vignette(before, speed=speed, seconds=1.0), wanted)
    assert vignette(0.0, speed=0.0, seconds=seconds) == 0.0

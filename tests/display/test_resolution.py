"""The share of the picture that is drawn: quick to give way, slow to come back, never flickering."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vrclient.display.openxr.resolution import FRAMES_DOWN, FRAMES_UP, LEAST, Resolution

PERIOD = 1.0 / 90.0


def test_it_gives_way_after_a_few_late_frames_and_comes_back_after_a_second() -> None:
    resolution = Resolution()
    for _ in range(FRAMES_DOWN - 1):
        assert resolution.update(1.2 * PERIOD, PERIOD) == 1.0
    assert resolution.update(1.2 * PERIOD, PERIOD) == 0.9
    for _ in range(FRAMES_UP - 1):
        assert resolution.update(0.3 * PERIOD, PERIOD) == 0.9
    assert resolution.update(0.3 * PERIOD, PERIOD) == 1.0


def test_one_late_frame_changes_nothing() -> None:
    resolution = Resolution()
    for frame in range(200):
        assert resolution.update((3.0 if frame % 20 == 0 else 0.5) * PERIOD, PERIOD) == 1.0


@given(loads=st.lists(st.floats(0.0, 5.0), max_size=400))
def test_it_keeps_its_bounds(loads: list[float]) -> None:
    resolution = Resolution()
    for load in loads:
        before = resolution.scale
        scale = resolution.update(load * PERIOD, PERIOD)
        assert LEAST <= scale <= 1.0
        assert abs(scale - before) <= 0.1001
        width, height = resolution.size((1344, 1513))
        assert (width, height) == (1344, 1513) or (width % 8 == 0 and height % 8 == 0 and width < 1344)


@given(cost=st.floats(0.05, 3.0))
def test_a_steady_scene_does_not_flicker(cost: float) -> None:
    """Where the time goes by the pixels, the scale settles."""
    resolution = Resolution()
    scales = [resolution.update(cost * resolution.scale**2 * PERIOD, PERIOD) for _ in range(1500)]
    changes = sum(one != other for one, other in pairwise(scales[900:]))
    assert changes == 0


def test_it_stays_where_it_is_told_to() -> None:
    resolution = Resolution(dynamic=False, scale=0.8)
    assert all(resolution.update(5.0 * PERIOD, PERIOD) == 0.8 for _ in range(50))

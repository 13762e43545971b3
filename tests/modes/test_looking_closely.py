"""Zoom: the slider's ends, its inverse, and a picture that never leaves its frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.modes import closeup
from vrclient.modes.state import CloseUp
from vrclient.panels.closeup import framing
from vrclient.scene.interactives import Exhibit, Rectangle

EXHIBIT = Exhibit("map", {}, {}, Rectangle((0, 0, 1.5), (1, 0, 0), (0, 0, 1), (0.5, 0.4)))
REAL = st.floats(0.05, 30.0)


@given(REAL, st.floats(0.0, 1.0))
def test_the_slider_and_the_zoom_agree(real: float, share: float) -> None:
    zoom = closeup.zoom_at(share, real)
    assert 1.0 <= zoom <= closeup.closest(real) * 1.0001
    assert closeup.share_at(zoom, real) == pytest.approx(share, abs=1e-6)


@given(REAL)
def test_one_comes_as_close_as_twenty_centimetres(real: float) -> None:
    assert closeup.closest(real) >= real * 1.3 / 0.2 - 1e-9


@given(REAL, st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.1, 60.0)), max_size=20))
def test_the_part_that_is_seen_is_within_the_picture(real: float, moves: list[tuple[float, float, float]]) -> None:
    close_up = CloseUp(EXHIBIT)
    for across, down, zoom in moves:
        close_up = closeup.moved(closeup.zoomed(close_up, zoom, real=real), across, down)
        part = framing((1.0, 0.8), (2.0, 1.0), zoom=close_up.zoom, middle=close_up.middle).part
        left, top, right, bottom = part
        assert -1e-9 <= left < right <= 1.0 + 1e-9 and -1e-9 <= top < bottom <= 1.0 + 1e-9


def test_a_picture_that_is_pulled_to_the_right_shows_what_is_left_of_it() -> None:
    close_up = closeup.moved(closeup.zoomed(CloseUp(EXHIBIT), 4.0, real=1.0), 0.5, 0.0)
    assert close_up.middle == (0.5 - 0.5 / 4.0, 0.5)

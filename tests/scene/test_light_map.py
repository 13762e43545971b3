"""Pools of lamplight: where they are, how they add up, and where they end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.scene.draw_data import Light
from vrclient.scene.light_map import light_map
from vrclient.scene.occlusion import cell_centers, height_field

LOW, HIGH = (-30.0, -20.0), (30.0, 20.0)
FIELD = height_field(np.zeros((0, 3, 3)), low=LOW, high=HIGH)
ROWS, COLUMNS = FIELD.ground.shape


def test_a_map_without_lamps_is_dark_and_covers_the_field() -> None:
    one = light_map([], FIELD)
    assert one.pixels.shape == (2 * ROWS, COLUMNS, 4) and one.pixels.dtype == np.float32
    assert (one.pixels[:ROWS, :, :3] == 0.0).all() and (one.pixels[:ROWS, :, 3] == 1.0).all()
    assert one.frame == pytest.approx((-30.0, -20.0, 1 / 60, 1 / 40))


@settings(max_examples=30, deadline=None)
@given(x=st.floats(-25, 25), y=st.floats(-15, 15), z=st.floats(0.5, 8), reach=st.floats(4, 20))
def test_a_lamp_is_brightest_below_itself_and_ends_at_its_reach(x: float, y: float, z: float, reach: float) -> None:
    if z >= 0.8 * reach:
        z = 0.5 * reach
    pixels = light_map([Light((x, y, z), reach=reach)], FIELD).pixels
    red = pixels[:ROWS, :, 0]
    row, column = np.unravel_index(red.argmax(), red.shape)
    places = cell_centers(LOW, HIGH)
    assert np.abs(places[row, column] - (x, y)).max() <= 0.51
    assert (red[np.hypot(*(places - (x, y)).transpose(2, 0, 1)) > reach] == 0.0).all()
    assert np.isfinite(pixels).all() and (red >= 0.0).all()


def test_light_adds_up_and_takes_the_lamps_colour() -> None:
    first, second = Light((0, 0, 3), color=(1, 0.5, 0.25)), Light((6, 2, 4), color=(0, 0, 1), intensity=2.0)
    both = light_map([first, second], FIELD).pixels[:ROWS, :, :3]
    alone = [light_map([one], FIELD).pixels[:ROWS, :, :3] for one in (first, second)]
    assert both == pytest.approx(alone[0] + alone[1], abs=1e-6)
    assert alone[0][20, 30] / alone[0][20, 30, 0] == pytest.approx([1.0, 0.5, 0.25])


def test_a_park_lamp_lights_white_ground_nearly_as_bright_as_the_screen() -> None:
    pixels = light_map([Light((0, 0, 3.5))], FIELD).pixels
    assert pixels[20, 30, 0] == pytest.approx(0.85, abs=0.1)


def test_the_second_half_points_from_the_ground_to_the_lamp() -> None:
    hill = height_field(np.zeros((0, 3, 3)), low=LOW, high=HIGH, ground=np.full((ROWS, COLUMNS), 2.0))
    pixels = light_map([Light((5.0, -3.0, 6.0))], hill).pixels
    places = cell_centers(LOW, HIGH)
    offset = pixels[ROWS + 20, 32]
    assert offset[:2] + places[20, 32] == pytest.approx([5.0, -3.0], abs=1e-4)
    assert offset[2:] == pytest.approx([4.0, 2.0], abs=1e-4)


def test_large_fields_get_larger_texels_in_the_right_place() -> None:
    wide = height_field(np.zeros((0, 3, 3)), low=(-750.0, -300.0), high=(750.0, 300.0))
    one = light_map([Light((100.0, -50.0, 3.0))], wide)
    rows, columns = one.pixels.shape[0] // 2, one.pixels.shape[1]
    assert columns <= 1024
    row, column = np.unravel_index(one.pixels[:rows, :, 0].argmax(), (rows, columns))
    left, bottom, across, upward = one.frame
    assert left + (column + 0.5) / (columns * across) == pytest.approx(100.0, abs=1.1)
    assert bottom + (row + 0.5) / (rows * upward) == pytest.approx(-50.0, abs=1.1)

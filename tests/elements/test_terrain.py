"""Terrain: heights from hills and files, and the words for what is wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from shapes import built, check_all, context_of, problems, whole

from vrclient.elements.terrain import Terrain, height_grid


@given(st.floats(20.0, 20_000.0), st.floats(20.0, 20_000.0), st.floats(10.0, 2000.0))
def test_the_grid_rises_fits_and_stays_small(width: float, depth: float, detail: float) -> None:
    grid = height_grid(Terrain(kind="terrain", size_m=(width, depth), detail_m=detail))
    assert (np.diff(grid.x) > 0).all() and (np.diff(grid.y) > 0).all()
    assert grid.z.size <= 40_000
    assert np.isclose(grid.x, width / 2).any() and np.isclose(grid.y, -depth / 2).any()
    assert np.ptp(grid.x) > 8000.0, "the land reaches the horizon"


def test_a_hill_has_its_height_and_a_smooth_foot() -> None:
    _, context = context_of(
        {"kind": "terrain", "size_m": [300, 300], "hills": [{"center": [0, 0], "radius_m": 60, "height_m": 8, "top_m": 10}]}
    )
    assert context.ground.height([0.0, 0.0]) == pytest.approx(8.0)
    assert context.ground.height([[59.0, 0.0], [100.0, 0.0]]) == pytest.approx([0.0, 0.0], abs=0.05)


def test_the_drawn_land_is_right_way_up() -> None:
    (data,) = built({"kind": "terrain", "size_m": [200, 300], "hills": [{"center": [20, 10], "radius_m": 40, "height_m": 9}]})
    check_all(data)
    assert (whole(data).normal[:, 2] > 0.5).all()
    assert len(whole(data).position) < 45_000


def test_a_heights_image_has_north_on_top(tmp_path: Path) -> None:
    pixels = np.zeros((16, 16), np.uint8)
    pixels[:8] = 255
    Image.fromarray(pixels).save(tmp_path / "h.png")
    _, context = context_of({"kind": "terrain", "size_m": [100, 100], "heights": tmp_path / "h.png", "height_range_m": [1, 11]})
    assert context.ground.height([0.0, 40.0]) == pytest.approx(11.0)
    assert context.ground.height([0.0, -40.0]) == pytest.approx(1.0)


def test_a_heights_array_is_in_metres(tmp_path: Path) -> None:
    np.save(tmp_path / "h.npy", np.array([[30.0, 30.0], [10.0, 10.0]], np.float32))
    _, context = context_of({"kind": "terrain", "size_m": [100, 100], "level_m": 2, "heights": tmp_path / "h.npy"})
    assert context.ground.height([[0.0, 0.0], [0.0, 50.0]]) == pytest.approx([22.0, 32.0], abs=1e-6)


def test_what_is_wrong_with_it() -> None:
    assert problems(kind="terrain", height_range_m=[5, 5]) == [
        "height_range_m must be [low, high] with low below high; it is [5, 5]"
    ]
    assert problems(kind="terrain", hills=[{"center": [0, 0], "radius_m": 10, "top_m": 10}]) == [
        "top_m (10) must be smaller than radius_m (10), or the hill has no slope"
    ]

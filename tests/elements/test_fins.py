"""Fins: counted, rising, turned across their curve."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapes import TERRAIN, built, check_shape, problems

ROW: dict[str, Any] = {"kind": "fins", "path": [[0, 0], [50, 0]], "count": 11, "height_m": [2, 12], "ease": "linear"}


@given(st.integers(1, 300), st.sampled_from(["linear", "smooth", "in", "out"]))
def test_count_and_height(count: int, ease: str) -> None:
    (data,) = built({**ROW, "count": count, "ease": ease, "level_m": 1.0})
    rows = data.instances[0]
    assert len(rows.position) == count
    assert rows.scale[0, 2] == 2.0 and rows.scale[:, 2].max() <= 12.0
    if count > 1:
        assert rows.scale[-1, 2] == 12.0 and (np.diff(rows.scale[:, 2]) > -1e-5).all()
    assert (rows.position[:, 2] == 1.0).all()


def test_they_stand_right_of_an_open_path_on_the_land() -> None:
    _, data = built(TERRAIN, {**ROW, "offset_m": 3})
    rows = data.instances[0]
    assert np.allclose(rows.position[:, 1], -3.0)
    assert np.allclose(np.abs(rows.heading), np.pi)
    assert np.allclose(rows.scale[[0, -1], 2], [2.3, 12.3])


@pytest.mark.parametrize("reverse", [False, True])
def test_they_stand_outside_of_a_closed_curve(reverse: bool) -> None:
    outline = [[-20, -20], [20, -20], [20, 20], [-20, 20]]
    shell = {"kind": "shell", "id": "hall", "outline": outline[::-1] if reverse else outline}
    _, data = built(shell, {"kind": "fins", "along": "hall", "offset_m": 2, "count": 40})
    rows = data.instances[0]
    outward = np.column_stack([np.sin(rows.heading), np.cos(rows.heading)])
    assert (np.einsum("ij,ij->i", outward, rows.position[:, :2]) > 0).all()
    reach = np.hypot(*rows.position[:, :2].T)
    assert reach.min() > 21.0
    assert len(np.unique(rows.position.round(2), axis=0)) == 40


def test_an_arc_is_a_part() -> None:
    (data,) = built({**ROW, "arc": [0.5, 1.0]})
    assert data.instances[0].position[:, 0].min() == pytest.approx(25.0, abs=0.1)


def test_leaning_fins_lean_outward() -> None:
    (data,) = built({**ROW, "lean_deg": 10, "level_m": 0})
    assert data.instances == ()
    shape = data.surfaces[0].mesh
    check_shape(shape)
    last = shape.position[shape.position[:, 0] > 49]
    assert last[last[:, 2] > 11.9, 1].mean() == pytest.approx(-12 * np.tan(np.radians(10)), abs=0.02)


def test_equal_looks_share_a_mesh() -> None:
    first, second, other = built(ROW, {**ROW, "count": 3}, {**ROW, "light": 2})
    assert first.instances[0].mesh.key == second.instances[0].mesh.key != other.instances[0].mesh.key


def test_what_is_wrong_with_it() -> None:
    sentence = "fins have either along (the id of another element) or path (points of their own), and exactly one of them"
    assert problems(kind="fins") == [sentence]
    assert problems(**ROW, along="hall") == [sentence]
    assert problems(**{**ROW, "arc": [0.4, 0.4]}) == [
        "arc [0.4, 0.4] is empty; give the beginning and the end of the part where the fins stand"
    ]

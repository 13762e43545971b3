"""What a wrong argument is answered with: the whole message."""

from typing import Any

import numpy as np
import pytest
from brute_force import views

from vrclient.visibility import VisibilityIndex

THREE = np.ones((3, 3), np.float32)
GOOD: dict[str, Any] = {"center": THREE, "half_extent": THREE, "mesh": np.arange(3, dtype=np.int32)}


def changed(value: float) -> np.ndarray:
    array = THREE.copy()
    array[1, 2] = value
    return array


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("center", np.ones(3, np.float32), "center has shape (3,); expected (N, 3)"),
        ("center", np.ones((3, 2), np.float32), "center has shape (3, 2); expected (N, 3)"),
        ("center", np.ones((3, 3), np.int32), "center has dtype int32; expected float32 (float64 is rounded)"),
        ("center", np.full((3, 3), "a"), "center has dtype <U1; expected float32 (float64 is rounded)"),
        ("center", changed(np.nan), "center has shape (3, 3) and is nan at [1, 2]; expected -1e+12 to 1e+12 metres"),
        ("center", changed(-np.inf), "center has shape (3, 3) and is -inf at [1, 2]; expected -1e+12 to 1e+12 metres"),
        ("half_extent", THREE[:2], "half_extent has shape (2, 3); expected (3, 3)"),
        ("half_extent", changed(-0.5), "half_extent has shape (3, 3) and is -0.5 at [1, 2]; expected 0 to 1e+12 metres"),
        ("half_extent", changed(np.nan), "half_extent has shape (3, 3) and is nan at [1, 2]; expected 0 to 1e+12 metres"),
        ("mesh", np.zeros(4, np.int32), "mesh has shape (4,); expected (3,)"),
        ("mesh", np.zeros((3, 1), np.int32), "mesh has shape (3, 1); expected (3,)"),
        ("mesh", np.zeros(3), "mesh has dtype float64; expected int32 mesh numbers"),
        ("mesh", np.array([0, -1, 2]), "mesh holds -1; expected 0 or more"),
        ("mesh", np.array([0, 2**40, 2]), "mesh holds 0 to 1099511627776; expected mesh numbers that fit in int32"),
        ("built", [1, 2], "built has shape (2,); expected (3,)"),
        ("built", [1.0, 2.0, 3.0], "built has dtype float64; expected int32 days"),
        ("demolished", [1, 2, 2**31], "demolished holds 1 to 2147483648; expected days that fit in int32"),
        ("lod_pixels", np.ones((3, 1, 1)), "lod_pixels has shape (3, 1, 1); expected (L - 1,) or (M, L - 1) with L <= 200"),
        ("lod_pixels", np.ones(200), "lod_pixels has shape (200,); expected (L - 1,) or (M, L - 1) with L <= 200"),
        ("lod_pixels", [5.0, 9.0], "lod_pixels is [5.0, 9.0]; expected finite pixels >= 0 that do not rise"),
        ("lod_pixels", [[np.nan]] * 3, "lod_pixels is [[nan], [nan], [nan]]; expected finite pixels >= 0 that do not rise"),
        ("lod_pixels", [[9.0]] * 2, "mesh holds 2, but lod_pixels has shape (2, 1); expected mesh < 2"),
        ("cutoff_pixels", -1.0, "cutoff_pixels is -1.0; expected a finite number >= 0"),
        ("cutoff_pixels", np.nan, "cutoff_pixels is nan; expected a finite number >= 0"),
        ("lod_bias", 0.0, "lod_bias is 0.0; expected a finite number > 0"),
        ("moving", [0, 1, 0], "moving has shape (3,) and dtype int64; expected (3,) bool"),
        ("moving", [True], "moving has shape (1,) and dtype bool; expected (3,) bool"),
    ],
)
def test_build(name: str, value: object, message: str) -> None:
    with pytest.raises(ValueError) as error:
        VisibilityIndex.build(**{**GOOD, name: value})
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("rows", "center", "half_extent", "message"),
    [
        ([[0]], THREE[:1], THREE[:1], "rows has shape (1, 1); expected (K,)"),
        ([0.0], THREE[:1], THREE[:1], "rows has dtype float64; expected int32 row numbers"),
        ([0, 3], THREE[:2], THREE[:2], "rows holds 0 to 3; expected 0 <= row < 3"),
        ([-1], THREE[:1], THREE[:1], "rows holds -1 to -1; expected 0 <= row < 3"),
        ([0], THREE, THREE[:1], "center has shape (3, 3); expected (1, 3)"),
        ([0], THREE[:1], THREE, "half_extent has shape (3, 3); expected (1, 3)"),
        ([0], THREE[:1] * np.nan, THREE[:1], "center has shape (1, 3) and is nan at [0, 0]; expected -1e+12 to 1e+12 metres"),
    ],
)
def test_move(rows: object, center: object, half_extent: object, message: str) -> None:
    scene = VisibilityIndex.build(**GOOD)
    with pytest.raises(ValueError) as error:
        scene.move(rows, center, half_extent)  # type: ignore[arg-type]
    assert str(error.value) == message


@pytest.mark.parametrize("date", [1.5, float("nan"), "2010-05-01", 2**31 - 1, -(2**31) - 1])
def test_date(date: object) -> None:
    with pytest.raises(ValueError) as error:
        VisibilityIndex.build(**GOOD).cull(views(), date=date)  # type: ignore[arg-type]
    assert str(error.value) == f"date is {date!r}; expected a date, a whole number of days below 2147483647, or None"


@pytest.mark.parametrize(
    ("margin", "message"),
    [
        (np.zeros(2), "margin has shape (2,) and holds 0 to 0; expected (3,) of 0 to 1e+12 metres"),
        (np.array([0.0, -1.0, 2.0]), "margin has shape (3,) and holds -1 to 2; expected (3,) of 0 to 1e+12 metres"),
        (np.array([0.0, np.nan, 2.0]), "margin has shape (3,) and holds nan to nan; expected (3,) of 0 to 1e+12 metres"),
        ([], "margin has shape (0,) and holds nothing; expected (3,) of 0 to 1e+12 metres"),
    ],
)
def test_margin(margin: object, message: str) -> None:
    with pytest.raises(ValueError) as error:
        VisibilityIndex.build(**GOOD, margin=margin)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("planes", "message"),
    [
        (np.zeros((5, 4)), "planes has shape (5, 4); expected (6, 4)"),
        (np.full((6, 4), np.inf), "planes must hold finite numbers, but one is NaN or infinite"),
    ],
)
def test_inside(planes: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError) as error:
        VisibilityIndex.build(**GOOD).inside(planes)
    assert str(error.value) == message


def test_what_is_right_is_taken() -> None:
    VisibilityIndex.build(THREE.astype(np.float64).tolist(), THREE, [0, 1, 2], built=np.arange(3, dtype=np.uint16))
    VisibilityIndex.build(**GOOD).cull(views(), date=np.int64(5))  # type: ignore[arg-type]

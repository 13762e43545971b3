"""The laws of the layout: every row has one slot, cells are of one mesh, and a cell's bounds hold its boxes."""

import numpy as np
from brute_force import World, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.visibility.cells import CELL_ROWS, Cells, build_cells
from vrclient.visibility.culling import true_indices

MESHES = 7


def build(made: World, moving: np.ndarray | None = None) -> Cells:
    hint = np.zeros(len(made), np.bool_) if moving is None else moving
    center, half_extent = made.center.astype(np.float64), made.half_extent.astype(np.float64)
    return build_cells(center, half_extent, made.mesh.astype(np.int64), hint, mesh_count=MESHES)


@settings(max_examples=60)
@given(made=worlds, seed=st.integers(0, 99))
def test_rows_are_laid_out_once_by_mesh_and_inside_their_bounds(made: World, seed: int) -> None:
    moving = np.random.default_rng(seed).random(len(made)) < 0.3
    cells = build(made, moving)
    assert sorted(cells.rows[cells.filled].tolist()) == list(range(len(made)))
    np.testing.assert_array_equal(cells.rows.reshape(-1)[cells.slot], np.arange(len(made)))
    assert (made.mesh[cells.rows] == cells.mesh[:, None]).all()
    assert (moving[cells.rows] == moving[cells.rows[:, :1]]).all()
    np.testing.assert_array_equal(cells.first, np.searchsorted(cells.mesh, np.arange(MESHES + 1)))
    check_boxes(cells, made)


@settings(max_examples=60)
@given(made=worlds, seed=st.integers(0, 99))
def test_after_a_move_the_columns_and_bounds_are_as_if_built_there(made: World, seed: int) -> None:
    cells = build(made)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(rng.random(len(made)) < 0.2)
    made.center[rows] += rng.normal(0.0, 50.0, (len(rows), 3)).astype(np.float32)
    made.half_extent[rows] *= 3.0
    changed = cells.move(rows, made.center[rows].astype(np.float64), made.half_extent[rows].astype(np.float64))
    np.testing.assert_array_equal(changed, np.unique(cells.slot[rows] // CELL_ROWS))
    check_boxes(cells, made)


def check_boxes(cells: Cells, made: World) -> None:
    center, half = cells.columns[:3].astype(np.float64), cells.columns[3:].astype(np.float64)
    true_center = made.center[cells.rows].astype(np.float64).transpose(2, 0, 1) - cells.origin[:, None, None]
    assert (half - made.half_extent[cells.rows].transpose(2, 0, 1) >= np.abs(center - true_center)).all()
    middle, reach = cells.bounds[:3, :, None].astype(np.float64), cells.bounds[3:6, :, None].astype(np.float64)
    assert (np.abs(center - middle) + half <= reach * (1.0 + 1e-12)).all()
    assert (cells.bounds[6] == 1.0).all()
    assert ((np.abs(center) + half).max(axis=(1, 2), initial=0.0) <= cells.reach * (1.0 + 1e-12)).all()


def test_cells_of_an_even_field_are_about_square() -> None:
    rng = np.random.default_rng(0)
    center = rng.uniform([0, 0, 0], [3000, 1000, 1], (32_000, 3))
    cells = build_cells(center, center * 0.0, np.zeros(len(center), np.int64), np.zeros(len(center), np.bool_), mesh_count=1)
    assert len(cells) == 1000
    width, depth = 2.0 * np.median(cells.bounds[3:5], axis=1)
    assert 0.7 < width / depth < 1.4
    assert width * depth < 3000.0


@settings(max_examples=50)
@given(flags=st.lists(st.booleans(), max_size=50), block=st.integers(1, 60))
def test_true_indices_are_those_of_flatnonzero(flags: list[bool], block: int) -> None:
    array = np.array(flags, np.bool_)
    expected = np.flatnonzero(array)
    np.testing.assert_array_equal(true_indices(array, out=np.empty(len(flags), np.int64)), expected)
    many = np.tile(array, 3000)
    found = true_indices(many, out=np.empty(len(many), np.int64))
    np.testing.assert_array_equal(found, np.flatnonzero(many))

"""What goes in comes out, in parts that share what they have in common. Files nobody holds are cleared away."""

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vrclient.app.shared_arrays import (
    ALIGNMENT,
    GONE_WHEN_CLOSED,
    SharedArrays,
    SharedArraysFile,
    clear_shared_arrays,
    write_shared_arrays,
)
from vrclient.scene.tables import VERTEX

COLUMNS = arrays.arrays(
    st.sampled_from([np.float32, np.int64, np.uint8, np.bool_]), arrays.array_shapes(min_dims=1, max_dims=3, max_side=9)
)


def through(path: Path, parts: list[Any]) -> list[Any]:
    path.write_bytes(b"")
    write_shared_arrays(path, parts)
    return list(SharedArrays(path).parts())


@given(st.lists(st.one_of(COLUMNS, st.dictionaries(st.text(), COLUMNS, max_size=3), st.text()), max_size=6))
def test_everything_comes_out_again(tmp_path_factory: pytest.TempPathFactory, parts: list[Any]) -> None:
    for sent, received in zip(parts, through(tmp_path_factory.getbasetemp() / "any.arrays", parts), strict=True):
        assert type(received) is type(sent)
        if isinstance(sent, dict):
            assert list(received) == list(sent)
        for one, other in zip(*((x.values() if isinstance(x, dict) else [x]) for x in (sent, received)), strict=True):
            if isinstance(one, np.ndarray):
                assert other.dtype == one.dtype
                np.testing.assert_array_equal(other, one)
            else:
                assert other == one


def test_parts_share_what_they_have_in_common(tmp_path: Path) -> None:
    shared = np.zeros(5, VERTEX)
    first, second = through(tmp_path / "arrays", [shared, {"again": shared}])
    assert second["again"] is first


def test_arrays_lie_as_visibility_likes_them_and_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    path.touch()
    write_shared_arrays(path, [np.arange(3), np.arange(1000, dtype=np.float32)])
    _, column = SharedArrays(path).parts()
    assert column.ctypes.data % ALIGNMENT == 0
    column[:] = 0.0
    _, again = SharedArrays(path).parts()
    np.testing.assert_array_equal(again, np.arange(1000))


def test_the_file_may_go_once_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    path.touch()
    write_shared_arrays(path, [np.arange(100_000)])
    arrays = SharedArrays(path)
    path.unlink()
    np.testing.assert_array_equal(next(arrays.parts()), np.arange(100_000))


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "arrays").touch()
    with pytest.raises(ValueError, match="empty"):
        SharedArrays(tmp_path / "arrays")


HOLDER = """
import sys
from vrclient.app.shared_arrays import SharedArraysFile, write_shared_arrays
file = SharedArraysFile()
write_shared_arrays(file.path, ["a part"])
print(file.path, flush=True)
sys.stdin.read()
"""


def test_what_killed_programs_leave_is_cleared_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    living, killed = (Path(str(one.stdout and one.stdout.readline()).strip()) for one in holders)
    other = tmp_path / "another.arrays"
    other.touch()
    try:
        clear_shared_arrays()
        assert living.exists() and killed.exists()
        holders[1].kill()
        holders[1].wait()
        assert killed.exists()
        own = SharedArraysFile()
        clear_shared_arrays()
        assert living.exists() and not killed.exists() and own.path.exists() and other.exists()
        own.close()
        assert not own.path.exists()
    finally:
        for one in holders:
            one.communicate("")


def test_a_link_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other, link = tmp_path / "another", tmp_path / "vrclient-link.arrays"
    other.touch()
    link.symlink_to(other)
    clear_shared_arrays()
    assert other.exists() and link.is_symlink()


def test_what_was_taken_stays_though_its_file_goes() -> None:
    """On Windows it goes with the last of what was taken."""
    file = SharedArraysFile()
    write_shared_arrays(file.path, [np.arange(1000)])
    arrays = file.take()
    file.close()
    assert file.path.exists() == bool(GONE_WHEN_CLOSED)
    column = next(arrays.parts())
    np.testing.assert_array_equal(column, np.arange(1000))
    del arrays, column
    gc.collect()
    assert not file.path.exists()

"""Heights as GIS gives them: metres stay metres, voids are filled and said, what cannot be land is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.heights import filled, read_heights

SLOPE = np.linspace(1100.0, 1300.0, 64)[:, None] + np.zeros((1, 64))


def saved(values: np.ndarray, file: Path, **options: object) -> Path:
    if file.suffix == ".npy":
        np.save(file, values)
    else:
        Image.fromarray(values).save(file, **options)
    return file


def problems(file: Path) -> tuple[Diagnostic, ...]:
    return AssetFolder(file.parent).inspect(file, "heights")


@pytest.mark.parametrize(
    ("name", "dtype", "void"),
    [
        ("land.tif", np.float32, -9999.0),
        ("land.tif", np.int32, -9999),
        ("land.npy", np.int16, -32768),
        ("land.npy", np.float32, -3.4028235e38),
        ("land.npy", np.float64, np.nan),
    ],
)
def test_metres_with_a_void(name: str, dtype: type, void: float, tmp_path: Path) -> None:
    values = SLOPE.astype(dtype)
    values[0, 0] = void
    file = saved(values, tmp_path / name)
    found = read_heights(file)
    assert found.is_metres and found.voids == 1
    assert found.values[0, 0] == pytest.approx(1100.0, abs=20.0)
    assert np.allclose(found.values[1:], SLOPE[1:], atol=1.0)
    (said,) = problems(file)
    assert said.severity == "warning"
    assert said.message == f"1 of the 4,096 heights in '{name}' are voids ({found.mark}), filled from their edges"
    assert said.help == "fill them in a GIS if the land there matters"


def test_signed_tiff_of_16_bits(tmp_path: Path) -> None:
    """As GDAL writes elevation models; Pillow reads them, but cannot write them."""
    numbers = SLOPE.astype("<i2")
    numbers[3, 4] = -32768
    pixels = numbers.tobytes()
    entries = [(256, 4, 64), (257, 4, 64), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 4, 64)]
    entries += [(279, 4, len(pixels)), (339, 3, 2)]
    directory = len(entries).to_bytes(2, "little")
    for tag, kind, value in entries:
        directory += (
            tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + (1).to_bytes(4, "little") + value.to_bytes(4, "little")
        )
    file = tmp_path / "srtm.tif"
    file.write_bytes(b"II*\0" + (8 + len(pixels)).to_bytes(4, "little") + pixels + directory + bytes(4))
    found = read_heights(file)
    assert found.is_metres and found.voids == 1 and found.mark == "-32768"
    assert np.allclose(found.values, SLOPE, atol=5.0)


def test_the_mark_that_the_file_names(tmp_path: Path) -> None:
    values = SLOPE.astype(np.float32)
    values[5:9, 5:9] = -1234.0
    file = saved(values, tmp_path / "land.tif", tiffinfo={42113: "-1234"})
    found = read_heights(file)
    assert found.voids == 16 and found.values.min() >= 1100.0


def test_greys_stay_greys(tmp_path: Path) -> None:
    for values, name in (
        (np.array([[0, 255], [51, 102]], np.uint8), "grey.png"),
        (np.array([[0, 65535], [13107, 0]], np.uint16), "grey.tif"),
    ):
        found = read_heights(saved(values, tmp_path / name))
        assert not found.is_metres and found.values[0, 1] == 1.0 and found.values[1, 0] == pytest.approx(0.2)


def test_what_cannot_be_land(tmp_path: Path) -> None:
    file = saved(np.array([[0.0, 1e20], [-12_000.0, 5.0]]), tmp_path / "h.npy")
    (said,) = problems(file)
    assert said.message == "'h.npy' has heights from -12000 to 1e+20 m; at most 10,000 m up or down is allowed"
    assert said.help == "give heights in metres, and mark voids with NaN or -9999"


def test_nothing_but_voids(tmp_path: Path) -> None:
    (said,) = problems(saved(np.full((3, 4), -9999.0), tmp_path / "h.npy"))
    assert said.message == "all 12 heights in 'h.npy' are voids (-9999)"


@given(
    values=arrays.arrays(np.float32, st.tuples(st.integers(1, 17), st.integers(1, 17)), elements=st.floats(-100, 100, width=32)),
    data=st.data(),
)
def test_filling_keeps_what_is_known_and_stays_within_it(values: np.ndarray, data: st.DataObject) -> None:
    empty = data.draw(arrays.arrays(np.bool_, values.shape))
    empty.flat[data.draw(st.integers(0, values.size - 1))] = False
    result = filled(values, empty)
    assert np.array_equal(result[~empty], values[~empty])
    assert result.min() >= values[~empty].min() - 1e-3 and result.max() <= values[~empty].max() + 1e-3

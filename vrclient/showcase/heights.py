"""Files of heights: .npy grids and the grids that GIS writes as TIFF hold metres, other images hold greys. It makes no land.

Voids, as elevation models have them, are known by their usual marks and filled smoothly from their edges."""

import contextlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float32]

VOIDS = (-9999.0, -32767.0, -32768.0)
"""What stands where nothing was measured, besides NaN, infinities, numbers near the largest float32, and a TIFF's own mark."""
_HUGE = 1e30
_SAMPLE_FORMAT, _NO_DATA = 339, 42113
"""Tags of TIFF: what the numbers are (1 unsigned, 2 signed, 3 floating), and GDAL's mark of a void."""


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """values [rows, columns] float32, first row = north, voids filled: metres, or greys from 0 to 1 where not `is_metres`;
    voids: how many were filled; mark: what stood in most of them."""

    values: Grid
    is_metres: bool
    voids: int = 0
    mark: str = ""


def read_heights(file: Path, /) -> Heights:
    """The heights of a file. Raises what Pillow and NumPy raise for a file that is damaged; the values are not judged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if file.suffix.lower() == ".npy":
            return _metres(np.asarray(np.load(file, allow_pickle=False)), None)
        from PIL import Image

        with Image.open(file) as image:
            tags = getattr(image, "tag_v2", {})
            numbers = tags.get(_SAMPLE_FORMAT, (1,))
            if image.mode == "F" or (numbers[0] if isinstance(numbers, tuple) else numbers) in (2, 3):
                mark = None
                with contextlib.suppress(ValueError):
                    mark = float(str(tags[_NO_DATA]).strip(" \0")) if _NO_DATA in tags else None
                return _metres(np.asarray(image), mark)
            deep = image.mode.startswith("I")
            grey = np.asarray(image if deep else image.convert("L"), np.float32)
        full = 65535.0 if deep and grey.max(initial=0.0) > 255.0 else 255.0
        return Heights(grey / np.float32(full), is_metres=False)


def _metres(found: NDArray, mark: float | None) -> Heights:
    with np.errstate(over="ignore", invalid="ignore"):
        values = found.astype(np.float32)
        empty = ~np.isfinite(found) | (np.abs(found) > _HUGE) & (np.abs(found) < 4e38)
        for one in VOIDS if mark is None else (*VOIDS, mark):
            empty |= values == np.float32(one)
    voids = int(empty.sum())
    if not voids:
        return Heights(values, is_metres=True)
    shown, count = np.unique(found[empty].astype(np.float64), return_counts=True)
    most = f"{shown[int(np.argmax(count))]:.8g}".replace("nan", "NaN")
    return Heights(filled(values, empty) if voids < values.size else values, is_metres=True, voids=voids, mark=most)


def filled(values: Grid, empty: NDArray[np.bool_], /) -> Grid:
    """The grid with its empty cells filled smoothly from what is around them; at least one cell must not be empty.

    Source: Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph (1996), its pull-push."""
    weight = np.where(empty, 0.0, 1.0).astype(np.float32)
    return _pulled(np.where(empty, 0.0, values).astype(np.float32), weight)


def _pulled(values: Grid, weight: Grid) -> Grid:
    """Where weight [H, W] is 0, the value is that of a grid of half the size, which has fewer such places."""
    if weight.all():
        return values
    rows, columns = values.shape
    pad = ((0, rows % 2), (0, columns % 2))
    sums = np.pad(values * weight, pad).reshape((rows + 1) // 2, 2, (columns + 1) // 2, 2).sum(axis=(1, 3))
    share = np.pad(weight, pad).reshape((rows + 1) // 2, 2, (columns + 1) // 2, 2).sum(axis=(1, 3))
    coarse = _pulled(sums / np.maximum(share, 1.0), np.minimum(share, 1.0))
    finer = _doubled(_doubled(coarse, rows, 0), columns, 1)
    return np.where(weight > 0.0, values, finer).astype(np.float32)


def _doubled(coarse: Grid, length: int, axis: int) -> Grid:
    """Twice as fine along an axis, linear in between."""
    place = np.clip((np.arange(length) - 0.5) / 2.0, 0.0, coarse.shape[axis] - 1)
    before = np.floor(place).astype(np.int64)
    after = np.minimum(before + 1, coarse.shape[axis] - 1)
    share = np.expand_dims((place - before).astype(np.float32), 1 - axis)
    return np.asarray(np.take(coarse, before, axis) * (1 - share) + np.take(coarse, after, axis) * share, np.float32)

"""Pictures and tables in the layout that the engine keeps them in. Plain numpy: it may be made where there is no engine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.tables import InstanceTable

TINT_BITS, TINT_MAX = 9, 4.0
"""A tint's channel is stored as round(511 * sqrt(tint / 4)); shaders/include/instances.glsl reads it."""


def image_texels(pixels: NDArray[np.uint8], /) -> NDArray[np.uint8]:
    """[H, W, 4] RGBA, row 0 on top -> [H, W, 4] BGRA, the lowest row first."""
    return np.ascontiguousarray(pixels[::-1, :, [2, 1, 0, 3]])


def table_texels(table: NDArray[np.floating[Any]], /) -> NDArray[np.float32]:
    """[H, W, 3 or 4] linear floats, row 0 at v = 0 -> [H, W, 4] float32 BGRA; a lacking alpha is 1."""
    height, width, channels = table.shape
    full = np.ones((height, width, 4), np.float32)
    full[..., :channels] = table
    return np.ascontiguousarray(full[..., [2, 1, 0, 3]])


def instance_rows(table: InstanceTable, /) -> NDArray[np.float32]:
    """[2 N, 4] float32: for each row position and heading, then scale and the tint packed in the bits of a float; no rows give
    one texel of zeros."""
    rows = np.zeros((len(table.position), 2, 4), np.float32)
    rows[:, 0, :3], rows[:, 0, 3] = table.position, table.heading
    rows[:, 1, :3], rows[:, 1, 3] = table.scale, packed_tint(table.tint)
    return rows.reshape(-1, 4) if len(rows) else np.zeros((1, 4), np.float32)


def packed_tint(tint: NDArray[np.float32], /) -> NDArray[np.float32]:
    """[N, 3] linear RGB 0..4 -> [N] float32 that holds 27 bits. Bit 29 is set, so that it is always a normal number."""
    level = np.rint(511.0 * np.sqrt(np.clip(tint, 0.0, TINT_MAX) / TINT_MAX)).astype(np.uint32)
    bits = level[:, 0] | level[:, 1] << np.uint32(TINT_BITS) | level[:, 2] << np.uint32(2 * TINT_BITS) | np.uint32(1 << 29)
    return bits.astype(np.uint32).view(np.float32)

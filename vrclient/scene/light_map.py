"""The light of all lamps as one picture of the ground, so that any number of lamps costs a shader the same.

Lamps throw no shadow here, and a surface high above the ground is lit as if all lamps of its cell stood in their common
middle: right for pools of light on paths and the feet of walls, which is what lamps are for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.draw_data import Light
from vrclient.scene.occlusion import HeightField, ground_openness

MAX_TEXELS = 1024
STRENGTH = 12.0
"""Light of intensity 1 at one metre: a park lamp 3.5 m high makes white ground nearly as bright as a screen's white."""
SIZE = 1.1
"""Metres: how large the shining ball is; closer than this it gets no brighter."""


@dataclass(frozen=True, slots=True, eq=False)
class LightMap:
    """Lamplight on the ground of a rectangle; H rows from south to north, W columns from west to east.

    pixels   [2 H, W, 4] float32, row 0 first (v = 0). First H rows: radiance of white ground that faces its lamps, as
             linear RGB, and the openness of the ground. Last H rows: from the ground to the middle of the lamps that
             shine there (x, y, z in metres), and the height of the ground
    frame    min x, min y, 1 / size x, 1 / size y, in metres
    """

    pixels: NDArray[np.float32]
    frame: tuple[float, float, float, float]


def light_map(lights: Sequence[Light], field: HeightField, /) -> LightMap:
    """The map over the whole field, with texels of at least one cell."""
    cells = np.array(field.ground.shape)
    stride = int(np.ceil(max(cells.max() / MAX_TEXELS, 1.0)))
    rows, columns = (int(n) for n in -(-(cells - stride // 2) // stride))
    texel = stride * field.cell
    # Texel centres are centres of cells: with an even stride half a cell off the texel's middle.
    shift = (stride // 2 + 0.5) * field.cell
    x, y = field.low[0] + shift + np.arange(columns) * texel, field.low[1] + shift + np.arange(rows) * texel
    ground = field.ground[stride // 2 :: stride, stride // 2 :: stride]
    color = np.zeros((rows, columns, 3), np.float32)
    middle = np.zeros((rows, columns, 4), np.float32)
    for light in lights:
        _splat(light, x, y, ground, texel, color, middle)
    pixels = np.zeros((2 * rows, columns, 4), np.float32)
    pixels[:rows, :, :3] = color
    pixels[:rows, :, 3] = _doubled(ground_openness(field, stride=2 * stride), (rows, columns))
    pixels[rows:, :, :3] = middle[..., :3] / np.maximum(middle[..., 3:], 1e-9)
    pixels[rows:, :, 2] = np.where(middle[..., 3] > 0.0, pixels[rows:, :, 2], 3.0)
    pixels[rows:, :, 3] = ground
    left, bottom = float(x[0] - 0.5 * texel), float(y[0] - 0.5 * texel)
    return LightMap(pixels, (left, bottom, 1.0 / (columns * texel), 1.0 / (rows * texel)))


def _splat(
    light: Light,
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    ground: NDArray[np.float32],
    texel: float,
    color: NDArray[np.float32],
    middle: NDArray[np.float32],
    /,
) -> None:
    """Adds one lamp: inverse square, led smoothly to nothing at its reach."""
    columns = slice(*np.searchsorted(x, (light.position[0] - light.reach, light.position[0] + light.reach)))
    rows = slice(*np.searchsorted(y, (light.position[1] - light.reach, light.position[1] + light.reach)))
    if columns.start >= columns.stop or rows.start >= rows.stop:
        return
    east = (light.position[0] - x[columns]).astype(np.float32)[None, :]
    north = (light.position[1] - y[rows]).astype(np.float32)[:, None]
    up = np.maximum(np.float32(light.position[2]) - ground[rows, columns], np.float32(0.1))
    square = east**2 + north**2 + up**2
    window = np.maximum(1.0 - (square / np.float32(light.reach**2)) ** 2, 0.0) ** 2
    # A texel wider than the pool's core takes the mean of the core, not its peak.
    strength = np.float32(light.intensity * STRENGTH) * window / (square + np.float32(SIZE**2 + 0.1 * texel**2))
    color[rows, columns] += strength[..., None] * np.array(light.color, np.float32)
    part = middle[rows, columns]
    part[..., 0] += strength * east
    part[..., 1] += strength * north
    part[..., 2] += strength * up
    part[..., 3] += strength


def _doubled(half: NDArray[np.float32], shape: tuple[int, int], /) -> NDArray[np.float32]:
    """A picture at twice the resolution, linear in between: openness changes slowly, and costs most of a build."""
    result = half
    for axis, length in enumerate(shape):
        place = np.clip((np.arange(length) - 0.5) / 2.0, 0.0, result.shape[axis] - 1)
        before = np.floor(place).astype(np.int32)
        after = np.minimum(before + 1, result.shape[axis] - 1)
        share = np.expand_dims((place - before).astype(np.float32), 1 - axis)
        result = np.take(result, before, axis) * (1.0 - share) + np.take(result, after, axis) * share
    return result

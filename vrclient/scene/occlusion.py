"""How much of the sky is seen from where: ambient occlusion, baked once at build from a height field of everything.

It is an approximation of light, not of geometry: every cell holds one solid interval and one crown of leaves, things
thinner than a cell are as wide as a cell, and nothing farther than 60 m hides any sky."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

MAX_CELLS = 2048
DIRECTIONS = 8
STEPS = (0.9, 1.6, 2.8, 4.8, 8.2, 14.0, 26.0, 48.0)
COARSE_FROM, COARSE = 10.0, 4
LEAVES = 0.6
"""Share of the light that a whole crown takes."""
CHUNK = 8192
"""So many points at once: their work stays in the processor's cache."""
MAX_POINTS, POINTS_AT_ONCE = 24_000_000, 1_000_000
"""Of triangles, and of crowns, that the height field is made of: in all, and in memory together."""
MOST_ALONG = (512, 256, 128, 64, 32, 16, 8, 4, 2, 1)
"""How many of them may lie along an edge; the finest of these with which all have room."""
EMPTY_TOP, EMPTY_BOTTOM = np.float32(-1e4), np.float32(1e4)


@dataclass(frozen=True, slots=True, eq=False)
class HeightField:
    """What stands where, seen from above, in square cells; H rows from south to north, W columns from west to east.

    low      (x, y) metres: the south-west corner; cell: metres
    ground   [H, W] float32 metres: the land
    layers   [H, W, 4] float32 metres: top and bottom of what is solid, top and bottom of the crowns of trees; where there
             is nothing, the top is far below and the bottom far above
    coarse   layers of blocks of COARSE x COARSE cells, for what is far away
    """

    low: tuple[float, float]
    cell: float
    ground: Floats
    layers: Floats
    coarse: Floats

    @property
    def high(self) -> tuple[float, float]:
        """(x, y) metres: the north-east corner."""
        rows, columns = self.ground.shape
        return (self.low[0] + columns * self.cell, self.low[1] + rows * self.cell)


def cell_centers(low: tuple[float, float], high: tuple[float, float], /, *, cell: float = 1.0) -> NDArray[np.float64]:
    """[H, W, 2] metres: the places whose heights `height_field` wants as `ground`. Cells grow where there were too many."""
    size = _cell_size(low, high, cell)
    columns, rows = (max(int(np.ceil((b - a) / size - 1e-9)), 1) for a, b in zip(low, high, strict=True))
    x, y = low[0] + (np.arange(columns) + 0.5) * size, low[1] + (np.arange(rows) + 0.5) * size
    return np.stack(np.meshgrid(x, y), axis=-1)


def height_field(
    triangles: ArrayLike,
    /,
    *,
    low: tuple[float, float],
    high: tuple[float, float],
    cell: float = 1.0,
    ground: ArrayLike | None = None,
    crowns: ArrayLike | None = None,
) -> HeightField:
    """The field of a rectangle. `triangles` [T, 3, 3] are solid things without the land; `ground` [H, W] heights at
    `cell_centers(low, high, cell=cell)` (0 if missing); `crowns` [K, 5] are x, y, top, bottom, radius of trees."""
    size = _cell_size(low, high, cell)
    rows, columns = cell_centers(low, high, cell=cell).shape[:2]
    land = np.zeros((rows, columns), np.float32) if ground is None else np.asarray(ground, np.float32)
    if land.shape != (rows, columns):
        raise ValueError(f"ground has shape {land.shape}; expected {(rows, columns)}, one height for each cell centre")
    layers = np.empty((rows, columns, 4), np.float32)
    layers[...] = (EMPTY_TOP, EMPTY_BOTTOM, EMPTY_TOP, EMPTY_BOTTOM)
    flat = layers.reshape(-1, 4)
    corner = np.asarray(triangles).reshape(-1, 3, 3)
    first, last = corner[..., :2].min(axis=1), corner[..., :2].max(axis=1)
    touches = ((last >= low) & (first <= np.add(low, (columns * size, rows * size)))).all(axis=1)
    for points in _points_on(corner[touches].astype(np.float64), 0.8 * size):
        _spread(flat, 0, points, points[:, 2], points[:, 2], low, size, (rows, columns))
    if crowns is not None:
        for discs, tops, bottoms in _crown_points(np.asarray(crowns, np.float64).reshape(-1, 5), size):
            _spread(flat, 2, discs, tops, bottoms, low, size, (rows, columns))
    return HeightField((float(low[0]), float(low[1])), size, land, layers, _coarse(layers))


def openness(position: ArrayLike, normal: ArrayLike, field: HeightField, /) -> Floats:
    """[N] float32, 0..1: share of the light of an even sky that reaches points [N, 3] with unit normals [N, 3] of what
    would reach them if they stood alone. Points that share place and direction are computed once."""
    points = np.asarray(position, np.float32).reshape(-1, 3)
    facing = np.asarray(normal, np.float32).reshape(-1, 3)
    if points.shape != facing.shape:
        raise ValueError(f"normal has shape {facing.shape}; expected {points.shape} like position")
    if not len(points):
        return np.zeros(0, np.float32)
    reach = STEPS[-1] + 2.0 * COARSE * field.cell
    beyond = ((points[:, :2] < np.subtract(field.low, reach)) | (points[:, :2] > np.add(field.high, reach))).any(axis=1)
    # Nothing of the field is seen from there: only the direction counts, and all such places are one.
    if beyond.all():
        first, back = _distinct(np.zeros_like(points), facing)
        return _openness_alone(facing[first])[back]
    if beyond.any():
        result = np.empty(len(points), np.float32)
        result[beyond] = openness(points[beyond], facing[beyond], field)
        result[~beyond] = openness(points[~beyond], facing[~beyond], field)
        return result
    first, back = _distinct(points, facing)
    result = np.empty(len(first), np.float32)
    for start in range(0, len(first), CHUNK):
        rows = first[start : start + CHUNK]
        result[start : start + CHUNK] = _openness(points[rows], facing[rows], field)
    return result[back]


def ground_openness(field: HeightField, /, *, stride: int = 1) -> Floats:
    """[ceil of (H - stride // 2) / stride, the same of W] float32, 0..1: openness of level ground at every stride-th cell,
    beginning with cell stride // 2. It is computed every other metre or so, and interpolated between."""
    rows = np.arange(stride // 2, field.ground.shape[0], stride)
    columns = np.arange(stride // 2, field.ground.shape[1], stride)
    apart = max(int(2.0 / (field.cell * stride)), 1)
    some_rows = np.unique(np.append(rows[::apart], rows[-1]))
    some_columns = np.unique(np.append(columns[::apart], columns[-1]))
    picked = np.ix_(some_rows, some_columns)
    result = np.ones((len(some_rows), len(some_columns)), np.float32)
    row, column = np.nonzero(_anything_near(field)[picked])
    x = field.low[0] + (some_columns[column] + 0.5) * field.cell
    y = field.low[1] + (some_rows[row] + 0.5) * field.cell
    points = np.stack([x, y, field.ground[picked][row, column]], axis=-1).astype(np.float32)
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0], np.float32), points.shape)
    for start in range(0, len(points), CHUNK):
        part = slice(start, start + CHUNK)
        result[row[part], column[part]] = _openness(points[part], up[part], field)
    return _between(_between(result, some_rows, rows), some_columns, columns, axis=1)


def _between(values: Floats, known: NDArray[np.int64], wanted: NDArray[np.int64], /, *, axis: int = 0) -> Floats:
    """Linear interpolation of rows (or columns) at `known` places to the `wanted` ones, which lie within."""
    if len(known) == len(wanted):
        return values
    left = np.clip(np.searchsorted(known, wanted, side="right") - 1, 0, len(known) - 2)
    share = ((wanted - known[left]) / (known[left + 1] - known[left])).astype(np.float32)
    share = share[:, None] if axis == 0 else share
    return np.asarray(values.take(left, axis) * (1 - share) + values.take(left + 1, axis) * share, np.float32)


def _cell_size(low: tuple[float, float], high: tuple[float, float], cell: float, /) -> float:
    width, depth = high[0] - low[0], high[1] - low[1]
    if not (width > 0.0 and depth > 0.0 and cell > 0.0):
        raise ValueError(f"low is {low}, high is {high} and cell is {cell}; expected low < high in x and y, and cell > 0")
    return float(max(cell, width / MAX_CELLS, depth / MAX_CELLS))


def _points_on(triangles: NDArray[np.float64], spacing: float, /) -> Iterator[NDArray[np.float64]]:
    """[P, 3] points that cover the triangles, in parts of about POINTS_AT_ONCE: no farther apart than `spacing`, up to 512 along
    an edge, and fewer where there would be more than MAX_POINTS in all."""
    edges = np.roll(triangles, -1, axis=1) - triangles
    length = np.linalg.norm(edges, axis=2)
    longest = length.argmax(axis=1)
    turned = (longest[:, None] + np.arange(3)) % 3
    corner = np.take_along_axis(triangles, turned[..., None], axis=1)
    a, b, c = np.moveaxis(corner, 1, 0)
    base = length.max(axis=1, initial=0.0)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    along = np.ceil(base / spacing)
    across = np.ceil(area / np.maximum(base, 1e-9) / spacing)
    most = next(most for most in MOST_ALONG if most == 1 or np.sum(_clipped(along, most) * _clipped(across, most)) <= MAX_POINTS)
    along, across = _clipped(along, most), _clipped(across, most)
    order = np.lexsort([across, along])
    pair = along[order] * (MOST_ALONG[0] + 1) + across[order]
    bounds = np.append(np.flatnonzero(np.diff(pair, prepend=-1)), len(order)).tolist()
    parts, count = [triangles.reshape(-1, 3)], 3 * len(triangles)
    for start, end in pairwise(bounds):
        n, m = int(along[order[start]]), int(across[order[start]])
        u, v = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(m) + 0.5) / m, indexing="ij")
        # v runs to the opposite corner; u runs along the base, shortened with v.
        weight = np.stack([(1.0 - v) * (1.0 - u), (1.0 - v) * u, v], axis=-1).reshape(-1, 3)
        some = max(1, POINTS_AT_ONCE // (n * m))
        for first in range(start, end, some):
            chosen = corner[order[first : min(first + some, end)]]
            parts.append(np.einsum("pk,tkx->tpx", weight, chosen).reshape(-1, 3))
            count += len(parts[-1])
            if count >= POINTS_AT_ONCE:
                yield np.concatenate(parts)
                parts, count = [], 0
    if parts:
        yield np.concatenate(parts)


def _clipped(count: NDArray[np.float64], most: int, /) -> NDArray[np.int64]:
    return np.clip(count, 1, most).astype(np.int64)


def _crown_points(
    crowns: NDArray[np.float64], size: float, /
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Places [P, 2] inside the discs of all crowns, with top and bottom there: ellipsoids. In parts, and with no more rings than
    MAX_POINTS in all allow: large crowns among very many have holes."""
    if not len(crowns):
        return
    rings = 1 + int(np.ceil(crowns[:, 4].max() / size))
    rings = max(1, min(rings, int(0.5 * np.sqrt(MAX_POINTS / len(crowns)))))
    step = np.arange(-rings, rings + 1) / rings
    u, v = (values.reshape(-1) for values in np.meshgrid(step, step))
    inside = u**2 + v**2 < 0.98
    u, v = u[inside], v[inside]
    bulge = np.sqrt(1.0 - u**2 - v**2)
    some = max(1, POINTS_AT_ONCE // len(u))
    for first in range(0, len(crowns), some):
        part = crowns[first : first + some]
        x = part[:, None, 0] + part[:, None, 4] * u
        y = part[:, None, 1] + part[:, None, 4] * v
        middle, half = 0.5 * (part[:, 2] + part[:, 3])[:, None], 0.5 * (part[:, 2] - part[:, 3])[:, None]
        places = np.stack([x, y], axis=-1).reshape(-1, 2)
        yield places, (middle + half * bulge).reshape(-1), (middle - half * bulge).reshape(-1)


def _spread(
    flat: Floats,
    layer: int,
    points: NDArray[np.float64],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    low: tuple[float, float],
    size: float,
    shape: tuple[int, int],
    /,
) -> None:
    column = np.floor((points[:, 0] - low[0]) / size).astype(np.int64)
    row = np.floor((points[:, 1] - low[1]) / size).astype(np.int64)
    inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    index = row[inside] * shape[1] + column[inside]
    highest, lowest = flat[:, layer].copy(), flat[:, layer + 1].copy()
    np.maximum.at(highest, index, top[inside].astype(np.float32))
    np.minimum.at(lowest, index, bottom[inside].astype(np.float32))
    flat[:, layer], flat[:, layer + 1] = highest, lowest


def _distinct(points: Floats, facing: Floats, /) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of one representative for each place (15 cm) and direction, and for each point which one is its own."""
    place = np.floor(points / 0.15).astype(np.int64) + (1 << 20)
    turn = np.rint(facing * 5.0).astype(np.int64) + 8
    key = ((place[:, 0] * 2097169 + place[:, 1]) * 2097169 + place[:, 2]) * 4096 + turn @ np.array([256, 16, 1])
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    return first, back


def _coarse(layers: Floats, /) -> Floats:
    """Four by four cells as one, for far away: whatever is in any of them is in all."""
    rows, columns = layers.shape[:2]
    padded = np.empty((-(-rows // COARSE) * COARSE, -(-columns // COARSE) * COARSE, 4), np.float32)
    padded[...] = (EMPTY_TOP, EMPTY_BOTTOM, EMPTY_TOP, EMPTY_BOTTOM)
    padded[:rows, :columns] = layers
    blocks = padded.reshape(padded.shape[0] // COARSE, COARSE, padded.shape[1] // COARSE, COARSE, 4)
    highest, lowest = blocks.max(axis=(1, 3)), blocks.min(axis=(1, 3))
    return np.stack([highest[..., 0], lowest[..., 1], highest[..., 2], lowest[..., 3]], axis=-1)


def _openness(points: Floats, facing: Floats, field: HeightField, /) -> Floats:
    start = points + np.array([0.7, 0.7, 0.3], np.float32) * np.float32(field.cell) * facing
    start[:, 2] += np.float32(0.05)
    angle = (np.arange(DIRECTIONS) + 0.5) * (2.0 * np.pi / DIRECTIONS)
    cosine, sine = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    shape = (len(points), DIRECTIONS)
    horizon = np.zeros(shape, np.float32)  # slopes: everything below is hidden
    over_low, over_high = np.full(shape, 1e6, np.float32), np.zeros(shape, np.float32)  # hidden by what hangs above
    leaf_low, leaf_high = over_low.copy(), over_high.copy()
    coarse = field.coarse
    _cover(field, start, over_low, over_high, leaf_low, leaf_high)
    # The land around counts through what stands on it; slopes of the land itself are left to its normals.
    for distance in STEPS:
        layers, cell = (field.layers, field.cell) if distance < COARSE_FROM else (coarse, field.cell * COARSE)
        here = _sampled(layers, cell, field.low, start[:, 0:1] + distance * cosine, start[:, 1:2] + distance * sine)
        slope = (here - start[:, 2, None, None] - np.float32(0.15)) * np.float32(1.0 / distance)
        top, bottom, crown_top, crown_bottom = (slope[..., k] for k in range(4))
        hanging = bottom > horizon + np.float32(0.25)
        np.maximum(horizon, np.where(hanging, 0.0, top), out=horizon)
        above = hanging & (top > 0.0)
        np.minimum(over_low, np.where(above, bottom, 1e6), out=over_low)
        np.maximum(over_high, np.where(above, top, 0.0), out=over_high)
        np.minimum(leaf_low, np.where(crown_top > 0.0, np.maximum(crown_bottom, 0.0), 1e6), out=leaf_low)
        np.maximum(leaf_high, crown_top, out=leaf_high)
    return _seen(facing, cosine, sine, horizon, (over_low, over_high), (leaf_low, leaf_high))


def _openness_alone(facing: Floats, /) -> Floats:
    """As `_openness` where there is nothing to hide the sky."""
    angle = (np.arange(DIRECTIONS) + 0.5) * (2.0 * np.pi / DIRECTIONS)
    nothing = np.zeros((len(facing), DIRECTIONS), np.float32)
    span = (nothing + np.float32(1e6), nothing)
    return _seen(facing, np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32), nothing, span, span)


def _cover(
    field: HeightField, start: Floats, over_low: Floats, over_high: Floats, leaf_low: Floats, leaf_high: Floats, /
) -> None:
    """What hangs straight above a point hides the zenith in every direction."""
    here = _sampled(field.layers, field.cell, field.low, start[:, 0:1], start[:, 1:2]) - start[:, 2, None, None]
    for low, high, top, bottom, least in ((over_low, over_high, 0, 1, 1.5), (leaf_low, leaf_high, 2, 3, 0.5)):
        covered = (here[..., bottom] > least) & (here[..., top] > least)
        low[...] = np.where(covered, here[..., bottom] / np.float32(field.cell), low)
        high[...] = np.where(covered, 1e6, high)


def _sampled(layers: Floats, cell: float, low: tuple[float, float], x: Floats, y: Floats, /) -> Floats:
    """[..., 4] of the cells at places; outside of the field there is nothing."""
    rows, columns = layers.shape[:2]
    column = np.floor((x - np.float32(low[0])) * np.float32(1.0 / cell)).astype(np.int32)
    row = np.floor((y - np.float32(low[1])) * np.float32(1.0 / cell)).astype(np.int32)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found = layers.reshape(-1, 4)[np.where(inside, row * columns + column, 0)]
    found[~inside] = (EMPTY_TOP, EMPTY_BOTTOM, EMPTY_TOP, EMPTY_BOTTOM)
    return found


def _seen(
    facing: Floats,
    cosine: Floats,
    sine: Floats,
    horizon: Floats,
    over: tuple[Floats, Floats],
    leaves: tuple[Floats, Floats],
    /,
) -> Floats:
    """The cosine-weighted share of the upper hemisphere that is left, over what a point alone would see."""
    rise = np.clip(facing[:, 2:3], np.float32(-0.7), None)
    upward = np.where(rise >= 0.0, np.maximum(rise, np.float32(0.05)), rise)
    level = facing[:, 0:1] * cosine + facing[:, 1:2] * sine
    # Only rays above the surface's own plane count: from `own` up where it faces up, up to `own` where it faces down.
    own = -level / upward
    least = np.where(upward > 0.0, np.maximum(own, 0.0), 0.0)
    most = np.where(upward > 0.0, np.float32(1e6), np.maximum(own, 0.0))

    def received(low: Floats, high: Floats) -> Floats:
        """Integral of max(n.d, 0) cos(e) over elevations between two slopes."""
        bottom, top = np.arctan(np.clip(low, least, most)), np.arctan(np.clip(high, least, most))
        share = 0.5 * level * (top - bottom + 0.5 * (np.sin(2.0 * top) - np.sin(2.0 * bottom)))
        return np.asarray(np.maximum(share + 0.5 * upward * (np.sin(top) ** 2 - np.sin(bottom) ** 2), 0.0), np.float32)

    sky = np.full_like(horizon, 1e6)
    alone = received(np.zeros_like(horizon), sky).sum(axis=1)
    left = received(horizon, sky)
    left = left - received(np.maximum(over[0], horizon), np.maximum(over[1], np.maximum(over[0], horizon)))
    crown = received(np.maximum(leaves[0], horizon), np.maximum(leaves[1], np.maximum(leaves[0], horizon)))
    left = np.maximum(left - np.float32(LEAVES) * crown, 0.0)
    # What faces down sees no sky: it is as bright as the floor below it, which is as open as its surroundings.
    beside = (1.0 - horizon / np.sqrt(1.0 + horizon**2)).mean(axis=1)
    share = np.where(alone > 0.15, left.sum(axis=1) / np.maximum(alone, 1e-6), 0.7 * beside)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float32)


def _anything_near(field: HeightField, /) -> NDArray[np.bool_]:
    """[H, W]: something higher than the ground stands within about 50 m."""
    tall = np.maximum(field.layers[..., 0], field.layers[..., 2]) > field.ground + 0.4
    block = max(int(16.0 / field.cell), 1)
    rows, columns = tall.shape
    padded = np.zeros((-(-rows // block) * block, -(-columns // block) * block), np.bool_)
    padded[:rows, :columns] = tall
    some = padded.reshape(padded.shape[0] // block, block, -1, block).any(axis=(1, 3))
    for _ in range(3):
        grown = np.pad(some, 1)
        some = grown[1:-1, 1:-1] | grown[:-2, 1:-1] | grown[2:, 1:-1] | grown[1:-1, :-2] | grown[1:-1, 2:]
    return np.kron(some, np.ones((block, block), np.bool_))[:rows, :columns]

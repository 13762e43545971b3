"""Rows of houses around rectangular blocks: which lots a block has, and where on its lot each house stands. Plans only.

Everything is columns over all houses, and every choice is hashed from a house's own number, so one block's houses stay the
same whatever other blocks there are."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.curves import Points
from vrclient.geometry.sampling import hashed

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]

NARROWEST_M, SHALLOWEST_M = 4.5, 5.0
"""No house is smaller."""
PASSAGE_M = 3.0
"""Least width between houses that stand back to back or corner to corner."""
GARDEN_M = 2.2
"""How far the houses of some rows stand back from the street."""


@dataclass(frozen=True, slots=True, eq=False)
class Houses:
    """N plans. A house's own frame: origin at the left end of its front (seen from the street), x along the front, y inwards.

    origin, along   [N, 2] metres, and unit: the frame
    width, depth    [N] metres: of the body
    wing            [N, 3] metres: a lower part behind, from x to x, and how deep; 0 deep where there is none
    is_open         [N, 2] bool, left and right: no neighbour stands against this wall
    at_street       [N, 2] bool, left and right: a street runs along this wall
    number          [N] to hash further choices from; block [N]: which block it stands on
    """

    origin: Points
    along: Points
    width: Column
    depth: Column
    wing: Column
    is_open: NDArray[np.bool_]
    at_street: NDArray[np.bool_]
    number: Numbers
    block: Numbers

    def only(self, rows: NDArray, /) -> "Houses":
        """Some of them."""
        return Houses(*(getattr(self, name)[rows] for name in self.__slots__))

    def turned(self, axes: Points, /) -> "Houses":
        """In another plane about the same origin: axes [2, 2], the rows are the old x and y there."""
        return replace(self, origin=self.origin @ axes, along=self.along @ axes)

    def corners(self) -> Numbers:
        """[N]: how many corners of `footprints` count."""
        return np.where(self.wing[:, 2] > 0, 6, 4)

    def footprints(self) -> Column:
        """[N, 6, 2] metres, counterclockwise; where there is no wing the last two repeat the fourth."""
        zero, width, body = np.zeros(len(self.width)), self.width, self.depth
        first, last, back = self.wing[:, 0], self.wing[:, 1], body + self.wing[:, 2]
        plain = [(zero, zero), (width, zero), (width, body), (zero, body), (zero, body), (zero, body)]
        right = [(zero, zero), (width, zero), (width, back), (first, back), (first, body), (zero, body)]
        left = [(zero, zero), (width, zero), (width, body), (last, body), (last, back), (zero, back)]
        shape = [np.stack([np.stack(pair, axis=1) for pair in corners], axis=1) for corners in (plain, right, left)]
        kind = np.where(self.wing[:, 2] <= 0, 0, np.where(first > 0, 1, 2))
        local = np.choose(kind[:, None, None], shape)
        inward = np.stack([-self.along[:, 1], self.along[:, 0]], axis=1)
        return self.origin[:, None] + local[..., :1] * self.along[:, None] + local[..., 1:] * inward[:, None]


def ragged(count: Numbers, /) -> tuple[Numbers, Numbers]:
    """(row, index) of lists with `count` [K] entries each, one after the other: rows 0 0 1 1 1, indices 0 1 0 1 2."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """K rows of lots. start [K, 2]: left end; along [K, 2]; length [K]; room [K]: how deep the lots are; corner [K]: so far
    from either end the lots are only `corner_room` [K] deep; ends_at_street [K] bool."""

    start: Points
    along: Points
    length: Column
    room: Column
    corner: Column
    corner_room: Column
    ends_at_street: NDArray[np.bool_]
    number: Numbers
    block: Numbers


def houses_around_blocks(
    low: Points, high: Points, /, *, lot: tuple[float, float], depth: tuple[float, float], joined: float, seed: int
) -> Houses:
    """Houses in rows along the sides of blocks low..high [K, 2], fronts outward: long rows on the south and the north side, and
    between them rows on the east and the west where there is room.

    lot, depth: least and most metres; joined: share of neighbours that stand wall to wall. Houses do not overlap, and stay in
    their block."""
    rows = _rows(low, high, lot, depth)
    count = np.maximum(1, np.rint(rows.length / (sum(lot) / 2.0))).astype(np.int64)
    count = np.where((rows.length / count < lot[0]) & (count > 1), count - 1, count)
    row, index = ragged(count)
    number = rows.number[row] * 1024 + np.minimum(index, 1023)

    def chance(channel: int) -> Column:
        return hashed(number, seed=seed, channel=channel)

    share = lot[0] + (lot[1] - lot[0]) * chance(100)
    total = np.bincount(row, weights=share, minlength=len(count))
    share = share * (rows.length / np.maximum(total, 1e-9))[row]
    reached = np.cumsum(share)
    left = reached - share - (reached - share)[np.cumsum(count) - count][row]
    first, last = index == 0, index == count[row] - 1
    apart = np.where((chance(101) < joined) | last, 0.0, 2.6 + 2.4 * chance(102)) / 2.0
    before = np.where(first, 0.0, np.roll(apart, 1))
    tight = share - apart - before < NARROWEST_M + 1.0
    apart = np.where(tight | np.roll(tight, -1), 0.0, apart)
    before = np.where(first, 0.0, np.roll(apart, 1))
    width = share - apart - before

    at_corner = (left < rows.corner[row]) | (left + share > (rows.length - rows.corner)[row])
    room = np.where(at_corner, rows.corner_room[row], rows.room[row])
    garden = np.where(hashed(rows.number, seed=seed, channel=103)[row] < 0.3, GARDEN_M, 0.0)
    back = np.clip(garden + np.where(chance(104) < 0.25, 0.7 * chance(105), 0.0), 0.0, np.maximum(room - SHALLOWEST_M, 0.0))
    deep = np.minimum(depth[0] + (depth[1] - depth[0]) * chance(106), room - back)
    behind = room - back - deep
    wing = np.zeros((len(row), 3))
    wide = width * (0.36 + 0.2 * chance(108))
    has_wing = (chance(107) < 0.4) & (behind > 3.5) & (wide > 3.5)
    on_left = chance(109) < 0.5
    wing[:, 0] = np.where(has_wing & ~on_left, width - wide, 0.0)
    wing[:, 1] = np.where(has_wing, np.where(on_left, wide, width), 0.0)
    wing[:, 2] = np.where(has_wing, np.minimum(behind, 4.0 + 5.0 * chance(110)), 0.0)
    inward = np.stack([-rows.along[:, 1], rows.along[:, 0]], axis=1)[row]
    houses = Houses(
        origin=rows.start[row] + rows.along[row] * (left + before)[:, None] + inward * back[:, None],
        along=rows.along[row],
        width=width,
        depth=deep,
        wing=wing,
        is_open=np.stack([first | (before > 0), last | (apart > 0)], axis=1),
        at_street=np.stack([first & rows.ends_at_street[row], last & rows.ends_at_street[row]], axis=1),
        number=number,
        block=rows.block[row],
    )
    return houses.only((width >= NARROWEST_M) & (deep >= SHALLOWEST_M))


def _rows(low: Points, high: Points, lot: tuple[float, float], depth: tuple[float, float], /) -> _Rows:
    size = high - low
    reserved = depth[1] + GARDEN_M + 0.8
    between = size[:, 1] - 2.0 * (reserved + PASSAGE_M)
    has_ends = (between >= max(lot[0], NARROWEST_M)) & (size[:, 0] > 2.0 * reserved + PASSAGE_M + lot[0])
    half = (size[:, 1] - PASSAGE_M) / 2.0
    blocks = np.arange(len(low))
    zero = np.zeros(len(low))
    parts = []
    for side, along in enumerate(((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))):
        start = [low, high, np.stack([high[:, 0], low[:, 1]], 1), np.stack([low[:, 0], high[:, 1]], 1)][side]
        is_end = side >= 2
        offset = np.array(along) * (reserved + PASSAGE_M if is_end else 0.0)
        chosen = np.flatnonzero(has_ends) if is_end else blocks
        columns = (
            start + offset,
            np.tile(along, (len(low), 1)),
            between if is_end else size[:, 0],
            np.full(len(low), reserved) if is_end else half,
            zero if is_end else np.where(has_ends, reserved + PASSAGE_M, 0.0),
            np.full(len(low), reserved) if is_end else np.minimum(half, reserved),
            np.full(len(low), not is_end),
            blocks * 4 + side,
            blocks,
        )
        parts.append([column[chosen] for column in columns])
    return _Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))

"""What solid boxes hide: in a street most of a city stands behind the nearest houses. It culls nothing by itself and knows
no cells; boxes in, a mask out.

The eyes look along a level direction. Every point has a depth along it, a bearing (how far aside, by its depth) and a rise
(how far above the eyes, by its depth): bearings make COLUMNS columns, depths make layers, a quarter of an octave each. The
nearest solid boxes raise the horizon in the columns that they fill: `rise[l, c]` is the rise under which everything beyond
the end of layer l is hidden in column c. A box is hidden where its highest rise is under the lowest horizon before its
nearest point, over all columns it touches; that minimum takes two look-ups (sparse table: Bender, Farach-Colton, The LCA
Problem Revisited, 2000).

Law: nothing is called hidden that any eye could see. A point that boxes shrunk by r hide from the middle of the eyes is
hidden by the whole boxes from everywhere within r of it (Wonka, Wimmer, Schmalstieg, Visibility Preprocessing with Occluder
Fusion, EGRT 2000); so solid boxes are shrunk by the eyes' spread and by what rounding may cost. Their undersides are not
shrunk: nothing can be seen below them by eyes, and of boxes, that are not lower than that.

Known false results: boxes count as visible that are hidden but nearer than NEAREST, lower than the underside of some solid
box that was used, behind a gap narrower than a column, or only behind solid boxes that look smaller than SMALLEST or are not
among the OCCLUDERS largest. Looking steeply up or down, nothing is hidden.
"""

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.visibility.cells import cache_aligned
from vrclient.visibility.frustum import corner_points

COLUMNS = 128
OCCLUDERS = 256
SMALLEST = np.float32(1e-3)
"""Solid boxes that look smaller than this (width times height by depth squared) are not asked whether they hide anything."""
NEAREST = 1.0
"""Metres of depth under which nothing is hidden."""
FIRST_LAYER, LAYERS = 127 * 4, 56
"""Layers are numbered by the upper bits of a float32 depth: exponent and two bits of mantissa. 1 m to 16 km."""
LEVELS = COLUMNS.bit_length()
MARGIN = 0.01
"""Metres by which solid boxes are shrunk besides the eyes' spread; rounding of coordinates comes on top."""
ROUNDING = 2.0**-21
"""Metres per metre of coordinate that float32 differences may be off, four roundings."""
STEEPEST = 0.2
"""The least forward part of any ray of the views along the level direction, for rays of length 1 forward of their view."""
SLIT = 1e-3
"""Metres: under a solid box that floats so low over the ground of others nothing is looked for."""
BLOCK = 16384
"""Boxes looked at together; bounds what is allocated."""
LOWEST = np.float32(-1e30)
NOWHERE = np.zeros(3)

Floats = NDArray[np.float32]


class Horizon:
    """The buffers of the test. Of use to one thread at a time.

    is_up  whether anything solid raises the horizon of the frame
    """

    def __init__(self) -> None:
        self._rise = np.empty((LEVELS, LAYERS + 1, COLUMNS), np.float32)
        self._flat = self._rise.reshape(-1)
        self._level_of_width = np.floor(np.log2(np.maximum(np.arange(COLUMNS + 1), 1))).astype(np.int32)
        self._scratch = cache_aligned((11, BLOCK), np.float32)
        self._optics: NDArray[np.float64] | None = None
        self._rays = np.zeros((0, 4, 3))
        self._near_reach = 0.0
        self.is_up = False
        self._eyes = self._local_eyes = NOWHERE
        self._forward = self._right = np.zeros(2)
        self._spread, self._shrink, self._cut = 0.0, 0.0, 0.0
        self._first_bearing, self._columns_per_bearing = 0.0, 0.0
        self._lowest_eye, self._underside = 0.0, 0.0

    def rise(self, view_set: ViewSet, solids: Floats, /) -> None:
        """Makes the horizon of a frame.

        solids  [6, K] float32 metres, world: center, half extent of boxes that are drawn, or within what is drawn, and opaque
                wherever their box is"""
        self.is_up = self._look(view_set) and self._raise(self._largest(solids))

    def hidden(self, boxes: Floats, /, *, out: NDArray[np.bool_], origin: NDArray[np.float64] = NOWHERE) -> bool:
        """Fills `out` [K] with which boxes no view of the frame can see for the solid ones; False where none is hidden.

        boxes   [6, K] float32 metres: center, half extent
        origin  [3] metres, world: what the centers are relative to"""
        if not self.is_up:
            out.fill(False)
            return False
        self._local_eyes = self._eyes - origin
        for start in range(0, len(out), BLOCK):
            block = slice(start, start + BLOCK)
            self._test(boxes[:, block], out[block])
        return True

    def _look(self, view_set: ViewSet, /) -> bool:
        """Takes over where the eyes are and what bearings they see; False where a ray is too steep for that."""
        world_from_view = inverse_rigid(view_set.view_from_world)
        eyes = world_from_view[:, :3, 3]
        forward = world_from_view[:, :2, 1].sum(axis=0)
        length = float(np.hypot(*forward))
        if length < STEEPEST * len(eyes):
            return False
        self._forward = forward / length
        self._right = np.array([self._forward[1], -self._forward[0]])
        self._eyes = eyes.mean(axis=0)
        self._spread = float(np.linalg.norm(eyes - self._eyes, axis=1).max()) + view_set.roam
        self._lowest_eye = float(eyes[:, 2].min() - self._eyes[2]) - view_set.roam
        if view_set.clip_from_view is not self._optics:
            self._optics = view_set.clip_from_view
            corners = corner_points(view_set)
            self._rays = corners[:, 4:] / view_set.far
            self._near_reach = float(np.linalg.norm(corners[:, :4], axis=2).max())
        self._shrink = self._spread + MARGIN + ROUNDING * (float(np.abs(self._eyes).max()) + view_set.far)
        self._cut = self._near_reach + 2.0 * self._shrink
        rays = np.matmul(self._rays, np.swapaxes(world_from_view[:, :3, :3], 1, 2))
        ahead = rays[..., :2] @ self._forward
        if ahead.min() < STEEPEST:
            return False
        bearing = rays[..., :2] @ self._right / ahead
        # an eye beside the middle sees what is at least NEAREST away at most this much further aside
        aside = self._spread / NEAREST * 2.0 + 1e-4
        self._first_bearing = float(bearing.min()) - aside
        self._columns_per_bearing = COLUMNS / (float(bearing.max()) + aside - self._first_bearing)
        return True

    def _largest(self, boxes: Floats, /) -> NDArray[np.float64]:
        """[6, up to OCCLUDERS] of the solid boxes that look largest, center relative to the eyes, half extents shrunk."""
        rows, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        self._local_eyes = self._eyes
        for start in range(0, boxes.shape[1], BLOCK):
            size = self._sizes(boxes[:, start : start + BLOCK])
            large = np.flatnonzero(size > SMALLEST)
            sizes.append(size[large])
            rows.append(large + start)
        row, size = np.concatenate(rows), np.concatenate(sizes)
        if len(row) > OCCLUDERS:
            row = row[np.argpartition(size, -OCCLUDERS)[-OCCLUDERS:]]
        chosen = boxes[:, row].astype(np.float64)
        chosen[:3] -= self._eyes[:, None]
        chosen[3:] -= self._shrink
        return chosen[:, (chosen[3:] > 0.0).all(axis=0)]

    def _sizes(self, boxes: Floats, /) -> Floats:
        """[K] how large each box of a block looks, roughly: width times height by depth squared; a buffer."""
        depth, reach, size, other = (buffer[: boxes.shape[1]] for buffer in self._scratch[:4])
        self._depth(boxes, depth, reach, other)
        depth -= reach  # the nearest point
        np.add(boxes[2], boxes[5], out=size)
        size -= np.float32(self._local_eyes[2])
        size *= np.maximum(boxes[3], boxes[4], out=other)
        np.maximum(depth, np.float32(NEAREST), out=other)
        size /= other
        size /= other
        size *= depth > 0.0
        return size

    def _raise(self, boxes: NDArray[np.float64], /) -> bool:
        """Makes the horizon of solid boxes [6, K], relative to the eyes and shrunk; False where none raises it."""
        x, y, z, width, length, height = boxes
        corners_x, corners_y = x + np.multiply.outer(SIGN_X, width), y + np.multiply.outer(SIGN_Y, length)
        depth = corners_x * self._forward[0] + corners_y * self._forward[1]
        aside = corners_x * self._right[0] + corners_y * self._right[1]
        nearest, farthest = depth.min(axis=0), depth.max(axis=0)
        top, underside = z + height, z - height - self._shrink
        layer = _layer(farthest) + 1
        # What the near plane may cut open hides nothing.
        column = (aside / np.maximum(depth, self._cut) - self._first_bearing) * self._columns_per_bearing
        first = np.ceil(np.clip(column.min(axis=0) + 1e-3, 0.0, COLUMNS)).astype(np.int64)
        end = np.floor(np.clip(column.max(axis=0) - 1e-3, 0.0, COLUMNS)).astype(np.int64)
        used = (nearest > self._cut) & (underside <= self._lowest_eye) & (layer <= LAYERS) & (end > first)
        if not used.any():
            return False
        rise = top / np.where(top > 0.0, farthest, nearest)
        order = np.argsort(rise)
        order = order[used[order]]
        first, layer, wide = first[order], np.maximum(layer, 0)[order], (end - first)[order]
        box = np.repeat(np.arange(len(order)), wide)
        columns = np.arange(len(box)) - np.repeat(np.cumsum(wide) - wide, wide) + first[box]
        lowest = self._rise[0]
        lowest.fill(LOWEST)
        lowest[layer[box], columns] = rise[order][box]  # of several for one place the last stays: the highest
        np.maximum.accumulate(lowest, axis=0, out=lowest)
        for level in range(1, LEVELS):
            before, now, step = self._rise[level - 1], self._rise[level], 1 << (level - 1)
            np.minimum(before[:, :-step], before[:, step:], out=now[:, :-step])
            now[:, -step:] = LOWEST
        self._underside = float(underside[order].max()) - SLIT
        return True

    def _test(self, boxes: Floats, out: NDArray[np.bool_], /) -> None:
        """Fills `out` for a block of boxes."""
        count = boxes.shape[1]
        scratch = self._scratch[:, :count]
        depth, reach, aside, width, near, far, top, first, last, other, spare = scratch
        whole = scratch.view(np.int32)
        self._depth(boxes, depth, reach, other)
        self._aside(boxes, aside, width, other)
        np.subtract(depth, reach, out=near)
        np.greater_equal(near, np.float32(NEAREST), out=out)
        np.maximum(near, np.float32(NEAREST), out=near)
        np.add(depth, reach, out=far)
        np.maximum(far, near, out=far)
        layer = whole[9]
        np.right_shift(near.view(np.int32), 21, out=layer)
        layer -= FIRST_LAYER
        np.minimum(layer, LAYERS, out=layer)
        np.reciprocal(near, out=near)
        np.reciprocal(far, out=far)

        np.subtract(aside, width, out=first)
        np.minimum(np.multiply(first, near, out=depth), np.multiply(first, far, out=reach), out=first)
        np.add(aside, width, out=last)
        np.maximum(np.multiply(last, near, out=depth), np.multiply(last, far, out=reach), out=last)
        np.subtract(boxes[2], boxes[5], out=spare)
        out &= spare >= np.float32(self._underside + self._local_eyes[2])
        np.add(boxes[2], boxes[5], out=top)
        top -= np.float32(self._local_eyes[2])
        np.maximum(np.multiply(top, near, out=depth), np.multiply(top, far, out=reach), out=top)

        begin, end = whole[0], whole[1]
        for bearing, column, slack in ((first, begin, -1e-3), (last, end, 1e-3)):
            bearing -= np.float32(self._first_bearing)
            bearing *= np.float32(self._columns_per_bearing)
            bearing += np.float32(slack)
            np.clip(bearing, 0.0, COLUMNS - 1.0, out=bearing)
            np.copyto(column, bearing, casting="unsafe")
        level, place = whole[2], whole[3]
        np.subtract(end, begin, out=place)
        place += 1
        self._level_of_width.take(place, out=level, mode="clip")
        np.left_shift(1, level, out=place)
        end -= place
        end += 1
        level *= LAYERS + 1
        level += layer
        level *= COLUMNS
        begin += level
        end += level
        lowest = self._flat.take(begin, out=first, mode="clip")
        np.minimum(lowest, self._flat.take(end, out=last, mode="clip"), out=lowest)
        out &= lowest >= top

    def _depth(self, boxes: Floats, depth: Floats, reach: Floats, spare: Floats, /) -> None:
        """Of the boxes' centers, and half of what each box takes along the level direction."""
        self._along(boxes, self._forward, depth, reach, spare)

    def _aside(self, boxes: Floats, aside: Floats, reach: Floats, spare: Floats, /) -> None:
        self._along(boxes, self._right, aside, reach, spare)

    def _along(self, boxes: Floats, axis: NDArray[np.float64], place: Floats, reach: Floats, spare: Floats, /) -> None:
        x, y = axis.astype(np.float32).tolist()
        np.subtract(boxes[0], np.float32(self._local_eyes[0]), out=place)
        place *= np.float32(x)
        np.subtract(boxes[1], np.float32(self._local_eyes[1]), out=spare)
        spare *= np.float32(y)
        place += spare
        np.multiply(boxes[3], np.float32(abs(x)), out=reach)
        reach += np.multiply(boxes[4], np.float32(abs(y)), out=spare)


SIGN_X, SIGN_Y = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])


def _layer(depth: NDArray[np.float64], /) -> NDArray[np.int64]:
    """The layer a depth is in; it ends where the next begins. Rounding may only give the next one."""
    rounded = np.nextafter(np.maximum(depth, 0.0).astype(np.float32), np.float32(np.inf))
    return (rounded.view(np.int32).astype(np.int64) >> 21) - FIRST_LAYER

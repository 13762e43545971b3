"""What signs and panels are made of: plates with an image, boards, posts, and letters as solid shapes.

A sign's own frame: X to its reader's right, Z up, its face towards -Y. `facing` puts it into the world."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.curves import Points
from vrclient.geometry.extrusion import box, walls
from vrclient.geometry.frames import world_from_body
from vrclient.geometry.mesh import Mesh, concatenated, mesh, transformed
from vrclient.scene.characters import as_drawn
from vrclient.scene.fonts import TextLayout, Weight, text_mask
from vrclient.scene.polygons import flat_mesh, polygons_in, rings_of

_UPRIGHT = np.array([[1.0, 0, 0, 0], [0, 0, -1.0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1.0]])
"""Sign frame from a flat drawing (X right, Y up, Z towards the reader)."""
_TRACED_EM = 160
"""Letters are traced from a picture of this many pixels per em."""


def facing(shape: Mesh, /, *, at: ArrayLike, heading: float) -> Mesh:
    """A mesh of a sign's own frame, its origin put at `at` [3] and its face turned to the compass `heading` in radians."""
    return transformed(shape, world_from_body(at, heading=heading + np.pi))


def across(at: ArrayLike, /, *, heading: float, left: float, right: float) -> NDArray[np.float64]:
    """[2, 2] plan points (metres) at `left` and `right` of a sign's origin, seen by its reader."""
    direction = np.array([-np.cos(heading), np.sin(heading)])
    return np.asarray(at, np.float64)[:2] + np.array([[left], [right]]) * direction


def image_plate(left: float, bottom: float, right: float, top: float, /, *, front: float) -> Mesh:
    """An upright face that shows a whole image, `front` metres before the sign's plane."""
    point = [[left, -front, bottom], [right, -front, bottom], [right, -front, top], [left, -front, top]]
    return mesh(point, [[0, 1, 2], [0, 2, 3]], normal=[0.0, -1.0, 0.0], uv=[[0, 0], [1, 0], [1, 1], [0, 1]])


def board(left: float, bottom: float, right: float, top: float, /, *, front: float, back: float) -> Mesh:
    """A solid plate from `back` metres behind the sign's plane to `front` metres before it."""
    return box([left, -front, bottom], [right, back, top])


def languages_shown(text: Mapping[str, str], languages: Sequence[str], /) -> list[str]:
    """The texts to show, in the order of the languages; a language that has no text is marked as such after them. Without any
    of these the first there is, marked with its language."""
    seen = {language: as_drawn(value).strip() for language, value in text.items()}
    shown = [seen[language] for language in languages if seen.get(language)]
    if not shown:
        shown = [f"[{language}] {other}" for language, other in seen.items() if other][:1]
    return shown + [no_text(language) for language in languages if not seen.get(language)]


def no_text(language: str, /) -> str:
    """What stands where a language has no text."""
    return _NO_TEXT.get(language, f"[{language}: -]")


_NO_TEXT = {"zh": "[暂无中文]", "en": "[no English text yet]"}


def raised_letters(layout: TextLayout, /, *, meters_per_pixel: float, depth: float) -> tuple[Mesh, Mesh]:
    """(faces, edges) of laid-out text as solid letters in a sign's frame: its left end at x = 0, its lower edge at z = 0, the
    backs in the sign's plane and the faces `depth` metres before it."""
    faces, edges = [], []
    for line in layout.lines:
        em = line.paragraph.size * meters_per_pixel
        x, z = line.x * meters_per_pixel, (layout.height - line.baseline) * meters_per_pixel
        for shape in _letter_shapes(line.text, line.paragraph.weight):
            placed = shapely.affinity.affine_transform(shape, [em, 0, 0, em, x, z])
            faces.append(flat_mesh(placed, depth, spacing=1000.0))
            edges += [walls(ring, 0.0, depth, spacing=1000.0) for ring in rings_of(placed)]
    return transformed(concatenated(faces), _UPRIGHT), transformed(concatenated(edges), _UPRIGHT)


@lru_cache(maxsize=256)
def _letter_shapes(text: str, weight: Weight) -> tuple[shapely.Polygon, ...]:
    """The strokes of a line as areas in ems: x from its start, y up from its baseline."""
    mask = text_mask(text, _TRACED_EM, weight=weight)
    rings = [ring for ring in traced(mask) if len(ring) >= 4]
    if not rings:
        return ()
    area = shapely.build_area(shapely.GeometryCollection([shapely.LinearRing(ring) for ring in rings]))
    area = shapely.simplify(area, 0.3)
    area = shapely.affinity.affine_transform(
        area, [1 / _TRACED_EM, 0, 0, -1 / _TRACED_EM, -(4 + _TRACED_EM // 8) / _TRACED_EM, 1.0]
    )
    return tuple(polygons_in(shapely.make_valid(area)))


def traced(mask: NDArray[np.float32], /) -> list[Points]:
    """The closed lines (x, y in pixels, y down) along which a picture with an empty border passes one half; by marching
    squares, each point interpolated on its pixel edge."""
    inside = mask >= 0.5
    a, b, c, d = inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]
    case = a * 1 + b * 2 + c * 4 + d * 8
    rows, columns = np.nonzero((case > 0) & (case < 15))
    width = mask.shape[1]
    following: dict[int, int] = {}
    for row, column, kind in zip(rows.tolist(), columns.tolist(), case[rows, columns].tolist(), strict=True):
        here = row * width + column
        edge = (2 * here, 2 * (here + 1) + 1, 2 * (here + width), 2 * here + 1)  # top, right, bottom, left
        for start, end in _CASES[kind]:
            following[edge[start]] = edge[end]
    lines = []
    while following:
        first, step = following.popitem()
        line = [first]
        while step != first:
            line.append(step)
            step = following.pop(step)
        lines.append(_edge_points(np.array(line), mask))
    return lines


_CASES: Mapping[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)), 11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip
"""Which edges of a square the line passes, from and to, the inside always on the same hand; by the corners that are inside."""


def _edge_points(edge: NDArray[np.int64], mask: NDArray[np.float32]) -> Points:
    width = mask.shape[1]
    place, upright = edge // 2, edge % 2
    row, column = place // width, place % width
    here, there = mask[row, column], mask[row + upright, column + 1 - upright]
    share = (0.5 - here) / np.where(here == there, 1.0, there - here)
    return np.stack([column + np.where(upright == 0, share, 0.0) + 0.5, row + np.where(upright == 1, share, 0.0) + 0.5], axis=1)

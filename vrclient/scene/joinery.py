"""Parts that exhibits, portals and rooms are joined from: bars between two points, upright plates and arches.

Upright drawings have X to their reader's right, Y up and Z towards the reader; `upright` stands them into a sign's own frame
(scene/signs.py), whose face looks towards -Y."""

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import Polygon

from vrclient.geometry.extrusion import box, walls
from vrclient.geometry.mesh import Mesh, concatenated, transformed
from vrclient.scene.polygons import flat_mesh, rings_of

_SIGN_FROM_DRAWING = np.array([[1.0, 0, 0, 0], [0, 0, -1.0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1.0]])


def bar(start: ArrayLike, end: ArrayLike, /, *, width: float, depth: float) -> Mesh:
    """A straight bar of rectangular section between two points [3] metres: `width` across, as level as it can be, `depth`
    square to it. Raises ValueError where the points are the same."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    length = float(np.linalg.norm(b - a))
    if length < 1e-6:
        raise ValueError(f"start and end of a bar are the same place, {a.tolist()}")
    along = (b - a) / length
    across = np.cross(along, [0.0, 0.0, 1.0])
    across = np.array([1.0, 0.0, 0.0]) if np.linalg.norm(across) < 1e-6 else across / np.linalg.norm(across)
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([across, along, np.cross(across, along)])
    pose[:3, 3] = a
    return transformed(box([-width / 2, 0.0, -depth / 2], [width / 2, length, depth / 2]), pose)


def upright(drawing: Mesh, /) -> Mesh:
    """A drawing of the plane X right, Y up, Z towards the reader, stood up into a sign's own frame."""
    return transformed(drawing, _SIGN_FROM_DRAWING)


def plate(area: Polygon, /, *, front: float, back: float, has_back: bool = True, spacing: float = 4.0) -> Mesh:
    """An upright solid plate of that outline (metres, X right, Y up) in a sign's frame, between `front` metres before the sign's
    plane and `front` > `back` (behind it where negative)."""
    parts = [flat_mesh(area, front, spacing=spacing)]
    if has_back:
        parts.append(flat_mesh(area, back, spacing=spacing, upward=False))
    parts += [walls(ring, back, front) for ring in rings_of(area)]
    return upright(concatenated(parts))


def arch(width: float, height: float, /, *, steps: int = 40) -> Polygon:
    """The outline of a doorway with a round head, its foot on y = 0 and its middle at x = 0; level-headed where it would be lower
    than half its width."""
    half = width / 2.0
    rise = min(half, 0.5 * height)
    angle = np.linspace(0.0, np.pi, steps + 1)
    head = np.column_stack([half * np.cos(angle), height - rise + rise * np.sin(angle)])
    return shapely.orient_polygons(Polygon([(half, 0.0), *head.tolist(), (-half, 0.0)]))


def widened(opening: Polygon, by: float, /) -> Polygon:
    """A doorway's outline widened to both sides and above by `by` metres (narrowed where negative), its foot kept on y = 0."""
    low, high = opening.bounds[0] - abs(by) - 1.0, opening.bounds[2] + abs(by) + 1.0
    grown = opening.union(shapely.box(opening.bounds[0], -abs(by) - 1.0, opening.bounds[2], 1e-6)).buffer(by, quad_segs=32)
    return shapely.orient_polygons(grown.intersection(shapely.box(low, 0.0, high, opening.bounds[3] + abs(by) + 1.0)))

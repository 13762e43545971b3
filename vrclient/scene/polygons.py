"""Plane areas with holes: the format's value types for them, what is wrong with one in words, and their triangles.

Mapbox-earcut is used here alone."""

import itertools
from collections.abc import Callable, Sequence
from typing import Annotated

import mapbox_earcut
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pydantic import AfterValidator, Field
from shapely import MultiPolygon, Polygon

from vrclient.geometry.curves import MAX_POINTS, Points, length, signed_area, smoothed
from vrclient.geometry.mesh import Mesh, mesh
from vrclient.showcase.models import Point

SMOOTH_SPACING = 1.5
"""Metres between the points of a smoothed outline."""
_FEW_POINTS = 64
MAX_CELLS = 80_000
"""Of the grid over one area, whether they lie in it or not."""


def outline_problem(points: Sequence[Sequence[float]], /, *, name: str = "the outline") -> str | None:
    """What keeps these points from being a shape, as one sentence for whoever wrote them; None where nothing does."""
    if len(points) < 3:
        return f"{name} needs at least 3 points; it has {len(points)}"
    for number, (a, b) in enumerate(zip(points, [*points[1:], points[0]], strict=True)):
        if np.hypot(a[0] - b[0], a[1] - b[1]) < 1e-3:
            if number == len(points) - 1:
                return f"the last point of {name} repeats the first; leave it out, the shape closes by itself"
            return f"points {number + 1} and {number + 2} of {name} are the same place, {_place(a)}; remove one of them"
    shape = Polygon(points)
    if shape.convex_hull.area < 1e-2:
        return f"{name} encloses no area; its points lie on one line or are too close together"
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        where = reason[reason.find("[") + 1 : reason.find("]")].split()
        place = f" near {_place([float(value) for value in where])}" if len(where) >= 2 else ""
        return f"{name} crosses itself{place}; list its points in order around the shape"
    return None


def holes_problem(
    outline: Sequence[Sequence[float]], holes: Sequence[Sequence[Sequence[float]]], /, *, name: str = "hole"
) -> str | None:
    """What is wrong with holes in an outline that is right itself; None where nothing is."""
    area = Polygon(outline)
    shapes: list[Polygon] = []
    for number, hole in enumerate(holes, 1):
        problem = outline_problem(hole, name=f"{name} {number}")
        if problem:
            return problem
        shape = Polygon(hole)
        if not area.contains(shape):
            return f"{name} {number} is not inside the outline"
        for other_number, other in enumerate(shapes, 1):
            if shape.intersection(other).area > 1e-6:
                return f"{name}s {other_number} and {number} overlap; make them one"
        shapes.append(shape)
    return None


def _place(point: Sequence[float]) -> str:
    return f"[{point[0]:.6g}, {point[1]:.6g}]"


def _checked_outline(points: tuple[Point, ...]) -> tuple[Point, ...]:
    problem = outline_problem(points)
    if problem:
        raise ValueError(problem)
    return points


def _checked_path(points: tuple[Point, ...]) -> tuple[Point, ...]:
    if len(points) < 2:
        raise ValueError(f"the path needs at least 2 points; it has {len(points)}")
    for number, (a, b) in enumerate(itertools.pairwise(points), 1):
        if np.hypot(a[0] - b[0], a[1] - b[1]) < 1e-3:
            raise ValueError(f"points {number} and {number + 1} of the path are the same place, {_place(a)}; remove one of them")
    return points


Outline = Annotated[
    tuple[Point, ...], AfterValidator(_checked_outline), Field(max_length=5000, examples=[[[0, 0], [40, 0], [40, 25], [0, 25]]])
]
"""At least three [east, north] points around a shape, in either direction, the first not repeated."""
Path = Annotated[
    tuple[Point, ...], AfterValidator(_checked_path), Field(max_length=5000, examples=[[[0, 0], [30, 10], [80, 10]]])
]
"""At least two [east, north] points, from one end to the other."""


def area_of(outline: ArrayLike, holes: Sequence[ArrayLike] = (), /, *, smooth: bool = False) -> Polygon:
    """The outline as an area, counterclockwise, its holes clockwise. `smooth` draws a curve without corners through the
    points; where that curve crosses itself the largest part of it counts."""
    rings = [np.asarray(ring, np.float64) for ring in (outline, *holes)]
    if smooth:
        rings = [smoothed(ring, spacing=SMOOTH_SPACING, closed=True) for ring in rings]
    shape = Polygon(rings[0], rings[1:])
    if not shape.is_valid:
        shape = largest(shapely.make_valid(shape))
    return shapely.orient_polygons(shape)


def largest(shape: shapely.Geometry, /) -> Polygon:
    """The largest polygon in a geometry; an empty one where there is none."""
    parts = [part for part in shapely.get_parts(shape, return_index=False) if isinstance(part, Polygon)]
    parts += [largest(part) for part in shapely.get_parts(shape) if isinstance(part, MultiPolygon)]
    return max(parts, key=lambda part: part.area, default=Polygon())


def polygons_in(shape: shapely.Geometry, /) -> list[Polygon]:
    """All polygons of a geometry, counterclockwise, without the lines and points that cutting leaves."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area > 1e-4]
    return [shapely.orient_polygons(part) for part in parts]


def prepared(area: shapely.Geometry, /) -> shapely.Geometry:
    """A copy of the area that answers many questions quickly; it is for one thread.

    What GEOS keeps with a prepared geometry it makes at the first question, without a lock: two threads that ask at once make it
    twice, and one's is given back while the other reads it (GEOS 3.14, PreparedPolygon::getPointLocator): the heap is spoilt.
    Elements are built in threads and share areas, so an area itself is never prepared. shapely.contains_xy would do that."""
    own = shapely.force_2d(area)
    shapely.prepare(own)  # noqa: TID251
    return own


def point_locator(area: shapely.Geometry, /) -> Callable[[ArrayLike, ArrayLike], NDArray[np.bool_]]:
    """A function of x and y, metres in shapes that broadcast: which of the points lie within the area, not on its edge. It is for
    one thread."""
    own = prepared(area)

    def within(x: ArrayLike, y: ArrayLike) -> NDArray[np.bool_]:
        return np.asarray(shapely.contains_xy(own, x, y))  # noqa: TID251

    return within


def edge_distance(line: shapely.Geometry, places: NDArray[np.float64], /) -> NDArray[np.float64]:
    """[N] metres from places [N, 2] to a line, a ring or several; of one with many points through a tree of its pieces, so that
    the work does not grow as their number times N."""
    points, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    if len(points) <= _FEW_POINTS:
        return np.asarray(shapely.distance(shapely.points(places), line))
    joined = part[1:] == part[:-1]
    tree = shapely.STRtree(shapely.linestrings(np.stack([points[:-1][joined], points[1:][joined]], axis=1)))
    (place, _), away = tree.query_nearest(shapely.points(places), return_distance=True, all_matches=False)
    found = np.empty(len(places))
    found[place] = away
    return found


def area_distance(area: shapely.Geometry, places: NDArray[np.float64], /) -> NDArray[np.float64]:
    """[N] metres from places [N, 2] to an area or several, 0 within; as quick as `edge_distance`."""
    if shapely.get_num_coordinates(area) <= _FEW_POINTS:
        return np.asarray(shapely.distance(shapely.points(places), area))
    found = np.zeros(len(places))
    outside = ~point_locator(area)(places[:, 0], places[:, 1])
    found[outside] = edge_distance(area.boundary, places[outside])
    return found


def grown(area: Polygon, distance: float, /) -> list[Polygon]:
    """The area with its edge moved outward (inward where negative) with sharp corners; shrinking may leave several or none."""
    return polygons_in(area.buffer(distance, join_style="mitre", mitre_limit=3.0))


def rings_of(area: Polygon, /) -> list[Points]:
    """Exterior then holes as [N, 2], the start not repeated; the area lies left of each."""
    return [np.asarray(ring.coords)[:-1] for ring in (area.exterior, *area.interiors)]


def exterior_of(outline: ArrayLike, /, *, smooth: bool = False) -> Points:
    """[N, 2] the outline as it is built, counterclockwise, not closed."""
    return rings_of(area_of(outline, smooth=smooth))[0]


def closed_path(outline: ArrayLike, /, *, smooth: bool = False) -> Points:
    """[N + 1, 2] the outline from its first point, ending where it begins, counterclockwise whichever way it was written, so that
    its right is outside: for `along:` and `area:`."""
    ring = np.asarray(outline, np.float64)
    if signed_area(ring) < 0:
        ring = np.concatenate([ring[:1], ring[:0:-1]])
    if smooth:
        ring = smoothed(ring, spacing=SMOOTH_SPACING, closed=True)
    return np.concatenate([ring, ring[:1]])


def outline_size(outline: ArrayLike, /, *, spacing: float = np.inf, smooth: bool = False) -> tuple[float, float, float]:
    """(metres around, square metres of its bounds, points as it is built) of an outline, without building it. `spacing`: metres
    between points put along it."""
    ring = np.asarray(outline, np.float64)
    around = length(ring, closed=True)
    spacing = min(spacing, SMOOTH_SPACING) if smooth else spacing
    return around, float(np.prod(np.ptp(ring, axis=0))), min(around / spacing, MAX_POINTS) + (0 if smooth else len(ring))


def grid_triangles(square_metres: float, spacing: float, /) -> float:
    """About how many triangles `gridded` makes within bounds of that size."""
    return 2.2 * min(square_metres / spacing**2, MAX_CELLS)


def triangulated(area: Polygon, /) -> tuple[Points, NDArray[np.uint32]]:
    """(points [N, 2], triangle [T, 3] counterclockwise) that cover the area and use its own points alone."""
    rings = rings_of(area)
    points = np.concatenate(rings)
    triangle = mapbox_earcut.triangulate_float64(points, np.cumsum([len(ring) for ring in rings]).astype(np.uint32)).reshape(
        -1, 3
    )
    return points, _counterclockwise(points, triangle)


def gridded(area: Polygon, spacing: float, /) -> tuple[Points, NDArray[np.uint32]]:
    """(points [N, 2], triangle [T, 3] counterclockwise) that cover the area in pieces of at most about `spacing` metres, so
    that light and height can vary inside it; a grid of more than MAX_CELLS becomes coarser. The edge gets more points where the
    grid crosses it."""
    x0, y0, x1, y1 = area.bounds
    spacing = max(spacing, float(np.sqrt((x1 - x0) * (y1 - y0) / MAX_CELLS)), max(x1 - x0, y1 - y0) / MAX_CELLS)
    if max(x1 - x0, y1 - y0) <= spacing:
        return triangulated(area)
    x, y = (np.linspace(a, b, max(2, int(np.ceil((b - a) / spacing)) + 1)) for a, b in ((x0, x1), (y0, y1)))
    corner = np.stack(np.meshgrid(np.arange(len(x) - 1), np.arange(len(y) - 1), indexing="ij"), axis=-1).reshape(-1, 2)
    boxes = shapely.box(x[corner[:, 0]], y[corner[:, 1]], x[corner[:, 0] + 1], y[corner[:, 1] + 1])
    quick = prepared(area)
    whole = shapely.contains_properly(quick, boxes)
    touched = ~whole & shapely.intersects(quick, boxes)
    pieces = shapely.get_parts(shapely.intersection(boxes[touched], area))
    pieces = pieces[shapely.get_type_id(pieces) == 3]
    cut = shapely.get_parts(shapely.constrained_delaunay_triangles(pieces))
    corners = [shapely.get_coordinates(cut).reshape(-1, 4, 2)[:, :3]]
    for picks in (((0, 0), (1, 0), (1, 1)), ((0, 0), (1, 1), (0, 1))):
        cell = corner[whole][:, None, :] + np.array(picks)
        corners.append(np.stack([x[cell[..., 0]], y[cell[..., 1]]], axis=-1))
    return welded(np.concatenate(corners))


def welded(corner: NDArray[np.float64], /) -> tuple[Points, NDArray[np.uint32]]:
    """Loose triangles [T, 3, 2] as shared points and counterclockwise indices; points nearer than 0.1 mm become one, triangles
    without area are dropped."""
    flat = corner.reshape(-1, 2)
    _, first, index = np.unique(point_keys(flat), return_index=True, return_inverse=True)
    points, triangle = flat[first], index.reshape(-1, 3)
    different = (triangle[:, 0] != triangle[:, 1]) & (triangle[:, 1] != triangle[:, 2]) & (triangle[:, 2] != triangle[:, 0])
    triangle = triangle[different]
    triangle = triangle[np.abs(_double_area(points, triangle)) > 1e-7]
    return points, _counterclockwise(points, triangle)


def point_keys(points: NDArray[np.float64], /) -> NDArray[np.int64]:
    """[N] one number per place, the same for places in the same tenth of a millimetre."""
    whole = np.rint(points * 1e4).astype(np.int64)
    return (whole[:, 0] << 32) + whole[:, 1]


def flat_mesh(area: Polygon, height: float, /, *, spacing: float = 4.0, upward: bool = True) -> Mesh:
    """The area as a level surface at `height` metres; uv is the place in metres."""
    points, triangle = gridded(area, spacing)
    position = np.column_stack([points, np.full(len(points), height)])
    normal = [0.0, 0.0, 1.0 if upward else -1.0]
    return mesh(position, triangle if upward else triangle[:, ::-1], normal=normal, uv=points)


def counterclockwise(ring: ArrayLike, /) -> Points:
    """The ring, turned round if it runs clockwise."""
    points = np.asarray(ring, np.float64)
    return points if signed_area(points) > 0 else points[::-1]


def _double_area(points: Points, triangle: NDArray) -> NDArray[np.float64]:
    a, b, c = (points[triangle[:, k]] for k in range(3))
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])


def _counterclockwise(points: Points, triangle: NDArray) -> NDArray[np.uint32]:
    clockwise = _double_area(points, triangle) < 0
    return np.where(clockwise[:, None], triangle[:, ::-1], triangle).astype(np.uint32)

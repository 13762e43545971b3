"""What the tests of visibility share: made-up boxes and views, and slow, plain answers to compare with. float64, no cells."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid, world_from_body
from vrclient.visibility.batches import VisibleSet
from vrclient.visibility.frustum import corner_points, merged_planes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """N boxes as `VisibilityIndex.build` takes them."""

    center: NDArray[np.float32]
    half_extent: NDArray[np.float32]
    mesh: NDArray[np.int32]
    built: NDArray[np.int32]
    demolished: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.center)


KINDS = ("city", "points", "one place", "huge", "tiny", "line", "far from the origin", "stray row")


def world(kind: str, count: int, seed: int, *, meshes: int = 5) -> World:
    """`count` boxes of one of KINDS; dates lie between 0 and 1000."""
    rng = np.random.default_rng(seed)
    center = rng.uniform([-200, -200, -20], [200, 200, 40], (count, 3))
    half = rng.uniform(0.0, 8.0, (count, 3))
    if kind == "points":
        half[:] = 0.0
    elif kind == "one place":
        center[:] = rng.uniform(-50, 50, 3)
    elif kind == "huge":
        half *= 10.0 ** rng.uniform(0, 9, (count, 1))
    elif kind == "tiny":
        center, half = center * 1e-3, half * 1e-6
    elif kind == "line":
        center[:, 1:] = 0.0
    elif kind == "far from the origin":
        center += [3e5, -2e6, 100.0]
    elif kind == "stray row" and count:
        center[0] = [4e11, -9e11, 1e10]
    built = rng.integers(0, 800, count)
    return World(
        center.astype(np.float32),
        half.astype(np.float32),
        rng.integers(0, meshes, count, dtype=np.int32),
        built.astype(np.int32),
        (built + rng.integers(-20, 600, count)).astype(np.int32),
    )


worlds = st.builds(world, st.sampled_from(KINDS), st.integers(0, 400), st.integers(0, 2**32 - 1))


def views(
    eye: Floats | tuple[float, float, float] = (0.0, 0.0, 1.7),
    heading: float = 0.0,
    *,
    pitch: float = 0.0,
    roll: float = 0.0,
    fov: tuple[float, float, float, float] = (-0.9, 0.9, 0.7, -0.7),
    count: int = 1,
    distance: float = 0.064,
    cant: float = 0.0,
    near: float = 0.1,
    far: float = 300.0,
    pixels: tuple[int, int] = (1000, 1000),
) -> ViewSet:
    """`count` eyes side by side on one head; `cant` turns each of two outwards. A second eye has the fov mirrored."""
    head = world_from_body(eye, heading=heading, pitch=pitch, roll=roll)
    poses, angles = [], []
    for k in range(count):
        side = 0.0 if count == 1 else k / (count - 1) * 2.0 - 1.0
        pose = head @ world_from_body((side * distance / 2.0, 0.0, 0.0), heading=side * cant)
        poses.append(inverse_rigid(pose))
        left, right, up, down = fov
        angles.append((-right, -left, up, down) if side > 0.0 else fov)
    return ViewSet.from_arrays(poses, angles, near=near, far=far, pixels=[pixels] * count)


@st.composite
def view_sets(draw: st.DrawFn, center: Floats | None = None) -> ViewSet:
    """One or two views near the middle of `center` [N, 3]: any direction, canted or not, symmetric or not."""
    middle = np.median(center, axis=0) if center is not None and len(center) else np.zeros(3)
    angle = st.floats(0.05, 1.3)
    left = draw(angle)
    fov = (-left, draw(st.one_of(angle, st.just(left))), draw(angle), draw(st.floats(-1.3, 0.0)))
    near = draw(st.floats(1e-3, 50.0))
    return views(
        middle + [draw(st.floats(-150, 150)) for _ in range(3)],
        draw(st.floats(-4, 4)),
        pitch=draw(st.floats(-1.5, 1.5)),
        roll=draw(st.floats(-3, 3)),
        fov=fov,
        count=draw(st.integers(1, 2)),
        distance=draw(st.sampled_from([0.0, 0.064, 5.0])),
        cant=draw(st.sampled_from([0.0, 0.1, 0.8, np.pi / 2, np.pi])),
        near=near,
        far=near * draw(st.floats(1.01, 1e5)),
    )


def intersects(view_set: ViewSet, center: Floats, half_extent: Floats) -> NDArray[np.bool_]:
    """[N] bool: which boxes have a point in common with some view's frustum. The whole separating-axis test."""
    center, half_extent = np.asarray(center, np.float64), np.asarray(half_extent, np.float64)
    result = np.zeros(len(center), np.bool_)
    for corners, view_from_world in zip(corner_points(view_set), view_set.view_from_world, strict=True):
        points = corners @ view_from_world[:3, :3] + inverse_rigid(view_from_world)[:3, 3]
        near, far = points[:4], points[4:]
        edges = np.concatenate([far - near, near[1:3] - near[:2]])
        faces = [np.cross(near[1] - near[0], near[2] - near[0])]
        faces += [np.cross(far[k] - near[k], near[k - 1] - near[k]) for k in range(4)]
        axes = [*np.eye(3), *faces, *(np.cross(edge, side) for edge in edges for side in np.eye(3))]
        separate = np.zeros(len(center), np.bool_)
        for axis in axes:
            length = np.linalg.norm(axis)
            if length < 1e-12:
                continue
            along = (points - points[0]) @ (axis / length)
            box, reach = (center - points[0]) @ (axis / length), half_extent @ np.abs(axis / length)
            separate |= (box - reach > along.max()) | (box + reach < along.min())
        result |= ~separate
    return result


def plane_distance(view_set: ViewSet, center: Floats, half_extent: Floats) -> Floats:
    """[N] float64 metres: how far inside the merged planes the innermost point of each box is; negative = outside one."""
    planes = merged_planes(corner_points(view_set), view_set.view_from_world)
    length = np.linalg.norm(planes[:, :3], axis=1)
    planes = planes[length > 1e-9] / length[length > 1e-9, None]
    inside = np.asarray(center, np.float64) @ planes[:, :3].T + planes[:, 3]
    return np.asarray((inside + np.asarray(half_extent, np.float64) @ np.abs(planes[:, :3]).T).min(axis=1, initial=np.inf))


def groups(visible: VisibleSet) -> dict[tuple[int, int], NDArray[np.uint32]]:
    """(mesh, level) -> row numbers, where there are any."""
    result = {}
    for mesh, level in np.argwhere(visible.counts).tolist():
        start = visible.offsets[mesh, level]
        result[mesh, level] = visible.rows[start : start + visible.counts[mesh, level]].copy()
    return result


def levels(visible: VisibleSet, count: int) -> NDArray[np.int64]:
    """[N] the level of every row, -1 where it is not visible."""
    result = np.full(count, -1)
    for (_, level), rows in groups(visible).items():
        result[rows] = level
    return result

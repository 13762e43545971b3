"""The same frames in plain Panda3D, for comparison: a node for each thing, or things flattened into cells.

As an ordinary program would: the engine's own culling, a pass for each view, no levels of detail. Every thing has its
coarsest level, the cheapest there is, and the plainest program: what differs is only how things reach the graphics card."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (  # noqa: TID251
    BoundingHexahedron,
    Camera,
    DepthTestAttrib,
    GeomNode,
    LMatrix4f,
    LPoint3,
    MatrixLens,
    NodePath,
    TransformState,
)

from vrclient.app.frame import collector_frozen
from vrclient.frame.views import ViewSet, carried
from vrclient.geometry.frames import inverse_rigid
from vrclient.renderer import convert
from vrclient.renderer.context import open_context
from vrclient.renderer.scene_pass import target_size
from vrclient.renderer.shaders import load_shader
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import Projection
from vrclient.scene.tables import Scene
from vrclient.visibility.frustum import corner_points

Peer = Literal["nodes", "flattened"]
CELL_M = 250.0
"""Side of the squares that are flattened, metres; docs/performance.md has what other sizes take."""
WARM_UP = 3


@dataclass(frozen=True, slots=True, eq=False)
class PeerRun:
    """frame_ms: p50, p99 and max of a whole frame; wall_ms: the walk's time by its frames, the last picture's fetching
    included; build_seconds: making the nodes; pictures as in FrameRun."""

    frames: int
    build_seconds: float
    frame_ms: dict[str, float]
    wall_ms: float
    pictures: tuple[NDArray[np.uint8], ...]


def run_peer(
    peer: Peer,
    scene: Scene,
    walk: NDArray[np.float64],
    head_views: ViewSet,
    /,
    *,
    pictures_of: tuple[int, ...] = (),
    cell: float = CELL_M,
    progress: Callable[[int, int], None] | None = None,
) -> PeerRun:
    """Walks once through a scene; `walk` [F, 4, 4] world_from_head, `cell` metres."""
    context = open_context("offscreen")
    layout = tuple((int(width), int(height)) for width, height in head_views.pixels)
    target = RenderTarget(context, target_size(layout), samples=1)
    start = time.perf_counter()
    root = NodePath(peer)
    root.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_greater_equal))
    root.set_shader(load_shader(context, "peer.vert", "normals.frag"))
    _place(scene, root, cell=cell if peer == "flattened" else None, progress=progress)
    built = time.perf_counter() - start
    cameras = _cameras(root, target, layout, head_views)
    projection = Projection(zero_to_one=context.info.reversed_depth)

    def draw(world_from_head: NDArray[np.float64]) -> None:
        view_set = carried(head_views, world_from_head)
        clip_from_world, _ = projection.matrices(view_set)
        for camera, clip, world_from_view in zip(cameras, clip_from_world, inverse_rigid(view_set.view_from_world), strict=True):
            camera.set_mat(_panda(world_from_view))
            camera.node().get_lens().set_user_mat(_panda(clip @ world_from_view))
        target.buffer.set_active(True)
        context.engine.render_frame()
        target.buffer.set_active(False)

    for pose in walk[:WARM_UP]:
        draw(pose)
    target.read()
    times = np.empty(len(walk))
    with collector_frozen():
        began = time.perf_counter()
        for number, pose in enumerate(walk):
            before = time.perf_counter()
            draw(pose)
            times[number] = time.perf_counter() - before
        target.read()
        wall = time.perf_counter() - began
    pictures = []
    for number in pictures_of:
        draw(walk[number])
        pictures.append(target.read())
    root.remove_node()
    target.close()
    context.close()
    return PeerRun(
        frames=len(walk),
        build_seconds=built,
        frame_ms={name: float(np.percentile(times, share)) * 1e3 for name, share in (("p50", 50), ("p99", 99), ("max", 100))},
        wall_ms=wall / len(walk) * 1e3,
        pictures=tuple(pictures),
    )


def _panda(matrix: NDArray[np.float64]) -> LMatrix4f:
    """Panda's matrices act on row vectors."""
    return LMatrix4f(*matrix.T.reshape(-1).tolist())


def _place(scene: Scene, root: NodePath, *, cell: float | None, progress: Callable[[int, int], None] | None) -> None:
    """A node for each row below `root`, and one for each chunk, which is a merged cell already; with `cell`, all rows of a
    square of so many metres flattened into one."""
    table = scene.instances
    for chunk in scene.chunks:
        unique = GeomNode("chunk")
        unique.add_geom(convert.geom(chunk.far or chunk.near, bounded=True))
        root.attach_new_node(unique)
    geoms = [convert.geom(levels[-1], bounded=True) for levels in table.levels]
    cells = np.floor(table.center[:, :2] / (cell or np.inf)).astype(np.int64)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    changes = np.flatnonzero((np.diff(cells[order], axis=0) != 0).any(axis=1)) + 1
    placed = 0
    for rows in np.split(order, changes):
        parent = root.attach_new_node("cell")
        for row in rows.tolist():
            node = GeomNode("thing")
            node.add_geom(geoms[table.mesh[row]])
            heading = -np.degrees(float(table.heading[row]))
            parent.attach_new_node(node).set_transform(
                TransformState.make_pos_hpr_scale(
                    LPoint3(*table.position[row].tolist()), (heading, 0.0, 0.0), tuple(table.scale[row].tolist())
                )
            )
        if cell is not None:
            parent.flatten_strong()
        placed += len(rows)
        if progress:
            progress(placed, len(order))


def _cameras(root: NodePath, target: RenderTarget, layout: tuple[tuple[int, int], ...], head_views: ViewSet) -> list[NodePath]:
    """One for each view, side by side; the engine culls by the view's frustum."""
    width, height = target_size(layout)
    cameras, left = [], 0
    for (across, up), corners in zip(layout, corner_points(head_views), strict=True):
        camera = Camera("eye", MatrixLens())
        near, far = corners[:4], corners[4:]
        points = [LPoint3(*corner.tolist()) for corner in (*far, *near)]
        camera.set_cull_bounds(BoundingHexahedron(*points))
        camera.set_scene(root)
        region = target.buffer.make_display_region(left / width, (left + across) / width, 1.0 - up / height, 1.0)
        path = root.attach_new_node(camera)
        region.camera = path
        cameras.append(path)
        left += across
    return cameras

"""Small scenes and lights for the renderer's tests: exact colours need a light that adds nothing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.frame.views import ViewSet, symmetric_fov
from vrclient.geometry.frames import inverse_rigid, world_from_body
from vrclient.geometry.mesh import Mesh, mesh
from vrclient.render_data.culling import SceneVisibility
from vrclient.render_data.quality import Quality
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.stats import FrameStats
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, InstanceMesh, Instances, Material, Surface
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.tables import Scene

PLAIN = Quality(samples=1, shadow_size=0, reflections=False, anisotropy=1)


def light(
    *,
    sun: ArrayLike = (0.0, 0.0, 1.0),
    sun_radiance: float = 0.0,
    ambient: float = 0.0,
    sky: ArrayLike = (0.0, 0.0, 0.0),
    darkness: float = 1.0,
) -> LightEnvironment:
    """A light without colour, an even sky, no haze."""
    table = np.zeros((128, 256, 4), np.float32)
    table[:96, :, :3] = sky
    direction = np.asarray(sun, np.float32)
    harmonics = np.zeros((9, 3), np.float32)
    harmonics[0] = ambient
    return LightEnvironment(
        sky_table=table,
        sun_direction=direction / np.linalg.norm(direction),
        sun_radiance=np.full(3, sun_radiance, np.float32),
        ambient_sh=harmonics,
        haze=1e9,
        exposure=1.0,
        darkness=darkness,
        sun_elevation=0.5,
    )


def shining(color: ArrayLike) -> Material:
    """Seen as exactly this linear colour where no other light is."""
    red, green, blue = np.asarray(color, np.float64)
    return Material(color=(float(red), float(green), float(blue)), roughness=1.0, emission=1.0, emission_when="always")


def wall(low: ArrayLike, high: ArrayLike, *, y: float = 0.0) -> Mesh:
    """An upright rectangle that faces south, at `y`; low and high are (x, z)."""
    (left, bottom), (right, top) = np.asarray(low, np.float64), np.asarray(high, np.float64)
    corners = [[left, y, bottom], [right, y, bottom], [right, y, top], [left, y, top]]
    return mesh(corners, [[0, 1, 2], [0, 2, 3]], normal=[0, -1, 0], uv=[[0, 0], [1, 0], [1, 1], [0, 1]])


def floor(low: ArrayLike, high: ArrayLike, *, z: float = 0.0) -> Mesh:
    """A level rectangle that faces up; low and high are (x, y)."""
    (left, south), (right, north) = np.asarray(low, np.float64), np.asarray(high, np.float64)
    corners = [[left, south, z], [right, south, z], [right, north, z], [left, north, z]]
    return mesh(corners, [[0, 1, 2], [0, 2, 3]], normal=[0, 0, 1], uv=corners_uv(corners))


def corners_uv(corners: list[list[float]]) -> NDArray[np.float64]:
    """Metres east and north."""
    return np.asarray(corners)[:, :2]


def column(*, radius: float = 0.5, height: float = 2.0) -> Mesh:
    """A square column on its origin, seen from all sides and from above."""
    a = np.array([-1.0, 1.0, 1.0, -1.0]) * radius
    b = np.array([-1.0, -1.0, 1.0, 1.0]) * radius
    low, high = np.column_stack([a, b, np.zeros(4)]), np.column_stack([a, b, np.full(4, height)])
    sides = [tri for k in range(4) for tri in ((k, (k + 1) % 4, 4 + (k + 1) % 4), (k, 4 + (k + 1) % 4, 4 + k))]
    return mesh(np.concatenate([low, high]), [*sides, (4, 5, 6), (4, 6, 7)])


def rows_of(
    thing: InstanceMesh,
    position: ArrayLike,
    /,
    *,
    tint: ArrayLike = (1.0, 1.0, 1.0),
    heading: ArrayLike = 0.0,
    scale: ArrayLike = 1.0,
) -> Instances:
    """Rows at [N, 3]; the rest for all alike or [N, ...]."""
    place = np.asarray(position, np.float32).reshape(-1, 3)
    return Instances(
        thing,
        place,
        np.broadcast_to(np.float32(heading), (len(place),)).copy(),
        np.broadcast_to(np.float32(scale), place.shape).copy(),
        np.broadcast_to(np.float32(tint), place.shape).copy(),
    )


def scene_of(*surfaces: Surface, instances: tuple[Instances, ...] = ()) -> Scene:
    """A scene of one element."""
    return scene_from_draw_data([BuiltElement(DrawData(surfaces=surfaces, instances=instances))])


def looking_north(
    position: ArrayLike, *, size: tuple[int, int] = (96, 64), heading: float = 0.0, pitch: float = 0.0, fov_deg: float = 60.0
) -> ViewSet:
    """One view."""
    pose = inverse_rigid(world_from_body(position, heading=heading, pitch=pitch))
    return ViewSet.from_arrays(
        [pose], [symmetric_fov(np.radians(fov_deg), aspect=size[0] / size[1])], near=0.05, far=5000.0, pixels=[size]
    )


def together(*views: ViewSet) -> ViewSet:
    """Several single views as one set."""
    return ViewSet.from_arrays(
        np.concatenate([one.view_from_world for one in views]),
        np.concatenate([one.fov for one in views]),
        near=views[0].near,
        far=views[0].far,
        pixels=np.concatenate([one.pixels for one in views]),
    )


def picture(
    context: GraphicsContext, scene: Scene, view_set: ViewSet, environment: LightEnvironment, /, *, quality: Quality = PLAIN
) -> NDArray[np.uint8]:
    """[H, W, 3] uint8."""
    return picture_and_stats(context, scene, view_set, environment, quality=quality)[0]


def picture_and_stats(
    context: GraphicsContext, scene: Scene, view_set: ViewSet, environment: LightEnvironment, /, *, quality: Quality = PLAIN
) -> tuple[NDArray[np.uint8], FrameStats]:
    """The picture of one frame, and what the renderer says of it."""
    renderer, target = Renderer(context, quality=quality), RenderTarget(context, (8, 8), samples=quality.samples)
    visibility = SceneVisibility(scene)
    renderer.load(scene, visibility, view_counts=(len(view_set),))
    renderer.set_environment(environment)
    renderer.upload(view_set, visibility.cull(view_set))
    renderer.draw(target)
    pixels, stats = target.read(), renderer.stats
    renderer.close()
    target.close()
    return pixels, stats


def pixel_of(view_set: ViewSet, point: ArrayLike, /, *, view: int = 0) -> tuple[int, int]:
    """(row, column) of a world point in a view's own picture."""
    clip = view_set.clip_from_view[view] @ view_set.view_from_world[view] @ np.array([*np.asarray(point, np.float64), 1.0])
    width, height = view_set.pixels[view]
    return int((0.5 - 0.5 * clip[1] / clip[3]) * height), int((0.5 + 0.5 * clip[0] / clip[3]) * width)

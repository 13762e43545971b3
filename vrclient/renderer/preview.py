"""One picture of draw data, without a display: for whoever shapes geometry and wants to see it."""

import datetime
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.frame.views import ViewSet, symmetric_fov
from vrclient.geometry.frames import heading_and_pitch, inverse_rigid, world_from_body
from vrclient.render_data.culling import SceneVisibility
from vrclient.render_data.quality import HIGH, Quality
from vrclient.renderer.context import GraphicsContext, open_context
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, Sky
from vrclient.scene.environment import LightEnvironment, light_environment
from vrclient.scene.tables import Scene

DATE = datetime.date(2026, 6, 21)
NEAR, FAR = 0.05, 5000.0


@cache
def shared_context() -> GraphicsContext:
    """One offscreen context for all pictures of the process."""
    return open_context("offscreen")


def one_view(
    position: ArrayLike,
    /,
    *,
    heading: float = 0.0,
    pitch: float = 0.0,
    fov: float = float(np.radians(60.0)),
    size: tuple[int, int] = (640, 360),
) -> ViewSet:
    """A single camera at `position` [3] metres; angles in radians, `fov` is the whole vertical angle."""
    pose = inverse_rigid(world_from_body(position, heading=heading, pitch=pitch))
    return ViewSet.from_arrays([pose], [symmetric_fov(fov, aspect=size[0] / size[1])], near=NEAR, far=FAR, pixels=[size])


def looking_at(
    position: ArrayLike, target: ArrayLike, /, *, fov: float = float(np.radians(60.0)), size: tuple[int, int] = (640, 360)
) -> ViewSet:
    """A single camera at `position` [3] that looks at `target` [3]."""
    heading, pitch = heading_and_pitch(np.asarray(target, np.float64) - np.asarray(position, np.float64))
    return one_view(position, heading=heading, pitch=pitch, fov=fov, size=size)


def daylight(
    time: str = "15:00", /, *, sky: Sky | None = None, lon_deg: float = 121.475, lat_deg: float = 30.945
) -> LightEnvironment:
    """The light at "HH:MM" on a day in June, by default in Fengxian."""
    return light_environment(lon_deg, lat_deg, 8.0, DATE, datetime.time.fromisoformat(time), sky or Sky())


def render_scene(
    scene: Scene,
    view_set: ViewSet,
    /,
    *,
    environment: LightEnvironment | None = None,
    quality: Quality = HIGH,
    seconds: float = 0.0,
) -> NDArray[np.uint8]:
    """[H, W, 3] uint8 sRGB; several views lie side by side."""
    context = shared_context()
    renderer = Renderer(context, quality=quality)
    target = RenderTarget(context, (int(view_set.pixels[:, 0].sum()), int(view_set.pixels[:, 1].max())), samples=quality.samples)
    try:
        visibility = SceneVisibility(scene, lod_bias=quality.lod_bias, cutoff_px=quality.cutoff_px)
        renderer.load(scene, visibility, view_counts=(len(view_set),))
        renderer.set_environment(environment or daylight(sky=scene.sky))
        renderer.set_seconds(seconds)
        renderer.upload(view_set, visibility.cull(view_set))
        renderer.draw(target)
        return target.read()
    finally:
        renderer.close()
        target.close()


def render_draw_data(
    elements: Sequence[DrawData],
    view_set: ViewSet,
    /,
    *,
    environment: LightEnvironment | None = None,
    quality: Quality = HIGH,
) -> NDArray[np.uint8]:
    """[H, W, 3] uint8 sRGB of the elements' draw data; by default on a June afternoon in Fengxian."""
    scene = scene_from_draw_data([BuiltElement(one) for one in elements])
    return render_scene(scene, view_set, environment=environment, quality=quality)

"""The renderer: takes a scene, a light and a frame's visible rows, and draws any number of views into a target.

Per frame: `upload(view_set, visible)`, then `draw(target)`. Between frames: `load` and `set_environment`. It decides nothing
about what is visible (visibility/) or where the picture goes (display/)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vrclient.frame.aids import Aids
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.renderer.aids import AidsPass
from vrclient.renderer.batches import InstanceGeometry
from vrclient.renderer.context import GraphicsContext, log_notices
from vrclient.renderer.controllers import ControllerModels
from vrclient.renderer.culling import SceneVisibility, Visible
from vrclient.renderer.last_moment import LastMoment
from vrclient.renderer.programs import Programs
from vrclient.renderer.quality import HIGH, Quality
from vrclient.renderer.reflections import Reflections
from vrclient.renderer.scene_pass import Layout, SceneGeometry, ScenePass, target_size
from vrclient.renderer.shadows import ShadowMap
from vrclient.renderer.stats import FrameStats
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import VIEWS_MAX, LightUniforms, Projection
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.tables import Scene

SAME_SUN = 1e-6
"""The shadow map is kept while the light's direction moves less than this (1 - cosine: 1.4 mrad, a third of the sun's disc)."""
DARK = 1e-4
"""Radiance under which sun and moon throw no shadow worth drawing."""


class Renderer:
    """Everything drawn in one GL context. Views lie side by side in the target, from left to right.

    Raises GraphicsUnavailable and ShaderError where the driver falls short."""

    def __init__(self, context: GraphicsContext, /, *, quality: Quality = HIGH, controllers: Path | None = None) -> None:
        """`controllers`: a folder of WebXR input profiles; None, or for others, a plain controller is drawn."""
        self.context = context
        self.quality = quality
        self._programs = Programs(context)
        self._projection = Projection(zero_to_one=context.info.reversed_depth)
        self._light = LightUniforms()
        self._shadow = ShadowMap(context, quality.shadow_size) if quality.shadow_size else None
        self._shadow_of: tuple[float, ...] | None = None
        self._shadow_due = False
        self._scene: Scene | None = None
        self._geometry: SceneGeometry | None = None
        self._eyes: ScenePass | None = None
        self._reflections: Reflections | None = None
        self._last_moment = LastMoment(context)
        self._controllers = ControllerModels(controllers)
        self._aids: dict[int, AidsPass] = {}
        self._passes: dict[int, tuple[ScenePass, Reflections | None]] = {}
        self._environment: LightEnvironment | None = None
        self._date: int | None = None
        self._layout: Layout = ()
        self._visible: Visible | None = None
        self._shadow_drawn = False

    def load(self, scene: Scene, visibility: SceneVisibility, /, *, view_counts: Sequence[int] = (1,)) -> None:
        """Uploads a scene in place of the one before; `visibility` is the viewer's, which the sun uses too. For each of
        `view_counts` the graph is made ready, so that a change of display costs no frame; others are made when they come."""
        self._remove_passes()
        self._scene = scene
        self._geometry = SceneGeometry.upload(
            scene.chunks,
            InstanceGeometry(scene.instances),
            anisotropy=self.quality.anisotropy,
            shading=self.quality.shading,
        )
        self._light.set_light_map(scene.light_map)
        if self._shadow:
            self._shadow.load(scene, visibility, self._geometry.chunks, self._geometry.instances)
        self._shadow_of = None
        for count in reversed(view_counts):
            self._choose(count)
        self._update_shadow()

    def set_environment(self, environment: LightEnvironment, /, *, date: int | None = None) -> None:
        """The light from now on, and the day for which shadows and reflections are drawn."""
        self._environment, self._date = environment, date
        self._light.set_environment(environment)
        self._update_shadow()

    def set_seconds(self, seconds: float, /) -> None:
        """The time by which waves, clouds and leaves move; 0 for pictures that must repeat."""
        self._light.set_seconds(seconds)

    def upload(self, view_set: ViewSet, visible: Visible, /, *, culled_with: ViewSet | None = None) -> None:
        """Takes over a frame's views and rows, and the views that they were culled with where those are wider.

        Raises ValueError for more views than VIEWS_MAX, or if no scene is loaded."""
        count = len(view_set)
        if count > VIEWS_MAX:
            raise ValueError(f"view_set has {count} views; expected at most {VIEWS_MAX}")
        eyes = self._choose(count)
        eyes.set_views(*self._projection.matrices(view_set), inverse_rigid(view_set.view_from_world)[:, :3, 3])
        eyes.hidden_area.show(view_set)
        eyes.show(visible)
        self._visible = visible
        self._layout = tuple(map(tuple, view_set.pixels.tolist()))
        if self._reflections:
            self._reflections.upload(view_set, visible, self._layout, date=self._date, culled_with=culled_with)

    def show_aids(self, aids: Aids, /) -> None:
        """Draws these on top of the views that were uploaded, until others come."""
        if self._eyes is not None:
            self._aids[self._eyes.view_count].show(aids)

    def draw(self, target: RenderTarget, /, *, late: Callable[[], ViewSet | None] | None = None) -> None:
        """Draws what was uploaded; resizes the target, unless it is fixed, so that all views fit side by side. `late` is asked
        for the views once more when only the drawing is left to do; what was culled must hold them (frame/views.py, Roaming).

        Raises ValueError before `upload`."""
        if self._eyes is None or not self._layout:
            raise ValueError("nothing is uploaded; call upload first")
        target.resize(target_size(self._layout))
        eyes = self._eyes
        eyes.attach(target.buffer, self._layout, size=target.size if target.fixed else None)
        self._last_moment.call(None if late is None else lambda: self._relocate(eyes, late()))
        target.buffer.set_active(True)
        self.context.engine.render_frame()
        target.buffer.set_active(False)
        if self._reflections:
            self._reflections.rest()
        self._shadow_drawn = self._shadow_due
        if self._shadow and self._shadow_due:
            self._shadow.rest()
            self._shadow_due = False
        log_notices()

    def close(self) -> None:
        """Gives everything on the graphics card back."""
        self._remove_passes()
        self._last_moment.close()
        self._controllers.close()
        if self._shadow:
            self._shadow.close()
        log_notices()

    def _relocate(self, eyes: ScenePass, view_set: ViewSet | None) -> None:
        if view_set is not None:
            eyes.set_views(*self._projection.matrices(view_set), inverse_rigid(view_set.view_from_world)[:, :3, 3])
            if self._reflections:
                self._reflections.relocate(view_set)

    def _choose(self, view_count: int) -> ScenePass:
        """The graph for so many views, in place of the one that was drawn before."""
        if self._eyes is not None and self._eyes.view_count == view_count:
            return self._eyes
        if self._eyes is not None:
            self._eyes.detach()
        if view_count not in self._passes:
            self._passes[view_count] = self._build(view_count)
        self._eyes, self._reflections = self._passes[view_count]
        self._visible = None
        return self._eyes

    def _remove_passes(self) -> None:
        for eyes, reflections in self._passes.values():
            self._light.unbind(eyes.root)
            eyes.remove()
            if reflections:
                reflections.close()
        self._passes.clear()
        self._aids.clear()
        self._eyes = self._reflections = self._visible = None

    def _build(self, view_count: int) -> tuple[ScenePass, Reflections | None]:
        """The graphs of the loaded scene for so many views, and what water sees. Geometry that is uploaded is shared."""
        if self._scene is None or self._geometry is None:
            raise ValueError("no scene is loaded; call load first")
        eyes = ScenePass(self.context, self._programs, self._geometry, view_count=view_count)
        self._light.bind(eyes.root)
        has_water = any(chunk.surface == "water" for chunk in self._scene.chunks)
        reflections = None
        if has_water and self.quality.reflections:
            reflections = Reflections(
                self.context,
                self._programs,
                self._geometry,
                self._light,
                self._scene,
                view_count=view_count,
                cutoff_px=self.quality.cutoff_px,
            )
        self._aids[view_count] = AidsPass(self.context, eyes.root, self._controllers, copies=eyes.copies)
        return eyes, reflections

    def _update_shadow(self) -> None:
        """Draws the shadow map anew in the next frame if the light or the day has changed."""
        if self._shadow is None or self._scene is None or self._environment is None:
            return
        if not (self._environment.sun_radiance > DARK).any():
            return
        towards = self._environment.sun_direction.astype(np.float64)
        key = (*towards, float(self._date or 0))
        if self._shadow_of is not None and self._shadow_of[3] == key[3] and towards @ self._shadow_of[:3] > 1.0 - SAME_SUN:
            return
        frame = self._shadow.update(towards, date=self._date)
        self._light.set_shadow(self._shadow.texture, frame.map_from_world())
        self._shadow_of, self._shadow_due = key, True

    @property
    def stats(self) -> FrameStats:
        """What the last frame drew. Counted when asked, so ask before the next cull: it takes over the rows' memory."""
        if self._eyes is None or self._geometry is None or self._visible is None:
            return FrameStats(stereo=self.context.info.stereo)
        visible, geometry = self._visible, self._geometry
        chunk_rows, chunk_triangles = visible.chunks.rows, geometry.chunks.triangles
        near = int(visible.chunks.counts[0, 0]) if len(chunk_rows) else 0
        triangles = int(chunk_triangles[chunk_rows[:near], 0].sum()) + int(chunk_triangles[chunk_rows[near:], 1].sum())
        triangles += int((visible.instances.counts * geometry.instances.triangles).sum())
        return FrameStats(
            draw_calls=self._eyes.chunks.draw_calls + self._eyes.instances.draw_calls + 1,
            triangles=triangles * self._eyes.view_count,
            instances=len(visible.instances.rows),
            chunks=len(chunk_rows),
            shadow_drawn=self._shadow_drawn,
            stereo=self.context.info.stereo,
        )

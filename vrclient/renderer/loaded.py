"""One scene on the graphics card: its geometry, its light and shadow map, and its graphs for each number of views.

Several may be loaded in one context, and share its programs. Which one is shown, and what a frame sees of it, is up to
pipeline.py."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from panda3d.core import GraphicsOutput, Texture  # noqa: TID251

from vrclient.render_data.prepared import Prepared
from vrclient.render_data.quality import Quality
from vrclient.render_data.steps import Steps, all_of
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.programs import Programs
from vrclient.renderer.reflections import Reflections
from vrclient.renderer.scene_pass import SceneGeometry, ScenePass
from vrclient.renderer.shadows import ShadowMap
from vrclient.renderer.uniforms import LightUniforms
from vrclient.renderer.uploads import TexelUpload
from vrclient.scene.environment import LightEnvironment

SAME_SUN = 1e-6
"""The shadow map is kept while the light's direction moves less than this (1 - cosine: 1.4 mrad, a third of the sun's disc)."""
DARK = 1e-4
"""Radiance under which sun and moon throw no shadow worth drawing."""

Passes = tuple[ScenePass, Reflections | None]
"""What draws a scene for so many views: for the eyes, and for what water mirrors."""


class LoadedScene:
    """Made by Renderer.load and Renderer.load_steps."""

    def __init__(
        self, context: GraphicsContext, programs: Programs, upload: TexelUpload, prepared: Prepared, /, *, quality: Quality
    ) -> None:
        """Nothing is on the graphics card before `steps` have ended."""
        self.prepared = prepared
        self.light = LightUniforms()
        self.geometry = SceneGeometry(prepared, upload, quality=quality)
        """What all graphs share."""
        self.environment: LightEnvironment | None = None
        self.date: int | None = None
        self.shadow_drawn = False
        """Whether the last frame drew the shadow map."""
        self._context, self._programs, self._upload, self._quality = context, programs, upload, quality
        self._shadow: ShadowMap | None = None
        self._shadow_of: tuple[NDArray[np.float64], tuple[object, ...]] | None = None
        self._shadow_due = False
        self._passes: dict[int, Passes] = {}

    def steps(self, view_counts: Sequence[int], /) -> Steps[None]:
        """Takes the scene to the graphics card and makes the graphs for each of `view_counts`; others are made when they come."""
        scene = self.prepared.scene
        yield from self.geometry.steps()
        height, width, _ = self.prepared.light_map.shape
        lamps = convert.empty_table((width, height), "light map")
        self.light.set_light_map(scene.light_map, lamps)
        yield from self._upload.steps(lamps, self.prepared.light_map)
        self.light.set_mist(scene.mist)
        yield
        if self._quality.shadow_size:
            chunks, instances = self.geometry.chunks, self.geometry.instances
            self._shadow = ShadowMap(
                self._context, self._programs, self.prepared, chunks, instances, size=self._quality.shadow_size
            )
            yield
            yield from self._shadow.steps()
        for count in reversed(view_counts):
            yield from self._pass_steps(count)

    def set_environment(self, environment: LightEnvironment, /, *, date: int | None = None) -> None:
        """The light from now on, and the day for which shadows and reflections are drawn."""
        self.environment, self.date = environment, date
        self.light.set_environment(environment)
        self._update_shadow()

    def show_layers(self, names: Iterable[str] | None, /) -> None:
        """What belongs to other layers than these is neither seen nor mirrored and throws no shadow, from the next frame on;
        None = everything is."""
        layers = None if names is None else frozenset(names)
        self.prepared.visibility.show_layers(layers)
        if self.prepared.mirrored is not None:
            self.prepared.mirrored.show_layers(layers)
        self._update_shadow()

    def turn(self, key: str, heading: float, /) -> None:
        """Turns what stands under that key (InstanceMesh.key) to a heading, radians, from the next frame on; its shadow stays."""
        table = self.prepared.scene.instances
        for number, mesh in enumerate(table.meshes):
            if mesh.key == key:
                for row in np.flatnonzero(table.mesh == number).tolist():
                    self.geometry.instances.turn(row, heading)

    def passes(self, view_count: int, /) -> Passes:
        """The graphs for so many views; made where there are none yet. Geometry that is uploaded is shared."""
        if view_count not in self._passes:
            all_of(self._pass_steps(view_count))
        return self._passes[view_count]

    def wake(self) -> None:
        """Before a frame of this scene: the shadow map is drawn with it, if it is due."""
        if self._shadow and self._shadow_due:
            self._shadow.wake()

    @property
    def textures(self) -> list[Texture]:
        """Everything that is uploaded before it is first drawn."""
        return [*self.light.textures, *self.geometry.textures]

    @property
    def outputs(self) -> list[GraphicsOutput]:
        """What is drawn before the eyes: shadow map and mirrors."""
        mirrors = [reflections.buffer for _, reflections in self._passes.values() if reflections]
        return [one for one in (*mirrors, self._shadow.buffer if self._shadow else None) if one is not None]

    def rest(self) -> None:
        """After a frame: what drew the shadow map keeps what is there."""
        self.shadow_drawn = self._shadow_due
        if self._shadow and self._shadow_due:
            self._shadow.rest()
            self._shadow_due = False

    def close_steps(self) -> Steps[None]:
        """Gives everything on the graphics card back; it cannot be drawn any more."""
        if self._shadow:
            self._shadow.close()
            self._shadow = None
            yield
        for eyes, reflections in self._passes.values():
            self.light.unbind(eyes.root)
            eyes.remove()
            yield
            if reflections:
                reflections.close()
                yield
        self._passes.clear()
        yield
        self.light.close()
        yield from self.geometry.close_steps()

    def _pass_steps(self, view_count: int) -> Steps[None]:
        eyes = ScenePass(self._context, self._programs, self.geometry, view_count=view_count)
        yield from eyes.steps()
        reflections = None
        prepared = self.prepared
        if prepared.mirrored is not None:
            reflections = Reflections(
                self._context,
                self._programs,
                self.geometry,
                self.light,
                prepared.scene,
                prepared.mirrored,
                view_count=view_count,
            )
            yield from reflections.steps()
        self.light.bind(eyes.root)
        self._passes[view_count] = eyes, reflections

    def _update_shadow(self) -> None:
        """Draws the shadow map anew in the next frame if the light, the day or the layers have changed."""
        if self._shadow is None or self.environment is None:
            return
        if not (self.environment.sun_radiance > DARK).any():
            return
        towards = self.environment.sun_direction.astype(np.float64)
        what = (self.date, self.prepared.visibility.layers)
        if self._shadow_of is not None and self._shadow_of[1] == what and towards @ self._shadow_of[0] > 1.0 - SAME_SUN:
            return
        frame = self._shadow.update(towards, date=self.date)
        self.light.set_shadow(self._shadow.texture, frame.map_from_world())
        self._shadow_of, self._shadow_due = (towards, what), True

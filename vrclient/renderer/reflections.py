"""What still water mirrors: the scene seen from under the water's plane, at half size, into a texture for water.frag.

One level of water mirrors in a frame: the one that is nearest to the first eye. Other water shows the sky alone."""

import numpy as np
from numpy.typing import NDArray
from panda3d.core import GraphicsOutput, Texture  # noqa: TID251

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.render_data.culling import SceneVisibility, Visible
from vrclient.render_data.steps import Steps
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.programs import Programs
from vrclient.renderer.scene_pass import Layout, SceneGeometry, ScenePass, target_size
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import Floats, LightUniforms, Projection
from vrclient.scene.tables import Scene

SCALE = 0.5
FLAT_M = 0.05
"""Half the height that a chunk of water may have and still be a mirror."""
LIFT_M = 0.02
"""What stands less than this over the water is not mirrored, so that its edge does not glitter."""
SORT = 5
"""After the shadow map, before the target."""


class Reflections:
    """The mirror pass of one scene for so many views."""

    def __init__(
        self,
        context: GraphicsContext,
        programs: Programs,
        geometry: SceneGeometry,
        light: LightUniforms,
        scene: Scene,
        visibility: SceneVisibility,
        /,
        *,
        view_count: int,
    ) -> None:
        """`visibility`: the water's own. It is whole after `steps`."""
        self._context = context
        self._scene_pass = ScenePass(context, programs, geometry, view_count=view_count, mirrored=True)
        self._projection = Projection(zero_to_one=context.info.reversed_depth)
        self._light = light
        light.bind(self._scene_pass.root)
        self._target: RenderTarget | None = None
        self._visibility = visibility
        self._levels = water_levels(scene)
        self._level: float | None = None
        self._mirrored_views: MirroredViews | None = None

    def steps(self) -> Steps[None]:
        """Makes the nodes."""
        yield from self._scene_pass.steps()

    @property
    def texture(self) -> Texture | None:
        """The mirrored picture, laid out like the target; None before the first."""
        return self._target.color if self._target is not None else None

    def upload(
        self, view_set: ViewSet, visible: Visible, layout: Layout, /, *, date: int | None, culled_with: ViewSet | None = None
    ) -> None:
        """Takes over a frame: chooses the water, mirrors the views in it and culls for them (or for `culled_with`, where that is
        wider). Without water nothing is drawn."""
        self._level = level = self._seen_level(view_set, visible)
        if level is None:
            self._light.set_reflection(None, (1, 1), 0.0)
            if self._target is not None:
                self._target.buffer.set_active(False)
            return
        small: Layout = tuple((max(1, round(width * SCALE)), max(1, round(height * SCALE))) for width, height in layout)
        target = self._target_of(target_size(small))
        self._scene_pass.attach(target.buffer, small)
        self.relocate(view_set)
        self._mirrored_views = mirrored_views(culled_with or view_set, level, before=self._mirrored_views)
        self._scene_pass.show(self._visibility.cull(self._mirrored_views[1], date=date))
        self._light.set_reflection(target.color, target_size(layout), level)
        target.buffer.set_active(True)

    def relocate(self, view_set: ViewSet, /) -> None:
        """The same views from where they are now."""
        if self._level is None:
            return
        clip_from_world, world_from_clip = self._projection.matrices(view_set)
        plain, back = mirrored(clip_from_world, self._level), mirror_at(self._level) @ world_from_clip
        eyes = inverse_rigid(view_set.view_from_world)[:, :3, 3]
        eyes[:, 2] = 2.0 * self._level - eyes[:, 2]
        cut = cut_below(plain, back, self._level + LIFT_M, zero_to_one=self._context.info.reversed_depth)
        self._scene_pass.set_views(cut, back, eyes)

    def warm_up(self, view_set: ViewSet, visible: Visible, layout: Layout, /) -> None:
        """Draws these rows in the next frame, mirrored at whatever level, for what drawing them for the first time costs."""
        self._level = 0.0
        target = self._target_of(target_size(layout))
        self._scene_pass.attach(target.buffer, layout)
        self.relocate(view_set)
        self._scene_pass.show(visible)
        target.buffer.set_active(True)

    def cull_steps(
        self, view_set: ViewSet, visible: Visible, /, *, date: int | None, culled_with: ViewSet | None = None
    ) -> Steps[None]:
        """What `upload` will cull for the first time."""
        level = self._seen_level(view_set, visible)
        if level is not None:
            self._mirrored_views = mirrored_views(culled_with or view_set, level, before=self._mirrored_views)
            yield from self._visibility.cull_steps(self._mirrored_views[1], date=date)

    @property
    def buffer(self) -> GraphicsOutput | None:
        """What draws the mirrored picture; None before the first."""
        return self._target.buffer if self._target is not None else None

    def rest(self) -> None:
        """After the frame that drew it."""
        if self._target is not None:
            self._target.buffer.set_active(False)

    def close(self) -> None:
        """Gives the buffer back."""
        self._light.unbind(self._scene_pass.root)
        self._scene_pass.remove()
        if self._target is not None:
            self._target.close()

    def _seen_level(self, view_set: ViewSet, visible: Visible) -> float | None:
        """The level of the nearest visible water below the first eye."""
        levels = self._levels[visible.chunks.rows]
        levels = levels[np.isfinite(levels[:, 3])]
        if not len(levels):
            return None
        eye = inverse_rigid(view_set.view_from_world[0])[:3, 3]
        levels = levels[levels[:, 2] < eye[2] - LIFT_M]
        if not len(levels):
            return None
        distance = np.linalg.norm(levels[:, :2] - eye[:2], axis=1) - levels[:, 3]
        return float(levels[distance.argmin(), 2])

    def _target_of(self, size: tuple[int, int]) -> RenderTarget:
        if self._target is None:
            self._target = RenderTarget(self._context, size, samples=1, sort=SORT)
        self._target.resize(size)
        return self._target


def water_levels(scene: Scene, /) -> NDArray[np.float64]:
    """[C, 4] of each chunk: center x, y, level, and half its width; the width is NaN where it is no mirror."""
    rows = np.full((len(scene.chunks), 4), np.nan)
    for number, chunk in enumerate(scene.chunks):
        if chunk.surface == "water" and chunk.half_extent[2] <= FLAT_M:
            rows[number] = (*chunk.center, float(np.max(chunk.half_extent[:2])))
    return rows


def mirrored(clip_from_world: Floats, level: float, /) -> Floats:
    """[V, 4, 4]: the matrices for a world that is mirrored at the height `level`."""
    return clip_from_world @ mirror_at(level)


def mirror_at(level: float, /) -> Floats:
    """[4, 4]: turns the world over at the height `level`; its own inverse."""
    mirror = np.diag([1.0, 1.0, -1.0, 1.0])
    mirror[2, 3] = 2.0 * level
    return mirror


MirroredViews = tuple[ViewSet, ViewSet]
"""Views, and what they see mirrored."""


def mirrored_views(view_set: ViewSet, level: float, /, *, before: MirroredViews | None = None) -> MirroredViews:
    """Besides, views whose frusta hold what the mirrored views see: at the mirrored eyes, looking along the mirrored axes, with
    up and down exchanged. `before`: of the last frame, whose optics are kept where they are the same."""
    turn_over = np.diag([1.0, 1.0, -1.0, 1.0])
    pose = turn_over @ view_set.view_from_world @ mirror_at(level)
    if before is not None and before[0].clip_from_view is view_set.clip_from_view:
        return view_set, before[1].seen_from(pose)
    fov = view_set.fov[:, [0, 1, 3, 2]] * np.array([1.0, 1.0, -1.0, -1.0])
    return view_set, ViewSet.from_arrays(pose, fov, near=view_set.near, far=view_set.far, pixels=view_set.pixels)


def cut_below(clip_from_world: Floats, world_from_clip: Floats, height: float, /, *, zero_to_one: bool) -> Floats:
    """[V, 4, 4] that clips, in place of the near plane, everything below `height`. Depth stays reversed.

    Source: E. Lengyel, "Oblique view frustum depth projection and clipping" (2005): depth becomes w minus the distance from
    the plane, scaled so that the frustum's far corner keeps its depth."""
    matrices = clip_from_world.copy()
    plane = np.array([0.0, 0.0, 1.0, -height])
    far = 0.0 if zero_to_one else -1.0
    for matrix, inverse in zip(matrices, world_from_clip, strict=True):
        ends = inverse @ np.array([[x, y, far, 1.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)]).T
        ends /= ends[3]
        reach = plane @ ends
        corner = int(np.argmax(reach))
        if reach[corner] <= 0.0:
            continue
        depth = float(matrix[3] @ ends[:, corner])
        scale = (depth if zero_to_one else 2.0 * depth) / reach[corner]
        matrix[2] = matrix[3] - scale * plane
    return matrices

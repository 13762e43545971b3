"""The renderer: shows one of the scenes that are loaded, in a light, with a frame's visible rows, to any number of views.

Per frame: `upload(view_set, visible)`, then `draw(target)`. Between frames: `load`, `show` and `set_environment`. It decides
nothing about what is visible (visibility/) or where the picture goes (display/)."""

from collections.abc import Callable, Sequence
from pathlib import Path

from panda3d.core import NodePath, RenderState, TransformState  # noqa: TID251

from vrclient.frame.aids import Aids
from vrclient.frame.sheets import Sheet
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.render_data.culling import SceneVisibility, Visible
from vrclient.render_data.prepared import Prepared, prepare
from vrclient.render_data.quality import HIGH, Quality
from vrclient.render_data.steps import Steps, all_of
from vrclient.renderer.aids import AidsPass
from vrclient.renderer.backlog import Backlog
from vrclient.renderer.context import GraphicsContext, log_notices
from vrclient.renderer.controllers import ControllerModels
from vrclient.renderer.late_latching import LateLatching
from vrclient.renderer.loaded import LoadedScene
from vrclient.renderer.pictures import Pictures
from vrclient.renderer.programs import Programs
from vrclient.renderer.reflections import Reflections
from vrclient.renderer.scene_pass import Layout, ScenePass, target_size
from vrclient.renderer.sheets import FilmTextures, SheetsPass
from vrclient.renderer.stats import FrameStats
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import VIEWS_MAX, Projection
from vrclient.renderer.uploads import TexelUpload
from vrclient.renderer.warm_up import WarmUp
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.tables import Scene

FORGOTTEN_FRAMES = 128
"""So many frames apart the engine's stores of states are cleaned of what nothing has any more: it does not do so by itself, and
they keep textures alive."""


class Renderer:
    """Everything drawn in one GL context. Views lie side by side in the target, from left to right.

    Raises GraphicsUnavailable and ShaderError where the driver falls short."""

    def __init__(self, context: GraphicsContext, /, *, quality: Quality = HIGH, controllers: Path | None = None) -> None:
        """`controllers`: a folder of WebXR input profiles; None, or for others, a plain controller is drawn."""
        self.context = context
        self.quality = quality
        self._programs = Programs(context)
        self._upload = TexelUpload(context)
        self._projection = Projection(zero_to_one=context.info.reversed_depth)
        self._late_latching = LateLatching(context)
        self._backlog = Backlog(context)
        self._controllers = ControllerModels(controllers)
        self._on_top: dict[int, NodePath] = {}
        self._aids: dict[int, AidsPass] = {}
        self._pictures = Pictures(anisotropy=quality.anisotropy)
        self._sheets: dict[int, SheetsPass] = {}
        self._warm_up: WarmUp | None = None
        self._scenes: list[LoadedScene] = []
        self._shown: LoadedScene | None = None
        self._eyes: ScenePass | None = None
        self._reflections: Reflections | None = None
        self._layout: Layout = ()
        self._visible: Visible | None = None
        self._drawn = 0

    def compile_programs(self, view_counts: Sequence[int], /) -> None:
        """Compiles whatever any scene may need in so many views: one that is loaded beside the frames compiles nothing then."""
        one_pass = self.context.info.viewports_from_vertices
        for copies in {count if one_pass else 1 for count in view_counts}:
            self._programs.compile_all(copies=copies, shading=self.quality.shading, shadows=self.quality.shadow_size > 0)

    def load(
        self,
        scene: Scene,
        visibility: SceneVisibility | None = None,
        /,
        *,
        view_counts: Sequence[int] = (1,),
        after_each: Callable[[], None] | None = None,
    ) -> LoadedScene:
        """Uploads a scene and shows it in place of the one before, in the light of that one. `visibility`: the viewer's, which
        the sun uses too; `view_counts` as of `load_steps`; `after_each` is called after each of its steps."""
        prepared = prepare(scene, self.quality, visibility=visibility)
        loaded = all_of(self.load_steps(prepared, view_counts=view_counts), after_each=after_each)
        before = self._shown
        if before is not None and before.environment is not None:
            loaded.set_environment(before.environment, date=before.date)
        self.show(loaded, view_count=view_counts[0])
        if before is not None:
            self.unload(before)
        return loaded

    def load_steps(self, prepared: Prepared, /, *, view_counts: Sequence[int] = (1,)) -> Steps[LoadedScene]:
        """Uploads a scene beside what is shown. For each of `view_counts` the graph is made ready, so that a change of display
        costs no frame; others are made when they come. Close the steps to give up."""
        loaded = LoadedScene(self.context, self._programs, self._upload, prepared, quality=self.quality)
        self._scenes.append(loaded)
        try:
            yield from loaded.steps(view_counts)
        except BaseException:
            self.unload(loaded)
            raise
        return loaded

    def warm_up_steps(self, loaded: LoadedScene, view_set: ViewSet, /, *, culled_with: ViewSet | None = None) -> Steps[None]:
        """Draws a loaded scene where nobody sees it, so that its first frame, with about these views, costs no more than another.
        Its light must be set."""
        if self._warm_up is None:
            self._warm_up = WarmUp(self.context, samples=self.quality.samples)
            yield
        yield from self._warm_up.steps(loaded, view_set, culled_with=culled_with)

    def show(self, loaded: LoadedScene, /, *, view_count: int | None = None) -> None:
        """Draws this scene from the next frame on. `view_count`: as many as that frame will have, or as now."""
        if loaded is self._shown:
            return
        count = view_count or (self._eyes.view_count if self._eyes is not None else 1)
        self._shown = loaded
        self._choose(count)

    def unload(self, loaded: LoadedScene, /) -> None:
        """Gives what a scene has on the graphics card back. One that is shown is shown no more."""
        all_of(self.unload_steps(loaded))

    def unload_steps(self, loaded: LoadedScene, /) -> Steps[None]:
        """The same in steps."""
        if loaded is self._shown:
            self._shown = self._eyes = self._reflections = self._visible = None
            for node in self._on_top.values():
                node.detach_node()
        self._scenes.remove(loaded)
        yield from loaded.close_steps()

    def set_environment(self, environment: LightEnvironment, /, *, date: int | None = None) -> None:
        """The light of what is shown from now on, and the day for which shadows and reflections are drawn."""
        self._loaded().set_environment(environment, date=date)

    def set_seconds(self, seconds: float, /) -> None:
        """The time by which waves, clouds and leaves move; 0 for pictures that must repeat."""
        self._loaded().light.set_seconds(seconds)

    def upload(self, view_set: ViewSet, visible: Visible, /, *, culled_with: ViewSet | None = None) -> None:
        """Takes over a frame's views and rows, and the views that they were culled with where those are wider.

        Raises ValueError for more views than VIEWS_MAX, or if no scene is loaded."""
        count = len(view_set)
        if count > VIEWS_MAX:
            raise ValueError(f"view_set has {count} views; expected at most {VIEWS_MAX}")
        eyes = self._choose(count)
        self._set_views(eyes, view_set)
        eyes.hidden_area.show(view_set)
        eyes.show(visible)
        self._visible = visible
        self._layout = tuple(map(tuple, view_set.pixels.tolist()))
        if self._reflections:
            self._reflections.upload(view_set, visible, self._layout, date=self._loaded().date, culled_with=culled_with)

    def show_aids(self, aids: Aids, /) -> None:
        """Draws these on top of the views that were uploaded, until others come."""
        if self._eyes is not None:
            self._aids[self._eyes.view_count].show(aids)

    def show_sheets(self, sheets: Sequence[Sheet], movies: FilmTextures | None = None, /, *, patient: bool = False) -> None:
        """Draws these in the views that were uploaded, until others come. A picture appears when it is ready, a few frames on;
        until then the sheet shows its former one. `patient`: pictures are waited for, for stills.

        Raises ValueError for two sheets of one key, too many marks, and pixels that are not [H, W, 4] uint8."""
        if self._eyes is not None:
            self._pictures.begin_frame(patient=patient)
            for count, one in self._sheets.items():
                one.show(sheets if count == self._eyes.view_count else (), movies)

    def draw(self, target: RenderTarget, /, *, late: Callable[[], ViewSet | None] | None = None) -> None:
        """Draws what was uploaded; resizes the target, unless it is fixed, so that all views fit side by side. `late` is asked
        for the views once more when only the drawing is left to do; what was culled must hold them (frame/views.py, Roaming).

        Raises ValueError before `upload`."""
        if self._eyes is None or not self._layout:
            raise ValueError("nothing is uploaded; call upload first")
        target.resize(target_size(self._layout))
        eyes = self._eyes
        eyes.attach(target.buffer, self._layout, size=target.size if target.fixed else None)
        self._late_latching.call(None if late is None else lambda: self._move_eyes(eyes, late()))
        loaded = self._loaded()
        loaded.wake()
        target.buffer.set_active(True)
        self.context.engine.render_frame()
        target.buffer.set_active(False)
        if self._reflections:
            self._reflections.rest()
        loaded.rest()
        self._backlog.after_frame()
        self._drawn += 1
        if self._drawn % FORGOTTEN_FRAMES == 0:
            RenderState.garbage_collect()
            TransformState.garbage_collect()
        log_notices()

    def close(self) -> None:
        """Gives everything on the graphics card back."""
        for loaded in tuple(self._scenes):
            self.unload(loaded)
        if self._warm_up is not None:
            self._warm_up.close()
        self._upload.close()
        self._late_latching.close()
        self._backlog.close()
        self._controllers.close()
        self._pictures.close()
        log_notices()

    def _move_eyes(self, eyes: ScenePass, view_set: ViewSet | None) -> None:
        if view_set is not None:
            self._set_views(eyes, view_set)
            if self._reflections:
                self._reflections.relocate(view_set)

    def _set_views(self, eyes: ScenePass, view_set: ViewSet) -> None:
        clip_from_world, world_from_clip = self._projection.matrices(view_set)
        eyes.set_views(clip_from_world, world_from_clip, inverse_rigid(view_set.view_from_world)[:, :3, 3])
        self._sheets[eyes.view_count].set_views(clip_from_world)

    def _loaded(self) -> LoadedScene:
        if self._shown is None:
            raise ValueError("no scene is loaded; call load first")
        return self._shown

    def _choose(self, view_count: int) -> ScenePass:
        """The shown scene's graph for so many views, in place of what was drawn before."""
        eyes, reflections = self._loaded().passes(view_count)
        if eyes is not self._eyes:
            if self._eyes is not None:
                self._eyes.detach()
            self._eyes, self._reflections, self._visible = eyes, reflections, None
            self._put_on_top(eyes)
        return eyes

    def _put_on_top(self, eyes: ScenePass) -> None:
        """What is drawn over every scene goes along to the graph that is drawn from now on."""
        count = eyes.view_count
        if count not in self._on_top:
            self._on_top[count] = eyes.root.attach_new_node("on top")
            self._sheets[count] = SheetsPass(
                self.context, self._on_top[count], self._pictures, view_count=count, copies=eyes.copies
            )
            self._aids[count] = AidsPass(self.context, self._on_top[count], self._controllers, copies=eyes.copies)
        self._on_top[count].reparent_to(eyes.root)

    @property
    def stats(self) -> FrameStats:
        """What the last frame drew. Counted when asked, so ask before the next cull: it takes over the rows' memory."""
        if self._eyes is None or self._shown is None or self._visible is None:
            return FrameStats(stereo=self.context.info.stereo)
        visible, geometry = self._visible, self._shown.geometry
        chunk_rows, chunk_triangles = visible.chunks.rows, geometry.chunks.triangles
        near = int(visible.chunks.counts[0, 0]) if len(chunk_rows) else 0
        triangles = int(chunk_triangles[chunk_rows[:near], 0].sum()) + int(chunk_triangles[chunk_rows[near:], 1].sum())
        triangles += int((visible.instances.counts * geometry.instances.triangles).sum())
        return FrameStats(
            draw_calls=self._eyes.chunks.draw_calls + self._eyes.instances.draw_calls + 1,
            triangles=triangles * self._eyes.view_count,
            instances=len(visible.instances.rows),
            chunks=len(chunk_rows),
            shadow_drawn=self._shown.shadow_drawn,
            stereo=self.context.info.stereo,
        )

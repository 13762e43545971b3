"""Draws a loaded scene once where nobody sees it, a few pieces at a time: the driver and the engine do for each piece what they
do only once, so that the first frame that shows the scene costs no more than any other."""

from collections.abc import Iterator

import numpy as np

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.render_data.culling import Visible
from vrclient.render_data.steps import Steps
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.loaded import LoadedScene
from vrclient.renderer.scene_pass import Layout
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import Projection
from vrclient.visibility.batches import VisibleSet

SIDE = 16
"""Pixels of a view's picture."""
PIECES, BYTES = 6, 400_000
"""So many pieces, or as much geometry, are drawn in one step, at least one."""


class WarmUp:
    """A small picture that nobody sees."""

    def __init__(self, context: GraphicsContext, /, *, samples: int) -> None:
        self._context = context
        self._target = RenderTarget(context, (SIDE, SIDE), samples=samples)
        self._projection = Projection(zero_to_one=context.info.reversed_depth)

    def steps(self, loaded: LoadedScene, view_set: ViewSet, /, *, culled_with: ViewSet | None = None) -> Steps[None]:
        """Every texture and piece, then the shadow map, then what `view_set` will see on the scene's day; `culled_with` as of
        Renderer.upload."""
        count = len(view_set)
        eyes, reflections = loaded.passes(count)
        layout: Layout = ((SIDE, SIDE),) * count
        self._target.resize((SIDE * count, SIDE))
        eyes.set_views(*self._projection.matrices(view_set), inverse_rigid(view_set.view_from_world)[:, :3, 3])
        eyes.attach(self._target.buffer, layout)
        try:
            for texture in loaded.textures:
                texture.prepare(self._context.gsg.prepared_objects)
                self._draw(loaded)
                yield
            for visible in few_at_a_time(loaded):
                eyes.show(visible)
                if reflections is not None:
                    reflections.warm_up(view_set, visible, layout)
                self._draw(loaded)
                if reflections is not None:
                    reflections.rest()
                yield
            loaded.wake()
            self._context.draw_aside(*loaded.outputs)
            loaded.rest()
            yield
            visible = yield from loaded.prepared.visibility.cull_steps(culled_with or view_set, date=loaded.date)
            yield
            if reflections is not None:
                real: Layout = tuple(map(tuple, view_set.pixels.tolist()))
                yield from reflections.cull_steps(view_set, visible, date=loaded.date, culled_with=culled_with)
                reflections.upload(view_set, visible, real, date=loaded.date, culled_with=culled_with)
                yield
                self._context.draw_aside(*loaded.outputs)
                reflections.rest()
                yield
            eyes.hidden_area.show(view_set)
            eyes.show(visible)
            self._draw(loaded)
        finally:
            eyes.detach()

    def close(self) -> None:
        """Gives the picture back."""
        self._target.close()

    def _draw(self, loaded: LoadedScene) -> None:
        self._target.buffer.set_active(True)
        self._context.draw_aside(self._target.buffer, *loaded.outputs)
        self._target.buffer.set_active(False)


def few_at_a_time(loaded: LoadedScene, /) -> Iterator[Visible]:
    """Every chunk near and far, and one row of every mesh and level, a few in each."""
    instances, chunks = loaded.geometry.instances, loaded.geometry.chunks
    shape = (instances.meshes, instances.levels)
    nothing = VisibleSet(np.zeros(0, np.uint32), np.zeros(shape, np.int32), np.zeros(shape, np.int32))
    no_chunk = VisibleSet(np.zeros(0, np.uint32), np.zeros((1, 2), np.int32), np.zeros((1, 2), np.int32))
    sizes = np.array([[len(one.near.vertex), len((one.far or one.near).vertex)] for one in chunks.chunks]).reshape(-1, 2)
    for level in (0, 1):
        for rows in _grouped(40 * sizes[:, level]):
            counts = np.zeros((1, 2), np.int32)
            counts[0, level] = len(rows)
            offsets = np.array([[0, 0 if level else len(rows)]], np.int32)
            yield Visible(nothing, VisibleSet(rows.astype(np.uint32), counts, offsets))
    batches = list(instances.geoms)
    for some in _grouped(np.array([24 * instances.triangles[batch] for batch in batches])):
        counts = np.zeros(shape, np.int32)
        for number in some.tolist():
            counts[batches[number]] = 1
        offsets = np.concatenate([[0], np.cumsum(counts.reshape(-1))[:-1]]).astype(np.int32).reshape(shape)
        yield Visible(VisibleSet(np.zeros(len(some), np.uint32), counts, offsets), no_chunk)


def _grouped(sizes: np.ndarray[tuple[int], np.dtype[np.int64]], /) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Row numbers in runs of at most PIECES and about BYTES."""
    start = 0
    while start < len(sizes):
        end = start + 1
        while end < len(sizes) and end - start < PIECES and sizes[start : end + 1].sum() <= BYTES:
            end += 1
        yield np.arange(start, end)
        start = end

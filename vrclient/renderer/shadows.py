"""The shadow map of sun or moon: where it lies, what falls into it, and the pass that draws it when something has changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (  # noqa: TID251
    Camera,
    CullFaceAttrib,
    DepthTestAttrib,
    FrameBufferProperties,
    GraphicsOutput,
    GraphicsPipe,
    MatrixLens,
    NodePath,
    OmniBoundingVolume,
    PTA_LMatrix4f,
    SamplerState,
    Texture,
    WindowProperties,
)

from vrclient.render_data.culling import level_count, lod_pixels
from vrclient.render_data.prepared import Box, Prepared
from vrclient.render_data.steps import Steps
from vrclient.renderer import convert
from vrclient.renderer.batches import InstanceGeometry, InstancePass
from vrclient.renderer.chunks import ChunkGeometry, ChunkPass
from vrclient.renderer.context import GraphicsContext, GraphicsUnavailable, take_notices
from vrclient.renderer.programs import Programs
from vrclient.scene.draw_data import OPAQUE
from vrclient.scene.tables import Chunk, InstanceTable, Scene
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.batches import VisibleSet

SMALLEST_RADIUS, LARGEST_RADIUS, MARGIN = 90.0, 220.0, 70.0
"""Metres around the viewpoints that have shadows."""
LARGEST_ASPECT = 2.0
"""Of the map's sides in metres. A low sun sees its box very flat; drawing it stretched to a square would only fill pixels."""
SHARPNESS = 0.8
"""A shadow's edge is blurred: a coarser level casts the same."""


@dataclass(frozen=True, slots=True, eq=False)
class ShadowFrame:
    """Where the map lies. light_from_world [4, 4]: x and y -1..1 across the map, z 0..1 from the light away."""

    light_from_world: NDArray[np.float64]

    def map_from_world(self) -> NDArray[np.float64]:
        """[4, 4]: 0..1 in all three, as a shader samples it."""
        half = np.diag([0.5, 0.5, 1.0, 1.0])
        half[:2, 3] = 0.5
        return half @ self.light_from_world

    def planes(self) -> NDArray[np.float64]:
        """[6, 4] float64 (n, d), world: n.p + d >= 0 for what can throw shade into the map."""
        x, y, z, one = self.light_from_world
        return np.array([one + x, one - x, one + y, one - y, z, one - z])

    def clip_from_world(self, *, zero_to_one: bool) -> NDArray[np.float64]:
        """[4, 4]: the same as clip space for drawing it."""
        if zero_to_one:
            return self.light_from_world
        matrix = self.light_from_world.copy()
        matrix[2] = 2.0 * matrix[2] - matrix[3]
        return matrix


def core(scene: Scene, box: Box, /) -> Box:
    """The box around the viewpoints in which shadows are worth drawing; `box`: of the whole scene."""
    low, high = box
    places = np.array([view.position for view in scene.viewpoints], np.float64).reshape(-1, 3)
    spawn = [view.position for view in scene.viewpoints if view.is_spawn]
    if not len(places):
        middle, reach = (low + high) / 2.0, float(np.max(high - low)) / 2.0
    else:
        middle = np.median(np.concatenate([places, np.array(spawn, np.float64).reshape(-1, 3)]), axis=0)
        reach = float(np.percentile(np.linalg.norm(places[:, :2] - middle[:2], axis=1), 80))
    radius = float(np.clip(reach + MARGIN, SMALLEST_RADIUS, LARGEST_RADIUS))
    box_low = np.array([middle[0] - radius, middle[1] - radius, max(low[2], middle[2] - 60.0)])
    box_high = np.array([middle[0] + radius, middle[1] + radius, max(min(high[2], middle[2] + 60.0), box_low[2] + 1.0)])
    return box_low, box_high


def shadow_frame(
    sun_direction: NDArray[np.floating],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    scene_low: NDArray[np.float64],
    scene_high: NDArray[np.float64],
    /,
) -> ShadowFrame:
    """The map that covers the box low..high [3] and, towards the light, everything of the scene that could shade it."""
    away = -np.asarray(sun_direction, np.float64)
    away /= np.linalg.norm(away)
    reference = np.array([0.0, 0.0, 1.0]) if abs(away[2]) < 0.99 else np.array([0.0, 1.0, 0.0])
    right = np.cross(away, reference)
    right /= np.linalg.norm(right)
    up = np.cross(right, away)
    rotation = np.stack([right, up, away])
    inside, everything = rotation @ _corners(low, high), rotation @ _corners(scene_low, scene_high)
    left, bottom = (float(inside[k].min()) for k in (0, 1))
    right_edge, top = (float(inside[k].max()) for k in (0, 1))
    lacking = (right_edge - left) / LARGEST_ASPECT - (top - bottom)
    if lacking > 0.0:
        bottom, top = bottom - lacking / 2.0, top + lacking / 2.0
    near, far = everything[2].min() - 1.0, inside[2].max() + 1.0
    light = np.eye(4)
    light[:3, :3] = rotation
    scale = np.array([2.0 / (right_edge - left), 2.0 / (top - bottom), 1.0 / (far - near)])
    shift = np.array([-(right_edge + left) / (right_edge - left), -(top + bottom) / (top - bottom), -near / (far - near)])
    light[:3] *= scale[:, None]
    light[:3, 3] = shift
    return ShadowFrame(light)


def casting_rows(
    table: InstanceTable, index: VisibilityIndex, frame: ShadowFrame, /, *, size: int, date: int | None
) -> VisibleSet:
    """The instances that throw shade into the map, by (mesh, level), found by the viewer's `index`; a level serves as it would
    in a view as sharp as the map's coarser side, less SHARPNESS."""
    rows = index.inside(frame.planes(), date=date)
    rows = rows[table.casts_shadow[rows]]
    reach = np.linalg.norm(table.half_extent[rows], axis=1)[:, None] * np.linalg.norm(frame.light_from_world[:2, :3], axis=1)
    pixels = SHARPNESS * reach.min(axis=1, initial=np.inf) * size
    level = (pixels[:, None] < lod_pixels(table)[table.mesh[rows]]).sum(axis=1)
    levels = level_count(table)
    group = table.mesh[rows] * levels + level
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=len(table.meshes) * levels).astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(counts[:-1])]).astype(np.int32) if len(counts) else counts
    shape = (len(table.meshes), levels)
    return VisibleSet(rows[order], counts.reshape(shape), offsets.reshape(shape))


def casting_chunks(chunks: tuple[Chunk, ...], index: VisibilityIndex, frame: ShadowFrame, /, *, date: int | None) -> VisibleSet:
    """The chunks that throw shade into the map, all of them near."""
    rows = index.inside(frame.planes(), date=date)
    rows = rows[np.array([chunk.casts_shadow for chunk in chunks], np.bool_)[rows]]
    counts, offsets = np.array([[len(rows), 0]], np.int32), np.array([[0, len(rows)]], np.int32)
    return VisibleSet(rows, counts, offsets)


class ShadowMap:
    """A depth texture and the graph that draws a scene into it."""

    def __init__(
        self,
        context: GraphicsContext,
        programs: Programs,
        prepared: Prepared,
        chunks: ChunkGeometry,
        instances: InstanceGeometry,
        /,
        *,
        size: int,
    ) -> None:
        """The sun asks the viewer's indices too. It is whole after `steps`."""
        scene = prepared.scene
        self._context = context
        self.size = size
        self.texture = Texture("shadow map")
        self.texture.set_format(Texture.F_depth_component32)
        self.texture.minfilter = self.texture.magfilter = SamplerState.FT_shadow
        self.texture.wrap_u = self.texture.wrap_v = SamplerState.WM_clamp
        self._matrix = PTA_LMatrix4f.empty_array(1)
        self.root = NodePath("shadow")
        self.root.set_shader(programs.shadow(instanced=False))
        self.root.set_shader_input("shadow_clip_from_world", self._matrix)
        self.root.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
        self.root.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_less))
        self.buffer = self._make()
        self._scene, self._visibility = scene, prepared.visibility
        self._core, self._box = core(scene, prepared.box), prepared.box
        self._chunks = ChunkPass(chunks, copies=1)
        self._instances = InstancePass(instances, self.root, copies=1)
        if len(scene.instances.position):
            self._instances.root.set_shader(programs.shadow(instanced=True))

    def steps(self) -> Steps[None]:
        """Makes the nodes."""
        solid = self.root.attach_new_node("chunks")
        yield from self._chunks.steps(lambda chunk: solid if _casts(chunk) else None)
        yield from self._instances.steps()

    def update(self, sun_direction: NDArray[np.floating], /, *, date: int | None) -> ShadowFrame:
        """Chooses what casts. It is drawn in the frames between `wake` and `rest`. Call after all `steps`."""
        scene, visibility = self._scene, self._visibility
        frame = shadow_frame(sun_direction, *self._core, *self._box)
        self._chunks.show(casting_chunks(scene.chunks, visibility.chunks, frame, date=date))
        self._instances.show(casting_rows(scene.instances, visibility.instances, frame, size=self.size, date=date))
        clip = frame.clip_from_world(zero_to_one=self._context.info.reversed_depth)
        convert.matrices(self._matrix)[0] = clip.T
        return frame

    def wake(self) -> None:
        """Draws it in the next frame."""
        self.buffer.set_active(True)

    def rest(self) -> None:
        """After the frame that drew it: keep what is there."""
        self.buffer.set_active(False)

    def close(self) -> None:
        """Gives buffer and texture back."""
        self._instances.remove()
        self._context.engine.remove_window(self.buffer)
        self.texture.release_all()

    def _make(self) -> GraphicsOutput:
        wanted = FrameBufferProperties()
        wanted.set_depth_bits(32)
        context = self._context
        flags = GraphicsPipe.BF_refuse_window
        buffer = context.engine.make_output(
            context.pipe, "shadow", 0, wanted, WindowProperties.size(self.size, self.size), flags, context.gsg, context.host
        )
        if buffer is None:
            raise GraphicsUnavailable(f"no shadow map of {self.size} pixels can be made: {take_notices().strip()}")
        buffer.add_render_texture(self.texture, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_depth)
        buffer.set_clear_color_active(False)
        buffer.set_clear_depth_active(True)
        buffer.set_clear_depth(1.0)
        buffer.set_active(False)
        camera = Camera("sun", MatrixLens())
        camera.set_scene(self.root)
        camera.set_cull_bounds(OmniBoundingVolume())
        buffer.make_display_region().camera = NodePath(camera)
        return buffer


def _casts(chunk: Chunk) -> bool:
    return chunk.casts_shadow and chunk.surface in (*OPAQUE, "glass")


def _corners(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """[3, 8] the corners of a box."""
    return np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1)

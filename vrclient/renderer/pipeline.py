"""The renderer: takes a scene, a light and a frame's visible rows, and draws any number of views into a target.

Per frame: `upload(view_set, visible)`, then `draw(target)`. Between frames: `load` and `set_environment`. It decides nothing
about what is visible (visibility/) or where the picture goes (display/)."""

from dataclasses import dataclass, replace

import numpy as np
from panda3d.core import (
    Camera,
    ColorBlendAttrib,
    ColorWriteAttrib,
    CullBinAttrib,
    DepthTestAttrib,
    DepthWriteAttrib,
    DisplayRegion,
    GeomNode,
    LVecBase4,
    MatrixLens,
    NodePath,
    OmniBoundingVolume,
    RenderState,
    Shader,
    ShaderAttrib,
)

from vrclient.frame.views import ViewSet
from vrclient.renderer import convert
from vrclient.renderer.batches import InstanceGeometry, InstancePass
from vrclient.renderer.chunks import ChunkGeometry, ChunkPass
from vrclient.renderer.context import GraphicsContext, log_notices
from vrclient.renderer.culling import Visible
from vrclient.renderer.quality import HIGH, Quality
from vrclient.renderer.shaders import load_shader
from vrclient.renderer.shadows import ShadowMap
from vrclient.renderer.stats import FrameStats
from vrclient.renderer.targets import RenderTarget
from vrclient.renderer.uniforms import VIEWS_MAX, LightUniforms, ViewUniforms, clip_from_world, eyes
from vrclient.scene.draw_data import SurfaceType
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.tables import Chunk, Scene

SURFACES: tuple[SurfaceType, ...] = ("lit", "glass", "water", "image")
SAME_SUN = 1e-6
"""The shadow map is kept while the light's direction moves less than this (radians, squared, halved)."""
VIEWPORT_EXTENSIONS = ("GL_ARB_shader_viewport_layer_array", "GL_AMD_vertex_shader_viewport_index")


@dataclass(slots=True)
class _Attached:
    """How a target's regions are set up now."""

    layout: tuple[tuple[int, int], ...]
    regions: list[DisplayRegion]


class Renderer:
    """Everything drawn in one GL context. Views lie side by side in the target, from left to right.

    Raises GraphicsUnavailable and ShaderError where the driver falls short."""

    def __init__(self, context: GraphicsContext, /, *, quality: Quality = HIGH) -> None:
        self.context = context
        self.quality = quality
        self.stats = FrameStats(stereo=context.info.stereo)
        self._views, self._light = ViewUniforms(), LightUniforms()
        self._shadow = ShadowMap(context, quality.shadow_size) if quality.shadow_size else None
        self._root = NodePath("scene")
        self._attached: dict[RenderTarget, _Attached] = {}
        self._programs: dict[tuple[str, bool, int], Shader] = {}
        self._scene: Scene | None = None
        self._chunk_geometry: ChunkGeometry | None = None
        self._instance_geometry: InstanceGeometry | None = None
        self._chunks: ChunkPass | None = None
        self._instances: InstancePass | None = None
        self._environment: LightEnvironment | None = None
        self._date: int | None = None
        self._shadow_of: tuple[float, ...] | None = None
        self._view_count = 0
        self._layout: tuple[tuple[int, int], ...] = ()

    def load(self, scene: Scene, /, *, view_count: int = 1) -> None:
        """Uploads a scene in place of the one before. `view_count` is only a hint: programs for so many are made ready."""
        self._scene = scene
        self._chunk_geometry = ChunkGeometry(scene.chunks)
        self._instance_geometry = InstanceGeometry(scene.instances)
        if self._shadow:
            self._shadow.load(scene, self._chunk_geometry, self._instance_geometry)
        self._shadow_of = None
        self._build(view_count)

    def set_environment(self, environment: LightEnvironment, /, *, date: int | None = None) -> None:
        """The light from now on, and the day for which shadows are drawn."""
        self._environment = environment
        self._light.set_environment(self._root, environment)
        self._date = date
        self._update_shadow()

    def set_seconds(self, seconds: float, /) -> None:
        """The time by which waves, clouds and leaves move; 0 for pictures that must repeat."""
        self._light.set_seconds(seconds)

    def upload(self, view_set: ViewSet, visible: Visible, /) -> None:
        """Takes over a frame's views and rows. Raises ValueError for more views than VIEWS_MAX."""
        count = len(view_set)
        if count > VIEWS_MAX:
            raise ValueError(f"view_set has {count} views; expected at most {VIEWS_MAX}")
        if self._chunks is None or self._instances is None or count != self._view_count:
            self._build(count)
        assert self._chunks is not None and self._instances is not None
        self._views.set(clip_from_world(view_set, zero_to_one=self.context.info.reversed_depth), eyes(view_set))
        self._chunks.show(visible.chunks)
        self._instances.show(visible.instances)
        self._layout = tuple((int(width), int(height)) for width, height in view_set.pixels)
        self.stats = self._count(visible, count)

    def draw(self, target: RenderTarget, /) -> None:
        """Draws what was uploaded; resizes the target so that all views fit side by side."""
        self._attach(target)
        shadow = self._shadow is not None and self._shadow_of is not None and self._shadow_due
        target.buffer.set_active(True)
        self.context.engine.render_frame()
        target.buffer.set_active(False)
        if shadow and self._shadow:
            self._shadow.rest()
            self._shadow_due = False
            self.stats = replace(self.stats, shadow_drawn=True)
        log_notices()

    def close(self) -> None:
        """Gives everything on the graphics card back."""
        for target, attached in self._attached.items():
            for region in attached.regions:
                target.buffer.remove_display_region(region)
        self._attached.clear()
        if self._shadow:
            self._shadow.close()
        self._root.remove_node()

    _shadow_due = False

    def _update_shadow(self) -> None:
        if self._shadow is None or self._scene is None or self._environment is None:
            return
        towards = np.asarray(self._environment.sun_direction, np.float64)
        if not (np.asarray(self._environment.sun_radiance) > 1e-4).any():
            return
        key = (*towards, float(self._date or 0))
        if self._shadow_of is not None and self._shadow_of[3] == key[3] and towards @ self._shadow_of[:3] > 1.0 - SAME_SUN:
            return
        frame = self._shadow.update(towards, date=self._date)
        self._light.set_shadow(self._root, self._shadow.texture, frame.map_from_world())
        self._shadow_of, self._shadow_due = key, True

    def _build(self, view_count: int) -> None:
        """The graph of the loaded scene for so many views. Geometry that is uploaded stays."""
        if self._scene is None or self._chunk_geometry is None or self._instance_geometry is None:
            raise ValueError("no scene is loaded; call load first")
        self._view_count = view_count
        copies = view_count if self.context.info.viewports_from_vertices else 1
        root = self._root
        root.get_children().detach()
        root.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_greater_equal))
        self._views.bind(root)
        self._light.bind(root)
        self._light.set_light_map(root, self._scene.light_map)
        root.set_shader_inputs(first_view=0)
        if self._environment is not None:
            self._light.set_environment(root, self._environment)
        parents: dict[tuple[SurfaceType, int], NodePath] = {}

        def parent_of(chunk: Chunk) -> NodePath:
            key = (chunk.surface, id(chunk.image) if chunk.image is not None else 0)
            if key not in parents:
                parents[key] = self._surface_node(chunk, copies)
            return parents[key]

        self._chunks = ChunkPass(self._chunk_geometry, parent_of, copies=copies)
        instanced = root.attach_new_node("repeated")
        self._instances = InstancePass(self._instance_geometry, instanced, copies=copies)
        if len(self._scene.instances.position):
            instanced.set_shader(self._program("lit", copies, instanced=True))
            import os
            if not os.environ.get("NOPRE"): self._depth_first(self._instances.root, self._program("depth", copies, instanced=True))
        self._sky(copies)
        for target in list(self._attached):
            self._detach(target)
        self._update_shadow()

    def _surface_node(self, chunk: Chunk, copies: int) -> NodePath:
        node = self._root.attach_new_node(chunk.surface)
        node.set_shader(self._program(chunk.surface, copies))
        if chunk.surface in ("lit", "glass"):
            content = node.attach_new_node("content")
            import os
            if not os.environ.get("NOPRE"): self._depth_first(content, self._program("depth", copies))
            return content
        if chunk.surface == "image" and chunk.image is not None:
            node.set_shader_input("image", convert.image_texture(chunk.image, anisotropy=self.quality.anisotropy))
            node.set_attrib(
                ColorBlendAttrib.make(
                    ColorBlendAttrib.M_add, ColorBlendAttrib.O_incoming_alpha, ColorBlendAttrib.O_one_minus_incoming_alpha
                )
            )
            node.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
            node.set_attrib(CullBinAttrib.make("fixed", 10))
        return node

    def _depth_first(self, content: NodePath, program: Shader) -> None:
        """Draws the content's depth before any surface, so that what is hidden is never shaded."""
        node = self._root.attach_new_node("depth")
        node.set_shader(program)
        node.set_attrib(CullBinAttrib.make("background", 0))
        node.set_attrib(ColorWriteAttrib.make(ColorWriteAttrib.C_off))
        content.instance_to(node)

    def _sky(self, copies: int) -> None:
        node = GeomNode("sky")
        node.add_geom(convert.corners(1))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        path = self._root.attach_new_node(node)
        path.set_shader(self._program("sky", copies))
        path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        path.set_attrib(CullBinAttrib.make("fixed", 0))
        if copies > 1:
            path.set_instance_count(copies)

    def _program(self, surface: str, copies: int, *, instanced: bool = False) -> Shader:
        key = (surface, instanced, copies)
        if key not in self._programs:
            info = self.context.info
            definitions = [f"VIEWS_PER_PASS {copies}", f"FAR_DEPTH {'0.0' if info.reversed_depth else '-1.0'}"]
            definitions += ["INSTANCED"] if instanced else []
            definitions += ["NUDGED"] if surface == "image" else []
            self._programs[key] = load_shader(
                self.context,
                "sky.vert" if surface == "sky" else "surface.vert",
                "shadow.frag" if surface == "depth" else f"{surface}.frag",
                definitions=tuple(definitions),
                extensions=tuple(name for name in VIEWPORT_EXTENSIONS if name in info.extensions)[:1] if copies > 1 else (),
            )
        return self._programs[key]

    def _attach(self, target: RenderTarget) -> None:
        """Regions for the views in a target, and its size."""
        attached = self._attached.get(target)
        if attached is not None and attached.layout == self._layout:
            return
        self._detach(target)
        widths, heights = zip(*self._layout, strict=True)
        size = (sum(widths), max(heights))
        target.resize(size)
        edges = np.concatenate([[0], np.cumsum(widths)]) / size[0]
        areas = [
            LVecBase4(float(edges[k]), float(edges[k + 1]), 1.0 - heights[k] / size[1], 1.0) for k in range(len(self._layout))
        ]
        target.buffer.set_clear_depth_active(True)
        target.buffer.set_clear_depth(0.0)
        one_pass = self.context.info.viewports_from_vertices
        passes = [areas] if one_pass else [[area] for area in areas]
        regions = []
        for first, part in enumerate(passes):
            region = target.buffer.make_display_region()
            region.set_num_regions(len(part))
            for index, area in enumerate(part):
                region.set_dimensions(index, area)
            region.set_scissor_enabled(False)
            region.camera = self._camera(first)
            regions.append(region)
        self._attached[target] = _Attached(self._layout, regions)

    def _detach(self, target: RenderTarget) -> None:
        attached = self._attached.pop(target, None)
        if attached is not None:
            for region in attached.regions:
                target.buffer.remove_display_region(region)

    def _camera(self, first_view: int) -> NodePath:
        """Everything is in its bounds: what is visible is decided before, not by the engine."""
        camera = Camera("views", MatrixLens())
        camera.set_scene(self._root)
        camera.set_cull_bounds(OmniBoundingVolume())
        if first_view:
            attrib = ShaderAttrib.make().set_shader_input("first_view", first_view)
            camera.set_initial_state(RenderState.make(attrib, 100))
        return NodePath(camera)

    def _count(self, visible: Visible, view_count: int) -> FrameStats:
        assert self._chunk_geometry and self._instance_geometry and self._chunks and self._instances
        chunk_rows, counts = visible.chunks.rows, visible.chunks.counts[0]
        near = int(counts[0])
        chunk_triangles = self._chunk_geometry.triangles
        triangles = int(chunk_triangles[chunk_rows[:near], 0].sum()) + int(chunk_triangles[chunk_rows[near:], 1].sum())
        triangles += int((visible.instances.counts * self._instance_geometry.triangles).sum())
        return FrameStats(
            draw_calls=self._chunks.draw_calls + self._instances.draw_calls + 1,
            triangles=triangles * view_count,
            instances=len(visible.instances.rows),
            chunks=len(chunk_rows),
            stereo=self.context.info.stereo,
        )

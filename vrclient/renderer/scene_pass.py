"""One viewer's drawing of the scene: its graph, its views, and the regions of the buffer that they fill.

The renderer has one for the eyes and, where water mirrors, one for what the water sees. Geometry and programs are shared."""

import numpy as np
from panda3d.core import (  # noqa: TID251
    AntialiasAttrib,
    Camera,
    ColorBlendAttrib,
    CullBinAttrib,
    CullFaceAttrib,
    DepthTestAttrib,
    DepthWriteAttrib,
    DisplayRegion,
    GeomNode,
    GraphicsOutput,
    LVecBase4,
    MatrixLens,
    NodePath,
    OmniBoundingVolume,
    RenderState,
    Shader,
    ShaderAttrib,
    Texture,
)

from vrclient.render_data.culling import Visible
from vrclient.render_data.prepared import Prepared
from vrclient.render_data.quality import Quality
from vrclient.render_data.steps import Steps
from vrclient.renderer import convert
from vrclient.renderer.batches import InstanceGeometry, InstancePass
from vrclient.renderer.chunks import ChunkGeometry, ChunkPass
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.hidden_area import HiddenAreaPass
from vrclient.renderer.programs import Instanced, Programs
from vrclient.renderer.uniforms import Floats, ViewUniforms
from vrclient.renderer.uploads import TexelUpload
from vrclient.scene.draw_data import OPAQUE, Image
from vrclient.scene.tables import Chunk

Layout = tuple[tuple[int, int], ...]
"""Width and height in pixels of each view, from left to right."""


class SceneGeometry:
    """A scene on the graphics card, shared by all passes."""

    def __init__(self, prepared: Prepared, upload: TexelUpload, /, *, quality: Quality) -> None:
        """Nothing is there before `steps` have ended."""
        self.shading = quality.shading
        self.chunks = ChunkGeometry(prepared.scene.chunks)
        self.instances = InstanceGeometry(prepared.scene.instances)
        self._prepared, self._upload, self._anisotropy = prepared, upload, quality.anisotropy
        self._images: dict[int, Texture] = {}

    def steps(self) -> Steps[None]:
        """Takes images to the graphics card, and copies everything else into the engine's buffers."""
        for one in self._prepared.images:
            texture = self._images[id(one.image)] = convert.empty_image(one.image, anisotropy=self._anisotropy)
            yield from self._upload.steps(texture, one.texels)
            yield
        yield from self.chunks.steps()
        yield from self.instances.steps(self._prepared.rows)

    def close_steps(self) -> Steps[None]:
        """Gives the buffers and textures back."""
        while self._images:
            self._images.popitem()[1].release_all()
            yield
        yield from self.chunks.close_steps()
        yield from self.instances.close_steps()

    @property
    def textures(self) -> list[Texture]:
        """Of images and of rows."""
        return [*self._images.values(), *([self.instances.rows] if self.instances.rows is not None else [])]

    def texture(self, image: Image, /) -> Texture:
        """The texture of an image of the scene."""
        return self._images[id(image)]


class ScenePass:
    """`root` is the graph; shared light is bound to it from outside. `mirrored` draws with faces turned over and without
    water."""

    def __init__(
        self, context: GraphicsContext, programs: Programs, geometry: SceneGeometry, /, *, view_count: int, mirrored: bool = False
    ) -> None:
        """It is whole after `steps`."""
        self.view_count = view_count
        self._one_pass = context.info.viewports_from_vertices
        self.copies = view_count if self._one_pass else 1
        self._programs, self._geometry = programs, geometry
        self._views = [ViewUniforms(self.copies) for _ in range(view_count // self.copies)]
        self._mirrored = mirrored
        self._shown: Visible | None = None
        self._attached: tuple[GraphicsOutput, Layout, tuple[int, int], list[DisplayRegion]] | None = None
        self.root = NodePath("scene")
        self.root.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_greater_equal))
        if mirrored:
            self.root.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_counter_clockwise))
        self._surfaces: dict[tuple[str, int], NodePath] = {}
        self.chunks = ChunkPass(geometry.chunks, copies=self.copies)
        self.instances: InstancePass
        self.hidden_area: HiddenAreaPass

    def steps(self) -> Steps[None]:
        """Compiles the programs that are new, and makes the nodes."""
        geometry = self._geometry
        yield from self.chunks.steps(self._surface_of)
        self.instances = InstancePass(geometry.instances, self.root, copies=self.copies)
        yield from self.instances.steps()
        if geometry.instances.geoms:
            self.instances.still.set_shader(self._program("lit", instanced="still"))
            yield
            self.instances.swaying.set_shader(self._program("lit", instanced="swaying"))
            yield
        if geometry.shading == "lit":
            self._add_sky()
            yield
        self.hidden_area = HiddenAreaPass(
            self.root, self._programs.surface("hidden_area", copies=self.copies), copies=self.copies
        )

    def set_views(self, clip_from_world: Floats, world_from_clip: Floats, eyes: Floats, /) -> None:
        """[V, 4, 4], [V, 4, 4] and [V, 3]; used from the next draw on."""
        for number, views in enumerate(self._views):
            part = slice(number * self.copies, (number + 1) * self.copies)
            views.set(clip_from_world[part], world_from_clip[part], eyes[part])

    def show(self, visible: Visible, /) -> None:
        """Draws these rows from the next draw on; the very same object again costs nothing."""
        if visible is self._shown:
            return
        self._shown = None
        self.chunks.show(visible.chunks)
        self.instances.show(visible.instances)
        self._shown = visible

    def attach(self, buffer: GraphicsOutput, layout: Layout, /, *, size: tuple[int, int] | None = None) -> None:
        """Fills `buffer` with the views, side by side, from its lower left corner; nothing happens if it is so already. `size`:
        of the buffer in pixels, where the views do not fill it."""
        size = size or target_size(layout)
        if self._attached is not None and self._attached[:3] == (buffer, layout, size):
            return
        self.detach()
        areas = _areas(layout, size)
        regions = []
        for views, part in zip(self._views, [areas] if self._one_pass else [[area] for area in areas], strict=True):
            region = buffer.make_display_region()
            region.set_num_regions(len(part))
            for index, area in enumerate(part):
                region.set_dimensions(index, area)
            # With the scissor on, resolving the samples would drop all views but the first.
            region.set_scissor_enabled(False)
            region.camera = self._camera(views)
            regions.append(region)
        self._attached = (buffer, layout, size, regions)

    def detach(self) -> None:
        """Takes the views off their buffer."""
        if self._attached is not None:
            for region in self._attached[3]:
                self._attached[0].remove_display_region(region)
            self._attached = None

    def remove(self) -> None:
        """Takes everything apart."""
        self.detach()
        self.instances.remove()
        self.root.remove_node()

    def _camera(self, views: ViewUniforms) -> NodePath:
        """Everything is within its bounds: what is visible is decided before, not by the engine."""
        camera = Camera("views", MatrixLens())
        camera.set_scene(self.root)
        camera.set_cull_bounds(OmniBoundingVolume())
        inputs = NodePath("inputs")
        views.bind(inputs)
        smooth = AntialiasAttrib.make(AntialiasAttrib.M_multisample)  # the engine's default is none, whenever it looks
        camera.set_initial_state(RenderState.make(inputs.get_attrib(ShaderAttrib), smooth))
        return NodePath(camera)

    def _surface_of(self, chunk: Chunk) -> NodePath | None:
        """The node whose state draws a chunk; None where this pass leaves it out."""
        if self._mirrored and chunk.surface == "water":
            return None
        key = (chunk.surface, id(chunk.image))
        if key not in self._surfaces:
            self._surfaces[key] = self._surface_node(chunk)
        return self._surfaces[key]

    def _surface_node(self, chunk: Chunk) -> NodePath:
        node = self.root.attach_new_node(chunk.surface)
        imaged = chunk.surface in OPAQUE and chunk.image is not None
        node.set_shader(self._program(chunk.surface, imaged=imaged))
        if chunk.image is not None:
            node.set_shader_input("image", self._geometry.texture(chunk.image))
        if chunk.surface == "image":
            node.set_attrib(
                ColorBlendAttrib.make(
                    ColorBlendAttrib.M_add, ColorBlendAttrib.O_incoming_alpha, ColorBlendAttrib.O_one_minus_incoming_alpha
                )
            )
            node.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
            node.set_attrib(CullBinAttrib.make("fixed", 10))
        return node

    def _add_sky(self) -> None:
        """After everything solid, where nothing else is."""
        node = GeomNode("sky")
        node.add_geom(convert.corners(1))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        path = self.root.attach_new_node(node)
        path.set_shader(self._program("sky"))
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none), 1)
        path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        path.set_attrib(CullBinAttrib.make("fixed", 0))
        if self.copies > 1:
            path.set_instance_count(self.copies)

    def _program(self, surface: str, *, instanced: Instanced = "", imaged: bool = False) -> Shader:
        if self._geometry.shading == "normals":
            surface, imaged = "normals", False
        return self._programs.surface(surface, copies=self.copies, instanced=instanced, imaged=imaged)


def target_size(layout: Layout, /) -> tuple[int, int]:
    """Pixels of a buffer that holds all views side by side."""
    return sum(width for width, _ in layout), max(height for _, height in layout)


def _areas(layout: Layout, size: tuple[int, int]) -> list[LVecBase4]:
    """Left, right, bottom, top of each view as shares of a buffer of `size` pixels; all stand on its lower edge."""
    width, height = size
    edges = np.concatenate([[0], np.cumsum([one for one, _ in layout])]) / width
    return [LVecBase4(float(edges[k]), float(edges[k + 1]), 0.0, one[1] / height) for k, one in enumerate(layout)]

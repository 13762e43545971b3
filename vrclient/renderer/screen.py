"""Pictures laid over a whole output, such as a window: the drawn frame and small overlays, with their values as they are."""

from panda3d.core import (  # noqa: TID251
    Camera,
    ColorBlendAttrib,
    CullFaceAttrib,
    DepthTestAttrib,
    DepthWriteAttrib,
    GeomNode,
    GraphicsOutput,
    LVecBase4,
    MatrixLens,
    NodePath,
    OmniBoundingVolume,
    SamplerState,
    Texture,
)

from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.shaders import load_shader
from vrclient.scene.draw_data import Image

WHOLE = LVecBase4(0, 0, 1, 1)


class OutputScreen:
    """What an output shows: one picture over all of it and, on top, one overlay in its upper left corner."""

    def __init__(self, context: GraphicsContext, output: GraphicsOutput, picture: Texture, /) -> None:
        self._output = output
        self._root = NodePath("screen")
        self._root.set_shader(load_shader(context, "screen.vert", "screen.frag"))
        self._root.set_attrib(DepthTestAttrib.make(DepthTestAttrib.M_none))
        self._root.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        self._root.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
        self._picture = self._rectangle("picture")
        self._picture.set_shader_inputs(picture=picture, area=LVecBase4(-1, -1, 1, 1), part=WHOLE)
        self._shown: tuple[Texture, tuple[float, ...]] = (picture, (0.0, 0.0, 1.0, 1.0))
        self._overlay: NodePath | None = None
        camera = Camera("screen", MatrixLens())
        camera.set_scene(self._root)
        camera.set_cull_bounds(OmniBoundingVolume())
        self._region = output.make_display_region()
        self._region.camera = NodePath(camera)

    def show(self, picture: Texture, part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0), /) -> None:
        """Another picture, or a part of it (left, bottom, right, top, 0..1), over the whole output."""
        if self._shown != (picture, part):
            self._shown = (picture, part)
            self._picture.set_shader_inputs(picture=picture, part=LVecBase4(*part))

    def show_image(self, image: Image, /) -> None:
        """An image over the whole output, until another picture is shown."""
        texture = _texture(image)
        texture.minfilter = texture.magfilter = SamplerState.FT_linear
        self.show(texture)

    def show_overlay(self, image: Image | None, /, *, margin: int = 12) -> None:
        """Lays an image over the upper left corner, one pixel of it on one of the output; None takes it away."""
        if self._overlay is not None:
            self._overlay.remove_node()
            self._overlay = None
        if image is None:
            return
        height, width = image.pixels.shape[:2]
        texture = _texture(image)
        texture.minfilter = texture.magfilter = SamplerState.FT_nearest
        full_width, full_height = self._output.get_fb_x_size(), self._output.get_fb_y_size()
        left, top = -1 + 2 * margin / full_width, 1 - 2 * margin / full_height
        self._overlay = self._rectangle("overlay")
        area = LVecBase4(left, top - 2 * height / full_height, left + 2 * width / full_width, top)
        self._overlay.set_shader_inputs(picture=texture, area=area, part=WHOLE)
        self._overlay.set_bin("fixed", 20)
        self._overlay.set_attrib(
            ColorBlendAttrib.make(
                ColorBlendAttrib.M_add, ColorBlendAttrib.O_incoming_alpha, ColorBlendAttrib.O_one_minus_incoming_alpha
            )
        )

    def close(self) -> None:
        """Takes the pictures off the output."""
        self._output.remove_display_region(self._region)
        self._root.remove_node()

    def _rectangle(self, name: str) -> NodePath:
        node = GeomNode(name)
        node.add_geom(convert.corners(2))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        path = self._root.attach_new_node(node)
        path.set_bin("fixed", 0)
        return path


def _texture(image: Image) -> Texture:
    height, width = image.pixels.shape[:2]
    texture = Texture(image.name)
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_rgba)
    texture.set_ram_image(convert.bytes_of(image.pixels[::-1, :, [2, 1, 0, 3]]))
    return texture

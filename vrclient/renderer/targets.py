"""What frames are drawn into: a multisampled buffer with floating-point depth that resolves into a texture."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from panda3d.core import FrameBufferProperties, GraphicsOutput, GraphicsPipe, SamplerState, Texture, WindowProperties  # noqa: TID251

from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext, GraphicsUnavailable, log_notices, take_notices

SORT = 10
"""Targets are drawn after shadow maps (lower) and before windows (higher)."""


class RenderTarget:
    """A buffer of RGBA8 display values, drawn by a pipeline; all views of a frame lie side by side in it.

    Raises GraphicsUnavailable if the driver cannot make it."""

    def __init__(
        self,
        context: GraphicsContext,
        size: tuple[int, int],
        /,
        *,
        samples: int = 4,
        sort: int = SORT,
        fixed: bool = False,
        depth: bool = False,
    ) -> None:
        """`sort`: outputs of a frame are drawn in this order. `fixed`: it keeps its size, and views may fill a part of it.
        `depth`: the depth resolves into a texture as well, reversed, in floating point; not where the driver draws other
        depth."""
        self.fixed = fixed
        self.depth: Texture | None = None
        if depth and context.info.reversed_depth:
            self.depth = Texture("target's depth")
            self.depth.set_format(Texture.F_depth_component32)
            self.depth.set_component_type(Texture.T_float)
        self.context = context
        self.samples = samples
        self.color = Texture("target")
        self.color.set_format(Texture.F_rgba8)
        self.color.wrap_u = self.color.wrap_v = SamplerState.WM_clamp
        self.color.minfilter = self.color.magfilter = SamplerState.FT_linear
        self._buffer = self._make(size, sort)

    @property
    def buffer(self) -> GraphicsOutput:
        """The engine's output; regions are added to it by the pipeline."""
        return self._buffer

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return (self._buffer.get_x_size(), self._buffer.get_y_size())

    def resize(self, size: tuple[int, int], /) -> None:
        """Another size in pixels from the next frame on; nothing happens if it is the same, or fixed."""
        if size != self.size and not self.fixed:
            self._buffer.set_size(*size)

    def set_samples(self, samples: int, /) -> None:
        """Another number of samples a pixel; call it before anything is drawn into the target."""
        if samples != self.samples:
            size, sort = self.size, self._buffer.sort
            self.context.engine.remove_window(self._buffer)
            self.samples = samples
            self._buffer = self._make(size, sort)

    def read(self) -> NDArray[np.uint8]:
        """[H, W, 3] uint8 sRGB, row 0 on top: what was drawn last, fetched from the graphics card (waits for it)."""
        self.context.make_current()
        if not self.context.engine.extract_texture_data(self.color, self.context.gsg):
            raise GraphicsUnavailable(f"the picture cannot be read back: {take_notices().strip() or 'the driver gave no reason'}")
        return convert.pixels(self.color)

    def native(self, texture: Texture, /) -> int:
        """The GL name of one of our textures."""
        gsg = self.context.gsg
        return int(texture.prepare_now(0, gsg.prepared_objects, gsg).get_native_id())

    def close(self) -> None:
        """Gives the buffer back."""
        self.context.engine.remove_window(self._buffer)
        self.color.release_all()
        if self.depth is not None:
            self.depth.release_all()
        log_notices()

    def _make(self, size: tuple[int, int], sort: int) -> GraphicsOutput:
        wanted = FrameBufferProperties()
        wanted.set_rgba_bits(8, 8, 8, 8)
        wanted.set_depth_bits(32)
        wanted.set_float_depth(self.context.info.reversed_depth)
        if self.samples > 1:
            wanted.set_multisamples(self.samples)
        flags = GraphicsPipe.BF_refuse_window | GraphicsPipe.BF_resizeable
        context = self.context
        buffer = context.engine.make_output(
            context.pipe, "target", sort, wanted, WindowProperties.size(*size), flags, context.gsg, context.host
        )
        if buffer is None:
            raise GraphicsUnavailable(f"no buffer of {size[0]} x {size[1]} pixels can be made: {take_notices().strip()}")
        buffer.add_render_texture(self.color, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_color)
        if self.depth is not None:
            buffer.add_render_texture(self.depth, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_depth)
        buffer.set_clear_color_active(True)
        buffer.set_clear_color((0.0, 0.0, 0.0, 1.0))
        buffer.set_clear_depth_active(True)
        buffer.set_clear_depth(0.0)
        buffer.set_active(False)
        context.engine.open_windows()
        return buffer


def save_png(picture: NDArray[np.uint8], path: Path, /) -> None:
    """Writes [H, W, 3] uint8 sRGB as a PNG file."""
    from PIL import Image

    Image.fromarray(picture).save(path, "PNG", optimize=False)

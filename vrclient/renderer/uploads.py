"""Large textures to the graphics card, a strip at a time: the engine takes a texture in one piece, for which a frame has no time.
So the engine makes an empty one, and the driver is given the texels.

How texels are laid out is in texels.py, how they are filtered in convert.py."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from panda3d.core import FrameBufferProperties, GraphicsPipe, SamplerState, Texture, WindowProperties  # noqa: TID251

from vrclient.render_data.steps import Steps
from vrclient.renderer.context import GraphicsContext, GraphicsUnavailable

STRIP_BYTES = 1 << 20
"""So much of a texture goes to the driver in one step, at least a row."""
SORT = -99
TEXTURE_2D, TEXTURE_BINDING_2D, BGRA = 0x0DE1, 0x8069, 0x80E1
UNSIGNED_BYTE, FLOAT = 0x1401, 0x1406


class TexelUpload:
    """One per renderer."""

    def __init__(self, context: GraphicsContext, /) -> None:
        """Raises GraphicsUnavailable."""
        self._context = context
        properties = FrameBufferProperties()
        properties.set_rgba_bits(8, 8, 8, 8)
        buffer = context.engine.make_output(
            context.pipe, "uploads", SORT, properties, WindowProperties.size(1, 1), GraphicsPipe.BF_refuse_window,
            context.gsg, context.host,
        )  # fmt: skip
        if buffer is None:
            raise GraphicsUnavailable("no buffer of one pixel can be made")
        buffer.set_active(False)
        self._buffer = buffer
        number, unsigned, address = ctypes.c_int, ctypes.c_uint, ctypes.c_void_p
        context.make_current()
        self._integer = context.driver_call("glGetIntegerv", unsigned, address)
        self._bind = context.driver_call("glBindTexture", unsigned, unsigned)
        self._fill = context.driver_call(
            "glTexSubImage2D", unsigned, number, number, number, number, number, unsigned, unsigned, address
        )
        self._reduce = context.driver_call("glGenerateMipmap", unsigned)

    def steps(self, texture: Texture, texels: NDArray[np.uint8] | NDArray[np.float32], /) -> Steps[None]:
        """Fills a texture of convert.empty_image or empty_table from [H, W, 4] of image_texels or table_texels; the driver makes
        its smaller copies, if it has any. The engine keeps none of it. Raises ValueError where they do not fit."""
        height, width = texels.shape[:2]
        is_image = texture.component_type == Texture.T_unsigned_byte
        shape, kind = (texture.y_size, texture.x_size, 4), np.uint8 if is_image else np.float32
        if texels.shape != shape or texels.dtype != kind or not texels.flags.c_contiguous:
            found = f"shape {texels.shape} and dtype {texels.dtype}"
            raise ValueError(f"the texels of '{texture.name}' have {found}; expected contiguous {kind.__name__} of shape {shape}")
        prepared = self._context.gsg.prepared_objects
        texture.prepare(prepared)
        self._buffer.set_active(True)
        self._context.draw_aside(self._buffer)
        self._buffer.set_active(False)
        name = int(texture.prepare_now(0, prepared, self._context.gsg).get_native_id())
        yield
        number = UNSIGNED_BYTE if is_image else FLOAT
        rows = max(1, STRIP_BYTES // texels[0].nbytes)
        for start in range(0, height, rows):
            strip = texels[start : start + rows]
            with self._bound(name):
                self._fill(TEXTURE_2D, 0, 0, start, width, len(strip), BGRA, number, strip.ctypes.data)
            yield
        if SamplerState.is_mipmap(texture.minfilter):
            with self._bound(name):
                self._reduce(TEXTURE_2D)

    def close(self) -> None:
        """Gives the buffer back."""
        self._context.engine.remove_window(self._buffer)

    @contextmanager
    def _bound(self, name: int) -> Iterator[None]:
        """The engine does not hear of it: what it had bound is bound again."""
        self._context.make_current()
        before = ctypes.c_int()
        self._integer(TEXTURE_BINDING_2D, ctypes.addressof(before))
        self._bind(TEXTURE_2D, name)
        try:
            yield
        finally:
            self._bind(TEXTURE_2D, before.value)

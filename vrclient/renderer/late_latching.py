"""A call in the engine's draw stage, after all its culling and before the first picture of the frame: the last moment to move
what is drawn.

It comes from a pixel of its own that is never shown: on a region of the target, a callback would cost the target its samples."""

from collections.abc import Callable
from typing import Any

from panda3d.core import FrameBufferProperties, GraphicsPipe, PythonCallbackObject, WindowProperties  # noqa: TID251

from vrclient.renderer.context import GraphicsContext, GraphicsUnavailable

SORT = -100
"""Before shadow maps, reflections and targets."""


class LateLatching:
    """Give `call` what is to be called in the next frame, and only in frames that need it."""

    def __init__(self, context: GraphicsContext, /) -> None:
        self._context = context
        properties = FrameBufferProperties()
        properties.set_rgba_bits(8, 8, 8, 8)
        buffer = context.engine.make_output(
            context.pipe, "last moment", SORT, properties, WindowProperties.size(1, 1), GraphicsPipe.BF_refuse_window,
            context.gsg, context.host,
        )  # fmt: skip
        if buffer is None:
            raise GraphicsUnavailable("no buffer of one pixel can be made")
        self._buffer = buffer
        self._buffer.set_active(False)
        self._region = buffer.make_display_region()
        self._region.set_draw_callback(PythonCallbackObject(self._called))
        self._wanted: Callable[[], None] | None = None

    def call(self, wanted: Callable[[], None] | None, /) -> None:
        """From now on in every frame; None: no more."""
        self._wanted = wanted
        self._buffer.set_active(wanted is not None)

    def close(self) -> None:
        """Gives the buffer back. Python does not see that the engine holds the call, which would hold the whole context."""
        self._wanted = None
        self._region.clear_draw_callback()
        self._context.engine.remove_window(self._buffer)

    def _called(self, _: Any) -> None:
        if self._wanted is not None:
            self._wanted()

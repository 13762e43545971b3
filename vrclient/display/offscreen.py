"""A display that nobody sees: frames go into a buffer, as fast as they come. For pictures, tests and figures."""

import time

from vrclient.display.backend import DisplayUnavailable
from vrclient.display.engine import EngineDisplay
from vrclient.display.flat_views import FlatViews
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.renderer.targets import RenderTarget


class OffscreenDisplay(EngineDisplay):
    """`size` in pixels. Raises DisplayUnavailable where no GL context can be had even without a screen."""

    def __init__(self, size: tuple[int, int], /, *, samples: int = 4) -> None:
        try:
            self.context = open_context("offscreen")
            self._target = RenderTarget(self.context, size, samples=samples)
        except GraphicsUnavailable as error:
            raise DisplayUnavailable(str(error)) from error
        self._size = size
        self._views = FlatViews()
        self._before: float | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return "offscreen"

    def wait_frame(self) -> FrameTiming:
        now = time.monotonic()
        elapsed = now - self._before if self._before is not None else 0.0
        self._before = now
        return FrameTiming(display_time=now, elapsed=elapsed, period=0.0)

    def poll_inputs(self) -> InputSnapshot:
        return NOTHING

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        return self._views.seen_from(world_from_rig @ rig_from_head, self._size, fov=fov)

    def acquire_target(self) -> RenderTarget:
        return self._target

    def end_frame(self) -> None:
        """Nothing is shown; whoever wants the picture reads the target."""

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._target.close()
        self.context.close()

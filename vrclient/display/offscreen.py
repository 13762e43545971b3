"""A display that nobody sees: frames go into a buffer, as fast as they come. For pictures, tests and figures."""

import time

from vrclient.display.backend import FAR_M, NEAR_M, Display, DisplayUnavailable
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet, symmetric_fov
from vrclient.geometry.frames import Matrix, inverse_rigid
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.renderer.targets import RenderTarget


class OffscreenDisplay(Display):
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
        self._target.close()
        self.context.close()


class FlatViews:
    """The one view of a flat display, from frame to frame; its optics are made anew only when they change."""

    def __init__(self) -> None:
        self._of: tuple[tuple[int, int], float] | None = None
        self._view: ViewSet | None = None

    def seen_from(self, world_from_head: Matrix, size: tuple[int, int], /, *, fov: float) -> ViewSet:
        """`size` in pixels; `fov` is the whole vertical angle in radians."""
        pose = inverse_rigid(world_from_head)[None]
        if self._view is None or self._of != (size, fov):
            self._of = (size, fov)
            angles = symmetric_fov(fov, aspect=size[0] / size[1])[None]
            self._view = ViewSet.from_arrays(pose, angles, near=NEAR_M, far=FAR_M, pixels=[size])
        return self._view.seen_from(pose)

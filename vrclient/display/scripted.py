"""A display whose head moves as a script says, for tests and benchmarks: one view or several, drawn offscreen.

It waits for nothing and shows nothing. The visitor's own rig does not matter: the script is where the head is."""

import time

import numpy as np
from numpy.typing import NDArray

from vrclient.display.backend import DisplayUnavailable
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix, inverse_rigid
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.renderer.targets import RenderTarget


class ScriptedDisplay:
    """`world_from_head` [F, 4, 4]: where the head is in each frame; after the last it stays there. `head_views`: the views
    with the head as their world, as a headset tells its eyes.

    Raises DisplayUnavailable where no GL context can be had."""

    name = "scripted"

    def __init__(self, world_from_head: NDArray[np.float64], head_views: ViewSet, /, *, samples: int = 1) -> None:
        try:
            self.context = open_context("offscreen")
            width, height = int(head_views.pixels[:, 0].sum()), int(head_views.pixels[:, 1].max())
            self._target = RenderTarget(self.context, (width, height), samples=samples)
        except GraphicsUnavailable as error:
            raise DisplayUnavailable(str(error)) from error
        self._poses, self._head_views = world_from_head, head_views
        self._frame = -1
        self._before: float | None = None

    def rewind(self) -> None:
        """The next frame is the script's first."""
        self._frame = -1

    def wait_frame(self) -> FrameTiming:
        now = time.monotonic()
        elapsed = now - self._before if self._before is not None else 0.0
        self._before = now
        self._frame = min(self._frame + 1, len(self._poses) - 1)
        return FrameTiming(display_time=now, elapsed=elapsed, period=0.0)

    def poll_inputs(self) -> InputSnapshot:
        return NOTHING

    def locate_views(self, world_from_head: Matrix, /, *, fov: float) -> ViewSet:
        """The script's views; neither argument matters."""
        return carried(self._head_views, self._poses[max(self._frame, 0)])

    def acquire_target(self) -> RenderTarget:
        return self._target

    def end_frame(self) -> None:
        """Nothing is shown; whoever wants the picture reads the target."""

    def close(self) -> None:
        self._target.close()
        self.context.close()


def carried(head_views: ViewSet, world_from_head: Matrix, /) -> ViewSet:
    """The views of a head that is at that pose."""
    return head_views.seen_from(head_views.view_from_world @ inverse_rigid(world_from_head))

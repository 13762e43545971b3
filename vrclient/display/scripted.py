"""A display whose head moves as a script says, for tests and benchmarks: one view or several, drawn offscreen.

It waits for nothing and shows nothing. The visitor's own rig does not matter: the script is where the head is."""

import numpy as np
from numpy.typing import NDArray

from vrclient.display.offscreen import OffscreenDisplay
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet, carried
from vrclient.geometry.frames import Matrix


class ScriptedDisplay(OffscreenDisplay):
    """`world_from_head` [F, 4, 4]: where the head is in each frame; after the last it stays there. `head_views`: the views
    with the head as their world, as a headset tells its eyes.

    Raises DisplayUnavailable where no GL context can be had."""

    def __init__(self, world_from_head: NDArray[np.float64], head_views: ViewSet, /, *, samples: int = 1) -> None:
        width, height = int(head_views.pixels[:, 0].sum()), int(head_views.pixels[:, 1].max())
        super().__init__((width, height), samples=samples)
        self._poses, self._head_views = world_from_head, head_views
        self._frame = -1
        self.view_counts = (len(head_views),)

    @property
    def name(self) -> str:
        return "scripted"

    def rewind(self) -> None:
        """The next frame is the script's first."""
        self._frame = -1

    def wait_frame(self) -> FrameTiming:
        self._frame = min(self._frame + 1, len(self._poses) - 1)
        return super().wait_frame()

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        """The script's views; no argument matters."""
        return carried(self._head_views, self._poses[max(self._frame, 0)])

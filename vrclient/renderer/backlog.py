"""Keeps the driver from falling behind: it may work on the last two frames, and whoever would ask for a third one waits.

Where frames go to a screen the screen does that; elsewhere nobody does, and a driver that draws in software takes in what it
cannot draw yet: tens of megabytes a frame, and dozens of frames."""

from collections import deque

from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.fences import Fence

BEHIND = 2
"""Frames."""
LONGEST_S = 2.0
"""A driver that needs longer for one frame is not waited for: it may have lost its graphics card."""


class Backlog:
    """The frames that a context's driver may still be drawing."""

    def __init__(self, context: GraphicsContext, /) -> None:
        self._context = context
        self._behind: deque[Fence] = deque()

    def after_frame(self) -> None:
        """A frame was given to the driver; waits until all but the last ones are drawn."""
        self._context.make_current()
        self._behind.append(Fence())
        while len(self._behind) > BEHIND:
            oldest = self._behind.popleft()
            oldest.wait(LONGEST_S)
            oldest.close()

    def close(self) -> None:
        """Gives the fences back."""
        self._context.make_current()
        while self._behind:
            self._behind.popleft().close()

"""The contract of a display. app/frame.py calls it once a frame, in this order; nothing else about displays is known above."""

from typing import Protocol

from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.targets import RenderTarget

NEAR_M, FAR_M = 0.05, 5000.0


class DisplayUnavailable(RuntimeError):
    """This display cannot be used here and now. The text is the reason, in words for the person at the machine."""


class Display(Protocol):
    """One place to show frames. `name` is headset, window, offscreen or scripted."""

    name: str
    context: GraphicsContext

    def wait_frame(self) -> FrameTiming:
        """Blocks until the next frame may begin."""
        ...

    def poll_inputs(self) -> InputSnapshot:
        """What happened since the last call."""
        ...

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        """The views of this frame. A flat display looks from that head with a vertical angle of `fov` radians; a headset uses
        its own head and angles, and the pose of the rig alone: its tracked floor in the world."""
        ...

    def acquire_target(self) -> RenderTarget:
        """What this frame is drawn into."""
        ...

    def end_frame(self) -> None:
        """Shows what was drawn."""
        ...

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        """Lets the controller of hand 0 = left or 1 = right be felt; amplitude 0..1. Nothing where there is none."""
        ...

    def close(self) -> None:
        """Gives everything back; the display is of no use after it."""
        ...

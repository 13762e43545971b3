"""The contract of a display. app/frame.py calls it once a frame, in this order; nothing else about displays is known above."""

from collections.abc import Callable
from typing import Any, Protocol

from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Image

NEAR_M, FAR_M = 0.05, 5000.0


class DisplayUnavailable(RuntimeError):
    """This display cannot be used here and now. The text is the reason, in words for the person at the machine."""


class Display(Protocol):
    """One place to show frames. `view_counts`: how many views a frame may have, the usual number first.

    What has a body here is for displays that can do it; the others inherit that they cannot."""

    context: GraphicsContext
    view_counts: tuple[int, ...] = (1,)

    @property
    def name(self) -> str:
        """headset, window, offscreen or scripted: where frames go now."""
        ...

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

    def views_to_cull(self, view_set: ViewSet, /) -> ViewSet:
        """The views to cull with: those of `locate_views`, or wider ones that hold whatever `late_views` may bring."""
        return view_set

    @property
    def exits(self) -> bool:
        """False: something that was used hangs when the process ends as usual; leave it by os._exit."""
        return True

    @property
    def locates_late(self) -> bool:
        """Whether `late_views` is worth asking for the frame whose views were located."""
        return False

    def late_views(self) -> ViewSet | None:
        """The same views from where they are now; called in the middle of drawing, when nothing else is left to do. None where
        nothing has changed."""
        return None

    def acquire_target(self) -> RenderTarget:
        """What this frame is drawn into; between frames, what the last one was."""
        ...

    def set_samples(self, samples: int, /) -> None:
        """Another number of samples a pixel; before the first frame."""
        self.acquire_target().set_samples(samples)

    def end_frame(self) -> None:
        """Shows what was drawn."""
        ...

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        """Lets the controller of hand 0 = left or 1 = right be felt; amplitude 0..1."""
        return

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        """Between frames, shows in the window at once what `picture` makes for its width and height in pixels, until the next
        frame. Without a window nothing is made."""
        return

    def show_title(self, title: str, /) -> None:
        """What stands over the window."""
        return

    def show_overlay(self, image: Image | None, /) -> None:
        """Lays an image over the corner of what the staff see; None takes it away."""
        return

    def toggle_fullscreen(self) -> None:
        """The whole screen, or a window."""
        return

    def status_lines(self) -> list[str]:
        """What the staff should know of the display, a line each."""
        return []

    def figures(self) -> dict[str, Any] | None:
        """What the report says of a headset, as JSON values; None of a display that never has one."""
        return None

    def close(self) -> None:
        """Gives everything back; the display is of no use after it."""
        ...

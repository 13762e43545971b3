"""The contract of a display: what app/frame.py may ask of it, and in which order. Nothing else about displays is known above.

    before the first frame  set_samples, show_picture, poll_inputs, show_title, toggle_fullscreen
    every frame             wait_frame, poll_inputs, [locate_views, views_to_cull, acquire_target, [late_views]], end_frame
    between two frames      acquire_target and its picture, show_picture, show_overlay, status_lines, figures
    at the end              close

Whoever shows frames may leave a frame's views and picture out, and does so where `wait_frame` says that nobody would see it; a
frame that was waited for is ended all the same. `late_views` comes in the middle of drawing, and only where `locates_late`.
vibrate, show_title, show_overlay, toggle_fullscreen and step_aside may come anywhere from `poll_inputs` of a frame on. All of it
is called in one thread. What fails inside a display, such as a headset's runtime, is dealt with there: from the first frame on
nothing of this raises, except for a graphics driver that gives up.

It knows no engine: what draws, and what is drawn into, is between the renderer and the display (engine.py)."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.scene.draw_data import Image

NEAR_M, FAR_M = 0.05, 5000.0
"""Metres: where the views of every display begin and end."""


class DisplayUnavailable(RuntimeError):
    """This display cannot be used here and now. The text is the reason, in words for the person at the machine."""


class Target(Protocol):
    """What frames are drawn into: the views of one lie side by side in it, from the left, each with its `ViewSet.pixels`."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    def set_samples(self, samples: int, /) -> None:
        """Another number of samples a pixel; before anything is drawn into it."""
        ...

    def read(self) -> NDArray[np.uint8]:
        """[H, W, 3] uint8 sRGB, row 0 on top: what was drawn last; waits for it."""
        ...


ContextT = TypeVar("ContextT")
TargetT = TypeVar("TargetT", bound=Target, covariant=True)


class Display(Protocol[ContextT, TargetT]):
    """One place to show frames. What has a body here is for displays that can do it; the others inherit that they cannot.

    context       what draws for it, one for its whole life; of what kind is the renderer's matter
    view_counts   how many views a frame may have, the usual number first"""

    context: ContextT
    view_counts: tuple[int, ...] = (1,)

    @property
    def name(self) -> str:
        """headset, window, offscreen, scripted or replay: where frames go now."""
        ...

    def wait_frame(self) -> FrameTiming:
        """Begins a frame; blocks until it may begin. The first one's `elapsed` is 0; no time goes backwards, and none is counted
        twice."""
        ...

    def poll_inputs(self) -> InputSnapshot:
        """What happened since the last call: what was pressed is told once. `close_requested` is told again until it is
        followed. `head` is None on a flat display, whose rig is its head. `origin_moved` is told once, in the frame in which the
        head has another meaning, which is never a display's first unless that has a head."""
        ...

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        """The views of this frame, as many as one of `view_counts`, from NEAR_M to FAR_M. A flat display looks from that head,
        [4, 4] rig_from_head, with a whole vertical angle of `fov` radians; a headset uses its own head and angles, and the pose
        of the rig alone: [4, 4] world_from_rig, its tracked floor in the world. As long as angles and sizes stay as they are,
        `clip_from_view` is the same object."""
        ...

    def views_to_cull(self, view_set: ViewSet, /) -> ViewSet:
        """The views to cull with: those of `locate_views`, or wider ones that hold whatever `late_views` may bring."""
        return view_set

    @property
    def exits(self) -> bool:
        """False: something that was used hangs when the process ends as usual; leave it by os._exit. Final after `close`."""
        return True

    @property
    def locates_late(self) -> bool:
        """Whether `late_views` is worth asking for the frame whose views were located."""
        return False

    def late_views(self) -> ViewSet | None:
        """The same views, with the same `clip_from_view`, from where they are now; called in the middle of drawing, when nothing
        else is left to do. None where nothing has changed, or more than what was culled with holds."""
        return None

    def acquire_target(self) -> TargetT:
        """What this frame is drawn into: the same one until the frame ends. Between frames, what the last one was: it can be
        read. It has the size of the views together, or a larger one, from its first drawing on."""
        ...

    def set_samples(self, samples: int, /) -> None:
        """Another number of samples a pixel; before the first frame."""
        self.acquire_target().set_samples(samples)

    def end_frame(self) -> None:
        """Shows what was drawn; where nothing was, ends the frame."""
        ...

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        """Lets the controller of hand 0 = left or 1 = right be felt; amplitude 0..1. Nothing where there is none."""
        return

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        """Between frames, shows in the window at once what `picture` makes for its width and height in pixels, until the next
        frame. Without a window nothing is made."""
        return

    def show_title(self, title: str, /) -> None:
        """What stands over the window from now on. The same one costs nothing: it may come with every frame."""
        return

    def show_overlay(self, image: Image | None, /) -> None:
        """Lays an image over the upper left corner of what the staff see, in place of the one before; None takes it away."""
        return

    def toggle_fullscreen(self) -> None:
        """The whole screen, or a window of the size and at the place that it had."""
        return

    def step_aside(self, *, on: bool) -> None:
        """A stand's window: lets others lie over it, or is on top again. Nothing where there is none."""
        return

    def status_lines(self) -> list[str]:
        """What the staff should know of the display, a line each."""
        return []

    def figures(self) -> dict[str, Any] | None:
        """What the report says of a headset, as JSON values; None of a display that never has one."""
        return None

    def close(self) -> None:
        """Gives everything back, also in the middle of a frame; the display is of no use after it. Again: nothing."""
        ...

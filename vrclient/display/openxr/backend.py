"""A headset that is open, as frames see it: the views that are drawn, the target they are drawn into, and the runtime asked for
all of it beside the frames (frames.py, bounded_calls.py), never longer than bounded_calls.LONGEST_S.

It decides nothing about what happens when the runtime is lost or hangs: any call may raise xr.exception.XrException or Overdue
(supervisor.py). After Overdue the frame is over for the headset; the next ones may ask again."""

import contextlib
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np

from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.display.openxr.actions import Controllers
from vrclient.display.openxr.bounded_calls import BoundedCalls, Overdue
from vrclient.display.openxr.frames import WANTED_HZ, EyePicture, Inputs, Sizes, XrFrames, angles
from vrclient.display.openxr.graphics import Binding, shared_binding
from vrclient.display.openxr.resolution import Resolution
from vrclient.display.openxr.runtime import EyeSize, OpenXRError, Runtime, let_go
from vrclient.display.openxr.session import News, XrSession
from vrclient.display.openxr.spaces import matrix_of
from vrclient.display.openxr.swapchains import Swapchain
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import Roaming, ViewSet
from vrclient.geometry.frames import Matrix, inverse_rigid
from vrclient.renderer.fences import Fence
from vrclient.renderer.targets import RenderTarget

log = logging.getLogger(__name__)

SAME_EYES = 2e-6
"""How far, in metres and radians, an eye may seem to move from the other one by rounding alone."""
LEAVING_S = 1.5
"""Seconds that a runtime has to take its session back."""
LONGEST_DRAWING_S = 10.0
"""Seconds: a picture that takes longer is not waited for."""

MakeTarget = Callable[[tuple[int, int]], RenderTarget]
T = TypeVar("T")


class HeadsetOpening:
    """A headset's session on its way: the runtime may take seconds, and frames go on meanwhile. `make_target` gives a buffer of a
    size that is drawn into; the context that it belongs to must be current, now and whenever the headset is used. `render_scale`:
    the buffer's size by the runtime's; `dynamic`: a smaller part of it is drawn where the graphics card is too slow.

    Raises HeadsetUnavailable where no context can be had for it."""

    def __init__(self, runtime: Runtime, make_target: MakeTarget, /, *, render_scale: float = 1.0, dynamic: bool = True) -> None:
        self.runtime = runtime
        self._binding = shared_binding()
        self._make_target, self._render_scale, self._dynamic = make_target, render_scale, dynamic
        self._target = make_target(target_size(runtime.eyes, render_scale))
        self._calls = BoundedCalls("headset")
        depth = self._target.depth is not None
        self._calls.ask(lambda: XrFrames(runtime, self._binding, self._target.size, depth=depth))

    def headset(self, *, seconds: float = 0.0) -> "Headset | None":
        """The headset, once; None where it is not there within `seconds`. Raises HeadsetUnavailable, xr.exception.XrException and
        GL's errors where it cannot be opened: close it then."""
        try:
            frames: XrFrames = self._calls.take(seconds=seconds)
        except Overdue:
            return None
        return Headset(
            frames, self._calls, self._binding, self._make_target, self._target,
            render_scale=self._render_scale, dynamic=self._dynamic,
        )  # fmt: skip

    def close(self) -> bool:
        """Gives up. False where the runtime does not answer: it has the instance still, and the thread's context."""
        end = time.monotonic() + LEAVING_S
        try:
            frames = self._late()
            left = max(end - time.monotonic(), 0.0)
            self._calls.call(frames.close if frames is not None else self._give_back, seconds=left)
        except Overdue:
            return False
        finally:
            self._calls.close()
        self._binding.close()
        return True

    def _late(self) -> XrFrames | None:
        """What was opened after all; None where that has failed."""
        if not self._calls.hangs:
            return None
        try:
            frames: XrFrames = self._calls.take(seconds=LEAVING_S)
        except Overdue:
            raise
        except Exception as error:  # nobody wants to know any more
            let_go(error)
            return None
        return frames

    def _give_back(self) -> None:
        self._binding.release()
        self.runtime.close()


class Headset:
    """Made by Opening."""

    def __init__(
        self,
        frames: XrFrames,
        calls: BoundedCalls,
        binding: Binding,
        make_target: MakeTarget,
        target: RenderTarget,
        /,
        *,
        render_scale: float,
        dynamic: bool,
    ) -> None:
        self.runtime = frames.runtime
        self.target = target
        self.resolution = Resolution(dynamic=dynamic)
        self._frames, self._calls, self._binding = frames, calls, binding
        self._make_target, self._render_scale = make_target, render_scale
        self._recommended = frames.recommended
        self._eyes = scaled(frames.recommended, render_scale)
        self._layout: Sizes = ()
        self._masks = frames.masks
        self._roaming = Roaming()
        self._optics: tuple[tuple[float, ...], Sizes] | None = None
        self._views: ViewSet | None = None
        self._located: Any = None
        self._world_from_rig = np.eye(4)
        self._others: Matrix | None = None
        self._before = 0
        self._drawn: Fence | None = None
        self._copied: Fence | None = None
        self.frames = self.missed = 0
        self.period = 1.0 / WANTED_HZ

    @property
    def session(self) -> XrSession:
        """Its states, as the runtime told them last."""
        return self._frames.session

    @property
    def controllers(self) -> Controllers:
        """Which ones there are."""
        return self._frames.controllers

    @property
    def floor_name(self) -> str:
        """Which of the runtime's floors it stands on."""
        return self._frames.floor_name

    @property
    def swapchain(self) -> Swapchain:
        """The runtime's images."""
        return self._frames.swapchain

    @property
    def depths(self) -> Swapchain | None:
        """Those of its depths."""
        return self._frames.depths

    @property
    def hangs(self) -> bool:
        """The runtime does not answer."""
        return self._calls.hangs

    def advance(self) -> tuple[News, FrameTiming | None]:
        """What the runtime says. Then blocks until it wants a frame; None where it wants none. should_render: it is seen."""
        news = self._ask(self._frames.advance)
        frame = self._frames.frame
        self._located = None
        if frame is None:
            return news, None
        now, period = int(frame.predicted_display_time), int(frame.predicted_display_period)
        elapsed = max(0.0, (now - self._before) / 1e9) if self._before else 0.0
        if period > 0:
            self.period = period / 1e9
            if self._before and elapsed > 1.5 * self.period:
                self.missed += round(elapsed / self.period) - 1
        self._before = now
        self.frames += 1
        if self._frames.recommended != self._recommended:
            self._follow_sizes()
        if self._frames.masks != self._masks:
            self._masks, self._optics = self._frames.masks, None
        return news, FrameTiming(now / 1e9, min(elapsed, 0.25), self.period, should_render=bool(frame.should_render))

    def read_inputs(self) -> Inputs:
        """Head and hands at the time of the frame's display."""
        return self._ask(self._frames.read_inputs)

    def locate(self, world_from_rig: Matrix, /) -> ViewSet | None:
        """Begins the frame; the eyes' views, or None where nobody sees it or the runtime does not know where the head is."""
        self._located = views = self._ask(self._frames.begin)
        if views is None:
            return None
        self._world_from_rig = world_from_rig
        self._views = self._view_set(views)
        if self._copied is not None:  # the target may still be being read
            self._copied.hold_card()
        return self._views

    def around(self, view_set: ViewSet, /) -> ViewSet:
        """The views to cull with: wide enough for what `relocate` may still bring."""
        return self._roaming.around(view_set)

    def relocate(self) -> ViewSet | None:
        """The eyes right before drawing; None where they cannot be told, or have moved further than what was culled."""
        if self._views is None or self._located is None:
            return None
        views = self._ask(self._frames.locate)
        if views is None:
            return None
        late = self._view_set(views)
        if late.clip_from_view is not self._views.clip_from_view:
            self._optics = None  # other optics count from the next frame on, which makes them anew
            return None
        if not self._roaming.covers(self._views.view_from_world, late.view_from_world):
            return None
        self._located, self._views = views, late
        return late

    def end_frame(self) -> None:
        """Ends the frame: with the picture in `target`, drawn by the last located views, or with nothing. Waits for the picture
        before this one, so that a slow graphics card has at most one before it."""
        views = self._located
        if views is None or self._views is None:
            self._ask(partial(self._frames.finish, None, None))
            return
        self._settle()
        target = self.target
        self._drawn = Fence()
        depth = target.native(target.depth) if target.depth is not None else None
        picture = EyePicture(target.native(target.color), depth, self._drawn, self._layout)
        taken, self._copied = self._ask(partial(self._frames.finish, picture, views))
        if not taken:
            log.warning("headset: the runtime gave no image in time; this frame is skipped")
            self.missed += 1

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        """Lets a controller be felt."""
        self._ask(partial(self._frames.controllers.vibrate, hand, seconds=seconds, amplitude=amplitude))

    def close(self) -> bool:
        """Gives session and instance back; the runtime may be gone already. False where it does not answer: it is left to itself,
        with the session, the instance, its thread and that one's context."""
        self._forget_fences()
        try:
            if self._calls.hangs:
                with contextlib.suppress(OpenXRError):
                    self._calls.take()
            self._calls.call(self._frames.close, seconds=LEAVING_S)
        except Overdue:
            return False
        finally:
            self._calls.close()
        self._binding.close()
        return True

    def mirror_part(self, aspect: float, /) -> tuple[float, float, float, float]:
        """Left, bottom, right, top (0..1 of the target): the first eye's middle, as wide by high as `aspect`, never stretched."""
        width, height = self.resolution.size(self._eyes[0])
        full_width, full_height = self.target.size
        part = min(1.0, aspect * height / width), min(1.0, width / aspect / height)
        x, y = width * (1 - part[0]) / 2, height * (1 - part[1]) / 2
        return (
            x / full_width,
            y / full_height,
            (x + width * part[0]) / full_width,
            (y + height * part[1]) / full_height,
        )

    def _ask(self, function: Callable[[], T]) -> T:
        return self._calls.call(function, busy=self._draws)

    def _draws(self) -> bool:
        """Whether the graphics card is still at the last picture: whoever waits for that one does not hang."""
        return self._drawn is not None and not self._drawn.done

    def _settle(self) -> None:
        """Waits until the picture before is taken over."""
        if self._copied is not None:
            self._copied.wait(LONGEST_DRAWING_S)
        self._forget_fences()

    def _forget_fences(self) -> None:
        for fence in (self._drawn, self._copied):
            if fence is not None:
                fence.close()
        self._drawn = self._copied = None

    def _follow_sizes(self) -> None:
        """Takes over sizes that the runtime recommends by now."""
        recommended = self._frames.recommended
        log.info("headset: %d x %d pixels per eye from now on", recommended[0].width, recommended[0].height)
        self._settle()
        self._recommended, self._eyes = recommended, scaled(recommended, self._render_scale)
        self.target = self._make_target(target_size(recommended, self._render_scale))
        self._ask(self._frames.close_images)
        self._ask(partial(self._frames.open_images, self.target.size, depth=self.target.depth is not None))
        self._optics = None

    def _view_set(self, views: Any) -> ViewSet:
        world_from_view = self._world_from_rig @ self._steady(np.stack([matrix_of(view.pose) for view in views]))
        seen = tuple(angle for view in views for angle in angles(view.fov))
        sizes = tuple(self.resolution.size(eye) for eye in self._eyes)
        pose = inverse_rigid(world_from_view)
        if self._optics != (seen, sizes) or self._views is None:
            self._optics = (seen, sizes)
            self._layout = sizes
            return ViewSet.from_arrays(
                pose, np.reshape(seen, (-1, 4)), near=NEAR_M, far=FAR_M, pixels=sizes, hidden_area=self._frames.hidden_area
            )
        return self._views.seen_from(pose)

    def _steady(self, rig_from_view: Matrix) -> Matrix:
        """[V, 4, 4] the same poses with the other eyes exactly where they were from the first: what a runtime's float32 adds from
        frame to frame would have all that depends on the eyes' arrangement made anew."""
        others = inverse_rigid(rig_from_view[0]) @ rig_from_view
        if self._others is None or self._others.shape != others.shape or np.abs(others - self._others).max() > SAME_EYES:
            self._others = others
        return rig_from_view[0] @ self._others


def scaled(eyes: tuple[EyeSize, ...], scale: float, /) -> Sizes:
    """Pixels (width, height) of each eye, by the runtime's; never more than it takes."""
    return tuple(
        (max(1, min(round(eye.width * scale), eye.max_width)), max(1, min(round(eye.height * scale), eye.max_height)))
        for eye in eyes
    )


def target_size(eyes: tuple[EyeSize, ...], scale: float, /) -> tuple[int, int]:
    """Of all of them side by side."""
    sizes = scaled(eyes, scale)
    return (sum(width for width, _ in sizes), max(height for _, height in sizes))

"""An open session, one frame after the other by OpenXR's book. All of it is called in one thread, which has a GL context of its
own (bounded_calls.py), and any of it may hang there.

    advance         events and states; then waits until the runtime wants the next frame
    read_inputs     head and hands at the time of its display; actions are synchronised once
    begin           the frame is begun, the eyes are where they will be: to cull with
    locate          the eyes once more, right before drawing
    finish          the picture goes to the runtime with those same eyes, or nothing does

It decides nothing about what happens when the runtime is lost: any call may raise xr.exception.XrException (supervisor.py)."""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
import xr  # noqa: TID251
from numpy.typing import NDArray

from vrclient.display.openxr.actions import Controllers
from vrclient.display.openxr.graphics import Binding
from vrclient.display.openxr.hidden_areas import hidden_areas
from vrclient.display.openxr.layers import DEPTH_EXTENSION, ProjectionLayer
from vrclient.display.openxr.runtime import STEREO, Runtime
from vrclient.display.openxr.session import News, XrSession
from vrclient.display.openxr.spaces import floor_space, head_space, is_sound, is_valid, keep_places, matrix_of
from vrclient.display.openxr.swapchains import Swapchain, forget_gl_errors, takes_depth
from vrclient.frame.inputs import Hand
from vrclient.geometry.frames import Matrix
from vrclient.renderer.fences import Fence

log = logging.getLogger(__name__)

WANTED_HZ = 90.0
SIZES_EVERY = 90
"""Frames between two looks at the sizes that the runtime recommends."""

NO_LAYERS: list[Any] = []
"""Always the same list (Session.end_frame)."""

Sizes = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """head: [4, 4] float64 rig_from_head, what is not tracked as it was last known; None before it was. recentred: the tracked
    space has another origin from this frame on."""

    head: Matrix | None
    hands: tuple[Hand, ...]
    recentred: bool


@dataclass(frozen=True, slots=True, eq=False)
class EyePicture:
    """What was drawn: the names of GL textures of the whole target, both eyes side by side (depth: None without), which are there
    from `drawn` on. layout: (width, height) of each eye's part."""

    color: int
    depth: int | None
    drawn: Fence
    layout: Sizes


class XrFrames:
    """`binding`: the context of this thread; `size`: of the target. Raises HeadsetUnavailable and xr.exception.XrException."""

    def __init__(self, runtime: Runtime, binding: Binding, size: tuple[int, int], /, *, depth: bool) -> None:
        self.runtime, self._binding = runtime, binding
        binding.restore()
        self.session = XrSession(runtime, binding)
        handle = self.session.handle
        try:
            local_floor = runtime.api >= (1, 1) or "XR_EXT_local_floor" in runtime.extensions
            self._floor, self.floor_name = floor_space(handle, local_floor=local_floor)
            self._head = head_space(handle)
            self.controllers = Controllers(runtime, handle)
            _ask_for_rate(runtime, handle)
            self.recommended = runtime.eyes
            self.hidden_area: tuple[NDArray[np.float64], ...] = hidden_areas(runtime, handle)
            self.masks = 0
            """How often the hidden areas were others."""
            self.open_images(size, depth=depth)
        except BaseException:
            self.session.close()  # the instance may stay (quirks.py), and a headset has one session at a time
            raise
        self.frame: Any = None
        """xr.FrameState of the frame that was waited for and has not ended; None without."""
        self._begun = False
        self._count = 0
        self._last_head: Matrix | None = None
        self._last_position: Any = None
        self._placed: Any = None

    def advance(self) -> News:
        """What the runtime says, also while it wants no frames; where it does, waits for the next one, which is `frame` then. One
        that was begun and never finished, as the runtime did not answer, is ended without a picture."""
        if self.frame is not None:
            self.finish(None, None)
        news = self.session.poll()
        if news.profiles:
            self.controllers.read_profiles()
        if news.mask:
            self.hidden_area = hidden_areas(self.runtime, self.session.handle)
            self.masks += 1
        if self.session.running and not news.lost:
            self.frame = self.session.wait_frame()
            self._count += 1
            if self._count % SIZES_EVERY == 0:
                self.recommended = self.runtime.recommended()
        return news

    def read_inputs(self) -> Inputs:
        """Head and hands at the time of the frame's display."""
        moment = int(self.frame.predicted_display_time)
        self.session.hear()
        hands = self.controllers.read(self._floor, moment) if self.session.focused else ()
        location = xr.locate_space(self._head, self._floor, moment)
        pose, flags = location.pose, int(location.location_flags)
        placed = is_valid(flags)
        if not placed and self._last_position is not None:
            pose.position = self._last_position
        if is_valid(flags, position=placed or self._last_position is None) and is_sound(pose):
            self._last_head, self._last_position = matrix_of(pose), pose.position
        return Inputs(self._last_head, hands, self.session.was_recentred(moment))

    def begin(self) -> Any:
        """Begins the frame; the eyes' xr.Views, or None where nobody sees it or the runtime does not know where the head is."""
        self.session.begin_frame()
        self._begun = True
        return self.locate() if self.frame.should_render else None

    def locate(self) -> Any:
        """The eyes' xr.Views at the time of the frame's display; None where they cannot be told."""
        info = xr.ViewLocateInfo(
            view_configuration_type=STEREO, display_time=self.frame.predicted_display_time, space=self._floor
        )
        state, views = xr.locate_views(self.session.handle, info)
        flags = int(state.view_state_flags)
        placed = is_valid(flags)
        if not placed:
            if self._placed is None or not is_valid(flags, position=False):
                return None
            keep_places(views, self._placed)
        if not all(is_sound(view.pose) and is_open(view.fov) for view in views):
            return None
        if placed:
            self._placed = views
        return views

    def finish(self, picture: EyePicture | None, views: Any) -> tuple[bool, Fence | None]:
        """Ends the frame: with a picture, drawn by those views, or with nothing. Whether the picture was taken over, and when its
        textures may be drawn into again (None without a picture)."""
        if not self._begun:
            self.session.begin_frame()
        self._begun = False
        frame, self.frame = self.frame, None
        quirks, layers = self.runtime.quirks, NO_LAYERS
        copied: Fence | None = None
        if picture is not None:
            if quirks.wants_no_gl_errors:
                forget_gl_errors()
            picture.drawn.hold_card()
            layers = self._filled_layers(picture, views)
            copied = Fence()
        self.session.end_frame(int(frame.predicted_display_time), layers)
        if quirks.leaves_gl_errors:
            forget_gl_errors()
        if not quirks.keeps_context:
            self._binding.restore()
        return bool(layers), copied

    def open_images(self, size: tuple[int, int], /, *, depth: bool) -> None:
        """The runtime's images, and what is shown of them, for a target of that size; `depth`: it has depths."""
        handle, count = self.session.handle, len(self.recommended)
        self.swapchain, self.depths = Swapchain(handle, size), None
        if depth and DEPTH_EXTENSION in self.runtime.extensions and takes_depth(handle):
            self.depths = Swapchain(handle, size, depth=True)
        self._plain_layer = ProjectionLayer(self._floor, self.swapchain, None, view_count=count)
        self._deep_layer = ProjectionLayer(self._floor, self.swapchain, self.depths, view_count=count) if self.depths else None

    def close_images(self) -> None:
        """Gives them back."""
        self.swapchain.close()
        if self.depths:
            self.depths.close()

    def close(self) -> None:
        """Gives session, instance and the thread's context back; the runtime may be gone already."""
        gives_back = self.controllers.models.close()
        if gives_back:
            self.close_images()
            self.session.close()
        self._binding.release()
        if gives_back:
            self.runtime.close()

    def _filled_layers(self, picture: EyePicture, views: Any) -> list[Any]:
        """What the runtime shows of this frame; nothing where it gives no image in time."""
        if not self.swapchain.fill(picture.color):
            return NO_LAYERS
        deep = self._deep_layer
        if deep and self.depths and picture.depth is not None and self.depths.fill(picture.depth):
            return deep.filled(views, picture.layout)
        return self._plain_layer.filled(views, picture.layout)


def angles(fov: Any, /) -> tuple[float, float, float, float]:
    """Left, right, up, down in radians."""
    return (fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down)


def is_open(fov: Any, /) -> bool:
    """Whether something is seen through it; false for NaN."""
    left, right, up, down = angles(fov)
    return -np.pi / 2 < left < right < np.pi / 2 and -np.pi / 2 < down < up < np.pi / 2


def _ask_for_rate(runtime: Runtime, session: Any) -> None:
    """Asks for WANTED_HZ where the runtime offers it; what it has is seen in its frames' period."""
    if "XR_FB_display_refresh_rate" not in runtime.extensions:
        return
    offered = [float(getattr(rate, "value", rate)) for rate in xr.enumerate_display_refresh_rates_fb(session)]
    if any(abs(rate - WANTED_HZ) < 0.5 for rate in offered):
        xr.request_display_refresh_rate_fb(session, WANTED_HZ)

"""A headset that is open: its session, floor, controllers and images, and one frame after the other by OpenXR's book.

    poll            events and states
    wait_frame      when the next frame is wanted
    read_inputs     head and hands at that time; actions are synchronised once
    locate          the frame is begun, the eyes are where they will be: to cull with
    relocate        the eyes once more, right before drawing
    end_frame       the picture goes to the runtime with those same eyes, or nothing does

It decides nothing about what happens when the runtime is lost: any call may raise xr.exception.XrException (supervisor.py)."""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import xr

from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.display.openxr.actions import Controllers
from vrclient.display.openxr.graphics import current_binding
from vrclient.display.openxr.hidden_areas import hidden_areas
from vrclient.display.openxr.layers import DEPTH_EXTENSION, ProjectionLayer
from vrclient.display.openxr.resolution import Resolution
from vrclient.display.openxr.runtime import STEREO, EyeSize, Runtime
from vrclient.display.openxr.session import News, Session
from vrclient.display.openxr.spaces import floor_space, head_space, is_sound, is_valid, keep_places, matrix_of
from vrclient.display.openxr.swapchains import Swapchain, forget_gl_errors, takes_depth
from vrclient.frame.inputs import Hand
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import Roaming, ViewSet
from vrclient.geometry.frames import Matrix, inverse_rigid
from vrclient.renderer.targets import RenderTarget

log = logging.getLogger(__name__)

WANTED_HZ = 90.0
SIZES_EVERY = 90
"""Frames between two looks at the sizes that the runtime recommends."""

SAME_EYES = 2e-6
"""How far, in metres and radians, an eye may seem to move from the other one by rounding alone."""

NO_LAYERS: list[Any] = []
"""Always the same list (Session.end_frame)."""

MakeTarget = Callable[[tuple[int, int]], RenderTarget]


class Headset:
    """`make_target` gives a buffer of a size that is drawn into; the context that it belongs to must be current. `render_scale`:
    the buffer's size by the runtime's; `dynamic`: a smaller part of it is drawn where the graphics card is too slow.

    Raises HeadsetUnavailable and xr.exception.XrException where it cannot be opened."""

    def __init__(self, runtime: Runtime, make_target: MakeTarget, /, *, render_scale: float = 1.0, dynamic: bool = True) -> None:
        self.runtime = runtime
        self._make_target, self._render_scale = make_target, render_scale
        self._binding = current_binding()
        self.session = Session(runtime, self._binding)
        handle = self.session.handle
        local_floor = runtime.api >= (1, 1) or "XR_EXT_local_floor" in runtime.extensions
        try:
            self._floor, self.floor_name = floor_space(handle, local_floor=local_floor)
            self._head = head_space(handle)
            self.controllers = Controllers(runtime, handle)
            _ask_for_rate(runtime, handle)
            self._recommended = runtime.eyes
            self._hidden_area = hidden_areas(runtime, handle)
            self._open_images()
        except BaseException:
            self.session.close()  # the instance may stay (quirks.py), and a headset has one session at a time
            raise
        self.resolution = Resolution(dynamic=dynamic)
        self._roaming = Roaming()
        self._optics: tuple[tuple[float, ...], tuple[tuple[int, int], ...]] | None = None
        self._views: ViewSet | None = None
        self._located: Any = None
        self._early: Any = None
        self._world_from_rig = np.eye(4)
        self._others: Matrix | None = None
        self._frame: Any = None
        self._begun = False
        self._before = 0
        self._last_head: Matrix | None = None
        self._last_position: Any = None
        self._placed: Any = None
        self.frames = self.missed = 0
        self.period = 1.0 / WANTED_HZ

    def poll(self) -> News:
        """What the runtime says; also while no frames are wanted."""
        news = self.session.poll()
        if news.profiles:
            self.controllers.read_profiles()
        if news.mask:
            self._hidden_area = hidden_areas(self.runtime, self.session.handle)
            self._optics = None
        return news

    def wait_frame(self) -> FrameTiming | None:
        """Blocks until the runtime wants a frame; None while it hangs. should_render: somebody sees it."""
        frame = self.session.wait_frame()
        if frame is None:
            return None
        self._frame = frame
        now, period = int(frame.predicted_display_time), int(frame.predicted_display_period)
        elapsed = (now - self._before) / 1e9 if self._before else 0.0
        if period > 0:
            self.period = period / 1e9
            if self._before and elapsed > 1.5 * self.period:
                self.missed += round(elapsed / self.period) - 1
        self._before = now
        self.frames += 1
        if self.frames % SIZES_EVERY == 0:
            self._follow_sizes()
        return FrameTiming(now / 1e9, min(elapsed, 0.25), self.period, should_render=bool(frame.should_render))

    def read_inputs(self) -> tuple[Matrix | None, tuple[Hand, ...], bool]:
        """rig_from_head at the time of display (what is not tracked stays as it was last known), the hands, and whether the
        tracked space has another origin from this frame on."""
        moment = int(self._frame.predicted_display_time)
        self.session.hear()
        hands = self.controllers.read(self._floor, moment) if self.session.focused else ()
        location = xr.locate_space(self._head, self._floor, moment)
        pose, flags = location.pose, int(location.location_flags)
        placed = is_valid(flags)
        if not placed and self._last_position is not None:
            pose.position = self._last_position
        if is_valid(flags, position=placed or self._last_position is None) and is_sound(pose):
            self._last_head, self._last_position = matrix_of(pose), pose.position
        return self._last_head, hands, self.session.was_recentred(moment)

    def locate(self, world_from_rig: Matrix, /) -> ViewSet | None:
        """Begins the frame; the eyes' views, or None where nobody sees it or the runtime does not know where the head is."""
        self.session.begin_frame()
        self._begun = True
        self._located = None
        if not self._frame.should_render:
            return None
        self._world_from_rig = world_from_rig
        self._early = views = self._locate_views()
        if views is None:
            return None
        self._located = views
        self._views = self._view_set(views)
        return self._views

    def around(self, view_set: ViewSet, /) -> ViewSet:
        """The views to cull with: wide enough for what `relocate` may still bring."""
        return self._roaming.around(view_set)

    def relocate(self) -> ViewSet | None:
        """The eyes right before drawing; None where they cannot be told, or have moved further than what was culled."""
        if self._views is None or self._located is None:
            return None
        views = self._locate_views()
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
        """Ends what was begun: with the picture in `target`, drawn by the last located views, or with nothing."""
        if not self._begun:
            self.session.begin_frame()
        self._begun = False
        layers = NO_LAYERS
        if self._located is not None and self._views is not None:
            if self.runtime.quirks.wants_no_gl_errors:
                forget_gl_errors()
            layers = self._filled_layers()
            if not layers:
                log.warning("headset: the runtime gave no image in time; this frame is left out")
                self.missed += 1
        self.session.end_frame(int(self._frame.predicted_display_time), layers)
        if self.runtime.quirks.leaves_gl_errors:
            forget_gl_errors()
        if not self.runtime.quirks.keeps_context:
            self._binding.restore()
        self._located = None

    def close(self) -> None:
        """Gives session and instance back; the runtime may be gone already. One that hangs is left to itself."""
        hangs = not self.controllers.models.close() or self.session.hangs
        if not hangs:
            self._close_images()
        self.session.close(gives_back=not hangs)
        self._binding.restore()
        if not hangs:
            self.runtime.close()

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

    def _open_images(self) -> None:
        self._eyes = tuple(_scaled(eye, self._render_scale) for eye in self._recommended)
        size = (sum(width for width, _ in self._eyes), max(height for _, height in self._eyes))
        self.target = self._make_target(size)
        handle, count = self.session.handle, len(self._eyes)
        self.swapchain, self.depths = Swapchain(handle, size), None
        if self.target.depth is not None and DEPTH_EXTENSION in self.runtime.extensions and takes_depth(handle):
            self.depths = Swapchain(handle, size, depth=True)
        self._plain_layer = ProjectionLayer(self._floor, self.swapchain, None, view_count=count)
        self._deep_layer = ProjectionLayer(self._floor, self.swapchain, self.depths, view_count=count) if self.depths else None

    def _close_images(self) -> None:
        self.swapchain.close()
        if self.depths:
            self.depths.close()

    def _filled_layers(self) -> list[Any]:
        """What the runtime shows of this frame; nothing where it gives no image in time."""
        if not self.swapchain.fill(self.target.native(self.target.color)):
            return NO_LAYERS
        deep = self._deep_layer
        if deep and self.depths and self.target.depth and self.depths.fill(self.target.native(self.target.depth)):
            return deep.filled(self._located, self._layout)
        return self._plain_layer.filled(self._located, self._layout)

    def _follow_sizes(self) -> None:
        """Takes over sizes that the runtime recommends by now."""
        recommended = self.runtime.recommended()
        if recommended != self._recommended:
            log.info("headset: %d x %d pixels an eye from now on", recommended[0].width, recommended[0].height)
            self._recommended = recommended
            self._close_images()
            self._open_images()
            self._optics = None

    def _locate_views(self) -> Any:
        info = xr.ViewLocateInfo(
            view_configuration_type=STEREO, display_time=self._frame.predicted_display_time, space=self._floor
        )
        state, views = xr.locate_views(self.session.handle, info)
        flags = int(state.view_state_flags)
        placed = is_valid(flags)
        if not placed:
            if self._placed is None or not is_valid(flags, position=False):
                return None
            keep_places(views, self._placed)
        if not all(is_sound(view.pose) and _is_open(view.fov) for view in views):
            return None
        if placed:
            self._placed = views
        return views

    def _view_set(self, views: Any) -> ViewSet:
        world_from_view = self._world_from_rig @ self._steady(np.stack([matrix_of(view.pose) for view in views]))
        angles = tuple(angle for view in views for angle in _angles(view.fov))
        sizes = tuple(self.resolution.size(eye) for eye in self._eyes)
        pose = inverse_rigid(world_from_view)
        if self._optics != (angles, sizes) or self._views is None:
            self._optics = (angles, sizes)
            self._layout = sizes
            return ViewSet.from_arrays(
                pose, np.reshape(angles, (-1, 4)), near=NEAR_M, far=FAR_M, pixels=sizes, hidden_area=self._hidden_area
            )
        return self._views.seen_from(pose)

    def _steady(self, rig_from_view: Matrix) -> Matrix:
        """[V, 4, 4] the same poses with the other eyes exactly where they were from the first: what a runtime's float32 adds from
        frame to frame would have all that depends on the eyes' arrangement made anew."""
        others = inverse_rigid(rig_from_view[0]) @ rig_from_view
        if self._others is None or self._others.shape != others.shape or np.abs(others - self._others).max() > SAME_EYES:
            self._others = others
        return rig_from_view[0] @ self._others


def _angles(fov: Any) -> tuple[float, float, float, float]:
    return (fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down)


def _is_open(fov: Any) -> bool:
    """Whether something is seen through it; false for NaN."""
    left, right, up, down = _angles(fov)
    return -np.pi / 2 < left < right < np.pi / 2 and -np.pi / 2 < down < up < np.pi / 2


def _scaled(eye: EyeSize, scale: float) -> tuple[int, int]:
    return (
        max(1, min(round(eye.width * scale), eye.max_width)),
        max(1, min(round(eye.height * scale), eye.max_height)),
    )


def _ask_for_rate(runtime: Runtime, session: Any) -> None:
    """Asks for WANTED_HZ where the runtime offers it; what it has is seen in its frames' period."""
    if "XR_FB_display_refresh_rate" not in runtime.extensions:
        return
    offered = [float(getattr(rate, "value", rate)) for rate in xr.enumerate_display_refresh_rates_fb(session)]
    if any(abs(rate - WANTED_HZ) < 0.5 for rate in offered):
        xr.request_display_refresh_rate_fb(session, WANTED_HZ)

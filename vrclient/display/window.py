"""A window: shows what a desktop visitor sees and hears keys and mouse. It does not walk; interaction/ does."""

import time
from collections.abc import Callable

import numpy as np
from panda3d.core import EventQueue, GraphicsWindow, Texture, WindowProperties  # noqa: TID251

from vrclient.display.backend import DisplayUnavailable
from vrclient.display.engine import EngineDisplay
from vrclient.display.flat_views import FlatViews
from vrclient.display.gamepad import UNTOUCHED, Gamepads
from vrclient.display.keys import Keys
from vrclient.display.pointer import WindowPointer
from vrclient.display.x11 import color_bits, desktop_problem, keep_what_is_under, screen_size, window_origin
from vrclient.display.x11_loss import WindowWatch, end_with_x_server
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.interaction.actions import LOOK_RADIANS_PER_PIXEL
from vrclient.interaction.pointer import pointer_aim
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.renderer.screen import OutputScreen
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Image

SHORTEST_FRAME = 1.0 / 144.0
"""Seconds: no more frames than this where the driver does not wait for the screen."""
CURSOR_S = 3.0
"""Seconds of rest after which a stand's cursor hides."""
FOREGROUND_S = 1.0
"""Seconds between two requests for the keyboard, on a stand."""
HIDDEN_FRAME = 0.05
"""Seconds between two looks at a window that is minimised."""
LONGEST_ELAPSED = 0.25
"""Seconds: a frame counts as at most so long, such as the first one after a headset."""
Place = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the desktop."""
CLOSE_REQUEST = "close the window"
"""What the engine tells when somebody clicks the window's cross."""


class WindowDisplay(EngineDisplay):
    """A window of `size` pixels, or as many as the screen has; with a `place`, one without a frame that covers just that part of
    the desktop, a monitor, and stays there on top (a stand's). The mouse, or the one finger that systems show as a mouse, points;
    held and moved, it pulls the view along.

    Raises DisplayUnavailable where there is no desktop, it does not answer, or its OpenGL will not do."""

    def __init__(
        self,
        size: tuple[int, int],
        /,
        *,
        title: str = "vrclient",
        samples: int = 4,
        fullscreen: bool = False,
        place: Place | None = None,
    ) -> None:
        reason = desktop_problem()
        if reason:
            raise DisplayUnavailable(reason)
        screen = screen_size() or size
        size = place[2:] if place is not None else (min(size[0], screen[0]), min(size[1], screen[1]))
        properties = WindowProperties.size(*size)
        properties.title = title
        properties.fullscreen = fullscreen and place is None
        if place is not None:  # its size is the screen's: asking for full screen would let the engine choose the monitor
            properties.origin = (place[0], place[1] - 2 * place[3])  # beside the monitor, until there is something to see
            properties.undecorated = True
            properties.z_order = WindowProperties.Z_top
        try:
            self.context = open_context("window", window=properties, sync=True, color_bits=color_bits())
            if not isinstance(self.context.host, GraphicsWindow):
                raise GraphicsUnavailable("the desktop gave no window")
            end_with_x_server()
            self._window: GraphicsWindow = self.context.host
            self._window.sort = 20
            self._window.close_request_event = CLOSE_REQUEST  # else it would be gone in the middle of loading or of a frame
            self._target = RenderTarget(self.context, self._size(), samples=samples)
            self._screen = OutputScreen(self.context, self._window, self._target.color)
        except GraphicsUnavailable as error:
            raise DisplayUnavailable(str(error)) from error
        self._window.set_clear_color_active(False)
        handle = self._window.get_window_handle()
        self._watch = WindowWatch(handle.get_int_handle()) if handle is not None else None
        if place is not None and handle is not None:
            keep_what_is_under(handle.get_int_handle())
        self._mouse = WindowPointer(self._window, self._watch)
        self._keys = Keys()
        self._title = title
        self._place = place
        self._rested: tuple[tuple[float, float] | None, float] = (None, time.monotonic())
        self._cursor_hidden, self._front_due, self._aside = False, 0.0, False
        self._beside = place is not None
        self._asked_to_close = self._closed = False
        self._pulled_from: tuple[float, float] | None = None
        self._pointed_before: tuple[float, float] | None = None
        self._by_pad = False
        self._before: float | None = None
        self._windowed_size = size
        self._windowed_origin: tuple[int, int] | None = None
        self._views = FlatViews()
        self._gamepads = Gamepads()
        self._rig_from_head, self._fov = np.eye(4), 1.0

    @property
    def name(self) -> str:
        return "window"

    def wait_frame(self) -> FrameTiming:
        if self._before is not None:
            time.sleep(max(0.0, self._before + SHORTEST_FRAME - time.monotonic()))
        now = time.monotonic()
        elapsed = min(now - self._before, LONGEST_ELAPSED) if self._before is not None else 0.0
        self._before = now
        visible = not self._is_gone() and not self._window.properties.minimized
        if not visible:
            time.sleep(HIDDEN_FRAME)
            self.context.draw_aside()  # the engine hears of the window, such as that it is back, while it draws
        return FrameTiming(display_time=now, elapsed=elapsed, period=1.0 / 60.0, should_render=visible)

    def poll_inputs(self) -> InputSnapshot:
        focused = bool(self._window.properties.foreground) and not self._is_gone()
        pressed = self._keys.read(self._window, focused=focused)
        down = focused and "mouse1" in self._keys.held | pressed
        pointer = self._pointer()
        look = self._pulled(pointer, down=down, anew="mouse1" in pressed)
        pad = self._gamepads.read() if focused else UNTOUCHED
        if self._place is not None:
            self._keep_stand(pointer, focused=focused)
        self._by_pad = pad != UNTOUCHED or (self._by_pad and pointer == self._pointed_before)
        self._pointed_before = pointer
        aimed_at = None if self._by_pad else pointer
        hand = Hand(
            aim=self._aim(aimed_at) if focused and (self._by_pad or pointer is not None) else None,
            select=pad.select or (down and pointer is not None),
            teleport=pad.teleport,
            menu=pad.menu,
            move=pad.move,
            turn=pad.turn,
        )
        return InputSnapshot(
            hands=(hand,),
            held=frozenset(self._keys.held),
            pressed=frozenset(pressed),
            look=look,
            pointer=pointer,
            focused=focused,
            close_requested=self._closes(),
        )

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        self._come()
        self._screen.show_image(picture(self._size()))
        self._window.set_active(True)
        self.context.draw_aside(self._window)
        self.context.flip()

    def show_title(self, title: str, /) -> None:
        if title != self._title:
            self._title = title
            change = WindowProperties()
            change.title = title
            self._window.request_properties(change)

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        self._rig_from_head, self._fov = rig_from_head, fov
        self.show_own()
        return self._views.seen_from(world_from_rig @ rig_from_head, self._size(), fov=fov)

    def acquire_target(self) -> RenderTarget:
        return self._target

    def mirror(self, picture: Texture, part: tuple[float, float, float, float], /) -> None:
        """Shows a part (left, bottom, right, top, 0..1) of another picture in place of the window's own."""
        self._screen.show(picture, part)

    def show_own(self) -> None:
        """Ends `mirror` and `show_picture`."""
        self._screen.show(self._target.color)

    def set_shown(self, *, on: bool) -> None:
        """Whether the next frame is put on the screen; the last one stays there where it is not."""
        self._window.set_active(on)

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the window's picture."""
        return self._size()

    def end_frame(self) -> None:
        self._come()
        self.context.flip()

    def show_overlay(self, image: Image | None, /) -> None:
        self._screen.show_overlay(image)

    def toggle_fullscreen(self) -> None:
        if self._place is not None:
            return
        change, now = WindowProperties(), self._window.properties
        if now.fullscreen:
            change.fullscreen = False
            change.size = self._windowed_size
            if self._windowed_origin is not None:
                change.origin = self._windowed_origin
        else:
            self._windowed_size = (self._window.get_x_size(), self._window.get_y_size())
            handle = self._window.get_window_handle()
            place = window_origin(handle.get_int_handle()) if handle is not None else None
            self._windowed_origin = place or ((now.origin.x, now.origin.y) if now.has_origin() else None)
            change.fullscreen = True
            width, height = self.context.pipe.display_width, self.context.pipe.display_height
            if width and height:
                change.size = (width, height)
        self._window.request_properties(change)

    def step_aside(self, *, on: bool) -> None:
        if self._place is None:
            return
        self._aside = on
        change = WindowProperties()
        change.z_order = WindowProperties.Z_normal if on else WindowProperties.Z_top
        if not on:
            change.foreground = True
        self._window.request_properties(change)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._watch is not None:
            self._watch.close()
        self._screen.close()
        self._target.close()
        self.context.close()

    def _come(self) -> None:
        """A stand's window goes to its monitor, now that there is something to see."""
        if self._beside and self._place is not None:
            self._beside = False
            change = WindowProperties()
            change.origin = self._place[:2]
            change.foreground = True
            self._window.request_properties(change)
            self.context.engine.open_windows()  # follows requests, and draws nothing

    def _keep_stand(self, pointer: tuple[float, float] | None, *, focused: bool) -> None:
        """A stand's window has the keyboard, also where no window manager gives it away, and no cursor that nobody moves."""
        now = time.monotonic()
        if pointer != self._rested[0]:
            self._rested = pointer, now
        hidden = now - self._rested[1] > CURSOR_S
        asks = not focused and not self._aside and now >= self._front_due
        if hidden == self._cursor_hidden and not asks:
            return
        change = WindowProperties()
        if hidden != self._cursor_hidden:
            self._cursor_hidden = change.cursor_hidden = hidden
        if asks:
            self._front_due = now + FOREGROUND_S
            change.foreground = True
        self._window.request_properties(change)

    def _size(self) -> tuple[int, int]:
        """Pixels of the framebuffer, which on HiDPI screens has more of them than the window has points."""
        return (max(1, self._window.get_fb_x_size()), max(1, self._window.get_fb_y_size()))

    def _aim(self, pointer: tuple[float, float] | None) -> Matrix:
        """[4, 4] rig_from_aim: through the pointer, or the middle of the picture for a gamepad; from the head as the last frame
        saw it."""
        width, height = self._size()
        return self._rig_from_head @ pointer_aim(pointer, fov=self._fov, aspect=width / height)

    def _closes(self) -> bool:
        """Whether the window is to be closed, or is gone."""
        events = EventQueue.get_global_event_queue()
        while not events.is_queue_empty():
            self._asked_to_close |= events.dequeue_event().name == CLOSE_REQUEST
        if self._is_gone():
            self.context.draw_aside()  # the engine hears whether the connection has ended, too: then this does not return
            return True
        return self._asked_to_close

    def _is_gone(self) -> bool:
        """Whether there is no window any more, whoever has closed it."""
        return self._window.is_closed() or (self._watch is not None and self._watch.is_gone())

    def _pointer(self) -> tuple[float, float] | None:
        place = self._mouse.read()
        width, height = self._window.get_x_size(), self._window.get_y_size()
        return (place[0] / max(width, 1), place[1] / max(height, 1)) if place is not None else None

    def _pulled(self, pointer: tuple[float, float] | None, *, down: bool, anew: bool) -> tuple[float, float]:
        """How the head turns, in pixels of `look`, so that what was under the pointer stays there while it is held down."""
        before = None if anew else self._pulled_from
        self._pulled_from = pointer if down else None
        if before is None or pointer is None or not down:
            return (0.0, 0.0)
        width, height = self._size()
        step = 2.0 * float(np.tan(self._fov / 2.0)) / LOOK_RADIANS_PER_PIXEL
        return ((before[0] - pointer[0]) * step * width / height, (pointer[1] - before[1]) * step)

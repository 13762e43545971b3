"""The window and, whenever there is one, the headset: one display for the whole life of the program.

    FLAT         no headset; a search asks for one beside the frames
    STARTING     a headset has answered: its session is open, its first frame is still to come
    HEADSET      somebody sees the frames in it; the window mirrors one eye
    RECOVERING   the headset was lost: the window goes on, the search asks again

While a session is open that nobody sees (asleep, off the head, another program in front), the window shows the visit as if
there were no headset. What fails in a headset's call is caught here and nowhere above: the rest of that frame is the window's."""

import enum
import gc
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from OpenGL.error import GLError

from vrclient.display.backend import Display
from vrclient.display.openxr import words
from vrclient.display.openxr.backend import Headset
from vrclient.display.openxr.beside import LONGEST_S
from vrclient.display.openxr.notes import native_errors_logged
from vrclient.display.openxr.runtime import HeadsetUnavailable, OpenXRError, Runtime, let_go, reason
from vrclient.display.search import HeadsetSearch
from vrclient.display.window import WindowDisplay
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.interaction.presence import AWAKE, rested
from vrclient.renderer.context import GraphicsUnavailable
from vrclient.renderer.gpu_clock import GpuClock
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Image

log = logging.getLogger(__name__)

MIRROR_S = 1.0 / 30.0
"""Seconds between two pictures of the mirror."""
AFTER_LOSS_S = 0.5
"""Seconds until a lost headset is asked for again."""
AFTER_REFUSAL_S = 4.0
"""Seconds until a headset that answered, but opened no session, is tried again."""
LONGEST_REST_S = 1.0
"""A frame counts as at most so many seconds in which a head was still: nobody has looked in between."""
REMEMBERED = 100
"""Changes of state that the report tells of."""

NOT_SEEN = "the headset is off the head or asleep; the window goes on"


class State(enum.Enum):
    """See the module."""

    FLAT = "flat"
    STARTING = "starting"
    HEADSET = "headset"
    RECOVERING = "recovering"


class HeadsetDisplay(Display):
    """`window` stays open all the time; `search` looks for headsets; `runtime` is one that has answered already. `render_scale`
    and `dynamic` as in Headset.

    Every change of state is one line in the log, with its reason."""

    view_counts = (1, 2)

    def __init__(
        self,
        window: WindowDisplay,
        search: HeadsetSearch,
        runtime: Runtime | None = None,
        /,
        *,
        samples: int,
        render_scale: float = 1.0,
        dynamic: bool = True,
    ) -> None:
        self.window = window
        self.context = window.context
        self.state = State.FLAT
        self.headset: Headset | None = None
        self._samples, self._render_scale, self._dynamic = samples, render_scale, dynamic
        self._search = search
        self._exits = True
        self._found = runtime
        self._target: RenderTarget | None = None
        self._gpu = GpuClock(self.context)
        self._in_headset = self._drawing = False
        self._window_shown = True
        self._waited = False
        self._head_known = False
        self._leaving = False
        self._mirrored_at = 0.0
        self._worn_before = False
        self._rest, self._rested_at = AWAKE, 0.0
        self._clock_ahead: float | None = None
        self._opened_at = time.monotonic()
        self._changes: deque[tuple[float, State, str]] = deque(maxlen=REMEMBERED)
        self._last_runtime = self._last_headset = ""
        self._frames = self._missed = 0
        if runtime is None:
            self._search.start()

    @property
    def name(self) -> str:
        return "headset" if self.state is State.HEADSET else "window"

    @property
    def exits(self) -> bool:
        return self._exits

    @property
    def locates_late(self) -> bool:
        return self._in_headset

    @property
    def why_flat(self) -> str:
        """Why there is no headset, as far as is known."""
        return self._search.reason

    def wait_frame(self) -> FrameTiming:
        self._follow()
        self._waited = False
        headset = self.headset
        if headset and headset.session.running:
            with self._guarded():
                timing = headset.wait_frame()
                if timing is not None:
                    self._waited = True
                    self._show_state(timing)
                    # Where nobody sees the headset, the window shows the visit: something is always drawn.
                    return replace(timing, display_time=self._continued(timing.display_time), should_render=True)
                self._leave_headset(State.RECOVERING, words.unanswered(LONGEST_S, runtime=headset.runtime.name).reason)
        elif headset:
            self._leave_headset(State.STARTING, NOT_SEEN)
        return self.window.wait_frame()

    def poll_inputs(self) -> InputSnapshot:
        flat = self.window.poll_inputs()
        if self._leaving:
            flat = replace(flat, close_requested=True)
        headset = self.headset
        if headset and self._waited:
            with self._guarded():
                head, hands, recentred = headset.read_inputs()
                if head is not None and self.state is State.HEADSET:
                    attentive = self._attends(headset, head, hands)
                    if attentive != self._worn_before:
                        self._worn_before = attentive
                        log.info(
                            "headset: %s",
                            "the visitor is there"
                            if attentive
                            else "off the head, lies still, or another program is in front: the visit waits",
                        )
                    changed_over, self._head_known = not self._head_known, True
                    return InputSnapshot(
                        pressed=flat.pressed,
                        focused=flat.focused,
                        close_requested=flat.close_requested,
                        head=head,
                        hands=hands,
                        attentive=attentive,
                        origin_moved=changed_over or recentred,
                    )
        changed_over, self._head_known = self._head_known, False
        return replace(flat, origin_moved=changed_over)

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        self._in_headset, self._drawing = False, True
        headset = self.headset
        if headset and self._waited:
            with self._guarded():
                view_set = headset.locate(world_from_rig)
                if view_set is not None:
                    self._in_headset = True
                    self._mirror(headset)
                    return view_set
        self._show_window()
        return self.window.locate_views(world_from_rig, rig_from_head, fov=fov)

    def views_to_cull(self, view_set: ViewSet, /) -> ViewSet:
        return self.headset.around(view_set) if self._in_headset and self.headset else view_set

    def late_views(self) -> ViewSet | None:
        if self._in_headset and self.headset:
            with self._guarded():
                return self.headset.relocate()
        return None

    def acquire_target(self) -> RenderTarget:
        if self._in_headset and self.headset:
            if self._drawing:
                self._gpu.begin()
            return self.headset.target
        return self.window.acquire_target()

    def end_frame(self) -> None:
        self._gpu.end()
        headset = self.headset
        if headset and self._waited:
            if (seconds := self._gpu.latest()) is not None:
                headset.resolution.update(seconds, headset.period)
            with self._guarded():
                headset.end_frame()
        if self._window_shown:
            self.window.end_frame()
        self._waited = self._drawing = False

    def set_samples(self, samples: int, /) -> None:
        self._samples = samples
        self.window.set_samples(samples)
        if self._target is not None:
            self._target.set_samples(samples)

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        if self.headset and self._waited and self.headset.session.focused:
            with self._guarded():
                self.headset.controllers.vibrate(hand, seconds=seconds, amplitude=amplitude)

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        self.window.show_picture(picture)

    def show_title(self, title: str, /) -> None:
        self.window.show_title(title)

    def show_overlay(self, image: Image | None, /) -> None:
        self.window.show_overlay(image)

    def toggle_fullscreen(self) -> None:
        self.window.toggle_fullscreen()

    def status_lines(self) -> list[str]:
        headset = self.headset
        if headset is None:
            return [f"headset: {self.state.value}; {self.why_flat or 'looking for one'}"]
        hertz = 1.0 / headset.period
        return [
            f"headset: {headset.runtime.description}, {self.state.value} ({headset.session.state.name.lower()})",
            f"controllers: {headset.controllers.description or 'none'}; floor: {headset.floor_name}",
            f"{hertz:.0f} Hz, {headset.missed} frames missed of {headset.frames}, drawn at {headset.resolution.scale:.0%}",
        ]

    def figures(self) -> dict[str, Any]:
        headset = self.headset
        return {
            "state": self.state.value,
            "runtime": self._last_runtime,
            "name": self._last_headset,
            "frames": self._frames + (headset.frames if headset else 0),
            "missed_frames": self._missed + (headset.missed if headset else 0),
            "changes": [
                {"seconds": round(seconds, 3), "state": state.value, "reason": why} for seconds, state, why in self._changes
            ],
            "why_none": "" if headset else self.why_flat,
        }

    def close(self) -> None:
        self._search.close()
        if self._found:
            self._found.close()
        self._close_headset()
        self._gpu.close()
        if self._target is not None:
            self._target.close()
        self.window.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What the runtime refuses within the block loses the headset; the code after the block goes on without it."""
        try:
            yield
        except OpenXRError as error:
            name = self.headset.runtime.name if self.headset else ""
            let_go(error)
            self._lose(reason("frame", error, name))
        except (GLError, GraphicsUnavailable) as error:
            self._lose(f"the graphics driver refuses the headset's pictures: {error}")

    def _follow(self) -> None:
        """Events of an open session; what the search has found."""
        if self.headset:
            with self._guarded():
                news = self.headset.poll()
                if news.leaving:
                    log.info("headset: closed from the runtime's menu")
                    self._leaving = True
                elif news.lost:
                    self._lose(news.lost)
        if self.headset:
            return
        runtime, self._found = self._found or self._search.take(), None
        if runtime:
            self._open(runtime)

    def _open(self, runtime: Runtime) -> None:
        gc.collect()  # what the session before has left; nothing else collects while frames run
        self.context.make_current()
        try:
            self.headset = Headset(runtime, self._target_of, render_scale=self._render_scale, dynamic=self._dynamic)
        except (OpenXRError, HeadsetUnavailable, GLError, GraphicsUnavailable) as error:
            why = reason("session", error, runtime.name) if isinstance(error, OpenXRError) else str(error)
            runtime.close()
            self._enter(State.RECOVERING, why)
            self._search.start(after=AFTER_REFUSAL_S)
            return
        self._exits = self._exits and runtime.quirks.exits
        self._last_runtime, self._last_headset = f"{runtime.name} {runtime.version}", runtime.headset
        self._enter(State.STARTING, runtime.description)

    def _lose(self, why: str) -> None:
        if self.headset is None:
            return
        self._close_headset()
        self._waited = False
        self._enter(State.RECOVERING, why)
        self._search.start(after=AFTER_LOSS_S)

    def _close_headset(self) -> None:
        headset, self.headset = self.headset, None
        if headset:
            self.context.make_current()
            with native_errors_logged():
                headset.close()
            self._frames, self._missed = self._frames + headset.frames, self._missed + headset.missed
            self._clock_ahead = None
            self.context.wait_for_screen(on=True)

    def _show_state(self, timing: FrameTiming) -> None:
        """Whether the headset is seen or the window."""
        if timing.should_render and self.state is not State.HEADSET:
            headset = self.headset
            assert headset is not None
            self._worn_before = headset.session.focused
            self._rest, self._rested_at = AWAKE, time.monotonic()
            self.context.wait_for_screen(on=False)
            self._enter(State.HEADSET, headset.runtime.description)
        elif not timing.should_render:
            self._leave_headset(State.STARTING, NOT_SEEN)

    def _leave_headset(self, state: State, why: str) -> None:
        """The window goes on beside an open session."""
        if self.state is State.HEADSET:
            self.context.wait_for_screen(on=True)
        self._enter(state, why)

    def _enter(self, state: State, why: str) -> None:
        if state is State.RECOVERING:
            self._search.reason = why
        if state is not self.state:
            self.state = state
            self._changes.append((time.monotonic() - self._opened_at, state, why))
            level = logging.WARNING if state is State.RECOVERING else logging.INFO
            log.log(level, "display: %s (%s)", state.value, why)

    def _continued(self, display_time: float) -> float:
        """The runtime's time, which may begin at zero with every session, as the window's: what moves in the city never jumps."""
        if self._clock_ahead is None:
            self._clock_ahead = time.monotonic() - display_time
        return display_time + self._clock_ahead

    def _attends(self, headset: Headset, head: Matrix, hands: tuple[Hand, ...]) -> bool:
        """Whether a visitor wears the headset and the inputs are ours. Where the runtime has a sensor and says that nobody does,
        so it is; where it says that somebody does, the sensor may be taped, so the head must move as well."""
        now = time.monotonic()
        self._rest = rested(self._rest, head, hands, seconds=min(now - self._rested_at, LONGEST_REST_S))
        self._rested_at = now
        return headset.session.focused and headset.session.present and not self._rest.still

    def _target_of(self, size: tuple[int, int]) -> RenderTarget:
        """The one buffer for both eyes; kept from session to session."""
        if self._target is None or self._target.size != size:
            if self._target is not None:
                self._target.close()
            self._target = RenderTarget(self.context, size, samples=self._samples, fixed=True, depth=True)
            self.context.make_current()
        return self._target

    def _mirror(self, headset: Headset) -> None:
        """One eye in the window, now and then; it never waits."""
        now = time.monotonic()
        due = now - self._mirrored_at >= MIRROR_S
        if due:
            self._mirrored_at = now
            width, height = self.window.size
            self.window.mirror(headset.target.color, headset.mirror_part(width / height))
        self._window_shown = due
        self.window.set_shown(on=due)

    def _show_window(self) -> None:
        """The window's own picture."""
        self._window_shown = True
        self.window.show_own()
        self.window.set_shown(on=True)

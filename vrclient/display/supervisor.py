"""The window and, whenever there is one, the headset: one display for the whole life of the program. What follows from what
is in states.py; this asks, and does it.

While a session is open that nobody sees (asleep, off the head, another program in front), the window shows the visit as if
there were no headset. What fails in a headset's call is caught here and nowhere above: the rest of that frame is the window's."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from OpenGL.error import GLError

from vrclient.display.engine import EngineDisplay
from vrclient.display.finding import HeadsetFinding
from vrclient.display.headset_target import HeadsetTarget
from vrclient.display.openxr import messages
from vrclient.display.openxr.backend import Headset, HeadsetOpening
from vrclient.display.openxr.bounded_calls import LONGEST_S, Overdue
from vrclient.display.openxr.graphics import several_threads
from vrclient.display.openxr.notes import native_errors_logged
from vrclient.display.openxr.runtime import OpenXRError, Runtime, let_go, reason
from vrclient.display.search import HeadsetSearch
from vrclient.display.states import Act, Event, State, follow
from vrclient.display.window import WindowDisplay
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.interaction.presence import AWAKE, rested
from vrclient.renderer.context import GraphicsUnavailable
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Image

log = logging.getLogger(__name__)

several_threads()

MIRROR_S = 1.0 / 30.0
"""Seconds between two pictures of the mirror."""
AFTER_LOSS_S = 0.5
"""Seconds until a lost headset is asked for again."""
LONGEST_REST_S = 1.0
"""A frame counts as at most so many seconds in which a head was still: nobody has looked in between."""
REMEMBERED = 100
"""Changes of state that the report tells of."""

NOT_SEEN = "the headset has been taken off or is asleep; the window goes on"


def said(error: GLError | GraphicsUnavailable) -> str:
    """What the driver says, in one line."""
    return f"error 0x{error.err:04X} in {error.baseOperation.__name__}" if isinstance(error, GLError) else str(error)


class HeadsetDisplay(EngineDisplay):
    """`window` stays open all the time; `finding` looks for headsets and opens them; `target` is what they are drawn into;
    `clock` counts seconds. `open_headset_display` puts them together.

    Every change of state is one line in the log, with its reason."""

    view_counts = (1, 2)

    def __init__(
        self,
        window: WindowDisplay,
        finding: HeadsetFinding,
        target: HeadsetTarget,
        /,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.window = window
        self.context = window.context
        self.state = State.FLAT
        self.headset: Headset | None = None
        self._finding, self._target, self._clock = finding, target, clock
        self._exits, self._closed = True, False
        self._in_headset = self._drawing = False
        self._window_shown = True
        self._waited = False
        self._late_error: Exception | None = None
        self._head_known = False
        self._leaving = False
        self._mirrored_at: float | None = None
        self._worn_before = False
        self._rest, self._rested_at = AWAKE, 0.0
        self._clock_ahead: float | None = None
        self._opened_at = clock()
        self._changes: deque[tuple[float, State, str]] = deque(maxlen=REMEMBERED)
        self._last_runtime = self._last_headset = ""
        self._frames = self._missed = 0

    @property
    def name(self) -> str:
        return "headset" if self.state is State.HEADSET else "window"

    @property
    def exits(self) -> bool:
        return self._exits and self._finding.clean

    @property
    def locates_late(self) -> bool:
        return self._in_headset

    @property
    def why_flat(self) -> str:
        """Why there is no headset, as far as is known."""
        return self._finding.reason

    def wait_frame(self) -> FrameTiming:
        self._waited = False
        self._look_for_headset()
        if headset := self.headset:
            with self._guarded():
                news, timing = headset.advance()
                if news.leaving:
                    log.info("headset: closed from the runtime's menu")
                    self._leaving = True
                if news.lost:
                    self._happened(Event.LOST, news.lost)
                elif timing is None or not timing.should_render:
                    self._happened(Event.UNSEEN, NOT_SEEN)
                else:
                    self._happened(Event.SEEN, headset.runtime.description)
                if timing is not None and self.headset:
                    self._waited = True
                    # Where nobody sees the headset, the window shows the visit: something is always drawn.
                    return replace(timing, display_time=self._continued(timing.display_time), should_render=True)
        return self.window.wait_frame()

    def poll_inputs(self) -> InputSnapshot:
        flat = self.window.poll_inputs()
        if self._leaving:
            flat = replace(flat, close_requested=True)
        headset = self.headset
        if headset and self._waited:
            with self._guarded():
                inputs = headset.read_inputs()
                head, hands = inputs.head, inputs.hands
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
                        origin_moved=changed_over or inputs.recentred,
                        recentred=inputs.recentred and not changed_over,
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
        """In the middle of drawing: what fails here is dealt with when that is over."""
        if self._in_headset and self.headset and self._late_error is None:
            try:
                return self.headset.relocate()
            except Exception as error:
                self._late_error = error
        return None

    def acquire_target(self) -> RenderTarget:
        if self._in_headset and self.headset:
            if self._drawing:
                self._target.begin()
            return self.headset.target
        return self.window.acquire_target()

    def end_frame(self) -> None:
        self._target.end()
        headset = self.headset
        if headset and self._waited:
            if (seconds := self._target.latest_seconds()) is not None:
                headset.resolution.update(seconds, headset.period)
            with self._guarded():
                if (error := self._late_error) is not None:
                    raise error
                headset.end_frame()
        if self._window_shown:
            self.window.end_frame()
        self._late_error = None
        self._waited = self._drawing = False

    def set_samples(self, samples: int, /) -> None:
        self.window.set_samples(samples)
        self._target.set_samples(samples)

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        if self.headset and self._waited and self.headset.session.focused:
            with self._guarded():
                self.headset.vibrate(hand, seconds=seconds, amplitude=amplitude)

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        self.window.show_picture(picture)

    def show_title(self, title: str, /) -> None:
        self.window.show_title(title)

    def show_overlay(self, image: Image | None, /) -> None:
        self.window.show_overlay(image)

    def toggle_fullscreen(self) -> None:
        self.window.toggle_fullscreen()

    def step_aside(self, *, on: bool) -> None:
        self.window.step_aside(on=on)

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
        if self._closed:
            return
        self._closed = True
        self._finding.close()
        self._close_headset()
        self._target.close()
        self.window.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What the runtime refuses within the block loses the headset; where it does not answer, the frame is over for it. The
        code after the block goes on in the window."""
        name = self.headset.runtime.name if self.headset else ""
        try:
            yield
        except Overdue as error:
            let_go(error)
            self._happened(Event.SILENT, messages.unanswered(LONGEST_S, runtime=name).reason)
        except OpenXRError as error:
            let_go(error)
            self._happened(Event.LOST, reason("frame", error, name))
        except (GLError, GraphicsUnavailable) as error:
            self._happened(Event.LOST, f"the graphics driver refuses the headset's pictures: {said(error)}")
        except Exception as error:  # whatever a runtime answers, the visit goes on
            log.debug("headset: its runtime's answer cannot be used", exc_info=error)
            what = f"the headset's runtime gives an answer that makes no sense ({type(error).__name__}: {error}); restart it"
            self._happened(Event.LOST, what)

    def _look_for_headset(self) -> None:
        """What has been found and opened is the headset from now on."""
        if self.headset:
            return
        headset, why = self._finding.take()
        if headset is not None:
            self.headset, runtime = headset, headset.runtime
            self._exits = self._exits and runtime.quirks.exits
            self._last_runtime, self._last_headset = f"{runtime.name} {runtime.version}", runtime.headset
            self._happened(Event.OPENED, runtime.description)
        elif why:
            self._happened(Event.REFUSED, why)

    def _happened(self, event: Event, why: str) -> None:
        """Does what follows from it. `why`: the reason, where the state is another one then."""
        if event in (Event.SILENT, Event.LOST):
            if self.headset is None:  # it was lost by what it said before
                return
            self._waited = False
        state, acts = follow(self.state, event)
        for act in acts:
            self._do(act)
        if state is State.RECOVERING:
            self._finding.reason = why
        if state is not self.state:
            self.state = state
            self._changes.append((self._clock() - self._opened_at, state, why))
            level = logging.WARNING if state is State.RECOVERING else logging.INFO
            log.log(level, "display: %s (%s)", state.value, why)

    def _do(self, act: Act) -> None:
        match act:
            case Act.GREET:
                self._worn_before = self.headset is not None and self.headset.session.focused
                self._rest, self._rested_at = AWAKE, self._clock()
                self._finding.worked()
            case Act.FREE_WINDOW:
                self.context.wait_for_screen(on=False)
            case Act.CLOSE:
                self._close_headset()
            case Act.HOLD_WINDOW:
                self.context.wait_for_screen(on=True)
            case Act.ASK:
                self._finding.start(after=AFTER_LOSS_S)

    def _close_headset(self) -> None:
        headset, self.headset = self.headset, None
        if headset:
            self.context.make_current()
            with native_errors_logged():
                self._exits = headset.close() and self._exits
            self._frames, self._missed = self._frames + headset.frames, self._missed + headset.missed
            self._clock_ahead = None

    def _continued(self, display_time: float) -> float:
        """The runtime's time, which may begin at zero with every session, as the window's: what moves in the city never jumps."""
        if self._clock_ahead is None:
            self._clock_ahead = self._clock() - display_time
        return display_time + self._clock_ahead

    def _attends(self, headset: Headset, head: Matrix, hands: tuple[Hand, ...]) -> bool:
        """Whether a visitor wears the headset and the inputs are ours. Where the runtime has a sensor and says that nobody does,
        so it is; where it says that somebody does, the sensor may be taped, so the head must move as well."""
        now = self._clock()
        self._rest = rested(self._rest, head, hands, seconds=min(now - self._rested_at, LONGEST_REST_S))
        self._rested_at = now
        return headset.session.focused and headset.session.present and not self._rest.still

    def _mirror(self, headset: Headset) -> None:
        """One eye in the window, now and then; it never waits."""
        now = self._clock()
        due = self._mirrored_at is None or now - self._mirrored_at >= MIRROR_S
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


def open_headset_display(
    window: WindowDisplay,
    search: HeadsetSearch,
    runtime: Runtime | None = None,
    /,
    *,
    samples: int,
    render_scale: float = 1.0,
    dynamic: bool = True,
) -> HeadsetDisplay:
    """`search` looks for headsets; `runtime` is one that has answered already. `render_scale`, `dynamic`: see HeadsetOpening."""
    target = HeadsetTarget(window.context, samples=samples)

    def begin(runtime: Runtime) -> HeadsetOpening:
        window.context.make_current()
        return HeadsetOpening(runtime, target.of_size, render_scale=render_scale, dynamic=dynamic)

    return HeadsetDisplay(window, HeadsetFinding(search, runtime, begin, drawn_with=window.context.info.renderer), target)

"""Displays without an engine, and the order in which any display is asked.

display = StubDisplay()                 # shows nothing, draws nothing, keeps to the contract
order = mind(any_display)               # from now on whoever asks it out of order fails; `order.asked` is what was asked
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.display.backend import Display
from vrclient.display.flat_views import FlatViews
from vrclient.frame.inputs import NOTHING, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.scene.draw_data import Image

CALLS = (
    "wait_frame", "poll_inputs", "locate_views", "views_to_cull", "acquire_target", "late_views", "end_frame", "set_samples",
    "show_picture", "show_title", "show_overlay", "toggle_fullscreen", "vibrate", "status_lines", "figures", "close",
)  # fmt: skip
"""All that a display is asked."""


class Order:
    """The order of the contract (display/backend.py)."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._step = "between"
        self._begun = self._closed = False

    def came(self, call: str, *, late: bool) -> None:
        """Fails where the contract has no such call now."""
        self.asked.append(call)
        step = self._step
        assert call == "close" or not self._closed, f"{call} of a display that is closed"
        match call:
            case "wait_frame":
                assert step == "between", f"wait_frame before the frame has ended ({step})"
                self._step, self._begun = "waited", True
            case "poll_inputs":
                assert step in ("between", "waited"), f"poll_inputs after {step}"
                self._step = "heard" if step == "waited" else step
            case "locate_views":
                assert step == "heard", f"locate_views after {step}"
                self._step = "located"
            case "views_to_cull":
                assert step == "located", f"views_to_cull after {step}"
            case "acquire_target":
                assert step in ("between", "located", "drawing"), f"acquire_target after {step}"
                self._step = "between" if step == "between" else "drawing"
            case "late_views":
                assert step == "drawing" and late, f"late_views after {step}"
            case "end_frame":
                assert step in ("heard", "located", "drawing"), f"end_frame after {step}"
                self._step = "between"
            case "set_samples":
                assert not self._begun, "set_samples after the first frame has begun"
            case "show_picture":
                assert step == "between", "show_picture in the middle of a frame"
            case "show_title" | "show_overlay" | "toggle_fullscreen" | "vibrate":
                assert step != "waited", f"{call} before the inputs"
            case "close":
                self._closed = True


def mind(display: Any, /) -> Order:
    """Whoever asks the display out of order fails from now on."""
    order = Order()

    def minded(name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            order.came(name, late=display.locates_late)
            return ask(*arguments, **options)

        return call

    for name in CALLS:
        setattr(display, name, minded(name, getattr(display, name)))
    return order


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


class StubTarget:
    """A picture of one colour."""

    def __init__(self, size: tuple[int, int], *, samples: int = 4) -> None:
        self.size, self.samples, self.color = size, samples, (0, 0, 0)

    def set_samples(self, samples: int, /) -> None:
        self.samples = samples

    def read(self) -> NDArray[np.uint8]:
        return np.full((self.size[1], self.size[0], 3), self.color, np.uint8)


class StubContext:
    """`waits`: whether the window waits for the screen."""

    def __init__(self) -> None:
        self.info = SimpleNamespace(renderer="a stub")
        self.waits = True

    def make_current(self) -> None:
        return

    def wait_for_screen(self, *, on: bool) -> None:
        self.waits = on


class StubDisplay(Display[StubContext, StubTarget]):
    """Flat, 60 frames a second of its clock. `heard`: what is told next, one a frame; `shown`: pictures, titles and overlays;
    `felt`: what was vibrated."""

    def __init__(self, size: tuple[int, int] = (64, 36), *, clock: Clock | None = None) -> None:
        self.context, self.clock = StubContext(), clock or Clock()
        self.heard: deque[InputSnapshot] = deque()
        self.shown: list[Any] = []
        self.felt: list[tuple[int, float, float]] = []
        self.frames = self.closed = 0
        self.fullscreen = self.close_requested = False
        self._target, self._views = StubTarget(size), FlatViews()
        self._before: float | None = None

    @property
    def name(self) -> str:
        return "stub"

    @property
    def size(self) -> tuple[int, int]:
        return self._target.size

    def resize(self, size: tuple[int, int]) -> None:
        self._target.size = size

    def wait_frame(self) -> FrameTiming:
        self.clock.pass_by(1.0 / 60.0)
        before, self._before = self._before, self.clock()
        return FrameTiming(self._before, self._before - before if before is not None else 0.0, 1.0 / 60.0)

    def poll_inputs(self) -> InputSnapshot:
        inputs = self.heard.popleft() if self.heard else NOTHING
        self.close_requested |= inputs.close_requested
        return replace(inputs, close_requested=self.close_requested)

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        return self._views.seen_from(world_from_rig @ rig_from_head, self.size, fov=fov)

    def acquire_target(self) -> StubTarget:
        return self._target

    def end_frame(self) -> None:
        self.frames += 1

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        self.felt.append((hand, seconds, amplitude))

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        self.shown.append(picture(self.size))

    def show_title(self, title: str, /) -> None:
        self.shown.append(title)

    def show_overlay(self, image: Image | None, /) -> None:
        self.shown.append(image)

    def toggle_fullscreen(self) -> None:
        self.fullscreen = not self.fullscreen

    def close(self) -> None:
        self.closed = 1


class StubWindow(StubDisplay):
    """What a headset's display wants of its window, too. `mirrors`: the mirror is what it shows; `is_shown`: the next frame is
    put on the screen."""

    mirrors, is_shown = False, True

    def mirror(self, picture: Any, part: tuple[float, float, float, float], /) -> None:
        self.mirrors = True

    def show_own(self) -> None:
        self.mirrors = False

    def set_shown(self, *, on: bool) -> None:
        self.is_shown = on

"""A headset without a runtime: what openxr/backend.py would say of one, as a test has it say, and a display that has it.

stand = Stand()
stand.found()                   # the search has a headset, whose session opens at once
stand.headset.state = "focused"
frame = stand.frame()           # a whole frame, as app/frame.py takes it
assert frame.shown == "eyes"
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from stub_display import Clock, StubTarget, StubWindow, mind

from vrclient.bench.walk import head_views
from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.display.finding import HeadsetFinding
from vrclient.display.openxr.frames import Inputs
from vrclient.display.openxr.resolution import Resolution
from vrclient.display.openxr.session import News
from vrclient.display.supervisor import HeadsetDisplay
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import Roaming, ViewSet, carried
from vrclient.geometry.frames import Matrix

EYE = (48, 40)
PERIOD = 1.0 / 90.0
SESSION = {"idle": None, "ready": False, "synchronized": False, "visible": True, "focused": True, "stopping": None}
"""Of each state of a session, whether its frames are shown; None: it wants none."""


class FakeRuntime:
    """One that has answered."""

    name, version, headset, description = "Sample", "1.0", "Sample HMD", "Sample HMD (Sample 1.0)"

    def __init__(self, *, exits: bool = True) -> None:
        self.quirks = SimpleNamespace(exits=exits)
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class FakeSearch:
    """Asks nobody. `found`: what it has; `waits`: seconds that each search waits before it asks."""

    def __init__(self) -> None:
        self.reason = ""
        self.found: FakeRuntime | None = None
        self.waits: list[float] = []
        self.running = self.closed = False

    def start(self, *, after: float = 0.0) -> None:
        self.waits.append(after)
        self.running = True

    def take(self) -> FakeRuntime | None:
        found, self.found = self.found, None
        self.running = self.running and found is None
        return found

    def close(self) -> bool:
        self.closed = True
        if (found := self.take()) is not None:
            found.close()
        return True


class FakeTarget:
    """HeadsetTarget without a graphics card. `drawn`: frames that were begun and ended."""

    def __init__(self) -> None:
        self.target: StubTarget | None = None
        self.drawn = self.closed = 0
        self._begun = False

    def of_size(self, size: tuple[int, int], /) -> StubTarget:
        if self.target is None or self.target.size != size:
            self.target = StubTarget(size)
            self.target.color = object()  # type: ignore[assignment]  # a texture
        return self.target

    def set_samples(self, samples: int, /) -> None:
        if self.target is not None:
            self.target.set_samples(samples)

    def begin(self) -> None:
        self._begun = True

    def end(self) -> None:
        self.drawn += self._begun
        self._begun = False

    def latest_seconds(self) -> float | None:
        return 0.001

    def close(self) -> None:
        self.closed += 1


class FakeHeadset:
    """An open session. `state`: as in SESSION; `fails[call]` is raised by that call, every time; `news` is told once."""

    def __init__(self, runtime: FakeRuntime, target: Any, clock: Clock) -> None:
        self.runtime, self.target, self._clock = runtime, target, clock
        self.state, self.present = "idle", True
        self.head: Matrix | None = np.eye(4)
        self.head[2, 3] = 1.7
        self.hands: tuple[Hand, ...] = (Hand(aim=np.eye(4)), Hand(aim=np.eye(4)))
        self.recentred, self.eyes_known = False, True
        self.news = News()
        self.fails: dict[str, Exception] = {}
        self.closes = True
        self.asked: list[str] = []
        self.felt: list[tuple[int, float, float]] = []
        self.closed = self.frames = self.missed = 0
        self.period, self.resolution = PERIOD, Resolution(dynamic=False)
        self.controllers, self.floor_name = SimpleNamespace(description="Sample controllers"), "local floor"
        self._opened_at, self._before = clock(), None
        self._head_views, self._roaming = head_views(EYE, fov=1.5, views=2, near=NEAR_M, far=FAR_M), Roaming()
        self._views: ViewSet | None = None
        self._world_from_rig = np.eye(4)

    @property
    def session(self) -> Any:
        """As openxr/session.py."""
        return SimpleNamespace(
            focused=self.state == "focused", present=self.present, state=SimpleNamespace(name=self.state.upper())
        )

    def advance(self) -> tuple[News, FrameTiming | None]:
        self._ask("advance")
        news, self.news = self.news, News()
        shown = SESSION[self.state]
        if shown is None or news.lost:
            return news, None
        self._clock.pass_by(PERIOD)
        now = self._clock() - self._opened_at  # a runtime's clock begins where it likes
        elapsed, self._before = now - self._before if self._before is not None else 0.0, now
        self.frames += 1
        return news, FrameTiming(now, elapsed, PERIOD, should_render=shown)

    def read_inputs(self) -> Inputs:
        self._ask("read_inputs")
        recentred, self.recentred = self.recentred, False
        return Inputs(self.head, self.hands if self.state == "focused" else (), recentred)

    def locate(self, world_from_rig: Matrix, /) -> ViewSet | None:
        self._ask("locate")
        self._world_from_rig = world_from_rig
        seen = SESSION[self.state] and self.head is not None and self.eyes_known
        self._views = carried(self._head_views, world_from_rig @ self.head) if seen else None
        return self._views

    def around(self, view_set: ViewSet, /) -> ViewSet:
        return self._roaming.around(view_set)

    def relocate(self) -> ViewSet | None:
        self._ask("relocate")
        moved = np.eye(4)
        moved[0, 3] = 0.001
        return carried(self._head_views, self._world_from_rig @ self.head @ moved) if self._views is not None else None

    def end_frame(self) -> None:
        self._ask("end_frame")

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        self._ask("vibrate")
        self.felt.append((hand, seconds, amplitude))

    def mirror_part(self, aspect: float, /) -> tuple[float, float, float, float]:
        return (0.0, 0.0, 0.5, 1.0)

    def close(self) -> bool:
        self.closed += 1
        if self.closes:
            self.runtime.close()
        return self.closes

    def _ask(self, call: str) -> None:
        assert not self.closed, f"{call} of a session that was given back"
        self.asked.append(call)
        if call in self.fails:
            raise self.fails[call]


class FakeOpening:
    """`session` on its way. `patience`: for how long it was waited for, each time; `answer`: that session, None while it is still
    to come, or what it refuses with."""

    def __init__(self, session: FakeHeadset) -> None:
        self.runtime, self.session = session.runtime, session
        self.answer: FakeHeadset | Exception | None = session
        self.patience: list[float] = []
        self.closed, self.closes = 0, True

    def headset(self, *, seconds: float = 0.0) -> FakeHeadset | None:
        self.patience.append(seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> bool:
        self.closed += 1
        if self.closes:
            self.runtime.close()
        return self.closes


@dataclass(frozen=True, slots=True)
class Frame:
    """What came of one. shown: "window", or "eyes" of a headset."""

    timing: FrameTiming
    inputs: InputSnapshot
    views: ViewSet
    shown: str


class Stand:
    """A window, a search and whatever headset it finds, and the display that puts them together. `at_start`: a headset that has
    answered before the window was opened. `window` and `target`: others than the stubs."""

    def __init__(self, *, at_start: FakeRuntime | None = None, window: Any = None, target: Any = None) -> None:
        self.clock = Clock()
        self.window = window or StubWindow(clock=self.clock)
        self.search, self.target = FakeSearch(), target or FakeTarget()
        self.runtimes = [at_start] if at_start is not None else []
        self.openings: list[FakeOpening] = []
        self.as_it_opens: Callable[[FakeOpening], None] = lambda opening: None
        """What happens to a session on its way."""
        finding = HeadsetFinding(self.search, at_start, self._begin, drawn_with="a stub", clock=self.clock)  # type: ignore[arg-type]
        self.display = HeadsetDisplay(self.window, finding, self.target, clock=self.clock)
        self.order = mind(self.display)

    @property
    def headset(self) -> FakeHeadset:
        """The newest."""
        return self.openings[-1].session

    def found(self, **of_runtime: Any) -> FakeRuntime:
        """The search has a headset; one that has one does not look for another."""
        if self.search.found is None:
            self.search.found = FakeRuntime(**of_runtime)
            self.runtimes.append(self.search.found)
        return self.search.found

    def frames(self, count: int) -> list[Frame]:
        """So many."""
        return [self.frame() for _ in range(count)]

    def frame(self) -> Frame:
        """A whole one, with views and a picture."""
        display = self.display
        timing, inputs = display.wait_frame(), display.poll_inputs()
        views = display.locate_views(np.eye(4), inputs.head if inputs.head is not None else np.eye(4), fov=1.0)
        display.views_to_cull(views)
        target = display.acquire_target()
        if display.locates_late:
            display.late_views()
        display.end_frame()
        return Frame(timing, inputs, views, "window" if target is self.window.acquire_target() else "eyes")

    def _begin(self, runtime: FakeRuntime) -> FakeOpening:
        opening = FakeOpening(FakeHeadset(runtime, self.target.of_size((2 * EYE[0], EYE[1])), self.clock))
        self.as_it_opens(opening)
        self.openings.append(opening)
        return opening

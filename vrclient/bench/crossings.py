"""From one showcase to another and back, with frames at a headset's pace all the time, measured in this process: what a frame's
own work is before, while the other place is loaded, when it is entered, and after.

Which driver draws them was decided before this process began (processes.py)."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vrclient.app.assembly import open_session
from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.opening import Opened
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings
from vrclient.bench.processes import BenchmarkFailed
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet, carried
from vrclient.geometry.frames import Matrix

BEFORE, READY, AFTER = 90, 30, 100
"""Frames of each part that has no end of its own."""
LONGEST_LOADING_S = 300.0


class PacedDisplay(OffscreenDisplay):
    """Shows the visitor's own views, `rate` times a second, as far as the work leaves time for it."""

    def __init__(self, head_views: ViewSet, /, *, samples: int, rate: float) -> None:
        super().__init__((int(head_views.pixels[:, 0].sum()), int(head_views.pixels[:, 1].max())), samples=samples)
        self.view_counts = (len(head_views),)
        self._head_views, self._period = head_views, 1.0 / rate
        self._next = time.perf_counter()
        self.queued = self.worked = 0.0
        """seconds_queued() and time.thread_time() when the frame began."""

    @property
    def name(self) -> str:
        return "paced"

    def wait_frame(self) -> FrameTiming:
        now = time.perf_counter()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(self._next, now - self._period) + self._period
        timing = super().wait_frame()
        self.queued, self.worked = seconds_queued(), time.thread_time()
        return FrameTiming(display_time=timing.display_time, elapsed=timing.elapsed, period=self._period)

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        return carried(self._head_views, world_from_rig @ rig_from_head)


@dataclass(frozen=True, slots=True)
class Part:
    """What some frames cost: own work, everything but waiting for the display, in milliseconds.

    undisturbed   the longest without the time in which the system had given the processor to other programs; the same as
                  `longest` where it does not tell
    processor     the most time of the processor that a frame took
    most          the stage that took the most of the longest frame
    """

    part: str
    frames: int
    p50: float
    p99: float
    longest: float
    undisturbed: float
    processor: float
    most: str


@dataclass(frozen=True, slots=True)
class CrossingRun:
    """The parts of both ways, and how long the loading took."""

    driver: str
    stereo: str
    loading_seconds: float
    slices: int
    parts: tuple[Part, ...]

    def as_dictionary(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "driver": self.driver,
            "stereo": self.stereo,
            "loading_seconds": round(self.loading_seconds, 3),
            "slices": self.slices,
            "parts": [asdict(part) for part in self.parts],
        }


def run_crossing(
    opened: Opened, target: str, head_views: ViewSet, settings: QualitySettings, /, *, rate: float = 90.0
) -> CrossingRun:
    """From `opened` to the showcase `target`, which is loaded beside the frames, and back. Raises BenchmarkFailed where it
    cannot be loaded, DisplayUnavailable without OpenGL."""
    display = PacedDisplay(head_views, samples=settings.samples, rate=rate)
    session = open_session(opened, display, settings)
    session.renderer.compile_programs(display.view_counts)  # as where there is a portal
    frames = _Frames(session, display)
    try:
        with collector_frozen():
            frames.take("warm up", BEFORE)
            frames.take("before", BEFORE)
            session.begin_loading(target)
            frames.until("loading", lambda: session.loading is None or session.loading.ready or bool(session.loading.problem))
            loading = session.loading
            if loading is None or loading.place is None:
                raise BenchmarkFailed(f"'{target}' cannot be loaded: {loading.problem if loading else 'the reason is not known'}")
            seconds, slices = loading.seconds, loading.slices
            frames.take("ready", READY)
            session.arrive(loading.place, None, back=False)
            frames.take("entering", 1)
            frames.take("after", AFTER)
            back = session.way_back()
            assert back is not None
            session.begin_loading(back)
            assert session.loading is not None and session.loading.place is not None
            session.arrive(session.loading.place, None, back=True)
            frames.take("entering, back", 1)
            frames.take("after, back", AFTER)
        info = display.context.info
        return CrossingRun(
            driver=f"{info.renderer}, OpenGL {info.version}",
            stereo=info.stereo if len(head_views) > 1 else "one view",
            loading_seconds=seconds,
            slices=slices,
            parts=tuple(frames.part(name) for name in frames.names if name != "warm up"),
        )
    finally:
        session.close()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Milliseconds: of each stage but waiting, queued for the processor, and of the processor."""

    part: str
    stages: dict[str, float]
    queued: float
    processor: float

    @property
    def work(self) -> float:
        return sum(self.stages.values())


class _Frames:
    """Takes frames and keeps what each cost."""

    def __init__(self, session: Session, display: PacedDisplay) -> None:
        self._session, self._display = session, display
        self._taken: list[_Frame] = []

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(one.part for one in self._taken))

    def take(self, name: str, count: int) -> None:
        for _ in range(count):
            one_frame(self._session)
            queued, processor = seconds_queued() - self._display.queued, time.thread_time() - self._display.worked
            stages = self._session.clock.last()
            stages.pop("wait")
            self._taken.append(_Frame(name, stages, 1e3 * queued, 1e3 * processor))

    def until(self, name: str, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + LONGEST_LOADING_S
        while not holds() and time.monotonic() < end:
            self.take(name, 1)

    def part(self, name: str) -> Part:
        frames = [one for one in self._taken if one.part == name]
        work = np.array([one.work for one in frames])
        longest = frames[int(work.argmax())]
        return Part(
            part=name,
            frames=len(frames),
            p50=round(float(np.percentile(work, 50)), 3),
            p99=round(float(np.percentile(work, 99)), 3),
            longest=round(longest.work, 3),
            undisturbed=round(max(one.work - one.queued for one in frames), 3),
            processor=round(max(one.processor for one in frames), 3),
            most=max(longest.stages, key=lambda stage: longest.stages[stage]),
        )


def seconds_queued() -> float:
    """For how long this thread could have worked, and the system let others work; 0 where it does not tell."""
    try:
        return int(Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text("ascii").split()[1]) / 1e9
    except OSError:
        return 0.0

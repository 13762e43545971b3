"""The stages of a frame and what each of them cost. It measures and summarises; frame.py runs them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

STAGES = (
    "wait", "input", "interact", "mode", "apply", "animate",
    "views", "visible", "upload", "draw", "present", "publish", "load",
)  # fmt: skip
"""The literal list of a frame, in order. A frame that nobody would see has no `views`, `visible`, `upload` and `draw`."""

WORK = tuple(name for name in STAGES if name not in ("wait", "present"))
"""The client's own work: without waiting for the display and without the GPU's share."""

DRAWING = ("views", "visible", "upload", "draw", "present")
"""From locating the views to presenting: what every frame costs, whatever the visitor does."""

RING = 8192
"""So many frames are remembered (91 s at 90 Hz)."""


class StageClock:
    """Times every stage of every frame into a preallocated ring: [RING, stages] int64 nanoseconds."""

    def __init__(self) -> None:
        self.entered: Callable[[str], None] | None = None
        """Hears of each stage before it begins."""
        self._ring = np.zeros((RING, len(STAGES)), np.int64)
        self._index = {name: number for number, name in enumerate(STAGES)}
        self._row = self._ring[0]
        self.frames = 0

    def begin(self) -> None:
        """Opens the row of a new frame."""
        self._row = self._ring[self.frames % RING]
        self._row[:] = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time of the block to stage `name` of the open frame."""
        if self.entered is not None:
            self.entered(name)
        start = time.perf_counter_ns()
        try:
            yield
        finally:
            self._row[self._index[name]] += time.perf_counter_ns() - start

    def worked(self) -> float:
        """Seconds of the open frame so far without waiting for the display."""
        return float(self._row.sum() - self._row[self._index["wait"]]) / 1e9

    def end(self) -> None:
        """Closes the frame's row."""
        self.frames += 1

    def last(self) -> dict[str, float]:
        """Milliseconds of each stage of the frame that ended last."""
        row = self._ring[(self.frames - 1) % RING] / 1e6
        return {name: float(row[number]) for name, number in self._index.items()}

    def milliseconds(self, *, skip: int = 0) -> dict[str, dict[str, float]]:
        """Per stage, and for their sums `drawing`, `work` and `frame`, p50, p95, p99 and max over the remembered frames,
        without the first `skip` frames of the run; empty when no frame is left."""
        first = max(skip, self.frames - RING)
        rows = self._ring[np.arange(first, self.frames) % RING] / 1e6
        if not len(rows):
            return {}
        columns = {name: rows[:, number] for name, number in self._index.items()}
        columns["drawing"] = rows[:, [self._index[name] for name in DRAWING]].sum(axis=1)
        columns["work"] = rows[:, [self._index[name] for name in WORK]].sum(axis=1)
        columns["frame"] = rows.sum(axis=1)
        return {
            name: {
                "p50": round(float(np.percentile(values, 50)), 4),
                "p95": round(float(np.percentile(values, 95)), 4),
                "p99": round(float(np.percentile(values, 99)), 4),
                "max": round(float(values.max()), 4),
            }
            for name, values in columns.items()
        }

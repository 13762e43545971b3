"""How much of the fixed buffer is drawn, so that a frame is done in time: a scale between LEAST and 1, with hysteresis. Pure."""

from collections import deque

LEAST, STEP = 0.6, 0.1
TOO_LONG, SHORT = 0.90, 0.60
"""Shares of the period: above the first the picture gets smaller, below the second it may grow."""
FRAMES_DOWN, FRAMES_UP = 8, 90
"""So many frames in a row must agree: quick to give way, slow to come back, so that the sharpness does not flicker."""
MULTIPLE = 8
"""Pixels: sizes are multiples of it."""


class Resolution:
    """`scale` is the share of the eyes' width and height that is drawn now. It stays where it is unless it is `dynamic`."""

    def __init__(self, *, dynamic: bool = True, scale: float = 1.0) -> None:
        self.scale, self._dynamic = scale, dynamic
        self._loads: deque[float] = deque(maxlen=FRAMES_UP)

    def update(self, gpu_seconds: float, period: float, /) -> float:
        """The scale for the next frame after one that took `gpu_seconds` of the graphics card; `period` between frames, seconds.
        A frame that takes SHORT of it at one scale takes, with the pixels of the next, still less than TOO_LONG."""
        if period <= 0.0 or not self._dynamic:
            return self.scale
        self._loads.append(gpu_seconds / period)
        latest = list(self._loads)[-FRAMES_DOWN:]
        if len(latest) == FRAMES_DOWN and min(latest) > TOO_LONG and self.scale > LEAST:
            return self._change(-STEP)
        if len(self._loads) == FRAMES_UP and max(self._loads) < SHORT and self.scale < 1.0:
            return self._change(STEP)
        return self.scale

    def size(self, full: tuple[int, int], /) -> tuple[int, int]:
        """Pixels of an eye at this scale."""
        if self.scale >= 1.0:
            return full
        width, height = (max(MULTIPLE, int(length * self.scale) // MULTIPLE * MULTIPLE) for length in full)
        return (width, height)

    def _change(self, step: float) -> float:
        self.scale = round(min(max(self.scale + step, LEAST), 1.0), 2)
        self._loads.clear()
        return self.scale

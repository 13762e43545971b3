"""The operator's gesture: five taps in the upper left corner, which no visitor makes by chance and every attendant remembers.
Pure."""

from dataclasses import dataclass

TAPS = 5
WITHIN_S = 6.0
"""Seconds for all of them."""
SIDE = 0.12
"""The corner's sides, as a share of the picture's shorter one."""


@dataclass(frozen=True, slots=True)
class Corner:
    """When it was tapped last, and how often the gesture was made since the start."""

    taps: tuple[float, ...] = ()
    gestures: int = 0


def tapped(before: Corner, at: tuple[float, float], size: tuple[int, int], now: float, /) -> Corner:
    """After a tap `at` pixels from the upper left corner of a picture of that `size`, at `now` seconds. A tap elsewhere begins
    anew."""
    side = SIDE * min(size)
    if not (0.0 <= at[0] < side and 0.0 <= at[1] < side):
        return Corner((), before.gestures)
    taps = (*(one for one in before.taps if 0.0 <= now - one <= WITHIN_S), now)
    return Corner((), before.gestures + 1) if len(taps) >= TAPS else Corner(taps, before.gestures)

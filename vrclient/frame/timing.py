"""When a frame will be seen. Displays make it in wait_frame."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """display_time: seconds on the display's own clock at which the frame will be seen; elapsed: seconds since the frame
    before (0 for the first); period: seconds between frames as the display wants them; should_render: False where nobody
    would see it (minimised, headset asleep): views are then neither located nor drawn."""

    display_time: float
    elapsed: float
    period: float
    should_render: bool = True

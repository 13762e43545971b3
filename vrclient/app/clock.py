"""The wall's clock: how long people wait, whatever frames take."""

import time


def wall_seconds() -> float:
    """Seconds of a clock that is never set and that goes on while the machine sleeps, where the system has one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()

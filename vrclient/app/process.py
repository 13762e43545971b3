"""When this process began: what the time to the first frame counts from. Platform code stands behind this one door."""

import os
import sys
import time
from pathlib import Path


def seconds_since_start() -> float:
    """Seconds since the operating system started this process, Python's own start included; where it does not tell, since
    this module was imported."""
    if sys.platform == "linux":
        fields = Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started
    return time.perf_counter() - _IMPORTED


_IMPORTED = time.perf_counter()

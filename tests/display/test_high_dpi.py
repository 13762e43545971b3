"""On Windows a window has the pixels of its screen: nothing is drawn small and then blown up."""

import sys

import pytest

from vrclient.renderer.context import open_context

PER_MONITOR = 2
"""PROCESS_PER_MONITOR_DPI_AWARE of shellscalingapi.h."""


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a program need not say so")
def test_windows_does_not_scale_what_is_drawn() -> None:
    import ctypes

    context = open_context("window")
    found = ctypes.c_int(-1)
    assert ctypes.windll.shcore.GetProcessDpiAwareness(None, ctypes.byref(found)) == 0  # type: ignore[attr-defined]
    context.close()
    assert found.value == PER_MONITOR

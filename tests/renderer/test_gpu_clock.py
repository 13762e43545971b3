"""How long the graphics card took: known later, never waited for, and never worth a failure."""

import pytest
from OpenGL import GL
from OpenGL.error import GLError

from vrclient.renderer import gpu_clock
from vrclient.renderer.context import open_context
from vrclient.renderer.gpu_clock import GpuClock


def test_a_frame_is_timed() -> None:
    context = open_context()
    clock = GpuClock(context)
    for _ in range(gpu_clock.ON_THEIR_WAY):
        clock.begin()
        clock.end()
    GL.glFinish()
    seconds = clock.latest()
    assert seconds is not None and 0.0 <= seconds < 1.0
    assert clock.latest() is None, "each is told once"
    clock.close()
    context.close()


@pytest.mark.parametrize("call", ["glGenQueries", "glBeginQuery", "glEndQuery", "glGetQueryObjectuiv", "glDeleteQueries"])
def test_where_the_driver_refuses_nothing_is_timed(
    call: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise GLError(0x0502)

    monkeypatch.setattr(GL, call, refuse)
    caplog.set_level("INFO", "vrclient")
    context = open_context()
    clock = GpuClock(context)
    for _ in range(3):
        clock.begin()
        clock.end()
        assert clock.latest() is None or call == "glDeleteQueries"
    clock.close()
    context.close()
    assert caplog.messages == ["the graphics card's time for a frame is not known: the driver says 0x0502"]

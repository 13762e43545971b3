"""The Windows binding: which struct it fills, and how it gets its context back. GLX is used for real in tests/headset."""

import ctypes
from types import SimpleNamespace
from typing import Any

import pytest
import xr  # noqa: TID251

from vrclient.display.openxr.graphics import GraphicsBindingWin32, wgl_binding, win32_info
from vrclient.display.openxr.runtime import HeadsetUnavailable


class Call(SimpleNamespace):
    """A function of a library as ctypes has it: with argtypes and restype to set."""

    def __call__(self, *arguments: Any) -> Any:
        return self.run(*arguments)


def fake_opengl32(device: int, context: int, *, creates: int = 33, shares: int = 1) -> tuple[Any, dict[str, Any]]:
    """wgl with one current context, and one that it creates and shares."""
    state: dict[str, Any] = {"device": device, "context": context, "deleted": []}

    def make_current(device: int | None, context: int | None) -> int:
        state.update(device=device, context=context)
        return 1

    library = SimpleNamespace(
        wglGetCurrentDC=Call(run=lambda: state["device"]),
        wglGetCurrentContext=Call(run=lambda: state["context"]),
        wglMakeCurrent=Call(run=make_current),
        wglCreateContext=Call(run=lambda device: creates),
        wglShareLists=Call(run=lambda one, other: shares if (one, other) == (context, creates) else 0),
        wglDeleteContext=Call(run=state["deleted"].append),
    )
    return library, state


def test_the_struct_is_laid_out_as_in_the_header() -> None:
    """type (an enum of four bytes), padding, next, hDC, hGLRC, on 64 bits."""
    info = win32_info(0x1234, 0x5678)
    assert ctypes.sizeof(GraphicsBindingWin32) == 32
    assert [getattr(GraphicsBindingWin32, name).offset for name in ("type", "next", "h_dc", "h_glrc")] == [0, 8, 16, 24]
    assert bytes(info) == (1000023000).to_bytes(8, "little") + bytes(8) + (0x1234).to_bytes(8, "little") + (0x5678).to_bytes(
        8, "little"
    )


def test_a_session_takes_it_as_its_next() -> None:
    info = win32_info(0x1234, 0x5678)
    session = xr.SessionCreateInfo(system_id=1, next=info)
    found = ctypes.cast(session.next, ctypes.POINTER(GraphicsBindingWin32)).contents
    assert (found.type, found.h_dc, found.h_glrc) == (1000023000, 0x1234, 0x5678)


def test_a_context_of_its_own_is_bound_in_the_thread_that_restores_it() -> None:
    library, state = fake_opengl32(11, 22)
    binding = wgl_binding(library)
    assert (binding.info.h_dc, binding.info.h_glrc) == (11, 33)
    assert (state["device"], state["context"]) == (11, 22), "the window keeps its own"
    binding.restore()
    assert (state["device"], state["context"]) == (11, 33)
    state.update(device=5, context=6)
    binding.restore()
    assert (state["device"], state["context"]) == (11, 33)
    binding.release()
    assert (state["device"], state["context"]) == (None, None)
    binding.close()
    assert state["deleted"] == [33]


def test_without_a_current_context_there_is_no_binding() -> None:
    with pytest.raises(HeadsetUnavailable, match=r"^the window's OpenGL context is not current; start vrclient again$"):
        wgl_binding(fake_opengl32(0, 0)[0])


@pytest.mark.parametrize(("creates", "shares", "deleted"), [(0, 1, []), (33, 0, [33])])
def test_a_driver_that_shares_nothing_is_told(creates: int, shares: int, deleted: list[int]) -> None:
    library, state = fake_opengl32(11, 22, creates=creates, shares=shares)
    with pytest.raises(HeadsetUnavailable, match="offers no second OpenGL context that shares the window's pictures"):
        wgl_binding(library)
    assert state["deleted"] == deleted

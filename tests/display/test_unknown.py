"""Numbers from a runtime that pyopenxr does not know: every call takes them, without a headset."""

import ctypes
import inspect
from typing import Any

import pytest
import xr  # noqa: TID251
from hypothesis import given
from hypothesis import strategies as st

from vrclient.display.openxr import messages
from vrclient.display.openxr.runtime import reason
from vrclient.display.openxr.unknown import HEARD, UnknownError, checked

KNOWN = {int(one) for one in xr.Result}
ENUMS = [one for _, one in inspect.getmembers(xr.enums, inspect.isclass) if issubclass(one, xr.enums.EnumBase) and len(one)]
numbers = st.integers(-(2**31), 2**31 - 1)
session = xr.Session()


def answers(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    """Has the loader's function give a code, as ctypes takes it from the library."""
    kind = ctypes.CFUNCTYPE(ctypes.c_int)
    function = kind(lambda: code)
    taken = ctypes.cast(function, ctypes.CFUNCTYPE(ctypes.c_int))
    taken.restype = xr.Result

    def call(*_: Any) -> Any:
        return taken()

    monkeypatch.setattr(xr.raw_functions, name, call)


CALLS = {
    "xrWaitFrame": lambda: xr.wait_frame(session, xr.FrameWaitInfo()),
    "xrBeginFrame": lambda: xr.begin_frame(session, xr.FrameBeginInfo()),
    "xrEndFrame": lambda: xr.end_frame(session, xr.FrameEndInfo()),
    "xrSyncActions": lambda: xr.sync_actions(session, xr.ActionsSyncInfo()),
    "xrLocateViews": lambda: xr.locate_views(session, xr.ViewLocateInfo()),
    "xrLocateSpace": lambda: xr.locate_space(xr.Space(), xr.Space(), 1),
    "xrPollEvent": lambda: xr.poll_event(xr.Instance()),
    "xrCreateSession": lambda: xr.create_session(xr.Instance(), xr.SessionCreateInfo()),
    "xrCreateReferenceSpace": lambda: xr.create_reference_space(session, xr.ReferenceSpaceCreateInfo()),
    "xrEnumerateReferenceSpaces": lambda: xr.enumerate_reference_spaces(session),
    "xrEnumerateSwapchainFormats": lambda: xr.enumerate_swapchain_formats(session),
    "xrGetActionStateBoolean": lambda: xr.get_action_state_boolean(session, xr.ActionStateGetInfo()),
    "xrGetSystem": lambda: xr.get_system(xr.Instance(), xr.SystemGetInfo()),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_unknown_error_is_an_error_of_openxr(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, name, -1000999777)
    with pytest.raises(xr.exception.XrException) as raised:
        CALLS[name]()
    assert reason("frame", raised.value, "Sample") == (
        "the OpenXR runtime Sample failed to show a picture (error -1000999777); restart the headset's software, then the headset"
    )


@pytest.mark.parametrize("name", CALLS)
def test_an_unknown_success_is_a_success(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (2, 1000999777, int(xr.Result.SPACE_BOUNDS_UNAVAILABLE)):
        answers(monkeypatch, name, code)
        CALLS[name]()


@given(numbers)
def test_every_code_is_an_error_or_a_success(code: int) -> None:
    """As the specification has it: errors are negative. Those of its successes that somebody waits for are told as before."""
    result = checked(code)
    assert result.is_exception() == (code < 0 or code in HEARD)
    assert isinstance(result, UnknownError) == (code < 0 and code not in KNOWN)
    assert messages.reason("frame", type(result).__name__)


@pytest.mark.parametrize("one", ENUMS, ids=lambda one: one.__name__)
def test_every_enumeration_takes_any_number(one: Any) -> None:
    before = len(one)
    member = one(2_000_000_123)
    assert (int(member), member.value, member.name) == (2_000_000_123, 2_000_000_123, "UNKNOWN_2000000123")
    assert isinstance(member, one) and member != next(iter(one)) and len(one) == before
    with pytest.raises(ValueError, match="is not a valid"):
        one("nonsense")


def test_an_event_of_an_unknown_state_is_read() -> None:
    event = xr.EventDataSessionStateChanged()
    event._state = 99
    assert event.state.name == "UNKNOWN_99"
    assert xr.EnvironmentBlendMode(1000).value == 1000

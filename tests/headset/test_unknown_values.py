"""A runtime that says what nobody knows, of a later specification or by mistake: the visit goes on, in the headset where that can
be, else in the window with one line that says why."""

from collections.abc import Callable, Iterator

import pytest
import xr  # noqa: TID251
from faults import Faults
from monado import MonadoService
from test_faults import Watch, faulty
from validation import Validation
from visits import visiting
from xr import Result  # noqa: TID251

from vrclient.display import finding
from vrclient.display.openxr.runtime import HeadsetUnavailable, open_runtime
from vrclient.display.states import State

UNKNOWN = 1000999777
PER_FRAME = (
    "xrWaitFrame", "xrSyncActions", "xrLocateSpace", "xrBeginFrame", "xrLocateViews", "xrAcquireSwapchainImage",
    "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrEndFrame", "xrPollEvent", "xrGetActionStateBoolean",
)  # fmt: skip
AT_THE_START = ("xrCreateSession", "xrCreateReferenceSpace", "xrCreateSwapchain", "xrEnumerateReferenceSpaces")


@pytest.fixture
def faults(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    yield from faulty(monkeypatch)


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Watch:
    return Watch(caplog)


def test_an_unknown_error_of_any_call_in_a_frame_is_one_line(faults: Faults, watch: Watch) -> None:
    with visiting() as visit:
        for call in PER_FRAME:
            visit.until_in_headset()
            visit.frames(2)
            watch.lines()
            faults.once(call, Result(-UNKNOWN))
            visit.until(lambda: visit.display.state is State.RECOVERING, f"the loss by {call}")
            assert watch.lines() == [
                f"display: recovering (the OpenXR runtime Monado failed to show a picture (error -{UNKNOWN});"
                " restart the headset's software, then the headset)"
            ], call


def test_unknown_successes_are_successes(faults: Faults, watch: Watch, validation: Validation) -> None:
    faults.always("xrEnumerateReferenceSpaces", Result(UNKNOWN))  # the layers that watch take no such handle from xrCreate...
    with visiting() as visit:
        visit.until_in_headset()
        watch.lines()
        for call in PER_FRAME:
            if call != "xrPollEvent":  # there, a success is an event
                faults.always(call, Result(UNKNOWN))
        headset = visit.display.headset
        visit.frames(10)
        assert visit.in_headset and visit.display.headset is headset
        assert watch.lines() == []
        faults.clear()
    said = validation.heard()  # the layer for best practices takes any success that it does not know for a failure
    assert all(" was not called or failed " in line for line in said), said


@pytest.mark.parametrize("call", AT_THE_START)
def test_an_unknown_error_at_the_start_is_told_and_tried_again(
    call: str, faults: Faults, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AFTER_REFUSAL_S", 0.2)
    faults.always(call, Result(-UNKNOWN))
    with visiting() as visit:
        visit.until(lambda: visit.display.state is State.RECOVERING, "the refusal")
        assert watch.lines() == [
            f"display: recovering (the OpenXR runtime Monado failed to start the headset (error -{UNKNOWN});"
            " restart the headset's software, then the headset)"
        ]
        faults.clear()
        visit.until_in_headset()


def state(faults: Faults) -> None:
    faults.state(xr.SessionState(99))


def event(faults: Faults) -> None:
    unknown = xr.EventDataBuffer()
    unknown._type = UNKNOWN
    faults.event(unknown)


def test_an_unknown_state_is_one_line(faults: Faults, watch: Watch) -> None:
    with visiting() as visit:
        visit.until_in_headset()
        watch.lines()
        state(faults)
        visit.until(lambda: visit.display.state is State.RECOVERING, "the window")
        (line,) = watch.lines()
        assert line == (
            "display: recovering (the headset's runtime reports a state that vrclient does not know (99); update vrclient)"
        )
        visit.until_in_headset()


def blend_modes(faults: Faults) -> None:
    faults.blend_modes = (UNKNOWN, 1)


def spaces(faults: Faults) -> None:
    faults.spaces = (UNKNOWN, 1, 2, 3, UNKNOWN + 1)


def view_configurations(faults: Faults) -> None:
    faults.view_configurations = (UNKNOWN, 2)


def formats(faults: Faults) -> None:
    faults.formats = (UNKNOWN, 0x8C43)


@pytest.mark.parametrize("offer", [blend_modes, spaces, view_configurations, formats, event])
def test_what_is_unknown_among_others_is_left_alone(offer: Callable[[Faults], None], faults: Faults, watch: Watch) -> None:
    offer(faults)
    with visiting() as visit:
        visit.until_in_headset()
        visit.frames(3)
        assert [line for line in watch.lines() if not line.startswith(("display: starting", "display: headset"))] == []


def test_nothing_but_unknown_blend_modes_is_told(faults: Faults, watch: Watch) -> None:
    faults.blend_modes = (UNKNOWN,)
    with visiting() as visit:
        visit.until(lambda: visit.display.state is State.RECOVERING, "the refusal")
        assert watch.lines() == [
            f"display: recovering (the headset blends pictures in ways that vrclient does not know ({UNKNOWN}); update vrclient)"
        ]


def test_nothing_but_unknown_views_is_told(faults: Faults) -> None:
    faults.view_configurations = (UNKNOWN,)
    with pytest.raises(HeadsetUnavailable, match="does not show two eyes on"):
        open_runtime()

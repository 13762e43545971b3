"""A headset that goes wrong in all the ways that OpenXR knows: the visit goes on in the window at once, nothing is lost, and
the headset comes back by itself."""

import datetime
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
import xr  # noqa: TID251
from capture import capture, find_window
from faults import EditViews, Faults, install, nan_fov, nan_position, zero_fov, zero_orientation
from monado import MonadoService
from OpenGL import GL
from remote import HeadState, RemoteClient, RemoteState, looking
from validation import Validation
from visits import Visit, visiting
from watched import COMMAND
from xr import Result  # noqa: TID251

from vrclient.app.moments import Moment
from vrclient.display import finding, supervisor
from vrclient.display.openxr import bounded_calls, frames, swapchains
from vrclient.display.openxr.runtime import HeadsetUnavailable, open_runtime
from vrclient.display.states import State
from vrclient.geometry.frames import heading_and_pitch

SOON = 5.0
"""Seconds within which a headset that has come back is used again."""
AT_ONCE = 0.1
"""Seconds: no frame of the window is longer than this beyond what drawing it takes."""
BUSY = 3.0
"""So much longer may it take on a machine that does other things as well."""


@pytest.fixture
def faults(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Between Monado and the layers that watch the client."""
    yield from faulty(monkeypatch)


def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Faults in the environment as it is; none at the end."""
    found, environment = install()
    found.clear()
    found.made.clear()
    found.layers.clear()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield found
    found.clear()


class Watch:
    """What the supervisor logs, and that a visitor stays where they are."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        self._caplog = caplog

    def lines(self) -> list[str]:
        """What was logged since the last call."""
        found = [record.getMessage() for record in self._caplog.records if record.name.startswith("vrclient.display")]
        assert not [record for record in self._caplog.records if record.exc_info]
        self._caplog.clear()
        return found


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Watch:
    return Watch(caplog)


def at_a_place_of_its_own(visit: Visit, remote: RemoteClient) -> None:
    """In the headset, away from the rig's origin, turned, and at another time of day than where the visit began."""
    remote.send(RemoteState(head=HeadState(looking((0.6, 1.5, -0.4), yaw=0.7, pitch=-0.1))))
    visit.until_in_headset()
    assert visit.session.place.moment is not None
    visit.session.show_moment(Moment(visit.session.place.moment.date, datetime.time(17, 45)))
    visit.until(lambda: visit.session.visit.head is not None and abs(visit.session.visit.head[0, 3] - 0.6) < 0.01, "the head")
    visit.frames(3)


def place(visit: Visit) -> tuple[float, float, float]:
    """x, y and heading of the visitor in the city."""
    matrix = visit.world_from_head()
    return (float(matrix[0, 3]), float(matrix[1, 3]), float(heading_and_pitch(matrix[:3, 1])[0]))


def window_draws_at_once(visit: Visit) -> None:
    """The frame after this call is one of the window, drawn in time, and shows the city."""
    window = visit.display.window
    took = frame_seconds(visit)
    assert not visit.in_headset
    assert visit.display.acquire_target() is window.acquire_target()
    assert visit.picture().std() > 20
    assert took < AT_ONCE * BUSY, f"{took * 1000:.0f} ms"


def frame_seconds(visit: Visit) -> float:
    """How long a frame takes."""
    before = time.perf_counter()
    visit.frame()
    return time.perf_counter() - before


Break = Callable[[Faults], None]


def once(call: str, result: Result, faults: Faults) -> None:
    faults.once(call, result)


def instance_loss_pending(faults: Faults) -> None:
    faults.event(xr.EventDataInstanceLossPending(loss_time=0))


LOSSES: dict[str, tuple[Break, str]] = {
    **{
        f"{call} says {result.name}": (partial(once, call, result), words)
        for result, words in (
            (Result.SESSION_LOSS_PENDING, "is ending the session"),
            (Result.ERROR_SESSION_LOST, "the headset's session has ended"),
            (Result.ERROR_INSTANCE_LOST, "has stopped"),
            (Result.ERROR_RUNTIME_FAILURE, "failed while showing a picture"),
        )
        for call in ("xrWaitFrame", "xrSyncActions", "xrLocateSpace", "xrBeginFrame", "xrLocateViews", "xrEndFrame")
        if result is Result.SESSION_LOSS_PENDING or call in ("xrLocateSpace", "xrEndFrame")
    },
    "the session's state": (lambda faults: faults.state(xr.SessionState.LOSS_PENDING), "the headset is disconnecting"),
    "an event of the instance": (instance_loss_pending, "the headset's runtime is shutting down"),
}


@pytest.mark.parametrize("how", LOSSES)
def test_a_loss_costs_nothing(how: str, faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    break_it, words = LOSSES[how]
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before, moment = place(visit), visit.session.place.moment
        watch.lines()
        break_it(faults)
        lost = frame_seconds(visit)
        assert place(visit) == pytest.approx(before, abs=1e-3)
        assert visit.display.state is State.RECOVERING
        window_draws_at_once(visit)
        assert place(visit) == pytest.approx(before, abs=1e-3)
        (line,) = watch.lines()
        assert line.startswith("display: recovering (") and words in line
        assert lost < 2 * AT_ONCE * BUSY, f"{lost * 1000:.0f} ms"  # Monado's null compositor alone waits 50 to 100 ms for a frame
        assert visit.until_in_headset() < SOON
        visit.frames(3)
        assert place(visit) == pytest.approx(before, abs=1e-3)
        assert visit.session.place.moment == moment
        assert visit.picture().std() > 20


def test_the_layers_watch_after_a_loss(faults: Faults, validation: Validation) -> None:
    """The frame in which a session was lost leaves them neither deaf nor confused."""
    with visiting() as visit:
        visit.until_in_headset()
        faults.once("xrEndFrame", Result.ERROR_INSTANCE_LOST)
        visit.until(lambda: visit.display.state is State.RECOVERING, "the loss")
        visit.until_in_headset()
        visit.frames(3)
        assert validation.instances() == 2
        assert validation.heard() == []
        headset = visit.display.headset
        assert headset is not None
        headset.advance()
        for _ in range(2):
            headset.read_inputs()
        headset.locate(np.eye(4))
        headset.end_frame()
        assert [line for line in validation.heard() if "xrSyncActions was called multiple times" in line]


def test_a_headset_that_is_off_is_told_and_picked_up(faults: Faults, watch: Watch) -> None:
    faults.always("xrGetSystem", Result.ERROR_FORM_FACTOR_UNAVAILABLE)
    with pytest.raises(
        HeadsetUnavailable, match="is running, but has no headset at the moment: it is off, asleep or unplugged; switch"
    ):
        open_runtime()
    with visiting(at_start=False) as visit:
        visit.until(lambda: faults.count("xrGetSystem") > 2, "a second question")
        assert visit.display.state is State.FLAT
        assert "it is off, asleep or unplugged" in visit.display.why_flat
        assert watch.lines() == []
        window_draws_at_once(visit)
        faults.clear()
        assert visit.until_in_headset() < SOON


@pytest.mark.parametrize("result", [Result.ERROR_GRAPHICS_DEVICE_INVALID, Result.ERROR_LIMIT_REACHED])
def test_a_session_that_is_refused_is_tried_again(
    result: Result, faults: Faults, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {Result.ERROR_LIMIT_REACHED: "in use by another program"}.get(result, "is connected to a different graphics card")
    monkeypatch.setattr(finding, "AFTER_REFUSAL_S", 0.4)
    faults.always("xrCreateSession", result)
    with visiting() as visit:
        start = time.monotonic()
        visit.until(lambda: visit.display.state is State.RECOVERING, "the refusal")
        visit.frames(2)
        window_draws_at_once(visit)
        visit.until(lambda: faults.count("xrCreateSession") == 2, "another try")
        assert time.monotonic() - start > 0.4
        visit.frames(2)
        assert words in visit.display.status_lines()[0]
        faults.clear()
        assert visit.until_in_headset() < SOON
        refused, starting, shown = watch.lines()
        assert refused.startswith("display: recovering (") and words in refused
        assert starting.startswith("display: starting") and shown.startswith("display: headset")


def swapchain_calls(faults: Faults) -> list[tuple[str, Result]]:
    return [
        (call.removeprefix("xr").removesuffix("SwapchainImage"), done) for call, done in faults.made if "SwapchainImage" in call
    ]


def test_an_image_that_is_late_costs_one_frame(faults: Faults, watch: Watch) -> None:
    faults.formats = (int(GL.GL_SRGB8_ALPHA8),)  # no depths, which have images of their own
    with visiting() as visit:
        visit.until_in_headset()
        visit.frames(3)
        headset = visit.display.headset
        assert headset is not None
        missed = headset.missed
        watch.lines()
        faults.made.clear()
        faults.layers.clear()
        faults.once("xrWaitSwapchainImage", Result.TIMEOUT_EXPIRED)
        visit.frames(3)
        assert visit.in_headset and visit.display.headset is headset
        assert list(faults.layers) == [0, 1, 1]
        assert headset.missed >= missed + 1
        assert watch.lines() == ["headset: the runtime gave no image in time; this frame is skipped"]
        done, late = Result.SUCCESS, Result.TIMEOUT_EXPIRED
        whole = [("Acquire", done), ("Wait", done), ("Release", done)]
        assert swapchain_calls(faults) == [("Acquire", done), ("Wait", late), ("Wait", done), ("Release", done), *whole]


def test_images_that_never_come_lose_the_headset(faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = place(visit)
        watch.lines()
        faults.always("xrWaitSwapchainImage", Result.TIMEOUT_EXPIRED)
        took = visit.until(lambda: visit.display.state is State.RECOVERING, "the headset to be given up")
        assert swapchains.PATIENCE_S <= took < swapchains.PATIENCE_S + 0.5
        window_draws_at_once(visit)
        assert place(visit) == pytest.approx(before, abs=1e-3)
        assert "did not provide a picture in time" in watch.lines()[-1]
        faults.clear()
        assert visit.until_in_headset() < SOON


PLACED = int(xr.SPACE_LOCATION_POSITION_VALID_BIT)


def test_an_untracked_head_stays_where_it_was(faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = visit.world_from_head()
        watch.lines()
        faults.layers.clear()
        faults.keep_flags = 0
        for _ in range(4):
            window_draws(visit)
            np.testing.assert_allclose(visit.world_from_head(), before, atol=1e-3)
        assert list(faults.layers) == [0] * 4
        faults.clear()
        visit.frames(3)
        assert list(faults.layers) == [0] * 4 + [1] * 3
        np.testing.assert_allclose(visit.world_from_head(), before, atol=1e-3)
        assert watch.lines() == []


def test_a_head_that_was_never_tracked_begins_where_the_visit_does(faults: Faults, remote: RemoteClient) -> None:
    remote.send(RemoteState(head=HeadState(looking((0.6, 1.5, -0.4), yaw=0.7))))
    faults.keep_flags = 0
    with visiting() as visit:
        before = place(visit)
        visit.until(lambda: len(faults.layers) > 3, "frames of the headset")
        assert place(visit) == pytest.approx(before, abs=1e-3)
        assert not any(faults.layers)
        faults.clear()
        visit.until(lambda: visit.session.visit.head is not None, "the head")
        assert place(visit) == pytest.approx(before, abs=1e-3)
        visit.frames(2)
        assert place(visit) == pytest.approx(before, abs=1e-3)


def test_a_head_without_a_place_still_turns(faults: Faults, remote: RemoteClient, validation: Validation) -> None:
    """The layer for best practices wants the places that the runtime has not given, and nothing else."""
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = visit.world_from_head()
        eyes = np.array(faults.eyes)
        faults.keep_flags = ~PLACED
        remote.send(RemoteState(head=HeadState(looking((3.0, 1.0, 2.0), yaw=0.7 + np.pi / 2))))
        faults.layers.clear()
        visit.until(lambda: abs(place(visit)[2] - heading_and_pitch(before[:3, 1])[0] + np.pi / 2) < 0.02, "the head to turn")
        visit.frames(2)
        np.testing.assert_allclose(visit.world_from_head()[:3, 3], before[:3, 3], atol=1e-3)
        assert set(faults.layers) == {1}
        turned = np.array(faults.eyes)
        np.testing.assert_allclose(turned.mean(axis=0), eyes.mean(axis=0), atol=1e-3)  # the head is where it was
        np.testing.assert_allclose(np.linalg.norm(turned[1] - turned[0]), np.linalg.norm(eyes[1] - eyes[0]), atol=1e-4)
        assert abs((turned[1] - turned[0]) @ (eyes[1] - eyes[0])) < 1e-4  # a quarter of a turn
        faults.clear()
        visit.until(lambda: abs(visit.world_from_head()[2, 3] - before[2, 3] + 0.5) < 0.01, "the head's own place")
    assert validation.heard() == [
        "xrEndFrame Projection Layer has a different positional pose from what was acquired in xrLocateViews"
    ]


def window_draws(visit: Visit) -> None:
    """A frame of the visit, drawn in the window beside a session that is open."""
    visit.frame()
    assert visit.display.headset is not None
    assert visit.display.acquire_target() is visit.display.window.acquire_target()
    assert visit.picture().std() > 20


@pytest.mark.parametrize("spoil", [nan_position, zero_orientation, zero_fov, nan_fov])
def test_eyes_that_are_no_numbers_are_not_drawn(spoil: EditViews, faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = place(visit)
        faults.layers.clear()
        faults.edit_views = spoil
        for _ in range(3):
            window_draws(visit)
        faults.clear()
        visit.frames(3)
        assert list(faults.layers) == [0] * 3 + [1] * 3
        assert place(visit) == pytest.approx(before, abs=1e-3)


def test_frames_that_nobody_sees_are_begun_and_ended(faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = place(visit)
        watch.lines()
        faults.made.clear()
        faults.layers.clear()
        faults.should_render = False
        for _ in range(4):
            window_draws(visit)
            assert visit.display.state is State.STARTING
            assert place(visit) == pytest.approx(before, abs=1e-3)
        assert list(faults.layers) == [0] * 4
        assert [faults.count(f"xr{call}Frame") for call in ("Wait", "Begin", "End")] == [4, 4, 4]
        faults.clear()
        visit.frames(3)
        assert visit.in_headset
        assert list(faults.layers) == [0] * 4 + [1] * 3
        assert place(visit) == pytest.approx(before, abs=1e-3)
        asleep, back = watch.lines()
        assert asleep == f"display: starting ({supervisor.NOT_SEEN})" and back.startswith("display: headset")


def test_a_changed_mask_is_taken_over_and_an_unknown_event_breaks_nothing(
    faults: Faults, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mask that the runtime is said to have by then hides the left half of each eye."""
    half = np.array([[[-9.0, -9.0], [0.0, -9.0], [0.0, 9.0]], [[-9.0, -9.0], [0.0, 9.0], [-9.0, 9.0]]])
    with visiting() as visit:
        visit.until_in_headset()
        visit.frames(3)
        assert visit.picture()[100:140, 60:140].max(axis=2).min() > 0
        monkeypatch.setattr(frames, "hidden_areas", lambda runtime, session: (half, half))
        watch.lines()
        headset = visit.display.headset
        assert headset is not None
        for view in range(2):
            faults.event(
                xr.EventDataVisibilityMaskChangedKHR(
                    session=faults.session, view_configuration_type=xr.ViewConfigurationType.PRIMARY_STEREO, view_index=view
                )
            )
        assert headset.advance()[0].mask
        unknown = xr.EventDataBuffer()
        unknown._type = 1000999999
        faults.event(unknown)
        faults.event(xr.EventDataEventsLost(lost_event_count=3))
        visit.frames(5)
        assert visit.in_headset and visit.display.headset is headset
        assert watch.lines() == []
        picture = visit.picture()
        for eye in (0, 320):
            assert picture[:, eye : eye + 158].max() == 0, "the half that is hidden by now"
            assert picture[100:140, eye + 180 : eye + 260].max(axis=2).min() > 0


def test_another_recommended_size_is_taken_over(
    faults: Faults, remote: RemoteClient, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "SIZES_EVERY", 8)
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = visit.picture().astype(float)
        made = faults.count("xrCreateSwapchain")
        watch.lines()
        faults.recommended = (160, 120)
        visit.frames(10)
        assert visit.in_headset
        assert faults.count("xrCreateSwapchain") == 2 * made
        after = visit.picture().astype(float)
        assert after.shape == (120, 320, 3)
        halved = before.reshape(120, 2, 320, 2, 3).mean(axis=(1, 3))
        assert np.abs(after - halved).mean() < 6.0
        assert watch.lines() == ["headset: 160 x 120 pixels per eye from now on"]
        faults.recommended = None
        visit.frames(10)
        assert visit.picture().shape == (240, 640, 3)


def test_a_runtime_without_a_format_of_ours_is_told(faults: Faults, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "AFTER_REFUSAL_S", 0.2)
    faults.formats = (int(GL.GL_RGBA8), int(GL.GL_DEPTH_COMPONENT24))
    with visiting() as visit:
        visit.until(lambda: visit.display.state is State.RECOVERING, "the refusal")
        visit.frames(2)
        window_draws_at_once(visit)
        assert watch.lines() == [
            "display: recovering (the headset's runtime accepts none of our colour formats (it offers 0x8058, 0x81A6); "
            "update its software)"
        ]
        visit.until(lambda: faults.count("xrCreateSession") > 1, "another try")
        faults.clear()
        assert visit.until_in_headset() < SOON


def test_leaving_from_the_menu_ends_the_visit(faults: Faults, watch: Watch) -> None:
    with visiting() as visit:
        visit.until_in_headset()
        watch.lines()
        faults.quit()
        visit.until(lambda: visit.session.visit.leaving, "the visit to end", timeout=2.0)
        assert "headset: closed from the runtime's menu" in watch.lines()


def test_a_session_that_stops_at_once_leaves_the_visitor_in_place(
    faults: Faults, remote: RemoteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some runtimes do when the headset is taken off: no frame is left in which nobody would see it."""
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = place(visit)
        faults.quit()
        visit.until(lambda: not visit.display.headset.session.running, "the session to stop")  # type: ignore[union-attr]
        assert visit.display.state is State.STARTING
        window_draws(visit)
        assert place(visit) == pytest.approx(before, abs=1e-3)


def test_a_runtime_that_hangs_stops_the_headset_and_not_the_window(faults: Faults, remote: RemoteClient, watch: Watch) -> None:
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before, headset = place(visit), visit.display.headset
        watch.lines()
        faults.hangs["xrWaitFrame"] = bounded_calls.LONGEST_S + 1.5
        assert bounded_calls.LONGEST_S <= frame_seconds(visit) < bounded_calls.LONGEST_S + 0.5
        assert visit.display.state is State.RECOVERING
        for _ in range(5):
            window_draws_at_once(visit)
            assert place(visit) == pytest.approx(before, abs=1e-3)
        visit.display.vibrate(0, seconds=0.1, amplitude=1.0)
        assert f"has not answered for {bounded_calls.LONGEST_S:g} seconds" in watch.lines()[0]
        assert visit.until_in_headset() < SOON
        assert visit.display.headset is headset
        assert place(visit) == pytest.approx(before, abs=1e-3)


@pytest.mark.parametrize("ends", [False, True])
def test_a_service_that_is_stopped_in_a_frame(ends: bool, monado: MonadoService, remote: RemoteClient, watch: Watch) -> None:
    """The real runtime hangs, for ever or until it answers again; the fault is not ours, so it needs no layer."""
    service = int((monado.folder / "monado.pid").read_text())
    with visiting() as visit:
        at_a_place_of_its_own(visit, remote)
        before = place(visit)
        os.kill(service, signal.SIGSTOP)
        try:
            visit.until(lambda: visit.display.state is State.RECOVERING, "the headset to be given up")
            window_draws_at_once(visit)
            assert place(visit) == pytest.approx(before, abs=1e-3)
        finally:
            os.kill(service, signal.SIGKILL if ends else signal.SIGCONT)
        if ends:
            monado.restart()
            remote.reconnect()
        assert visit.until_in_headset() < SOON


ENDS_WHILE_THE_RUNTIME_HANGS = """
import os
from faults import install
from visits import visiting
faults, environment = install()
os.environ.update(environment)
with visiting() as visit:
    visit.until_in_headset()
    faults.hangs["xrWaitFrame"] = 60.0
    visit.frame()
    print(visit.display.state.value, flush=True)
print("closed")
"""


def test_a_program_that_ends_while_the_runtime_hangs_does_end(monado: MonadoService) -> None:
    here = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*COMMAND, "-c", ENDS_WHILE_THE_RUNTIME_HANGS]
    done = subprocess.run(command, env={**os.environ, **here}, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout.split()) == (0, ["recovering", "closed"]), done.stderr


@pytest.mark.parametrize("offered", [GL.GL_RGBA16F, GL.GL_RGBA16])
def test_the_picture_is_the_same_in_linear_light(offered: int, x_display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the compositor shows it, with a format that takes display values and with one that takes linear light."""
    look = {"XRT_COMPOSITOR_SCALE_PERCENTAGE": "50", "XRT_COMPOSITOR_DISABLE_DEFERRED": "1"}
    with MonadoService(display=x_display, compositor="window", environment=look) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        faults = next(faulty(monkeypatch))
        remote = RemoteClient.connect(service.port)
        shown = []
        for formats in (None, (int(offered),)):
            faults.formats = formats
            with visiting() as visit:
                visit.session.settings = visit.session.settings.model_copy(update={"moving": False})
                visit.until_in_headset()
                headset = visit.display.headset
                assert headset is not None
                assert headset.swapchain.format == (formats[0] if formats else GL.GL_SRGB8_ALPHA8)
                for yaw in (0.6, 0.0):  # two pictures, so that none is taken for another
                    remote.send(RemoteState(head=HeadState(looking((0.0, 1.6, 0.0), yaw=yaw))))
                    visit.frames(12)
                    shown.append(capture(x_display, find_window(x_display, "Monado")).astype(int))
        remote.close()
        faults.clear()
    aside, ahead, converted_aside, converted_ahead = shown
    assert np.abs(aside - ahead).mean() > 5
    for one, other in ((aside, converted_aside), (ahead, converted_ahead)):
        assert (np.abs(one - other) > 3).mean() < 1e-4  # mostly none; an edge may fall otherwise from visit to visit

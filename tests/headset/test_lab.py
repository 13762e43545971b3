"""The lab's own drivers, against the real runtime and without the client: what they say is what an OpenXR application gets."""

import math
import subprocess
import time

import numpy as np
import pytest
import xr  # noqa: TID251
from bare_client import INDEX, BareClient, bare_client
from capture import capture, find_window
from monado import MonadoService
from remote import ControllerState, HeadState, Pose, RemoteClient, RemoteState, ViewState, looking
from validation import LAYERS, Validation


def near(wanted: Pose, found: Pose | None) -> bool:
    """The same to a millimetre and half a degree; a quaternion and its negative are one rotation."""
    if found is None:
        return False
    turned = abs(float(np.dot(wanted.orientation, found.orientation)))
    return turned > 1 - 1e-5 and float(np.abs(np.subtract(wanted.position, found.position)).max()) < 1e-3


def see_head(client: BareClient, pose: Pose) -> None:
    client.wait_for(lambda: near(pose, client.head()), f"the head at {pose}")


def test_a_yaw_turns_left_and_a_pitch_up() -> None:
    x, y, z, w = looking((0.0, 0.0, 0.0), yaw=math.pi / 2, pitch=math.pi / 6).orientation
    forward = (-2 * (x * z + w * y), -2 * (y * z - w * x), -(1 - 2 * (x * x + y * y)))
    np.testing.assert_allclose(forward, (-math.cos(math.pi / 6), 0.5, 0.0), atol=1e-9)


def test_the_head_is_where_it_was_put(remote: RemoteClient) -> None:
    with bare_client() as client:
        for pose in (looking((0.5, 1.7, -2.0)), looking((-1.0, 0.9, 3.0), yaw=2.0, pitch=-0.5)):
            remote.send(RemoteState(head=HeadState(pose)))
            see_head(client, pose)


def test_a_controller_moves_pulls_its_trigger_and_can_be_switched_off(remote: RemoteClient) -> None:
    pose = looking((0.3, 1.2, -0.6), yaw=0.4, pitch=0.3)
    with bare_client() as client:
        remote.send(RemoteState(right=ControllerState(pose=pose, trigger=0.75)))
        client.wait_for(lambda: client.pulled() == 0.75, "the trigger")
        assert client.profile() == INDEX
        assert near(pose, client.grip_pose())
        remote.send(RemoteState(right=ControllerState(pose=pose, trigger=0.75, active=False)))
        client.wait_for(lambda: client.pulled() is None, "the controller to go")


def test_a_headset_has_the_eyes_it_is_given(remote: RemoteClient) -> None:
    fovs = (-0.9, 0.7, 0.8, -0.85), (-0.6, 1.0, 0.75, -0.95)
    eyes = looking((-0.03, 0.01, -0.02), yaw=0.1), looking((0.035, 0.01, -0.02), yaw=-0.1)
    left, right = (ViewState(fov, eye) for fov, eye in zip(fovs, eyes, strict=True))
    with bare_client() as client:
        remote.send(RemoteState(head=HeadState(views=(left, right))))
        client.wait_for(lambda: math.isclose(client.views()[0].fov.angle_left, -0.9, abs_tol=1e-6), "the new fov")
        for view, fov, eye in zip(client.views(), fovs, eyes, strict=True):
            found = view.fov.angle_left, view.fov.angle_right, view.fov.angle_up, view.fov.angle_down
            np.testing.assert_allclose(found, fov, atol=1e-6)
            np.testing.assert_allclose(tuple(view.pose.position), np.add(eye.position, (0.0, 1.6, 0.0)), atol=1e-6)
            np.testing.assert_allclose(tuple(view.pose.orientation), eye.orientation, atol=1e-6)


def test_the_service_can_be_killed_and_started_again(monado: MonadoService, remote: RemoteClient) -> None:
    with bare_client() as client:
        monado.kill()
        with pytest.raises(xr.InstanceLostError):
            client.next_frame()
        with pytest.raises(ConnectionError):
            for _ in range(2):
                remote.send(RemoteState())
    with pytest.raises(xr.RuntimeFailureError):
        BareClient()
    monado.start()
    remote.reconnect()
    pose = looking((1.0, 1.5, 1.0), yaw=1.0)
    with bare_client() as client:
        remote.send(RemoteState(head=HeadState(pose)))
        see_head(client, pose)


def test_what_was_sent_is_in_force_for_the_next_connection(remote: RemoteClient) -> None:
    state = RemoteState(head=HeadState(looking((0.0, 1.0, 0.0))))
    remote.send(state)
    remote.reconnect()
    assert remote.latest == state.packet()


@pytest.mark.parametrize(
    ("off", "complaint"),
    [(0, "core validation did not watch all of 1 instances"), (1, "the layer for best practices was not loaded")],
    ids=["core validation", "best practices"],
)
def test_a_layer_that_does_not_watch_is_told(
    off: int, complaint: str, remote: RemoteClient, validation: Validation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every test would fail of it: silence is not enough."""
    monkeypatch.setenv("XR_ENABLE_API_LAYERS", LAYERS[1 - off])
    with bare_client():
        assert validation.instances() == 1
    assert set(validation.heard()) == {complaint}


def test_a_recentre_moves_local_and_not_the_stage(monado: MonadoService, remote: RemoteClient) -> None:
    pose = looking((1.0, 1.7, 2.0), yaw=0.5)
    with bare_client() as client:
        remote.send(RemoteState(head=HeadState(pose)))
        see_head(client, pose)
        monado.control("-c")
        client.wait_for(lambda: client.changes > 0, "the news of it")
        assert near(pose, client.head())


def test_a_service_that_does_not_come_up_says_why(x_display: str) -> None:
    blind = MonadoService(display=x_display, environment={"VK_LOADER_DRIVERS_SELECT": "none"})
    with pytest.raises(
        RuntimeError, match=r"(?s)monado-service ended with status -6; its log ends so:.*Missing required instance"
    ):
        blind.start()


def test_the_compositor_shows_itself_in_a_window(x_display: str) -> None:
    with MonadoService(display=x_display, compositor="window", environment={"XRT_COMPOSITOR_DISABLE_DEFERRED": "1"}):
        assert capture(x_display, find_window(x_display, "Monado")).shape == (540, 960, 3)
    assert capture(x_display).shape == (720, 1280, 3)


def test_a_capture_has_the_colours_of_the_screen(x_display: str) -> None:
    look = ["-geometry", "90x60+30+20", "-bw", "0", "-bg", "#ff8000", "-fg", "#0040c0"]
    with subprocess.Popen(["xlogo", "-display", x_display, *look], stderr=subprocess.DEVNULL) as logo:
        deadline = time.monotonic() + 10
        while not (picture := capture(x_display)).any() and time.monotonic() < deadline:
            time.sleep(0.05)
        logo.terminate()
    rows, columns = np.nonzero(picture.any(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (20, 79, 30, 119)
    colours = {tuple(colour) for colour in picture[20:80, 30:120].reshape(-1, 3).tolist()}
    assert colours >= {(0xFF, 0x80, 0x00), (0x00, 0x40, 0xC0)}

"""The client in a headset that a script moves: frames by the book, the head where it is put."""

import re

import numpy as np
import pytest
import xr  # noqa: TID251
from capture import capture, find_window
from OpenGL import GL
from remote import HeadState, RemoteClient, RemoteState, looking
from renderer_scenes import scene_of, shining, wall
from validation import Validation
from visits import visiting

from vrclient.display.backend import NEAR_M
from vrclient.display.openxr.hidden_areas import hidden_areas
from vrclient.geometry.frames import heading_and_pitch
from vrclient.scene.draw_data import Surface


def test_a_visit_in_the_headset_follows_the_head(remote: RemoteClient) -> None:
    with visiting() as visit:
        remote.send(RemoteState(head=HeadState(looking((0.0, 1.6, 0.0)))))
        visit.until_in_headset()
        visit.frames(15)
        start = visit.world_from_head()
        remote.send(RemoteState(head=HeadState(looking((0.5, 1.2, -0.25), yaw=0.4, pitch=0.2))))
        visit.until(lambda: abs(visit.world_from_head()[2, 3] - start[2, 3] + 0.4) < 0.01, "the head to be lower")
        moved = np.linalg.inv(start) @ visit.world_from_head()
        heading, pitch = heading_and_pitch(moved[:3, 1])
        np.testing.assert_allclose(moved[:3, 3], (0.5, 0.25, -0.4), atol=0.01)
        assert (heading, pitch) == pytest.approx((-0.4, 0.2), abs=0.01)
        assert visit.picture().shape == (240, 640, 3)
        assert visit.picture().std() > 20


def test_the_layers_would_say_so(remote: RemoteClient, validation: Validation) -> None:
    """Frames that ask for the actions twice are against best practice, and a swapchain without a format is wrong."""
    with visiting() as visit:
        visit.until_in_headset()
        headset = visit.display.headset
        assert headset is not None
        for _ in range(3):
            headset.advance()
            for _ in range(2):
                headset.read_inputs()
            headset.locate(np.eye(4))
            headset.end_frame()
        with pytest.raises(xr.exception.XrException):
            xr.create_swapchain(headset.session.handle, xr.SwapchainCreateInfo(usage_flags=0x70000000))
    messages = validation.heard()
    assert any("xrSyncActions was called multiple times" in line for line in messages), messages
    assert any("xrCreateSwapchain" in line for line in messages), messages


def test_what_the_lenses_hide_is_black_and_costs_no_light(remote: RemoteClient) -> None:
    with visiting() as visit:
        visit.until_in_headset()
        headset = visit.display.headset
        assert headset is not None
        areas = hidden_areas(headset.runtime, headset.session.handle)
        visit.frames(12)
        picture = visit.picture()
    print([area.shape for area in areas])
    assert len(areas) == 2
    for eye, area in enumerate(areas):
        fov = np.tan([0.7418, 0.7788])
        middles = area.mean(axis=1) / fov
        inside = (np.abs(middles) < 0.98).all(axis=1)
        for x, y in middles[inside]:
            column, row = int(eye * 320 + (x + 1) * 160), int((1 - y) * 120)
            assert picture[row, column].max() == 0, "hidden"
        assert picture[100:140, eye * 320 + 120 : eye * 320 + 200].min(axis=2).mean() > 5, "seen"


def test_depths_go_to_the_runtime_as_they_were_drawn(remote: RemoteClient) -> None:
    """1 near, 0 far: a wall 4 m before the eyes stands at near / distance."""
    scene = scene_of(Surface(wall((-9.0, -9.0), (9.0, 9.0), y=-16.0), shining((0.2, 0.2, 0.2))))
    with visiting(scene=scene, samples=4) as visit:
        remote.send(RemoteState(head=HeadState(looking((0.0, 1.6, 0.0)))))
        visit.until_in_headset()
        visit.frames(15)
        headset = visit.display.headset
        assert headset is not None and headset.depths is not None and headset.target.depth is not None
        GL.glBindTexture(GL.GL_TEXTURE_2D, headset.target.native(headset.target.depth))
        drawn = GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_DEPTH_COMPONENT, GL.GL_FLOAT)
        shown = []
        for image in headset.depths._images:
            GL.glBindTexture(GL.GL_TEXTURE_2D, image)
            shown.append(GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_DEPTH_COMPONENT, GL.GL_FLOAT))
        GL.glBindTexture(GL.GL_TEXTURE_2D, 0)
    depth = np.asarray(drawn).reshape(240, 640)
    for eye in (160, 480):
        assert depth[120, eye] == pytest.approx(NEAR_M / 4.0, rel=0.01)
    assert any(np.array_equal(np.asarray(one).reshape(240, 640), depth) for one in shown), "what was drawn is what was given"


def test_the_window_mirrors_one_eye_and_tells_the_staff(x_display: str, remote: RemoteClient) -> None:
    """The left eye's middle, cropped to the window and not stretched; with F3 runtime, headset, controllers and rate."""
    with visiting(size=(320, 180)) as visit:
        remote.send(RemoteState(head=HeadState(looking((0.0, 1.6, 0.0)))))
        visit.until_in_headset()
        visit.frames(20)
        shown = capture(x_display, find_window(x_display, "vrclient"))
        eye = visit.picture()[:, :320]
        lines = visit.display.status_lines()
    assert shown.shape == (180, 320, 3)
    assert np.abs(eye[30:210].astype(int) - shown).mean() < 3.0
    assert lines[0] == "headset: Monado: Remote HMD (Monado 25.0.0), headset (focused)"
    assert lines[1] == "controllers: Valve Index controllers; floor: local floor"
    assert re.fullmatch(r"\d+ Hz, \d+ frames missed of \d+, drawn at 100%", lines[2])

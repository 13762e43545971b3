"""Where panels stand: pixel on pixel on a screen, at arm's length and readable in a headset, and hit where they are seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.views import ViewSet, symmetric_fov
from vrclient.geometry.frames import heading_and_pitch, inverse_rigid, world_from_body
from vrclient.interaction.pointer import pointer_aim
from vrclient.modes.placing import AHEAD_M, HAND_M, Body, PanelPlaces, StandingPanel
from vrclient.panels.widgets import Panel

START, BAR, CAPTION = Panel("start", (528, 440)), Panel("bar", (960, 64)), Panel("caption", (700, 120))
HEADS = st.builds(
    lambda x, y, z, heading, pitch: world_from_body((x, y, z), heading=heading, pitch=pitch),
    *(st.floats(-50, 50) for _ in range(3)), st.floats(-3.1, 3.1), st.floats(-1.2, 1.2),
)  # fmt: skip


def screen(head: np.ndarray, pixels: tuple[int, int] = (960, 540), fov: float = 1.0) -> Body:
    return Body(np.eye(4), head, tracked=False, fov=fov, pixels=pixels)


def corners(standing: StandingPanel, body: Body) -> np.ndarray:
    """[4, 2] pixels of the picture from its top left corner: where the panel's corners are seen."""
    width, height = standing.size
    shape = np.array([[x * width / 2, 0.0, z * height / 2, 1.0] for x, z in ((-1, 1), (1, 1), (1, -1), (-1, -1))])
    angles = symmetric_fov(body.fov, aspect=body.pixels[0] / body.pixels[1])[None]
    view_from_world = inverse_rigid(body.world_from_rig @ body.rig_from_head)
    views = ViewSet.from_arrays(view_from_world[None], angles, near=0.05, far=100.0, pixels=[body.pixels])
    clip = (views.clip_from_view[0] @ view_from_world @ standing.world_from_sheet @ shape.T).T
    clip = clip[:, :2] / clip[:, 3:]
    return (clip * [1, -1] + 1) / 2 * body.pixels


@given(HEADS, st.floats(0.4, 1.8), st.sampled_from([(960, 540), (1280, 720), (1081, 1921)]))
def test_a_screens_panels_cover_whole_pixels(head: np.ndarray, fov: float, pixels: tuple[int, int]) -> None:
    body = screen(head, pixels, fov)
    wanted = [(BAR, "bottom"), (CAPTION, "caption"), (START, "centre")]
    bar, caption, start = PanelPlaces().update(wanted, body, seconds=0.1)
    for standing in (bar, caption, start):
        seen = corners(standing, body)
        assert np.allclose(seen, np.round(seen), atol=0.02)
        assert np.allclose(seen[2] - seen[0], standing.panel.size, atol=0.02)
    assert np.isclose(corners(bar, body)[2, 1], pixels[1], atol=0.02)
    assert corners(caption, body)[2, 1] <= corners(bar, body)[0, 1]


@given(HEADS, st.floats(0.5, 527.0), st.floats(0.5, 439.0))
def test_what_is_pointed_at_on_a_screen_is_what_is_hit(head: np.ndarray, x: float, y: float) -> None:
    body = screen(head)
    (start,) = PanelPlaces().update([(START, "centre")], body, seconds=0.1)
    left, top = corners(start, body)[0]
    aim = pointer_aim(((left + x) / 960, (top + y) / 540), fov=body.fov, aspect=960 / 540)
    met = start.met(head @ aim)
    assert met is not None and np.allclose(met[0], (x, y), atol=0.05) and start.holds(met[0])


@given(HEADS)
def test_in_a_headset_panels_face_the_eye_at_their_distance(head: np.ndarray) -> None:
    hand = head @ world_from_body((-0.2, 0.35, -0.3))
    body = Body(world_from_body((3.0, -2.0, 1.0), heading=0.7), head, tracked=True, hand=hand)
    ahead, caption, held = PanelPlaces().update([(BAR, "hand"), (START, "ahead"), (CAPTION, "caption")], body, seconds=0.1)
    assert [one.panel for one in (ahead, caption, held)] == [START, CAPTION, BAR], "the nearest is drawn last"
    eye = (body.world_from_rig @ head)[:3, 3]
    for standing, away in ((ahead, AHEAD_M), (caption, AHEAD_M)):
        offset = standing.world_from_sheet[:3, 3] - eye
        assert np.linalg.norm(offset) == pytest.approx(away)
        assert np.allclose(standing.world_from_sheet[:3, 1], offset / away)
        assert standing.metre == pytest.approx(1 / 900)
        assert abs(standing.world_from_sheet[2, 0]) < 1e-9
    assert held.metre == pytest.approx(HAND_M / AHEAD_M / 900)
    assert caption.world_from_sheet[2, 3] < ahead.world_from_sheet[2, 3]


def test_what_was_opened_stays_while_one_looks_about_and_a_caption_follows() -> None:
    places, wanted = PanelPlaces(), [(START, "ahead"), (CAPTION, "caption")]
    body = Body(np.eye(4), world_from_body((0, 0, 1.6)), tracked=True)
    before = places.update(wanted, body, seconds=0.02)
    turned = replace(body, rig_from_head=world_from_body((0, 0, 1.6), heading=1.2))
    for _ in range(200):
        after = places.update(wanted, turned, seconds=0.02)
    assert np.allclose(after[0].world_from_sheet, before[0].world_from_sheet)
    gaze = heading_and_pitch(after[1].world_from_sheet[:3, 1])[0]
    assert 0.3 < gaze < 1.2 and abs(1.2 - gaze) <= np.radians(35.0) + 1e-6
    closed = places.update([(CAPTION, "caption")], turned, seconds=0.02)
    assert len(closed) == 1
    again = places.update(wanted, turned, seconds=0.02)
    assert heading_and_pitch(again[0].world_from_sheet[:3, 1])[0] == pytest.approx(1.2)


def test_a_panel_is_not_hit_from_behind() -> None:
    (start,) = PanelPlaces().update([(START, "ahead")], Body(np.eye(4), world_from_body((0, 0, 1.6)), tracked=True), seconds=0.1)
    assert start.met(world_from_body((0, 3.0, 1.5), heading=np.pi)) is None
    assert start.met(world_from_body((0, 0.0, 1.6), heading=np.pi)) is None

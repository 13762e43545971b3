"""Law of the views to cull with: whatever a head that stays within the bounds can see, they hold."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.frame.views import Roaming, ViewSet
from vrclient.geometry.frames import inverse_rigid, world_from_body

angle, share = st.floats(0.5, 1.1), st.floats(-1.0, 1.0)


@given(
    sides=st.tuples(angle, angle, angle, angle),
    turn=st.tuples(share, share, share),
    move=st.tuples(share, share, share),
    pixel=st.tuples(share, share),
    depth=st.floats(0.05, 4000.0),
)
@example(sides=(1.0, 1.0, 0.5, 1.0), turn=(0.0, 1.0, -1.0), move=(0.0, 0.0, 0.0), pixel=(1.0, 1.0), depth=1.0)  # a corner, rolled
def test_what_a_moved_eye_sees_is_within_the_wider_views(
    sides: tuple[float, ...], turn: tuple[float, ...], move: tuple[float, ...], pixel: tuple[float, float], depth: float
) -> None:
    roaming = Roaming()
    fov = np.array([-sides[0], sides[1], sides[2], -sides[3]])
    early = inverse_rigid(world_from_body((3.0, -5.0, 1.6), heading=0.7, pitch=-0.2))[None]
    axis = np.array(turn) * roaming.turn / max(np.linalg.norm(turn), 1.0)
    place = np.array(move) * roaming.move / max(np.linalg.norm(move), 1.0)
    late = inverse_rigid(world_from_body(place, heading=axis[0] * 0.99, pitch=axis[1] * 0.99, roll=axis[2] * 0.99))[None] @ early
    views = ViewSet.from_arrays(early, fov[None], near=0.05, far=5000.0, pixels=[[1000, 900]])
    if not roaming.covers(early, late):
        return
    left, right, up, down = np.tan(fov)
    ray = np.array([left + (right - left) * (pixel[0] + 1) / 2, 1.0, down + (up - down) * (pixel[1] + 1) / 2]) * depth
    point = inverse_rigid(late[0]) @ np.array([*ray, 1.0])
    wide = roaming.around(views)
    clip = wide.clip_from_view[0] @ wide.view_from_world[0] @ point
    assert clip[3] > 0
    assert np.all(np.abs(clip[:3]) <= clip[3] * (1 + 1e-9)), clip
    assert wide.roam >= roaming.move


def test_a_head_that_turns_too_far_is_said_to() -> None:
    roaming = Roaming()
    here = np.eye(4)[None]
    assert roaming.covers(here, here)
    assert not roaming.covers(here, world_from_body((0, 0, 0), heading=roaming.turn * 1.1)[None])
    assert not roaming.covers(here, world_from_body((0, 0, roaming.move * 1.1))[None])


def test_levels_of_detail_stay() -> None:
    fov = np.array([[-0.8, 0.7, 0.6, -0.9]])
    views = ViewSet.from_arrays(np.eye(4)[None], fov, near=0.05, far=5000.0, pixels=[[1000, 900]])
    wide = Roaming().around(views)
    for one in (views, wide):
        left, right, up, down = np.tan(one.fov[0])
        print(one.pixels[0] / [right - left, up - down])
    assert np.allclose(
        views.pixels[0] / (np.tan(views.fov[0])[[1, 2]] - np.tan(views.fov[0])[[0, 3]]),
        wide.pixels[0] / (np.tan(wide.fov[0])[[1, 2]] - np.tan(wide.fov[0])[[0, 3]]),
        rtol=2e-3,
    )

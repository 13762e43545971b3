"""What is aimed at: the face in front, nothing through walls, and a place to read it from."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.views import projection, symmetric_fov
from vrclient.geometry.frames import heading_and_pitch, heading_matrix, world_from_body
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.pointer import Targets, pointed, pointer_aim, reading_spot
from vrclient.scene.draw_data import Selectable

A, B, C, D = (-50, -50, 0), (50, -50, 0), (50, 50, 0), (-50, 50, 0)
FLOOR = np.array([[A, B, C], [A, C, D]], np.float32)
FIELD = Obstacles.build(FLOOR, np.zeros((0, 6), np.float32))


def panel(x: float, y: float, heading: float) -> Selectable:
    """1.4 m wide, 1 m high, its face towards `heading`."""
    right = (-float(np.cos(heading)), float(np.sin(heading)), 0.0)
    return Selectable("", {}, (x, y, 1.4), right, (0.0, 0.0, 1.0), (0.7, 0.5))


def walled(*walls: tuple[float, float, float, float]) -> Obstacles:
    return Obstacles.build(FLOOR, np.array([[*one, 0.0, 3.0] for one in walls], np.float32).reshape(-1, 6))


FACING_SOUTH = panel(0.0, 5.0, np.pi)
AIM = world_from_body((0.0, 0.0, 1.4))


def test_the_nearest_face_is_aimed_at_and_backs_are_not() -> None:
    targets = Targets.build([panel(0, 8, np.pi), FACING_SOUTH, panel(0, 3, 0.0)])
    hit = pointed(targets, FIELD, AIM)
    assert hit is not None
    assert (hit.target, hit.distance) == (1, 5.0)
    assert np.allclose(hit.point, [0, 5, 1.4]) and np.allclose(hit.normal, [0, -1, 0])


def test_walls_and_floors_in_front_hide_a_target_but_not_the_wall_it_hangs_on() -> None:
    targets = Targets.build([FACING_SOUTH])
    before = pointed(targets, walled((-1, 4, 1, 4)), AIM)
    assert before is not None and before.target is None and np.allclose(before.point, [0, 4, 1.4])
    assert np.allclose(before.normal, [0, -1, 0])
    behind = pointed(targets, walled((-1, 4.99, 1, 4.99)), AIM)
    assert behind is not None and behind.target == 0


def test_the_floor_is_met_where_nothing_else_is_and_the_sky_is_nothing() -> None:
    down = pointed(Targets.build([]), FIELD, world_from_body((1, 2, 1.4), pitch=-np.pi / 4))
    assert down is not None and down.target is None
    assert np.allclose(down.point, [1, 3.4, 0]) and np.allclose(down.normal, [0, 0, 1])
    assert pointed(Targets.build([]), FIELD, world_from_body((0, 0, 1.4), pitch=0.3)) is None


@given(heading=st.floats(-3, 3), across=st.floats(-0.99, 0.99), up=st.floats(-0.99, 0.99), distance=st.floats(0.4, 20))
def test_every_point_of_a_face_is_met_from_before_it(heading: float, across: float, up: float, distance: float) -> None:
    target = panel(3.0, -4.0, heading)
    point = np.array(target.center) + 0.7 * across * np.array(target.right) + 0.5 * up * np.array(target.up)
    eye = np.array([3.0, -4.0, 1.6]) + distance * (heading_matrix(heading) @ [0, 1, 0])
    way = (point - eye) / np.linalg.norm(point - eye)
    hit = Targets.build([target]).aimed(eye, way)
    assert hit is not None and np.allclose(hit.point, point, atol=1e-9)


@given(x=st.floats(0, 1), y=st.floats(0, 1), fov=st.floats(0.3, 2.0), aspect=st.floats(0.4, 3.0))
def test_a_pointer_aims_through_its_own_pixel(x: float, y: float, fov: float, aspect: float) -> None:
    aim = pointer_aim((x, y), fov=fov, aspect=aspect)
    clip = projection(symmetric_fov(fov, aspect=aspect)[None], near=0.1, far=10.0)[0] @ [*aim[:3, 1], 1.0]
    assert np.allclose(clip[:2] / clip[3], [2 * x - 1, 1 - 2 * y], atol=1e-9)
    assert np.allclose(pointer_aim(None, fov=fov, aspect=aspect), np.eye(4))


@given(heading=st.floats(-3, 3))
def test_one_reads_standing_before_the_middle_and_facing_it(heading: float) -> None:
    targets = Targets.build([panel(2.0, 1.0, heading)])
    spot = reading_spot(targets, 0, FIELD)
    assert spot is not None and spot.heading is not None
    to_panel = np.array([2.0, 1.0]) - spot.spot[:2]
    assert np.isclose(np.hypot(*to_panel), 1.3)
    seen, _ = heading_and_pitch([*to_panel, 0.0])
    assert np.isclose(np.cos(seen - spot.heading), 1.0)


def test_where_nobody_can_stand_before_it_one_stays() -> None:
    targets = Targets.build([FACING_SOUTH])
    near = reading_spot(targets, 0, walled((-5, 3.55, 5, 3.55)))
    assert near is not None
    assert np.isclose(near.spot[1], 5.0 - 1.1)
    assert near.spot[1] - 3.55 >= BODY_RADIUS
    assert reading_spot(targets, 0, walled((-5, 4.6, 5, 4.6))) is None
    assert reading_spot(targets, 0, Obstacles.build(FLOOR - np.float32([0, 0, 9]), np.zeros((0, 6), np.float32))) is None

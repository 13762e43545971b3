import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import TERRAIN, areas, built, check_all, context_of, problems

from vrclient.elements.room import RoomModel, build, floor_level
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.locomotion import Rig, walked
from vrclient.scene.build import LOW_M, BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext

PLAN = [[-8, -5], [8, -5], [8, 5], [-8, 5]]
DOOR = {"at": [0, -5], "width_m": 2.0, "height_m": 2.4}
GLASS = {"at": [8, 0], "width_m": 6.0, "height_m": 2.6, "sill_m": 0.5, "glass": True}
LIGHT = {"outline": [[-4, -1], [4, -1], [4, 2], [-4, 2]]}


def room(**keys: object) -> RoomModel:
    return RoomModel.model_validate({"kind": "room", "outline": PLAN, "level_m": 0.0, **keys})


def made(**keys: object) -> DrawData:
    return build(room(**keys), BuildContext())


WHOLE = made(openings=[DOOR, GLASS], skylights=[LIGHT], beams_m=1.0, partitions=[{"path": [[-8, 1], [-5, 1]]}])


def test_every_face_is_sound() -> None:
    check_all(WHOLE)
    check_all(made(skylights=[{**LIGHT, "glazing": "diffuse"}]))
    check_all(made(outline=[[0, 0], [9, 0], [9, 4], [5, 4], [5, 8], [0, 8]], openings=[{"at": [5, 6], "width_m": 1.5}]))


def test_nothing_of_it_counts_as_shade_from_above() -> None:
    assert max(np.ptp(one.mesh.position[:, 2]) for one in WHOLE.surfaces) <= LOW_M
    scene = scene_from_draw_data([BuiltElement(WHOLE)])
    floor = [chunk.near.vertex for chunk in scene.chunks if chunk.surface == "lit"]
    points = np.concatenate(floor)
    lit = points["color"][(points["position"][:, 2] == 0.0) & (points["normal"][:, 2] > 0.9), 3]
    assert lit.max() > 200, "the floor under the skylight is in daylight"


def test_the_floor_is_the_plan() -> None:
    floor = WHOLE.walkable[0]
    assert areas(floor).sum() == pytest.approx(160.0, rel=1e-5)
    assert (floor.position[:, 2] == 0.0).all()


def test_it_is_lightest_under_the_skylight_and_darker_in_corners() -> None:
    data = made(skylights=[LIGHT], evenness=0.3)
    floor = data.surfaces[0].mesh

    def light(x: float, y: float) -> float:
        return float(floor.openness[np.linalg.norm(floor.position[:, :2] - (x, y), axis=1).argmin()])

    assert light(0, 0.5) > light(6, 0.5) > light(8, 5) > 0.1


LAND = np.array([[[-90, -90, 0], [90, -90, 0], [90, 90, 0]], [[-90, -90, 0], [90, 90, 0], [-90, 90, 0]]], np.float32)
INSIDE = Obstacles.build(LAND, made(openings=[DOOR, GLASS]).walls)


@given(heading=st.floats(-4, 4), seconds=st.floats(0.01, 0.4), start=st.tuples(st.floats(-6, 6), st.floats(-3.5, 3.5)))
@settings(max_examples=40)
def test_one_leaves_by_the_door_alone(heading: float, seconds: float, start: tuple[float, float]) -> None:
    rig = Rig((*start, 0.0), heading)
    for _ in range(30):
        rig = walked(rig, INSIDE, forward=1.0, right=0.3, fast=True, seconds=seconds)
        x, y = rig.feet[:2]
        if not (abs(x) < 8 and abs(y) < 5):
            assert y < -4.4 and abs(x) < 1.0 + 1e-3, f"{x:.2f}, {y:.2f}"
            return
    assert abs(x) <= 8 - BODY_RADIUS + 1e-3


def test_the_door_is_open_and_has_a_floor() -> None:
    data = made(openings=[DOOR, GLASS])
    way = Obstacles.build(np.concatenate([mesh.position[mesh.triangle] for mesh in data.walkable]), data.walls)
    rig = Rig((0.0, 0.0, 0.0), heading=np.pi)
    for _ in range(200):
        rig = walked(rig, way, forward=1.0, right=0.0, fast=False, seconds=0.05)
    assert rig.feet[1] < -5.3


def test_partitions_are_in_the_way() -> None:
    assert Obstacles.build(LAND, WHOLE.walls).wall_between([-6.5, 0.0, 1.0], [-6.5, 2.0, 1.0])


def test_it_lies_just_above_the_land_and_takes_its_place() -> None:
    (land, hall), context = context_of(
        TERRAIN, {"kind": "room", "outline": [[30, 20], [50, 20], [50, 34], [30, 34]], "id": "hall"}
    )
    ring = np.array(hall.outline, float)
    level = floor_level(hall, context.ground)
    assert level == pytest.approx(float(context.ground.height(ring).max()) + 0.04, abs=1e-6)
    terrain, _ = built(TERRAIN, {"kind": "room", "outline": [[30, 20], [50, 20], [50, 34], [30, 34]]})
    shape = terrain.surfaces[0].mesh
    middle = shape.position[shape.triangle].mean(axis=1)
    inside = (middle[:, 0] > 30) & (middle[:, 0] < 50) & (middle[:, 1] > 20) & (middle[:, 1] < 34)
    assert land.kind == "terrain" and not inside.any()


def test_mistakes_are_said_in_a_sentence() -> None:
    usual = {"kind": "room", "outline": PLAN, "height_m": 3.0}
    assert problems(**usual, openings=[{"at": [0, -5], "height_m": 3.4}]) == [
        "opening 1 of 'openings' reaches 3.4 m up; the room is 3 m high, so make it lower"
    ]
    assert problems(**usual, openings=[{"at": [0, 0]}]) == [
        "opening 1 of 'openings' is 5.0 m from the nearest wall; put 'at' on the wall"
    ]
    assert problems(**usual, openings=[{"at": [0, -5], "width_m": 40}]) == [
        "opening 1 of 'openings' is 40 m wide; its wall is 16.0 m long, so make it narrower"
    ]
    assert problems(**usual, skylights=[{"outline": [[6, 0], [12, 0], [12, 2]]}]) == [
        "'skylights': skylight 1 is not inside the outline; move it into the room"
    ]

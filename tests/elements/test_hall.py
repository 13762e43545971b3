"""The shipped hall: one sees from its entrance where one can go, reads it, and gets there."""

from functools import cache

import numpy as np
import pytest

from vrclient.app.opening import load
from vrclient.elements import kinds
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.locomotion import Rig, walked
from vrclient.scene.build import build_scene
from vrclient.scene.interactives import Exhibit, Portal
from vrclient.scene.tables import Scene
from vrclient.showcase.find import find_showcase


@cache
def hall() -> Scene:
    showcase = load(find_showcase("hall")).showcase
    assert showcase is not None
    return build_scene(showcase, kinds())


def portals() -> list[Portal]:
    return [one for one in hall().interactives if isinstance(one, Portal)]


def test_it_checks() -> None:
    result = load(find_showcase("hall"))
    assert [one.message for one in result.diagnostics if one.code != "unknown-showcase"] == []


def test_both_portals_are_in_the_first_view_and_face_it() -> None:
    start = hall().start
    assert start is not None and [one.showcase for one in portals()] == ["fengxian", "zhangjiajie"]
    for one in portals():
        away = np.array(one.face.center) - start.position
        aside = np.degrees(np.arctan2(away[0], away[1]) - start.heading)
        assert abs(aside) < 25.0
        assert np.cross(one.face.right, one.face.up) @ away / np.linalg.norm(away) < -0.9


def test_their_names_are_read_from_the_entrance() -> None:
    showcase, start = load(find_showcase("hall")).showcase, hall().start
    assert showcase is not None and start is not None
    for element in showcase.elements:
        if element.kind == "portal":
            distance = float(np.linalg.norm(np.subtract(element.at, start.position)))  # type: ignore[attr-defined]
            smallest = 0.72 * element.text_m  # type: ignore[attr-defined]
            assert np.degrees(np.arctan(smallest / distance)) >= 1.0


@pytest.mark.parametrize("number", [0, 1])
def test_one_walks_from_the_entrance_into_each(number: int) -> None:
    scene = hall()
    start = scene.start
    assert start is not None
    way = Obstacles.build(scene.walkable, scene.walls)
    face = portals()[number].face
    towards = np.cross(face.right, face.up)
    rig = Rig((start.position[0], start.position[1], start.position[2] - 1.6), 0.0)
    for target in (np.array(face.center) + 2.5 * towards, np.array(face.center) - 0.5 * towards):
        for _ in range(200):
            away = target[:2] - np.array(rig.feet[:2])
            if np.linalg.norm(away) < 0.15:
                break
            heading = float(np.arctan2(away[0], away[1]))
            rig = walked(Rig(rig.feet, heading), way, forward=1.0, right=0.0, fast=False, seconds=0.05)
    assert (np.array(rig.feet) - face.center)[:2] @ towards[:2] < -0.2


def test_pictures_hang_at_their_size_and_the_plan_is_sharp_at_20_cm() -> None:
    from PIL import Image

    shown = {one.id: one for one in hall().interactives if isinstance(one, Exhibit)}
    assert {"site_plan", "nine_ginkgos", "lake_evening", "pillars_in_ink", "petals", "seed"} == set(shown)
    plan = shown["site_plan"]
    assert plan.picture is not None and plan.face.half == pytest.approx((0.5, 0.375))
    with Image.open(plan.picture) as picture:
        per_degree = picture.width / 1.0 * 0.2 * np.tan(np.radians(1.0))
    assert per_degree > 20.0, "as many pixels to the degree as a headset has"


def test_everything_stays_light_enough_to_load() -> None:
    files = list((find_showcase("hall").parent / "pictures").iterdir())
    assert len(files) > 8
    assert all(file.stat().st_size < 300_000 for file in files if file.stem != "site_plan")
    assert sum(file.stat().st_size for file in files) < 3_000_000

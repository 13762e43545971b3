"""The second city looks as it should: three of its views, small, at the times of day that they name."""

import datetime
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from vrclient.elements import kinds
from vrclient.interaction.collision import Obstacles
from vrclient.render_data.quality import Quality
from vrclient.renderer.preview import one_view, render_scene
from vrclient.scene.build import build_scene
from vrclient.scene.environment import light_environment
from vrclient.scene.gates import gates, passable
from vrclient.scene.tables import Scene
from vrclient.showcase.find import find_showcase
from vrclient.showcase.load import load_showcase
from vrclient.showcase.models import Showcase

Compare = Callable[[str, np.ndarray], None]
SIZE = (320, 180)
VIEWS = ("start", "among_the_pillars", "dawn")


@cache
def _opened() -> tuple[Showcase, Scene]:
    known = kinds()
    path: Path = find_showcase("zhangjiajie")
    loaded = load_showcase(
        path.parent if path.is_file() else path,
        {name: kind.model for name, kind in known.items()},
        has_path=[name for name, kind in known.items() if kind.path],
    )
    assert loaded.showcase is not None and loaded.diagnostics == ()
    return loaded.showcase, build_scene(loaded.showcase, known)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view(name: str, golden: Compare) -> None:
    showcase, scene = _opened()
    view = next(one for one in scene.viewpoints if one.name == name)
    clock = datetime.time.fromisoformat(view.time) if view.time else showcase.environment.time
    origin, sky = showcase.origin, scene.sky
    light = light_environment(origin.lon_deg, origin.lat_deg, origin.utc_offset_h, showcase.environment.date, clock, sky)
    camera = one_view(view.position, heading=view.heading, pitch=view.pitch, fov=view.fov, size=SIZE)
    picture = render_scene(scene, camera, environment=light, quality=Quality(shadow_size=1024))
    golden(f"zhangjiajie/{name}", picture)


def test_what_a_visit_needs() -> None:
    showcase, scene = _opened()
    assert {"start", "bridge_gate", "on_the_bridge", "glass_floor", "among_the_pillars", "dawn", "aerial"} == {
        view.name for view in scene.viewpoints
    }
    assert [gate.id for gate in gates(scene)] == ["glass_bridge"]
    assert scene.mist is not None and len(scene.instances.position) > 20_000
    for element in showcase.elements:
        if element.kind in ("pillars", "bridge", "mist", "terrain"):
            assert element.confidence in ("published", "estimate"), element.id or element.kind


@pytest.mark.parametrize("agreed", [frozenset(), frozenset({"glass_bridge"})])
def test_the_way_from_the_platform_over_the_bridge(agreed: frozenset[str]) -> None:
    _, scene = _opened()
    obstacles = Obstacles.build(*passable(scene, agreed))
    start = scene.start
    assert start is not None
    here, feet = np.array(start.position[:2]), start.position[2] - 1.6
    for goal in (
        [-225.0, -62.0],
        [-244.0, -58.0],
        [-244.0, -36.0],
        [-243.0, -14.0],
        [-236.0, -2.0],
        [0.0, -1.0],
        [236.0, -1.0],
        [256.0, 0.0],
    ):
        for _ in range(1200):
            way = np.subtract(goal, here)
            if np.hypot(*way) < 0.3:
                break
            there = obstacles.slide(here, here + 0.2 * way / np.hypot(*way), feet=feet)
            floor = obstacles.floor_height(there, feet=feet)
            if floor is None or abs(floor - feet) > 0.6:
                break
            here, feet = there, floor
    assert feet == pytest.approx(300.0, abs=0.3)
    assert here[0] > 255.0 if agreed else here[0] < -215.0

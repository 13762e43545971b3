"""Mist: a value of the whole scene, none where nobody asks for it, seen alike by both eyes."""

import datetime

import numpy as np
from numpy.typing import NDArray
from shapes import built

from vrclient.render_data.quality import Quality
from vrclient.renderer.preview import one_view, render_scene
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import Mist
from vrclient.scene.environment import light_environment
from vrclient.scene.tables import Scene

LAYER = {"kind": "mist", "top_m": 60, "visibility_m": 100, "swell_m": 0, "falloff_m": 20}
LAND = {"kind": "terrain", "size_m": [4000, 4000]}


def scene_of(*entries: dict[str, object]) -> Scene:
    return scene_from_draw_data([BuiltElement(data) for data in built(*entries)])


def seen(scene: Scene, eye: tuple[float, float, float], *, pitch_deg: float, clock: str = "12:00") -> NDArray[np.float64]:
    view = one_view(eye, heading=0.3, pitch=np.radians(pitch_deg), fov=np.radians(20.0), size=(48, 32))
    light = light_environment(110.43, 29.35, 8.0, datetime.date(2026, 6, 21), datetime.time.fromisoformat(clock), scene.sky)
    picture = render_scene(scene, view, environment=light, quality=Quality(samples=1, shadow_size=0, reflections=False))
    return picture.astype(np.float64)


def test_the_first_mist_is_the_scenes_and_without_one_there_is_none() -> None:
    second = {**LAYER, "top_m": 90}
    assert scene_of(LAND, LAYER, second).mist == Mist(top=60.0, reach=100.0, falloff=20.0, swell=0.0)
    assert scene_of(LAND).mist is None


def test_it_hides_the_valley_from_above_and_the_sky_from_below() -> None:
    clear, misty = scene_of(LAND), scene_of(LAND, LAYER)
    above = (0.0, 0.0, 200.0)
    down = seen(misty, above, pitch_deg=-40.0)
    assert down.std(axis=(0, 1)).max() < 6.0 and down.mean() > seen(clear, above, pitch_deg=-40.0).mean() + 40.0
    up = np.abs(seen(misty, above, pitch_deg=30.0) - seen(clear, above, pitch_deg=30.0))
    assert up.max() <= 3.0
    blue = seen(misty, (0.0, 0.0, 2.0), pitch_deg=45.0)
    sky = seen(clear, (0.0, 0.0, 2.0), pitch_deg=45.0)
    assert np.ptp(blue.mean(axis=(0, 1))) < 0.6 * np.ptp(sky.mean(axis=(0, 1))) and blue.mean() > sky.mean() + 20.0


def test_it_follows_the_time_of_day() -> None:
    misty, above = scene_of(LAND, LAYER), (0.0, 0.0, 200.0)
    noon, night = seen(misty, above, pitch_deg=-40.0), seen(misty, above, pitch_deg=-40.0, clock="23:00")
    assert noon.mean() > 150.0 and night.mean() < 80.0


def test_both_eyes_see_the_same_swells() -> None:
    """A patch of the top far away moves less than a pixel between the eyes: no part of the mist is glued to a view."""
    misty = scene_of(LAND, {**LAYER, "swell_m": 25, "swell_size_m": 120})
    left, right = (seen(misty, (x, 0.0, 220.0), pitch_deg=-25.0) for x in (-0.032, 0.032))
    assert left.std() > 1.0
    assert np.abs(left - right).max() < 6.0

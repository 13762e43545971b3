"""Sky, spawn and viewpoint: values handed on, with directions worked out."""

import numpy as np
import pytest
from shapes import TERRAIN, built, context_of, problems

from vrclient.scene.draw_data import Sky


def test_the_sky_is_handed_on() -> None:
    (data,) = built({"kind": "sky", "clouds": 0.5, "stars": 2, "haze_m": 900, "glow": 0.1})
    assert data.sky == Sky(clouds=0.5, stars=2.0, haze_m=900.0, glow=0.1)


def test_a_spawn_stands_on_the_land() -> None:
    _, context = context_of(TERRAIN)
    _, data = built(TERRAIN, {"kind": "spawn", "at": [40, 30], "heading_deg": 90, "eye_m": 1.7})
    (view,) = data.viewpoints
    assert view.is_spawn and view.name == "spawn"
    assert view.position[2] == pytest.approx(float(context.ground.height([40.0, 30.0])) + 1.7)
    assert view.heading == pytest.approx(np.pi / 2)


def test_a_viewpoint_looks_at_its_place() -> None:
    (data,) = built(
        {"kind": "viewpoint", "id": "a", "at": [0, 0, 10], "look_at": [10, 0, 0], "time": "18:50", "date": "2019-10-25"}
    )
    (view,) = data.viewpoints
    assert (view.heading, view.pitch) == (pytest.approx(np.pi / 2), pytest.approx(-np.pi / 4))
    assert (view.time, view.date) == ("18:50", "2019-10-25")


def test_a_viewpoint_may_give_its_direction() -> None:
    (data,) = built({"kind": "viewpoint", "id": "a", "at": [3, 4], "heading_deg": 180, "pitch_deg": 10})
    (view,) = data.viewpoints
    assert view.position == (3, 4, 1.6) and view.pitch == pytest.approx(np.radians(10))


def test_what_is_wrong_with_a_viewpoint() -> None:
    start = {"kind": "viewpoint", "id": "a", "at": [0, 0, 1]}
    assert problems(**start) == ["a viewpoint needs look_at: [east, north, up] or heading_deg, to know where it looks"]
    assert problems(**start, look_at=[1, 1], heading_deg=3) == [
        "a viewpoint has either look_at or heading_deg with pitch_deg, not both"
    ]
    assert problems(**start, look_at=[0, 0, 1]) == [
        "look_at is the place of the viewpoint itself; give a place that it can look at"
    ]

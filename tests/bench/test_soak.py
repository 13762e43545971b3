"""A short soak through three places: everything is chosen, every portal is gone through, and nothing grows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vrclient.bench.soak import GROWTH_MAX, WARM_LAPS, grown

PLACE = """
vrclient: 1
title: {{zh: {name}, en: {name}}}
origin: {{lon_deg: 121.475, lat_deg: 30.945}}
environment: {{date: 2026-06-21, time: "15:00"}}
elements:
  - {{kind: spawn, at: [0, -6]}}
  - {{kind: terrain, size_m: [80, 80]}}
  - {{kind: building, outline: [[-9, 12], [-2, 12], [-2, 19], [-9, 19]], height_m: 15}}
  - {{kind: scatter, mesh: broadleaf, area: [[5, 15], [30, 15], [30, 35], [5, 35]], count: 20, seed: 5}}
  - {{kind: exhibit, id: map, title: {{zh: 图, en: Map}}, text: {{zh: 一张图, en: A map}}, picture: map.png, width_m: 1.0,
      at: [-4, 3], heading_deg: 180}}
{portals}
"""
PORTAL = "  - {{kind: portal, id: to_{to}, title: {{zh: {to}, en: {to}}}, to: {to}, at: [{x}, 4], heading_deg: 180}}"
WAYS = {"one": ("two", "three"), "two": ("one",), "three": ("one",)}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three places: from the first, portals lead to the others."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("places")
    for name, ways in WAYS.items():
        (folder / name).mkdir()
        portals = "\n".join(PORTAL.format(to=to, x=4 * number) for number, to in enumerate(ways))
        (folder / name / "showcase.yaml").write_text(PLACE.format(name=name, portals=portals), "utf-8")
        Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(folder / name / "map.png")
    return folder / "one"


def test_laps_through_all_places_leave_nothing_behind(places: Path) -> None:
    arguments = ["bench", "soak", str(places), "--laps", "4", "--minutes", "9", "--size", "96x64", "--seed", "3", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "vrclient.cli.main", *arguments], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    run = json.loads(done.stdout)
    assert len(run["laps"]) >= WARM_LAPS + 2 and run["growth"] <= GROWTH_MAX
    for way in ("one to two", "one to three"):
        assert run["did"][way] >= len(run["laps"])
    assert run["did"]["exhibit"] >= 3 * len(run["laps"])
    assert {"panel", "click", "drag", "walk", "key"} <= run["did"].keys()
    outputs = {one["engine"]["outputs"] for one in run["laps"]}
    assert len(outputs) == 1, outputs


def test_growth_is_what_the_last_laps_have_more_than_the_first_warm_ones() -> None:
    assert grown([900.0, 950.0, 1000.0]) is None
    assert grown([500.0, 900.0, 1000.0, 1000.0]) == 0.0
    assert grown([1.0, 1.0, 100.0, 300.0, 101.0, 110.0, 111.0, 90.0]) == pytest.approx(110.0 / 101.0 - 1.0)
    leak = [1000.0 + 10.0 * lap for lap in range(30)]
    growth = grown(leak)
    assert growth is not None and growth > GROWTH_MAX

"""What stops a visitor is what stands on the day that is shown."""

import datetime
from pathlib import Path

from two_places import showcase, visiting

from vrclient.interaction.locomotion import Rig, walked

HOUSE = """
vrclient: 1
title: {zh: 屋, en: A house}
origin: {lon_deg: 121.5, lat_deg: 30.9, utc_offset_h: 8}
environment: {date: 2026-06-21, time: "12:00"}
elements:
  - {kind: spawn, at: [0, -12], heading_deg: 0}
  - {kind: terrain, size_m: [200, 200]}
  - {kind: building, outline: [[-5, 0], [5, 0], [5, 4], [-5, 4]], height_m: 5, demolished: 2018-01-01}
"""


def test_a_house_stops_one_only_while_it_stands(tmp_path: Path) -> None:
    with visiting(showcase(tmp_path / "house", HOUSE), views=1) as session:
        place = session.place

        def reaches() -> float:
            rig = Rig((0.0, -3.0, 0.0))
            for _ in range(60):
                rig = walked(rig, place.obstacles, forward=1.0, right=0.0, fast=False, seconds=0.1)
            return rig.feet[1]

        assert reaches() > 5.0
        place.show_day(datetime.date(2017, 6, 1))
        for _ in range(200):
            if reaches() < 0.0:
                break
        assert reaches() < 0.0
        place.show_day(datetime.date(2026, 6, 21))
        for _ in range(200):
            if reaches() > 5.0:
                break
        assert reaches() > 5.0

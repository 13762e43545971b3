"""A scripted visitor looks around, teleports, turns, points at a panel and selects it with the trigger: by the remote headset's
controllers, through the runtime, to where the visitor stands in the city."""

from pathlib import Path

import numpy as np
import pytest
from remote import HeadState, RemoteClient, looking
from visitor import HEAD, Visitor, point_at
from visits import visiting

PLACE = """
vrclient: 1
title: {zh: 广场, en: A square}
origin: {lon_deg: 121.475, lat_deg: 30.945, confidence: estimate}
environment: {date: 2026-05-20, time: "12:00"}
elements:
  - {kind: sky}
  - {kind: terrain, size_m: [200, 200]}
  - {kind: spawn, at: [0, 0], heading_deg: 0}
  - {kind: panel, id: notice, title: {zh: 告示, en: Notice}, at: [0, 14], heading_deg: 180}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "square" / "showcase.yaml"
    path.parent.mkdir()
    path.write_text(PLACE)
    return path


def test_a_visitor_looks_teleports_turns_points_and_selects(place: Path, remote: RemoteClient) -> None:
    with visiting(place) as visit:
        visitor = Visitor(visit, remote)
        visitor.send(frames=0)
        visit.until_in_headset()
        visitor.send(frames=10)
        np.testing.assert_allclose(visitor.place(), (0.0, 0.0), atol=0.01)
        assert len(visit.session.visit.aids.controllers) == 2
        assert visit.session.visit.aids.controllers[1].profile == "/interaction_profiles/valve/index_controller"

        # Looks around: the head alone moves.
        visitor.send(head=HeadState(looking((0.0, 1.6, 0.0), yaw=0.5)))
        assert visitor.heading() == pytest.approx(-np.degrees(0.5), abs=0.5)
        visitor.send(head=HEAD)

        # Teleports: the arc is there while the button is held, and one lands where its mark was.
        visitor.send(a_click=True, frames=6)
        landing = visit.session.visit.aids.landing
        assert landing is not None and landing.valid
        assert visit.session.visit.aids.arc is not None
        visitor.press(a_click=False)
        np.testing.assert_allclose(visitor.place(), landing.spot[:2], atol=0.05)
        assert visitor.heading() == pytest.approx(0.0, abs=0.5)
        assert visit.world_from_head()[2, 3] == pytest.approx(1.6, abs=0.02)
        assert visit.session.visit.aids.arc is None

        # Turns by a push of the stick, on the spot, once for each push.
        before = visitor.place()
        for turn in (30.0, 60.0):
            visitor.send(thumbstick=(1.0, 0.0), frames=8)
            visitor.send(thumbstick=(0.0, 0.0))
            assert visitor.heading() == pytest.approx(turn, abs=0.5)
        visitor.send(thumbstick=(-1.0, 0.0))
        visitor.send(thumbstick=(0.0, 0.0))
        assert visitor.heading() == pytest.approx(30.0, abs=0.5)
        np.testing.assert_allclose(visitor.place(), before, atol=0.01)

        # Points at the panel: a cursor is on it, the controller ticks; the trigger steps up to read it.
        (notice,) = visit.session.place.opened.scene.selectables
        panel = np.array(notice.center)
        point_at(visitor, panel)
        cursor = visit.session.visit.aids.cursor
        assert cursor is not None and cursor.hovering
        assert visit.session.visit.aids.ray is not None
        visitor.press(trigger=1.0)
        away = panel[:2] - visitor.place()
        assert 0.9 < np.linalg.norm(away) < 2.2
        assert abs(away[0]) < 0.1, "before its middle"
        assert visitor.heading() == pytest.approx(0.0, abs=1.0), "facing it"


def test_switched_off_controllers_are_gone_and_come_back(place: Path, remote: RemoteClient) -> None:
    with visiting(place) as visit:
        visitor = Visitor(visit, remote)
        visitor.send(frames=0)
        visit.until_in_headset()
        visitor.send(frames=10)
        assert len(visit.session.visit.aids.controllers) == 2
        visitor.send(active=False, frames=8)
        assert [one.side for one in visit.session.visit.aids.controllers] == [0]
        visitor.send(active=True, frames=8)
        assert [one.side for one in visit.session.visit.aids.controllers] == [0, 1]

"""Nobody is brought to where one stands high in the air before they have agreed to it: not by a key, a stop or a portal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from two_places import RED, SILENT, controller, loaded, showcase, visiting

from vrclient.app.apply import apply
from vrclient.app.frame import one_frame
from vrclient.app.session import Session
from vrclient.frame.commands import ChangeComfort, GoToViewpoint, Travel
from vrclient.scene.gates import gates

BRIDGE = """
vrclient: 1
title: {zh: 桥, en: Bridge}
origin: {lon_deg: 110.5, lat_deg: 29.3, utc_offset_h: 8}
elements:
  - {kind: spawn, at: [-30, 0, 52], heading_deg: 270}
  - {kind: bridge, id: glass, start: [-20, 0], end: [20, 0], level_m: 50, panes: 10, title: {zh: 玻璃桥, en: Glass bridge}}
  - {kind: terrace, outline: [[-40, -8], [-20, -8], [-20, 8], [-40, 8]], level_m: 50}
  - {kind: viewpoint, id: before, at: [-26, 0, 51.6], heading_deg: 270}
  - {kind: viewpoint, id: above, at: [0, 0, 51.6], heading_deg: 270}
"""
BEFORE, ABOVE = (-26.0, 0.0, 51.6), (0.0, 0.0, 51.6)
AGREED = ChangeComfort(seated=False, smooth_walk=False, heights=True)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with visiting(showcase(tmp_path / "bridge", BRIDGE), views=1, options=SILENT) as session:
        yield session


def eye(session: Session) -> tuple[float, ...]:
    place = (session.visit.rig.world_from_rig() @ session.visit.rig_from_head)[:3, 3]
    return tuple(round(float(one), 2) for one in place)


def number(session: Session, name: str) -> int:
    return [view.name for view in session.place.viewpoints].index(name)


def test_a_key_leads_there_only_who_has_agreed(session: Session) -> None:
    apply(session, [GoToViewpoint(number(session, "before"))])
    assert eye(session) == BEFORE and not controller(session).state.notice
    apply(session, [GoToViewpoint(number(session, "above"))])
    (gate,) = gates(session.place.opened.scene)
    assert eye(session) == BEFORE and controller(session).state.notice == gate.text
    apply(session, [AGREED, GoToViewpoint(number(session, "above"))])
    assert eye(session) == ABOVE


@pytest.mark.parametrize("speed", [None, 30.0])
def test_a_stop_leads_there_only_who_has_agreed(session: Session, speed: float | None) -> None:
    apply(session, [Travel(BEFORE, 0.0)])
    frames(session)
    there = Travel(ABOVE, 0.0, speed=speed)
    apply(session, [there])
    frames(session)
    assert eye(session) == BEFORE and controller(session).state.notice
    apply(session, [AGREED, there])
    frames(session)
    assert eye(session) == ABOVE if speed is None else eye(session)[0] > -24.0, "a rail takes its time"


def test_a_portal_leads_there_only_who_has_agreed(tmp_path: Path) -> None:
    bridge = showcase(tmp_path / "bridge", BRIDGE)
    with visiting(showcase(tmp_path / "red", RED), views=1) as session:
        loaded(session, bridge)
        assert session.loading is not None and session.loading.place is not None
        place = session.loading.place
        (above,) = (view for view in place.viewpoints if view.name == "above")
        session.arrive(place, above, back=False)
        assert eye(session)[0] == -30.0, "one stands at the spawn"
        session.change_comfort(AGREED)
        loaded(session, "red")
        assert session.loading is not None and session.loading.place is not None
        session.arrive(session.loading.place, None, back=True)
        loaded(session, bridge)
        session.arrive(place, above, back=False)
        assert eye(session) == ABOVE


def frames(session: Session) -> None:
    """Long enough for a blink and a short way."""
    for _ in range(90):
        one_frame(session)
        if session.place.interaction.relocation.arrived:
            break

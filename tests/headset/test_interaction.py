"""A scripted visitor looks around, teleports, turns, points at a panel and selects it with the trigger: by the remote headset's
controllers, through the runtime, to where the visitor stands in the city."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Validation
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from visits import Visit, visiting

from vrclient.geometry.frames import heading_and_pitch

PLACE = """
vrclient: 1
title: {zh: 广场, en: A square}
origin: {lon_deg: 121.475, lat_deg: 30.945, confidence: estimate}
environment: {date: 2026-05-20, time: "12:00"}
elements:
  - {kind: sky}
  - {kind: terrain, size_m: [200, 200]}
  - {kind: spawn, at: [0, 0], heading_deg: 0}
  - {kind: panel, id: notice, title: {zh: 告示, en: Notice}, text: {zh: 这里什么都没有。, en: Nothing is here.}, at: [0, 14], heading_deg: 180}
"""
HEAD = HeadState(looking((0.0, 1.6, 0.0)))
HAND = (0.2, 1.3, -0.3)


class Visitor:
    """One who stands in the headset: `send` moves what is tracked, `visit` takes the frames."""

    def __init__(self, visit: Visit, remote: RemoteClient) -> None:
        self.visit, self._remote = visit, remote
        self.state = RemoteState(head=HEAD, right=ControllerState(pose=looking(HAND)))

    def send(self, *, frames: int = 4, head: HeadState | None = None, **right: object) -> None:
        """The head and what changes about the right controller; then frames, so that it has gone through."""
        self.state = replace(self.state, head=head or self.state.head, right=replace(self.state.right, **right))
        self._remote.send(self.state)
        self.visit.frames(frames)

    def place(self) -> np.ndarray:
        """[2] metres, world: where the head is."""
        return self.visit.world_from_head()[:2, 3]

    def heading(self) -> float:
        """Where it looks, in degrees."""
        return float(np.degrees(heading_and_pitch(self.visit.world_from_head()[:3, 1])[0]))

    def press(self, **button: object) -> None:
        """For a few frames, and until the blink that it may have asked for is over."""
        self.send(**button)
        self.send(**{name: type(value)() for name, value in button.items()})
        self.visit.until(lambda: self.visit.session.visit.aids.blink == 0.0, "the end of the blink")
        self.visit.frames(3)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "square" / "showcase.yaml"
    path.parent.mkdir()
    path.write_text(PLACE)
    return path


def test_a_visitor_looks_teleports_turns_points_and_selects(place: Path, remote: RemoteClient, validated: Validation) -> None:
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
        (notice,) = visit.session.opened.scene.selectables
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


def point_at(visitor: Visitor, target: np.ndarray) -> None:
    """Turns the right controller until its aim passes through the target: the runtime alone knows how aim and controller lie."""
    yaw = pitch = 0.0
    for _ in range(12):
        visitor.send(pose=looking(HAND, yaw=yaw, pitch=pitch))
        rig = visitor.visit.session.visit.rig
        inputs = visitor.visit.inputs()
        aim = inputs.hands[1].aim
        assert aim is not None
        world_from_aim = rig.world_from_rig() @ aim
        wanted = heading_and_pitch(target - world_from_aim[:3, 3])
        found = heading_and_pitch(world_from_aim[:3, 1])
        error = [(one - other + np.pi) % (2 * np.pi) - np.pi for one, other in zip(wanted, found, strict=True)]
        if max(map(abs, error)) < 0.01:
            return
        yaw, pitch = yaw - error[0], pitch + error[1]
    raise AssertionError(f"the aim does not get there: {error}")


def test_switched_off_controllers_are_gone_and_come_back(place: Path, remote: RemoteClient, validated: Validation) -> None:
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

"""A scripted visitor: moves the remote headset and its controllers, and lets the client take frames."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from visits import Visit

from vrclient.geometry.frames import heading_and_pitch

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


class Controllers:
    """The hands of a script (tests/visit): the right one points and presses, the left one holds what hands hold."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        visitor.state = replace(visitor.state, left=ControllerState(pose=looking((-0.22, 1.22, -0.42))))

    def aim(self, point: NDArray[np.float64], /) -> None:
        point_at(self._visitor, point)

    def press(self) -> None:
        self._visitor.send(trigger=1.0, trigger_click=True)

    def release(self) -> None:
        self._visitor.send(trigger=0.0, trigger_click=False)

"""The whole visit in the headset, by its controllers: the same script as in a window (tests/visit), and the same in the end."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from remote import ControllerState, RemoteClient, looking
from script import WHOLE_VISIT, Script, whole_visit
from visitor import Visitor, point_at
from visits import visiting

from vrclient.app.assembly import VisitOptions


class Controllers:
    """The right one points and presses; the left one holds what hands hold."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        visitor.state = replace(visitor.state, left=ControllerState(pose=looking((-0.22, 1.22, -0.42))))

    def aim(self, point: NDArray[np.float64], /) -> None:
        point_at(self._visitor, point)

    def press(self) -> None:
        self._visitor.send(trigger=1.0, trigger_click=True)

    def release(self) -> None:
        self._visitor.send(trigger=0.0, trigger_click=False)


def test_the_whole_visit_in_the_headset(remote: RemoteClient) -> None:
    with visiting("fengxian", panels=VisitOptions()) as visit:
        session = visit.session
        visitor = Visitor(visit, remote)
        hands = Controllers(visitor)
        visitor.send(frames=0)
        visit.until_in_headset()
        visitor.send(frames=10)
        assert whole_visit(Script(session, hands, visit.picture)) == WHOLE_VISIT

"""The whole visit in the headset, by its controllers: the same script as in a window (tests/visit), and the same in the end."""

from remote import RemoteClient
from script import WHOLE_VISIT, Script, whole_visit
from visitor import Controllers, Visitor
from visits import visiting

from vrclient.app.assembly import VisitOptions


def test_the_whole_visit_in_the_headset(remote: RemoteClient) -> None:
    with visiting("fengxian", panels=VisitOptions()) as visit:
        session = visit.session
        visitor = Visitor(visit, remote)
        hands = Controllers(visitor)
        visitor.send(frames=0)
        visit.until_in_headset()
        visitor.send(frames=10)
        assert whole_visit(Script(session, hands, visit.picture)) == WHOLE_VISIT

"""Taken off and laid on the table, while the runtime says nothing: the visit waits, then begins anew."""

from collections.abc import Iterator

import pytest
import xr
from faults import Faults
from monado import MonadoService
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from test_faults import faulty
from visits import visiting

from vrclient.interaction import presence

SECONDS = presence.STILL_SECONDS
OFF = ControllerState(active=False)
TABLE = RemoteState(head=HeadState(looking((0.4, 0.8, -0.5), yaw=1.2, pitch=-0.5)), left=OFF, right=OFF)


@pytest.fixture(autouse=True)
def statues(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the program has it."""
    monkeypatch.setattr(presence, "STILL_SECONDS", SECONDS)


@pytest.fixture
def faults(monado: MonadoService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    yield from faulty(monkeypatch)


def test_a_headset_on_the_table_is_on_nobody(remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with visiting() as visit:
        remote.send(TABLE)
        visit.until_in_headset()
        took = visit.until(lambda: not visit.inputs().attentive, "the visit to wait", timeout=30.0)
        assert took > SECONDS - 1.0
        assert visit.in_headset and visit.display.headset is not None and visit.display.headset.session.focused
        seconds = visit.session.visit.seconds
        visit.frames(10)
        assert visit.session.visit.seconds == seconds
        remote.send(RemoteState(head=HeadState(looking((0.4, 1.0, -0.5)))))
        visit.until(lambda: visit.inputs().attentive, "the next visitor")
        said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("headset: ")]
        assert said == [
            "headset: off the head, lies still, or another program is in front: the visit waits",
            "headset: the visitor is there",
        ]


def test_a_sensor_that_says_nobody_is_believed(faults: Faults, remote: RemoteClient) -> None:
    with visiting() as visit:
        visit.until_in_headset()
        visit.until(lambda: visit.inputs().attentive, "a visitor")
        for there in (False, True):
            faults.event(xr.EventDataUserPresenceChangedEXT(session=faults.session, is_user_present=there))
            remote.send(RemoteState(head=HeadState(looking((0.1 * there, 1.6, 0.0)))))
            visit.until(lambda there=there: visit.inputs().attentive is there, "the sensor to be heard", timeout=3.0)

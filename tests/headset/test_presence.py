"""Taken off and laid on the table, while the runtime says nothing: the visit waits, then begins anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xr  # noqa: TID251
from faults import Faults
from monado import MonadoService
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from script import Script
from test_faults import faulty
from visitor import Controllers, Visitor
from visits import visiting

from vrclient.app.assembly import VisitOptions
from vrclient.app.settings import client_settings, settled
from vrclient.app.visit_controller import VisitController
from vrclient.interaction import presence
from vrclient.modes import ids

IDLE_S = 6.0
"""Seconds without anybody, in the settings of a test."""
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


def test_a_visit_begins_anew_while_the_headset_lies_on_the_table(
    remote: RemoteClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session keeps the focus all the time."""
    settings = tmp_path / "client.yaml"
    settings.write_text(f"visit: {{language: zh, idle_s: {IDLE_S}}}\n", "utf-8")
    monkeypatch.setenv("VRCLIENT_CONFIG", str(settings))
    for kept in (settled, client_settings):
        kept.cache_clear()
    try:
        with visiting(panels=VisitOptions(language="zh")) as visit:
            controller, focus = visit.session.visit_controller, set[bool]()
            assert isinstance(controller, VisitController)

            def begun_anew() -> bool:
                assert visit.display.headset is not None
                focus.add(visit.display.headset.session.focused)
                return controller.state.language == "zh"

            visitor = Visitor(visit, remote)
            visitor.send(frames=0)
            visit.until_in_headset()
            script = Script(visit.session, Controllers(visitor), visit.picture)
            script.use(ids.numbered(ids.LANGUAGE_CHOOSE, 1))
            assert controller.state.language == "en"
            remote.send(TABLE)
            took = visit.until(begun_anew, "the next visit", timeout=60.0)
            assert took > IDLE_S and focus == {True} and visit.in_headset
    finally:
        for kept in (settled, client_settings):
            kept.cache_clear()


def test_a_sensor_that_says_nobody_is_believed(faults: Faults, remote: RemoteClient) -> None:
    with visiting() as visit:
        visit.until_in_headset()
        visit.until(lambda: visit.inputs().attentive, "a visitor")
        for there in (False, True):
            faults.event(xr.EventDataUserPresenceChangedEXT(session=faults.session, is_user_present=there))
            remote.send(RemoteState(head=HeadState(looking((0.1 * there, 1.6, 0.0)))))
            visit.until(lambda there=there: visit.inputs().attentive is there, "the sensor to be heard", timeout=3.0)

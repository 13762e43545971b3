"""What talks with a stand is started by its settings; what does not work is a fault that is told, and cleared."""

import socket

from broker import mosquitto
from test_mqtt import waited
from test_page import Browser, free_port

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk import extra
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.mouth_checks import examined
from vrclient.kiosk.mouths import Mouths
from vrclient.kiosk.page_settings import PageSettings


def test_nothing_is_started_that_is_not_wanted():
    mouths = Mouths(SimulatedStand(), PageSettings(), BrokerSettings())
    mouths.start()
    assert mouths.faults() == () and mouths.url is None
    mouths.close()


def test_a_broker_that_goes_and_comes_is_a_fault_that_is_raised_and_cleared(tmp_path):
    with mosquitto(tmp_path) as broker:
        at = BrokerSettings(host="127.0.0.1", port=broker.port)
        mouths = Mouths(SimulatedStand(), PageSettings(enabled=True, port=free_port(), hall=True), at)
        mouths.start()
        browser = Browser(mouths._page.port)
        assert mouths.url == f"http://127.0.0.1:{browser.port}/" and browser.ask("GET", "/hall")[0].status == 200
        broker.kill()
        (fault,) = waited(mouths.faults)
        assert fault.code == "broker-away" and fault.help.en.startswith("The stand goes on without it")
        assert browser.ask("GET", "/")[0].status == 200
        broker.start()
        waited(lambda: mouths.faults() == ())
        mouths.close()


def test_a_port_that_is_taken_and_a_hall_without_a_broker_are_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        mouths = Mouths(SimulatedStand(), PageSettings(enabled=True, port=port, hall=True), BrokerSettings())
        mouths.start()
        assert [fault.code for fault in mouths.faults()] == ["hall-deaf", "page-failed"]
        assert (
            mouths.faults()[1].said.en
            == f"the operator's page cannot be served (http://127.0.0.1:{port}/: Address already in use)"
        )
        mouths.close()


def test_what_is_not_installed_is_said_in_a_line(monkeypatch):
    monkeypatch.setitem(extra.PACKAGES, "no_such_module.inside", "no-such-package")
    mouths = Mouths(SimulatedStand(), PageSettings(enabled=True, port=free_port()), BrokerSettings())
    mouths.start()
    assert [fault.said.en for fault in mouths.faults()] == [
        "a kiosk needs no-such-package, which vrclient alone does not bring; install it: pip install 'vrclient[kiosk]'"
    ]


def test_what_talks_with_a_stand_is_examined_before_opening_day(tmp_path):
    def found(page=None, broker=None):
        return list(examined(page or PageSettings(), broker or BrokerSettings(), "foyer-1"))

    assert found() == []
    port = free_port()
    assert found(PageSettings(enabled=True, port=port)) == [
        ("operator's page", "ok", f"127.0.0.1:{port}, for this computer alone", "")
    ]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        ((_, state, what, _),) = found(PageSettings(enabled=True, port=port))
        assert (state, what) == ("wrong", f"127.0.0.1:{port}: Address already in use")
    pem = tmp_path / "no.pem"
    pem.write_text("nothing")
    for certificate in (pem, tmp_path / "absent.pem"):
        page = PageSettings(enabled=True, address="0.0.0.0", certificate=str(certificate), key=str(pem))
        assert [row[1] for row in found(page)] == ["wrong"]
    assert [row[1] for row in found(PageSettings(enabled=True, port=port, hall=True))] == ["ok", "wrong"]
    ((_, state, what, _),) = found(broker=BrokerSettings(host="127.0.0.1", port=1))
    assert (state, what) == ("note", "the broker 127.0.0.1:1 cannot be reached")
    with mosquitto(tmp_path) as broker:
        at = BrokerSettings(host="127.0.0.1", port=broker.port)
        assert found(broker=at) == [("broker", "ok", f"127.0.0.1:{broker.port}", "")]

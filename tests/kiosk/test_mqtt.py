"""A stand at a real broker: what it tells, what it does, and that it comes back."""

import datetime
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from broker import mosquitto
from paho.mqtt.enums import CallbackAPIVersion

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import KINDS, Command
from vrclient.kiosk.mqtt.hall import Hall
from vrclient.kiosk.mqtt.mouth import BrokerMouth, decommission
from vrclient.kiosk.status import Status

PATIENCE_S = 40.0


def waited(condition, /):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


class Stranger:
    """Any other client of the broker: hears everything, sends anything."""

    def __init__(self, port):
        self.heard = queue.Queue()
        self.retained = {}
        self.client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        subscribed = threading.Event()
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert subscribed.wait(PATIENCE_S)

    def _on_message(self, client, data, message):
        self.heard.put((message.topic, message.payload, message.retain))

    def send(self, topic, content, **rest):
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.client.publish(topic, payload, qos=1, **rest).wait_for_publish(PATIENCE_S)

    def next(self, ending):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            topic, payload, _ = self.heard.get(timeout=PATIENCE_S)
            if topic.endswith(ending):
                return payload
        raise AssertionError(f"nothing from {ending}")

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def retained(port):
    """All that a newcomer is told at once."""
    newcomer = Stranger(port)
    newcomer.send("end/of/it", b"x")
    found = {}
    while (one := newcomer.heard.get(timeout=PATIENCE_S))[0] != "end/of/it":
        if one[2]:
            found[one[0]] = one[1]
    newcomer.close()
    return found


@pytest.fixture
def broker(tmp_path):
    with mosquitto(tmp_path) as found:
        yield found


@pytest.fixture
def stand(broker):
    stand = SimulatedStand()
    mouth = BrokerMouth(stand, BrokerSettings(host="127.0.0.1", port=broker.port))
    mouth.start()
    yield stand
    mouth.close()
    assert not [one for one in threading.enumerate() if one.name == "broker"]


def asked(name, arguments=None, /, **changed):
    expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30)
    content = {"id": "r1", "from": "test", "expires_at": expires.isoformat(), "command": name, "arguments": arguments or {}}
    return {key: value for key, value in (content | changed).items() if value is not None}


def test_the_state_is_retained_and_true(broker, stand):
    stranger = Stranger(broker.port)
    told = Status.model_validate_json(stranger.next("/state"))
    assert told == stand.status()
    stand.change(state="tour", left_s=600.0)
    assert Status.model_validate_json(stranger.next("/state")) == stand.status()
    kept = retained(broker.port)
    assert kept["vrclient/foyer-1/availability"] == b"online"
    assert json.loads(kept["vrclient/foyer-1/state"])["sequence"] == 1
    stranger.close()


def test_a_command_is_done_once_and_acknowledged(broker, stand):
    stranger = Stranger(broker.port)
    stranger.next("/state")
    for _ in range(2):
        stranger.send("vrclient/foyer-1/command", asked("volume", {"percent": 30}))
        done = json.loads(stranger.next("/reply/test"))
        assert (done["id"], done["done"], done["sequence"], done["boot"]) == ("r1", True, 1, stand.status().boot)
    assert [one.name for one in stand.heard] == ["volume"] and stand.heard[0].by == "mqtt"
    assert "vrclient/foyer-1/reply/test" not in retained(broker.port)
    stranger.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (asked("stop", expires_at="2020-01-01T00:00:00+00:00"), "the command has expired (this stand's clock: "),
        (asked("stop", expires_at=None), "'expires_at' must be a time in ISO 8601 with its offset from UTC"),
        (asked("stop", expires_at="2099-01-01T00:00:00"), "'expires_at' must be a time"),
        (asked("restart", expires_at="2099-01-01T00:00:00+00:00"), "'restart' is for technicians"),
        (asked("explode", expires_at="2099-01-01T00:00:00+00:00"), f"there are: {', '.join(kind.name for kind in KINDS)}"),
    ],
)
def test_what_is_not_right_is_refused(broker, stand, content, said):
    stranger = Stranger(broker.port)
    stranger.next("/state")
    stranger.send("vrclient/foyer-1/command", content)
    told = json.loads(stranger.next("/reply/test"))
    assert not told["done"] and said in told["said"]["en"] and told["said"]["zh"] and stand.heard == []
    stranger.close()


def test_a_retained_command_and_what_is_none_do_nothing(broker, stand):
    stranger = Stranger(broker.port)
    stranger.next("/state")
    for rubbish in (b"", b"\xff\x00", b"[" * 8000, b"x" * 100_000, b'{"command": "stop"}', b'{"id": ["a"], "command": "stop"}'):
        stranger.send("vrclient/foyer-1/command", rubbish)
    stranger.send("vrclient/foyer-1/command", asked("language", {"language": "en"}, **{"from": "a/b/#"}))
    assert json.loads(stranger.next("/reply/anyone"))["done"]
    assert [one.name for one in stand.heard] == ["language"]
    stranger.close()


def test_a_retained_command_is_refused(broker):
    stranger = Stranger(broker.port)
    stranger.send("vrclient/foyer-1/command", asked("start"), retain=True)
    stand = SimulatedStand()
    mouth = BrokerMouth(stand, BrokerSettings(host="127.0.0.1", port=broker.port))
    mouth.start()
    told = json.loads(stranger.next("/reply/test"))
    assert told["said"]["en"] == "a retained command is not carried out" and stand.heard == []
    mouth.close()
    stranger.close()


def test_no_commands_where_they_are_not_wanted(broker):
    stand = SimulatedStand()
    mouth = BrokerMouth(stand, BrokerSettings(host="127.0.0.1", port=broker.port, commands="none"))
    mouth.start()
    stranger = Stranger(broker.port)
    stranger.next("/state")
    stranger.send("vrclient/foyer-1/command", asked("start"))
    stand.change(volume_percent=10)
    stranger.next("/state")
    assert stand.heard == []
    mouth.close()
    assert retained(broker.port)["vrclient/foyer-1/availability"] == b"offline"
    stranger.close()


def test_home_assistant_finds_a_device_and_loses_it(broker, stand):
    waited(lambda: "vrclient/foyer-1/state" in retained(broker.port))
    found = json.loads(retained(broker.port)["homeassistant/device/vrclient_foyer-1/config"])
    parts = found["components"]
    assert found["device"]["name"] == "大厅一号" and found["availability_topic"] == "vrclient/foyer-1/availability"
    assert {"state", "glass", "left", "problem", "battery_headset", "start", "stop", "extend", "volume"} <= set(parts)
    assert "restart" not in parts and parts["start"]["command_topic"] == "vrclient/foyer-1/command"
    assert len({part["unique_id"] for part in parts.values()}) == len(parts)
    request = json.loads(parts["start"]["command_template"])
    assert request["command"] == "start" and "utcnow()" in request["expires_at"]


def test_a_stand_that_is_given_up_leaves_nothing(broker):
    settings = BrokerSettings(host="127.0.0.1", port=broker.port)
    mouth = BrokerMouth(SimulatedStand(), settings)
    mouth.start()
    waited(lambda: len(retained(broker.port)) == 3)
    mouth.close()
    assert decommission(settings, "foyer-1")
    assert retained(broker.port) == {}


def test_a_broker_that_is_cut_is_found_again_and_told_what_is_true_then(broker, stand):
    hall = Hall(BrokerSettings(host="127.0.0.1", port=broker.port))
    hall.start()
    waited(lambda: hall.stands().get("foyer-1", (0, False))[1])
    broker.kill()
    stand.change(state="tour", left_s=600.0)
    stand.change(volume_percent=20)
    waited(lambda: hall.problem is not None)
    assert hall.problem.zh
    broker.start()
    waited(lambda: hall.stands()["foyer-1"] == (stand.status(), True))
    waited(lambda: hall.problem is None)
    assert hall.ask("foyer-1", Command("stop")).done
    hall.close()


def test_without_a_broker_it_says_so_and_ends_at_once(tmp_path):
    mouth = BrokerMouth(SimulatedStand(), BrokerSettings(host="127.0.0.1", port=1))
    mouth.start()
    waited(lambda: mouth.problem is not None)
    assert mouth.problem.en == "the broker 127.0.0.1:1 cannot be reached"
    began = time.monotonic()
    mouth.close()
    assert time.monotonic() - began < 10.0


PROGRAM = """
import sys, time
from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.mqtt.mouth import BrokerMouth
BrokerMouth(SimulatedStand("hall-2"), BrokerSettings(host="127.0.0.1", port=int(sys.argv[1]))).start()
time.sleep(120)
"""


def test_whoever_is_killed_is_offline(broker):
    hall = Hall(BrokerSettings(host="127.0.0.1", port=broker.port))
    hall.start()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(broker.port)], cwd=Path(__file__).parents[2])
    waited(lambda: hall.stands().get("hall-2", (0, False))[1])
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    waited(lambda: not hall.stands()["hall-2"][1])
    assert hall.ask("hall-2", Command("start")).said.en == "that stand is not heard of"
    hall.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves a socket whose handshake fails
def test_a_broker_with_users_and_certificates(tmp_path):
    def made(name, *more):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem", *more],
            check=True, capture_output=True,
        )  # fmt: skip

    made("authority")
    for name in ("server", "stand"):
        made(name, "-CA", tmp_path / "authority.pem", "-CAkey", tmp_path / "authority.key",
             "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE")  # fmt: skip
    secret = tmp_path / "password"
    secret.write_text("open sesame\n")
    subprocess.run(["mosquitto_passwd", "-b", "-c", tmp_path / "users", "stand", "open sesame"], check=True, capture_output=True)
    tmp_path.chmod(0o755)
    configured = [
        "allow_anonymous false", f"password_file {tmp_path / 'users'}", f"cafile {tmp_path / 'authority.pem'}",
        f"certfile {tmp_path / 'server.pem'}", f"keyfile {tmp_path / 'server.key'}", "require_certificate true",
    ]  # fmt: skip
    if os.geteuid() == 0:
        configured.append("user root")
    wanted = BrokerSettings(
        host="127.0.0.1", tls=True, user="stand", password_file=str(secret), authority=str(tmp_path / "authority.pem"),
        certificate=str(tmp_path / "stand.pem"), key=str(tmp_path / "stand.key"),
    )  # fmt: skip

    def problem(changed):
        hall = Hall(wanted.model_copy(update=changed))
        hall.start()
        try:
            return waited(lambda: hall.problem).en
        finally:
            hall.close()

    with mosquitto(tmp_path, "\n".join(configured)) as broker:
        wanted = wanted.model_copy(update={"port": broker.port})
        secret.chmod(0o644)
        assert "others can read the broker's password; 'chmod 600' it" in problem({})
        secret.chmod(0o600)
        assert "Not authorized" in problem({"user": "somebody"})
        assert "cannot be reached" in problem({"authority": str(tmp_path / "stand.pem")})
        hall = Hall(wanted)
        mouth = BrokerMouth(SimulatedStand(), wanted.model_copy(update={"commands": "technician"}))
        hall.start()
        mouth.start()
        waited(lambda: hall.stands().get("foyer-1", (0, False))[1])
        assert hall.ask("foyer-1", Command("restart")).done
        mouth.close()
        hall.close()

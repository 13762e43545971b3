"""What strangers publish: whatever it is, it is a request, a refusal or nothing; a status, a reply or nothing."""

import datetime
import json

from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import KINDS, Command, Who
from vrclient.kiosk.mqtt.hall import MAX_STANDS, Hall
from vrclient.kiosk.mqtt.topics import MAX_REQUEST, Asked, read_reply, read_request, request
from vrclient.kiosk.status import Status

NOW = datetime.datetime(2026, 12, 1, 9, 0, tzinfo=datetime.UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=8), one, max_size=4),
    max_leaves=8,
)
TIMES = st.datetimes(timezones=st.just(datetime.UTC)).map(datetime.datetime.isoformat)
REQUESTS = st.fixed_dictionaries(
    {"id": st.just("r1") | JSON, "command": st.sampled_from([kind.name for kind in KINDS]) | JSON},
    optional={"from": JSON, "arguments": JSON, "expires_at": TIMES | JSON},
)
PAYLOADS = st.binary(max_size=200) | (JSON | REQUESTS).map(lambda found: json.dumps(found).encode())


@given(payload=PAYLOADS, retained=st.booleans(), who=st.sampled_from([None, *Who]))
@example(payload=b"[" * MAX_REQUEST, retained=False, who=None)
@example(payload=b" " * (MAX_REQUEST + 1), retained=False, who=None)
@example(payload=b'{"id": "r1", "expires_at": "0001-01-01T00:00:00+23:59", "command": "stop"}', retained=False, who=Who.ATTENDANT)
def test_a_request_is_right_or_refused_in_words_or_nobodys(payload, retained, who):
    found = read_request(payload, retained=retained, who=who, now=NOW)
    if found is not None:
        assert (found.command is None) != (found.refused is None)
        assert found.id.isprintable() and not set(found.sender) & set("/+#")
        assert found.command is None or (who is not None and not retained)


@given(minutes=st.integers(1, 60), seconds=st.integers(-100, 100))
def test_a_request_is_read_as_it_was_written_until_it_expires(minutes, seconds):
    written = request(
        Command("extend", {"minutes": minutes}), id="r1", sender="hall-1", expires_at=NOW + datetime.timedelta(seconds=seconds)
    )
    found = read_request(written, retained=False, who=Who.ATTENDANT, now=NOW)
    if seconds >= 0:
        assert found == Asked("r1", "hall-1", Command("extend", {"minutes": minutes}, "mqtt"))
    else:
        assert found is not None and found.refused is not None


@given(payload=PAYLOADS)
def test_a_reply_is_right_or_nothing(payload):
    found = read_reply(payload)
    assert found is None or found[1].said.en is not None


@given(topic=st.text(max_size=40), payload=PAYLOADS, retained=st.booleans())
@example(topic="vrclient/foyer-1/state", payload=SimulatedStand("other").status().model_dump_json().encode(), retained=True)
@example(topic="vrclient/foyer-1/state", payload=b"x" * 100_000, retained=False)
def test_a_hall_keeps_what_is_a_stands_status_alone(topic, payload, retained):
    hall = Hall(BrokerSettings(host="127.0.0.1"))
    for name in (topic, "vrclient/foyer-1/state", "vrclient/foyer-1/availability", "vrclient/x/reply/y"):
        hall.heard(name, payload, retained)
    assert hall.tiles() == []


def test_a_hall_is_bounded_and_keeps_the_later_status():
    hall = Hall(BrokerSettings(host="127.0.0.1"))
    stand = SimulatedStand()
    before = stand.status()
    stand.change(state="tour")
    for status in (stand.status(), before):
        hall.heard("vrclient/foyer-1/state", status.model_dump_json().encode(), False)
    assert hall.stands()["foyer-1"] == (stand.status(), False)
    again = Status(**(before.model_dump() | {"boot": "another"}))
    hall.heard("vrclient/foyer-1/state", again.model_dump_json().encode(), False)
    assert hall.stands()["foyer-1"][0] == again
    for number in range(2 * MAX_STANDS):
        hall.heard(f"vrclient/s{number}/availability", b"online", False)
    assert len(hall._tiles) == MAX_STANDS
    hall.heard("vrclient/foyer-1/availability", b"", False)
    assert hall.stands() == {}

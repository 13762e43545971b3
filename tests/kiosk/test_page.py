"""The page's addresses, asked as browsers, scripts and strangers ask them."""

import asyncio
import http.client
import json
import socket
import ssl
import subprocess
import threading
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.commands import KINDS, Who
from vrclient.kiosk.page import app as app_module
from vrclient.kiosk.page import server as server_module
from vrclient.kiosk.page.app import Page
from vrclient.kiosk.page.guard import MAX_BODY
from vrclient.kiosk.page.server import MAX_CONNECTIONS, PageServer
from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.pins import Patience, hashed

PIN, TECHNICIANS = "2468", "97531"
HASH, TECHNICIANS_HASH = hashed(PIN), hashed(TECHNICIANS)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Browser:
    """What a browser would send, but for what `headers` says."""

    def __init__(self, port, *, scheme="http", trusted=None):
        self.port, self.scheme, self.trusted = port, scheme, trusted
        self.cookie = self.token = ""

    def ask(self, method, path, content=None, /, **headers):
        body = content if isinstance(content, bytes) else None if content is None else json.dumps(content).encode()
        sent = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie, "X-Token": self.token}
        sent |= {"Origin": f"{self.scheme}://127.0.0.1:{self.port}"} if method == "POST" else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.scheme == "https":
            link = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.trusted)
        else:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = link.getresponse()
            return answer, answer.read()
        finally:
            link.close()

    def log_in(self, pin=PIN):
        answer, body = self.ask("POST", "/api/login", {"pin": pin})
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
            self.token = json.loads(body)["token"]
        return answer, json.loads(body)

    def command(self, name, arguments=None, /, **headers):
        answer, body = self.ask("POST", "/api/command", {"command": name, "arguments": arguments or {}}, **headers)
        return answer.status, json.loads(body)


@pytest.fixture
def served():
    stand = SimulatedStand()
    wanted = PageSettings(enabled=True, port=free_port(), pin_hash=HASH, technician_pin_hash=TECHNICIANS_HASH)
    server = PageServer(stand, wanted)
    server.start()
    yield stand, Browser(wanted.port)
    server.close()
    assert not [one for one in threading.enumerate() if one.name == "page"]


def test_nothing_is_told_or_done_without_a_pin(served):
    stand, browser = served
    for path in ("/api/session", "/api/events", "/api/picture"):
        assert browser.ask("GET", path)[0].status == 401
    assert browser.command("stop")[0] == 401
    assert browser.log_in("0000")[1]["said"]["en"] == "that is not the PIN"
    assert stand.heard == []


def test_who_has_the_pin_asks_and_commands(served):
    stand, browser = served
    answer, known = browser.log_in()
    assert known["who"] == "attendant" and "restart" not in [one["name"] for one in known["commands"]]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert browser.command("start", {"language": "en"}) == (
        200,
        {"done": True, "said": {"zh": "好的", "en": "done"}, "value": None},
    )
    assert stand.status().state == "tour" and stand.heard[0].by == "page"
    picture, data = browser.ask("GET", "/api/picture")
    assert data == stand.shown.data and picture.headers["x-age"] == "0.40" and picture.headers["content-type"] == "image/jpeg"
    stand.shown = None
    assert browser.ask("GET", "/api/picture")[0].status == 404
    assert browser.command("restart")[1]["said"]["en"] == "'restart' is for technicians"
    status, refused = browser.command("explode")
    assert status == 400 and refused["said"]["en"].endswith(", ".join(kind.name for kind in KINDS))
    browser.ask("POST", "/api/logout", {})
    assert browser.command("start")[0] == 401


def test_technicians_have_a_pin_of_their_own(served):
    stand, browser = served
    assert browser.log_in(TECHNICIANS)[1]["who"] == "technician"
    assert browser.command("restart")[0] == 200 and stand.heard[-1].name == "restart"


def test_wrong_pins_are_slowed_and_the_right_one_too_while_it_waits(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(app_module, "Patience", lambda: Patience(clock=lambda: now[0]))
    wanted = PageSettings(enabled=True, port=free_port(), pin_hash=HASH)
    server = PageServer(SimulatedStand(), wanted)
    server.start()
    browser = Browser(wanted.port)
    assert [browser.log_in(f"000{n}")[0].status for n in range(4)] == [403] * 4
    answer, body = browser.log_in(PIN)
    assert answer.status == 429 and answer.headers["retry-after"] == "1"
    assert body["said"]["en"] == "too many wrong PINs; wait 1 s"
    now[0] += 1.0
    assert browser.log_in(PIN)[0].status == 200
    server.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"X_Token": "guessed"},
        {"X_Token": ""},
    ],
)
def test_a_page_of_another_origin_changes_nothing(served, headers):
    stand, browser = served
    browser.log_in()
    status, _ = browser.command("stop", **headers)
    assert status in (401, 403) and stand.heard == []


def test_a_name_that_leads_here_is_not_answered(served):
    _, browser = served
    browser.log_in()
    for name in ("elsewhere.example", "127.0.0.1.elsewhere.example", "192.168.1.7", ""):
        assert browser.ask("GET", "/api/picture", Host=f"{name}:{browser.port}")[0].status == 421
    assert browser.ask("GET", "/api/picture", Host=f"localhost:{browser.port}")[0].status == 200


def test_what_a_browser_may_do_with_it_is_strict(served):
    _, browser = served
    for path in ("/", "/files/operator.js", "/api/session", "/nothing"):
        answer, body = browser.ask("GET", path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
        assert b"http://" not in body.replace(b"http://www.w3.org", b"") and b"https://" not in body
    assert browser.ask("GET", "/files/../app.py")[0].status == 404


def test_only_what_is_configured_is_served(served):
    _, browser = served
    browser.log_in()
    for path in ("/metrics", "/hall", "/api/hall/events", "/docs"):
        assert browser.ask("GET", path)[0].status == 404


def test_a_status_is_told_at_once_when_it_changes(served):
    stand, browser = served
    browser.log_in()
    link = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=20)
    link.request("GET", "/api/events", headers={"Cookie": browser.cookie})
    answer = link.getresponse()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert json.loads(answer.readline()[6:])["state"] == "attract"
    stand.change(state="tour", left_s=60.0)
    for _ in range(8):
        line = answer.readline()
        if line.startswith(b"data: ") and json.loads(line[6:])["state"] == "tour":
            break
    else:
        pytest.fail("the change was not told")
    answer.close()
    link.close()


def test_metrics_are_served_where_they_are_wanted():
    stand = SimulatedStand()
    wanted = PageSettings(enabled=True, port=free_port(), metrics=True)
    server = PageServer(stand, wanted)
    server.start()
    browser = Browser(wanted.port)
    answer, body = browser.ask("GET", "/metrics")
    lines = body.decode().splitlines()
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'vrclient_session_state{vrclient_session_state="attract"} 1.0' in lines
    assert 'vrclient_glass{vrclient_glass="headset"} 1.0' in lines
    assert 'vrclient_battery_ratio{device="right"} 0.18' in lines and "vrclient_frame_age_seconds 0.02" in lines
    assert not [line for line in lines if line.startswith("vrclient_session_left_seconds ")]
    assert browser.log_in()[1]["said"]["en"] == "no PIN is set; 'vrclient pin' makes one"
    server.close()


def test_this_computer_alone_reaches_it_by_default(served):
    _, browser = served
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", browser.port), timeout=5)


def test_who_says_nothing_keeps_nobody_out(monkeypatch):
    monkeypatch.setattr(server_module, "REQUEST_S", 0.5)
    wanted = PageSettings(enabled=True, port=free_port())
    server = PageServer(SimulatedStand(), wanted)
    server.start()
    silent = [socket.create_connection(("127.0.0.1", wanted.port), timeout=5) for _ in range(MAX_CONNECTIONS + 6)]
    browser = Browser(wanted.port)
    until = time.monotonic() + 20.0
    while browser.ask("GET", "/")[0].status != 200:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert all(one.recv(1) == b"" for one in silent)
    for one in silent:
        one.close()
    server.close()


def test_a_port_that_is_taken_is_an_error_of_the_system():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = PageServer(SimulatedStand(), PageSettings(enabled=True, port=taken.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            server.start()


def test_the_network_gets_tls_or_nothing(tmp_path):
    with pytest.raises(ValidationError, match="the PIN must not cross it in the clear"):
        PageSettings(enabled=True, address="0.0.0.0")
    certificate, key = tmp_path / "stand.pem", tmp_path / "stand.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=stand", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    wanted = PageSettings(
        enabled=True, address="0.0.0.0", port=free_port(), certificate=str(certificate), key=str(key), pin_hash=HASH
    )
    server = PageServer(SimulatedStand(), wanted)
    server.start()
    browser = Browser(wanted.port, scheme="https", trusted=ssl.create_default_context(cafile=str(certificate)))
    answer, _ = browser.log_in()
    assert answer.headers["set-cookie"].startswith("__Host-stand=") and "Secure" in answer.headers["set-cookie"]
    assert browser.command("start")[0] == 200
    assert browser.ask("GET", "/", Host="elsewhere.example")[0].status == 421
    server.close()
    broken = wanted.model_copy(update={"key": str(certificate)})
    with pytest.raises(ssl.SSLError):
        PageServer(SimulatedStand(), broken).start()


def posted(page, path, body, headers):
    """Status and JSON of a POST, straight to the application."""
    told = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        told.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1"), *headers],
    }  # fmt: skip
    asyncio.run(page.app()(scope, receive, send))
    return told[0]["status"], json.loads(b"".join(one.get("body", b"") for one in told[1:]))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
)
COMMANDS = st.fixed_dictionaries({"command": st.sampled_from([kind.name for kind in KINDS]) | JSON, "arguments": JSON})


@settings(max_examples=50)
@given(body=st.binary(max_size=300) | (JSON | COMMANDS).map(lambda found: json.dumps(found).encode()))
@example(body=b"[" * MAX_BODY)
@example(body=b'{"command": "start", "arguments": {"showcase": "' + b"x" * MAX_BODY + b'"}}')
@example(body=b'{"command": "message", "arguments": {"text": "\\ud800"}}')
@example(body=b'{"command": "volume", "arguments": {"percent": NaN}}')
def test_whatever_is_posted_is_answered_in_words(body):
    page = Page(SimulatedStand(), PageSettings(enabled=True, pin_hash=HASH))
    cookie, session = page.logins.begin(Who.TECHNICIAN)
    known = [(b"cookie", f"stand={cookie}".encode()), (b"x-token", session.token.encode())]
    status, told = posted(page, "/api/command", body, known)
    assert status in (200, 400) and told["said"]["zh"] and told["said"]["en"]
    status, told = posted(page, "/api/login", body, [])
    assert status == 403 and told["said"]["en"] == "that is not the PIN"

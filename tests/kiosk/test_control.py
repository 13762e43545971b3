"""The local socket, by itself and from `vrclient ctl` in a process of its own."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.commands import KINDS
from vrclient.kiosk.control import (
    MAX_REQUEST,
    PORT_FILE,
    SOCKET,
    ControlServer,
    KioskRuns,
    NoKiosk,
    UnsafeFolder,
    answer,
    ask,
    runtime_folder,
)


@pytest.fixture(params=["unix", "port"])
def served(request, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    stand = SimulatedStand()
    server = ControlServer(stand, unix=request.param == "unix")
    server.start()
    yield stand, server
    server.close()


def ctl(*words, cwd):
    program = [sys.executable, "-m", "vrclient", "ctl", *words]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, cwd=cwd)


def test_commands_are_carried_out_and_answered(served):
    stand, _ = served
    assert ask("start", {"language": "en"}).done
    assert stand.status().state == "tour" and stand.status().language == "en"
    refused = ask("volume", {"percent": 300})
    assert not refused.done and "from 0 to 100" in refused.said.en
    assert ask("status", {}).value["sequence"] == 1


def test_only_this_user_reaches_it_and_nothing_is_left(served):
    _, server = served
    folder = runtime_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()] == [0o600]
    server.close()
    assert list(folder.iterdir()) == []
    with pytest.raises(NoKiosk, match=r"no kiosk of this user runs on this computer .* start it with 'vrclient kiosk'"):
        ask("status", {})


def test_a_second_supervisor_is_refused_and_a_killed_ones_socket_is_taken(served):
    _, server = served
    with pytest.raises(KioskRuns, match="already runs"):
        ControlServer(SimulatedStand()).start()
    server.close()
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(runtime_folder() / SOCKET))
    dead.close()
    after = ControlServer(SimulatedStand("foyer-2"))
    after.start()
    assert ask("status", {}).value["stand"] == "foyer-2"
    after.close()


def test_a_folder_that_is_open_to_others_is_refused(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    with pytest.raises(UnsafeFolder, match="chmod 700"):
        ControlServer(SimulatedStand(), folder=folder).start()


def test_a_port_wants_the_token(tmp_path):
    stand = SimulatedStand()
    server = ControlServer(stand, folder=tmp_path / "run", unix=False)
    server.start()
    port = json.loads((tmp_path / "run" / PORT_FILE).read_text())["port"]
    for line in (
        b'{"command": "stop"}',
        b'{"command": "stop", "token": "guessed"}',
        b'{"command": "stop", "token": 7}',
        b"x" * 70_000,
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as link, link.makefile("rb") as file:
            link.sendall(line + b"\n")
            try:
                told = file.readline()
            except ConnectionResetError:  # it does not read on what is too long
                continue
            assert json.loads(told)["done"] is False
    assert stand.heard == []
    server.close()


JSON = st.recursive(
    st.none() | st.text() | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(line=st.binary(max_size=200) | JSON.map(lambda found: json.dumps(found).encode()))
@example(line=b"[" * 16_000)
@example(line=b" " * (MAX_REQUEST + 1))
@example(line=b'{"command": "volume", "arguments": {"percent": 1e999}}')
def test_whatever_comes_is_answered_in_words(line):
    outcome = answer(SimulatedStand(), line, "")
    assert not outcome.done and outcome.said.en and outcome.said.zh


def test_a_stand_that_fails_is_said_and_logged(caplog):
    class Broken(SimulatedStand):
        def do(self, command):
            raise RuntimeError("disk full")

    outcome = answer(Broken(), b'{"command": "start"}', "")
    assert outcome.said.en == "it has failed by a fault of the program; the log says more" and "disk full" in caplog.text


@pytest.mark.parametrize("served", ["unix"], indirect=True)
def test_the_command_line(served, tmp_path):
    stand, server = served
    done = ctl("start", "zhangjiajie", "language=en", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    shown = ctl("status", cwd=tmp_path)
    assert shown.stdout.splitlines()[:3] == [
        "Foyer 1 (foyer-1): tour, 10:00 left",
        "on the glass: headset, it changed 0.3 s ago",
        "showcase zhangjiajie, language en, volume 80 %, locked",
    ]
    picture = ctl("screenshot", "-o", "glass.jpg", cwd=tmp_path)
    assert picture.stdout == "glass.jpg: 320x180, 0.4 s old\n"
    assert stand.shown is not None and (tmp_path / "glass.jpg").read_bytes() == stand.shown.data
    assert ctl("logs", cwd=tmp_path).stdout == "12:00:00 client started\n12:00:03 headset found\n"
    wrong = ctl("strat", cwd=tmp_path)
    assert wrong.returncode == 2 and "there is no command 'strat'; there are: status, screenshot, start" in wrong.stderr
    refused = ctl("language", "xx", cwd=tmp_path)
    assert (refused.returncode, refused.stderr) == (1, "vrclient: that language is not there\n")
    assert json.loads(ctl("logs", "2", "--json", cwd=tmp_path).stdout)["value"][0] == "12:00:00 client started"
    server.close()
    absent = ctl("status", cwd=tmp_path)
    assert absent.returncode == 4 and "start it with 'vrclient kiosk'" in absent.stderr and "Traceback" not in absent.stderr


def test_the_registry_is_listed_without_a_kiosk(tmp_path):
    listed = ctl(cwd=tmp_path)
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:] if line[0] != " "] == [kind.name for kind in KINDS]


def test_a_session_without_a_runtime_folder_is_no_news(tmp_path):
    without = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"} | {"TMPDIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "vrclient", "ctl", "status"], capture_output=True, text=True, timeout=60, env=without, cwd=tmp_path
    )
    assert run.returncode in (0, 4) and "Warning" not in run.stderr


def test_it_needs_nothing_of_the_extra(tmp_path):
    blocked = "import sys; sys.modules.update(dict.fromkeys(('starlette', 'uvicorn', 'paho', 'prometheus_client')))"
    program = f"{blocked}; sys.argv = ['vrclient', 'ctl', 'status']; from vrclient.__main__ import main; main()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
                         env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}, cwd=Path(__file__).parent)  # fmt: skip
    assert run.returncode == 4, run.stderr

"""`vrclient kiosk` with everything that talks with it: a real client on a real X server, the page, a real broker, and `ctl`."""

import io
import json
import os
import subprocess
import sys

import numpy as np
from broker import mosquitto
from glass import screen_picture, wait_for, x_server
from PIL import Image
from test_mqtt import retained
from test_page import HASH, PIN, Browser, free_port

from vrclient.kiosk import control

SIZE = (480, 300)
HANG_S = 150.0


def test_a_stand_is_seen_and_told_what_to_do_from_everywhere(tmp_path):
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    port = free_port()

    def status():
        try:
            return control.ask("status", {}, folder=runtime / "vrclient").value
        except control.NoKiosk:
            return None

    def until(holds, what):
        try:
            return wait_for(lambda: (found := status()) and holds(found) and found, what, seconds=HANG_S)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{status()}\n{(tmp_path / 'log.txt').read_text('utf-8')}") from None

    with x_server(SIZE) as display, mosquitto(tmp_path) as broker:
        (tmp_path / "kiosk.yaml").write_text(
            f"stand: foyer-1\nshowcases: [minimal]\ndisplay: window\nquality: low\nsound: false\nattract_s: 0\nsession_s: 600\n"
            f"page: {{enabled: true, port: {port}, pin_hash: {HASH}}}\nbroker: {{host: 127.0.0.1, port: {broker.port}}}\n"
        )
        environment = os.environ | {
            "DISPLAY": display,
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        program = [sys.executable, "-m", "vrclient", "kiosk"]
        with (tmp_path / "log.txt").open("wb") as log:
            kiosk = subprocess.Popen(
                [*program, "--config", tmp_path / "kiosk.yaml", "--no-stills"],
                env=environment,
                cwd=tmp_path,
                stdout=log,
                stderr=log,
            )
        try:
            until(lambda found: found["rung"] == "window" and not found["faults"], "the client's picture")
            browser = Browser(port)
            browser.log_in(PIN)

            def is_true():
                answer, data = browser.ask("GET", "/api/picture")
                if answer.status != 200 or float(answer.headers["x-age"]) > 3.0:
                    return False
                glass = screen_picture(display)
                shown = np.asarray(Image.open(io.BytesIO(data)).convert("RGB").resize(SIZE), dtype=int)
                return np.abs(shown - np.asarray(glass)[..., :3]).mean() < 12.0 and shown.std() > 10.0

            wait_for(is_true, "a true picture on the page", seconds=HANG_S)
            assert browser.command("start")[1]["done"]
            until(lambda found: found["state"] == "tour", "the visit")
            wait_for(
                lambda: json.loads(retained(broker.port)["vrclient/foyer-1/state"])["state"] == "tour",
                "the broker",
                seconds=HANG_S,
            )
            broker.kill()
            until(lambda found: [one["code"] for one in found["faults"]] == ["broker-away"], "a fault that says so")
            assert browser.command("stop")[1]["done"]
            broker.start()
            until(lambda found: not found["faults"] and found["state"] != "tour", "the broker back")
            wait_for(
                lambda: json.loads(retained(broker.port).get("vrclient/foyer-1/state", b'{"state": "tour"}'))["state"] != "tour",
                "the state that is true now",
                seconds=HANG_S,
            )
            kiosk.terminate()
            assert kiosk.wait(60) == 143
            assert retained(broker.port)["vrclient/foyer-1/availability"] == b"offline"
            gone = subprocess.run(
                [*program, "uninstall", "--config", tmp_path / "kiosk.yaml"], env=environment, capture_output=True, text=True
            )
            assert "the broker 127.0.0.1 keeps nothing of 'foyer-1' any more" in gone.stdout, gone.stderr
            assert retained(broker.port) == {}
        finally:
            kiosk.kill()
            kiosk.wait(30)

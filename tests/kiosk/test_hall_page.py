"""The attendants' page of a hall in a real browser: stands found at a real broker, told what to do, and missed when they go."""

import pytest
from broker import mosquitto
from browser import chromium, logged_in, shown
from selenium.webdriver.common.by import By
from test_mqtt import waited
from test_page import HASH, PIN, Browser, free_port

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.mqtt.hall import Hall
from vrclient.kiosk.mqtt.mouth import BrokerMouth
from vrclient.kiosk.page.server import PageServer
from vrclient.kiosk.page_settings import PageSettings


@pytest.fixture
def hall(tmp_path):
    """The stands, their mouths, and the page's server."""
    with mosquitto(tmp_path) as broker:
        at = BrokerSettings(host="127.0.0.1", port=broker.port)
        stands = [SimulatedStand(name) for name in ("foyer-1", "foyer-2", "lounge")]
        mouths = [BrokerMouth(stand, at) for stand in stands]
        known = Hall(at)
        server = PageServer(stands[0], PageSettings(enabled=True, port=free_port(), pin_hash=HASH, hall=True), hall=known)
        for one in (*mouths, known, server):
            one.start()
        yield stands, mouths, server
        for one in (server, known, *mouths):
            one.close()


def test_an_attendant_looks_after_three_stands(hall, tmp_path):
    stands, mouths, server = hall
    with chromium(tmp_path, language="zh-CN") as browser:
        logged_in(browser, f"{server.url}hall", PIN)
        for name in ("foyer-1", "foyer-2", "lounge"):
            shown(browser, f"[data-stand={name}] .now", "等待观众")
        shown(browser, "[data-stand=foyer-2] .main", "开始").click()
        shown(browser, "[data-stand=foyer-2] .now", "参观中")
        assert stands[1].heard[0].by == "mqtt" and stands[0].heard == []
        shown(browser, "[data-stand=foyer-2] .main", "延长 5 分钟").click()
        waited(lambda: stands[1].status().left_s == 900.0)
        shown(browser, "[data-stand=lounge] button", "呼叫").click()
        shown(browser, "#call-choices button", "请到服务台").click()
        waited(lambda: stands[2].status().message == "请到服务台")
        shown(browser, "[data-stand=foyer-2] .grave", "结束").click()
        shown(browser, "#sure-yes").click()
        shown(browser, "[data-stand=foyer-2] .now", "参观结束")
        width = "return document.querySelector('[data-stand=lounge] img').naturalWidth"
        waited(lambda: browser.execute_script(width) == 320)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 390
        mouths[2].close()
        shown(browser, "[data-stand=lounge].offline .said", "失去联系")
        assert not browser.find_element(By.CSS_SELECTOR, "[data-stand=lounge] button").is_enabled()
        shown(browser, "#title", "1 个展台需要处理")


def test_what_cannot_be_done_at_a_stand_is_said(hall):
    stands, _, server = hall
    browser = Browser(server._settings.port)
    assert browser.ask("GET", "/api/hall/events")[0].status == 401
    browser.log_in()
    waited(lambda: browser.ask("GET", "/api/hall/picture?stand=lounge")[0].status == 200)
    for stand in ("nobody", "#", "+", ""):
        answer, body = browser.ask("POST", "/api/hall/command", {"stand": stand, "command": "start"})
        assert answer.status == 200 and b"that stand is not heard of" in body
    answer, body = browser.ask("POST", "/api/hall/command", {"stand": "lounge", "command": "restart"})
    assert b"'restart' is for technicians" in body and stands[2].heard == []

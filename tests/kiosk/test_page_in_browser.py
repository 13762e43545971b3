"""The operator's page in a real browser, on a phone's screen, in both languages."""

import pytest
from browser import PATIENCE_S, chromium, logged_in, shown
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from test_page import HASH, PIN, free_port

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.page.server import PageServer
from vrclient.kiosk.page_settings import PageSettings

TEXTS = {
    "en": {"waiting": "Waiting", "visit": "Visiting", "start": "Start", "stop": "End", "clean": "Clean", "cleaned": "Cleaned",
           "sure": "End?", "over": "Visit over", "cleaning": "To be cleaned", "wrong": "that is not the PIN"},
    "zh": {"waiting": "等待观众", "visit": "参观中", "start": "开始", "stop": "结束", "clean": "清洁", "cleaned": "已清洁",
           "sure": "确定“结束”？", "over": "参观结束", "cleaning": "请清洁头显", "wrong": "PIN 不对"},
}  # fmt: skip


@pytest.fixture
def served():
    stand = SimulatedStand()
    server = PageServer(stand, PageSettings(enabled=True, port=free_port(), pin_hash=HASH))
    server.start()
    yield stand, server
    server.close()


def waited(condition):
    WebDriverWait(None, PATIENCE_S, poll_frequency=0.1).until(lambda _: condition())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_attendants_day(served, tmp_path, language):
    stand, server = served
    texts = TEXTS[language]
    with chromium(tmp_path, language="zh-CN" if language == "zh" else "en") as browser:
        logged_in(browser, server.url, "0000")
        shown(browser, "#pin-said", texts["wrong"])
        logged_in(browser, server.url, PIN)
        shown(browser, "#state-name", texts["waiting"])
        waited(lambda: browser.execute_script("return document.querySelector('#picture').naturalWidth") == 320)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 390
        small = "return [...document.querySelectorAll('button')].filter(b => b.offsetHeight && b.offsetHeight < 44).length"
        assert browser.execute_script(small) == 0

        shown(browser, "#actions button", texts["start"]).click()
        shown(browser, "#state-name", texts["visit"])
        assert shown(browser, "#left").text in ("10:00", "9:59", "9:58")

        shown(browser, "#languages [data-language=en]").click()
        waited(lambda: stand.status().language == "en")
        shown(browser, "#undo").click()
        waited(lambda: stand.status().language == "zh")
        shown(browser, "#louder").click()
        waited(lambda: stand.status().volume_percent == 90)

        shown(browser, "#actions .grave", texts["stop"]).click()
        shown(browser, "#sure-title", texts["sure"])
        assert stand.status().state == "tour"
        shown(browser, "#sure-yes").click()
        shown(browser, "#state-name", texts["over"])
        shown(browser, "#actions button", texts["clean"]).click()
        shown(browser, "#state-name", texts["cleaning"])
        shown(browser, "#actions button", texts["cleaned"]).click()
        shown(browser, "#state-name", texts["waiting"])

        shown(browser, "#presets button").click()
        waited(lambda: stand.status().message == "工作人员马上就来")  # in the visitor's language

        stand.shown = None
        shown(browser, "#age.old")
        severe = [one["message"] for one in browser.get_log("browser") if one["level"] == "SEVERE"]
        assert all("/api/session" in one or "/api/login" in one or "/api/picture" in one for one in severe), severe
        server.close()
        shown(browser, "#lost")


def test_a_page_elsewhere_with_the_attendants_cookie_changes_nothing(served, tmp_path):
    stand, server = served
    elsewhere = PageServer(SimulatedStand(), PageSettings(enabled=True, port=free_port()))
    elsewhere.start()
    with chromium(tmp_path) as browser:
        logged_in(browser, server.url, PIN)
        shown(browser, "#actions button", "Start")
        browser.get(elsewhere.url)
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})  # the other page is not as strict as ours
        browser.get(elsewhere.url)
        asked = (
            "const [url, done] = arguments; fetch(url + 'api/command', {method: 'POST', mode: 'no-cors', credentials: 'include', "
            "body: JSON.stringify({command: 'start'})}).then(a => done(a.type), e => done(String(e)))"
        )
        assert browser.execute_async_script(asked, server.url) in ("opaque", "TypeError: Failed to fetch")
        assert browser.find_elements(By.CSS_SELECTOR, "#door")
    elsewhere.close()
    assert stand.heard == []

"""A real Chromium, headless, the size of a phone: the system's own, by its own driver. Fails, rather than skips, without them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import noto_cjk_sans_otc
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PHONE = (390, 844)
PATIENCE_S = 40.0


@contextmanager
def chromium(folder: Path, /, *, language: str = "en", size: tuple[int, int] = PHONE) -> Iterator[webdriver.Chrome]:
    """A new one, with nothing in its profile, and letters for Chinese."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.fail("chromium or chromedriver missing; on Debian: apt install chromium chromium-driver")
    fonts = folder / "fonts.conf"
    letters = Path(noto_cjk_sans_otc.__file__).parent
    fonts.write_text(f"<fontconfig><dir>{letters}</dir><cachedir>{folder / 'fonts'}</cachedir></fontconfig>")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for one in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run", "disable-component-update",
                "disable-background-networking", f"lang={language}", f"user-data-dir={folder / 'profile'}"):  # fmt: skip
        options.add_argument(f"--{one}")
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.add_experimental_option(
        "mobileEmulation",
        {"deviceMetrics": {"width": size[0], "height": size[1], "pixelRatio": 1.0, "touch": True, "mobile": True}},
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(driver, env=os.environ | {"FONTCONFIG_FILE": str(fonts), "LANGUAGE": language})
    browser = webdriver.Chrome(options=options, service=service)
    try:
        yield browser
    finally:
        browser.quit()


def shown(browser: webdriver.Chrome, selector: str, text: str = "", /) -> WebElement:
    """The first that is seen and has that text in it; waits for it."""

    def found(_: object) -> WebElement | bool:
        return next(
            (one for one in browser.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed() and text in one.text), False
        )

    wait = WebDriverWait(browser, PATIENCE_S, poll_frequency=0.1)
    return wait.until(found, f"nothing like {selector} with '{text}'")


def logged_in(browser: webdriver.Chrome, url: str, pin: str, /) -> None:
    """Opens the page, and gives the PIN."""
    browser.get(url)
    shown(browser, "#pin").send_keys(pin)
    shown(browser, "#enter").click()

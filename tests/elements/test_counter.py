"""A service counter: cards that can be read and scanned, and what a clerk is told."""

import datetime
import os
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from vrclient.elements import kinds
from vrclient.elements.counter import CounterModel, build
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.pointer import Targets, reading_spot
from vrclient.panels import service_card
from vrclient.panels.service_card import READ_FROM, card_images
from vrclient.render_data.quality import Quality
from vrclient.renderer.preview import daylight, one_view, render_draw_data
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext
from vrclient.scene.interactives import Counter, Service, chosen_card
from vrclient.showcase.load import LoadResult, load_showcase

TITLE = {"zh": "一网通办", "en": "Government services online"}
LONG = "https://service.example.org/" + "guide/" * 26 + "?matter=1234567"


def service(**keys: object) -> dict[str, object]:
    told = {
        "bring": {"zh": "身份证", "en": "An identity card"},
        "hours": {"zh": "以网页公布为准", "en": "As posted"},
        "phone": "12345",
    }
    return {"title": TITLE, "url": "https://zwdt.sh.gov.cn", "checked": "2026-06-01", **told, **keys}


def model(*services: dict[str, object], **keys: object) -> CounterModel:
    entry = {"kind": "counter", "id": "desk", "title": {"zh": "政务服务", "en": "City services"}, "at": [0, 0]}
    return CounterModel.model_validate({**entry, "services": services or (service(),), **keys})


def made(*services: dict[str, object], **keys: object) -> DrawData:
    return build(model(*services, **keys), BuildContext())


def card(**keys: object) -> Service:
    data = made(service(**keys))
    (counter,) = data.interactives
    assert isinstance(counter, Counter)
    return counter.services[0]


@pytest.mark.parametrize(
    ("url", "lines", "time", "distance"),
    [
        ("https://zwdt.sh.gov.cn", 720, "12:00", 1.5),
        ("https://zwdt.sh.gov.cn", 720, "20:30", 1.3),
        (LONG[:70], 720, "20:30", 1.5),
        (LONG, 1080, "12:00", 1.5),
    ],
)
def test_its_code_is_read_from_a_picture_of_the_scene(url: str, lines: int, time: str, distance: float):
    """As a window of so many lines shows it, 60 degrees high; the middle of the window is enough."""
    assert len(LONG) == 199
    data = made(service(url=url))
    center = data.selectables[0].center
    fov = 2 * np.arctan(np.tan(np.radians(30.0)) * 640 / lines)
    view = one_view((center[0], center[1] - distance, 1.75), heading=0.0, fov=fov, size=(640, 640))
    picture = render_draw_data([data], view, environment=daylight(time), quality=Quality(samples=1, shadow_size=0))
    assert [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(picture), zxingcpp.QRCode)] == [url]


@settings(max_examples=12)
@given(st.integers(28, 199))
def test_the_code_on_a_card_is_read_whatever_its_length(length: int):
    url = LONG[:length]
    (image,) = card_images([card(url=url)], ("zh", "en"))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(image.pixels[..., :3]), zxingcpp.QRCode)
    assert [code.text for code in found] == [url]


def test_letters_are_a_degree_high():
    for text in ("身份证", "IDENTITY CARD"):
        paragraph = service_card.Paragraph(text, service_card.letter_size(text) * service_card.PIXELS_PER_METER)
        picture = Pictures.new("RGBA", (1000, 200))
        service_card.draw_text(picture, service_card.laid_out([paragraph]), at=(50, 50))
        rows = np.nonzero((np.asarray(picture)[..., 3] > 128).any(axis=1))[0]
        high = (np.ptp(rows) + 1) / service_card.PIXELS_PER_METER
        assert np.degrees(np.arctan(high / READ_FROM)) > 1.0


def test_inks_stand_out_from_their_ground():
    weights = np.array([0.2126, 0.7152, 0.0722])
    ground = linear_color(service_card.GROUND) @ weights
    for ink in (service_card.INK, service_card.QUIET_INK, service_card.ACCENT):
        assert (ground + 0.05) / (linear_color(ink) @ weights + 0.05) >= 4.5


def test_cards_are_as_high_as_each_other_and_grow_with_their_text():
    full = card(address={"zh": "湖滨路" * 12, "en": "Lakeside Road " * 7})
    short, long = card_images([card(bring=None), full], ("zh", "en"))
    assert short.pixels.shape == long.pixels.shape
    assert card_images([card(bring=None)], ("zh", "en"))[0].pixels.shape[0] < 0.75 * long.pixels.shape[0]


def test_what_is_left_out_has_no_line():
    heights = [card_images([card(**keys)], ("zh", "en"))[0].pixels.shape[0] for keys in ({}, {"bring": None}, {"phone": None})]
    assert heights[0] > max(heights[1:])


def test_a_language_without_text_is_marked_on_its_card():
    marked = card_images([card(bring={"zh": "身份证"})], ("zh", "en"))[0].pixels
    empty = card_images([card(bring={"zh": "身份证", "en": "[no English text yet]"})], ("zh", "en"))[0].pixels
    assert np.array_equal(marked, empty)


def test_every_card_and_the_counter_can_be_chosen():
    data = made(service(), service(url="https://www.fengxian.gov.cn"))
    (counter,) = data.interactives
    assert isinstance(counter, Counter)
    assert [one.id for one in data.selectables] == ["desk.0", "desk.1", "desk"]
    assert [chosen_card(counter, one.id) for one in data.selectables] == [0, 1, None]
    assert all(one.offers is counter for one in data.selectables)
    assert [one.url for one in counter.services] == ["https://zwdt.sh.gov.cn", "https://www.fengxian.gov.cn"]
    assert (counter.services[0].checked, counter.services[0].address) == ("2026-06-01", {})


@pytest.mark.parametrize("heading_deg", [0.0, 77.0, 320.0])
def test_faces_are_where_their_selectables_say(heading_deg: float):
    data = made(service(), service(), at=[4, 5], heading_deg=heading_deg)
    plates = [surface.mesh for surface in data.surfaces if surface.material.surface == "image"]
    for one, plate in zip(data.selectables[:2], plates[:2], strict=True):
        right, up = np.array(one.right), np.array(one.up)
        across, high = np.meshgrid([-one.half[0], one.half[0]], [-one.half[1], one.half[1]])
        for corner in np.array(one.center) + across.reshape(-1, 1) * right + high.reshape(-1, 1) * up:
            assert np.linalg.norm(plate.position - corner, axis=1).min() < 1e-5
        assert np.allclose(np.cross(right, up), plate.normal[0], atol=1e-6)
    left, right = (np.array(one.center) for one in data.selectables[:2])
    assert (right - left) @ np.array(data.selectables[0].right) == pytest.approx(1.07)


def test_one_steps_up_to_each_card_and_cannot_walk_through():
    data = made(service(), service(), service(), heading_deg=320.0)
    floor = np.array([[[-20, -20, 0], [20, -20, 0], [20, 20, 0]], [[-20, -20, 0], [20, 20, 0], [-20, 20, 0]]], np.float32)
    obstacles = Obstacles.build(floor, data.walls)
    targets = Targets.build(data.selectables)
    for number in range(3):
        spot = reading_spot(targets, number, obstacles)
        assert spot is not None
        feet = np.array(spot.spot)
        assert 1.2 < np.linalg.norm(feet[:2] - targets.center[number][:2]) < 1.6
        assert obstacles.clearance(feet[:2], feet=0.0) >= BODY_RADIUS
        assert obstacles.wall_between(feet + np.array([0, 0, 0.5]), targets.center[number] - [0, 0, 0.5])
    assert reading_spot(targets, 3, obstacles) is not None  # the sign


def test_without_a_canopy_it_is_lower():
    roofed, bare = (max(surface.mesh.position[:, 2].max() for surface in made(canopy=on).surfaces) for on in (True, False))
    assert bare < roofed - 0.2 and not made(canopy=False).lights


HEAD = """\
vrclient: 1
title: {zh: 试, en: Test}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
  - {kind: spawn, at: [0, 0]}
  - kind: counter
    title: {zh: 政务, en: Services}
    at: [0, 9]
    services:
      - title: {zh: 一网通办, en: Services online}
"""


def loaded(folder: Path, *lines: str) -> LoadResult:
    (folder / "showcase.yaml").write_text(HEAD + "".join(f"        {line}\n" for line in lines), "utf-8")
    return load_showcase(folder, {"counter": kinds()["counter"].model, "spawn": kinds()["spawn"].model})


@pytest.mark.parametrize("clock", [datetime.date(1970, 1, 1), datetime.date(2020, 1, 1), datetime.date(2026, 10, 30)])
def test_a_day_to_come_is_said_and_refuses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: datetime.date):
    """A computer whose battery is empty wakes up in 1970, and the files that it unpacks are of that day."""

    class Clock(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return clock

    monkeypatch.setattr("vrclient.showcase.load.datetime.date", Clock)
    (tmp_path / "showcase.yaml").write_text("")
    os.utime(tmp_path / "showcase.yaml", (0, 0))
    result = loaded(tmp_path, "url: https://a.cn", "checked: 2026-11-01")
    (one,) = result.diagnostics
    assert result.showcase is not None
    assert (one.severity, one.code, one.place.line, one.place.column) == ("warning", "out-of-date", 12, 18)
    assert one.message == f"'checked' (2026-11-01) has not come yet; it is {clock} by this computer's clock"
    assert one.help == "write the day on which the card was compared with its page; set the clock if it is wrong"


def test_a_card_of_long_ago_is_a_warning():
    old = model(service(checked="2025-12-01"), service(checked="2024-11-01"))
    assert old.remarks(datetime.date(2026, 4, 30)) == []
    ((path, remark),) = old.remarks(datetime.date(2026, 6, 1))
    assert path == ("services", 1, "checked")
    assert remark.message == "'checked' (2024-11-01) is 19 months ago"
    assert remark.help == "compare the card with the service's page, and write today's date"


@pytest.mark.parametrize(
    ("lines", "code", "place", "message", "help"),
    [
        (
            ["url: zwdt.sh.gov.cn", "checked: 2026-06-01"],
            "wrong-value",
            (11, 14),
            "'url': the address must begin with https:// or http://",
            "write https://zwdt.sh.gov.cn",
        ),
        (
            ["url: 'javascript:alert(1)'", "checked: 2026-06-01"],
            "wrong-value",
            (11, 14),
            "'url': 'javascript:' does not open a service's page",
            "give an address that begins with https:// or http://",
        ),
        (
            [f"url: https://a.cn/{'a' * 190}", "checked: 2026-06-01"],
            "wrong-length",
            (11, 14),
            "'url' has 203 characters; at most 200 are allowed",
            "shorten it",
        ),
        (
            ["url: https://a.cn", f"bring: {{zh: {'证' * 45}, en: Card}}", "checked: 2026-06-01"],
            "wrong-value",
            (12, 9),
            "'bring' in 'zh' has 45 characters",
            "a card holds 44, the rest is for its page",
        ),
        (
            ["url: https://a.cn"],
            "missing-key",
            (10, 9),
            "'services' needs the key 'checked'",
            "add for example checked: 2026-11-20 (The day on which this card was last compared with the page)",
        ),
    ],
    ids=["no scheme", "script", "too long", "too much", "never checked"],
)
def test_what_a_clerk_is_told(tmp_path: Path, lines: list[str], code: str, place: tuple[int, int], message: str, help: str):
    (one,) = loaded(tmp_path, *lines).diagnostics
    assert (one.code, (one.place.line, one.place.column), one.message, one.help) == (code, place, message, help)

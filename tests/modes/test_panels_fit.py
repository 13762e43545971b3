"""Panels fit every window: nothing is cut, nothing covers anything else, all that is said is said, and it can be read."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from panels_samples import BARE, MANY, OFFER, STATES

from vrclient.modes.panels.room import FITTING, Shown, room_for
from vrclient.modes.panels.shown import panels
from vrclient.modes.panels.still_there import STILL_THERE
from vrclient.modes.placing import Body, PanelPlaces, StandingPanel
from vrclient.modes.state import Offer
from vrclient.panels.pressing import hit, targets
from vrclient.panels.theme import TARGET_PIXELS
from vrclient.panels.widgets import Box, Button, Label, ListBox, Panel, Slider

WINDOWS = (
    (480, 270), (640, 360), (640, 368), (800, 450), (960, 540), (1024, 600), (1280, 720), (1920, 1080), (3840, 2160),
    (1080, 1920), (720, 1280), (480, 800), (2560, 600), (3440, 1440), (1024, 768), (801, 451),
)  # fmt: skip


def shown_in(name: str, pixels: tuple[int, int], language: str, offer: Offer) -> tuple[Shown, ...]:
    spoken = "春天，樱花开在湖边。" if name == "screen" else ""
    state = replace(STATES[name], language=language)
    return panels(state, offer, device="touch", pixels=pixels, subtitle_now=spoken, left=(7.0, 15.0) if state.started else None)


def standing(shown: tuple[Shown, ...], pixels: tuple[int, int]) -> list[tuple[StandingPanel, Box]]:
    """Each panel, and the pixels of the window that it covers."""
    body = Body(np.eye(4), np.eye(4), tracked=False, fov=1.0, pixels=pixels)
    found = []
    for one in PanelPlaces().update([(each.panel, each.anchor) for each in shown], body, seconds=0.1):
        x, _, z = one.world_from_sheet[:3, 3] / one.metre
        (width, height), middle = one.panel.size, (pixels[0] / 2 + x, pixels[1] / 2 - z)
        box = Box(middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)
        found.append((one, box))
    return found


def texts(panel: Panel) -> list[str]:
    found = [getattr(one.widget, "text", getattr(one.widget, "label", "")) for one in panel.widgets]
    return [text for text in found if text]


def smallest_text(panel: Panel) -> float:
    return min(
        (one.widget.size for one in panel.widgets if isinstance(one.widget, Button | Label | ListBox | Slider)), default=99
    )


@pytest.mark.parametrize("pixels", WINDOWS)
def test_nothing_is_cut_and_nothing_covers_anything_else(pixels: tuple[int, int]) -> None:
    window = Box(-0.5, -0.5, pixels[0] + 0.5, pixels[1] + 0.5)
    for name in STATES:
        for language in ("zh", "en"):
            for offer in (OFFER, BARE, MANY):
                where = f"{name} {language} {pixels}"
                seen = standing(shown_in(name, pixels, language, offer), pixels)
                for one, box in seen:
                    panel = one.panel
                    assert window.left <= box.left and window.top <= box.top, where
                    assert box.right <= window.right and box.bottom <= window.bottom, f"{where}: {panel.id} {box}"
                    for spot, place in targets(panel):
                        assert -0.5 <= place.left < place.right <= panel.size[0] + 0.5, f"{where}: {spot}"
                        assert -0.5 <= place.top < place.bottom <= panel.size[1] + 0.5, f"{where}: {spot}"
                        assert min(place.width, place.height) >= 22.0 * room_for("touch", pixels).sizes.scale, f"{where}: {spot}"
                    assert all(min(each.box.width, each.box.height) > 0.0 for each in panel.widgets), f"{where}: {panel.id}"
                others = [(one.panel.id, box) for one, box in seen if one.panel.id != STILL_THERE]
                for number, (id, box) in enumerate(others):
                    for other, beside in others[:number]:
                        across = min(box.right, beside.right) - max(box.left, beside.left)
                        down = min(box.bottom, beside.bottom) - max(box.top, beside.top)
                        assert min(across, down) <= 0.5, f"{where}: {id} over {other}"


@pytest.mark.parametrize("pixels", [(720, 450), (800, 450), (960, 540), (1024, 600)])
def test_what_can_be_pressed_is_large_enough_for_a_finger_in_low_windows_too(pixels: tuple[int, int]) -> None:
    for name in STATES:
        for language in ("zh", "en"):
            for offer in (OFFER, BARE, MANY):
                for one in shown_in(name, pixels, language, offer):
                    for spot, place in targets(one.panel):
                        assert min(place.width, place.height) >= TARGET_PIXELS - 0.5, f"{name} {language} {pixels}: {spot}"


@settings(max_examples=30)
@given(st.integers(480, 3840), st.integers(270, 2160), st.sampled_from(sorted(STATES)), st.sampled_from(["zh", "en"]))
@example(960, 540, "start", "zh")
@example(640, 360, "card", "en")
def test_what_is_drawn_is_what_is_hit(width: int, height: int, name: str, language: str) -> None:
    pixels = (width, height)
    for one, box in standing(shown_in(name, pixels, language, OFFER), pixels):
        assert box.left >= -0.5 and box.top >= -0.5 and box.right <= width + 0.5 and box.bottom <= height + 0.5, one.panel.id
        for spot, place in targets(one.panel):
            if spot.row is None and not isinstance(one.panel.placed(spot.widget).widget, ListBox | Label):  # type: ignore[union-attr]
                assert hit(one.panel, place.middle) == spot


@pytest.mark.parametrize(
    ("pixels", "least"), [((1080, 1920), 20), ((1920, 1080), 28), ((720, 450), 18), ((640, 360), 14), ((480, 270), 11)]
)
def test_text_is_never_smaller_than_can_be_read(pixels: tuple[int, int], least: int) -> None:
    for name in STATES:
        for language in ("zh", "en"):
            for one in shown_in(name, pixels, language, OFFER):
                assert smallest_text(one.panel) >= least, f"{name}: {one.panel.id}"


@pytest.mark.parametrize("pixels", [one for one in WINDOWS if one != (1920, 1080)])
def test_a_small_window_says_all_that_a_large_one_says(pixels: tuple[int, int]) -> None:
    for name in ("start", "card", "help", "counter", "exhibit", "touring", "told", "notice"):
        for language in ("zh", "en"):
            large = shown_in(name, (1920, 1080), language, OFFER)
            small = {one.panel.id: one.panel for one in shown_in(name, pixels, language, OFFER)}
            for one in large:
                if one.panel.id != "bar":
                    assert set(texts(one.panel)) <= set(texts(small[one.panel.id])), f"{name} {language} {pixels}"


def test_a_window_in_which_everything_fits_has_buttons_for_fingers() -> None:
    assert room_for("touch", (round(FITTING[0]), round(FITTING[1]))).sizes.button == 45

"""What the cover shows is never black and never cut; its pad takes a PIN and shows none of it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vrclient.cover.pad import KEYS, LONGEST, PinEntry, origin, pad, tapped
from vrclient.cover.pictures import composed, plate
from vrclient.kiosk.watch import BLACK
from vrclient.link.corner import TAPS, WITHIN_S, Corner
from vrclient.link.corner import tapped as corner_tapped
from vrclient.panels.pressing import targets

TITLE = {"zh": "奉贤·九棵树", "en": "Fengxian, Nine Trees"}
TEXT = {"zh": "马上就好", "en": "Just a moment"}
SIZES = [(480, 300), (1920, 1080), (1080, 1920), (3840, 2160), (160, 90)]


@pytest.mark.parametrize("size", SIZES)
def test_there_is_always_something_to_see(size: tuple[int, int], tmp_path: Path) -> None:
    broken = tmp_path / "still.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    for picture in (None, broken, tmp_path / "absent.png"):
        image = np.asarray(composed(picture, TITLE, TEXT, size))
        assert image.shape == (size[1], size[0], 3)
        assert (image.max(axis=2) > BLACK).mean() > 0.99 and image.std() > 4.0


def test_a_still_fills_the_glass(tmp_path: Path) -> None:
    Image.new("RGB", (50, 80), (10, 200, 30)).save(tmp_path / "still.png")
    image = np.asarray(composed(tmp_path / "still.png", {}, {}, (320, 200)))
    assert (image == (10, 200, 30)).all()


@pytest.mark.parametrize("size", SIZES[:4])
def test_plate_and_pad_fit_the_glass(size: tuple[int, int]) -> None:
    for panel in (plate(TITLE, TEXT, size), pad("12", TITLE, TEXT, size)):
        assert panel is not None
        assert panel.size[0] <= size[0] and panel.size[1] <= size[1]
        for one in panel.widgets:
            assert one.box.left >= 0 and one.box.right <= panel.size[0] and one.box.bottom <= panel.size[1]


def typed(names: str, size: tuple[int, int] = (1920, 1080)) -> PinEntry:
    """A finger on these keys, one after the other."""
    entry = PinEntry()
    for name in names.split():
        panel = pad(entry.digits, TITLE, TEXT, size)
        box = next(box for spot, box in targets(panel) if spot.widget == name)
        (x, y), (left, top) = box.middle, origin(panel, size)
        entry = tapped(entry.digits, panel, (x + left, y + top), size)
    return entry


def test_a_pin_is_typed() -> None:
    assert typed("1 2 0 9 enter") == PinEntry("1209", done=True)
    assert typed("1 2 back 3") == PinEntry("13")
    assert typed("enter") == PinEntry(), "there is nothing to enter"
    assert typed("1 leave") == PinEntry("", done=True)
    assert typed(" ".join(["7"] * 20)) == PinEntry("7" * LONGEST)
    assert tapped("12", pad("12", TITLE, TEXT, (800, 600)), (1.0, 1.0), (800, 600)) == PinEntry("12"), "beside the pad"


def test_digits_are_not_shown() -> None:
    panels = {digits: pad(digits, TITLE, TEXT, (800, 600)) for digits in ("1234", "9876")}
    assert panels["1234"] == panels["9876"] != pad("123", TITLE, TEXT, (800, 600))
    assert len(KEYS) == 12


def test_five_taps_in_the_corner() -> None:
    size = (1000, 600)

    def after(*taps: tuple[float, float, float]) -> int:
        corner = Corner()
        for x, y, now in taps:
            corner = corner_tapped(corner, (x, y), size, now)
        return corner.gestures

    quick = [(20.0, 20.0, 0.3 * k) for k in range(TAPS)]
    assert after(*quick) == 1 and after(*quick[:-1]) == 0
    assert after(*quick, *quick[:-1]) == 1, "each gesture needs all of its taps"
    assert after(*[(20.0, 20.0, WITHIN_S * k) for k in range(2 * TAPS)]) == 0, "too slow"
    assert after(*quick[:4], (500.0, 300.0, 1.3), (20.0, 20.0, 1.4)) == 0, "one was elsewhere"
    assert after(*[(980.0, 20.0, 0.3 * k) for k in range(TAPS)]) == 0, "another corner"

"""QR codes are read back by another program's decoder."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from vrclient.panels.qr import LONGEST, QUIET, qr_modules, qr_picture

URL = "https://zwdt.sh.gov.cn"
ADDRESSES = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-./?=&%_~", min_size=1, max_size=LONGEST - 8).map("https://".__add__)


@given(ADDRESSES, st.integers(90, 300))
def test_what_is_read_is_what_was_written(text: str, pixels: int):
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray(qr_picture(text, pixels=pixels).pixels[..., :3]), zxingcpp.QRCode)
    assert code.text == text


@given(ADDRESSES)
def test_modules_are_square_and_white_all_round(text: str):
    modules = qr_modules(text)
    assert modules.shape[0] == modules.shape[1]
    inner = modules[QUIET:-QUIET, QUIET:-QUIET]
    assert inner.sum() == modules.sum() and inner[0].any() and inner[:, 0].any()


def test_every_module_has_as_many_pixels():
    modules, picture = qr_modules(URL), qr_picture(URL, pixels=100)
    assert len(modules) == 33 and picture.pixels.shape == (100, 100, 4)
    assert np.array_equal(picture.pixels[:99, :99, 0][1::3, 1::3] == 0, modules)
    assert (picture.pixels[..., 3] == 255).all()


def test_the_same_text_is_the_same_picture():
    assert qr_picture(URL) is qr_picture(URL)


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match=r"^text must have 1 to 200 characters, not 201$"):
        qr_modules("a" * 201)
    with pytest.raises(ValueError, match=r"^text must have 1 to 200 characters, not 0$"):
        qr_picture("")
    with pytest.raises(ValueError, match=r"^pixels must be at least 33 for this text, not 32$"):
        qr_picture(URL, pixels=32)

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.scene.fonts import (
    FACE_NAME,
    HAN_HEIGHT,
    LATIN_FACE_NAME,
    Paragraph,
    _face,
    has_han,
    laid_out,
    missing_glyphs,
    text_image,
    text_mask,
    text_width,
    wrapped,
)


def test_the_face_is_the_simplified_one_by_name():
    assert _face(32).getname()[0] == FACE_NAME


def test_missing_glyphs_names_what_the_face_lacks_and_nothing_else():
    assert missing_glyphs("奉贤城市之门 Fengxian，2019-10-25\n①→°é") == set()
    assert missing_glyphs("入口😀\ue000") == {"😀", "\ue000"}
    assert missing_glyphs("  \t\u200b") == set()


def test_a_missing_character_is_drawn_as_a_box_and_never_blank():
    mask = text_mask("\ue000", 60)
    rows, columns = np.nonzero(mask > 0.5)
    assert np.ptp(rows) > 40 and np.ptp(columns) > 30
    inside = mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert inside[0].min() > 0.5 and inside[-1].min() > 0.5 and inside[:, 0].min() > 0.5 and inside[:, -1].min() > 0.5


def test_simplified_shapes_differ_from_the_japanese_ones():
    from noto_cjk_sans_otc import FONT_PATH
    from PIL import ImageFont

    japanese = ImageFont.truetype(str(FONT_PATH), 64, index=0)
    assert bytes(_face(64).getmask("门骨直角")) != bytes(japanese.getmask("门骨直角"))


@given(text=st.text("奉贤城市之门，。（）“”ab c-dwxyz 12", max_size=60), width=st.floats(45.0, 400.0))
@settings(max_examples=60, deadline=None)
def test_wrapping_keeps_all_characters_and_the_width(text, width):
    lines = wrapped(text, 20.0, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 20.0) <= width + 60.0 for line in lines)


def test_chinese_breaks_between_characters_but_not_before_a_full_stop():
    assert wrapped("城市之门。欢迎", 20.0, 82.0) == ["城市之", "门。欢迎"]
    assert wrapped("城市（之门）", 20.0, 62.0) == ["城市", "（之", "门）"]


def test_english_breaks_between_words_and_cuts_what_is_too_long():
    assert wrapped("a place to enter", 20.0, 100.0) == ["a place to", "enter"]
    assert all(text_width(line, 20.0) <= 100.0 for line in wrapped("Donaudampfschifffahrtsgesellschaft", 20.0, 100.0))


def test_a_han_character_has_its_height():
    rows = np.nonzero(text_mask("国", 200).max(axis=1) > 0.5)[0]
    assert abs((np.ptp(rows) + 1) / 200 - HAN_HEIGHT) < 0.08


def test_lines_are_centred():
    layout = laid_out([Paragraph("奉贤城市", 40.0), Paragraph("City", 20.0)], align="center")
    assert np.allclose([line.x + line.width / 2 for line in layout.lines], layout.width / 2)


def test_an_image_without_background_is_clear_and_keeps_its_colour_between_letters():
    image = text_image([Paragraph("门", 60.0, color=(1.0, 0.0, 0.0))], name="sign", padding=6)
    assert image.pixels.dtype == np.uint8 and image.name == "sign"
    assert (image.pixels[..., :3] == (255, 0, 0)).all()
    assert image.pixels[0].max(axis=0)[3] == 0 and image.pixels[..., 3].max() == 255


def test_bold_covers_more():
    assert text_mask("门", 100, weight="bold").sum() > 1.2 * text_mask("门", 100).sum()


def test_the_same_text_gives_the_same_pixels():
    one, other = (text_image([Paragraph("奉贤 Fengxian", 33.0, "bold")], name="a") for _ in range(2))
    assert np.array_equal(one.pixels, other.pixels)


def test_pillow_is_not_imported_with_the_module():
    code = "import sys, vrclient.scene.fonts; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(alphabet="AVTWaoyfilj. ,-“”—水上剧场，。（）12", max_size=30))
def test_a_line_is_as_wide_as_its_face_says(text: str) -> None:
    whole = _face(200, FACE_NAME if has_han(text) else LATIN_FACE_NAME).getlength(text) / 200
    assert text_width(text, 40.0) == pytest.approx(40.0 * whole, abs=1e-6)

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.panels.shapes import shortened
from vrclient.scene.characters import as_drawn
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
from vrclient.scene.signs import raised_letters


def test_the_face_is_the_simplified_one_by_name():
    assert _face(32).getname()[0] == FACE_NAME


def test_missing_glyphs_names_what_the_face_lacks_and_nothing_else():
    assert missing_glyphs("奉贤城市之门 Fengxian，2019-10-25\n①→°é") == set()
    assert missing_glyphs("入口😀\ue000") == {"😀", "\ue000"}
    assert missing_glyphs("  \t\u200b") == set()
    assert missing_glyphs("\ud800") == {"\ud800"}


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


@pytest.mark.parametrize(
    "whole",
    [
        "71,700㎡", "50％", "５０％", "７１，７００㎡", "10\u00a0km", "10\u202fkm", "25℃", "25°", "3‰", "12㎞",
        "9:00–17:00", "2019/10/25", "2019-10-25", "￥500", "€500", "city’s", "A\u2060中", "１２３ＡＢＣ", "“你", "好”",
        "（一）", "——", "……", "达·", "人々", "中，", "说\"好", "〖注〗", "约5㎥", "No.3", "https://",
    ],
)  # fmt: skip
def test_what_belongs_together_is_never_broken(whole):
    """UAX #14 and CLREQ; units in one character stay with their number."""
    drawn = as_drawn(whole)
    parts = [drawn] if not drawn.startswith(("约", "说", "A")) else [drawn[1:] if drawn[0] == "约" else drawn]
    for before in ("建筑面积", "the area is "):
        for width in range(40, 400, 7):
            lines = wrapped(f"{before}{whole}，等等", 20.0, max(width, text_width(drawn + "，", 20.0) + 1.0))
            assert any(part in line for part in parts for line in lines), lines


def test_lines_break_where_a_text_says_so():
    assert wrapped("Donau\u00addampf\u00adschiff", 20.0, 130.0) == ["Donaudampf-", "schiff"]
    assert wrapped("Donau\u00addampf", 20.0, 400.0) == ["Donaudampf"]
    assert wrapped("aaaaaa\u200bbbbbbb", 20.0, 100.0) == ["aaaaaa", "bbbbbb"]
    assert wrapped("一\u2028二\r\n三\r四\x85五", 20.0, 400.0) == ["一", "二", "三", "四", "五"]


UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u2066\ufe0e\ufe0f\u00ad\u0007\U000e0100\u061c\u180e\u3164\U000e0041"


@pytest.mark.parametrize("character", UNSEEN)
def test_invisible_characters_leave_nothing(character):
    assert as_drawn(f"咨询{character}电话") == "咨询电话"
    assert text_width(f"a{character}b", 40.0) == text_width("ab", 40.0)
    assert np.array_equal(text_mask(f"a{character}b", 40), text_mask("ab", 40))
    assert missing_glyphs(f"a{character}b") == set()


@pytest.mark.parametrize("space", "\t\u2009\u202f\u2003\u00a0\u205f\u200a")
def test_every_space_is_empty(space):
    assert np.array_equal(text_mask(f"a{space}", 40)[:, :40], text_mask("a ", 40)[:, :40])
    assert text_width("a b", 40.0) <= text_width(f"a{space}b", 40.0) <= text_width("a", 40.0) * 5


def test_accents_are_composed_and_those_that_stand_alone_are_left_out_and_named():
    assert as_drawn("Mu\u0308nchen") == "München"
    assert missing_glyphs("Mu\u0308nchen") == set()
    assert as_drawn("\u0301") == "" and missing_glyphs("\u0301") == {"\u0301"}
    assert missing_glyphs("☎\ufe0f") == set() and missing_glyphs("👩\u200d🚀") == {"👩", "🚀"}
    assert missing_glyphs("1\ufe0f\u20e3") == {"\u20e3"}


ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40) | st.text(
    UNSEEN + "\u0301\u20dd\ud800\udfff\ue000\uffff😀ש中A ،ا\u0e33\U00020000\U0010ffff\x00\x1b\n\r\t，（1%㎡－", max_size=60
)


@given(text=ANY_TEXT, width=st.floats(1.0, 500.0))
@settings(max_examples=200, deadline=None)
def test_any_text_is_drawn_and_lies_within_its_picture(text, width):
    image = text_image([Paragraph(text, 24.0), Paragraph(text, 12.0, "bold")], name="any", width=width)
    assert image.pixels.size
    layout = laid_out([Paragraph(text, 24.0)])
    assert np.isfinite([layout.width, layout.height]).all()
    lines = wrapped(text, 24.0, width)
    assert "".join("".join(lines).split()).replace("-", "") == "".join(as_drawn(text).split()).replace("-", "")
    assert all(len(line) <= 1 or text_width(line, 24.0) <= width + 48.0 for line in lines)
    assert shortened(text, 24, width) is not None


@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_stands_in_solid_letters(text):
    faces, edges = raised_letters(laid_out([Paragraph(text, 40.0)]), meters_per_pixel=0.01, depth=0.1)
    assert np.isfinite(faces.position).all() and np.isfinite(edges.position).all()


def test_a_very_long_word_is_cut_at_once():
    """Twenty thousand letters: a quadratic step would take minutes."""
    lines = wrapped("https://" + "a" * 20_000, 20.0, 300.0)
    assert len(lines) > 500 and all(text_width(line, 20.0) <= 300.0 for line in lines)


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
    code = "import sys, vrclient.scene.fonts; sys.exit('PIL.Image' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(alphabet="AVTWaoyfilj. ,-“”—水上剧场，。（）12", max_size=30))
def test_a_line_is_as_wide_as_its_face_says(text: str) -> None:
    whole = _face(200, FACE_NAME if has_han(text) else LATIN_FACE_NAME).getlength(text) / 200
    assert text_width(text, 40.0) == pytest.approx(40.0 * whole, abs=1e-6)


LETTERS = """
import hashlib, sys
if "engine" in sys.argv:
    from vrclient.renderer.context import open_context
    open_context("offscreen").close()
from vrclient.scene.fonts import Paragraph, text_image
print(hashlib.sha256(text_image([Paragraph("奉贤城市之门 Fengxian", 26.0)], name="").pixels).hexdigest())
"""


def test_letters_are_the_same_wherever_the_engine_was_loaded() -> None:
    """It brings a FreeType of its own, and its display modules put that in everybody's reach."""
    drawn = {
        subprocess.run([sys.executable, "-c", LETTERS, *order], capture_output=True, text=True, timeout=120, check=True).stdout
        for order in ([], ["engine"])
    }
    assert len(drawn) == 1

"""A panel's picture and the marks over it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.frame.sheets import MARKS_MAX, SheetPicture
from vrclient.panels.drawing import HOVER, PRESS, PRESS_PRIMARY, button_colors, drawn, marks
from vrclient.panels.icons import ICONS, layers, lines
from vrclient.panels.layout import columns, grid, rows
from vrclient.panels.parts import even_width, label_room, label_weight, lines_of, wished_width
from vrclient.panels.shapes import line_width, shortened
from vrclient.panels.theme import CONTRAST_MIN, FILLS, INKS, PAIRS, Fill, Ink, Sizes, contrast, seen
from vrclient.panels.widgets import Box, Button, Icon, Label, ListBox, ListRow, Panel, PictureBox, Placed, Plate, Slider, Spot

SIZES = Sizes()


def a_panel(label: str = "Go", *, ground: Fill | None = "glass", hole: Box | None = None) -> Panel:
    placed = (Placed(Box(10, 10, 150, 80), Button("go", label)), Placed(Box(10, 100, 290, 180), Slider("volume")))
    return Panel("p", (300, 200), placed, SIZES, hole=hole, ground=ground)


def test_black_on_white_has_the_contrast_of_the_formula() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize(("ink", "fill"), PAIRS)
@pytest.mark.parametrize("over", [None, HOVER, PRESS, PRESS_PRIMARY])
def test_every_text_can_be_read_before_black_and_white_hovered_and_pressed(
    ink: Ink, fill: Fill, over: tuple[float, float, float, float] | None
) -> None:
    if over is not None and ink == "off":
        return  # what is off neither hovers nor is pressed
    if over == PRESS and fill == "accent":
        return  # the accent is pressed with PRESS_PRIMARY
    if over == PRESS_PRIMARY and fill != "accent":
        return

    def under(color: tuple[float, float, float]) -> tuple[float, float, float]:
        if over is None:
            return color
        red, green, blue = (over[3] * 255 * mark + (1 - over[3]) * part for mark, part in zip(over[:3], color, strict=True))
        return (red, green, blue)

    for behind in ((0, 0, 0), (255, 255, 255), (90, 130, 190)):
        assert contrast(under(INKS[ink]), under(seen(fill, behind=behind))) >= CONTRAST_MIN


@given(st.sampled_from(["primary", "plain", "quiet"]), st.booleans(), st.booleans())
def test_buttons_are_drawn_in_pairs_that_can_be_read(style: str, enabled: bool, on: bool) -> None:
    ink, fill = button_colors(Button("b", "B", style=style, enabled=enabled, on=on))  # type: ignore[arg-type]
    assert (ink, fill or "glass") in PAIRS


def test_equal_panels_have_the_very_same_picture() -> None:
    assert a_panel() is not a_panel() and a_panel() == a_panel() and hash(a_panel()) == hash(a_panel())
    assert drawn(a_panel()) is drawn(a_panel())
    assert drawn(a_panel("Stop")) is not drawn(a_panel())
    for number in range(40):
        drawn(a_panel(str(number)))
    assert drawn.cache_info().currsize <= 16


def test_the_ground_is_dark_glass_with_round_corners_and_a_hole_is_clear() -> None:
    pixels = drawn(a_panel(hole=Box(200, 20, 280, 90))).pixels
    assert pixels.shape == (200, 300, 4) and pixels.dtype == np.uint8
    assert tuple(pixels[90, 180]) == (*FILLS["glass"], 235)
    assert pixels[0, 0, 3] == 0 and tuple(pixels[50, 240]) == (0, 0, 0, 0)
    assert tuple(pixels[20, 80]) == (*FILLS["raised"], 255)
    assert drawn(a_panel(ground=None)).pixels[90, 180, 3] == 0


def test_a_slider_s_value_is_a_mark_and_its_knob_is_where_it_stands() -> None:
    bar, knob = marks(a_panel(), values={"volume": 0.5})
    assert (knob.rect[0] + knob.rect[2]) / 2 * 300 == pytest.approx(150)
    assert (knob.rect[1] + knob.rect[3]) / 2 * 200 == pytest.approx(140)
    assert bar.rect[2] == pytest.approx((150 + 5) / 300) and bar.color[:3] == pytest.approx(np.array(INKS["accent"]) / 255)
    low, high = (marks(a_panel(), values={"volume": value})[1].rect[0] for value in (-3.0, 7.0))
    assert low == marks(a_panel())[1].rect[0] and high > low


def test_what_is_hovered_and_pressed_lies_over_its_box() -> None:
    for spot, color in (({"hovered": Spot("go")}, HOVER), ({"hovered": Spot("go"), "pressed": Spot("go")}, PRESS)):
        mark = marks(a_panel(), **spot)[-1]
        assert np.multiply(mark.rect, (300, 200, 300, 200)) == pytest.approx((10, 10, 150, 80)) and mark.color == color
    assert len(marks(a_panel(), hovered=Spot("volume"))) == 2, "a slider has its knob"
    assert len(marks(a_panel(), hovered=Spot("gone"))) == 2


def test_there_are_never_too_many_marks() -> None:
    placed = tuple(Placed(Box(0, 50 * k, 200, 50 * k + 48), Slider(str(k))) for k in range(9))
    assert len(marks(Panel("p", (200, 500), placed, SIZES), hovered=Spot("1"))) <= MARKS_MAX


def test_a_long_label_ends_in_an_ellipsis_of_its_script() -> None:
    assert shortened("Back to the exhibition hall", 28, 200) == "Back to the e..."
    assert shortened("返回上海国际展览中心的大厅", 28, 200) == "返回上海国际…"
    assert line_width("返回上海国际…", 28) <= 200
    label = Label("一二三四五六七八九十。" * 20, 28)
    pixels = drawn(Panel("p", (300, 120), (Placed(Box(10, 10, 290, 110), label),), SIZES)).pixels
    assert (pixels[100:, :, 0] < 100).all(), "nothing stands below the box"


def test_lines_do_not_break_within_a_range_and_begin_with_no_full_stop() -> None:
    text = "窗口周一至周五 9:00–11:30，13:30–17:00 开放。"
    for width in range(260, 700, 7):
        for line in lines_of(text, 28, width):
            assert not line.startswith(("–", "，", "。")) and not line.endswith("–")
    assert "".join(lines_of("一行\n又一行", 28, 900)) == "一行又一行"
    assert lines_of("one\nline\n\nmore", 28, 900) == ("one line", "", "more")


@given(st.text(st.sampled_from("ab cd。，中文字")), st.floats(60, 500))
def test_even_lines_are_as_few_as_could_be(text: str, width: float) -> None:
    even = even_width(text, 28, width)
    assert even <= width and len(lines_of(text, 28, even)) <= len(lines_of(text, 28, width))


@given(st.floats(0, 900), st.lists(st.none() | st.floats(0, 300), min_size=1, max_size=6), st.floats(0, 40))
def test_rows_and_columns_stand_one_after_the_other_within_their_box(
    length: float, sizes: list[float | None], gap: float
) -> None:
    box = Box(5, 7, 5 + length, 7 + length)
    for boxes, begin, end, start in (
        (rows(box, sizes, gap=gap), "top", "bottom", 7),
        (columns(box, sizes, gap=gap), "left", "right", 5),
    ):
        at = float(start)
        for one in boxes:
            assert getattr(one, begin) >= at - 1e-6 and getattr(one, end) >= getattr(one, begin)
            at = getattr(one, end)
        assert at <= start + length + 1e-6


def test_a_grid_fills_its_rows() -> None:
    boxes = grid(Box(0, 0, 210, 500), 3, across=2, height=40, gap=10)
    assert boxes == [Box(0, 0, 100, 40), Box(110, 0, 210, 40), Box(0, 50, 100, 90)]


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_drawn_within_their_square(name: str) -> None:
    masks = [np.asarray(mask) for _, mask in layers(name, 48)]
    assert masks and all(mask.shape == (48, 48) for mask in masks)
    whole = np.max(masks, axis=0)
    assert 40 < (whole > 128).sum() < 2000
    edge = np.concatenate([whole[0], whole[-1], whole[:, 0], whole[:, -1]])
    assert (edge > 128).sum() <= 4, "it is not cut off"


def test_an_unknown_icon_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^name is 'plya'; the icons are: .*, play, "):
        layers("plya", 24)
    with pytest.raises(ValueError, match=r"^path is 'M 0 0 Q 1'; 'Q' is none of M L C A O Z$"):
        lines("M 0 0 Q 1")


def test_a_scale_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^scale is 0.0; it must be more than 0$"):
        Sizes(0.0)
    assert Sizes(0.66).button >= 44


@settings(max_examples=25)
@given(st.floats(0.66, 2.0), st.text(max_size=60), st.floats(0, 260), st.floats(0, 180))
def test_whatever_is_written_and_however_small_its_box_it_is_drawn(scale: float, text: str, width: float, height: float) -> None:
    picture = SheetPicture(np.full((30, 40, 4), 200, np.uint8), "test")
    box = Box(20, 10, 20 + width, 10 + height)
    for widget in (
        Button("a", text, "play", size=20),
        Button("a", text, "play", stacked=True, enabled=False, size=20),
        Label(text, 20, align="center", middle=True),
        Label(text, 20, id="l", first=3),
        ListBox("l", (ListRow(text, text, "tour"), ListRow(text)) * 3, chosen=1, first=2),
        Slider("s", ticks=(0.0, 1.0), labels=((0.0, text), (1.0, text))),
        PictureBox(picture),
        PictureBox(picture, cover=True),
        Icon("play"),
        Plate(rim=True),
    ):
        panel = Panel("p", (300, 200), (Placed(box, widget),), Sizes(scale))
        assert drawn(panel).pixels[100, 290, 3] > 0
        marks(panel, hovered=Spot("a"))


@given(st.text(max_size=30), st.sampled_from(["primary", "plain"]), st.sampled_from([None, "play"]))
def test_a_button_as_wide_as_it_wishes_shows_its_whole_label(text: str, style: str, icon: str | None) -> None:
    button = Button("b", text, icon, style=style)  # type: ignore[arg-type]
    room = label_room(button, wished_width(button, SIZES), SIZES)
    assert shortened(text, button.size, room, label_weight(button)) == text

"""The visit's panels: which there are, that everything on them can be read and hit, that nothing is cut or covered."""

import datetime
import math
import re
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels_samples import BARE, BEGUN, COUNTER, EXHIBIT, MANY, OFFER, PLACES, SCREEN, STATES, TOUR, YEARS

from vrclient.modes import ids, timeline
from vrclient.modes.panels.caption import PROGRESS
from vrclient.modes.panels.dates import source_line
from vrclient.modes.panels.messages import MESSAGES, NAMES, day, message, month
from vrclient.modes.panels.room import Device, Shown, room_for
from vrclient.modes.panels.shown import panels
from vrclient.modes.placing import AHEAD_M, HAND_M, PIXELS_PER_METRE
from vrclient.modes.state import CloseUp, Offer, Settings, Touring, VisitState
from vrclient.panels.drawing import drawn, marks
from vrclient.panels.parts import label_room, label_weight, line_width, scrolling
from vrclient.panels.pressing import targets
from vrclient.panels.theme import CONTRAST_MIN, TARGET_DEGREES, TARGET_PIXELS, contrast
from vrclient.panels.widgets import Box, Button, Label, ListBox, Panel, Slider
from vrclient.scene.fonts import CAPITAL_HEIGHT, missing_glyphs
from vrclient.scene.interactives import Phase

ALL = [(name, device, pixels, language) for name in STATES for device, pixels in PLACES for language in ("zh", "en")]


def shown_in(name: str, device: Device, pixels: tuple[int, int], language: str, offer: Offer = OFFER) -> tuple[Shown, ...]:
    spoken = "春天，樱花开在湖边。" if name == "screen" else ""
    return panels(replace(STATES[name], language=language), offer, device=device, pixels=pixels, subtitle_now=spoken)


@cache
def every() -> list[tuple[str, Shown, Device, tuple[int, int]]]:
    return [
        (f"{name} {device} {pixels} {language}: {one.panel.id}", one, device, pixels)
        for name, device, pixels, language in ALL
        for one in shown_in(name, device, pixels, language)
    ]


def of(name: str, device: Device = "touch", *, language: str = "zh", offer: Offer = OFFER) -> dict[str, Panel]:
    return {one.panel.id: one.panel for one in shown_in(name, device, (1920, 1080), language, offer)}


def texts(panel: Panel) -> list[str]:
    """All that is written on it, in order of its widgets."""
    found: list[str] = []
    for placed in panel.widgets:
        match placed.widget:
            case Button(label=text) | Label(text=text):
                found += [text] if text else []
            case ListBox(rows=rows):
                found += [part for row in rows for part in (row.text, row.note) if part]
            case Slider(labels=labels):
                found += [text for _, text in labels]
    return found


def ids_of(panel: Panel) -> set[str]:
    return {spot.widget for spot, _ in targets(panel)}


def degrees(pixels: float, anchor: str) -> float:
    """As they are seen: a panel on the hand is as much nearer as it is smaller."""
    near = HAND_M if anchor == "hand" else AHEAD_M
    metres = pixels / PIXELS_PER_METRE * near / AHEAD_M
    return math.degrees(2 * math.atan(metres / near / 2))


def test_everything_that_can_be_pressed_is_large_enough_for_a_finger_and_for_an_aim() -> None:
    for name, one, device, _ in every():
        for spot, box in targets(one.panel):
            least = min(box.width, box.height)
            assert least >= TARGET_PIXELS, f"{name}: {spot} is {least} pixels"
            if device == "headset":
                assert degrees(least, one.anchor) >= TARGET_DEGREES, f"{name}: {spot} is {degrees(least, one.anchor)} degrees"


def test_all_text_is_a_degree_high_in_a_headset_and_18_pixels_on_a_screen_of_1080() -> None:
    for name, one, device, pixels in every():
        for placed in one.panel.widgets:
            size = getattr(placed.widget, "size", None)
            if not texts(Panel("one", one.panel.size, (placed,))):
                continue
            assert size is not None
            if device == "headset":
                assert degrees(CAPITAL_HEIGHT * size, one.anchor) >= 1.0, f"{name}: {placed.widget}"
            else:
                assert size >= 18 * min(pixels[1] / 1080, pixels[0] / 1350), f"{name}: {placed.widget}"


def test_everything_is_within_its_panel_and_the_panel_within_its_room() -> None:
    for name, one, device, pixels in every():
        room = room_for(device, pixels)
        width, height = one.panel.size
        assert width <= room.width + 1 and height <= room.height + 1, name
        for placed in one.panel.widgets:
            box = placed.box
            assert box.left >= -0.5 and box.top >= -0.5 and box.right <= width + 0.5 and box.bottom <= height + 0.5, (
                f"{name}: {placed}"
            )


def test_nothing_that_is_pressed_or_read_lies_over_another_and_no_hole_is_covered() -> None:
    def apart(first: Box, second: Box) -> bool:
        across = min(first.right, second.right) - max(first.left, second.left)
        down = min(first.bottom, second.bottom) - max(first.top, second.top)
        return across < 1.0 or down < 1.0

    for name, one, _, _ in every():
        boxes = [
            (f"{placed.widget}", placed.box)
            for placed in one.panel.widgets
            if isinstance(placed.widget, Button | Label | Slider | ListBox)
        ]
        if one.panel.hole is not None:
            boxes.append(("hole", one.panel.hole))
        for (first, box), (second, other) in combinations(boxes, 2):
            assert apart(box, other), f"{name}: {first} and {second}"


def test_nothing_is_cut() -> None:
    for name, one, _, _ in every():
        for placed in one.panel.widgets:
            widget, box, sizes = placed.widget, placed.box, one.panel.sizes
            if isinstance(widget, Button) and widget.label:
                wide = line_width(widget.label, widget.size, label_weight(widget))
                assert wide <= label_room(widget, box.width, sizes) + 0.5, f"{name}: {widget}"
            elif isinstance(widget, Label) and not widget.id:
                scroll = scrolling(widget, box, sizes)
                assert scroll.count <= scroll.fits, f"{name}: {widget}"
                assert scroll.step <= box.height + 1.0, f"{name}: {widget}"


def test_every_character_can_be_drawn_and_every_word_is_in_both_languages() -> None:
    for key, words in MESSAGES.items():
        assert set(words) == {"zh", "en"}, key
        assert words["zh"].count("{}") == words["en"].count("{}"), key
        assert not missing_glyphs("".join(words.values())), key
    assert not missing_glyphs("".join(NAMES.values()))
    used = {text for _, one, _, _ in every() for text in texts(one.panel)}
    assert not missing_glyphs("".join(used))


def test_the_drawn_texts_have_their_contrast_before_a_white_sky() -> None:
    for name in STATES:
        for one in shown_in(name, "pointer", (1280, 720), "en"):
            pixels = drawn(one.panel).pixels.astype(np.float64)
            alpha = pixels[..., 3:] / 255.0
            seen = pixels[..., :3] * alpha + 255.0 * (1.0 - alpha)
            for placed in one.panel.widgets:
                if not isinstance(placed.widget, Label) or not placed.widget.text:
                    continue
                box = placed.box
                part = seen[round(box.top) : round(box.bottom), round(box.left) : round(box.right)].reshape(-1, 3)
                ground, letters = np.median(part, axis=0), part[np.abs(part - np.median(part, axis=0)).sum(axis=1).argmax()]
                assert contrast(tuple(ground), tuple(letters)) >= CONTRAST_MIN, f"{name}: {placed.widget}"


def test_chinese_panels_have_no_english_words_of_their_own() -> None:
    english = {words["en"] for words in MESSAGES.values()} - {words["zh"] for words in MESSAGES.values()}
    for name, device, pixels, language in ALL:
        if language == "zh":
            for one in shown_in(name, device, pixels, language):
                assert not english & set(texts(one.panel)), name


def test_a_third_language_reads_english_and_what_the_city_lacks_is_marked() -> None:
    start = panels(replace(STATES["start"], language="fr"), MANY, device="touch")[0].panel
    assert texts(start) == ["[en] Fengxian City Gate", "Start the tour", "Explore on your own", "Français"]
    only = replace(OFFER, title={"zh": "奉贤"})
    assert texts(of("start", language="en", offer=only)["start"])[0] == "[zh] 奉贤"


def test_the_same_state_gives_the_very_same_panels() -> None:
    for name, device, pixels, language in ALL:
        first, second = (shown_in(name, device, pixels, language) for _ in range(2))
        assert all(one.panel is other.panel for one, other in zip(first, second, strict=True))


def test_time_volume_zoom_and_the_day_are_values_and_no_new_pictures() -> None:
    for name, change in (
        ("touching", replace(STATES["touring"], tour=Touring(TOUR, 0, 5.0))),
        ("menu", replace(STATES["menu"], settings=Settings(volume=0.3))),
        ("exhibit", replace(STATES["exhibit"], close_up=CloseUp(EXHIBIT, zoom=3.0, middle=(0.3, 0.4)))),
        ("dates", replace(STATES["dates"], date=datetime.date(2018, 9, 20))),
    ):
        before = panels(STATES[name.replace("touching", "touring")], OFFER, device="touch")
        after = panels(change, OFFER, device="touch")
        assert [one.panel for one in before] == [one.panel for one in after], name
        assert all(one.panel is other.panel for one, other in zip(before, after, strict=True)), name
        assert [one.values for one in before] != [one.values for one in after], name


def test_where_each_belongs() -> None:
    def anchors(name: str, device: Device) -> list[tuple[str, str]]:
        return [(one.panel.id, one.anchor) for one in shown_in(name, device, (1920, 1080), "zh")]

    assert anchors("start", "touch") == [("start", "centre")]
    assert anchors("start", "headset") == [("start", "ahead")]
    assert anchors("begun", "touch") == [("bar", "bottom")]
    assert anchors("begun", "headset") == [("bar", "hand")]
    assert anchors("timelapse", "touch") == [("bar", "bottom"), ("dates", "bottom"), ("caption", "caption")]
    assert anchors("timelapse", "headset") == [("dates", "hand"), ("caption", "caption")]
    assert anchors("menu", "touch") == [("bar", "bottom"), ("menu", "centre")]
    assert anchors("menu", "headset") == [("bar", "hand"), ("menu", "ahead")]
    assert anchors("exhibit", "touch") == [("exhibit", "centre")]
    assert anchors("screen", "touch") == [("bar", "bottom"), ("screen", "caption"), ("subtitle", "caption")]
    assert anchors("screen", "headset") == [("screen", "hand"), ("subtitle", "caption")]
    assert anchors("notice", "headset")[-1] == ("notice", "ahead")
    for name in STATES:
        caption = [anchor for _, anchor in anchors(name, "headset") if anchor in ("caption", "hand")]
        assert len(caption) == len(set(caption)), f"{name}: two panels at the same place"


def test_the_first_panel_can_be_understood_without_reading() -> None:
    icons = {placed.widget.name for placed in of("start")["start"].widgets if hasattr(placed.widget, "name")}
    assert icons == {"hand_press"}
    worn = of("start", "headset")["start"]
    assert {placed.widget.name for placed in worn.widgets if hasattr(placed.widget, "name")} == {"aim", "controller"}
    button = max((box.width * box.height, spot.widget) for spot, box in targets(worn))[1]
    assert button == ids.TOUR_START
    languages = {ids.numbered(ids.LANGUAGE_CHOOSE, number) for number in range(len(BARE.languages))}
    assert ids_of(of("start", offer=BARE)["start"]) == {ids.WALK_ALONE, *languages}


def test_all_that_a_visit_answers_can_be_reached_on_a_screen_and_in_a_headset() -> None:
    expected = {
        ids.TOUR_START, ids.TOUR_CHOOSE, ids.TOUR_TOGGLE, ids.TOUR_NEXT, ids.TOUR_PREVIOUS, ids.TOUR_LEAVE, ids.WALK_ALONE,
        ids.LANGUAGE, ids.MENU, ids.HELP, ids.CLOSE, ids.RECENTRE, ids.BACK, ids.LEAVE,
        ids.DATES, ids.DATE, ids.DATE_PLAY, ids.DATE_TODAY, ids.VOLUME, ids.MUTE, ids.MONO,
        ids.ZOOM, ids.ZOOM_IN, ids.ZOOM_OUT, ids.ZOOM_FIT, ids.ZOOM_REAL, ids.TURN,
        ids.CARD, ids.CARD_LIST, ids.SCREEN_TOGGLE, ids.SCREEN_AGAIN, ids.SUBTITLES,
    }  # fmt: skip
    for device, more in (("touch", set()), ("headset", {ids.SEATED, ids.SMOOTH_WALK, ids.HEIGHTS})):
        reached = {spot for name in STATES for panel in of(name, device).values() for spot in ids_of(panel)}  # type: ignore[arg-type]
        assert {ids.number_of(one)[0] for one in reached} - {"exhibit.text"} == expected | {ids.LANGUAGE_CHOOSE} | more


def test_what_a_tour_says() -> None:
    assert texts(of("walked_off")["bar"]) == ["时光", "中 / EN", "帮助", "菜单", "回到导览", "初次到访   2 / 3"]
    assert texts(of("touring", language="en")["caption"]) == [
        "A first visit",
        "1 / 3",
        "Welcome. The white building ahead is the Nine Trees Art Centre.",
    ]
    assert list(of("under_way")) == ["bar"], "on the way nothing is told"
    assert list(of("walked_off")) == ["bar"], "nor to who has walked off"
    first = shown_in("touring", "touch", (1920, 1080), "zh")[1]
    assert first.values == {PROGRESS: pytest.approx(4.0 / 12.0)}
    told = panels(STATES["touring"], OFFER, device="touch", narration=19.0)[1]
    assert told.values == {PROGRESS: pytest.approx(0.2)}


def test_what_the_date_slider_says() -> None:
    assert texts(of("dates")["dates"]) == [
        "2018 年 9 月   结构成形", "来源：between two published dates · 估计", "播放变迁", "2017", "2018", "2019", "2026", "今天",
    ]  # fmt: skip
    assert texts(of("timelapse", language="en")["dates"])[:3] == [
        "September 2018   The frame stands",
        "Source: between two published dates · estimate",
        "Pause",
    ]
    assert source_line(Phase("2017-01-01", {}), "en") == "No source given"
    shown = shown_in("dates", "touch", (1920, 1080), "zh")[1]
    assert shown.values == {ids.DATE: timeline.share_of(YEARS, BEGUN.date)}
    assert "dates" not in of("dates", offer=BARE) and ids.DATES not in ids_of(of("dates", offer=BARE)["bar"])


def test_what_the_menu_says() -> None:
    assert texts(of("menu")["menu"]) == [
        "菜单", "导览", "初次到访", "3 站", "夜色中的艺术中心", "1 站",
        "语言", "中文", "English", "声音", "单声道", "位置", "摆正视线", "返回展厅", "结束参观",
    ]  # fmt: skip
    assert texts(of("menu_quiet", "headset", language="en", offer=BARE)["menu"]) == [
        "Menu", "Straighten the view", "End the visit", "Language", "中文", "English", "Sound",
        "No sound here; see the captions.", "Comfort", "Seated", "Smooth walk", "High places",
    ]  # fmt: skip
    assert shown_in("menu", "touch", (1920, 1080), "zh")[-1].values == {ids.VOLUME: 0.8}
    assert shown_in("menu_quiet", "touch", (1920, 1080), "zh")[-1].values == {ids.VOLUME: 0.0}
    switched = {placed.widget.id for placed in of("menu_quiet", "headset")["menu"].widgets if getattr(placed.widget, "on", False)}
    assert switched == {ids.MUTE, ids.MONO, ids.SEATED, ids.SMOOTH_WALK, "language.choose:0"}


def test_a_long_list_of_tours_is_turned() -> None:
    moved = panels(STATES["menu"], MANY, device="touch", scrolled={("menu", ids.TOUR_CHOOSE): 5})
    spots = [spot for spot, _ in targets(moved[-1].panel) if spot.widget == ids.TOUR_CHOOSE]
    assert {spot.row for spot in spots} == {None, 5, 6, 7, 8} and {spot.turn for spot in spots} == {-1, 0, 1}


def test_what_a_service_says() -> None:
    assert texts(of("card", language="en")["counter"]) == [
        "One-stop services for residents", "中 / EN", "What to bring", "Your identity card.", "Opening hours",
        "Counters Monday to Friday 9:00–11:30, 13:30–17:00", "Address", "Nanqiao, Fengxian District, Shanghai", "Phone", "12345",
        "Checked on 2 May 2026", "Scan with your phone", "All services", "Nothing is typed, nothing is stored",
    ]  # fmt: skip
    assert texts(of("bare_card")["counter"]) == [
        "区政府网站",
        "中 / EN",
        "内容核对于 2026 年 5 月 2 日",
        "用手机扫码办理",
        "无需输入，不留信息",
    ]
    gone = replace(BEGUN, close_up=CloseUp(COUNTER, card=7))
    assert ids.CARD in ids_of(panels(gone, OFFER, device="touch")[-1].panel), "a card that is not there: the list"


def test_one_thing_is_told_at_a_time() -> None:
    both = replace(STATES["touring"], close_up=CloseUp(SCREEN))
    assert [one.panel.id for one in panels(both, OFFER, device="touch", subtitle_now="一")] == ["bar", "screen", "subtitle"]
    quiet = replace(both, subtitles=False)
    assert [one.panel.id for one in panels(quiet, OFFER, device="touch", subtitle_now="一")] == ["bar", "screen"]
    near = panels(STATES["touring"], OFFER, device="touch", subtitle_now="一")
    assert [one.panel.id for one in near] == ["bar", "caption"]


def test_help_is_of_the_device_at_hand() -> None:
    assert texts(of("help", "headset", language="en")["help"]) == [
        "Help", "Look", "Turn your head", "Move", "Push the stick, point at the floor, let go",
        "Choose", "Point at it, pull the trigger",
    ]  # fmt: skip
    assert texts(of("help")["help"]) == ["帮助", "看", "手指拖动画面", "走", "轻点地面，走到那里", "选", "轻点一下"]
    assert texts(of("help", "pointer")["help"])[2::2] == ["按住鼠标，拖动画面", "点一下地面，或按 W A S D", "点一下发亮的东西"]


def test_dates_and_words() -> None:
    assert (
        month(datetime.date(2019, 10, 25), "zh") == "2019 年 10 月" and month(datetime.date(2019, 10, 25), "fr") == "October 2019"
    )
    assert day("2026-05-02", "zh") == "2026 年 5 月 2 日" and day("2026-05-02", "en") == "2 May 2026"
    assert message("back_to", "en", "the hall") == "Back to the hall"
    with pytest.raises(KeyError):
        message("nothing", "en")


STATE = st.builds(
    replace,
    st.sampled_from(list(STATES.values())),
    language=st.sampled_from(["zh", "en", "fr"]),
    page=st.sampled_from([None, "menu", "help"]),
    dates=st.booleans(),
    date=st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1)),
    close_up=st.sampled_from([one.close_up for one in STATES.values()]),
    tour=st.sampled_from([one.tour for one in STATES.values()]),
)


@settings(max_examples=40)
@given(
    STATE, st.sampled_from([OFFER, BARE, MANY]), st.sampled_from(["headset", "touch"]), st.integers(1, 4000), st.integers(1, 2500)
)
def test_whatever_the_state_and_the_window_there_are_panels(
    state: VisitState, offer: Offer, device: Device, width: int, height: int
) -> None:
    found = panels(state, offer, device=device, pixels=(width, height), subtitle_now="一")
    assert found and len({one.panel.id for one in found}) == len(found)
    for one in found:
        assert all(0.0 <= value <= 1.0 for value in one.values.values())
        assert marks(one.panel, values=one.values) is not None
        assert min(one.panel.size) >= 1


@pytest.mark.parametrize("pixels", [(320, 240), (200, 900), (640, 480)])
def test_in_a_window_that_is_too_small_panels_are_still_drawn(pixels: tuple[int, int]) -> None:
    for name in STATES:
        for one in shown_in(name, "touch", pixels, "en"):
            high, wide = drawn(one.panel).pixels.shape[:2]
            assert (wide, high) == one.panel.size


def test_no_text_names_a_key_or_a_number_of_a_format() -> None:
    for _, one, _, _ in every():
        for text in texts(one.panel):
            assert not re.search(r"[{}_]", text), text

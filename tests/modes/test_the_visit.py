"""The visit as values: what is pressed and chosen becomes a state, and what the program shall do."""

import datetime
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.commands import BeginAnew, ChangeComfort, Cross, GoBack, Recentre, ShowDay, ShowLayers, ShowMoment, Travel
from vrclient.modes import ids
from vrclient.modes.state import CloseUp, Offer, Settings, VisitState, said
from vrclient.modes.visitor import Asked, Happened, entered, first_state, is_open, noticed, updated
from vrclient.panels.pressing import Pressed
from vrclient.scene.interactives import Counter, Exhibit, Phase, Portal, Rectangle, Screen, Service, Stop, Timeline, Tour

DAY, NOON = datetime.date(2026, 6, 21), datetime.time(12, 0)
FACE = Rectangle((0.0, 0.0, 1.5), (1, 0, 0), (0, 0, 1), (0.5, 0.4))
STOPS = (
    Stop((0.0, 0.0, 1.6), 0.0, 0.0, 1.0, {"zh": "一", "en": "One"}, date="2018-09-01", time="18:30"),
    Stop((0.0, 9.0, 1.6), 0.5, 0.1, 1.1, {"zh": "二", "en": "Two"}, move="rail", speed=1.2, layers=("plan",)),
)
TOUR = Tour("first", {"zh": "初", "en": "First"}, STOPS)
YEARS = Timeline({"en": "Years"}, (Phase("2017-01-01", {"en": "Fields"}), Phase("2019-10-25", {"en": "Open"})), "2027-01-01")
OFFER = Offer({"zh": "奉贤", "en": "Fengxian"}, DAY, (TOUR,), YEARS)
SCREEN = Screen("film", {}, FACE, start="touch")
EXHIBIT = Exhibit("map", {}, {}, FACE)
COUNTER = Counter("desk", {}, FACE, (Service({}, "https://a.example", {}, {}, {}, "1", "2026-01-01"),))
START = first_state(OFFER, date=DAY, time=NOON, language="zh", settings=Settings())


def after(*what: Pressed | str | Happened, state: VisitState = START, offer: Offer = OFFER) -> tuple[VisitState, list[Asked]]:
    asked: list[Asked] = []
    for one in what:
        happened = one if isinstance(one, Happened) else Happened(pressed=(one if isinstance(one, Pressed) else Pressed(one),))
        state, more = updated(state, offer, (SCREEN,), happened)
        asked += more
    return state, asked


def test_the_first_button_begins_the_tour_at_its_first_stop() -> None:
    state, asked = after(ids.TOUR_START)
    assert state.started and state.tour is not None and state.tour.stop == 0
    assert asked == [
        Travel((0.0, 0.0, 1.6), 0.0, 0.0, 1.0, None),
        ShowMoment(datetime.date(2018, 9, 1), datetime.time(18, 30)),
    ]
    state, _ = after(Happened(seconds=0.1), state=state)
    state, asked = after(ids.TOUR_NEXT, state=state)
    assert asked == [Travel((0.0, 9.0, 1.6), 0.5, 0.1, 1.1, 1.2), ShowLayers(("plan",))]
    state, asked = after(ids.TOUR_NEXT, state=state)
    assert state.tour is None and asked == [ShowLayers(None), ShowMoment(DAY, NOON)]


def test_one_key_alone_is_enough_for_a_whole_tour() -> None:
    state, _ = after(Happened(keys=frozenset({"space"})))
    assert state.tour is not None and state.started
    seen = []
    for _ in range(4000):
        if state.tour is None:
            break
        seen.append(state.tour.stop)
        state, _ = after(Happened(seconds=0.1), state=state)
    assert state.tour is None and sorted(set(seen)) == [0, 1]


def test_the_key_that_began_the_tour_pauses_it_and_goes_on() -> None:
    space = Happened(keys=frozenset({"space"}), seconds=0.1)
    state, _ = after(space, Happened(seconds=0.1), space)
    assert state.tour is not None and not state.tour.playing
    again, _ = after(Happened(seconds=5.0), state=state)
    assert again.tour == state.tour
    on, _ = after(space, state=again)
    assert on.tour is not None and on.tour.playing and on.tour.seconds is not None


def test_walking_off_leaves_the_tour_and_the_same_button_rejoins_it() -> None:
    state, _ = after(ids.TOUR_START, Happened(seconds=0.1), Happened(walked=True))
    assert state.tour is not None and not state.tour.here and not state.tour.playing
    state, asked = after(ids.TOUR_TOGGLE, state=state)
    assert state.tour is not None and state.tour.here and [type(one) for one in asked] == [Travel]


def test_an_exhibit_pauses_the_tour_and_closing_it_leaves_the_tour_paused() -> None:
    state, _ = after(ids.TOUR_START, Happened(seconds=0.1), Happened(chosen=EXHIBIT))
    assert state.close_up == CloseUp(EXHIBIT) and state.tour is not None and not state.tour.playing
    assert is_open(state)
    state, _ = after(ids.CLOSE, state=state)
    assert state.close_up is None and not is_open(state)


def test_languages_go_round_and_are_chosen() -> None:
    assert after(ids.LANGUAGE)[0].language == "en"
    assert after(ids.LANGUAGE, ids.LANGUAGE)[0].language == "zh"
    assert after(Pressed(ids.numbered(ids.LANGUAGE_CHOOSE, 1)))[0].language == "en"
    assert after(Pressed(ids.LANGUAGE_CHOOSE, 1.0))[0].language == "en"
    assert first_state(OFFER, date=DAY, time=NOON, language="fr", settings=Settings()).language == "zh"


def test_the_date_slider_shows_its_day() -> None:
    state, asked = after(ids.DATES, Pressed(ids.DATE, 0.0))
    assert state.dates and state.date == datetime.date(2017, 1, 1) and asked == [ShowDay(datetime.date(2017, 1, 1))]
    state, asked = after(ids.DATE_TODAY, state=state)
    assert state.date == DAY and asked == [ShowDay(DAY)]


def test_the_years_go_by_to_the_end_and_begin_anew_from_there() -> None:
    state, _ = after(ids.DATES, Pressed(ids.DATE, 0.5), ids.DATE_PLAY)
    while state.timelapse:
        before = state.date
        state, _ = after(Happened(seconds=0.5), state=state)
        assert state.date > before
    assert state.date == datetime.date(2027, 1, 1)
    state, _ = after(ids.DATE_PLAY, state=state)
    assert state.timelapse and state.date == datetime.date(2017, 1, 1)


def test_who_turns_back_on_the_way_is_brought_there_again() -> None:
    state, _ = after(ids.TOUR_START, Happened(walked=True, arrived=False))
    assert state.tour is not None and not state.tour.here and state.tour.seconds is None
    state, asked = after(ids.TOUR_TOGGLE, state=state)
    assert [type(one) for one in asked] == [Travel]


def test_a_stop_is_told_anew_in_another_language() -> None:
    state, _ = after(ids.TOUR_START, *(Happened(seconds=1.0) for _ in range(6)))
    assert state.tour is not None and state.tour.seconds == 5.0
    state, _ = after(ids.LANGUAGE, state=state)
    assert state.tour is not None and state.tour.stop == 0 and state.tour.seconds == 0.0


def test_one_glides_only_from_the_stop_before() -> None:
    state, _ = after(ids.TOUR_START, Happened(seconds=0.1))
    _, there = after(ids.TOUR_NEXT, state=state)
    assert isinstance(there[0], Travel) and there[0].speed == 1.2
    away, _ = after(Happened(walked=True), state=state)
    _, there = after(ids.TOUR_NEXT, state=away)
    assert isinstance(there[0], Travel) and there[0].speed is None


def test_what_takes_the_eyes_makes_the_tour_wait_and_playing_on_clears_the_view() -> None:
    begun, _ = after(ids.TOUR_START, Happened(seconds=0.1))
    for what in (ids.MENU, ids.HELP, ids.DATES, Happened(chosen=SCREEN), Happened(chosen=Portal("gate", {}, "hall", FACE))):
        state, _ = after(what, state=begun)
        assert state.tour is not None and not state.tour.playing, what
        state, _ = after(ids.TOUR_TOGGLE, state=state)
        assert state.tour is not None and state.tour.playing and state.page is None and state.close_up is None


def test_after_the_tour_it_is_the_day_and_the_time_of_the_beginning() -> None:
    state, asked = after(ids.TOUR_START, Happened(seconds=0.1), ids.TOUR_LEAVE)
    assert (state.date, state.time) == (DAY, NOON) and asked[-1] == ShowMoment(DAY, NOON)


def test_without_years_there_is_no_slider() -> None:
    assert not after(ids.DATES, offer=replace(OFFER, timeline=None))[0].dates


def test_a_portal_is_crossed_and_the_way_back_is_known() -> None:
    assert after(Happened(chosen=Portal("gate", {}, "hall", FACE, view="door")))[1] == [Cross("hall", "door")]
    assert after(ids.BACK)[1] == []
    assert after(ids.BACK, offer=replace(OFFER, back={"en": "Hall"}))[1] == [GoBack()]
    state, _ = after(ids.LANGUAGE, ids.TOUR_START, Pressed(ids.VOLUME, 0.3), Happened(chosen=EXHIBIT))
    there = entered(state, date=DAY, time=NOON)
    assert (there.language, there.settings.volume, there.started) == ("en", 0.3, True)
    assert there.tour is None and there.close_up is None


def test_a_screen_that_is_chosen_plays_and_is_stopped() -> None:
    near = Happened(chosen=SCREEN, seconds=0.5)
    state, _ = after(near)
    assert state.screens["film"].playing and state.close_up == CloseUp(SCREEN)
    state, _ = after(Pressed(ids.SCREEN_TOGGLE), state=state)
    assert not state.screens["film"].playing
    state, _ = after(Pressed(ids.SCREEN_AGAIN), state=state)
    assert state.screens["film"].playing and state.screens["film"].seconds == 0.0


def test_a_card_of_the_counter_opens() -> None:
    state, _ = after(Happened(chosen=COUNTER, part=0))
    assert state.close_up == CloseUp(COUNTER, card=0)
    assert after(ids.CARD_LIST, state=state)[0].close_up == CloseUp(COUNTER)
    assert after(ids.CARD_LIST, Pressed(ids.CARD, 0.0), state=state)[0].close_up == CloseUp(COUNTER, card=0)


def test_settings_ask_for_comfort_where_it_changes() -> None:
    assert after(ids.SEATED)[1] == [ChangeComfort(seated=True, smooth_walk=False, heights=False)]
    assert after(Pressed(ids.VOLUME, 0.25), ids.MUTE, ids.MONO)[1] == []
    assert after(Pressed(ids.VOLUME, 7.0))[0].settings.volume == 1.0


def test_visitors_can_recentre_and_end_their_visit() -> None:
    assert after(ids.MENU, ids.RECENTRE)[1] == [Recentre()]
    assert after(ids.LEAVE)[1] == [BeginAnew()]


def test_nothing_passes_while_nobody_is_there() -> None:
    state, _ = after(ids.TOUR_START, Happened(seconds=0.1))
    waiting, asked = after(Happened(seconds=100.0, attentive=False), state=state)
    assert waiting == state and asked == []


def test_a_notice_goes_by_itself() -> None:
    state = noticed(START, {"en": "The way is closed."}, time=10.0)
    assert after(Happened(time=12.0), state=state)[0].notice is not None
    assert after(Happened(time=17.0), state=state)[0].notice is None


def test_words_that_are_missing_are_marked() -> None:
    assert said({"zh": "门", "en": "Gate"}, "zh") == "门"
    assert said({"zh": "门"}, "en") == "[zh] 门"
    assert said({"zh": "门", "en": "Gate"}, "fr") == "[en] Gate"
    assert said({}, "en") == ""


WIDGETS = [value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)]
USED = st.builds(Pressed, st.sampled_from(WIDGETS), st.none() | st.floats(-1.0, 2.0))
THINGS = st.sampled_from([None, EXHIBIT, COUNTER, SCREEN])


@given(st.lists(st.tuples(USED, THINGS, st.booleans(), st.floats(0.0, 0.25)), max_size=40))
def test_whatever_is_pressed_the_visit_stays_sound(frames: list) -> None:
    state = START
    for used, thing, walked, seconds in frames:
        happened = Happened(pressed=(used,), chosen=thing, walked=walked, seconds=seconds)
        state, _ = updated(state, OFFER, (SCREEN,), happened)
        assert state.language in OFFER.languages
        assert 0.0 <= state.settings.volume <= 1.0
        assert state.tour is None or 0 <= state.tour.stop < len(STOPS)
        assert state.close_up is None or state.close_up.zoom >= 1.0
        assert datetime.date(2017, 1, 1) <= state.date <= datetime.date(2027, 1, 1)
    for _ in range(4):
        state, _ = after(ids.CLOSE, state=state)
    assert not is_open(state)

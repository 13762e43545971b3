"""What is hit and pressed: the same for a headset's aim, a mouse and a finger."""

from hypothesis import given
from hypothesis import strategies as st

from vrclient.panels.parts import scrolling
from vrclient.panels.pressing import Pointer, Pressed, Pressing, box_of, hit, press, slider_value, targets
from vrclient.panels.theme import Sizes
from vrclient.panels.widgets import Box, Button, Label, ListBox, ListRow, Panel, Placed, Slider, Spot

SIZES = Sizes()
WIDGETS = (
    Placed(Box(0, 0, 100, 80), Button("go", "Go")),
    Placed(Box(110, 0, 210, 80), Button("off", "Off", enabled=False)),
    Placed(Box(0, 100, 444, 180), Slider("volume")),
    Placed(Box(0, 200, 400, 400), ListBox("tours", tuple(ListRow(f"Row {number}") for number in range(6)), height=84)),
    Placed(Box(0, 420, 400, 600), Label("Nine trees stand at the gate. " * 30, id="text")),
    Placed(Box(410, 420, 600, 600), Label("Only read")),
)


def panel(first: int = 0, line: int = 0) -> Panel:
    moved = {"tours": ListBox("tours", WIDGETS[3].widget.rows, height=84, first=first)}  # type: ignore[union-attr]
    moved["text"] = Label(WIDGETS[4].widget.text, id="text", first=line)  # type: ignore[assignment, union-attr]
    placed = tuple(Placed(one.box, moved.get(getattr(one.widget, "id", ""), one.widget)) for one in WIDGETS)
    return Panel("p", (600, 600), placed, SIZES)


class Visitor:
    """Frames of one pointer; lists and texts are shown where they were moved to."""

    def __init__(self, *, touch: bool = False) -> None:
        self.state, self.touch, self.used = Pressing(), touch, list[Pressed]()
        self.down = False

    def frame(self, point: tuple[float, float] | None, down: bool = False, wheel: int = 0) -> tuple[Pressed, ...]:
        pressed, released, self.down = down and not self.down, self.down and not down, down
        shown = panel(self.state.scrolled.get(("p", "tours"), 0), self.state.scrolled.get(("p", "text"), 0))
        pointer = Pointer("p" if point else None, point, down, pressed, released, wheel, self.touch)
        self.state, used = press(self.state, [shown], pointer)
        self.used += used
        return used


GO, OFF, VOLUME, ROW, TEXT = (50.0, 40.0), (160.0, 40.0), (222.0, 140.0), (100.0, 240.0), (100.0, 500.0)


def test_a_button_fires_when_it_is_let_go_over_itself() -> None:
    visitor = Visitor()
    assert visitor.frame(GO) == () and visitor.state.hovered == ("p", Spot("go"))
    assert visitor.frame(GO, True) == () and visitor.state.spots("p") == (Spot("go"), Spot("go"))
    assert visitor.frame((60.0, 44.0), True) == ()
    assert visitor.frame(GO) == (Pressed("go"),)
    assert visitor.state.held is None and visitor.state.hovered == ("p", Spot("go"))


def test_a_button_that_is_left_does_not_fire() -> None:
    visitor = Visitor()
    visitor.frame(GO, True)
    visitor.frame((300.0, 50.0), True)
    assert visitor.state.spots("p") == (None, None)
    assert visitor.frame((300.0, 50.0)) == ()
    visitor.frame(GO, True)
    visitor.frame(None, True)
    assert visitor.frame(None) == () and visitor.state.held is None


def test_one_that_is_left_and_met_again_fires() -> None:
    visitor = Visitor()
    for point, down in ((GO, True), ((300.0, 50.0), True), (GO, True)):
        visitor.frame(point, down)
    assert visitor.frame(GO) == (Pressed("go"),)


def test_what_is_pressed_elsewhere_and_moved_here_does_nothing() -> None:
    visitor = Visitor()
    visitor.frame((500.0, 50.0), True)
    assert visitor.frame(GO, True) == () and visitor.state.hovered is None
    assert visitor.frame(GO) == ()
    assert visitor.frame(GO) == () and visitor.state.hovered == ("p", Spot("go"))


def test_what_is_off_neither_hovers_nor_fires() -> None:
    visitor = Visitor()
    visitor.frame(OFF)
    assert visitor.state.hovered is None
    visitor.frame(OFF, True)
    assert visitor.state.held is None and visitor.frame(OFF) == ()


def test_a_whole_click_within_one_frame_fires_once() -> None:
    state, used = press(Pressing(), [panel()], Pointer("p", GO, pressed=True, released=True))
    assert used == (Pressed("go"),) and state.held is None


def test_a_finger_hovers_over_nothing_before_it_presses() -> None:
    finger = Visitor(touch=True)
    finger.frame(GO)
    assert finger.state.hovered is None
    finger.frame(GO, True)
    assert finger.state.hovered == ("p", Spot("go"))
    assert finger.frame(GO) == (Pressed("go"),) and finger.state.hovered is None


def test_a_slider_follows_while_it_is_held_also_outside_its_box() -> None:
    visitor = Visitor()
    assert visitor.frame(VOLUME, True) == (Pressed("volume", 0.5),)
    assert visitor.frame(VOLUME, True) == ()
    assert visitor.frame((322.0, 590.0), True) == (Pressed("volume", 0.75),)
    assert visitor.frame((-500.0, -3.0), True) == (Pressed("volume", 0.0),)
    assert visitor.frame(None, True) == ()
    assert visitor.frame((9000.0, 0.0), True) == (Pressed("volume", 1.0),)
    assert visitor.frame((300.0, 0.0)) == (Pressed("volume", 0.695),)
    assert visitor.frame((100.0, 140.0)) == ()


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_a_slider_never_falls_when_it_is_moved_to_the_right(first: float, second: float) -> None:
    low, high = (slider_value(panel(), "volume", (x, 0.0)) for x in sorted((first, second)))
    assert 0.0 <= low <= high <= 1.0


def test_a_row_is_chosen_by_its_number_in_the_whole_list() -> None:
    visitor = Visitor()
    visitor.frame(ROW, True)
    assert visitor.frame(ROW) == (Pressed("tours", 0.0),)
    visitor.frame(ROW, wheel=2)
    visitor.frame(ROW, True)
    assert visitor.frame(ROW) == (Pressed("tours", 2.0),)


def test_a_dragged_list_moves_and_is_not_chosen_from() -> None:
    visitor = Visitor()
    visitor.frame((100.0, 380.0), True)
    visitor.frame((100.0, 380.0 - 2 * 90.0), True)
    assert visitor.state.spots("p") == (None, None)
    assert visitor.state.scrolled == {("p", "tours"): 2} and visitor.state.hovered is None
    assert visitor.frame((100.0, 200.0)) == ()
    visitor.frame((100.0, 300.0), True)
    visitor.frame((100.0, 306.0), True)
    assert visitor.frame((100.0, 306.0)) == (Pressed("tours", 3.0),), "a hand that trembles does not drag"


def test_arrows_turn_lists_and_texts_by_what_fits() -> None:
    visitor = Visitor()
    down = box_of(panel(), Spot("tours", turn=1))
    assert down is not None and box_of(panel(), Spot("tours", turn=-1)) is None, "before the first row there is nothing"
    for expected in (1, 2, 3, 4):
        visitor.frame(down.middle, True)
        assert visitor.frame(down.middle) == ()
        assert visitor.state.scrolled == {("p", "tours"): expected}
    assert box_of(panel(4), Spot("tours", turn=1)) is None, "nor after the last"
    text = box_of(panel(), Spot("text", turn=1))
    assert text is not None
    visitor.frame(text.middle, True)
    visitor.frame(text.middle)
    assert visitor.state.scrolled[("p", "text")] == 3


def test_a_text_that_fits_is_nothing_to_press() -> None:
    assert hit(panel(), (500.0, 450.0)) is None
    assert hit(panel(), TEXT) == Spot("text")


def test_what_goes_while_it_is_held_does_not_fire_and_forgets_where_it_was() -> None:
    visitor = Visitor()
    visitor.frame(ROW, wheel=2)
    visitor.frame(GO, True)
    state, used = press(visitor.state, [Panel("other", (10, 10))], Pointer("other", (5.0, 5.0), held=True))
    assert used == () and state.held is None and state.scrolled == {}


POINTS = st.none() | st.tuples(st.floats(-50, 650), st.floats(-50, 650))


@given(st.lists(st.tuples(POINTS, st.booleans(), st.integers(-3, 3)), max_size=40), st.booleans())
def test_whatever_a_pointer_does_only_what_is_on_is_used_and_at_most_once_for_each_time_it_is_let_go(
    moves: list[tuple[tuple[float, float] | None, bool, int]], touch: bool
) -> None:
    visitor, lifted = Visitor(touch=touch), 0
    for point, down, wheel in moves:
        was = visitor.down
        used = visitor.frame(point, down, wheel)
        lifted += was and not down
        assert len(used) <= 1
        for one in used:
            assert one.widget in {"go", "volume", "tours"}
            assert one.value is None or 0.0 <= one.value <= (1.0 if one.widget == "volume" else 5.0)
        assert (visitor.state.held is None) or down
        assert not (touch and not down and visitor.state.hovered)
        for name, most in (("tours", 4), ("text", 10_000)):
            assert 0 <= visitor.state.scrolled.get(("p", name), 0) <= most
    assert sum(one.widget != "volume" for one in visitor.used) <= lifted


@given(st.integers(0, 9), st.floats(0, 600), st.floats(0, 600))
def test_what_is_hit_is_where_the_point_is(first: int, x: float, y: float) -> None:
    shown = panel(first)
    spot = hit(shown, (x, y))
    inside = [one for one, box in targets(shown) if box.holds((x, y))]
    assert spot == (inside[-1] if inside else None)


@given(st.integers(0, 12), st.integers(0, 30), st.floats(90, 900))
def test_every_row_of_a_list_can_be_reached(count: int, first: int, height: float) -> None:
    box = Box(0, 0, 300, height)
    whole = ListBox("l", tuple(ListRow(str(number)) for number in range(count)), first=first)
    seen = set()
    for top in range(max(count, 1)):
        scroll = scrolling(ListBox("l", whole.rows, first=top), box, SIZES)
        seen |= {number for number, _ in scroll.rows}
        assert all(one.bottom <= height + 0.01 and one.right <= 300 for _, one in scroll.rows)
    assert seen == set(range(count))
    assert scrolling(whole, box, SIZES).first <= max(0, count - 1)

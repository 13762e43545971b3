"""What is hit and pressed on panels: the same for a headset's aim, a mouse and a finger. Pure; it knows no device.

A button fires when it is let go over the same button; a slider follows while it is held, also outside its box; a list and a long
text are dragged. What cannot be pressed neither hovers nor fires."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from vrclient.panels.parts import Scrolling, scrolling, track
from vrclient.panels.widgets import Box, Button, Label, ListBox, Panel, Slider, Spot

DRAG = 14.0
"""Pixels at scale 1 that a pointer moves before a list is dragged instead of chosen from."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A widget was used: its id, and a slider's new value 0..1 or the number of a list's row."""

    widget: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """One pointer in one frame.

    panel     the id of the panel that it meets, `point` where, in that panel's pixels. While something is held
              (Pressing.panel) that panel and the point in its plane are wanted, also outside its edges
    held      whether its button, or finger, is down now; `pressed`, `released`: went so in this frame. A click that is over
              within one frame is both, and no longer held
    wheel     rows that a mouse wheel was turned: 1 = towards the end
    touch     a finger: it hovers over nothing
    """

    panel: str | None = None
    point: tuple[float, float] | None = None
    held: bool = False
    pressed: bool = False
    released: bool = False
    wheel: int = 0
    touch: bool = False


NOWHERE = Pointer()


@dataclass(frozen=True, slots=True)
class Pressing:
    """What a frame leaves to the next.

    hovered    (panel id, spot) under the pointer that could be pressed, or None
    held       (panel id, spot) pressed and not yet let go, or None
    dragged    the held list or text is being dragged: it will not be chosen from
    start      where it was pressed, and which row or line was on top then
    value      of the held slider
    elsewhere  it was pressed over nothing of the panels and is still down: it hovers over nothing
    scrolled   (panel id, widget id) -> the row or line on top of lists and texts that were moved, until the panel goes
    """

    hovered: tuple[str, Spot] | None = None
    held: tuple[str, Spot] | None = None
    dragged: bool = False
    start: tuple[tuple[float, float], int] = ((0.0, 0.0), 0)
    value: float | None = None
    elsewhere: bool = False
    scrolled: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def panel(self) -> str | None:
        """The panel whose widget is held."""
        return self.held[0] if self.held else None

    def spots(self, panel: str, /) -> tuple[Spot | None, Spot | None]:
        """(hovered, pressed) of one panel, as marks() takes them; what is held but no longer under the pointer is neither."""
        hovered = self.hovered[1] if self.hovered and self.hovered[0] == panel else None
        held = self.held[1] if self.held and self.held[0] == panel and self.held == self.hovered else None
        return hovered, held


def press(before: Pressing, panels: Iterable[Panel], pointer: Pointer, /) -> tuple[Pressing, tuple[Pressed, ...]]:
    """One frame of one pointer over the panels that are shown: what it leaves to the next, and what was used."""
    shown = {panel.id: panel for panel in panels}
    state, events = before, list[Pressed]()
    if any(owner not in shown for owner, _ in state.scrolled):
        state = replace(state, scrolled={key: first for key, first in state.scrolled.items() if key[0] in shown})
    if state.held is not None and not _is_there(shown, state.held):
        state = replace(state, held=None)
    panel, point = shown.get(pointer.panel or ""), pointer.point
    spot = hit(panel, point) if panel is not None and point is not None else None
    here = (panel.id, spot) if panel is not None and spot is not None else None
    if pointer.pressed:
        state = replace(state, held=here, dragged=False, elsewhere=here is None, value=None)
        if panel is not None and point is not None and here is not None:
            scroll = _scroll(panel, here[1].widget)
            state = replace(state, start=(point, scroll.first if scroll else 0))
    held = state.held
    if held is not None:
        owner = shown[held[0]]
        state, moved = _followed(state, owner, held[1], point if panel is owner else None)
        events += moved
        if pointer.released and not state.dragged and here == held:
            state, fired = _fired(state, owner, held[1])
            events += fired
    elif here is not None and panel is not None and pointer.wheel:
        scroll = _scroll(panel, here[1].widget)
        state = _scrolled(state, panel, here[1].widget, scroll.first + pointer.wheel) if scroll is not None else state
    if not pointer.held:
        state = replace(state, held=None, dragged=False, elsewhere=False)
    hovers = (here == state.held and not state.dragged) if state.held else not (pointer.touch or state.elsewhere)
    return replace(state, hovered=here if hovers else None), tuple(events)


def hit(panel: Panel, point: tuple[float, float], /) -> Spot | None:
    """What can be pressed at a point of the panel; the widget on top wins."""
    return next((spot for spot, box in reversed(targets(panel)) if box.holds(point)), None)


@lru_cache(maxsize=64)
def targets(panel: Panel, /) -> tuple[tuple[Spot, Box], ...]:
    """Everything that can be pressed or dragged, with its box, in the order of the widgets. Cached."""
    found: list[tuple[Spot, Box]] = []
    for placed in panel.widgets:
        widget, box = placed.widget, placed.box
        if isinstance(widget, Button) or (isinstance(widget, Slider) and widget.knob):
            found += [(Spot(widget.id), box)] if widget.enabled else []
        elif isinstance(widget, ListBox) or (isinstance(widget, Label) and widget.id):
            scroll = scrolling(widget, box, panel.sizes)
            if scroll.bar is not None:
                found.append((Spot(widget.id), scroll.inner))
            if isinstance(widget, ListBox):
                found += [(Spot(widget.id, row), one) for row, one in scroll.rows] if widget.enabled else []
            found += [(Spot(widget.id, turn=turn), one) for turn, one in scroll.arrows]
    return tuple(found)


def box_of(panel: Panel, spot: Spot, /) -> Box | None:
    """Where a spot is; None where it is not shown."""
    return next((box for one, box in targets(panel) if one == spot), None)


def slider_value(panel: Panel, widget: str, point: tuple[float, float], /) -> float:
    """0..1: the value of a slider at a point, also outside its box."""
    placed = panel.placed(widget)
    if placed is None:
        raise ValueError(f"widget is '{widget}'; panel '{panel.id}' has none of that id")
    left, right = track(placed.box, panel.sizes)
    return min(max((point[0] - left) / max(right - left, 1.0), 0.0), 1.0)


def _scroll(panel: Panel, widget: str) -> Scrolling | None:
    placed = panel.placed(widget)
    if placed is None or not isinstance(placed.widget, ListBox | Label):
        return None
    return scrolling(placed.widget, placed.box, panel.sizes)


def _followed(state: Pressing, panel: Panel, spot: Spot, point: tuple[float, float] | None) -> tuple[Pressing, list[Pressed]]:
    """A held slider has the pointer's value; a held list or text goes with it."""
    if point is None or spot.turn:
        return state, []
    placed = panel.placed(spot.widget)
    if placed is not None and isinstance(placed.widget, Slider):
        value = slider_value(panel, spot.widget, point)
        return (state, []) if value == state.value else (replace(state, value=value), [Pressed(spot.widget, value)])
    scroll = _scroll(panel, spot.widget)
    if scroll is None or scroll.bar is None:
        return state, []
    (_, began), first = state.start
    dragged = state.dragged or abs(point[1] - began) > panel.sizes.of(DRAG)
    if not dragged:
        return state, []
    return replace(_scrolled(state, panel, spot.widget, first - round((point[1] - began) / scroll.step)), dragged=True), []


def _fired(state: Pressing, panel: Panel, spot: Spot) -> tuple[Pressing, list[Pressed]]:
    placed = panel.placed(spot.widget)
    scroll = _scroll(panel, spot.widget)
    if scroll is not None and spot.turn:
        return _scrolled(state, panel, spot.widget, scroll.first + spot.turn * max(1, scroll.fits - 1)), []
    if placed is None or (spot.row is None and not isinstance(placed.widget, Button)):
        return state, []
    return state, [Pressed(spot.widget, None if spot.row is None else float(spot.row))]


def _scrolled(state: Pressing, panel: Panel, widget: str, first: int) -> Pressing:
    scroll = _scroll(panel, widget)
    if scroll is None:
        return state
    top = min(max(first, 0), scroll.last_first)
    return replace(state, scrolled={**state.scrolled, (panel.id, widget): top}) if top != scroll.first else state


def _is_there(shown: Mapping[str, Panel], held: tuple[str, Spot]) -> bool:
    """Whether what is held is still shown and enabled; a row that was scrolled away is."""
    if held[0] not in shown:
        return False
    return any(spot.widget == held[1].widget for spot, _ in targets(shown[held[0]]))

"""Panels and what is on them, as values. drawing.py draws them, pressing.py says what is hit. Nothing here knows what a widget
is for; that is said by its id.

Everything is in pixels of the panel's picture from its top left corner."""

from dataclasses import dataclass, field
from typing import Literal

from vrclient.frame.sheets import SheetPicture
from vrclient.panels.theme import Fill, Ink, Sizes

Style = Literal["primary", "plain", "quiet"]
Align = Literal["left", "center", "right"]
Weight = Literal["regular", "bold"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def holds(self, point: tuple[float, float], /) -> bool:
        return self.left <= point[0] < self.right and self.top <= point[1] < self.bottom

    def inset(self, across: float, down: float | None = None, /) -> "Box":
        """Smaller by so much on each side; negative: larger."""
        down = across if down is None else down
        return Box(self.left + across, self.top + down, self.right - across, self.bottom - down)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a label, an icon (a name of icons.py) or both.

    style   primary: the one thing to do here; quiet: without a ground of its own
    on      switched on; `enabled` False: seen, but neither hovers nor fires
    stacked the icon above the label; else before it
    size    of its text, pixels per em; icon_size of the icon, 0: one and a half times as large
    round   a circle instead of a rounded rectangle
    """

    id: str
    label: str = ""
    icon: str | None = None
    style: Style = "plain"
    enabled: bool = True
    on: bool = False
    size: int = 28
    icon_size: int = 0
    align: Align = "center"
    stacked: bool = False
    round: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: text, and a quieter note below it."""

    text: str
    note: str = ""
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class ListBox:
    """Rows to choose from. Where they are more than fit, the list is dragged, or turned by its two arrows.

    chosen   the row that is marked as chosen
    first    the row on top
    height   of a row, pixels
    """

    id: str
    rows: tuple[ListRow, ...]
    chosen: int | None = None
    first: int = 0
    height: int = 84
    size: int = 28
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Slider:
    """A value 0..1, left to right; where it stands is in the `values` that marks() and press() are given.

    ticks    where it is marked; labels (value, text) below the track
    knob     False: a bar that shows progress and cannot be pressed
    """

    id: str
    ticks: tuple[float, ...] = ()
    labels: tuple[tuple[float, str], ...] = ()
    knob: bool = True
    enabled: bool = True
    size: int = 28


@dataclass(frozen=True, slots=True)
class Label:
    """Text, broken at its box's width; what does not fit ends in an ellipsis. With an id it may be longer than its box: then
    it is dragged, or turned by two arrows, and `first` is the line on top."""

    text: str
    size: int = 28
    weight: Weight = "regular"
    align: Align = "left"
    ink: Ink = "ink"
    middle: bool = False
    id: str = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A picture that fits into its box; `cover`: it fills it and is cut."""

    picture: SheetPicture
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing of icons.py, as large as its box allows."""

    name: str
    ink: Ink = "ink"


@dataclass(frozen=True, slots=True)
class Plate:
    """An area that holds other widgets together; they come after it. `rim`: only its outline."""

    fill: Fill = "raised"
    radius: float = 14.0
    rim: bool = False


Widget = Button | ListBox | Slider | Label | PictureBox | Icon | Plate


@dataclass(frozen=True, slots=True)
class Placed:
    """A widget and where it is."""

    box: Box
    widget: Widget


@dataclass(frozen=True, slots=True)
class Panel:
    """Widgets on a ground; later ones over earlier ones. Equal panels have the same picture.

    size     width and height in pixels
    sizes    what its pixels mean: for targets and text
    hole     where something else is seen through it (an exhibit's picture): nothing is drawn there
    ground   None: no ground, only the widgets
    radius   of its corners
    """

    id: str
    size: tuple[int, int]
    widgets: tuple[Placed, ...] = ()
    sizes: Sizes = field(default_factory=Sizes)
    hole: Box | None = None
    ground: Fill | None = "glass"
    radius: float = 24.0
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        parts = (self.id, self.size, self.widgets, self.sizes, self.hole, self.ground, self.radius)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        return self._hash

    def placed(self, id: str, /) -> Placed | None:
        """The widget of that id and its box."""
        return next((one for one in self.widgets if getattr(one.widget, "id", "") == id), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """What of a panel is hit: a widget, and of a list the row; `turn` -1 or 1: its arrow to the rows before or after."""

    widget: str
    row: int | None = None
    turn: int = 0

"""What panels are made for: the device at hand, how much room they have, where each belongs. Values.

In a headset a panel has 900 pixels a metre at 1.3 m, or, on the hand, 2600 at 0.45 m (modes/placing.py): a degree is 20.4
pixels, so the smallest text's capitals are one degree high. On a screen its pixels are the screen's; sizes follow the screen's
height."""

from dataclasses import dataclass, field
from typing import Literal

from vrclient.panels.theme import SCALE_MIN, Sizes
from vrclient.panels.widgets import Panel

Device = Literal["pointer", "touch", "headset"]

Anchor = Literal["ahead", "hand", "bottom", "caption", "centre"]
"""ahead      in a headset: before the visitor, 1.3 m away
hand       in a headset: over the hand that does not point, 0.45 m away; without such a hand: ahead, and nothing of BAR
bottom     on a screen: along the lower edge, one over the other
caption    in a headset: low before the visitor, following the gaze; on a screen: over what is at the bottom
centre     in the middle of a screen"""

AHEAD_SIZE = (1400.0, 1000.0)
HAND_WIDTH = 720.0
"""Pixels: 61 by 44 degrees before the visitor, and 34 degrees on the hand, are the most that is looked over in comfort."""
LARGEST_SCALE = 4.0
SMALLEST = (160, 90)
"""Pixels: panels of a smaller window are made for this."""
LOW = 600.0
"""Pixels: in a lower window panels lie beside each other what else stands below each other, and the middle is that of the room
over the bar."""
FITTING = (720.0, 450.0)
"""Pixels: everything fits into a window of this size at SCALE_MIN. In a smaller one everything is as much smaller, so that
nothing is cut: the smallest text has 18 pixels an em here, 14 in 640 x 360 and 11 in 480 x 270."""


@dataclass(frozen=True, slots=True)
class PanelRoom:
    """The device, and how many pixels panels may take: a whole screen, or what a headset's panel may be large."""

    device: Device
    width: float
    height: float
    sizes: Sizes

    @property
    def headset(self) -> bool:
        return self.device == "headset"

    @property
    def middle(self) -> Anchor:
        """Where what one looks at belongs."""
        return "ahead" if self.headset else "centre"

    @property
    def bar(self) -> int:
        """Height of the bar along a screen's lower edge."""
        return 0 if self.headset else self.sizes.of(92)

    @property
    def free_height(self) -> float:
        """What a panel in the middle may be high, so that the bar stays free."""
        if self.low:
            return self.height - self.bar - 2 * self.sizes.gap
        return self.height - 2 * (self.bar + self.sizes.gap) if self.bar else self.height

    @property
    def low(self) -> bool:
        """Whether what stands below each other elsewhere has to lie beside each other."""
        return not self.headset and self.height < LOW * self.sizes.scale / SCALE_MIN

    def width_of(self, units: float, /) -> float:
        """So many pixels at scale 1, or what there is."""
        return min(self.sizes.of(units), self.width - 2 * self.sizes.gap if not self.headset else self.width)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A panel, where it belongs, and where its sliders stand: widget id -> 0..1."""

    panel: Panel
    anchor: Anchor
    values: dict[str, float] = field(default_factory=dict)


def room_for(device: Device, pixels: tuple[int, int], /) -> PanelRoom:
    """The room of a screen of so many pixels; a headset's does not depend on them."""
    if device == "headset":
        return PanelRoom(device, *AHEAD_SIZE, Sizes())
    width, height = max(pixels[0], SMALLEST[0]), max(pixels[1], SMALLEST[1])
    scale = min(max(min(height / 1080.0, width / 1350.0), SCALE_MIN), LARGEST_SCALE)
    scale *= min(1.0, width / FITTING[0], height / FITTING[1])
    return PanelRoom(device, float(width), float(height), Sizes(round(scale, 4)))

"""How panels look: colours, and sizes in pixels. The night look's one warm accent on dark glass; every pair of text and ground
that drawing.py uses is in PAIRS, and has a contrast of at least CONTRAST_MIN even where the glass hangs before white."""

import math
from dataclasses import dataclass
from typing import Literal

Ink = Literal["ink", "soft", "accent", "dark", "off"]
"""Of text and icons: near white; quieter; the accent; on the accent; of what cannot be pressed."""

Fill = Literal["glass", "raised", "accent", "lit", "paper"]
"""Of areas: the panel itself; what stands out from it; the accent; what is switched on; white."""

INKS: dict[Ink, tuple[int, int, int]] = {
    "ink": (244, 242, 237),
    "soft": (190, 197, 204),
    "accent": (255, 184, 99),
    "dark": (33, 20, 4),
    "off": (142, 150, 158),
}
FILLS: dict[Fill, tuple[int, int, int]] = {
    "glass": (20, 24, 29),
    "raised": (43, 50, 58),
    "accent": (255, 184, 99),
    "lit": (66, 50, 29),
    "paper": (255, 255, 255),
}
"""sRGB, 0..255."""
GLASS_ALPHA = 0.92
RIM = (74, 83, 92)
"""The hairline round a panel and round what is quiet."""
PAIRS: tuple[tuple[Ink, Fill], ...] = (
    ("ink", "glass"),
    ("soft", "glass"),
    ("accent", "glass"),
    ("off", "glass"),
    ("ink", "raised"),
    ("soft", "raised"),
    ("accent", "raised"),
    ("ink", "lit"),
    ("accent", "lit"),
    ("dark", "accent"),
    ("dark", "paper"),
)
CONTRAST_MIN = 4.5

TARGET_PIXELS, TARGET_DEGREES = 44.0, 2.0
"""What can be pressed is at least as wide and as high: pixels on a screen, degrees in a headset, where a degree of a panel at
the distance that it is meant for is 20.4 pixels at scale 1 (modes/placing.py)."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in whole pixels. scale 1: a headset, or a screen 1080 pixels high. At SCALE_MIN a button is still TARGET_PIXELS high;
    a smaller one is for windows in which nothing else would fit."""

    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.scale > 0.0:
            raise ValueError(f"scale is {self.scale}; it must be more than 0")

    def of(self, units: float, /) -> int:
        """Pixels of a length that is given at scale 1."""
        return round(units * self.scale)

    @property
    def body(self) -> int:
        """Pixels per em of the smallest text: its capitals are one degree high in a headset."""
        return self.of(28)

    @property
    def line(self) -> int:
        """Height of one line of it."""
        return math.ceil(self.body * 1.55)

    @property
    def heading(self) -> int:
        return self.of(38)

    @property
    def display(self) -> int:
        return self.of(54)

    @property
    def button(self) -> int:
        """Height of what can be pressed."""
        return max(self.of(68), round(TARGET_PIXELS * min(1.0, self.scale / SCALE_MIN)))

    @property
    def gap(self) -> int:
        return self.of(12)

    @property
    def padding(self) -> int:
        return self.of(32)

    @property
    def radius(self) -> int:
        return self.of(14)


SCALE_MIN = 0.66
"""Of screens on which fingers are to meet what they mean."""


def contrast(first: tuple[float, float, float], second: tuple[float, float, float], /) -> float:
    """1..21: the contrast ratio of two sRGB colours, 0..255. Source: WCAG 2.2, relative luminance."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def seen(fill: Fill, /, *, behind: tuple[int, int, int]) -> tuple[float, float, float]:
    """A fill's colour, sRGB 0..255, with something `behind` the glass."""
    share = GLASS_ALPHA if fill == "glass" else 1.0
    red, green, blue = (share * near + (1.0 - share) * far for near, far in zip(FILLS[fill], behind, strict=True))
    return (red, green, blue)


def _luminance(color: tuple[float, float, float]) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in (part / 255.0 for part in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

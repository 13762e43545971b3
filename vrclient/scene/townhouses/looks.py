"""How town houses look: the style of a quarter, chance for each house, and the choices that follow from both.

A choice is a column: one number, flag or colour for each house. Where houses stand is geometry/lots.py's; what shape follows
from the choices is forms.py's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.lots import Column, Houses, Numbers
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.element import Ground

Flags = NDArray[np.bool_]

LEAST_M = 0.03
"""Between faces one behind the other, so that they stay apart on the screen."""
_FOOTING_M = 0.6
_COLORS = (
    "#e2dccf", "#d6ccba", "#cbc2b1", "#ddcfb5", "#d0b793", "#c2a585", "#cdb2a2", "#b9bdb3", "#c2c6c8", "#b3ada2",
    "#e4e0d7", "#a39b8e", "#8d6353", "#7c5548", "#977060", "#8a7466", "#a3a19b", "#908f8b", "#c9bfa0", "#b5a58c",
)  # fmt: skip
_ROOF_COLORS = ("#8a4f3a", "#7a4636", "#9c5f45", "#5b5653", "#4d4f52", "#6e5d50")
_FLAT_ROOFS = ("#8d8a84", "#77756f", "#9b958a", "#6b6c6d", "#a7a39a")
_PAINTS = ("#6f322d", "#2f4a3c", "#2c3f57", "#80652f", "#5a4636", "#37393b")


@dataclass(frozen=True, slots=True)
class Style:
    """What the houses of a quarter have in common.

    storeys          least and most; storey_height: usual metres
    pitched, shops   shares of houses with a pitched roof, and with a shop on the ground floor
    colors, roof_colors   '#rrggbb' of walls and pitched roofs; None: those of the trade
    lit_ratio        share of rooms that are lit after dark
    """

    storeys: tuple[int, int] = (2, 7)
    storey_height: float = 3.2
    pitched: float = 0.5
    shops: float = 0.3
    colors: tuple[str, ...] | None = None
    roof_colors: tuple[str, ...] | None = None
    lit_ratio: float = 0.35
    seed: int = 1


class Chance:
    """Numbers 0..1 for each house; another channel, other numbers."""

    def __init__(self, houses: Houses, seed: int) -> None:
        self._number, self._block, self._seed = houses.number, houses.block, seed

    def __call__(self, channel: int, /) -> Column:
        return hashed(self._number, seed=self._seed, channel=channel)

    def of_block(self, channel: int, /) -> Column:
        """The same for all houses of a block."""
        return hashed(self._block, seed=self._seed, channel=channel)

    def between(self, low: float, high: float, channel: int, /) -> Column:
        return low + (high - low) * self(channel)

    def color(self, names: tuple[str, ...], channel: int, /, *, varied: float = 0.0) -> Column:
        """[N, 3] linear: one of the colours, a little lighter or darker, warmer or colder. Takes three channels."""
        picked = np.array([linear_color(name) for name in names])[(len(names) * self(channel)).astype(int)]
        warmth = 0.35 * varied * (2 * self(channel + 1) - 1)
        shade = 1.0 + varied * (2 * self(channel + 2) - 1)
        return np.clip(picked * shade[:, None] * np.stack([1 + warmth, np.ones_like(warmth), 1 - warmth], axis=1), 0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Choices for each of N houses: [N] metres, [N, 3] linear RGB.

    bottom, floor    where its walls begin in the ground, and its lowest floor
    storeys, storey, ground_storey   how many, and how high
    bay, glazed      usual width of a bay, and the share of it that is window
    sill, tall       where windows begin above the floor, and their height
    recess, pier     how far windows and piers lie behind the wall's face; piers never in it, some stand out of it
    has_courses      bands between its storeys
    room             number of its first room for the glass shader, so that each house is lit in its own way
    """

    bottom: Column
    floor: Column
    storeys: Numbers
    storey: Column
    ground_storey: Column
    is_pitched: Flags
    is_shop: Flags
    bay: Column
    glazed: Column
    sill: Column
    tall: Column
    recess: Column
    pier: Column
    parapet: Column
    has_courses: Flags
    wall: Column
    trim: Column
    roof: Column
    flat_roof: Column
    paint: Column
    room: Numbers

    @property
    def eaves(self) -> Column:
        """Where the roofs begin."""
        return self.floor + self.ground_storey + (self.storeys - 1) * self.storey


def looks_of(style: Style, houses: Houses, chance: Chance, ground: Ground, /) -> Looks:
    under = ground.height(houses.footprints())
    low, high = style.storeys
    tallness = np.clip(0.5 * chance.of_block(0) + 0.75 * chance(1) - 0.125, 0.0, 1.0) ** 1.25
    storeys = low + np.minimum(((high - low + 1) * tallness).astype(np.int64), high - low)
    is_pitched = (chance(2) < style.pitched) & (storeys <= max(6, low))
    is_shop = chance(3) < style.shops
    storey = style.storey_height * chance.between(0.95, 1.08, 4)
    is_modern = ~is_pitched & (chance(5) < 0.4)
    is_french = ~is_modern & (chance(6) < 0.3)
    sill = np.minimum(np.where(is_french, 0.12, np.where(is_modern, 0.62, 0.9)), 0.3 * storey)
    relief = chance(7)
    wall = chance.color(style.colors or _COLORS, 13, varied=0.0 if style.colors else 0.1)
    is_trimmed = ~is_modern & (chance(26) < 0.6)
    return Looks(
        bottom=under.min(axis=1) - _FOOTING_M,
        floor=under.max(axis=1) + 0.1,
        storeys=storeys,
        storey=storey,
        ground_storey=storey + np.where(is_shop, 0.75, np.where(is_pitched, 0.1, 0.3)),
        is_pitched=is_pitched,
        is_shop=is_shop,
        bay=np.where(is_modern, chance.between(3.1, 4.4, 8), chance.between(2.7, 3.5, 8)),
        glazed=np.where(is_modern, chance.between(0.55, 0.86, 9), chance.between(0.34, 0.5, 9)),
        sill=sill,
        tall=np.minimum(chance.between(1.45, 1.75, 10) + np.where(is_french, 0.6, 0.0), storey - sill - 0.35),
        recess=chance.between(0.14, 0.26, 11),
        pier=np.where(relief < 0.25, -0.09, np.where((relief > 0.75) | (is_modern & (relief > 0.5)), 0.08, LEAST_M)),
        parapet=chance.between(0.35, 1.05, 12),
        has_courses=~is_modern & (relief < 0.75) & (chance(27) < 0.55),
        wall=wall,
        trim=np.where(is_trimmed[:, None], 0.25 * wall + 0.75 * np.array(linear_color("#e4e0d6")), 0.92 * wall),
        roof=chance.color(style.roof_colors or _ROOF_COLORS, 16, varied=0.0 if style.roof_colors else 0.1),
        flat_roof=chance.color(_FLAT_ROOFS, 19, varied=0.08),
        paint=chance.color(_PAINTS, 22, varied=0.15),
        room=(240 * chance(25)).astype(np.int64),
    )

"""Where panels stand: on a screen over the picture, pixel by pixel; in a headset in the air, within reach of the eye. Pure.

A screen's panel is placed before the head like any other, as far away as SCREEN_M and just so large that it covers its pixels: so
it is aimed at and drawn in the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.frames import Matrix, heading_and_pitch, inverse_rigid, world_from_body, wrapped
from vrclient.panels.widgets import Box, Panel

SCREEN_M = 1.0
"""Metres before the eye of a screen's panels."""
AHEAD_M, CAPTION_M, HAND_M = 1.3, 1.3, 0.45
"""Metres from the eye of a headset's panels: what panels are drawn for."""
PIXELS_PER_METRE = 900.0
"""Of a panel at AHEAD_M; nearer ones are as much smaller."""
AHEAD_LOWER, CAPTION_LOWER = float(np.radians(6.0)), float(np.radians(24.0))
"""How far below the level gaze the middle of a panel, or the top of a caption, is: what a stop looks at stays free."""
BELT_M, BELT_LOWER = 0.75, float(np.radians(48.0))
"""Where a hand's panel is where there is no such hand: at the belt, out of the view of who looks ahead."""
FOLLOW_FROM, FOLLOW_SECONDS = float(np.radians(35.0)), 0.25
"""A caption that the gaze has left by so much follows, in about so many seconds."""
OVER_HAND_M = 0.14
"""How high over the hand its panel is held."""


@dataclass(frozen=True, slots=True, eq=False)
class StandingPanel:
    """A panel in the world: world_from_sheet as in frame/sheets.py, metres of one of its pixels."""

    panel: Panel
    world_from_sheet: Matrix
    metre: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in metres."""
        return (self.panel.size[0] * self.metre, self.panel.size[1] * self.metre)

    def part(self, box: Box, /) -> tuple[Matrix, tuple[float, float]]:
        """world_from_sheet, and the size in metres, of a rectangle of the panel."""
        width, height = self.panel.size
        x, y = box.middle
        pose = self.world_from_sheet.copy()
        offset = [(x - width / 2) * self.metre, 0.0, (height / 2 - y) * self.metre]
        pose[:3, 3] += pose[:3, :3] @ offset
        return pose, (box.width * self.metre, box.height * self.metre)

    def met(self, world_from_aim: Matrix, /) -> tuple[tuple[float, float], NDArray[np.float64]] | None:
        """Where the aim's Y axis meets the panel's plane: in its pixels, also outside its edges, and [3] metres, world. None
        from behind, or where it never does."""
        sheet_from_aim = inverse_rigid(self.world_from_sheet) @ world_from_aim
        start, along = sheet_from_aim[:3, 3], sheet_from_aim[:3, 1]
        if along[1] < 1e-6 or start[1] > 0.0:
            return None
        x, _, z = start - along * start[1] / along[1]
        point = (x / self.metre + self.panel.size[0] / 2, self.panel.size[1] / 2 - z / self.metre)
        return point, world_from_aim[:3, 3] - world_from_aim[:3, 1] * start[1] / along[1]

    def holds(self, point: tuple[float, float], /) -> bool:
        """Whether the panel reaches as far as a point in its pixels."""
        return 0.0 <= point[0] < self.panel.size[0] and 0.0 <= point[1] < self.panel.size[1]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Whose panels they are.

    world_from_rig, rig_from_head   [4, 4] float64
    tracked    a headset is worn; else a screen of `pixels` (width, height) shows a vertical angle of `fov` radians
    hand       rig_from_grip of the hand that holds what hands hold; None where there is none
    """

    world_from_rig: Matrix
    rig_from_head: Matrix
    tracked: bool
    hand: Matrix | None = None
    fov: float = 1.0
    pixels: tuple[int, int] = (1280, 720)


Wanted = Sequence[tuple[Panel, str]]
"""Panels and their anchors, the lowest first."""


@dataclass(slots=True)
class PanelPlaces:
    """Where a headset's panels were put when they were opened: they stay there, in the rig, until they close. A caption
    follows the gaze."""

    _opened: dict[str, Matrix] = field(default_factory=dict)
    _caption: float | None = None

    def update(self, wanted: Wanted, body: Body, /, *, seconds: float) -> tuple[StandingPanel, ...]:
        """Where each panel stands now: on a screen in the order that is wanted, in a headset the nearest last, as a far one must
        not cover a near one."""
        if not body.tracked:
            self.forget()
            return _on_screen(wanted, body)
        self._opened = {key: pose for key, pose in self._opened.items() if any(panel.id == key for panel, _ in wanted)}
        self._follow(body, seconds=seconds)
        eye = (body.world_from_rig @ body.rig_from_head)[:3, 3]
        standing = [self._in_air(panel, anchor, body) for panel, anchor in wanted]
        return tuple(sorted(standing, key=lambda one: -round(float(np.linalg.norm(one.world_from_sheet[:3, 3] - eye)), 2)))

    def forget(self) -> None:
        """Puts everything before the visitor anew: the tracked space was recentred, or they were moved."""
        self._opened.clear()
        self._caption = None

    def _follow(self, body: Body, *, seconds: float) -> None:
        gaze = heading_and_pitch(body.rig_from_head[:3, 1])[0]
        if self._caption is None:
            self._caption = gaze
        away = wrapped(gaze - self._caption)
        if abs(away) > FOLLOW_FROM:
            self._caption += (away - np.sign(away) * FOLLOW_FROM * 0.5) * min(seconds / FOLLOW_SECONDS, 1.0)

    def _in_air(self, panel: Panel, anchor: str, body: Body) -> StandingPanel:
        eye = body.rig_from_head[:3, 3]
        near = AHEAD_M
        match anchor:
            case "hand" if body.hand is not None:
                near = HAND_M
                middle = body.hand[:3, 3] + [0.0, 0.0, OVER_HAND_M]
                pose = facing(middle, eye)
            case "hand":
                near = BELT_M
                assert self._caption is not None
                pose = _before(eye, self._caption, lower=BELT_LOWER, away=BELT_M)
            case "caption":
                assert self._caption is not None
                half = np.arctan(0.5 * panel.size[1] / PIXELS_PER_METRE / CAPTION_M)
                pose = _before(eye, self._caption, lower=CAPTION_LOWER + half, away=CAPTION_M)
            case _:
                key = panel.id
                if key not in self._opened:
                    gaze = heading_and_pitch(body.rig_from_head[:3, 1])[0]
                    self._opened[key] = _before(eye, gaze, lower=AHEAD_LOWER, away=AHEAD_M)
                pose = self._opened[key]
        metre = near / AHEAD_M / PIXELS_PER_METRE / panel.sizes.scale
        return StandingPanel(panel, body.world_from_rig @ pose, metre)


def facing(middle: ArrayLike, eye: ArrayLike, /) -> Matrix:
    """[4, 4] frame_from_sheet: a sheet at `middle` that looks at `eye`, upright; both [3] metres in that frame."""
    heading, pitch = heading_and_pitch(np.subtract(middle, eye))
    return world_from_body(np.asarray(middle, np.float64), heading=heading, pitch=pitch)


def _before(eye: NDArray[np.float64], heading: float, *, lower: float, away: float) -> Matrix:
    """A sheet `away` metres from the eye, `lower` radians below the level gaze to `heading`, that looks at the eye."""
    level = np.cos(lower) * away
    way = np.array([np.sin(heading) * level, np.cos(heading) * level, -np.sin(lower) * away])
    return facing(eye + way, eye)


def _on_screen(wanted: Wanted, body: Body) -> tuple[StandingPanel, ...]:
    """Over the picture, texel on pixel: what belongs below stands on the lower edge, one over the other."""
    width, height = body.pixels
    metre = 2.0 * SCREEN_M * float(np.tan(body.fov / 2.0)) / height
    world_from_head = body.world_from_rig @ body.rig_from_head
    floor, standing = float(height), []
    for panel, anchor in _from_below(wanted):
        wide, high = panel.size
        if anchor in ("bottom", "hand", "caption"):
            gap = 0.0 if anchor == "bottom" else panel.sizes.gap
            top = floor - gap - high
            floor = top
        else:
            top = max(0.0, min((height - high) / 2, floor - panel.sizes.gap - high)) if floor < height else (height - high) / 2
        left, top = float(np.floor((width - wide) / 2)), float(np.floor(top))
        x, z = (left + wide / 2 - width / 2) * metre, (height / 2 - top - high / 2) * metre
        pose = np.eye(4)
        pose[:3, 3] = x, SCREEN_M, z
        standing.append(StandingPanel(panel, world_from_head @ pose, metre))
    order: Mapping[str, int] = {panel.id: number for number, (panel, _) in enumerate(wanted)}
    return tuple(sorted(standing, key=lambda one: order[one.panel.id]))


def _from_below(wanted: Wanted) -> list[tuple[Panel, str]]:
    """In the order in which they are stacked on the lower edge."""
    rank = {"bottom": 0, "hand": 1, "caption": 2}
    return sorted(wanted, key=lambda one: rank.get(one[1], 3))

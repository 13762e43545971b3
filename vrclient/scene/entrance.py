"""Doorways that stand out from a wall: frame, canopy, glass with light behind. Buildings and shells share them."""

import itertools
from typing import Annotated

import numpy as np
from pydantic import Field

from vrclient.geometry.curves import Points
from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import Mesh, concatenated, placed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, Light, Material, Surface
from vrclient.showcase.models import Model, Point

_FOOTING_M = 0.5


class Entrance(Model):
    """A lit doorway with a canopy."""

    at: Point = Field(description="Near the wall where it is, [east, north].", examples=[[20, 0]])
    width_m: Annotated[float, Field(ge=1.0, le=60.0)] = Field(4.0, description="Width of the doorway.")
    height_m: Annotated[float, Field(ge=2.0, le=20.0)] = Field(3.0, description="Height of the doorway.")


def entrance_surfaces(
    entrance: Entrance, ring: Points, base: float, /, *, frame: Color, above: Points | None = None
) -> tuple[list[Surface], Light]:
    """The portal on the wall (a closed plan [N, 2], outside to its right) nearest to where it was asked for, and its lamp.

    above [N, 2]: the same wall at the portal's height, where it leans; the portal stands out from under it."""
    along = np.roll(ring, -1, axis=0) - ring
    wanted = np.array(entrance.at)
    share = np.clip(((wanted - ring) * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), 1e-12), 0.0, 1.0)
    foot = ring + along * share[:, None]
    nearest = int(np.argmin(np.hypot(*(foot - wanted).T)))
    outward = np.array([along[nearest, 1], -along[nearest, 0]]) / np.hypot(*along[nearest])
    heading = float(np.arctan2(outward[0], outward[1]))
    half, high = entrance.width_m / 2.0, entrance.height_m
    depth = 0.3 + _sagitta(ring, foot[nearest], half)
    front = 0.5 + (0.0 if above is None else max(0.0, float((above[nearest] - ring[nearest]) @ outward)))

    def here(shape: Mesh) -> Mesh:
        return placed(shape, at=(*foot[nearest], base), heading=heading)

    solid = [
        box((-half - 0.25, -depth, -_FOOTING_M), (-half, front + 0.4, high)),
        box((half, -depth, -_FOOTING_M), (half + 0.25, front + 0.4, high)),
        box((-half - 0.6, -depth, high), (half + 0.6, front + 1.7, high + 0.3)),
        box((-half, -depth, -_FOOTING_M), (half, front + 0.4, 0.03)),
    ]
    panes = max(2, round(entrance.width_m / 1.2))
    edge = np.linspace(-half, half, panes + 1)
    glass = [box((a + 0.03, -depth, 0.03), (b - 0.03, front, high)) for a, b in itertools.pairwise(edge)]
    pane = Material(surface="glass", color=linear_color("#f2dcb4"), roughness=0.06, emission=0.8)
    lamp = foot[nearest] + outward * (front + 1.1)
    light = Light((float(lamp[0]), float(lamp[1]), base + high - 0.3), intensity=0.8, reach=9.0)
    return [
        Surface(here(concatenated(solid)), Material(color=frame, roughness=0.5)),
        Surface(here(concatenated(glass)), pane),
    ], light


def _sagitta(ring: Points, foot: Points, half: float) -> float:
    """How far a wall that bends back may lie behind the portal's sides, metres; at most 3."""
    near = ring[np.hypot(*(ring - foot).T) < half + 1.0]
    if len(near) < 3:
        return 0.0
    chord = near[-1] - near[0]
    away = np.abs((near - near[0]) @ np.array([chord[1], -chord[0]])) / max(float(np.hypot(*chord)), 1e-9)
    return float(min(away.max(), 3.0))

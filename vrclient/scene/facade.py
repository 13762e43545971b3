"""Facades: which cell of a wall has which opening, and the surfaces that follow. Buildings and shells share it.

A facade is a grid of cells (bays by storeys) given as quads; it knows nothing of the building behind it."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vrclient.geometry.curves import Points, distances
from vrclient.geometry.extrusion import quads, recessed
from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Material, Surface
from vrclient.showcase.models import HexColor, Model, Ratio, Seed

Floats64 = NDArray[np.float64]
_ROOM_WIDTH, _ROOM_HEIGHT = 3.6, 4.0
"""The glass shader's rooms: its uv count a room of this size, whatever the storey's real height."""


class Facade(Model):
    """What the walls look like."""

    pattern: Literal["window_grid", "curtain_wall", "panels", "plain"] = Field(
        "window_grid",
        description="Windows in a grid, glass from floor to ceiling, closed panels with irregular narrow openings, or nothing.",
    )
    color: HexColor = Field("#e8e4da", description="Colour of the solid parts.")
    frame_color: HexColor = Field("#4a4d50", description="Colour of frames and reveals.")
    glass_color: HexColor = Field("#8fa6a8", description="Tint of the glass.")
    finish: Literal["plain", "concrete", "panels", "wood", "metal", "rock"] = Field(
        "panels", description="What the solid parts are made of."
    )
    bay_m: Annotated[float, Field(ge=0.6, le=20.0)] = Field(3.6, description="Width of a bay; it is fitted to whole bays.")
    window_m: tuple[Annotated[float, Field(ge=0.2, le=20.0)], Annotated[float, Field(ge=0.2, le=20.0)]] = Field(
        (1.8, 1.9), description="Width and height of a window in the window grid."
    )
    depth_m: Annotated[float, Field(ge=0.02, le=2.0)] = Field(
        0.22, description="How far windows and openings lie behind the wall's face."
    )
    density: Ratio = Field(0.45, description="Share of panels with an opening.")
    density_to: Ratio | None = Field(None, description="The share at the other end, where it grows or fades along the wall.")
    lit_ratio: Ratio = Field(0.35, description="Share of rooms that are lit after dark.")
    seed: Seed = Field(1, description="Another number, another choice of openings.")


@dataclass(frozen=True, slots=True, eq=False)
class FacadeCells:
    """Q cells of a facade.

    corner  [Q, 4, 3] metres, counterclockwise from outside, lower left first; normal [Q, 4, 3]
    uv      [Q, 4, 2] metres around and up
    column, row   [Q] numbers of bay and storey
    share   [Q] 0..1 where along the facade
    """

    corner: Floats64
    normal: Floats64
    uv: Floats64
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    share: Floats64

    def only(self, keep: NDArray[np.bool_], /) -> "FacadeCells":
        """Some of them."""
        return FacadeCells(
            self.corner[keep], self.normal[keep], self.uv[keep], self.column[keep], self.row[keep], self.share[keep]
        )


def wall_cells(ring: Points, levels: Floats64, /, *, bay: float) -> FacadeCells:
    """Cells over the straight pieces of a closed plan [N, 2] (outside to its right), between these levels [R + 1]."""
    following = np.roll(ring, -1, axis=0)
    along = np.linalg.norm(following - ring, axis=1)
    count = np.maximum(1, np.rint(along / bay)).astype(int)
    passed = distances(ring, closed=True)
    piece = np.repeat(np.arange(len(ring)), count)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    left = ring[piece] + (following - ring)[piece] * (step / count[piece])[:, None]
    right = ring[piece] + (following - ring)[piece] * ((step + 1) / count[piece])[:, None]
    direction = (following - ring)[piece] / np.maximum(along[piece], 1e-12)[:, None]
    outward = np.column_stack([direction[:, 1], -direction[:, 0], np.zeros(len(piece))])
    u0 = passed[piece] + along[piece] * step / count[piece]
    u1 = u0 + along[piece] / count[piece]
    rows, columns = len(levels) - 1, len(piece)
    corner, uv = np.zeros((rows, columns, 4, 3)), np.zeros((rows, columns, 4, 2))
    for index, (place, u, above) in enumerate(((left, u0, 0), (right, u1, 0), (right, u1, 1), (left, u0, 1))):
        z = levels[above : above + rows, None]
        corner[:, :, index, :2], corner[:, :, index, 2] = place, z
        uv[:, :, index, 0], uv[:, :, index, 1] = u, z
    size = rows * columns
    return FacadeCells(
        corner.reshape(size, 4, 3),
        np.broadcast_to(outward[None, :, None, :], (rows, columns, 4, 3)).reshape(size, 4, 3),
        uv.reshape(size, 4, 2),
        np.tile(np.arange(columns), rows),
        np.repeat(np.arange(rows), columns),
        np.tile((u0 + u1) / 2.0 / passed[-1], rows),
    )


def facade_surfaces(cells: FacadeCells, look: Facade, /) -> tuple[Surface, ...]:
    """Solid wall, recess sides and glass of these cells."""
    width = np.linalg.norm(cells.corner[:, 1] - cells.corner[:, 0], axis=1)
    height = np.linalg.norm(cells.corner[:, 3] - cells.corner[:, 0], axis=1)
    opening, has = _openings(cells, look, width, height)
    closed, opened = cells.only(~has), cells.only(has)
    depth = np.full(int(has.sum()), look.depth_m)
    frame = recessed(opened.corner, opening[has], depth, normal=opened.normal, uv=opened.uv, back_uv=_room_uv(opened, look))
    solid = quads(closed.corner, normal=closed.normal, uv=closed.uv)
    glazed = look.pattern == "curtain_wall"
    frames = Material(color=linear_color(look.frame_color), roughness=0.45, metallic=0.0)
    around = frames if glazed else wall_material(look)
    return tuple(
        surface
        for surface in (
            Surface(solid, wall_material(look)),
            Surface(frame.wall, around),
            Surface(frame.reveal, frames if glazed else wall_material(look)),
            Surface(frame.back, glass_material(look)),
        )
        if len(surface.mesh.triangle)
    )


def far_surfaces(ring: Points, levels: Floats64, look: Facade, /) -> tuple[Surface, ...]:
    """The same facade from afar: flat bands of wall and glass."""
    cells = wall_cells(ring, levels, bay=1e6)
    if look.pattern == "plain":
        return (Surface(quads(cells.corner, normal=cells.normal, uv=cells.uv), wall_material(look)),)
    height = np.maximum(np.linalg.norm(cells.corner[:, 3] - cells.corner[:, 0], axis=1), 1e-6)
    tall = {"window_grid": look.window_m[1] * 0.6, "panels": 0.8 * look.density, "curtain_wall": 0.8 * float(height.max())}[
        look.pattern
    ]
    middle = np.full(len(height), 0.55)
    half = np.clip(tall / height / 2.0, 0.02, 0.42)
    opening = np.stack([np.full(len(height), 0.01), np.full(len(height), 0.99), middle - half, middle + half], axis=1)
    bands = recessed(cells.corner, opening, np.zeros(len(height)), normal=cells.normal, uv=cells.uv)
    return (Surface(bands.wall, wall_material(look)), Surface(bands.back, glass_material(look)))


def wall_material(look: Facade, /) -> Material:
    """Of the solid parts."""
    metallic = 1.0 if look.finish == "metal" else 0.0
    return Material(color=linear_color(look.color), roughness=0.4 if metallic else 0.72, metallic=metallic, pattern=look.finish)


def glass_material(look: Facade, /) -> Material:
    """Of the windows: rooms behind glass."""
    return Material(
        surface="glass", color=linear_color(look.glass_color), roughness=0.06, pattern="rooms", lit_ratio=look.lit_ratio
    )


def _openings(cells: FacadeCells, look: Facade, width: Floats64, height: Floats64) -> tuple[Floats64, NDArray[np.bool_]]:
    """(opening [Q, 4] as ratios: left, right, bottom, top; has [Q])."""
    if look.pattern == "plain":
        return np.zeros((len(width), 4)), np.zeros(len(width), bool)
    if look.pattern == "curtain_wall":
        side = np.clip(0.045 / width, 0.01, 0.3)
        return np.stack([side, 1 - side, np.clip(0.42 / height, 0.02, 0.4), 1 - np.clip(0.06 / height, 0.01, 0.3)], axis=1), (
            width > 0.3
        ) & (height > 1.0)
    if look.pattern == "window_grid":
        half = np.minimum(look.window_m[0] / width, 0.86) / 2.0
        tall = np.minimum(look.window_m[1], height - 0.7) / height
        sill = np.clip((height - 0.45) / height - tall, 0.04, 0.9)
        return np.stack([0.5 - half, 0.5 + half, sill, sill + tall], axis=1), (width > 0.9) & (height > 1.8)
    number = cells.row * 100_003 + cells.column
    pick = [hashed(number, seed=look.seed, channel=channel) for channel in range(5)]
    density = look.density + ((look.density if look.density_to is None else look.density_to) - look.density) * cells.share
    has = (pick[0] < density) & (width > 0.8) & (height > 1.2)
    wide = np.clip((0.28 + 0.5 * pick[1] ** 2) / width, 0.05, 0.7)
    left = 0.06 + (0.88 - wide) * pick[2]
    tall = 0.35 + 0.55 * pick[3]
    bottom = 0.05 + (0.9 - tall) * pick[4]
    return np.stack([left, left + wide, bottom, bottom + tall], axis=1), has


def _room_uv(cells: FacadeCells, look: Facade) -> Floats64:
    """[Q, 4, 2] uv that put one room (or half of one, between the mullions of a curtain wall) behind each cell."""
    across = _ROOM_WIDTH / 2.0 if look.pattern == "curtain_wall" else _ROOM_WIDTH
    u = (cells.column[:, None] + np.array([0.0, 1.0, 1.0, 0.0])) * across
    v = (cells.row[:, None] + np.array([0.0, 0.0, 1.0, 1.0])) * _ROOM_HEIGHT
    return np.stack([u, v], axis=2)


def facade_triangles(cells: float, look: Facade, /) -> float:
    """About how many triangles so many cells become."""
    return cells * (2.0 if look.pattern == "plain" else 18.0)


def joined(surfaces: tuple[Surface, ...], /) -> tuple[Surface, ...]:
    """Surfaces with equal materials as one, in the order in which the materials first came."""
    groups: dict[tuple[Material, bool], list[Mesh]] = {}
    for surface in surfaces:
        groups.setdefault((surface.material, surface.casts_shadow), []).append(surface.mesh)
    return tuple(Surface(concatenated(meshes), material, casts_shadow=shadow) for (material, shadow), meshes in groups.items())

"""Low plants: shrub, hedge, reed and flower bed."""

import numpy as np

from vrclient.geometry.mesh import Mesh, concatenated, mesh
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, InstanceMesh, Surface
from vrclient.scene.props.foliage import Crown, crown_level
from vrclient.scene.props.solids import sheets, unit
from vrclient.scene.props.trees import LEAVES

LOD_PIXELS = (420.0, 170.0, 60.0, 24.0)


def _from_crown(key: str, crown: Crown, *more: Mesh, sway: float) -> InstanceMesh:
    levels = []
    for level in range(5):
        parts = [crown_level(crown, level)] + ([more[level]] if more else [])
        levels.append((Surface(concatenated(parts), LEAVES),))
    return InstanceMesh(key, tuple(levels), LOD_PIXELS, sway)


def shrub(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A rounded shrub, 1.2 m high."""
    seed = 200 + variant
    turn = np.arange(4) * 1.57 + 0.6 * hashed(np.arange(4), seed=seed)
    ring = np.stack([0.36 * np.cos(turn), 0.36 * np.sin(turn), 0.42 + 0.12 * hashed(np.arange(4), seed=seed, channel=1)], axis=1)
    center = np.concatenate([[[0.0, 0.0, 0.66]], ring])
    radius = np.array([[0.5, 0.5, 0.52], *[[0.42, 0.42, 0.44]] * 4])
    return _from_crown(
        key,
        Crown(center, radius, color, leaf=(0.3, 0.2), leaves=(700, 260, 100, 30, 0), droop=-0.2, core=0.82, seed=seed),
        sway=0.15,
    )


def hedge(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A clipped piece of hedge, 1.5 m long (east-west at heading 0), 0.6 m deep and 0.9 m high; pieces join in a row."""
    x = np.linspace(-0.6, 0.6, 4)
    center = np.concatenate([[[one, y, z] for one in x] for y in (-0.12, 0.12) for z in (0.26, 0.62)])
    radius = np.tile([0.26, 0.2, 0.29], (len(center), 1))
    crown = Crown(
        center, radius, color, leaf=(0.2, 0.14), leaves=(900, 330, 120, 36, 0), droop=-0.1, core=0.0, seed=230 + variant
    )
    cores = []
    for inset, dim in ((0.06, 0.4), (0.05, 0.4), (0.05, 0.42), (0.03, 0.62), (0.0, 0.85)):
        cores.append(_clipped(0.78, 0.3 - inset, 0.9 - inset, np.array(color) * dim))
    levels = [
        (Surface(concatenated([cores[level], *([crown_level(crown, level)] if level < 4 else [])]), LEAVES),)
        for level in range(5)
    ]
    return InstanceMesh(key, tuple(levels), LOD_PIXELS, 0.05)


def _clipped(half_length: float, half_depth: float, height: float, color: np.ndarray) -> Mesh:
    x, y = half_length, half_depth
    point = np.array(
        [[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0], [-x, -y, height], [x, -y, height], [x, y, height], [-x, y, height]]
    )
    face = [(0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7), (4, 5, 6), (4, 6, 7)]
    normal = unit(point * [0.6, 1.4, 0.0] + [0, 0, 0.2] + [0, 0, 1.0] * (point[:, 2:] > 0))
    shade = np.where(point[:, 2] > 0, 1.0, 0.55)
    return mesh(
        point, face, normal=normal, color=np.clip(color * shade[:, None], 0, 1), openness=np.where(point[:, 2] > 0, 0.9, 0.35)
    )


def reed(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A tuft of reed with plumes, 1.9 m high: for the water's edge."""
    levels = tuple(
        (Surface(_blades(count, wide, color, 260 + variant), LEAVES),)
        for count, wide in ((90, 0.022), (46, 0.035), (24, 0.06), (10, 0.13), (5, 0.26))
    )
    return InstanceMesh(key, levels, LOD_PIXELS, 3.0)


def _blades(count: int, wide: float, color: Color, seed: int) -> Mesh:
    number = np.arange(count)
    chance = [hashed(number, seed=seed, channel=k) for k in range(6)]
    angle, out = 2 * np.pi * chance[0], 0.4 * np.sqrt(chance[1])
    lean = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
    turn = 2 * np.pi * chance[2]
    side = np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], axis=1) * wide
    foot = lean * out[:, None] + [0, 0, -0.15]
    high = 1.15 + 0.8 * chance[3]
    middle = foot + lean * 0.1 + np.array([0, 0, 0.6]) * high[:, None]
    tip = foot + lean * (0.25 + 0.3 * chance[4])[:, None] + np.array([0, 0, 1.0]) * high[:, None]
    corner = np.stack([foot - side, foot + side, middle + side, tip, middle - side], axis=1)
    value = (0.75 + 0.45 * chance[5])[:, None] * [0.45, 0.45, 0.9, 1.15, 0.9]
    shade = np.array(color) * value[..., None]
    plume = chance[5] > 0.72
    shade[plume, 2:] = np.array(linear_color("#b59a72")) * [[0.8], [1.1], [0.8]]
    corner[plume, 2] += 1.2 * side[plume]
    corner[plume, 4] -= 1.2 * side[plume]
    return sheets(corner, normal=unit(lean * 0.8 + [0, 0, 0.6])[:, None], color=shade, openness=[0.25, 0.25, 0.8, 1.0, 0.8])


def flowers(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A cushion of flowers, 1.1 m across and 0.4 m high: green with blossoms in `color`. Cushions side by side make a bed."""
    seed = 290 + variant
    ring = np.arange(5) * 1.2566
    center = np.concatenate([[[0.0, 0.0, 0.12]], np.stack([0.3 * np.cos(ring), 0.3 * np.sin(ring), np.full(5, 0.1)], axis=1)])
    radius = np.tile([0.27, 0.27, 0.2], (6, 1))
    green = Crown(
        center, radius, linear_color("#5f8040"), leaf=(0.17, 0.1), leaves=(400, 150, 60, 14, 0), droop=-0.6, core=0.85, seed=seed
    )
    blossoms = []
    for count, size in ((340, 0.028), (130, 0.045), (60, 0.066), (24, 0.1), (7, 0.19)):
        number = np.arange(count)
        angle, out = 2.399 * number + 0.8 * hashed(number, seed=seed, channel=3), 0.54 * np.sqrt((number + 0.5) / count)
        high = 0.36 - 0.35 * out**2 + 0.08 * hashed(number, seed=seed)
        middle = np.stack([out * np.cos(angle), out * np.sin(angle), high], axis=1)
        tilt = unit(np.stack([0.7 * out * np.cos(angle), 0.7 * out * np.sin(angle), np.full(count, 0.6)], axis=1))
        turn = 2 * np.pi * hashed(number, seed=seed, channel=2)
        right = unit(np.cross(tilt, np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], axis=1)))
        front = np.cross(tilt, right)
        corner = np.stack([middle + size * one for one in (right, front, -right, -front)], axis=1)
        shade = np.array(color) * (0.75 + 0.4 * hashed(number, seed=seed, channel=1))[:, None, None]
        blossoms.append(sheets(corner, normal=tilt[:, None], color=shade, openness=1.0))
    return _from_crown(key, green, *blossoms, sway=0.4)

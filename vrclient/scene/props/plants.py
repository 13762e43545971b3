"""Low plants: shrub, hedge, reed and flower bed."""

import numpy as np

from vrclient.geometry.mesh import Mesh, concatenated, mesh
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, InstanceMesh, Surface
from vrclient.scene.props.foliage import Crown, crown_level
from vrclient.scene.props.solids import unit
from vrclient.scene.props.trees import LEAVES

LOD_PIXELS = (160.0, 60.0, 24.0)


def _from_crown(key: str, crown: Crown, *more: Mesh, sway: float) -> InstanceMesh:
    levels = []
    for level in range(4):
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
        key, Crown(center, radius, color, leaf=(0.3, 0.2), leaves=(260, 100, 30, 0), droop=-0.2, core=0.82, seed=seed), sway=0.15
    )


def hedge(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A clipped piece of hedge, 1.5 m long (east-west at heading 0), 0.6 m deep and 0.9 m high; pieces join in a row."""
    x = np.linspace(-0.6, 0.6, 4)
    center = np.concatenate([[[one, y, z] for one in x] for y in (-0.12, 0.12) for z in (0.26, 0.62)])
    radius = np.tile([0.26, 0.2, 0.29], (len(center), 1))
    crown = Crown(center, radius, color, leaf=(0.2, 0.14), leaves=(330, 120, 36, 0), droop=-0.1, core=0.0, seed=230 + variant)
    cores = []
    for inset, dim in ((0.05, 0.4), (0.05, 0.42), (0.03, 0.62), (0.0, 0.85)):
        cores.append(_clipped(0.78, 0.3 - inset, 0.9 - inset, np.array(color) * dim))
    levels = [
        (Surface(concatenated([cores[level], *([crown_level(crown, level)] if level < 3 else [])]), LEAVES),) for level in range(4)
    ]
    return InstanceMesh(key, tuple(levels), LOD_PIXELS, 0.05)


def _clipped(half_length: float, half_depth: float, height: float, color: np.ndarray) -> Mesh:
    x, y = half_length, half_depth
    point = np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0], [-x, -y, height], [x, -y, height], [x, y, height], [-x, y, height]])
    face = [(0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7), (4, 5, 6), (4, 6, 7)]
    normal = unit(point * [0.6, 1.4, 0.0] + [0, 0, 0.2] + [0, 0, 1.0] * (point[:, 2:] > 0))
    shade = np.where(point[:, 2] > 0, 1.0, 0.55)
    return mesh(point, face, normal=normal, color=np.clip(color * shade[:, None], 0, 1), openness=np.where(point[:, 2] > 0, 0.9, 0.35))


def reed(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A tuft of reed with plumes, 1.9 m high: for the water's edge."""
    levels = tuple((Surface(_blades(count, wide, color, 260 + variant), LEAVES),) for count, wide in ((46, 0.035), (24, 0.06), (10, 0.13), (5, 0.26)))
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
    corner = np.stack([foot - side, foot + side, middle + side, middle - side, tip], axis=1)
    base = 5 * number.astype(np.uint32)[:, None]
    triangle = np.concatenate([base + np.uint32(one) for one in ((0, 1, 2), (0, 2, 3), (3, 2, 4))], axis=1).reshape(-1, 3)
    plume = chance[5] > 0.72
    shade = np.array(color)[None, None] * (0.75 + 0.45 * chance[5])[:, None, None] * np.array([0.45, 0.45, 0.9, 0.9, 1.15])[:, None]
    shade[plume, 2:] = np.array(linear_color("#b59a72")) * [[0.8], [0.8], [1.1]]
    corner[plume, 2] += 1.2 * side[plume]
    corner[plume, 3] -= 1.2 * side[plume]
    normal = np.repeat(unit(lean * 0.8 + [0, 0, 0.6]), 5, axis=0)
    flat = corner.reshape(-1, 3)
    openness = np.tile([0.25, 0.25, 0.8, 0.8, 1.0], count)
    return mesh(flat, triangle, normal=normal, uv=flat[:, :2], color=np.clip(shade.reshape(-1, 3), 0, 1), openness=openness)


def flowers(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A cushion of flowers, 1.1 m across and 0.4 m high: green with blossoms in `color`. Cushions side by side make a bed."""
    seed = 290 + variant
    turn = np.arange(5) * 1.2566
    center = np.concatenate([[[0.0, 0.0, 0.12]], np.stack([0.3 * np.cos(turn), 0.3 * np.sin(turn), np.full(5, 0.1)], axis=1)])
    radius = np.tile([0.27, 0.27, 0.2], (6, 1))
    green = Crown(center, radius, linear_color("#5f8040"), leaf=(0.17, 0.1), leaves=(150, 60, 14, 0), droop=-0.6, core=0.85, seed=seed)
    blossoms = []
    for count, size in ((120, 0.05), (60, 0.07), (24, 0.11), (7, 0.2)):
        number = np.arange(count)
        angle, out = 2.399 * number, 0.54 * np.sqrt((number + 0.5) / count)
        high = 0.36 - 0.35 * out**2 + 0.08 * hashed(number, seed=seed)
        middle = np.stack([out * np.cos(angle), out * np.sin(angle), high], axis=1)
        tilt = unit(np.stack([0.7 * out * np.cos(angle), 0.7 * out * np.sin(angle), np.full(count, 0.6)], axis=1))
        right = unit(np.cross(tilt, [0.3, 1.0, 0.0]))
        front = np.cross(tilt, right)
        corner = np.stack([middle + size * one for one in (right, front, -right, -front)], axis=1).reshape(-1, 3)
        base = 4 * number.astype(np.uint32)[:, None]
        triangle = np.concatenate([base + np.uint32([0, 1, 2]), base + np.uint32([0, 2, 3])], axis=1).reshape(-1, 3)
        shade = np.clip(np.array(color) * (0.75 + 0.4 * hashed(number, seed=seed, channel=1))[:, None], 0, 1)
        blossoms.append(mesh(corner, triangle, normal=np.repeat(tilt, 4, axis=0), uv=corner[:, :2], color=np.repeat(shade, 4, axis=0)))
    return _from_crown(key, green, *blossoms, sway=0.4)

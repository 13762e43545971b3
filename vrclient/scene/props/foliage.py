"""Crowns without image textures: lumps of leaves as real geometry, in five levels of the same outline and mean colour.

A crown is a few ellipsoids (clumps) that together give its outline. Inside is one dark core; on the clumps' surface lie leaf
sprays, each a folded diamond. Coarser levels keep the first, enlarged sprays of the same list over a larger core; the last is
the bare outline. Normals point away from the clump and the crown, so that light models the mass and not the single leaf."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Mesh, concatenated, mesh
from vrclient.geometry.sampling import hashed
from vrclient.scene.draw_data import Color
from vrclient.scene.props.solids import Vectors, sheets, sphere_grid, unit


@dataclass(frozen=True, slots=True, eq=False)
class Crown:
    """What a crown looks like.

    center, radius   [C, 3] metres: the clumps
    color            linear RGB of a leaf in full light
    leaf             length and width of a spray at level 2, metres
    leaves           how many sprays each level has, falling
    droop            -1 sprays stand up .. 1 they hang
    fan              sprays widen outward (ginkgo) instead of being diamonds
    core             how far out the dark core reaches at levels 0 to 2, of the outline; 0 = there is none
    """

    center: Vectors
    radius: Vectors
    color: Color
    leaf: tuple[float, float] = (1.5, 1.05)
    leaves: tuple[int, int, int, int, int] = (1500, 620, 220, 42, 0)
    droop: float = 0.2
    fan: bool = False
    core: float = 0.8
    seed: int = 0


def crown_level(crown: Crown, level: int, /) -> Mesh:
    """The crown's mesh at LOD 0 to 4."""
    leaves = _sprays(crown, level)
    if level == 4:
        return concatenated([_outline(crown, detail=1, reach=1.04, dim=0.92), leaves])
    if not crown.core:
        return leaves
    if level == 3:
        return concatenated([_outline(crown, detail=1, reach=0.25 * crown.core + 0.72, dim=0.74), leaves])
    return concatenated([_outline(crown, detail=3, reach=crown.core, dim=0.5), leaves])


def _random(crown: Crown, count: int, channel: int) -> NDArray[np.float64]:
    return hashed(np.arange(count), seed=crown.seed + 1, channel=channel)


def _middle(crown: Crown) -> tuple[Vectors, Vectors]:
    low, high = (crown.center - crown.radius).min(axis=0), (crown.center + crown.radius).max(axis=0)
    return (low + high) / 2, (high - low) / 2


def _depths(crown: Crown, point: Vectors) -> NDArray[np.float64]:
    """[N, C]: distance of each point from each clump's centre in radii; under 1 is inside."""
    away = (point[:, None] - crown.center) / crown.radius
    return np.sqrt(np.einsum("ijk,ijk->ij", away, away))


def _openness(crown: Crown, point: Vectors, normal: Vectors) -> NDArray[np.float64]:
    """Less sky between clumps, on the underside and deep in the crown."""
    middle, half = _middle(crown)
    depth = np.sort(_depths(crown, point), axis=1)
    gap = np.clip((depth[:, 1] - 0.75) / 0.75, 0.0, 1.0) if depth.shape[1] > 1 else np.ones(len(point))
    out = np.clip(np.linalg.norm((point - middle) / half, axis=1), 0.0, 1.0)
    up = 0.5 + 0.5 * normal[:, 2]
    return np.clip((0.35 + 0.65 * gap) * (0.45 + 0.55 * out) * (0.5 + 0.5 * up), 0.12, 1.0)


def _shade(crown: Crown, point: Vectors, value: NDArray[np.float64]) -> Vectors:
    """Leaf colours: yellower and lighter at the top and outside, bluer and darker below; `value` varies single sprays."""
    middle, half = _middle(crown)
    height = np.clip((point[:, 2] - middle[2]) / half[2] * 0.5 + 0.5, 0.0, 1.0)[:, None]
    out = np.clip(np.linalg.norm((point - middle) / half, axis=1), 0.0, 1.0)[:, None]
    light = (0.55 + 0.3 * height + 0.25 * out) * value[:, None]
    warm = 1.0 + (height - 0.45) * np.array([[0.22, 0.06, -0.25]])
    return np.clip(np.array(crown.color) * light * warm, 0.0, 1.0)


def _clump_value(crown: Crown, which: NDArray[np.int64]) -> NDArray[np.float64]:
    return 0.9 + 0.2 * hashed(which, seed=crown.seed + 1, channel=40)


def _outline(crown: Crown, *, detail: int, reach: float, dim: float) -> Mesh:
    """One closed shape around all clumps, seen from the crown's middle."""
    middle, half = _middle(crown)
    sphere, triangle = sphere_grid(detail)
    ray = sphere * half
    start = (middle - crown.center[:, None]) / crown.radius[:, None]
    step = ray[None] / crown.radius[:, None]
    a, b, c = np.sum(step * step, axis=2), np.sum(start * step, axis=2), np.sum(start * start, axis=2) - 1.0
    root = b * b - a * c
    exit_at = np.where(root > 0, (-b + np.sqrt(np.maximum(root, 0.0))) / a, 0.0).max(axis=0)
    point = middle + ray * np.clip(exit_at, 0.3, 1.2)[:, None] * reach
    normal = unit(sphere / half)
    nearest = _depths(crown, point).argmin(axis=1)
    value = dim * _clump_value(crown, nearest)
    openness = np.clip(0.3 + 0.7 * _openness(crown, point, normal), 0.0, 1.0)
    return mesh(
        point, triangle, normal=normal, uv=point[:, :2] + point[:, 2:], color=_shade(crown, point, value), openness=openness
    )


def _sprays(crown: Crown, level: int) -> Mesh:
    count = crown.leaves[level]
    if not count:
        return concatenated([])
    point, outward, which, number = _spray_places(crown)
    larger = min(np.sqrt(crown.leaves[2] / count), 1.85)
    return _spray_mesh(crown, point[:count], outward[:count], which[:count], number[:count], larger)


@lru_cache(maxsize=4)
def _spray_places(crown: Crown) -> tuple[Vectors, Vectors, NDArray[np.int64], NDArray[np.int64]]:
    """All sprays of a crown, in the order in which levels use them up: place, direction outward, clump and number. Those
    inside another clump are left out."""
    total = 4 * max(crown.leaves)
    area = np.cumsum(crown.radius[:, 0] * crown.radius[:, 2])
    which = np.minimum(np.searchsorted(area / area[-1], _random(crown, total, 0)), len(area) - 1)
    height, turn = 2 * _random(crown, total, 1) - 1, 2 * np.pi * _random(crown, total, 2)
    ring = np.sqrt(1 - height**2)
    direction = np.stack([ring * np.cos(turn), ring * np.sin(turn), height], axis=1)
    point = crown.center[which] + crown.radius[which] * direction * (1.06 - 0.28 * _random(crown, total, 3) ** 2)[:, None]
    depth = _depths(crown, point)
    depth[np.arange(total), which] = 9.0
    number = np.flatnonzero(depth.min(axis=1) > 0.88)
    return point[number], unit(direction[number] / crown.radius[which[number]]), which[number], number


def _spray_mesh(
    crown: Crown, point: Vectors, outward: Vectors, which: NDArray[np.int64], number: NDArray[np.int64], larger: float
) -> Mesh:
    """Two triangles per spray, its face turned outward, its length hanging or standing by `droop`."""
    chance = [hashed(number, seed=crown.seed + 1, channel=k) for k in range(10, 17)]
    middle, extent = _middle(crown)
    face = unit(outward + 0.9 * (np.stack(chance[:3], axis=1) - 0.5))
    spin = 2 * np.pi * chance[3]
    loose = np.stack([np.cos(spin), np.sin(spin), np.zeros(len(spin))], axis=1)
    along = loose * (1 - abs(crown.droop)) + np.array([0.0, 0.0, -crown.droop])
    along = unit(along - face * np.sum(along * face, axis=1, keepdims=True))
    across = np.cross(face, along)
    size = (0.75 + 0.5 * chance[4])[:, None] * larger
    length, width = crown.leaf[0] * size, crown.leaf[1] * size
    belly = 0.15 if not crown.fan else 0.5
    lift = 0.12 * width * face
    tail, tip = point - along * length / 2, point + along * length / 2 * (0.7 if crown.fan else 1.0)
    waist, half = point + along * length * (belly - 0.15), across * width / 2
    corner = np.stack([tail - lift, waist + half, tip - lift, waist - half], axis=1)
    soft = unit(0.55 * outward + 0.5 * unit((point - middle) / extent**2) + 0.35 * face)
    normal = unit(soft[:, None] + 0.15 * unit(corner - point[:, None]))
    value = (0.84 + 0.32 * chance[5]) * _clump_value(crown, which)
    open_sky = np.clip(0.15 + 0.85 * _openness(crown, point, soft), 0.0, 1.0)[:, None] * [0.8, 1.0, 1.0, 1.0]
    color = _shade(crown, corner.reshape(-1, 3), np.repeat(value, 4)).reshape(corner.shape)
    return sheets(corner, normal=normal, color=color, openness=open_sky)

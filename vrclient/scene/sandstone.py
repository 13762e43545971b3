"""Quartz sandstone as it weathers at Zhangjiajie: pillars of a few forms, the cliffs of tablelands, and the pines on top.

Rock is a stack of level beds, cut by upright joints. A form is a star-shaped plan made of blocks that end at different
heights, each bed set in or out a little, its foot undercut. Where they stand is the business of elements/pillars.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.curves import Points, sides, subdivided
from vrclient.geometry.mesh import Mesh, mesh
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import InstanceMesh, Material, Surface
from vrclient.scene.props.foliage import Crown
from vrclient.scene.props.solids import sphere_grid, unit
from vrclient.scene.props.trees import Limb, Tree, tree_mesh

Floats64 = NDArray[np.float64]

STRATA_M = (10.0, 16.0)
"""Thickness of a bed in a form's own size."""
FORM_HEIGHTS_M = (36.0, 52.0, 76.0, 111.0, 162.0, 236.0, 335.0)
FORMS_EACH = 2
"""A pillar is stretched by at most STRETCH from the form nearest to its height, so its beds stay 8 to 20 m thick."""
STRETCH = 1.23
SUNK_M = 30.0
"""A form goes on below its foot, for land that slopes."""

ROCK = Material(color=linear_color("#cbb999"), roughness=0.95, pattern="sandstone")
LEAVES = Material(color=(1.0, 1.0, 1.0), roughness=0.8, pattern="foliage", two_sided=True)
_GREEN = np.array(linear_color("#4f6a33"))
_AROUND = 28
_LOD_PIXELS = (520.0, 210.0, 75.0)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One shape of pillar in its own coordinates: foot in the origin, Z up.

    height   metres
    bed      [L] thickness of its beds, metres, from the foot up
    core     metres: a circle around the axis that lies within the rock at every height and level of detail
    reach    metres: the widest part of the plan above the foot
    spots    [K, 3] where a tree can stand: on the top first, then on ledges
    """

    height: float
    bed: Floats64
    core: float
    reach: float
    spots: Floats64
    mesh: InstanceMesh


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """FORMS_EACH forms of each of FORM_HEIGHTS_M, in that order."""
    return tuple(
        _form(height, FORMS_EACH * number + k) for number, height in enumerate(FORM_HEIGHTS_M) for k in range(FORMS_EACH)
    )


def beds(height: float, /, *, seed: int) -> Floats64:
    """[L] metres: thicknesses within STRATA_M that make up `height`."""
    low, high = STRATA_M
    count = max(round(height / (0.5 * (low + high))), int(np.ceil(height / high)))
    share = 1.0 + 0.36 * (hashed(np.arange(count), seed=seed, channel=3) - 0.5)
    bed = height * share / share.sum()
    return np.asarray(np.clip(bed, low, high) if count > 1 else bed)


@dataclass(frozen=True, slots=True, eq=False)
class _StoneBlock:
    """A block of a plan around the axis: west, east, south, north ends in metres, turned by `turn`, up to `top` metres."""

    ends: tuple[float, float, float, float]
    turn: float
    top: float

    def radius(self, angle: Floats64) -> Floats64:
        """[A] metres from the axis to the block's side in each direction."""
        west, east, south, north = self.ends
        x, y = np.cos(angle - self.turn), np.sin(angle - self.turn)
        with np.errstate(divide="ignore"):
            across = np.where(x > 0, east / np.maximum(x, 1e-9), west / np.minimum(x, -1e-9))
            along = np.where(y > 0, north / np.maximum(y, 1e-9), south / np.minimum(y, -1e-9))
        return np.asarray(np.minimum(across, along))


def _blocks(height: float, size: float, seed: int) -> list[_StoneBlock]:
    chance = hashed(np.arange(40), seed=seed, channel=5)
    turn = 0.16 * (chance[0] - 0.5)
    ends = size * (0.62 + 0.22 * chance[1:5])
    blocks = [_StoneBlock((-ends[0], ends[1], -0.82 * ends[2], 0.82 * ends[3]), turn, height)]
    for k in range(2 if height < 60 else 4):
        pick = chance[8 + 6 * k : 14 + 6 * k]
        short, wide, long = size * (0.25 + 0.2 * pick[0]), size * (0.3 + 0.3 * pick[1]), size * (0.95 + 0.4 * pick[2])
        side = (k + int(2 * pick[5])) % 4
        west, east, south, north = short, short, wide, 0.8 * wide
        if side < 2:
            west, east = (long, short) if side == 0 else (short, long)
        else:
            west, east, south, north = wide, 0.8 * wide, *((long, short) if side == 2 else (short, long))
        top = height * (0.3 + 0.66 * pick[3] ** 0.8)
        blocks.append(_StoneBlock((-west, east, -south, north), turn + 0.2 * (pick[4] - 0.5), top))
    return blocks


def _form(height: float, number: int) -> Form:
    seed = 4000 + 17 * number
    size = 7.5 + 0.042 * height
    bed = beds(height, seed=seed)
    bed = bed * height / bed.sum()
    level = np.concatenate([[-SUNK_M], np.cumsum(bed)[:-1], [height]])
    angle: Floats64 = np.arange(_AROUND, dtype=np.float64) * (2 * np.pi / _AROUND) + 0.05
    radius = np.stack([_bed_radius(_blocks(height, size, seed), angle, size, level, k, seed) for k in range(len(bed))])
    levels: list[tuple[Surface, ...]] = []
    nearest = np.inf
    for step, merged in ((1, 1), (2, 1), (4, 2), (4, 6)):
        rock, least = _stack(radius, angle, level, step=step, merged=merged, size=size)
        nearest = min(nearest, least)
        green = _greenery(radius, angle, level, size, seed, coarse=(0, 1, 2, 3)[len(levels)])
        levels.append((Surface(rock, ROCK), Surface(green, LEAVES)))
    shape = InstanceMesh(f"sandstone_pillar_{number}", tuple(levels), _LOD_PIXELS)
    return Form(height, bed, nearest, float(radius[1:].max()), _spots(radius, angle, level, seed), shape)


def _bed_radius(blocks: Sequence[_StoneBlock], angle: Floats64, size: float, level: Floats64, bed: int, seed: int) -> Floats64:
    """[A] metres from the axis to the face of bed number `bed`."""
    top, height = level[bed + 1], level[-1]
    alive = [block for block in blocks if block.top >= top - 6.0]
    plan = np.max([block.radius(angle) for block in alive], axis=0)
    share = max(0.5 * (level[bed] + top), 0.0) / height
    taper = 1.02 - 0.16 * share + 0.10 * np.exp(-9.0 * share) + 0.05 * np.cos(7.0 * share + seed)
    index = np.arange(len(angle))
    joint = hashed(index + 97 * (bed // 3), seed=seed, channel=1)
    groove = np.where(joint > 0.8, 0.05 + 0.12 * hashed(index, seed=seed, channel=2), 0.0)
    column = 0.13 * (hashed(index // 2 + 61 * (bed // 7), seed=seed, channel=7) - 0.5)
    rough = column + 0.05 * (hashed(index + 131 * bed, seed=seed, channel=4) - 0.5)
    ledge = 0.075 * (float(hashed(bed, seed=seed, channel=6)) - 0.55) if top < height else -0.03
    return np.asarray(np.maximum(plan * taper + size * (ledge - groove + rough), 0.3 * size))


def _stack(radius: Floats64, angle: Floats64, level: Floats64, /, *, step: int, merged: int, size: float) -> tuple[Mesh, float]:
    """The beds as a mesh with every `step`-th direction and `merged` beds in one, and the radius of a circle inside it."""
    chosen = angle[::step]
    fine = merged == 1 and step == 1
    rings, heights, open_sky = [], [], []
    height = level[-1]
    for k in range(0, len(radius), merged):
        last = min(k + merged, len(radius))
        face = radius[k:last, ::step].mean(axis=0)
        low, high = level[k], level[last]
        sky = 0.34 + 0.66 * float(np.clip(0.5 * (low + high) / (0.55 * height), 0.0, 1.0))
        # How far the seam under a bed has worn in: most hardly, some deeply.
        soft = 0.006 + 0.034 * float(hashed(k, seed=int(100 * size), channel=8)) ** 2
        foot, belly, lip, edge = (
            (low, -soft, 1.0 - 9.0 * soft),
            (low + 0.25 * (high - low), 0.0, 0.96),
            (high - 0.06 * (high - low), 0.004, 1.0),
            (high, -0.7 * soft, 1.0),
        )
        parts = [foot, belly, lip, edge] if fine else [foot, edge] if merged == 1 else [(low, 0.0, 1.0), (high, 0.0, 1.0)]
        for z, out, dark in parts:
            rings.append(face + out * size)
            heights.append(z)
            open_sky.append(sky * dark)
    rings += [0.7 * rings[-1], 0.02 * rings[-1]]
    heights += [height + 0.035 * size, height + 0.06 * size]
    open_sky += [1.0, 1.0]
    outline, z = np.array(rings), np.array(heights)
    point = np.stack([outline * np.cos(chosen), outline * np.sin(chosen), np.broadcast_to(z[:, None], outline.shape)], axis=2)
    following = np.roll(point, -1, axis=1)
    corner = np.stack([point[:-1], following[:-1], following[1:], point[1:]], axis=2)
    at_ring = np.array(open_sky)
    dips = outline / np.maximum(0.5 * (np.roll(outline, 2, axis=1) + np.roll(outline, -2, axis=1)), 1e-6)
    shade = at_ring[:, None] * np.clip(1.0 - 1.4 * np.maximum(1.0 - dips, 0.0), 0.45, 1.0)
    after = np.roll(shade, -1, axis=1)
    openness = np.stack([shade[:-1], after[:-1], after[1:], shade[1:]], axis=2)
    tone = 0.86 + 0.28 * hashed(np.arange(corner.shape[0] * corner.shape[1]), seed=int(size * 100))
    apothem = float(outline[:-2].min()) * float(np.cos(np.pi / len(chosen)))
    return _faces(corner.reshape(-1, 4, 3), openness.reshape(-1, 4), tone), apothem


def _faces(corner: Floats64, openness: Floats64, tone: Floats64) -> Mesh:
    """Four-cornered faces as two flat triangles each, with a tone [Q] for each face and an openness [Q, 4] at its corners."""
    points = corner.reshape(-1, 3)
    triangle = (4 * np.arange(len(corner))[:, None, None] + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    a, b, c = (points[triangle[:, k]] for k in range(3))
    triangle = triangle[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-4]
    color = np.repeat(np.clip(tone, 0.0, 1.0), 4)[:, None] * np.ones(3)
    return mesh(points, triangle, color=color, openness=openness.reshape(-1))


def _greenery(radius: Floats64, angle: Floats64, level: Floats64, size: float, seed: int, /, *, coarse: int) -> Mesh:
    """Low growth as lumps: a cap on the top and tufts on ledges; fewer and plainer where `coarse`."""
    if coarse == 3:
        top = radius[-1].mean()
        return _lumps(np.array([[0.0, 0.0, level[-1]]]), np.array([[0.8 * top, 0.8 * top, 0.16 * size]]), seed, detail=0)
    number = np.arange(26)
    turn, out = 2 * np.pi * hashed(number, seed=seed, channel=20), np.sqrt(hashed(number, seed=seed, channel=21))
    rim = np.interp(turn, np.append(angle, angle[0] + 2 * np.pi), np.append(radius[-1], radius[-1][0]))
    reach = 0.86 * out * rim
    cap = np.stack([reach * np.cos(turn), reach * np.sin(turn), np.full(26, level[-1] + 0.03 * size)], axis=1)
    wide = size * (0.12 + 0.12 * hashed(number, seed=seed, channel=22))
    centers, sizes = [cap], [np.stack([wide, wide, 0.6 * wide], axis=1)]
    inner, outer = np.minimum(radius[:-1], radius[1:]), radius[:-1]
    ledge = outer - inner
    bed, index = np.nonzero((ledge > 0.055 * size) & (level[1:-1, None] > 0.1 * level[-1]))
    chosen = hashed(bed * 64 + index, seed=seed, channel=23) < 0.5
    bed, index = bed[chosen], index[chosen]
    at = 0.5 * (inner + outer)[bed, index]
    tufts = np.stack([at * np.cos(angle[index]), at * np.sin(angle[index]), level[bed + 1]], axis=1)
    small = np.minimum(0.5 * ledge[bed, index] + 0.4, 0.16 * size) * (0.7 + 0.6 * hashed(bed * 64 + index, seed=seed, channel=24))
    if coarse < 2:
        centers.append(tufts)
        sizes.append(np.stack([small, small, 0.75 * small], axis=1))
    keep = 3 if coarse == 2 else 1
    return _lumps(
        np.concatenate(centers)[::keep], np.concatenate(sizes)[::keep] * (1.0 + 0.35 * (keep - 1)), seed, detail=int(coarse == 0)
    )


def _lumps(center: Floats64, size: Floats64, seed: int, /, *, detail: int) -> Mesh:
    ball, triangle = sphere_grid(detail)
    count = len(center)
    rough = 0.8 + 0.45 * hashed(np.arange(count * len(ball)).reshape(count, -1), seed=seed, channel=30)
    point = center[:, None] + ball * size[:, None] * rough[..., None]
    normal = unit(ball / size[:, None] * size.min(axis=1)[:, None, None] + [0.0, 0.0, 0.1])
    value = 0.75 + 0.5 * hashed(np.arange(count), seed=seed, channel=31)
    color = np.broadcast_to(_GREEN * value[:, None, None], point.shape)
    openness = np.broadcast_to(np.clip(0.6 + 0.4 * ball[:, 2], 0.25, 1.0), point.shape[:2])
    faces = triangle[None] + (np.arange(count, dtype=np.uint32) * np.uint32(len(ball)))[:, None, None]
    return mesh(
        point.reshape(-1, 3), faces.reshape(-1, 3), normal=normal.reshape(-1, 3), color=color.reshape(-1, 3),
        uv=point.reshape(-1, 3)[:, :2], openness=openness.reshape(-1),
    )  # fmt: skip


def _spots(radius: Floats64, angle: Floats64, level: Floats64, seed: int) -> Floats64:
    number = np.arange(20)
    turn, out = 2.399 * number + hashed(seed, seed=seed), np.sqrt((number + 0.6) / 20.5)
    rim = np.interp(turn % (2 * np.pi), np.append(angle, angle[0] + 2 * np.pi), np.append(radius[-1], radius[-1][0]))
    on_top = np.stack([0.82 * out * rim * np.cos(turn), 0.82 * out * rim * np.sin(turn), np.full(20, level[-1] + 0.2)], axis=1)
    on_top = on_top[np.argsort(hashed(number, seed=seed, channel=41))]
    inner = np.minimum(radius[:-1], radius[1:])
    wide = radius[:-1] - inner
    bed, index = np.nonzero((wide > 2.0) & (level[1:-1, None] > 0.2 * level[-1]))
    order = np.argsort(hashed(bed * 64 + index, seed=seed, channel=40))[:12]
    bed, index = bed[order], index[order]
    at = inner[bed, index] + 0.5 * wide[bed, index]
    ledges = np.stack([at * np.cos(angle[index]), at * np.sin(angle[index]), level[bed + 1] - 0.2], axis=1)
    return np.concatenate([on_top, ledges])


def cliff(ring: Points, bottom: float, top: float, /, *, spacing: float, merged: int = 1, seed: int = 1) -> Mesh:
    """The faces around a tableland: a counterclockwise plan [N, 2] at `top` metres, down to `bottom`, in the same beds and
    joints. A point about every `spacing` metres, `merged` beds in one."""
    bed = beds(top - bottom, seed=seed)
    level = top - np.concatenate([[0.0], np.cumsum(bed * (top - bottom) / bed.sum())])
    fine = subdivided(ring, spacing=4.0, closed=True)
    outward = sides(fine, closed=True, limit=1.2)
    step = max(round(spacing / 4.0), 1)
    index = np.arange(len(fine))
    # Buttresses of uneven width, each with a depth and a top of its own: a cliff is pillars that have not parted yet.
    buttress = np.cumsum(hashed(index, seed=seed, channel=9) < 0.3)
    depth, until = 15.0 * hashed(buttress, seed=seed, channel=10) ** 1.3, hashed(buttress, seed=seed, channel=11) ** 1.5
    rings, heights, skies = [np.zeros(len(fine))], [top], [1.0]
    for k in range(0, len(bed), merged):
        last = min(k + merged, len(bed))
        share = (top - level[last]) / (top - bottom)
        joint = hashed(index // 2 + 97 * (k // 4), seed=seed, channel=1)
        groove = np.where(joint > 0.78, 1.0 + 2.2 * hashed(index // 2, seed=seed, channel=2), 0.0)
        rough = 1.1 * (hashed(index + 131 * k, seed=seed, channel=4) - 0.5)
        ledge = 1.3 * (float(hashed(k, seed=seed, channel=6)) - 0.5)
        out = (
            np.where(share > until, depth, 0.12 * depth) * min(4.0 * share, 1.0)
            + 9.0 * share**2
            + (ledge - groove + rough) * min(6.0 * share, 1.0)
        )
        sky = 1.0 - 0.5 * min(1.6 * share, 1.0)
        for z, more, dark in ((level[k], -0.2, 1.0), (level[last], 0.25, 1.0), (level[last], -0.5, 0.7)):
            if merged > 1 and more < 0:
                continue
            rings.append(out + more if k else np.minimum(out + more, 0.0) if z == top else out + more)
            heights.append(z)
            skies.append(sky * dark)
    offset = np.array(rings)[:, ::step]
    plan = fine[None, ::step] + offset[..., None] * outward[None, ::step]
    point = np.concatenate([plan, np.broadcast_to(np.array(heights)[:, None, None], (*plan.shape[:2], 1))], axis=2)
    following = np.roll(point, -1, axis=1)
    corner = np.stack([point[1:], following[1:], following[:-1], point[:-1]], axis=2)
    sky = np.array(skies)
    open_sky = np.broadcast_to(np.stack([sky[1:], sky[1:], sky[:-1], sky[:-1]], axis=1)[:, None], corner.shape[:3])
    tone = 0.86 + 0.28 * hashed(np.arange(corner.shape[0] * corner.shape[1]), seed=seed)
    return _faces(corner.reshape(-1, 4, 3), open_sky.reshape(-1, 4), tone)


@lru_cache(maxsize=4)
def pine(variant: int, /) -> InstanceMesh:
    """A pine of the heights: a bent trunk with flat shelves of needles, 9 m high."""
    seed = 300 + variant
    chance = hashed(np.arange(24), seed=seed)
    lean = np.array([0.9 * (chance[0] - 0.5), 0.9 * (chance[1] - 0.5)])
    share = np.array([0.0, 0.3, 0.62, 0.95])
    trunk = np.column_stack([lean[0] * share**2 * 2, lean[1] * share**2 * 2, 8.4 * share - 0.3 * (share == 0)])
    tiers = 6
    rise = np.linspace(0.42, 1.0, tiers)
    turn = 2.4 * np.arange(tiers) + 6.28 * chance[2]
    out = 1.55 * (1.12 - rise) * (0.8 + 0.6 * chance[3 : 3 + tiers])
    center = np.column_stack([2 * lean[0] * rise**2 + out * np.cos(turn), 2 * lean[1] * rise**2 + out * np.sin(turn), 8.5 * rise])
    wide = 1.25 + 1.1 * (1.05 - rise) + 0.3 * chance[10 : 10 + tiers]
    radius = np.column_stack([wide, wide * (0.8 + 0.3 * chance[16 : 16 + tiers]), 0.42 + 0.12 * chance[4 : 4 + tiers]])
    limbs = [Limb(trunk, np.array([0.22, 0.17, 0.11, 0.04]), 5)]
    limbs += [
        Limb(np.stack([[*(2 * lean * r**2), 8.5 * r - 0.5], c]), np.array([0.07, 0.03]))
        for r, c in zip(rise, center, strict=True)
    ]
    crown = Crown(
        center,
        radius,
        linear_color("#4a6a3a"),
        leaf=(0.75, 0.5),
        leaves=(700, 300, 110, 30, 0),
        droop=-0.35,
        core=0.72,
        seed=seed,
    )
    return tree_mesh(f"mountain_pine_{variant}", Tree(limbs, crown, bark=linear_color("#6a4a38"), sway=0.2))

"""The trees: broadleaf (a camphor's dome), ginkgo, conifer (metasequoia), willow, palm and bamboo, at their natural heights."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.geometry.sampling import hashed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, InstanceMesh, Material, Surface
from vrclient.scene.props.foliage import Crown, crown_level
from vrclient.scene.props.solids import Vectors, sheets, tube, unit

LOD_PIXELS = (600.0, 240.0, 100.0, 36.0)
LEAVES = Material(color=(1.0, 1.0, 1.0), roughness=0.75, pattern="foliage", two_sided=True)
BARK = Material(color=(1.0, 1.0, 1.0), roughness=0.95, pattern="plain")


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """A trunk or branch: points [N, 3] with a radius at each [N]; `levels` says in how many LODs it is kept."""

    point: Vectors
    radius: Vectors
    levels: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A tree in parts: limbs, crown, and more leaves per level (strands, fronds) that are not part of a crown."""

    limbs: Sequence[Limb]
    crown: Crown | None = None
    extra: Sequence[Mesh] = ()
    bark: Color = field(default_factory=lambda: linear_color("#564c43"))
    sway: float = 0.35


def tree_mesh(key: str, tree: Tree, /) -> InstanceMesh:
    """The tree as a repeated thing with five levels."""
    return InstanceMesh(key, tuple(_level(tree, level) for level in range(5)), LOD_PIXELS, tree.sway)


def _level(tree: Tree, level: int) -> tuple[Surface, ...]:
    bark = []
    for number, limb in enumerate(tree.limbs):
        if limb.levels > level:
            kept = np.arange(len(limb.point)) if level < 3 else np.array([0, -1])
            sides = ((8, 8, 6, 4, 3) if number == 0 else (5, 5, 4, 3, 3))[level]
            bark.append(tube(limb.point[kept], limb.radius[kept], sides=sides, color=tree.bark, closed_ends=False))
    leaves = [crown_level(tree.crown, level)] if tree.crown else []
    leaves += [tree.extra[level]] if tree.extra else []
    return (Surface(concatenated(bark), BARK), Surface(concatenated(leaves), LEAVES))


def _limb(start: ArrayLike, end: ArrayLike, thick: float, thin: float, /, *, bend: float = 0.0, levels: int = 3) -> Limb:
    """A limb from start to end; `bend` lifts its middle by that share of its length."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    middle = (a + b) / 2 + np.array([0.0, 0.0, bend * float(np.linalg.norm(b - a))])
    return Limb(np.stack([a, middle, b]), np.array([thick, (thick + thin) / 2, thin]), levels)


def _around(count: int, distance: float, height: float, /, *, seed: int, jitter: float = 0.25) -> Vectors:
    """[count, 3] centres in a loose ring round the trunk."""
    chance = np.stack([hashed(np.arange(count), seed=seed, channel=k) for k in range(3)], axis=1) - 0.5
    angle = (np.arange(count) + jitter * 2 * chance[:, 0] + hashed(seed, seed=seed, channel=9)) * (2 * np.pi / count)
    out = distance * (1 + jitter * chance[:, 1])
    return np.stack([out * np.cos(angle), out * np.sin(angle), height + distance * jitter * 1.4 * chance[:, 2]], axis=1)


def broadleaf(variant: int, color: Color, /) -> Tree:
    """A camphor-like dome, 10.5 m high and about as wide."""
    seed = 11 + variant
    low, top = _around(6, 2.75, 5.0, seed=seed), _around(3, 1.25, 7.9, seed=seed + 50)
    center = np.concatenate([[[0.0, 0.0, 6.3]], low, top])
    chance = [hashed(np.arange(count), seed=seed, channel=count) for count in (6, 3)]
    size = np.concatenate([[2.9], 1.75 + 0.5 * chance[0], 1.6 + 0.45 * chance[1]])
    radius = size[:, None] * np.array([1.0, 1.0, 0.86])
    fork = np.array([0.1, -0.05, 2.6])
    limbs = [Limb(np.array([[0.0, 0.0, -0.2], [0.02, 0.0, 0.5], fork]), np.array([0.36, 0.24, 0.19]), 5)]
    limbs += [
        _limb(fork - [0, 0, 0.2], one * [0.75, 0.75, 1.0], 0.13, 0.05, bend=-0.06, levels=4 if k < 2 else 3)
        for k, one in enumerate(low[:5])
    ]
    limbs += [_limb(fork, [0.2, 0.1, 7.0], 0.15, 0.05)]
    return Tree(limbs, Crown(center, radius, color, droop=0.15, seed=seed))


def ginkgo(variant: int, color: Color, /) -> Tree:
    """Upright, 14 m: fans of leaves on ascending branches."""
    seed = 31 + variant
    tiers = [_around(4, 1.35, 4.6, seed=seed), _around(5, 1.6, 7.2, seed=seed + 1), _around(4, 1.05, 9.8, seed=seed + 2)]
    center = np.concatenate([*tiers, [[0.0, 0.0, 12.1], [0.0, 0.0, 8.0]]])
    wide = np.array([1.25] * 4 + [1.3] * 5 + [1.1] * 4 + [0.95, 1.6])
    high = np.array([1.6] * 4 + [1.85] * 5 + [1.8] * 4 + [1.75, 3.6])
    radius = np.stack([wide, wide, high], axis=1)
    limbs = [Limb(np.array([[0.0, 0.0, -0.2], [0.0, 0.0, 3.0], [0.05, 0.0, 12.0]]), np.array([0.27, 0.19, 0.04]), 5)]
    limbs += [
        _limb([0, 0, one[2] - 2.0], one + np.array([0, 0, 0.6]), 0.09, 0.03, bend=-0.08) for one in np.concatenate(tiers)[::2]
    ]
    crown = Crown(center, radius, color, leaf=(1.15, 1.25), droop=-0.55, fan=True, core=0.7, seed=seed)
    return Tree(limbs, crown, bark=linear_color("#6d655b"), sway=0.3)


def conifer(variant: int, color: Color, /) -> Tree:
    """A metasequoia: a narrow feathery cone, 19 m, on a straight trunk."""
    seed = 51 + variant
    height, foot, reach = 19.0, 2.4, 2.75
    level = np.arange(8)
    share = level / 7.0
    z = foot + 1.4 + share * (height - foot - 2.6)
    wide = reach * (1.0 - share) ** 0.85 + 0.42
    core = Crown(
        np.stack([0.12 * np.cos(level * 2.4 + seed), 0.12 * np.sin(level * 2.4 + seed), z], axis=1),
        np.stack([wide, wide, np.full(8, 1.75)], axis=1) * [0.9, 0.9, 1.0],
        color, leaves=(0, 0, 0, 0, 0), core=0.66, seed=seed,
    )  # fmt: skip
    detail = ((38, 19, 0.22), (26, 15, 0.3), (15, 11, 0.42), (7, 8, 0.62), (0, 0, 1.0))
    fronds = tuple(_whorls(core, tiers, most, reach, foot, height, thick) for tiers, most, thick in detail)
    trunk = Limb(np.array([[0.0, 0.0, -0.2], [0.0, 0.0, 1.2], [0.0, 0.0, height - 0.6]]), np.array([0.42, 0.26, 0.03]), 5)
    return Tree([trunk], core, fronds, bark=linear_color("#64503f"), sway=0.2)


def _whorls(crown: Crown, tiers: int, most: int, reach: float, foot: float, height: float, thick: float) -> Mesh:
    """Tiers of branches as folded diamonds from the trunk outward, drooping towards their tips."""
    parts = []
    for tier in range(tiers):
        share = (tier + 0.3) / tiers
        count = max(4, round(most * (1.0 - 0.65 * share)))
        number = np.arange(count) + 50 * tier
        chance = [hashed(number, seed=crown.seed, channel=k) for k in range(4)]
        angle = (np.arange(count) + 0.7 * chance[0] + 0.5 * (tier % 2)) * (2 * np.pi / count)
        length = (reach * 1.12 * (1.0 - share) ** 0.85 + 0.55) * (0.82 + 0.3 * chance[1])
        z = foot + 0.3 + share * (height - foot - 0.7) + 0.5 * (chance[2] - 0.5)
        out = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
        side = np.stack([-np.sin(angle), np.cos(angle), np.zeros(count)], axis=1)
        up = np.array([0.0, 0.0, 1.0])
        root = out * 0.2 * length[:, None] + up * (z + 0.16 * length)[:, None]
        tip = out * length[:, None] + up * (z - 0.14 * length)[:, None]
        belly = out * (0.58 * length)[:, None] + up * (z + 0.02 * length)[:, None]
        wide = side * (thick * (0.35 + 0.4 * length))[:, None]
        corner = np.stack([root, belly + wide - [0, 0, 0.22], tip, belly - wide - [0, 0, 0.22]], axis=1)
        bent = np.stack([0 * side, side, 0 * side, -side], axis=1) * 0.4
        normal = unit(out[:, None] * [[[0.5], [0.7], [1.0], [0.7]]] + up * 0.75 + bent)
        value = (0.82 + 0.34 * chance[3])[:, None] * [0.72, 0.95, 1.16, 0.95] * (0.82 + 0.25 * share)
        shade = np.array(crown.color) * value[..., None]
        parts.append(sheets(corner, normal=normal, color=shade, openness=[0.4, 0.8, 1.0, 0.8]))
    return concatenated(parts)


def willow(variant: int, color: Color, /) -> Tree:
    """A weeping willow, 8.5 m: a light dome from which strands hang almost to the ground."""
    seed = 71 + variant
    ring, top = _around(6, 2.3, 5.6, seed=seed), _around(3, 0.9, 7.0, seed=seed + 20)
    center = np.concatenate([[[0.0, 0.0, 6.0]], ring, top])
    radius = np.array([2.2] + [1.45] * 6 + [1.3] * 3)[:, None] * np.array([1.0, 1.0, 0.75])
    fork = np.array([0.25, 0.1, 2.4])
    limbs = [Limb(np.array([[0.0, 0.0, -0.2], [0.05, 0.0, 0.9], fork]), np.array([0.38, 0.27, 0.2]), 5)]
    limbs += [_limb(fork - [0, 0, 0.2], one * [0.8, 0.8, 1.05], 0.13, 0.05, bend=0.08) for one in ring[::2]]
    crown = Crown(center, radius, color, leaf=(1.5, 0.55), leaves=(500, 240, 90, 18, 0), droop=0.7, seed=seed)
    strands = tuple(_strands(crown, count, wide) for count, wide in ((560, 0.12), (240, 0.2), (100, 0.34), (34, 0.62), (14, 1.1)))
    return Tree(limbs, crown, strands, sway=0.8)


def _strands(crown: Crown, count: int, wide: float) -> Mesh:
    """Long hanging tapers round the crown's rim."""
    chance = [hashed(np.arange(count), seed=crown.seed, channel=20 + k) for k in range(5)]
    angle = (np.arange(count) + 0.8 * chance[0]) * (2 * np.pi / count) * 7.0
    out = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
    side = np.stack([-np.sin(angle), np.cos(angle), np.zeros(count)], axis=1)
    distance = 1.0 + 2.65 * np.sqrt(chance[1])
    start = out * distance[:, None] + np.array([0.0, 0.0, 1.0]) * (7.5 - 0.17 * distance**2 + 0.5 * (chance[2] - 0.5))[:, None]
    fall = (2.4 + 2.4 * chance[3]) * (0.75 + 0.25 * distance / 3.6)
    end = start + out * 0.35 + np.stack([0.5 * (chance[4] - 0.5), 0.5 * (chance[2] - 0.5), -fall], axis=1)
    end[:, 2] = np.maximum(end[:, 2], 0.5 + 0.5 * chance[4])
    belly = 0.55 * start + 0.45 * end + out * 0.3
    half = side * (wide * (0.7 + 0.6 * chance[2]) / 2)[:, None]
    corner = np.stack([start, belly - half, end, belly + half], axis=1)
    bent = np.stack([0 * side, -side, 0 * side, side], axis=1) * 0.3
    value = (0.8 + 0.35 * chance[3])[:, None] * [1.05, 0.95, 0.75, 0.95]
    shade = np.array(crown.color) * value[..., None]
    return sheets(corner, normal=unit(out[:, None] + bent + [0, 0, 0.35]), color=shade, openness=[0.9, 0.85, 0.7, 0.85])


def palm(variant: int, color: Color, /) -> Tree:
    """A slender palm, 8 m, with a head of arching fronds."""
    seed = 91 + variant
    top = np.array([0.35, 0.2, 6.6])
    trunk = Limb(np.array([[0.0, 0.0, -0.1], [0.05, 0.0, 1.0], [0.15, 0.1, 3.6], top]), np.array([0.24, 0.17, 0.14, 0.13]), 5)
    detail = ((34, 8, 0.5), (26, 6, 0.55), (18, 4, 0.62), (11, 2, 0.85), (8, 1, 1.3))
    fronds = tuple(_fronds(top, count, pieces, color, wide, seed) for count, pieces, wide in detail)
    return Tree([trunk], None, fronds, bark=linear_color("#6f6254"), sway=0.5)


def _fronds(top: Vectors, count: int, pieces: int, color: Color, wide: float, seed: int) -> Mesh:
    """Arching fronds, each folded along its rib."""
    up = np.array([0.0, 0.0, 1.0])
    s = np.linspace(0.0, 1.0, pieces + 1)
    taper = np.sin(np.pi * (0.86 * s + 0.1)) if pieces > 1 else np.array([0.5, 0.3])
    parts = []
    for k in range(count):
        chance = [float(hashed(k, seed=seed, channel=c)) for c in range(3)]
        angle = k * 2.399 + 0.5 * chance[0]
        rise = 1.0 - 1.25 * k / count
        length = 2.7 + 0.5 * chance[1]
        out, across = np.array([np.cos(angle), np.sin(angle), 0.0]), np.array([-np.sin(angle), np.cos(angle), 0.0])
        height = rise * 1.3 * s - (1.5 + 0.8 * (1 - rise)) * s**2
        rib = top + out * (length * s * (1 - 0.18 * s))[:, None] + up * height[:, None]
        side = across * (wide * taper)[:, None]
        value = (0.75 + 0.4 * chance[2]) * (0.7 + 0.4 * s)
        for hand in (side, -side):
            edge = rib + hand - up * (0.45 * wide * taper)[:, None]
            corner = np.stack([rib[:-1], edge[:-1], edge[1:], rib[1:]], axis=1)
            normal = unit(np.stack([out * 0.3 + up + 0 * hand, hand + 0.7 * up], axis=1))
            order = [(0, 0), (0, 1), (1, 1), (1, 0)]
            shade = np.stack([value[first : first + pieces] for first, _ in order], axis=1)
            parts.append(
                sheets(
                    corner,
                    normal=np.stack([normal[first : first + pieces, which] for first, which in order], axis=1),
                    color=np.array(color) * shade[..., None],
                    openness=0.55 + 0.45 * np.stack([s[first : first + pieces] for first, _ in order], axis=1),
                )
            )
    return concatenated(parts)


def bamboo(variant: int, color: Color, /) -> Tree:
    """A clump of bamboo, 7 m: a dozen arching culms, feathery towards their tips."""
    seed = 111 + variant
    count = 15
    number = np.arange(count)
    chance = [hashed(number, seed=seed, channel=k) for k in range(4)]
    angle, out = number * 2.399 + chance[0], 0.25 + 0.55 * np.sqrt(chance[1])
    foot = np.stack([out * np.cos(angle), out * np.sin(angle), np.full(count, -0.1)], axis=1)
    high = 5.2 + 1.6 * chance[2]
    lean = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1) * (0.5 + 0.9 * chance[3])[:, None]
    limbs = []
    for k in range(count):
        middle = foot[k] + 0.25 * lean[k] + [0, 0, 0.6 * high[k]]
        tip = foot[k] + lean[k] + [0, 0, high[k]]
        limbs.append(Limb(np.stack([foot[k], middle, tip]), np.array([0.045, 0.035, 0.012]), 5 if k % 3 == 0 else 3))
    up = np.array([0.0, 0.0, 1.0]) * high[:, None]
    upper = np.concatenate([foot + 0.35 * lean + 0.62 * up, foot + 0.85 * lean + 0.86 * up])
    radius = np.concatenate([np.tile([0.75, 0.75, 1.2], (count, 1)), np.tile([0.7, 0.7, 0.9], (count, 1))])
    crown = Crown(upper, radius, color, leaf=(0.95, 0.36), leaves=(1300, 560, 210, 60, 18), droop=0.55, core=0.0, seed=seed)
    return Tree(limbs, crown, bark=linear_color("#6f8a4a"), sway=1.0)

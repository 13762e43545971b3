"""Lamps that come with their light: a slender park lamp and a bollard."""

from itertools import pairwise

from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.scene.draw_data import Color, InstanceMesh, Material, Surface
from vrclient.scene.props.solids import shaded_to_ground, tube

LOD_PIXELS = (130.0, 40.0)
STEEL = Material(color=(1.0, 1.0, 1.0), roughness=0.45, metallic=0.0, pattern="plain")
GLOW = Material(color=(1.0, 0.86, 0.66), roughness=0.4, emission=7.0, emission_when="dark")
_SIDES = (14, 7, 4)


def _rings(profile: list[tuple[float, float]], sides: int, color: Color, /) -> Mesh:
    """An upright turned shape: (height, radius) from foot to top, each piece crisp."""
    pieces = [
        tube([[0, 0, low], [0, 0, high]], [thick, thin], sides=sides, color=color)
        for (low, thick), (high, thin) in pairwise(profile)
    ]
    return concatenated(pieces)


def lamp(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A park lamp, 4.2 m: a tapered pole, a glowing cylinder under a flat round hat."""
    del variant
    levels = []
    for sides in _SIDES:
        foot = [_rings([(0.0, 0.11), (0.05, 0.10)], sides, color)] if sides > 4 else []
        pole = tube([[0.0, 0.0, 0.0], [0.0, 0.0, 3.72]], [0.058, 0.036], sides=sides, color=color)
        hat = [
            _rings([(3.68, 0.10), (3.72, 0.11)], sides, color),
            _rings([(4.12, 0.31), (4.17, 0.30), (4.2, 0.06)], sides, color),
        ]
        rods = []
        if sides > 7:
            stands = ((0.1, 0.0), (-0.05, 0.087), (-0.05, -0.087))
            rods = [tube([[x, y, 3.7], [x, y, 4.13]], 0.008, sides=3, color=color) for x, y in stands]
        solid = shaded_to_ground(concatenated([*foot, pole, *hat, *rods]), height=1.0)
        glow = tube([[0, 0, 3.72], [0, 0, 4.12]], 0.085, sides=sides)
        levels.append((Surface(solid, STEEL), Surface(glow, GLOW)))
    return InstanceMesh(key, tuple(levels), LOD_PIXELS)


def bollard(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A bollard light, 0.9 m, with a glowing band under its cap."""
    del variant
    levels = []
    for sides in _SIDES:
        body = concatenated([
            tube([[0.0, 0.0, 0.0], [0.0, 0.0, 0.72]], 0.075, sides=sides, color=color),
            _rings([(0.84, 0.08), (0.9, 0.078)], sides, color),
        ])  # fmt: skip
        glow = tube([[0, 0, 0.72], [0, 0, 0.84]], 0.062, sides=sides, closed_ends=False)
        levels.append((Surface(shaded_to_ground(body, height=0.5), STEEL), Surface(glow, GLOW)))
    return InstanceMesh(key, tuple(levels), LOD_PIXELS)

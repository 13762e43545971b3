"""Street furniture: bench, waste bin, bicycle rack."""

import numpy as np

from vrclient.geometry.frames import world_from_body
from vrclient.geometry.mesh import concatenated
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, InstanceMesh, Material, Surface
from vrclient.scene.props.solids import block, shaded_to_ground, tube

LOD_PIXELS = (110.0, 30.0)
WOOD = Material(color=(1.0, 1.0, 1.0), roughness=0.7, pattern="plain")
STEEL = Material(color=(1.0, 1.0, 1.0), roughness=0.5, pattern="plain")
_DARK = linear_color("#43474a")


def bench(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A bench, 1.8 m, of wooden slats on two steel frames; whoever sits on it looks along its heading."""
    del variant
    half = 0.9
    red, green, blue = color
    grain = [(red * shade, green * shade, blue * shade) for shade in (1.0, 0.86, 1.08, 0.93, 1.03, 0.9)]
    back = world_from_body([0.0, -0.235, 0.47], pitch=0.28)

    seat = [
        block([-half, y, 0.42], [half, y + 0.082, 0.455], color=shade)
        for y, shade in zip(-0.2 + 0.098 * np.arange(5), grain, strict=False)
    ]
    rest = [
        block([-half, -0.03, z], [half, 0.0, z + 0.085], color=grain[5 - number], turn=back)
        for number, z in enumerate((0.1, 0.215, 0.33))
    ]
    frame = []
    for x in (-0.66, 0.66):
        frame += [
            block([x - 0.03, -0.24, 0.385], [x + 0.03, 0.27, 0.42], color=_DARK),
            block([x - 0.03, -0.24, 0.0], [x + 0.03, -0.19, 0.42], color=_DARK),
            block([x - 0.03, 0.22, 0.0], [x + 0.03, 0.27, 0.42], color=_DARK),
            block([x - 0.03, -0.075, -0.06], [x + 0.03, -0.03, 0.42], color=_DARK, turn=back),
        ]
    plain = [
        block([-half, -0.2, 0.42], [half, 0.28, 0.455], color=color),
        block([-half, -0.03, 0.1], [half, 0.0, 0.415], color=color, turn=back),
    ]
    legs = [block([x - 0.03, -0.24, 0.0], [x + 0.03, 0.27, 0.42], color=_DARK) for x in (-0.66, 0.66)]
    levels = (
        (
            Surface(shaded_to_ground(concatenated(seat + rest), height=0.6), WOOD),
            Surface(shaded_to_ground(concatenated(frame), height=0.5), STEEL),
        ),
        (Surface(concatenated(plain), WOOD), Surface(shaded_to_ground(concatenated(legs), height=0.5), STEEL)),
        (Surface(concatenated(plain), WOOD),),
    )
    return InstanceMesh(key, levels, LOD_PIXELS)


def bin(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A round waste bin, 0.9 m."""
    del variant
    levels = []
    for sides in (18, 8, 5):
        body = concatenated([
            tube([[0, 0, 0.05], [0, 0, 0.72]], [0.2, 0.22], sides=sides, color=color),
            tube([[0, 0, 0.74], [0, 0, 0.86], [0, 0, 0.9]], [0.235, 0.235, 0.18], sides=sides, color=_DARK),
        ])  # fmt: skip
        levels.append((Surface(shaded_to_ground(body, height=0.6), STEEL),))
    return InstanceMesh(key, tuple(levels), LOD_PIXELS)


def bicycle_rack(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """One hoop of a bicycle rack, 0.8 m; a row of them 0.8 m apart makes a stand."""
    del variant
    angle = np.linspace(0.0, np.pi, 9)
    arch = [[0.0, 0.33 * np.cos(a), 0.5 + 0.3 * np.sin(a)] for a in angle]
    line = [[0.0, 0.33, 0.0], *arch, [0.0, -0.33, 0.0]]
    rough = [[0.0, 0.33, 0.0], [0.0, 0.3, 0.66], [0.0, 0.0, 0.8], [0.0, -0.3, 0.66], [0.0, -0.33, 0.0]]
    levels = tuple(
        (Surface(shaded_to_ground(tube(points, 0.024, sides=sides, color=color), height=0.4), STEEL),)
        for points, sides in ((line, 8), (rough, 4), (rough, 3))
    )
    return InstanceMesh(key, levels, LOD_PIXELS)

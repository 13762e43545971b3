"""A plain hand controller for whoever's own is not known: a rounded handle with a head, and on it the parts one uses."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from vrclient.frame.aids import Part
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.geometry.lofting import interpolated
from vrclient.geometry.mesh import Mesh, mesh, smooth_normals, transformed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Material, Surface

AROUND, ALONG = 28, 26

# Along the grip's Y axis, from the heel of the hand to the thumb: metres along, half width, half depth, and how far the middle
# lies towards the back of the hand (+Z).
HANDLE = [
    (-0.066, 0.0000, 0.0000, 0.004),
    (-0.065, 0.0085, 0.0100, 0.004),
    (-0.060, 0.0130, 0.0155, 0.004),
    (-0.042, 0.0152, 0.0185, 0.003),
    (-0.012, 0.0140, 0.0172, 0.000),
    (0.014, 0.0138, 0.0165, -0.003),
    (0.034, 0.0170, 0.0175, -0.005),
    (0.048, 0.0180, 0.0165, -0.005),
    (0.058, 0.0120, 0.0110, -0.004),
    (0.062, 0.0000, 0.0000, -0.004),
]
# Along the axis of the head, which leans back to whoever holds it.
HEAD = [
    (-0.0230, 0.0000, 0.0000, 0.0),
    (-0.0215, 0.0090, 0.0090, 0.0),
    (-0.0160, 0.0175, 0.0180, 0.0),
    (-0.0060, 0.0240, 0.0255, 0.0),
    (0.0015, 0.0255, 0.0275, 0.0),
    (0.0058, 0.0245, 0.0265, 0.0),
    (0.0078, 0.0218, 0.0238, 0.0),
    (0.0082, 0.0180, 0.0200, 0.0),
    (0.0080, 0.0000, 0.0000, 0.0),
]
FACE = [(0.0, 0.0195, 0.0215, 0.0), (0.0006, 0.0193, 0.0213, 0.0), (0.0008, 0.0187, 0.0207, 0.0), (0.0008, 0.0, 0.0, 0.0)]
TRIGGER = [
    (-0.0130, 0.0000, 0.0000, 0.000),
    (-0.0115, 0.0050, 0.0045, 0.000),
    (-0.0040, 0.0080, 0.0075, 0.000),
    (0.0060, 0.0085, 0.0085, -0.0005),
    (0.0120, 0.0065, 0.0060, -0.002),
    (0.0140, 0.0000, 0.0000, -0.003),
]
SQUEEZE = [
    (-0.0130, 0.0000, 0.0000, 0.000),
    (-0.0120, 0.0030, 0.0030, 0.000),
    (-0.0060, 0.0050, 0.0048, 0.000),
    (0.0060, 0.0050, 0.0048, 0.000),
    (0.0120, 0.0030, 0.0030, 0.000),
    (0.0130, 0.0000, 0.0000, 0.000),
]
STICK = [
    (-0.002, 0.0070, 0.0070, 0.0),
    (0.003, 0.0042, 0.0042, 0.0),
    (0.006, 0.0044, 0.0044, 0.0),
    (0.0075, 0.0080, 0.0080, 0.0),
    (0.0092, 0.0086, 0.0086, 0.0),
    (0.0104, 0.0076, 0.0076, 0.0),
    (0.0102, 0.0040, 0.0040, 0.0),
    (0.0095, 0.0000, 0.0000, 0.0),
]
BUTTON = [(-0.002, 0.0042, 0.0042, 0.0), (0.0012, 0.0042, 0.0042, 0.0), (0.0018, 0.0034, 0.0034, 0.0), (0.0020, 0.0, 0.0, 0.0)]


def plain_controller() -> list[tuple[Surface, Part | None]]:
    """Its surfaces in the frame of the grip (Y the way it points, Z up), metres, with the part each belongs to; the body to
    none. The same for both hands, 14 cm long."""
    shell, dark = Material(color=linear_color("#868e95"), roughness=0.5), Material(color=linear_color("#22262a"), roughness=0.55)
    grey, light = Material(color=linear_color("#4d545a"), roughness=0.6), Material(color=linear_color("#c3c9ce"), roughness=0.45)
    head = _at((0.0, 0.052, 0.0), pitch=0.85)
    return [
        (Surface(_turned_solid(HANDLE, rings=ALONG), shell), None),
        (Surface(transformed(_turned_solid(HEAD, rings=ALONG), head), shell), None),
        (Surface(transformed(_turned_solid(FACE), head @ _at((0.0, 0.0078, 0.0), pitch=0.0)), dark), None),
        (Surface(transformed(_turned_solid(TRIGGER, rings=16), _at((0.0, 0.041, -0.0235), pitch=-0.55)), grey), "select"),
        (Surface(transformed(_turned_solid(SQUEEZE, rings=14), _at((0.0, 0.000, -0.0175), pitch=0.12)), grey), "squeeze"),
        (Surface(transformed(_turned_solid(STICK), head @ _at((0.0, 0.009, -0.005), pitch=0.0)), grey), "stick"),
        (Surface(transformed(_turned_solid(BUTTON), head @ _at((0.0, 0.0088, 0.0135), pitch=0.0)), light), "menu"),
    ]


def _at(place: ArrayLike, *, pitch: float) -> Matrix:
    return world_from_body(place, pitch=pitch)


def _turned_solid(profile: Sequence[tuple[float, float, float, float]], *, rings: int = 0) -> Mesh:
    """A closed solid of ellipses around the Y axis; `rings`: rounded through so many, 0 = the profile's own edges."""
    knots = np.array(profile)
    if rings:
        # Evenly along the profile's outline, so that the rounded ends get their share.
        length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(knots[:, 0]), np.diff(knots[:, 2])))])
        knots = interpolated(length, knots, np.linspace(0.0, length[-1], 2 * rings))
    angle = np.linspace(0.0, 2.0 * np.pi, AROUND, endpoint=False)
    ring = np.stack(
        [
            knots[:, 1:2] * np.sin(angle),
            np.broadcast_to(knots[:, :1], (len(knots), AROUND)),
            knots[:, 2:3] * np.cos(angle) + knots[:, 3:4],
        ],
        axis=-1,
    )
    row, column = np.meshgrid(np.arange(len(knots) - 1), np.arange(AROUND), indexing="ij")
    a, b = row * AROUND + column, row * AROUND + (column + 1) % AROUND
    triangle = np.stack([a, b, b + AROUND, a, b + AROUND, a + AROUND], axis=-1).reshape(-1, 3).astype(np.uint32)
    points = ring.reshape(-1, 3).astype(np.float32)
    return mesh(points, triangle, normal=smooth_normals(points, triangle))

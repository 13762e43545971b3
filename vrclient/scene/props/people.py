"""Standing people as quiet scale figures, the way architects' models show them: well-proportioned, without faces.

A figure is posed by its joints in a body of 8 heads (a child: 6); limbs are tapered tubes, and everything scales with height."""

from dataclasses import dataclass, replace

import numpy as np

from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.scene.draw_data import Color, InstanceMesh, Material, Surface
from vrclient.scene.props.solids import ball, shaded_to_ground, tube

LOD_PIXELS = (140.0, 45.0)
MATT = Material(color=(1.0, 1.0, 1.0), roughness=0.95, pattern="plain")


@dataclass(frozen=True, slots=True)
class Pose:
    """A standing pose: where hands and feet are, relative to a body 1 high (x right, y forward, z up).

    stride, stance   how far apart the feet are forward and back, and how far each is from the middle
    turn, lean       how far the shoulders turn against the hips (radians), and lean forward
    left, right  hands
    hair     how full the hair is; 0 = short
    skirt      a coat or skirt hides the legs down to the knee
    """

    left: tuple[float, float, float]
    right: tuple[float, float, float]
    stride: float = 0.03
    stance: float = 0.055
    turn: float = 0.0
    lean: float = 0.0
    skirt: bool = False
    hair: float = 0.0


POSES = (
    Pose(left=(-0.118, 0.03, 0.45), right=(0.118, 0.02, 0.45), turn=0.1),
    Pose(left=(-0.12, 0.03, 0.45), right=(0.055, 0.115, 0.63), turn=-0.15, stance=0.06, skirt=True, hair=0.9),
    Pose(left=(-0.115, -0.08, 0.46), right=(0.115, 0.1, 0.47), stride=0.15, turn=0.2, lean=0.01),
    Pose(left=(-0.04, 0.12, 0.60), right=(0.05, 0.115, 0.585), turn=0.0, stance=0.07),
    Pose(left=(-0.12, 0.09, 0.47), right=(0.12, -0.08, 0.46), stride=0.14, turn=-0.2, skirt=True, hair=0.6),
    Pose(left=(-0.118, 0.02, 0.45), right=(0.085, 0.19, 0.63), turn=0.12, stance=0.062),
)


def person(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A grown-up, 1.7 m at scale 1."""
    return _figure(key, POSES[variant % len(POSES)], height=1.7, heads=7.6, color=color)


def child(key: str, variant: int, color: Color, /) -> InstanceMesh:
    """A child of about eight, 1.25 m at scale 1."""
    return _figure(key, POSES[(2, 0, 4)[variant % 3]], height=1.25, heads=6.1, color=color)


def _figure(key: str, pose: Pose, *, height: float, heads: float, color: Color) -> InstanceMesh:
    levels = tuple((Surface(_body(pose, height, heads, color, level), MATT),) for level in range(3))
    return InstanceMesh(key, levels, LOD_PIXELS)


def _body(pose: Pose, height: float, heads: float, color: Color, level: int) -> Mesh:
    sides, limb_sides, detail = ((12, 8, 3), (7, 5, 2), (4, 3, 0))[level]
    head = 1.0 / heads
    crotch, waist, shoulder = 0.47, 0.60, 0.815 - 0.25 * (head - 0.13)
    cosine, sine = np.cos(pose.turn), np.sin(pose.turn)
    sway = np.array([0.0, pose.lean, 0.0])
    parts = []

    def bar(points: list, radii: list, count: int) -> None:
        parts.append(tube(np.asarray(points) * height, np.asarray(radii) * height, sides=count, color=color))

    for side, hand in ((-1.0, pose.left), (1.0, pose.right)):
        foot_y = -side * pose.stride / 2
        hip = np.array([side * 0.043, 0.0, crotch + 0.03])
        knee = np.array([side * 0.05, 0.55 * foot_y + 0.012, 0.265])
        ankle = np.array([side * pose.stance * 0.95, foot_y, 0.045])
        bar([hip, knee, ankle], [0.05, 0.038, 0.024], limb_sides)
        if level < 2:
            sole = np.array([[0.0, -0.03, -0.022], [0.0, 0.05, -0.026], [side * 0.004, 0.1, -0.032]])
            bar(list(ankle + sole), [0.023, 0.024, 0.012], limb_sides)
        reach = np.array([side * 0.09, 0.0, shoulder - 0.03])
        reach = np.array([cosine * reach[0] - sine * reach[1], sine * reach[0] + cosine * reach[1], reach[2]]) + sway
        wrist = np.asarray(hand) + np.array([0.0, 0.0, shoulder - 0.815]) + sway
        straight = float(np.linalg.norm(wrist - reach))
        out = np.array([side * 0.45, -0.85, -0.2]) * np.sqrt(max(0.176**2 - (straight / 2) ** 2, 0.0))
        elbow = (reach + wrist) / 2 + out
        if level < 2:
            parts.append(
                ball(reach * height, np.array([0.037, 0.037, 0.036]) * height, color=color, detail=detail if level == 0 else 0)
            )
            bar([reach, elbow, wrist], [0.034, 0.026, 0.016], limb_sides)
            parts.append(
                ball(
                    (wrist + (wrist - elbow) * 0.16) * height,
                    np.array([0.013, 0.018, 0.03]) * height,
                    color=color,
                    detail=2 if level == 0 else 0,
                )
            )
        else:
            bar([reach, wrist], [0.028, 0.016], 3)
    torso = [
        [0, 0, crotch - 0.035], [0, 0, crotch - 0.01], [0, 0, crotch + 0.045], [0, 0.004, waist],
        [0, 0.012, 0.715], [0, 0.006, shoulder - 0.03], [0, 0.0, shoulder], [0, 0.0, shoulder + 0.03],
    ]  # fmt: skip
    wide = [0.035, 0.078, 0.093, 0.08, 0.098, 0.106, 0.088, 0.036]
    if pose.skirt:
        torso = [[0, 0, 0.27], [0, 0, 0.36], *torso[2:]]
        wide = [0.112, 0.106, *wide[2:]]
    trunk = tube(np.asarray(torso) * height, np.asarray(wide) * height, sides=sides, color=color)
    parts.append(_flattened(trunk, pose.turn, sway * height, crotch * height, shoulder * height))
    neck = np.array([0.0, 0.005, shoulder + 0.01]) + sway
    middle = np.array([0.0, 0.018, 1.0 - head * 0.5]) + sway
    if level < 2:
        bar([neck, middle], [0.033, 0.03], limb_sides)
    parts.append(ball(middle * height, np.array([0.31, 0.38, 0.5]) * head * height, color=color, detail=detail))
    if pose.hair and level < 2:
        back = middle + np.array([0.0, -0.012 - 0.01 * pose.hair, 0.012 - 0.02 * pose.hair])
        size = np.array([0.35, 0.38, 0.46 + 0.14 * pose.hair]) * head
        parts.append(ball(back * height, size * height, color=color, detail=detail))
    return shaded_to_ground(concatenated(parts), height=0.9 * height, least=0.45)


def _flattened(trunk: Mesh, turn: float, sway: np.ndarray, low: float, high: float) -> Mesh:
    """The trunk thinner front to back than wide, turned more and more from the hips to the shoulders."""
    share = np.clip((trunk.position[:, 2] - low) / (high - low), 0.0, 1.0)
    angle = turn * share
    cosine, sine = np.cos(angle), np.sin(angle)

    def turned(vector: np.ndarray, depth: float) -> np.ndarray:
        x, y = vector[:, 0], vector[:, 1] * depth
        return np.stack([cosine * x - sine * y, sine * x + cosine * y, vector[:, 2]], axis=1)

    normal = turned(trunk.normal, 1 / 0.62)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    position = turned(trunk.position, 0.62) + sway * share[:, None]
    return replace(trunk, position=position.astype(np.float32), normal=normal.astype(np.float32))

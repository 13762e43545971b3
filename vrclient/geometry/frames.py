"""Rigid frames: poses as 4x4 matrices, headings, and their inverses. It does no projection (see frame/views.py).

Convention (docs/conventions.md): world is right-handed, X east, Y north, Z up, metres. A view or body frame is X right,
Y forward, Z up. Matrices act on column vectors and are named `target_from_source`. A heading is a compass heading in
radians: 0 looks north (+Y), growing clockwise seen from above, so pi/2 looks east (+X). Pitch is positive upwards.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float64]


def wrapped(angle: float, /) -> float:
    """The same direction as an angle from -pi up to, but without, pi; radians."""
    return float((angle + np.pi) % (2.0 * np.pi) - np.pi)


def heading_matrix(heading: float, /) -> Matrix:
    """[3, 3] float64: the rotation that turns a body looking north to `heading` (radians, clockwise from north)."""
    cosine, sine = np.cos(heading), np.sin(heading)
    return np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def world_from_body(position: ArrayLike, /, *, heading: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Matrix:
    """[4, 4] float64: the pose of a body at `position` (metres, world). Roll leans the head to the right."""
    cosine, sine = np.cos(pitch), np.sin(pitch)
    lift = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
    cosine, sine = np.cos(roll), np.sin(roll)
    lean = np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
    matrix = np.eye(4)
    matrix[:3, :3] = heading_matrix(heading) @ lift @ lean
    matrix[:3, 3] = np.asarray(position, np.float64)
    return matrix


def inverse_rigid(target_from_source: Matrix, /) -> Matrix:
    """`source_from_target` of a rigid [..., 4, 4] matrix (rotation and translation only; scale gives a wrong result)."""
    matrix = np.asarray(target_from_source, np.float64)
    inverse = np.zeros_like(matrix)
    rotation = np.swapaxes(matrix[..., :3, :3], -1, -2)
    inverse[..., :3, :3] = rotation
    inverse[..., :3, 3] = -np.matmul(rotation, matrix[..., :3, 3, None])[..., 0]
    inverse[..., 3, 3] = 1.0
    return inverse


def heading_and_pitch(direction: ArrayLike, /) -> tuple[float, float]:
    """(heading, pitch) in radians of a world direction [3]; a vertical direction has heading 0."""
    x, y, z = np.asarray(direction, np.float64)
    return float(np.arctan2(x, y)) if x or y else 0.0, float(np.arctan2(z, np.hypot(x, y)))

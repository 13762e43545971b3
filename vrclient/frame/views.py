"""The views of one frame: pose, field of view and size in pixels, for any number of eyes. Culling lives in visibility/."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ViewSet:
    """All views drawn in one frame; V views (1 = window, 2 = headset). Build it with `from_arrays`, which checks.

    view_from_world  [V, 4, 4] float64 rigid; view frame X right, Y forward, Z up, metres
    fov              [V, 4] float64 radians: left, right, up, down, signed as in OpenXR (left and down are negative)
    near, far        metres along Y of every view
    pixels           [V, 2] int32 width, height
    clip_from_view   [V, 4, 4] float64: what fov, near and far make of it, see `projection`

    The arrays are not to be written: frames share them.
    """

    view_from_world: NDArray[np.float64]
    fov: NDArray[np.float64]
    near: float
    far: float
    pixels: NDArray[np.int32]
    clip_from_view: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.view_from_world)

    @classmethod
    def from_arrays(cls, view_from_world: ArrayLike, fov: ArrayLike, *, near: float, far: float, pixels: ArrayLike) -> "ViewSet":
        """Checks shapes and values; raises ValueError that names the argument, its shape or value, and the rule."""
        pose = _poses(view_from_world)
        angles = np.array(fov, np.float64)
        size = np.array(pixels)
        if angles.shape != (len(pose), 4):
            raise ValueError(f"fov has shape {angles.shape}; expected ({len(pose)}, 4): left, right, up, down in radians")
        if size.shape != (len(pose), 2) or not np.issubdtype(size.dtype, np.integer) or (size < 1).any():
            raise ValueError(
                f"pixels has shape {size.shape} and dtype {size.dtype}; expected ({len(pose)}, 2) whole numbers >= 1"
            )
        if not np.isfinite(angles).all():
            raise ValueError("fov must hold finite numbers, but one is NaN or infinite")
        if (np.abs(angles) >= np.pi / 2).any() or (angles[:, 0] >= angles[:, 1]).any() or (angles[:, 3] >= angles[:, 2]).any():
            raise ValueError(
                f"fov is {angles.tolist()}; expected left < right and down < up, each within 90 degrees of straight ahead"
            )
        if not 0.0 < near < far < np.inf:
            raise ValueError(f"near is {near} and far is {far}; expected 0 < near < far, both finite, in metres")
        near, far = float(near), float(far)
        return cls(pose, angles, near, far, size.astype(np.int32), projection(angles, near=near, far=far))

    def seen_from(self, view_from_world: ArrayLike, /) -> "ViewSet":
        """The same views from other poses [V, 4, 4]; quicker than `from_arrays`, as only the poses are checked."""
        pose = _poses(view_from_world)
        if len(pose) != len(self):
            raise ValueError(f"view_from_world has shape {pose.shape}; expected ({len(self)}, 4, 4)")
        return ViewSet(pose, self.fov, self.near, self.far, self.pixels, self.clip_from_view)


def _poses(view_from_world: ArrayLike, /) -> NDArray[np.float64]:
    pose = np.array(view_from_world, np.float64)
    if pose.ndim != 3 or pose.shape[1:] != (4, 4) or not len(pose):
        raise ValueError(f"view_from_world has shape {pose.shape}; expected (V, 4, 4) with V >= 1")
    if not np.isfinite(pose).all():
        raise ValueError("view_from_world must hold finite numbers, but one is NaN or infinite")
    return pose


def projection(fov: NDArray[np.float64], /, *, near: float, far: float) -> NDArray[np.float64]:
    """[V, 4, 4] float64 clip_from_view of [V, 4] signed angles: OpenGL clip space (x right, y up, -w..w, z = -w at near)
    from a view frame.

    Source: OpenGL's glFrustum with the tangents of the four signed angles, Y forward in place of -Z."""
    left, right, up, down = np.tan(fov).T
    matrix = np.zeros((len(fov), 4, 4))
    matrix[:, 0, 0] = 2.0 / (right - left)
    matrix[:, 0, 1] = -(right + left) / (right - left)
    matrix[:, 1, 2] = 2.0 / (up - down)
    matrix[:, 1, 1] = -(up + down) / (up - down)
    matrix[:, 2, 1] = (far + near) / (far - near)
    matrix[:, 2, 3] = -2.0 * far * near / (far - near)
    matrix[:, 3, 1] = 1.0
    return matrix


def symmetric_fov(vertical: float, /, *, aspect: float) -> NDArray[np.float64]:
    """[4] float64 (left, right, up, down) radians of an ordinary camera; `vertical` is the whole angle, aspect width / height."""
    up = vertical / 2.0
    right = float(np.arctan(np.tan(up) * aspect))
    return np.array([-right, right, up, -up])

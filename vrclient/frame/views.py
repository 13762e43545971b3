"""The views of one frame: pose, field of view and size in pixels, for any number of eyes. Culling lives in visibility/."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.geometry.frames import inverse_rigid

HiddenArea = tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ViewSet:
    """All views drawn in one frame; V views (1 = window, 2 = headset). Build it with `from_arrays`, which checks.

    view_from_world  [V, 4, 4] float64 rigid; view frame X right, Y forward, Z up, metres
    fov              [V, 4] float64 radians: left, right, up, down, signed as in OpenXR (left and down are negative)
    near, far        metres along Y of every view
    pixels           [V, 2] int32 width, height
    clip_from_view   [V, 4, 4] float64: what fov, near and far make of it, see `projection`
    hidden_area      a headset's lenses hide parts of the pictures: per view [T, 3, 2] float64 triangles by the tangents (right,
                     up) of their corners; empty where nothing is hidden
    roam             metres: the eyes that will see the frame may be so far from these (0 but for `Roaming`)

    The arrays are not to be written: frames share them.
    """

    view_from_world: NDArray[np.float64]
    fov: NDArray[np.float64]
    near: float
    far: float
    pixels: NDArray[np.int32]
    clip_from_view: NDArray[np.float64]
    roam: float = 0.0
    hidden_area: HiddenArea = ()

    def __len__(self) -> int:
        return len(self.view_from_world)

    @classmethod
    def from_arrays(
        cls,
        view_from_world: ArrayLike,
        fov: ArrayLike,
        *,
        near: float,
        far: float,
        pixels: ArrayLike,
        hidden_area: HiddenArea = (),
    ) -> "ViewSet":
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
        clip_from_view = projection(angles, near=near, far=far)
        return cls(pose, angles, near, far, size.astype(np.int32), clip_from_view, hidden_area=hidden_area)

    def seen_from(self, view_from_world: ArrayLike, /) -> "ViewSet":
        """The same views from other poses [V, 4, 4]; quicker than `from_arrays`, as only the poses are checked."""
        pose = _poses(view_from_world)
        if len(pose) != len(self):
            raise ValueError(f"view_from_world has shape {pose.shape}; expected ({len(self)}, 4, 4)")
        return ViewSet(pose, self.fov, self.near, self.far, self.pixels, self.clip_from_view, self.roam, self.hidden_area)


def carried(head_views: ViewSet, world_from_head: NDArray[np.float64], /) -> ViewSet:
    """The views of a head that is at [4, 4] world_from_head; `head_views` have the head as their world."""
    return head_views.seen_from(head_views.view_from_world @ inverse_rigid(world_from_head))


class Roaming:
    """Views to cull with before the head is located for the last time: they hold whatever the views can see after the head has
    turned by up to `turn` radians and moved by up to `move` metres.

    Source: a ray that turns by t comes nearer to a plane by at most t. Of the rays of a view the one in the corner, at the
    greatest tangent m across, is nearest to the plane of a side at angle a: that plane leans out by
    asin(sin(t) sqrt(1 + (m cos(a))^2)). A plane through the eye leaning outward by a moves outward by r when the eye does;
    stepping back by r / sin(a) does the same. Known false results: a view all of whose rays lean to one side by more than it is
    wide is not held."""

    def __init__(self, *, turn: float = float(np.radians(3.0)), move: float = 0.03) -> None:
        self.turn, self.move = turn, move
        self._of: NDArray[np.float64] | None = None
        self._wide: ViewSet | None = None
        self._step_back = np.eye(4)

    def around(self, view_set: ViewSet, /) -> ViewSet:
        """The wider views; their optics are made anew only when those of `view_set` change."""
        if self._wide is None or self._of is not view_set.clip_from_view:
            self._of = view_set.clip_from_view
            across = np.abs(np.tan(view_set.fov))[:, [2, 3, 0, 1]].reshape(-1, 2, 2).max(axis=2).repeat(2, axis=1)
            lean = np.arcsin(np.minimum(np.sin(self.turn) * np.hypot(1.0, across * np.cos(view_set.fov)), 1.0))
            fov = np.clip(view_set.fov + lean * np.array([-1.0, 1.0, 1.0, -1.0]), -WIDEST, WIDEST)
            outward = fov * np.array([-1.0, 1.0, 1.0, -1.0])
            back = self.move / float(np.sin(np.clip(outward.min(), 0.1, WIDEST)))
            self._step_back[1, 3] = back
            # As many pixels to a radian as before, so that levels of detail stay as they are.
            narrow, wide = (np.tan(one)[:, [1, 2]] - np.tan(one)[:, [0, 3]] for one in (view_set.fov, fov))
            pixels = np.ceil(view_set.pixels * wide / narrow).astype(np.int32)
            far = view_set.far + self.move + back
            made = ViewSet.from_arrays(view_set.view_from_world, fov, near=view_set.near, far=far, pixels=pixels)
            self._wide = replace(made, roam=self.move + back)
        return self._wide.seen_from(self._step_back @ view_set.view_from_world)

    def covers(self, early: NDArray[np.float64], late: NDArray[np.float64], /) -> bool:
        """Whether eyes that were at `early` and are at `late` ([V, 4, 4] view_from_world) have stayed within the bounds."""
        change = late @ inverse_rigid(early)
        cosine = (np.trace(change[:, :3, :3], axis1=1, axis2=2) - 1.0) / 2.0
        moved = np.linalg.norm(change[:, :3, 3], axis=1)
        return bool((cosine >= np.cos(self.turn)).all() and (moved <= self.move).all())


WIDEST = float(np.radians(88.0))
"""No side of a view is widened beyond this."""


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

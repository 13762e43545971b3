"""What a display without a head of its own sees: one view, from the head that it is given."""

from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.frame.views import ViewSet, symmetric_fov
from vrclient.geometry.frames import Matrix, inverse_rigid


class FlatViews:
    """The one view of a flat display, from frame to frame; its optics are made anew only when they change."""

    def __init__(self) -> None:
        self._of: tuple[tuple[int, int], float] | None = None
        self._view: ViewSet | None = None

    def seen_from(self, world_from_head: Matrix, size: tuple[int, int], /, *, fov: float) -> ViewSet:
        """`size` in pixels; `fov` is the whole vertical angle in radians."""
        pose = inverse_rigid(world_from_head)[None]
        if self._view is None or self._of != (size, fov):
            self._of = (size, fov)
            angles = symmetric_fov(fov, aspect=size[0] / size[1])[None]
            self._view = ViewSet.from_arrays(pose, angles, near=NEAR_M, far=FAR_M, pixels=[size])
        return self._view.seen_from(pose)

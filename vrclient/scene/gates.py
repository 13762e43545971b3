"""What one can walk on and what stops one, with some height gates open. Values only; who agrees is decided in modes/."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Floats
from vrclient.scene.interactives import HeightGate, Point
from vrclient.scene.tables import Scene


def gates(scene: Scene, /) -> tuple[HeightGate, ...]:
    """All gates of a scene, closed when it begins."""
    return tuple(one for one in scene.interactives if isinstance(one, HeightGate))


def passable(scene: Scene, agreed: Collection[str] = (), /, *, day: int | None = None) -> tuple[Floats, Floats]:
    """(walkable [T, 3, 3], walls [W, 6]) for Obstacles.build, with the gates of these ids open, as it stands on a day
    (date.toordinal(); None: everything that ever stands)."""
    walkable, walls = scene.walkable, scene.walls
    if day is not None:
        walkable, walls = walkable[_stands(scene.walkable_days, day)], walls[_stands(scene.wall_days, day)]
    opened = [gate for gate in gates(scene) if gate.id in agreed]
    if not opened:
        return walkable, walls
    gone = np.concatenate([gate.walls for gate in opened])
    stays = ~(walls[:, None] == gone[None]).all(axis=2).any(axis=1)
    return np.concatenate([walkable, *(gate.walkable for gate in opened)]), walls[stays]


def changes(scene: Scene, /) -> NDArray[np.int32]:
    """The days on which any wall or floor comes or goes, rising."""
    return np.unique(np.concatenate([scene.wall_days.ravel(), scene.walkable_days.ravel()]))


def _stands(days: NDArray[np.int32], day: int) -> NDArray[np.bool_]:
    return (days[:, 0] <= day) & (day < days[:, 1])


def gate_over(scene: Scene, position: Point, /) -> HeightGate | None:
    """The gate whose floor is below an eye or a foot at `position` (metres, up to 3 m above it): who has not agreed is not
    put there by a viewpoint, a stop or a portal either."""
    x, y, z = position
    for gate in gates(scene):
        corner = gate.walkable.astype(np.float64)
        edge = np.roll(corner, -1, axis=1) - corner
        side = edge[..., 0] * (y - corner[..., 1]) - edge[..., 1] * (x - corner[..., 0])
        inside = (side >= 0.0).all(axis=1) | (side <= 0.0).all(axis=1)
        if (inside & (np.abs(z - 1.5 - corner[..., 2].mean(axis=1)) <= 1.6)).any():
            return gate
    return None

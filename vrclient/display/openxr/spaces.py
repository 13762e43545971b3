"""OpenXR's coordinates and ours, and the space in which a headset is tracked: the visitor's floor.

OpenXR's axes (X right, Y up, -Z forward) are met here and nowhere else; what leaves this module is X right, Y forward, Z up."""

import math
from typing import Any

import numpy as np
import xr  # noqa: TID251

from vrclient.geometry.frames import Matrix

SEAT_TO_FLOOR_M = 1.5
"""How far the floor is below the head of a runtime that knows no floor (LOCAL begins at the head)."""


def matrix_of(pose: Any, /) -> Matrix:
    """[4, 4] float64 base_from_space, metres, of an xr.Posef: its quaternion as a rotation, with OpenXR's axes exchanged for
    ours on both sides.

    Source: K. Shoemake, "Animating rotation with quaternion curves" (1985)."""
    x, y, z, w = pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w
    xx, yy, zz, xy, xz, yz, wx, wy, wz = x * x, y * y, z * z, x * y, x * z, y * z, w * x, w * y, w * z
    place = pose.position
    # Rows and columns of R in the order x, -z, y: what [x, y, z] -> [x, -z, y] does to R on both sides.
    return np.array(
        [
            [1 - 2 * (yy + zz), -2 * (xz + wy), 2 * (xy - wz), place.x],
            [-2 * (xz - wy), 1 - 2 * (xx + yy), -2 * (yz + wx), -place.z],
            [2 * (xy + wz), -2 * (yz - wx), 1 - 2 * (xx + zz), place.y],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def is_valid(flags: int, /, *, position: bool = True) -> bool:
    """Whether a located pose may be used. TRACKED is not asked for: what is estimated serves as well."""
    wanted = xr.SPACE_LOCATION_ORIENTATION_VALID_BIT | (xr.SPACE_LOCATION_POSITION_VALID_BIT if position else 0)
    return int(flags) & int(wanted) == int(wanted)


def is_tracked(flags: int, /) -> bool:
    """Whether a pose is valid, and more than an estimate."""
    wanted = xr.SPACE_LOCATION_ORIENTATION_TRACKED_BIT | xr.SPACE_LOCATION_POSITION_TRACKED_BIT
    return is_valid(flags) and int(flags) & int(wanted) == int(wanted)


def is_sound(pose: Any, /) -> bool:
    """Whether a pose that is said to be valid holds a rotation and a place; runtimes have been seen to give zeros and NaN."""
    x, y, z, w = pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w
    place = pose.position
    return 0.9 < x * x + y * y + z * z + w * w < 1.1 and math.isfinite(place.x + place.y + place.z)


def keep_places(views: Any, before: Any, /) -> None:
    """Puts eyes of which is known how they are turned, but not where they are, on the head of the eyes `before`."""
    was, now = (matrix_of(eyes[0].pose)[:3, :3] for eyes in (before, views))
    places = np.array([matrix_of(eye.pose)[:3, 3] for eye in before])
    middle = places.mean(axis=0)
    for eye, offset in zip(views, places - middle, strict=True):
        x, y, z = middle + now @ was.T @ offset
        eye.pose.position = xr.Vector3f(x=x, y=z, z=-y)


def floor_space(session: Any, /, *, local_floor: bool) -> tuple[Any, str]:
    """The reference space whose origin is the visitor's floor, and its name: LOCAL_FLOOR where the runtime has it (extension or
    version 1.1), else STAGE, else LOCAL lowered by SEAT_TO_FLOOR_M."""
    offered = {xr.ReferenceSpaceType(value) for value in xr.enumerate_reference_spaces(session)}
    kinds = xr.ReferenceSpaceType
    if local_floor and kinds.LOCAL_FLOOR in offered:
        return _reference_space(session, kinds.LOCAL_FLOOR), "local floor"
    if kinds.STAGE in offered:
        return _reference_space(session, kinds.STAGE), "stage"
    return _reference_space(session, kinds.LOCAL, down=SEAT_TO_FLOOR_M), "local, lowered"


def head_space(session: Any, /) -> Any:
    """The space that is the head: between the eyes."""
    return _reference_space(session, xr.ReferenceSpaceType.VIEW)


def _reference_space(session: Any, kind: xr.ReferenceSpaceType, *, down: float = 0.0) -> Any:
    pose = xr.Posef(orientation=xr.Quaternionf(x=0.0, y=0.0, z=0.0, w=1.0), position=xr.Vector3f(x=0.0, y=-down, z=0.0))
    info = xr.ReferenceSpaceCreateInfo(reference_space_type=kind, pose_in_reference_space=pose)
    return xr.create_reference_space(session=session, create_info=info)

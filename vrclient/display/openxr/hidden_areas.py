"""Which parts of each eye's picture the lenses hide, as the runtime tells (XR_KHR_visibility_mask)."""

from ctypes import byref, c_uint32, cast
from typing import Any

import numpy as np
import xr  # noqa: TID251
from numpy.typing import NDArray

from vrclient.display.openxr.runtime import STEREO, Runtime
from vrclient.display.openxr.unknown import checked

EXTENSION = "XR_KHR_visibility_mask"


def hidden_areas(runtime: Runtime, session: Any, /) -> tuple[NDArray[np.float64], ...]:
    """[T, 3, 2] tangents (right, up) of triangles for each eye, as in ViewSet.hidden_area; empty where the runtime hides
    nothing, or does not tell."""
    if EXTENSION not in runtime.extensions:
        return ()
    address = xr.get_instance_proc_addr(runtime.instance, "xrGetVisibilityMaskKHR")
    ask = cast(address, xr.PFN_xrGetVisibilityMaskKHR)
    areas = tuple(_triangles(ask, session, eye) for eye in range(len(runtime.eyes)))
    return areas if any(len(area) for area in areas) else ()


def _triangles(ask: Any, session: Any, eye: int) -> NDArray[np.float64]:
    """[T, 3, 2] of one eye; asked twice, first for the counts."""
    mask = xr.VisibilityMaskKHR()

    def call() -> None:
        kind = xr.VisibilityMaskTypeKHR.HIDDEN_TRIANGLE_MESH
        result = checked(ask(session, STEREO.value, eye, kind.value, byref(mask)))
        if result.is_exception():
            raise result

    call()
    corners, points = int(mask.index_count_output), int(mask.vertex_count_output)
    if not corners or not points:
        return np.zeros((0, 3, 2))
    place, index = (xr.Vector2f * points)(), (c_uint32 * corners)()
    mask.vertex_capacity_input, mask.index_capacity_input = points, corners
    mask.vertices, mask.indices = place, index
    call()
    tangents = np.frombuffer(bytes(place), np.float32).reshape(-1, 2).astype(np.float64)
    return tangents[np.frombuffer(bytes(index), np.uint32)].reshape(-1, 3, 2)

"""What goes to the runtime with a frame: one projection layer of both eyes, with their depths where the runtime takes them.

The structs are made once; a frame fills in where the eyes were and how much of the images was drawn. Depths let a runtime
draw a late frame from where the head is by then (XR_KHR_composition_layer_depth)."""

from collections.abc import Sequence
from ctypes import pointer
from typing import Any

import xr  # noqa: TID251

from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.display.openxr.swapchains import Swapchain

DEPTH_EXTENSION = "XR_KHR_composition_layer_depth"


class ProjectionLayer:
    """A layer in `space`, of `view_count` eyes side by side in `color`, and in `depth` where there is one."""

    def __init__(self, space: Any, color: Swapchain, depth: Swapchain | None, /, *, view_count: int) -> None:
        self._depths = [_depth_info(depth) for _ in range(view_count)] if depth else []
        parts = [xr.CompositionLayerProjectionView(next=info) for info in self._depths or [None] * view_count]
        for part in parts:
            part.sub_image.swapchain = color.handle
        self._layer = xr.CompositionLayerProjection(space=space, views=parts)
        self._layers = [pointer(self._layer)]

    def filled(self, views: Any, sizes: Sequence[tuple[int, int]], /) -> list[Any]:
        """The layer, always in the same list (Session.end_frame): the xr.Views that were drawn, and the pixels (width, height)
        that each takes up."""
        x = 0
        for number, (view, (width, height)) in enumerate(zip(views, sizes, strict=True)):
            part = self._layer.views[number]
            area = xr.Rect2Di(offset=xr.Offset2Di(x=x, y=0), extent=xr.Extent2Di(width=width, height=height))
            part.pose, part.fov, part.sub_image.image_rect = view.pose, view.fov, area
            if self._depths:
                self._depths[number].sub_image.image_rect = area
            x += width
        return self._layers


def _depth_info(swapchain: Swapchain) -> Any:
    """Depth is reversed: 1 is near, 0 is far, which the specification says by a near_z beyond far_z."""
    info = xr.CompositionLayerDepthInfoKHR(min_depth=0.0, max_depth=1.0, near_z=FAR_M, far_z=NEAR_M)
    info.sub_image.swapchain = swapchain.handle
    return info

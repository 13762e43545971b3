"""What the controllers look like, by XR_EXT_render_model and XR_EXT_interaction_render_model: the models that there are now, each
with the hand that holds it, the bytes of its glTF file and a space of its own. It reads no glTF, follows no moving parts, and
decides nothing about what is shown.

Source: OpenXR 1.1, the chapters on both extensions: a model's origin is that of its space, which need not be at the grip, and it
is not to be drawn while that is not tracked; none are listed before the first xrSyncActions, an event tells of others."""

import contextlib
import uuid
from collections.abc import Collection, Sequence
from ctypes import POINTER, byref, c_uint8, cast
from dataclasses import dataclass
from typing import Any

import xr  # noqa: TID251

from vrclient.display.openxr.runtime import Runtime
from vrclient.display.openxr.unknown import checked
from vrclient.scene.gltf.extensions import READ

EXTENSIONS = ("XR_EXT_render_model", "XR_EXT_interaction_render_model")
MOST_BYTES = 64 * 2**20
"""A larger model is refused."""


def called(instance: Any, name: str, /, *arguments: Any) -> None:
    """Makes a call of an extension, for which pyopenxr's own function will not do. Raises xr.exception.XrException."""
    function = cast(xr.get_instance_proc_addr(instance, name), getattr(xr, f"PFN_{name}"))
    result = checked(function(*arguments))
    if result.is_exception():
        raise result


@dataclass(slots=True, eq=False)
class InteractionModel:
    """One that is open. `name`, `glb` and `space` are there once it is filled."""

    handle: Any
    name: str = ""
    glb: bytes = b""
    space: Any = None


class InteractionModels:
    """Those of one session; `hands`: the paths of the left and the right one. Every call may raise xr.exception.XrException, but
    `keep`."""

    def __init__(self, runtime: Runtime, session: Any, hands: Sequence[Any]) -> None:
        self._instance, self._session = runtime.instance, session
        self._hands = [int(path.value) for path in hands]
        self._open: dict[int, InteractionModel] = {}

    def listed(self) -> list[int]:
        """The numbers of those that there are now."""
        info = xr.InteractionRenderModelIdsEnumerateInfoEXT()
        return [int(number) for number in xr.enumerate_interaction_render_model_ids_ext(self._session, info)]

    def opened(self, number: int, /) -> InteractionModel:
        """That with a number; the same object while it is listed."""
        if number not in self._open:
            info = xr.RenderModelCreateInfoEXT(render_model_id=number, gltf_extensions=sorted(READ))
            self._open[number] = InteractionModel(xr.create_render_model_ext(self._session, info))
        return self._open[number]

    def side(self, model: InteractionModel, /) -> int | None:
        """The hand that holds it: 0 = left, 1 = right; None where it is in neither."""
        info = xr.InteractionRenderModelTopLevelUserPathGetInfoEXT(top_level_user_paths=self._hands)
        path = int(xr.get_render_model_pose_top_level_user_path_ext(model.handle, info).value)
        return self._hands.index(path) if path in self._hands else None

    def fill(self, model: InteractionModel, /) -> None:
        """Asks for what it lacks. The runtime may take its time."""
        if model.space is not None:
            return
        properties = xr.RenderModelPropertiesEXT(cache_id=xr.Uuid())  # pyopenxr's own function fails at making one
        asked = xr.RenderModelPropertiesGetInfoEXT()
        called(self._instance, "xrGetRenderModelPropertiesEXT", model.handle, byref(asked), byref(properties))
        info = xr.RenderModelAssetCreateInfoEXT(cache_id=properties.cache_id)
        asset = xr.create_render_model_asset_ext(self._session, info)
        try:
            model.glb = self._bytes(asset)
        finally:
            with contextlib.suppress(xr.exception.XrException):
                xr.destroy_render_model_asset_ext(asset)
        model.name = f"model {uuid.UUID(bytes=bytes(properties.cache_id.data))}"
        model.space = xr.create_render_model_space_ext(self._session, xr.RenderModelSpaceCreateInfoEXT(render_model=model.handle))

    def keep(self, numbers: Collection[int], /) -> None:
        """Gives back all others; nobody may use them any more."""
        for number in [one for one in self._open if one not in numbers]:
            model = self._open.pop(number)
            with contextlib.suppress(xr.exception.XrException):
                if model.space is not None:
                    xr.destroy_space(model.space)
            with contextlib.suppress(xr.exception.XrException):
                xr.destroy_render_model_ext(model.handle)

    def _bytes(self, asset: Any) -> bytes:
        """pyopenxr's own function asks for the size alone."""
        info, answer = xr.RenderModelAssetDataGetInfoEXT(), xr.RenderModelAssetDataEXT()
        answer.buffer = None
        called(self._instance, "xrGetRenderModelAssetDataEXT", asset, byref(info), byref(answer))
        if not 0 < answer.buffer_count_output <= MOST_BYTES:
            raise xr.exception.RenderModelAssetUnavailableEXTError
        buffer = (c_uint8 * answer.buffer_count_output)()
        answer.buffer_capacity_input, answer.buffer = len(buffer), cast(buffer, POINTER(c_uint8))
        called(self._instance, "xrGetRenderModelAssetDataEXT", asset, byref(info), byref(answer))
        return bytes(buffer[: answer.buffer_count_output])

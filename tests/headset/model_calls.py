"""Models of controllers as a runtime gives them: what the layer of faults.py answers by XR_FB_render_model and by
XR_EXT_interaction_render_model, which the real runtime below has not. Handles, numbers and the order of calls are held to the
specification; what is refused is refused with its error."""

import ctypes
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import xr  # noqa: TID251
from xr import Result  # noqa: TID251

SIDES = ("left", "right")
FB_EXTENSION = "XR_FB_render_model"
INTERACTION_EXTENSIONS = ("XR_EXT_uuid", "XR_EXT_render_model", "XR_EXT_interaction_render_model")
MODEL_PATHS = ("/model_fb/controller/left", "/model_fb/controller/right")
HAND_PATHS = ("/user/hand/left", "/user/hand/right")

Glbs = tuple[bytes, bytes]
"""Of the left and the right controller; b"": there is none now."""
Place = tuple[float, float, float]


class Below(Protocol):
    """The runtime."""

    def following(self, name: str, kind: Any, /) -> Any: ...

    def path(self, text: str, /) -> int: ...


class FbModels:
    """XR_FB_render_model for `glbs`. A model's key is its side and 1; its version changes with its bytes."""

    def __init__(self, below: Below) -> None:
        self._below = below
        self._paths: list[int] = []
        self.glbs: Glbs | None = None
        self.calls: dict[str, Callable[..., int]] = {
            "xrEnumerateRenderModelPathsFB": self._enumerate_paths,
            "xrGetRenderModelPropertiesFB": self._properties,
            "xrLoadRenderModelFB": self._load,
        }

    def _enumerate_paths(self, session: Any, capacity: int, count: Any, paths: Any) -> int:
        count[0] = len(MODEL_PATHS)
        self._paths = [self._below.path(name) for name in MODEL_PATHS]
        for number, path in enumerate(self._paths[:capacity]):
            paths[number].path = path
        return 0

    def _properties(self, session: Any, path: int, properties: Any) -> int:
        if not self._paths:
            return Result.ERROR_CALL_ORDER_INVALID.value
        side = self._paths.index(path)
        glb = (self.glbs or (b"", b""))[side]
        found = properties.contents
        found.model_key = side + 1 if glb else xr.NULL_RENDER_MODEL_KEY_FB
        found.model_version = hash(glb) & 0xFFFF
        found.model_name = f"{SIDES[side]} test controller".encode()
        return 0 if glb else Result.RENDER_MODEL_UNAVAILABLE_FB.value

    def _load(self, session: Any, info: Any, buffer: Any) -> int:
        return _give((self.glbs or (b"", b""))[info.contents.model_key - 1], buffer.contents)


class InteractionModels:
    """XR_EXT_interaction_render_model for `glbs`: nothing before the first xrSyncActions, then one model for each hand that has
    one, whose space is at `places` in the stage. `handles`: what is open, {handle: what it is}; `gltf_extensions`: those with
    which the newest model was asked for."""

    def __init__(self, below: Below) -> None:
        self._below = below
        self._synced, self._sessions, self._last = False, 0, 0x5EED0000
        self._told: dict[bytes, bytes] = {}
        self._ids: dict[tuple[int, int, bytes], int] = {}
        self.glbs: Glbs | None = None
        self.places: tuple[Place, Place] = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        self.handles: dict[int, tuple[str, Any]] = {}
        self.gltf_extensions: tuple[str, ...] = ()
        self.calls: dict[str, Callable[..., int]] = {
            "xrEnumerateInteractionRenderModelIdsEXT": self._enumerate,
            "xrCreateRenderModelEXT": self._create,
            "xrDestroyRenderModelEXT": self._destroy,
            "xrGetRenderModelPoseTopLevelUserPathEXT": self._user_path,
            "xrGetRenderModelPropertiesEXT": self._properties,
            "xrCreateRenderModelSpaceEXT": self._create_space,
            "xrCreateRenderModelAssetEXT": self._create_asset,
            "xrGetRenderModelAssetDataEXT": self._data,
            "xrDestroyRenderModelAssetEXT": self._destroy,
        }

    def begin_session(self) -> None:
        """A session is there: what belonged to the one before is gone."""
        self._synced, self._sessions = False, self._sessions + 1
        self._told.clear()
        self.handles.clear()

    def synced(self) -> bool:
        """After each xrSyncActions: whether the runtime has to tell of models now."""
        first, self._synced = not self._synced, True
        return first and self.glbs is not None and any(self.glbs)

    def _numbers(self) -> dict[int, tuple[int, bytes]]:
        """The sides and files by the models' numbers. A number is that of one model of one session."""
        there = self.glbs if self._synced and self.glbs is not None else (b"", b"")
        models = [(side, glb) for side, glb in enumerate(there) if glb]
        return {self._ids.setdefault((self._sessions, *one), 1000 + len(self._ids)): one for one in models}

    def _enumerate(self, session: Any, info: Any, capacity: int, count: Any, numbers: Any) -> int:
        found = list(self._numbers())
        count[0] = len(found)
        if capacity and capacity < len(found):
            return Result.ERROR_SIZE_INSUFFICIENT.value
        for place, number in enumerate(found[:capacity]):
            numbers[place] = number
        return 0

    def _create(self, session: Any, info: Any, model: Any) -> int:
        asked = info.contents
        if asked.render_model_id not in self._numbers():
            return Result.ERROR_RENDER_MODEL_ID_INVALID_EXT.value
        self.gltf_extensions = tuple(one.decode() for one in asked._gltf_extensions[: asked.gltf_extension_count])
        return self._opened(model, "model", self._numbers()[asked.render_model_id])

    def _user_path(self, model: Any, info: Any, path: Any) -> int:
        of = self._of(model, "model")
        if of is None:
            return Result.ERROR_HANDLE_INVALID.value
        asked = list(info.contents._top_level_user_paths[: info.contents.top_level_user_path_count])
        if len(set(asked)) < len(asked):
            return Result.ERROR_VALIDATION_FAILURE.value
        found = self._below.path(HAND_PATHS[of[0]])
        path[0] = found if found in asked else 0
        return 0

    def _properties(self, model: Any, info: Any, properties: Any) -> int:
        of = self._of(model, "model")
        if of is None:
            return Result.ERROR_HANDLE_INVALID.value
        cache_id = uuid.uuid5(uuid.NAMESPACE_OID, of[1].hex()).bytes
        self._told[cache_id] = of[1]
        ctypes.memmove(properties.contents.cache_id.data, cache_id, len(cache_id))
        properties.contents.animatable_node_count = 0
        return 0

    def _create_space(self, session: Any, info: Any, space: Any) -> int:
        of = self._of(info.contents.render_model, "model")
        if of is None:
            return Result.ERROR_HANDLE_INVALID.value
        x, y, z = self.places[of[0]]
        turn = xr.Quaternionf(x=0.0, y=0.0, z=0.0, w=1.0)
        pose = xr.Posef(orientation=turn, position=xr.Vector3f(x=x, y=y, z=z))
        stage = xr.ReferenceSpaceCreateInfo(reference_space_type=xr.ReferenceSpaceType.STAGE, pose_in_reference_space=pose)
        create = self._below.following("xrCreateReferenceSpace", xr.PFN_xrCreateReferenceSpace)
        return int(create(session, ctypes.pointer(stage), space))

    def _create_asset(self, session: Any, info: Any, asset: Any) -> int:
        cache_id = bytes(info.contents.cache_id.data)
        if cache_id not in self._told:
            return Result.ERROR_RENDER_MODEL_ASSET_UNAVAILABLE_EXT.value
        return self._opened(asset, "asset", self._told[cache_id])

    def _data(self, asset: Any, info: Any, buffer: Any) -> int:
        glb = self._of(asset, "asset")
        return _give(glb, buffer.contents) if glb is not None else Result.ERROR_HANDLE_INVALID.value

    def _destroy(self, handle: Any) -> int:
        return 0 if self.handles.pop(_number(handle), None) else Result.ERROR_HANDLE_INVALID.value

    def _opened(self, into: Any, kind: str, what: Any) -> int:
        self._last += 1
        self.handles[self._last] = (kind, what)
        ctypes.cast(into, ctypes.POINTER(ctypes.c_void_p))[0] = self._last
        return 0

    def _of(self, handle: Any, kind: str) -> Any:
        found, what = self.handles.get(_number(handle), ("", None))
        return what if found == kind else None


def enabled_below(asked: Any, /) -> Sequence[bytes]:
    """Those of an xr.InstanceCreateInfo's extensions that the runtime below is to know of."""
    ours = (FB_EXTENSION, *INTERACTION_EXTENSIONS)
    return [one for one in asked._enabled_extension_names[: asked.enabled_extension_count] if one.decode() not in ours]


def _number(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _give(glb: bytes, into: Any) -> int:
    """OpenXR's way of giving bytes: how many first, then all."""
    into.buffer_count_output = len(glb)
    if into.buffer_capacity_input:
        if into.buffer_capacity_input < len(glb):
            return Result.ERROR_SIZE_INSUFFICIENT.value
        ctypes.memmove(into.buffer, glb, len(glb))
    return 0

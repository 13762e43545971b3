"""A runtime with faults: an API layer in Python right above the real runtime, and below the layers that watch the client.

As the specification has it: an error and a wait that timed out come from the layer alone; any other qualified success, such as
SESSION_LOSS_PENDING, comes after the runtime has done what it was asked for; what is flagged as invalid holds rubbish.

Sources: OpenXR 1.1, "Return Codes"; Khronos' "OpenXR Loader - Design and Operation" (layers: the negotiation, and the chain of
XrApiLayerNextInfo, which every layer hands on without its own link)."""

import ctypes
import functools
import json
import math
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xr  # noqa: TID251
from model_calls import FB_EXTENSION, INTERACTION_EXTENSIONS, FbModels, InteractionModels, Place, enabled_below
from xr import Result  # noqa: TID251
from xr.api_layer.loader_interfaces import ApiLayerCreateInfo  # noqa: TID251

NAME = "XR_APILAYER_vrclient_faults"
MODEL_CALLS = (
    "xrEnumerateRenderModelPathsFB",
    "xrGetRenderModelPropertiesFB",
    "xrLoadRenderModelFB",
    "xrEnumerateInteractionRenderModelIdsEXT",
    "xrCreateRenderModelEXT",
    "xrDestroyRenderModelEXT",
    "xrGetRenderModelPoseTopLevelUserPathEXT",
    "xrGetRenderModelPropertiesEXT",
    "xrCreateRenderModelSpaceEXT",
    "xrCreateRenderModelAssetEXT",
    "xrGetRenderModelAssetDataEXT",
    "xrDestroyRenderModelAssetEXT",
)
"""What the runtime itself does not have: the layer answers (model_calls.py)."""
CALLS = (
    *MODEL_CALLS,
    "xrGetSystem",
    "xrEnumerateViewConfigurations",
    "xrEnumerateViewConfigurationViews",
    "xrEnumerateEnvironmentBlendModes",
    "xrEnumerateReferenceSpaces",
    "xrCreateReferenceSpace",
    "xrSuggestInteractionProfileBindings",
    "xrGetActionStateBoolean",
    "xrCreateSession",
    "xrEnumerateSwapchainFormats",
    "xrCreateSwapchain",
    "xrPollEvent",
    "xrSyncActions",
    "xrLocateSpace",
    "xrLocateViews",
    "xrWaitFrame",
    "xrBeginFrame",
    "xrEndFrame",
    "xrAcquireSwapchainImage",
    "xrWaitSwapchainImage",
    "xrReleaseSwapchainImage",
)
"""Those that can be told to fail."""
RUBBISH = 777.0

EditViews = Callable[[Any], None]
"""Changes an array of xr.View in place."""


class Faults:
    """What the runtime does otherwise, from the next call on. `clear` ends all of it, but the models that are offered.

    should_render   of every frame; None: as it is
    keep_flags      of located spaces and views, only those flags stay
    edit_views      changes the located views
    recommended     width and height of an eye that are recommended; None: as they are
    formats         of swapchains; None: as they are
    blend_modes, spaces, view_configurations    that there are; None: as they are
    suggested       the interaction profiles that bindings were suggested for, in that order
    hangs           calls that take so many seconds more, or until an event is set, once
    made            [(call, result)] of the calls in CALLS, newest last
    layers          how many layers each ended frame had, newest last
    eyes            where the views of the newest layer were, in its space and OpenXR's axes: [(x, y, z)]
    """

    def __init__(self) -> None:
        self.made: deque[tuple[str, Result]] = deque(maxlen=2000)
        self.layers: deque[int] = deque(maxlen=2000)
        self.eyes: list[tuple[float, float, float]] = []
        self.suggested: list[str] = []
        self.session: Any = None
        self.clear()

    def clear(self) -> None:
        """As without the layer."""
        self.should_render: bool | None = None
        self.keep_flags = ~0
        self.edit_views: EditViews | None = None
        self.recommended: tuple[int, int] | None = None
        self.formats: tuple[int, ...] | None = None
        self.blend_modes: tuple[int, ...] | None = None
        self.spaces: tuple[int, ...] | None = None
        self.view_configurations: tuple[int, ...] | None = None
        self.hangs: dict[str, float | threading.Event] = {}
        self._next: dict[str, Result] = {}
        self._always: dict[str, Result] = {}
        self._events: deque[Any] = deque()

    def once(self, call: str, result: Result, /) -> None:
        """What the next such call gives."""
        self._next[_known(call)] = result

    def always(self, call: str, result: Result, /) -> None:
        """What every such call gives."""
        self._always[_known(call)] = result

    def event(self, event: Any, /) -> None:
        """The next event that is polled."""
        self._events.append(event)

    def state(self, state: xr.SessionState, /) -> None:
        """The event that the session has entered a state; the runtime itself knows nothing of it."""
        self.event(xr.EventDataSessionStateChanged(session=self.session, state=state))

    def quit(self) -> None:
        """The person chooses to leave the program in the runtime's menu: all that follows is the runtime's own doing."""
        assert _layer().following("xrRequestExitSession", xr.PFN_xrRequestExitSession)(self.session) == 0

    def offer_models(self, left: bytes, right: bytes, /) -> None:
        """From the next instance on the runtime knows XR_FB_render_model, and gives these files by it."""
        _layer().fb.glbs = (left, right)
        _layer().offer()

    def offer_interaction_models(self, left: bytes, right: bytes, /, *, places: tuple[Place, Place]) -> None:
        """From the next instance on the runtime knows XR_EXT_interaction_render_model, and gives these files by it, each with
        its origin at a place in the stage."""
        _layer().interaction.glbs, _layer().interaction.places = (left, right), places
        _layer().offer()

    def models_changed(self) -> None:
        """The event that there are other models by XR_EXT_interaction_render_model."""
        self.event(xr.EventDataInteractionRenderModelsChangedEXT())

    @property
    def interaction(self) -> InteractionModels:
        """What is offered by XR_EXT_interaction_render_model."""
        return _layer().interaction

    def count(self, call: str, /) -> int:
        """How often it was made."""
        return Counter(name for name, _ in self.made)[_known(call)]

    def _called(self, name: str, following: Callable[..., int], arguments: Sequence[Any]) -> Result:
        hang = self.hangs.pop(name, 0.0)
        if isinstance(hang, threading.Event):
            hang.wait(30.0)
        else:
            time.sleep(hang)
        result = self._next.pop(name, self._always.get(name, Result.SUCCESS))
        if result is Result.TIMEOUT_EXPIRED or result < 0:
            return result
        if name == "xrPollEvent" and self._events:
            event = self._events.popleft()
            ctypes.memmove(arguments[1], ctypes.byref(event), ctypes.sizeof(event))
            return Result.SUCCESS
        if name == "xrEndFrame":
            self._note(arguments[1].contents)
        for listing, values, skipped in (
            ("xrEnumerateSwapchainFormats", self.formats, 1),
            ("xrEnumerateReferenceSpaces", self.spaces, 1),
            ("xrEnumerateEnvironmentBlendModes", self.blend_modes, 3),
            ("xrEnumerateViewConfigurations", self.view_configurations, 2),
        ):
            if name == listing and values is not None:
                return _listed(values, *arguments[skipped:])
        if name == "xrSuggestInteractionProfileBindings":
            self.suggested.append(_layer().path_text(arguments[1].contents.interaction_profile))
        true = Result(following(*arguments))
        if true is Result.SUCCESS:
            self._edit(name, arguments)
        return true if true is not Result.SUCCESS else result

    def _note(self, end: Any) -> None:
        self.layers.append(end.layer_count)
        if end.layer_count:
            layer = ctypes.cast(end._layers[0], ctypes.POINTER(xr.CompositionLayerProjection)).contents
            self.eyes = [tuple(layer._views[number].pose.position) for number in range(layer.view_count)]

    def _edit(self, name: str, arguments: Sequence[Any]) -> None:
        match name:
            case "xrCreateSession":
                self.session = ctypes.cast(ctypes.cast(arguments[2], ctypes.POINTER(ctypes.c_void_p))[0], xr.Session)
                _layer().interaction.begin_session()
            case "xrSyncActions" if _layer().interaction.synced():
                self.models_changed()
            case "xrWaitFrame" if self.should_render is not None:
                arguments[2].contents.should_render = self.should_render
            case "xrLocateSpace":
                location = arguments[3].contents
                location._location_flags = location._location_flags & self.keep_flags
                _spoil(location._location_flags, [location.pose])
            case "xrLocateViews":
                state, capacity, views = arguments[2].contents, arguments[3], arguments[5]
                state._view_state_flags = state._view_state_flags & self.keep_flags
                _spoil(state._view_state_flags, [views[number].pose for number in range(capacity)])
                if capacity and self.edit_views:
                    self.edit_views(views)
            case "xrEnumerateViewConfigurationViews" if self.recommended:
                for number in range(arguments[3]):
                    view = arguments[5][number]
                    view.recommended_image_rect_width, view.recommended_image_rect_height = self.recommended


def nan_position(views: Any, /) -> None:
    """For `Faults.edit_views`: an eye that is nowhere."""
    views[1].pose.position.y = math.nan


def zero_orientation(views: Any, /) -> None:
    """For `Faults.edit_views`: an eye that looks nowhere."""
    views[0].pose.orientation = xr.Quaternionf(x=0.0, y=0.0, z=0.0, w=0.0)


def zero_fov(views: Any, /) -> None:
    """For `Faults.edit_views`: an eye that sees nothing."""
    views[1].fov = xr.Fovf(angle_left=0.0, angle_right=0.0, angle_up=0.0, angle_down=0.0)


def nan_fov(views: Any, /) -> None:
    """For `Faults.edit_views`: an eye that sees nobody knows what."""
    views[0].fov.angle_up = math.nan


@functools.cache
def _layer() -> "_Layer":
    """The one layer of this process: what a library was told of it, it keeps."""
    return _Layer()


def install() -> tuple[Faults, dict[str, str]]:
    """The faults, and the environment in which the loader puts their layer below those that it puts there already."""
    layer = _layer()
    layer.fb.glbs = layer.interaction.glbs = None
    layer.offer()
    folders = [one for one in os.environ.get("XR_API_LAYER_PATH", "").split(os.pathsep) if one not in ("", layer.json_path)]
    names = [one for one in os.environ.get("XR_ENABLE_API_LAYERS", "").split(os.pathsep) if one not in ("", NAME)]
    return layer.faults, {
        "XR_API_LAYER_PATH": os.pathsep.join([*folders, str(layer.json_path)]),  # named twice, it would be loaded twice
        "XR_ENABLE_API_LAYERS": os.pathsep.join([*names, NAME]),  # the first is next to the client, the last to the runtime
    }


class _Layer(xr.DynamicApiLayerBase):
    """Puts itself into the chain and gives each call in CALLS to `faults`."""

    def __init__(self) -> None:
        super().__init__(NAME, "faults that a real runtime does not show when it is asked to")
        self.faults = Faults()
        self._instance: Any = None
        self._get = xr.PFN_xrGetInstanceProcAddr(self._get_instance_proc_addr)
        self._create = xr.PFN_xrCreateApiLayerInstance(self._create_api_layer_instance)
        self._get_following: Any = None
        self._following: dict[str, Any] = {}
        self.fb, self.interaction = FbModels(self), InteractionModels(self)
        self._models = {**self.fb.calls, **self.interaction.calls}
        self._ours = {name.encode(): self._wrapped(name) for name in CALLS}

    def negotiate_loader_api_layer_interface(
        self, loader_info: xr.NegotiateLoaderInfo, layer_name: str, api_layer_request: xr.NegotiateApiLayerRequest
    ) -> Result:
        """Gives the loader our two functions."""
        api_layer_request.layer_interface_version = xr.CURRENT_LOADER_API_LAYER_VERSION
        api_layer_request.layer_api_version = xr.XR_CURRENT_API_VERSION
        api_layer_request.get_instance_proc_addr = self._get
        api_layer_request.create_api_layer_instance = self._create
        return Result.SUCCESS

    def following(self, name: str, kind: Any, /) -> Any:
        """A function of whoever comes after us in the chain, or in place of them."""
        if name in self._models:
            return self._models[name]
        if name not in self._following:
            found = xr.PFN_xrVoidFunction()
            assert self._get_following(self._instance, name.encode(), ctypes.pointer(found)) == 0, name
            self._following[name] = kind(_address(found))
        return self._following[name]

    def path(self, text: str, /) -> int:
        """The runtime's number for a path."""
        found = ctypes.c_uint64()
        assert self.following("xrStringToPath", xr.PFN_xrStringToPath)(self._instance, text.encode(), ctypes.byref(found)) == 0
        return found.value

    def path_text(self, path: int, /) -> str:
        """The path of the runtime's number."""
        buffer, count = ctypes.create_string_buffer(256), ctypes.c_uint32()
        call = self.following("xrPathToString", xr.PFN_xrPathToString)
        assert call(self._instance, path, len(buffer), ctypes.byref(count), buffer) == 0
        return buffer.value.decode()

    def offer(self) -> None:
        """The loader offers the extensions for which there are models, from the next question on."""
        extensions = [FB_EXTENSION] if self.fb.glbs is not None else []
        extensions += INTERACTION_EXTENSIONS if self.interaction.glbs is not None else ()
        file = Path(self.json_path) / f"{NAME}.json"
        manifest = json.loads(file.read_text())
        offered = [{"name": one, "extension_version": "1"} for one in extensions]
        manifest["api_layer"]["instance_extensions"] = offered
        file.write_text(json.dumps(manifest))

    def _create_api_layer_instance(self, info: Any, layer_info: Any, instance: Any) -> int:
        own = layer_info.contents.next_info.contents
        handed_on = ApiLayerCreateInfo.from_buffer_copy(layer_info.contents)
        handed_on.next_info = own.next
        asked = xr.InstanceCreateInfo.from_buffer_copy(info.contents)
        known = enabled_below(asked)
        names = (ctypes.c_char_p * len(known))(*known)
        asked.enabled_extension_count = len(known)
        asked._enabled_extension_names = ctypes.cast(names, ctypes.POINTER(ctypes.c_char_p))
        result = int(own.next_create_api_layer_instance(ctypes.pointer(asked), ctypes.pointer(handed_on), instance))
        # Copies: both lie in memory that the loader takes back. pyopenxr leaves out one pointer before the instance.
        self._get_following = xr.PFN_xrGetInstanceProcAddr(_address(own.next_get_instance_proc_addr))
        self._instance = ctypes.cast(ctypes.cast(instance, ctypes.POINTER(ctypes.c_void_p))[0], xr.Instance)
        self._following.clear()
        return result

    def _get_instance_proc_addr(self, instance: Any, name: bytes, function: Any) -> int:
        ours = self._ours.get(name)
        answers = next((one.glbs is not None for one in (self.fb, self.interaction) if name.decode() in one.calls), True)
        if ours is None or not answers:
            return int(self._get_following(instance, name, function))
        ctypes.cast(function, ctypes.POINTER(ctypes.c_void_p))[0] = _address(ours)
        return 0

    def _wrapped(self, name: str) -> Any:
        kind = getattr(xr, f"PFN_{name}")

        def call(*arguments: Any) -> int:
            result = self.faults._called(name, self.following(name, kind), arguments)
            self.faults.made.append((name, result))
            return int(result)

        return kind(call)


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _known(call: str) -> str:
    if call not in CALLS:
        raise ValueError(f"{call} is not one of {', '.join(CALLS)}")
    return call


def _spoil(flags: int, poses: Sequence[Any]) -> None:
    """What is not valid holds rubbish. The flags of spaces and of views have the same bits."""
    for pose in poses:
        if not flags & int(xr.SPACE_LOCATION_POSITION_VALID_BIT):
            pose.position = xr.Vector3f(x=RUBBISH, y=RUBBISH, z=RUBBISH)
        if not flags & int(xr.SPACE_LOCATION_ORIENTATION_VALID_BIT):
            pose.orientation = xr.Quaternionf(x=RUBBISH, y=0.0, z=0.0, w=0.0)


def _listed(values: Sequence[int], capacity: int, count: Any, array: Any) -> Result:
    """OpenXR's way of giving a list: how many first, then all."""
    count[0] = len(values)
    if not capacity:
        return Result.SUCCESS
    if capacity < len(values):
        return Result.ERROR_SIZE_INSUFFICIENT
    for number, value in enumerate(values):
        array[number] = value
    return Result.SUCCESS

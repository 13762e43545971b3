"""What the controllers look like, as the runtime itself gives it: the bytes of a glTF file for each hand, and where that is. It
reads no glTF. They are asked for by XR_EXT_interaction_render_model (interaction_models.py) where there is that, and by
XR_FB_render_model where there is not, or where it refuses.

A runtime may be slow to give them, so they are asked for in a thread of their own. Source: OpenXR 1.1, "XR_FB_render_model":
a model's origin is at the grip pose, and its texture may be one that needs KHR_texture_basisu."""

import logging
import queue
import threading
from collections.abc import Sequence
from ctypes import POINTER, byref, c_uint8, cast
from typing import Any

import xr  # noqa: TID251

from vrclient.display.openxr.bounded_calls import LONGEST_S
from vrclient.display.openxr.interaction_models import EXTENSIONS, MOST_BYTES, InteractionModel, InteractionModels, called
from vrclient.display.openxr.runtime import Runtime, let_go
from vrclient.display.openxr.spaces import is_sound, is_tracked, matrix_of
from vrclient.frame.inputs import OfferedModel
from vrclient.geometry.frames import Matrix

log = logging.getLogger(__name__)

EXTENSION = "XR_FB_render_model"
PATHS = ("/model_fb/controller/left", "/model_fb/controller/right")
LOST = (xr.exception.InstanceLostError, xr.exception.SessionLostError, xr.exception.SessionLossPending)
"""What others tell of."""

NAMES = ("left", "right")
ALL = "the controllers' models"

Key = tuple[int, int]
"""A model's key and version."""
Shown = tuple[OfferedModel | None, Any]
"""A model, and its space where it has one."""
NOTHING: Shown = (None, None)

_known: dict[bytes, OfferedModel] = {}
"""What was ever given: the next session's model is the same one, and is not read again."""


class RenderModels:
    """The models of one session's controllers. Where the runtime has none, or refuses, there are none; a refusal is one line in
    the log."""

    def __init__(self, runtime: Runtime, session: Any, hands: Sequence[Any]) -> None:
        """`hands`: the paths of the left and the right one."""
        self._instance, self._session = runtime.instance, session
        self._by_fb = EXTENSION in runtime.extensions
        self._interaction: InteractionModels | None = None
        if runtime.extensions.issuperset(EXTENSIONS):
            self._interaction = InteractionModels(runtime, session, hands)
        self._shown: list[Shown] = [NOTHING, NOTHING]
        self._shown_lock = threading.Lock()  # held for no call but that which locates a space
        self._keys: list[Key | None] = [None, None]
        self._paths: dict[int, Any] | None = None
        self._refused: set[str] = set()
        self._closed = False
        self._asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        if self._by_fb or self._interaction is not None:
            self._thread = threading.Thread(target=self._run, name="controller models", daemon=True)
            self._thread.start()

    def ask(self) -> None:
        """Asks for them, or anew: the controllers may have changed. Returns at once."""
        if self._thread is not None:
            self._asked.put(True)

    def model(self, side: int, grip: Matrix | None, base: Any, time: int, /) -> tuple[OfferedModel | None, Matrix | None]:
        """That of hand 0 = left or 1 = right, as far as the runtime has given it (the same object until it is another), and
        base_from_model [4, 4] at `time`: `grip` where it has no place of its own, None where it is not to be shown now.

        Raises xr.exception.XrException where the runtime is lost."""
        with self._shown_lock:
            model, space = self._shown[side]
            if space is None or grip is None:
                return model, grip
            try:
                location = xr.locate_space(space, base, time)
            except xr.exception.XrException as error:
                if isinstance(error, LOST):
                    raise
                self._tell(f"the place of the {NAMES[side]} controller's model", error)
                self._shown[side] = NOTHING
                return None, None
        located = is_tracked(int(location.location_flags)) and is_sound(location.pose)
        return model, matrix_of(location.pose) if located else None

    def close(self) -> bool:
        """Asks no more. False where the runtime does not come back from a call: it has the session still."""
        self._closed = True
        if self._thread is None:
            return True
        self._asked.put(False)
        self._thread.join(LONGEST_S)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self._asked.get() and not self._closed:
            given = self._interaction is not None and self._ask_interaction(self._interaction)
            if self._by_fb and not given and not self._closed:
                self._ask_fb()
        if self._interaction is not None:
            self._interaction.keep(())

    def _ask_interaction(self, source: InteractionModels) -> bool:
        """Takes over what there is by XR_EXT_interaction_render_model; False where the runtime refuses any of it."""
        try:
            listed = source.listed()
        except xr.exception.XrException as error:
            self._tell(ALL, error)
            return False
        found: list[InteractionModel | None] = [None, None]
        given = True
        for number in listed:
            if self._closed:
                return True
            what = "a controller's model"
            try:
                model = source.opened(number)
                side = source.side(model)
                if side is None or found[side] is not None:
                    continue
                what = f"the model of the {NAMES[side]} controller"
                source.fill(model)
                found[side] = model
            except xr.exception.XrException as error:
                self._tell(what, error)
                given = False
        with self._shown_lock:
            for side, one in enumerate(found):
                if one is not None:
                    self._shown[side] = _known.setdefault(one.glb, OfferedModel(one.name, one.glb)), one.space
                    self._keys[side] = None
                elif self._shown[side][1] is not None:
                    self._shown[side] = NOTHING
        source.keep(listed)
        return given

    def _ask_fb(self) -> None:
        """Takes over what there is by XR_FB_render_model, for hands that have none by the other way."""
        try:
            if self._paths is None:
                self._paths = self._controllers()
        except xr.exception.XrException as error:
            self._tell(ALL, error)
            return
        for side, path in self._paths.items():
            if self._closed:
                return
            if self._shown[side][1] is not None:
                continue
            try:
                self._follow(side, path)
            except xr.exception.RenderModelUnavailableFB as off:
                let_go(off)
            except xr.exception.XrException as error:
                self._tell(f"the model of the {NAMES[side]} controller", error)

    def _tell(self, what: str, error: xr.exception.XrException) -> None:
        """Each refusal once."""
        name = type(error).__name__.removesuffix("Error")
        let_go(error)
        if not isinstance(error, LOST) and f"{what} {name}" not in self._refused:
            self._refused.add(f"{what} {name}")
            log.warning("headset: the runtime does not provide %s (%s); another is shown", what, name)

    def _controllers(self) -> dict[int, Any]:
        """The paths of those models that there may be, by side. They have to be asked for before anything else."""
        found = {}
        for one in xr.enumerate_render_model_paths_fb(self._session):
            name = xr.path_to_string(self._instance, one.path)
            if name in PATHS:
                found[PATHS.index(name)] = one.path
        return found

    def _follow(self, side: int, path: Any) -> None:
        """Takes over the model of a hand, if it is another than before. One that is off keeps what it had."""
        supported = xr.RenderModelFlagsFB.SUPPORTS_GLTF_2_0_SUBSET_1_BIT | xr.RenderModelFlagsFB.SUPPORTS_GLTF_2_0_SUBSET_2_BIT
        properties = xr.RenderModelPropertiesFB(next=xr.RenderModelCapabilitiesRequestFB(flags=supported))
        self._call("xrGetRenderModelPropertiesFB", path, byref(properties))
        key = (int(properties.model_key), int(properties.model_version))
        if key[0] == xr.NULL_RENDER_MODEL_KEY_FB or key == self._keys[side]:
            return
        name = properties.model_name.decode("utf-8", "replace") or f"model {key[0]}"
        glb = self._bytes(key[0])
        with self._shown_lock:
            self._shown[side] = _known.setdefault(glb, OfferedModel(name, glb)), None
        self._keys[side] = key

    def _bytes(self, key: int) -> bytes:
        """pyopenxr's own function asks for the size alone."""
        info, answer = xr.RenderModelLoadInfoFB(model_key=key), xr.RenderModelBufferFB()
        self._call("xrLoadRenderModelFB", byref(info), byref(answer))
        if not 0 < answer.buffer_count_output <= MOST_BYTES:
            raise xr.exception.RenderModelUnavailableFB
        buffer = (c_uint8 * answer.buffer_count_output)()
        answer.buffer_capacity_input, answer.buffer = len(buffer), cast(buffer, POINTER(c_uint8))
        self._call("xrLoadRenderModelFB", byref(info), byref(answer))
        return bytes(buffer[: answer.buffer_count_output])

    def _call(self, name: str, *arguments: Any) -> None:
        called(self._instance, name, self._session, *arguments)

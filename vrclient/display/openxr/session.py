"""A session on a headset and its states, as the runtime tells them. It knows frames begin and end, not what is in them.

Every call of the runtime may say that instance or session are lost: xr.exception.XrException passes through, whoever owns the
session drops it and tries again later (display/supervisor.py)."""

import contextlib
from ctypes import POINTER, byref, c_int, cast
from dataclasses import dataclass
from typing import Any

import xr  # noqa: TID251
from xr import SessionState as State  # noqa: TID251

from vrclient.display.openxr.graphics import Binding
from vrclient.display.openxr.runtime import STEREO, HeadsetUnavailable, Runtime, let_go

KNOWN_STATES = frozenset(State)
_UPDATE = "update vrclient"


@dataclass(slots=True)
class News:
    """What the runtime had to say since the last frame.

    lost             why the session or the instance goes, or ""
    leaving          the user, or the system, ended the program from the runtime's own menu
    profiles         the controllers, or their models, have changed
    mask             the hidden areas of the lenses have changed
    """

    lost: str = ""
    leaving: bool = False
    profiles: bool = False
    mask: bool = False


class XrSession:
    """An open session. `running` between READY and STOPPING; `focused`: the visitor's inputs are ours; `present`: the runtime
    does not say that nobody wears the headset (XR_EXT_user_presence, where it has that).

    Raises xr.exception.XrException where the runtime refuses."""

    def __init__(self, runtime: Runtime, binding: Binding) -> None:
        self._runtime = runtime
        xr.get_opengl_graphics_requirements_khr(runtime.instance, runtime.system)  # the runtime wants to be asked first
        info = xr.SessionCreateInfo(system_id=runtime.system, next=binding.info)
        self._blend = _blend_mode(runtime)
        self.handle = xr.create_session(runtime.instance, info)
        self.state = State.UNKNOWN
        self.running, self.present = False, True
        self._frame_wait, self._frame_begin = xr.FrameWaitInfo(), xr.FrameBeginInfo()
        self._recentre_at: int | None = None
        self._end = xr.FrameEndInfo(environment_blend_mode=self._blend)
        self._layers: list[Any] | None = None
        self._heard: list[Any] = []

    @property
    def focused(self) -> bool:
        """Controllers are heard."""
        return self.state == State.FOCUSED

    def poll(self) -> News:
        """Takes all events and follows the session's states: begins it when it is ready, ends it when it is stopping."""
        news = News()
        heard, self._heard = self._heard, []
        for event in [*heard, *self._events()]:
            match c_int.from_buffer(event).value:  # its type, which may be one that pyopenxr does not know
                case xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                    changed = cast(byref(event), POINTER(xr.EventDataSessionStateChanged)).contents
                    self._enter(State(changed.state), news)
                case xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING:
                    news.lost = "the headset's runtime is shutting down"
                case xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
                    pending = cast(byref(event), POINTER(xr.EventDataReferenceSpaceChangePending)).contents
                    self._recentre_at = int(pending.change_time)
                case (
                    xr.StructureType.EVENT_DATA_INTERACTION_PROFILE_CHANGED
                    | xr.StructureType.EVENT_DATA_INTERACTION_RENDER_MODELS_CHANGED_EXT
                ):
                    news.profiles = True
                case xr.StructureType.EVENT_DATA_USER_PRESENCE_CHANGED_EXT:
                    self.present = bool(cast(byref(event), POINTER(xr.EventDataUserPresenceChangedEXT)).contents.is_user_present)
                case xr.StructureType.EVENT_DATA_VISIBILITY_MASK_CHANGED_KHR:
                    news.mask = True
                case _:
                    pass
        return news

    def hear(self) -> None:
        """Takes what has come since `poll`, right before anything is located: a recentre that came while the frame was waited for
        has moved the origin already. All else waits for the next `poll`."""
        for event in self._events():
            if c_int.from_buffer(event).value == xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
                pending = cast(byref(event), POINTER(xr.EventDataReferenceSpaceChangePending)).contents
                self._recentre_at = int(pending.change_time)
            else:
                self._heard.append(event)

    def wait_frame(self) -> Any:
        """xr.FrameState of the next frame. Blocks until the runtime wants it."""
        return xr.wait_frame(self.handle, self._frame_wait)

    def begin_frame(self) -> None:
        """What is begun must be ended."""
        with contextlib.suppress(xr.exception.FrameDiscarded):
            xr.begin_frame(self.handle, self._frame_begin)

    def end_frame(self, display_time: int, layers: list[Any], /) -> None:
        """Shows the layers at `display_time`, or nothing where there are none. A list that is given again costs nothing: each new
        one leaves a circle of ctypes' objects, and while frames run nothing collects."""
        if layers is not self._layers:
            self._layers = layers
            self._end = xr.FrameEndInfo(environment_blend_mode=self._blend, layers=layers)
        self._end.display_time = display_time
        xr.end_frame(self.handle, self._end)

    def was_recentred(self, display_time: int, /) -> bool:
        """True once, in the first frame that is shown after the origin of the tracked space has changed."""
        if self._recentre_at is None or display_time < self._recentre_at:
            return False
        self._recentre_at = None
        return True

    def close(self) -> None:
        """Ends and gives the session back; what a lost runtime says to that is of no use."""
        with contextlib.suppress(xr.exception.XrException):
            if self.running:
                xr.request_exit_session(self.handle)
        with contextlib.suppress(xr.exception.XrException):
            xr.destroy_session(self.handle)
        self.running = False

    def _events(self) -> list[Any]:
        events = []
        try:
            while True:
                events.append(xr.poll_event(self._runtime.instance))
        except xr.exception.EventUnavailable as nothing:
            let_go(nothing)
            return events

    def _enter(self, state: State, news: News) -> None:
        self.state = state
        match state:
            case State.READY:
                xr.begin_session(self.handle, xr.SessionBeginInfo(primary_view_configuration_type=STEREO))
                self.running = True
            case State.STOPPING:
                self.running = False
                xr.end_session(self.handle)
            case State.LOSS_PENDING:
                news.lost = "the headset is disconnecting"
            case State.EXITING:
                news.leaving = True
            case _ if state not in KNOWN_STATES:
                news.lost = f"the headset's runtime reports a state that vrclient does not know ({state.value}); {_UPDATE}"
            case _:
                pass


def _blend_mode(runtime: Runtime) -> xr.EnvironmentBlendMode:
    """OPAQUE where it is offered, else what the runtime prefers of those that are known here. Raises HeadsetUnavailable where it
    offers others alone."""
    offered = [int(one) for one in xr.enumerate_environment_blend_modes(runtime.instance, runtime.system, STEREO)]
    known = [one for one in offered if one in list(xr.EnvironmentBlendMode)]
    if offered and not known:
        numbers = ", ".join(map(str, offered))
        raise HeadsetUnavailable(f"the headset blends pictures in ways that vrclient does not know ({numbers}); {_UPDATE}")
    opaque = xr.EnvironmentBlendMode.OPAQUE
    return opaque if opaque in known or not known else xr.EnvironmentBlendMode(known[0])

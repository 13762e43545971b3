"""The smallest OpenXR application that a headset can be asked with: frames without a picture, none of the client's own code."""

import contextlib
import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import xr  # noqa: TID251
from remote import Pose

EGL_PLATFORM_SURFACELESS_MESA, EGL_OPENGL_API, EGL_OPENGL_BIT = 0x31DD, 0x30A2, 0x8
EGL_RENDERABLE_TYPE, EGL_SURFACE_TYPE, EGL_NONE = 0x3040, 0x3033, 0x3038
INDEX = "/interaction_profiles/valve/index_controller"


@contextmanager
def bare_client() -> Iterator["BareClient"]:
    """A client with focus. What it made is gone at the end, whether or not the service still lives."""
    client = BareClient()
    try:
        client.wait_for(lambda: client.state == xr.SessionState.FOCUSED, "the focus")
        yield client
    finally:
        xr.destroy_instance(client.instance)


class BareClient:
    """A session with a right hand. Once it runs it is always within a frame, and everything is located in STAGE, for when that
    frame would be seen."""

    def __init__(self) -> None:
        graphics = _graphics()
        self.instance = xr.create_instance(
            xr.InstanceCreateInfo(
                application_info=xr.ApplicationInfo(application_name="bare", api_version=xr.Version(1, 0, 0)),
                enabled_extension_names=[xr.KHR_OPENGL_ENABLE_EXTENSION_NAME, xr.MNDX_EGL_ENABLE_EXTENSION_NAME],
            )
        )
        self.system = xr.get_system(self.instance, xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        xr.get_opengl_graphics_requirements_khr(self.instance, self.system)  # the runtime wants to be asked first
        self.session = xr.create_session(self.instance, xr.SessionCreateInfo(system_id=self.system, next=graphics))
        self.state = xr.SessionState.UNKNOWN
        self._running = False
        self._time: int | None = None
        self.changes = 0
        """How often the runtime has moved a space under the client, as a recentre does."""
        self.stage, self.view = (
            xr.create_reference_space(self.session, xr.ReferenceSpaceCreateInfo(reference_space_type=kind))
            for kind in (xr.ReferenceSpaceType.STAGE, xr.ReferenceSpaceType.VIEW)
        )
        self.actions = xr.create_action_set(
            self.instance, xr.ActionSetCreateInfo(action_set_name="bare", localized_action_set_name="Bare", priority=0)
        )
        self.hand = xr.string_to_path(self.instance, "/user/hand/right")
        self.grip = self._action("grip", xr.ActionType.POSE_INPUT)
        self.trigger = self._action("trigger", xr.ActionType.FLOAT_INPUT)
        bindings = [
            xr.ActionSuggestedBinding(action=action, binding=xr.string_to_path(self.instance, f"/user/hand/right/input/{path}"))
            for action, path in ((self.grip, "grip/pose"), (self.trigger, "trigger/value"))
        ]
        profile = xr.string_to_path(self.instance, INDEX)
        xr.suggest_interaction_profile_bindings(
            self.instance, xr.InteractionProfileSuggestedBinding(interaction_profile=profile, suggested_bindings=bindings)
        )
        xr.attach_session_action_sets(self.session, xr.SessionActionSetsAttachInfo(action_sets=[self.actions]))
        self.grip_space = xr.create_action_space(
            self.session, xr.ActionSpaceCreateInfo(action=self.grip, subaction_path=self.hand)
        )

    def _action(self, name: str, kind: xr.ActionType) -> xr.Action:
        return xr.create_action(
            self.actions,
            xr.ActionCreateInfo(action_name=name, localized_action_name=name, action_type=kind, subaction_paths=[self.hand]),
        )

    def poll(self) -> None:
        """Take in every waiting event; begins the session when the runtime is ready."""
        while True:
            try:
                event = xr.poll_event(self.instance)
            except xr.EventUnavailable:
                return
            if event.type == xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                self.state = xr.SessionState(
                    ctypes.cast(ctypes.byref(event), ctypes.POINTER(xr.EventDataSessionStateChanged)).contents.state
                )
                if self.state == xr.SessionState.READY:
                    kind = xr.ViewConfigurationType.PRIMARY_STEREO
                    xr.begin_session(self.session, xr.SessionBeginInfo(primary_view_configuration_type=kind))
                    self._running = True
            elif event.type == xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
                self.changes += 1

    def wait_for(self, condition: Callable[[], bool], what: str, *, timeout: float = 5.0) -> None:
        """Takes frames until the condition holds; TimeoutError, which names what was waited for, after timeout seconds."""
        deadline = time.monotonic() + timeout
        while True:
            self.poll()
            if self._running:
                self.next_frame()
            if condition():
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited for {what} in vain; the session is {self.state.name}")
            time.sleep(0.01)

    def next_frame(self) -> None:
        """Ends the frame, which shows nothing, and begins another; the actions are synchronised."""
        if self._time is not None:
            end = xr.FrameEndInfo(display_time=self._time, environment_blend_mode=xr.EnvironmentBlendMode.OPAQUE)
            xr.end_frame(self.session, end)
            self._time = None
        time_shown = xr.wait_frame(self.session, xr.FrameWaitInfo()).predicted_display_time
        with contextlib.suppress(xr.exception.SessionNotFocused):
            active = xr.ActiveActionSet(action_set=self.actions)
            xr.sync_actions(self.session, xr.ActionsSyncInfo(active_action_sets=[active]))
        xr.begin_frame(self.session, xr.FrameBeginInfo())
        self._time = time_shown

    def head(self) -> Pose | None:
        """None while it is not tracked."""
        return self._located(self.view)

    def grip_pose(self) -> Pose | None:
        """Of the right controller; None while it is not tracked."""
        return self._located(self.grip_space)

    def views(self) -> list[xr.View]:
        """Both eyes, poses in STAGE."""
        kind = xr.ViewConfigurationType.PRIMARY_STEREO
        info = xr.ViewLocateInfo(view_configuration_type=kind, display_time=self._time, space=self.stage)
        return list(xr.locate_views(self.session, info)[1])

    def pulled(self) -> float | None:
        """How far the right trigger is; None when no active controller has one."""
        info = xr.ActionStateGetInfo(action=self.trigger, subaction_path=self.hand)
        state = xr.get_action_state_float(self.session, info)
        return state.current_state if state.is_active else None

    def profile(self) -> str:
        """The interaction profile of the right hand, "" for none."""
        path = xr.get_current_interaction_profile(self.session, self.hand).interaction_profile
        return xr.path_to_string(self.instance, path) if path else ""

    def _located(self, space: xr.Space) -> Pose | None:
        location = xr.locate_space(space, self.stage, self._time)
        flags = xr.SpaceLocationFlags.ORIENTATION_TRACKED_BIT | xr.SpaceLocationFlags.POSITION_TRACKED_BIT
        if location.location_flags & flags != flags:
            return None
        orientation, position = location.pose.orientation, location.pose.position
        return Pose((orientation.x, orientation.y, orientation.z, orientation.w), (position.x, position.y, position.z))


@cache
def _graphics() -> xr.GraphicsBindingEGLMNDX:
    """An OpenGL context without a window, kept to the end of the process. (Monado has sessions without graphics, too, but begins
    no frames for them.)"""
    egl = ctypes.CDLL("libEGL.so.1")
    for name in ("eglGetPlatformDisplay", "eglCreateContext"):
        getattr(egl, name).restype = ctypes.c_void_p
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, None, None))
    assert egl.eglInitialize(display, None, None) and egl.eglBindAPI(EGL_OPENGL_API)
    config, count = ctypes.c_void_p(), ctypes.c_int()
    wanted = (ctypes.c_int * 5)(EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, 0, EGL_NONE)
    assert egl.eglChooseConfig(display, wanted, ctypes.byref(config), 1, ctypes.byref(count)) and count.value
    context = egl.eglCreateContext(display, config, None, None)
    assert context
    found = xr.GraphicsBindingEGLMNDX()
    kinds = dict(found._fields_)
    found.get_proc_address = ctypes.cast(egl.eglGetProcAddress, kinds["get_proc_address"])
    for name, value in (("display", display), ("config", config), ("context", ctypes.c_void_p(context))):
        setattr(found, name, ctypes.cast(value, kinds[name]))
    return found

"""The smallest OpenXR application that a headset can be asked with: no graphics, no world, none of the client's own code."""

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import xr
from remote import Pose

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
    """A session without graphics, with a right hand. Everything is located in STAGE, at the time of asking."""

    def __init__(self) -> None:
        extensions = [xr.MND_HEADLESS_EXTENSION_NAME, xr.KHR_CONVERT_TIMESPEC_TIME_EXTENSION_NAME]
        self.instance = xr.create_instance(
            xr.InstanceCreateInfo(
                application_info=xr.ApplicationInfo(application_name="bare", api_version=xr.Version(1, 0, 0)),
                enabled_extension_names=extensions,
            )
        )
        self.system = xr.get_system(self.instance, xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        self.session = xr.create_session(self.instance, xr.SessionCreateInfo(system_id=self.system))
        self.state = xr.SessionState.UNKNOWN
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
            elif event.type == xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
                self.changes += 1

    def wait_for(self, condition: Callable[[], bool], what: str, *, timeout: float = 5.0) -> None:
        """Poll events until the condition holds; TimeoutError, which names what was waited for, after timeout seconds."""
        deadline = time.monotonic() + timeout
        while True:
            self.poll()
            if condition():
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited for {what} in vain; the session is {self.state.name}")
            time.sleep(0.01)

    def head(self) -> Pose | None:
        """None while it is not tracked."""
        return self._located(self.view)

    def grip_pose(self) -> Pose | None:
        """Of the right controller; None while it is not tracked. sync() first."""
        return self._located(self.grip_space)

    def views(self) -> list[xr.View]:
        """Both eyes, poses in STAGE."""
        kind = xr.ViewConfigurationType.PRIMARY_STEREO
        info = xr.ViewLocateInfo(view_configuration_type=kind, display_time=self._now(), space=self.stage)
        return list(xr.locate_views(self.session, info)[1])

    def sync(self) -> None:
        active = xr.ActiveActionSet(action_set=self.actions)
        xr.sync_actions(self.session, xr.ActionsSyncInfo(active_action_sets=[active]))

    def pulled(self) -> float | None:
        """How far the right trigger is, after a sync; None when no active controller has one."""
        self.sync()
        info = xr.ActionStateGetInfo(action=self.trigger, subaction_path=self.hand)
        state = xr.get_action_state_float(self.session, info)
        return state.current_state if state.is_active else None

    def profile(self) -> str:
        """The interaction profile of the right hand, "" for none."""
        path = xr.get_current_interaction_profile(self.session, self.hand).interaction_profile
        return xr.path_to_string(self.instance, path) if path else ""

    def _now(self) -> int:
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        return xr.convert_timespec_time_to_time_khr(self.instance, xr.timespec(now // 10**9, now % 10**9)).value

    def _located(self, space: xr.Space) -> Pose | None:
        location = xr.locate_space(space, self.stage, self._now())
        flags = xr.SpaceLocationFlags.ORIENTATION_TRACKED_BIT | xr.SpaceLocationFlags.POSITION_TRACKED_BIT
        if location.location_flags & flags != flags:
            return None
        orientation, position = location.pose.orientation, location.pose.position
        return Pose((orientation.x, orientation.y, orientation.z, orientation.w), (position.x, position.y, position.z))

"""The controllers of a headset: OpenXR actions, bound as config/bindings says, read into `Hand`s.

It interprets nothing: edges, holds and what a stick means are interaction/'s."""

import contextlib
import logging
from collections.abc import Mapping
from typing import Any

import xr  # noqa: TID251

from vrclient.display.openxr.bindings import profiles, suggested
from vrclient.display.openxr.render_models import RenderModels
from vrclient.display.openxr.runtime import Runtime, let_go
from vrclient.display.openxr.spaces import is_sound, is_valid, matrix_of
from vrclient.frame.inputs import Hand
from vrclient.geometry.frames import Matrix

log = logging.getLogger(__name__)

SIDE = 0.5
"""From here on outwards a trackpad is clicked at its side."""
SIDES = ("/user/hand/left", "/user/hand/right")

KINDS: Mapping[str, xr.ActionType] = {
    "aim": xr.ActionType.POSE_INPUT,
    "grip": xr.ActionType.POSE_INPUT,
    "select": xr.ActionType.BOOLEAN_INPUT,
    "teleport": xr.ActionType.BOOLEAN_INPUT,
    "stick": xr.ActionType.VECTOR2F_INPUT,
    "menu": xr.ActionType.BOOLEAN_INPUT,
    "squeeze": xr.ActionType.BOOLEAN_INPUT,
    "haptic": xr.ActionType.VIBRATION_OUTPUT,
}
"""The actions and what they carry; each exists for the left and the right hand."""


class Controllers:
    """The action set of one session, attached to it.

    Raises xr.exception.XrException where the runtime refuses."""

    def __init__(self, runtime: Runtime, session: Any) -> None:
        self._instance, self._session = runtime.instance, session
        self._sides = [xr.string_to_path(runtime.instance, side) for side in SIDES]
        info = xr.ActionSetCreateInfo(action_set_name="visit", localized_action_set_name="Visit", priority=0)
        self._set = xr.create_action_set(runtime.instance, info)
        self._actions = {name: self._action(name, kind) for name, kind in KINDS.items()}
        suggestions = suggested(profiles(), runtime.extensions, runtime.api)
        for suggestion in suggestions:
            try:
                self._suggest(suggestion.profile, suggestion.bindings)
            except xr.exception.PathUnsupportedError:
                log.info("headset: the runtime does not know %s", suggestion.name)
        self._names = {one.profile: one.name for one in suggestions}
        self._by_click = frozenset(one.profile for one in suggestions if one.needs_click)
        xr.attach_session_action_sets(session, xr.SessionActionSetsAttachInfo(action_sets=[self._set]))
        self._spaces = {name: [self._space(name, side) for side in self._sides] for name in ("aim", "grip")}
        self._active = xr.ActiveActionSet(action_set=self._set, subaction_path=xr.NULL_PATH)
        self._sync = xr.ActionsSyncInfo(active_action_sets=[self._active])
        self._state = {
            (name, side): xr.ActionStateGetInfo(action=action, subaction_path=path)
            for name, action in self._actions.items()
            for side, path in enumerate(self._sides)
        }
        self.profiles = ("", "")
        self.models = RenderModels(runtime, session, self._sides)
        self._seen = [False, False]

    def read_profiles(self) -> None:
        """Asks which controllers are there now; after INTERACTION_PROFILE_CHANGED."""
        found = []
        for side in self._sides:
            path = xr.get_current_interaction_profile(self._session, side).interaction_profile
            found.append(xr.path_to_string(self._instance, path) if path != xr.NULL_PATH else "")
        self.profiles = (found[0], found[1])
        self.models.ask()

    @property
    def description(self) -> str:
        """What the controllers are called; "" where there are none."""
        return " and ".join(dict.fromkeys(self._names.get(path, path) for path in self.profiles if path))

    def read(self, base: Any, time: int, /) -> tuple[Hand, ...]:
        """Left and right at `time`, in the space `base`. Synchronises the actions; no hands while the session lacks the focus."""
        try:
            xr.sync_actions(self._session, self._sync)
        except xr.exception.SessionNotFocused as unheard:
            let_go(unheard)
            return ()
        return tuple(self._hand(side, base, time) for side in range(len(SIDES)))

    def vibrate(self, hand: int, /, *, seconds: float, amplitude: float) -> None:
        """Lets a controller be felt."""
        info = xr.HapticActionInfo(action=self._actions["haptic"], subaction_path=self._sides[hand])
        pulse = xr.HapticVibration(duration=int(seconds * 1e9), frequency=xr.FREQUENCY_UNSPECIFIED, amplitude=amplitude)
        with contextlib.suppress(xr.exception.SessionNotFocused):  # it has just gone
            xr.apply_haptic_feedback(self._session, info, pulse)

    def _action(self, name: str, kind: xr.ActionType) -> Any:
        info = xr.ActionCreateInfo(
            action_name=name, localized_action_name=name.capitalize(), action_type=kind, subaction_paths=self._sides
        )
        return xr.create_action(self._set, info)

    def _suggest(self, profile: str, bindings: tuple[tuple[str, str], ...]) -> None:
        entries = [
            xr.ActionSuggestedBinding(action=self._actions[name], binding=xr.string_to_path(self._instance, path))
            for name, path in bindings
        ]
        xr.suggest_interaction_profile_bindings(
            self._instance,
            xr.InteractionProfileSuggestedBinding(
                interaction_profile=xr.string_to_path(self._instance, profile), suggested_bindings=entries
            ),
        )

    def _space(self, name: str, side: Any) -> Any:
        pose = xr.Posef(orientation=xr.Quaternionf(x=0.0, y=0.0, z=0.0, w=1.0), position=xr.Vector3f(x=0.0, y=0.0, z=0.0))
        info = xr.ActionSpaceCreateInfo(action=self._actions[name], subaction_path=side, pose_in_action_space=pose)
        return xr.create_action_space(self._session, info)

    def _hand(self, side: int, base: Any, time: int) -> Hand:
        stick = xr.get_action_state_vector2f(self._session, self._state["stick", side])
        pressed = self._pressed("teleport", side)
        by_click = self.profiles[side] in self._by_click
        counts = stick.is_active and (pressed or not by_click)
        right, forward = (stick.current_state.x, stick.current_state.y) if counts else (0.0, 0.0)
        if by_click:  # one click does one thing: at the side it turns, else it teleports
            pressed, right = (False, right) if abs(right) >= SIDE else (pressed, 0.0)
        grip = self._pose("grip", side, base, time)
        model, place = self.models.model(side, grip, base, time)
        if grip is not None and not self._seen[side] and model is None:
            self.models.ask()  # one that was off has come
        self._seen[side] = grip is not None
        return Hand(
            aim=self._pose("aim", side, base, time),
            grip=grip,
            select=self._pressed("select", side),
            teleport=pressed,
            menu=self._pressed("menu", side),
            squeeze=self._pressed("squeeze", side),
            move=(right, forward),
            turn=right,
            profile=self.profiles[side],
            model=model,
            rig_from_model=place,
        )

    def _pressed(self, name: str, side: int) -> bool:
        state = xr.get_action_state_boolean(self._session, self._state[name, side])
        return bool(state.is_active and state.current_state)

    def _pose(self, name: str, side: int, base: Any, time: int) -> Matrix | None:
        if not xr.get_action_state_pose(self._session, self._state[name, side]).is_active:
            return None
        location = xr.locate_space(self._spaces[name][side], base, time)
        located = is_valid(int(location.location_flags)) and is_sound(location.pose)
        return matrix_of(location.pose) if located else None

"""What each controller's buttons do: config/bindings, one file an interaction profile, as suggestions for the runtime.

It imports no `xr`. Which paths a profile has: OpenXR 1.1, "Interaction Profile Paths", and the extension that is named."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from vrclient.showcase.config_layers import files_of, read_strongest
from vrclient.showcase.models import Model

LEFT, RIGHT = "/user/hand/left", "/user/hand/right"
FIRST, LAST = "/interaction_profiles/oculus/touch_controller", "/interaction_profiles/khr/simple_controller"
"""What a controller of an unknown kind is taken for, and what none should be: SteamVR takes one for the simple kind, with a
single button, where it is told of that before the touch controllers (GodotVR/godot_openxr_for_godot_3.x#174)."""
PROMOTION = (1, 1)
"""The version of OpenXR in which extensions' profiles became its own."""


def _fitting(pattern: str, what: str, sample: str) -> AfterValidator:
    """A check of a text's form: `what` it must be, and an example of it."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"'{text}' is not {what}; write one such as {sample}")
        return text

    return AfterValidator(check)


Profile = Annotated[
    str,
    _fitting(
        r"/interaction_profiles/[a-z0-9_]+/[a-z0-9_]+",
        "the path of an interaction profile",
        "/interaction_profiles/valve/index_controller",
    ),
]
Extension = Annotated[str, _fitting(r"XR_[A-Z]+_[a-z0-9_]+", "the name of an extension", "XR_BD_controller_interaction")]
Pose = Annotated[str, _fitting(r"input/[a-z0-9_]+/pose", "the path of a pose", "input/aim/pose")]
Button = Annotated[
    str, _fitting(r"input/[a-z0-9_]+/(click|value|force|touch)", "the path of a button or trigger", "input/trigger/value")
]
Stick = Annotated[str, _fitting(r"input/(thumbstick|trackpad|joystick)", "the path of a stick or trackpad", "input/thumbstick")]
Vibration = Annotated[str, _fitting(r"output/haptic[a-z_]*", "the path of a vibration", "output/haptic")]


class ByHand(Model):
    """Buttons that one hand has, or has elsewhere."""

    left: Button | tuple[Button, ...] = Field((), description="On the left controller.", examples=["input/x/click"])
    right: Button | tuple[Button, ...] = Field((), description="On the right controller.", examples=["input/a/click"])


Buttons = Button | tuple[Button, ...] | ByHand


class Bindings(Model):
    """What does what. One path, or several that do the same; a button's may differ from hand to hand."""

    aim: Pose = Field(description="Where the ray begins that points.", examples=["input/aim/pose"])
    grip: Pose = Field(description="Where the controller is held.", examples=["input/grip/pose"])
    select: Buttons = Field(description="Takes what the ray points at.", examples=["input/trigger/value"])
    teleport: Buttons = Field(
        (), description="Aims at the ground while held, and goes there when let go.", examples=["input/a/click"]
    )
    stick: Stick | None = Field(None, description="Turns, and walks where the comforts allow it.", examples=["input/thumbstick"])
    menu: Buttons = Field((), description="Held for a second: recentres.", examples=["input/menu/click"])
    squeeze: Buttons = Field((), description="The grip; seen on the controller.", examples=["input/squeeze/value"])
    haptic: Vibration | None = Field(None, description="What can be felt.", examples=["output/haptic"])


class ProfileSettings(Model):
    """A file in config/bindings: the controllers of one kind."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = Field(description="What people call them.")
    profile: Profile = Field(description="OpenXR's path for them.", examples=["/interaction_profiles/valve/index_controller"])
    extension: Extension | None = Field(None, description="The extension that brings the profile; none where it is OpenXR's own.")
    promoted: Profile | None = Field(None, description="Its path from OpenXR 1.1 on, where it needs no extension.")
    stick_counts: Literal["always", "clicked"] = Field(
        "always", description="clicked: the stick is a trackpad, whose position counts only while it is clicked."
    )
    bindings: Bindings = Field(description="What does what.")


ACTIONS = tuple(Bindings.model_fields)
"""Every action that may be bound, in the order of the files."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to tell the runtime about one profile.

    profile        its path in this version of OpenXR
    name           what people call these controllers
    bindings       (action, full path) pairs, such as ("select", "/user/hand/left/input/trigger/value")
    needs_click    the stick counts only while the same hand's trackpad is clicked, which is its `teleport`
    """

    profile: str
    name: str
    bindings: tuple[tuple[str, str], ...]
    needs_click: bool = False


@cache
def profiles() -> tuple[ProfileSettings, ...]:
    """Every file in a bindings folder (showcase/config_layers.py), by name, of one name the strongest that can be read. Raises
    BadSettings where one that was given is wrong."""
    found = (read_strongest(files, ProfileSettings) for files in files_of("bindings").values())
    return tuple(one for one in found if one is not None)


def suggested(
    known: Sequence[ProfileSettings], extensions: Collection[str], version: tuple[int, int], /
) -> tuple[Suggestion, ...]:
    """Those that a runtime takes: an instance of that OpenXR version (major, minor) with those extensions enabled. In the order
    in which it should be told: FIRST, the others as they are known, LAST."""
    found = []
    for one in sorted(known, key=lambda one: (one.profile != FIRST, one.profile == LAST)):
        path = one.profile
        if one.promoted and version >= PROMOTION:
            path = one.promoted
        elif one.extension and one.extension not in extensions:
            continue
        found.append(Suggestion(path, one.name, tuple(_pairs(one.bindings)), one.stick_counts == "clicked"))
    return tuple(found)


def _pairs(bindings: Bindings) -> Iterator[tuple[str, str]]:
    for action in ACTIONS:
        value = getattr(bindings, action)
        left, right = (value.left, value.right) if isinstance(value, ByHand) else (value, value)
        for hand, components in ((LEFT, left), (RIGHT, right)):
            for component in (components,) if isinstance(components, str) else components or ():
                yield action, f"{hand}/{component}"

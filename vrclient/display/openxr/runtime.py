"""The OpenXR runtime and the headset that it has: an instance and a system. It opens no session and draws nothing.

`open_runtime` may run in a thread of its own: a runtime that is slow to answer then costs no frame."""

import contextlib
import os
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("XR_LOADER_DEBUG", "none")  # before xr: the loader's own lines add nothing to our reasons

import xr  # noqa: TID251

from vrclient import __version__
from vrclient.display.backend import DisplayUnavailable
from vrclient.display.openxr import messages
from vrclient.display.openxr.discovery import Found, Missing, installed_runtime
from vrclient.display.openxr.notes import native_errors_logged
from vrclient.display.openxr.quirks import Quirks, quirks_of
from vrclient.display.openxr.unknown import UnknownError

REQUIRED = ("XR_KHR_opengl_enable",)
WELCOME = (
    "XR_EXT_local_floor",
    "XR_KHR_visibility_mask",
    "XR_KHR_composition_layer_depth",
    "XR_FB_display_refresh_rate",
    "XR_EXT_hand_interaction",
    "XR_BD_controller_interaction",
    "XR_HTC_vive_focus3_controller_interaction",
    "XR_EXT_hp_mixed_reality_controller",
    "XR_FB_touch_controller_pro",
    "XR_META_touch_controller_plus",
    "XR_FB_render_model",
    "XR_EXT_user_presence",
)
"""Extensions that are used where they are offered."""
TOGETHER = (("XR_EXT_uuid", "XR_EXT_render_model", "XR_EXT_interaction_render_model"),)
"""Those that need one another: used where all are offered."""
VERSIONS = ((1, 1), (1, 0))
"""Asked for in this order."""

STEREO = xr.ViewConfigurationType.PRIMARY_STEREO


OpenXRError = xr.exception.XrException
"""Whatever a call of the runtime refuses; for those who handle it outside of this folder."""


class HeadsetUnavailable(DisplayUnavailable):
    """There is no headset to be had now. The text is the reason, in words for the person at the stand."""


@dataclass(frozen=True, slots=True)
class EyeSize:
    """Pixels that the runtime recommends for one eye, and the most it takes."""

    width: int
    height: int
    max_width: int
    max_height: int


@dataclass(slots=True, eq=False)
class Runtime:
    """An open instance with its headset.

    name, version   of the runtime
    headset         the system's own name
    extensions      those that are enabled
    api             (major, minor) of OpenXR
    eyes            one entry a view
    """

    instance: Any
    system: Any
    name: str
    version: str
    headset: str
    api: tuple[int, int]
    extensions: frozenset[str]
    eyes: tuple[EyeSize, ...]
    quirks: Quirks

    @property
    def description(self) -> str:
        """For the log and the staff."""
        return f"{self.headset} ({self.name} {self.version})"

    def recommended(self) -> tuple[EyeSize, ...]:
        """The sizes as the runtime recommends them now; they may change while a session runs."""
        return _eye_sizes(self.instance, self.system)

    def close(self) -> None:
        """Gives the instance back; what a lost runtime says to that is of no use."""
        _give_back(self.instance, self.api, self.quirks)


def open_runtime() -> Runtime:
    """The active runtime with its headset. Raises HeadsetUnavailable with the reason."""
    found = installed_runtime()
    if isinstance(found, Missing):
        raise HeadsetUnavailable(found.reason)
    with native_errors_logged():
        return _opened(found)


def let_go(error: BaseException, /) -> None:
    """Drops what an error that has been dealt with still holds. A call of pyopenxr keeps the error that it raises in a variable
    of its own, so the error, its traceback and that call are a circle, which would stay: while frames run, nothing collects."""
    part: BaseException | None = error
    while part is not None:
        part.__traceback__ = None
        part = part.__context__


def _opened(found: Found) -> Runtime:
    try:
        offered = {one.extension_name.decode("utf-8", "replace") for one in xr.enumerate_instance_extension_properties()}
    except xr.exception.XrException as error:
        raise HeadsetUnavailable(reason("instance", error, found.name)) from error
    if missing := [name for name in REQUIRED if name not in offered]:
        raise HeadsetUnavailable(
            f"the OpenXR runtime {found.name} does not offer {', '.join(missing)}; "
            "make another runtime the active one, such as SteamVR"
        )
    together = [name for names in TOGETHER if offered.issuperset(names) for name in names]
    wanted = [*REQUIRED, *(name for name in WELCOME if name in offered), *together]
    instance, api = _kept.pop() if _kept else _instance(wanted, found.name)
    try:
        properties = xr.get_instance_properties(instance)
        name = properties.runtime_name.decode("utf-8", "replace").split("(")[0].strip()  # as in "Monado(XRT) by ..."
        system = xr.get_system(instance, xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        headset = xr.get_system_properties(instance, system).system_name.decode("utf-8", "replace")
        if STEREO.value not in [int(value) for value in xr.enumerate_view_configurations(instance, system)]:
            raise HeadsetUnavailable(f"the OpenXR runtime {name} does not show two eyes on '{headset}'; connect a headset")
        eyes = _eye_sizes(instance, system)
    except (xr.exception.XrException, HeadsetUnavailable) as error:
        _give_back(instance, api, quirks_of(found.name))
        if isinstance(error, HeadsetUnavailable):
            raise
        raise HeadsetUnavailable(reason("system", error, found.name)) from error
    return Runtime(
        instance=instance,
        system=system,
        name=name,
        version=str(properties.runtime_version),
        headset=headset,
        api=api,
        extensions=frozenset(wanted),
        eyes=eyes,
        quirks=quirks_of(name),
    )


_kept: list[tuple[Any, tuple[int, int]]] = []
"""The instance of a runtime that does not survive its end: asked again, as the loader allows a process one at a time."""


def _give_back(instance: Any, api: tuple[int, int], quirks: Quirks) -> None:
    if not quirks.destroys_instance:
        _kept.append((instance, api))
        return
    with contextlib.suppress(xr.exception.XrException):
        xr.destroy_instance(instance)


def reason(step: messages.Step, error: Exception, runtime: str = "", *, cards: str = "") -> str:
    """An error of OpenXR in words."""
    name = f"error {error.code}" if isinstance(error, UnknownError) else type(error).__name__
    return messages.reason(step, name, runtime=runtime, cards=cards)


def _instance(extensions: list[str], runtime: str) -> tuple[Any, tuple[int, int]]:
    for major, minor in VERSIONS:
        application = xr.ApplicationInfo(
            application_name="vrclient",
            application_version=xr.Version(*(int(part) for part in __version__.split(".")[:3] if part.isdigit())),
            engine_name="Panda3D",
            api_version=xr.Version(major, minor, 0),
        )
        info = xr.InstanceCreateInfo(application_info=application, enabled_extension_names=extensions)
        try:
            return xr.create_instance(info), (major, minor)
        except xr.exception.ApiVersionUnsupportedError:
            continue
        except xr.exception.XrException as error:
            raise HeadsetUnavailable(reason("instance", error, runtime)) from error
    raise HeadsetUnavailable(messages.reason("instance", "ApiVersionUnsupportedError", runtime=runtime))


def _eye_sizes(instance: Any, system: Any) -> tuple[EyeSize, ...]:
    return tuple(
        EyeSize(
            view.recommended_image_rect_width,
            view.recommended_image_rect_height,
            view.max_image_rect_width,
            view.max_image_rect_height,
        )
        for view in xr.enumerate_view_configuration_views(instance, system, STEREO)
    )

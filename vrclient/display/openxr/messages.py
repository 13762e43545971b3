"""What goes wrong with a headset, in words for the person at the stand: one sentence and what to do about it. It imports no `xr`.

An error is told by its name, as OpenXR ("XR_ERROR_FORM_FACTOR_UNAVAILABLE") or pyopenxr ("FormFactorUnavailableError") writes it.
What the names mean: OpenXR 1.1, "Return Codes", and each call's own list."""

import sys
from dataclasses import dataclass
from typing import Literal

Step = Literal["instance", "system", "session", "frame"]
"""What was being done: loading the runtime, finding its headset, beginning to show pictures there, a picture."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is wrong, and what to do about it."""

    what: str
    help: str

    @property
    def reason(self) -> str:
        """Both in one line."""
        return f"{self.what}; {self.help}"


def reason(step: Step, error: str, /, *, runtime: str = "", cards: str = "") -> str:
    """'the OpenXR runtime Monado is installed, but its service does not answer; start monado-service'. runtime: its name, cards:
    what this program draws with and what else there is, as far as they are known."""
    return explained(step, error, runtime=runtime, cards=cards).reason


def explained(step: Step, error: str, /, *, runtime: str = "", cards: str = "", system: str = sys.platform) -> Explanation:
    """The same in two parts. An error that has no words is named, with what was being done. `system`: as sys.platform."""
    key = _key(error)
    words = (
        _AT_STEP.get((step, key)) or _ANYWHERE.get(key) or Explanation(f"{{runtime}} failed {_DOING[step]} ({error})", _RESTART)
    )
    return Explanation(
        words.what.format(runtime=_subject(runtime), cards=f" ({cards})" if cards else ""),
        words.help.format(start=_known(runtime, _START) or "start the headset's software", card=_card(system)),
    )


def unanswered(seconds: float, /, *, runtime: str = "") -> Explanation:
    """A runtime that hangs."""
    return Explanation(f"{_subject(runtime)} has not answered for {seconds:g} seconds", _RESTART)


def crashed(how: str, /, *, runtime: str = "") -> Explanation:
    """A runtime that takes its process down. how: such as "SIGSEGV"."""
    return Explanation(
        f"{_subject(runtime)} crashes while it is being loaded ({how})", "update the headset's software, or install it again"
    )


def unloadable(note: str, /, *, runtime: str = "") -> Explanation:
    """A library that the loader does not take. note: why, in its own words."""
    return Explanation(f"{_subject(runtime)} cannot be loaded: {note}", _AGAIN)


_DOING = {"instance": "to load", "system": "to find a headset", "session": "to start the headset", "frame": "to show a picture"}
_RESTART = "restart the headset's software, then the headset"
_AGAIN = "install the headset's software again and make it the active OpenXR runtime"

_START = {
    "monado": "start monado-service",
    "steamvr": "start SteamVR and wait until it shows the headset in green",
    "oculus": "open the Meta Horizon Link app and connect the headset",
    "wivrn": "start the WiVRn server and connect the headset",
    "pico": "open PICO Connect and connect the headset",
    "varjo": "start Varjo Base",
    "windows mixed reality": "open the Mixed Reality Portal",
}
"""How a runtime's other half is started, by a word in the runtime's name in small letters."""

_NO_HEADSET = Explanation(
    "{runtime} is running, but has no headset at the moment: it is off, asleep or unplugged",
    "switch the headset on, plug it in and put it on (a headset of another make needs its own OpenXR runtime as the active one)",
)
_LOST = Explanation("{runtime} has stopped", "{start}")

_AT_STEP = {
    ("instance", "runtimefailure"): Explanation("{runtime} is installed, but its service does not answer", "{start}"),
    ("system", "runtimefailure"): Explanation("{runtime} is running, but finds no headset", "{start}"),
    ("session", "runtimefailure"): Explanation("{runtime} could not start the headset", _RESTART),
    ("frame", "runtimefailure"): Explanation("{runtime} failed while showing a picture", _RESTART),
    ("session", "formfactorunavailable"): Explanation(
        "the headset was lost while it was starting", "switch it on, or put it on again"
    ),
    ("instance", "initializationfailed"): Explanation("{runtime} could not start", _RESTART),
    ("session", "initializationfailed"): Explanation(
        "{runtime} could not set up its graphics", "update the graphics driver and the headset's software"
    ),
    ("instance", "limitreached"): Explanation(
        "{runtime} is already serving as many programs as it can", "close the other VR programs"
    ),
    ("session", "limitreached"): Explanation("the headset is in use by another program", "close the other VR programs"),
    ("frame", "timeoutexpired"): Explanation("{runtime} did not provide a picture in time", _RESTART),
}
"""By step and error, where the step tells more."""

_ANYWHERE = {
    "runtimeunavailable": Explanation("{runtime} cannot be loaded", _AGAIN),
    "runtimefailure": Explanation("{runtime} failed", _RESTART),
    "formfactorunavailable": _NO_HEADSET,
    "formfactorunsupported": Explanation(
        "{runtime} is not for headsets, but for another kind of device",
        "make the runtime of your headset the active OpenXR runtime",
    ),
    "instancelost": _LOST,
    "sessionlost": Explanation("the headset's session has ended: it was unplugged, or its software stopped", "{start}"),
    "sessionlosspending": Explanation("{runtime} is ending the session", "wait, or restart the headset's software"),
    "graphicsdeviceinvalid": Explanation(
        "the headset is connected to a different graphics card from the one this program draws with{cards}",
        "plug the headset into the card that shows the desktop, or start the program on the headset's card: {card}",
    ),
    "graphicsrequirementscallmissing": Explanation(
        "{runtime} was not asked for its graphics requirements", "report this as a fault"
    ),
    "apiversionunsupported": Explanation("{runtime} supports neither OpenXR 1.1 nor 1.0", "update the headset's software"),
    "extensionnotpresent": Explanation("{runtime} lacks an extension that is needed", "update the headset's software"),
    "apilayernotpresent": Explanation(
        "an OpenXR API layer that is asked for is not installed", "remove it from the variable XR_ENABLE_API_LAYERS"
    ),
    "fileaccess": Explanation("a file of {runtime} cannot be read", _AGAIN),
    "filecontentsinvalid": Explanation("a file of {runtime} is damaged", _AGAIN),
    "initializationfailed": Explanation("{runtime} could not be set up", _RESTART),
    "limitreached": Explanation("{runtime} has reached a limit", "close the other VR programs"),
    "outofmemory": Explanation("there is not enough memory for the headset", "close other programs"),
    "swapchainformatunsupported": Explanation("{runtime} accepts none of our picture formats", "update the headset's software"),
    "viewconfigurationtypeunsupported": Explanation("the headset does not show two eyes", "connect another headset"),
    "environmentblendmodeunsupported": Explanation("the headset cannot show opaque pictures", "connect another headset"),
    "systeminvalid": _NO_HEADSET,
    "permissioninsufficient": Explanation("{runtime} does not permit this", "allow it in the headset's settings"),
    "timeoutexpired": Explanation("{runtime} did not answer in time", _RESTART),
    "functionunsupported": Explanation("{runtime} lacks a function that is needed", "update the headset's software"),
    "featureunsupported": Explanation("{runtime} lacks a feature that is needed", "update the headset's software"),
}
"""By error alone."""


def _key(error: str) -> str:
    """'XR_ERROR_FILE_ACCESS_ERROR', 'FileAccessErrorError' and 'FileAccessError' are one: 'fileaccess'."""
    bare = error.removeprefix("XR_").removeprefix("ERROR_").replace("_", "").casefold()
    while bare.endswith("error"):
        bare = bare.removesuffix("error")
    return bare


def _subject(runtime: str) -> str:
    return f"the OpenXR runtime {runtime}" if runtime else "the OpenXR runtime"


def _card(system: str) -> str:
    """How a program is put on another graphics card."""
    if system == "win32":
        return "Windows' settings, System, Display, Graphics, add python.exe, High performance"
    return "__NV_PRIME_RENDER_OFFLOAD=1 __GLX_VENDOR_LIBRARY_NAME=nvidia (or DRI_PRIME=1) before its command"


def _known(runtime: str, table: dict[str, str]) -> str:
    return next((words for name, words in table.items() if name in runtime.casefold()), "")

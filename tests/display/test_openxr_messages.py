"""What goes wrong with a headset, in words."""

import inspect
from pathlib import Path

import pytest
import xr  # noqa: TID251

from vrclient.display.openxr import messages
from vrclient.display.openxr.cards import cards, told


@pytest.mark.parametrize(
    ("step", "error", "runtime", "text"),
    [
        (
            "instance",
            "RuntimeFailureError",
            "Monado",
            "the OpenXR runtime Monado is installed, but its service does not answer; start monado-service",
        ),
        (
            "system",
            "RuntimeFailureError",
            "SteamVR",
            "the OpenXR runtime SteamVR is running, but finds no headset;"
            " start SteamVR and wait until it shows the headset in green",
        ),
        (
            "system",
            "FormFactorUnavailableError",
            "Monado",
            "the OpenXR runtime Monado is running, but has no headset at the moment: it is off, asleep or unplugged;"
            " switch the headset on, plug it in and put it on"
            " (a headset of another make needs its own OpenXR runtime as the active one)",
        ),
        (
            "instance",
            "RuntimeUnavailableError",
            "",
            "the OpenXR runtime cannot be loaded; install the headset's software again and make it the active OpenXR runtime",
        ),
        ("frame", "InstanceLostError", "Monado", "the OpenXR runtime Monado has stopped; start monado-service"),
        ("frame", "InstanceLostError", "Unheard-of", "the OpenXR runtime Unheard-of has stopped; start the headset's software"),
        (
            "frame",
            "SessionLostError",
            "WiVRn",
            "the headset's session has ended: it was unplugged, or its software stopped;"
            " start the WiVRn server and connect the headset",
        ),
        (
            "session",
            "GraphicsDeviceInvalidError",
            "SteamVR",
            "the headset is connected to a different graphics card from the one this program draws with;"
            " plug the headset into the card that shows the desktop,"
            " or start the program on the headset's card:"
            " __NV_PRIME_RENDER_OFFLOAD=1 __GLX_VENDOR_LIBRARY_NAME=nvidia (or DRI_PRIME=1) before its command",
        ),
        (
            "instance",
            "ApiVersionUnsupportedError",
            "Old",
            "the OpenXR runtime Old supports neither OpenXR 1.1 nor 1.0; update the headset's software",
        ),
        (
            "frame",
            "TimeoutExpired",
            "Monado",
            "the OpenXR runtime Monado did not provide a picture in time; restart the headset's software, then the headset",
        ),
        (
            "frame",
            "PoseInvalidError",
            "Monado",
            "the OpenXR runtime Monado failed to show a picture (PoseInvalidError);"
            " restart the headset's software, then the headset",
        ),
    ],
)
def test_reasons(step: messages.Step, error: str, runtime: str, text: str) -> None:
    assert messages.reason(step, error, runtime=runtime) == text


@pytest.mark.parametrize(
    "name", ["XR_ERROR_FILE_ACCESS_ERROR", "ERROR_FILE_ACCESS_ERROR", "FileAccessErrorError", "FileAccessError"]
)
def test_errors_by_openxrs_and_by_pyopenxrs_names(name: str) -> None:
    assert messages.explained("instance", name, runtime="X").what == "a file of the OpenXR runtime X cannot be read"


def test_what_no_error_tells() -> None:
    assert messages.unanswered(10.0, runtime="X").what == "the OpenXR runtime X has not answered for 10 seconds"
    assert messages.crashed("SIGSEGV", runtime="X").what == "the OpenXR runtime X crashes while it is being loaded (SIGSEGV)"
    assert messages.unloadable("file too short", runtime="X").what == "the OpenXR runtime X cannot be loaded: file too short"


def errors() -> list[str]:
    kinds = (xr.exception.ErrorResult, xr.exception.QualifiedSuccessResult)
    return [name for name, one in inspect.getmembers(xr.exception, inspect.isclass) if issubclass(one, kinds)]


def test_every_error_has_a_sentence_and_a_remedy() -> None:
    assert len(errors()) > 60
    for step in ("instance", "system", "session", "frame"):
        for name in errors():
            said = messages.explained(step, name, runtime="Monado")
            assert said.what and said.help
            assert "; " not in said.what and "{" not in said.reason  # "what; remedy" can be taken apart again
            assert said.reason[-1] not in ".;"


def test_every_word_is_about_an_error_that_exists() -> None:
    known = {messages._key(name) for name in errors()}
    assert {key for _, key in messages._AT_STEP} | set(messages._ANYWHERE) <= known


def test_two_graphics_cards_are_named(tmp_path: Path) -> None:
    nvidia = tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0"
    nvidia.mkdir(parents=True)
    (nvidia / "information").write_text("Model: \t NVIDIA GeForce RTX 3060\nIRQ: 131\n")
    for number, vendor in enumerate(("0x8086\n", "0x10de\n", "0xffff\n")):
        device = tmp_path / f"sys/class/drm/card{number}/device"
        device.mkdir(parents=True)
        (device / "vendor").write_text(vendor)
    assert cards(tmp_path) == ("NVIDIA GeForce RTX 3060", "Intel")
    known = told("Mesa Intel(R) UHD Graphics 620", cards(tmp_path))
    assert messages.explained("session", "GraphicsDeviceInvalidError", cards=known, system="win32").reason == (
        "the headset is connected to a different graphics card from the one this program draws with"
        " (Mesa Intel(R) UHD Graphics 620; the machine has: NVIDIA GeForce RTX 3060 and Intel);"
        " plug the headset into the card that shows the desktop, or start the program on the"
        " headset's card: Windows' settings, System, Display, Graphics, add python.exe, High performance"
    )
    assert told("llvmpipe", cards(tmp_path / "nowhere")) == "llvmpipe"

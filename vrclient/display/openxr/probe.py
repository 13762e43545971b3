"""Asks the OpenXR runtime what it has, in a process of its own: one that crashes or hangs takes nobody along.

`main` is that process. It prints one JSON object and opens no session, so a headset that is
in use is left alone."""

import json
import os
import re
import signal
import subprocess
from dataclasses import dataclass
from typing import Any

from vrclient import own_process
from vrclient.display.openxr import messages
from vrclient.display.openxr.discovery import Missing, installed_runtime

ANSWER_S = 10.0
"""Seconds that a runtime has to answer; a service that is started on demand takes a few."""
_END_S = 2.0
_COMMAND = own_process.command("vrclient.display.openxr.probe:main")


@dataclass(frozen=True, slots=True)
class FoundHeadset:
    """A runtime that answers, with a headset.

    runtime, version    of the runtime; its name as its file has it
    name                the headset's
    eyes                (width, height) in pixels that the runtime recommends, one a view
    extensions          those we use
    """

    runtime: str
    version: str
    name: str
    eyes: tuple[tuple[int, int], ...]
    extensions: tuple[str, ...]


Probe = FoundHeadset | Missing


def probe(*, seconds: float = ANSWER_S) -> Probe:
    """What is there now, or what is missing for it. Takes up to `seconds`, and two more where the runtime hangs."""
    found = installed_runtime()
    if isinstance(found, Missing):
        return found
    child = subprocess.Popen(
        _COMMAND,
        env={**os.environ, "XR_LOADER_DEBUG": "error"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    try:
        output, notes = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(child)
        return _missing(messages.unanswered(seconds, runtime=found.name))
    try:
        answer = json.loads(output)
        reason = answer.get("reason")
        headset = None if reason else _headset(found.name, answer)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _missing(messages.crashed(_ending(child.returncode), runtime=found.name))
    if headset:
        return headset
    if note := _loader_note(notes):
        return _missing(messages.unloadable(note, runtime=found.name))
    what, _, help = str(reason).partition("; ")
    return Missing(what, help)


def _headset(runtime: str, answer: dict[str, Any]) -> FoundHeadset:
    eyes = tuple((int(width), int(height)) for width, height in answer["eyes"])
    return FoundHeadset(runtime, str(answer["version"]), str(answer["name"]), eyes, tuple(answer["extensions"]))


def _missing(said: messages.Explanation) -> Missing:
    return Missing(said.what, said.help)


def _loader_note(notes: str) -> str:
    """Why the loader did not take the library; empty where it did."""
    if "failed to find negotiate function" in notes:
        return "its library is not an OpenXR runtime"
    found = re.search(r'failed to load with message "([^"\n]*)"', notes)
    if found:
        return found[1]
    found = re.search(r"negotiation failed with error (-?\d+)", notes)
    return f"it and the loader do not agree on a version (error {found[1]})" if found else ""


def _ending(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def _end(child: "subprocess.Popen[str]") -> None:
    """Politely first: SteamVR does not get over a client that is killed (ValveSoftware/SteamVR-for-Linux#479)."""
    child.terminate()
    try:
        child.communicate(timeout=_END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def main() -> None:
    """The child: prints the answer, then ends at once, because some runtimes hang on exit (quirks.py)."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)  # what runtimes print goes with their errors
        json.dump(_answer(), output)
    os._exit(0)


def _answer() -> dict[str, object]:
    try:
        from vrclient.display.openxr.runtime import HeadsetUnavailable, open_runtime
    except (ImportError, OSError) as error:  # pyopenxr, or the loader that it brings
        return {"reason": f"OpenXR cannot be used from here: {error}; install vrclient again"}
    try:
        runtime = open_runtime()
    except HeadsetUnavailable as error:
        return {"reason": str(error)}
    answer: dict[str, object] = {
        "version": runtime.version,
        "name": runtime.headset,
        "eyes": [(eye.width, eye.height) for eye in runtime.eyes],
        "extensions": sorted(runtime.extensions),
    }
    runtime.close()
    return answer

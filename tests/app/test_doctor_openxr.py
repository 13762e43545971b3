"""What the doctor says about OpenXR: whole texts. The runtimes here are files only; a real one is met in tests/headset."""

import json
import os
import sys
from pathlib import Path

import pytest

from vrclient.app.doctor import Finding, examine
from vrclient.display.openxr import probe
from vrclient.display.openxr.probe import FoundHeadset

LINUX = pytest.mark.skipif(sys.platform == "win32", reason="the library's name is Linux's")
AGAIN = "install the headset's software again"
ACTIVE = "install the headset's software again and make it the active OpenXR runtime"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What XR_RUNTIME_JSON names; it does not exist yet."""
    path = tmp_path / "runtime.json"
    monkeypatch.setenv("XR_RUNTIME_JSON", str(path))
    return path


def describe(file: Path, library: str) -> None:
    file.write_text(json.dumps({"file_format_version": "1.0.0", "runtime": {"name": "Fake", "library_path": library}}))


def openxr(monkeypatch: pytest.MonkeyPatch) -> Finding:
    monkeypatch.setattr("vrclient.app.doctor._graphics", lambda: iter(()))
    for other in ("_python", "_installation", "_packages", "_display", "_fonts", "_sound"):
        monkeypatch.setattr(f"vrclient.app.doctor.{other}", lambda: Finding("", "ok", ""))
    return next(one for one in examine() if one.subject == "OpenXR")


def test_the_named_file_is_absent(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert openxr(monkeypatch) == Finding(
        "OpenXR",
        "optional",
        f"XR_RUNTIME_JSON names {file}, which does not exist",
        "correct this variable, or remove it to use the active runtime",
    )


@LINUX
def test_no_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.display.openxr.discovery.openxr_runtime_files", lambda: (tmp_path / "active_runtime.json",))
    monkeypatch.delenv("XR_RUNTIME_JSON", raising=False)
    assert openxr(monkeypatch) == Finding(
        "OpenXR",
        "optional",
        "no OpenXR runtime is installed",
        "install the headset's software (SteamVR, Monado, ...) and make it the active OpenXR runtime",
    )


def test_the_file_is_not_json(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("{")
    assert openxr(monkeypatch) == Finding("OpenXR", "optional", f"{file} does not describe an OpenXR runtime", AGAIN)


def test_the_library_is_missing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "./libfake.so")
    library = file.with_name("libfake.so").resolve()
    assert openxr(monkeypatch) == Finding(
        "OpenXR", "optional", f"the OpenXR runtime Fake is damaged: its library {library} is missing", AGAIN
    )


@LINUX
def test_the_library_is_nowhere_on_the_systems_path(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libvrclient_absent.so")
    assert openxr(monkeypatch) == Finding(
        "OpenXR",
        "optional",
        "the OpenXR runtime Fake cannot be loaded:"
        " libvrclient_absent.so: cannot open shared object file: No such file or directory",
        ACTIVE,
    )


@LINUX
def test_the_library_is_not_a_runtime(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libm.so.6")
    assert openxr(monkeypatch) == Finding(
        "OpenXR", "optional", "the OpenXR runtime Fake cannot be loaded: its library is not an OpenXR runtime", ACTIVE
    )


@LINUX
def test_the_library_is_damaged(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "./libfake.so")
    file.with_name("libfake.so").write_text("nonsense")
    found = openxr(monkeypatch)
    assert found.detail == f"the OpenXR runtime Fake cannot be loaded: {file.parent}/./libfake.so: file too short"


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """This instead of the process that asks the runtime."""
    monkeypatch.setattr(probe, "_COMMAND", (sys.executable, "-c", code))


def test_a_runtime_that_hangs_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    ended = file.with_name("ended")
    child(
        monkeypatch,
        "import signal, sys, time, pathlib\n"
        f"def end(*_): pathlib.Path({str(ended)!r}).touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "time.sleep(60)",
    )
    found = probe.probe(seconds=1.0)
    assert isinstance(found, probe.Missing)
    assert found.reason == (
        "the OpenXR runtime Fake has not answered for 1 seconds; restart the headset's software, then the headset"
    )
    assert ended.exists() or sys.platform == "win32", "it was killed without being asked to end"


@LINUX
def test_a_runtime_that_hangs_and_does_not_listen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    pid = file.with_name("pid")
    child(
        monkeypatch,
        "import os, signal, time, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)",
    )
    monkeypatch.setattr(probe, "_END_S", 0.2)
    assert isinstance(probe.probe(seconds=1.0), probe.Missing)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@LINUX
def test_a_runtime_that_crashes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    child(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert openxr(monkeypatch) == Finding(
        "OpenXR",
        "optional",
        "the OpenXR runtime Fake crashes while it is being loaded (SIGSEGV)",
        "update the headset's software, or install it again",
    )


def answer(monkeypatch: pytest.MonkeyPatch, said: dict[str, object]) -> None:
    child(monkeypatch, f"print({json.dumps(said)!r})")


def test_a_runtime_without_a_headset(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    answer(monkeypatch, {"reason": "the OpenXR runtime Fake is running, but has no headset; switch it on; and put it on"})
    assert openxr(monkeypatch) == Finding(
        "OpenXR", "optional", "the OpenXR runtime Fake is running, but has no headset", "switch it on; and put it on"
    )


def test_all_is_well(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    said = {"version": "25.0.0", "name": "Fake HMD", "eyes": [[1234, 1300]] * 2, "extensions": ["XR_A", "XR_B"]}
    answer(monkeypatch, said)
    assert probe.probe() == FoundHeadset("Fake", "25.0.0", "Fake HMD", ((1234, 1300), (1234, 1300)), ("XR_A", "XR_B"))
    assert openxr(monkeypatch) == Finding(
        "OpenXR", "ok", "Fake 25.0.0: headset 'Fake HMD', 2 views of 1234x1300; extensions: XR_A, XR_B"
    )


def test_eyes_that_differ(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libfake.so")
    answer(monkeypatch, {"version": "1", "name": "H", "eyes": [[10, 20], [30, 20]], "extensions": ["XR_A"]})
    assert openxr(monkeypatch).detail == "Fake 1: headset 'H', 2 views: 10x20, 30x20; extensions: XR_A"


def test_the_real_child_prints_nothing_but_its_answer(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describe(file, "libvrclient_absent.so")
    monkeypatch.setenv("XR_LOADER_DEBUG", "all")
    assert isinstance(probe.probe(), probe.Missing)

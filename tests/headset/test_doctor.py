"""What the doctor's question to a real runtime is answered."""

import os
import signal

import pytest
from monado import MonadoService
from validation import Validation
from watched import COMMAND

from vrclient.app.doctor import Finding, _openxr
from vrclient.display.openxr import probe as asking
from vrclient.display.openxr.discovery import Missing
from vrclient.display.openxr.probe import FoundHeadset, probe


@pytest.fixture(autouse=True)
def watched_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers watch the process that asks as well."""
    _, *program = asking._COMMAND
    monkeypatch.setattr(asking, "_COMMAND", (*COMMAND, *program))


def test_a_headset(monado: MonadoService, validation: Validation) -> None:
    found = probe()
    assert validation.instances() == 1
    assert isinstance(found, FoundHeadset)
    assert (found.runtime, found.eyes) == ("Monado", ((320, 240), (320, 240)))
    assert found.version.startswith("25.") and found.name.startswith("Monado: ")
    assert "XR_KHR_opengl_enable" in found.extensions


def test_a_service_that_does_not_run(monado: MonadoService) -> None:
    monado.kill()
    assert probe() == Missing("the OpenXR runtime Monado is installed, but its service does not answer", "start monado-service")


def test_a_service_that_hangs(monado: MonadoService) -> None:
    service = int((monado.folder / "monado.pid").read_text())
    os.kill(service, signal.SIGSTOP)
    try:
        found = probe(seconds=2.0)
    finally:
        os.kill(service, signal.SIGCONT)
    assert found == Missing(
        "the OpenXR runtime Monado has not answered for 2 seconds", "restart the headset's software, then the headset"
    )
    assert isinstance(probe(), FoundHeadset)


ASLEEP = """
import os
import xr
from faults import install
found, environment = install()
os.environ.update(environment)
found.always("xrGetSystem", xr.Result.ERROR_FORM_FACTOR_UNAVAILABLE)
from vrclient.display.openxr.probe import main
main()
"""


def test_a_runtime_without_a_headset(monado: MonadoService, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the child that asks, the runtime says what one says whose headset is switched off."""
    monkeypatch.setattr(asking, "_COMMAND", (*COMMAND, "-c", ASLEEP))
    assert _openxr() == Finding(
        "OpenXR",
        "optional",
        "the OpenXR runtime Monado is running, but has no headset at the moment: it is off, asleep or unplugged",
        "switch the headset on, plug it in and put it on (a headset of another make needs its own OpenXR runtime as the active "
        "one)",
    )

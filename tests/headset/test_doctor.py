"""What the doctor's question to a real runtime is answered."""

import os
import signal

from monado import MonadoService

from vrclient.display.openxr.discovery import Missing
from vrclient.display.openxr.probe import Headset, probe


def test_a_headset(monado: MonadoService) -> None:
    found = probe()
    assert isinstance(found, Headset)
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
    assert isinstance(probe(), Headset)

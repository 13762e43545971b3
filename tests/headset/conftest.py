"""Tests against a real OpenXR runtime. Outside the headset lab the folder is left out, and the summary says so; in it,
nothing may be skipped."""

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

IN_LAB = bool(os.environ.get("VRCLIENT_LAB"))

if IN_LAB:
    from best_practices import BestPractices
    from monado import MonadoService
    from remote import RemoteClient
    from xserver import x_server
else:
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not IN_LAB:
        terminalreporter.write_line(
            "tests/headset: left out, they need the headset lab; make test-headset builds it and runs them", yellow=True
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of an X server of 1280 x 720 pixels."""
    with x_server() as display:
        yield display


@pytest.fixture
def monado(x_display: str, monkeypatch: pytest.MonkeyPatch) -> "Iterator[MonadoService]":
    """A headset with a null compositor, to be moved by `remote`; this process and its children find it."""
    with MonadoService(display=x_display) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        yield service
        print(service.log_tail(15))  # pytest shows it with a failure


LAYERS = ("XR_APILAYER_LUNARG_core_validation", "XR_APILAYER_KHRONOS_best_practices_validation")
HARMLESS = re.compile(r"VALID_(DEBUG|INFO)|VUID-CoreValidation-(Initialize|Destroy)")


class Validation:
    """Khronos' validation layers, which watch every instance of a test and of its children; what the one for best practices
    says is known of this process alone."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "core_validation.txt"
        self._best_practices = BestPractices()

    def environment(self) -> dict[str, str]:
        """For this process and its children."""
        return {
            "XR_ENABLE_API_LAYERS": ":".join(LAYERS),
            "XR_API_LAYER_PATH": os.environ["XR_API_LAYER_PATH"],
            "XR_CORE_VALIDATION_EXPORT_TYPE": "text",
            "XR_CORE_VALIDATION_FILE_NAME": str(self.file),
        }

    def messages(self) -> list[str]:
        """What the layers had to say."""
        said = self.file.read_text().splitlines() if self.file.exists() else []
        core = [line for line in said if "VUID" in line and not HARMLESS.search(line)]
        return core + self._best_practices.messages()


@pytest.fixture
def validation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Validation:
    """The layers are on; `validated` also asks them at the end."""
    watching = Validation(tmp_path)
    for name, value in watching.environment().items():
        monkeypatch.setenv(name, value)
    return watching


@pytest.fixture
def validated(validation: Validation) -> Iterator[Validation]:
    """A test in which the layers are on and must have watched, and must have had nothing to say."""
    yield validation
    assert validation.messages() == []
    assert "VUID-CoreValidation" in validation.file.read_text(), "the layers did not watch"


@pytest.fixture
def core_alone(validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Validation]:
    """Without the layer for best practices, which knows one frame a process: a session that is lost between the calls of a frame
    puts it out of step for good. The other layer must have had nothing to say."""
    monkeypatch.setenv("XR_ENABLE_API_LAYERS", LAYERS[0])
    yield validation
    assert validation.messages() == []


@pytest.fixture
def remote(monado: "MonadoService") -> "Iterator[RemoteClient]":
    client = RemoteClient.connect(monado.port)
    yield client
    client.close()

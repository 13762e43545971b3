"""Tests against a real OpenXR runtime. Outside the headset lab the folder is left out, and the summary says so; in it,
nothing may be skipped."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

IN_LAB = bool(os.environ.get("VRCLIENT_LAB"))

if IN_LAB:
    from monado import MonadoService
    from remote import RemoteClient
    from validation import Validation
    from xserver import x_server
else:
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a runtime's objects raise when they are collected, after their runtime was killed on purpose, fails no test here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


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


@pytest.fixture(autouse=True)
def validation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[Validation]":
    """Khronos' layers for core validation and for best practices watch all instances of every test, and must have had nothing to
    say that the test itself has not heard."""
    watching = Validation(tmp_path / "layers")
    for name, value in watching.watch.environment().items():
        monkeypatch.setenv(name, value)
    watching.watch.install(monkeypatch.setattr)
    yield watching
    assert watching.heard() == []


@pytest.fixture(autouse=True)
def statues(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitors of these tests keep as still as a headset on a table, and are there all the same; but for test_presence.py."""
    monkeypatch.setattr("vrclient.interaction.presence.STILL_SECONDS", float("inf"))


@pytest.fixture
def remote(monado: "MonadoService") -> "Iterator[RemoteClient]":
    client = RemoteClient.connect(monado.port)
    yield client
    client.close()

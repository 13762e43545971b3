"""Whoever ends a visit in the headset, and whatever its runtime does then: the end is in order, soon, and nothing is left."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from capture import find_window
from monado import MonadoService
from programs import Ended, Program
from validation import Validation
from watched import COMMAND
from windowed import ask_to_close

from vrclient.display.openxr.bounded_calls import LONGEST_S
from vrclient.display.openxr.messages import unanswered
from vrclient.interaction.recording import load_recording

SOON_S = 3.0
"""Seconds until the program has ended."""
ARGUMENTS = ("minimal", "--display", "headset", "--size", "160x90", "--no-sound")
LOST = "display: recovering (the OpenXR runtime Monado has stopped; start monado-service)"
HANGS = f"display: recovering ({unanswered(LONGEST_S, runtime='Monado').reason})"


@pytest.fixture
def program(monado: MonadoService, tmp_path: Path) -> Iterator[Program]:
    """In the headset, which has the focus."""
    running = Program(tmp_path, *ARGUMENTS, python=(*COMMAND, "-m"))
    running.notes("display: headset (")
    time.sleep(0.5)  # some frames
    yield running
    running.process.kill()
    running.process.communicate()


@contextmanager
def stopped(monado: MonadoService) -> Iterator[None]:
    """The service does not answer, but is there."""
    service = int((monado.folder / "monado.pid").read_text())
    os.kill(service, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(service, signal.SIGCONT)


def in_order(ended: Ended, why: str, status: int, *errors: str) -> None:
    assert (ended.status, ended.report["ended"]) == (status, why)
    assert [line for line in ended.errors if not line.startswith(("ERROR [", "XR_ERROR_"))] == list(errors)
    assert len(load_recording(ended.recording)) == ended.report["frames"] > 0


def test_told_to_end_in_the_headset(program: Program, validation: Validation) -> None:
    in_order(program.signal(signal.SIGTERM), "SIGTERM", 143)
    assert validation.instances() == 1


def test_told_to_end_while_the_service_does_not_answer(program: Program, monado: MonadoService) -> None:
    with stopped(monado):
        asked = time.monotonic()
        in_order(program.signal(signal.SIGINT), "SIGINT", 130, HANGS)
        assert time.monotonic() - asked < SOON_S


def test_the_window_is_closed_while_the_service_does_not_answer(program: Program, monado: MonadoService) -> None:
    with stopped(monado):
        program.notes(HANGS)
        close_the_window(program, monado)


def test_told_to_end_while_a_headset_is_looked_for(program: Program, monado: MonadoService) -> None:
    monado.kill()
    program.notes(LOST)
    in_order(program.signal(signal.SIGHUP), "SIGHUP", 129)


def test_the_window_is_closed_while_the_one_that_is_looked_for_does_not_answer(program: Program, monado: MonadoService) -> None:
    monado.kill()
    program.notes(LOST)
    monado.start()
    with stopped(monado):
        close_the_window(program, monado)


def close_the_window(program: Program, monado: MonadoService) -> None:
    """By its cross; it ends in order, and soon."""
    window, started = find_window(monado.display, "vrclient"), program.children()
    asked = time.monotonic()
    ask_to_close(monado.display, window)
    ended = program.end(started)
    assert time.monotonic() - asked < SOON_S
    in_order(ended, "left", 0)

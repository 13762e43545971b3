"""The bar of what takes a while."""

import io
import time

import pytest
from rich.console import Console

from vrclient.cli.progress import progress


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_shows_on_terminals_once_the_work_has_taken_a_second(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    with progress(console, "checking") as report:
        report(1, 300)
        assert isinstance(console.file, io.StringIO) and console.file.getvalue() == ""
        now[0] += 2.0
        report(120, 300)
        shown = console.file.getvalue()
    assert ("checking" in shown, "120/300" in shown) == (terminal, terminal)

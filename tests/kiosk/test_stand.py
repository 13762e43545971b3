"""What the mouths ask of a stand, from their threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vrclient.kiosk import stand as stands
from vrclient.kiosk.commands import Command
from vrclient.kiosk.settings import KioskSettings
from vrclient.kiosk.showcases import entry
from vrclient.kiosk.stand import SupervisedStand


def test_what_was_not_begun_in_time_is_not_done_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is told to try again would have it done twice."""
    monkeypatch.setattr(stands, "ANSWER_S", 0.05)
    stand = SupervisedStand(KioskSettings(), (entry("minimal"),), tmp_path, stills=False)
    with ThreadPoolExecutor(1) as mouth:
        reply = mouth.submit(stand.do, Command("lock")).result(60)
    assert (reply.done, reply.said.en) == (False, "the supervisor is busy; try again")
    _, answer = stand._asked.get_nowait()
    assert not answer.set_running_or_notify_cancel()

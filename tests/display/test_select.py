"""Choosing a display: the first that opens, with the reasons of those before it, in one line."""

import socket

import pytest

from vrclient.display.backend import DisplayUnavailable
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.display.select import Candidate, NothingToShowOn, candidates, described, select
from vrclient.display.x11 import desktop_problem


def _never(reason: str) -> Candidate:
    def refuse() -> OffscreenDisplay:
        raise DisplayUnavailable(reason)

    return (reason.split()[0], refuse)


def test_the_first_that_opens_is_taken_and_the_others_keep_their_reasons() -> None:
    selection = select([_never("headset asleep"), ("offscreen", lambda: OffscreenDisplay((32, 16), samples=1))])
    try:
        assert selection.line() == "display: offscreen (headset rejected: headset asleep)"
    finally:
        selection.display.close()


def test_nothing_to_show_on_names_every_reason() -> None:
    with pytest.raises(NothingToShowOn) as error:
        select([_never("headset asleep"), _never("window gone")])
    assert str(error.value) == "display: none (headset rejected: headset asleep; window rejected: window gone)"


def test_no_rejection_needs_no_words() -> None:
    assert described("window", ()) == "display: window"


def test_a_choice_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"^'hologram' is not a display; choose one of: auto, headset, window, offscreen$"):
        candidates("hologram", size=(16, 16), title="", samples=1)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "no display: DISPLAY is not set"),
        ("nonsense", "no display: DISPLAY is 'nonsense', which names no X server"),
        (":4711", "no display: the X server ':4711' does not answer"),
        (":70000", "no display: the X server ':70000' does not answer"),
        ("a:²", "no display: DISPLAY is 'a:²', which names no X server"),
        ("\x1b[2J\n:1\udc9b", r"no display: DISPLAY is '\x1b[2J\n:1\udc9b', which names no X server"),
        ("a\n\udc9b:1", r"no display: the X server 'a\n\udc9b:1' does not answer"),
        (f"{'a' * 70}.b:70000", f"no display: the X server '{'a' * 70}.b:70000' does not answer"),
    ],
)
def test_a_desktop_that_is_not_there_is_told_apart(monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", name)
    assert desktop_problem() == reason


def test_a_server_that_takes_the_call_but_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("vrclient.display.x11.TIMEOUT", 0.1)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind("\0/tmp/.X11-unix/X4712")
        silent.listen()
        monkeypatch.setenv("DISPLAY", ":4712")
        assert desktop_problem() == "no display: the X server ':4712' does not answer"

"""A headset that refuses is asked for ever more seldom, with one line each time."""

from types import SimpleNamespace
from typing import Any

import pytest

from vrclient.display.finding import AFTER_REFUSAL_S, FIRST_OPENING_S, LONGEST_REFUSAL_S, HeadsetFinding
from vrclient.display.openxr.runtime import HeadsetUnavailable


class Search:
    """Finds one whenever it is asked to; `waits`: for how long it was told to wait."""

    def __init__(self) -> None:
        self.reason, self.waits = "", list[float]()
        self.closed: list[str] = []

    def start(self, *, after: float = 0.0) -> None:
        self.waits.append(after)

    def take(self) -> Any:
        return SimpleNamespace(name="Sample", close=lambda: self.closed.append("runtime"))

    def close(self) -> bool:
        self.closed.append("search")
        return True


def refuses(_: Any) -> Any:
    raise HeadsetUnavailable("the headset hangs on another card; plug it in elsewhere")


def test_the_pauses_grow_until_it_works() -> None:
    search = Search()
    finding = HeadsetFinding(search, None, refuses, drawn_with="llvmpipe")  # type: ignore[arg-type]
    for _ in range(7):
        headset, why = finding.take()
        assert headset is None
        assert why == finding.reason == "the headset hangs on another card; plug it in elsewhere"
    assert search.waits[1:] == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert (AFTER_REFUSAL_S, LONGEST_REFUSAL_S) == (4.0, 60.0)
    assert search.closed == ["runtime"] * 7, "each instance is given back"
    finding.worked()
    finding.take()
    assert search.waits[-1] == AFTER_REFUSAL_S


class Opens:
    """A session on its way: there after two questions."""

    def __init__(self, runtime: Any, what: Any) -> None:
        self.runtime, self._what, self._asked, self.closed = runtime, what, 0, False

    def headset(self, *, seconds: float = 0.0) -> Any:
        self.seconds = seconds
        self._asked += 1
        if self._asked > 2 and isinstance(self._what, Exception):
            raise self._what
        return self._what if self._asked > 2 else None

    def close(self) -> bool:
        self.closed = True
        return False


def test_what_is_opening_is_taken_once_it_is_open() -> None:
    finding = HeadsetFinding(Search(), None, lambda runtime: Opens(runtime, "a headset"), drawn_with="")  # type: ignore[arg-type, return-value]
    assert [finding.take() for _ in range(4)] == [(None, ""), (None, ""), (None, ""), ("a headset", "")]
    assert finding.clean


@pytest.mark.parametrize("kind", [HeadsetUnavailable, ValueError])
def test_what_cannot_be_opened_is_closed_and_told(kind: type[Exception]) -> None:
    error = kind("no format of ours; update it")
    finding = HeadsetFinding(Search(), None, lambda runtime: Opens(runtime, error), drawn_with="")  # type: ignore[arg-type, return-value]
    assert [finding.take()[1] for _ in range(4)] == ["", "", "", "no format of ours; update it"]
    assert not finding.clean, "its instance may be left"


def test_the_first_frame_waits_for_one_that_was_there_at_the_start() -> None:
    opens: list[Opens] = []

    def begin(runtime: Any) -> Any:
        opens.append(Opens(runtime, "a headset"))
        return opens[-1]

    finding = HeadsetFinding(Search(), SimpleNamespace(name="Sample"), begin, drawn_with="")  # type: ignore[arg-type]
    finding.take()
    assert opens[0].seconds == FIRST_OPENING_S
    finding.take()
    assert opens[0].seconds == 0.0


def test_one_that_opens_for_long_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.display.finding.LONGEST_OPENING_S", -1.0)

    class Never(Opens):
        def headset(self, *, seconds: float = 0.0) -> Any:
            return None

    finding = HeadsetFinding(Search(), None, lambda runtime: Never(runtime, None), drawn_with="")  # type: ignore[arg-type, return-value]
    said = [finding.take()[1] for _ in range(6)]
    assert len([one for one in said if one]) == 1 and "Sample has not answered" in finding.reason
    finding.close()

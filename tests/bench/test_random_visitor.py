"""What a visitor without a plan does when a visit does not go as usual."""

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vrclient.bench.random_visitor import NotReached, RandomVisitor, VisitEnded

HOME, CITY = Path("home/showcase.yaml"), Path("city/showcase.yaml")


def visitor(monkeypatch: pytest.MonkeyPatch, *, trail: tuple[str, ...]) -> RandomVisitor:
    """One at home, where no key leads anywhere."""
    home: Any = SimpleNamespace(name="home", opened=SimpleNamespace(path=HOME, scene=SimpleNamespace(selectables=())))
    session: Any = SimpleNamespace(
        place=home,
        places=SimpleNamespace(home=home, trail=deque(trail)),
        visit_controller=SimpleNamespace(is_crossing=False),
        loading=None,
    )
    display: Any = SimpleNamespace(typed=frozenset())
    made = RandomVisitor(session, display, 1, each_frame=lambda: None)
    monkeypatch.setattr(RandomVisitor, "frames", lambda *_: None)
    monkeypatch.setattr(RandomVisitor, "_end_visit", lambda self: self.did.update(["next visitor"]))
    return made


def test_whoever_ends_the_visit_far_away_is_followed_by_the_next_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    one = visitor(monkeypatch, trail=())
    monkeypatch.setattr(RandomVisitor, "_look_round", lambda self, place, *, seen: self._return_to(CITY))
    one.lap()
    assert one.did == {"visit ended early": 1, "next visitor": 1}


def test_a_way_back_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    one = visitor(monkeypatch, trail=("city",))
    with pytest.raises(NotReached, match="there is no way back from 'home': the reason is not known"):
        one._return_to(CITY)
    with pytest.raises(VisitEnded):
        visitor(monkeypatch, trail=())._return_to(CITY)

"""The clock of a frame adds up, forgets in order, knows its own work from waiting; a frame takes the stages that are listed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from two_places import RED, SILENT, showcase, visiting

from vrclient.app.frame import one_frame
from vrclient.app.stages import RING, STAGES, StageClock


def test_a_frame_takes_the_stages_in_the_order_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    measured = StageClock.stage

    @contextmanager
    def noted(clock: StageClock, name: str) -> Iterator[None]:
        taken.append(name)
        with measured(clock, name):
            yield

    monkeypatch.setattr(StageClock, "stage", noted)
    with visiting(showcase(tmp_path / "red", RED), options=SILENT) as session:
        one_frame(session)
    assert tuple(taken) == STAGES


def test_every_stage_and_both_sums_are_reported() -> None:
    clock = StageClock()
    for _ in range(3):
        clock.begin()
        for name in STAGES:
            with clock.stage(name):
                pass
        clock.end()
    summary = clock.milliseconds()
    assert set(summary) == {*STAGES, "drawing", "work", "frame"}
    assert summary["frame"]["max"] >= summary["work"]["max"] >= summary["draw"]["max"] > 0.0


def test_the_first_frames_can_be_left_out_and_nothing_gives_nothing() -> None:
    clock = StageClock()
    clock.begin()
    clock.end()
    assert clock.milliseconds(skip=1) == {}


def test_the_ring_keeps_the_last_frames() -> None:
    clock = StageClock()
    for _ in range(RING + 10):
        clock.begin()
        clock.end()
    assert clock.frames == RING + 10
    assert clock.milliseconds()["frame"]["max"] == 0.0

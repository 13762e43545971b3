"""Another showcase is opened by a real process beside the frames, entered, left, and given back."""

import datetime
import gc
import logging
import subprocess
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from panda3d.core import Texture  # noqa: TID251
from two_places import BLUE, RED, cross, loaded, picture, showcase, until, visiting

from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.loading import OpenerProcess, slice_seconds
from vrclient.app.moments import Moment
from vrclient.app.opener import Request
from vrclient.app.session import Session
from vrclient.render_data.quality import HIGH
from vrclient.renderer import convert, uploads


@pytest.fixture
def red(tmp_path: Path) -> Path:
    return showcase(tmp_path / "red", RED)


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    return showcase(tmp_path / "blue", BLUE)


def shared_files() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("vrclient-*.arrays"))


@pytest.mark.parametrize("views", [1, 2])
def test_there_and_back_look_like_a_fresh_start(red: Path, blue: Path, views: int) -> None:
    with visiting(blue, views=views) as session:
        fresh_blue = picture(session).astype(np.int16)
    with visiting(red, views=views) as session:
        fresh_red = picture(session)
        assert (fresh_red != fresh_blue).mean() > 0.2
        seconds = session.visit.seconds = 5.0
        cross(session, blue)
        assert session.visit.seconds >= seconds
        assert session.place.name == "blue"
        crossed = picture(session)
        # The process that opened it has one core: sums of light are added up in another order, and rounded the other way.
        off = np.abs(crossed - fresh_blue)
        assert off.max() <= 1 and (off > 0).mean() < 0.002
        cross(session, red)
        np.testing.assert_array_equal(picture(session), fresh_red)
        cross(session, blue)
        np.testing.assert_array_equal(picture(session), crossed)


def test_images_are_the_same_on_every_way_to_the_graphics_card(
    red: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In strips, by `load` and beside the frames, as in one piece by the engine itself: with all their smaller copies."""
    letters = "  - {kind: text, at: [0, -8, 1.6], heading_deg: 180, height_m: 0.7, text: {zh: 红砖屋, en: Brick}}\n"
    sign, bare = showcase(tmp_path / "sign", RED + letters), showcase(tmp_path / "bare", RED)
    with monkeypatch.context() as engine, visiting_with(engine, sign) as session:
        whole = picture(session)
    with visiting(bare) as session:
        assert (np.abs(picture(session).astype(np.int16) - whole).max(axis=2) > 40).mean() > 0.02, "nobody could read it"
    monkeypatch.setattr(uploads, "STRIP_BYTES", 30_000)
    with visiting(sign) as session:
        np.testing.assert_array_equal(picture(session), whole)
    with visiting(red) as session:
        cross(session, sign)
        off = np.abs(picture(session).astype(np.int16) - whole)
        assert off.max() <= 1 and (off > 0).mean() < 0.002


def test_the_way_back_leads_to_where_one_stood(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        assert session.way_back() is None
        one_frame(session)
        session.visit.rig = stood = replace(session.visit.rig, feet=(4.0, -16.0, 0.0), heading=0.7)
        session.show_moment(Moment(datetime.date(2026, 1, 5), datetime.time(12, 0)))
        shown = picture(session)
        cross(session, blue)
        assert session.way_back() == str(red / "showcase.yaml")
        cross(session, red, back=True)
        assert (session.visit.rig, session.way_back()) == (stood, None)
        np.testing.assert_array_equal(picture(session), shown)


def test_what_is_still_open_is_there_at_once(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        cross(session, blue)
        session.begin_loading(red)
        assert session.loading is not None and session.loading.ready and session.loading.progress == 1.0
        session.cancel_loading()
        cross(session, red)
        assert session.place.name == "red"


def test_progress_only_grows(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        session.begin_loading(blue)
        assert session.loading is not None
        seen = [0.0]
        until(session, lambda: seen.append(session.loading.progress) or session.loading.ready)
        assert seen == sorted(seen)
        assert seen[-1] == 1.0 and len(set(seen)) > 5


def test_a_broken_showcase_closes_the_way_with_a_reason(red: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = showcase(tmp_path / "broken", BLUE.replace("height_m: 15", "height_m: -15"))
    with visiting(red) as session:
        before = picture(session)
        loaded(session, broken)
        assert session.loading is not None and not session.loading.ready
        problem = session.loading.problem
        assert problem is not None and problem.startswith(f"{broken / 'showcase.yaml'}: 1 error; the first: ")
        assert "height_m" in problem and "Traceback" not in problem
        for _ in range(5):
            one_frame(session)
        assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == [
            f"the portal to '{broken}' is closed: {problem}"
        ]
        np.testing.assert_array_equal(picture(session), before)


def test_a_showcase_that_appears_later_can_be_entered_then(red: Path, tmp_path: Path) -> None:
    with visiting(red) as session:
        late = tmp_path / "late"
        loaded(session, late)
        assert session.loading is not None
        assert session.loading.problem is not None and session.loading.problem.startswith(f"there is no showcase '{late}'; ")
        cross(session, showcase(late, BLUE))
        assert session.place.name == "late"


def test_a_process_that_dies_closes_the_way(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        process = begun(session, blue)
        process.kill()
        until(session, lambda: session.loading is not None and session.loading.problem is not None)
        assert session.loading is not None
        assert session.loading.problem == "the process that opened it ended with status -9 before it was done"
        cross(session, blue)
        assert session.place.name == "blue"


def test_who_turns_away_ends_the_process_and_leaves_no_file(
    red: Path, blue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other programs' files come and go in everybody's folder
    before = shared_files()
    with visiting(red) as session:
        process = begun(session, blue)
        session.cancel_loading()
        assert session.loading is None
        process.wait(timeout=10.0)
        loaded(session, blue)
        session.cancel_loading()
        picture(session)
    assert shared_files() == before


def test_leaving_the_program_ends_the_process(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        process = begun(session, blue)
    process.wait(timeout=10.0)


def test_another_goal_takes_the_place_of_the_first(red: Path, blue: Path, tmp_path: Path) -> None:
    other = showcase(tmp_path / "other", BLUE)
    with visiting(red) as session:
        process = begun(session, blue)
        session.begin_loading(other)
        process.wait(timeout=10.0)
        cross(session, other)
        assert session.place.name == "other"


@pytest.mark.measured
def test_a_viewpoint_there_has_its_own_time(red: Path, blue: Path) -> None:
    with visiting(red) as session:
        loaded(session, blue)
        assert session.loading is not None and session.loading.place is not None
        place = session.loading.place
        (behind,) = (view for view in place.viewpoints if view.name == "behind")
        start = time.perf_counter()
        session.arrive(place, behind, back=False)
        assert time.perf_counter() - start < 0.04, "its light was not made ahead"
        assert place.moment is not None and place.moment.time == datetime.time(21, 0)


def test_six_crossings_between_three_places_leave_nothing_behind(red: Path, blue: Path, tmp_path: Path) -> None:
    """Home, where one is and the way back stay; what the others had goes, without the full collector's help: it rests while
    frames run."""
    green = showcase(tmp_path / "green", RED.replace("height_m: 7", "height_m: 9"))
    with visiting(red) as session, collector_frozen():
        counts, gone = [], []
        for target in (blue, green, red, blue, green, red):
            gone.append(weakref.ref(session.place))
            cross(session, target)
            until(session, lambda: not session.places.closing)
            picture(session)
            counts.append(on_the_card(session))
        assert counts[5] == counts[2], counts
        assert [place() is None for place in gone] == [False, True, True, False, True, False]
        assert gone[0]() is session.places.home is session.place
        assert not gc.isenabled()


@pytest.mark.parametrize(
    "worked, before, awaited, expected",
    [
        (4.0, 4.0, False, 2.5),
        (6.0, 6.0, True, 1.6),
        (10.0, 10.0, False, 0.3),
        (150.0, 4.0, True, 0.3),
        (150.0, 160.0, False, 15.0),
        (150.0, 160.0, True, 45.0),
        (12.0, 12.0, False, 1.2),
    ],
)
def test_loading_gets_what_is_left_and_a_share_where_frames_are_late_anyway(
    worked: float, before: float, awaited: bool, expected: float
) -> None:
    """Milliseconds, of 90 frames a second."""
    assert 1e3 * slice_seconds(1e-3 * worked, 1e-3 * before, 1 / 90, awaited=awaited) == pytest.approx(expected, abs=0.02)


def test_a_process_waits_for_the_next_portal(red: Path, blue: Path, tmp_path: Path) -> None:
    """It is there before anybody asks, is the one that is asked, is followed by another one, and goes with the program."""
    there = "  - {kind: portal, id: door, at: [40, 40], heading_deg: 0, to: blue, title: {zh: 蓝, en: Blue}}\n"
    gate = showcase(tmp_path / "gate", RED + there)
    with visiting(gate) as session:
        first = standing_by(session)
        first.kill()  # whoever ends it closes no way
        first.wait()
        loaded(session, "blue")  # by the name of its folder, beside this one
        assert session.loading is not None and session.loading.place is not None, session.loading and session.loading.problem
        assert session.loading.path == blue / "showcase.yaml"
        session.cancel_loading()
        second = standing_by(session)
        session.begin_loading("blue")
        until(session, lambda: session.loading is not None and session.loading.opener is not None)
        assert session.loading is not None and session.loading.opener is not None
        assert session.loading.opener.process is second
        session.cancel_loading()
        second.wait(timeout=10.0)
        third = standing_by(session)
    third.wait(timeout=10.0)


def test_a_process_is_asked_and_given_up_after_somebody_ended_it(red: Path, tmp_path: Path) -> None:
    """None is started for an answer that nobody waits for, and the thread ends without a word (pytest fails where it raises)."""
    opener = OpenerProcess()
    soon(lambda: opener.process is not None)
    ended = opener.process
    assert ended is not None and ended.stdin is not None
    stdin = ended.stdin
    ended.kill()
    ended.wait()
    with opener._lock:  # the thread wakes up and waits here
        opener.ask(Request(red / "showcase.yaml", HIGH, tmp_path / "arrays", None))
        soon(lambda: stdin.closed)
        opener._closed = True
    soon(lambda: opener.ended)
    assert opener.process is None
    assert opener.problem is None


def soon(happened: Callable[[], bool]) -> None:
    """Waits for another thread."""
    until = time.monotonic() + 20.0
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def standing_by(session: Session) -> "subprocess.Popen[bytes]":
    """The process that waits to be asked."""
    opener = session.places.standby
    assert opener is not None
    until(session, lambda: opener.process is not None)
    assert opener.process is not None and opener.process.poll() is None
    return opener.process


@contextmanager
def visiting_with(engine: pytest.MonkeyPatch, folder: Path) -> Iterator[Session]:
    """As `visiting`, with images that the engine itself takes to the graphics card."""

    def whole(_: uploads.TexelUpload, texture: Texture, texels: np.ndarray) -> Iterator[None]:
        convert.fill(texture, texels, lent=False)
        yield

    engine.setattr(uploads.TexelUpload, "steps", whole)
    with visiting(folder) as session:
        yield session


def begun(session: Session, target: Path) -> "subprocess.Popen[bytes]":
    """The process that opens a showcase, once it is at work."""
    session.begin_loading(target)
    assert session.loading is not None
    until(session, lambda: session.loading.opener is not None and session.loading.opener.process is not None)
    process = session.loading.opener.process
    assert process is not None and process.poll() is None
    return process


def on_the_card(session: Session) -> dict[str, int]:
    """What the driver was given, by kind."""
    prepared = session.display.context.gsg.prepared_objects
    return {
        "textures": prepared.get_num_prepared_textures(),
        "vertex buffers": prepared.get_num_prepared_vertex_buffers(),
        "index buffers": prepared.get_num_prepared_index_buffers(),
        "shaders": prepared.get_num_prepared_shaders(),
        "outputs": len(session.display.context.engine.get_windows()),
    }

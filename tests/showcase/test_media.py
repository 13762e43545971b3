"""Films, sounds and subtitles by their headers. The files in tests/media were made with FFmpeg 9 out of colours and tones."""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.media import files
from vrclient.media.files import Audio, Damaged, Film, film_of, recording_of, seconds_of
from vrclient.media.service import MediaService
from vrclient.showcase.assets import AssetFolder, begin_with_media
from vrclient.showcase.diagnostics import Diagnostic

MEDIA = Path(__file__).parents[1] / "media"


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("opening.mp4", Film("MP4", "H.264", 64, 36, 2.0, True)),
        ("av1.mp4", Film("MP4", "AV1", 64, 36, 1.0, False)),
        ("film.webm", Film("WebM", "VP8", 64, 36, 1.0, False)),
    ],
)
def test_films(name: str, film: Film) -> None:
    assert film_of(MEDIA / name) == film
    assert recording_of(MEDIA / name) is None


@pytest.mark.parametrize(
    ("name", "format", "channels", "seconds"),
    [("lake.ogg", "Ogg Vorbis", 1, 0.5), ("tone.mp3", "MP3", 2, 1.0), ("tone_opus.ogg", "Ogg Opus", 1, 0.5)],
)
def test_recordings(name: str, format: str, channels: int, seconds: float) -> None:
    found = recording_of(MEDIA / name)
    assert isinstance(found, Audio)
    assert (found.format, found.channels) == (format, channels)
    assert found.seconds == pytest.approx(seconds, abs=0.1)
    assert seconds_of(MEDIA / name) == found.seconds
    assert film_of(MEDIA / name) is None


def test_real_films(shared_data: Path) -> None:
    folder = shared_data / "media"
    assert film_of(folder / "bigbuckbunny.mp4") == Film("MP4", "H.264", 1280, 720, 5.312, True)
    assert film_of(folder / "bikes.mp4") == Film("MP4", "H.264", 640, 272, 10.0, False)
    music = recording_of(folder / "arcade/arcade/resources/assets/music/1918.mp3")
    assert isinstance(music, Audio) and music.seconds == pytest.approx(172.383, abs=0.01)


def test_the_length_of_what_cannot_be_read(tmp_path: Path) -> None:
    assert seconds_of(tmp_path / "nothing.ogg") is None


@pytest.mark.parametrize("name", ["opening.mp4", "film.webm", "lake.ogg", "tone.mp3", "tone_opus.ogg"])
def test_the_start_of_a_file_is_no_traceback(name: str, tmp_path: Path) -> None:
    """Cut off anywhere, a file is damaged, unknown, or all that its header says."""
    whole = (MEDIA / name).read_bytes()
    cut = tmp_path / name
    for size in range(0, len(whole), max(1, len(whole) // 97)):
        cut.write_bytes(whole[:size])
        assert isinstance(film_of(cut), Film | Damaged | None)
        assert isinstance(recording_of(cut), Audio | Damaged | None)
    cut.write_bytes(whole[: len(whole) // 2])
    if name.endswith((".mp4", ".ogg")):
        found = film_of(cut) or recording_of(cut)
        assert isinstance(found, Damaged) and found.reason.startswith("it ends too early")


@given(
    st.sampled_from(["opening.mp4", "film.webm", "lake.ogg", "tone.mp3"]), st.integers(0, 1500), st.binary(min_size=1, max_size=8)
)
def test_broken_bytes_are_no_traceback(tmp_path_factory: pytest.TempPathFactory, name: str, at: int, change: bytes) -> None:
    whole = bytearray((MEDIA / name).read_bytes())
    whole[at : at + len(change)] = change
    file = tmp_path_factory.getbasetemp() / f"changed_{name}"
    file.write_bytes(whole)
    assert isinstance(film_of(file), Film | Damaged | None)
    assert isinstance(recording_of(file), Audio | Damaged | None)


def _inspected(file: Path, media: str) -> tuple[Diagnostic, ...]:
    return AssetFolder(file.parent).inspect(file, media)


def test_what_plays_is_fine() -> None:
    for name, media in (("opening.mp4", "video"), ("av1.mp4", "video"), ("film.webm", "video")):
        assert _inspected(MEDIA / name, media) == (), name
    for name, media in (("lake.ogg", "sound"), ("tone.mp3", "sound"), ("tone_opus.ogg", "sound")):
        assert _inspected(MEDIA / name, media) == (), name


def test_messages_with_a_command_that_helps(tmp_path: Path) -> None:
    text = tmp_path / "opening.mov"
    text.write_text("no film")
    make = 'ffmpeg -i "{}" -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart "{}_h264.mp4"'
    assert _inspected(text, "video") == (
        Diagnostic(
            "broken-file",
            "'opening.mov' is not a video that can be played",
            "make one with H.264 and AAC in MP4: " + make.format("opening.mov", "opening"),
        ),
    )
    unknown = tmp_path / "new.mp4"
    unknown.write_bytes((MEDIA / "opening.mp4").read_bytes().replace(b"avc1", b"xy\x1b["))
    (problem,) = _inspected(unknown, "video")
    assert problem == Diagnostic(
        "broken-file",
        "'new.mp4' is in a format that is not supported; it is not a video that can be played",
        "make one with H.264 and AAC in MP4: " + make.format("new.mp4", "new"),
        "warning",
    )
    (problem,) = _inspected(text, "sound")
    assert problem.help == 'convert it: ffmpeg -i "opening.mov" -vn -ac 1 -c:a libvorbis "opening_mono.ogg"'
    assert problem.message == "'opening.mov' is not a sound file (.ogg, .mp3 or .wav) that can be played"
    cut = tmp_path / "cut.mp4"
    cut.write_bytes((MEDIA / "opening.mp4").read_bytes()[:5000])
    (problem,) = _inspected(cut, "video")
    assert problem.message == "'cut.mp4' is damaged: it ends too early"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[MediaService]:
    """Nothing is known yet, and nobody has been asked."""
    service = MediaService()
    monkeypatch.setattr(files, "_service", service)
    monkeypatch.setattr(files, "_known", {})
    yield service
    service.close()


@pytest.mark.parametrize(
    ("process", "why"),
    [
        (
            "import sys; sys.modules['av'] = None; from vrclient.media.worker import main; main()",
            "import of av halted; None in sys.modules",
        ),
        ("raise SystemExit(3)", "it ends with 3"),
        ("raise RuntimeError('no more \\x1b[31mthreads')", "it ends with 1: RuntimeError: no more  [31mthreads"),
    ],
)
def test_a_process_that_does_not_start_is_no_fault_of_the_files(
    fresh: MediaService, process: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vrclient.media.service.COMMAND", [sys.executable, "-c", process])
    folder = AssetFolder(MEDIA)
    fresh.begin()
    for name, media in (("opening.mp4", "video"), ("lake.ogg", "sound")):
        message = f"'{name}' will not play: the process that reads films and sounds does not start ({why})"
        problem = Diagnostic("unchecked-file", message, "install vrclient again, with all it depends on", "warning")
        assert folder.inspect(MEDIA / name, media) == (problem,)
    assert seconds_of(MEDIA / "lake.ogg") is None
    monkeypatch.undo()
    assert film_of(MEDIA / "opening.mp4") is not None, "it is asked again, not remembered"


def test_a_process_that_was_begun_answers_what_is_asked_first(fresh: MediaService, tmp_path: Path) -> None:
    begin_with_media(tmp_path)
    (tmp_path / "show.yaml").write_text("")
    begin_with_media(tmp_path)
    begin_with_media(tmp_path / "nothing")
    assert fresh._process is None, "nothing is there to be looked into"
    (tmp_path / "media").mkdir()
    shutil.copy(MEDIA / "lake.ogg", tmp_path / "media" / "LAKE.OGG")
    begin_with_media(tmp_path)
    begun = fresh._process
    assert begun is not None
    assert film_of(MEDIA / "opening.mp4") is not None
    assert fresh._process is begun
    fresh.close()
    begin_with_media(tmp_path)
    assert fresh._process is None, "what is closed stays so"


def test_a_process_that_others_ended_is_started_again(fresh: MediaService) -> None:
    """Before a question, or in the middle of one: the first time is no judgement of the file."""
    assert film_of(MEDIA / "opening.mp4") is not None
    assert fresh._process is not None
    fresh._process.kill()
    assert isinstance(recording_of(MEDIA / "lake.ogg"), Audio)
    os.kill(fresh._process.pid, signal.SIGSTOP)
    killing = threading.Timer(0.3, fresh._process.kill)
    killing.start()
    assert isinstance(recording_of(MEDIA / "tone.mp3"), Audio)
    killing.join()


def test_a_process_that_ends_with_a_question_in_its_pipe(fresh: MediaService, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was still there when it was looked for, and gone when it was asked: closing the pipe would write the question again."""
    assert film_of(MEDIA / "opening.mp4") is not None
    first = fresh._process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    monkeypatch.setattr(first, "poll", lambda: None)
    assert isinstance(recording_of(MEDIA / "lake.ogg"), Audio)
    assert fresh._process is not first

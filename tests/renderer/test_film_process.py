"""No file can end the visit: films are decoded in processes of their own, which may die, hang or say nonsense. Real files, made
here by FFmpeg's encoders, and real processes."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av  # noqa: TID251
import numpy as np
import pytest
from numpy.typing import NDArray

from vrclient.media.files import Damaged, Film, film_of
from vrclient.media.film import FilmPlayer

MEDIA = Path(__file__).parents[1] / "media"
GREEN, RED, BLUE = (0, 160, 0), (200, 30, 30), (30, 60, 200)


def _film(
    file: Path,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (64, 36),
    seconds: float = 1.0,
    rate: int = 25,
    pixels: str = "yuv420p",
    prepare: Callable[[av.VideoStream], None] = lambda _: None,
    mux: dict[str, str] | None = None,
) -> Path:
    """The left half red, the right half blue, the upper quarter green from the left as far as the film has gone."""
    with av.open(str(file), "w", options=mux or {}) as container:
        stream = container.add_stream(codec, rate=rate, options={"crf": "12"} if codec != "libvpx" else {"b": "1M"})
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        prepare(stream)
        count = round(seconds * rate)
        for number in range(count):
            picture = np.empty((size[1], size[0], 3), np.uint8)
            picture[:, : size[0] // 2], picture[:, size[0] // 2 :] = RED, BLUE
            picture[: size[1] // 4, : size[0] * number // count] = GREEN
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file


def _picture(player: FilmPlayer, second: float, *, patience: float = 20.0) -> NDArray[np.uint8]:
    """[H, W, 3] RGB, row 0 on top: what stands there once nothing new comes for a while."""
    found, end, quiet = None, time.monotonic() + patience, 0.0
    while time.monotonic() < end and not (found is not None and time.monotonic() > quiet):
        assert player.problem is None, player.problem
        picture = player.picture(second)
        if picture is not None:
            copied = picture[::-1, :, 2::-1].copy()
            if player.is_whole():
                found, quiet = copied, time.monotonic() + 0.15
        time.sleep(0.005)
    assert found is not None, "no picture came"
    return found


def _gone_so_far(picture: NDArray[np.uint8]) -> float:
    """Which share of the film's length a picture of it says."""
    row = picture[2].astype(int)
    return float(((row[:, 1] > 110) & (row[:, 0] < 90)).mean())


def _marked(file: Path) -> str:
    """Why a film is given up."""
    player = FilmPlayer(file)
    try:
        end = time.monotonic() + 40.0
        second = 0.0
        while player.problem is None and time.monotonic() < end:
            player.picture(second)
            second += 0.005
            time.sleep(0.005)
        assert player.problem is not None
        return player.problem
    finally:
        player.close()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("plain.mp4", {}),
        ("ten_bit.mp4", {"codec": "libx265", "pixels": "yuv420p10le"}),
        ("odd.mp4", {"size": (93, 51), "pixels": "yuv444p"}),
        ("fragments.mp4", {"mux": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}}),
        ("vp8.webm", {"codec": "libvpx"}),
        ("back_and_forth.mkv", {"prepare": lambda stream: setattr(stream, "options", {"bf": "3", "crf": "12"})}),
    ],
)
def test_each_second_shows_its_picture(name: str, more: dict, tmp_path: Path) -> None:  # type: ignore[type-arg]
    """Forwards, backwards, at the very end and beyond it; whatever it is coded in."""
    player = FilmPlayer(_film(tmp_path / name, seconds=2.0, **more))
    try:
        for second in (0.0, 1.3, 0.2, 60.0, 1.0, 1.97):
            shown = _picture(player, second)
            assert _gone_so_far(shown) == pytest.approx(min(second, 1.96) / 2.0, abs=0.05), second
            assert np.abs(shown[-4, 4].astype(int) - RED).max() < 16
            assert np.abs(shown[-4, -4].astype(int) - BLUE).max() < 16
    finally:
        player.close()


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("name", ["phone.mp4", "phone.mkv"])
def test_a_phone_s_film_stands_upright(degrees: int, name: str, tmp_path: Path) -> None:
    """The same picture, turned by how the phone was held; the screen is as high as the film."""
    file = _film(tmp_path / name, prepare=lambda stream: stream.set_display_rotation(degrees))
    size = (64, 36) if degrees == 180 else (36, 64)
    found = film_of(file)
    assert isinstance(found, Film) and (found.width, found.height) == size
    player = FilmPlayer(file)
    try:
        shown = _picture(player, 0.0)
        assert player.size == size and shown.shape == (size[1], size[0], 3)
        coded = np.rot90(shown, -degrees // 90)  # as it would lie there without being turned: degrees count anticlockwise
        assert np.abs(coded[-4, 4].astype(int) - RED).max() < 16
        assert np.abs(coded[-4, -4].astype(int) - BLUE).max() < 16
        assert np.abs(coded[3, 4].astype(int) - RED).max() < 16, "nothing of it has gone by yet"
    finally:
        player.close()


@pytest.mark.parametrize("name", ["wide.mp4", "wide.mkv"])
def test_pixels_that_are_not_square(name: str, tmp_path: Path) -> None:
    """A PAL film of 4:3, pixels 16:15; the shown picture is as wide as it is meant."""
    file = _film(
        tmp_path / name, size=(72, 58), prepare=lambda s: setattr(s.codec_context, "sample_aspect_ratio", Fraction(16, 11))
    )
    found = film_of(file)
    assert isinstance(found, Film) and (found.width, found.height) == (105, 58)


def test_a_film_that_changes_its_size_on_the_way_plays_on(tmp_path: Path) -> None:
    """It killed the program: FFmpeg 3 inside the engine. Two films of VP8 one behind the other are such a film."""
    file = tmp_path / "changes.webm"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libvpx", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        at = 0
        for size in ((64, 36), (128, 96), (32, 20)):
            encoder = av.CodecContext.create("libvpx", "w")
            encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = *size, "yuv420p", Fraction(1, 25)
            for _ in range(15):
                frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), at * 5, np.uint8), format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, 25)
                at += 1
                for packet in encoder.encode(frame):
                    packet.stream = stream
                    container.mux(packet)
            for packet in encoder.encode(None):
                packet.stream = stream
                container.mux(packet)
    player = FilmPlayer(file)
    try:
        for second in (0.2, 0.8, 1.6, 0.2):
            shown = _picture(player, second)
            assert shown.shape == (36, 64, 3)
            assert shown.mean() == pytest.approx(5.0 * 25.0 * second, abs=14.0)
    finally:
        player.close()


def test_shapes_and_sizes_have_limits(tmp_path: Path) -> None:
    thin = _film(tmp_path / "thin.mp4", size=(16, 480), seconds=0.2)
    assert _marked(thin) == "is damaged: its picture of 16 x 480 pixels is too narrow to be shown"
    large = _film(tmp_path / "large.mp4", size=(3840, 2160), seconds=0.1)
    player = FilmPlayer(large)
    try:
        assert _picture(player, 0.0).shape == (1083, 1927, 3), "made smaller on the way"
    finally:
        player.close()
    huge = _film(tmp_path / "huge.mp4", size=(8192, 2176), seconds=0.1, rate=10)
    assert _marked(huge) == "is damaged: its pictures of 8192 x 2176 pixels are too large to be decoded"


def test_films_with_bits_turned_over(tmp_path: Path) -> None:
    """Sixty of them are looked into, each second one is played to its end or marked, in words. Nothing of it is left running, and
    this process lives."""
    choose = random.Random(20261130)
    sources = [
        _film(tmp_path / "a.mp4", seconds=0.6),
        _film(tmp_path / "b.webm", codec="libvpx", seconds=0.6),
        _film(tmp_path / "c.mp4", codec="libx265", seconds=0.6),
    ]
    players = []
    verdicts = {"played": 0, "marked": 0}
    for number in range(60):
        source = sources[number // 2 % len(sources)]
        content = bytearray(source.read_bytes())
        for _ in range(choose.choice((1, 4, 30))):
            content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
        file = tmp_path / f"{number}{source.suffix}"
        file.write_bytes(content)
        found = film_of(file)
        assert found is None or isinstance(found, Film | Damaged)
        if number % 2:
            continue
        players.append(FilmPlayer(file))
        if len(players) == 5:
            for player in players:
                verdicts[_verdict(player)] += 1
            players.clear()
    assert verdicts["played"] > 9 and verdicts["marked"] > 1 and sum(verdicts.values()) == 30, verdicts


def _verdict(player: FilmPlayer) -> str:
    """Looks at a film until its end."""
    try:
        end, second, seen = time.monotonic() + 60.0, 0.0, False
        while player.problem is None and second < 1.0:
            assert time.monotonic() < end, "neither played nor marked"
            if player.picture(second) is not None:
                player.is_whole()
                seen = True
            second += 0.02 if seen else 0.0
            time.sleep(0.004)
        if player.problem is not None:
            assert player.problem.startswith(("is damaged: ", "is not a film")), player.problem
            return "marked"
        return "played"
    finally:
        player.close()
        assert player._process.poll() is not None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")
def test_what_kills_the_process_marks_the_film() -> None:
    player = FilmPlayer(MEDIA / "opening.mp4")
    try:
        _picture(player, 0.0)
        os.kill(player._process.pid, signal.SIGSEGV)
        end = time.monotonic() + 20.0
        while player.problem is None and time.monotonic() < end:
            assert player.picture(0.5) is None or player.is_whole()
            time.sleep(0.01)
        assert player.problem == "is damaged: FFmpeg fails while reading it"
    finally:
        player.close()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")
def test_nothing_outlives_the_program(tmp_path: Path) -> None:
    """Killed without a chance to tidy up, it leaves no process, and no memory with a name."""
    before = set(Path("/dev/shm").iterdir())
    script = (
        "import sys, time; from pathlib import Path; from vrclient.media.film import FilmPlayer\n"
        "from vrclient.media.files import film_of\n"
        "film_of(Path(sys.argv[1])); assert 'av' not in sys.modules, 'FFmpeg in the program itself'\n"
        "player = FilmPlayer(Path(sys.argv[1]))\n"
        "while player.picture(0.1) is None: time.sleep(0.01)\n"
        "print(player._process.pid, flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(MEDIA / "opening.mp4")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        program.kill()
    end = time.monotonic() + 10.0
    while _is_running(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _is_running(child)
    assert set(Path("/dev/shm").iterdir()) <= before


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")
def test_handles_and_threads_stay_the_same() -> None:
    """Films opened and closed leave nothing."""
    before = None
    for _ in range(4):
        player = FilmPlayer(MEDIA / "opening.mp4")
        _picture(player, 0.0)
        player.close()
        end = time.monotonic() + 5.0
        while before is not None and _handles_and_threads() != before and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.2 if before is None else 0.0)
        before = before or _handles_and_threads()
    assert _handles_and_threads() == before


def _handles_and_threads() -> tuple[int, int]:
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="signals of POSIX")
def test_a_process_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.media.film.STALLED", 1.0)
    player = FilmPlayer(MEDIA / "opening.mp4")
    try:
        end = time.monotonic() + 30.0
        while player.picture(0.0) is None and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(player._process.pid, signal.SIGSTOP)
        while player.problem is None and time.monotonic() < end:
            player.picture(1.5)
            time.sleep(0.01)
        assert player.problem == "is damaged: FFmpeg never finishes reading it"
    finally:
        player.close()

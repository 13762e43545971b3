"""Films and pictures on screens: a film's pictures come from a process of its own."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vrclient.renderer.movies import Movies
from vrclient.scene.interactives import Rectangle, Screen

MEDIA = Path(__file__).parents[1] / "media"
HERE = (0.0, 0.0, 1.6)


def _screen(id: str = "film", *, away: float = 3.0, width: float = 1.6, **more: object) -> Screen:
    face = Rectangle((0.0, away, 1.6), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (width / 2, width * 9 / 32))
    return Screen(id, {"zh": "片", "en": "Film"}, face, **more)  # type: ignore[arg-type]


def _shown(movies: Movies, id: str) -> NDArray[np.uint8] | None:
    """[H, W, 3] RGB, row 0 on top."""
    texture = movies.texture(id)
    if texture is None:
        return None
    raw = np.frombuffer(memoryview(texture.get_ram_image()).cast("B"), np.uint8)
    return raw.reshape(texture.y_size, texture.x_size, -1)[::-1, :, [2, 1, 0]]


def _until(movies: Movies, seconds: dict[str, float], met: Callable[[], bool], *, eye: tuple[float, float, float] = HERE) -> None:
    """Frames at that moment until something is so; 20 s at most."""
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        movies.update(seconds, eye=eye)
        if met():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")


def _is(movies: Movies, id: str, color: tuple[int, int, int]) -> bool:
    picture = _shown(movies, id)
    return picture is not None and bool(np.abs(picture.reshape(-1, 3).mean(axis=0) - color).max() < 24)


RED, BLUE = (254, 0, 0), (0, 0, 254)


def test_a_film_follows_the_clock_there_and_back() -> None:
    """A second of red, a second of blue: played, moved, paused, and begun anew where it repeats."""
    movies = Movies([_screen(video=MEDIA / "opening.mp4", length=2.0)])
    assert movies.texture("film") is None
    for second, color in ((0.3, RED), (1.5, BLUE), (0.2, RED), (1.8, BLUE), (2.4, RED), (3.6, BLUE)):
        _until(movies, {"film": second}, lambda color=color: _is(movies, "film", color))
    for _ in range(5):
        movies.update({"film": 1.8}, eye=HERE)
        assert _is(movies, "film", BLUE), "it waits where it is"
    assert movies.problem("film") is None
    movies.close()


def test_without_repeating_the_last_picture_stays() -> None:
    movies = Movies([_screen(video=MEDIA / "film.webm", length=1.0, loop=False)])
    _until(movies, {"film": 40.0}, lambda: _is(movies, "film", (0, 128, 0)))
    movies.close()


def test_pictures_one_after_the_other(tmp_path: Path) -> None:
    Image.new("RGB", (64, 36), (200, 0, 0)).save(tmp_path / "a.png")
    tall = Image.new("RGB", (20, 36), (0, 0, 200))
    tall.save(tmp_path / "b.png")
    movies = Movies([_screen("set", pictures=(tmp_path / "a.png", tmp_path / "b.png"), seconds=2.0, length=4.0)])
    _until(movies, {"set": 1.0}, lambda: _is(movies, "set", (200, 0, 0)))
    _until(movies, {"set": 3.0}, lambda: (picture := _shown(movies, "set")) is not None and picture[450, 800, 2] > 190)
    picture = _shown(movies, "set")
    assert picture is not None
    assert picture.shape == (900, 1600, 3)
    assert tuple(picture[450, 100]) == (8, 8, 9), "beside a tall picture it is black"
    _until(movies, {"set": 5.0}, lambda: _is(movies, "set", (200, 0, 0)))
    movies.close()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("gone.mp4", None, "'gone.mp4' is gone"),
        ("text.mp4", b"no film at all", "'text.mp4' is not a film that can be played"),
        ("cut.mp4", (MEDIA / "opening.mp4").read_bytes()[:900], "'cut.mp4' is damaged: it ends too early"),
        (
            "new.mp4",
            (MEDIA / "opening.mp4").read_bytes().replace(b"avc1", b"xy\x1b["),
            "'new.mp4' is damaged: its pictures are in a format that is not supported",
        ),
    ],
)
def test_a_film_that_cannot_be_played_gives_a_notice(
    name: str, content: bytes | None, problem: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In its place, in both languages; the log says why, once."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    movies = Movies([_screen(video=tmp_path / name), _screen("good", video=MEDIA / "opening.mp4", length=2.0)])
    with caplog.at_level(logging.WARNING):
        _until(movies, {"film": 0.0, "good": 0.3}, lambda: movies.texture("film") is not None and _is(movies, "good", RED))
        for _ in range(3):
            movies.update({"film": 1.0}, eye=HERE)
    assert movies.problem("film") == problem
    assert [record.getMessage() for record in caplog.records] == [f"screen film: {problem}"]
    notice = movies.texture("film")
    assert notice is not None and (notice.x_size, notice.y_size) == (960, 540)
    movies.close()


def test_pictures_that_cannot_be_read_give_a_notice(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.png").write_bytes(b"PNG?")
    movies = Movies([_screen(pictures=(tmp_path / "a.png",), length=6.0)])
    _until(movies, {"film": 0.0}, lambda: movies.texture("film") is not None)
    assert [record.getMessage() for record in caplog.records] == ["screen film: 'a.png' is not a picture that can be read"]
    movies.close()


def test_the_nearest_are_held_and_the_far_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.renderer.movies.KEPT", 0.05)
    screens = [_screen(f"s{k}", away=3.0 + k, video=MEDIA / "opening.mp4", length=2.0) for k in range(6)]
    far = _screen("far", away=200.0, video=MEDIA / "opening.mp4", length=2.0)
    movies = Movies([*screens, far])
    wanted = {screen.id: 0.3 for screen in [*screens, far]}
    _until(movies, wanted, lambda: all(movies.texture(f"s{k}") is not None for k in range(4)))
    assert [movies.texture(id) for id in ("s4", "s5", "far")] == [None] * 3
    _until(movies, {"s4": 0.3}, lambda: movies.texture("s4") is not None and movies.texture("s3") is None)
    assert movies.texture("s0") is not None, "the one that is wanted took the place of the farthest of the others"
    _until(movies, wanted, lambda: movies.texture("s0") is None, eye=(0.0, -120.0, 1.6))
    movies.close()


def test_a_screen_is_opened_before_it_starts() -> None:
    movies = Movies([_screen(video=MEDIA / "opening.mp4", length=2.0, near=8.0, away=12.0)])
    _until(movies, {}, lambda: movies._shows["film"]._opening is not None and movies._shows["film"]._opening.done())
    assert movies.texture("film") is None
    movies.close()


def test_a_film_whose_pictures_have_no_format_is_marked(tmp_path: Path) -> None:
    """An older FFmpeg ended the process over a film whose pictures have no format; its header is fine otherwise."""
    whole = (MEDIA / "opening.mp4").read_bytes()
    at = whole.index(b"avcC") + 4
    (tmp_path / "evil.mp4").write_bytes(
        whole[:at] + bytes(len(b"\x01\x64\x00\x0a")) + whole[at + 4 :].replace(b"\x67\x64", b"\x00\x00", 1)
    )
    movies = Movies([_screen(video=tmp_path / "evil.mp4")])
    _until(movies, {"film": 0.0}, lambda: movies.problem("film") is not None)
    assert movies.problem("film") == "'evil.mp4' is damaged: no picture in it can be decoded"
    movies.close()

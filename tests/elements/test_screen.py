"""Screens and sounds as elements."""

import shutil
from pathlib import Path

import av  # noqa: TID251
import numpy as np
import pytest
from PIL import Image

from vrclient.elements import kinds
from vrclient.scene.build import build_context, build_element
from vrclient.scene.draw_data import DrawData
from vrclient.scene.interactives import Screen, SoundSource
from vrclient.showcase.load import LoadResult, load_showcase

MEDIA = Path(__file__).parents[1] / "media"
HEAD = """\
vrclient: 1
title: {zh: 试, en: Test}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
  - {kind: spawn, at: [0, 0]}
"""


def _loaded(folder: Path, entry: str) -> LoadResult:
    if not (folder / "media").is_dir():
        shutil.copytree(MEDIA, folder / "media")
    (folder / "showcase.yaml").write_text(f"{HEAD}  - {{{entry}}}\n", "utf-8")
    return load_showcase(folder, {name: kind.model for name, kind in kinds().items()})


def _built(folder: Path, entry: str) -> DrawData:
    result = _loaded(folder, entry)
    assert result.showcase, result.diagnostics
    return build_element(result.showcase.elements[1], kinds(), build_context(result.showcase, kinds())).draw_data


FILM = "kind: screen, title: {zh: 片, en: Film}, video: media/opening.mp4, at: [4, 10]"


def test_a_film_gives_the_screen_its_shape_and_length(tmp_path: Path) -> None:
    data = _built(
        tmp_path, f"{FILM}, id: film, heading_deg: 90, width_m: 3.2, subtitles: {{zh: media/opening.zh.srt}}, near_m: 5"
    )
    (screen,) = data.interactives
    assert isinstance(screen, Screen)
    assert screen.face.half == pytest.approx((1.6, 0.9))
    assert screen.length == pytest.approx(2.0)
    assert (screen.start, screen.near, screen.loop) == ("near", 5.0, True)
    assert screen.video and screen.video.name == "opening.mp4" and set(screen.subtitles) == {"zh"}
    looks = np.cross(screen.face.right, screen.face.up)
    assert np.allclose(looks, [1.0, 0.0, 0.0], atol=1e-9)
    (chosen,) = data.selectables
    assert chosen.offers is screen and chosen.id == "film" and chosen.center == screen.face.center
    shown = next(surface for surface in data.surfaces if surface.material.surface == "image")
    low, high = shown.mesh.position.min(axis=0), shown.mesh.position.max(axis=0)
    assert np.allclose((low + high) / 2, screen.face.center, atol=1e-4)
    assert np.allclose(high - low, [0.0, 3.2, 1.8], atol=1e-4)
    nothing_before = [s.mesh.position[:, 0].max() for s in data.surfaces if s is not shown]
    assert max(nothing_before) < screen.face.center[0] + 0.4, "only a plinth stands before the face"


@pytest.mark.parametrize(("width", "mount"), [(0.8, "stand"), (6.0, "stand"), (1.5, "wall")])
def test_it_stands_on_the_ground_or_hangs(width: float, mount: str, tmp_path: Path) -> None:
    data = _built(tmp_path, f"{FILM}, width_m: {width}, mount: {mount}")
    lowest = min(float(surface.mesh.position[:, 2].min()) for surface in data.surfaces)
    assert (lowest <= 0.03) == (mount == "stand")
    assert len(data.walls) == (1 if mount == "stand" else 0)


def test_pictures(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        Image.new("RGB", (40, 30)).save(tmp_path / f"{name}.png")
    entry = "kind: screen, title: {zh: 图, en: Pictures}, pictures: [a.png, b.png, c.png], picture_s: 4, at: [0, 9], width_m: 2"
    (screen,) = _built(tmp_path, entry).interactives
    assert isinstance(screen, Screen)
    assert (screen.length, screen.seconds, len(screen.pictures)) == (12.0, 4.0, 3)
    assert screen.face.half == pytest.approx((1.0, 0.75))
    assert screen.id == "screen at 0.00, 9.00, 0.00"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (FILM.replace("video: media/opening.mp4, ", ""), "a screen shows either a 'video' or 'pictures': this one has neither"),
        (FILM.replace("media/opening.mp4", "media/lake.ogg"), "'lake.ogg' is not a video that can be played"),
        (
            "kind: sound, file: media/lake.ogg, at: [0, 0], reference_m: 9, farthest_m: 9",
            "farthest_m (9) must be beyond reference_m (9): make it larger, such as 72",
        ),
        (
            "kind: sound, file: media/lake.ogg, at: [0, 0], rolloff: linear, rolloff_factor: 2",
            "with rolloff: linear, rolloff_factor is at most 1: write 1 or leave it out",
        ),
        (
            "kind: sound, file: media/opening.zh.srt, at: [0, 0]",
            "'opening.zh.srt' is not a sound file (.ogg, .mp3 or .wav) that can be played",
        ),
    ],
)
def test_what_is_wrong_is_said(entry: str, message: str, tmp_path: Path) -> None:
    said = [f"{one.message}: {one.help}" for one in _loaded(tmp_path, entry).diagnostics if one.severity == "error"]
    assert len(said) == 1 and message in said[0], said


def test_a_film_in_an_unknown_codec_is_a_warning(tmp_path: Path) -> None:
    """The machine on which it is shown may know it; the screen says so itself where it does not."""
    result = _loaded(tmp_path, FILM)
    assert result.showcase and not result.diagnostics
    film = tmp_path / "media" / "opening.mp4"
    film.write_bytes(film.read_bytes().replace(b"avc1", b"xy\x1b["))
    result = _loaded(tmp_path, FILM)
    assert result.showcase and [one.severity for one in result.diagnostics] == ["warning"]


def test_a_sound_is_heard_and_not_seen(tmp_path: Path) -> None:
    data = _built(tmp_path, "kind: sound, id: lake, file: media/lake.ogg, at: [3, 4], volume: 0.5, radius_m: 20, farthest_m: 120")
    (source,) = data.interactives
    assert isinstance(source, SoundSource)
    assert (source.position, source.volume, source.radius, source.farthest) == ((3.0, 4.0, 1.5), 0.5, 20.0, 120.0)
    assert not data.surfaces and not data.selectables


def test_subtitles_that_go_on_when_the_film_is_over_are_warned_of(tmp_path: Path) -> None:
    _loaded(tmp_path, FILM)
    (tmp_path / "media" / "late.srt").write_text("1\n00:00:01,000 --> 00:00:09,000\nlate\n")
    (warning,) = _loaded(tmp_path, FILM + ", subtitles: {zh: media/late.srt}").diagnostics
    assert warning.severity == "warning" and warning.message == "the last text ends at 9.0 s, but the film ends at 2.0 s"


def test_no_screen_is_higher_than_any_is(tmp_path: Path) -> None:
    """A film of one pixel by sixteen would be as high as a tower: it is made narrower, and that is said."""
    _loaded(tmp_path, FILM)
    with av.open(str(tmp_path / "media" / "thin.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 16, 256, "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((256, 16, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode())
    entry = "kind: screen, title: {zh: 片, en: Film}, video: media/thin.mp4, at: [4, 10], width_m: 30"
    (warning,) = _loaded(tmp_path, entry).diagnostics
    assert warning.message == "the screen would be 480 m high; it is made 2.5 m wide, so that it is 40 m high"
    (shown,) = _built(tmp_path, entry).interactives
    assert isinstance(shown, Screen) and shown.face.half == (1.25, 20.0)

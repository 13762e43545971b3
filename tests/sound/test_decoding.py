"""Recordings become samples in a process of their own: as long as they are, in one channel, whatever is in the file."""

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av  # noqa: TID251
import numpy as np
import pytest
from numpy.typing import NDArray

from vrclient.media.files import Audio, Damaged, recording_of, seconds_of
from vrclient.media.service import MediaService

MEDIA = Path(__file__).parents[1] / "media"


@pytest.fixture(scope="module")
def service() -> Iterator[MediaService]:
    service = MediaService()
    yield service
    service.close()


def _samples(service: MediaService, file: Path) -> tuple[int, NDArray[np.int16]]:
    answer = service.ask("samples", file)
    assert "content" in answer, answer
    return answer["rate"], np.frombuffer(answer["content"], "<i2")


def _recording(file: Path, codec: str, *, layout: str = "mono", rate: int = 48_000, seconds: float = 1.0) -> Path:
    """A tone of 440 Hz, a fifth of full level, alike in all channels."""
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        count = round(seconds * rate)
        tone = (6500 * np.sin(2 * np.pi * 440 * np.arange(count) / rate)).astype(np.int16)
        channels = stream.codec_context.channels
        for at in range(0, count, 1024):
            part = np.repeat(tone[at : at + 1024], channels)[None]
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
            frame.rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


@pytest.mark.parametrize(
    ("name", "codec", "more", "rate"),
    [
        ("a.wav", "pcm_s16le", {"layout": "5.1"}, 48_000),
        ("a.wav", "pcm_s16le", {"rate": 8_000}, 8_000),
        ("a.wav", "pcm_s16le", {"rate": 96_000, "layout": "stereo"}, 48_000),
        ("a.flac", "flac", {"layout": "stereo", "rate": 44_100}, 44_100),
        ("a.ogg", "libopus", {"layout": "stereo"}, 48_000),
        ("a.m4a", "aac", {"layout": "stereo"}, 48_000),
        ("a.mp3", "libmp3lame", {"layout": "stereo", "rate": 44_100}, 44_100),
    ],
)
def test_a_tone_stays_a_tone(service: MediaService, name: str, codec: str, more: dict, rate: int, tmp_path: Path) -> None:  # type: ignore[type-arg]
    file = _recording(tmp_path / name, codec, **more)
    found = recording_of(file)
    assert isinstance(found, Audio) and found.seconds == pytest.approx(1.0, abs=0.06)
    given, samples = _samples(service, file)
    assert given == rate and len(samples) / rate == pytest.approx(1.0, abs=0.06)
    middle = samples[rate // 4 : 3 * rate // 4].astype(float)
    crossings = np.count_nonzero(np.diff(np.signbit(middle))) / 2 / (len(middle) / rate)
    assert crossings == pytest.approx(440, abs=6)
    assert 3000 < np.abs(middle).max() < 32000, "neither lost nor cut off"


def test_mp3_of_changing_bit_rate_is_as_long_as_its_frames_are(service: MediaService, tmp_path: Path) -> None:
    """Without a table at its beginning: what the first frame says of the rest is wrong by ten times, either way."""

    def frame(header: str, size: int) -> bytes:
        return bytes.fromhex(header) + bytes(size - 4)

    loud, quiet = frame("fffbe0c0", 1044), frame("fffb10c0", 104)
    for name, content, seconds in (("a.mp3", loud * 10 + quiet * 2000, 52.5), ("b.mp3", quiet * 10 + loud * 200, 5.49)):
        (tmp_path / name).write_bytes(content)
        assert seconds_of(tmp_path / name) == pytest.approx(seconds, abs=0.03)
        rate, samples = _samples(service, tmp_path / name)
        assert len(samples) / rate == pytest.approx(seconds, abs=0.03)


def test_a_film_s_sound_is_as_long_as_the_film_so_that_both_begin_again_together(service: MediaService) -> None:
    rate, samples = _samples(service, MEDIA / "opening.mp4")
    assert len(samples) == 2.0 * rate == seconds_of(MEDIA / "opening.mp4") * rate  # type: ignore[operator]


def test_recordings_with_bits_turned_over_are_heard_or_named(service: MediaService, tmp_path: Path) -> None:
    choose = random.Random(20261130)
    heard = 0
    for number in range(60):
        source = MEDIA / ("lake.ogg", "tone.mp3", "tone_opus.ogg", "opening.mp4")[number % 4]
        content = bytearray(source.read_bytes())
        for _ in range(choose.choice((1, 4, 30))):
            content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
        file = tmp_path / f"{number}{source.suffix}"
        file.write_bytes(content)
        assert isinstance(recording_of(file), Audio | Damaged | None)
        answer = service.ask("samples", file)
        heard += "content" in answer
        assert "content" in answer or "problem" in answer or answer.get("unknown"), answer
    assert heard > 15


def test_a_recording_with_a_cover_is_no_film(tmp_path: Path) -> None:
    """What music shops sell has a picture in it."""
    file = _recording(tmp_path / "a.mp3", "libmp3lame")
    content = file.read_bytes()
    picture = b"\x89PNG\r\n\x1a\n" + bytes(60)
    body = b"\0image/png\0\3\0" + picture
    frame = b"APIC" + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = len(frame)
    header = b"ID3\3\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    start = 10 + sum((content[6 + k] & 127) << (21 - 7 * k) for k in range(4)) if content.startswith(b"ID3") else 0
    file.write_bytes(header + frame + content[start:])
    assert isinstance(recording_of(file), Audio)


def test_no_list_of_other_files_is_followed(service: MediaService, tmp_path: Path) -> None:
    """FFmpeg knows lists that name other files and addresses; nothing here reads them, whatever they are called."""
    (tmp_path / "secret.wav").write_bytes(_recording(tmp_path / "s.wav", "pcm_s16le", seconds=0.1).read_bytes())
    for name, text in (
        ("a.mp3", f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tmp_path}/secret.wav\n#EXT-X-ENDLIST\n"),
        ("b.mp3", f"ffconcat version 1.0\nfile {tmp_path}/secret.wav\n"),
    ):
        (tmp_path / name).write_text(text)
        assert "content" not in service.ask("samples", tmp_path / name)
        assert recording_of(tmp_path / name) is None

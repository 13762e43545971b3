"""Films and recordings by what stands in their files' headers: format, codec, size, length. It decodes nothing and knows no
engine, so that `vrclient check` can say in time what a visit could not play.

Sources: ISO/IEC 14496-12 (MP4 boxes), RFC 8794 and 9559 (WebM), RFC 3533 (Ogg), the RIFF/WAVE header, ISO/IEC 11172-3 (MP3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

H264 = "H.264"
PLAYABLE = (H264, "MPEG-4", "HEVC", "VP8", "VP9")
"""Codecs of films that the engine's FFmpeg plays."""

_MOST_HEADER = 64 * 2**20
_VIDEO_CODECS = {
    **dict.fromkeys(("avc1", "avc3", "V_MPEG4/ISO/AVC"), H264),
    **dict.fromkeys(("mp4v", "V_MPEG4/ISO/ASP"), "MPEG-4"),
    **dict.fromkeys(("hvc1", "hev1", "V_MPEGH/ISO/HEVC"), "HEVC"),
    **dict.fromkeys(("vp08", "V_VP8"), "VP8"),
    **dict.fromkeys(("vp09", "V_VP9"), "VP9"),
    **dict.fromkeys(("av01", "V_AV1"), "AV1"),
    **dict.fromkeys(("apch", "apcn", "apcs", "apco", "ap4h", "V_PRORES"), "ProRes"),
}


@dataclass(frozen=True, slots=True)
class Film:
    """codec: None where no picture is in it; width, height in pixels; seconds: None where the header does not say."""

    format: str
    codec: str | None
    width: int
    height: int
    seconds: float | None
    has_sound: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """seconds: None where the header does not say."""

    format: str
    channels: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Damaged:
    """Begins as what it should be, but is not whole. `reason` ends the sentence "'film.mp4' is damaged: ..."."""

    reason: str


def film_of(file: Path, /) -> Film | Damaged | None:
    """What a file of a film is; None where it is none that is known here. Raises OSError where it cannot be read."""
    with file.open("rb") as stream:
        start = stream.read(16)
        try:
            if start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
                return _mp4(stream, file.stat().st_size)
            if start.startswith(b"\x1a\x45\xdf\xa3"):
                return _webm(stream)
        except (struct.error, IndexError, ValueError, UnicodeDecodeError):
            return Damaged("its header is broken")
    return None


def recording_of(file: Path, /) -> Recording | Damaged | None:
    """What a file of a sound is; None where it is none that is known here. Raises OSError where it cannot be read."""
    with file.open("rb") as stream:
        start = stream.read(4096)
        try:
            if start.startswith(b"RIFF") and start[8:12] == b"WAVE":
                return _wave(start, file.stat().st_size)
            if start.startswith(b"OggS"):
                return _ogg(stream, start)
            if start.startswith(b"ID3") or (len(start) > 3 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2):
                return _mp3(stream, start, file.stat().st_size)
        except (struct.error, IndexError, ValueError, ZeroDivisionError):
            return Damaged("its header is broken")
    return None


def seconds_of(file: Path, /) -> float | None:
    """How long a recording or a film plays; None where its header does not say or the file cannot be read."""
    try:
        found = recording_of(file) or film_of(file)
    except OSError:
        return None
    return found.seconds if isinstance(found, Film | Recording) else None


def _mp4(stream: BinaryIO, size: int) -> Film | Damaged:
    at, moov = 0, b""
    while at + 8 <= size:
        stream.seek(at)
        length, name = struct.unpack(">I4s", stream.read(8))
        head = 8
        if length == 1:
            (length,) = struct.unpack(">Q", stream.read(8))
            head = 16
        length = length or size - at
        if length < head:
            return Damaged("its header is broken")
        if at + length > size:
            return Damaged("it ends too early")
        if name == b"moov":
            moov = stream.read(min(length - head, _MOST_HEADER))
        at += length
    if not moov:
        return Damaged("it lacks its table of contents; the copy or the export was broken off")
    seconds: float | None = None
    codec, width, height, has_sound = None, 0, 0, False
    for name, body in _boxes(moov):
        if name == b"mvhd":
            scale, duration = struct.unpack_from(">IQ" if body[0] else ">II", body, 20 if body[0] else 12)
            seconds = duration / scale if scale and duration else None
        elif name == b"trak":
            media = dict(_boxes(dict(_boxes(body)).get(b"mdia", b"")))
            handler = media.get(b"hdlr", b"")[8:12]
            table = dict(_boxes(dict(_boxes(media.get(b"minf", b""))).get(b"stbl", b""))).get(b"stsd", b"")
            has_sound = has_sound or handler == b"soun"
            if handler == b"vide" and codec is None and len(table) >= 8 + 36:
                written = table[12:16].decode("ascii")
                codec = _VIDEO_CODECS.get(written, written)
                width, height = struct.unpack_from(">HH", table, 8 + 32)
    return Film("MP4", codec, width, height, seconds, has_sound)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of the boxes that follow each other in `data`."""
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        length = length or len(data) - at
        if length < 8:
            return
        yield name, data[at + 8 : at + length]
        at += length


_SEGMENT, _INFO, _TRACKS, _ENTRY, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
_SCALE, _DURATION, _CODEC, _TYPE, _VIDEO, _WIDTH, _HEIGHT = 0x2AD7B1, 0x4489, 0x86, 0x83, 0xE0, 0xB0, 0xBA


def _webm(stream: BinaryIO) -> Film | Damaged:
    stream.seek(0)
    scale, ticks, codec, width, height, has_sound = 1_000_000, 0.0, None, 0, 0, False
    for name, body in _elements(stream.read(4 * 2**20)):
        if name == _SCALE:
            scale = int.from_bytes(body, "big")
        elif name == _DURATION:
            (ticks,) = struct.unpack(">f" if len(body) == 4 else ">d", body)
        elif name == _ENTRY:
            track = dict(_elements(body))
            has_sound = has_sound or track.get(_TYPE) == b"\x02"
            if track.get(_TYPE) == b"\x01" and codec is None:
                written = track.get(_CODEC, b"").rstrip(b"\0").decode("ascii")
                codec = _VIDEO_CODECS.get(written, written)
                width, height = (int.from_bytes(track.get(key, b""), "big") for key in (_WIDTH, _HEIGHT))
    if not width:
        return Damaged("its header is broken")
    return Film("WebM", codec, width, height, ticks * scale / 1e9 or None, has_sound)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, body) of EBML elements in `data`, of the groups that matter their contents; up to the first cluster."""
    at = 0
    while at < len(data):
        wide = 9 - data[at].bit_length()
        name = int.from_bytes(data[at : at + wide], "big")
        at += wide
        if name == _CLUSTER or at >= len(data):
            return
        wide = 9 - data[at].bit_length()
        length = int.from_bytes(data[at : at + wide], "big") & ((1 << 7 * wide) - 1)
        at += wide
        if name in (_SEGMENT, _INFO, _TRACKS, _VIDEO):
            continue
        yield name, data[at : at + length]
        at += length


def _wave(start: bytes, size: int) -> Recording | Damaged:
    at, channels, per_second = 12, 0, 0
    while at + 8 <= len(start):
        name, length = struct.unpack_from("<4sI", start, at)
        if name == b"fmt ":
            _, channels, _, per_second = struct.unpack_from("<HHII", start, at + 8)
        elif name == b"data":
            if at + 8 + length > size + 1 and length < 0xFFFFFFFF:
                return Damaged("it ends too early")
            return Recording("WAV", channels, length / per_second) if channels else Damaged("its header is broken")
        at += 8 + length + length % 2
    return Damaged("its header is broken")


def _ogg(stream: BinaryIO, start: bytes) -> Recording | Damaged | None:
    packet = start[27 + start[26] :]
    if packet.startswith(b"\x01vorbis"):
        name, channels, (rate,) = "Ogg Vorbis", packet[11], struct.unpack_from("<I", packet, 12)
    elif packet.startswith(b"OpusHead"):
        name, channels, rate = "Ogg Opus", packet[9], 48_000
    else:
        return None
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 2**16 - 4096))
    end = stream.read()
    last = end.rfind(b"OggS")
    if (
        last < 0
        or last + 27 > len(end)
        or len(end) < last + 27 + end[last + 26] + sum(end[last + 27 : last + 27 + end[last + 26]])
    ):
        return Damaged("it ends too early")
    (samples,) = struct.unpack_from("<q", end, last + 6)
    is_last = bool(end[last + 5] & 4)
    return Recording(name, channels, samples / rate) if is_last and samples > 0 else Damaged("it ends too early")


_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _mp3(stream: BinaryIO, start: bytes, size: int) -> Recording | Damaged | None:
    at = 0
    if start.startswith(b"ID3"):
        at = 10 + sum((start[6 + k] & 0x7F) << (21 - 7 * k) for k in range(4))
    stream.seek(at)
    frame = stream.read(4096)
    skipped = next((k for k in range(len(frame) - 4) if frame[k] == 0xFF and frame[k + 1] & 0xE6 == 0xE2), None)
    if skipped is None:
        return Damaged("no sound is in it") if at else None
    frame = frame[skipped:]
    version = frame[1] >> 3 & 3
    per_second = 1000 * _BITRATES[3 if version == 3 else 2][frame[2] >> 4] / 8
    rate = _RATES[version][frame[2] >> 2 & 3] if version in _RATES else 0
    channels = 1 if frame[3] >> 6 == 3 else 2
    counted = max(frame.find(b"Xing", 0, 200), frame.find(b"Info", 0, 200))
    if counted > 0 and frame[counted + 7] & 1:
        (frames,) = struct.unpack_from(">I", frame, counted + 8)
        return Recording("MP3", channels, frames * (1152 if version == 3 else 576) / rate)
    return Recording("MP3", channels, (size - at - skipped) / per_second)

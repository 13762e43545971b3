"""What is in a file, and a recording's samples; for the processes of worker.py alone."""

from typing import Any, BinaryIO

import av  # noqa: TID251
import numpy as np
from av.audio.resampler import AudioResampler  # noqa: TID251
from av.container import InputContainer  # noqa: TID251
from av.stream import Stream  # noqa: TID251
from numpy.typing import NDArray

from vrclient.media.container import READ_ERRORS, Unusable, opened, pictures_of, shown_size, sound_of, start_of

HIGHEST_RATE, LONG_RATE = 48_000, 24_000
"""Samples a second that are kept at most, of a recording, and of one that is long."""
LONG, LONGEST = 900.0, 3600.0
"""Seconds from which on a recording is long, and after which no more of it is decoded."""
HEARD_LATE = 0.04
"""Seconds by which a film's sound must begin later than its pictures, that this is meant and no codec's way of counting."""
HDR = (16, 18)
"""Transfer characteristics (ITU-T H.273, table 3): PQ and HLG."""
EARLY = 1.0
"""Seconds that may lack at the end of a file that is whole."""


def inspected(stream: BinaryIO, /) -> dict[str, Any]:
    """format; codec, width, height of its pictures as they are shown; whether it has `sound`, with how many `channels` in which
    `sound_codec`; `seconds` it takes; whether it `is_cut` off. codec and sound_codec are None where there is nothing of the
    kind."""
    is_cut = _is_cut(stream)
    with opened(stream) as container:
        film, sound = pictures_of(container), sound_of(container)
        found: dict[str, Any] = {
            "format": container.format.name,
            "codec": _codec(film),
            "width": 0,
            "height": 0,
            "sound_codec": _codec(sound),
            "channels": sound.codec_context.channels if sound is not None and sound.codec_context is not None else 0,
        }
        if film is not None and film.codec_context is not None:
            first = _first_picture(container)
            if first is None:
                raise Unusable("no picture in it can be decoded")
            found["is_hdr"] = first.color_trc in HDR
            found["width"], found["height"] = shown_size(first, film.sample_aspect_ratio)
            container.seek(0)
        written = container.duration / av.time_base if container.duration else None
        ends = _end(container, film or sound) - start_of(container)
        found["is_cut"] = is_cut or (film is not None and written is not None and ends < written - max(EARLY, 0.05 * written))
        is_estimate = written is None or (film is None and container.format.name in ("mp3", "aac"))
        found["seconds"] = (ends if is_estimate else written) or None
    return found


def _codec(stream: Stream | None) -> str | None:
    if stream is None:
        return None
    return stream.codec_context.codec.canonical_name if stream.codec_context is not None else "unknown"


def _is_cut(stream: BinaryIO) -> bool:
    """Whether a WAV or an Ogg file ends too early: FFmpeg reads on as if nothing were. Sources: the RIFF header; RFC 3533, 6."""
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(12)
    is_cut = False
    if start.startswith(b"RIFF"):
        length = int.from_bytes(start[4:8], "little")
        is_cut = length < 0xFFFFFFF0 and size + 1 < length + 8
    elif start.startswith(b"OggS"):
        stream.seek(max(0, size - 2 * 2**16))
        end = stream.read()
        last = end.rfind(b"OggS")
        is_cut = not end[last + 5 : last + 6] or not end[last + 5] & 4
    stream.seek(0)
    return is_cut


def _first_picture(container: InputContainer) -> "av.VideoFrame | None":
    film = pictures_of(container)
    for packet in container.demux(film):
        try:
            if frames := packet.decode():
                return frames[0]  # type: ignore[return-value]
        except READ_ERRORS:
            continue
    return None


def _end(container: InputContainer, stream: Stream | None) -> float:
    """When the last of what is in a file ends, by its packets: what headers say of it is often an estimate."""
    end = 0.0
    if stream is None:
        return end
    try:
        for packet in container.demux(stream):
            if packet.pts is not None and packet.time_base is not None:
                takes = packet.duration if packet.duration is not None and packet.duration < 2**31 else 0
                end = max(end, float((packet.pts + takes) * packet.time_base))
    except READ_ERRORS:
        pass
    return end


def samples(stream: BinaryIO, /) -> tuple[int, "NDArray[np.int16]"]:
    """(samples a second, [S] int16) of a recording, or of a film's sound: in one channel, from the file's own beginning to its
    end, so that pictures and sound stay together. Raises Unusable where none can be decoded."""
    with opened(stream) as container:
        sound, film = sound_of(container), pictures_of(container)
        if sound is None:
            raise Unusable("there is no sound in it")
        seconds = container.duration / av.time_base if container.duration else 0.0
        rate = min(sound.codec_context.sample_rate or HIGHEST_RATE, LONG_RATE if seconds > LONG else HIGHEST_RATE)
        resampler = AudioResampler("s16", "mono", rate)
        begins, at = start_of(container), 0
        pieces: list[NDArray[np.int16]] = []
        for packet in container.demux(sound):
            try:
                frames = packet.decode()
            except READ_ERRORS:
                continue
            for frame in frames:
                if film is not None and not pieces and frame.pts is not None and frame.time_base is not None:
                    late = float(frame.pts * frame.time_base) - begins
                    pieces.append(np.zeros(round(late * rate) if late > HEARD_LATE else 0, np.int16))
                    at += len(pieces[-1])
                frame.pts = None
                for part in resampler.resample(frame):
                    pieces.append(part.to_ndarray().reshape(-1).astype(np.int16, copy=False))
                    at += len(pieces[-1])
            if at > LONGEST * rate:
                break
        for part in resampler.resample(None):
            pieces.append(part.to_ndarray().reshape(-1).astype(np.int16, copy=False))
        whole = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        if not whole.size:
            raise Unusable("there is no sound in it")
        if seconds and container.format.name not in ("mp3", "aac"):  # their headers estimate
            whole = whole[: round(seconds * rate)]
            if film is not None:
                whole = np.pad(whole, (0, max(0, round(seconds * rate) - len(whole))))
    return rate, whole[: round(LONGEST * rate)]

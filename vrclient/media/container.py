"""Files opened by FFmpeg, for the processes of worker.py alone: a damaged file may end whoever opens it."""

import struct
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, BinaryIO

import av  # noqa: TID251
import numpy as np
from av.audio.stream import AudioStream  # noqa: TID251
from av.container import InputContainer  # noqa: TID251
from av.error import FFmpegError  # noqa: TID251
from av.sidedata.sidedata import Type as SideData  # noqa: TID251
from av.stream import Disposition  # noqa: TID251
from av.video.frame import VideoFrame  # noqa: TID251
from av.video.stream import VideoStream  # noqa: TID251
from numpy.typing import NDArray

from vrclient.media.limits import LONGEST_SIDE, MOST_ASPECT, MOST_PIXELS, MOST_SHOWN

READ_ERRORS = (FFmpegError, OSError, ValueError)
"""What FFmpeg says of damaged places, and what Python does where FFmpeg is led to read beyond the file."""

FORMATS = "mov,matroska,ogg,wav,mp3,flac,aac"
"""Nothing else is tried: FFmpeg also knows lists of other files and addresses on a network."""


class Unusable(Exception):
    """The text ends the sentence "'film.mp4' is damaged: ..."."""


class Unknown(Exception):
    """The file is of no kind that is read here."""


def opened(stream: BinaryIO, /) -> AbstractContextManager[InputContainer]:
    """A container to be read. Raises Unknown, Unusable, and whatever else a file can make FFmpeg say."""
    options = {"protocol_whitelist": "", "format_whitelist": FORMATS}
    try:
        return av.open(stream, "r", options=options, metadata_errors="replace")
    except READ_ERRORS as error:
        raise _why_not(stream) from error


def _why_not(stream: BinaryIO) -> Exception:
    """What to say of a file that FFmpeg does not open."""
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(16)
    if start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):  # MP4: boxes, each with its length (ISO/IEC 14496-12)
        at = 0
        while at + 8 <= size:
            stream.seek(at)
            (length,) = struct.unpack(">I", stream.read(4))
            if length == 1 and at + 16 <= size:
                stream.seek(at + 8)
                (length,) = struct.unpack(">Q", stream.read(8))
            if length == 0:
                break
            if length < 8:
                return Unusable("its header is broken")
            at += length
        return Unusable(
            "it ends too early" if at > size else "it lacks its table of contents; the copy or the export was interrupted"
        )
    if start.startswith(b"OggS"):
        return Unusable("it ends too early, or its header is broken")
    known = start.startswith((b"\x1a\x45\xdf\xa3", b"RIFF", b"fLaC", b"ID3"))
    return Unusable("its header is broken") if known else Unknown()


def pictures_of(container: InputContainer, /) -> VideoStream | None:
    """The film in a file; a recording's cover is none. Without a codec_context where there is no decoder for it."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    found = next((one for one in container.streams.video if not one.disposition & covers), None)
    if found is not None and found.codec_context is not None:
        width, height = found.codec_context.width, found.codec_context.height
        if width * height > MOST_PIXELS:
            raise Unusable(f"its pictures of {width} x {height} pixels are too large to be decoded")
        found.thread_type = "AUTO"
        found.codec_context.thread_count = 2
        found.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return found


def sound_of(container: InputContainer, /) -> AudioStream | None:
    return next(iter(container.streams.audio), None)


def start_of(container: InputContainer, /) -> float:
    """Seconds on the file's own clock at which it begins."""
    return (container.start_time or 0) / av.time_base


def matrix_of(frame: VideoFrame, /) -> tuple[int, int, int, int]:
    """(a, b, c, d) of the display matrix: a point (x, y) of the picture, y down, is shown at (a x + c y, b x + d y)."""
    data: Any = frame.side_data.get(SideData.DISPLAYMATRIX)  # type: ignore[call-overload]
    if data is None or data.buffer_size < 36:
        return (1, 0, 0, 1)
    a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].tolist()
    return (a, b, c, d)


def upright(pixels: NDArray[np.uint8], matrix: tuple[int, int, int, int], /) -> NDArray[np.uint8]:
    """[H, W, C], row 0 on top, turned by quarters and mirrored as the display matrix says: a view."""
    a, b, c, d = matrix
    if is_sideways(matrix):
        turned = pixels.transpose(1, 0, 2)
        return turned[:: -1 if b < 0 else 1, :: -1 if c < 0 else 1]
    return pixels[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]


def is_sideways(matrix: tuple[int, int, int, int], /) -> bool:
    a, b, c, d = matrix
    return abs(b) + abs(c) > abs(a) + abs(d)


def shown_size(frame: VideoFrame, pixel_aspect: Fraction | None, /) -> tuple[int, int]:
    """Width and height of a film's pictures as they are meant: with square pixels, upright; not yet made smaller."""
    width, height = float(frame.width), float(frame.height)
    if pixel_aspect is not None and pixel_aspect > 0:
        aspect = float(np.clip(float(pixel_aspect), 1 / MOST_ASPECT, MOST_ASPECT))
        width, height = (width * aspect, height) if aspect > 1.0 else (width, height / aspect)
    size = (max(1, round(width)), max(1, round(height)))
    return size[::-1] if is_sideways(matrix_of(frame)) else size


def fitted(size: tuple[int, int], /) -> tuple[int, int]:
    """A size made small enough to be shown, in the same shape. Raises Unusable for a shape that is none for a screen."""
    width, height = size
    if max(size) > MOST_ASPECT * min(size):
        raise Unusable(f"its picture of {width} x {height} pixels is too narrow to be shown")
    scale = min(1.0, (MOST_SHOWN / (width * height)) ** 0.5, LONGEST_SIDE / max(size))
    return (max(1, int(width * scale)), max(1, int(height * scale)))

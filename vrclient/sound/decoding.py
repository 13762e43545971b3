"""Recordings decoded to one channel in memory, a slice at a time, for a thread beside the frames: the engine keeps Python's lock
within each of its calls, and no slice takes a millisecond. It plays nothing.

One channel, because only such a sound can come from a place, and because it is the same in both ears where one asks for that."""

import io
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from panda3d.core import (
    Datagram,
    Filename,
    MovieAudio,
    VirtualFileMountRamdisk,
    VirtualFileSystem,
    load_prc_file_data,
)

LONGEST = 900.0
"""Seconds that are decoded as a whole; what is longer is streamed from its file as it is."""

_SLICE = 4096
_FOLDER = "/vrclient-sounds"


class Unplayable(Exception):
    """The text says why, in words that continue "'lake.ogg' cannot be played: "."""


class DecodedFiles:
    """Recordings as WAV files in the engine's memory. One at a time; any thread."""

    def __init__(self) -> None:
        load_prc_file_data("vrclient", "load-audio-type p3ffmpeg\nnotify-level-ffmpeg fatal\nnotify-level-movies fatal")
        self._files = VirtualFileSystem.get_global_ptr()
        self._files.mount(VirtualFileMountRamdisk(), Filename(_FOLDER), 0)
        self._count = 0

    def add(self, file: Path, /, *, give_way: Callable[[], None]) -> Filename:
        """Where the decoded recording is. `give_way` is called between slices, and may raise to break off. Raises Unplayable."""
        original = Filename.from_os_specific(str(file))
        if not file.is_file():
            raise Unplayable("the file is gone")
        cursor = MovieAudio.get(original).open()
        if cursor is None or cursor.audio_channels() < 1:
            raise Unplayable("no sound is in it, or it is in a form that is not known here")
        rate, length = cursor.audio_rate(), cursor.length()
        if not 0.0 < length <= LONGEST:
            return original
        left, slices = round(length * rate), []
        while left > 0:
            slices.append(_one_channel(cursor)[:left])
            left -= len(slices[-1])
            if not len(slices[-1]):
                break
            give_way()
        samples = np.concatenate([np.zeros(0, np.int16), *slices])
        if not len(samples):
            raise Unplayable("no sound is in it")
        written = io.BytesIO()
        with wave.open(written, "wb") as output:
            output.setnchannels(1)
            output.setsampwidth(2)
            output.setframerate(rate)
            output.writeframes(samples.astype("<i2").tobytes())
        self._count += 1
        decoded = Filename(f"{_FOLDER}/{self._count}.wav")
        if not self._files.write_file(decoded, written.getvalue(), False):
            raise Unplayable("there is no memory for it")
        return decoded

    def remove(self, decoded: Filename, /) -> None:
        """Gives the memory of a recording back."""
        if decoded.get_fullpath().startswith(_FOLDER):
            self._files.delete_file(decoded)


def _one_channel(cursor: object) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """The next slice, [S] int16: all channels in equal parts."""
    message = Datagram()
    cursor.read_samples(_SLICE, message)  # type: ignore[attr-defined]
    samples = np.frombuffer(message.get_message(), "<i2")
    channels: int = cursor.audio_channels()  # type: ignore[attr-defined]
    whole = samples[: len(samples) // channels * channels].reshape(-1, channels)
    return whole[:, 0] if channels == 1 else whole.mean(axis=1).astype(np.int16)

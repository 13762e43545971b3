"""Recordings decoded to one channel in memory, by a process beside the program (media/): this end takes them over in small
pieces, and no piece takes a millisecond. It plays nothing.

One channel, because only such a sound can come from a place, and because it is the same in both ears where one asks for that."""

import struct
from collections.abc import Callable
from pathlib import Path

from panda3d.core import Filename, StreamWriter, VirtualFileMountRamdisk, VirtualFileSystem  # noqa: TID251

from vrclient.media.service import DoesNotStart, MediaService

_BLOCK = 1 << 18
_FOLDER = "/vrclient-sounds"


class Unplayable(Exception):
    """The text says why, in words that continue "'lake.ogg' cannot be played: "."""


class DecodedFiles:
    """Recordings as WAV files in the engine's memory. One at a time; any thread."""

    def __init__(self) -> None:
        self._files = VirtualFileSystem.get_global_ptr()
        self._files.mount(VirtualFileMountRamdisk(), Filename(_FOLDER), 0)
        self._service = MediaService()
        self._count = 0

    def add(self, file: Path, /, *, give_way: Callable[[], None]) -> Filename:
        """Where the decoded recording is. `give_way` is called between pieces, and may raise to break off. Raises Unplayable."""
        if not file.is_file():
            raise Unplayable("the file is gone")
        try:
            answer = self._service.ask("samples", file, give_way=give_way)
        except DoesNotStart as error:
            raise Unplayable(f"the process that reads films and sounds does not start ({error})") from error
        if "unreadable" in answer:
            raise Unplayable(answer["unreadable"])
        if "content" not in answer:
            raise Unplayable(answer.get("problem", "there is no sound in it, or its format is not supported"))
        self._count += 1
        decoded = Filename(f"{_FOLDER}/{self._count}.wav")
        self._write(decoded, answer["content"], answer["rate"], give_way)
        return decoded

    def remove(self, decoded: Filename, /) -> None:
        """Gives the memory of a recording back."""
        self._files.delete_file(decoded)

    def close(self) -> None:
        """Ends the process, in the middle of a recording too."""
        self._service.close()

    def _write(self, decoded: Filename, samples: bytearray, rate: int, give_way: Callable[[], None]) -> None:
        size = len(samples)
        header = struct.pack(
            "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", size
        )
        if not self._files.write_file(decoded, header, False):
            raise Unplayable("there is not enough memory for it")
        stream = self._files.open_append_file(decoded)
        writer = StreamWriter(stream, False)
        try:
            for at in range(0, size, _BLOCK):
                writer.append_data(bytes(samples[at : at + _BLOCK]))
                give_way()
        finally:
            self._files.close_write_file(stream)

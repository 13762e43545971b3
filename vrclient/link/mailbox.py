"""The newest message of one writer to one reader. Two slots are written in turn, each with a number that counts up and a
checksum: who reads takes the newest that is whole, so that a writer killed in the middle of a message leaves the one before
it."""

import struct
import zlib

SLOT = 16 * 1024
"""Bytes of a slot."""
SIZE = 2 * SLOT
_HEAD = struct.Struct("<QII")
LONGEST = SLOT - _HEAD.size
"""Bytes of a message."""


class Mailbox:
    """Over SIZE bytes of memory, zero at first. Only one of its two ends writes."""

    def __init__(self, memory: memoryview, /) -> None:
        if len(memory) != SIZE:
            raise ValueError(f"a mailbox takes {SIZE} bytes, not {len(memory)}")
        self._slots = memory[:SLOT], memory[SLOT:]
        self._number = max((number for number, _ in self._whole()), default=0)

    def write(self, message: bytes, /) -> int:
        """Puts a message in place of the last but one; its number, from 1. Raises ValueError for one longer than LONGEST."""
        if len(message) > LONGEST:
            raise ValueError(f"a message of {len(message)} bytes; at most {LONGEST} fit")
        self._number += 1
        slot = self._slots[self._number % 2]
        _HEAD.pack_into(slot, 0, 0, 0, 0)  # whoever reads from here on finds no message
        slot[_HEAD.size : _HEAD.size + len(message)] = message
        _HEAD.pack_into(slot, 0, self._number, len(message), _checksum(self._number, message))
        return self._number

    def read(self) -> tuple[int, bytes] | None:
        """Number and text of the newest message that is whole; None where there is none."""
        return max(self._whole(), default=None)

    def newest(self) -> int:
        """The number that the newest message claims to have: a quick look at whether reading is worth while."""
        return max(int(_HEAD.unpack_from(slot)[0]) for slot in self._slots)

    def _whole(self) -> list[tuple[int, bytes]]:
        found = []
        for slot in self._slots:
            number, length, checksum = _HEAD.unpack_from(slot)
            if number and length <= LONGEST:
                message = bytes(slot[_HEAD.size : _HEAD.size + length])
                if checksum == _checksum(number, message):
                    found.append((number, message))
        return found


def _checksum(number: int, message: bytes) -> int:
    return zlib.crc32(message, zlib.crc32(number.to_bytes(8, "little")))

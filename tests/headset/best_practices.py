"""What Khronos' layer for best practices has to say. As the wheel builds it, it prints nothing on Linux: it only counts, in a
table of its own (`BPLogger::errorCounts`, an unordered_map<string, int>), which is read here from its memory.

What it knows of frames is kept in the library as well, for the whole process, and a session that is lost within a frame puts it
out of step for good. So each instance gets a copy of the library, which knows nothing of those before.

Sources: the ELF specification (symbol table), GCC's bits/hashtable.h (a list of nodes: next, value, hash)."""

import ctypes
import json
import shutil
import struct
from functools import cache
from pathlib import Path

NAME = "XR_APILAYER_KHRONOS_best_practices_validation"
TABLE = b"_ZN8BPLogger11errorCountsB5cxx11E"
FIRST_NODE, COUNT = 16, 24
"""Bytes from the start of the table."""


class LayerCopy:
    """A copy of the layer's library and its manifest, to be loaded by the instance that is made next. Two files of one name would
    be one library to the system, so each has a number."""

    def __init__(self, original: Path, folder: Path, number: int) -> None:
        """`original`: the manifest of the layer."""
        manifest = json.loads(original.read_text())
        library = original.parent / manifest["api_layer"]["library_path"]
        self._library = folder / f"best_practices_{number}.so"
        shutil.copyfile(library, self._library)
        manifest["api_layer"]["library_path"] = str(self._library)
        (folder / "best_practices.json").write_text(json.dumps(manifest))
        self._offset = _symbol(library.resolve(), TABLE)

    def messages(self) -> list[str]:
        """Each once; while the instance lives. AssertionError where the layer was not loaded, so does not watch."""
        table = _base(self._library) + self._offset
        node, found = _pointer(table + FIRST_NODE), []
        while node:
            found.append(ctypes.string_at(_pointer(node + 8), _pointer(node + 16)).decode())
            node = _pointer(node)
        assert len(found) == _pointer(table + COUNT), "the layer's table is laid out in another way"
        return found

    def close(self) -> None:
        """The file goes; whoever has loaded it keeps it."""
        self._library.unlink(missing_ok=True)


def _pointer(address: int) -> int:
    return ctypes.c_size_t.from_address(address).value


def _base(library: Path) -> int:
    """Where the library was loaded to: the lowest address that is mapped from its file."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    mapped = [int(line.split("-")[0], 16) for line in maps if line.endswith(str(library))]
    assert mapped, "the layer for best practices was not loaded"
    return min(mapped)


@cache
def _symbol(path: Path, wanted: bytes) -> int:
    """The value of a symbol in the symbol table of a 64 bit little-endian ELF file."""
    data = path.read_bytes()
    (start,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + number * size) for number in range(count)]
    for _, kind, _, _, offset, length, link, *_ in sections:
        if kind != 2:  # SHT_SYMTAB
            continue
        names = sections[link][4]
        for at in range(offset, offset + length, 24):
            name, _, _, _, value, _ = struct.unpack_from("<IBBHQQ", data, at)
            if data[names + name : names + name + len(wanted) + 1] == wanted + b"\0":
                return int(value)
    raise AssertionError(f"{path} has no symbol {wanted.decode()}")

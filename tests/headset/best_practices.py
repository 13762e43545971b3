"""What Khronos' layer for best practices has to say. As the wheel builds it, it prints nothing on Linux: it only counts, in a
table of its own (`BPLogger::errorCounts`, an unordered_map<string, int>), which is read here from its memory.

Sources: the ELF specification (symbol table), GCC's bits/hashtable.h (a list of nodes: next, value, hash)."""

import ctypes
import json
import os
import struct
from pathlib import Path

import xr

NAME = "XR_APILAYER_KHRONOS_best_practices_validation"
TABLE = b"_ZN8BPLogger11errorCountsB5cxx11E"
FIRST_NODE, COUNT = 16, 24
"""Bytes from the start of the table."""


class BestPractices:
    """`messages` are those since this object was made. The layer's library is kept loaded, so that they outlive an instance."""

    def __init__(self) -> None:
        xr.expose_packaged_api_layers()
        self._library = ctypes.CDLL(str(_library()))
        self._table = _base(self._library) + _symbol(_library(), TABLE)
        self._before = self._counts()

    def messages(self) -> list[str]:
        """Each once."""
        return [text for text, count in self._counts().items() if count != self._before.get(text, 0)]

    def _counts(self) -> dict[str, int]:
        node = _pointer(self._table + FIRST_NODE)
        counts = {}
        while node:
            text = ctypes.string_at(_pointer(node + 8), _pointer(node + 16)).decode()
            counts[text] = ctypes.c_int.from_address(node + 40).value
            node = _pointer(node)
        assert len(counts) == _pointer(self._table + COUNT), "the layer's table is laid out in another way"
        return counts


def _pointer(address: int) -> int:
    return ctypes.c_size_t.from_address(address).value


def _library() -> Path:
    for folder in os.environ["XR_API_LAYER_PATH"].split(os.pathsep):
        for manifest in Path(folder).glob("*.json"):
            layer = json.loads(manifest.read_text())["api_layer"]
            if layer["name"] == NAME:
                return (manifest.parent / layer["library_path"]).resolve()
    raise AssertionError(f"{NAME} is not there")


def _base(library: ctypes.CDLL) -> int:
    """Where the library was loaded to: the lowest address that is mapped from its file."""
    name = str(Path(library._name).resolve())
    maps = Path("/proc/self/maps").read_text().splitlines()
    return min(int(line.split("-")[0], 16) for line in maps if line.endswith(name))


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

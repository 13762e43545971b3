"""The library that passes all names on: what is written is what is read, for any names."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.bundle.python3_dll import exports, library_of_forwarders, passing_on

NAMES = st.text(st.characters(codec="ascii", categories=("L", "Nd")), min_size=1, max_size=40)


@given(st.dictionaries(NAMES, NAMES.map("python311.{}".format), min_size=1, max_size=300))
def test_every_name_is_exported_and_passed_on(forwarders: dict[str, str]) -> None:
    library = library_of_forwarders("python3.dll", forwarders)
    assert exports(library) == sorted(forwarders)
    places = struct.unpack_from("<II", library, 0x40 + 24 + 112)  # the export directory: address, size
    assert places[0] == 0x1000 and len(library) % 0x200 == 0
    for name, target in forwarders.items():
        assert name.encode() + b"\0" + target.encode() + b"\0" in library


@given(st.dictionaries(NAMES, NAMES, min_size=1, max_size=50))
def test_a_forwarder_lies_within_the_export_directory(forwarders: dict[str, str]) -> None:
    """By that alone Windows tells it from code."""
    library = library_of_forwarders("x.dll", forwarders)
    address, size = struct.unpack_from("<II", library, 0x40 + 24 + 112)
    count, functions = (struct.unpack_from("<I", library, 0x400 + at)[0] for at in (20, 28))
    targets = struct.unpack_from(f"<{count}I", library, functions - 0x1000 + 0x400)
    assert all(address <= one < address + size for one in targets)
    image = struct.unpack_from("<I", library, 0x40 + 24 + 56)[0]
    assert image % 0x1000 == 0 and image >= address + size


def test_it_passes_on_what_the_other_exports() -> None:
    python = library_of_forwarders("python311.dll", {"PyList_New": "x.y", "_Py_NoneStruct": "x.z"})
    library = passing_on(python, "python311")
    assert exports(library) == ["PyList_New", "_Py_NoneStruct"]
    assert b"python311.PyList_New\0" in library


@given(st.binary(max_size=200))
def test_what_is_no_library_is_refused(content: bytes) -> None:
    for data in (content, b"MZ" + content, library_of_forwarders("x.dll", {"a": "b.c"})[: 300 + len(content)]):
        with pytest.raises(ValueError, match="this"):
            exports(data)

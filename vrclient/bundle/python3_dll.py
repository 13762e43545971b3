"""python3.dll: what wheels for any version of Python (abi3) ask for. It passes every name on to this version's library. Panda3D's
wheel lacks it, and it holds no code: so it is written here, as a library of exports alone (PE32+, and in it the export directory
with forwarders: Microsoft, "PE Format", .edata)."""

import struct

_SECTION, _FILE = 0x1000, 0x200
"""Alignments, in memory and in the file."""
_HEADERS = 0x400


def passing_on(library: bytes, name: str, /) -> bytes:
    """The bytes of python3.dll for the library `name`, such as "python311", whose bytes are `library`. Raises ValueError."""
    return library_of_forwarders("python3.dll", {one: f"{name}.{one}" for one in exports(library)})


def exports(library: bytes, /) -> list[str]:
    """The names that a 64 bit DLL exports. Raises ValueError where it is none."""
    try:
        (header,) = struct.unpack_from("<I", library, 0x3C)
        if library[:2] != b"MZ" or library[header : header + 4] != b"PE\0\0":
            raise ValueError("this is no DLL")
        sections, optional = struct.unpack_from("<H", library, header + 6)[0], struct.unpack_from("<H", library, header + 20)[0]
        (directory,) = struct.unpack_from("<I", library, header + 24 + 112)
        table = [struct.unpack_from("<8sIIII", library, header + 24 + optional + 40 * number) for number in range(sections)]

        def offset(address: int) -> int:
            for _, size, begins, _, raw in table:
                if begins <= address < begins + size:
                    return address - begins + raw
            raise ValueError("this DLL is damaged")

        count, _, names = struct.unpack_from("<III", library, offset(directory) + 24)
        addresses = struct.unpack_from(f"<{count}I", library, offset(names))
        starts = [offset(one) for one in addresses]
        return [library[one : library.index(b"\0", one)].decode("ascii") for one in starts]
    except struct.error:
        raise ValueError("this DLL is damaged") from None


def library_of_forwarders(name: str, forwarders: dict[str, str], /) -> bytes:
    """A 64 bit DLL that exports the keys, each as "library.name"."""
    names = sorted(forwarders, key=lambda one: one.encode("ascii"))  # Windows searches by halves
    count = len(names)
    functions = 40
    name_table = functions + 4 * count
    ordinals = name_table + 4 * count
    texts = ordinals + 2 * count
    texts += -texts % 4
    pool = name.encode("ascii") + b"\0"
    places, targets = [], []
    for one in names:
        places.append(_SECTION + texts + len(pool))
        pool += one.encode("ascii") + b"\0"
        targets.append(_SECTION + texts + len(pool))
        pool += forwarders[one].encode("ascii") + b"\0"
    directory = struct.pack(
        "<IIHHIIIIIII", 0, 0, 0, 0, _SECTION + texts, 1, count, count,
        _SECTION + functions, _SECTION + name_table, _SECTION + ordinals,
    )  # fmt: skip
    body = directory + struct.pack(f"<{count}I", *targets) + struct.pack(f"<{count}I", *places)
    body = (body + struct.pack(f"<{count}H", *range(count))).ljust(texts, b"\0") + pool
    raw = len(body) + -len(body) % _FILE
    in_memory = _SECTION + len(body) + -len(body) % _SECTION
    flags = 0x2022  # executable image, large addresses, DLL
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, flags)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 0, raw, 0, 0, 0, 0x180000000, _SECTION, _FILE, 6, 0, 0, 0, 6, 0, 0,
        in_memory, _HEADERS, 0, 2, 0x0160, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    optional += struct.pack("<II", _SECTION, len(body)) + bytes(8 * 15)  # the export directory, and no other
    section = struct.pack("<8sIIIIIIHHI", b".edata", len(body), _SECTION, raw, _HEADERS, 0, 0, 0, 0, 0x40000040)
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    return (dos + b"PE\0\0" + coff + optional + section).ljust(_HEADERS, b"\0") + body.ljust(raw, b"\0")

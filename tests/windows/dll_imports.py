"""Which libraries a file of Windows asks for: the import directory of a 64 bit PE file (Microsoft, "PE Format")."""

import struct


def imports(file: bytes, /) -> set[str]:
    """Their names in small letters; none for one of 32 bits, which a 64 bit program does not load."""
    (header,) = struct.unpack_from("<I", file, 0x3C)
    count, optional, kind = struct.unpack_from("<H12xHxxH", file, header + 6)
    if kind != 0x20B:
        return set()
    sections = [struct.unpack_from("<8xIIII", file, header + 24 + optional + 40 * number) for number in range(count)]

    def offset(address: int) -> int:
        return next(raw + address - begins for size, begins, length, raw in sections if 0 <= address - begins < max(size, length))

    (directory,) = struct.unpack_from("<I", file, header + 24 + 112 + 8)
    found = set()
    at = offset(directory) if directory else len(file)
    while at + 20 <= len(file) and any(entry := struct.unpack_from("<5I", file, at)):
        start = offset(entry[3])
        found.add(file[start : file.index(b"\0", start)].decode("ascii").lower())
        at += 20
    return found

"""Byte code, and programs with Panda3D's stub; run as a file by a Python of its own, which has loaded nothing else:

    python -I -S compiled.py FOLDER JSON

What it writes depends on its input and on Python's version alone. So it imports nothing of vrclient. JSON: {"programs":
[[file, stub], ...], "start": its text}, files relative to FOLDER, where the stubs lie and vanish."""

import importlib.util
import json
import marshal
import struct
import sys
from pathlib import Path
from types import CodeType

OPTIMIZED = 1
"""What Panda3D's stub sets: no assertions, and byte code files of that name."""
LIBRARY = "python/lib"
FROZEN = "encodings"
"""Python asks for it before it can be told where modules are."""

_POINTERS = 12
_HEADER = struct.Struct(f"<QQHHHH8x{_POINTERS}QQ")
_ENTRY = struct.Struct("<QQixxxx")
_UNSET = b"\xff" * 8 + bytes(_HEADER.size - 8)
"""What the stub's variable `blobinfo` holds, by which it finds its modules, before anything was put there."""
_KEEP_DOCSTRINGS = 4
_PAGE = 4096


def main() -> None:
    folder, work = Path(sys.argv[1]), json.loads(sys.argv[2])
    sources = sorted((folder / "python").rglob("*.py"))
    for number, file in enumerate(sources):
        write_byte_code(file, file.relative_to(folder).as_posix())
        if number % 50 == 0:
            print(number, len(sources), flush=True)  # noqa: T201
    modules = {"__main__": (compile(work["start"], "start.py", "exec", optimize=OPTIMIZED), False)}
    for file in sorted((folder / LIBRARY / FROZEN).glob("*.py")):
        name = FROZEN if file.stem == "__init__" else f"{FROZEN}.{file.stem}"
        modules[name] = (compile(file.read_bytes(), f"{FROZEN}/{file.name}", "exec", optimize=OPTIMIZED), name == FROZEN)
    for target, stub in work["programs"]:
        (folder / target).write_bytes(program((folder / stub).read_bytes(), modules))
        (folder / target).chmod(0o755)
    for stub in {stub for _, stub in work["programs"]}:
        (folder / stub).unlink()


def write_byte_code(file: Path, name: str, /) -> None:
    """Where Python looks for it; it is never compared with the source's time. A file that is no Python of this version has none,
    as where it is installed."""
    source = file.read_bytes()
    try:
        code = compile(source, name, "exec", dont_inherit=True, optimize=OPTIMIZED)
    except (SyntaxError, ValueError):
        return
    target = Path(importlib.util.cache_from_source(str(file), optimization=OPTIMIZED))
    target.parent.mkdir(exist_ok=True)
    flags = 0b01  # named after its source's hash, which is not looked at
    head = importlib.util.MAGIC_NUMBER + struct.pack("<I", flags) + importlib.util.source_hash(source)
    target.write_bytes(head + marshal.dumps(code))


def program(stub: bytes, modules: "dict[str, tuple[CodeType, bool]]", /) -> bytes:
    """The stub with these modules, name -> (code, whether it is a package): as direct.dist.FreezeTool of Panda3D 1.10 lays them
    out. Raises ValueError for a stub of another kind."""
    where = _of_elf(stub, b"blobinfo") if stub.startswith(b"\x7fELF") else stub.find(_UNSET)
    if where < 0 or not stub.startswith(_UNSET, where):
        raise ValueError("Panda3D's deploy-stub is not of the kind that is known here")
    table, pool = b"", b""
    begins = _ENTRY.size * (len(modules) + 1)
    for name, (code, is_package) in modules.items():
        text = name.encode("ascii") + b"\0"
        data = marshal.dumps(code)
        at = len(pool) + len(text)
        at += -at % 4
        table += _ENTRY.pack(begins + len(pool), begins + at, -len(data) if is_package else len(data))
        pool = (pool + text).ljust(at, b"\0") + data
    blob = table + bytes(_ENTRY.size) + pool
    blob = blob.ljust(len(blob) + -len(blob) % 32, b"\0")
    offset = len(stub) + -len(stub) % _PAGE
    header = _HEADER.pack(offset, len(blob), 1, _POINTERS, 0, _KEEP_DOCSTRINGS, 0, *[0] * _POINTERS)
    return (stub[:where] + header + stub[where + len(header) :]).ljust(offset, b"\0") + blob


def _of_elf(file: bytes, symbol: bytes) -> int:
    """Where in a 64 bit ELF file a variable that it exports lies; -1 where it exports none of that name."""
    (table,), (size, count) = struct.unpack_from("<Q", file, 40), struct.unpack_from("<HH", file, 58)
    sections = [struct.unpack_from("<IIQQQQII", file, table + size * number) for number in range(count)]
    for _, kind, _, _, begins, length, names, _ in sections:
        if kind != 11:  # SHT_DYNSYM
            continue
        for at in range(begins, begins + length, 24):
            name, _, _, section, value = struct.unpack_from("<IBBHQ", file, at)
            if file.startswith(symbol + b"\0", sections[names][4] + name):
                return sections[section][4] + value - sections[section][3]
    return -1


if __name__ == "__main__":
    main()

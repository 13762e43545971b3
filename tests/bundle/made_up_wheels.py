"""Small wheels with the names and versions that the client needs, so that a bundle can be made of them in seconds and without a
network. Their Python, its library and the client are real."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import panda3d_tools

from vrclient.bundle.systems import System
from vrclient.bundle.wheels import _closure, _pinned

STUB = Path(panda3d_tools.__file__).with_name("deploy-stub")


def write_wheels(folder: Path, system: System, /, *, more: Mapping[str, Mapping[str, bytes]] | None = None) -> None:
    """All that a bundle for `system` needs. `more`: package -> path in it -> content."""
    folder.mkdir(exist_ok=True)
    pinned = _pinned(system)
    lacking = _closure(system, folder, pinned)[1]
    while lacking:  # what is there asks for nothing more
        for name in lacking:
            python = f"cp{_python()}-cp{_python()}-{system.platforms[0]}" if name == "panda3d" else "py3-none-any"
            module = name.replace("-", "_")
            files = {f"{module}/__init__.py": f"NAME = {name!r}\n".encode(), f"{module}/tests/test_it.py": b"assert False\n"}
            files |= (more or {}).get(name, {})
            _write(folder / f"{module}-{pinned[name]}-{python}.whl", name, pinned[name], files)
        lacking = _closure(system, folder, pinned)[1]


def _python() -> str:
    import sys

    return "{}{}".format(*sys.version_info[:2])


def _write(path: Path, name: str, version: str, files: Mapping[str, bytes]) -> None:
    about = f"{path.name.split('-')[0]}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense-Expression: Zlib\n"
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in {
            **files,
            f"{about}/METADATA": metadata.encode(),
            f"{about}/licenses/LICENSE": f"You may use {name} as you like.".encode(),
            f"{about}/RECORD": b"",
        }.items():
            archive.writestr(entry, content)

"""Python itself. Panda3D's wheel has the interpreter (on Windows python3XX.dll, on Linux within the program's stub) and its
compiled modules; the rest of its library, which is the same on every system, is this Python's own. So both are of one version,
such as 3.11; the last number of the version may differ."""

import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

from vrclient.bundle import left_out, python3_dll
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.start import FOLDERS
from vrclient.bundle.systems import RUNTIME, System
from vrclient.bundle.wheels import Wheel

LIBRARY, COMPILED, _ = FOLDERS
ENGINE = "panda3d"
PARTS, STUBS = "deploy_libs/", "panda3d_tools/"
RUNTIMES = ("vcruntime140.dll", "vcruntime140_1.dll")
"""What the interpreter and all modules are linked with; Windows looks for it beside the program."""


def write(folder: Path, system: System, wheels: Mapping[str, Wheel], /) -> None:
    """All of it, and the programs' stubs. Raises BundleProblem, OSError."""
    dll = "python{}{}".format(*sys.version_info[:2])
    wanted = {f"{STUBS}{one.stub}": one.stub for one in system.programs}
    found = set()
    if RUNTIME in wheels:
        with zipfile.ZipFile(wheels[RUNTIME].path) as archive:
            for entry in archive.namelist():
                if (name := entry.rpartition("/")[2].lower()) in RUNTIMES:
                    _put(folder / name, archive.read(entry))
                    found.add(name)
    engine = wheels[ENGINE]
    for path, content in engine.files():
        name = path.rpartition("/")[2]
        if path in wanted:
            _put(folder / name, content)
            found.add(name)
        elif path.startswith(PARTS) and not left_out.of_the_interpreter(name):
            is_python = name.lower() == f"{dll}.dll"
            _put(folder / name if is_python else folder / COMPILED / name, content)
            if is_python:
                _put(folder / "python3.dll", python3_dll.passing_on(content, dll))
                found.add(dll)
    if found != {*wanted.values(), *((dll, *RUNTIMES) if RUNTIME in wheels else ())}:
        raise BundleProblem(f"{engine.path.name} has no interpreter; take Panda3D from PyPI, as constraints.txt names it")
    library = Path(sysconfig.get_path("stdlib"))
    for file in sorted(library.rglob("*")):
        path = file.relative_to(library).as_posix()
        if not left_out.of_the_library(path) and file.is_file():
            _put(folder / LIBRARY / path, file.read_bytes())


def licence() -> str:
    """Python's own."""
    for file in (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"):
        if file.is_file():
            return file.read_text("utf-8")
    raise BundleProblem("this Python has no LICENSE.txt, without which it may not be passed on; install it whole")


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

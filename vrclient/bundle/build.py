"""A bundle from the first file to the manifest: made of packages, or of a bundle that is there. A folder that is not whole has no
manifest, and is removed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from vrclient import __version__
from vrclient.bundle import archive, compiled, content, interpreter, left_out, licences, start
from vrclient.bundle.manifest import NAME, BadManifest, Manifest, Progress, changes, files_of
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.systems import SYSTEMS, System
from vrclient.bundle.wheels import Wheel, needed_wheels

FIRST = "fengxian"
"""The showcase that a bundle begins with where none was added."""

Steps = Callable[[str], Progress]
"""Told what is begun; answers with what is told how far it is."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """folder: what was made; zipped: the same as a file, where that was wanted."""

    folder: Path
    manifest: Manifest
    zipped: Path | None


def folder_for(system: System, output: Path, /) -> Path:
    """Where in `output` a bundle of this version would be."""
    return output / f"vrclient-{__version__}-{system.name}"


def from_packages(
    system: System,
    output: Path,
    /,
    *,
    wheels: Path | None,
    showcases: Sequence[Path],
    first: str | None,
    zipped: bool,
    steps: Steps,
) -> Bundle:
    """Makes one in a new folder in `output`. `wheels`: a folder of wheels, which is completed; None: one for the while.
    `showcases`: the city's own showcase.yaml files; `first`: what a visit begins with. Raises BundleProblem, OSError."""
    with _new_folder(folder_for(system, output), zipped) as folder, tempfile.TemporaryDirectory() as scratch:
        found = needed_wheels(system, wheels or Path(scratch), say=lambda text: steps(text)(0, 1))
        content.write_client(folder)
        start_with = _first(folder, content.write_showcases(folder, showcases), first)
        interpreter.write(folder, system, {one.name: one for one in found})
        _unpack(folder, system, found, steps("unpacking packages"))
        _compile(folder, system, steps("compiling"))
        programs = {one.file: one.arguments for one in system.programs}
        made = Manifest(__version__, system.name, "{}.{}".format(*sys.version_info[:2]), start_with, programs, {})
        return _finish(folder, made, interpreter.licence(), zipped, steps)


def from_bundle(
    source: Path, output: Path, /, *, showcases: Sequence[Path], first: str | None, zipped: bool, steps: Steps
) -> Bundle:
    """A copy of the bundle in `source`, with more showcases. Raises BundleProblem, OSError."""
    try:
        manifest = Manifest.read(source)
    except BadManifest as error:
        raise BundleProblem(f"{source}: {error}; unpack the bundle again") from None
    if changed := changes(source, manifest):
        raise BundleProblem(f"this bundle is not as it was made: {changed[0]}; unpack it again")
    (system,) = (one for one in SYSTEMS.values() if one.name == manifest.system)
    with _new_folder(folder_for(system, output), zipped) as folder:
        progress = steps("copying")
        for number, path in enumerate(manifest.files):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / path, folder / path)
            progress(number, len(manifest.files))
        names = content.write_showcases(folder, showcases)
        python = (source / licences.NAME).read_text("utf-8")
        first = _first(folder, names, first or (None if names else manifest.start))
        return _finish(folder, replace(manifest, start=first, files={}), licences.python_of(python), zipped, steps)


@contextmanager
def _new_folder(folder: Path, zipped: bool) -> Iterator[Path]:
    """Empty; what is in it is removed again where the block fails. A file zipped from it must not be there either."""
    archived = folder.with_name(f"{folder.name}.zip")
    if (folder.is_dir() and any(folder.iterdir())) or folder.is_file():
        raise BundleProblem(f"{folder} is there already and not empty; remove it, or give another folder with --output")
    if zipped and archived.exists():
        raise BundleProblem(f"{archived} is there already; remove it, or give another folder with --output")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _unpack(folder: Path, system: System, wheels: Sequence[Wheel], progress: Progress) -> None:
    site = folder / start.PACKAGES
    for number, wheel in enumerate(wheels):
        progress(number, len(wheels))
        for path, data in wheel.files():
            if ".." in path.split("/") or path.startswith("/"):
                raise BundleProblem(f"{wheel.path} has a file that would lie elsewhere: {path}")
            if not left_out.of_packages(path, system.name):
                (site / path).parent.mkdir(parents=True, exist_ok=True)
                (site / path).write_bytes(data)


def _compile(folder: Path, system: System, progress: Progress) -> None:
    """In a Python that has loaded nothing else (compiled.py says why)."""
    work = {
        "programs": [[one.file, one.stub] for one in system.programs],
        "start": Path(start.__file__).read_text("utf-8"),
    }
    command = [sys.executable, "-I", "-S", str(Path(compiled.__file__)), str(folder), json.dumps(work)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            done, _, total = line.partition(" ")
            progress(int(done), int(total))
    if process.returncode:
        raise BundleProblem(f"the byte code could not be made: {compiled.__name__} ended with status {process.returncode}")


def _first(folder: Path, own: Sequence[str], wanted: str | None) -> str:
    known = content.showcase_names(folder)
    name = wanted or next(iter(own), FIRST if FIRST in known else known[0])
    if name not in known:
        raise BundleProblem(f"--start {name}: the bundle's showcases are: {', '.join(known)}")
    return name


def _finish(folder: Path, made: Manifest, python: str, zipped: bool, steps: Steps) -> Bundle:
    content.write_readme(folder, made.system, made.start)
    text = licences.text(folder, python, folder / content.SHOWCASES)
    (folder / licences.NAME).write_bytes(text.encode("utf-8"))
    made = replace(made, files=files_of(folder, steps("hashing")))
    (folder / NAME).write_bytes(made.text().encode("utf-8"))
    if not zipped:
        return Bundle(folder, made, None)
    target = folder.with_name(f"{folder.name}.zip")
    archive.write(folder, target, frozenset(made.programs), steps("zipping"))
    return Bundle(folder, made, target)

"""The packages that the client needs on some system, as wheels: fetched by pip, or out of a folder that has them. Versions are
those of constraints.txt. What in them is of use is not known here."""

import email.parser
import email.policy
import importlib.metadata
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from vrclient import paths
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.systems import System

STAND = "kiosk"
"""What a stand needs above what a visit does is in every bundle."""
_HELP = "connect this computer to the network, or give a folder that has them with --wheels"


@dataclass(frozen=True, slots=True)
class Wheel:
    """`name` as packages are compared by it; `requires`: as its metadata say."""

    path: Path
    name: str
    version: str
    requires: tuple[Requirement, ...]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(path in site-packages, content) of all that is installed there."""
        with zipfile.ZipFile(self.path) as archive:
            for entry in sorted(one for one in archive.namelist() if not one.endswith("/")):
                head, _, rest = entry.partition("/")
                kind, _, inside = rest.partition("/")
                if not head.endswith(".data"):
                    yield entry, archive.read(entry)
                elif kind in ("purelib", "platlib"):
                    yield inside, archive.read(entry)


def needed_wheels(system: System, folder: Path, /, say: Callable[[str], None]) -> tuple[Wheel, ...]:
    """All, by name; what `folder` lacks is fetched into it. `say` is told what takes long. Raises BundleProblem."""
    folder.mkdir(parents=True, exist_ok=True)
    pinned = _pinned(system)
    wheels, lacking = _closure(system, folder, pinned)
    if lacking:
        say(f"fetching the packages for {system.name}")
        _fetch(system, folder, [f"{name}=={version}" for name, version in pinned.items() if name in _possible(system, pinned)])
        wheels, lacking = _closure(system, folder, pinned)
    if lacking:
        raise BundleProblem(f"{folder} has no package for {system.name} of: {', '.join(lacking)}; {_HELP}")
    return wheels


def _requirements(system: System) -> list[Requirement]:
    project = tomllib.loads(paths.project_file().read_text("utf-8"))["project"]
    named = (*project["dependencies"], *project["optional-dependencies"][STAND], *system.also)
    return [Requirement(one) for one in named]


def _pinned(system: System) -> dict[str, str]:
    """name -> version of constraints.txt, and of what only a bundle has."""
    try:
        lines = paths.constraints_file().read_text("utf-8").splitlines()
    except OSError:
        raise BundleProblem("constraints.txt is missing from this installation; install vrclient again") from None
    found: dict[str, str] = {}
    named = filter(None, (line.partition("#")[0].strip() for line in (*lines, *system.also)))
    for one in map(Requirement, named):
        for each in one.specifier:
            found[canonicalize_name(one.name)] = each.version
    return found


def _possible(system: System, pinned: Mapping[str, str]) -> set[str]:
    """Names that the client, or what it needs, needs there: by what is installed here, and by what only that system wants.
    pip itself would resolve it for this system."""
    names: set[str] = set()
    ask = _requirements(system)
    while ask:
        one = ask.pop()
        name = canonicalize_name(one.name)
        if name in names or not _wanted(one, system):
            continue
        names.add(name)
        try:
            ask += map(Requirement, importlib.metadata.requires(one.name) or ())
        except importlib.metadata.PackageNotFoundError:
            continue
    return names & set(pinned)


def _wanted(one: Requirement, system: System) -> bool:
    python = "{}.{}".format(*sys.version_info[:2])
    markers = {**system.markers, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    return one.marker is None or one.marker.evaluate(markers)


def _closure(system: System, folder: Path, pinned: Mapping[str, str]) -> tuple[tuple[Wheel, ...], list[str]]:
    """The wheels in `folder` that are needed, and the names of those that are not there."""
    tags = {tag: number for number, tag in enumerate(_tags(system))}
    best: dict[str, tuple[int, Path]] = {}
    for path in sorted(folder.glob("*.whl")):
        try:
            name, version, _, fits = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        rank = min((tags[one] for one in fits if one in tags), default=None)
        if rank is not None and pinned.get(name) == str(version) and rank < best.get(name, (len(tags), path))[0]:
            best[name] = (rank, path)
    found: dict[str, Wheel] = {}
    lacking: set[str] = set()
    ask = _requirements(system)
    while ask:
        one = ask.pop()
        name = canonicalize_name(one.name)
        if name in found or name in lacking or not _wanted(one, system):
            continue
        if name not in best:
            lacking.add(name)
            continue
        found[name] = _opened(best[name][1], name)
        ask += found[name].requires
    return tuple(found[name] for name in sorted(found)), sorted(lacking)


def _opened(path: Path, name: str) -> Wheel:
    try:
        with zipfile.ZipFile(path) as archive:
            (file,) = (one for one in archive.namelist() if one.count("/") == 1 and one.endswith(".dist-info/METADATA"))
            metadata = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(archive.read(file))
        requires = tuple(map(Requirement, metadata.get_all("Requires-Dist", [])))
        return Wheel(path, name, str(metadata["Version"]), requires)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise BundleProblem(f"{path} cannot be read: {error}; remove it, and it is fetched again") from None


def _tags(system: System) -> Iterator[Tag]:
    version = sys.version_info[:2]
    yield from cpython_tags(version, [f"cp{version[0]}{version[1]}"], system.platforms)
    yield from compatible_tags(version, f"cp{version[0]}{version[1]}", system.platforms)


def _fetch(system: System, folder: Path, wanted: list[str]) -> None:
    """By pip, which has the network's settings of this computer."""
    platforms = [word for one in system.platforms for word in ("--platform", one)]
    python = ["--implementation", "cp", "--python-version", "{}.{}".format(*sys.version_info[:2])]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(folder), *platforms, *python, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        said = lines[-1].removeprefix("ERROR: ") if lines else f"pip ended with status {done.returncode}"
        if "No module named pip" in done.stderr:
            raise BundleProblem("this Python has no pip, which fetches the packages; python -m ensurepip brings it")
        raise BundleProblem(f"the packages cannot be fetched: {said}; {_HELP}")

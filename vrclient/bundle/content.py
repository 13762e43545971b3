"""What of the client itself and of a city goes into a bundle: the package with its shaders, settings and showcases, and the
city's own showcases beside these. Hidden files, and what a program left behind, do not."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from vrclient import __version__, paths
from vrclient.bundle.licences import TEXTS
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.start import PACKAGES
from vrclient.showcase.find import FILE_NAME

SHIPPED = f"{PACKAGES}/vrclient/shipped"
SHOWCASES = f"{SHIPPED}/showcases"
_MARKER = ".shipped"
_LEFT_BEHIND = ("__pycache__", "shots", "*.pyc", "*.part", "Thumbs.db", "desktop.ini")


def write_client(folder: Path, /) -> None:
    """The package as an installer would have put it there. Raises OSError, BundleProblem, MissingFolder."""
    package, shipped = folder / PACKAGES / "vrclient", folder / SHIPPED
    shutil.copytree(paths.package_folder(), package, ignore=_ignore("shipped"))
    for name, source in (
        ("shaders", paths.shaders_folder()),
        ("config", paths.config_folder()),
        ("showcases", paths.showcases_folder()),
    ):
        shutil.copytree(source, shipped / name, ignore=_ignore())
    for file in (paths.project_file(), paths.constraints_file()):
        shutil.copyfile(file, shipped / file.name)
    licence = paths.licence_file()
    if licence is None:
        raise BundleProblem("vrclient's own LICENSE is missing from this installation; install vrclient again")
    metadata = folder / PACKAGES / f"vrclient-{__version__}.dist-info"
    (metadata / "licenses").mkdir(parents=True)
    shutil.copyfile(licence, metadata / "licenses" / "LICENSE")
    (metadata / "METADATA").write_bytes(
        f"Metadata-Version: 2.4\nName: vrclient\nVersion: {__version__}\nLicense-Expression: MIT\n".encode()
    )


def write_showcases(folder: Path, files: Iterable[Path], /) -> tuple[str, ...]:
    """The folders of these showcase.yaml files; their names. One takes the place of a showcase of its name that came with the
    client. Raises BundleProblem, OSError."""
    names: list[str] = []
    for file in files:
        source = file.resolve().parent
        target = folder / SHOWCASES / source.name
        if source.name in names:
            raise BundleProblem(f"two showcases are called '{source.name}'; rename the folder of one")
        if target.is_dir() and source != (paths.showcases_folder() / source.name).resolve():
            shutil.rmtree(target)
        if not target.is_dir():
            shutil.copytree(source, target, ignore=_ignore())
        names.append(source.name)
    return tuple(names)


def showcase_names(folder: Path, /) -> tuple[str, ...]:
    """Those in the bundle, sorted."""
    return tuple(sorted(file.parent.name for file in (folder / SHOWCASES).glob(f"*/{FILE_NAME}")))


def write_readme(folder: Path, system: str, start: str, /) -> None:
    """What somebody who opens the folder wants to know."""
    text = (TEXTS / f"readme-{system}.txt").read_text("utf-8")
    text = text.replace("{version}", __version__).replace("{start}", start)
    (folder / "README.txt").write_bytes(text.replace("\n", "\r\n" if system.startswith("windows") else "\n").encode("utf-8"))


def _ignore(*names: str) -> "Callable[[str, list[str]], set[str]]":
    pattern = shutil.ignore_patterns(*_LEFT_BEHIND, *names)

    def ignored(folder: str, found: list[str]) -> set[str]:
        hidden = {one for one in found if one.startswith(".") and one != _MARKER}
        return {str(one) for one in pattern(folder, found)} | hidden

    return ignored

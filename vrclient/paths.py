"""Where the shipped files are: inside the package where it was installed, beside it in a checkout. Nothing else asks."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class MissingFolder(RuntimeError):
    """A shipped folder is absent: the installation is damaged. The text is "what is absent; what to do"."""


@cache
def _shipped(name: str) -> Path:
    for candidate in (_PACKAGE / "shipped" / name, _PACKAGE.parent / name):
        if (candidate / ".shipped").is_file():
            return candidate
    raise MissingFolder(f"the folder '{name}' is missing from this installation; install vrclient again")


def package_folder() -> Path:
    """The package's own."""
    return _PACKAGE


def project_file() -> Path:
    """pyproject.toml, which says what this version needs: it is known without being installed, too. It may be missing."""
    shipped = _PACKAGE / "shipped" / "pyproject.toml"
    return shipped if shipped.is_file() else _PACKAGE.parent / "pyproject.toml"


def constraints_file() -> Path:
    """The exact versions of what this version was tested with. It may be missing."""
    return project_file().with_name("constraints.txt")


def licence_file() -> Path | None:
    """The client's own licence; None where the installation has none."""
    beside = _PACKAGE.parent.glob("vrclient-*.dist-info/licenses/LICENSE")
    return next((one for one in (_PACKAGE.parent / "LICENSE", *beside) if one.is_file()), None)


def bundle_folder() -> Path | None:
    """The folder that has the program and all it needs, where this is one (bundle/); None in a checkout, and where pip put it."""
    folder = _PACKAGE.parent.parent.parent  # of a checkout on a drive of its own there are no more than two
    return folder if (folder / "bundle.json").is_file() and _PACKAGE.parent.name == "site-packages" else None


def shaders_folder() -> Path:
    """GLSL sources."""
    return _shipped("shaders")


def config_folder() -> Path:
    """Settings that ship with the client."""
    return _shipped("config")


def showcases_folder() -> Path:
    """Showcases that ship with the client."""
    return _shipped("showcases")

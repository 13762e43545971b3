"""Where the shipped folders are: beside the package in a checkout, inside it in an installed wheel. Nothing else asks."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class MissingFolder(RuntimeError):
    """A shipped folder is absent: the installation is damaged."""


@cache
def _shipped(name: str) -> Path:
    for candidate in (_PACKAGE.parent / name, _PACKAGE / "shipped" / name):
        if (candidate / ".shipped").is_file():
            return candidate
    raise MissingFolder(f"the folder '{name}' is missing from this installation; install vrclient again")


def shaders_folder() -> Path:
    """GLSL sources."""
    return _shipped("shaders")


def config_folder() -> Path:
    """Settings that ship with the client."""
    return _shipped("config")


def showcases_folder() -> Path:
    """Showcases that ship with the client."""
    return _shipped("showcases")

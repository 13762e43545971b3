"""Which OpenXR runtime is installed and active, as far as files tell. It loads nothing of it and imports no `xr`.

Source: OpenXR's loader, "Loader Design" (Khronos), "Runtime Discovery" and "OpenXR Runtime Manifest"."""

import contextlib
import json
import os
import platform
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vrclient.showcase.diagnostics import printable

INSTALL = "install the headset's software (SteamVR, Monado, ...) and make it the active OpenXR runtime"
MOST_BYTES = 2**20
"""A larger file describes no runtime; real ones have some hundred."""
LONGEST_NAME, LONGEST_PATH = 100, 300
"""Letters of a runtime's name and of a library's path that messages show."""
AGAIN = "install the headset's software again"

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
"""The loader's names of processors, by Python's in small letters."""


@dataclass(frozen=True, slots=True)
class Found:
    """The active runtime. path: the file that names it. library: as the loader takes it; a name without a folder is looked for
    by the system."""

    path: Path
    name: str
    library: str


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no runtime to load: what is wrong, and what to do about it."""

    what: str
    help: str

    @property
    def reason(self) -> str:
        """Both in one line."""
        return f"{self.what}; {self.help}"


def installed_runtime() -> Found | Missing:
    """The runtime that the loader would take now. Whether it works is not known before it is loaded."""
    named = os.environ.get("XR_RUNTIME_JSON")
    for path in openxr_runtime_files():
        kind = _kind(path)
        if kind == "file":
            return _read(path)
        what = _WRONG.get(kind, "")
        if named:
            what = what or "does not exist"
            return Missing(
                f"XR_RUNTIME_JSON names {printable(named)}, which {what}",
                "correct this variable, or remove it to use the active runtime",
            )
        if what:
            return Missing(f"the active OpenXR runtime, {path}, {what}", AGAIN)
    return Missing("no OpenXR runtime is installed", INSTALL)


_WRONG = {
    "link": "is a link to a file that no longer exists",
    "folder": "is a folder where a file should be",
    "other": "is not a file",
    "hidden": "is in a folder that may not be read",
}
"""What is wrong with what lies where a file should, by its kind."""


def _kind(path: Path) -> str:
    """file; "" for nothing; or one of _WRONG."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "link" if path.is_symlink() else ""
    except PermissionError:
        return "hidden"
    except (OSError, ValueError):  # a name that no file can have, a link to itself
        return "link" if path.is_symlink() else ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def openxr_runtime_files() -> tuple[Path, ...]:
    """Where the active OpenXR runtime may be named, in the order of the loader."""
    named = os.environ.get("XR_RUNTIME_JSON")
    if named:
        return (Path(named),)
    if sys.platform == "win32":
        return tuple(Path(value) for value in _windows_runtime())
    own = Path(os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"))  # noqa: PTH111 (without a home, it stays "~")
    system = [Path(folder) for folder in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":") if folder]
    architecture = _ARCHITECTURES.get(platform.machine().lower())
    names = [f"active_runtime.{architecture}.json"] if architecture else []
    folders = [*([own] if own.is_absolute() else []), *system, Path("/usr/local/etc"), Path("/etc")]
    return tuple(folder / "openxr" / "1" / name for folder in folders for name in [*names, "active_runtime.json"])


def _read(path: Path) -> Found | Missing:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            return Missing(f"{path} is too large to describe an OpenXR runtime", AGAIN)
        runtime = json.loads(text.decode("utf-8"))["runtime"]
        library, name = runtime["library_path"], runtime.get("name") or path.resolve().stem
    except OSError as error:
        return Missing(f"the OpenXR runtime's file {path} cannot be read: {error.strerror}", f"let everyone read it, or {AGAIN}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        library = name = None
    if not isinstance(library, str) or not isinstance(name, str) or not library or "\0" in library:
        return Missing(f"{path} does not describe an OpenXR runtime", AGAIN)
    name = printable(name[:LONGEST_NAME])
    if "/" in library or "\\" in library:
        try:
            library = str((path.resolve().parent / library).resolve())
            there = Path(library).is_file()
        except (OSError, ValueError, RuntimeError):  # a name that no file can have, links in a circle
            there = False
        if not there:
            shown = printable(library[:LONGEST_PATH])
            return Missing(f"the OpenXR runtime {name} is damaged: its library {shown} is missing", AGAIN)
    return Found(path, name, library)


def _windows_runtime() -> Iterator[str]:
    """The registry's entry, on Windows."""
    if sys.platform != "win32":
        return
    import winreg

    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Khronos\OpenXR\1") as key:
        yield winreg.QueryValueEx(key, "ActiveRuntime")[0]

"""Which OpenXR runtime is installed and active, as far as files tell. It loads nothing of it and imports no `xr`.

Source: OpenXR's loader, "Loader Design" (Khronos), "Runtime Discovery" and "OpenXR Runtime Manifest"."""

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INSTALL = "install the headset's software (SteamVR, Monado, ...) and make it the active OpenXR runtime"
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
    """There is no runtime to load: what is wrong, and the remedy."""

    what: str
    remedy: str

    @property
    def reason(self) -> str:
        """Both in one line."""
        return f"{self.what}; {self.remedy}"


def installed_runtime() -> Found | Missing:
    """The runtime that the loader would take now. Whether it works is not known before it is loaded."""
    named = os.environ.get("XR_RUNTIME_JSON")
    if named and not Path(named).is_file():
        return Missing(
            f"XR_RUNTIME_JSON names {named}, which does not exist",
            "correct this variable, or remove it to use the active runtime",
        )
    for path in openxr_runtime_files():
        if path.is_file():
            return _read(path)
        if path.is_symlink():
            return Missing(f"the active OpenXR runtime, {path}, is a link to a file that is gone", AGAIN)
    return Missing("no OpenXR runtime is installed", INSTALL)


def openxr_runtime_files() -> tuple[Path, ...]:
    """Where the active OpenXR runtime may be named, in the order of the loader."""
    named = os.environ.get("XR_RUNTIME_JSON")
    if named:
        return (Path(named),)
    if sys.platform == "win32":
        return tuple(Path(value) for value in _windows_runtime())
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    system = [Path(folder) for folder in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":") if folder]
    architecture = _ARCHITECTURES.get(platform.machine().lower())
    names = [f"active_runtime.{architecture}.json"] if architecture else []
    folders = [config, *system, Path("/usr/local/etc"), Path("/etc")]
    return tuple(folder / "openxr" / "1" / name for folder in folders for name in [*names, "active_runtime.json"])


def _read(path: Path) -> Found | Missing:
    try:
        runtime = json.loads(path.read_text("utf-8"))["runtime"]
        library, name = runtime["library_path"], runtime.get("name") or path.resolve().stem
    except OSError as error:
        return Missing(f"the OpenXR runtime's file {path} cannot be read: {error.strerror}", f"let everyone read it, or {AGAIN}")
    except (ValueError, KeyError, TypeError, AttributeError):
        library = name = None
    if not isinstance(library, str) or not isinstance(name, str) or not library:
        return Missing(f"{path} does not describe an OpenXR runtime", AGAIN)
    if "/" in library or "\\" in library:
        library = str((path.resolve().parent / library).resolve())
        if not Path(library).is_file():
            return Missing(f"the OpenXR runtime {name} is damaged: its library {library} is missing", AGAIN)
    return Found(path, name, library)


def _windows_runtime() -> Iterator[str]:
    """The registry's entry, on Windows."""
    if sys.platform != "win32":
        return
    import winreg

    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Khronos\OpenXR\1") as key:
        yield winreg.QueryValueEx(key, "ActiveRuntime")[0]

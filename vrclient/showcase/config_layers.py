"""Where settings are looked for: what ships with the client, and over it the system's, the user's and the given ones.

    shipped           config/ of the installation, which an upgrade overwrites
    system            /etc/xdg/vrclient, C:\\ProgramData\\vrclient
    user              ~/.config/vrclient, C:\\Users\\...\\AppData\\Local\\vrclient; none where there is no home
    VRCLIENT_CONFIG   a folder like these, or a file in place of its client.yaml
    --config          the same, on the command line

A stronger client.yaml changes the keys that it names; a stronger file in policy/, quality/ or bindings/ takes the place of the
one of its name, or is added. What was given must be right. A file that was only found does not keep visitors out: where it cannot
be read it is left out, and said to be; but a policy is never left out. What settings mean is said elsewhere."""

import contextlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vrclient import paths
from vrclient.showcase.diagnostics import Diagnostic, printable
from vrclient.showcase.file_names import other_letters
from vrclient.showcase.settings import BadSettings, Settings, read_settings

log = logging.getLogger(__name__)

VARIABLE = "VRCLIENT_CONFIG"
OPTION = "--config"
_OPTION_VARIABLE = "VRCLIENT_CONFIG_OPTION"
"""What `--config` says, for the processes that this one starts, too."""
CLIENT = "client.yaml"
FOLDERS = ("policy", "quality", "bindings")
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Layer:
    """One place. `name` as above; `client`, its client.yaml, may be missing; `folder` too, or be None where a file was given."""

    name: str
    folder: Path | None
    client: Path

    @property
    def must_be_right(self) -> bool:
        """Whether a wrong file of it ends the program."""
        return self.name in ("shipped", VARIABLE, OPTION)


@dataclass(frozen=True, slots=True)
class LayerFile:
    """One file of a layer."""

    layer: Layer
    path: Path


def use(given: Path, /) -> None:
    """What `--config` says. Raises BadSettings."""
    _given(OPTION, str(given))
    os.environ[_OPTION_VARIABLE] = str(given.absolute())


def layers() -> tuple[Layer, ...]:
    """All, the weakest first. Raises BadSettings where a given one is not there."""
    system = platformdirs.site_config_path("vrclient", appauthor=False, multipath=True)
    found = [_folder("shipped", paths.config_folder())]
    found += [_folder("system", Path(one)) for one in reversed(str(system).split(os.pathsep))]
    with contextlib.suppress(RuntimeError):  # a service, or a user that the system does not know
        found.append(_folder("user", platformdirs.user_config_path("vrclient", appauthor=False)))
    for name, variable in ((VARIABLE, VARIABLE), (OPTION, _OPTION_VARIABLE)):
        if text := os.environ.get(variable):
            found.append(_given(name, text))
    return tuple(found)


def client_files() -> tuple[LayerFile, ...]:
    """Every client.yaml there is, the weakest first. Raises BadSettings."""
    return tuple(LayerFile(one, one.client) for one in layers() if _is_there(one.client))


def files_of(folder: str, /) -> dict[str, tuple[LayerFile, ...]]:
    """The files of one of FOLDERS by name without suffix, sorted; of each all there are, the weakest first. Raises
    BadSettings."""
    found: dict[str, list[LayerFile]] = {}
    for layer in layers():
        try:
            inside = sorted((layer.folder / folder).iterdir()) if layer.folder is not None else []
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            message = f"{error.filename}: the folder cannot be read: {error.strerror}"
            raise BadSettings(Diagnostic("settings", message, "check its permissions")) from None
        for path in inside:
            if path.suffix.lower() in SUFFIXES:
                found.setdefault(path.stem, []).append(LayerFile(layer, path))
    return {name: tuple(files) for name, files in sorted(found.items())}


def read_layer(file: LayerFile, model: type[Settings], /) -> Settings | None:
    """A file as that model; None of a wrong one that may be left out, once that is said. Raises BadSettings otherwise."""
    try:
        return read_settings(file.path, model)
    except BadSettings as error:
        if file.layer.must_be_right:
            raise
        log.warning("%s\n%s is left out", error, file.path)
        return None


def read_strongest(files: Sequence[LayerFile], model: type[Settings], /) -> Settings | None:
    """The strongest of the files of one name that can be read."""
    return next((found for file in reversed(files) if (found := read_layer(file, model)) is not None), None)


def replacement(file: LayerFile, /) -> Path | None:
    """Where the user's own file (the system's, where there is no home) takes the place of a file in one of FOLDERS that ships
    with the client; None of other files: they are changed where they are. Raises BadSettings."""
    if file.layer.name != "shipped":
        return None
    *_, own = (layer.folder for layer in layers() if layer.name in ("system", "user") and layer.folder is not None)
    return own / file.path.parent.name / file.path.name


def misspelled(folder: Path, /) -> tuple[Path, ...]:
    """What in a folder of settings is not read on every system, because of capital letters in its name."""
    return tuple(folder / found for one in (CLIENT, *FOLDERS) if (found := other_letters(one, folder)))


def overlooked() -> Path | None:
    """A config/client.yaml of the working folder, which looks as if it were read, but is not."""
    try:
        here = Path("config", CLIENT)
        read = [file.path for file in client_files()]
        return here if here.is_file() and not any(here.samefile(one) for one in read if one.exists()) else None
    except (OSError, BadSettings):
        return None


def _folder(name: str, folder: Path) -> Layer:
    return Layer(name, folder, folder / CLIENT)


def _given(name: str, text: str) -> Layer:
    path = Path(text).absolute()
    if other := next(iter(misspelled(path)), None):
        help = f"call it '{other.name.lower()}': capital and small letters are different"
        raise BadSettings(Diagnostic("settings", f"{name} {printable(text)}: '{other.name}' is not read", help))
    try:
        if path.is_dir() and any(_is_there(path / one) for one in (CLIENT, *FOLDERS)):
            return _folder(name, path)
        if path.is_file():
            return Layer(name, None, path)
        problem = f"the folder holds no {CLIENT}, {', '.join(FOLDERS)}" if path.is_dir() else "there is no such file or folder"
    except (OSError, ValueError) as error:
        problem = str(getattr(error, "strerror", None) or error)
    help = f"give a file like {CLIENT}, or a folder that holds one"
    raise BadSettings(Diagnostic("settings", f"{name} {printable(text)}: {problem}", help))


def _is_there(path: Path) -> bool:
    """Whether there is something to read; what may not be looked at counts, so that it is said."""
    try:
        return path.exists()
    except OSError:
        return True

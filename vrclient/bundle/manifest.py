"""What a bundle is and what each of its files must be. The manifest is a file of the bundle, its own SHA-256 is what one
compares: who knows that number from whoever made the bundle knows every byte of it. It is no signature: it does not say who that
was."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "bundle.json"
FORMAT = 1
CODE = "python"
"""The folder in which nothing may lie but what the manifest names: Python would run it."""

Progress = Callable[[int, int], None]


class BadManifest(ValueError):
    """The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class BundledFile:
    """size in bytes; sha256 in hexadecimal digits."""

    size: int
    sha256: str

    @staticmethod
    def of(path: Path, /) -> "BundledFile":
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return BundledFile(path.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class Manifest:
    """`start`: the showcase that a visit begins with; `programs`: file name -> arguments where it is given none, with "{start}";
    `files`: path in the bundle, with "/" -> what it is. `python` is the version of the interpreter's own modules, as "3.11"."""

    version: str
    system: str
    python: str
    start: str
    programs: Mapping[str, tuple[str, ...]]
    files: Mapping[str, BundledFile]

    def arguments(self, program: str, /) -> list[str]:
        """What the program of that file name is started with where it is given nothing. One that has another name now is the
        first one."""
        names = {name.casefold(): given for name, given in self.programs.items()}
        given = names.get(program.casefold(), next(iter(self.programs.values()), ()))
        return [one.replace("{start}", self.start) for one in given]

    def text(self) -> str:
        """As it is written: the same for the same content."""
        values = {
            "format": FORMAT, "version": self.version, "system": self.system, "python": self.python, "start": self.start,
            "programs": {name: list(given) for name, given in self.programs.items()},
            "files": {path: [one.size, one.sha256] for path, one in sorted(self.files.items())},
        }  # fmt: skip
        return json.dumps(values, ensure_ascii=False, indent=0) + "\n"

    @property
    def sha256(self) -> str:
        """Of the manifest itself."""
        return hashlib.sha256(self.text().encode("utf-8")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files.values())

    @staticmethod
    def read(folder: Path, /) -> "Manifest":
        """That of the bundle in `folder`. Raises OSError, BadManifest."""
        try:
            values = json.loads((folder / NAME).read_text("utf-8"))
            if values["format"] != FORMAT:
                raise BadManifest(f"{NAME} is of format {values['format']}, not {FORMAT}")
            return Manifest(
                str(values["version"]),
                str(values["system"]),
                str(values["python"]),
                str(values["start"]),
                {str(name): tuple(map(str, given)) for name, given in values["programs"].items()},
                {str(path): BundledFile(int(size), str(sha256)) for path, (size, sha256) in values["files"].items()},
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise error if isinstance(error, BadManifest) else BadManifest(f"{NAME} cannot be read: {error}") from None


def files_of(folder: Path, /, progress: Progress | None = None) -> dict[str, BundledFile]:
    """Every file below `folder` but its manifest."""
    paths = sorted(one for one in folder.rglob("*") if one.is_file() and one != folder / NAME)
    found = {}
    for number, path in enumerate(paths):
        found[path.relative_to(folder).as_posix()] = BundledFile.of(path)
        if progress and number % 100 == 0:
            progress(number, len(paths))
    return found


def changes(folder: Path, manifest: Manifest, /) -> list[str]:
    """What is not as it was made, one line each, the gravest first. What else lies beside the programs is the owner's."""
    missing, other = [], []
    for path, expected in manifest.files.items():
        try:
            if (folder / path).stat().st_size != expected.size or BundledFile.of(folder / path) != expected:
                other.append(f"{path} is another one")
        except OSError:
            missing.append(f"{path} is missing")
    code = (one for one in (folder / CODE).rglob("*") if one.is_file())
    added = sorted(one.relative_to(folder).as_posix() for one in code)
    return [*missing, *other, *(f"{path} was added" for path in added if path not in manifest.files)]

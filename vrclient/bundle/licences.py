"""One file with the licences of everything inside a bundle."""

import email.parser
import tomllib
from collections.abc import Iterator
from pathlib import Path

from vrclient.bundle.start import PACKAGES

NAME = "LICENCES.txt"
LINKED, TEXTS = Path(__file__).with_name("linked.toml"), Path(__file__).with_name("texts")
_NAMES = ("licen", "copying", "notice", "authors", "copyright")
_RULE = "=" * 100


def text(folder: Path, python: str, showcases: Path, /) -> str:
    """What stands in it. `folder`: the bundle's; `python`: Python's own licence; `showcases`: where they lie in the bundle."""
    site = folder / PACKAGES
    blocks = ["Everything that is in this folder, with its licence.\n在本文件夹中的全部软件及其许可证。"]
    blocks.append(_block("Python", "PSF-2.0", "https://www.python.org", [python]))
    named: set[str] = set()
    for one in sorted(site.glob("*.dist-info"), key=lambda one: one.name.lower()):
        blocks.append(_package(one))
    for library in tomllib.loads(LINKED.read_text("utf-8"))["library"]:
        if next(site.glob(library["files"]), None) is not None:
            named.update(library["text"])
            said = f"{library['licence']}; inside the package {library['in']}"
            see = [f"See {', '.join(library['text'])} at the end."] if library["text"] else []
            blocks.append(_block(library["name"], said, library["source"], see))
    for file in _licence_files(showcases):
        blocks.append(_block(f"Showcase {file.relative_to(showcases).as_posix()}", "", "", [_read(file)]))
    blocks += [_block(name, "", "", [_read(TEXTS / name)]) for name in sorted(named)]
    return f"\n{_RULE}\n".join(blocks)


def python_of(text: str, /) -> str:
    """Python's own licence out of such a file."""
    return text.split(f"\n{_RULE}\n")[1].split("\n", 3)[3].strip()


def _package(folder: Path) -> str:
    metadata = email.parser.Parser().parsestr(_read(folder / "METADATA"))
    classes = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    said = str(metadata["License-Expression"] or ", ".join(classes) or metadata["License"] or "").partition("\n")[0]
    addresses = [one.partition(",")[2].strip() for one in metadata.get_all("Project-URL", [])]
    source = str(metadata["Home-page"] or next(iter(addresses), ""))
    return _block(f"{metadata['Name']} {metadata['Version']}", said, source, [_read(file) for file in _licence_files(folder)])


def _licence_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        known = "licenses" in file.parts or any(file.name.lower().startswith(one) for one in _NAMES)
        if known and file.is_file() and file.suffix.lower() not in (".py", ".pyc", ".json"):
            yield file


def _block(name: str, licence: str, source: str, texts: list[str]) -> str:
    return "\n".join(one for one in (name, licence, source, *(f"\n{text.strip()}" for text in texts)) if one) + "\n"


def _read(file: Path) -> str:
    return file.read_text("utf-8", errors="replace").replace("\r\n", "\n")

"""Which folder a user means by a showcase's name or path. It reads no YAML."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from vrclient import paths
from vrclient.showcase.diagnostics import printable
from vrclient.showcase.file_names import other_letters

FILE_NAME = "showcase.yaml"
LONGEST_SHOWN = 120
"""Characters of a name in a message."""


class NoSuchShowcase(ValueError):
    """The text is what the user is told, and what to do; one printable line."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


def shipped_showcases() -> tuple[str, ...]:
    """The names of the showcases that come with the client, sorted."""
    return tuple(sorted(file.parent.name for file in paths.showcases_folder().glob(f"*/{FILE_NAME}")))


def reachable_showcases(path: Path, /) -> Mapping[str, Path]:
    """name -> showcase.yaml of all that a portal of the showcase at `path` (its folder or its file) can lead to: those in the
    folder that its own folder is in, and those that come with the client. Of two with one name the one beside it counts. A link
    that leads away from there is none of them."""
    folder = (path if path.is_dir() else path.parent).resolve()
    found = {name: paths.showcases_folder() / name / FILE_NAME for name in shipped_showcases()}
    beside = (one for one in folder.parent.glob(f"*/{FILE_NAME}") if one.is_file() and not other_letters(FILE_NAME, one.parent))
    found.update({file.parent.name: file for file in beside if file.resolve().is_relative_to(folder.parent)})
    return dict(sorted(found.items()))


def find_reachable(text: str, path: Path, /) -> Path:
    """The showcase.yaml that a portal of the showcase at `path` means by `text`: one of `reachable_showcases`; what has a '/' is
    taken as find_showcase does (no showcase can name it so). Raises NoSuchShowcase with what could have been meant."""
    if re.search(r"[/\\]", text):
        return find_showcase(text)
    known = reachable_showcases(path)
    if text in known:
        return known[text]
    raise _no_such(text, tuple(known))


def find_showcase(text: str, /) -> Path:
    """The showcase.yaml that `text` means: the name of a shipped showcase, a folder with a showcase.yaml, or that file.

    Raises NoSuchShowcase with what could have been meant."""
    names = shipped_showcases()
    if not text:
        raise NoSuchShowcase(f"'' names no showcase; give a folder with a {FILE_NAME} ('.' is the current one), or a name")
    if text in names:
        return paths.showcases_folder() / text / FILE_NAME
    path = Path(text)
    try:
        if path.is_file():
            return path
        is_folder = path.is_dir()
        other = other_letters(FILE_NAME, path) if is_folder else None
        if is_folder and other is None and (path / FILE_NAME).is_file():
            return path / FILE_NAME
    except OSError as error:
        raise NoSuchShowcase(f"'{shortened(text)}' cannot be looked at: {error.strerror}") from None
    if other:
        message = f"the folder {shortened(str(path))} holds no {FILE_NAME}, but '{other}'"
        raise NoSuchShowcase(f"{message}; call it {FILE_NAME}: capital and small letters are different")
    if is_folder:
        raise NoSuchShowcase(
            f"the folder {shortened(str(path))} holds no {FILE_NAME}; give a folder that does, or one of: {', '.join(names)}"
        )
    if like := _as_it_is_called(text):
        raise NoSuchShowcase(f"there is no '{shortened(text)}'; did you mean '{shortened(like)}'?")
    raise _no_such(text, names)


def _as_it_is_called(text: str) -> str | None:
    """The path that another system would have found: with '\\' between its parts, or in other letters. None where none would."""
    path = Path()
    try:
        for part in PurePosixPath(text.replace("\\", "/")).parts:
            found = part if (path / part).exists() else other_letters(part, path)
            if found is None:
                return None
            path /= found
    except (OSError, ValueError):
        return None
    return path.as_posix()


def _no_such(text: str, names: tuple[str, ...]) -> NoSuchShowcase:
    close = difflib.get_close_matches(text[:LONGEST_SHOWN], names, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"give a folder with a {FILE_NAME}, or one of: {', '.join(names)}"
    return NoSuchShowcase(f"there is no showcase '{shortened(text)}'; {hint}")


def shortened(text: str, /) -> str:
    """A name that somebody gave, as far as it can be read at a glance."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN // 2]}...{text[-LONGEST_SHOWN // 4 :]}"

"""What files may be called, so that a showcase made on one system runs on the others. It opens no file.

What Windows cannot have: Microsoft, "Naming Files, Paths, and Namespaces"."""

import os
import re
import shlex
from pathlib import Path, PurePosixPath

from vrclient.showcase.diagnostics import Diagnostic

INSIDE = "copy it into the showcase's folder and give its name there"
LONGEST_NAME, LONGEST_PATH = 255, 180
"""Units of UTF-16, or bytes of UTF-8, that systems take for one name; characters of a path inside a showcase that leave room for
the folders above it, of the 259 that Windows takes."""

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_CHARACTERS = re.compile(r'[<>:"|?*\\\x01-\x1f]')


def refused(name: str, /) -> Diagnostic | None:
    """Why a name is none of a file in a showcase, whatever is there."""
    if not name.strip():
        return Diagnostic("missing-file", "the file's name is empty", "write the name of a file in the showcase's folder")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name):
        return Diagnostic("outside-folder", f"'{name}' is on a network; showcases work without one", INSIDE)
    if re.match(r"[A-Za-z]:", name) or name.startswith(("/", "\\", "~")):
        return Diagnostic("outside-folder", f"'{name}' is a path on one machine only", INSIDE)
    if "\\" in name:
        return Diagnostic("outside-folder", f"'{name}' has a '\\' in it", f"write '{name.replace(chr(92), '/')}'")
    if len(name.encode("utf-8", "replace")) > 1000:
        return Diagnostic("missing-file", "this is too long for the name of a file", "shorten it")
    return None


def elsewhere_refused(path: PurePosixPath, /) -> Diagnostic | None:
    """A warning where Windows, or another system, cannot have a file of that name, or a folder on the way to it."""
    for part in path.parts:
        if why := _not_on_windows(part):
            return Diagnostic("file-name", f"Windows cannot have '{part}': {why}", f"call it '{_instead(part)}'", "warning")
        if max(len(part.encode("utf-16-le", "replace")) // 2, len(part.encode("utf-8", "replace"))) > LONGEST_NAME:
            message = f"'{part[:40]}...' is longer than every system takes ({LONGEST_NAME} bytes)"
            return Diagnostic("file-name", message, "give it a shorter name", "warning")
    if len(str(path)) > LONGEST_PATH:
        message = f"this path has {len(str(path))} characters, and Windows takes 259 with all the folders above it"
        return Diagnostic("file-name", message, f"give it and its folders shorter names, {LONGEST_PATH} in all", "warning")
    return None


def _not_on_windows(part: str) -> str:
    """Why; empty where it can."""
    if part in (".", ".."):
        return ""
    if device := _DEVICE.fullmatch(part):
        return f"'{device[1]}' is a device there"
    if found := _CHARACTERS.search(part):
        return f"no name may have a '{found[0]}' in it"
    return "" if part == part.rstrip(". ") else f"no name may end in a {'dot' if part.endswith('.') else 'space'}"


def _instead(part: str) -> str:
    """What to call it that is like it, and that Windows can have."""
    name = "".join(one if one.isprintable() else "_" for one in _CHARACTERS.sub("_", part)).rstrip(". ") or "_"
    device = _DEVICE.fullmatch(name)
    return f"{device[1]}_{device[3] or ''}" if device else name


def other_letters(wanted: str, folder: Path, /) -> str | None:
    """What is called as `wanted` but for capital and small letters, where nothing is called exactly so. Systems differ in whether
    they find it then; this says the same on all. None, too, where the folder cannot be listed."""
    try:
        names = {one.name for one in folder.iterdir()}
    except (OSError, ValueError):
        return None
    return None if wanted in names else next((one for one in sorted(names) if one.casefold() == wanted.casefold()), None)


def argument(name: str, /, *, windows: bool = os.name == "nt") -> str:
    """A file's name in a command that somebody copies into a shell: in quotes, in which nothing of it is carried out. Where
    `windows` has no such quotes for both of its shells, FILE stands in its place."""
    if re.fullmatch(r"[\w. ()+,-]+", name) and not name.startswith("-"):
        return f'"{name}"'
    if not windows:
        return shlex.quote(f"./{name}")
    if re.fullmatch(r"[\w. ()+,'&=@#;{}\[\]~^-]+", name):
        return f'"./{name}"'
    return f'"FILE{PurePosixPath(name).suffix if re.fullmatch("[.][A-Za-z0-9]+", PurePosixPath(name).suffix) else ""}"'

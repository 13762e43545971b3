"""The names in a folder, and which of them are meant by a name, whoever wrote it: read once, looked up at once."""

import unicodedata
from pathlib import Path


class FolderListing:
    """What was in a folder when it was asked; nothing where there is none. May raise OSError.

    names   in alphabetical order
    """

    def __init__(self, folder: Path, /) -> None:
        self.names = tuple(sorted(one.name for one in folder.iterdir())) if folder.is_dir() else ()
        self._composed: dict[str, str] = {}
        self._alike: dict[str, list[str]] = {}
        for name in self.names:
            self._composed.setdefault(composed(name), name)
            self._alike.setdefault(name.casefold(), []).append(name)
        self._composed |= dict(zip(self.names, self.names, strict=True))

    def spelled(self, name: str, /) -> str | None:
        """That name as it is on disk: the very same letters, or such as are made of other signs (an accent of its own)."""
        return self._composed.get(name) or self._composed.get(composed(name))

    def alike(self, name: str, /) -> str | None:
        """The first other name that differs from that one in capital letters alone."""
        return next((other for other in self._alike.get(name.casefold(), ()) if other != name), None)


def composed(name: str, /) -> str:
    """As most systems write it: an accent is part of its letter (Unicode's NFC)."""
    return unicodedata.normalize("NFC", name)

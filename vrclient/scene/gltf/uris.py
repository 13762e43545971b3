"""What a URI in a glTF file means: bytes inside it, or a file beside it or below. Read as browsers and other viewers read them,
and as the tools of all systems write them; it never leads out of the model's folder."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from vrclient.scene.gltf.problems import UnreadableError
from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Diagnostic

STAY_INSIDE = "keep the files of a model beside it or in folders below it, or save it as .glb"
COPY = "copy the file there, or save the model as .glb, which holds everything"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class ModelFolder:
    """The folder of a glTF file. Names are compared letter by letter, as those in a showcase are."""

    def __init__(self, folder: Path, /) -> None:
        self._root = folder
        self._files = AssetFolder(folder, called="the model's folder")
        self.doubts: list[Diagnostic] = []
        """Warnings about the files that were found: not every system can have them."""

    def named(self, uri: str, place: str, /) -> Path:
        """The file that a URI means. Raises UnreadableError that names it."""
        written = uri.strip().replace("\\", "/")
        if not written or _SCHEME.match(written) or written.startswith(("/", "~")):
            raise UnreadableError(
                "gltf-uri", f"{place} is {short(uri)}, which is not a file in the model's folder", self._instead(written)
            )
        refused: Diagnostic | None = None
        for name in _meanings(written):
            found = self._files.find(name, self._root)
            if not isinstance(found, Diagnostic):
                self.doubts += self._files.doubts(name, self._root)
                return found
            if found.code == "outside-folder":
                raise UnreadableError("gltf-uri", f"{place} is {short(uri)}, which leads out of the model's folder", STAY_INSIDE)
            refused = found
        assert refused is not None
        help = COPY if (refused.help or "copy").startswith("copy") else f"{refused.help}; or {COPY}"
        raise UnreadableError("gltf-uri", f"{place} is {short(uri)}: {refused.message}", help)

    def _instead(self, written: str) -> str:
        """What to do about a path of one machine: often the file itself was copied along."""
        last = re.split(r"[/?#]", written.rstrip("/"))[-1] if not written.startswith(("http", "data")) else ""
        is_there = bool(last) and isinstance(self._files.find(last, self._root), Path)
        return f"write {last!r}, which lies beside the model" if is_there else STAY_INSIDE


def _meanings(written: str) -> Iterator[str]:
    """The names that a URI can stand for, the likeliest first: '%' and '?' may be meant as they are, or as URIs use them."""
    bare = re.split(r"[?#]", written)[0]
    names = [_decoded(bare), _decoded(written), bare, written]
    yield from dict.fromkeys(name for name in names if name.strip())


def _decoded(name: str) -> str:
    data = unquote_to_bytes(name.encode("utf-8", "replace"))
    try:
        name = data.decode()
    except UnicodeDecodeError:
        name = data.decode("gb18030", "replace")
    return name.replace("\\", "/")


def inline_bytes(uri: str, place: str, /) -> bytes:
    """The bytes of a data URI; base64 may have spaces and line breaks and may lack its padding. Source: WHATWG Infra, "forgiving-
    base64 decode". Raises UnreadableError."""
    head, comma, body = uri[5:].partition(",")
    if not comma:
        raise UnreadableError("gltf-uri", f"{place} is {short(uri)}, which is not a data URI")
    data = unquote_to_bytes(body)
    if not re.search(r";\s*base64\s*$", head, re.IGNORECASE):
        return data
    packed = data.translate(None, b"\t\n\f\r ")
    if len(packed) % 4 == 0:
        packed = packed.removesuffix(b"=").removesuffix(b"=")
    try:
        if len(packed) % 4 == 1:
            raise UnreadableError("gltf-uri", f"{place} holds data that is not base64 (it ends in the middle of a byte)")
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise UnreadableError("gltf-uri", f"{place} holds data that is not base64 ({wrong})") from wrong


def short(text: str, /) -> str:
    """A URI as messages quote it."""
    return repr(text if len(text) <= 60 else text[:57] + "...")

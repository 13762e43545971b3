"""A .gltf or .glb file is opened: chunks, JSON, version, schema. What its buffers hold is read in resources.py."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.mending import mend
from vrclient.scene.gltf.problems import HARMLESS, GltfProblems, UnreadableError

JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
CHUNK_KINDS = (JSON_CHUNK, BINARY_CHUNK)
BOM = b"\xef\xbb\xbf"

MAX_FILE_BYTES = 256 * 2**20
MAX_JSON_BYTES = 64 * 2**20
MAX_JSON_VALUES = 5_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The file's JSON, checked and raw; the binary chunk, if it is a .glb and has one; the folder that URIs count from."""

    gltf: schema.Gltf
    raw: dict[str, Any]
    binary: bytes | None
    folder: Path
    is_binary: bool


def open_document(path: Path, problems: GltfProblems, /) -> Document:
    """Raises UnreadableError for what is no glTF 2.0 file, or has wrong JSON (all of that is in `problems` then)."""
    return document_of(file_bytes(path), path.parent, problems)


def document_of(data: bytes, folder: Path, problems: GltfProblems, /) -> Document:
    """The same of a file's bytes; `folder` is where other files may lie that it names."""
    if data[:4] == b"glTF":
        text, binary = _glb_chunks(data, problems)
    else:
        text, binary = data, None
    if len(text) > MAX_JSON_BYTES:
        raise UnreadableError(
            "gltf-limit",
            f"its JSON has {len(text) / 2**20:.0f} MiB; at most {MAX_JSON_BYTES >> 20} MiB are read",
            "save it as .glb, which keeps the data out of the JSON",
        )
    raw = _json(text, problems)
    _check_version(raw)
    try:
        gltf = _validated(raw, problems)
    except ValidationError as wrong:
        for detail in wrong.errors(include_url=False, include_context=True, include_input=True)[:50]:
            problems.error("gltf-json", _schema_message(detail))
        raise UnreadableError("gltf-json", _schema_message(wrong.errors(include_url=False)[0])) from wrong
    return Document(gltf, raw, binary, folder, is_binary=data[:4] == b"glTF")


def _validated(raw: dict[str, Any], problems: GltfProblems) -> schema.Gltf:
    """Raises ValidationError where mending.py knows no way."""
    try:
        return schema.Gltf.model_validate(raw)
    except ValidationError as wrong:
        details = wrong.errors(include_url=False, include_context=True, include_input=True)
        mended = [(detail, how) for detail in details if (how := mend(raw, detail))]
        if len(mended) < len(details):
            raise
    gltf = schema.Gltf.model_validate(raw)
    for detail, how in mended:
        problems.warning("gltf-json", f"{_schema_message(detail)}; {how}", HARMLESS)
    return gltf


def file_bytes(path: Path, /) -> bytes:
    """The whole file; only a plain file of a sane size is opened. Raises UnreadableError."""
    try:
        if not path.is_file():
            raise UnreadableError("gltf-file", "there is no such file", "check the name, or copy the file there")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise UnreadableError(
                "gltf-limit",
                f"{path.name} has {size / 2**20:.0f} MiB; at most {MAX_FILE_BYTES >> 20} MiB are read",
                "reduce the model: fewer triangles, smaller textures",
            )
        return path.read_bytes()
    except (OSError, ValueError) as failed:
        raise UnreadableError("gltf-file", f"it cannot be read ({failed})", "check the file's name and permissions") from failed


def _glb_chunks(data: bytes, problems: GltfProblems) -> tuple[bytes, bytes | None]:
    if len(data) < 20:
        raise UnreadableError("gltf-file", f"the file ends after {len(data)} bytes, inside its header", "copy or export it again")
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise UnreadableError("gltf-version", f"it is binary glTF {version}; only glTF 2.0 is read", "convert it to glTF 2.0")
    truncated = UnreadableError(
        "gltf-file",
        f"the file ends after {len(data)} bytes, but its header says {length}: it is truncated",
        "copy or export it again",
    )
    chunks: list[tuple[int, bytes]] = []
    offset = 12
    while offset + 8 <= len(data) and len(chunks) < 16:
        size, kind = struct.unpack_from("<II", data, offset)
        aligned = offset + -offset % 4
        if chunks and kind not in CHUNK_KINDS and aligned != offset and aligned + 8 <= len(data):
            offset = aligned
            size, kind = struct.unpack_from("<II", data, offset)
        if chunks and kind not in CHUNK_KINDS:
            break
        if offset + 8 + size > len(data):
            if length > len(data):
                raise truncated
            raise UnreadableError(
                "gltf-file", f"a chunk of {size} bytes at {offset} reaches past the end of the file", "copy or export it again"
            )
        chunks.append((kind, data[offset + 8 : offset + 8 + size]))
        offset += 8 + size
    if not chunks or chunks[0][0] != JSON_CHUNK:
        raise truncated if length > len(data) else UnreadableError("gltf-file", "its first chunk is not JSON")
    if length > len(data):
        problems.warning(
            "gltf-file", f"it has {len(data)} bytes, but its header says {length}; nothing of its chunks is missing", HARMLESS
        )
    binary = next((chunk for kind, chunk in chunks[1:] if kind == BINARY_CHUNK), None)
    return chunks[0][1], binary


def _json(text: bytes, problems: GltfProblems) -> dict[str, Any]:
    text = text.rstrip(b"\0")
    if not text.strip():
        raise UnreadableError("gltf-file", "the file is empty", "copy or export it again")
    if text.startswith(BOM):
        problems.warning("gltf-json", "it begins with a byte order mark, which glTF forbids", HARMLESS)
        text = text.removeprefix(BOM)
    if sum(text.count(sign) for sign in (b",", b"[", b"{")) > MAX_JSON_VALUES:
        raise UnreadableError(
            "gltf-limit", f"its JSON holds more than {MAX_JSON_VALUES // 10**6} million values", "export it again without extras"
        )
    try:
        text.decode()
    except UnicodeDecodeError:
        problems.warning("gltf-json", "its JSON is not UTF-8; it is read as GB 18030", HARMLESS)
        text = text.decode("gb18030", "replace").encode()
    try:
        value = from_json(text, allow_inf_nan=True)
    except ValueError as wrong:
        raise UnreadableError(
            "gltf-file",
            f"it is neither binary glTF nor JSON ({wrong})",
            "name a .glb or .gltf file; export it again if it was one",
        ) from wrong
    if not isinstance(value, dict):
        raise UnreadableError("gltf-file", "its JSON is not an object", "name a .glb or .gltf file")
    return value


def _check_version(raw: dict[str, Any]) -> None:
    asset = raw.get("asset")
    if not isinstance(asset, dict) or "version" not in asset:
        raise UnreadableError("gltf-json", "its JSON has no asset.version, so it is not glTF", "name a .glb or .gltf file")
    for key, readable in (("version", ("2",)), ("minVersion", ("1", "2"))):
        version = str(asset.get(key, "2.0"))[:20]
        if version.split(".")[0] not in readable or (key == "minVersion" and version > "2.0"):
            raise UnreadableError(
                "gltf-version",
                f"asset.{key} is {version}; only glTF 2.0 is read",
                "convert it to glTF 2.0, for example by importing it into Blender and exporting it as glTF",
            )


def _schema_message(detail: ErrorDetails) -> str:
    place = ""
    for step in detail["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    place = place or "the JSON"
    kind, context = detail["type"], detail.get("ctx", {})
    value = repr(detail["input"])
    value = value if len(value) <= 40 else value[:37] + "..."
    if kind == "missing":
        return f"{place} is missing"
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        rule = f"at least {bound}" if kind == "too_short" else f"at most {bound}"
        return f"{place} has {context.get('actual_length')} entries; expected {rule}"
    text = detail["msg"][0].lower() + detail["msg"][1:]
    return f"{place} is {value}; {text.replace('input should be', 'it should be')}"
